//! What an instrument is: contract data (10), its end (52), symbol samples (79), market rules (93).

use gatehouse_types::Decimal;

use super::{answer_codec, ending};
use crate::layout::{Layout, Pass, Passed, ReqId, TagValue, WireContract};

/// Server version from which the sizes of an order stand in contract data, and its layout has no
/// version of its own.
pub(super) const SIZE_RULES: i32 = 164;
/// Server version from which one size stands in contract data.
pub(super) const FRACTIONAL_SIZE: i32 = 163;
/// Server version from which contract data ends with why a contract cannot be traded.
const INELIGIBILITY: i32 = 186;
/// Server version from which a symbol sample says who issued it.
const ISSUER_ID: i32 = 176;

/// contractDetails: one contract that fits a question.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContractData {
    pub req_id: ReqId,
    pub contract: WireContract,
    pub details: ContractDetails,
}

answer_codec!(ContractData = ContractData);

impl Layout for ContractData {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        if !pass.is_text() {
            pass.req_id(1, &mut self.req_id)?;
            pass.nested(2, "contract", &mut self.contract)?;
            return pass.nested(3, "contractDetails", &mut self.details);
        }
        let has_size_rules = pass.version().has(SIZE_RULES);
        if !has_size_rules {
            pass.layout_version(8)?;
        }
        pass.req_id(1, &mut self.req_id)?;
        self.contract.lay_details(&mut self.details.market_name, pass)?;
        pass.amount(0, "minTick", &mut self.details.min_tick)?;
        if !has_size_rules {
            pass.text_int("mdSizeMultiplier", 1, &mut 0)?;
        }
        self.contract.lay_details_multiplier(pass)?;
        self.details.lay_trading(pass)?;
        pass.text(0, "primaryExchange", &mut self.contract.primary_exchange)?;
        self.details.lay_listing(pass)?;
        self.details.lay_sizes(pass)?;
        if pass.version().has(INELIGIBILITY) {
            pass.list(0, "ineligibilityReasonList", &mut self.details.ineligibility)?;
        }
        Ok(())
    }
}

/// What the broker knows about a contract; the fields of stocks and derivatives.
///
/// `long_name` must be ASCII below 201: clients take a backslash in it for an escape.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContractDetails {
    pub market_name: String,
    /// Smallest step of a price where no market rule says otherwise.
    pub min_tick: Decimal,
    /// Names of order types and attributes, comma-separated.
    pub order_types: String,
    /// Exchanges, comma-separated.
    pub valid_exchanges: String,
    /// By how much the quoted price is magnified; 1 as a rule.
    pub price_magnifier: i32,
    /// Zero when there is no underlying.
    pub under_con_id: i32,
    pub long_name: String,
    pub contract_month: String,
    pub industry: String,
    pub category: String,
    pub subcategory: String,
    /// `US/Eastern`, ….
    pub time_zone_id: String,
    /// `20260105:0400-20260105:2000;20260106:CLOSED;…`, in the zone above.
    pub trading_hours: String,
    /// Regular hours, in the same form.
    pub liquid_hours: String,
    pub ev_rule: String,
    pub ev_multiplier: Decimal,
    /// Other ids, such as the ISIN.
    pub sec_ids: Vec<TagValue>,
    pub agg_group: i32,
    pub under_symbol: String,
    pub under_sec_type: String,
    /// Ids of market rules, one for each valid exchange, comma-separated.
    pub market_rule_ids: String,
    pub real_expiration_date: String,
    /// `COMMON`, `ETF`, ….
    pub stock_type: String,
    pub min_size: Decimal,
    pub size_increment: Decimal,
    pub suggested_size_increment: Decimal,
    /// Why the contract cannot be traded; empty when it can.
    pub ineligibility: Vec<Ineligibility>,
}

/// One reason why a contract cannot be traded by this login.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ineligibility {
    pub id: String,
    pub description: String,
}

impl Layout for Ineligibility {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.text(1, "id", &mut self.id)?;
        pass.text(2, "description", &mut self.description)
    }
}

impl ContractDetails {
    fn lay_trading<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.text(3, "orderTypes", &mut self.order_types)?;
        pass.text(4, "validExchanges", &mut self.valid_exchanges)?;
        pass.int(5, "priceMagnifier", &mut self.price_magnifier)?;
        pass.int(6, "underConId", &mut self.under_con_id)?;
        pass.text(7, "longName", &mut self.long_name)
    }

    fn lay_listing<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.text(8, "contractMonth", &mut self.contract_month)?;
        pass.text(9, "industry", &mut self.industry)?;
        pass.text(10, "category", &mut self.category)?;
        pass.text(11, "subcategory", &mut self.subcategory)?;
        pass.text(12, "timeZoneId", &mut self.time_zone_id)?;
        pass.text(13, "tradingHours", &mut self.trading_hours)?;
        pass.text(14, "liquidHours", &mut self.liquid_hours)?;
        pass.text(15, "evRule", &mut self.ev_rule)?;
        pass.double(16, "evMultiplier", &mut self.ev_multiplier)?;
        pass.list(17, "secIdList", &mut self.sec_ids)?;
        pass.int(18, "aggGroup", &mut self.agg_group)?;
        pass.text(19, "underSymbol", &mut self.under_symbol)?;
        pass.text(20, "underSecType", &mut self.under_sec_type)?;
        pass.text(21, "marketRuleIds", &mut self.market_rule_ids)?;
        pass.text(22, "realExpirationDate", &mut self.real_expiration_date)?;
        pass.text(23, "stockType", &mut self.stock_type)
    }

    fn lay_sizes<P: Pass>(&mut self, pass: &mut P) -> Passed {
        if pass.version().has(SIZE_RULES) {
            pass.amount(24, "minSize", &mut self.min_size)?;
            pass.amount(25, "sizeIncrement", &mut self.size_increment)?;
        }
        if pass.version().has(FRACTIONAL_SIZE) {
            pass.amount(26, "suggestedSizeIncrement", &mut self.suggested_size_increment)?;
        }
        Ok(())
    }
}

/// The protobuf message; in text its fields stand among those of the contract.
impl Layout for ContractDetails {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.text(1, "marketName", &mut self.market_name)?;
        pass.amount(2, "minTick", &mut self.min_tick)?;
        self.lay_trading(pass)?;
        self.lay_listing(pass)?;
        self.lay_sizes(pass)?;
        pass.list(58, "ineligibilityReasonList", &mut self.ineligibility)
    }
}

ending!(
    /// contractDetailsEnd: no more contracts fit.
    ContractDataEnd = ContractDataEnd, version 1
);

/// symbolSamples: contracts whose symbol or name begins as asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SymbolSamples {
    pub req_id: ReqId,
    pub samples: Vec<SymbolSample>,
}

answer_codec!(SymbolSamples = SymbolSamples);

impl Layout for SymbolSamples {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.req_id(1, &mut self.req_id)?;
        pass.list(2, "contractDescriptions", &mut self.samples)
    }
}

/// One contract; text carries only its id, symbol, kind, primary exchange and currency.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SymbolSample {
    pub contract: WireContract,
    pub derivative_sec_types: Vec<String>,
}

impl Layout for SymbolSample {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        self.contract.lay_sample(1, pass)?;
        pass.words(2, "derivativeSecTypes", &mut self.derivative_sec_types)?;
        if pass.is_text() && pass.version().has(ISSUER_ID) {
            pass.text(0, "description", &mut self.contract.description)?;
            pass.text(0, "issuerId", &mut self.contract.issuer_id)?;
        }
        Ok(())
    }
}

/// marketRule: the steps of a price, by where the price stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MarketRule {
    pub rule_id: i32,
    pub steps: Vec<PriceStep>,
}

answer_codec!(MarketRule = MarketRule);

impl Layout for MarketRule {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.int(1, "marketRuleId", &mut self.rule_id)?;
        pass.list(2, "priceIncrements", &mut self.steps)
    }
}

/// From `low_edge` upwards prices move in steps of `increment`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PriceStep {
    pub low_edge: Decimal,
    pub increment: Decimal,
}

impl Layout for PriceStep {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.double(1, "lowEdge", &mut self.low_edge)?;
        pass.double(2, "increment", &mut self.increment)
    }
}
