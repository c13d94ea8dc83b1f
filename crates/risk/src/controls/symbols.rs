//! GH-18, allowed symbols: a list of an account, a bot or a symbol is a list of the only ones.
//!
//! Every list holds, so a symbol must be in each. Without any list every symbol is allowed in SIM
//! and PAPER; a live account needs one. The symbol is the broker's.

use gatehouse_types::{ControlId, LimitId, Mode, Refusal};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(18),
    reach: Reach::Entries,
    limits: &[LimitId::Symbols],
    check,
    gauge: gauge::nothing,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    let mut n_lists = 0;
    for (scope, names) in case.names(LimitId::Symbols) {
        n_lists += 1;
        match case.instrument {
            None => findings.refuse_in(scope, case.contract_unknown()),
            Some(instrument) if !names.contains(&instrument.symbol) => {
                let symbol = instrument.symbol.clone();
                findings.refuse_in(scope, Refusal::SymbolNotAllowed { symbol });
            }
            Some(_) => {}
        }
    }
    match case.view.mode {
        Mode::Live if n_lists == 0 => findings.refuse(Refusal::SymbolsNotNamed),
        Mode::Live | Mode::Sim | Mode::Paper => {}
    }
}
