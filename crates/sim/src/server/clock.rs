//! The market's time: it begins where the world begins and runs with the machine's monotonic clock,
//! as much faster as was asked for. The only place that reads a clock for the world.

use std::time::{Duration, Instant};

use gatehouse_types::Utc;

/// How fast the market's time runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speed(Rate);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rate {
    Thousandths(u32),
    /// As fast as the clients take what they are sent.
    Max,
}

impl Speed {
    /// As fast as the wall clock.
    pub const REAL: Self = Self(Rate::Thousandths(1000));
    /// As fast as possible: time jumps to the next beat whenever nobody has anything to say and
    /// everything said is taken, and stands still while nobody is connected.
    pub const MAX: Self = Self(Rate::Max);

    /// Makes a speed of `thousandths`: from a tenth of the real one to a thousand times as fast.
    #[must_use]
    pub fn from_thousandths(thousandths: u32) -> Option<Self> {
        (100..=1_000_000).contains(&thousandths).then_some(Self(Rate::Thousandths(thousandths)))
    }

    /// Returns whether time follows no clock.
    #[must_use]
    pub fn is_max(self) -> bool {
        self == Self::MAX
    }

    /// Returns how much of the market's time passes in a stretch of the clients' time. As fast as
    /// possible, the two are the same.
    #[must_use]
    pub fn market(self, real: Duration) -> Duration {
        scale(real, self.thousandths(), 1000)
    }

    /// Returns how much of the clients' time a stretch of the market's time takes.
    #[must_use]
    pub fn real(self, market: Duration) -> Duration {
        scale(market, 1000, self.thousandths())
    }

    fn thousandths(self) -> u32 {
        match self.0 {
            Rate::Thousandths(thousandths) => thousandths,
            Rate::Max => 1000,
        }
    }
}

fn scale(stretch: Duration, times: u32, over: u32) -> Duration {
    let nanos = stretch.as_nanos() * u128::from(times) / u128::from(over.max(1));
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
}

/// Returns the time from one instant to a later one, zero if it is not later.
pub(super) fn between(earlier: Utc, later: Utc) -> Duration {
    let nanos = later.nanos().saturating_sub(earlier.nanos());
    Duration::from_nanos(u64::try_from(nanos).unwrap_or(0))
}

/// A running clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct MarketClock {
    start: Utc,
    began: Instant,
    speed: Speed,
}

impl MarketClock {
    /// Starts a clock.
    pub(super) fn start(start: Utc, speed: Speed) -> Self {
        Self { start, began: Instant::now(), speed }
    }

    /// Returns whether time follows no clock.
    pub(super) fn is_max(&self) -> bool {
        self.speed.is_max()
    }

    /// Returns the market's time.
    pub(super) fn now(&self) -> Utc {
        self.start.plus(self.speed.market(self.began.elapsed()))
    }

    /// Returns how long the wall clock takes to an instant of the market's time.
    pub(super) fn until(&self, at: Utc) -> Duration {
        let due = self.speed.real(between(self.start, at));
        due.saturating_sub(self.began.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_of_time_is_as_much_longer_as_the_market_is_faster() {
        let second = Duration::from_secs(1);
        for (thousandths, market_ms) in [(100, 100), (1000, 1000), (20_000, 20_000)] {
            let speed = Speed::from_thousandths(thousandths).expect("is a speed");
            assert_eq!(speed.market(second), Duration::from_millis(market_ms));
            assert_eq!(speed.real(Duration::from_millis(market_ms)), second);
        }
        assert_eq!(Speed::MAX.market(second), second);
        assert_eq!(Speed::from_thousandths(99), None);
    }
}
