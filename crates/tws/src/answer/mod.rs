//! Messages from the Gateway to a client.

mod id;

pub use id::AnswerId;
