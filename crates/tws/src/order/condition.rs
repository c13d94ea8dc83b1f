//! Conditions of an order.

use gatehouse_types::Decimal;

use super::lay::{self, Gate};
use crate::layout::{Layout, Pass, Passed};

/// One condition, with the fields of every kind; which of them count depends on `kind`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Condition {
    /// 1 price, 3 time, 4 margin, 5 execution, 6 volume, 7 percent change.
    pub kind: i32,
    /// Joined to the next by "and"; else by "or".
    pub is_conjunction: bool,
    pub is_more: bool,
    pub con_id: Option<i32>,
    pub exchange: String,
    pub symbol: String,
    pub sec_type: String,
    pub percent: Option<i32>,
    pub change_percent: Option<Decimal>,
    pub price: Option<Decimal>,
    pub trigger_method: Option<i32>,
    pub time: String,
    pub volume: Option<i32>,
}

impl Condition {
    fn lay_text<P: Pass>(&mut self, pass: &mut P) -> Passed {
        let mut joint = if self.is_conjunction { "a" } else { "o" }.to_owned();
        pass.text(0, "conjunction", &mut joint)?;
        self.is_conjunction = match joint.as_str() {
            "a" => true,
            "o" => false,
            _ => return Err(lay::out_of_range("conjunction")),
        };
        if self.kind == 5 {
            pass.text(0, "condition secType", &mut self.sec_type)?;
            pass.text(0, "condition exchange", &mut self.exchange)?;
            return pass.text(0, "condition symbol", &mut self.symbol);
        }
        pass.flag(0, "condition isMore", &mut self.is_more)?;
        let untagged = Gate::tag(0);
        match self.kind {
            1 => lay::number(pass, untagged, "condition price", &mut self.price)?,
            3 => return pass.text(0, "condition time", &mut self.time),
            4 => return lay::int(pass, untagged, "condition percent", &mut self.percent),
            6 => lay::int(pass, untagged, "condition volume", &mut self.volume)?,
            7 => lay::number(pass, untagged, "condition percent", &mut self.change_percent)?,
            _ => return Err(lay::out_of_range("condition type")),
        }
        lay::int(pass, untagged, "condition conId", &mut self.con_id)?;
        pass.text(0, "condition exchange", &mut self.exchange)?;
        if self.kind == 1 {
            lay::int(pass, untagged, "condition triggerMethod", &mut self.trigger_method)?;
        }
        Ok(())
    }

    fn lay_protobuf<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.flag(2, "isConjunctionConnection", &mut self.is_conjunction)?;
        pass.flag(3, "isMore", &mut self.is_more)?;
        lay::int(pass, Gate::tag(4), "conId", &mut self.con_id)?;
        pass.text(5, "exchange", &mut self.exchange)?;
        pass.text(6, "symbol", &mut self.symbol)?;
        pass.text(7, "secType", &mut self.sec_type)?;
        lay::int(pass, Gate::tag(8), "percent", &mut self.percent)?;
        lay::number(pass, Gate::tag(9), "changePercent", &mut self.change_percent)?;
        lay::number(pass, Gate::tag(10), "price", &mut self.price)?;
        lay::int(pass, Gate::tag(11), "triggerMethod", &mut self.trigger_method)?;
        pass.text(12, "time", &mut self.time)?;
        lay::int(pass, Gate::tag(13), "volume", &mut self.volume)?;
        if matches!(self.kind, 1 | 3..=7) {
            Ok(())
        } else {
            Err(lay::out_of_range("condition type"))
        }
    }
}

impl Layout for Condition {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.int(1, "condition type", &mut self.kind)?;
        if pass.is_text() { self.lay_text(pass) } else { self.lay_protobuf(pass) }
    }
}
