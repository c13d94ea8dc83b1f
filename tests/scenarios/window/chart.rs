//! The Chart, by pointer and by keys.

use anyhow::Context as _;

use super::session::Window;
use super::{SYMBOL, steps};

/// Hovers the refused mark, pins its decision, and follows it to its entry and back.
pub(super) async fn pins_the_refusal_and_follows_it(window: &Window) -> anyhow::Result<()> {
    steps::chart_shows_the_refusal(window).await?;
    window.click_here().await?;
    window.find("[data-testid='decision-pop'][data-pinned='true']").await?;
    window.pictures("chart-decision").await?;
    window.click("decision-audit").await?;
    window.wait("entry-drawer", "Hash matches").await?;
    window.click("show-on-chart").await?;
    window.find("[data-testid='chart-canvas'][data-refused='1'][data-marks]").await.map(drop)
}

/// Timeframes, the line of a working order, the table of bars and the ticket, by keys.
pub(super) async fn goes_by_keys(window: &Window, order: i32) -> anyhow::Result<()> {
    let shows = async |bar: &str| {
        let canvas = format!("[data-testid='chart-canvas'][data-bar='{bar}'][data-marks]");
        window.find(&canvas).await.with_context(|| format!("bars of {bar}"))
    };
    window.press_keys(&["2"]).await?;
    shows("5m").await?;
    window.press_keys(&["]"]).await?;
    shows("15m").await?;
    window.press_keys(&["["]).await?;
    window.press_keys(&["["]).await?;
    shows("1m").await?;
    window.find(&format!("[data-testid='chart-canvas'][data-orders*='{order}:']")).await?;
    window.find("[data-testid='chart-canvas'][data-vwap='true']").await?;
    window.wait("chart-legend", "VWAP").await?;
    window.wait("chart-attribution", "TradingView").await?;
    window.pictures("chart").await?;
    window.click("chart-options").await?;
    window.click("chart-table").await?;
    window.has_rows("bar-row-table", 2).await?;
    window.click("chart-table").await?;
    window.press_keys(&["Escape"]).await?;
    window.press_keys(&["t"]).await?;
    window.focused("ticket-quantity").await.context("the ticket opens at the quantity")?;
    window.press_keys(&["Escape"]).await
}

/// A name that the Gateway does not know is said to have no line, and takes none from the others.
pub(super) async fn says_what_is_not_named(window: &Window) -> anyhow::Result<()> {
    window.click("watch-add").await?;
    window.replace("watch-symbol", "FOOO").await?;
    window.click("watch-submit").await?;
    let lack = window.find("[data-testid='lack-FOOO']").await.context("FOOO has no line")?;
    let why = lack.attr("title").await?.unwrap_or_default();
    anyhow::ensure!(why.contains("no US stock of this name"), "{why}");
    window.wait("line-budget", "1 of Gatehouse").await.context("the line of the other")?;
    window.picture("chart-unnamed").await?;
    window.click_row(&format!("watch-{SYMBOL}"), "").await?;
    window.find(&format!("[data-testid='chart-canvas'][data-symbol='{SYMBOL}']")).await.map(drop)
}
