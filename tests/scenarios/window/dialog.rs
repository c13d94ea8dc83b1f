//! Dialogs of the operating system, which WebDriver cannot reach: xdotool on the same display.

use std::process::Command;

use anyhow::{Context as _, ensure};

/// Waits for a dialog with this title and presses its first button, as the keyboard does.
pub(super) fn confirm(title: &str) -> anyhow::Result<()> {
    let found = xdotool(&["search", "--sync", "--onlyvisible", "--name", title])?;
    let dialog = found.lines().last().context("no dialog")?.to_owned();
    xdotool(&["windowfocus", "--sync", &dialog])?;
    xdotool(&["key", "Return"]).map(drop)
}

/// Runs xdotool, at most for 15 s.
fn xdotool(args: &[&str]) -> anyhow::Result<String> {
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
