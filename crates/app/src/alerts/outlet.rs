//! A channel on a thread of its own, so that whoever does not answer holds nobody up.

use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded, select};
use gatehouse_alerts::telling::{Channel, Telling};

/// Alerts that wait for a channel; what comes beyond is in the window and in the ledger only.
const WAITING_MAX: usize = 64;

/// Longer than three tries and their pauses take.
const TEST_WITHIN: Duration = Duration::from_secs(35);

struct Job {
    telling: Telling,
    /// Who wants to know whether it went out; nobody does but in a test.
    asker: Option<Sender<Result<(), String>>>,
}

/// The way to the thread of a channel.
#[derive(Clone)]
pub(super) struct Outlet {
    channel: Channel,
    jobs: Sender<Job>,
}

impl Outlet {
    /// Starts the thread. It calls `send` for each alert, and `note` with how it fared; it ends
    /// when `stopped` is disconnected.
    pub(super) fn start(
        channel: Channel,
        stopped: Receiver<()>,
        mut send: impl FnMut(&Telling) -> Result<(), String> + Send + 'static,
        note: impl Fn(&Result<(), String>) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (jobs, waiting) = bounded::<Job>(WAITING_MAX);
        std::thread::Builder::new().name(format!("alerts-{channel}")).spawn(move || {
            loop {
                let job = select! {
                    recv(stopped) -> _ => return,
                    recv(waiting) -> job => job,
                };
                let Ok(Job { telling, asker }) = job else { return };
                let came = send(&telling);
                // A test that fails is told to whoever made it.
                if asker.is_none() || came.is_ok() {
                    note(&came);
                }
                if let Some(asker) = asker {
                    asker.send(came).ok();
                }
            }
        })?;
        Ok(Self { channel, jobs })
    }

    /// Tells on this channel, some time.
    pub(super) fn tell(&self, telling: Telling) {
        match self.jobs.try_send(Job { telling, asker: None }) {
            Ok(()) | Err(TrySendError::Disconnected(_)) => {}
            Err(TrySendError::Full(_)) => {
                tracing::warn!(channel = %self.channel, "Too many alerts wait, one was left out");
            }
        }
    }

    /// Tells on this channel, and waits for the answer.
    pub(super) fn test(&self, telling: Telling) -> Result<(), String> {
        let (asker, answer) = bounded(1);
        let full = || "other alerts wait to go out by it".to_owned();
        self.jobs.try_send(Job { telling, asker: Some(asker) }).map_err(|_| full())?;
        answer.recv_timeout(TEST_WITHIN).unwrap_or_else(|_| {
            Err(format!("it gave no answer within {} s", TEST_WITHIN.as_secs()))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use gatehouse_alerts::telling::{Alert, Channels, What};
    use gatehouse_types::{Severity, Utc};

    use super::*;

    fn telling(sentence: &str) -> Telling {
        let alert = Alert {
            alarm: "disconnected".to_owned(),
            severity: Severity::Critical,
            sentence: sentence.to_owned(),
            at: Utc::from_nanos(0),
        };
        Telling { alert, what: What::Began, count: 1, channels: Channels::new() }
    }

    #[test]
    fn whoever_tells_never_waits_for_a_channel_that_does_not_answer() {
        let (_stop, stopped) = bounded(0);
        let (go_on, wait) = bounded::<()>(0);
        let send = move |_: &Telling| {
            wait.recv().ok();
            Ok(())
        };
        let outlet = Outlet::start(Channel::Webhook, stopped, send, |_| {}).expect("starts");
        // Many more than may wait.
        for _ in 0..WAITING_MAX * 3 {
            outlet.tell(telling("x"));
        }
        assert_eq!(
            outlet.test(telling("test")),
            Err("other alerts wait to go out by it".to_owned())
        );
        drop(go_on);
    }

    #[test]
    fn a_test_is_answered_and_only_its_success_is_noted() {
        let (_stop, stopped) = bounded(0);
        let (say, noted) = channel();
        let send = |telling: &Telling| match telling.alert.sentence.as_str() {
            "well" => Ok(()),
            why => Err(why.to_owned()),
        };
        let note = move |came: &Result<(), String>| say.send(came.clone()).expect("is heard");
        let outlet = Outlet::start(Channel::Desktop, stopped, send, note).expect("starts");
        assert_eq!(outlet.test(telling("no service")), Err("no service".to_owned()));
        assert_eq!(outlet.test(telling("well")), Ok(()));
        outlet.tell(telling("no service"));
        assert_eq!(noted.recv(), Ok(Ok(())));
        assert_eq!(noted.recv(), Ok(Err("no service".to_owned())));
    }

    #[test]
    fn the_thread_ends_with_the_program() {
        let (stop, stopped) = bounded::<()>(0);
        let (alive, ended) = channel::<()>();
        let send = move |_: &Telling| {
            // Held by the thread for as long as it lives.
            alive.send(()).ok();
            Ok(())
        };
        let outlet = Outlet::start(Channel::Desktop, stopped, send, |_| {}).expect("starts");
        drop(stop);
        assert!(ended.recv().is_err(), "the thread has ended");
        drop(outlet);
    }
}
