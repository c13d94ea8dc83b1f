//! GH-20, kinds of security: stocks only.
//!
//! Both the broker's word and the bot's own spelling must say so; a bot that names a contract by
//! its conId may leave the kind out.

use gatehouse_types::{ControlId, Refusal, SecType};

use super::{Control, Reach};
use crate::case::{Case, Findings};

pub(super) const CONTROL: Control =
    Control { id: ControlId::new(20), reach: Reach::Orders, limits: &[], check };

fn check(case: &Case<'_>, findings: &mut Findings) {
    let spelled = Some(&case.intent.contract.sec_type).filter(|it| !it.as_wire().is_empty());
    let found = case.instrument.map(|instrument| &instrument.sec_type);
    for sec_type in [spelled, found].into_iter().flatten() {
        if *sec_type != SecType::Stock {
            let sec_type = sec_type.as_wire().to_owned();
            findings.refuse(Refusal::SecurityTypeNotAllowed { sec_type });
        }
    }
}
