//! What a person does in the Gateway's own window: places an order, or cancels one of a bot.
//!
//! It must never act. Called by serde; the server hands it to the order desk.

use gatehouse_tws::layout::WireContract;
use gatehouse_tws::order::Order;
use gatehouse_tws::request::PlaceOrder;
use serde::Deserialize;

use super::{Amount, SideWord, Target};

/// An order as a person fills in the window's row.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManualOrder {
    /// One instrument; `*` is refused.
    pub symbol: Target,
    pub side: SideWord,
    pub quantity: Amount,
    /// `MKT`, `LMT`, `STP`, …; without it `LMT` where there is a limit, else `MKT`.
    #[serde(default, rename = "type")]
    pub order_type: Option<String>,
    #[serde(default)]
    pub limit: Option<Amount>,
    /// The price that triggers a stop.
    #[serde(default)]
    pub stop: Option<Amount>,
    /// `DAY` where it is left out.
    #[serde(default)]
    pub tif: Option<String>,
}

impl ManualOrder {
    /// Returns the order as the Gateway's window hands it on, or `None` for no single instrument.
    #[must_use]
    pub fn as_placed(&self) -> Option<PlaceOrder> {
        let Target::One(listing) = self.symbol else { return None };
        let usual = if self.limit.is_some() { "LMT" } else { "MKT" };
        let side = match self.side {
            SideWord::Buy => "BUY",
            SideWord::Sell => "SELL",
        };
        let order = Order {
            action: side.to_owned(),
            total_quantity: self.quantity.0,
            order_type: self.order_type.as_deref().unwrap_or(usual).to_owned(),
            lmt_price: self.limit.map(|limit| limit.0),
            aux_price: self.stop.map(|stop| stop.0),
            tif: self.tif.as_deref().unwrap_or("DAY").to_owned(),
            transmit: true,
            ..Order::default()
        };
        let contract = WireContract {
            con_id: Some(listing.con_id()),
            exchange: listing.usual_venue().to_owned(),
            ..WireContract::default()
        };
        Some(PlaceOrder { contract, order, ..PlaceOrder::default() })
    }
}

/// Which order of a bot a person cancels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManualCancel {
    /// With `id`; without both the order that was placed last.
    #[serde(default)]
    pub client: Option<i32>,
    #[serde(default)]
    pub id: Option<i32>,
}
