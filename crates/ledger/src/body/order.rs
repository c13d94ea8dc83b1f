//! The form of orders, executions, bots and limits in a body.

use gatehouse_types::{
    BotConfig, BotName, ClientId, ConId, Currency, Decimal, ExecId, Execution, KillOrder,
    LimitChange, LimitId, LimitValue, Money, OrderId, OrderRef, OrderStatus, PermId, Price, Qty,
    Scope, Side, Utc,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::mirror::{In, Mirror, Out, mirrored, one, opt};

mirrored! {
    OrderRef => OrderRefBody,
    OrderStatus => OrderStatusBody,
    Execution => ExecutionBody,
    BotConfig => BotConfigBody,
    LimitChange => LimitChangeBody,
    KillOrder => KillOrderBody,
}

impl Mirror for Money {
    fn put<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Body<'a> {
            amount: Out<'a, Decimal>,
            currency: Out<'a, Currency>,
        }
        Body { amount: Out(&self.amount()), currency: Out(&self.currency()) }.serialize(serializer)
    }

    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Body {
            amount: In<Decimal>,
            currency: In<Currency>,
        }
        let body = Body::deserialize(deserializer)?;
        Ok(Self::new(body.amount.0, body.currency.0))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "OrderRef", deny_unknown_fields)]
struct OrderRefBody {
    #[serde(with = "one")]
    bot: BotName,
    #[serde(with = "one")]
    order_id: OrderId,
}

/// The broker's words, letter for letter.
#[derive(Serialize, Deserialize)]
#[serde(remote = "OrderStatus")]
enum OrderStatusBody {
    Recording,
    Sent,
    PendingSubmit,
    PreSubmitted,
    Submitted,
    PendingCancel,
    Inactive,
    Filled,
    Cancelled,
    Rejected,
    Withdrawn,
    Unknown,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Execution", deny_unknown_fields)]
struct ExecutionBody {
    #[serde(with = "one")]
    exec_id: ExecId,
    #[serde(with = "opt")]
    order: Option<OrderRef>,
    #[serde(with = "one")]
    perm_id: PermId,
    #[serde(with = "one")]
    con_id: ConId,
    symbol: String,
    #[serde(with = "one")]
    currency: Currency,
    #[serde(with = "one")]
    side: Side,
    #[serde(with = "one")]
    quantity: Qty,
    #[serde(with = "one")]
    price: Price,
    #[serde(rename = "at_ns", with = "opt")]
    at: Option<Utc>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "BotConfig", deny_unknown_fields)]
struct BotConfigBody {
    #[serde(with = "one")]
    name: BotName,
    port: u16,
    #[serde(with = "one")]
    client_id: ClientId,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "LimitChange", deny_unknown_fields)]
struct LimitChangeBody {
    #[serde(with = "one")]
    scope: Scope,
    #[serde(with = "one")]
    limit: LimitId,
    #[serde(with = "one")]
    old: Option<Option<LimitValue>>,
    #[serde(with = "one")]
    new: Option<Option<LimitValue>>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "KillOrder", rename_all = "kebab-case", deny_unknown_fields)]
enum KillOrderBody {
    CancelSent,
    Dropped,
    Kept { protects: String },
    NoLink,
}
