//! What every limit would measure with an order, before anybody sends it. Called for the order
//! ticket; it gives the verdict that the order would get at this instant, and sends nothing.

use gatehouse_types::{
    ControlId, Finding, Intent, LimitId, LimitUnit, LimitValue, Now, Outcome, Policy, Scope,
    ScopeRef, Stricter, Verdict, Weight,
};

use crate::case::Case;
use crate::controls::{ALL, Control};
use crate::gauge::Gauge;
use crate::{View, evaluate};

/// One line: one limit, or a control that has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub control: ControlId,
    /// `None` for a control without limits.
    pub limit: Option<LimitId>,
    /// The value in force; `None` when it is off.
    pub value: Option<LimitValue>,
    /// The scope that sets the value, or gives the reason.
    pub scope: Scope,
    pub gauge: Gauge,
    /// What this line does to the order. An order that the control does not reach is allowed.
    pub outcome: Outcome,
    /// False for an exit before a limit of entries, and the like.
    pub is_reached: bool,
}

/// An order as it would be judged now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    pub verdict: Verdict,
    /// In the order of the controls; limits that are off are among them.
    pub readings: Vec<Reading>,
}

/// Returns what every control says of an intent, and what it measures.
///
/// Pure, like `evaluate`, and by the same controls.
#[must_use]
pub fn preview(policy: &Policy, view: &View<'_>, intent: &Intent, now: Now) -> Preview {
    let verdict = evaluate(policy, view, intent, now);
    let case = Case::new(policy, view, intent, now);
    let mut readings = Vec::with_capacity(LimitId::ALL.len() + ALL.len());
    for control in ALL {
        let is_reached = control.reach.covers(&case);
        let found = heaviest(&verdict, control.id);
        if control.limits.is_empty() {
            readings.push(Reading {
                control: control.id,
                limit: None,
                value: None,
                scope: found.map_or(Scope::Account, |it| it.scope.clone()),
                gauge: Gauge::default(),
                outcome: outcome(found),
                is_reached,
            });
        }
        for id in control.limits {
            readings.push(reading(&case, control, *id, found, is_reached));
        }
    }
    Preview { verdict, readings }
}

fn reading(
    case: &Case<'_>,
    control: &Control,
    id: LimitId,
    found: Option<&Finding>,
    is_reached: bool,
) -> Reading {
    let held = in_force(case, id);
    let gauge = if held.is_some() { (control.gauge)(case, id) } else { Gauge::default() };
    let is_meant = control.limits.len() == 1 || breaches(id, &gauge) || names(found, &gauge);
    let outcome = if held.is_some() && is_meant { outcome(found) } else { Outcome::Allow };
    let (value, scope) = match held {
        Some((value, scope)) => (Some(value), scope.into()),
        None => (None, Scope::Account),
    };
    Reading { control: control.id, limit: Some(id), value, scope, gauge, outcome, is_reached }
}

fn in_force<'a>(case: &Case<'a>, id: LimitId) -> Option<(LimitValue, ScopeRef<'a>)> {
    match id.unit() {
        LimitUnit::Switch => case.switched_on(id).map(|scope| (LimitValue::On, scope)),
        LimitUnit::AllowList | LimitUnit::RefuseList => {
            let mut lists = case.names(id);
            lists.next().map(|(scope, names)| (LimitValue::Names(names.clone()), scope))
        }
        LimitUnit::Units
        | LimitUnit::BaseCurrency
        | LimitUnit::Percent
        | LimitUnit::Seconds
        | LimitUnit::Orders
        | LimitUnit::Changes
        | LimitUnit::PricePerUnit => case.limit(id).map(|limit| (limit.value.into(), limit.scope)),
    }
}

/// Returns whether a finding of a control with several limits may be about this one. What cannot
/// be compared may be.
fn breaches(id: LimitId, gauge: &Gauge) -> bool {
    match (&gauge.after, &gauge.allowed) {
        (Some(after), Some(allowed)) => match id.stricter() {
            Stricter::Lower => after.value() > allowed.value(),
            Stricter::Higher => after.value() < allowed.value(),
        },
        (None, _) | (_, None) => true,
    }
}

/// Returns whether a finding was held against what this limit allows: to reach some is enough.
fn names(found: Option<&Finding>, gauge: &Gauge) -> bool {
    let limit = found.and_then(|it| it.refusal.measured()).map(|(_, limit)| limit);
    limit.is_some() && limit == gauge.allowed
}

fn heaviest(verdict: &Verdict, control: ControlId) -> Option<&Finding> {
    let mut findings = verdict.findings.iter().filter(|it| it.refusal.control() == control);
    let first = findings.next()?;
    Some(findings.fold(first, |held, it| if it.weight > held.weight { it } else { held }))
}

fn outcome(found: Option<&Finding>) -> Outcome {
    match found.map(|finding| finding.weight) {
        None => Outcome::Allow,
        Some(Weight::Warn) => Outcome::Warn,
        Some(Weight::Hold) => Outcome::Hold,
        Some(Weight::Refuse) => Outcome::Refuse,
    }
}
