//! The controls, one file each, and the list of them.
//!
//! A control answers with findings and never acts. It must never know another control. Called by
//! `evaluate` only.

mod algo_value;
mod changes;
mod collar;
mod connection;
mod currency;
mod data_type;
mod day_loss;
mod duplicate;
mod exposure;
mod hours;
mod identity;
mod ledger;
mod market_order;
mod option_collar;
mod order_type;
mod orders_per_day;
mod penny;
mod position;
mod quantity;
mod quote_age;
mod quote_sense;
mod rate;
mod refused;
mod restricted;
mod sanity;
mod security_type;
mod short_sale;
mod spread;
mod state;
mod symbols;
mod traded;
mod unexecuted;
mod value;
mod working;

use gatehouse_types::{ControlId, LimitId};

pub use refused::REFUSALS_WITHIN;

use crate::case::{Case, Findings};
use crate::gauge::Gauge;

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
    /// What one of the limits measures; for the eyes only.
    pub(crate) gauge: fn(&Case<'_>, LimitId) -> Gauge,
}

/// Every control, in the order in which reasons are reported.
pub const ALL: &[Control] = &[
    sanity::CONTROL,
    quantity::CONTROL,
    value::CONTROL,
    algo_value::CONTROL,
    collar::CONTROL,
    option_collar::CONTROL,
    market_order::CONTROL,
    penny::CONTROL,
    quote_age::CONTROL,
    data_type::CONTROL,
    quote_sense::CONTROL,
    spread::CONTROL,
    hours::CONTROL,
    symbols::CONTROL,
    restricted::CONTROL,
    security_type::CONTROL,
    currency::CONTROL,
    order_type::CONTROL,
    short_sale::CONTROL,
    duplicate::CONTROL,
    rate::CONTROL,
    changes::CONTROL,
    orders_per_day::CONTROL,
    working::CONTROL,
    unexecuted::CONTROL,
    position::CONTROL,
    exposure::CONTROL,
    traded::CONTROL,
    day_loss::CONTROL,
    refused::CONTROL,
    connection::CONTROL,
    identity::CONTROL,
    state::CONTROL,
    ledger::CONTROL,
];
