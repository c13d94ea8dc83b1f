//! Decimals compared without the detours that only very long ones need.
//!
//! Each function says exactly what `Decimal` says, down to the number of places; a number that the
//! short way cannot hold takes `Decimal`'s own. Prices, quantities and limits never are that long.

use std::cmp::Ordering;

use rust_decimal::Decimal;

/// Tens that a mantissa of 96 bits can be multiplied by within 127 bits.
const TENS: [i128; 10] =
    [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000];

/// One percent.
const PERCENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// Returns what `left.cmp(&right)` returns.
#[inline]
#[must_use]
pub fn compare(left: Decimal, right: Decimal) -> Ordering {
    let (places, other) = (left.scale(), right.scale());
    if places == other {
        return left.mantissa().cmp(&right.mantissa());
    }
    match tens(places.abs_diff(other)) {
        Some(tens) if places < other => (left.mantissa() * tens).cmp(&right.mantissa()),
        Some(tens) => left.mantissa().cmp(&(right.mantissa() * tens)),
        None => left.cmp(&right),
    }
}

/// Returns whether `left` is the larger one.
#[inline]
#[must_use]
pub fn is_above(left: Decimal, right: Decimal) -> bool {
    compare(left, right) == Ordering::Greater
}

/// Returns what `left.max(right)` returns.
#[inline]
#[must_use]
pub fn larger(left: Decimal, right: Decimal) -> Decimal {
    if compare(left, right) == Ordering::Less { right } else { left }
}

/// Returns what `value.checked_mul(0.01)` returns.
#[inline]
#[must_use]
pub fn hundredth(value: Decimal) -> Option<Decimal> {
    let places = value.scale() + PERCENT.scale();
    if value.is_zero() || places > Decimal::MAX_SCALE {
        return value.checked_mul(PERCENT);
    }
    let mut hundredth = value;
    hundredth.set_scale(places).ok().map(|()| hundredth)
}

/// Returns what `value.max(Decimal::ZERO)` returns.
#[inline]
#[must_use]
pub fn not_below_zero(value: Decimal) -> Decimal {
    if value.is_sign_negative() && !value.is_zero() { Decimal::ZERO } else { value }
}

#[inline]
fn tens(places: u32) -> Option<i128> {
    TENS.get(usize::try_from(places).ok()?).copied()
}
