//! What stands between the two ends that are measured, each in a process of its own: a plain copy
//! proxy, or Gatehouse with its engine and its ledger.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, bail};
use gatehouse_engine::{
    Approved, BrokerSnapshot, Command, DeskNews, Engine, EngineConfig, Input, OrderFrame,
};
use gatehouse_ledger::{AppendError, Callbacks, CloseError, Opened, Writer, open};
use gatehouse_proxy::{Clock, Proxy, ProxyConfig, Recorder, SystemClock, Wiring};
use gatehouse_types::{
    AccountId, BotConfig, BotName, ClientId, Currency, Decimal, Entry, GatewayKind, Hours,
    Instrument, LimitId, LimitValue, Money, Now, Quote, Scope, Span, Stricter, Utc,
};

use super::gateway::CLIENT_ID;
use super::order::contract;

/// As much as the best proxies read at once.
const BUFFER: usize = 64 * 1024;

/// The account and the market are told again this often.
const NEWS_EVERY: Duration = Duration::from_millis(500);

/// Copies both directions on two blocking threads, for one connection after the other.
pub(crate) fn copy(to: &str) -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").context("listening")?;
    println!("{}", listener.local_addr().context("reading the port")?.port());
    for here in listener.incoming() {
        let here = here.context("accepting")?;
        let there = TcpStream::connect(to).context("connecting to the Gateway's side")?;
        for socket in [&here, &there] {
            socket.set_nodelay(true).context("setting TCP_NODELAY")?;
        }
        let back = (there.try_clone()?, here.try_clone()?);
        thread::spawn(move || pump(here, there));
        thread::spawn(move || pump(back.0, back.1));
    }
    Ok(())
}

fn pump(mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = vec![0; BUFFER];
    while let Ok(n_read @ 1..) = from.read(&mut buffer) {
        if to.write_all(buffer.get(..n_read).unwrap_or_default()).is_err() {
            break;
        }
    }
    to.shutdown(Shutdown::Both).ok();
}

/// Runs Gatehouse's proxy with its real engine on a real ledger, every limit on and wide enough,
/// until it is killed. Where its desk would be, a loop says what the desk would say.
pub(crate) fn gatehouse(gateway: &str, dir: &Path) -> anyhow::Result<()> {
    let Opened::ReadWrite(ledger) = open(dir).context("opening the ledger")? else {
        bail!("a new ledger cannot be written");
    };
    let wiring = Wiring::new();
    let ear = wiring.ledger_ear();
    let (failed, recovered) = (ear.clone(), ear.clone());
    let callbacks = Callbacks {
        on_commit: Box::new(move |committed| ear.committed(committed)),
        on_failure: Box::new(move |failure| failed.failed(failure.why)),
        on_recovery: Box::new(move || recovered.recovered()),
    };
    let writer = Writer::start(ledger, callbacks).context("starting the writer")?;
    let mut config = EngineConfig::new("bench");
    config.desk =
        Some(BotConfig { name: BotName::desk(), port: 0, client_id: ClientId::new(7001) });
    config.loosen_delay = Duration::ZERO;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let proxy = Proxy::start(
        Engine::new(config),
        Direct { writer },
        wiring,
        Arc::clone(&clock),
        ProxyConfig { gateway: Some(gateway.to_owned()), ..ProxyConfig::default() },
    )
    .context("starting the proxy")?;
    let bot: BotName = "bench".parse().context("naming the bot")?;
    let config = BotConfig { name: bot.clone(), port: 0, client_id: ClientId::new(CLIENT_ID) };
    proxy.command(Command::RegisterBot { bot: config }).context("registering the bot")?;
    widen(&proxy)?;
    tell(&proxy, &*clock, true);
    println!("{}", proxy.port(&bot).context("the bot's port is not open")?);
    let ended = proxy.ended();
    while ended.recv_timeout(NEWS_EVERY).is_err_and(|error| error.is_timeout()) {
        tell(&proxy, &*clock, false);
    }
    bail!("the driver ended")
}

/// Makes every limit wide enough for orders that come as fast as they may: each rule is looked at,
/// none refuses.
fn widen(proxy: &Proxy) -> anyhow::Result<()> {
    for limit in LimitId::ALL {
        let set = |value| {
            let scope = Scope::Account;
            let value = Some(value);
            proxy.command(Command::SetLimit { scope, limit: *limit, value, is_confirmed: true })
        };
        let is_number = matches!(
            LimitId::parse(*limit, "1"),
            Ok(LimitValue::Number(_)) if limit.stricter() == Stricter::Lower
        );
        if !is_number {
            continue;
        }
        let wide = [1_000_000, 10_000, 1000, 100].map(Decimal::from);
        if !wide.iter().any(|value| set(Some(LimitValue::Number(*value))).is_ok()) {
            set(None).with_context(|| format!("widening {limit}"))?;
        }
    }
    Ok(())
}

/// Says what the desk would say: connected, reconciled, flat, quoted.
fn tell(proxy: &Proxy, clock: &dyn Clock, is_first: bool) {
    let now = clock.now();
    let first = [
        DeskNews::Connected {
            address: "127.0.0.1:4002".to_owned(),
            kind: GatewayKind::OwnSimulator,
            account: AccountId::new("DU1234567"),
        },
        DeskNews::Instrument { asked: contract().to_contract(), found: Ok(instrument()) },
    ];
    let value = Money::new(1_000_000_000.into(), Currency::USD);
    let again = [
        DeskNews::MarketTime { at: now.utc },
        DeskNews::NetLiquidation { value },
        DeskNews::DayResult { value: Money::new(Decimal::ZERO, Currency::USD) },
        DeskNews::Snapshot(BrokerSnapshot::default()),
        DeskNews::Quote { con_id: gatehouse_testkit::spy().con_id, quote: quote(now) },
    ];
    let first = first.into_iter().filter(|_| is_first);
    for news in first.chain(again) {
        proxy.send(Input::Desk(news));
    }
}

fn quote(now: Now) -> Quote {
    let price = |text| Some(gatehouse_testkit::px(text));
    let data = gatehouse_types::DataType::Live;
    Quote { bid: price("659.98"), ask: price("660.00"), last: price("659.99"), at: now.mono, data }
}

/// SPY, in a market that never closes.
fn instrument() -> Instrument {
    let always = Span { from: Utc::from_nanos(0), to: Utc::from_nanos(i64::MAX) };
    let hours = Hours { days: vec![always], regular: vec![always], all: vec![always] };
    Instrument { hours, ..gatehouse_testkit::spy() }
}

/// The ledger as it is.
struct Direct {
    writer: Writer,
}

impl Recorder for Direct {
    fn append(&self, entry: Entry) -> Result<(), AppendError> {
        self.writer.append(entry)
    }

    fn record(&self, entry: Entry, approved: Approved<OrderFrame>) -> Result<(), AppendError> {
        self.writer.record(entry, approved)
    }

    fn close(self: Box<Self>) -> Result<(), CloseError> {
        self.writer.close()
    }
}
