//! GH-26, the same order again: same contract, side, type with its prices, and quantity, within
//! the window.
//!
//! New orders only, exits too: a loop that closes a position twice opens one. An order whose
//! contract was not noted could have been this one, and counts as it.

use std::time::Duration;

use gatehouse_types::{ControlId, LimitId, Measure, Refusal};

use super::{Control, Reach};
use crate::Recent;
use crate::case::{Case, Findings, duration_of, seconds};
use crate::gauge::Gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(26),
    reach: Reach::Orders,
    limits: &[LimitId::DuplicateWindow],
    check,
    gauge,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    if case.view.replaces.is_some() {
        return;
    }
    let Some(limit) = case.limit(LimitId::DuplicateWindow) else { return };
    if let Some(ago) = last_sent(case).filter(|ago| seconds(*ago) < limit.value) {
        let window = duration_of(limit.value);
        findings.refuse_in(limit.scope, Refusal::SameOrderAgain { ago, limit: window });
    }
}

/// Returns how long ago the same order was sent last.
fn last_sent(case: &Case<'_>) -> Option<Duration> {
    let same = case.view.recent.iter().filter(|recent| is_same(case, recent));
    same.map(|recent| case.now.mono.since(recent.at)).min()
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    match case.limit(id) {
        Some(limit) if case.view.replaces.is_none() => {
            let ago = last_sent(case).map(|ago| Measure::Seconds(seconds(ago)));
            Gauge::of_market(ago, Measure::Seconds(limit.value))
        }
        Some(_) | None => Gauge::default(),
    }
}

fn is_same(case: &Case<'_>, recent: &Recent) -> bool {
    let con_id = case.instrument.map(|instrument| instrument.con_id);
    let may_be_same_contract = match (recent.con_id, con_id) {
        (Some(recent), Some(this)) => recent == this,
        (None, _) | (_, None) => true,
    };
    let intent = case.intent;
    recent.is_new
        && may_be_same_contract
        && recent.side == intent.side
        && recent.quantity == intent.quantity
        && recent.kind == intent.kind
}
