//! `cargo +nightly fuzz run mixed-answer`, in `crates/tws`.
#![no_main]

#[path = "../../tests/targets.rs"]
#[allow(dead_code)]
mod targets;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| targets::mixed_answer(bytes));
