//! Composition root without Tauri, and the headless binary.
