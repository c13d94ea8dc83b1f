//! When tapes begin and end.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{TapeSource, day_on, listing_of};
use crate::world::calendar::new_york_secs;
use crate::world::catalog::hours;

/// Returns when a replay begins: on the first date that has an earlier one behind it, or the only
/// one, so that there is history and a previous close. It is the open of the stock market when the
/// tape has a stock, and otherwise the first second of the date in which anything trades.
#[must_use]
pub fn starts(tape: &dyn TapeSource) -> Option<i64> {
    let names = tape.symbols();
    let dates: BTreeSet<Date> = names.iter().flat_map(|name| tape.dates(name)).collect();
    let date = *dates.iter().nth(1).or(dates.first())?;
    let there = names.iter().filter(|name| tape.dates(name).contains(&date));
    let opens = there.filter_map(|name| {
        let listing = listing_of(name)?;
        if listing.is_us_stock() {
            return Some((false, new_york_secs(date, 9, 30)));
        }
        let day = day_on(listing, date)?;
        let (from, _) = hours::next(listing, day.pre_open, false);
        Some((true, from.max(day.pre_open)))
    });
    opens.min().map(|(_, at)| at)
}

/// Returns when the last instrument of a tape closes for the last time.
#[must_use]
pub fn ends(tape: &dyn TapeSource) -> Option<i64> {
    let end = |name: &String| {
        let listing = listing_of(name)?;
        let day = day_on(listing, *tape.dates(name).last()?)?;
        let (_, (_, closes)) = hours::last_before(listing, day.post_close, false)?;
        Some(closes.min(day.post_close))
    };
    tape.symbols().iter().filter_map(end).max()
}
