//! `cargo xtask run`: the first thing a newcomer does. Builds everything, opens the window on the
//! simulator with a fresh data directory and free ports, and starts the two sample bots.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, bail};

use crate::prepare;
use crate::step::{cargo, program, step};

/// The sample bots: program, name in the window, client id, and what it trades how often. The one
/// that behaves stays within the Careful profile's orders and value of a day for half an hour.
const BOTS: &[(&str, &str, u16, &[&str])] = &[
    ("gatehouse-bot-steady", "steady", 11, &["--symbol", "PFE", "--every", "15"]),
    ("gatehouse-bot-runaway", "runaway", 12, &[]),
];

/// Kills a child when it goes out of scope, so that closing the window ends the bots.
struct Owned(Child);

impl Drop for Owned {
    fn drop(&mut self) {
        // The child may have ended by itself, which is as good.
        self.0.kill().and_then(|()| self.0.wait()).ok();
    }
}

/// Builds, opens the window, and returns when it is closed.
///
/// # Errors
/// When something is missing, does not build, or the window ends with a failure.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    prepare::prepare(root)?;
    let has_display = std::env::var_os("DISPLAY").is_some()
        || std::env::var_os("WAYLAND_DISPLAY").is_some()
        || !cfg!(target_os = "linux");
    if has_display {
        step("ui build", program("npm", &root.join("ui")).args(["run", "build"]))?;
    }
    let shell = if has_display { "gatehouse-desktop" } else { "gatehouse-app" };
    step(
        "programs",
        cargo(root)
            .args(["build", "--package", shell])
            .args(["--package", "gatehouse-sim"])
            .args(["--package", "gatehouse-sample-bots"]),
    )?;
    let ports = free_ports(BOTS.len())?;
    let data_dir = fresh_data_dir(root)?;
    let bin_dir = target_dir(root).join("debug");
    let mut app =
        Command::new(bin_dir.join(if has_display { "gatehouse-desktop" } else { "gatehouse" }));
    if !has_display {
        app.arg("run");
    }
    app.args(["--gateway", "sim", "--data-dir"]).arg(&data_dir);
    for ((_, name, client_id, _), port) in BOTS.iter().zip(&ports) {
        app.arg("--bot").arg(format!("{name}:{port}:{client_id}"));
    }
    if !has_display {
        println!(
            "\nThere is no display here (DISPLAY is not set), so no window can open. The same \
             without a window:\n\n    {app:?}\n\nwhich prints `ready`; then start \
             target/debug/gatehouse-bot-steady --port {} --client-id {}.",
            ports[0], BOTS[0].2
        );
        return Ok(());
    }
    println!("\nOpening the window. Its data is in {}.", data_dir.display());
    guard(&mut app, &bin_dir, &ports)
}

/// Starts the window, the bots once trading is possible, and waits for the window to close.
fn guard(app: &mut Command, bin_dir: &Path, ports: &[u16]) -> anyhow::Result<()> {
    let mut window =
        Owned(app.stdout(Stdio::piped()).spawn().context("starting gatehouse-desktop")?);
    let stdout = window.0.stdout.take().context("reading what gatehouse-desktop prints")?;
    let is_ready = BufReader::new(stdout).lines().map_while(Result::ok).any(|line| line == "ready");
    if !is_ready {
        bail!("the window closed before trading was possible; its log is in the data directory");
    }
    let mut bots = Vec::new();
    for ((bot, _, client_id, trades), port) in BOTS.iter().zip(ports) {
        let child = Command::new(bin_dir.join(bot))
            .args(["--port", &port.to_string(), "--client-id", &client_id.to_string()])
            .args(*trades)
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {bot}"))?;
        bots.push(Owned(child));
    }
    println!(
        "Two sample bots trade: `steady` behaves, `runaway` does not. Close the window to end."
    );
    let status = window.0.wait().context("waiting for the window")?;
    if !status.success() {
        bail!("the window ended with {status}");
    }
    Ok(())
}

/// Returns ports that nothing listens on at this moment.
fn free_ports(count: usize) -> anyhow::Result<Vec<u16>> {
    let listeners: Vec<TcpListener> = (0..count)
        .map(|_| TcpListener::bind("127.0.0.1:0").context("looking for a free port"))
        .collect::<Result<_, _>>()?;
    listeners
        .iter()
        .map(|listener| {
            listener.local_addr().map(|address| address.port()).context("reading a port")
        })
        .collect()
}

fn fresh_data_dir(root: &Path) -> anyhow::Result<PathBuf> {
    let data_dir = target_dir(root).join("run").join(std::process::id().to_string());
    std::fs::create_dir_all(&data_dir).with_context(|| format!("making {}", data_dir.display()))?;
    Ok(data_dir)
}

/// Returns where cargo builds.
pub(crate) fn target_dir(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}
