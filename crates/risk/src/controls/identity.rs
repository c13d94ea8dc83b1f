//! GH-48, identity and mode: a registered bot, an account that is known, and not a live one.

use gatehouse_types::{ControlId, Mode, Refusal, Scope};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(48),
    reach: Reach::Everything,
    limits: &[],
    check,
    gauge: gauge::nothing,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    if !case.view.is_registered {
        findings.refuse_in(Scope::Bot(case.view.bot.clone()), Refusal::BotUnknown);
    }
    if case.view.account.is_none() {
        findings.refuse(Refusal::AccountUnknown);
    }
    match case.view.mode {
        Mode::Sim | Mode::Paper => {}
        Mode::Live => findings.refuse(Refusal::ModeNotTraded { mode: Mode::Live }),
    }
}
