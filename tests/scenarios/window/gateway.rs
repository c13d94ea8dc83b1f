//! The Gateway screen with the built-in simulator: what it says, and what it lets a person do.

use std::time::Duration;

use anyhow::{Context as _, bail};
use gatehouse_tests::{Simulator, free_port};
use serde_json::{Value, json};

use super::session::Window;
use super::{BOT, CLIENT_ID, args, life, on_a_display, steps};

/// How often, and how many times, the screen is asked whether the simulator is another one.
const EVERY: Duration = Duration::from_millis(100);
const LOOKS: u32 = 200;

#[test]
fn a_person_stops_starts_and_restarts_the_simulator_in_the_window() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let data_dir = dir.path().join("data");
    let args = args("sim", &data_dir, &[(BOT, free_port()?, CLIENT_ID)]);
    on_a_display(async { life(&args, async |window| screen(window).await).await })
}

#[test]
fn a_person_turns_to_another_gateway_in_settings_and_back() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let simulator = Simulator::start(dir.path(), &[])?;
    let data_dir = dir.path().join("data");
    let args = vec!["--data-dir".to_owned(), data_dir.to_string_lossy().into_owned()];
    on_a_display(async {
        life(&args, async |window| {
            window.click("onboarding-later").await?;
            window.gone("onboarding").await?;
            finds_nobody(window).await.context("to one that does not answer")?;
            turns_to(window, simulator.address()).await.context("to one that runs")?;
            has_no_installation(window).await.context("to one that is not installed")?;
            source(window, "simulator").await?;
            saves(window).await?;
            window.click("nav-gateway").await?;
            phase(window, "ready").await.context("back to the simulator")?;
            window.obeyed_csp().await
        })
        .await
    })
}

/// Nobody listens: the doctor says so first, with what to do and a button.
async fn finds_nobody(window: &Window) -> anyhow::Result<()> {
    source(window, "running").await?;
    window.replace("gateway-address", &format!("127.0.0.1:{}", free_port()?)).await?;
    saves(window).await?;
    window.click("nav-gateway").await?;
    window.find("[data-testid='doctor'] li:first-child[data-outcome='fail']").await?;
    window.find("[data-testid='doctor'] li[data-outcome='fail'] button").await?;
    window.pictures("gateway-nobody").await
}

/// A Gateway that somebody else started, by its address; nothing of it can be stopped.
async fn turns_to(window: &Window, address: &str) -> anyhow::Result<()> {
    source(window, "running").await?;
    window.replace("gateway-address", "nonsense").await?;
    window.find("[data-testid='settings-save']:disabled").await?;
    window.replace("gateway-address", address).await?;
    window.picture("settings-gateway-running").await?;
    saves(window).await?;
    window.click("nav-gateway").await?;
    window.find("[data-testid='screen-gateway'][data-source='running']").await?;
    phase(window, "ready").await?;
    window.wait("gateway-process", address.rsplit(':').next().unwrap_or(address)).await?;
    window.gone("gateway-stop").await?;
    window.picture("gateway-running").await
}

/// What cannot be launched says so and what to do, and its login says what is stored.
async fn has_no_installation(window: &Window) -> anyhow::Result<()> {
    source(window, "launched").await?;
    window.replace("gateway-folder", "/nowhere").await?;
    saves(window).await?;
    window.click("nav-gateway").await?;
    window.find("[data-testid='screen-gateway'][data-source='launched']").await?;
    window.wait("gateway-sentence", "holds no standalone Gateway").await?;
    window.wait("gateway-sentence", "Needs you").await?;
    window.wait("gateway-credentials", "Nothing stored").await?;
    window.pictures("gateway-launched").await?;
    window.click("login-replace").await?;
    window.click("login-store").await?;
    window.wait("login-wrong", "is missing").await.context("an empty login is not stored")?;
    window.picture("gateway-login").await?;
    window.press_keys(&["Escape"]).await?;
    window.gone("login-dialog").await
}

async fn source(window: &Window, wanted: &str) -> anyhow::Result<()> {
    window.click("nav-settings").await?;
    window.click("settings-gateway").await?;
    window.click(&format!("source-{wanted}")).await?;
    window.find(&format!("[data-testid='source-{wanted}'][aria-checked='true']")).await.map(drop)
}

async fn saves(window: &Window) -> anyhow::Result<()> {
    window.click("settings-save").await?;
    window.gone("settings-pending").await
}

async fn screen(window: &Window) -> anyhow::Result<()> {
    steps::shows_the_bots(window).await?;
    window.press_keys(&["g"]).await?;
    window.press_keys(&["w"]).await?;
    phase(window, "ready").await.context("the screen by its keys")?;
    window.find("[data-testid='finding-port'][data-outcome='pass']").await.context("the doctor")?;
    window.find("[data-testid='connection-picture']").await?;
    window.pictures("gateway").await?;
    window.click("connection-table").await?;
    window.find("[data-testid='connection-rows']").await?;
    window.click("connection-table").await?;
    window.click("messages-open").await?;
    window.find("[data-testid='codes']").await?;
    window.pictures("gateway-messages").await?;
    window.click("messages-close").await?;
    window.click("lines-open").await?;
    window.find("[data-testid='lines'] [data-testid='state-empty']").await?;
    window.pictures("gateway-lines").await?;
    window.click("lines-close").await?;
    window.find("[data-testid='connection-picture']").await?;
    stops_and_starts(window).await?;
    restarts(window).await?;
    window.click("nav-settings").await?;
    window.click("settings-data").await?;
    window.find("[data-testid='stored']").await?;
    for part in ["gateway", "login", "alerts", "appearance", "data", "first-run"] {
        window.click(&format!("settings-{part}")).await?;
        window.find(&format!("[data-testid='settings-part'][data-part='{part}']")).await?;
        window.picture(&format!("settings-{part}")).await?;
    }
    window.obeyed_csp().await
}

async fn phase(window: &Window, wanted: &str) -> anyhow::Result<()> {
    let css = format!("[data-testid='gateway-steps'][data-phase='{wanted}']");
    window.find(&css).await.map(drop)
}

/// A stop says what it does to orders, and does nothing when it is not wanted.
async fn stops_and_starts(window: &Window) -> anyhow::Result<()> {
    window.click("gateway-stop").await?;
    window.wait("gateway-review-lines", "Every new order is refused").await?;
    window.picture("gateway-stop").await?;
    window.press_keys(&["Escape"]).await?;
    window.gone("gateway-review").await?;
    phase(window, "ready").await?;
    window.click("gateway-stop").await?;
    window.click("gateway-stop-now").await?;
    phase(window, "stopped").await?;
    window.gone("gateway-review").await?;
    window.picture("gateway-stopped").await?;
    window.click("gateway-start").await?;
    phase(window, "ready").await.context("started again")
}

/// After a restart it is another simulator, and trading is possible again.
async fn restarts(window: &Window) -> anyhow::Result<()> {
    let before = port(window).await?;
    window.click("gateway-restart").await?;
    window.click("gateway-restart-now").await?;
    let mut looks = tokio::time::interval(EVERY);
    for _ in 0..LOOKS {
        looks.tick().await;
        phase(window, "ready").await?;
        let now = port(window).await?;
        if now != json!("") && now != before {
            window.gone("not-ready").await?;
            return window.picture("gateway-restarted").await;
        }
    }
    bail!("the simulator is the same as before: {before}")
}

/// Returns where the simulator listens, as the screen says.
async fn port(window: &Window) -> anyhow::Result<Value> {
    window
        .run(
            "return [...document.querySelectorAll(\"[data-testid='gateway-process'] dt\")] \
             .filter((it) => it.textContent === 'API port') \
             .map((it) => it.nextElementSibling.textContent).join()",
        )
        .await
}
