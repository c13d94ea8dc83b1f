//! The form of an intent in a body.

use gatehouse_types::{
    AccountId, ConId, Contract, Family, Feature, Intent, OrderId, OrderKind, Price, Qty, SecType,
    Side, Tif,
};
use serde::{Deserialize, Serialize};

use super::mirror::{Fixed, Mirror, fixed, list, mirrored, one, opt};

mirrored! {
    Intent => IntentBody,
    Contract => ContractBody,
    SecType => SecTypeBody,
    Side => SideBody,
    OrderKind => OrderKindBody,
    Tif => TifBody,
    Family => FamilyBody,
    Feature => FeatureBody,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Intent", deny_unknown_fields)]
struct IntentBody {
    #[serde(with = "one")]
    order_id: OrderId,
    #[serde(with = "one")]
    contract: Contract,
    #[serde(with = "opt")]
    account: Option<AccountId>,
    #[serde(with = "one")]
    side: Side,
    #[serde(with = "one")]
    quantity: Qty,
    #[serde(with = "one")]
    kind: OrderKind,
    #[serde(with = "one")]
    tif: Tif,
    outside_rth: bool,
    what_if: bool,
    order_ref: String,
    /// Absent for an order that stands alone, as in every body of the first format.
    #[serde(default = "Family::alone", skip_serializing_if = "Family::is_alone", with = "one")]
    family: Family,
    #[serde(with = "list")]
    features: Vec<Feature>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Family", deny_unknown_fields)]
struct FamilyBody {
    #[serde(with = "opt")]
    parent_id: Option<OrderId>,
    oca_group: String,
    oca_type: Option<i32>,
    transmit: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Contract", deny_unknown_fields)]
struct ContractBody {
    #[serde(with = "opt")]
    con_id: Option<ConId>,
    symbol: String,
    #[serde(with = "one")]
    sec_type: SecType,
    exchange: String,
    primary_exchange: String,
    currency: String,
    local_symbol: String,
    trading_class: String,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "SecType")]
enum SecTypeBody {
    #[serde(rename = "STK")]
    Stock,
    #[serde(rename = "other")]
    Other(String),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Side", rename_all = "UPPERCASE")]
enum SideBody {
    Buy,
    Sell,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "OrderKind", deny_unknown_fields)]
enum OrderKindBody {
    #[serde(rename = "MKT")]
    Market,
    #[serde(rename = "LMT")]
    Limit {
        #[serde(with = "opt")]
        limit: Option<Price>,
    },
    #[serde(rename = "STP")]
    Stop {
        #[serde(with = "opt")]
        trigger: Option<Price>,
    },
    #[serde(rename = "STP LMT")]
    StopLimit {
        #[serde(with = "opt")]
        trigger: Option<Price>,
        #[serde(with = "opt")]
        limit: Option<Price>,
    },
    #[serde(rename = "other")]
    Other { name: String },
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Tif")]
enum TifBody {
    #[serde(rename = "DAY")]
    Day,
    #[serde(rename = "GTC")]
    GoodTillCancelled,
    #[serde(rename = "IOC")]
    ImmediateOrCancel,
    #[serde(rename = "FOK")]
    FillOrKill,
    #[serde(rename = "other")]
    Other(String),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Feature", rename_all = "kebab-case")]
enum FeatureBody {
    Algo,
    Hedge,
    Scale,
    Conditions,
    ComboLegs,
    CashQuantity,
    Parent,
    OcaGroup,
    NotTransmitted,
    AttachedOrders,
    Adjusted,
    Trailing,
    DeltaNeutral,
    FinancialAdvisor,
    Field(#[serde(with = "fixed")] Fixed),
}
