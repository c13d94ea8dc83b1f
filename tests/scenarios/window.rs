//! The real window, driven as a person would: limits, refusals, the ledger, the kill switch and
//! its release, over a restart. The simulator runs on outside.

mod bot;
mod dialog;
mod session;
mod steps;

use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
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
    /// Ports of the two sample bots.
    samples: [u16; 2],
}

impl Place {
    fn args(&self) -> Vec<String> {
        let mut args = vec!["--gateway".to_owned(), self.simulator.address().to_owned()];
        args.extend(["--data-dir".to_owned(), self.data_dir.to_string_lossy().into_owned()]);
        for (name, port, client_id) in [
            (BOT, self.bot.port, CLIENT_ID),
            ("steady", self.samples[0], 11),
            ("runaway", self.samples[1], 12),
        ] {
            args.extend(["--bot".to_owned(), format!("{name}:{port}:{client_id}")]);
        }
        args
    }

    /// Opens the window, does `steps` in it, and closes it whatever they came to.
    async fn life<'a, F, Steps>(&'a self, steps: F) -> anyhow::Result<()>
    where
        F: FnOnce(&'a Self, std::rc::Rc<Window>) -> Steps,
        Steps: Future<Output = anyhow::Result<()>>,
    {
        let window = std::rc::Rc::new(Window::open(&self.args()).await?);
        let outcome = tokio::time::timeout(LIFE, steps(self, std::rc::Rc::clone(&window))).await;
        let outcome = outcome.context("a life of the window took too long").and_then(|done| done);
        if outcome.is_err() {
            window.picture("failed").await.ok();
        }
        window.quit().await;
        outcome
    }
}

#[test]
fn a_person_limits_kills_restarts_and_releases_in_the_window() -> anyhow::Result<()> {
    if std::env::var_os("DISPLAY").is_none() {
        println!("The window is not tested: there is no display (DISPLAY is not set).");
        return Ok(());
    }
    let dir = tempfile::tempdir()?;
    let place = Place {
        data_dir: dir.path().join("data"),
        simulator: Simulator::start(dir.path(), &[])?,
        bot: BotPlace { port: free_port()?, client_id: CLIENT_ID },
        samples: [free_port()?, free_port()?],
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        place.life(first_life).await.context("the first life of the window")?;
        place.life(second_life).await.context("the second life of the window")
    })?;
    let n_placed = Evidence::read(place.simulator.record(), &place.data_dir)?.check()?;
    println!("{n_placed} orders at the simulator, each allowed once");
    Ok(())
}

/// Limits, a refusal everywhere it must be seen, and the kill.
async fn first_life(place: &Place, window: std::rc::Rc<Window>) -> anyhow::Result<()> {
    steps::shows_the_bots(&window).await?;
    steps::sample_bots_trade(&window, place.samples).await?;
    let bot = Bot::connect(&place.bot).await?;
    bot.fills(20.0).await.context("twenty, within every limit")?;
    steps::lowers_the_quantity(&window).await?;
    bot.is_refused(20.0, &["GH-03", "quantity 20 is above 10"]).await?;
    steps::chart_shows_the_refusal(&window).await?;
    steps::audit_has_the_refusal_and_verifies(&window).await?;
    let entry = bot.rests(4.0).await.context("an entry far below the market")?;
    let stop = bot.protects(20.0).await.context("a stop below the position")?;
    steps::shows_working(&window, &[entry, stop]).await?;
    steps::holds_kill(&window).await?;
    steps::kill_cancelled_one_and_kept_one(&window).await?;
    bot.is_refused(5.0, &["GH-55"]).await?;
    bot::only_works(place.simulator.address(), stop).await
}

/// Still killed after a restart; released as a person would, and trading again.
async fn second_life(place: &Place, window: std::rc::Rc<Window>) -> anyhow::Result<()> {
    window.wait("kill-banner", "Kill switch is on").await.context("killed over a restart")?;
    let bot = Bot::connect(&place.bot).await?;
    bot.is_refused(5.0, &["GH-55"]).await?;
    steps::releases(&window).await?;
    bot.is_refused(5.0, &["GH-55"]).await.context("nothing resumes by itself")?;
    steps::resumes_the_bot(&window).await?;
    bot.fills(5.0).await.context("five, after the release")?;
    Ok(())
}
