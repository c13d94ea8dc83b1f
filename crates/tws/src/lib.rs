//! The TWS wire codec, sans-IO: bytes to messages and back, text and protobuf.
//!
//! It must never know a socket, a clock, a policy or the ledger. The proxy and the simulator call
//! it. Binary floats exist here only, behind the private `proto` and the `number` module; every
//! amount that leaves is an exact decimal.

#![recursion_limit = "512"]

pub mod answer;
pub mod frame;
pub mod handshake;
pub mod head;
pub mod number;
mod proto;
pub mod request;
pub mod schema;
pub mod text;
mod version;

pub use frame::{FrameError, FrameReader, encode_frame};
pub use head::{Head, HeadError};
pub use version::{Form, ServerVersion, VersionRange};
