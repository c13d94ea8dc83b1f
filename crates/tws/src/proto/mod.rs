//! The protobuf messages, declared by hand from their tag numbers.
//!
//! Private to this crate: the doubles in them never leave it. One file per family.

mod macros;
mod session;

pub(crate) use macros::message;
pub(crate) use session::*;
