//! The Audit screen: words, a stretch of time, the life of an order, an old value, an export.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use gatehouse_tests::python;

use super::session::Window;
use super::{BOT, SYMBOL};

/// Makes a word of the query.
async fn asks_for(window: &Window, word: &str) -> anyhow::Result<()> {
    window.replace("audit-text", word).await?;
    window.press_keys(&["Enter"]).await?;
    let name = word.split(':').next().unwrap_or(word);
    window.wait("token", name).await.map(drop)
}

async fn asks_for_nothing(window: &Window) -> anyhow::Result<()> {
    window.click("nav-home").await?;
    window.click("nav-audit").await?;
    window.gone("token").await
}

/// Words are joined, and each can be taken away again.
pub(super) async fn searches(window: &Window) -> anyhow::Result<()> {
    window.press_keys(&["g"]).await?;
    window.press_keys(&["a"]).await?;
    window.click("verify").await?;
    window.wait("verified", "Verified").await?;
    window.find("[data-testid='density']").await.context("the picture of the day")?;
    window.press_keys(&["/"]).await?;
    window.focused("audit-text").await?;
    asks_for(window, &format!("bot:{BOT}")).await?;
    asks_for(window, "verdict:refused").await?;
    window.wait("audit-count", "1 of").await?;
    let text = window.said("audit-row", "above 10").await?;
    ensure!(text.contains(SYMBOL) && text.contains("Refused"), "{text}");
    window.pictures("audit").await
}

/// Dragging over the picture lists that stretch of time only.
pub(super) async fn drags_time(window: &Window) -> anyhow::Result<()> {
    asks_for_nothing(window).await?;
    let strip = window.find("[data-testid='density']").await?;
    window.drag(&strip, -300, 300).await?;
    window.find("[data-testid='token-time']").await?;
    window.picture("audit-time").await?;
    window.click("token-time-remove").await?;
    window.gone("token-time").await
}

/// The life of the order from its entry, and the old value of a setting back among the changes.
pub(super) async fn follows_links_and_proposes(window: &Window) -> anyhow::Result<()> {
    asks_for_nothing(window).await?;
    asks_for(window, "kind:filled").await?;
    window.click_row("audit-row", SYMBOL).await?;
    window.wait("entry-drawer", "Hash matches").await?;
    window.click("drawer-linked").await?;
    window.find("[data-testid='linked-entry']:not([disabled])").await?;
    window.picture("audit-linked").await?;
    asks_for_nothing(window).await?;
    asks_for(window, "kind:limit-changed").await?;
    window.click_row("audit-row", BOT).await?;
    window.wait("before-after", "10").await?;
    window.pictures("audit-before-after").await?;
    window.click("propose-old").await?;
    window.wait("pending-bar", "not applied").await?;
    window.click("discard").await?;
    window.gone("pending-bar").await
}

/// The exported file holds the whole ledger, and a program that is not ours verifies it.
pub(super) async fn exports(window: &Window, data_dir: &Path) -> anyhow::Result<()> {
    window.click("nav-audit").await?;
    window.click("export").await?;
    window.click("export-write").await?;
    let path = window.said("export-path", "jsonl").await?;
    ensure!(Path::new(&path).starts_with(data_dir), "{path} is not in the data directory");
    window.picture("audit-export").await?;
    window.press_keys(&["Escape"]).await?;
    window.gone("export-dialog").await?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/verify_chain.py");
    let verified = Command::new(python()?).arg(script).arg(&path).output();
    let verified = verified.context("starting Python")?;
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    ensure!(verified.status.success() && said.starts_with("ok "), "{said}");
    Ok(())
}
