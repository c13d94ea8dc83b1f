//! Two clocks, neither of which is read here: whoever calls passes the time in.

use std::time::Duration;

/// An instant of the monotonic clock; ages and rates are measured on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mono(Duration);

impl Mono {
    /// Makes an instant from the time since the process started.
    #[must_use]
    pub const fn new(since_start: Duration) -> Self {
        Self(since_start)
    }

    /// Returns the time from `earlier` to this instant, zero when `earlier` is later.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }

    /// Returns the instant `after` this one.
    #[must_use]
    pub fn plus(self, after: Duration) -> Self {
        Self(self.0.saturating_add(after))
    }
}

/// A calendar instant: nanoseconds since 1970-01-01T00:00:00Z, which may be of the machine's clock
/// or of the Gateway's (a tape of 2013 is in 2013).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Utc(i64);

impl Utc {
    /// Makes an instant.
    #[must_use]
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// Returns nanoseconds since 1970.
    #[must_use]
    pub const fn nanos(self) -> i64 {
        self.0
    }

    /// Returns whole seconds since 1970, rounded down.
    #[must_use]
    pub const fn secs(self) -> i64 {
        self.0.div_euclid(1_000_000_000)
    }

    /// Returns the time since an earlier instant, zero when that is not earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        let nanos = i128::from(self.0) - i128::from(earlier.0);
        Duration::from_nanos(u64::try_from(nanos.max(0)).unwrap_or(u64::MAX))
    }

    /// Returns an earlier instant; the earliest one when there is none.
    #[must_use]
    pub fn minus(self, before: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(before.as_nanos()).unwrap_or(i64::MAX)))
    }

    /// Returns the instant `after` this one.
    #[must_use]
    pub fn plus(self, after: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(after.as_nanos()).unwrap_or(i64::MAX)))
    }
}

/// What time it is, on every clock that a judgement may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Ages and rates.
    pub mono: Mono,
    /// The machine's calendar; written beside every entry, never compared.
    pub utc: Utc,
    /// The Gateway's calendar; sessions, days and bars. `None` until the Gateway said it.
    pub market: Option<Utc>,
}

/// A value and the instant at which it was learnt, so that nobody can forget its age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known<T> {
    pub value: T,
    pub at: Mono,
}
