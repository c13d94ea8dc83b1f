//! The port and the connection behind it.

use gatehouse_types::{Mono, SessionPhase, Severity};

use super::{AlarmKind, Backoff, Origin, PROBE_EVERY, Probed, Session};

impl Session {
    /// The process is up as far as it can be seen: its port comes next.
    pub(super) fn await_port(&mut self, now: Mono, why: &str) {
        if self.phase.is_connected() {
            return;
        }
        self.enter(now, SessionPhase::ApiStarting, why);
        self.deadline = Some(now.plus(self.plan.api_within));
        self.probe_at = Some(now);
    }

    /// Tries the port from the beginning.
    pub(super) fn look_for(&mut self, now: Mono, why: &str) {
        self.n_silent = 0;
        self.enter(now, SessionPhase::Connecting, why);
        self.probe_at = Some(now);
    }

    pub(super) fn probed(&mut self, now: Mono, answer: Probed) {
        self.is_probing = false;
        let is_awaited = matches!(
            self.phase,
            SessionPhase::LoginNeeded
                | SessionPhase::ApiStarting
                | SessionPhase::Connecting
                | SessionPhase::NeedsUser
        );
        if !self.is_wanted || !is_awaited {
            return;
        }
        self.probe_at = None;
        match answer {
            Probed::Speaks { version } => {
                let why = format!("the Gateway answers at server version {version}");
                self.enter(now, SessionPhase::Connecting, why);
                self.deadline = Some(now.plus(self.plan.connect_within));
                self.open();
            }
            Probed::No { why } => {
                if self.phase == SessionPhase::Connecting {
                    self.try_again(now, why);
                } else {
                    self.probe_after(now, PROBE_EVERY);
                }
            }
        }
    }

    /// The port is tried again after a while, and nobody dials meanwhile.
    fn try_again(&mut self, now: Mono, why: String) {
        self.hold();
        self.enter(now, SessionPhase::Connecting, why);
        self.n_silent = self.n_silent.saturating_add(1);
        let wait = Backoff::PORT.after(self.n_silent, self.plan.seed);
        self.probe_after(now, wait);
    }

    pub(super) fn connected(&mut self, now: Mono, refusal: Option<String>) {
        if !self.is_wanted {
            return;
        }
        if let Some(why) = refusal {
            self.close();
            self.needs_user(now, why);
            return;
        }
        self.n_silent = 0;
        self.planned_until = None;
        self.enter(now, SessionPhase::Reconciling, "an account is connected");
        self.deadline = Some(now.plus(self.plan.reconcile_within));
    }

    /// Only what is said changes: whoever waits goes on by itself.
    pub(super) fn link_waits(&mut self, why: String) {
        if self.phase == SessionPhase::Connecting {
            self.why = why;
        }
    }

    pub(super) fn link_lost(&mut self, now: Mono, why: String) {
        let is_awaited = self.phase == SessionPhase::Connecting || self.phase.is_connected();
        if self.is_wanted && self.is_open && is_awaited {
            self.try_again(now, why);
        }
    }

    pub(super) fn reconciled(&mut self, now: Mono) {
        let is_awaited = matches!(self.phase, SessionPhase::Reconciling | SessionPhase::Degraded);
        let is_broker_lost = self.alarms.contains(&AlarmKind::BrokerLost);
        if is_awaited && !is_broker_lost {
            self.enter(now, SessionPhase::Ready, "orders, executions and positions are matched");
        }
    }

    pub(super) fn broker_lost(&mut self, now: Mono) {
        if !self.phase.is_connected() {
            return;
        }
        self.enter(now, SessionPhase::Degraded, "the Gateway lost the broker");
        let sentence = "The Gateway lost the broker. New orders are refused until it is back; \
                        working orders stay at the exchange."
            .to_owned();
        self.raise(AlarmKind::BrokerLost, Severity::Critical, sentence);
    }

    pub(super) fn broker_back(&mut self, now: Mono) {
        if self.phase == SessionPhase::Degraded {
            self.enter(now, SessionPhase::Reconciling, "the Gateway has the broker again");
            self.deadline = Some(now.plus(self.plan.reconcile_within));
        }
    }

    pub(super) fn port_overdue(&mut self, now: Mono) {
        let waited = self.plan.api_within.as_secs();
        if self.plan.origin == Origin::Simulator {
            let why = format!("the simulator's port did not answer within {waited} s");
            self.process_failed(now, why);
            return;
        }
        let why = format!(
            "it is logged in, and its API port did not answer within {waited} s; look at the \
             socket port and “Enable ActiveX and Socket Clients” in its settings"
        );
        self.needs_user(now, why);
        self.probe_after(now, PROBE_EVERY);
    }

    pub(super) fn account_overdue(&mut self, now: Mono) {
        let waited = self.plan.connect_within.as_secs();
        self.try_again(now, format!("the port answers, and no account came within {waited} s"));
    }

    pub(super) fn matching_overdue(&mut self, now: Mono) {
        let waited = self.plan.reconcile_within.as_secs();
        let why =
            format!("open orders, executions and positions could not be matched within {waited} s");
        self.enter(now, SessionPhase::Degraded, why);
        let sentence = format!("New orders are refused: {}.", self.why);
        self.raise(AlarmKind::NotMatched, Severity::Critical, sentence);
    }
}
