//! The first run: from a fresh data directory to an order that was refused, as a person goes.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use gatehouse_tests::Evidence;

use super::bot::{Bot, BotPlace};
use super::session::Window;
use super::{axe, life, on_a_display};

/// How long a person reads each step.
const READING: Duration = Duration::from_secs(2);

/// What a newcomer may need until the first refusal, reading included.
const WITHIN: Duration = Duration::from_secs(180);

/// The folder of the pictures, below `target/`.
const PICTURES: &str = "first-run";

/// The bot that is added.
const NAME: &str = "mine";

/// Client families that are offered a line.
const FAMILIES: u64 = 5;

/// One way through the steps, measured from before the program starts.
struct Walk {
    began: Instant,
    n_steps: u32,
    found: Vec<String>,
}

impl Walk {
    fn new() -> Self {
        Self { began: Instant::now(), n_steps: 0, found: Vec::new() }
    }

    /// A step is there, focus is on its heading, and it is readable in every theme.
    async fn reads(&mut self, window: &Window, step: &str) -> anyhow::Result<()> {
        window.find(&format!("[data-testid='onboarding'][data-step='{step}']")).await?;
        window.focused("onboarding-heading").await.context("a new step is read from its head")?;
        self.pauses().await;
        window.theme("dark").await?;
        let name = format!("{}-{step}", self.n_steps);
        window.picture_in(PICTURES, &name).await?;
        axe::looks_at(window, step, &format!("first-run-{name}"), &mut self.found).await
    }

    /// Lets the time go by that a person reads. It is part of what is measured, and nothing waits
    /// for it: every step waits for what it needs by looking.
    async fn pauses(&mut self) {
        self.n_steps += 1;
        tokio::time::sleep(READING).await;
    }
}

fn fresh(data_dir: &Path) -> Vec<String> {
    vec!["--data-dir".to_owned(), data_dir.to_string_lossy().into_owned()]
}

#[test]
fn a_newcomer_gets_from_nothing_to_a_refused_order_within_three_minutes() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let data_dir = dir.path().join("data");
    on_a_display(async {
        let mut walk = Walk::new();
        life(&fresh(&data_dir), async |window| to_a_refusal(&mut walk, &data_dir, window).await)
            .await?;
        ensure!(walk.found.is_empty(), "axe found:\n{}", walk.found.join("\n"));
        let n_placed =
            Evidence::read(&data_dir.join("simulator-record.jsonl"), &data_dir)?.check()?;
        ensure!(n_placed == 0, "{n_placed} orders at the simulator, all were to be refused");
        life(&fresh(&data_dir), async |window| is_over(window).await).await
    })
}

#[test]
fn a_first_run_goes_on_where_it_was_left_and_can_be_put_off() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let data_dir = dir.path().join("data");
    on_a_display(async {
        life(&fresh(&data_dir), async |window| {
            window.wait("onboarding-at", "Step 1 of 6").await?;
            window.click("onboarding-next").await?;
            window.wait("onboarding-at", "Step 2 of 6").await?;
            window.find("[data-testid='place-live']:disabled").await.context("live is locked")?;
            Ok(())
        })
        .await?;
        life(&fresh(&data_dir), async |window| {
            window.wait("onboarding-at", "Step 2 of 6").await.context("goes on by itself")?;
            window.click("onboarding-later").await?;
            window.gone("onboarding").await?;
            window.click("nav-settings").await?;
            window.click("settings-first-run").await?;
            window.wait("first-run-state", "step 2 of 6").await?;
            window.click("first-run-continue").await?;
            window.wait("onboarding-at", "Step 2 of 6").await?;
            window.obeyed_csp().await
        })
        .await
    })
}

/// All steps, a bot that connects, and the refusal.
async fn to_a_refusal(walk: &mut Walk, data_dir: &Path, window: &Window) -> anyhow::Result<()> {
    axe::comes(window).await?;
    walk.reads(window, "welcome").await?;
    window.wait("stored", &data_dir.to_string_lossy()).await.context("what is stored, where")?;
    // The way on by the keyboard alone: from the heading to the last button, and Enter.
    window.run("document.querySelector(\"[data-testid='onboarding-next']\").focus()").await?;
    window.press_keys(&["Enter"]).await?;
    walk.reads(window, "trade").await?;
    window.click("place-simulator").await?;
    window.find("[data-testid='place-simulator'][aria-checked='true']").await?;
    window.click("onboarding-next").await?;
    walk.reads(window, "gateway").await?;
    window.find("[data-testid='first-run-gateway'][data-phase='ready']").await?;
    window.click("onboarding-next").await?;
    walk.reads(window, "limits").await.context("the simulator needs no login")?;
    window.find("[data-testid='onboarding-step-login'][data-look='skipped']").await?;
    window.wait("first-worth", "USD").await.context("the money of this account")?;
    window.find("[data-testid='safety-careful'][aria-checked='true']").await?;
    window.click("onboarding-next").await?;
    walk.reads(window, "bot").await?;
    let _bot = adds_a_bot(window).await?;
    window.click("onboarding-next").await?;
    window.gone("onboarding").await?;
    window.find("[data-testid='first-connect'][data-done]").await.context("the checklist")?;
    walk.pauses().await;
    window.picture_in(PICTURES, "6-home").await?;
    window.click("try-refusal").await?;
    window.find("[data-testid='refusal-verdict'][data-refused]").await?;
    let took = walk.began.elapsed();
    window.find("[data-testid='first-refusal'][data-done]").await?;
    let said = window.said("refusal-verdict", "Not sent").await?;
    window.picture_in(PICTURES, "7-refusal").await?;
    println!(
        "From a fresh data directory to the first refused order: {} s, of which {} s are reading \
         {} steps. It said: {said}",
        took.as_secs(),
        (READING * walk.n_steps).as_secs(),
        walk.n_steps
    );
    ensure!(took < WITHIN, "it took {} s", took.as_secs());
    window.click("refusal-entry").await?;
    window.wait("entry-drawer", "Refused").await.context("its verdict in the ledger")?;
    window.obeyed_csp().await
}

/// Adds a bot, takes its line, and connects it as the line says.
async fn adds_a_bot(window: &Window) -> anyhow::Result<Bot> {
    window.replace("first-bot-name", NAME).await?;
    window.click("first-bot-add").await?;
    let said = window.said("first-bot-wait", "Waiting for").await?;
    let n_families = window
        .run("return document.querySelectorAll(\"[data-testid='connect-family'] option\").length");
    ensure!(n_families.await?.as_u64() >= Some(FAMILIES), "a line for five client libraries");
    let number = |after: &str| {
        let rest = said.split_once(after)?.1;
        rest.split(|it: char| !it.is_ascii_digit()).next()?.parse::<i32>().ok()
    };
    let port = number("port ").and_then(|port| u16::try_from(port).ok()).context("a port")?;
    let client_id = number("client id ").context("a client id")?;
    let line = window.said("connect-line", "connect").await?;
    ensure!(line.contains(&port.to_string()), "{line}");
    window.picture_in(PICTURES, "5-bot-line").await?;
    let bot = Bot::connect(&BotPlace { port, client_id }).await?;
    window.wait("first-bot-wait", &format!("{NAME} is connected")).await?;
    window.picture_in(PICTURES, "5-bot-connected").await?;
    Ok(bot)
}

/// A first run that is over does not come back; its checklist stays until it is put away.
async fn is_over(window: &Window) -> anyhow::Result<()> {
    window.wait(&format!("bot-card-{NAME}"), NAME).await?;
    window.gone("onboarding").await?;
    window.find("[data-testid='first-refusal'][data-done]").await?;
    window
        .click_at("[data-testid='first-steps'] button[aria-label='Put the first steps away']")
        .await?;
    window.gone("first-steps").await
}
