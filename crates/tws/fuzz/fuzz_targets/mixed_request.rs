//! `cargo +nightly fuzz run mixed-request`, in `crates/tws`.
#![no_main]

#[path = "../../tests/targets.rs"]
#[allow(dead_code)]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::mixed_request(bytes));
