//! The one thread that keeps the Gateway up: it tells the session what happened, and carries out
//! what the session wants.
//!
//! Whatever takes time (a process, a port, a keychain) is done on a thread of its own and comes
//! back as a word. It must never judge an order.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use gatehouse_desk::{Ask, Target};
use gatehouse_engine::{DeskNews, Input};
use gatehouse_gateway::probe::{Finding, probe};
use gatehouse_gateway::session::{AlarmKind, Effect, Event, Probed, Session};
use gatehouse_proxy::{Clock, Proxy};
use gatehouse_types::{Entry, EntryKind, Mono, SessionPhase, Severity};
use tokio::sync::mpsc::UnboundedSender;

use super::awake::Awake;
use super::calendar::Calendar;
use super::process::{NotStarted, Process};
use super::shown::{Shown, ShownProcess, is_at_rest};
use super::source::Choice;

/// A Gateway on this machine answers in milliseconds; one that hangs is no use.
const PROBE_WITHIN: Duration = Duration::from_secs(2);

/// How often the port is tried while everything is well, so that a Gateway that takes nobody new
/// is known before a bot finds out.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// How often the process, the calendar and the machine's sleep are looked at.
const BEAT: Duration = Duration::from_secs(10);

/// The alarm of a port that takes nobody new while a connection stands.
const PORT_ALARM: &str = "gateway.port";

/// What the keeper hears.
#[derive(Debug)]
pub(crate) enum Word {
    Event(Event),
    /// Of one life of the process; one of an earlier life says nothing.
    Of(u64, Event),
    Runs(u64, Process),
    /// The port was tried while a connection stands.
    Looked(Finding),
    Changed(Box<Choice>),
    /// How many bots are connected.
    Bots(usize),
    Quit,
}

/// The way to the keeper.
#[derive(Debug, Clone)]
pub(crate) struct KeeperEnd(Sender<Word>);

impl KeeperEnd {
    /// Makes the way, before there is a keeper.
    pub(crate) fn new() -> (Self, Receiver<Word>) {
        let (sender, receiver) = unbounded();
        (Self(sender), receiver)
    }

    /// Tells it; a keeper that has ended hears nothing.
    pub(crate) fn tell(&self, word: Word) {
        drop(self.0.send(word));
    }

    pub(crate) fn event(&self, event: Event) {
        self.tell(Word::Event(event));
    }

    /// Tells what matters of an entry that is durable.
    pub(crate) fn learn(&self, entry: &Entry) {
        if matches!(entry.kind, EntryKind::Reconciled { .. }) {
            self.event(Event::Reconciled);
        }
    }

    /// Tells what matters of the desk's news; a connection with what it is refused for.
    pub(crate) fn heard(&self, news: &DeskNews, refusal: Option<String>) {
        let event = if matches!(news, DeskNews::Connected { .. }) {
            Event::Connected { refusal }
        } else if let DeskNews::Lost { why } = news {
            Event::LinkLost { why: why.clone() }
        } else if matches!(news, DeskNews::BrokerLost) {
            Event::BrokerLost
        } else if matches!(news, DeskNews::BrokerBack) {
            Event::BrokerBack
        } else {
            return;
        };
        self.event(event);
    }
}

/// What the keeper works with.
pub(crate) struct Hands {
    pub(crate) proxy: Arc<Proxy>,
    pub(crate) asks: UnboundedSender<Ask>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) data_dir: PathBuf,
    pub(crate) shown: Arc<Shown>,
}

/// Starts the keeper with a Gateway that is wanted up. When it was told to quit it returns the
/// process, for the caller to end once nothing depends on it.
///
/// # Errors
/// The machine gives no thread.
pub(crate) fn start(
    choice: Choice,
    hands: Hands,
    end: KeeperEnd,
    words: Receiver<Word>,
) -> std::io::Result<JoinHandle<Option<Process>>> {
    let now = hands.clock.now();
    let session = Session::new(choice.plan(seed(&hands)), now.mono);
    let calendar = Calendar::of(&choice.settings);
    hands.shown.chose(&choice);
    let keeper = Keeper {
        session,
        address: choice.address().map(str::to_owned),
        choice,
        calendar,
        hands,
        end,
        life: 0,
        process: None,
        is_end_wanted: false,
        next_look: now.mono.plus(LOOK_EVERY),
        next_beat: now.mono,
        is_looking: false,
        n_bots: 0,
        awake: Awake::default(),
        asides: BTreeMap::new(),
    };
    std::thread::Builder::new().name("gateway".to_owned()).spawn(move || keeper.run(&words))
}

/// Waits differ from machine to machine and from run to run.
fn seed(hands: &Hands) -> u64 {
    hands.clock.now().utc.nanos().unsigned_abs()
}

struct Keeper {
    session: Session,
    choice: Choice,
    calendar: Calendar,
    hands: Hands,
    end: KeeperEnd,
    /// Number of the process's life.
    life: u64,
    process: Option<Process>,
    /// It was to be ended before it was there.
    is_end_wanted: bool,
    address: Option<String>,
    next_look: Mono,
    next_beat: Mono,
    is_looking: bool,
    n_bots: usize,
    awake: Awake,
    /// Alarms of the keeper itself, by name, with what they say.
    asides: BTreeMap<&'static str, String>,
}

impl Keeper {
    fn run(mut self, words: &Receiver<Word>) -> Option<Process> {
        self.step(Event::Start);
        loop {
            let due = [self.session.next_tick(), Some(self.next_look), Some(self.next_beat)];
            let due = due.into_iter().flatten().min().unwrap_or(self.next_beat);
            match words.recv_timeout(due.since(self.now())) {
                Ok(Word::Quit) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(word) => self.hear(word),
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.pass();
        }
        self.process.take()
    }

    fn now(&self) -> Mono {
        self.hands.clock.now().mono
    }

    fn pass(&mut self) {
        let now = self.now();
        if self.session.next_tick().is_some_and(|due| due <= now) {
            self.step(Event::Tick);
        }
        if self.next_look <= now {
            self.next_look = now.plus(LOOK_EVERY);
            self.look();
        }
        if self.next_beat <= now {
            self.next_beat = now.plus(BEAT);
            self.beat();
        }
    }

    fn hear(&mut self, word: Word) {
        match word {
            Word::Event(event) => self.step(event),
            Word::Of(life, event) => {
                if life == self.life {
                    if matches!(event, Event::Ended { .. }) {
                        self.process = None;
                        self.hands.shown.process(None);
                    }
                    self.step(event);
                }
            }
            Word::Runs(life, process) => self.runs(life, process),
            Word::Looked(finding) => self.looked(finding),
            Word::Changed(choice) => self.change(*choice),
            Word::Bots(n_bots) => {
                self.n_bots = n_bots;
                self.keep_awake();
            }
            Word::Quit => {}
        }
    }

    fn step(&mut self, event: Event) {
        let now = self.hands.clock.now();
        if let Event::Probed(Probed::Speaks { version }) = &event {
            self.hands.shown.version(*version);
        }
        for effect in self.session.step(now.mono, event) {
            self.carry_out(effect);
        }
        self.hands.shown.session(&self.session, now);
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::Launch => self.launch(),
            Effect::EndProcess => self.end_process(),
            Effect::AskRestart => {
                if let Some(process) = self.process.clone() {
                    aside("gateway-restart", move || process.restart());
                }
            }
            Effect::Probe => {
                let end = self.end.clone();
                self.try_port(move |finding, address| {
                    end.event(Event::Probed(finding.told(address)));
                });
            }
            Effect::Open => {
                let Some(address) = self.address.clone() else { return };
                self.hands.proxy.set_gateway(Some(address.clone()));
                self.ask(Ask::Dial(Target { address, kind: self.choice.kind() }));
            }
            Effect::Hold => {
                self.ask(Ask::Hold);
                self.hands.proxy.set_gateway(None);
            }
            Effect::Close => {
                self.ask(Ask::HangUp);
                self.hands.proxy.set_gateway(None);
                self.hands.proxy.hang_up("Gatehouse closed the connection to the Gateway");
            }
            Effect::Record(moved) => self.hands.proxy.send(Input::SessionMoved {
                from: moved.from,
                to: moved.to,
                why: moved.why,
                is_planned: moved.is_planned,
            }),
            Effect::Raise { kind, severity, sentence } => {
                self.raise(name(kind), severity, sentence)
            }
            Effect::Clear(kind) => self.clear(name(kind)),
        }
    }

    fn ask(&self, ask: Ask) {
        // A desk that has ended dials nobody, which is all that is asked of it.
        self.hands.asks.send(ask).ok();
    }

    fn raise(&self, alarm: &str, severity: Severity, sentence: String) {
        let alarm = alarm.to_owned();
        self.hands.proxy.send(Input::AlarmRaised { alarm, severity, sentence });
    }

    fn clear(&self, alarm: &str) {
        self.hands.proxy.send(Input::AlarmEnded { alarm: alarm.to_owned() });
    }

    /// Raises an alarm of the keeper itself, or ends it: `None` is all well.
    fn tell(&mut self, alarm: &'static str, severity: Severity, sentence: Option<String>) {
        if self.asides.get(alarm) == sentence.as_ref() {
            return;
        }
        match sentence {
            Some(sentence) => {
                self.asides.insert(alarm, sentence.clone());
                self.raise(alarm, severity, sentence);
            }
            None => {
                self.asides.remove(alarm);
                self.clear(alarm);
            }
        }
    }

    fn launch(&mut self) {
        self.life += 1;
        self.is_end_wanted = false;
        let (life, end) = (self.life, self.end.clone());
        let (choice, data_dir) = (self.choice.clone(), self.hands.data_dir.clone());
        aside("gateway-start", move || {
            let ears = end.clone();
            let told = move |event| ears.tell(Word::Of(life, event));
            match Process::start(&choice, &data_dir, told) {
                Ok(process) => end.tell(Word::Runs(life, process)),
                Err(NotStarted { why, is_lasting }) => {
                    end.tell(Word::Of(life, Event::NotLaunched { why, is_lasting }));
                }
            }
        });
    }

    fn runs(&mut self, life: u64, process: Process) {
        if life != self.life || self.is_end_wanted {
            aside("gateway-end", move || process.end());
            return;
        }
        if let Some(address) = process.address() {
            self.address = Some(address);
            self.hands.shown.address(self.address.clone());
        }
        let shown = ShownProcess::new(process.pid(), self.hands.clock.now(), process.facts());
        self.hands.shown.process(Some(shown));
        self.process = Some(process);
        self.step(Event::Launched);
    }

    fn end_process(&mut self) {
        self.is_end_wanted = true;
        if let Some(process) = self.process.clone() {
            aside("gateway-end", move || process.end());
        }
    }

    /// Another Gateway is wanted, or the same one with other settings.
    fn change(&mut self, choice: Choice) {
        self.calendar = Calendar::of(&choice.settings);
        let is_other = choice.differs(&self.choice);
        if is_other {
            self.step(Event::Stop);
            if self.process.is_some() {
                self.step(Event::Ended { how: "another one is wanted".to_owned() });
            }
            // The old process ends beside the new one; what it says is of an earlier life.
            self.life += 1;
            self.process = None;
            self.hands.shown.process(None);
            self.address = choice.address().map(str::to_owned);
            self.session = Session::new(choice.plan(seed(&self.hands)), self.now());
        }
        self.choice = choice;
        self.hands.shown.chose(&self.choice);
        if is_other {
            self.step(Event::Start);
        }
        self.beat();
    }

    fn try_port(&self, then: impl FnOnce(Finding, &str) + Send + 'static) {
        let address = self.address.clone().unwrap_or_default();
        aside("gateway-probe", move || then(probe(&address, PROBE_WITHIN), &address));
    }

    /// Tries the port although a connection stands; without one the session tries it itself.
    fn look(&mut self) {
        if self.is_looking || !self.session.phase().is_connected() {
            return;
        }
        self.is_looking = true;
        let end = self.end.clone();
        self.try_port(move |finding, _| end.tell(Word::Looked(finding)));
    }

    fn looked(&mut self, finding: Finding) {
        self.is_looking = false;
        let address = self.address.clone().unwrap_or_default();
        let sentence = match finding.told(&address) {
            Probed::Speaks { .. } => None,
            Probed::No { why } => Some(format!(
                "Connections stand, and the Gateway takes no new ones: {why}. A bot that connects \
                 now is turned away."
            )),
        };
        let is_connected = self.session.phase().is_connected();
        self.hands.shown.looked(finding, self.hands.clock.now());
        self.tell(PORT_ALARM, Severity::Warning, sentence.filter(|_| is_connected));
    }

    /// Looks at what changes slowly.
    fn beat(&mut self) {
        let now = self.hands.clock.now();
        if let Some(process) = &self.process
            && let Some(usage) = process.usage()
        {
            self.hands.shown.usage(usage, now);
        }
        if !self.session.phase().is_connected() {
            self.tell(PORT_ALARM, Severity::Warning, None);
        }
        let is_real = !matches!(self.choice.source, super::source::Source::Simulator);
        let due = self.calendar.at(now.utc, is_real);
        if due.is_quiet && !self.hands.shown.is_quiet() {
            self.step(Event::RestartPlanned);
        }
        self.hands.proxy.send(Input::RestartNear { is_near: due.is_quiet });
        self.hands.shown.quiet(due.is_quiet);
        self.tell("gateway.weekly-login", Severity::Warning, due.reminder);
        let trend = self.hands.shown.memory_warning(&self.calendar, now.utc);
        self.tell("gateway.memory", Severity::Warning, trend);
        if self.hands.shown.wants_refresh(now) && self.is_at_rest() {
            let why = "its memory is more than 80 % full, and nobody needs it".to_owned();
            self.step(Event::Refresh { why });
        }
        self.keep_awake();
    }

    /// Asks the engine whether anybody's orders or cancels would wait for a restart.
    fn is_at_rest(&self) -> bool {
        let status = self.hands.proxy.inspect(|engine, now| engine.status(now));
        status.is_some_and(|status| {
            let working = status.working.iter();
            let bots = working.map(|it| it.order.as_ref().map(|order| &order.bot));
            is_at_rest(status.kill.is_some(), bots)
        })
    }

    fn keep_awake(&mut self) {
        let is_wanted = self.choice.settings.keep_awake && self.n_bots > 0;
        let trouble = self.awake.keep(is_wanted);
        self.hands.shown.awake(self.awake.is_held());
        self.tell("gateway.sleep", Severity::Warning, trouble);
    }
}

/// Does something on a thread of its own. Without a thread it is not done, which its deadline
/// tells.
fn aside(name: &str, work: impl FnOnce() + Send + 'static) {
    if let Err(error) = std::thread::Builder::new().name(name.to_owned()).spawn(work) {
        tracing::error!(%error, name, "No thread for the Gateway");
    }
}

const fn name(kind: AlarmKind) -> &'static str {
    match kind {
        AlarmKind::Disconnected => "gateway.disconnected",
        AlarmKind::BrokerLost => "gateway.broker",
        AlarmKind::NeedsUser => "gateway.needs-you",
        AlarmKind::NotMatched => "gateway.not-matched",
        AlarmKind::Failed => "gateway.failed",
    }
}

/// Returns whether a phase is one in which a person may start the Gateway.
pub(crate) const fn may_start(phase: SessionPhase) -> bool {
    matches!(phase, SessionPhase::Stopped | SessionPhase::NeedsUser | SessionPhase::Failed)
}
