//! Where the trading day is, by the exchange's usual hours, and how far the clocks are apart.

use gatehouse_ipc::{MarketPhase, SessionSpan};
use gatehouse_types::{Mono, Now, Utc};
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// The exchange's place, and where it is on the clock.
const ZONE: &str = "America/New_York";

/// A Gateway whose clock is further away is not in the present: a tape, or a simulator.
const PRESENT_MS: i64 = 24 * 3600 * 1000;

/// Hour and minute.
type Clock = (i8, i8);

/// Beginning, end and name of each stretch of a usual day, New York time. Source: NYSE Arca,
/// "Holidays & Trading Hours".
const SPANS: [(Clock, Clock, &str); 3] = [
    ((4, 0), (9, 30), "pre-market"),
    ((9, 30), (16, 0), "regular"),
    ((16, 0), (20, 0), "after-hours"),
];

/// Returns the Gateway's clock minus this machine's, in milliseconds; `None` when the Gateway is
/// not in the present.
pub(crate) fn offset(now: Now, gateway: Utc, at: Mono) -> Option<i32> {
    let here = now.utc.nanos().saturating_sub(nanos(now.mono.since(at)));
    let offset_ms = gateway.nanos().saturating_sub(here) / 1_000_000;
    if offset_ms.abs() > PRESENT_MS {
        return None;
    }
    i32::try_from(offset_ms).ok()
}

fn nanos(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}

fn local(at: Utc) -> Option<Zoned> {
    let zone = TimeZone::get(ZONE).ok()?;
    let at = Timestamp::from_nanosecond(i128::from(at.nanos())).ok()?;
    Some(at.to_zoned(zone))
}

/// Returns the trading date of an instant.
pub(crate) fn date(at: Utc) -> Option<Date> {
    local(at).map(|at| at.date())
}

/// Returns seconds since 1970 of a time on a date in New York.
pub(crate) fn instant(date: Date, (hour, minute): Clock) -> Option<i64> {
    let time = Time::new(hour, minute, 0, 0).ok()?;
    let zone = TimeZone::get(ZONE).ok()?;
    Some(date.to_datetime(time).to_zoned(zone).ok()?.timestamp().as_second())
}

/// Returns the regular session of a date.
pub(crate) fn regular(date: Date) -> Option<(i64, i64)> {
    let [_, (from, to, _), _] = SPANS;
    Some((instant(date, from)?, instant(date, to)?))
}

/// Returns the stretches of a date, oldest first.
pub(crate) fn spans(date: Date) -> Vec<SessionSpan> {
    let span = |(from, to, name): (Clock, Clock, &str)| {
        Some(SessionSpan {
            from: instant(date, from)?,
            to: instant(date, to)?,
            name: name.to_owned(),
        })
    };
    SPANS.into_iter().filter_map(span).collect()
}

/// Returns where the day is. Holidays are not known here: on one, the usual hours are said.
pub(crate) fn phase(at: Utc) -> Option<MarketPhase> {
    let date = date(at)?;
    let is_weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    let found = spans(date).into_iter().find(|span| (span.from..span.to).contains(&at.secs()));
    let phase =
        |name: &str, sentence: String| Some(MarketPhase { name: name.to_owned(), sentence });
    match found.filter(|_| !is_weekend) {
        None => phase("closed", "NYSE closed".to_owned()),
        Some(span) if span.name == "regular" => {
            phase("open", format!("NYSE open, closes in {}", left(span.to - at.secs())))
        }
        Some(span) if span.name == "pre-market" => {
            phase("pre-market", format!("Pre-market, NYSE opens in {}", left(span.to - at.secs())))
        }
        Some(span) => {
            phase("after-hours", format!("After hours, ends in {}", left(span.to - at.secs())))
        }
    }
}

fn left(seconds: i64) -> String {
    let minutes = (seconds + 59) / 60;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Utc {
        let at: Timestamp = text.parse().expect("is an instant");
        Utc::from_nanos(i64::try_from(at.as_nanosecond()).expect("fits"))
    }

    #[test]
    fn says_how_long_the_market_is_open() {
        let check = |text: &str, sentence: &str| {
            assert_eq!(phase(at(text)).map(|phase| phase.sentence).as_deref(), Some(sentence));
        };
        check("2026-01-05T14:30:00Z", "NYSE open, closes in 6 h 30 min");
        check("2026-01-05T19:27:00Z", "NYSE open, closes in 1 h 33 min");
        check("2026-01-05T14:29:01Z", "Pre-market, NYSE opens in 1 min");
        check("2026-01-05T21:00:00Z", "After hours, ends in 4 h 0 min");
        check("2026-01-06T02:00:00Z", "NYSE closed");
        check("2026-01-03T15:00:00Z", "NYSE closed");
        check("2026-07-06T13:30:00Z", "NYSE open, closes in 6 h 30 min");
    }

    #[test]
    fn a_clock_of_another_day_has_no_offset() {
        let now = Now {
            mono: Mono::new(std::time::Duration::from_secs(10)),
            utc: at("2026-01-05T14:30:10Z"),
            market: None,
        };
        let asked = Mono::new(std::time::Duration::from_secs(5));
        assert_eq!(offset(now, at("2026-01-05T14:30:05.012Z"), asked), Some(12));
        assert_eq!(offset(now, at("2013-10-07T14:30:05Z"), asked), None);
    }
}
