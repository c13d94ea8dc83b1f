//! Drawings and layouts, drawn by hand, over a quit and over a kill.

use std::path::Path;

use anyhow::{Context as _, ensure};
use gatehouse_tests::{Simulator, free_port};
use serde_json::Value;

use super::chart::{Chart, has_drawings, lasting, opens, shows, watches};
use crate::window::session::Window;
use crate::window::{args, dialog, life, on_a_display};

/// After the close of extended hours: no bar comes, so every picture can be compared with the last.
const AFTER_HOURS: &[&str] = &["--seed", "7", "--start", "2026-01-06T20:30"];

const LAYOUT: &str = "Swing and day";

/// What was on the screen before the program went.
struct Left {
    charts: [Value; 2],
    book: Value,
}

#[test]
fn drawings_and_layouts_are_as_they_were_after_a_quit_and_after_a_kill() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let data_dir = dir.path().join("data");
    let simulator = Simulator::start(dir.path(), AFTER_HOURS)?;
    let port = free_port()?;
    let args = args(simulator.address(), &data_dir, &[("momentum", port, 31)]);
    on_a_display(async {
        let mut left = None;
        life(&args, async |window| {
            draws(window).await.context("drawing")?;
            lays_two_charts(window).await.context("two charts")?;
            let mut was = leaves(window, &data_dir, "charts-before").await?;
            // The last stroke comes right before the end.
            let first = Chart { window, id: "p1" };
            first.stroke(&[(500, 950)]).await?;
            window.press_keys(&["Alt", "m"]).await?;
            first.stroke(&[(300, 600), (450, 700)]).await?;
            was.charts[0] = lasting(&first.until("a measure", has_drawings(6)).await?);
            left = Some(was);
            dialog::close("Gatehouse")?;
            window.ended(port, &data_dir).await
        })
        .await?;
        let left =
            left.map(|was| anyhow::Ok(Left { book: book(&data_dir)?, ..was })).transpose()?;
        let mut changed = None;
        life(&args, async |window| {
            is_back(window, &data_dir, left.as_ref(), "charts-after-quit").await?;
            changed = Some(changes(window, &data_dir).await.context("changing")?);
            window.kill_9().await
        })
        .await?;
        life(&args, async |window| {
            is_back(window, &data_dir, changed.as_ref(), "charts-after-kill").await?;
            window.obeyed_csp().await
        })
        .await
    })
}

/// Draws one of each by pointer and keys, takes the last step back and does it again.
async fn draws(window: &Window) -> anyhow::Result<()> {
    let chart = opens(window, "AAPL").await?;
    chart.until("at rest", is_at_rest).await?;
    window.press_keys(&["d"]).await?;
    window.wait("draw-rail", "").await?;
    window.click("draw-line").await?;
    chart.stroke(&[(300, 500), (400, 400), (500, 300)]).await?;
    chart.until("a line", has_drawings(1)).await?;
    window.press_keys(&["Alt", "h"]).await?;
    chart.stroke(&[(400, 200)]).await?;
    chart.until("a horizontal", has_drawings(2)).await?;
    window.click("draw-rectangle").await?;
    chart.stroke(&[(550, 350), (700, 450)]).await?;
    chart.until("a rectangle", has_drawings(3)).await?;
    window.press_keys(&["Alt", "f"]).await?;
    chart.stroke(&[(720, 250), (850, 600)]).await?;
    chart.until("a Fibonacci retracement", has_drawings(4)).await?;
    window.press_keys(&["Alt", "t"]).await?;
    chart.stroke(&[(250, 650)]).await?;
    window.focused("draw-words").await.context("the words of a text")?;
    window.replace("draw-words", "Gap of Monday").await?;
    window.press_keys(&["Enter"]).await?;
    let drawn = chart.until("a text", has_drawings(5)).await?;
    // The words, and then the text itself.
    window.press_keys(&["Control", "z"]).await?;
    window.press_keys(&["Control", "z"]).await?;
    chart.until("taken back", has_drawings(4)).await?;
    window.press_keys(&["Control", "Shift", "z"]).await?;
    window.press_keys(&["Control", "Shift", "z"]).await?;
    let again = chart.until("done again", has_drawings(5)).await?;
    ensure!(drawn["drawings"] == again["drawings"], "{drawn:#} is not {again:#}");
    // Nothing is chosen, and the tools are put away.
    window.press_keys(&["Escape"]).await?;
    window.press_keys(&["d"]).await
}

/// Adds a chart of another symbol, each with a frame, a look and a study, and names the layout.
async fn lays_two_charts(window: &Window) -> anyhow::Result<()> {
    let (first, second) = (Chart { window, id: "p1" }, Chart { window, id: "p2" });
    window.press_keys(&["Alt", "n"]).await?;
    second.with("[data-symbol='AAPL']").await.context("the second chart")?;
    // One that follows the watchlist begins with the first symbol of it.
    first.links("free").await?;
    second.stroke(&[(500, 950)]).await?;
    second.links("free").await?;
    watches(window, "MSFT").await?;
    second.with("[data-symbol='MSFT']").await.context("another symbol")?;
    first.with("[data-symbol='AAPL']").await.context("the first keeps its own")?;
    window.press_keys(&["4"]).await?;
    second.with("[data-bar='1h']").await?;
    window.click_at(&second.part("chart-options")).await?;
    window.click("type-line").await?;
    window.press_keys(&["Escape"]).await?;
    window.click_at(&second.part("studies")).await?;
    window.click("add-sma").await?;
    window.press_keys(&["Escape"]).await?;
    second.until("a line of hours", shows("MSFT", "1h", "line")).await?;
    first.stroke(&[(500, 950)]).await?;
    window.press_keys(&["3"]).await?;
    first.until("candles of 15 minutes", shows("AAPL", "15m", "candles")).await?;
    window.click_at(&first.part("chart-options")).await?;
    window.click("type-heikin-ashi").await?;
    window.press_keys(&["Escape"]).await?;
    first.until("Heikin-Ashi", shows("AAPL", "15m", "heikin-ashi")).await?;
    opens_layouts(window).await?;
    window.replace("layout-name", LAYOUT).await?;
    window.click("layout-save").await?;
    window
        .says("[data-testid='layout-row']:nth-child(2) [data-testid='layout-show']", "Shown")
        .await?;
    window.press_keys(&["Escape"]).await?;
    window.gone("layouts-dialog").await
}

/// The market is closed: quotes grow old, and a line that says so moves the picture down.
fn is_at_rest(facts: &Value) -> bool {
    facts["old"] == true
}

async fn opens_layouts(window: &Window) -> anyhow::Result<()> {
    window.click_at("[data-testid='dock'] [data-testid='chart-menu']").await?;
    window.click("menu-layouts").await?;
    window.wait("layouts-dialog", "Layouts").await.map(drop)
}

/// Notes what is on the screen, once it is on the disk too.
async fn leaves(window: &Window, data_dir: &Path, picture: &str) -> anyhow::Result<Left> {
    let mut charts = Vec::new();
    for id in ["p1", "p2"] {
        let chart = Chart { window, id };
        chart.until("at rest", is_at_rest).await?;
    }
    window.pictures(picture).await?;
    for id in ["p1", "p2"] {
        charts.push(lasting(&Chart { window, id }.facts().await?));
    }
    let charts = <[Value; 2]>::try_from(charts).map_err(|_| anyhow::anyhow!("not two charts"))?;
    Ok(Left { charts, book: book(data_dir)? })
}

/// Everything that was on the screen is there again, at the same places.
async fn is_back(
    window: &Window,
    data_dir: &Path,
    left: Option<&Left>,
    picture: &str,
) -> anyhow::Result<()> {
    let left = left.context("nothing was on the screen before")?;
    window.click("nav-chart").await?;
    for (before, id) in left.charts.iter().zip(["p1", "p2"]) {
        let chart = Chart { window, id };
        let is_same = |facts: &Value| lasting(facts) == *before;
        let found = chart.until("as before", is_same).await;
        let now = chart.facts().await?;
        found.map(drop).with_context(|| format!("{before:#} became {now:#}"))?;
    }
    window.picture(picture).await?;
    opens_layouts(window).await?;
    let names = window
        .run("return [...document.querySelectorAll(\"[data-testid='layout-row'] input\")].map((it) => it.value)")
        .await?;
    ensure!(names[1] == LAYOUT, "the layouts are {names}");
    window.press_keys(&["Escape"]).await?;
    window.gone("layouts-dialog").await?;
    let now = book(data_dir)?;
    ensure!(now["drawings"] == left.book["drawings"], "{now:#} is not {:#}", left.book);
    ensure!(now["layouts"] == left.book["layouts"], "{now:#} is not {:#}", left.book);
    Ok(())
}

/// Draws one more and takes another away, and waits until that is on the disk.
async fn changes(window: &Window, data_dir: &Path) -> anyhow::Result<Left> {
    let chart = Chart { window, id: "p1" };
    let before = book(data_dir)?;
    chart.stroke(&[(500, 950)]).await?;
    window.press_keys(&["Alt", "r"]).await?;
    chart.stroke(&[(300, 300), (600, 500)]).await?;
    chart.until("a ray too", has_drawings(7)).await?;
    window.press_keys(&["Escape"]).await?;
    window.press_keys(&["d"]).await?;
    let is_written = async || Ok(serde_json::json!(book(data_dir)? != before));
    window.until(is_written, |is| is == true).await.context("writing the ray down")?;
    leaves(window, data_dir, "charts-changed").await
}

fn book(data_dir: &Path) -> anyhow::Result<Value> {
    let kept = std::fs::read_to_string(data_dir.join("charts.json"));
    serde_json::from_str(&kept.context("reading the chart book")?).context("reading the chart book")
}
