//! The doctor: what is checked when a Gateway cannot be reached or orders do not go through, and
//! what was found.
//!
//! Two halves. [`gather()`] looks at the machine and at the Gateway, for ten seconds at most, and
//! takes a client's place for a moment; [`judge()`] is pure: facts in, findings out. Nothing is
//! changed, at the Gateway or here. It must never know the ledger, the engine or a window.

mod facts;
mod finding;
mod gather;
mod judge;

pub use facts::{
    Admission, ClockFact, Facts, JavaFact, Known, Listener, Machine, Notice, Opening, PlaceFact,
    Program, ProgramKind, QuoteFact, ReadOnly, Seen, Settings, SleepFact, Visit,
};
pub use finding::{Check, Finding, Outcome, Remedy, Report};
pub use gather::{Asked, gather};
pub use judge::judge;

/// Looks and judges. Blocks like [`gather()`].
#[must_use]
pub fn examine(asked: &Asked, known: Known) -> Report {
    judge(&gather(asked, known))
}
