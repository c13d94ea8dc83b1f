//! Time that passes when a test says so.

use std::time::Duration;

use gatehouse_types::{Mono, Now, Utc};

/// An hour of process life, so that a test can speak of what was before.
const MONO_START: Duration = Duration::from_secs(3600);
/// 2026-01-05T14:30:00Z: Monday, 09:30 in New York, where the simulator's world begins.
const UTC_START_SECS: i64 = 1_767_623_400;

/// A clock that stands still until it is advanced. All its calendars run together.
#[derive(Debug, Clone)]
pub struct Clock {
    elapsed: Duration,
}

impl Clock {
    /// Starts at Monday 5 January 2026, 09:30 New York.
    #[must_use]
    pub const fn new() -> Self {
        Self { elapsed: Duration::ZERO }
    }

    /// Returns what time it is.
    #[must_use]
    pub fn now(&self) -> Now {
        let utc = Utc::from_nanos(UTC_START_SECS * 1_000_000_000).plus(self.elapsed);
        Now { mono: Mono::new(MONO_START).plus(self.elapsed), utc, market: Some(utc) }
    }

    /// Lets time pass, and returns what time it is then.
    pub fn advance(&mut self, by: Duration) -> Now {
        self.elapsed += by;
        self.now()
    }

    /// Returns the instant this long before now, at most an hour before the start.
    #[must_use]
    pub fn ago(&self, before: Duration) -> Mono {
        Mono::new((MONO_START + self.elapsed).saturating_sub(before))
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

/// Returns the time at which the clock starts.
#[must_use]
pub fn now() -> Now {
    Clock::new().now()
}
