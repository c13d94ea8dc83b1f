//! Pure judgement of an order intent: `evaluate(policy, view, intent, now) -> Verdict`.
//!
//! One file per control; every control is evaluated and every reason reported. It must never know
//! a clock, IO, randomness or a float, never act on what it finds, and has no way to be bypassed.
//! Called by the engine for new orders and modifies.
//!
//! What is judged: a new order as it is asked for; a modify as the order it would become, with the
//! larger of old and new where orders add up (exits and positions), until the broker acknowledged
//! it. A question about margin (`what_if`) is judged by the rules that say so in
//! [`controls::ALL`].

mod case;
mod change;
pub mod controls;
mod exit;
mod family;
mod gauge;
mod preview;
mod spread;
mod standing;
mod sums;
mod tally;
mod value;
mod view;

use gatehouse_types::{ControlId, Finding, Intent, Now, Policy, Verdict};

use case::{Case, Findings};

pub use exit::is_exit;
pub use family::{Part, side_quantity, side_total};
pub use gauge::Gauge;
pub use preview::{Preview, Reading, preview};
pub use spread::spread_percent;
pub use standing::{Figure, Holding, Refused, Standing};
pub use value::NET_LIQUIDATION_AGE_MAX;
pub use view::{Churn, Connection, Lookup, Recent, View};

/// Judges an intent by every control that reaches it, and reports every reason.
///
/// Pure: the same input gives the same verdict. What is not known refuses an order that adds
/// risk; a number that does not fit refuses, too.
#[must_use]
pub fn evaluate(policy: &Policy, view: &View<'_>, intent: &Intent, now: Now) -> Verdict {
    let case = Case::new(policy, view, intent, now);
    let mut findings = Findings::default();
    let mut n_controls = 0;
    for control in controls::ALL.iter().filter(|control| control.reach.covers(&case)) {
        (control.check)(&case, &mut findings);
        n_controls += 1;
    }
    Verdict { findings: findings.into_vec(), is_exit: case.is_exit, n_controls }
}

/// Returns what some of the controls find. For a look back at what was judged already: no order
/// may be sent by it.
#[must_use]
pub fn evaluate_only(
    policy: &Policy,
    view: &View<'_>,
    intent: &Intent,
    now: Now,
    is_wanted: impl Fn(ControlId) -> bool,
) -> Vec<Finding> {
    let case = Case::new(policy, view, intent, now);
    let mut findings = Findings::default();
    let wanted = controls::ALL.iter().filter(|control| is_wanted(control.id));
    for control in wanted.filter(|control| control.reach.covers(&case)) {
        (control.check)(&case, &mut findings);
    }
    findings.into_vec()
}
