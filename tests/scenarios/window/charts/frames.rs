//! Very many bars: panned and zoomed to both ends with the wheel, the pointer and keys, while every
//! frame is watched for a picture without columns.

use anyhow::{Context as _, ensure};
use gatehouse_tests::{Simulator, free_port};
use serde_json::Value;

use super::chart::{Chart, n_in_sight, number, opens};
use super::series;
use crate::window::session::Window;
use crate::window::{args, display, life, on_a_display};

const SPY: (&str, i32) = ("SPY", 756_733);
/// The simulator's market begins here: Tuesday 6 January 2026, 11:00 in New York.
const START: &str = "2026-01-06T11:00";
const START_SECS: i64 = 1_767_715_200;

/// Enough that no picture holds a thousandth of them; ten million with `GATEHOUSE_BARS=10000000`.
const N_BARS: i64 = 1_000_000;

/// The goal of the project, and one frame of a machine that draws without a graphics card.
const BLANK_MAX_MS: f64 = 100.0;

const WATCH: &str = include_str!("frames.js");

/// Returns the notches of a wheel from as few bars as can be shown to all of them, and some more: each
/// shows a quarter more.
fn notches(n_bars: i64) -> u32 {
    let wider = |thousandths: &i64| thousandths.checked_mul(5).map(|it| it / 4);
    let spans = std::iter::successors(Some(10_000), wider);
    let n = spans.take_while(|thousandths| thousandths / 1_000 < n_bars).count();
    u32::try_from(n).unwrap_or(u32::MAX) + 4
}

fn n_bars() -> anyhow::Result<i64> {
    std::env::var("GATEHOUSE_BARS").map_or(Ok(N_BARS), |n| n.parse().context("GATEHOUSE_BARS"))
}

#[test]
fn very_many_bars_are_panned_and_zoomed_to_both_ends_without_a_blank() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let data_dir = dir.path().join("data");
    let simulator = Simulator::start(dir.path(), &["--seed", "7", "--start", START])?;
    let args = args(simulator.address(), &data_dir, &[("momentum", free_port()?, 31)]);
    let n_bars = n_bars()?;
    series::fill(&data_dir, SPY, n_bars, START_SECS)?;
    on_a_display(async {
        life(&args, async |window| {
            let told = watched(window, n_bars).await?;
            println!("{n_bars} bars: {told:#}");
            let blank = told["blankMs"].as_f64().context("no longest blank")?;
            ensure!(blank <= BLANK_MAX_MS, "blank for {blank:.0} ms");
            window.obeyed_csp().await
        })
        .await
    })
}

/// Goes everywhere, and returns what was seen of the frames.
async fn watched(window: &Window, n_bars: i64) -> anyhow::Result<Value> {
    let chart = opens(window, SPY.0).await?;
    window.press_keys(&["1"]).await?;
    chart.with("[data-bar='1m']").await.context("bars of a minute")?;
    let first = chart.until("all bars", |facts| number(facts, "bars") >= n_bars).await?;
    ensure!(number(&first, "to") >= n_bars, "it begins at the newest bar: {first:#}");
    window.run(WATCH).await?;
    sees_a_blank(window).await?;
    rests(window).await.context("frames at rest")?;
    zooms_out_and_in(window, &chart, n_bars).await.context("the wheel")?;
    goes_to_the_ends(window, &chart).await.context("the keys")?;
    drags(window, &chart).await.context("the pointer")?;
    window.run("return window.frames.told()").await
}

/// The watch can see: with the columns painted over, there is nothing but blank.
async fn sees_a_blank(window: &Window) -> anyhow::Result<()> {
    let blank = async || window.run("return window.frames.blank()").await;
    window.until(blank, |n| n.as_i64() < Some(4)).await.context("columns are seen")?;
    let over = "const all = [...document.querySelectorAll(\"[data-testid='chart-canvas'] canvas\")]; \
        const pane = all.reduce((a, b) => (a.width * a.height >= b.width * b.height ? a : b)); \
        const pen = pane.getContext('2d'); pen.save(); pen.resetTransform(); pen.fillStyle = '#123'; \
        pen.fillRect(pane.width / 2, 0, pane.width, pane.height); pen.restore(); \
        return window.frames.blank();";
    let n = window.run(over).await?;
    ensure!(n.as_i64() > Some(18), "half of the picture painted over is {n} strips");
    // The chart draws itself anew when the theme is set.
    let theme = "document.documentElement.dataset.theme = document.documentElement.dataset.theme";
    window.run(theme).await?;
    window.until(blank, |n| n.as_i64() < Some(4)).await.context("columns are drawn again").map(drop)
}

/// Watches the picture while nothing is done: what a frame takes here whatever the chart does.
async fn rests(window: &Window) -> anyhow::Result<()> {
    window.run("window.frames.begin('rest')").await?;
    let seen = async || window.run("return window.frames.told().acts.rest?.n ?? 0").await;
    window.until(seen, |n| n.as_i64() >= Some(10)).await?;
    window.run("window.frames.end()").await.map(drop)
}

/// Watches while something is done, and until the picture is at rest.
async fn act(
    window: &Window,
    chart: &Chart<'_>,
    name: &str,
    done: impl AsyncFnOnce() -> anyhow::Result<()>,
    is_there: impl Fn(&Value) -> bool,
) -> anyhow::Result<()> {
    window.run(&format!("window.frames.begin('{name}')")).await?;
    done().await?;
    chart.until(name, is_there).await?;
    window.run("window.frames.end()").await?;
    window.picture(&format!("bars-{name}")).await
}

async fn zooms_out_and_in(window: &Window, chart: &Chart<'_>, n_bars: i64) -> anyhow::Result<()> {
    let n = notches(n_bars);
    // The broker's answers take the bars of these days away that it does not have.
    let are_all = |facts: &Value| n_in_sight(facts) >= number(facts, "bars");
    let out = async || display::wheel(chart.on_screen((500, 400)).await?, n, false);
    act(window, chart, "wheel-out", out, are_all).await?;
    let into = async || display::wheel(chart.on_screen((130, 400)).await?, n, true);
    act(window, chart, "wheel-in-oldest", into, |facts| n_in_sight(facts) < 50).await?;
    let out = async || display::wheel(chart.on_screen((500, 400)).await?, n, false);
    act(window, chart, "wheel-out-again", out, are_all).await?;
    let into = async || display::wheel(chart.on_screen((700, 400)).await?, n * 2 / 3, true);
    act(window, chart, "wheel-in", into, |facts| n_in_sight(facts) < 2_000).await
}

async fn goes_to_the_ends(window: &Window, chart: &Chart<'_>) -> anyhow::Result<()> {
    chart.focus().await?;
    let home = async || window.press_keys(&["Home"]).await;
    act(window, chart, "home", home, |facts| number(facts, "from") <= 0).await?;
    let pages = async || {
        for _ in 0..8 {
            window.press_keys(&["PageDown"]).await?;
        }
        Ok(())
    };
    act(window, chart, "pages", pages, |facts| number(facts, "from") > 1_000).await?;
    let end = async || window.press_keys(&["End"]).await;
    act(window, chart, "end", end, |facts| number(facts, "to") >= number(facts, "bars")).await
}

async fn drags(window: &Window, chart: &Chart<'_>) -> anyhow::Result<()> {
    let before = number(&chart.facts().await?, "from");
    let back = async || {
        for _ in 0..4 {
            let (from, to) =
                (chart.on_screen((100, 400)).await?, chart.on_screen((950, 400)).await?);
            display::drag(from, to)?;
        }
        Ok(())
    };
    act(window, chart, "drag-back", back, |facts| number(facts, "from") < before).await?;
    let overview = chart.overview().await?;
    let all = async || display::drag(overview.1, overview.0);
    act(window, chart, "overview-to-oldest", all, |facts| number(facts, "from") <= 0).await?;
    let all = async || display::drag(overview.0, overview.1);
    let is_newest = |facts: &Value| number(facts, "to") + 5 >= number(facts, "bars");
    act(window, chart, "overview-to-newest", all, is_newest).await
}
