//! The project's own commands: `cargo xtask run`, `cargo xtask test`, `cargo xtask check`.
fn main() {}
