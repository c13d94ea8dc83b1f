//! The limit on messages: 50 in any second of one client.
//!
//! The real Gateway has a setting, "Reject messages above maximum allowed message rate vs applying
//! pacing": checked, it says 100 and ends the session at the third violation; unchecked, it takes
//! messages only as fast as allowed. A client may ask for the latter with `+PACEAPI`. Source: TWS
//! API, Pacing Limitations; the text of 100 as clients quote it.

use std::collections::VecDeque;
use std::time::Duration;

/// Violations that end a session.
const STRIKES: u32 = 3;
const SECOND: Duration = Duration::from_secs(1);

/// What happens above the rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PacingMode {
    /// Nothing.
    #[default]
    Off,
    /// 100, as often as it happens.
    Warn,
    /// 100, and the session ends at the third.
    Strict,
    /// Messages wait.
    Pace,
}

/// What becomes of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Pass,
    /// It is refused with this text (100).
    Refused(String),
    /// It is refused with this text (100), and the session ends.
    Last(String),
    /// It is looked at again at this time.
    Wait(Duration),
}

/// The messages of one client in the last second.
#[derive(Debug)]
pub(crate) struct Pacing {
    mode: PacingMode,
    rate: u32,
    taken: VecDeque<Duration>,
    /// Messages of the second in which the last violation was.
    n_received: u32,
    violated_until: Duration,
    n_strikes: u32,
}

impl Pacing {
    /// Counts for a client whose connect options are given.
    #[must_use]
    pub(crate) fn new(mode: PacingMode, rate: u32, options: &str) -> Self {
        let asks = options.split_whitespace().any(|option| option == "+PACEAPI");
        let mode = if asks && mode != PacingMode::Off { PacingMode::Pace } else { mode };
        Self {
            mode,
            rate: rate.max(1),
            taken: VecDeque::new(),
            n_received: 0,
            violated_until: Duration::ZERO,
            n_strikes: 0,
        }
    }

    /// Judges a message at a time, which counts from anywhere and never goes back.
    ///
    /// One second above the rate is one violation, however many messages it has too much: each of
    /// them is refused and answered. An assumption: no page says whether each message counts.
    pub(crate) fn judge(&mut self, at: Duration) -> Verdict {
        while self.taken.front().is_some_and(|first| *first + SECOND <= at) {
            self.taken.pop_front();
        }
        let n_taken = u32::try_from(self.taken.len()).unwrap_or(u32::MAX);
        if self.mode == PacingMode::Off {
            return Verdict::Pass;
        }
        if n_taken < self.rate {
            self.taken.push_back(at);
            return Verdict::Pass;
        }
        match self.mode {
            PacingMode::Off => Verdict::Pass,
            PacingMode::Pace => {
                let first = self.taken.front().copied().unwrap_or(at);
                Verdict::Wait(first + SECOND)
            }
            PacingMode::Warn | PacingMode::Strict => self.violation(at),
        }
    }

    fn violation(&mut self, at: Duration) -> Verdict {
        if at >= self.violated_until {
            self.violated_until = at + SECOND;
            self.n_received = 0;
            self.n_strikes += 1;
        }
        self.n_received += 1;
        let text = format!(
            "Max rate of messages per second has been exceeded:max={} rec={} ({})",
            self.rate,
            self.rate + self.n_received,
            self.n_strikes
        );
        if self.mode == PacingMode::Strict && self.n_strikes >= STRIKES {
            return Verdict::Last(text);
        }
        Verdict::Refused(text)
    }

    /// Returns the violations so far.
    #[must_use]
    pub(crate) fn n_strikes(&self) -> u32 {
        self.n_strikes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends `n` messages at each of these milliseconds and says what became of the last of each.
    fn check(mode: PacingMode, options: &str, sent: &[(u64, u32)]) -> Vec<String> {
        let mut pacing = Pacing::new(mode, 50, options);
        let name = |verdict| match verdict {
            Verdict::Pass => "pass".to_owned(),
            Verdict::Refused(text) => text.rsplit(':').next().unwrap_or_default().to_owned(),
            Verdict::Last(text) => {
                format!("end {}", text.rsplit(':').next().unwrap_or_default())
            }
            Verdict::Wait(until) => format!("wait {}", until.as_millis()),
        };
        sent.iter()
            .map(|(at, n)| {
                let at = Duration::from_millis(*at);
                let verdicts = (0..*n).map(|_| pacing.judge(at));
                verdicts.last().map(name).unwrap_or_default()
            })
            .collect()
    }

    #[test]
    fn counts_the_messages_of_a_sliding_second() {
        for (mode, options, sent, expected) in [
            (PacingMode::Strict, "", &[(0, 50), (999, 1)][..], &["pass", "max=50 rec=51 (1)"][..]),
            (PacingMode::Strict, "", &[(0, 25), (900, 25), (1000, 25)], &["pass", "pass", "pass"]),
            (PacingMode::Strict, "", &[(0, 60)], &["max=50 rec=60 (1)"]),
            (
                PacingMode::Strict,
                "",
                &[(0, 51), (1000, 51), (2000, 51)],
                &["max=50 rec=51 (1)", "max=50 rec=51 (2)", "end max=50 rec=51 (3)"],
            ),
            (
                PacingMode::Warn,
                "",
                &[(0, 51), (1000, 51), (2000, 51)],
                &["max=50 rec=51 (1)", "max=50 rec=51 (2)", "max=50 rec=51 (3)"],
            ),
            (PacingMode::Off, "", &[(0, 5000)], &["pass"]),
            (PacingMode::Off, "+PACEAPI", &[(0, 5000)], &["pass"]),
            (PacingMode::Pace, "", &[(7, 51), (1007, 1)], &["wait 1007", "pass"]),
            (PacingMode::Strict, "+PACEAPI", &[(7, 51)], &["wait 1007"]),
        ] {
            assert_eq!(check(mode, options, sent), expected, "{mode:?} {options} {sent:?}");
        }
    }
}
