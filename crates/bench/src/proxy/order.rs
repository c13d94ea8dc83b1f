//! The two frames that are measured: a tick, and an order that no limit refuses.

use gatehouse_tws::ServerVersion;
use gatehouse_tws::layout::WireContract;
use gatehouse_tws::order::Order;
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{Decimal, OrderId, OrderKind};

/// The version both frames are written for: text, as most bots speak it.
pub(crate) const VERSION: i32 = 178;

/// Cents below the market at which orders stand, so that no two are alike and none is far.
const N_PRICES: i32 = 900;

pub(crate) fn contract() -> WireContract {
    WireContract {
        con_id: Some(gatehouse_testkit::spy().con_id),
        symbol: "SPY".to_owned(),
        sec_type: "STK".to_owned(),
        exchange: "SMART".to_owned(),
        currency: "USD".to_owned(),
        ..WireContract::default()
    }
}

/// Returns the body of order `id`.
pub(crate) fn order(id: i32) -> anyhow::Result<Vec<u8>> {
    let cents = Decimal::from(65_900 - id % N_PRICES) / Decimal::ONE_HUNDRED;
    let mut order = Order {
        action: "BUY".to_owned(),
        total_quantity: Decimal::from(1 + id / N_PRICES % 5),
        tif: "DAY".to_owned(),
        transmit: true,
        ..Order::default()
    };
    order.set_kind(&OrderKind::Limit { limit: Some(cents.to_string().parse()?) });
    let order_id = OrderId::new(id);
    let place = PlaceOrder { order_id, contract: contract(), order, attached: None };
    Ok(place.encode(ServerVersion::new(VERSION))?)
}

/// Returns the body of a tickPrice.
pub(crate) fn tick(n: u32) -> Vec<u8> {
    format!("1\x006\x009001\x004\x00{}.{:02}\x00100\x000\0", 600 + n % 60, n % 100).into_bytes()
}

/// Returns the body of the status that ends order `id`.
pub(crate) fn cancelled(id: i32) -> Vec<u8> {
    format!("3\x00{id}\0Cancelled\x000\x001\x000\x00{}\x000\x000\x0021\0\x000\0", 900_000 + id)
        .into_bytes()
}
