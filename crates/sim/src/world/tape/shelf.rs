//! Several tapes as one, all on the world's one clock: the first that holds a symbol gives all of
//! it. Days without a single quote may get one around each trade.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{TapeSource, listing_of};
use crate::world::calendar::Session;
use crate::world::catalog::Listing;
use crate::world::market::{Bar, Day, Ohlc};

/// Tapes in the order in which they are asked.
pub struct Shelf {
    tapes: Vec<Box<dyn TapeSource>>,
    spread_ticks: i64,
}

impl Shelf {
    /// Puts tapes side by side.
    ///
    /// A day of trades without any quote shows none, and nothing fills on it: no quote follows from
    /// a trade. With a spread of some ticks, at least 1, both sides stand that far apart around the
    /// last trade, with the size of a round lot; that is an assumption, which whoever sets it makes.
    #[must_use]
    pub fn new(tapes: Vec<Box<dyn TapeSource>>, spread_ticks: i64) -> Self {
        Self { tapes, spread_ticks }
    }

    fn of(&self, symbol: &str) -> Option<&dyn TapeSource> {
        self.tapes.iter().find(|tape| tape.holds(symbol)).map(AsRef::as_ref)
    }
}

impl TapeSource for Shelf {
    fn symbols(&self) -> Vec<String> {
        let all: BTreeSet<String> = self.tapes.iter().flat_map(|tape| tape.symbols()).collect();
        all.into_iter().collect()
    }

    fn dates(&self, symbol: &str) -> BTreeSet<Date> {
        self.of(symbol).map_or_else(BTreeSet::new, |tape| tape.dates(symbol))
    }

    fn holds(&self, symbol: &str) -> bool {
        self.of(symbol).is_some()
    }

    fn day(&self, symbol: &str, session: &Session) -> Option<Day> {
        let mut day = self.of(symbol)?.day(symbol, session)?;
        if self.spread_ticks > 0
            && let Some(listing) = listing_of(symbol)
        {
            quote_trades(&mut day, listing, self.spread_ticks);
        }
        Some(day)
    }

    fn daily(&self, symbol: &str) -> Vec<(Date, Bar)> {
        self.of(symbol).map_or_else(Vec::new, |tape| tape.daily(symbol))
    }
}

/// Makes quotes around the trades of a day that has none.
fn quote_trades(day: &mut Day, listing: &Listing, spread_ticks: i64) {
    if day.minutes.iter().any(|bar| bar.bid.is_some() || bar.ask.is_some()) {
        return;
    }
    let tick = listing.tick_px;
    let below = spread_ticks / 2 * tick;
    let moved = |trade: Ohlc, by: i64| Ohlc {
        open: trade.open + by,
        high: trade.high + by,
        low: trade.low + by,
        close: trade.close + by,
    };
    let mut standing = None;
    for bar in &mut day.minutes {
        standing = bar.trade.or_else(|| standing.map(|trade: Ohlc| Ohlc::flat(trade.close)));
        let Some(trade) = standing else { continue };
        bar.bid = Some(moved(trade, -below)).filter(|bid| bid.low > 0);
        bar.ask = Some(moved(trade, spread_ticks * tick - below));
        (bar.bid_size, bar.ask_size) = (listing.lot, listing.lot);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct One(&'static str, i64);

    impl TapeSource for One {
        fn symbols(&self) -> Vec<String> {
            vec![self.0.to_owned()]
        }

        fn dates(&self, _: &str) -> BTreeSet<Date> {
            BTreeSet::new()
        }

        fn holds(&self, symbol: &str) -> bool {
            symbol == self.0
        }

        fn day(&self, _: &str, _: &Session) -> Option<Day> {
            None
        }

        fn daily(&self, _: &str) -> Vec<(Date, Bar)> {
            let bar = Bar { volume: self.1, ..Bar::default() };
            vec![(jiff::civil::date(2026, 1, 5), bar)]
        }
    }

    #[test]
    fn the_first_tape_that_holds_a_symbol_gives_all_of_it() {
        let tapes = [One("SPY", 1), One("SPY", 2), One("IBM", 3)];
        let shelf = Shelf::new(
            tapes.into_iter().map(|tape| -> Box<dyn TapeSource> { Box::new(tape) }).collect(),
            0,
        );
        let volume = |symbol| shelf.daily(symbol).first().map(|(_, bar)| bar.volume);
        assert_eq!((volume("SPY"), volume("IBM"), volume("QQQ")), (Some(1), Some(3), None));
        assert!(shelf.holds("IBM") && !shelf.holds("QQQ"));
    }
}
