//! `cargo xtask test` is what CI runs; `check` is the quick part of it.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::clients;
use crate::prepare;
use crate::step::{cargo, has, program, step};
use crate::tidy;

/// How long each of the eight decoders is fuzzed.
const FUZZ_SECONDS: &str = "30";

/// Binaries that the scenarios start as processes.
const PROGRAMS: &[&str] =
    &["gatehouse-app", "gatehouse-sim", "gatehouse-sample-bots", "gatehouse-desktop"];

/// Runs everything.
///
/// # Errors
/// With the first step that failed.
pub(crate) fn test(root: &Path) -> anyhow::Result<()> {
    let begin = Instant::now();
    prepare::prepare(root)?;
    formatted(root)?;
    tidy_step(root)?;
    ui(root)?;
    step("ui build", npm(root).args(["run", "build"]))?;
    clippy(root)?;
    optional(root)?;
    let clients = clients::install(root)?;
    rust_tests(root, &clients)?;
    fuzz(root, FUZZ_SECONDS)?;
    let mut build = cargo(root);
    build.arg("build");
    for package in PROGRAMS {
        build.args(["--package", package]);
    }
    step("programs", &mut build)?;
    scenarios(root, &clients)?;
    println!("\nAll passed in {:.0} s.", begin.elapsed().as_secs_f64());
    Ok(())
}

/// Runs what takes under three minutes on a warm tree.
///
/// # Errors
/// With the first step that failed.
pub(crate) fn check(root: &Path) -> anyhow::Result<()> {
    prepare::node(root)?;
    formatted(root)?;
    tidy_step(root)?;
    if !root.join("ui/dist").exists() {
        step("ui build", npm(root).args(["run", "build"]))?;
    }
    clippy(root)?;
    rust_tests(root, &clients::environments(root))?;
    ui(root)
}

/// Fuzzes the eight decoders, each for `seconds`.
///
/// # Errors
/// When one panics, disagrees with itself, or grows without bound.
pub(crate) fn fuzz(root: &Path, seconds: &str) -> anyhow::Result<()> {
    step(
        &format!("fuzz, {seconds} s for each decoder"),
        cargo(root)
            .args(["test", "--quiet", "--locked", "--package", "gatehouse-tws", "--test", "main"])
            .args(["fuzz::", "--", "--nocapture"])
            .env("GATEHOUSE_FUZZ_SECS", seconds),
    )
}

fn formatted(root: &Path) -> anyhow::Result<()> {
    step("format", cargo(root).args(["fmt", "--all", "--check"]))
}

fn tidy_step(root: &Path) -> anyhow::Result<()> {
    println!("\n== tidy");
    tidy::tidy(root)
}

fn clippy(root: &Path) -> anyhow::Result<()> {
    step(
        "clippy",
        cargo(root).args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ]),
    )
}

/// Runs the tests of all crates. The Gateway's start the login helper among the clients, if it was
/// installed there.
fn rust_tests(root: &Path, clients: &Path) -> anyhow::Result<()> {
    step(
        "Rust tests",
        cargo(root)
            .args(["test", "--workspace", "--locked", "--exclude", "gatehouse-tests"])
            .env("GATEHOUSE_CLIENTS", clients),
    )
}

/// Licences, sources and unused dependencies, where the tools are installed. Advisories change by
/// the day and are fetched: `cargo deny check advisories` is a question of its own.
fn optional(root: &Path) -> anyhow::Result<()> {
    let tools: [(&str, &[&str]); 2] = [
        ("cargo-deny", &["deny", "check", "bans", "licenses", "sources"]),
        ("cargo-machete", &["machete"]),
    ];
    for (tool, args) in tools {
        if has(tool) {
            step(tool, cargo(root).args(args))?;
        } else {
            println!("\n== {tool}: skipped, it is not installed (cargo install {tool})");
        }
    }
    Ok(())
}

fn npm(root: &Path) -> Command {
    program("npm", &root.join("ui"))
}

fn ui(root: &Path) -> anyhow::Result<()> {
    for script in ["lint", "check", "test"] {
        step(&format!("ui {script}"), npm(root).args(["run", script]))?;
    }
    Ok(())
}

/// Runs the scenarios: real processes, real clients, and a real window on a display of its own.
fn scenarios(root: &Path, clients: &Path) -> anyhow::Result<()> {
    let mut command = if has("xvfb-run") {
        let mut command = program("xvfb-run", root);
        command
            .args(["-a", "-s", "-screen 0 1440x900x24 -nolisten tcp", "dbus-run-session", "--"])
            .arg(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
    } else {
        println!("\nThe window is not tested: xvfb-run is not installed.");
        cargo(root)
    };
    command
        .args(["test", "--package", "gatehouse-tests", "--locked", "--", "--test-threads", "1"])
        .env("GATEHOUSE_CLIENTS", clients)
        .env("GATEHOUSE_PYTHON", clients.join("ib_async/bin/python"))
        .env("LANG", "en_US.UTF-8")
        .env("NO_AT_BRIDGE", "1")
        .env("GTK_A11Y", "none")
        .env("LIBGL_ALWAYS_SOFTWARE", "1");
    step("scenarios", &mut command)
}
