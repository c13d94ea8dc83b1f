//! What the person does and sees, screen by screen.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use gatehouse_tests::bin;
use serde_json::Value;

use super::session::Window;
use super::{BOT, SYMBOL, dialog};

/// The release waits a minute, and its button three seconds.
const MINUTE: Duration = Duration::from_secs(75);

/// The decision is there this soon after the pointer is on its sign.
const SETTLED_WITHIN: Duration = Duration::from_secs(2);

/// The title of the question of a window that closes with bots connected.
const CLOSING: &str = "Close Gatehouse with bots connected";

/// A sample bot that ends with this value.
pub(super) struct Sample(Child);

impl Sample {
    fn start(program: &str, port: u16, client_id: u16, every: u16) -> anyhow::Result<Self> {
        let child = Command::new(bin(program)?)
            .args(["--port", &port.to_string(), "--client-id", &client_id.to_string()])
            .args(["--every", &every.to_string()])
            .stdout(Stdio::null())
            .spawn()
            .with_context(|| format!("starting {program}"))?;
        Ok(Self(child))
    }
}

impl Drop for Sample {
    fn drop(&mut self) {
        self.0.kill().and_then(|()| self.0.wait()).ok();
    }
}

pub(super) async fn shows_the_bots(window: &Window) -> anyhow::Result<()> {
    window.gone("not-ready").await?;
    window.wait(&format!("bot-card-{BOT}"), BOT).await.map(drop)
}

/// One sample bot behaves, the other is refused: the picture of the README.
pub(super) async fn sample_bots_trade(
    window: &Window,
    ports: [u16; 2],
) -> anyhow::Result<[Sample; 2]> {
    window.wait("mode-badge", "SIM").await?;
    window.gone("not-ready").await?;
    let bots = [
        // Slow enough to stay below what may be traded in a minute.
        Sample::start("gatehouse-bot-steady", ports[0], 11, 20)?,
        Sample::start("gatehouse-bot-runaway", ports[1], 12, 1)?,
    ];
    window.wait("feed-note", "is above 500").await?;
    // Whichever of its faults comes first: refused often enough, it is paused.
    window.wait("feed-note", "(GH-45)").await?;
    window.click("tab-refused").await?;
    window.has_rows("refused-row-table", 24).await?;
    window.find("[data-testid='bot-card-steady'][data-state='active']").await?;
    for theme in ["light", "dark"] {
        window.run(&format!("document.documentElement.dataset.theme = '{theme}'")).await?;
        window.picture(&format!("home-{theme}")).await?;
    }
    window.click("nav-chart").await?;
    window.click("bar-1m").await?;
    window.find("[data-testid='chart-canvas'][data-marks]").await?;
    window.picture("chart-dark").await?;
    Ok(bots)
}

/// Closing the window while bots are connected asks, outside the page; no keeps it open.
pub(super) async fn closing_asks(window: &Window) -> anyhow::Result<()> {
    dialog::close("Gatehouse")?;
    dialog::decline(CLOSING)?;
    window.click("nav-home").await.context("the window stays when the person says no")?;
    window.wait("bot-card-steady", "steady").await?;
    let is_connected = window.find("[data-testid='bot-card-steady'][data-state='active']").await;
    is_connected.context("the bot trades on")?;
    dialog::close("Gatehouse")?;
    dialog::confirm(CLOSING)
}

/// Lowers "Quantity per order" of the bot to 10.
pub(super) async fn lowers_the_quantity(window: &Window) -> anyhow::Result<()> {
    window.click("nav-risk").await?;
    window.click(&format!("scope-bot:{BOT}")).await?;
    window.wait("limit-row-order-qty", "Quantity per order").await?;
    window.replace("limit-input-order-qty", "10").await?;
    window.wait("pending-tighter", "Tighter").await?;
    window.picture("risk").await?;
    window.click("apply").await?;
    window.gone("pending-bar").await?;
    window.wait("limit-row-order-qty", "Set here").await.map(drop)
}

/// Puts the pointer on the crossed circle, where it is by now.
async fn hover_the_refusal(window: &Window) -> anyhow::Result<()> {
    let canvas = window.find("[data-testid='chart-canvas'][data-refused='1'][data-marks]").await?;
    let mark = window.find("[data-testid='mark-refused']").await?;
    let seq = mark.attr("data-seq").await?.context("a mark without its entry")?;
    // Places are written some times a second.
    let marks = async || Ok(canvas.attr("data-marks").await?.unwrap_or_default().into());
    let its = format!("{seq}:");
    let place = |marks: &Value| {
        let mut all = marks.as_str().unwrap_or_default().split(' ');
        all.find_map(|mark| mark.strip_prefix(&its)?.split_once(','))
            .map(|(x, y)| (x.to_owned(), y.to_owned()))
    };
    let told = window.until(marks, |marks| place(marks).is_some()).await?;
    let (x, y) = place(&told).context("the mark has no place")?;
    let (x, y): (i64, i64) = (x.parse()?, y.parse()?);
    let size = canvas.rect().await?;
    let middle = |side: f64| format!("{:.0}", side / 2.0).parse::<i64>();
    window.hover(&canvas, x - middle(size.width)?, y - middle(size.height)?).await
}

/// The crossed circle, and the decision when the pointer is on it.
pub(super) async fn chart_shows_the_refusal(window: &Window) -> anyhow::Result<()> {
    window.click("nav-chart").await?;
    window.click_row(&format!("watch-{SYMBOL}"), "").await?;
    window.click("bar-1m").await?;
    let mut n_tries = 1;
    hover_the_refusal(window).await?;
    // Bars still come, and the sign moves with them.
    while window.wait_for("decision-card", "GH-03", SETTLED_WITHIN).await.is_err() && n_tries < 10 {
        hover_the_refusal(window).await?;
        n_tries += 1;
    }
    let card = window.said("decision-card", "GH-03").await?;
    for wanted in ["Refused", BOT, "20", "above 10", "Would pass"] {
        ensure!(card.contains(wanted), "{wanted} is not in the decision: {card}");
    }
    window.picture("chart").await
}

pub(super) async fn audit_has_the_refusal_and_verifies(window: &Window) -> anyhow::Result<()> {
    window.click("nav-audit").await?;
    window.click("verify").await?;
    window.wait("verified", "Verified").await?;
    window.find("[data-testid='chain-status'][data-chain='whole']").await?;
    window.replace("audit-text", "20 is above 10").await?;
    // The rows of before are shown until the answer comes.
    window.wait("audit-count", "1 of").await?;
    let text = window.said("audit-row", "above 10").await?;
    ensure!(text.contains(BOT) && text.contains("Refused") && text.contains(SYMBOL), "{text}");
    window.click_row("audit-row", "above 10").await?;
    window.wait("entry-drawer", "Hash matches").await?;
    window.picture("audit").await
}

pub(super) async fn shows_working(window: &Window, orders: &[i32]) -> anyhow::Result<()> {
    window.click("nav-orders").await?;
    for order in orders {
        window.find(&format!("[data-testid='working-row'][data-order-id='{order}']")).await?;
    }
    window.picture(&format!("orders-{}", orders.len())).await
}

/// Presses Kill for the second that it takes.
pub(super) async fn holds_kill(window: &Window) -> anyhow::Result<()> {
    window.press("kill-button").await?;
    window.wait("kill-banner", "Kill switch is on").await?;
    window.let_go().await
}

pub(super) async fn kill_cancelled_one_and_kept_one(window: &Window) -> anyhow::Result<()> {
    window.click("kill-on").await?;
    window.wait("kill-gone", "1 of 2").await?;
    window.find("[data-testid='kill-order'][data-progress='cancelled']").await?;
    window.find("[data-testid='kill-order'][data-progress='kept']").await?;
    window.find("[data-testid='kill-steps'] [data-step='saved']").await.context("the time line")?;
    window.wait("kill-flatten", "Flatten all").await?;
    window.picture("kill").await?;
    window.obeyed_csp().await
}

/// Waits the minute, types the word, holds the button, and confirms outside the page.
pub(super) async fn releases(window: &Window) -> anyhow::Result<()> {
    window.click("kill-on").await?;
    window.wait_for("release-wait", "0:00", MINUTE).await?;
    window.replace("release-word", "RELEASE").await?;
    window.press("release-hold").await?;
    window.find("[data-testid='release-hold']:disabled").await?;
    window.let_go().await?;
    dialog::confirm("Confirm in Gatehouse")?;
    window.gone("kill-banner").await.context("the release")
}

/// Lets the bot trade again with its own button.
pub(super) async fn resumes_the_bot(window: &Window) -> anyhow::Result<()> {
    window.find(&format!("[data-testid='bot-card-{BOT}'][data-state='halted']")).await?;
    window.click(&format!("bot-open-{BOT}")).await?;
    window.click(&format!("bot-resume-{BOT}")).await?;
    window.find(&format!("[data-testid='bot-card-{BOT}'][data-state='active']")).await?;
    window.picture("released").await?;
    window.obeyed_csp().await
}
