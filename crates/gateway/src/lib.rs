//! The Gateway that looks after itself.
//!
//! [`session`] is the pure state machine of one Gateway's life; the rest of the crate carries its
//! effects out and tells it what happened.

pub mod doctor;
pub mod health;
pub mod keychain;
pub mod launch;
pub mod probe;
pub mod schedule;
pub mod session;
