//! A simulated Gateway that speaks the real wire protocol.
