//! The distance between bid and ask, as a share of their middle.

use gatehouse_types::{Decimal, Price, Quote, exact};
use rust_decimal::RoundingStrategy;

use crate::case::{Case, is_positive};
use crate::value::Missing;

/// A bid and an ask, both above zero.
pub(crate) struct Spread {
    width: Decimal,
    /// Twice the middle.
    sum: Decimal,
}

const TWO_HUNDRED: Decimal = Decimal::from_parts(200, 0, 0, false, 0);

impl Spread {
    /// Returns the spread of the quote that the case is judged by.
    pub(crate) fn of(case: &Case<'_>) -> Result<Self, Missing> {
        let quote = case.live_quote().ok_or("live quote")?;
        Self::between(quote)
    }

    fn between(quote: &Quote) -> Result<Self, Missing> {
        let side = |price: Option<Price>, missing| {
            price.filter(|price| is_positive(*price)).map(Price::value).ok_or(missing)
        };
        let bid = side(quote.bid, "live bid price")?;
        let ask = side(quote.ask, "live ask price")?;
        let too_large = crate::value::TOO_LARGE;
        Ok(Self {
            width: ask.checked_sub(bid).ok_or(too_large)?,
            sum: ask.checked_add(bid).ok_or(too_large)?,
        })
    }

    /// Compares without dividing; a number that does not fit is above.
    pub(crate) fn is_above(&self, limit: Decimal) -> bool {
        match (self.width.checked_mul(TWO_HUNDRED), self.sum.checked_mul(limit)) {
            (Some(width), Some(allowed)) => exact::is_above(width, allowed),
            (None, _) | (_, None) => true,
        }
    }

    /// Returns the spread in percent, rounded up to what is shown.
    pub(crate) fn percent(&self) -> Decimal {
        self.width
            .checked_mul(TWO_HUNDRED)
            .and_then(|width| width.checked_div(self.sum))
            .map_or(Decimal::MAX, |it| {
                it.round_dp_with_strategy(2, RoundingStrategy::ToPositiveInfinity).normalize()
            })
    }
}

/// Returns the spread of a quote in percent, for the eyes; `None` without both sides.
#[must_use]
pub fn spread_percent(quote: &Quote) -> Option<Decimal> {
    Spread::between(quote).ok().map(|spread| spread.percent())
}
