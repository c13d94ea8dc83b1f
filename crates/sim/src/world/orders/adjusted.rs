//! A stop that becomes another one when the market comes to a trigger price.
//!
//! Source: the broker's page on adjustable stops. It must never know the market. Called by
//! [`Manner`](super::manner::Manner).

use gatehouse_tws::order::Order;
use gatehouse_types::{Decimal, Price, Side};

use super::kind::{Refused, Then, Trail, TrailBy, WorkKind, named, set};
use crate::world::catalog::Listing;

/// What a stop becomes, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjusted {
    /// Reached from the winning side: above for the stop of a long position.
    pub trigger: Price,
    pub name: String,
    pub into: WorkKind,
}

impl Adjusted {
    /// Reads the adjustment of a stop, if it has one.
    ///
    /// # Errors
    /// 361 to 364, for what is missing or cannot be.
    pub fn read(
        order: &Order,
        kind: &WorkKind,
        side: Side,
        listing: &Listing,
    ) -> Result<Option<Self>, Refused> {
        let name = order.adjusted_order_type.as_str();
        if matches!(name, "" | "None" | "NONE") {
            return Ok(None);
        }
        let coded = |code, text: &'static str| move |_: Refused| Refused::new(code, text);
        let is_stop = matches!(kind, WorkKind::Stop { .. } | WorkKind::Trail(_));
        let trigger = named(set(order.trigger_price), listing)
            .map_err(coded(361, "Invalid trigger price."))?;
        if !is_stop {
            return Err(Refused::new(361, "Invalid trigger price."));
        }
        let stop = named(set(order.adjusted_stop_price), listing)
            .map_err(coded(362, "Invalid adjusted stop price."))?;
        let limit = || {
            named(set(order.adjusted_stop_limit_price), listing)
                .map_err(coded(363, "Invalid adjusted stop limit price."))
        };
        let into = match name {
            "STP" => WorkKind::Stop { trigger: stop, then: Then::Market },
            "STP LMT" => WorkKind::Stop { trigger: stop, then: Then::Limit(limit()?) },
            "TRAIL" => WorkKind::Trail(trail(order, stop, None)?),
            "TRAIL LIMIT" => {
                let limit = limit()?.value();
                let offset = match side {
                    Side::Buy => limit - stop.value(),
                    Side::Sell => stop.value() - limit,
                };
                WorkKind::Trail(trail(order, stop, Some(offset))?)
            }
            _ => {
                return Err(Refused::new(
                    329,
                    "Order modify failed. Cannot change to the new order type.",
                ));
            }
        };
        Ok(Some(Self { trigger, name: name.to_owned(), into }))
    }
}

fn trail(order: &Order, start: Price, limit_offset: Option<Decimal>) -> Result<Trail, Refused> {
    let amount = set(order.adjusted_trailing_amount)
        .filter(Decimal::is_sign_positive)
        .ok_or_else(|| Refused::new(364, "Invalid adjusted trailing amount."))?;
    let by = match order.adjustable_trailing_unit {
        Some(unit) if unit != 0 => TrailBy::Percent(amount),
        Some(_) | None => TrailBy::Amount(amount),
    };
    Ok(Trail { by, start: Some(start), limit_offset })
}
