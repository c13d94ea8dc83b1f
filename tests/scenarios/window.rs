//! The real window, driven as a person would: limits, refusals, the ledger, the kill switch and
//! its release, over a restart. The simulator runs on outside.

mod audit;
mod axe;
mod bot;
mod chart;
mod charts;
mod dialog;
mod display;
mod first_run;
mod gateway;
mod journeys;
mod orders;
mod risk;
mod session;
mod steps;

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use gatehouse_tests::{Evidence, Simulator, free_port};

use bot::{Bot, BotPlace};
use session::Window;

/// The bot that the person looks after.
const BOT: &str = "momentum";
const CLIENT_ID: i32 = 31;

/// Twenty of these are within every limit of the Careful profile; twenty SPY are not.
const SYMBOL: &str = "AAPL";

/// One life of the program, starting included.
const LIFE: Duration = Duration::from_secs(240);

/// What stays while the program comes and goes.
struct Place {
    data_dir: PathBuf,
    simulator: Simulator,
    bot: BotPlace,
    /// The stop that the kill keeps.
    stop: Cell<i32>,
}

/// Returns what the program is started with.
fn args(gateway: &str, data_dir: &Path, bots: &[(&str, u16, i32)]) -> Vec<String> {
    let mut args = vec!["--gateway".to_owned(), gateway.to_owned()];
    args.extend(["--data-dir".to_owned(), data_dir.to_string_lossy().into_owned()]);
    for (name, port, client_id) in bots {
        args.extend(["--bot".to_owned(), format!("{name}:{port}:{client_id}")]);
    }
    args
}

/// Opens the window, does `steps` in it, and closes it whatever they came to.
async fn life(
    args: &[String],
    steps: impl AsyncFnOnce(&Window) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let window = Window::open(args).await?;
    let outcome = tokio::time::timeout(LIFE, steps(&window)).await;
    let outcome = outcome.context("a life of the window took too long").and_then(|done| done);
    if outcome.is_err() {
        // The failure itself matters more than its picture.
        window.picture("failed").await.ok();
        println!("the window's last acts: {}", window.last_acts().await);
    }
    window.quit().await;
    outcome
}

/// Runs a test of the window on a runtime of its own, where there is a display.
fn on_a_display(test: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    if std::env::var_os("DISPLAY").is_none() {
        println!("The window is not tested: there is no display (DISPLAY is not set).");
        return Ok(());
    }
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(test)
}

#[test]
fn a_newcomer_sees_the_runaway_stopped_and_closing_asks_first() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let data_dir = dir.path().join("data");
    let ports = [free_port()?, free_port()?];
    let bots = [("steady", ports[0], 11), ("runaway", ports[1], 12)];
    on_a_display(async {
        life(&args("sim", &data_dir, &bots), async |window| {
            let _bots = steps::sample_bots_trade(window, ports).await?;
            steps::closing_asks(window).await?;
            window.ended(ports[0], &data_dir).await
        })
        .await?;
        let n_placed =
            Evidence::read(&data_dir.join("simulator-record.jsonl"), &data_dir)?.check()?;
        println!("{n_placed} orders of the sample bots at the simulator, each allowed once");
        Ok(())
    })
}

#[test]
fn a_person_limits_kills_restarts_and_releases_in_the_window() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let place = Place {
        data_dir: dir.path().join("data"),
        simulator: Simulator::start(dir.path(), &[])?,
        bot: BotPlace { port: free_port()?, client_id: CLIENT_ID },
        stop: Cell::new(0),
    };
    let bots = [(BOT, place.bot.port, CLIENT_ID)];
    let args = args(place.simulator.address(), &place.data_dir, &bots);
    on_a_display(async {
        life(&args, async |window| first_life(&place, window).await)
            .await
            .context("the first life of the window")?;
        life(&args, async |window| second_life(&place, window).await)
            .await
            .context("the second life of the window")?;
        let n_placed = Evidence::read(place.simulator.record(), &place.data_dir)?.check()?;
        ensure!(n_placed == 4, "{n_placed} orders at the simulator in place of four");
        Ok(())
    })
}

#[test]
fn a_person_places_changes_cancels_and_flattens_in_the_window() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let data_dir = dir.path().join("data");
    let simulator = Simulator::start(dir.path(), &[])?;
    let place = BotPlace { port: free_port()?, client_id: CLIENT_ID };
    let args = args(simulator.address(), &data_dir, &[(BOT, place.port, CLIENT_ID)]);
    on_a_display(async {
        life(&args, async |window| orders_of_a_person(&place, window).await).await?;
        let n_placed = Evidence::read(simulator.record(), &data_dir)?.check()?;
        println!("{n_placed} orders at the simulator, each allowed once");
        Ok(())
    })
}

/// The bot brings the symbol into the window; every order after that is the person's own.
async fn orders_of_a_person(place: &BotPlace, window: &Window) -> anyhow::Result<()> {
    steps::shows_the_bots(window).await?;
    let bot = Bot::connect(place).await?;
    bot.fills(5.0).await.context("five, within every limit")?;
    orders::home_draws_the_day(window, BOT).await.context("the day on Home")?;
    orders::buys(window, "3").await.context("buying at the market")?;
    let order = orders::rests(window, "2").await.context("an order that rests")?;
    orders::changes(window, &order, "4").await.context("changing it")?;
    orders::cancels(window, &order).await.context("cancelling it")?;
    orders::is_refused_before_sending(window).await.context("a ticket beyond its limits")?;
    orders::flattens(window).await.context("closing by hand")
}

/// Limits, a refusal everywhere it must be seen, and the kill.
async fn first_life(place: &Place, window: &Window) -> anyhow::Result<()> {
    steps::shows_the_bots(window).await?;
    let bot = Bot::connect(&place.bot).await?;
    bot.fills(20.0).await.context("twenty, within every limit")?;
    steps::lowers_the_quantity(window).await?;
    bot.is_refused(20.0, &["GH-03", "quantity 20 is above 10"]).await?;
    steps::chart_shows_the_refusal(window).await?;
    steps::audit_has_the_refusal_and_verifies(window).await?;
    let entry = bot.rests(4.0).await.context("an entry far below the market")?;
    let stop = bot.protects(20.0).await.context("a stop below the position")?;
    place.stop.set(stop);
    steps::shows_working(window, &[entry, stop]).await?;
    steps::holds_kill(window).await?;
    steps::kill_cancelled_one_and_kept_one(window).await?;
    bot.is_refused(5.0, &["GH-55"]).await?;
    bot::only_works(place.simulator.address(), stop).await
}

/// Still killed after a restart; released as a person would, and trading again.
async fn second_life(place: &Place, window: &Window) -> anyhow::Result<()> {
    window.wait("kill-banner", "Kill switch is on").await.context("killed over a restart")?;
    let bot = Bot::connect(&place.bot).await?;
    bot.is_refused(5.0, &["GH-55"]).await?;
    steps::releases(window).await?;
    bot.is_refused(5.0, &["GH-55"]).await.context("nothing resumes by itself")?;
    steps::resumes_the_bot(window).await?;
    steps::shows_working(window, &[place.stop.get()]).await.context("the kept stop")?;
    bot::only_works(place.simulator.address(), place.stop.get()).await?;
    bot.fills(5.0).await.context("five, after the release")?;
    Ok(())
}
