//! Words of `ibapi` into words of Gatehouse. What cannot be held exactly is an error, not a guess.

use gatehouse_tws::number::from_double;
use gatehouse_types::{Decimal, OrderKind, OrderStatus, Price, Qty, Side};
use ibapi::orders::{Action, Order, OrderStatusKind};

use crate::DeskError;

/// Returns the shortest decimal of a double.
pub(crate) fn decimal(what: &'static str, value: f64) -> Result<Decimal, DeskError> {
    from_double(value).map_err(|_| DeskError::Inexact { what, text: value.to_string() })
}

/// Returns a price.
pub(crate) fn price(what: &'static str, value: f64) -> Result<Price, DeskError> {
    decimal(what, value).map(Price::new)
}

/// Returns a quantity.
pub(crate) fn qty(what: &'static str, value: f64) -> Result<Qty, DeskError> {
    Qty::try_new(decimal(what, value)?)
        .map_err(|_| DeskError::Inexact { what, text: value.to_string() })
}

/// Returns the direction; the two institutional sells are sells.
pub(crate) fn side(action: Action) -> Side {
    match action {
        Action::Buy => Side::Buy,
        Action::Sell | Action::SellShort | Action::SellLong => Side::Sell,
    }
}

/// Returns the order type with its prices.
pub(crate) fn kind(order: &Order) -> Result<OrderKind, DeskError> {
    let optional = |value: Option<f64>| value.map(|value| price("price", value)).transpose();
    let limit = optional(order.limit_price)?;
    let trigger = optional(order.aux_price)?;
    Ok(match order.order_type.as_str() {
        "MKT" => OrderKind::Market,
        "LMT" => OrderKind::Limit { limit },
        "STP" => OrderKind::Stop { trigger },
        "STP LMT" => OrderKind::StopLimit { trigger, limit },
        name => OrderKind::Other { name: name.to_owned() },
    })
}

/// Returns where the order is in its life. A word that we do not know is a working order: it
/// counts until the broker says that it ended.
pub(crate) fn status(kind: &OrderStatusKind) -> OrderStatus {
    match kind {
        OrderStatusKind::ApiPending | OrderStatusKind::PendingSubmit => OrderStatus::PendingSubmit,
        OrderStatusKind::PendingCancel => OrderStatus::PendingCancel,
        OrderStatusKind::PreSubmitted => OrderStatus::PreSubmitted,
        OrderStatusKind::ApiCancelled | OrderStatusKind::Cancelled => OrderStatus::Cancelled,
        OrderStatusKind::Filled => OrderStatus::Filled,
        OrderStatusKind::Inactive => OrderStatus::Inactive,
        OrderStatusKind::Submitted | OrderStatusKind::Unknown(_) => OrderStatus::Submitted,
    }
}
