//! `cargo xtask bench`: figures beside those of peers, printed and kept as JSON.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::clients;
use crate::run::target_dir;
use crate::step::{cargo, has, program, step};

/// A package of PyPI that a bench is measured against.
struct Peer {
    package: &'static str,
    module: &'static str,
    /// Its environment's folder, in the target folder.
    venv: &'static str,
}

const OF_RISK: Peer =
    Peer { package: "nautilus_trader==1.221.0", module: "nautilus_trader", venv: "venv-nautilus" };

const OF_STUDIES: Peer = Peer { package: "TA-Lib==0.8.2", module: "talib", venv: "venv-talib" };

/// What an environment holds, in a file of its own.
const PINNED: &str = "installed.txt";

/// Runs the benches of these names, or all.
///
/// # Errors
/// A name is not known, or a bench could not be run; a goal that is missed is printed only.
pub(crate) fn bench(root: &Path, names: &[&str]) -> anyhow::Result<()> {
    let all = ["codec", "sim", "proxy", "risk", "ledger", "studies", "chart", "history"];
    if let Some(unknown) = names.iter().find(|name| !all.contains(*name)) {
        bail!("no bench is named {unknown}; there are {}", all.join(", "));
    }
    match names {
        ["chart"] => return chart(root),
        ["history"] => return history(root),
        _ => {}
    }
    let mut build = cargo(root);
    step("build", build.args(["build", "--release", "--locked", "--package", "gatehouse-bench"]))?;
    let dir = target_dir(root).join("bench");
    let bench = target_dir(root).join("release/gatehouse-bench");
    for name in if names.is_empty() { &all } else { names } {
        let mut command = program(&bench, root);
        command.arg(name).arg("--dir").arg(&dir);
        match *name {
            "codec" => {
                command.arg("--clients").arg(clients::install(root)?);
                command.arg("--node").arg(root.join("tests/node"));
                step("bench codec", &mut command)?;
            }
            "risk" | "studies" => {
                let other = if *name == "risk" { &OF_RISK } else { &OF_STUDIES };
                if let Some(python) = python_with(root, other)? {
                    command.arg("--peer").arg(python);
                }
                step(&format!("bench {name}"), &mut command)?;
            }
            "sim" => {
                let mut build = cargo(root);
                build.args(["build", "--release", "--locked", "--package", "gatehouse-sim"]);
                step("the simulator", &mut build)?;
                command.arg("--sim").arg(target_dir(root).join("release/gatehouse-sim"));
                step("bench sim", &mut command)?;
            }
            "proxy" => {
                step("bench proxy, on any core", &mut command)?;
                pinned(&bench, &dir, root)?;
            }
            "chart" => chart(root)?,
            "history" => history(root)?,
            _ => step(&format!("bench {name}"), &mut command)?,
        }
    }
    Ok(())
}

/// The store of bars, by a program of its own: what it is compared with weighs on nothing else.
fn history(root: &Path) -> anyhow::Result<()> {
    let scripts = root.join("bench/history");
    let target = target_dir(root);
    let mut build = cargo(&scripts);
    build
        .args(["build", "--release", "--locked", "--target-dir"])
        .arg(target.join("bench-history"));
    step("build of the comparison", &mut build)?;
    let venv = target.join("venv-history");
    let python = venv.join("bin/python");
    let requirements = scripts.join("requirements.txt");
    let is_there = std::fs::read(venv.join(PINNED)).ok() == std::fs::read(&requirements).ok();
    let mut bench = program(target.join("bench-history/release/history-bench"), root);
    bench.arg("--dir").arg(target.join("bench"));
    let is_ready = is_there || {
        let install = |words: &mut Command| step("peers in Python", words);
        install(program("python3", root).args(["-m", "venv"]).arg(&venv))
            .and_then(|()| {
                let mut pip = program(venv.join("bin/pip"), root);
                install(pip.args(["install", "--quiet", "--requirement"]).arg(&requirements))
            })
            .map(|()| std::fs::copy(&requirements, venv.join(PINNED)).is_ok())
            .unwrap_or_else(|error| {
                println!("DuckDB, Parquet and Feather are not measured: {error:#}");
                false
            })
    };
    if is_ready {
        bench.arg("--scripts").arg(&scripts).arg("--python").arg(python);
    }
    step("bench history", &mut bench)
}

/// Views and frames of the chart, and what the window is sent while the market is busy.
fn chart(root: &Path) -> anyhow::Result<()> {
    chart_page(root)?;
    let mut build = cargo(root);
    build.args(["build", "--release", "--locked"]);
    build.args(["--package", "gatehouse-bench", "--package", "gatehouse-sim"]);
    step("build", &mut build)?;
    let release = target_dir(root).join("release");
    let mut command = program(release.join("gatehouse-bench"), root);
    command.arg("ipc").arg("--dir").arg(target_dir(root).join("bench"));
    step("bench ipc", command.arg("--sim").arg(release.join("gatehouse-sim")))
}

/// The page of the chart in the engine of the window; without a display under one of its own.
fn chart_page(root: &Path) -> anyhow::Result<()> {
    let ui = root.join("ui");
    if !ui.join("node_modules").is_dir() {
        step("packages of the window", program("npm", &ui).arg("ci"))?;
    }
    let mut command = if std::env::var_os("DISPLAY").is_some() {
        program("node", &ui)
    } else if has("xvfb-run") {
        let mut command = program("xvfb-run", &ui);
        command.args(["-a", "-s", "-screen 0 1440x900x24 -nolisten tcp", "node"]);
        command
    } else {
        println!(
            "\n== the page of bench chart: skipped, there is no display and xvfb-run is not installed"
        );
        return Ok(());
    };
    command.args(["bench/run.js", "--dir"]).arg(target_dir(root).join("bench"));
    step("bench chart", &mut command)
}

/// The same with every process on one core, where no wake-up crosses to another.
fn pinned(bench: &Path, dir: &Path, root: &Path) -> anyhow::Result<()> {
    if !has("taskset") {
        println!("\n== bench proxy, on one core: skipped, taskset is not installed");
        return Ok(());
    }
    let mut command = program("taskset", root);
    command.args(["-c", "0"]).arg(bench).args(["proxy", "--dir"]).arg(dir);
    step("bench proxy, on one core", command.args(["--name", "proxy-pinned"]))
}

/// Returns a Python that has the peer, or `None` when it cannot be installed here.
fn python_with(root: &Path, peer: &Peer) -> anyhow::Result<Option<std::path::PathBuf>> {
    let venv = target_dir(root).join(peer.venv);
    let python = venv.join("bin/python");
    let is_there = Command::new(&python)
        .args(["-c", &format!("import {}", peer.module)])
        .output()
        .is_ok_and(|output| output.status.success());
    if is_there {
        return Ok(Some(python));
    }
    step("Python environment", program("python3", root).args(["-m", "venv"]).arg(&venv))
        .context("install python3-venv")?;
    let mut install = program(venv.join("bin/pip"), root);
    match step("peer", install.args(["install", "--quiet", peer.package])) {
        Ok(()) => Ok(Some(python)),
        Err(error) => {
            println!("{} is not measured: {error:#}", peer.package);
            Ok(None)
        }
    }
}
