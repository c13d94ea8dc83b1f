//! Dialogs of the operating system, which WebDriver cannot reach: xdotool on the same display.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use gatehouse_tests::python;

/// Waits for a dialog with this title and takes its first button, as the keyboard does.
pub(super) fn confirm(title: &str) -> anyhow::Result<()> {
    press(title, "Return")
}

/// Waits for a dialog with this title and leaves it.
pub(super) fn decline(title: &str) -> anyhow::Result<()> {
    press(title, "Escape")
}

fn press(title: &str, key: &str) -> anyhow::Result<()> {
    let dialog = shown(title)?;
    xdotool(&["windowfocus", "--sync", &dialog])?;
    xdotool(&["key", key]).map(drop)
}

/// Asks a window to close, as its title bar would.
pub(super) fn close(title: &str) -> anyhow::Result<()> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/close_window.py");
    let status = Command::new(python()?).arg(script).arg(shown(title)?).status();
    ensure!(status.context("starting Python")?.success(), "asking the window to close");
    Ok(())
}

/// Returns the window with this title, once it is shown.
fn shown(title: &str) -> anyhow::Result<String> {
    let title = format!("^{title}$");
    let found = xdotool(&["search", "--sync", "--onlyvisible", "--name", &title])?;
    found.lines().last().map(str::to_owned).with_context(|| format!("no window {title}"))
}

/// Runs xdotool, at most for 15 s.
pub(super) fn xdotool(args: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("timeout")
        .args(["15", "xdotool"])
        .args(args)
        .output()
        .context("starting xdotool")?;
    ensure!(
        output.status.success(),
        "xdotool {args:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
