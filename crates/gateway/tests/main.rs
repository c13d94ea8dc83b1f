//! The real login helper drives a stand-in Gateway, from a login to a stop.

#[path = "main/canary.rs"]
mod canary;
#[path = "main/doctor.rs"]
mod doctor;
#[path = "main/keychain.rs"]
mod keychain;
#[path = "main/other_helper.rs"]
mod other_helper;
#[path = "main/scenarios.rs"]
mod scenarios;
#[path = "main/stage.rs"]
mod stage;
