//! How far the price of an instrument moved within a second: what a jump is measured by.
//!
//! The middle of bid and ask counts, or the one side that there is. It knows no limit.

use std::collections::VecDeque;
use std::time::Duration;

use gatehouse_types::{Decimal, Mono, Price, Quote};

const WINDOW: Duration = Duration::from_secs(1);
/// Points kept of one second; a line that ticks faster is thinned out, and its extremes are kept.
const POINTS_MAX: usize = 64;

/// The prices of the last second, and the one before it.
#[derive(Debug, Default)]
pub(crate) struct Moves(VecDeque<(Mono, Decimal)>);

impl Moves {
    /// Takes a quote; one without a price leaves the last price as it is.
    pub(crate) fn quoted(&mut self, quote: &Quote) {
        let Some(price) = middle(quote) else { return };
        // One point at the edge of the window says from where the price moved.
        while self.0.get(1).is_some_and(|(at, _)| quote.at.since(*at) >= WINDOW) {
            self.0.pop_front();
        }
        if self.0.len() >= POINTS_MAX {
            self.thin_out();
        }
        self.0.push_back((quote.at, price));
    }

    /// Returns the largest move in percent between two prices that held in the second before
    /// `now`; zero when there was one price only, `None` when there was none or it does not fit.
    pub(crate) fn largest(&self, now: Mono) -> Option<Decimal> {
        let held = self.0.iter().enumerate().filter(|(place, _)| {
            // A price holds until the next one.
            self.0.get(place + 1).is_none_or(|(until, _)| now.since(*until) < WINDOW)
        });
        let prices = || held.clone().map(|(_, (_, price))| *price);
        let (lowest, highest) = (prices().min()?, prices().max()?);
        highest.checked_sub(lowest)?.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(lowest)
    }

    /// Drops the point that is neither first, last nor an extreme and stands in the middle.
    fn thin_out(&mut self) {
        let price = |(_, price): &(Mono, Decimal)| *price;
        let (lowest, highest) = (self.0.iter().map(price).min(), self.0.iter().map(price).max());
        let inner = 1..self.0.len().saturating_sub(1);
        let dropped = inner.clone().find(|place| {
            let held = self.0.get(*place).map(price);
            held != lowest && held != highest
        });
        self.0.remove(dropped.unwrap_or(inner.start));
    }
}

fn middle(quote: &Quote) -> Option<Decimal> {
    let positive =
        |price: Option<Price>| price.map(Price::value).filter(|value| *value > Decimal::ZERO);
    match (positive(quote.bid), positive(quote.ask)) {
        (Some(bid), Some(ask)) => bid.checked_add(ask)?.checked_div(Decimal::TWO),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatehouse_types::DataType;

    fn at(ms: u64) -> Mono {
        Mono::new(Duration::from_millis(ms))
    }

    fn check(points: &[(u64, &str)], now: u64, expected: Option<&str>) {
        let mut moves = Moves::default();
        for (ms, price) in points {
            let price = Some(price.parse().unwrap());
            let quote =
                Quote { bid: price, ask: price, last: None, at: at(*ms), data: DataType::Live };
            moves.quoted(&quote);
        }
        let found = moves.largest(at(now)).map(|it| it.normalize().to_string());
        assert_eq!(found.as_deref(), expected, "{points:?} at {now}");
    }

    #[test]
    fn a_jump_counts_for_one_second() {
        check(&[], 0, None);
        check(&[(0, "100")], 5000, Some("0"));
        check(&[(0, "100"), (5000, "111")], 5000, Some("11"));
        check(&[(0, "100"), (5000, "111")], 5999, Some("11"));
        check(&[(0, "100"), (5000, "111")], 6000, Some("0"));
        check(&[(0, "100"), (400, "105"), (800, "110")], 800, Some("10"));
        check(
            &[(0, "100"), (400, "105"), (800, "110")],
            1400,
            Some("4.7619047619047619047619047619"),
        );
        check(&[(0, "100"), (400, "50"), (800, "100")], 900, Some("100"));
    }

    #[test]
    fn a_fast_line_keeps_its_extremes() {
        let mut points = vec![(0, "100"), (1, "120")];
        points.extend((2..200).map(|ms| (ms, "101")));
        check(&points, 300, Some("20"));
    }
}
