//! A past day and the present one played again, as the ledger saw them.

use std::path::Path;

use anyhow::{Context as _, ensure};
use gatehouse_tests::{Evidence, Simulator, free_port};
use serde_json::Value;

use super::chart::{Chart, number, opens};
use crate::window::bot::{Bot, BotPlace};
use crate::window::session::Window;
use crate::window::{BOT, CLIENT_ID, SYMBOL, args, axe, life, on_a_display};

/// A Tuesday: there is a day before it, and a morning of its own.
const START: &[&str] = &["--seed", "7", "--start", "2026-01-06T11:00"];
const TODAY: &str = "2026-01-06";

/// 04:01 in New York on each day, when the first bar of a minute is over, in seconds since 1970.
const FIRST_OF_YESTERDAY: i64 = 1_767_603_660;
const DAY: i64 = 86_400;
/// 11:00 on the second day.
const STARTED: i64 = 1_767_715_200;

#[test]
fn a_day_is_played_again_as_the_ledger_saw_it_and_leaves_no_trace() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let data_dir = dir.path().join("data");
    let simulator = Simulator::start(dir.path(), START)?;
    let place = BotPlace { port: free_port()?, client_id: CLIENT_ID };
    let args = args(simulator.address(), &data_dir, &[(BOT, place.port, CLIENT_ID)]);
    on_a_display(async {
        life(&args, async |window| played(&place, window, &data_dir).await).await?;
        let n_placed = Evidence::read(simulator.record(), &data_dir)?.check()?;
        ensure!(n_placed == 1, "{n_placed} orders at the simulator in place of one");
        Ok(())
    })
}

async fn played(place: &BotPlace, window: &Window, data_dir: &Path) -> anyhow::Result<()> {
    window.gone("not-ready").await?;
    let bot = Bot::connect(place).await?;
    bot.fills(20.0).await.context("twenty, within every limit")?;
    bot.is_refused(600.0, &["is above 500"]).await?;
    let chart = opens(window, SYMBOL).await?;
    window.press_keys(&["1"]).await?;
    let is_live = |facts: &Value| number(facts, "fills") == 1 && number(facts, "refused") == 1;
    let live = chart.until("a fill and a refusal", is_live).await?;
    let book = book_of_minutes(window, data_dir).await.context("the frame is kept")?;

    window.click("chart-menu").await?;
    window.click("menu-replay").await?;
    yesterday(window, &chart).await.context("the day before")?;
    let mut found = Vec::new();
    axe::comes(window).await?;
    axe::looks_at(window, "replay", "axe-replay", &mut found).await?;
    ensure!(found.is_empty(), "axe found:\n{}", found.join("\n"));
    today(window, &chart).await.context("the day itself")?;

    window.click("replay-end").await?;
    window.gone("replay-bar").await?;
    window.gone("ticket-off").await?;
    window.wait("order-ticket", "Review").await.context("the ticket is back")?;
    let back = chart.until("live again", is_live).await?;
    ensure!(number(&back, "bars") >= number(&live, "bars"), "{back:#} after {live:#}");
    ensure!(number(&back, "to") >= number(&back, "bars"), "the newest bar is in sight: {back:#}");
    window.picture("replay-ended").await?;
    ensure!(book == book_of_minutes(window, data_dir).await?, "the replay is in the chart book");
    window.obeyed_csp().await
}

/// Returns the instant that is played.
async fn instant(window: &Window) -> anyhow::Result<Value> {
    let at =
        "return Number(document.querySelector(\"[data-testid='replay-bar']\")?.dataset.at ?? -1)";
    window.run(at).await
}

async fn until_at(window: &Window, is_so: impl Fn(i64) -> bool) -> anyhow::Result<i64> {
    let at = window.until(async || instant(window).await, |at| at.as_i64().is_some_and(&is_so));
    at.await?.as_i64().context("an instant")
}

/// Nothing was traded: bars alone, one more with each step, and never one that was not over.
async fn yesterday(window: &Window, chart: &Chart<'_>) -> anyhow::Result<()> {
    window.wait("replay-bar", "Replay").await?;
    window.wait("ticket-off", "The ticket is off").await?;
    window.gone("ticket-review-button").await?;
    until_at(window, |at| at == FIRST_OF_YESTERDAY).await.context("the first bar of the day")?;
    shows_bars_until(window, FIRST_OF_YESTERDAY).await?;
    let first = chart.until("bars", |facts| number(facts, "bars") > 0).await?;
    ensure!(number(&first, "fills") == 0 && number(&first, "refused") == 0, "{first:#}");
    for n in 1..=3 {
        window.press_keys(&["."]).await?;
        until_at(window, |at| at == FIRST_OF_YESTERDAY + 60 * n).await?;
        let is_one_more = |facts: &Value| number(facts, "bars") == number(&first, "bars") + n;
        chart.until("one bar more", is_one_more).await?;
    }
    window.press_keys(&[","]).await?;
    until_at(window, |at| at == FIRST_OF_YESTERDAY + 120).await?;
    shows_bars_until(window, FIRST_OF_YESTERDAY + 120).await?;
    window.click("replay-play").await?;
    until_at(window, |at| at > FIRST_OF_YESTERDAY + 1_200).await.context("it plays")?;
    window.click("replay-play").await?;
    let stopped = instant(window).await?.as_i64().context("an instant")?;
    shows_bars_until(window, stopped).await?;
    window.picture("replay-yesterday").await
}

/// The newest bar in the table of bars is the last one that was over by then.
async fn shows_bars_until(window: &Window, at: i64) -> anyhow::Result<()> {
    window.click("chart-options").await?;
    window.click("chart-table").await?;
    let newest = "return document.querySelector(\"[data-testid='bar-row']\")?.dataset.at ?? \
        document.querySelector(\"[data-testid='bar-row'] td\")?.textContent";
    let shown = clock(at - at.rem_euclid(60) - 60);
    let newest = window
        .until(
            async || window.run(newest).await,
            |text| text.as_str().is_some_and(|text| text.contains(&shown)),
        )
        .await;
    newest.with_context(|| format!("the newest bar begins at {shown}"))?;
    window.click("chart-table").await?;
    window.press_keys(&["Escape"]).await
}

/// Returns the time of day in New York, in winter.
fn clock(at: i64) -> String {
    let secs = (at - 5 * 3_600).rem_euclid(DAY);
    format!("{:02}:{:02}", secs / 3_600, secs / 60 % 60)
}

/// The fill and the refusal are there once the ledger had recorded them, and not before.
async fn today(window: &Window, chart: &Chart<'_>) -> anyhow::Result<()> {
    window.choose("replay-day", TODAY).await?;
    until_at(window, |at| at == FIRST_OF_YESTERDAY + DAY)
        .await
        .context("the first bar of today")?;
    window.gone_at("[data-testid='replay-row']").await?;
    window.press("replay-scrub").await?;
    window.let_go().await?;
    window.press_keys(&["End"]).await?;
    until_at(window, |at| at > STARTED).await.context("the last bar of today")?;
    let is_there = |facts: &Value| number(facts, "fills") == 1 && number(facts, "refused") == 1;
    chart.until("a fill and a refusal", is_there).await?;
    window.wait("replay-row", "Bought").await?;
    window.wait("replay-row", "Refused").await?;
    window.pictures("replay-today").await?;
    window.click("replay-back").await?;
    while instant(window).await?.as_i64() > Some(STARTED) {
        window.click("replay-back").await?;
    }
    let is_before = |facts: &Value| number(facts, "fills") == 0 && number(facts, "refused") == 0;
    chart.until("before both", is_before).await?;
    window.gone_at("[data-testid='replay-row']").await
}

/// Returns the chart book, once it has the frame that was chosen last.
async fn book_of_minutes(window: &Window, data_dir: &Path) -> anyhow::Result<Value> {
    let path = data_dir.join("charts.json");
    let read = async || Ok(Value::from(std::fs::read_to_string(&path)?));
    let has_minutes = |text: &Value| text.as_str().is_some_and(|text| text.contains("\"1m\""));
    window.until(read, has_minutes).await
}
