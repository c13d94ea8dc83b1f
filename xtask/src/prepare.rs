//! Installs what a newcomer's machine lacks, and says what it does.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::step::{has, program, step};

/// Debian and Ubuntu packages: to build the window, to test it without a display, and to compile
/// and run the stand-in Gateway that a real login helper drives.
const PACKAGES: &[&str] = &[
    "build-essential",
    "pkg-config",
    "libssl-dev",
    "libwebkit2gtk-4.1-dev",
    "librsvg2-dev",
    "webkit2gtk-driver",
    "xvfb",
    "xauth",
    "xdotool",
    "dbus",
    "gnome-keyring",
    "fonts-dejavu-core",
    "openjdk-17-jre",
    "openjdk-17-jdk-headless",
    "python3",
    "python3-venv",
];

/// Installs system packages, UI packages and the Python client that the tests use.
///
/// # Errors
/// When something is missing that cannot be installed from here; the text says what to do.
pub(crate) fn prepare(root: &Path) -> anyhow::Result<()> {
    system()?;
    node(root)
}

/// Installs the system packages.
pub(crate) fn system() -> anyhow::Result<()> {
    if !has("dpkg-query") {
        if has("apt-get") {
            bail!("apt-get is here but dpkg-query is not; install: {}", PACKAGES.join(" "));
        }
        println!(
            "This is not Debian or Ubuntu, so nothing is installed for you. The window needs \
             WebKitGTK 4.1 and librsvg with their headers, pkg-config and a C compiler; its test \
             needs WebKitWebDriver, Xvfb, xauth, xdotool, dbus-run-session, the DejaVu fonts and \
             Python 3 with venv; the tests of the Gateway's login need a JDK 17, Xvfb and \
             gnome-keyring. On macOS and Windows the window builds with what the system has."
        );
        return Ok(());
    }
    let missing: Vec<&str> = PACKAGES.iter().copied().filter(|name| !is_installed(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("These system packages are missing and are installed now: {}", missing.join(" "));
    step("apt-get update", apt()?.args(["-q", "update"]))?;
    step(
        "apt-get install",
        apt()?.args(["-q", "install", "-y", "--no-install-recommends"]).args(&missing),
    )
    .with_context(|| format!("install by hand: apt-get install {}", missing.join(" ")))
}

fn is_installed(name: &str) -> bool {
    Command::new("dpkg-query").args(["-W", "-f", "${Status}", name]).output().is_ok_and(|output| {
        String::from_utf8_lossy(&output.stdout).contains("install ok installed")
    })
}

fn apt() -> anyhow::Result<Command> {
    let is_root = Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == "0");
    let mut command = if is_root {
        Command::new("apt-get")
    } else if has("sudo") {
        let mut sudo = Command::new("sudo");
        sudo.arg("apt-get");
        sudo
    } else {
        bail!("packages are missing, and this user is neither root nor has sudo");
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    Ok(command)
}

/// Installs the UI's packages when they are absent or older than the lock file.
pub(crate) fn node(root: &Path) -> anyhow::Result<()> {
    if !has("npm") {
        bail!("npm was not found: install Node 20 or later (nodejs.org), then run this again");
    }
    packages(&root.join("ui"))
}

/// Runs `npm ci` in a folder whose packages are absent or older than its lock file.
pub(crate) fn packages(folder: &Path) -> anyhow::Result<()> {
    let installed = folder.join("node_modules/.package-lock.json");
    let lock = folder.join("package-lock.json");
    let is_current = match (modified(&installed), modified(&lock)) {
        (Some(installed), Some(lock)) => installed >= lock,
        (Some(_), None) | (None, Some(_) | None) => false,
    };
    if is_current {
        return Ok(());
    }
    step("npm ci", program("npm", folder).args(["ci", "--no-audit", "--no-fund"]))
}

fn modified(path: &Path) -> Option<std::time::SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}
