//! The life of the Gateway's session, pure: it is told the time and what happened, and says what
//! to do.
//!
//! It must never know a clock, a process or a socket. [`Session::step`] is told every event with
//! its instant, and once more at [`Session::next_tick`]. At most one process and one try of the
//! port are in flight. A password that was refused is never entered a second time by itself.

mod backoff;
mod effect;
mod event;
mod link;
mod plan;
mod process;
#[cfg(test)]
mod tests;

use std::time::Duration;

use gatehouse_types::{Mono, SessionPhase, Severity};

use backoff::{Backoff, Breaker};
pub use effect::{AlarmKind, Effect, Moved};
pub use event::{Event, HelperEvent, Probed};
pub use plan::{ExistingSession, Login, Origin, Plan};

/// Second factors that nobody approved, after which nobody is asked again.
const SECOND_FACTORS_MAX: u32 = 3;

/// Tries of a port that is known to answer soon, or that a person may open.
const PROBE_EVERY: Duration = Duration::from_secs(1);

/// The process, as far as it is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Process {
    None,
    Runs,
    /// Told to end.
    Ends,
}

/// One life of the Gateway after another.
#[derive(Debug)]
pub struct Session {
    plan: Plan,
    phase: SessionPhase,
    entered: Mono,
    why: String,
    /// When the phase has taken too long, or when the next attempt is due.
    deadline: Option<Mono>,
    process: Process,
    /// When the port is tried next.
    probe_at: Option<Mono>,
    is_probing: bool,
    /// Tries in a row without an answer.
    n_silent: u32,
    /// Connections may dial.
    is_open: bool,
    is_wanted: bool,
    /// Until when a loss is no surprise.
    planned_until: Option<Mono>,
    /// When the process is started again, once it has ended.
    relaunch_at: Option<Mono>,
    /// There was a connection since the start that a person asked for.
    was_connected: bool,
    /// There was one since the process was started.
    was_of_use: bool,
    /// Since when there is no connection that should be there.
    missing_since: Option<Mono>,
    alarms: Vec<AlarmKind>,
    breaker: Breaker,
    n_second_factors: u32,
    effects: Vec<Effect>,
}

impl Session {
    /// Makes a session that is stopped.
    #[must_use]
    pub fn new(plan: Plan, now: Mono) -> Self {
        Self {
            plan,
            phase: SessionPhase::Stopped,
            entered: now,
            why: "nobody started it".to_owned(),
            deadline: None,
            process: Process::None,
            probe_at: None,
            is_probing: false,
            n_silent: 0,
            is_open: false,
            is_wanted: false,
            planned_until: None,
            relaunch_at: None,
            was_connected: false,
            was_of_use: false,
            missing_since: None,
            alarms: Vec::new(),
            breaker: Breaker::default(),
            n_second_factors: 0,
            effects: Vec::new(),
        }
    }

    /// Returns where the session is.
    #[must_use]
    pub const fn phase(&self) -> SessionPhase {
        self.phase
    }

    /// Returns since when it is there.
    #[must_use]
    pub const fn entered(&self) -> Mono {
        self.entered
    }

    /// Returns why it is there: a sentence without its full stop.
    #[must_use]
    pub fn why(&self) -> &str {
        &self.why
    }

    /// Returns until when this phase may take, or when the next attempt comes.
    #[must_use]
    pub const fn deadline(&self) -> Option<Mono> {
        self.deadline
    }

    /// Returns when a [`Event::Tick`] is due.
    #[must_use]
    pub fn next_tick(&self) -> Option<Mono> {
        let probe = self.probe_at.filter(|_| !self.is_probing);
        let is_told = self.alarms.contains(&AlarmKind::Disconnected);
        let missing = self.missing_since.filter(|_| !is_told).map(|since| {
            let tolerated = since.plus(self.plan.loss_tolerated);
            self.planned_until.map_or(tolerated, |planned| planned.max(tolerated))
        });
        let relaunch = self.relaunch_at.filter(|_| self.process == Process::None);
        [self.deadline, probe, missing, relaunch].into_iter().flatten().min()
    }

    /// Takes what happened at an instant, and returns what is to be done, in order.
    pub fn step(&mut self, now: Mono, event: Event) -> Vec<Effect> {
        match event {
            Event::Start => self.start(now),
            Event::Stop => self.stop(now),
            Event::Restart => self.restart(now, "a person asked for a restart".to_owned()),
            Event::Refresh { why } => self.refresh(now, why),
            Event::Launched => self.launched(now),
            Event::NotLaunched { why, is_lasting } => self.not_launched(now, why, is_lasting),
            Event::Ended { how } => self.ended(now, &how),
            Event::Helper(event) => self.helped(now, event),
            Event::Probed(answer) => self.probed(now, answer),
            Event::Connected { refusal } => self.connected(now, refusal),
            Event::LinkWaits { why } => self.link_waits(why),
            Event::LinkLost { why } => self.link_lost(now, why),
            Event::Reconciled => self.reconciled(now),
            Event::BrokerLost => self.broker_lost(now),
            Event::BrokerBack => self.broker_back(now),
            Event::RestartPlanned => self.planned_until = Some(now.plus(self.plan.restart_within)),
            Event::Tick => {}
        }
        self.pass(now);
        std::mem::take(&mut self.effects)
    }

    /// Does what is due by now.
    fn pass(&mut self, now: Mono) {
        if self.deadline.is_some_and(|deadline| deadline <= now) {
            self.deadline = None;
            self.overdue(now);
        }
        let is_due = self.relaunch_at.is_some_and(|at| at <= now);
        if is_due && self.process == Process::None {
            self.launch(now);
        }
        if !self.is_probing && self.probe_at.is_some_and(|at| at <= now) {
            self.probe_at = None;
            self.is_probing = true;
            self.effects.push(Effect::Probe);
        }
        self.watch_connection(now);
    }

    /// "Disconnected and not expected" is always told, whatever the phase was.
    fn watch_connection(&mut self, now: Mono) {
        let is_missing = self.is_wanted && !self.phase.is_connected();
        if !is_missing {
            self.missing_since = None;
            self.clear(AlarmKind::Disconnected);
            return;
        }
        if !self.is_surprising() {
            self.missing_since = None;
            return;
        }
        let since = *self.missing_since.get_or_insert(now);
        let is_planned = self.planned_until.is_some_and(|until| now < until);
        if now.since(since) >= self.plan.loss_tolerated && !is_planned {
            let sentence = format!("There is no connection to the Gateway: {}.", self.why);
            self.raise(AlarmKind::Disconnected, Severity::Critical, sentence);
        }
    }

    /// A first start is no loss: its phases have deadlines and alarms of their own. Nor is one alarm
    /// followed by a second for the same silence.
    fn is_surprising(&self) -> bool {
        if self.alarms.iter().any(|it| matches!(it, AlarmKind::NeedsUser | AlarmKind::Failed)) {
            return false;
        }
        let is_awaited = !self.plan.origin.is_ours() || self.n_silent > 0;
        self.was_connected
            || self.phase == SessionPhase::Restarting
            || self.phase == SessionPhase::Connecting && is_awaited
    }

    fn enter(&mut self, now: Mono, to: SessionPhase, why: impl Into<String>) {
        let why = why.into();
        if self.phase != to {
            let is_planned = !self.is_wanted || self.planned_until.is_some_and(|until| now < until);
            let moved = Moved { from: self.phase, to, why: why.clone(), is_planned };
            self.effects.push(Effect::Record(moved));
            self.phase = to;
            self.entered = now;
            self.clear(AlarmKind::NeedsUser);
        }
        self.why = why;
        self.deadline = None;
        if to != SessionPhase::Failed {
            self.clear(AlarmKind::Failed);
        }
        if to != SessionPhase::Degraded {
            self.clear(AlarmKind::BrokerLost);
            self.clear(AlarmKind::NotMatched);
        }
        if to != SessionPhase::Restarting {
            self.relaunch_at = None;
        }
        self.was_connected |= to.is_connected();
        self.was_of_use |= to.is_connected();
    }

    fn raise(&mut self, kind: AlarmKind, severity: Severity, sentence: String) {
        if !self.alarms.contains(&kind) {
            self.alarms.push(kind);
            self.effects.push(Effect::Raise { kind, severity, sentence });
        }
    }

    fn clear(&mut self, kind: AlarmKind) {
        if let Some(at) = self.alarms.iter().position(|open| *open == kind) {
            self.alarms.remove(at);
            self.effects.push(Effect::Clear(kind));
        }
    }

    fn open(&mut self) {
        if !self.is_open {
            self.is_open = true;
            self.effects.push(Effect::Open);
        }
    }

    /// Keeps connections from dialling; those that stand are left.
    fn hold(&mut self) {
        if self.is_open {
            self.is_open = false;
            self.effects.push(Effect::Hold);
        }
    }

    fn close(&mut self) {
        self.probe_at = None;
        self.is_open = false;
        self.effects.push(Effect::Close);
    }

    fn end_process(&mut self) {
        if self.process == Process::Runs {
            self.process = Process::Ends;
            self.effects.push(Effect::EndProcess);
        }
    }

    fn probe_after(&mut self, now: Mono, wait: Duration) {
        self.probe_at = Some(now.plus(wait));
    }

    /// Goes on when a person did something.
    fn needs_user(&mut self, now: Mono, why: String) {
        self.enter(now, SessionPhase::NeedsUser, why);
        let sentence = format!("The Gateway needs you: {}.", self.why);
        self.raise(AlarmKind::NeedsUser, Severity::Critical, sentence);
    }
}
