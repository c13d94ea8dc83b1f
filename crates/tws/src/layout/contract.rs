//! The contract as it stands on the wire, the same in both directions.

use gatehouse_types::{ConId, Contract, Decimal, SecType};

use super::{Layout, Pass, Passed, WireError};

/// Server version from which contract data says the last trade date beside the expiry.
const LAST_TRADE_DATE: i32 = 182;

/// A contract with every field that either form can carry.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct WireContract {
    /// `None` when left out or 0.
    pub con_id: Option<ConId>,
    pub symbol: String,
    /// The TWS abbreviation, `STK`, `OPT`, ….
    pub sec_type: String,
    /// Expiry or contract month of a derivative; empty for a stock.
    pub expiry: String,
    /// `None` when left out or 0.
    pub strike: Option<Decimal>,
    pub right: String,
    /// `None` when left out; a stock has none.
    pub multiplier: Option<Decimal>,
    pub exchange: String,
    pub primary_exchange: String,
    pub currency: String,
    pub local_symbol: String,
    pub trading_class: String,
    /// `ISIN`, `CUSIP`, … when a question names the contract by another id.
    pub sec_id_type: String,
    pub sec_id: String,
    pub issuer_id: String,
    pub description: String,
    pub include_expired: bool,
    pub combo_legs_description: String,
    pub last_trade_date: String,
    pub legs: Vec<Leg>,
    pub delta_neutral: Option<DeltaNeutral>,
}

impl WireContract {
    /// Returns the contract in the words of Gatehouse, without what a stock does not have.
    #[must_use]
    pub fn to_contract(&self) -> Contract {
        Contract {
            con_id: self.con_id,
            symbol: self.symbol.clone(),
            sec_type: SecType::from_wire(&self.sec_type),
            exchange: self.exchange.clone(),
            primary_exchange: self.primary_exchange.clone(),
            currency: self.currency.clone(),
            local_symbol: self.local_symbol.clone(),
            trading_class: self.trading_class.clone(),
        }
    }

    fn con_id<P: Pass>(&mut self, pass: &mut P) -> Passed {
        let mut number = self.con_id.map_or(0, ConId::get);
        pass.int(1, "conId", &mut number)?;
        self.con_id = (number != 0).then(|| ConId::new(number));
        Ok(())
    }

    fn strike<P: Pass>(&mut self, pass: &mut P) -> Passed {
        if pass.is_text() {
            let mut strike = self.strike.unwrap_or_default();
            pass.double(5, "strike", &mut strike)?;
            self.strike = Some(strike);
        } else {
            pass.double_or_unset(5, "strike", &mut self.strike)?;
        }
        self.strike = self.strike.filter(|strike| !strike.is_zero());
        Ok(())
    }

    fn multiplier<P: Pass>(&mut self, pass: &mut P) -> Passed {
        if !pass.is_text() {
            return pass.double_or_unset(7, "multiplier", &mut self.multiplier);
        }
        // Text leaves a missing multiplier empty, where other numbers are the largest double.
        let mut text =
            self.multiplier.map(|value| value.normalize().to_string()).unwrap_or_default();
        pass.text(7, "multiplier", &mut text)?;
        self.multiplier = if text.is_empty() {
            None
        } else {
            let number = Decimal::from_str_exact(&text)
                .map_err(|_| WireError::Unreadable { name: "multiplier" })?;
            Some(number.normalize())
        };
        Ok(())
    }

    /// The first seven fields of every text layout.
    fn what<P: Pass>(&mut self, pass: &mut P) -> Passed {
        self.con_id(pass)?;
        pass.text(2, "symbol", &mut self.symbol)?;
        pass.text(3, "secType", &mut self.sec_type)?;
        pass.text(4, "expiry", &mut self.expiry)?;
        self.strike(pass)?;
        pass.text(6, "right", &mut self.right)?;
        self.multiplier(pass)
    }

    /// The last three fields of every text layout.
    fn spelling<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.text(10, "currency", &mut self.currency)?;
        pass.text(11, "localSymbol", &mut self.local_symbol)?;
        pass.text(12, "tradingClass", &mut self.trading_class)
    }

    /// The contract of a position or an order in an answer: 11 text fields, no primary exchange.
    pub(crate) fn lay_held<P: Pass>(&mut self, tag: u32, pass: &mut P) -> Passed {
        if !pass.is_text() {
            return pass.nested(tag, "contract", self);
        }
        self.what(pass)?;
        pass.text(8, "exchange", &mut self.exchange)?;
        self.spelling(pass)
    }

    /// The contract of a portfolio line: 11 text fields, no exchange but the primary one.
    pub(crate) fn lay_portfolio<P: Pass>(&mut self, tag: u32, pass: &mut P) -> Passed {
        if !pass.is_text() {
            return pass.nested(tag, "contract", self);
        }
        self.what(pass)?;
        pass.text(9, "primaryExchange", &mut self.primary_exchange)?;
        self.spelling(pass)
    }

    /// The contract of a symbol sample: five text fields.
    pub(crate) fn lay_sample<P: Pass>(&mut self, tag: u32, pass: &mut P) -> Passed {
        if !pass.is_text() {
            return pass.nested(tag, "contract", self);
        }
        self.con_id(pass)?;
        pass.text(2, "symbol", &mut self.symbol)?;
        pass.text(3, "secType", &mut self.sec_type)?;
        pass.text(9, "primaryExchange", &mut self.primary_exchange)?;
        pass.text(10, "currency", &mut self.currency)
    }

    /// The contract of a question about a company: seven text fields.
    pub(crate) fn lay_company<P: Pass>(&mut self, pass: &mut P) -> Passed {
        self.con_id(pass)?;
        pass.text(2, "symbol", &mut self.symbol)?;
        pass.text(3, "secType", &mut self.sec_type)?;
        pass.text(8, "exchange", &mut self.exchange)?;
        pass.text(9, "primaryExchange", &mut self.primary_exchange)?;
        pass.text(10, "currency", &mut self.currency)?;
        pass.text(11, "localSymbol", &mut self.local_symbol)
    }

    /// The contract of a line of a scanner: nine text fields around the market's name.
    pub(crate) fn lay_scanned<P: Pass>(
        &mut self,
        market_name: &mut String,
        pass: &mut P,
    ) -> Passed {
        self.con_id(pass)?;
        pass.text(2, "symbol", &mut self.symbol)?;
        pass.text(3, "secType", &mut self.sec_type)?;
        pass.text(4, "expiry", &mut self.expiry)?;
        self.strike(pass)?;
        pass.text(6, "right", &mut self.right)?;
        pass.text(8, "exchange", &mut self.exchange)?;
        pass.text(10, "currency", &mut self.currency)?;
        pass.text(11, "localSymbol", &mut self.local_symbol)?;
        pass.text(0, "marketName", market_name)?;
        pass.text(12, "tradingClass", &mut self.trading_class)
    }

    /// The contract of contract data: its text fields stand among those of the details.
    pub(crate) fn lay_details<P: Pass>(
        &mut self,
        market_name: &mut String,
        pass: &mut P,
    ) -> Passed {
        pass.text(2, "symbol", &mut self.symbol)?;
        pass.text(3, "secType", &mut self.sec_type)?;
        pass.text(4, "expiry", &mut self.expiry)?;
        if pass.version().has(LAST_TRADE_DATE) {
            pass.text(21, "lastTradeDate", &mut self.last_trade_date)?;
        }
        self.strike(pass)?;
        pass.text(6, "right", &mut self.right)?;
        pass.text(8, "exchange", &mut self.exchange)?;
        pass.text(10, "currency", &mut self.currency)?;
        pass.text(11, "localSymbol", &mut self.local_symbol)?;
        pass.text(0, "marketName", market_name)?;
        pass.text(12, "tradingClass", &mut self.trading_class)?;
        self.con_id(pass)
    }

    /// The contract of bond data: its last text fields, among those of the bond.
    pub(crate) fn lay_bond<P: Pass>(&mut self, market_name: &mut String, pass: &mut P) -> Passed {
        pass.text(8, "exchange", &mut self.exchange)?;
        pass.text(10, "currency", &mut self.currency)?;
        pass.text(0, "marketName", market_name)?;
        pass.text(12, "tradingClass", &mut self.trading_class)?;
        self.con_id(pass)
    }

    pub(crate) fn lay_details_multiplier<P: Pass>(&mut self, pass: &mut P) -> Passed {
        self.multiplier(pass)
    }

    /// The legs of a combination, which text writes only when the contract is one.
    pub(crate) fn lay_text_legs<P: Pass>(&mut self, pass: &mut P) -> Passed {
        if pass.is_text() && self.sec_type == "BAG" {
            pass.list(20, "comboLegs", &mut self.legs)?;
        }
        Ok(())
    }

    /// The delta-neutral contract, which text announces with a flag.
    pub(crate) fn lay_text_delta_neutral<P: Pass>(&mut self, pass: &mut P) -> Passed {
        if pass.is_text() {
            let mut present = self.delta_neutral.is_some();
            pass.flag(0, "deltaNeutral", &mut present)?;
            self.delta_neutral = match (present, self.delta_neutral.take()) {
                (true, known) => {
                    let mut part = known.unwrap_or_default();
                    part.lay(pass)?;
                    Some(part)
                }
                (false, _) => None,
            };
        }
        Ok(())
    }
}

impl From<&Contract> for WireContract {
    fn from(contract: &Contract) -> Self {
        Self {
            con_id: contract.con_id,
            symbol: contract.symbol.clone(),
            sec_type: contract.sec_type.as_wire().to_owned(),
            exchange: contract.exchange.clone(),
            primary_exchange: contract.primary_exchange.clone(),
            currency: contract.currency.clone(),
            local_symbol: contract.local_symbol.clone(),
            trading_class: contract.trading_class.clone(),
            ..Self::default()
        }
    }
}

/// The contract of a request: 12 text fields, or the whole protobuf message.
impl Layout for WireContract {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        self.what(pass)?;
        pass.text(8, "exchange", &mut self.exchange)?;
        pass.text(9, "primaryExchange", &mut self.primary_exchange)?;
        self.spelling(pass)?;
        if pass.is_text() {
            return Ok(());
        }
        pass.text(13, "secIdType", &mut self.sec_id_type)?;
        pass.text(14, "secId", &mut self.sec_id)?;
        pass.text(15, "description", &mut self.description)?;
        pass.text(16, "issuerId", &mut self.issuer_id)?;
        let mut delta_neutral: Vec<DeltaNeutral> = self.delta_neutral.take().into_iter().collect();
        pass.list(17, "deltaNeutralContract", &mut delta_neutral)?;
        self.delta_neutral = delta_neutral.pop();
        if self.include_expired || !pass.is_writing() {
            pass.flag(18, "includeExpired", &mut self.include_expired)?;
        }
        pass.text(19, "comboLegsDescrip", &mut self.combo_legs_description)?;
        pass.list(20, "comboLegs", &mut self.legs)?;
        pass.text(21, "lastTradeDate", &mut self.last_trade_date)
    }
}

/// One leg of a combination.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Leg {
    pub con_id: i32,
    pub ratio: i32,
    pub action: String,
    pub exchange: String,
    pub open_close: i32,
    pub short_sale_slot: i32,
    pub designated_location: String,
    pub exempt_code: i32,
    pub price: Option<Decimal>,
}

/// The leg of a request: four text fields, or the whole protobuf message.
impl Layout for Leg {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.int(1, "conId", &mut self.con_id)?;
        pass.int(2, "ratio", &mut self.ratio)?;
        pass.text(3, "action", &mut self.action)?;
        pass.text(4, "exchange", &mut self.exchange)?;
        if pass.is_text() {
            return Ok(());
        }
        pass.int(5, "openClose", &mut self.open_close)?;
        pass.int(6, "shortSalesSlot", &mut self.short_sale_slot)?;
        pass.text(7, "designatedLocation", &mut self.designated_location)?;
        pass.int(8, "exemptCode", &mut self.exempt_code)?;
        pass.double_or_unset(9, "perLegPrice", &mut self.price)
    }
}

/// The underlying of a delta-neutral combination.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct DeltaNeutral {
    pub con_id: i32,
    pub delta: Decimal,
    pub price: Decimal,
}

impl Layout for DeltaNeutral {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.int(1, "conId", &mut self.con_id)?;
        pass.double(2, "delta", &mut self.delta)?;
        pass.double(3, "price", &mut self.price)
    }
}
