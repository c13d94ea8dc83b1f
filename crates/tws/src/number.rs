//! The only place where a binary float meets a decimal.
//!
//! Doubles of the wire become the shortest decimal that reads back as the same double, and
//! decimals become the double nearest to them only when that double reads back as the decimal.

use rust_decimal::Decimal;

/// Why a number cannot cross between the wire and an exact decimal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Not a finite number, or more digits than a decimal holds.
    #[error("{text} is not a number that can be held exactly")]
    NotExact { text: String },
}

/// Returns the shortest decimal that reads back as `value`.
///
/// # Errors
/// `value` is not finite or needs more than 28 digits.
#[inline]
pub fn from_double(value: f64) -> Result<Decimal, NumberError> {
    match short_decimal(value) {
        Some(short) => Ok(short),
        None => long_decimal(value),
    }
}

fn long_decimal(value: f64) -> Result<Decimal, NumberError> {
    let not_exact = || NumberError::NotExact { text: format!("{value:e}") };
    if !value.is_finite() {
        return Err(not_exact());
    }
    let decimal = Decimal::from_str_exact(&value.to_string()).map_err(|_| not_exact())?;
    Ok(decimal.normalize())
}

/// Returns the double whose shortest decimal is `value`.
///
/// # Errors
/// No double stands for exactly this decimal (more than about 15 digits).
pub fn to_double(value: Decimal) -> Result<f64, NumberError> {
    if let Some(short) = short_double(value) {
        return Ok(short);
    }
    let not_exact = || NumberError::NotExact { text: value.to_string() };
    let double: f64 = value.to_string().parse().map_err(|_| not_exact())?;
    if from_double(double)? == value { Ok(double) } else { Err(not_exact()) }
}

/// Returns the double nearest to `value`, for figures of which nothing depends, such as averages.
#[must_use]
pub fn to_nearest_double(value: Decimal) -> f64 {
    short_double(value)
        .unwrap_or_else(|| value.to_string().parse().expect("every decimal reads as a double"))
}

/// Powers of ten, each of them exactly a double.
const POWERS: [f64; 10] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

/// One above the largest whole number of fifteen digits. Decimals of up to fifteen digits read as
/// doubles that differ, so one that reads back as a double is the shortest that does (IEEE 754).
const FIFTEEN_DIGITS: i64 = 1_000_000_000_000_000;

/// Digits behind the point that are tried in turn: cents, then the steps of currencies, then all.
const SCALES: [(u32, f64); 4] = [(2, 1e2), (4, 1e4), (6, 1e6), (9, 1e9)];

/// Returns the shortest decimal without writing the number down, for what prices usually are:
/// up to fifteen digits, up to nine of them behind the point. `None` says nothing.
///
/// The quotient of two whole numbers that are exactly doubles is rounded once, as reading their
/// decimal is: where it equals `value`, the decimal reads back as `value`. No other decimal of
/// fifteen digits does, so without its last zeros it is the shortest.
#[expect(clippy::as_conversions, reason = "a double without fraction below 2^53 is an integer")]
#[inline]
fn short_decimal(value: f64) -> Option<Decimal> {
    for (scale, power) in SCALES {
        let scaled = value * power;
        if scaled.is_nan() || scaled.abs() >= FIFTEEN_DIGITS as f64 {
            return None;
        }
        let whole = (scaled + 0.5_f64.copysign(scaled)) as i64;
        if whole as f64 / power == value {
            return Some(without_last_zeros(whole, scale));
        }
    }
    None
}

/// Returns `mantissa` with `scale` digits behind the point, but for the zeros that end them.
#[inline]
pub(crate) fn without_last_zeros(mantissa: i64, mut scale: u32) -> Decimal {
    let mut digits = mantissa.unsigned_abs();
    while scale > 0 && digits.is_multiple_of(10) {
        digits /= 10;
        scale -= 1;
    }
    let low = u32::try_from(digits & u64::from(u32::MAX)).expect("is masked to 32 bits");
    let high = u32::try_from(digits >> 32).expect("is shifted to 32 bits");
    Decimal::from_parts(low, high, 0, mantissa < 0, scale)
}

/// Returns the double of a decimal of up to fifteen digits; the inverse of [`short_decimal`].
#[expect(clippy::as_conversions, reason = "whole numbers below 2^53 are exactly doubles")]
fn short_double(value: Decimal) -> Option<f64> {
    let whole = i64::try_from(value.mantissa()).ok()?;
    let power = POWERS.get(usize::try_from(value.scale()).ok()?)?;
    // Zero has a sign in decimals too; a double of zero is written without.
    (whole.abs() < FIFTEEN_DIGITS).then_some(whole as f64 / power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_double_becomes_the_shortest_decimal_that_reads_back_the_same() {
        for (double, text) in [
            (0.1, "0.1"),
            (-0.0, "0"),
            (123.45, "123.45"),
            (1e-8, "0.00000001"),
            (100_000.0, "100000"),
            (0.1 + 0.2, "0.30000000000000004"),
        ] {
            let decimal = from_double(double).expect("fits");
            assert_eq!(decimal.to_string(), text);
            assert!((to_double(decimal).expect("fits") - double).abs() < f64::MIN_POSITIVE);
        }
    }

    #[test]
    fn the_short_way_and_the_long_way_agree() {
        let long = |value: f64| Decimal::from_str_exact(&value.to_string()).ok();
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state >> 11
        };
        let mut n_short = 0;
        for _ in 0..200_000 {
            let power = POWERS[usize::try_from(next() % 10).expect("is small")];
            let digits = 10_i64.pow(u32::try_from(next() % 16).expect("is small"));
            let whole = i64::try_from(next()).expect("is 53 bits") % digits;
            #[expect(clippy::as_conversions, reason = "is below 2^53")]
            let exact = whole as f64 / power;
            for value in [exact, -exact, exact.next_up(), exact.next_down(), exact / 3.0] {
                let Some(short) = short_decimal(value) else { continue };
                n_short += 1;
                assert_eq!(Some(short), long(value), "{value:e}");
                let double = short_double(short).expect("is short");
                assert!(double == value && to_nearest_double(short) == value, "{value:e}");
            }
        }
        assert!(n_short > 300_000, "only {n_short} took the short way");
    }

    #[test]
    fn refuses_a_double_that_no_decimal_holds() {
        for double in [f64::NAN, f64::INFINITY, f64::MAX, 1e40, 1e-40] {
            assert!(from_double(double).is_err(), "{double:e} was taken");
        }
    }

    #[test]
    fn refuses_a_decimal_that_no_double_stands_for() {
        let decimal = Decimal::from_str_exact("1234567890.123456789012").expect("is a decimal");
        assert!(to_double(decimal).is_err());
    }
}
