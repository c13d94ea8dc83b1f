//! Several tapes as one, all on the world's one clock: the first that holds a symbol gives all of
//! it.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::TapeSource;
use crate::world::calendar::Session;
use crate::world::market::{Bar, Day};

/// Tapes in the order in which they are asked.
pub struct Shelf(Vec<Box<dyn TapeSource>>);

impl Shelf {
    /// Puts tapes side by side.
    #[must_use]
    pub fn new(tapes: Vec<Box<dyn TapeSource>>) -> Self {
        Self(tapes)
    }

    fn of(&self, symbol: &str) -> Option<&dyn TapeSource> {
        self.0.iter().find(|tape| tape.holds(symbol)).map(AsRef::as_ref)
    }
}

impl TapeSource for Shelf {
    fn symbols(&self) -> Vec<String> {
        let all: BTreeSet<String> = self.0.iter().flat_map(|tape| tape.symbols()).collect();
        all.into_iter().collect()
    }

    fn dates(&self, symbol: &str) -> BTreeSet<Date> {
        self.of(symbol).map_or_else(BTreeSet::new, |tape| tape.dates(symbol))
    }

    fn first_date(&self) -> Option<Date> {
        self.0.iter().filter_map(|tape| tape.first_date()).min()
    }

    fn holds(&self, symbol: &str) -> bool {
        self.of(symbol).is_some()
    }

    fn day(&self, symbol: &str, session: &Session) -> Option<Day> {
        self.of(symbol)?.day(symbol, session)
    }

    fn daily(&self, symbol: &str) -> Vec<(Date, Bar)> {
        self.of(symbol).map_or_else(Vec::new, |tape| tape.daily(symbol))
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
        );
        let volume = |symbol| shelf.daily(symbol).first().map(|(_, bar)| bar.volume);
        assert_eq!((volume("SPY"), volume("IBM"), volume("QQQ")), (Some(1), Some(3), None));
        assert!(shelf.holds("IBM") && !shelf.holds("QQQ"));
    }
}
