//! bondContractData (18): one bond that fits a question.

use gatehouse_types::Decimal;

use super::answer_codec;
use super::contract_data::{ContractDetails, FRACTIONAL_SIZE, SIZE_RULES};
use crate::layout::{Layout, Pass, Passed, ReqId, WireContract};

/// Server version from which a bond's hours stand in its data.
const TRADING_HOURS: i32 = 188;

/// bondContractDetails: one bond that fits a question, in the place of contract data.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BondContractData {
    pub req_id: ReqId,
    pub contract: WireContract,
    pub details: ContractDetails,
    pub terms: WireBond,
}

/// What only a bond has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WireBond {
    pub cusip: String,
    /// In percent of the face value.
    pub coupon: Decimal,
    /// `yyyymmdd`, as the next.
    pub maturity: String,
    pub issue_date: String,
    pub ratings: String,
    pub bond_type: String,
    pub coupon_type: String,
    pub convertible: bool,
    pub callable: bool,
    pub puttable: bool,
    /// `AAPL 2.2 09/11/29`.
    pub description: String,
    pub next_option_date: String,
    pub next_option_type: String,
    pub next_option_partial: bool,
    pub notes: String,
}

answer_codec!(BondContractData = BondContractData);

impl Layout for BondContractData {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        if !pass.is_text() {
            pass.req_id(1, &mut self.req_id)?;
            self.contract.last_trade_date.clone_from(&self.terms.maturity);
            pass.nested(2, "contract", &mut self.contract)?;
            let mut both = Both { details: self.details.clone(), terms: self.terms.clone() };
            pass.nested(3, "contractDetails", &mut both)?;
            self.details = both.details;
            self.terms = WireBond { maturity: self.contract.last_trade_date.clone(), ..both.terms };
            return Ok(());
        }
        let has_size_rules = pass.version().has(SIZE_RULES);
        if !has_size_rules {
            pass.layout_version(6)?;
        }
        pass.req_id(1, &mut self.req_id)?;
        let contract = &mut self.contract;
        pass.text(0, "symbol", &mut contract.symbol)?;
        pass.text(0, "secType", &mut contract.sec_type)?;
        self.terms.lay_promise(pass)?;
        contract.lay_bond(&mut self.details.market_name, pass)?;
        pass.amount(0, "minTick", &mut self.details.min_tick)?;
        if !has_size_rules {
            pass.text_int("mdSizeMultiplier", 1, &mut 0)?;
        }
        pass.text(0, "orderTypes", &mut self.details.order_types)?;
        pass.text(0, "validExchanges", &mut self.details.valid_exchanges)?;
        self.terms.lay_option(pass)?;
        lay_rest(&mut self.details, pass)
    }
}

fn lay_rest<P: Pass>(details: &mut ContractDetails, pass: &mut P) -> Passed {
    pass.text(0, "longName", &mut details.long_name)?;
    if pass.version().has(TRADING_HOURS) {
        pass.text(0, "timeZoneId", &mut details.time_zone_id)?;
        pass.text(0, "tradingHours", &mut details.trading_hours)?;
        pass.text(0, "liquidHours", &mut details.liquid_hours)?;
    }
    pass.text(0, "evRule", &mut details.ev_rule)?;
    pass.double(0, "evMultiplier", &mut details.ev_multiplier)?;
    pass.list(0, "secIdList", &mut details.sec_ids)?;
    pass.int(0, "aggGroup", &mut details.agg_group)?;
    pass.text(0, "marketRuleIds", &mut details.market_rule_ids)?;
    if pass.version().has(SIZE_RULES) {
        pass.amount(0, "minSize", &mut details.min_size)?;
        pass.amount(0, "sizeIncrement", &mut details.size_increment)?;
    }
    // A version that has one of the sizes only has none of a bond.
    if pass.version().has(FRACTIONAL_SIZE.max(SIZE_RULES)) {
        pass.amount(0, "suggestedSizeIncrement", &mut details.suggested_size_increment)?;
    }
    Ok(())
}

/// Details and terms are one message in protobuf.
#[derive(Debug, Clone, Default)]
struct Both {
    details: ContractDetails,
    terms: WireBond,
}

impl Layout for Both {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        self.details.lay(pass)?;
        let terms = &mut self.terms;
        pass.text(44, "cusip", &mut terms.cusip)?;
        pass.text(45, "issueDate", &mut terms.issue_date)?;
        pass.text(46, "ratings", &mut terms.ratings)?;
        pass.text(47, "bondType", &mut terms.bond_type)?;
        pass.double(48, "coupon", &mut terms.coupon)?;
        pass.text(49, "couponType", &mut terms.coupon_type)?;
        pass.flag(50, "convertible", &mut terms.convertible)?;
        pass.flag(51, "callable", &mut terms.callable)?;
        pass.flag(52, "puttable", &mut terms.puttable)?;
        pass.text(53, "descAppend", &mut terms.description)?;
        pass.text(54, "nextOptionDate", &mut terms.next_option_date)?;
        pass.text(55, "nextOptionType", &mut terms.next_option_type)?;
        pass.flag(56, "nextOptionPartial", &mut terms.next_option_partial)?;
        pass.text(57, "bondNotes", &mut terms.notes)
    }
}

impl WireBond {
    fn lay_promise<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.text(0, "cusip", &mut self.cusip)?;
        pass.double(0, "coupon", &mut self.coupon)?;
        pass.text(0, "maturity", &mut self.maturity)?;
        pass.text(0, "issueDate", &mut self.issue_date)?;
        pass.text(0, "ratings", &mut self.ratings)?;
        pass.text(0, "bondType", &mut self.bond_type)?;
        pass.text(0, "couponType", &mut self.coupon_type)?;
        pass.flag(0, "convertible", &mut self.convertible)?;
        pass.flag(0, "callable", &mut self.callable)?;
        pass.flag(0, "puttable", &mut self.puttable)?;
        pass.text(0, "descAppend", &mut self.description)
    }

    fn lay_option<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.text(0, "nextOptionDate", &mut self.next_option_date)?;
        pass.text(0, "nextOptionType", &mut self.next_option_type)?;
        pass.flag(0, "nextOptionPartial", &mut self.next_option_partial)?;
        pass.text(0, "bondNotes", &mut self.notes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ServerVersion;
    use gatehouse_types::ConId;

    fn bond() -> BondContractData {
        BondContractData {
            req_id: ReqId::new(4),
            contract: WireContract {
                con_id: Some(ConId::new(573_000_002)),
                symbol: "AAPL".to_owned(),
                sec_type: "BOND".to_owned(),
                exchange: "SMART".to_owned(),
                currency: "USD".to_owned(),
                trading_class: "AAPL".to_owned(),
                ..WireContract::default()
            },
            details: ContractDetails {
                market_name: "AAPL".to_owned(),
                min_tick: Decimal::new(1, 1),
                order_types: "LMT".to_owned(),
                valid_exchanges: "SMART".to_owned(),
                long_name: "APPLE INC".to_owned(),
                agg_group: 3,
                market_rule_ids: "1529".to_owned(),
                ..ContractDetails::default()
            },
            terms: WireBond {
                cusip: "037833DP2".to_owned(),
                coupon: Decimal::new(22, 1),
                maturity: "20290911".to_owned(),
                coupon_type: "FIXED".to_owned(),
                callable: true,
                ..WireBond::default()
            },
        }
    }

    #[test]
    fn text_has_the_order_of_the_official_client() {
        let text = bond().encode(ServerVersion::new(163)).expect("encodes");
        let text = String::from_utf8_lossy(&text).replace('\0', "|");
        let expected = "18|6|4|AAPL|BOND|037833DP2|2.2|20290911||||FIXED|0|1|0||SMART|USD|AAPL|AAPL|573000002|0.1|1|LMT|SMART|||0||APPLE INC||0|0|3|1529|";
        assert_eq!(text, expected);
        let text = bond().encode(ServerVersion::new(200)).expect("encodes");
        let text = String::from_utf8_lossy(&text).replace('\0', "|");
        let expected = "18|4|AAPL|BOND|037833DP2|2.2|20290911||||FIXED|0|1|0||SMART|USD|AAPL|AAPL|573000002|0.1|LMT|SMART|||0||APPLE INC|||||0|0|3|1529|0|0|0|";
        assert_eq!(text, expected);
    }

    #[test]
    fn protobuf_keeps_the_terms_among_the_details() {
        let version = ServerVersion::new(226);
        let body = bond().encode(version).expect("encodes");
        let terms = b"\xE2\x02\x09037833DP2";
        assert!(body.windows(terms.len()).any(|bytes| bytes == terms));
        let expected = BondContractData {
            contract: WireContract { last_trade_date: "20290911".to_owned(), ..bond().contract },
            ..bond()
        };
        assert_eq!(BondContractData::decode(version, &body), Ok(expected));
    }

    #[test]
    fn it_reads_back_in_text() {
        for version in (164..=200).map(ServerVersion::new) {
            let body = bond().encode(version).expect("encodes");
            assert_eq!(BondContractData::decode(version, &body), Ok(bond()), "{version}");
        }
    }
}
