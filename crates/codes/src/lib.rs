//! What the broker's codes mean, how bad they are and what to do.
//!
//! Two halves. [`meaning()`] reads one message: a table by number, and where a number says little,
//! its text decides. [`Patterns`] reads many: what keeps coming back, how often, and what would
//! end it. Both say sentences for people. Neither knows a clock, a socket or a file, and neither
//! decides anything about an order: the engine does, and a code that is not in the book never
//! ends one.
//!
//! Called by `app` wherever a code is shown, and by `gateway` for its messages.

mod book;
mod line;
mod meaning;
mod pattern;

pub use book::lines;
pub use line::{Case, Category, EndsOrder, Line, Severity, Source};
pub use meaning::{Meaning, meaning};
pub use pattern::{CodeCount, Finding, Pattern, Patterns, Region, RequestKind, Seen};
