//! The two clocks of the machine, behind a trait so that tests own the time.
//!
//! Only the driver reads it; everything the engine knows of time comes through here.

use std::time::{Duration, Instant, SystemTime};

use gatehouse_types::{Mono, Now, Utc};

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// Returns the time on both clocks of the machine; the market's is the engine's matter.
    fn now(&self) -> Now;
}

/// The machine's own clocks.
#[derive(Debug)]
pub struct SystemClock {
    start: Instant,
}

impl SystemClock {
    /// Makes a clock whose monotonic side begins here.
    #[must_use]
    pub fn new() -> Self {
        Self { start: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Now {
        let utc =
            SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Now {
            mono: Mono::new(self.start.elapsed()),
            utc: Utc::from_nanos(i64::try_from(utc.as_nanos()).unwrap_or(i64::MAX)),
            market: None,
        }
    }
}
