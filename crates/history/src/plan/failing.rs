//! What fails again and again: asked less often, for less at once, and said.

use std::time::Duration;

use gatehouse_types::Mono;

/// How long nothing of a series goes out after an answer that may be different next time; twice as
/// long each time, up to ten minutes.
const AGAIN_AFTER: Duration = Duration::from_secs(5);
const AGAIN_AFTER_MAX: Duration = Duration::from_secs(600);
/// From so many failures in a row on a person is told. The pauses before it add up to ten minutes.
const TOLD_FROM: u32 = 8;
/// A question is halved no more often than this: of a year of days one is left.
const HALVINGS_MAX: u32 = 9;
/// Answers after which one halving is taken back.
const GOOD_FOR_MORE: u32 = 8;

/// How the questions of one series fare.
#[derive(Debug, Clone, Default)]
pub(super) struct Failing {
    /// Failures since the last answer, and why the last one was.
    n: u32,
    why: String,
    until: Option<Mono>,
    halvings: u32,
    n_good: u32,
}

impl Failing {
    /// Notes a failure, and returns how many there were in a row.
    pub(super) fn fail(&mut self, now: Mono, why: String) -> u32 {
        let pause = AGAIN_AFTER.saturating_mul(1 << self.n.min(7)).min(AGAIN_AFTER_MAX);
        self.until = Some(now.plus(pause));
        self.n = self.n.saturating_add(1);
        self.halvings = (self.halvings + 1).min(HALVINGS_MAX);
        self.n_good = 0;
        self.why = why;
        self.n
    }

    /// Notes an answer.
    pub(super) fn answered(&mut self) {
        self.n = 0;
        self.until = None;
        self.n_good += 1;
        if self.n_good.is_multiple_of(GOOD_FOR_MORE) {
            self.halvings = self.halvings.saturating_sub(1);
        }
    }

    /// Returns how long the next question must wait; `None` when it need not.
    pub(super) fn wait(&self, now: Mono) -> Option<Duration> {
        self.until.map(|until| until.since(now)).filter(|wait| !wait.is_zero())
    }

    /// Returns a part of what one question may ask for, 1 at least.
    pub(super) fn part(&self, n_max: u32) -> u32 {
        (n_max >> self.halvings).max(1)
    }

    /// Returns why nothing comes, once it is more than an accident.
    pub(super) fn why(&self) -> Option<&str> {
        (self.n >= TOLD_FROM).then_some(self.why.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fails_is_asked_less_often_for_less_and_is_told() {
        let (mut failing, mut now) = (Failing::default(), Mono::new(Duration::ZERO));
        let mut seen = Vec::new();
        for n in 1..=9 {
            assert_eq!(failing.fail(now, "No answer.".to_owned()), n);
            let wait = failing.wait(now).expect("waits");
            seen.push((wait.as_secs(), failing.part(19), failing.why().is_some()));
            now = now.plus(wait);
            assert_eq!(failing.wait(now), None);
        }
        let told = [
            (5, 9, false),
            (10, 4, false),
            (20, 2, false),
            (40, 1, false),
            (80, 1, false),
            (160, 1, false),
            (320, 1, false),
            (600, 1, true),
            (600, 1, true),
        ];
        assert_eq!(seen, told);
        failing.answered();
        assert_eq!((failing.wait(now), failing.why(), failing.part(512)), (None, None, 1));
        for _ in 1..GOOD_FOR_MORE {
            failing.answered();
        }
        assert_eq!(failing.part(512), 2);
    }
}
