//! Composition root without Tauri: starts the ledger, the engine behind the proxy, the desk and
//! the Gateway, translates between the core and what a person sees, and listens for commands.
//!
//! It decides nothing about orders. The desktop shell and the headless binary both hold an [`App`]
//! and say the same words to it.

mod alerts;
mod app;
mod audit;
mod audit_more;
mod audit_query;
mod chart;
pub mod cli;
mod codes;
mod control;
pub mod data_dir;
mod day;
mod doctor;
mod executions;
mod failure;
mod flatten;
mod gateway;
mod history;
mod lines;
mod listeners;
pub mod log;
mod market;
mod names;
mod offers;
mod offline;
mod onboarding;
mod peer;
mod policy;
mod readiness;
mod recording;
mod replay;
mod report;
mod requests;
mod simulator;
mod ticket;
mod verdicts;
mod view;

pub use app::{App, Options};
pub use requests::Confirmation;
