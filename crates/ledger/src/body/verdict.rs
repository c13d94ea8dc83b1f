//! The form of a verdict and of a refusal in a body.

use std::time::Duration;

use gatehouse_types::{
    Decimal, Feature, Finding, Mode, Money, Outcome, Price, Refusal, Scope, Side, TradingState,
    Verdict, Weight,
};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::mirror::{Fixed, In, Mirror, Out, fixed, list, mirrored, one};

mirrored! {
    Finding => FindingBody,
    Weight => WeightBody,
    Outcome => OutcomeBody,
    Refusal => RefusalBody,
    Mode => ModeBody,
}

/// The outcome is written although it follows from the findings, so that a reader that knows
/// nothing of weights can ask for it; one that does not follow is an error.
impl Mirror for Verdict {
    fn put<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Body<'a> {
            outcome: Out<'a, Outcome>,
            is_exit: bool,
            n_controls: Out<'a, usize>,
            #[serde(with = "list")]
            findings: &'a Vec<Finding>,
        }
        Body {
            outcome: Out(&self.outcome()),
            is_exit: self.is_exit,
            n_controls: Out(&self.n_controls),
            findings: &self.findings,
        }
        .serialize(serializer)
    }

    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Body {
            outcome: In<Outcome>,
            is_exit: bool,
            n_controls: In<usize>,
            #[serde(with = "list")]
            findings: Vec<Finding>,
        }
        let body = Body::deserialize(deserializer)?;
        let verdict =
            Self { findings: body.findings, is_exit: body.is_exit, n_controls: body.n_controls.0 };
        if verdict.outcome() == body.outcome.0 {
            Ok(verdict)
        } else {
            Err(D::Error::custom("the outcome does not follow from the findings"))
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Finding", deny_unknown_fields)]
struct FindingBody {
    #[serde(with = "one")]
    weight: Weight,
    #[serde(with = "one")]
    scope: Scope,
    #[serde(with = "one")]
    refusal: Refusal,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Weight", rename_all = "kebab-case")]
enum WeightBody {
    Warn,
    Hold,
    Refuse,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Outcome", rename_all = "kebab-case")]
enum OutcomeBody {
    Allow,
    Warn,
    Hold,
    Refuse,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Mode", rename_all = "UPPERCASE")]
enum ModeBody {
    Sim,
    Paper,
    Live,
}

#[rustfmt::skip]
#[derive(Serialize, Deserialize)]
#[serde(remote = "Refusal", rename_all = "kebab-case", deny_unknown_fields)]
enum RefusalBody {
    Senseless { #[serde(with = "fixed")] field: Fixed, value: String },
    ContractUnknown { symbol: String },
    ContractAmbiguous { symbol: String },
    AccountForeign,
    QuantityAbove { #[serde(with = "one")] quantity: Decimal, #[serde(with = "one")] limit: Decimal },
    QuantityNear { #[serde(with = "one")] quantity: Decimal, #[serde(with = "one")] limit: Decimal },
    ValueAbove { #[serde(with = "one")] value: Money, #[serde(with = "one")] limit: Money },
    ValueUnknown { #[serde(with = "fixed")] missing: Fixed },
    CollarAbove {
        #[serde(with = "one")] price: Price,
        #[serde(with = "one")] reference: Price,
        #[serde(with = "one")] percent: Decimal,
        #[serde(with = "one")] limit: Decimal,
    },
    PennyValueAbove {
        #[serde(with = "one")] price: Price,
        #[serde(with = "one")] value: Money,
        #[serde(with = "one")] limit: Money,
    },
    QuoteStale {
        #[serde(rename = "age_ns", with = "one")] age: Duration,
        #[serde(rename = "limit_ns", with = "one")] limit: Duration,
    },
    QuoteMissing { #[serde(with = "fixed")] side: Fixed },
    AlgoValueAbove { #[serde(with = "one")] value: Money, #[serde(with = "one")] limit: Money },
    OptionCollarAbove {
        #[serde(with = "one")] price: Price,
        #[serde(with = "one")] reference: Price,
        #[serde(with = "one")] distance: Price,
        #[serde(with = "one")] limit: Price,
    },
    MarketOrderOutsideHours { #[serde(with = "fixed")] hours: Fixed },
    MarketOrderMayTradeOutside,
    MarketSpreadAbove { #[serde(with = "one")] percent: Decimal, #[serde(with = "one")] limit: Decimal },
    DataNotLive { #[serde(with = "fixed")] data: Fixed },
    QuoteCrossed { #[serde(with = "one")] bid: Price, #[serde(with = "one")] ask: Price },
    QuoteNotPositive { #[serde(with = "fixed")] side: Fixed, #[serde(with = "one")] price: Price },
    PriceJumped { #[serde(with = "one")] percent: Decimal, #[serde(with = "one")] limit: Decimal },
    MoveUnknown,
    SpreadAbove { #[serde(with = "one")] percent: Decimal, #[serde(with = "one")] limit: Decimal },
    SpreadUnknown { #[serde(with = "fixed")] missing: Fixed },
    OutsideHours { #[serde(with = "fixed")] hours: Fixed },
    AsksOutsideHours,
    HoursUnknown { #[serde(with = "fixed")] missing: Fixed },
    SymbolNotAllowed { symbol: String },
    SymbolsNotNamed,
    SymbolRestricted { symbol: String },
    CurrencyNotAllowed { currency: String },
    BaseCurrencyUnknown,
    ExchangeNotAllowed { exchange: String },
    ShortSale { #[serde(with = "one")] selling: Decimal, #[serde(with = "one")] held: Decimal },
    HoldingUnknown { #[serde(with = "fixed")] missing: Fixed },
    ChangeRateAbove { changes: u32, #[serde(with = "one")] limit: Decimal },
    ChangesAbove { changes: u32, #[serde(with = "one")] limit: Decimal },
    OrdersTodayAbove { orders: u32, #[serde(with = "one")] limit: Decimal },
    DayUnknown,
    WorkingAbove { orders: u32, #[serde(with = "one")] limit: Decimal },
    WorkingSideAbove {
        orders: u32,
        #[serde(with = "one")] side: Side,
        #[serde(with = "one")] limit: Decimal,
    },
    SecurityTypeNotAllowed { sec_type: String },
    OrderTypeNotAllowed { name: String },
    FeatureNotAllowed { #[serde(with = "one")] feature: Feature },
    SameOrderAgain {
        #[serde(rename = "ago_ns", with = "one")] ago: Duration,
        #[serde(rename = "limit_ns", with = "one")] limit: Duration,
    },
    RateAbove {
        orders: u32,
        #[serde(with = "one")] limit: Decimal,
        #[serde(rename = "per_ns", with = "one")] per: Duration,
    },
    PositionAbove {
        #[serde(with = "one")] held: Money,
        #[serde(with = "one")] working: Money,
        #[serde(with = "one")] order: Money,
        #[serde(with = "one")] limit: Money,
        #[serde(with = "one")] would_pass: Decimal,
    },
    PositionUnknown { #[serde(with = "fixed")] missing: Fixed },
    UnexecutedAbove {
        #[serde(with = "one")] working: Money,
        #[serde(with = "one")] order: Money,
        #[serde(with = "one")] limit: Money,
    },
    UnexecutedUnknown { #[serde(with = "fixed")] missing: Fixed },
    GrossExposureAbove { #[serde(with = "one")] exposure: Money, #[serde(with = "one")] limit: Money },
    NetExposureAbove { #[serde(with = "one")] exposure: Money, #[serde(with = "one")] limit: Money },
    ExposureUnknown { #[serde(with = "fixed")] missing: Fixed },
    BatchValueAbove { #[serde(with = "one")] value: Money, #[serde(with = "one")] limit: Money },
    DayValueAbove { #[serde(with = "one")] value: Money, #[serde(with = "one")] limit: Money },
    TradedUnknown { #[serde(with = "fixed")] missing: Fixed },
    DayLossAbove { #[serde(with = "one")] loss: Money, #[serde(with = "one")] limit: Money },
    DayLossNear { #[serde(with = "one")] loss: Money, #[serde(with = "one")] limit: Money },
    DayLossUnknown { #[serde(with = "fixed")] missing: Fixed },
    RefusedInARow { refused: u32, #[serde(with = "one")] limit: Decimal },
    RefusedWithin {
        refused: u32,
        #[serde(with = "one")] limit: Decimal,
        #[serde(rename = "per_ns", with = "one")] per: Duration,
    },
    NotConnected { #[serde(with = "fixed")] state: Fixed },
    ModeNotTraded { #[serde(with = "one")] mode: Mode },
    BotUnknown,
    AccountUnknown,
    StateForbids { #[serde(with = "one")] state: TradingState },
    LedgerNotWritable,
    NotUnderstood { detail: String },
    OrderIdUsed { order_id: i32 },
    ChangeForbidden { #[serde(with = "fixed")] field: Fixed },
    FateUnknown,
    NotRecordedInTime,
    TakenBack,
    MessageNotAllowed { message: String },
    ParentNotWorking { parent_id: i32, #[serde(with = "fixed")] state: Fixed },
    FamilyRefused { order_id: i32 },
    TieNotAllowed { #[serde(with = "fixed")] what: Fixed },
}
