//! A simulated Gateway: it speaks the real wire protocol to any TWS client, over a market that is
//! either a seeded model or a replayed tape.
//!
//! It must never know the engine, the risk controls or the ledger: it stands for the broker and
//! would agree with their bugs. `world` is pure and deterministic, `server` owns the sockets and
//! the clock, and the binary `gatehouse-sim` starts it.

pub mod record;
pub mod server;
pub mod world;
