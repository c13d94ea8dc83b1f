//! The contract inside an order, read more strictly than that of a question: every number must be
//! one.

use gatehouse_types::{ConId, Decimal};

use super::WireContract;
use super::lay::{self, Gate};
use crate::layout::{DeltaNeutral, Layout, Leg, Pass, Passed};

/// The contract of an order as one protobuf message.
#[derive(Debug, Clone, Default)]
pub(super) struct OrderContract(pub(super) WireContract);

impl Layout for OrderContract {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        let contract = &mut self.0;
        lay_what(contract, pass)?;
        lay_spelling(contract, pass)?;
        pass.text(15, "description", &mut contract.description)?;
        pass.text(16, "issuerId", &mut contract.issuer_id)?;
        lay::maybe(pass, 17, "deltaNeutralContract", &mut contract.delta_neutral)?;
        lay::flag(pass, Gate::tag(18), "includeExpired", &mut contract.include_expired)?;
        pass.text(19, "comboLegsDescrip", &mut contract.combo_legs_description)?;
        pass.list(20, "comboLegs", &mut contract.legs)?;
        pass.text(21, "lastTradeDate", &mut contract.last_trade_date)
    }
}

/// The fourteen text fields of the contract in placeOrder.
pub(super) fn lay_text<P: Pass>(contract: &mut WireContract, pass: &mut P) -> Passed {
    lay_what(contract, pass)?;
    lay_spelling(contract, pass)
}

/// The eleven text fields of the contract in exerciseOptions.
pub(super) fn lay_exercised_text<P: Pass>(contract: &mut WireContract, pass: &mut P) -> Passed {
    lay_what(contract, pass)?;
    pass.text(8, "exchange", &mut contract.exchange)?;
    pass.text(10, "currency", &mut contract.currency)?;
    pass.text(11, "localSymbol", &mut contract.local_symbol)?;
    pass.text(12, "tradingClass", &mut contract.trading_class)
}

fn lay_what<P: Pass>(contract: &mut WireContract, pass: &mut P) -> Passed {
    let mut con_id = contract.con_id.map(ConId::get);
    lay::int(pass, Gate::tag(1), "conId", &mut con_id)?;
    contract.con_id = con_id.filter(|number| *number != 0).map(ConId::new);
    pass.text(2, "symbol", &mut contract.symbol)?;
    pass.text(3, "secType", &mut contract.sec_type)?;
    pass.text(4, "lastTradeDateOrContractMonth", &mut contract.expiry)?;
    lay::number(pass, Gate::tag(5), "strike", &mut contract.strike)?;
    contract.strike = contract.strike.filter(|strike| !strike.is_zero());
    pass.text(6, "right", &mut contract.right)?;
    lay_multiplier(&mut contract.multiplier, pass)
}

/// Text leaves a missing multiplier empty, where other numbers may be the largest double.
fn lay_multiplier<P: Pass>(multiplier: &mut Option<Decimal>, pass: &mut P) -> Passed {
    if pass.is_writing() && pass.is_text() {
        let mut text = multiplier.map(|value| value.normalize().to_string()).unwrap_or_default();
        return pass.text(7, "multiplier", &mut text);
    }
    lay::number(pass, Gate::tag(7), "multiplier", multiplier)
}

fn lay_spelling<P: Pass>(contract: &mut WireContract, pass: &mut P) -> Passed {
    pass.text(8, "exchange", &mut contract.exchange)?;
    pass.text(9, "primaryExchange", &mut contract.primary_exchange)?;
    pass.text(10, "currency", &mut contract.currency)?;
    pass.text(11, "localSymbol", &mut contract.local_symbol)?;
    pass.text(12, "tradingClass", &mut contract.trading_class)?;
    pass.text(13, "secIdType", &mut contract.sec_id_type)?;
    pass.text(14, "secId", &mut contract.sec_id)
}

/// The delta-neutral contract, which text announces with a flag.
pub(super) fn lay_delta_neutral<P: Pass>(contract: &mut WireContract, pass: &mut P) -> Passed {
    let mut is_present = contract.delta_neutral.is_some();
    pass.flag(0, "deltaNeutralContract", &mut is_present)?;
    if is_present {
        contract.delta_neutral.get_or_insert_with(DeltaNeutral::default).lay(pass)?;
    }
    Ok(())
}

/// A leg as orders carry it: eight text fields, its price elsewhere.
#[derive(Debug, Clone, Default)]
pub(super) struct OrderLeg(Leg);

impl OrderLeg {
    pub(super) fn price(&self) -> LegPrice {
        LegPrice(self.0.price)
    }
}

impl From<Leg> for OrderLeg {
    fn from(leg: Leg) -> Self {
        Self(leg)
    }
}

impl From<OrderLeg> for Leg {
    fn from(leg: OrderLeg) -> Self {
        leg.0
    }
}

impl Layout for OrderLeg {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        let leg = &mut self.0;
        pass.int(0, "leg conId", &mut leg.con_id)?;
        pass.int(0, "leg ratio", &mut leg.ratio)?;
        pass.text(0, "leg action", &mut leg.action)?;
        pass.text(0, "leg exchange", &mut leg.exchange)?;
        pass.int(0, "leg openClose", &mut leg.open_close)?;
        pass.int(0, "leg shortSaleSlot", &mut leg.short_sale_slot)?;
        pass.text(0, "leg designatedLocation", &mut leg.designated_location)?;
        pass.int(0, "leg exemptCode", &mut leg.exempt_code)
    }
}

/// The price of one leg.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct LegPrice(Option<Decimal>);

impl LegPrice {
    pub(super) const fn value(self) -> Option<Decimal> {
        self.0
    }

    pub(super) const fn is_unset(&self) -> bool {
        self.0.is_none()
    }
}

impl Layout for LegPrice {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.double_or_unset(0, "leg price", &mut self.0)
    }
}
