//! The proxy with a real engine and a real ledger, between stub clients and a stub Gateway on
//! loopback sockets.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod crowd;
mod doors;
mod heard;
mod links;
mod orders;
mod paced;
mod passing;
mod past;
mod stalled;
mod support;
