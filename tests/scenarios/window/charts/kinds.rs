//! Each way of drawing, older bars that come by themselves, pictures that are saved, and two charts
//! beside each other.

use anyhow::{Context as _, ensure};
use gatehouse_tests::{Simulator, free_port};
use serde_json::Value;

use super::chart::{Chart, number, opens, shows, watches};
use super::pictures;
use crate::window::session::Window;
use crate::window::{args, axe, life, on_a_display};

const START: &[&str] = &["--seed", "7", "--start", "2026-01-06T11:00"];

#[test]
fn charts_of_each_kind_are_drawn_scrolled_back_saved_and_linked() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let data_dir = dir.path().join("data");
    let simulator = Simulator::start(dir.path(), START)?;
    let args = args(simulator.address(), &data_dir, &[("momentum", free_port()?, 31)]);
    on_a_display(async {
        life(&args, async |window| {
            let chart = opens(window, "SPY").await?;
            draws_each_kind(window, &chart).await.context("each kind")?;
            pictures::saves_both(window, &chart, &data_dir).await.context("pictures")?;
            scrolls_back(window, &chart).await.context("older bars")?;
            points_on_two(window, &chart).await.context("two charts")?;
            points_on_a_day(window, &chart).await.context("a day beside its minutes")?;
            let mut found = Vec::new();
            axe::comes(window).await?;
            axe::looks_at(window, "two charts", "axe-charts", &mut found).await?;
            ensure!(found.is_empty(), "axe found:\n{}", found.join("\n"));
            window.obeyed_csp().await
        })
        .await
    })
}

async fn draws_each_kind(window: &Window, chart: &Chart<'_>) -> anyhow::Result<()> {
    for kind in ["bars", "heikin-ashi", "line", "candles"] {
        window.click("chart-options").await?;
        window.click(&format!("type-{kind}")).await?;
        window.press_keys(&["Escape"]).await?;
        chart.until(kind, shows("SPY", "5m", kind)).await?;
        window.picture(&format!("chart-kind-{kind}")).await?;
    }
    Ok(())
}

/// At the oldest bar older ones come, and what was in sight stays there.
async fn scrolls_back(window: &Window, chart: &Chart<'_>) -> anyhow::Result<()> {
    window.press_keys(&["1"]).await?;
    chart.until("bars of a minute", shows("SPY", "1m", "candles")).await?;
    chart.focus().await?;
    window.press_keys(&["Home"]).await?;
    let oldest = chart.until("the oldest bar", |facts| number(facts, "from") <= 0).await?;
    let bars = number(&oldest, "bars");
    let older = chart.until("older bars", |facts| number(facts, "bars") > bars + 1_000).await?;
    let n_older = number(&older, "bars") - bars;
    let moved = number(&older, "from") - number(&oldest, "from");
    // A bar may have come at the other end meanwhile.
    ensure!((n_older - 2..=n_older).contains(&moved), "{oldest:#} became {older:#}");
    window.picture("chart-older").await?;
    window.press_keys(&["End"]).await?;
    let is_newest = |facts: &Value| number(facts, "to") >= number(facts, "bars");
    chart.until("the newest bar", is_newest).await.map(drop)
}

/// Where the pointer is on one chart, the other shows the same instant of its own symbol.
async fn points_on_two(window: &Window, first: &Chart<'_>) -> anyhow::Result<()> {
    let second = Chart { window, id: "p2" };
    window.press_keys(&["Alt", "n"]).await?;
    second.with("[data-symbol='SPY']").await.context("the second chart")?;
    second.links("free").await?;
    watches(window, "AAPL").await?;
    second.with("[data-symbol='AAPL']").await.context("another symbol")?;
    for (of, other) in [(first, &second), (&second, first)] {
        let mut before = -1;
        // The second chart has half as many bars: in the right part of it both have them.
        for x in [700, 800] {
            of.point((x, 400)).await?;
            let is_other =
                |facts: &Value| number(facts, "pointed") > 0 && number(facts, "pointed") != before;
            let at = number(&of.until("points", is_other).await?, "pointed");
            other.until("the same instant", |facts| number(facts, "pointed") == at).await?;
            before = at;
        }
        let values = [of.facts().await?, other.facts().await?].map(|facts| facts["values"].clone());
        ensure!(values[0] != values[1], "both charts say {}", values[0]);
    }
    first.point((100, 400)).await?;
    second.until("nothing", |facts| facts["pointed"].is_null()).await.context("out of sight")?;
    first.point((750, 400)).await?;
    window.picture("charts-linked").await
}

/// The bar of a day and the opening of its session are pointed at together: a date is no instant of
/// another zone.
async fn points_on_a_day(window: &Window, first: &Chart<'_>) -> anyhow::Result<()> {
    let second = Chart { window, id: "p2" };
    // 2026-01-06 as the bar of a day bears it, and 09:30 in New York.
    let (today, opening) = (1_767_657_600, 1_767_657_600 + 14 * 3600 + 1800);
    for (chart, key, bar) in [(&second, "5", "1d"), (first, "2", "5m")] {
        chart.focus().await?;
        window.press_keys(&[key]).await?;
        chart.with(&format!("[data-bar='{bar}']")).await?;
    }
    // The newest day is somewhere at the right.
    let mut at = 0;
    for x in (600..=980).step_by(10) {
        second.point((x, 400)).await?;
        at = number(&second.facts().await?, "pointed");
        if at == today {
            break;
        }
    }
    ensure!(at == today, "the newest day is not found, {at} is");
    let is_opening = |facts: &Value| number(facts, "pointed") == opening;
    first.until("the opening of the day", is_opening).await?;
    window.picture("charts-day-linked").await
}
