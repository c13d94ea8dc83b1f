//! Runs one program as one named, timed step.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, bail};

/// Runs `command` and says how long it took.
///
/// # Errors
/// When it cannot be started, or does not exit with 0.
pub(crate) fn step(name: &str, command: &mut Command) -> anyhow::Result<()> {
    println!("\n== {name}");
    let begin = Instant::now();
    let status = command
        .status()
        .with_context(|| format!("starting {}", command.get_program().to_string_lossy()))?;
    let took = begin.elapsed().as_secs_f64();
    if !status.success() {
        bail!("{name} failed after {took:.1} s ({status})");
    }
    println!("== {name}: {took:.1} s");
    Ok(())
}

/// Returns the same cargo that runs this program, in `root`.
pub(crate) fn cargo(root: &Path) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    command
}

/// Returns a program to be run in `dir`.
pub(crate) fn program(name: impl AsRef<std::ffi::OsStr>, dir: &Path) -> Command {
    let mut command = Command::new(name);
    command.current_dir(dir);
    command
}

/// Returns whether a program of this name can be started.
pub(crate) fn has(name: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(name).is_file()))
}
