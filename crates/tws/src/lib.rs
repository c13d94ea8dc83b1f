//! The TWS wire codec, sans-IO: bytes to messages and back, text and protobuf.
//!
//! It must never know a socket, a clock, a policy or the ledger. The proxy and the simulator call
//! it. Binary floats exist here only, in the `number` module; every amount that leaves is
//! an exact decimal.

pub mod answer;
pub mod config;
pub mod frame;
pub mod handshake;
pub mod head;
pub mod layout;
pub mod number;
pub mod order;
pub mod request;
pub mod text;
mod version;

pub use frame::{FrameError, FrameReader, encode_frame};
pub use head::{Head, HeadError};
pub use version::{Form, ServerVersion, VersionRange};
