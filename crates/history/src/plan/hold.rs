//! When nothing may be asked at all.

use std::time::Duration;

use gatehouse_types::Mono;

/// How long nothing goes out after the broker said that it was asked too often: at least 15 s by
/// its own rule, twice as long each time, up to ten minutes.
const HOLD_FIRST: Duration = Duration::from_secs(20);
const HOLD_MAX: Duration = Duration::from_secs(600);

/// Until when nothing goes out.
#[derive(Debug, Default)]
pub(super) struct Hold {
    until: Option<Mono>,
    /// How often in a row the broker said that it was asked too often.
    n_too_often: u32,
}

impl Hold {
    /// Returns how long nothing goes out; `None` while it does.
    pub(super) fn at(&self, now: Mono) -> Option<Duration> {
        self.until.map(|until| until.since(now)).filter(|left| !left.is_zero())
    }

    pub(super) fn asked_too_often(&mut self, now: Mono) {
        let hold = HOLD_FIRST.saturating_mul(1 << self.n_too_often.min(5)).min(HOLD_MAX);
        self.n_too_often += 1;
        self.until = Some(now.plus(hold));
    }

    /// Bars came: the broker is content again.
    pub(super) fn answered(&mut self) {
        self.n_too_often = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> Mono {
        Mono::new(Duration::from_secs(secs))
    }

    #[test]
    fn the_broker_is_left_alone_for_twice_as_long_each_time_until_bars_come() {
        let mut hold = Hold::default();
        assert_eq!(hold.at(at(0)), None);
        for (now, left) in [(0, 20), (100, 40), (200, 80), (300, 160), (500, 320), (900, 600)] {
            hold.asked_too_often(at(now));
            assert_eq!(hold.at(at(now)), Some(Duration::from_secs(left)), "{now}");
        }
        assert_eq!(hold.at(at(1_500)), None);
        hold.answered();
        hold.asked_too_often(at(2_000));
        assert_eq!(hold.at(at(2_019)), Some(Duration::from_secs(1)));
        assert_eq!(hold.at(at(2_020)), None);
    }
}
