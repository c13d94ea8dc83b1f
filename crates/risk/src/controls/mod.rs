//! The controls, one file each, and the list of them.
//!
//! A control answers with findings and never acts. It must never know another control. Called by
//! `evaluate` only.

mod collar;
mod connection;
mod duplicate;
mod identity;
mod ledger;
mod order_type;
mod penny;
mod position;
mod quantity;
mod quote_age;
mod rate;
mod sanity;
mod security_type;
mod state;
mod value;

use gatehouse_types::{ControlId, LimitId};

use crate::case::{Case, Findings};

/// Which intents a control judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Orders that add risk. Exits, changes that only soften a working order, and questions about
    /// margin pass unjudged.
    Entries,
    /// Every order, exits too. Questions about margin pass unjudged.
    Orders,
    /// Everything; the control itself tells a question about margin from an order.
    Everything,
}

impl Reach {
    pub(crate) fn covers(self, case: &Case<'_>) -> bool {
        match self {
            Self::Entries => case.adds_risk && !case.intent.what_if,
            Self::Orders => !case.intent.what_if,
            Self::Everything => true,
        }
    }
}

/// One control.
pub struct Control {
    /// Its number in the reference list.
    pub id: ControlId,
    /// Which intents it judges.
    pub reach: Reach,
    /// The limits that a person sets for it.
    pub limits: &'static [LimitId],
    pub(crate) check: fn(&Case<'_>, &mut Findings),
}

/// Every control, in the order in which reasons are reported.
pub const ALL: &[Control] = &[
    sanity::CONTROL,
    quantity::CONTROL,
    value::CONTROL,
    collar::CONTROL,
    penny::CONTROL,
    quote_age::CONTROL,
    security_type::CONTROL,
    order_type::CONTROL,
    duplicate::CONTROL,
    rate::CONTROL,
    position::CONTROL,
    connection::CONTROL,
    identity::CONTROL,
    state::CONTROL,
    ledger::CONTROL,
];
