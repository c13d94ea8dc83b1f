//! The process: started, logged in, ended, started again.

use gatehouse_types::{Mono, SessionPhase, Severity};

use super::{
    AlarmKind, Backoff, Effect, ExistingSession, HelperEvent, Login, Origin, Process,
    SECOND_FACTORS_MAX, Session,
};

impl Session {
    pub(super) fn start(&mut self, now: Mono) {
        let is_waiting = matches!(self.phase, SessionPhase::NeedsUser | SessionPhase::Failed);
        if self.is_wanted && !is_waiting {
            return;
        }
        self.is_wanted = true;
        self.was_connected = false;
        self.missing_since = None;
        self.breaker.reset();
        self.n_second_factors = 0;
        if !self.plan.origin.is_ours() {
            self.look_for(now, "the Gateway is looked for");
            return;
        }
        match self.process {
            Process::None => self.launch(now),
            Process::Runs | Process::Ends => {
                self.end_process();
                self.enter(now, SessionPhase::Restarting, "a person asked to try again");
                self.relaunch_at = Some(now);
            }
        }
    }

    pub(super) fn stop(&mut self, now: Mono) {
        self.is_wanted = false;
        self.close();
        self.relaunch_at = None;
        self.deadline = None;
        if self.process == Process::None {
            self.enter(now, SessionPhase::Stopped, "a person stopped it");
        } else {
            self.end_process();
            self.why = "it is being stopped".to_owned();
        }
    }

    /// Restarts what is ours and stands. Anything else is in somebody's hands already.
    pub(super) fn refresh(&mut self, now: Mono, why: String) {
        if self.is_wanted && self.process == Process::Runs && self.phase == SessionPhase::Ready {
            self.restart(now, why);
        }
    }

    pub(super) fn restart(&mut self, now: Mono, why: String) {
        if !self.is_wanted || self.process == Process::None && self.plan.origin.is_ours() {
            self.is_wanted = false;
            self.start(now);
            return;
        }
        self.planned_until = Some(now.plus(self.plan.restart_within));
        self.close();
        if !self.plan.origin.is_ours() {
            self.look_for(now, "a person asked to connect again");
            return;
        }
        let keeps_token =
            matches!(self.plan.origin, Origin::Launched(_)) && self.phase.is_connected();
        if keeps_token && self.process == Process::Runs {
            self.effects.push(Effect::AskRestart);
        } else {
            self.end_process();
        }
        self.enter(now, SessionPhase::Restarting, why);
        self.relaunch_at = Some(now);
        self.deadline = Some(now.plus(self.plan.restart_within));
    }

    pub(super) fn launch(&mut self, now: Mono) {
        self.enter(now, SessionPhase::Starting, "the process is started");
        self.process = Process::Runs;
        self.was_of_use = false;
        self.deadline = Some(now.plus(self.plan.start_within));
        self.effects.push(Effect::Launch);
    }

    pub(super) fn launched(&mut self, now: Mono) {
        if self.phase != SessionPhase::Starting {
            return;
        }
        match self.plan.origin {
            Origin::Simulator => self.await_port(now, "the simulator runs"),
            Origin::Launched(Login::Person) => self.await_login(now),
            Origin::Launched(Login::Keychain) | Origin::Running => {}
        }
    }

    fn await_login(&mut self, now: Mono) {
        self.enter(now, SessionPhase::LoginNeeded, "the Gateway's window waits for your login");
        let sentence = "Log in to the Gateway in its own window.".to_owned();
        self.raise(AlarmKind::NeedsUser, Severity::Warning, sentence);
        self.probe_after(now, super::PROBE_EVERY);
    }

    pub(super) fn process_failed(&mut self, now: Mono, why: String) {
        self.end_process();
        self.close();
        let Some(n_failures) = self.breaker.failed(now) else {
            self.enter(now, SessionPhase::Failed, format!("{why}, again and again"));
            let sentence = format!("The Gateway is not started again by itself: {}.", self.why);
            self.raise(AlarmKind::Failed, Severity::Critical, sentence);
            return;
        };
        self.enter(now, SessionPhase::Restarting, why);
        self.relaunch_at = Some(now.plus(Backoff::START.after(n_failures, self.plan.seed)));
    }

    pub(super) fn not_launched(&mut self, now: Mono, why: String, is_lasting: bool) {
        self.process = Process::None;
        if self.is_wanted && is_lasting {
            self.close();
            self.needs_user(now, why);
        } else if self.is_wanted {
            self.process_failed(now, why);
        } else {
            self.enter(now, SessionPhase::Stopped, "a person stopped it");
        }
    }

    pub(super) fn ended(&mut self, now: Mono, how: &str) {
        self.process = Process::None;
        if !self.is_wanted {
            self.enter(now, SessionPhase::Stopped, "a person stopped it");
            return;
        }
        let is_awaited = matches!(
            self.phase,
            SessionPhase::Restarting | SessionPhase::NeedsUser | SessionPhase::Failed
        );
        if is_awaited {
            self.deadline = None;
            return;
        }
        self.process_failed(now, format!("the Gateway's process ended: {how}"));
    }

    pub(super) fn helped(&mut self, now: Mono, event: HelperEvent) {
        if !self.is_wanted || self.process != Process::Runs {
            return;
        }
        match event {
            HelperEvent::Started | HelperEvent::Configured | HelperEvent::Stopping => {}
            HelperEvent::LoginShown => match self.plan.origin {
                Origin::Launched(Login::Person) => self.await_login(now),
                Origin::Launched(Login::Keychain) | Origin::Simulator | Origin::Running => {
                    self.log_in(now, "the login window is open");
                }
            },
            HelperEvent::LoginStarted => self.log_in(now, "the credentials were entered"),
            HelperEvent::SecondFactorAsked => self.await_second_factor(now),
            HelperEvent::SecondFactorTimedOut => self.second_factor_missed(now),
            HelperEvent::LoginRefused { why } => {
                self.give_back(now, format!("the login was refused: {why}"));
            }
            HelperEvent::TooManyAttempts { why } => {
                self.give_back(now, format!("the broker wants a pause before a login: {why}"));
            }
            HelperEvent::ExistingSession { why } => self.meet_other_session(now, &why),
            HelperEvent::LoggedIn => {
                self.n_second_factors = 0;
                self.await_port(now, "the login is complete");
            }
            HelperEvent::Restarting { needs_login } => {
                let why = if needs_login {
                    "the Gateway restarts, and needs a full login"
                } else {
                    "the Gateway restarts by itself, without a login"
                };
                if !self.was_of_use {
                    // One that comes round without ever having been of use is a failure.
                    self.process_failed(now, why.to_owned());
                    return;
                }
                self.planned_until = Some(now.plus(self.plan.restart_within));
                self.close();
                self.enter(now, SessionPhase::Restarting, why);
                self.relaunch_at = Some(now);
                self.deadline = Some(now.plus(self.plan.restart_within));
            }
            HelperEvent::UnknownWindow { title } => {
                let sentence = format!("The Gateway shows a window that may want you: “{title}”.");
                self.raise(AlarmKind::NeedsUser, Severity::Warning, sentence);
            }
            HelperEvent::UpdateDemanded { title } => {
                self.close();
                self.needs_user(now, format!("it demands an update: “{title}”"));
            }
        }
    }

    fn log_in(&mut self, now: Mono, why: &str) {
        let is_before = matches!(self.phase, SessionPhase::LoggingIn | SessionPhase::SecondFactor);
        let deadline = self.deadline.filter(|_| is_before);
        self.enter(now, SessionPhase::LoggingIn, why);
        self.deadline = deadline.or(Some(now.plus(self.plan.login_within)));
    }

    fn await_second_factor(&mut self, now: Mono) {
        self.enter(now, SessionPhase::SecondFactor, "the login waits for your phone");
        self.deadline = Some(now.plus(self.plan.second_factor_within));
        let minutes = self.plan.second_factor_within.as_secs().div_ceil(60);
        let sentence =
            format!("Approve the Gateway's login on your phone; it waits {minutes} minutes.");
        self.raise(AlarmKind::NeedsUser, Severity::Warning, sentence);
    }

    fn second_factor_missed(&mut self, now: Mono) {
        if self.phase != SessionPhase::SecondFactor {
            return;
        }
        self.n_second_factors += 1;
        let n_missed = self.n_second_factors;
        if n_missed >= SECOND_FACTORS_MAX {
            let why = format!("nobody approved the login, {n_missed} times");
            self.give_back(now, why);
            return;
        }
        self.end_process();
        let why = format!("nobody approved the login in time ({n_missed} of {SECOND_FACTORS_MAX})");
        self.enter(now, SessionPhase::Restarting, why);
        self.relaunch_at = Some(now.plus(Backoff::START.after(n_missed, self.plan.seed)));
    }

    fn meet_other_session(&mut self, now: Mono, why: &str) {
        let why = format!("another session of the same user is open: {why}");
        match self.plan.existing_session {
            ExistingSession::TakeOver => self.why = why,
            ExistingSession::Ask => self.needs_user(now, why),
            ExistingSession::Yield => self.give_back(now, why),
        }
    }

    /// Ends the process and leaves the next attempt to a person.
    fn give_back(&mut self, now: Mono, why: String) {
        self.end_process();
        self.close();
        self.needs_user(now, why);
    }

    pub(super) fn overdue(&mut self, now: Mono) {
        match self.phase {
            SessionPhase::Starting => {
                let why = format!(
                    "the Gateway showed no window within {} s",
                    self.plan.start_within.as_secs()
                );
                self.process_failed(now, why);
            }
            SessionPhase::LoggingIn => {
                let why =
                    format!("the login took longer than {} s", self.plan.login_within.as_secs());
                self.process_failed(now, why);
            }
            SessionPhase::SecondFactor => self.second_factor_missed(now),
            SessionPhase::ApiStarting => self.port_overdue(now),
            SessionPhase::Connecting => self.account_overdue(now),
            SessionPhase::Reconciling => self.matching_overdue(now),
            SessionPhase::Restarting => self.end_process(),
            SessionPhase::Stopped
            | SessionPhase::LoginNeeded
            | SessionPhase::Ready
            | SessionPhase::Degraded
            | SessionPhase::NeedsUser
            | SessionPhase::Failed => {}
        }
    }
}
