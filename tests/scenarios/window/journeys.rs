//! Chart, Risk and Audit as a person goes through them, by pointer and by keys, and a look at
//! every screen for those who see or hear it in another way.

use std::path::Path;

use anyhow::{Context as _, ensure};
use gatehouse_tests::{Evidence, Simulator, free_port};

use super::bot::{Bot, BotPlace};
use super::session::Window;
use super::{BOT, CLIENT_ID, SYMBOL, args, audit, axe, chart, life, on_a_display, risk, steps};

#[test]
fn a_person_reads_the_chart_sets_limits_and_searches_the_ledger() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let data_dir = dir.path().join("data");
    let simulator = Simulator::start(dir.path(), &[])?;
    let place = BotPlace { port: free_port()?, client_id: CLIENT_ID };
    let args = args(simulator.address(), &data_dir, &[(BOT, place.port, CLIENT_ID)]);
    on_a_display(async {
        life(&args, async |window| screens(&place, window, &data_dir).await).await?;
        let n_placed = Evidence::read(simulator.record(), &data_dir)?.check()?;
        ensure!(n_placed == 2, "{n_placed} orders at the simulator in place of two");
        Ok(())
    })
}

async fn screens(place: &BotPlace, window: &Window, data_dir: &Path) -> anyhow::Result<()> {
    steps::shows_the_bots(window).await?;
    let bot = Bot::connect(place).await?;
    bot.fills(20.0).await.context("twenty, within every limit")?;
    steps::lowers_the_quantity(window).await?;
    bot.is_refused(20.0, &["GH-03", "quantity 20 is above 10"]).await?;
    let order = bot.rests(4.0).await.context("an entry far below the market")?;
    chart::pins_the_refusal_and_follows_it(window).await.context("the refused mark")?;
    chart::goes_by_keys(window, order).await.context("the keys of the chart")?;
    chart::says_what_is_not_named(window).await.context("a name that nobody has")?;
    risk::loosens_and_takes_it_back(window).await.context("a looser limit")?;
    risk::edits_a_list(window).await.context("a list")?;
    risk::looks_at_profiles(window).await.context("profiles")?;
    audit::searches(window).await.context("searching")?;
    audit::drags_time(window).await.context("a stretch of time")?;
    audit::follows_links_and_proposes(window).await.context("an old value")?;
    audit::exports(window, data_dir).await.context("the export")?;
    palette(window).await.context("the command palette")?;
    window.obeyed_csp().await?;
    axe::finds_nothing_serious(window).await
}

/// Anything can be found by its name, and Esc leaves everything as it was.
async fn palette(window: &Window) -> anyhow::Result<()> {
    window.press_keys(&["Control", "k"]).await?;
    window.focused("palette-input").await?;
    window.replace("palette-input", SYMBOL).await?;
    window.picture("palette").await?;
    window.press_keys(&["Enter"]).await?;
    window.find(&format!("[data-testid='chart-canvas'][data-symbol='{SYMBOL}']")).await?;
    window.press_keys(&["?"]).await?;
    window.wait("key-map", "Search or command").await?;
    window.press_keys(&["Escape"]).await?;
    window.gone("key-map").await
}
