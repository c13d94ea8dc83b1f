//! Messages from a client to the Gateway.
//!
//! Every id has one action. An id that is not in the table has no action but refusal.

mod id;

pub use id::{Action, Forbidden, RequestId, action};
