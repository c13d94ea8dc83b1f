//! Bots on the Rust ibapi crate, as separate processes.
