//! GH-55, trading state: what the strictest state of bot and account lets through.
//!
//! | state | entry | exit, or a change that only softens | question about margin |
//! |---|---|---|---|
//! | active | judged | judged | judged |
//! | paused, reduce only | refused | judged | judged |
//! | halted, killed | refused | refused | refused |

use gatehouse_types::{ControlId, Refusal, TradingState};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(55),
    reach: Reach::Everything,
    limits: &[],
    check,
    gauge: gauge::nothing,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    let (state, scope) = case.view.state;
    let is_refused = match state {
        TradingState::Active => false,
        TradingState::Paused | TradingState::ReduceOnly => case.adds_risk && !case.intent.what_if,
        TradingState::Halted | TradingState::Killed => true,
    };
    if is_refused {
        findings.refuse_in(scope.clone(), Refusal::StateForbids { state });
    }
}
