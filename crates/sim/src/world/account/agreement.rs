//! What the account's holder set and agreed with the broker: commissions, order precautions,
//! fractions, short sales.
//!
//! Set once, by `--set NAME=VALUE`; it must never know an order. Called by the order desk.

use gatehouse_types::Decimal;

use super::commission::Plan;

/// What a short sale meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shorting {
    /// Shares to borrow are there.
    #[default]
    Available,
    /// The order is held while the broker looks for shares (404, `locate`), without end.
    Locating,
    /// There are none: the order is rejected.
    NoShares,
}

/// What was agreed. A precaution that is `None` is bypassed for orders of the API, which
/// is a setting of the real Gateway, too.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Agreement {
    pub plan: Plan,
    /// How far a limit may be from the market on its bad side, in percent (109).
    pub percent_max: Option<Decimal>,
    /// Largest size of one order (383).
    pub size_max: Option<Decimal>,
    /// Largest value of one order in dollars (the precaution's total value limit).
    pub value_max: Option<Decimal>,
    /// How far through the market a limit is taken at its word, in percent; beyond, the broker
    /// caps it and warns (2161).
    pub cap_percent: Option<Decimal>,
    /// Orders worth less than a share are not taken, as of an account without that permission.
    pub refuses_fractions: bool,
    pub shorting: Shorting,
}

/// Why a setting is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AgreementError {
    #[error("{given:?} is not NAME=VALUE")]
    NotPair { given: String },
    #[error("{name:?} is not commissions, percent, size, value, cap, fractions or shorting")]
    Unknown { name: String },
    #[error("{name} cannot be {value:?}: {expected}")]
    Value { name: String, value: String, expected: &'static str },
}

impl Agreement {
    /// Takes one setting, such as `commissions=tiered`, `percent=3`, `size=500`, `value=100000`,
    /// `cap=5`, `fractions=no` or `shorting=locating`; `none` lifts a limit.
    ///
    /// # Errors
    /// The name or the value is not known.
    pub fn set(&mut self, given: &str) -> Result<(), AgreementError> {
        let (name, value) = given
            .split_once('=')
            .ok_or_else(|| AgreementError::NotPair { given: given.to_owned() })?;
        let wrong = |expected| AgreementError::Value {
            name: name.to_owned(),
            value: value.to_owned(),
            expected,
        };
        let limit = || limit(value).ok_or_else(|| wrong("use a number above zero, or none"));
        match name {
            "commissions" => {
                self.plan = match value {
                    "fixed" => Plan::Fixed,
                    "tiered" => Plan::Tiered,
                    _ => return Err(wrong("use fixed or tiered")),
                }
            }
            "percent" => self.percent_max = limit()?,
            "size" => self.size_max = limit()?,
            "value" => self.value_max = limit()?,
            "cap" => self.cap_percent = limit()?,
            "fractions" => {
                self.refuses_fractions = match value {
                    "yes" => false,
                    "no" => true,
                    _ => return Err(wrong("use yes or no")),
                }
            }
            "shorting" => {
                self.shorting = match value {
                    "available" => Shorting::Available,
                    "locating" => Shorting::Locating,
                    "none" => Shorting::NoShares,
                    _ => return Err(wrong("use available, locating or none")),
                }
            }
            _ => return Err(AgreementError::Unknown { name: name.to_owned() }),
        }
        Ok(())
    }
}

/// `Some(None)` lifts a limit, `None` is no limit at all.
#[expect(clippy::option_option, reason = "a limit that is lifted is not one that is wrong")]
fn limit(value: &str) -> Option<Option<Decimal>> {
    if value == "none" {
        return Some(None);
    }
    let number: Decimal = value.parse().ok()?;
    (number > Decimal::ZERO).then_some(Some(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_it_knows_and_names_what_it_does_not() {
        let mut agreed = Agreement::default();
        for given in ["commissions=tiered", "percent=3", "size=500", "size=none", "shorting=none"] {
            assert_eq!(agreed.set(given), Ok(()), "{given}");
        }
        assert_eq!((agreed.plan, agreed.size_max), (Plan::Tiered, None));
        assert_eq!(agreed.percent_max, Some(Decimal::from(3)));
        assert_eq!(agreed.shorting, Shorting::NoShares);
        for (given, said) in [
            ("fast", "\"fast\" is not NAME=VALUE"),
            ("speed=3", "\"speed\" is not commissions"),
            ("size=-1", "size cannot be \"-1\": use a number above zero, or none"),
            ("fractions=maybe", "fractions cannot be \"maybe\": use yes or no"),
        ] {
            let error = agreed.set(given).expect_err("is wrong").to_string();
            assert!(error.starts_with(said), "{error}");
        }
    }
}
