//! The life of the Gateway's session, pure: it is told the time and what happened, and says what
//! to do.

mod event;

pub use event::HelperEvent;
