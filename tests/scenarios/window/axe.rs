//! axe-core in the real window: on every screen and in every theme, nothing serious or critical.

use std::path::Path;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::session::{THEMES, Window};

const SCREENS: [&str; 7] = ["home", "chart", "orders", "risk", "audit", "gateway", "settings"];

/// Asks axe for what is serious or critical, each with its rule, place and reason.
const LOOK: &str = "const done = arguments[arguments.length - 1]; \
    axe.run(document, { resultTypes: ['violations'], preload: false }).then( \
    (found) => done(found.violations.filter((it) => ['serious', 'critical'].includes(it.impact)) \
    .flatMap((it) => it.nodes.map((node) => `${it.id}: ${node.target.join(' ')}: \
    ${node.failureSummary}`))), (error) => done([String(error)]));";

/// Brings axe into the page.
pub(super) async fn comes(window: &Window) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules/axe-core");
    let axe = std::fs::read_to_string(root.join("axe.min.js"))
        .context("reading axe-core; run `npm ci` in ui")?;
    window.run(&axe).await.context("bringing axe-core into the page")?;
    // The frame of the mode lies over everything, with nothing in it. Axe cannot know that, and
    // would measure no contrast below it.
    window.run("document.querySelector('.frame').style.display = 'none'").await.map(drop)
}

/// Goes through all screens in all themes.
pub(super) async fn finds_nothing_serious(window: &Window) -> anyhow::Result<()> {
    comes(window).await?;
    let mut found = Vec::new();
    for screen in SCREENS {
        window.click(&format!("nav-{screen}")).await?;
        look(window, screen, &mut found).await?;
    }
    window.press_keys(&["Control", "k"]).await?;
    window.click("command-states").await?;
    window.find("[data-testid='screen-states']").await?;
    look(window, "states", &mut found).await?;
    ensure!(found.is_empty(), "axe found:\n{}", found.join("\n"));
    sees_what_is_wrong(window).await
}

/// A button without a name and words that cannot be read are found: the looks before were not at
/// nothing.
async fn sees_what_is_wrong(window: &Window) -> anyhow::Result<()> {
    window
        .run(
            "document.body.append(document.createElement('button')); \
             document.querySelector('h2').style.color = 'var(--line-strong)'",
        )
        .await?;
    let seen = window.run_later(LOOK).await?;
    for rule in ["button-name", "color-contrast"] {
        let mut texts = seen.as_array().into_iter().flatten().filter_map(Value::as_str);
        ensure!(texts.any(|text| text.starts_with(rule)), "axe does not see {rule}: {seen}");
    }
    Ok(())
}

async fn look(window: &Window, screen: &str, found: &mut Vec<String>) -> anyhow::Result<()> {
    window.find(&format!("[data-testid='screen-{screen}']")).await?;
    looks_at(window, screen, &format!("axe-{screen}"), found).await
}

/// Looks at what is shown, in all themes, and keeps a picture of each.
pub(super) async fn looks_at(
    window: &Window,
    screen: &str,
    picture: &str,
    found: &mut Vec<String>,
) -> anyhow::Result<()> {
    for theme in THEMES {
        window.theme(theme).await?;
        window.picture(&format!("{picture}-{theme}")).await?;
        let seen = window.run_later(LOOK).await.with_context(|| format!("axe on {screen}"))?;
        let seen = seen.as_array().context("axe gave no list")?;
        let texts = seen.iter().filter_map(Value::as_str);
        found.extend(texts.map(|text| format!("{screen}, {theme}: {text}")));
    }
    window.theme("dark").await
}
