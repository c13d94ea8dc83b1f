//! What the links and doors hear that has a code, for whoever explains it.
//!
//! The threads that hear are on the way of orders: telling never waits and takes no lock. When
//! nobody listens for a while the newest are left out, and counted.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_channel::{Receiver, Sender, bounded};
use gatehouse_types::BotName;

/// Messages that may wait to be listened to; a Gateway in trouble says some hundred a second.
const HEARD_MAX: usize = 4096;

/// Longest text that is passed on, in characters; nothing that the broker says is longer.
const TEXT_MAX: usize = 600;

/// A message with a code, as it came on a bot's connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The bot on whose connection it came; Gatehouse's own client is one, too.
    pub bot: BotName,
    pub code: i32,
    pub text: String,
    /// Id of the order or request that it is about; negative when it is about none.
    pub id: i32,
}

/// The end of those who hear.
#[derive(Debug, Clone)]
pub(crate) struct Ear {
    say: Sender<Heard>,
    n_missed: Arc<AtomicU64>,
}

/// The end of the one who listens.
#[derive(Debug, Clone)]
pub struct Hearing {
    heard: Receiver<Heard>,
    n_missed: Arc<AtomicU64>,
}

/// Returns both ends.
pub(crate) fn ear() -> (Ear, Hearing) {
    let (say, heard) = bounded(HEARD_MAX);
    let n_missed = Arc::<AtomicU64>::default();
    (Ear { say, n_missed: Arc::clone(&n_missed) }, Hearing { heard, n_missed })
}

impl Ear {
    /// Passes a message on, or counts it when too many wait.
    pub(crate) fn heard(&self, bot: &BotName, code: i32, text: &str, id: i32) {
        if self.say.is_full() {
            self.n_missed.fetch_add(1, Ordering::Relaxed);
            return;
        }
        let text = text.chars().take(TEXT_MAX).collect();
        if self.say.try_send(Heard { bot: bot.clone(), code, text, id }).is_err() {
            self.n_missed.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Hearing {
    /// Returns what was heard since the last time, oldest first, without waiting.
    pub fn take(&self) -> impl Iterator<Item = Heard> {
        self.heard.try_iter().take(HEARD_MAX)
    }

    /// Returns how many were left out since the start.
    #[must_use]
    pub fn n_missed(&self) -> u64 {
        self.n_missed.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_hears_never_waits_for_whoever_listens() {
        let (ear, hearing) = ear();
        let bot = BotName::desk();
        for id in 0..10_000 {
            ear.heard(&bot, 200, "no", id);
        }
        assert_eq!(hearing.n_missed(), 10_000 - 4096);
        let heard: Vec<i32> = hearing.take().map(|heard| heard.id).collect();
        assert_eq!((heard.len(), heard.first(), heard.last()), (4096, Some(&0), Some(&4095)));
        ear.heard(&bot, 200, &"é".repeat(10_000), 7);
        let last = hearing.take().next().expect("there is room again");
        assert_eq!((last.id, last.text.chars().count()), (7, TEXT_MAX));
        drop(hearing);
        ear.heard(&bot, 200, "nobody listens", 8);
    }
}
