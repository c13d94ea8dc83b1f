//! Chart studies: averages, bands and oscillators over columns of bars, by published definitions.
//!
//! Studies belong to the chart. They are drawn and never judged, ordered or recorded, and so they
//! may be binary floats; no rule and no amount is made of them. Each is one file in `study/`, which
//! cites its definition and says how it is seeded and smoothed. One pass over the bars; a value is
//! of its bar and of those before it, and bars that come later never change it.
//!
//! Knows no clock, file, socket or database. Called by whoever answers a window's question for
//! columns: it asks [`warm_up`] how many bars to read in front of the window and [`look_ahead`] how
//! many behind it, hands them to [`compute()`], and cuts them off the lines again. When columns are
//! sums of several bars, the study is one of these columns, as on any chart of that bar size.

mod compute;
mod input;
mod kind;
mod param;
mod smooth;
mod spec;
mod study;
mod true_range;
mod window;
mod wrong;

pub use compute::{compute, look_ahead, warm_up};
pub use input::Input;
pub use kind::Kind;
pub use param::{PERIOD_MAX, Param};
pub use spec::{Memory, Place};
pub use wrong::Wrong;
