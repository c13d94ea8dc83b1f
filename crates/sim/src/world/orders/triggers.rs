//! When the market has reached a price, by the trigger methods of the broker. Pure arithmetic.
//!
//! Source: the broker's page on stop trigger methods. "Two consecutive" prices are those of two
//! steps of the market; that a larger size counts as a second one is left out (an assumption: the
//! model refreshes its sizes every step, so that it would always count). It must never know
//! accounts. Called by the working of orders and by conditions.

use gatehouse_types::{Decimal, Price};

use super::kind::Refused;
use crate::world::catalog::{Kind, Listing};
use crate::world::market::{Moment, price};

/// Which prices a trigger looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TriggerMethod {
    /// 1: the bid rises to it or the ask falls to it, twice.
    DoubleQuote,
    /// 2: a trade.
    Last,
    /// 3: two trades.
    DoubleLast,
    /// 4: the bid rises to it or the ask falls to it.
    Quote,
    /// 7.
    LastOrQuote,
    /// 8.
    Middle,
}

/// From where the market comes to a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toward {
    /// It must be at the price or above.
    Up,
    /// It must be at the price or below.
    Down,
}

impl TriggerMethod {
    /// Reads the number of the wire; 0 and nothing are the default of the instrument.
    ///
    /// # Errors
    /// 146 for a number that means nothing.
    pub fn read(number: Option<i32>, listing: &Listing) -> Result<Self, Refused> {
        Ok(match number.unwrap_or(0) {
            0 => Self::usual(listing),
            1 => Self::DoubleQuote,
            2 => Self::Last,
            3 => Self::DoubleLast,
            4 => Self::Quote,
            7 => Self::LastOrQuote,
            8 => Self::Middle,
            _ => return Err(Refused::new(146, "Invalid trigger method.")),
        })
    }

    fn usual(listing: &Listing) -> Self {
        if matches!(listing.kind, Kind::Option(_)) {
            Self::DoubleQuote
        } else if listing.is_traded() {
            Self::Last
        } else {
            Self::Quote
        }
    }

    /// Returns whether a price must be seen twice in a row.
    #[must_use]
    pub fn is_double(self) -> bool {
        match self {
            Self::DoubleQuote | Self::DoubleLast => true,
            Self::Last | Self::Quote | Self::LastOrQuote | Self::Middle => false,
        }
    }

    /// Returns whether the market of one moment is at a price or beyond.
    #[must_use]
    pub(in crate::world) fn sees(self, toward: Toward, at: Price, moment: &Moment) -> bool {
        let beyond = |px: Decimal| match toward {
            Toward::Up => px >= at.value(),
            Toward::Down => px <= at.value(),
        };
        let level = |px: i64| price(px).value();
        let last = moment.last.is_some_and(|last| beyond(level(last.px)));
        let quoted = match toward {
            Toward::Up => moment.bid,
            Toward::Down => moment.ask,
        };
        let quote = quoted.is_some_and(|quoted| beyond(level(quoted.px)));
        match self {
            Self::Last | Self::DoubleLast => last,
            Self::Quote | Self::DoubleQuote => quote,
            Self::LastOrQuote => last || quote,
            Self::Middle => middle(moment).is_some_and(|middle| beyond(middle.value())),
        }
    }

    /// Returns the price that a trailing stop follows: the last trade, or the side of the quote at
    /// which the position could be closed.
    #[must_use]
    pub(in crate::world) fn followed(self, toward: Toward, moment: &Moment) -> Option<Price> {
        let quoted = match toward {
            Toward::Up => moment.ask,
            Toward::Down => moment.bid,
        };
        match self {
            Self::Last | Self::DoubleLast => moment.last.map(|last| price(last.px)),
            Self::Quote | Self::DoubleQuote => quoted.map(|quoted| price(quoted.px)),
            Self::LastOrQuote => moment.last.or(quoted).map(|level| price(level.px)),
            Self::Middle => middle(moment),
        }
    }
}

/// Returns the middle of the quote.
#[must_use]
pub(in crate::world) fn middle(moment: &Moment) -> Option<Price> {
    Some(price((moment.bid?.px + moment.ask?.px) / 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::catalog::by_symbol;
    use crate::world::market::Level;

    fn moment(bid: i64, ask: i64, last: i64) -> Moment {
        let level = |px: i64| Some(Level { px: px * 1_000, size: 300 });
        Moment { bid: level(bid), ask: level(ask), last: level(last) }
    }

    #[test]
    fn each_method_looks_at_its_own_prices() {
        use Toward::{Down, Up};
        let at = "10".parse().expect("is a price");
        // Bid, ask and last in cents.
        for (method, toward, shown, seen) in [
            (TriggerMethod::Last, Up, (990, 1010, 1000), true),
            (TriggerMethod::Last, Up, (1010, 1020, 999), false),
            (TriggerMethod::Last, Down, (990, 1010, 1001), false),
            (TriggerMethod::DoubleLast, Down, (990, 1010, 1000), true),
            (TriggerMethod::Quote, Up, (999, 1001, 1001), false),
            (TriggerMethod::Quote, Up, (1000, 1001, 999), true),
            (TriggerMethod::Quote, Down, (990, 1001, 990), false),
            (TriggerMethod::Quote, Down, (990, 1000, 1001), true),
            (TriggerMethod::DoubleQuote, Down, (990, 1000, 1001), true),
            (TriggerMethod::LastOrQuote, Up, (999, 1001, 1000), true),
            (TriggerMethod::LastOrQuote, Up, (1000, 1001, 999), true),
            (TriggerMethod::LastOrQuote, Up, (999, 1001, 999), false),
            (TriggerMethod::Middle, Up, (990, 1009, 1010), false),
            (TriggerMethod::Middle, Up, (990, 1010, 990), true),
        ] {
            let (bid, ask, last) = shown;
            assert_eq!(
                method.sees(toward, at, &moment(bid, ask, last)),
                seen,
                "{method:?} {shown:?}"
            );
        }
        for method in [TriggerMethod::Last, TriggerMethod::Quote, TriggerMethod::Middle] {
            assert!(!method.sees(Up, at, &Moment::default()), "{method:?} sees nothing in nothing");
        }
    }

    #[test]
    fn the_default_is_that_of_the_instrument_and_other_numbers_are_refused() {
        for (symbol, usual) in [
            ("SPY", TriggerMethod::Last),
            ("ES", TriggerMethod::Last),
            ("EUR.USD", TriggerMethod::Quote),
            ("AAPL  260116C00270000", TriggerMethod::DoubleQuote),
        ] {
            let listing = by_symbol(symbol).expect("is listed");
            assert_eq!(TriggerMethod::read(None, listing), Ok(usual), "{symbol}");
            assert_eq!(TriggerMethod::read(Some(8), listing), Ok(TriggerMethod::Middle));
            for number in [5, 6, 9, -1] {
                let refused = TriggerMethod::read(Some(number), listing).map_err(|why| why.code);
                assert_eq!(refused, Err(146), "{number}");
            }
        }
    }
}
