//! When an instrument trades, on its own exchange and in its own time zone.
//!
//! It must never know the wall clock: callers pass the instant in. Called by the market, the order
//! desk and contract details.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use super::{Kind, Listing};
use crate::world::calendar::{
    Phase, Session, is_futures_holiday, new_york, new_york_secs, tomorrow, yesterday,
};

/// Days that contract details describe.
const DAYS_SHOWN: usize = 6;
/// A week without a session ends a search.
const DAYS_AHEAD_MAX: usize = 14;

/// From the first second to the one after the last.
type Span = (i64, i64);

/// Returns whether it trades at an instant.
#[must_use]
pub fn is_open(listing: &Listing, secs: i64) -> bool {
    is_within(listing, secs, trading)
}

/// Returns whether it trades at an instant, whose stock session the caller knows; days are long,
/// and of US stocks the session says it all.
#[must_use]
pub fn is_open_in(listing: &Listing, session: &Session, secs: i64) -> bool {
    match listing.kind {
        Kind::Stock if listing.is_us_stock() => session.phase(secs) != Phase::Closed,
        Kind::Option(terms) if !matches!(terms.under.kind, Kind::Future { .. }) => {
            session.phase(secs) == Phase::Regular
        }
        Kind::Stock
        | Kind::Option(_)
        | Kind::Future { .. }
        | Kind::Continuous { .. }
        | Kind::Cash
        | Kind::Index
        | Kind::Crypto
        | Kind::Bond(_)
        | Kind::Cfd
        | Kind::MutualFund
        | Kind::Combo(_) => is_open(listing, secs),
    }
}

/// Returns whether an instant lies in its regular hours.
#[must_use]
pub fn is_liquid(listing: &Listing, secs: i64) -> bool {
    is_within(listing, secs, liquid)
}

/// Returns the present or next stretch of trading, or of regular hours only.
#[must_use]
pub fn next(listing: &Listing, secs: i64, regular: bool) -> Span {
    let part = if regular { liquid } else { trading };
    let mut day = new_york(secs).date();
    for _ in 0..DAYS_AHEAD_MAX {
        if let Some(span) = part(listing, day).filter(|(_, to)| *to > secs) {
            return span;
        }
        day = tomorrow(day);
    }
    (secs, secs)
}

/// Returns the hours of six days as contract details write them:
/// `20260105:0400-20260105:2000;20260110:CLOSED`.
#[must_use]
pub fn trading_text(listing: &Listing, now: i64) -> String {
    text(listing, now, trading)
}

/// Returns the regular hours of six days in the same form.
#[must_use]
pub fn liquid_text(listing: &Listing, now: i64) -> String {
    text(listing, now, liquid)
}

/// Returns the hours that belong to a trade date, which may begin on the evening before; `None` on
/// a day without any.
#[must_use]
pub fn of_day(listing: &Listing, day: Date, regular: bool) -> Option<Span> {
    if regular { liquid(listing, day) } else { trading(listing, day) }
}

/// Returns the last trade date whose hours begin before an instant, and those hours; `None` when
/// there was none for two weeks.
#[must_use]
pub fn last_before(listing: &Listing, secs: i64, regular: bool) -> Option<(Date, Span)> {
    let mut day = tomorrow(new_york(secs).date());
    for _ in 0..DAYS_AHEAD_MAX {
        if let Some(span) = of_day(listing, day, regular).filter(|(from, _)| *from < secs) {
            return Some((day, span));
        }
        day = yesterday(day);
    }
    None
}

/// Returns the name of its time zone as the broker spells it.
#[must_use]
pub fn zone_name(listing: &Listing) -> &'static str {
    match listing.kind {
        Kind::Future { root, .. } | Kind::Continuous { root } if root.exchange == "CME" => {
            "US/Central"
        }
        Kind::Option(terms) if matches!(terms.under.kind, Kind::Future { .. }) => {
            zone_name(terms.under)
        }
        Kind::Combo(legs) => legs.first().map_or("US/Eastern", |leg| zone_name(leg.listing)),
        Kind::Stock | Kind::Index if listing.currency == "EUR" => "MET",
        Kind::Stock
        | Kind::Option(_)
        | Kind::Future { .. }
        | Kind::Continuous { .. }
        | Kind::Cash
        | Kind::Index
        | Kind::Crypto
        | Kind::Bond(_)
        | Kind::Cfd
        | Kind::MutualFund => "US/Eastern",
    }
}

/// Returns its time zone.
#[must_use]
pub fn zone_of(listing: &Listing) -> TimeZone {
    zone(match zone_name(listing) {
        "US/Central" => "America/Chicago",
        "MET" => "Europe/Berlin",
        _ => "America/New_York",
    })
}

fn is_within(listing: &Listing, secs: i64, part: fn(&Listing, Date) -> Option<Span>) -> bool {
    let today = new_york(secs).date();
    [today, tomorrow(today)]
        .into_iter()
        .filter_map(|day| part(listing, day))
        .any(|(from, to)| from <= secs && secs < to)
}

/// The stretch of trading that belongs to a trade date.
fn trading(listing: &Listing, day: Date) -> Option<Span> {
    match listing.kind {
        Kind::Stock | Kind::Index if listing.currency == "EUR" => xetra(day),
        Kind::Stock => Session::on(day).map(|session| (session.pre_open, session.post_close)),
        Kind::Future { .. } | Kind::Continuous { .. } => electronic(listing, day, true),
        Kind::Option(terms) if matches!(terms.under.kind, Kind::Future { .. }) => {
            electronic(listing, day, true)
        }
        Kind::Cash => (!is_weekend(day))
            .then(|| (new_york_secs(yesterday(day), 17, 15), new_york_secs(day, 17, 0))),
        Kind::Crypto => Some((new_york_secs(day, 0, 0), new_york_secs(tomorrow(day), 0, 0))),
        Kind::Bond(_) => {
            Session::on(day).map(|_| (new_york_secs(day, 8, 0), new_york_secs(day, 17, 0)))
        }
        Kind::Combo(legs) => legs.first().and_then(|leg| trading(leg.listing, day)),
        Kind::Option(_) | Kind::Index | Kind::Cfd | Kind::MutualFund => liquid(listing, day),
    }
}

fn liquid(listing: &Listing, day: Date) -> Option<Span> {
    match listing.kind {
        Kind::Stock | Kind::Index if listing.currency == "EUR" => xetra(day),
        Kind::Future { .. } | Kind::Continuous { .. } => electronic(listing, day, false),
        Kind::Option(terms) if matches!(terms.under.kind, Kind::Future { .. }) => {
            electronic(listing, day, false)
        }
        Kind::Cash | Kind::Crypto | Kind::Bond(_) => trading(listing, day),
        Kind::Combo(legs) => legs.first().and_then(|leg| liquid(leg.listing, day)),
        Kind::Stock | Kind::Option(_) | Kind::Index | Kind::Cfd | Kind::MutualFund => {
            Session::on(day).map(|session| (session.open, session.close))
        }
    }
}

/// 18:00 on the evening before to 17:00 in New York; shorter where the stock market closes early, and
/// on its holidays, which are days of their own here as in the broker's contract details (in its
/// bars, too: an assumption, no page says it). New Year, Good Friday and Christmas have no hours.
/// Source: the exchange's holiday calendars of 2023 to 2025, by which stock indices halt at noon in
/// Chicago and end at 12:15 on a short day, energy and metals at 13:30 and 12:45.
fn electronic(listing: &Listing, day: Date, whole: bool) -> Option<Span> {
    let is_of_index = is_on_index(listing);
    let at = |hour, minute| new_york_secs(day, hour, minute);
    let (open, to) = match Session::on(day) {
        Some(session) if session.close < at(16, 0) => {
            (session.open, if is_of_index { at(13, 15) } else { at(13, 45) })
        }
        Some(session) => (session.open, at(17, 0)),
        None if is_futures_holiday(day) => {
            (at(9, 30), if is_of_index { at(13, 0) } else { at(14, 30) })
        }
        None => return None,
    };
    Some((if whole { new_york_secs(yesterday(day), 18, 0) } else { open }, to))
}

/// Returns whether a future, or the one that an option is on, is of a stock index.
fn is_on_index(listing: &Listing) -> bool {
    match listing.kind {
        Kind::Future { root, .. } | Kind::Continuous { root } => root.exchange == "CME",
        Kind::Option(terms) => is_on_index(terms.under),
        Kind::Stock
        | Kind::Cash
        | Kind::Index
        | Kind::Crypto
        | Kind::Bond(_)
        | Kind::Cfd
        | Kind::MutualFund
        | Kind::Combo(_) => false,
    }
}

/// 09:00 to 17:30 in Frankfurt, closed at New Year and Christmas.
fn xetra(day: Date) -> Option<Span> {
    let is_holiday = matches!((day.month(), day.day()), (1, 1) | (12, 25 | 26));
    if is_weekend(day) || is_holiday {
        return None;
    }
    let zone = zone("Europe/Berlin");
    let at = |hour, minute| {
        let zoned = day.at(hour, minute, 0, 0).to_zoned(zone.clone());
        zoned.map_or(0, |zoned| zoned.timestamp().as_second())
    };
    Some((at(9, 0), at(17, 30)))
}

fn text(listing: &Listing, now: i64, part: fn(&Listing, Date) -> Option<Span>) -> String {
    let zone = zone_of(listing);
    let at = |secs: i64| {
        let at = Timestamp::from_second(secs).unwrap_or(Timestamp::UNIX_EPOCH);
        at.to_zoned(zone.clone()).strftime("%Y%m%d:%H%M").to_string()
    };
    let mut day = new_york(now).date();
    let mut days = Vec::new();
    for _ in 0..DAYS_SHOWN {
        days.push(match part(listing, day) {
            Some((from, to)) => format!("{}-{}", at(from), at(to)),
            None => format!("{}:CLOSED", day.strftime("%Y%m%d")),
        });
        day = tomorrow(day);
    }
    days.join(";")
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::catalog::by_symbol;

    /// Monday 5 January 2026, 09:30 in New York.
    const MONDAY: i64 = 1_767_623_400;
    const HOUR: i64 = 3600;

    fn listing(symbol: &str) -> &'static Listing {
        by_symbol(symbol).expect("is listed")
    }

    #[test]
    fn hours_are_those_of_the_exchange_in_its_own_zone() {
        for (symbol, zone, trading, regular) in [
            ("SPY", "US/Eastern", "20260105:0400-20260105:2000;", "20260105:0930-20260105:1600;"),
            ("ES", "US/Central", "20260104:1700-20260105:1600;", "20260105:0830-20260105:1600;"),
            (
                "EUR.USD",
                "US/Eastern",
                "20260104:1715-20260105:1700;",
                "20260104:1715-20260105:1700;",
            ),
            ("SAP", "MET", "20260105:0900-20260105:1730;", "20260105:0900-20260105:1730;"),
            (
                "AAPL  260116C00270000",
                "US/Eastern",
                "20260105:0930-20260105:1600;",
                "20260105:0930-20260105:1600;",
            ),
        ] {
            let listing = listing(symbol);
            assert_eq!(zone_name(listing), zone, "{symbol}");
            let text = trading_text(listing, MONDAY);
            assert!(text.starts_with(trading), "{symbol} {text}");
            assert!(text.ends_with(";20260110:CLOSED"), "{symbol} {text}");
            let text = liquid_text(listing, MONDAY);
            assert!(text.starts_with(regular), "{symbol} {text}");
        }
    }

    #[test]
    fn each_kind_is_open_at_its_own_hours() {
        for (symbol, hours_later, open, liquid) in [
            ("SPY", 0, true, true),
            ("SPY", 7, true, false),
            ("SPY", 11, false, false),
            ("ES", 11, true, false),
            ("ES", -96, false, false),
            ("EUR.USD", 11, true, true),
            ("EUR.USD", -24, false, false),
            ("SAP", 0, true, true),
            ("SAP", 3, false, false),
            ("AAPL  260116C00270000", 7, false, false),
        ] {
            let at = MONDAY + hours_later * HOUR;
            let found = (is_open(listing(symbol), at), is_liquid(listing(symbol), at));
            assert_eq!(found, (open, liquid), "{symbol} {hours_later}");
            let session = Session::at_or_before(at);
            assert_eq!(is_open_in(listing(symbol), &session, at), open, "{symbol} {hours_later}");
        }
    }

    #[test]
    fn futures_trade_for_half_a_day_on_most_holidays_of_the_stock_market() {
        // Martin Luther King, the day after Thanksgiving, Independence Day (kept on Friday), New
        // Year, Good Friday and Christmas.
        for (symbol, (year, month, day), trading, regular) in [
            ("ES", (2026, 1, 19), "20260118:1700-20260119:1200", "20260119:0830-20260119:1200"),
            ("CL", (2026, 1, 19), "20260118:1800-20260119:1430", "20260119:0930-20260119:1430"),
            ("ES", (2026, 1, 20), "20260119:1700-20260120:1600", "20260120:0830-20260120:1600"),
            ("ES", (2026, 11, 27), "20261126:1700-20261127:1215", "20261127:0830-20261127:1215"),
            ("GC", (2026, 11, 27), "20261126:1800-20261127:1345", "20261127:0930-20261127:1345"),
            ("ES", (2026, 7, 3), "20260702:1700-20260703:1200", "20260703:0830-20260703:1200"),
            ("ES", (2026, 1, 1), "20260101:CLOSED", "20260101:CLOSED"),
            ("GC", (2026, 4, 3), "20260403:CLOSED", "20260403:CLOSED"),
            ("ES", (2026, 12, 25), "20261225:CLOSED", "20261225:CLOSED"),
            ("SPY", (2026, 1, 19), "20260119:CLOSED", "20260119:CLOSED"),
        ] {
            let noon = new_york_secs(jiff::civil::date(year, month, day), 12, 0);
            let first = |text: String| text.split(';').next().map(ToOwned::to_owned);
            let shown = (
                first(trading_text(listing(symbol), noon)),
                first(liquid_text(listing(symbol), noon)),
            );
            assert_eq!(shown, (Some(trading.to_owned()), Some(regular.to_owned())), "{symbol}");
        }
    }

    #[test]
    fn the_next_stretch_may_be_the_present_one() {
        let spy = listing("SPY");
        assert_eq!(next(spy, MONDAY + HOUR, true), (MONDAY, MONDAY + 6 * HOUR + 1800));
        assert_eq!(next(spy, MONDAY + 7 * HOUR, true).0, MONDAY + 24 * HOUR);
    }
}
