//! The values that a drill's line holds: amounts, spans of time and instruments.
//!
//! It must never know what they are for. Called by serde.

use std::fmt;

use gatehouse_types::{ConId, Decimal};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, de::Error as _};

use crate::world::catalog::{self, Listing};
use crate::world::px::PX_ONE;
use crate::world::time::STEPS_PER_SECOND;

/// An exact amount, written as text (`"0.50"`) or as a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amount(pub Decimal);

/// A span of the market's time in steps of a quarter of a second, written as seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(i64);

/// One instrument, or all of them (`*`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Target {
    #[default]
    All,
    One(&'static Listing),
}

impl Amount {
    /// Returns it in hundred-thousandths, cut at the fifth digit.
    #[must_use]
    pub fn px(self) -> Option<i64> {
        let scaled = self.0.checked_mul(Decimal::from(PX_ONE))?;
        i64::try_from(scaled.trunc()).ok()
    }
}

impl Span {
    /// A week; nothing is planned further ahead.
    const LONGEST: i64 = 7 * 24 * 3600 * STEPS_PER_SECOND;

    /// Returns a span of whole seconds.
    #[must_use]
    pub const fn secs(secs: i64) -> Self {
        Self(secs * STEPS_PER_SECOND)
    }

    /// Returns it in steps.
    #[must_use]
    pub const fn steps(self) -> i64 {
        self.0
    }

    fn try_new(seconds: Decimal) -> Option<Self> {
        let steps = seconds.checked_mul(Decimal::from(STEPS_PER_SECOND))?;
        let steps = i64::try_from(steps.ceil()).ok()?;
        (0..=Self::LONGEST).contains(&steps).then_some(Self(steps))
    }
}

impl Target {
    /// Returns whether an instrument is meant.
    #[must_use]
    pub fn fits(self, listing: &Listing) -> bool {
        match self {
            Self::All => true,
            Self::One(one) => one.con_id() == listing.con_id(),
        }
    }

    /// An option is named by its local symbol, with or without the spaces in it.
    fn find(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::All);
        }
        let by_id = || catalog::by_con_id(ConId::new(text.parse().ok()?));
        // The last 15 letters of an option's name are its day, right and strike.
        let by_option = || {
            let (root, terms) = text.split_at_checked(text.len().checked_sub(15)?)?;
            catalog::by_symbol(&format!("{:<6}{terms}", root.trim_end()))
        };
        catalog::by_symbol(text).or_else(by_id).or_else(by_option).map(Self::One)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let expected = "an amount as text such as \"0.50\", or a whole number";
        from.deserialize_any(Number { expected }).map(Self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let expected = "seconds as a whole number, or as text such as \"0.25\", up to a week";
        let seconds = from.deserialize_any(Number { expected })?;
        Self::try_new(seconds).ok_or_else(|| D::Error::custom(format!("expected {expected}")))
    }
}

impl<'de> Deserialize<'de> for Target {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::find(&text).ok_or_else(|| {
            let text: String = text.chars().take(40).collect();
            D::Error::custom(format!(
                "{text:?} is not an instrument; use a symbol, a contract id or *"
            ))
        })
    }
}

/// Reads an exact number; a floating one has lost digits already.
struct Number {
    expected: &'static str,
}

impl Visitor<'_> for Number {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Decimal, E> {
        Ok(Decimal::from(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Decimal, E> {
        Ok(Decimal::from(value))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Decimal, E> {
        Decimal::from_str_exact(value)
            .map_err(|_| E::invalid_value(de::Unexpected::Str(value), &self))
    }
}
