//! exerciseOptions (21): turn options into what they are options on, or let them lapse.
//!
//! It changes a position without an order; decoded to its last field, or not at all.

use gatehouse_types::OrderId;

use super::{RequestId, request_codec};
use crate::layout::{Layout, Pass, Passed, WireContract};
use crate::order::{self, Gate, out_of_range};

/// Server version from which it says when a person decided.
const MANUAL_TIME: i32 = 180;
/// Server version from which it names the customer of a broker.
const CUSTOMER: i32 = 183;
/// Server version from which it says whether that customer is a professional.
const PROFESSIONAL: i32 = 184;

/// exerciseOptions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExerciseOptions {
    /// The order that the exercise becomes; text calls it the request's id.
    pub order_id: OrderId,
    pub contract: WireContract,
    pub act: ExerciseAct,
    /// Number of options.
    pub quantity: i32,
    pub account: String,
    /// Exercise although the option is out of the money, or the other way round.
    pub overrides: bool,
    pub manual_order_time: String,
    pub customer_account: String,
    pub professional_customer: bool,
}

request_codec!(ExerciseOptions = ExerciseOptions);

/// What happens to the options.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExerciseAct {
    Exercise,
    Lapse,
}

impl Default for ExerciseOptions {
    fn default() -> Self {
        Self {
            order_id: OrderId::new(0),
            contract: WireContract::default(),
            act: ExerciseAct::Lapse,
            quantity: 0,
            account: String::new(),
            overrides: false,
            manual_order_time: String::new(),
            customer_account: String::new(),
            professional_customer: false,
        }
    }
}

impl ExerciseOptions {
    fn lay_act<P: Pass>(&mut self, pass: &mut P) -> Passed {
        let mut number = match self.act {
            ExerciseAct::Exercise => 1,
            ExerciseAct::Lapse => 2,
        };
        if !pass.is_writing() {
            number = 0;
        }
        pass.int(3, "exerciseAction", &mut number)?;
        self.act = match number {
            1 => ExerciseAct::Exercise,
            2 => ExerciseAct::Lapse,
            _ => return Err(out_of_range("exerciseAction")),
        };
        Ok(())
    }

    /// What later versions added at the end of the text, and protobuf always has.
    fn lay_late<P: Pass>(&mut self, pass: &mut P) -> Passed {
        let (version, is_text) = (pass.version(), pass.is_text());
        if !is_text || version.has(MANUAL_TIME) {
            pass.text(7, "manualOrderTime", &mut self.manual_order_time)?;
        }
        if !is_text || version.has(CUSTOMER) {
            pass.text(8, "customerAccount", &mut self.customer_account)?;
        }
        if !is_text || version.has(PROFESSIONAL) {
            let professional = &mut self.professional_customer;
            order::flag(pass, Gate::tag(9), "professionalCustomer", professional)?;
        }
        Ok(())
    }
}

impl Layout for ExerciseOptions {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(2)?;
        order::order_id(pass, 1, &mut self.order_id)?;
        order::lay_exercised(&mut self.contract, pass)?;
        self.lay_act(pass)?;
        pass.int(4, "exerciseQuantity", &mut self.quantity)?;
        if self.quantity < 0 {
            return Err(out_of_range("exerciseQuantity"));
        }
        pass.text(5, "account", &mut self.account)?;
        order::flag(pass, Gate::tag(6), "override", &mut self.overrides)?;
        self.lay_late(pass)
    }
}
