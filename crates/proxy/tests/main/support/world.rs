//! A running proxy with a real engine and a real ledger file.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, unbounded};
use gatehouse_engine::{
    Approved, BrokerSnapshot, Command, DeskNews, Engine, EngineConfig, Input, OrderFrame,
};
use gatehouse_ledger::{AppendError, Callbacks, CloseError, Opened, Writer, open};
use gatehouse_proxy::{
    Clock, Hearing, OutboxBounds, PastRequests, Proxy, ProxyConfig, Recorder, Timing, Wiring,
};
use gatehouse_tws::layout::WireContract;
use gatehouse_tws::order::Order;
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{
    AccountId, BotConfig, BotName, ClientId, ConId, Currency, DataType, Decimal, Entry, EntryKind,
    GatewayKind, Hours, Instrument, Money, Mono, Now, OrderId, OrderKind, Quote, SecType, Span,
    Utc,
};

use super::{Client, SOON};

const SPY: ConId = ConId::new(756_733);

/// A clock that stands still: quotes never age, and nothing is ever overdue.
struct Still;

impl Clock for Still {
    fn now(&self) -> Now {
        Now {
            mono: Mono::new(Duration::from_secs(1000)),
            utc: Utc::from_nanos(1_770_000_000_000_000_000),
            market: Some(Utc::from_nanos(1_770_000_000_000_000_000)),
        }
    }
}

/// Shows the test every entry on its way to the writer.
struct Shown {
    writer: Writer,
    to_test: Sender<Entry>,
}

impl Recorder for Shown {
    fn append(&self, entry: Entry) -> Result<(), AppendError> {
        self.to_test.send(entry.clone()).ok();
        self.writer.append(entry)
    }

    fn record(&self, entry: Entry, approved: Approved<OrderFrame>) -> Result<(), AppendError> {
        self.to_test.send(entry.clone()).ok();
        self.writer.record(entry, approved)
    }

    fn close(self: Box<Self>) -> Result<(), CloseError> {
        self.writer.close()
    }
}

pub(crate) struct WorldConfig {
    pub(crate) bots: usize,
    pub(crate) outbox: OutboxBounds,
    pub(crate) timing: Timing,
}

impl Default for WorldConfig {
    fn default() -> Self {
        let timing = Timing {
            id_in_use_retry: Duration::from_millis(20),
            patience: Duration::from_millis(600),
            redial: Duration::from_millis(20),
        };
        Self { bots: 2, outbox: OutboxBounds::default(), timing }
    }
}

pub(crate) struct World {
    pub(crate) proxy: Proxy,
    pub(crate) hearing: Hearing,
    pub(crate) past: PastRequests,
    entries: Receiver<Entry>,
    /// While it is locked no commit is reported.
    gate: Arc<Mutex<()>>,
    _dir: tempfile::TempDir,
}

/// Returns the name of the bot with client id `n`, which listens on a port of its own.
pub(crate) fn bot(n: usize) -> BotName {
    format!("bot-{n}").parse().unwrap()
}

impl World {
    pub(crate) fn start(gateway: &str) -> Self {
        Self::with(gateway, WorldConfig::default())
    }

    /// A proxy on a fresh ledger, with bots 1 … n that have client ids 1 … n.
    pub(crate) fn with(gateway: &str, config: WorldConfig) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let Opened::ReadWrite(ledger) = open(dir.path()).unwrap() else {
            panic!("a fresh ledger can be written");
        };
        let wiring = Wiring::new();
        let (ear, hearing, past) = (wiring.ledger_ear(), wiring.hearing(), wiring.past());
        let (failed, recovered) = (ear.clone(), ear.clone());
        let gate = Arc::new(Mutex::new(()));
        let passage = Arc::clone(&gate);
        let callbacks = Callbacks {
            on_commit: Box::new(move |committed| {
                drop(passage.lock().unwrap());
                ear.committed(committed);
            }),
            on_failure: Box::new(move |failure| failed.failed(failure.why)),
            on_recovery: Box::new(move || recovered.recovered()),
        };
        let writer = Writer::start(ledger, callbacks).unwrap();
        let (to_test, entries) = unbounded();
        let mut engine_config = EngineConfig::new("test");
        engine_config.desk =
            Some(BotConfig { name: BotName::desk(), port: 0, client_id: ClientId::new(7001) });
        let proxy_config = ProxyConfig {
            gateway: Some(gateway.to_owned()),
            outbox: config.outbox,
            timing: config.timing,
        };
        let proxy = Proxy::start(
            Engine::new(engine_config),
            Shown { writer, to_test },
            wiring,
            Arc::new(Still),
            proxy_config,
        )
        .unwrap();
        let world = Self { proxy, hearing, past, entries, gate, _dir: dir };
        for n in 1..=config.bots {
            world.register(n);
        }
        world.tell_the_market();
        world
    }

    fn register(&self, n: usize) {
        let config = BotConfig {
            name: bot(n),
            // Nothing but this test listens here: the port is one that the machine just chose.
            port: free_port(),
            client_id: ClientId::new(i32::try_from(n).unwrap()),
        };
        self.proxy.command(Command::RegisterBot { bot: config }).unwrap();
    }

    /// Connected, reconciled, flat, SPY quoted at 100.
    fn tell_the_market(&self) {
        let price = |text: &str| Some(text.parse().unwrap());
        let quote = Quote {
            bid: price("99.99"),
            ask: price("100.01"),
            last: price("100"),
            at: Still.now().mono,
            data: DataType::Live,
        };
        for news in [
            DeskNews::Connected {
                address: "127.0.0.1:4002".to_owned(),
                kind: GatewayKind::OwnSimulator,
                account: AccountId::new("DU1234567"),
            },
            DeskNews::NetLiquidation { value: Money::new(1_000_000.into(), Currency::USD) },
            DeskNews::Instrument { asked: spy().to_contract(), found: Ok(instrument()) },
            DeskNews::Snapshot(BrokerSnapshot::default()),
            DeskNews::Quote { con_id: SPY, quote },
        ] {
            self.proxy.send(Input::Desk(news));
        }
    }

    pub(crate) fn port(&self, n: usize) -> u16 {
        self.proxy.port(&bot(n)).expect("the bot's port is open")
    }

    /// Waits for an entry of which `find` makes something.
    pub(crate) fn entry<T>(&self, find: impl Fn(&EntryKind) -> Option<T>) -> T {
        loop {
            let entry = self.entries.recv_timeout(SOON).expect("no such entry was made");
            if let Some(found) = find(&entry.kind) {
                return found;
            }
        }
    }

    /// Waits for a connection to be turned away at the door of bot `n`, and returns why.
    pub(crate) fn turned_away(&self, n: usize) -> String {
        self.entry(|kind| {
            let EntryKind::DoorRefused { bot: at, why } = kind else { return None };
            (*at == bot(n)).then(|| why.clone())
        })
    }

    /// Waits for bot `n` to be disconnected, and returns why.
    pub(crate) fn disconnected(&self, n: usize) -> String {
        self.entry(|kind| {
            let EntryKind::BotDisconnected { bot: at, why } = kind else { return None };
            (*at == bot(n)).then(|| why.clone())
        })
    }

    /// Returns how many connections were turned away at the door of bot `n`, of those entries that
    /// were made and not looked at.
    pub(crate) fn n_turned_away(&self, n: usize) -> usize {
        let is_one = |entry: &Entry| matches!(&entry.kind, EntryKind::DoorRefused { bot: at, .. } if *at == bot(n));
        self.entries.try_iter().filter(is_one).count()
    }

    /// Has bot `n` spend every order id up to `last`, by an order of an earlier session.
    pub(crate) fn spend_ids(&self, n: usize, last: i32) {
        let mut client = Client::connect(self.port(n), 178, i32::try_from(n).unwrap());
        client.place(&buy(last, 10, 10_000));
        self.entry(|kind| matches!(kind, EntryKind::Judged { .. }).then_some(()));
        drop(client);
        self.disconnected(n);
    }

    /// Waits until the engine knows that everything it made so far is durable, and has released
    /// what waited for it.
    pub(crate) fn all_committed(&self) {
        let deadline = std::time::Instant::now() + SOON;
        let is_done = |engine: &Engine, now: Now| {
            let ledger = engine.status(now).ledger;
            ledger.committed == ledger.last
        };
        while !self.proxy.inspect(is_done).expect("the driver runs") {
            assert!(std::time::Instant::now() < deadline, "the ledger does not commit");
        }
    }

    /// Holds the report of every further commit back until the guard is dropped.
    pub(crate) fn hold_commits(&self) -> MutexGuard<'_, ()> {
        self.gate.lock().unwrap()
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn spy() -> WireContract {
    WireContract {
        con_id: Some(SPY),
        symbol: "SPY".to_owned(),
        sec_type: "STK".to_owned(),
        exchange: "SMART".to_owned(),
        currency: "USD".to_owned(),
        ..WireContract::default()
    }
}

fn instrument() -> Instrument {
    Instrument {
        con_id: SPY,
        symbol: "SPY".to_owned(),
        sec_type: SecType::Stock,
        primary_exchange: "ARCA".to_owned(),
        currency: Currency::USD,
        min_tick: Decimal::new(1, 2),
        multiplier: Decimal::ONE,
        hours: always_open(),
    }
}

/// A limit order for SPY at 100; the price in cents makes orders differ from one another.
pub(crate) fn buy(order_id: i32, quantity: i64, cents: i64) -> PlaceOrder {
    let limit = Decimal::new(cents, 2).to_string().parse().unwrap();
    let mut order = Order {
        action: "BUY".to_owned(),
        total_quantity: Decimal::from(quantity),
        tif: "DAY".to_owned(),
        transmit: true,
        ..Order::default()
    };
    order.set_kind(&OrderKind::Limit { limit: Some(limit) });
    PlaceOrder { order_id: OrderId::new(order_id), contract: spy(), order, attached: None }
}

/// Regular hours at any time.
fn always_open() -> Hours {
    let always = Span { from: Utc::from_nanos(0), to: Utc::from_nanos(i64::MAX) };
    Hours { days: vec![always], regular: vec![always], all: vec![always] }
}
