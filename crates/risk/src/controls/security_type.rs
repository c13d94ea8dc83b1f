//! GH-20, kinds of security: those of every list, and never one that the judgement does not
//! understand.
//!
//! Both the broker's word and the bot's own spelling must be allowed; a bot that names a contract
//! by its conId may leave the kind out.

use gatehouse_types::{ControlId, LimitId, Refusal, SecType};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(20),
    reach: Reach::Entries,
    limits: &[LimitId::SecurityTypes],
    check,
    gauge: gauge::nothing,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    let spelled = Some(&case.intent.contract.sec_type).filter(|it| !it.as_wire().is_empty());
    let found = case.instrument.map(|it| &it.sec_type).filter(|it| Some(*it) != spelled);
    for sec_type in [spelled, found].into_iter().flatten() {
        let refusal =
            || Refusal::SecurityTypeNotAllowed { sec_type: sec_type.as_wire().to_owned() };
        if !is_understood(sec_type) {
            findings.refuse(refusal());
            continue;
        }
        let forbidding = case
            .names(LimitId::SecurityTypes)
            .find(|(_, names)| !names.contains(sec_type.as_wire()));
        if let Some((scope, _)) = forbidding {
            findings.refuse_in(scope, refusal());
        }
    }
}

fn is_understood(sec_type: &SecType) -> bool {
    match sec_type {
        SecType::Stock => true,
        SecType::Other(name) => name == "OPT",
    }
}
