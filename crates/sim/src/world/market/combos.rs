//! Prices of combinations, from the quotes of their legs.
//!
//! To buy a combination is to buy its bought legs at their asks and to sell the others at their
//! bids. A price may be below zero. It must never know orders. Called by the market.

use super::{Bar, Day, Level, Market, Moment, Ohlc};
use crate::world::calendar::Session;
use crate::world::catalog::ComboLeg;

/// Returns the quote of a combination; empty while a leg has none.
pub(super) fn moment(
    market: &mut Market,
    legs: &'static [ComboLeg],
    (secs, quarter): (i64, i64),
) -> Moment {
    let quotes: Vec<(Moment, &ComboLeg)> =
        legs.iter().map(|leg| (market.moment(leg.listing, secs, quarter), leg)).collect();
    let side = |buys: bool| {
        let mut sum: Option<Level> = None;
        for (quote, leg) in &quotes {
            let level = if leg.is_bought == buys { quote.ask? } else { quote.bid? };
            let sign = if leg.is_bought { leg.ratio } else { -leg.ratio };
            let size = (level.size / leg.ratio.max(1)).max(1);
            sum = Some(match sum {
                Some(sum) => Level { px: sum.px + sign * level.px, size: sum.size.min(size) },
                None => Level { px: sign * level.px, size },
            });
        }
        sum
    };
    Moment { bid: side(false), ask: side(true), last: None }
}

/// Returns the minutes of a combination: open and close are those of the legs, and between them lie
/// high and low, as the legs' extremes need not have come at the same second.
pub(super) fn day(
    market: &mut Market,
    legs: &'static [ComboLeg],
    session: &Session,
) -> Option<Day> {
    let days: Option<Vec<(Day, &ComboLeg)>> =
        legs.iter().map(|leg| Some((market.day(leg.listing, session)?, leg))).collect();
    let days = days?;
    let n_minutes = days.iter().map(|(day, _)| day.minutes.len()).min()?;
    let minute = |index: usize| {
        let side = |buys: bool| {
            let mut sum: Option<(i64, i64)> = None;
            for (day, leg) in &days {
                let bar = day.minutes.get(index)?;
                let ohlc = if leg.is_bought == buys { bar.ask? } else { bar.bid? };
                let sign = if leg.is_bought { leg.ratio } else { -leg.ratio };
                let (open, close) = sum.unwrap_or_default();
                sum = Some((open + sign * ohlc.open, close + sign * ohlc.close));
            }
            let (open, close) = sum?;
            Some(Ohlc { open, high: open.max(close), low: open.min(close), close })
        };
        Bar { bid: side(false), ask: side(true), bid_size: 1, ask_size: 1, ..Bar::default() }
    };
    Some(Day { session: *session, minutes: (0..n_minutes).map(minute).collect() })
}
