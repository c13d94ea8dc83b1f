//! `gatehouse`: everything without a window. Links no window toolkit.

use std::process::ExitCode;

fn main() -> ExitCode {
    gatehouse_app::cli::main()
}
