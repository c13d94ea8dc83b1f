//! What the window is sent while the market is busy: messages and bytes a second, serialised as the
//! shell does, beside what it would be if every tick were a message.
//!
//! The simulator is a process, Gatehouse runs in this one, and the window is a listener that
//! serialises and counts. It has a full watchlist and one chart that follows the newest bar.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use crossbeam_channel::{Receiver, Sender, bounded};
use gatehouse_app::cli::GatewayArg;
use gatehouse_app::{App, Confirmation, Options};
use gatehouse_ipc::{
    ColumnsRequest, Failure, Quote, Reply, Request, StudyWanted, Update, WindowStart,
};

use crate::figures::{Table, publish};
use crate::sim::Sim;

/// As many as there are lines; each moves at nearly every beat.
const SYMBOLS: &str = "SPY QQQ AAPL MSFT NVDA AMZN TSLA GOOGL GOOG IWM VOO GLD SLV TLT XLF XLE NFLX \
                       AMD INTC CSCO QCOM SBUX BAC C WFC MS DIS KO PEP JNJ PFE XOM WMT F GM JPM PLTR \
                       GME DIA META";
/// The market moves by a quarter of a second a hundred times a second.
const PACE: [&str; 4] = ["--beat", "10", "--speed", "25"];
/// Ticks a second that shall arrive.
const TICKS: u64 = 5_000;
/// Messages a second to one window, whatever the load.
const MESSAGES_MAX: u64 = 60;
/// Names, the account and the first pictures take less.
const STARTED_WITHIN: Duration = Duration::from_secs(60);
/// What came with the lines is over by then: pictures, bars of the chart.
const SETTLE: Duration = Duration::from_secs(5);
const FOR: Duration = Duration::from_secs(10);
/// How often a chart reads again on its own, as in `ChartPane.svelte`.
const REFRESH: Duration = Duration::from_secs(5);
/// Columns of a chart 600 pixels wide, with those beside it that are held ready.
const N_COLUMNS: u32 = 600;

/// Measures and publishes.
pub(crate) fn measure(dir: &Path, program: &Path) -> anyhow::Result<()> {
    let sim = Sim::start(program, &PACE)?;
    let data = tempfile::tempdir().context("making a data directory")?;
    let gateway = format!("127.0.0.1:{}", sim.port).parse().map(GatewayArg::Running);
    let app = App::start(Options {
        gateway: Some(gateway.context("the simulator's address")?),
        bots: Vec::new(),
        data_dir: data.path().to_owned(),
    })
    .map_err(as_error)?;
    let measured = look(&app);
    app.stop();
    let table = measured?.table();
    publish(dir, "ipc", &[table])
}

/// What was handed to the window.
#[derive(Default)]
struct Handed {
    /// Kind and bytes of each message.
    messages: Vec<(&'static str, u64)>,
    /// The newest prices.
    quotes: Vec<Quote>,
}

/// What was counted, over `took`.
struct Measured {
    took: Duration,
    n_ticks: u64,
    handed: Handed,
}

/// Lives as a window does, and counts once everything is there.
fn look(app: &Arc<App>) -> anyhow::Result<Measured> {
    if let Some(failure) = app.why_not_ready(STARTED_WITHIN) {
        return Err(as_error(failure));
    }
    let handed = Arc::<Mutex<Handed>>::default();
    let (grew, growth) = bounded(1);
    subscribe(app, Arc::clone(&handed), grew);
    let symbols: Vec<String> = SYMBOLS.split_whitespace().map(str::to_owned).collect();
    let watch = Request::Watch { symbols: symbols.clone() };
    app.request(watch, Confirmation::None).map_err(as_error)?;
    wait_for_lines(app, symbols.len())?;
    follow(app, &handed, &growth, Duration::ZERO)?;
    // Its first bars; without them the row of the columns says how little was read.
    growth.recv_timeout(STARTED_WITHIN).ok();
    follow(app, &handed, &growth, SETTLE)?;
    let (began, before) = (Instant::now(), app.n_ticks());
    std::mem::take(&mut *handed.lock().unwrap_or_else(PoisonError::into_inner));
    follow(app, &handed, &growth, FOR)?;
    let (took, n_ticks) = (began.elapsed(), app.n_ticks() - before);
    let handed = std::mem::take(&mut *handed.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Measured { took, n_ticks, handed })
}

/// Serialises each update as the channel of the shell does, on the thread that tells it.
fn subscribe(app: &App, handed: Arc<Mutex<Handed>>, grew: Sender<()>) {
    app.subscribe(Box::new(move |update| {
        let kind = kind(&update);
        let Ok(text) = serde_json::to_string(&update) else { return false };
        let mut handed = handed.lock().unwrap_or_else(PoisonError::into_inner);
        handed.messages.push((kind, bytes(text.len())));
        if let Update::Quotes(quotes) = update {
            handed.quotes = quotes;
        } else if let Update::HistoryChanged { symbol, bar } = update
            && (symbol.as_str(), bar.as_str()) == ("SPY", "5m")
        {
            // A chart that has not read yet reads once.
            grew.try_send(()).ok();
        }
        true
    }));
}

fn kind(update: &Update) -> &'static str {
    match update {
        Update::Entries(_) => "entries",
        Update::Status(_) => "status",
        Update::Quotes(_) => "quotes",
        Update::Gateway(_) => "gateway",
        Update::Alert(_) => "alerts",
        Update::History(_) => "history",
        Update::HistoryChanged { .. } => "bars came",
    }
}

/// Waits until every symbol has a line that stands.
fn wait_for_lines(app: &App, n_wanted: usize) -> anyhow::Result<()> {
    let until = Instant::now() + STARTED_WITHIN;
    while Instant::now() < until {
        let reply = app.request(Request::Lines, Confirmation::None).map_err(as_error)?;
        if let Reply::Lines { n_open, .. } = reply
            && usize::try_from(n_open).is_ok_and(|n_open| n_open >= n_wanted)
        {
            return Ok(());
        }
        std::thread::park_timeout(Duration::from_millis(100));
    }
    bail!("not all of {n_wanted} lines stand")
}

/// Reads the chart when bars came and as time passes, `for_time` long.
fn follow(
    app: &App,
    handed: &Mutex<Handed>,
    growth: &Receiver<()>,
    for_time: Duration,
) -> anyhow::Result<()> {
    let request = ColumnsRequest {
        symbol: "SPY".to_owned(),
        bar: "5m".to_owned(),
        what: "TRADES".to_owned(),
        is_regular: false,
        start: WindowStart::Newest,
        n_columns: N_COLUMNS,
        bars_per_column: 1,
        studies: vec![StudyWanted { kind: "vwap".to_owned(), params: Vec::new() }],
    };
    let until = Instant::now() + for_time;
    loop {
        let columns = app.columns(&request).map_err(as_error)?;
        let mut handed = handed.lock().unwrap_or_else(PoisonError::into_inner);
        handed.messages.push(("columns of a chart", bytes(columns.len())));
        drop(handed);
        let left = until.saturating_duration_since(Instant::now());
        // Either way the chart reads again, unless time is over.
        growth.recv_timeout(left.min(REFRESH)).ok();
        if Instant::now() >= until {
            return Ok(());
        }
    }
}

impl Measured {
    fn table(&self) -> Table {
        let secs = self.took.as_secs_f64();
        let all: Vec<u64> = self.handed.messages.iter().map(|(_, size)| *size).collect();
        let ticks = rate(self.n_ticks, self.took);
        let title = format!(
            "To the window in {secs:.1} s, a full watchlist and a chart; {ticks} ticks/s reached the desk"
        );
        let heads = ["message", "messages/s", "kB/s", "bytes p50", "p99", "most"];
        let mut table = Table::new(title, &heads);
        let mut kinds: Vec<&str> = self.handed.messages.iter().map(|(kind, _)| *kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        for kind in kinds {
            let of = self.handed.messages.iter().filter(|(it, _)| *it == kind);
            self.row(&mut table, kind, of.map(|(_, size)| *size).collect());
        }
        self.row(&mut table, "all", all.clone());
        let alone: Vec<u64> = self.handed.quotes.iter().filter_map(alone).collect();
        let mean = alone.iter().sum::<u64>() / bytes(alone.len()).max(1);
        let (each, sum) = (tenths(self.n_ticks, self.took), kilo(self.n_ticks * mean, self.took));
        table.row(&["if each tick were one", &each, &sum, &mean.to_string(), "", ""]);
        table.goal("5,000 ticks a second at the desk", &ticks.to_string(), ticks >= TICKS);
        let messages = rate(bytes(all.len()), self.took);
        let text = "at most 60 messages a second to the window";
        table.goal(text, &messages.to_string(), messages <= MESSAGES_MAX);
        table
    }

    fn row(&self, table: &mut Table, name: &str, mut sizes: Vec<u64>) {
        sizes.sort_unstable();
        let at = |percent: usize| {
            let idx = (sizes.len() * percent / 100).min(sizes.len().saturating_sub(1));
            sizes.get(idx).copied().unwrap_or_default().to_string()
        };
        let messages = tenths(bytes(sizes.len()), self.took);
        let sum = kilo(sizes.iter().sum(), self.took);
        table.row(&[name, &messages, &sum, &at(50), &at(99), &at(100)]);
    }
}

/// Returns the bytes of a quote in a message of its own.
fn alone(quote: &Quote) -> Option<u64> {
    let text = serde_json::to_string(&Update::Quotes(vec![quote.clone()])).ok()?;
    Some(bytes(text.len()))
}

/// Returns how many came in a second, rounded down.
fn rate(n: u64, took: Duration) -> u64 {
    let rate = u128::from(n) * 1000 / took.as_millis().max(1);
    u64::try_from(rate).unwrap_or(u64::MAX)
}

/// Returns the same with one digit.
fn tenths(n: u64, took: Duration) -> String {
    let tenths = rate(n * 10, took);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// Returns thousands of bytes in a second, with one digit.
fn kilo(n_bytes: u64, took: Duration) -> String {
    let hundreds = rate(n_bytes, took) / 100;
    format!("{}.{}", hundreds / 10, hundreds % 10)
}

fn bytes(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

fn as_error(failure: Failure) -> anyhow::Error {
    anyhow::anyhow!("{} {}", failure.what, failure.why)
}
