//! Orders of the person at the window, sent like any client's through the desk's own door. Whether
//! they may be sent is decided behind that door.

use std::sync::Arc;

use gatehouse_tws::number::from_double;
use gatehouse_types::{ConId, Decimal, OrderId, Side};
use ibapi::Client;
use ibapi::contracts::Contract;
use ibapi::orders::{Action, Order, TimeInForce};
use tokio::sync::oneshot;

use crate::DeskError;
use crate::session::TaskEnd;

/// Type of an order of the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceKind {
    Market,
    Limit {
        limit: Decimal,
    },
    Stop {
        trigger: Decimal,
    },
    StopLimit {
        trigger: Decimal,
        limit: Decimal,
    },
    /// Follows the price at this distance.
    Trail {
        distance: Decimal,
    },
}

/// How long an order of the person works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlaceTif {
    Day,
    GoodTillCancelled,
    ImmediateOrCancel,
    FillOrKill,
}

/// One order, exactly as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceOrder {
    pub con_id: ConId,
    pub symbol: String,
    pub currency: String,
    pub side: Side,
    pub quantity: Decimal,
    pub kind: PlaceKind,
    pub tif: PlaceTif,
    pub outside_rth: bool,
    /// Free text that the record keeps.
    pub order_ref: String,
}

/// Sends orders that belong together: the first is the parent of the others, and only the last one
/// transmits. `changes` names the working order that the first one changes. Answers with the ids.
pub(crate) async fn send(
    client: Arc<Client>,
    orders: Vec<PlaceOrder>,
    changes: Option<OrderId>,
    reply: oneshot::Sender<Result<Vec<OrderId>, DeskError>>,
) -> TaskEnd {
    // Whoever asked may have gone away.
    reply.send(send_all(&client, &orders, changes).await).ok();
    TaskEnd::Done
}

async fn send_all(
    client: &Client,
    orders: &[PlaceOrder],
    changes: Option<OrderId>,
) -> Result<Vec<OrderId>, DeskError> {
    // All of them can be written, or none is sent.
    let written: Vec<Order> = orders.iter().map(wire).collect::<Result<_, _>>()?;
    let mut ids: Vec<OrderId> = Vec::new();
    let n_orders = written.len();
    for (place, (order, mut wire)) in orders.iter().zip(written).enumerate() {
        let id =
            changes.filter(|_| place == 0).map_or_else(|| client.next_order_id(), OrderId::get);
        wire.order_id = id;
        wire.parent_id = ids.first().map_or(0, |parent| parent.get());
        wire.transmit = place + 1 == n_orders;
        let contract = contract(order);
        client
            .submit_order(id, &contract, &wire)
            .await
            .map_err(|source| DeskError::Asking { what: "an order", source })?;
        ids.push(OrderId::new(id));
    }
    Ok(ids)
}

fn contract(order: &PlaceOrder) -> Contract {
    Contract {
        contract_id: order.con_id.get(),
        symbol: order.symbol.as_str().into(),
        currency: order.currency.as_str().into(),
        exchange: "SMART".into(),
        ..Default::default()
    }
}

fn wire(order: &PlaceOrder) -> Result<Order, DeskError> {
    let (name, limit, aux) = match order.kind {
        PlaceKind::Market => ("MKT", None, None),
        PlaceKind::Limit { limit } => ("LMT", Some(limit), None),
        PlaceKind::Stop { trigger } => ("STP", None, Some(trigger)),
        PlaceKind::StopLimit { trigger, limit } => ("STP LMT", Some(limit), Some(trigger)),
        PlaceKind::Trail { distance } => ("TRAIL", None, Some(distance)),
    };
    let optional = |value: Option<Decimal>| value.map(|value| double("price", value)).transpose();
    Ok(Order {
        action: match order.side {
            Side::Buy => Action::Buy,
            Side::Sell => Action::Sell,
        },
        total_quantity: double("quantity", order.quantity)?,
        order_type: name.to_owned(),
        limit_price: optional(limit)?,
        aux_price: optional(aux)?,
        tif: match order.tif {
            PlaceTif::Day => TimeInForce::Day,
            PlaceTif::GoodTillCancelled => TimeInForce::GoodTillCanceled,
            PlaceTif::ImmediateOrCancel => TimeInForce::ImmediateOrCancel,
            PlaceTif::FillOrKill => TimeInForce::FillOrKill,
        },
        outside_rth: order.outside_rth,
        order_ref: order.order_ref.clone(),
        transmit: true,
        ..Default::default()
    })
}

/// Returns the double whose shortest decimal is this one; what no double holds is not sent.
fn double(what: &'static str, value: Decimal) -> Result<f64, DeskError> {
    let inexact = || DeskError::Inexact { what, text: value.to_string() };
    let double: f64 = value.to_string().parse().map_err(|_| inexact())?;
    match from_double(double) {
        Ok(read) if read == value => Ok(double),
        Ok(_) | Err(_) => Err(inexact()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(kind: PlaceKind) -> PlaceOrder {
        PlaceOrder {
            con_id: ConId::new(756_733),
            symbol: "SPY".to_owned(),
            currency: "USD".to_owned(),
            side: Side::Buy,
            quantity: Decimal::from(8),
            kind,
            tif: PlaceTif::Day,
            outside_rth: false,
            order_ref: "ticket".to_owned(),
        }
    }

    #[test]
    fn each_type_has_the_prices_it_needs_and_no_other() {
        let check = |kind, name: &str, limit: Option<f64>, aux: Option<f64>| {
            let wire = wire(&order(kind)).expect("can be written");
            assert_eq!(
                (wire.order_type.as_str(), wire.limit_price, wire.aux_price),
                (name, limit, aux)
            );
        };
        let px = |text: &str| Decimal::from_str_exact(text).expect("is a number");
        check(PlaceKind::Market, "MKT", None, None);
        check(PlaceKind::Limit { limit: px("662.10") }, "LMT", Some(662.1), None);
        check(PlaceKind::Stop { trigger: px("656.4") }, "STP", None, Some(656.4));
        let both = PlaceKind::StopLimit { trigger: px("656.4"), limit: px("656") };
        check(both, "STP LMT", Some(656.0), Some(656.4));
        check(PlaceKind::Trail { distance: px("1.5") }, "TRAIL", None, Some(1.5));
    }

    #[test]
    fn a_number_that_no_double_holds_is_not_sent() {
        let limit = Decimal::from_str_exact("662.1000000000000000001").expect("is a number");
        assert!(wire(&order(PlaceKind::Limit { limit })).is_err());
    }
}
