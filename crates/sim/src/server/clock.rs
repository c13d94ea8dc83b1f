//! The market's time: it begins where the world begins and runs with the machine's monotonic clock,
//! as much faster as was asked for. The only place that reads a clock for the world.

use std::time::{Duration, Instant};

use gatehouse_types::Utc;

use crate::world::time::Step;

/// How fast the market's time runs, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speed(u32);

impl Speed {
    /// As fast as the wall clock.
    pub const REAL: Self = Self(1000);

    /// Makes a speed of `thousandths`: from a tenth of the real one to a thousand times as fast.
    #[must_use]
    pub fn from_thousandths(thousandths: u32) -> Option<Self> {
        (100..=1_000_000).contains(&thousandths).then_some(Self(thousandths))
    }
}

/// A running clock.
#[derive(Debug, Clone, Copy)]
pub struct MarketClock {
    start: Utc,
    began: Instant,
    speed: Speed,
}

impl MarketClock {
    /// Starts a clock.
    #[must_use]
    pub fn start(start: Utc, speed: Speed) -> Self {
        Self { start, began: Instant::now(), speed }
    }

    /// Returns the market's time.
    #[must_use]
    pub fn now(&self) -> Utc {
        let elapsed = self.began.elapsed().as_nanos() * u128::from(self.speed.0) / 1000;
        self.start.plus(Duration::from_nanos(u64::try_from(elapsed).unwrap_or(u64::MAX)))
    }

    /// Returns the market's time as a step.
    #[must_use]
    pub fn step(&self) -> Step {
        Step::of(self.now())
    }
}
