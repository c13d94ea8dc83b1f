//! Orders for combinations: one fill of the whole is one execution of each leg.
//!
//! The account never holds a combination. Each leg is booked as its own position and charged by its
//! own schedule; the execution of the whole names the combination's price and has no report of a
//! commission of its own. Legs trade at the sides of their quotes; what the combination's price is
//! better or worse than their sum goes to one leg, so that they add up. That, and that only market
//! and limit orders are worked, are assumptions: no page says them. It must never know sessions or
//! frames. Called by the order desk, the fills and the margin.

use gatehouse_tws::layout::{Leg, WireContract};
use gatehouse_types::{Decimal, Price, Side};

use super::fills::Part;
use super::kind::{Refused, WorkKind};
use super::order::wire_contract;
use crate::world::World;
use crate::world::account::commission::{self, Traded};
use crate::world::catalog::{ComboLeg, Kind, Listing};
use crate::world::market::price;

impl ComboLeg {
    /// Returns the side on which it trades when the combination is bought or sold.
    pub(in crate::world) fn side(&self, of: Side) -> Side {
        if self.is_bought { of } else { of.opposite() }
    }

    /// Returns how many of it belong to one combination, negative when they are sold with it.
    fn signed(&self) -> Decimal {
        Decimal::from(if self.is_bought { self.ratio } else { -self.ratio })
    }
}

/// Refuses what no combination can be ordered as.
///
/// # Errors
/// The broker's words about the type.
pub(super) fn check(kind: &WorkKind, listing: &Listing) -> Result<(), Refused> {
    let is_worked = matches!(kind, WorkKind::Market | WorkKind::Limit { .. });
    if !matches!(listing.kind, Kind::Combo(_)) || is_worked {
        return Ok(());
    }
    Err(Refused::new(387, "Unsupported order type for this exchange and security type."))
}

/// Returns the contract of an order, with the legs as the client wrote them and their ids and
/// signed ratios in one text, as a Gateway echoes them.
pub(super) fn echoed(listing: &Listing, exchange: &str, asked: &WireContract) -> WireContract {
    let contract = wire_contract(listing, exchange);
    let Kind::Combo(legs) = listing.kind else { return contract };
    let text = |leg: &ComboLeg| format!("{}|{}", leg.listing.con_id(), leg.signed());
    let own = legs.iter().map(|leg| Leg {
        con_id: leg.listing.con_id().get(),
        ratio: i32::try_from(leg.ratio).unwrap_or(i32::MAX),
        action: if leg.is_bought { "BUY" } else { "SELL" }.to_owned(),
        exchange: exchange.to_owned(),
        ..Leg::default()
    });
    WireContract {
        legs: if asked.legs.is_empty() { own.collect() } else { asked.legs.clone() },
        combo_legs_description: legs.iter().map(text).collect::<Vec<_>>().join(","),
        ..contract
    }
}

/// Returns prices of the legs that add up to the combination's, from those at which they are shown.
fn add_up(legs: &[ComboLeg], shown: &[Decimal], whole: Decimal) -> Vec<Decimal> {
    let sum: Decimal = legs.iter().zip(shown).map(|(leg, px)| leg.signed() * px).sum();
    let moved: Vec<Decimal> = legs
        .iter()
        .zip(shown)
        .map(|(leg, px)| (px + (whole - sum) / leg.signed()).normalize())
        .collect();
    let fits = |at: &usize| {
        let tick = legs.get(*at).map_or(Decimal::ONE, |leg| leg.listing.min_tick());
        moved.get(*at).is_some_and(|px| *px > Decimal::ZERO && (px % tick).is_zero())
    };
    let bears = (0..legs.len()).find(fits).unwrap_or(0);
    let of = |(at, shown): (usize, &Decimal)| {
        moved.get(at).filter(|_| at == bears).copied().unwrap_or(*shown)
    };
    shown.iter().enumerate().map(of).collect()
}

impl World {
    /// Returns what the legs of a fill trade; nothing for what is no combination.
    pub(super) fn legs_of(&mut self, place: usize, whole: &Part) -> Vec<Part> {
        let Kind::Combo(legs) = whole.listing.kind else { return Vec::new() };
        let mut shown = Vec::new();
        for leg in legs {
            let quote = self.moment(leg.listing);
            let level = match leg.side(whole.side) {
                Side::Buy => quote.ask,
                Side::Sell => quote.bid,
            };
            let at = level.map(|level| price(level.px).value());
            shown.push(at.or_else(|| self.mark(leg.listing).price).unwrap_or_default());
        }
        let prices = add_up(legs, &shown, whole.price.value());
        let before = self.book.get(place).map(|order| order.legs.clone()).unwrap_or_default();
        let part = |(leg, px): (&ComboLeg, Decimal)| {
            let shares = whole.shares * Decimal::from(leg.ratio);
            let (quantity, value) = before.get(&leg.listing.con_id()).copied().unwrap_or_default();
            Part {
                listing: leg.listing,
                side: leg.side(whole.side),
                shares,
                price: Price::new(px),
                quantity: quantity + shares,
                value: value + shares * px,
                added_liquidity: whole.added_liquidity,
            }
        };
        legs.iter().zip(prices).map(part).collect()
    }

    /// Returns what a part of a combination costs, beside what the order paid for that leg before.
    pub(super) fn leg_fee(&mut self, part: &Part) -> Decimal {
        let rate = self.rate(part.listing);
        let plan = self.agreed.plan;
        let at = self.now().secs();
        let so_far = |quantity: Decimal, value: Decimal| {
            let traded = Traded { side: part.side, quantity, value, rate, at };
            commission::charged(plan, part.listing, &traded)
        };
        let before =
            so_far(part.quantity - part.shares, part.value - part.shares * part.price.value());
        (so_far(part.quantity, part.value) - before).max(Decimal::ZERO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::catalog::by_symbol;

    /// Legs as signed ratios of two stocks, at prices.
    fn check(ratios: [i64; 2], shown: [&str; 2], whole: &str, expected: [&str; 2]) {
        let number = |text: &str| text.parse::<Decimal>().expect("is a number");
        let legs: Vec<ComboLeg> = ["SPY", "QQQ"]
            .into_iter()
            .zip(ratios)
            .map(|(symbol, ratio)| ComboLeg {
                listing: by_symbol(symbol).expect("is listed"),
                ratio: ratio.abs(),
                is_bought: ratio > 0,
            })
            .collect();
        let prices = add_up(&legs, &shown.map(number), number(whole));
        assert_eq!(prices, expected.map(number), "{ratios:?} {shown:?} {whole}");
        let sum: Decimal =
            prices.iter().zip(ratios).map(|(price, ratio)| price * Decimal::from(ratio)).sum();
        assert_eq!(sum, number(whole));
    }

    #[test]
    fn prices_of_legs_add_up_to_the_price_of_the_combination() {
        check([1, -1], ["10.05", "7.01"], "3.04", ["10.05", "7.01"]);
        check([1, -1], ["10.05", "7.01"], "3", ["10.01", "7.01"]);
        check([-1, 1], ["10.05", "7.01"], "-3", ["10.01", "7.01"]);
        check([1, -1], ["1", "7"], "-8", ["1", "9"]);
        check([2, -1], ["10.05", "7"], "13.11", ["10.05", "6.99"]);
        check([2, -1], ["10.05", "7"], "13.12", ["10.06", "7"]);
    }
}
