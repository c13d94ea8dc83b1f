//! The value of a limit: a number, a rule that is on, or names.

use std::collections::BTreeSet;
use std::fmt;

use rust_decimal::Decimal;

use super::{LimitId, LimitUnit};

/// The value of a limit that is not off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LimitValue {
    Number(Decimal),
    On,
    Names(Names),
}

impl LimitValue {
    /// Returns the number, when it is one.
    #[must_use]
    pub const fn number(&self) -> Option<Decimal> {
        match self {
            Self::Number(value) => Some(*value),
            Self::On | Self::Names(_) => None,
        }
    }
}

impl From<Decimal> for LimitValue {
    fn from(value: Decimal) -> Self {
        Self::Number(value)
    }
}

impl fmt::Display for LimitValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value) => value.fmt(f),
            Self::On => f.write_str("on"),
            Self::Names(names) => names.fmt(f),
        }
    }
}

/// Names in capitals, at least one, in alphabetical order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names(BTreeSet<String>);

/// More than a person keeps in mind; it bounds the size of one entry.
const NAMES_MAX: usize = 500;
/// Longer than any symbol, exchange or order type of the broker.
const NAME_LENGTH_MAX: usize = 32;

impl Names {
    /// Returns the names as one each of `names`; small letters become capitals.
    ///
    /// # Errors
    /// The first name that cannot be one, in words; empty when there is none at all.
    pub fn try_new<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let mut kept = BTreeSet::new();
        for name in names.into_iter().map(str::trim).filter(|name| !name.is_empty()) {
            let is_name = name.len() <= NAME_LENGTH_MAX
                && name.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
                && !name.contains([',', '[', ']', '"']);
            if !is_name || kept.len() >= NAMES_MAX {
                return Err(name.to_owned());
            }
            kept.insert(name.to_ascii_uppercase());
        }
        if kept.is_empty() { Err(String::new()) } else { Ok(Self(kept)) }
    }

    /// Returns whether the name is among them, whatever its capitals are.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(name) || self.0.iter().any(|it| it.eq_ignore_ascii_case(name))
    }

    /// Returns whether each of these is among `others`.
    #[must_use]
    pub fn is_within(&self, others: &Self) -> bool {
        self.0.is_subset(&others.0)
    }

    /// Returns the names, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

/// `AAPL, MSFT`
impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, name) in self.0.iter().enumerate() {
            let between = if place == 0 { "" } else { ", " };
            write!(f, "{between}{name}")?;
        }
        Ok(())
    }
}

/// What is wrong with a limit's value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseLimitError {
    #[error("{value} is below zero; {id} starts at 0")]
    Negative { id: LimitId, value: Decimal },
    #[error("{value} is not a whole number; {id} counts")]
    NotWhole { id: LimitId, value: Decimal },
    #[error("{text:?} is not a number, which {id} is")]
    NotNumber { id: LimitId, text: String },
    #[error("{text:?} is neither on nor off, which {id} is")]
    NotSwitch { id: LimitId, text: String },
    #[error("{id} needs at least one name; off takes the list away")]
    NoNames { id: LimitId },
    #[error("{name:?} cannot be a name in {id}")]
    NotName { id: LimitId, name: String },
    #[error("{name:?} is not understood in {id}, which knows: {known}")]
    NotKnown { id: LimitId, name: String, known: &'static str },
}

/// Order types that the judgement understands.
const ORDER_TYPES: [&str; 4] = ["LMT", "MKT", "STP", "STP LMT"];
/// Kinds of security that the judgement understands.
const SECURITY_TYPES: [&str; 2] = ["OPT", "STK"];

impl LimitId {
    /// Reads a value as a person writes it: a number, `on`, or names between commas.
    ///
    /// # Errors
    /// When the text does not have the limit's form, or its value makes no sense.
    pub fn parse(self, text: &str) -> Result<LimitValue, ParseLimitError> {
        let value = match self.unit() {
            LimitUnit::Units
            | LimitUnit::BaseCurrency
            | LimitUnit::Percent
            | LimitUnit::Seconds
            | LimitUnit::Orders
            | LimitUnit::Changes
            | LimitUnit::PricePerUnit => LimitValue::Number(
                Decimal::from_str_exact(text.trim())
                    .map_err(|_| ParseLimitError::NotNumber { id: self, text: text.to_owned() })?,
            ),
            LimitUnit::Switch if text.trim() == "on" => LimitValue::On,
            LimitUnit::Switch => {
                return Err(ParseLimitError::NotSwitch { id: self, text: text.to_owned() });
            }
            LimitUnit::AllowList | LimitUnit::RefuseList => {
                LimitValue::Names(Names::try_new(text.split(',')).map_err(|name| {
                    if name.is_empty() {
                        ParseLimitError::NoNames { id: self }
                    } else {
                        ParseLimitError::NotName { id: self, name }
                    }
                })?)
            }
        };
        self.check(value)
    }

    /// Checks that a value has the limit's form and makes sense.
    ///
    /// # Errors
    /// `Negative` below zero, `NotWhole` for a fraction of an order, `NotKnown` for a name that
    /// the judgement does not understand, else that the form is another.
    pub fn check(self, value: LimitValue) -> Result<LimitValue, ParseLimitError> {
        match (self.unit(), value) {
            (
                LimitUnit::Units
                | LimitUnit::BaseCurrency
                | LimitUnit::Percent
                | LimitUnit::Seconds
                | LimitUnit::Orders
                | LimitUnit::Changes
                | LimitUnit::PricePerUnit,
                LimitValue::Number(value),
            ) => self.check_number(value).map(LimitValue::Number),
            (LimitUnit::Switch, LimitValue::On) => Ok(LimitValue::On),
            (LimitUnit::AllowList | LimitUnit::RefuseList, LimitValue::Names(names)) => {
                self.check_names(names).map(LimitValue::Names)
            }
            (LimitUnit::Switch, other) => {
                Err(ParseLimitError::NotSwitch { id: self, text: other.to_string() })
            }
            (LimitUnit::AllowList | LimitUnit::RefuseList, other) => {
                Err(ParseLimitError::NotName { id: self, name: other.to_string() })
            }
            (
                LimitUnit::Units
                | LimitUnit::BaseCurrency
                | LimitUnit::Percent
                | LimitUnit::Seconds
                | LimitUnit::Orders
                | LimitUnit::Changes
                | LimitUnit::PricePerUnit,
                other,
            ) => Err(ParseLimitError::NotNumber { id: self, text: other.to_string() }),
        }
    }

    fn check_number(self, value: Decimal) -> Result<Decimal, ParseLimitError> {
        if value.is_sign_negative() && !value.is_zero() {
            return Err(ParseLimitError::Negative { id: self, value });
        }
        let counts = matches!(self.unit(), LimitUnit::Orders | LimitUnit::Changes);
        if counts && !value.fract().is_zero() {
            return Err(ParseLimitError::NotWhole { id: self, value });
        }
        Ok(value.normalize())
    }

    fn check_names(self, names: Names) -> Result<Names, ParseLimitError> {
        let (known, text): (&[&str], _) = if self == Self::OrderTypes {
            (&ORDER_TYPES, "LMT, MKT, STP, STP LMT")
        } else if self == Self::SecurityTypes {
            (&SECURITY_TYPES, "OPT, STK")
        } else {
            return Ok(names);
        };
        let stranger = names.iter().find(|name| !known.contains(name)).map(str::to_owned);
        match stranger {
            None => Ok(names),
            Some(name) => Err(ParseLimitError::NotKnown { id: self, name, known: text }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_the_form_of_its_limit() {
        let check = |id: LimitId, text: &str, expected: Option<&str>| {
            let read = id.parse(text).ok().map(|value| value.to_string());
            assert_eq!(read.as_deref(), expected, "{id} {text:?}");
        };
        check(LimitId::OrderQty, "500", Some("500"));
        check(LimitId::OrderQty, "-1", None);
        check(LimitId::OrderQty, "on", None);
        check(LimitId::OrdersPerDay, "1.5", None);
        check(LimitId::ChangesPerOrder, "1.5", None);
        check(LimitId::RthOnly, "on", Some("on"));
        check(LimitId::RthOnly, "1", None);
        check(LimitId::Symbols, " spy, AAPL,SPY,", Some("AAPL, SPY"));
        check(LimitId::Symbols, "BRK B", Some("BRK B"));
        check(LimitId::Symbols, " , ", None);
        check(LimitId::Symbols, "A[B", None);
        check(LimitId::OrderTypes, "lmt,stp lmt", Some("LMT, STP LMT"));
        check(LimitId::OrderTypes, "LMT,TRAIL", None);
        check(LimitId::SecurityTypes, "FUT", None);
    }

    #[test]
    fn fewer_allowed_and_more_refused_names_are_stricter() {
        let check = |id: LimitId, old: &str, new: &str, is_tighter: bool| {
            let [old, new] = [old, new].map(|text| id.parse(text).ok());
            assert_eq!(id.is_tighter(old.as_ref(), new.as_ref()), is_tighter, "{old:?} {new:?}");
        };
        check(LimitId::Symbols, "", "SPY", true);
        check(LimitId::Symbols, "SPY", "", false);
        check(LimitId::Symbols, "AAPL,SPY", "SPY", true);
        check(LimitId::Symbols, "SPY", "AAPL,SPY", false);
        check(LimitId::Symbols, "SPY", "AAPL", false);
        check(LimitId::RestrictedSymbols, "SPY", "AAPL,SPY", true);
        check(LimitId::RestrictedSymbols, "AAPL,SPY", "SPY", false);
        check(LimitId::RestrictedSymbols, "SPY", "", false);
        check(LimitId::RthOnly, "on", "", false);
        check(LimitId::RthOnly, "", "on", true);
    }
}
