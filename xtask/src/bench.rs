//! `cargo xtask bench`: figures beside those of peers, printed and kept as JSON.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::clients;
use crate::run::target_dir;
use crate::step::{cargo, has, program, step};

/// What the judgement is measured against.
const PEER: &str = "nautilus_trader==1.221.0";

/// Runs the benches of these names, or all.
///
/// # Errors
/// A name is not known, or a bench could not be run; a goal that is missed is printed only.
pub(crate) fn bench(root: &Path, names: &[&str]) -> anyhow::Result<()> {
    let all = ["codec", "sim", "proxy", "risk", "ledger"];
    if let Some(unknown) = names.iter().find(|name| !all.contains(*name)) {
        bail!("no bench is named {unknown}; there are codec, sim, proxy, risk and ledger");
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
            "risk" => {
                if let Some(python) = peer(root)? {
                    command.arg("--peer").arg(python);
                }
                step("bench risk", &mut command)?;
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
            _ => step(&format!("bench {name}"), &mut command)?,
        }
    }
    Ok(())
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
fn peer(root: &Path) -> anyhow::Result<Option<std::path::PathBuf>> {
    let venv = target_dir(root).join("venv-nautilus");
    let python = venv.join("bin/python");
    let is_there = Command::new(&python)
        .args(["-c", "import nautilus_trader"])
        .output()
        .is_ok_and(|output| output.status.success());
    if is_there {
        return Ok(Some(python));
    }
    step("Python environment", program("python3", root).args(["-m", "venv"]).arg(&venv))
        .context("install python3-venv")?;
    let mut install = program(venv.join("bin/pip"), root);
    match step("peer", install.args(["install", "--quiet", PEER])) {
        Ok(()) => Ok(Some(python)),
        Err(error) => {
            println!("The peer of `bench risk` is not measured: {error:#}");
            Ok(None)
        }
    }
}
