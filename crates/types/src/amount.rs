//! Exact amounts. No `From<f64>` exists: floats stop at the wire codec.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use crate::exact;

/// What is wrong with an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// The text is not a decimal number that fits 96 bits and 28 places.
    #[error("{text:?} is not a decimal number")]
    NotDecimal { text: String },
    /// A quantity below zero.
    #[error("quantity {value} is below zero")]
    Negative { value: Decimal },
    /// A currency that is not three capital letters.
    #[error("{text:?} is not a currency code")]
    NotCurrency { text: String },
    /// Two amounts of different currencies met.
    #[error("{left} and {right} cannot be added")]
    CurrencyMismatch { left: Currency, right: Currency },
    /// The result does not fit.
    #[error("the result is too large")]
    Overflow,
}

fn decimal(text: &str) -> Result<Decimal, AmountError> {
    Decimal::from_str_exact(text)
        .map(|value| value.normalize())
        .map_err(|_| AmountError::NotDecimal { text: text.to_owned() })
}

macro_rules! decimal_text {
    ($type:ident) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl Ord for $type {
            #[inline]
            fn cmp(&self, other: &Self) -> Ordering {
                exact::compare(self.0, other.0)
            }
        }
        impl PartialOrd for $type {
            #[inline]
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }
        impl $type {
            /// Returns the exact decimal.
            #[inline]
            #[must_use]
            pub fn value(self) -> Decimal {
                self.0
            }
        }
    };
}

/// Price of one unit of an instrument, in its currency.
///
/// May be zero or negative: spreads and some futures trade there.
///
/// | operation | result |
/// |---|---|
/// | `Price::from_str` | exact, or an error |
/// | `price.notional(qty, multiplier)` | `Decimal`, checked |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Price(Decimal);
decimal_text!(Price);

impl Price {
    /// Makes a price from an exact decimal.
    #[must_use]
    pub fn new(value: Decimal) -> Self {
        Self(value.normalize())
    }

    /// Returns `|price| × qty × multiplier`.
    ///
    /// # Errors
    /// `Overflow` when the product does not fit.
    pub fn notional(self, qty: Qty, multiplier: Decimal) -> Result<Decimal, AmountError> {
        self.0
            .abs()
            .checked_mul(qty.0)
            .and_then(|value| value.checked_mul(multiplier.abs()))
            .ok_or(AmountError::Overflow)
    }
}

impl FromStr for Price {
    type Err = AmountError;
    fn from_str(text: &str) -> Result<Self, AmountError> {
        decimal(text).map(Self)
    }
}

/// Number of shares, contracts or units. Never negative; fractions are legal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Qty(Decimal);
decimal_text!(Qty);

impl Qty {
    /// No units.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// Makes a quantity.
    ///
    /// # Errors
    /// `Negative` below zero.
    pub fn try_new(value: Decimal) -> Result<Self, AmountError> {
        if value.is_sign_negative() && !value.is_zero() {
            return Err(AmountError::Negative { value });
        }
        Ok(Self(value.normalize()))
    }

    /// Returns whether there are no units.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.0.is_zero()
    }

    /// Returns the sum.
    ///
    /// # Errors
    /// `Overflow` when it does not fit.
    pub fn checked_add(self, other: Self) -> Result<Self, AmountError> {
        self.0.checked_add(other.0).map(Self).ok_or(AmountError::Overflow)
    }

    /// Returns the difference, zero when `other` is larger.
    #[must_use]
    pub fn saturating_sub(self, other: Self) -> Self {
        Self((self.0 - other.0).max(Decimal::ZERO))
    }
}

impl FromStr for Qty {
    type Err = AmountError;
    fn from_str(text: &str) -> Result<Self, AmountError> {
        Self::try_new(decimal(text)?)
    }
}

/// A position: positive long, negative short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SignedQty(Decimal);
decimal_text!(SignedQty);

impl SignedQty {
    /// Flat.
    pub const FLAT: Self = Self(Decimal::ZERO);

    /// Makes a position.
    #[must_use]
    pub fn new(value: Decimal) -> Self {
        Self(value.normalize())
    }

    /// Returns the size without its sign.
    #[must_use]
    pub fn size(self) -> Qty {
        Qty(self.0.abs())
    }

    /// Returns the sum.
    ///
    /// # Errors
    /// `Overflow` when it does not fit.
    pub fn checked_add(self, other: Self) -> Result<Self, AmountError> {
        self.0.checked_add(other.0).map(Self).ok_or(AmountError::Overflow)
    }
}

impl FromStr for SignedQty {
    type Err = AmountError;
    fn from_str(text: &str) -> Result<Self, AmountError> {
        decimal(text).map(Self)
    }
}

/// An ISO 4217 style code of three capital letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// US dollar.
    pub const USD: Self = Self(*b"USD");

    /// Returns whether a text is its code.
    #[must_use]
    pub fn is_named(self, text: &str) -> bool {
        self.0 == text.as_bytes()
    }
}

impl FromStr for Currency {
    type Err = AmountError;
    fn from_str(text: &str) -> Result<Self, AmountError> {
        match <[u8; 3]>::try_from(text.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_uppercase) => Ok(Self(code)),
            Ok(_) | Err(_) => Err(AmountError::NotCurrency { text: text.to_owned() }),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{}", char::from(*byte)))
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An amount of one currency, of either sign.
///
/// | operation | result |
/// |---|---|
/// | `Money + Money`, same currency | `Ok(Money)` |
/// | `Money + Money`, other currency | `Err(CurrencyMismatch)` |
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    amount: Decimal,
    currency: Currency,
}

impl Money {
    /// Makes an amount.
    #[must_use]
    pub fn new(amount: Decimal, currency: Currency) -> Self {
        Self { amount: amount.normalize(), currency }
    }

    /// Returns the amount without its currency.
    #[inline]
    #[must_use]
    pub fn amount(self) -> Decimal {
        self.amount
    }

    /// Returns the currency.
    #[inline]
    #[must_use]
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// Returns the sum.
    ///
    /// # Errors
    /// `CurrencyMismatch`, or `Overflow` when the sum does not fit.
    pub fn checked_add(self, other: Self) -> Result<Self, AmountError> {
        if self.currency != other.currency {
            return Err(AmountError::CurrencyMismatch {
                left: self.currency,
                right: other.currency,
            });
        }
        let amount = self.amount.checked_add(other.amount).ok_or(AmountError::Overflow)?;
        Ok(Self { amount, currency: self.currency })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_not_a_decimal() {
        for text in ["", "NaN", "inf", "1e5", " 1", "1.797e308", "0x10"] {
            assert!(text.parse::<Price>().is_err(), "{text:?} was taken for a price");
        }
    }

    #[test]
    fn keeps_every_digit_of_a_price() {
        for text in ["0.0001", "-37.63", "0.00000001", "123456789.12345678"] {
            assert_eq!(text.parse::<Price>().expect("is a price").to_string(), text);
        }
    }

    #[test]
    fn refuses_a_negative_quantity() {
        assert!(matches!("-1".parse::<Qty>(), Err(AmountError::Negative { .. })));
        assert_eq!("-0".parse::<Qty>(), Ok(Qty::ZERO));
    }

    #[test]
    fn refuses_to_add_two_currencies() {
        let usd = Money::new(Decimal::ONE, Currency::USD);
        let eur = Money::new(Decimal::ONE, "EUR".parse().expect("is a code"));
        assert!(matches!(usd.checked_add(eur), Err(AmountError::CurrencyMismatch { .. })));
    }
}
