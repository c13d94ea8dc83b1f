//! The running program: what is started in which order, and stopped in the reverse.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use gatehouse_desk::{Aside, Ask, Desk, DeskConfig};
use gatehouse_engine::{Command, Engine, FlattenPlan, Input};
use gatehouse_ipc::{Failure, GatewayView, OrderTicket, Snapshot, Status, Update};
use gatehouse_proxy::{
    Checks, Clock, DeskRequest, MESSAGES_MAX, PastRequests, Proxy, ProxyConfig, SystemClock, Wiring,
};
use gatehouse_types::Utc;
use tokio::sync::mpsc::UnboundedSender;

use crate::alerts::{self, Alerts};
use crate::cli::{BotArg, GatewayArg};
use crate::codes::{self, Codes};
use crate::control::Server;
use crate::day::DayLines;
use crate::executions::Executions;
use crate::failure::{broken, chain};
use crate::gateway::{self, Choice, Gate, Hands, KeeperEnd, Logins, Process, Shown, Word};
use crate::history::{self, History};
use crate::listeners::{Listener, Listeners};
use crate::market::Market;
use crate::offers::Offers;
use crate::peer::Peers;
use crate::readiness::Readiness;
use crate::recording::{self, Ledger, LedgerRecorder, Opening};
use crate::verdicts::Verdicts;
use crate::view::status::Outside;
use crate::{audit, chart, view};

/// Lights and figures change at most twice a second.
const STATUS_EVERY: Duration = Duration::from_millis(500);

/// Entries in a snapshot; older ones are a question to the audit screen.
const SNAPSHOT_ENTRIES: u32 = 2000;

/// How to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the Gateway comes from in this run; what the settings say without it.
    pub gateway: Option<GatewayArg>,
    pub bots: Vec<BotArg>,
    pub data_dir: PathBuf,
}

/// The running program.
pub struct App {
    pub(crate) proxy: Arc<Proxy>,
    pub(crate) asks: UnboundedSender<Ask>,
    pub(crate) market: Arc<Market>,
    pub(crate) ledger: Ledger,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) verified_to: AtomicU64,
    /// When the last verification ended, on the machine's calendar.
    pub(crate) verified_at: Mutex<Option<Utc>>,
    pub(crate) days: DayLines,
    peers: Peers,
    pub(crate) tickets: Offers<OrderTicket>,
    pub(crate) flattens: Offers<FlattenPlan>,
    pub(crate) verdicts: Arc<Verdicts>,
    pub(crate) checks: Arc<Checks>,
    pub(crate) alerts: Alerts,
    pub(crate) codes: Codes,
    listeners: Arc<Listeners>,
    wake: Sender<()>,
    pub(crate) readiness: Readiness,
    pub(crate) gateway: Arc<Shown>,
    pub(crate) keeper: KeeperEnd,
    pub(crate) gateway_arg: Option<GatewayArg>,
    pub(crate) logins: Logins,
    pub(crate) history: History,
    shown: Mutex<Vec<String>>,
    is_stopping: AtomicBool,
    parts: Mutex<Option<Parts>>,
}

/// What is only kept to be stopped, in this order.
struct Parts {
    control: Server,
    desk: Desk,
    keeper: JoinHandle<Option<Process>>,
    threads: Vec<JoinHandle<()>>,
}

impl App {
    /// Starts everything. Bots may connect when this returns; orders are judged once the Gateway
    /// is reconciled.
    ///
    /// # Errors
    /// When another instance runs on the data directory, the ledger cannot be used, or a part
    /// cannot be started.
    pub fn start(options: Options) -> Result<Arc<Self>, Failure> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let wiring = Wiring::new();
        let listeners = Arc::new(Listeners::default());
        let (wake, woken) = bounded(1);
        let (alert_ear, alert_mail) = alerts::ear();
        let (code_ear, code_mail) = codes::ear(wiring.hearing());
        let past = wiring.past();
        let checks = wiring.checks();
        let verdicts = Arc::<Verdicts>::default();
        let shown = Arc::<Shown>::default();
        let (end, words) = KeeperEnd::new();
        let told = Told {
            listeners: Arc::clone(&listeners),
            verdicts: Arc::clone(&verdicts),
            checks: Arc::clone(&checks),
            executions: Executions::default(),
            gateway: Arc::clone(&shown),
            keeper: end.clone(),
            alerts: alert_ear,
            codes: code_ear,
            wake: wake.clone(),
        };
        let Opening { engine, recorder, ledger } = open(&options.data_dir, &wiring, told)?;
        let choice = gateway::choice(options.gateway.as_ref(), &engine);
        let stored = engine.settings().clone();
        past.serve(history::served(&stored));
        let codes = Codes::new(code_mail, choice.mode, clock.now());
        let proxy = start_proxy(engine, recorder, wiring, &clock)?;
        let alerts = start_alerts(alerts::Parts {
            mail: alert_mail,
            listeners: Arc::clone(&listeners),
            clock: Arc::clone(&clock),
            proxy: Arc::clone(&proxy),
            stored,
        })?;
        let parts = (Arc::clone(&proxy), Arc::clone(&clock), Arc::clone(&shown));
        let LookedAfter { market, desk, keeper, history, fetching } =
            look_after(choice, &options.data_dir, parts, end.clone(), words, (&listeners, past))?;
        let app = Arc::new(Self {
            asks: desk.asks(),
            proxy,
            market,
            ledger,
            clock,
            verified_to: AtomicU64::new(0),
            verified_at: Mutex::new(None),
            days: DayLines::default(),
            peers: Peers::default(),
            tickets: Offers::default(),
            flattens: Offers::default(),
            verdicts,
            checks,
            alerts,
            codes,
            listeners,
            wake,
            readiness: Readiness::default(),
            gateway: shown,
            keeper: end,
            gateway_arg: options.gateway,
            logins: Logins::default(),
            history,
            shown: Mutex::default(),
            is_stopping: AtomicBool::new(false),
            parts: Mutex::new(None),
        });
        app.register(options.bots)?;
        app.attend(&options.data_dir, woken, (desk, keeper, fetching)).map(|()| app)
    }

    /// Starts what tells others, and listens to them.
    fn attend(
        self: &Arc<Self>,
        data_dir: &Path,
        woken: Receiver<()>,
        (desk, keeper, fetching): (Desk, JoinHandle<Option<Process>>, JoinHandle<()>),
    ) -> Result<(), Failure> {
        let threads = vec![self.bridge_desk()?, self.publish_status(woken)?, fetching];
        let control = self.listen(data_dir)?;
        self.keep(Parts { control, desk, keeper, threads });
        Ok(())
    }

    fn keep(&self, parts: Parts) {
        *self.parts.lock().unwrap_or_else(PoisonError::into_inner) = Some(parts);
    }

    /// Records the bots of the command line.
    fn register(&self, bots: Vec<BotArg>) -> Result<(), Failure> {
        for BotArg(bot) in bots {
            self.command(Command::RegisterBot { bot })?;
        }
        Ok(())
    }

    fn listen(self: &Arc<Self>, data_dir: &Path) -> Result<Server, Failure> {
        let app = Arc::downgrade(self);
        Server::start(data_dir, move |request| match app.upgrade() {
            Some(app) => app.request(request, crate::Confirmation::OnCommandLine),
            None => Err(crate::failure::stopping()),
        })
        .map_err(|error| {
            broken(
                "Gatehouse did not start.",
                &error,
                "Name a data directory with a shorter path with --data-dir.",
            )
        })
    }

    /// Carries the engine's questions to the desk.
    fn bridge_desk(&self) -> Result<JoinHandle<()>, Failure> {
        let requests = self.proxy.desk_requests();
        let asks = self.asks.clone();
        spawn("desk-requests", move || {
            while let Ok(request) = requests.recv() {
                let ask = match request {
                    DeskRequest::Instrument(contract) => Ask::Instrument(contract),
                    DeskRequest::Quote(con_id) => Ask::Quote(con_id),
                    DeskRequest::Snapshot => Ask::Snapshot,
                };
                if asks.send(ask).is_err() {
                    return;
                }
            }
        })
    }

    /// Tells windows the state twice a second, and at once when the ledger has something new.
    fn publish_status(self: &Arc<Self>, woken: Receiver<()>) -> Result<JoinHandle<()>, Failure> {
        let app = Arc::downgrade(self);
        spawn("status", move || {
            let mut gateway_before: Option<GatewayView> = None;
            loop {
                // Either way it is time to look.
                woken.recv_timeout(STATUS_EVERY).ok();
                let Some(app) = app.upgrade() else { return };
                if app.is_stopping.load(Ordering::SeqCst) {
                    return;
                }
                app.note_readiness();
                app.note_day();
                app.look_at_codes();
                if app.gateway.keeps_awake() {
                    app.keeper.tell(Word::Bots(app.connected_bots().len()));
                }
                if app.listeners.is_empty() {
                    // Lines that only the window wanted end with it.
                    if app.show_symbols(Vec::new()) {
                        chart::quotes(&app);
                    }
                    continue;
                }
                if let Some(status) = app.status() {
                    app.listeners.tell(&Update::Status(Box::new(status)));
                }
                let gateway = app.gateway_view();
                if gateway_before.as_ref() != Some(&gateway) {
                    app.listeners.tell(&Update::Gateway(Box::new(gateway.clone())));
                    gateway_before = Some(gateway);
                }
                let quotes = chart::quotes(&app);
                if !quotes.is_empty() {
                    app.listeners.tell(&Update::Quotes(quotes));
                }
            }
        })
    }

    /// Tells `listener` every update from here on, until it returns false.
    pub fn subscribe(&self, listener: Listener) {
        self.listeners.add(listener);
        // A wake that is pending already will do.
        self.wake.try_send(()).ok();
    }

    /// Takes what the window shows prices of, in place of what it showed before. Returns whether
    /// that is something else.
    pub(crate) fn show_symbols(&self, symbols: Vec<String>) -> bool {
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = *shown != symbols;
        *shown = symbols;
        is_new
    }

    /// Returns what the window shows prices of, the most important first.
    pub(crate) fn shown_symbols(&self) -> Vec<String> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the names of the bots that are connected now.
    #[must_use]
    pub fn connected_bots(&self) -> Vec<String> {
        let status = self.status();
        let bots = status.map(|status| status.bots).unwrap_or_default();
        bots.into_iter().filter(|bot| bot.is_connected).map(|bot| bot.name).collect()
    }

    /// Returns the state of everything; `None` when the engine has ended.
    pub(crate) fn status(&self) -> Option<Status> {
        let (status, now) = self.proxy.inspect(|engine, now| (engine.status(now), now))?;
        let peers = status.bots.iter().filter_map(|bot| bot.peer.as_deref());
        let processes = peers.filter_map(|it| Some((it.to_owned(), self.peers.process(it)?)));
        let outside = Outside { processes: processes.collect(), ..self.outside() };
        Some(view::status::status(&status, now, &outside))
    }

    fn outside(&self) -> Outside {
        let now = self.clock.now();
        let (checks, of_bots) = self.checks.durations();
        let clock = self.market.clock();
        Outside {
            verified_to: self.verified_to.load(Ordering::SeqCst),
            verified_at: *self.verified_at.lock().unwrap_or_else(PoisonError::into_inner),
            ledger_trouble: self.ledger.trouble.clone(),
            quote_age: self.market.youngest(now.mono),
            prices: self.market.prices(),
            day: self.market.day_pnl(),
            clock_offset_ms: clock
                .and_then(|(gateway, at)| view::session::offset(now, gateway, at)),
            checks: (checks, of_bots),
            took: Some(Arc::clone(&self.checks)),
            messages: Some((self.proxy.n_messages(), MESSAGES_MAX)),
            history: self.history.shown(),
            ..Outside::default()
        }
    }

    /// Returns the state and the newest entries.
    pub(crate) fn snapshot(&self) -> Result<Snapshot, Failure> {
        let entries = audit::newest(&self.ledger, &self.checks, SNAPSHOT_ENTRIES)?;
        let status = self.status().ok_or_else(crate::failure::stopping)?;
        let seq = entries.first().map_or(0, |row| row.seq);
        Ok(Snapshot { seq, status, entries })
    }

    /// Stops everything in order: commands, the desk, doors and links, the ledger, the simulator.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::SeqCst);
        self.readiness.set(false);
        self.wake.try_send(()).ok();
        let parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Parts { control, desk, keeper, threads }) = parts else { return };
        drop(control);
        self.keeper.tell(Word::Quit);
        let process = keeper.join().unwrap_or_else(|_| {
            tracing::error!("The Gateway's keeper panicked");
            None
        });
        self.alerts.stop();
        self.history.tell(history::Word::Quit);
        desk.stop();
        if let Err(error) = self.proxy.stop() {
            tracing::error!(error = chain(&error), "The ledger was not closed cleanly");
        }
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("A thread panicked");
            }
        }
        if let Some(process) = process {
            process.end();
        }
    }
}

/// Who hears of what is durable.
struct Told {
    listeners: Arc<Listeners>,
    verdicts: Arc<Verdicts>,
    checks: Arc<Checks>,
    executions: Executions,
    gateway: Arc<Shown>,
    keeper: KeeperEnd,
    alerts: alerts::Ear,
    codes: codes::Ear,
    wake: Sender<()>,
}

/// Returns what the ledger calls with each group of entries that is durable.
fn announcer(told: Told) -> recording::Announce {
    let Told { listeners, verdicts, checks, executions, gateway, keeper, alerts, codes, wake } =
        told;
    Box::new(move |entries| {
        alerts.learn(entries);
        codes.learn(entries);
        verdicts.learn(entries);
        executions.learn(entries);
        for stored in entries {
            gateway.learn(&stored.entry);
            keeper.learn(&stored.entry);
        }
        if !listeners.is_empty() {
            let row = |stored| {
                let mut row = view::row::timed(stored, &checks);
                executions.name(stored, &mut row);
                row
            };
            let rows = entries.iter().map(row).collect();
            listeners.tell(&Update::Entries(rows));
        }
        // A wake that is pending already will do.
        wake.try_send(()).ok();
    })
}

/// Opens the ledger, and brings back the engine and what is shown.
fn open(data_dir: &Path, wiring: &Wiring, told: Told) -> Result<Opening, Failure> {
    let shown = Arc::clone(&told.gateway);
    recording::open(
        data_dir,
        recording::engine_config(),
        wiring.ledger_ear(),
        |entry| shown.learn(entry),
        announcer(told),
    )
}

fn no_thread(error: &dyn std::error::Error) -> Failure {
    broken("Gatehouse did not start.", error, "Close other programs.")
}

/// What talks to the Gateway beside the bots.
struct LookedAfter {
    market: Arc<Market>,
    desk: Desk,
    keeper: JoinHandle<Option<Process>>,
    history: History,
    fetching: JoinHandle<()>,
}

/// Starts Gatehouse's own client of the Gateway, whoever keeps the Gateway up, and the history.
fn look_after(
    choice: Choice,
    data_dir: &Path,
    (proxy, clock, shown): (Arc<Proxy>, Arc<dyn Clock>, Arc<Shown>),
    end: KeeperEnd,
    words: Receiver<Word>,
    (listeners, past): (&Arc<Listeners>, PastRequests),
) -> Result<LookedAfter, Failure> {
    let market = Arc::new(Market::default());
    shown.chose(&choice);
    let gate = Gate::new(end.clone(), Arc::clone(&shown));
    let desk = start_desk(&proxy, &market, &clock, gate)?;
    let (history, fetching) = History::start(history::Parts {
        data_dir: data_dir.to_owned(),
        asks: desk.asks(),
        clock: Arc::clone(&clock),
        market: Arc::clone(&market),
        listeners: Arc::clone(listeners),
        past,
    })
    .map_err(|error| no_thread(&error))?;
    let hands = Hands { proxy, asks: desk.asks(), clock, data_dir: data_dir.to_owned(), shown };
    let keeper = gateway::start(choice, hands, end, words).map_err(|error| no_thread(&error))?;
    Ok(LookedAfter { market, desk, keeper, history, fetching })
}

fn start_alerts(parts: alerts::Parts) -> Result<Alerts, Failure> {
    Alerts::start(parts).map_err(|error| no_thread(&error))
}

fn start_proxy(
    engine: Engine,
    recorder: LedgerRecorder,
    wiring: Wiring,
    clock: &Arc<dyn Clock>,
) -> Result<Arc<Proxy>, Failure> {
    Proxy::start(engine, recorder, wiring, Arc::clone(clock), ProxyConfig::default())
        .map(Arc::new)
        .map_err(|error| broken("Gatehouse did not start.", &error, "Try again."))
}

fn start_desk(
    proxy: &Arc<Proxy>,
    market: &Arc<Market>,
    clock: &Arc<dyn Clock>,
    gate: Gate,
) -> Result<Desk, Failure> {
    let port = proxy.desk_port().ok_or_else(crate::failure::stopping)?;
    let desk_clock = Arc::clone(clock);
    let config = DeskConfig {
        port,
        client_id: recording::DESK_CLIENT_ID,
        clock: Arc::new(move || desk_clock.now().mono),
    };
    let (proxy, market, gate) = (Arc::clone(proxy), Arc::clone(market), Arc::new(gate));
    let (shown, ears) = (Arc::clone(&market), Arc::clone(&proxy));
    let watch = Arc::clone(&gate);
    let news = move |news| {
        if !gate.passes(&news) {
            return;
        }
        // The engine first: whoever waits for the market asks the engine next.
        let copy = Market::of_use(&news);
        proxy.send(Input::Desk(news));
        if let Some(copy) = copy {
            market.learn(copy);
        }
    };
    let aside = move |aside: Aside| {
        watch.aside(&aside, &ears);
        shown.learn_aside(aside);
    };
    Desk::start(config, news, aside)
        .map_err(|error| broken("Gatehouse did not start.", &error, "Try again."))
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Failure> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(|error| broken("Gatehouse did not start.", &error, "Close other programs."))
}
