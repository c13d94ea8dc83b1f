//! GH-19, restricted symbols: nothing is opened in them; what is held may be closed.
//!
//! The symbol is the broker's.

use gatehouse_types::{ControlId, LimitId, Refusal};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(19),
    reach: Reach::Entries,
    limits: &[LimitId::RestrictedSymbols],
    check,
    gauge: gauge::nothing,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    for (scope, names) in case.names(LimitId::RestrictedSymbols) {
        match case.instrument {
            None => findings.refuse_in(scope, case.contract_unknown()),
            Some(instrument) if names.contains(&instrument.symbol) => {
                let symbol = instrument.symbol.clone();
                findings.refuse_in(scope, Refusal::SymbolRestricted { symbol });
            }
            Some(_) => {}
        }
    }
}
