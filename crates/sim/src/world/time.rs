//! The market's time in steps of a quarter of a second, the finest that the world resolves.
//!
//! It must never read a clock: the server says which step it is.

use gatehouse_types::Utc;

use super::calendar;

/// Steps in a second.
pub const STEPS_PER_SECOND: i64 = 4;

const STEP_NANOS: i64 = 1_000_000_000 / STEPS_PER_SECOND;

/// A quarter of a second, counted from 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step(i64);

impl Step {
    /// Returns the step that holds an instant.
    #[must_use]
    pub fn of(at: Utc) -> Self {
        Self(at.nanos().div_euclid(STEP_NANOS))
    }

    /// Returns the first step of a second.
    #[must_use]
    pub fn of_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(STEPS_PER_SECOND))
    }

    /// Returns the step that holds a millisecond since 1970.
    #[must_use]
    pub fn of_millis(millis: i64) -> Self {
        Self(millis.div_euclid(1000 / STEPS_PER_SECOND))
    }

    /// Returns whole seconds since 1970.
    #[must_use]
    pub fn secs(self) -> i64 {
        self.0.div_euclid(STEPS_PER_SECOND)
    }

    /// Returns which quarter of its second it is, 0 to 3.
    #[must_use]
    pub fn quarter(self) -> i64 {
        self.0.rem_euclid(STEPS_PER_SECOND)
    }

    /// Returns milliseconds since 1970.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.0.saturating_mul(1000 / STEPS_PER_SECOND)
    }

    /// Returns the step a number of steps later.
    #[must_use]
    pub fn plus(self, n_steps: i64) -> Self {
        Self(self.0.saturating_add(n_steps))
    }

    /// Returns the number of steps from `earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Returns `20260105 09:30:00 US/Eastern`, the way the Gateway writes times.
    #[must_use]
    pub fn wire_time(self) -> String {
        wire_time(self.secs())
    }
}

/// Returns `20260105 09:30:00 US/Eastern`.
#[must_use]
pub fn wire_time(secs: i64) -> String {
    format!("{} US/Eastern", calendar::new_york(secs).strftime("%Y%m%d %H:%M:%S"))
}
