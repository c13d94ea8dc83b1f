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
pub fn from_double(value: f64) -> Result<Decimal, NumberError> {
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
    let not_exact = || NumberError::NotExact { text: value.to_string() };
    let double: f64 = value.to_string().parse().map_err(|_| not_exact())?;
    if from_double(double)? == value { Ok(double) } else { Err(not_exact()) }
}

/// Returns the double nearest to `value`, for figures of which nothing depends, such as averages.
#[must_use]
pub fn to_nearest_double(value: Decimal) -> f64 {
    value.to_string().parse().expect("every decimal reads as a double")
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
