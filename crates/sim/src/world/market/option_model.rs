//! What options are worth: Black-Scholes-Merton on stocks and indices, Black 1976 on futures, with
//! the volatility that a price implies and the usual greeks.
//!
//! All options are taken for European ones: the right to exercise early, which American options on
//! stocks have, is left out, so a deep put may be worth a little less here than its intrinsic
//! value. Dividends are not known and count as none. It must never know quotes or clocks.
//!
//! This is the one room of the world that computes with binary floats: logarithms, exponentials and
//! the normal distribution have no exact decimals. What leaves it is rounded, to 0.0001 for prices
//! of the market and to eight digits behind the point for figures on the wire. The functions are
//! `libm`'s, in Rust, and not those of the machine, so the same seed gives the same bytes everywhere.

use gatehouse_tws::number::{from_double, to_nearest_double};
use gatehouse_types::Decimal;

use crate::world::calendar::new_york_secs;
use crate::world::catalog::{Kind, OptionTerms, Right};
use crate::world::px::price;

/// Interest of a year, without compounding in between; an assumption about the world.
const RATE: f64 = 0.04;
/// Seconds in a year of calendar days.
const YEAR_SECS: f64 = 31_536_000.0;
/// Days in a year, by which theta is given.
const YEAR_DAYS: f64 = 365.0;
/// A percentage point, by which vega is given.
const POINT: f64 = 0.01;
/// Volatilities that a search considers.
const VOLATILITIES: (f64, f64) = (0.000_1, 20.0);
/// Halvings of that range: enough for eleven digits.
const N_HALVINGS: usize = 60;

/// What the model says about an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Valuation {
    pub price: Decimal,
    /// Of a year, as a fraction.
    pub volatility: Decimal,
    /// Change of the price for 1.00 of the underlying.
    pub delta: Decimal,
    /// Change of delta for 1.00 of the underlying.
    pub gamma: Decimal,
    /// Change of the price for one percentage point of volatility.
    pub vega: Decimal,
    /// Change of the price within a calendar day.
    pub theta: Decimal,
}

/// Returns what an option is worth at a volatility.
///
/// `under` is the price of the underlying, `volatility` a fraction of a year, `secs` the instant. An
/// expired option is worth what exercise brings.
#[must_use]
pub fn at_volatility(
    terms: &OptionTerms,
    under: Decimal,
    volatility: Decimal,
    secs: i64,
) -> Valuation {
    let volatility = to_nearest_double(volatility).clamp(VOLATILITIES.0, VOLATILITIES.1);
    Black::new(terms, to_nearest_double(under), secs).valuation(volatility)
}

/// Returns what an option's price implies, or `None` when no volatility explains it: it is below
/// what exercise brings, or above the underlying's own price.
#[must_use]
pub fn at_price(
    terms: &OptionTerms,
    under: Decimal,
    price: Decimal,
    secs: i64,
) -> Option<Valuation> {
    let black = Black::new(terms, to_nearest_double(under), secs);
    let volatility = black.implied(to_nearest_double(price))?;
    Some(Valuation { price, ..black.valuation(volatility) })
}

/// Returns the price in hundred-thousandths at a level of volatility in millionths, with a smile over
/// the strikes; never negative.
pub(super) fn price_px(terms: &OptionTerms, under_px: i64, level_ppm: i64, secs: i64) -> i64 {
    let black = Black::new(terms, dollars(under_px), secs);
    let volatility = smile(&black, level_ppm);
    let price = from_double((black.price(volatility) * ONE).round()).unwrap_or_default();
    i64::try_from(price).unwrap_or(0).max(0)
}

/// Returns the volatility that the market gives an option at a level in millionths: higher for
/// strikes far from the underlying's price, and a little higher below it than above.
#[must_use]
pub fn smiling(terms: &OptionTerms, under_px: i64, level_ppm: i64, secs: i64) -> Decimal {
    rounded(smile(&Black::new(terms, dollars(under_px), secs), level_ppm))
}

fn smile(black: &Black, level_ppm: i64) -> f64 {
    let level = to_nearest_double(Decimal::new(level_ppm, 6));
    // How many deviations the strike lies from the forward price; a week counts as the least.
    let reach = level * black.years.max(7.0 / YEAR_DAYS).sqrt();
    let deviations = (libm::log(black.strike / black.forward) / reach).clamp(-3.0, 3.0);
    level * (1.0 - 0.05 * deviations + 0.03 * deviations * deviations)
}

/// A dollar in hundred-thousandths.
const ONE: f64 = 100_000.0;

/// Prices of the world as floats.
fn dollars(px: i64) -> f64 {
    to_nearest_double(price(px).value())
}

/// Eight digits behind the point, which every double of this size holds.
fn rounded(value: f64) -> Decimal {
    from_double((value * 1e8).round() / 1e8).unwrap_or_default()
}

/// One option at one instant.
struct Black {
    is_call: bool,
    strike: f64,
    years: f64,
    forward: f64,
    /// What a dollar at the expiry is worth.
    discount: f64,
    /// By how much the forward price grows with the underlying's: 1 for a future.
    growth: f64,
    /// Rate at which the forward price drifts: 0 for a future.
    drift: f64,
    under: f64,
}

impl Black {
    fn new(terms: &OptionTerms, under: f64, secs: i64) -> Self {
        let left = (expires_at(terms) - secs).max(0);
        let years = to_nearest_double(Decimal::from(left)) / YEAR_SECS;
        let is_on_future = matches!(terms.under.kind, Kind::Future { .. });
        let drift = if is_on_future { 0.0 } else { RATE };
        let growth = libm::exp(drift * years);
        Self {
            is_call: terms.right == Right::Call,
            strike: dollars(terms.strike_px),
            years,
            forward: under.max(0.000_1) * growth,
            discount: libm::exp(-RATE * years),
            growth,
            drift,
            under,
        }
    }

    /// What exercise brings at the expiry, at today's value.
    fn intrinsic(&self) -> f64 {
        let inside = self.discount * (self.forward - self.strike);
        if self.is_call { inside.max(0.0) } else { (-inside).max(0.0) }
    }

    fn deviation(&self, volatility: f64) -> f64 {
        volatility * self.years.sqrt()
    }

    /// The two arguments of the normal distribution.
    fn arguments(&self, volatility: f64) -> (f64, f64) {
        let deviation = self.deviation(volatility);
        let d1 = libm::log(self.forward / self.strike) / deviation + deviation / 2.0;
        (d1, d1 - deviation)
    }

    fn price(&self, volatility: f64) -> f64 {
        if self.deviation(volatility) < 1e-9 {
            return self.intrinsic();
        }
        let (d1, d2) = self.arguments(volatility);
        let price = if self.is_call {
            self.forward * below(d1) - self.strike * below(d2)
        } else {
            self.strike * below(-d2) - self.forward * below(-d1)
        };
        (self.discount * price).max(0.0)
    }

    /// The volatility of a price, by halving: the price only grows with it.
    fn implied(&self, price: f64) -> Option<f64> {
        let (mut low, mut high) = VOLATILITIES;
        if self.years <= 0.0 || price <= self.price(low) || price >= self.price(high) {
            return None;
        }
        for _ in 0..N_HALVINGS {
            let middle = (low + high) / 2.0;
            if self.price(middle) < price {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some((low + high) / 2.0)
    }

    fn valuation(&self, volatility: f64) -> Valuation {
        let (delta, gamma, vega, theta) = self.greeks(volatility);
        Valuation {
            price: rounded(self.price(volatility)),
            volatility: rounded(volatility),
            delta: rounded(delta),
            gamma: rounded(gamma),
            vega: rounded(vega),
            theta: rounded(theta),
        }
    }

    fn greeks(&self, volatility: f64) -> (f64, f64, f64, f64) {
        let sign = if self.is_call { 1.0 } else { -1.0 };
        if self.deviation(volatility) < 1e-9 {
            let is_inside = sign * (self.forward - self.strike) > 0.0;
            return (if is_inside { sign } else { 0.0 }, 0.0, 0.0, 0.0);
        }
        let (d1, d2) = self.arguments(volatility);
        let weight = self.discount * self.growth;
        let delta = sign * weight * below(sign * d1);
        let gamma = weight * density(d1) / (self.under * self.deviation(volatility));
        let vega = self.discount * self.forward * density(d1) * self.years.sqrt();
        let decay =
            self.discount * self.forward * density(d1) * volatility / (2.0 * self.years.sqrt());
        // The forward's own drift costs a call what the discount of its strike earns.
        let carry = (self.drift - RATE) * self.forward * below(sign * d1);
        let interest = RATE * self.strike * below(sign * d2);
        let theta = -decay - sign * self.discount * (carry + interest);
        (delta, gamma, vega * POINT, theta / YEAR_DAYS)
    }
}

/// Returns when an option expires: 16:00 in New York of its last day.
#[must_use]
pub fn expires_at(terms: &OptionTerms) -> i64 {
    new_york_secs(terms.expiry, 16, 0)
}

/// The normal distribution.
fn below(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

fn density(x: f64) -> f64 {
    libm::exp(-x * x / 2.0) / (2.0 * std::f64::consts::PI).sqrt()
}

#[cfg(test)]
mod tests;
