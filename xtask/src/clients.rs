//! The real client libraries, and the login helper: installs them, and runs the whole matrix.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::run::target_dir;
use crate::step::{cargo, has, program, step};

/// Programs that a day of the matrix starts.
const PROGRAMS: &[&str] = &["gatehouse-app", "gatehouse-sim", "gatehouse-tests"];

/// What was installed, in an environment of its own each: three libraries share a module's name.
const STAMP: &str = "installed.txt";

/// Why an environment could not be made; the tests read it.
const REASON: &str = "not-installed.txt";

/// Runs every client at every version, prints the table and writes `target/clients/matrix.json`.
///
/// # Errors
/// When something does not build, or a cell does not pass.
pub(crate) fn clients(root: &Path, names: &[&str]) -> anyhow::Result<()> {
    let environments = install(root)?;
    let mut build = cargo(root);
    build.args(["build", "--locked"]);
    for package in PROGRAMS {
        build.args(["--package", package]);
    }
    step("programs", &mut build)?;
    let matrix = target_dir(root).join("debug/gatehouse-client-matrix");
    step(
        "clients",
        program(matrix, root)
            .arg(environments.join("matrix.json"))
            .args(names)
            .env("GATEHOUSE_CLIENTS", &environments),
    )
}

/// Returns where the Python environments of the clients are, if they were made.
pub(crate) fn environments(root: &Path) -> PathBuf {
    target_dir(root).join("clients")
}

/// Installs every client, and returns the folder of the Python environments.
///
/// # Errors
/// In CI, when one cannot be installed. Elsewhere that is printed, and the client is left out.
pub(crate) fn install(root: &Path) -> anyhow::Result<PathBuf> {
    println!("\n== client libraries");
    let environments = environments(root);
    std::fs::create_dir_all(&environments)
        .with_context(|| format!("making {}", environments.display()))?;
    let folder = root.join("tests/python/requirements");
    let mut missing = Vec::new();
    for entry in folder.read_dir().with_context(|| format!("reading {}", folder.display()))? {
        let requirements = entry.context("reading a folder")?.path();
        let name = requirements.file_stem().context("a file without a name")?;
        let environment = environments.join(name);
        if let Err(error) = python(root, &environment, &requirements) {
            missing.push(format!("{}: {error:#}", name.to_string_lossy()));
            std::fs::create_dir_all(&environment)
                .and_then(|()| std::fs::write(environment.join(REASON), format!("{error:#}\n")))
                .context("noting why a client is not installed")?;
        }
    }
    if let Err(error) = node(root) {
        missing.push(format!("@stoqey/ib: {error:#}"));
    }
    if !missing.is_empty() {
        let missing = missing.join("\n");
        if std::env::var_os("CI").is_some() {
            bail!("not installed:\n{missing}");
        }
        println!("Not installed, and not tested:\n{missing}");
    }
    Ok(environments)
}

/// Makes one Python environment, unless it is there as required.
fn python(root: &Path, environment: &Path, requirements: &Path) -> anyhow::Result<()> {
    let wanted = std::fs::read_to_string(requirements)
        .with_context(|| format!("reading {}", requirements.display()))?;
    let stamp = environment.join(STAMP);
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    if environment.exists() {
        std::fs::remove_dir_all(environment)
            .with_context(|| format!("removing {}", environment.display()))?;
    }
    step("Python environment", program("python3", root).args(["-m", "venv"]).arg(environment))
        .context("install python3-venv")?;
    let mut pip = Command::new(environment.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--requirement"]).arg(requirements);
    step(&requirements.display().to_string(), &mut pip)?;
    std::fs::write(&stamp, wanted).with_context(|| format!("writing {}", stamp.display()))
}

/// Installs the Node client as its lock file says, unless it is there.
fn node(root: &Path) -> anyhow::Result<()> {
    if !has("npm") {
        bail!("npm was not found: install Node 20 or later");
    }
    crate::prepare::packages(&root.join("tests/node"))
}
