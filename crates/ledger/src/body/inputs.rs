//! The form of what a verdict looked at in a body.

use std::time::Duration;

use gatehouse_types::{
    ConId, Currency, DataType, Decimal, Inputs, Money, Price, Qty, SecType, Seen, SeenInstrument,
    SeenMoney, SeenQuote, SignedQty, TradingHours,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::mirror::{Mirror, Out, mirrored, one, opt};

mirrored! {
    Inputs => InputsBody,
    SeenInstrument => SeenInstrumentBody,
    SeenQuote => SeenQuoteBody,
    SeenMoney => SeenMoneyBody,
    DataType => DataTypeBody,
    TradingHours => TradingHoursBody,
}

impl Mirror for SignedQty {
    fn put<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().put(serializer)
    }

    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Decimal::take(deserializer).map(Self::new)
    }
}

impl<T: Mirror> Mirror for Seen<T> {
    fn put<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(bound = "T: Mirror")]
        struct Body<'a, T> {
            bot: Option<Out<'a, T>>,
            account: Option<Out<'a, T>>,
        }
        Body { bot: self.bot.as_ref().map(Out), account: self.account.as_ref().map(Out) }
            .serialize(serializer)
    }

    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields, bound = "T: Mirror")]
        struct Body<T> {
            #[serde(with = "opt")]
            bot: Option<T>,
            #[serde(with = "opt")]
            account: Option<T>,
        }
        let body = Body::<T>::deserialize(deserializer)?;
        Ok(Self { bot: body.bot, account: body.account })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Inputs", deny_unknown_fields)]
struct InputsBody {
    #[serde(with = "opt")]
    instrument: Option<SeenInstrument>,
    #[serde(with = "opt")]
    quote: Option<SeenQuote>,
    #[serde(with = "opt")]
    hours: Option<TradingHours>,
    #[serde(with = "opt")]
    price_move: Option<Decimal>,
    #[serde(with = "one")]
    position: Seen<SignedQty>,
    #[serde(with = "one")]
    working: Seen<Qty>,
    #[serde(with = "opt")]
    net_liquidation: Option<SeenMoney>,
    orders_today: Option<u32>,
    #[serde(with = "one")]
    day_result: Seen<Money>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "SeenInstrument", deny_unknown_fields)]
struct SeenInstrumentBody {
    #[serde(with = "one")]
    con_id: ConId,
    symbol: String,
    #[serde(with = "one")]
    sec_type: SecType,
    #[serde(with = "one")]
    currency: Currency,
    #[serde(with = "one")]
    min_tick: Decimal,
    #[serde(with = "one")]
    multiplier: Decimal,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "SeenQuote", deny_unknown_fields)]
struct SeenQuoteBody {
    #[serde(with = "opt")]
    bid: Option<Price>,
    #[serde(with = "opt")]
    ask: Option<Price>,
    #[serde(with = "opt")]
    last: Option<Price>,
    #[serde(rename = "age_ns", with = "one")]
    age: Duration,
    #[serde(with = "one")]
    data: DataType,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "SeenMoney", deny_unknown_fields)]
struct SeenMoneyBody {
    #[serde(with = "one")]
    value: Money,
    #[serde(rename = "age_ns", with = "one")]
    age: Duration,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "DataType", rename_all = "kebab-case")]
enum DataTypeBody {
    Live,
    Delayed,
    Frozen,
    Other,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "TradingHours", rename_all = "kebab-case")]
enum TradingHoursBody {
    Regular,
    Extended,
    Closed,
}
