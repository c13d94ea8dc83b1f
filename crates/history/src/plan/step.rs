//! How much one request asks for.
//!
//! Sources: the broker's pages on the longest duration of each bar size (2,000 seconds for bars of
//! one second, 365 days or 68 years for others) and on the limitations of historical data, which
//! recommend a few thousand bars to a request.

use std::fmt;

/// How far back a request reaches from its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Seconds(u32),
    /// Days on which the instrument trades.
    Days(u32),
    Years(u32),
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seconds(n) => write!(f, "{n} S"),
            Self::Days(n) => write!(f, "{n} D"),
            Self::Years(n) => write!(f, "{n} Y"),
        }
    }
}

/// Bars of one second, in one request.
pub(crate) const SECONDS_MAX: u32 = 2_000;
/// Bars that one request should bring.
const BARS_WANTED: u32 = 8_000;
/// Days that may be named as days; more must be named as years.
pub(super) const DAYS_MAX: u32 = 365;
/// Trading days that every year has, so that a number of years is never too small.
const DAYS_OF_YEAR: u32 = 250;
const YEARS_MAX: u32 = 68;
/// Seconds of a bar of a day.
pub(crate) const DAY_SECS: u32 = 86_400;

/// Returns how many trading days one request may span; 0 when not even one.
pub(crate) fn days_max(bar_secs: u32, is_regular: bool) -> u32 {
    match bar_secs {
        ..=1 => 0,
        // Small bars come a day at a time.
        2..60 => 1,
        // Regular hours of a stock, or all of a day.
        60..DAY_SECS => {
            let hours: u32 = if is_regular { 7 } else { 24 };
            (BARS_WANTED / (hours * 3600 / bar_secs).max(1)).clamp(1, DAYS_MAX)
        }
        DAY_SECS => DAYS_MAX,
        // Of weeks and months a question brings all.
        _ => u32::MAX,
    }
}

/// Returns how to name a number of trading days.
pub(crate) fn reach(n_days: u32) -> Reach {
    if n_days > DAYS_MAX {
        Reach::Years(n_days.div_ceil(DAYS_OF_YEAR).min(YEARS_MAX))
    } else {
        Reach::Days(n_days.max(1))
    }
}

/// Returns how to reach back over a span of seconds, and a part of a year further.
pub(crate) fn reach_over(secs: i64) -> Reach {
    let years = secs.max(0) / (365 * i64::from(DAY_SECS)) + 1;
    Reach::Years(u32::try_from(years).unwrap_or(YEARS_MAX).min(YEARS_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_brings_a_few_thousand_bars_and_never_more_than_the_broker_allows() {
        for (bar_secs, is_regular, days) in
            [(1, true, 0), (5, true, 1), (30, false, 1), (60, true, 19), (60, false, 5)]
        {
            assert_eq!(days_max(bar_secs, is_regular), days, "{bar_secs} {is_regular}");
        }
        assert_eq!(days_max(3_600, true), 365);
        assert_eq!(days_max(86_400, false), 365);
        assert_eq!(days_max(604_800, false), u32::MAX);
    }

    #[test]
    fn more_than_a_year_is_named_in_years() {
        for (days, word) in
            [(0, "1 D"), (19, "19 D"), (365, "365 D"), (500, "2 Y"), (u32::MAX, "68 Y")]
        {
            assert_eq!(reach(days).to_string(), word);
        }
        for (secs, word) in
            [(0, "1 Y"), (365 * 86_400 - 1, "1 Y"), (366 * 86_400, "2 Y"), (i64::MAX, "68 Y")]
        {
            assert_eq!(reach_over(secs).to_string(), word);
        }
    }
}
