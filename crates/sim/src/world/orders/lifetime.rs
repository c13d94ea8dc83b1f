//! How long an order lives: time in force, with what it may be combined.
//!
//! It must never know the market or the account. Called by [`Manner`](super::manner::Manner).

use gatehouse_tws::order::Order;

use super::kind::{Refused, WorkKind};
use super::stamps::instant;
use crate::world::catalog::{Listing, hours};

/// A crypto order of the broker's `Minutes` lives this long.
const MINUTES_SECS: i64 = 300;

/// How long an order lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// DAY: to the end of the hours in which it can trade.
    Day,
    /// GTC.
    UntilCancelled,
    /// IOC.
    AtOnce,
    /// FOK.
    WholeAtOnce,
    /// GTD and Minutes: to an instant, in seconds.
    Until(i64),
    /// OPG: in the opening auction only.
    AtOpen,
    /// DTC: as DAY, but it is put aside at the end of the day instead of cancelled.
    DayThenIdle,
}

impl Lifetime {
    /// Reads the time in force of an order of some kind.
    ///
    /// # Errors
    /// The broker's words about one that does not exist or does not go with the kind.
    pub fn read(order: &Order, kind: &WorkKind, now: i64) -> Result<Self, Refused> {
        let lifetime = match order.tif.as_str() {
            "" | "DAY" => Self::Day,
            "GTC" => Self::UntilCancelled,
            "IOC" => Self::AtOnce,
            "FOK" => Self::WholeAtOnce,
            "GTD" => Self::Until(deadline(&order.good_till_date, now)?),
            "Minutes" => Self::Until(now + MINUTES_SECS),
            "OPG" | "AUC" => Self::AtOpen,
            "DTC" => Self::DayThenIdle,
            other => return Err(Refused::new(10052, format!("Invalid time in force:{other}"))),
        };
        if matches!(kind, WorkKind::OnClose { .. }) && lifetime != Self::Day {
            let text = "The Tif option should be set to DAY for MOC and LOC orders.";
            return Err(Refused::new(113, text));
        }
        if !lifetime.suits(kind) {
            let text = "The TIF (Tif type) and the order type are incompatible.";
            return Err(Refused::new(111, text));
        }
        Ok(lifetime)
    }

    /// Which kinds can live so. Source: the broker's pages on each time in force.
    fn suits(self, kind: &WorkKind) -> bool {
        match self {
            Self::Day | Self::UntilCancelled | Self::Until(_) | Self::DayThenIdle => true,
            Self::AtOnce | Self::WholeAtOnce => {
                !kind.waits_for_trigger() && !matches!(kind, WorkKind::Pegged(_))
            }
            Self::AtOpen => {
                matches!(kind, WorkKind::Market | WorkKind::Limit { .. } | WorkKind::MarketToLimit)
            }
        }
    }

    /// Returns whether it may not wait.
    #[must_use]
    pub fn is_immediate(self) -> bool {
        match self {
            Self::AtOnce | Self::WholeAtOnce => true,
            Self::Day
            | Self::UntilCancelled
            | Self::Until(_)
            | Self::AtOpen
            | Self::DayThenIdle => false,
        }
    }

    /// Returns when it ends, in seconds; `None` for what ends otherwise.
    #[must_use]
    pub fn ends(self, listing: &Listing, outside_rth: bool, now: i64) -> Option<i64> {
        match self {
            Self::UntilCancelled | Self::AtOpen => None,
            Self::Until(at) => Some(at),
            Self::Day | Self::AtOnce | Self::WholeAtOnce | Self::DayThenIdle => {
                Some(hours::next(listing, now, !outside_rth).1)
            }
        }
    }
}

fn deadline(text: &str, now: i64) -> Result<i64, Refused> {
    if text.trim().is_empty() {
        return Err(Refused::new(334, "Invalid Good Till Date order"));
    }
    stamp(text, now)
}

/// Reads an instant that a client names in an order.
///
/// # Errors
/// The broker's sentence about the format.
pub(super) fn stamp(text: &str, now: i64) -> Result<i64, Refused> {
    instant(text, now).ok_or_else(|| {
        let text = "The date, time, or time-zone entered is invalid. The correct format is yyyymmdd hh:mm:ss xxx where yyyymmdd and xxx are optional. E.g.: 20031126 15:59:00 EST Note that there is a space between the date and time, and between the time and time-zone.";
        Refused::new(337, text)
    })
}
