//! Whether trading is possible, and what a slow start waits for.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use gatehouse_ipc::{Failure, FailureKind};
use gatehouse_proxy::Listening;

use crate::app::App;
use crate::failure::failure;

/// Becomes true once, or false when the program stops before that.
#[derive(Default)]
pub(crate) struct Readiness {
    is_ready: Mutex<Option<bool>>,
    changed: Condvar,
}

impl Readiness {
    /// Decides it; the first decision stays.
    pub(crate) fn set(&self, is_ready: bool) {
        let mut current = self.is_ready.lock().unwrap_or_else(PoisonError::into_inner);
        current.get_or_insert(is_ready);
        self.changed.notify_all();
    }

    fn wait(&self) -> bool {
        let current = self.is_ready.lock().unwrap_or_else(PoisonError::into_inner);
        let decided = self.changed.wait_while(current, |is_ready| is_ready.is_none());
        decided.unwrap_or_else(PoisonError::into_inner).unwrap_or(false)
    }

    /// Returns whether it was decided within this time.
    fn is_decided_within(&self, within: Duration) -> bool {
        let current = self.is_ready.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(current, within, |it| it.is_none());
        waited.unwrap_or_else(PoisonError::into_inner).0.is_some()
    }
}

impl App {
    /// Ready means reconciled, the ledger writable and every bot's port listening.
    pub(crate) fn note_readiness(&self) {
        let is_possible =
            self.proxy.inspect(|engine, _| engine.is_trading_possible()).unwrap_or(false);
        let is_listening = self.proxy.ports().values().all(|port| matches!(port, Listening::On(_)));
        if is_possible && is_listening {
            self.readiness.set(true);
        }
    }

    /// Waits until trading is possible for the first time. Returns false when the program stops
    /// before that.
    #[must_use]
    pub fn wait_ready(&self) -> bool {
        self.readiness.wait()
    }

    /// Waits `within` for trading to be possible, and returns why it is not by then.
    #[must_use]
    pub fn why_not_ready(&self, within: Duration) -> Option<Failure> {
        if self.readiness.is_decided_within(within) {
            return None;
        }
        let (why, next) = self.obstacle()?;
        let what = "Trading is not possible yet.";
        Some(failure("not-ready", FailureKind::Waiting, what, why, next))
    }

    fn obstacle(&self) -> Option<(String, String)> {
        let status = self.status()?;
        if let Some(trouble) = status.session.ledger_trouble {
            let next = "Look at it with: gatehouse audit verify".to_owned();
            return Some((format!("The ledger cannot be written: {trouble}."), next));
        }
        for (bot, port) in self.proxy.ports() {
            if let Listening::Fault(why) = port {
                let next = "End the other program, or give the bot another port.".to_owned();
                return Some((format!("{bot} cannot connect: {why}."), next));
            }
        }
        let view = self.gateway_view();
        let next = view.next.unwrap_or_else(|| {
            "Look at the Gateway: it may ask for a login or a confirmation; Gatehouse goes on \
             trying."
                .to_owned()
        });
        Some((view.sentence, next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readiness_is_decided_once() {
        let readiness = Readiness::default();
        assert!(!readiness.is_decided_within(Duration::ZERO));
        readiness.set(true);
        readiness.set(false);
        assert!(readiness.is_decided_within(Duration::ZERO));
        assert!(readiness.wait());
    }
}
