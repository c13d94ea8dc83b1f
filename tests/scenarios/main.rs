//! Scenarios: real processes, real clients, a real window. Run by `cargo xtask test`, which builds
//! the programs first and gives the window a display.

mod clients;
mod codes;
mod crash;
mod doctor;
mod faults;
mod history;
mod login;
mod main_job;
mod served;
mod window;
