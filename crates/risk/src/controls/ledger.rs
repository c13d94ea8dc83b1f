//! GH-56, ledger: what cannot be recorded is not sent, exits too.

use gatehouse_types::{ControlId, Refusal};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(56),
    reach: Reach::Everything,
    limits: &[],
    check,
    gauge: gauge::nothing,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    if !case.view.ledger_writable {
        findings.refuse(Refusal::LedgerNotWritable);
    }
}
