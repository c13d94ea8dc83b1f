//! Why a study cannot be computed, as a person reads it.

use std::fmt;

use crate::kind::Kind;
use crate::param::Param;

/// Why a study cannot be computed. Displayed as what, why and next, one sentence each.
#[derive(Debug, Clone, PartialEq)]
pub enum Wrong {
    /// No study has this name.
    Name { given: String },
    /// Neither none nor all params were given.
    Count { kind: Kind, n_given: usize },
    /// A param is out of its range, not a number, or has a fraction and may have none.
    Param { kind: Kind, param: Param, given: f64 },
    /// Two params are the wrong way round.
    Order {
        kind: Kind,
        smaller: &'static str,
        larger: &'static str,
        smaller_given: f64,
        larger_given: f64,
    },
    /// A column is longer or shorter than the closes.
    Length { column: &'static str, n_values: usize, n_bars: usize },
}

impl Wrong {
    /// Returns what did not happen.
    #[must_use]
    pub fn what(&self) -> String {
        match self {
            Self::Name { given } => format!("No study \"{given}\" was drawn."),
            Self::Count { kind, .. } | Self::Param { kind, .. } | Self::Order { kind, .. } => {
                format!("The study {} was not drawn.", kind.title())
            }
            Self::Length { .. } => "The study was not drawn.".to_owned(),
        }
    }

    /// Returns the reason, with its numbers.
    #[must_use]
    pub fn why(&self) -> String {
        match self {
            Self::Name { .. } => "There is no study of that name.".to_owned(),
            Self::Count { kind, n_given } => {
                let names: Vec<_> = kind.params().iter().map(|param| param.name).collect();
                match names.as_slice() {
                    [] => format!("It has no numbers to choose, and {n_given} came."),
                    names => {
                        let n_wanted = names.len();
                        let names = names.join(", ");
                        format!("It has {n_wanted} numbers ({names}), and {n_given} came.")
                    }
                }
            }
            Self::Param { param, given, .. } => {
                let Param { name, least, most, is_whole, .. } = param;
                let whole = if *is_whole { "whole and " } else { "" };
                format!(
                    "The value for {name} is {given}, and must be {whole}from {least} to {most}."
                )
            }
            Self::Order { smaller, larger, smaller_given, larger_given, .. } => format!(
                "Its {smaller} of {smaller_given} is not below its {larger} of {larger_given}."
            ),
            Self::Length { column, n_values, n_bars } => {
                format!("Its column {column} has {n_values} values for {n_bars} bars.")
            }
        }
    }

    /// Returns what a person can do.
    #[must_use]
    pub fn next(&self) -> String {
        match self {
            Self::Name { .. } => {
                let names: Vec<_> = Kind::ALL.iter().map(|kind| kind.name()).collect();
                format!("Choose one of {}.", names.join(", "))
            }
            Self::Count { kind, .. } | Self::Order { kind, .. } => match kind.defaults().as_slice()
            {
                [] => "Leave the numbers out.".to_owned(),
                usual => format!("Choose them anew; the usual ones are {}.", listed(usual)),
            },
            Self::Param { param, .. } => {
                format!("Choose a value in this range; the usual one is {}.", param.usual)
            }
            Self::Length { .. } => "Open the chart anew; if it stays, report it.".to_owned(),
        }
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.what(), self.why(), self.next())
    }
}

impl std::error::Error for Wrong {}

fn listed(numbers: &[f64]) -> String {
    numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(", ")
}
