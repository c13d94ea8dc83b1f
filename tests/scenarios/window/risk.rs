//! The Risk screen: what is looser waits, lists, profiles, and what edits would have done.

use anyhow::Context as _;

use super::session::Window;
use super::{BOT, dialog};

/// A looser value is confirmed outside the page, counts down, and can be taken back.
pub(super) async fn loosens_and_takes_it_back(window: &Window) -> anyhow::Result<()> {
    window.press_keys(&["g"]).await?;
    window.press_keys(&["r"]).await?;
    window.click(&format!("scope-bot:{BOT}")).await?;
    window.replace("limit-input-order-qty", "20").await?;
    window.wait("pending-looser", "Looser").await?;
    window.find("[data-testid='replay'][data-changed]").await.context("the recorded orders")?;
    window.pictures("risk-pending").await?;
    window.click("apply").await?;
    window.click("apply-looser").await?;
    dialog::confirm("Confirm in Gatehouse")?;
    window.wait("scheduled-order-qty", "20").await?;
    window.gone("pending-bar").await?;
    window.picture("risk-scheduled").await?;
    window.click("discard-order-qty").await?;
    window.gone("scheduled-order-qty").await
}

/// A name on the restricted list makes it tighter, which applies now.
pub(super) async fn edits_a_list(window: &Window) -> anyhow::Result<()> {
    window.click("scope-account").await?;
    window.click("limit-list-restricted-symbols").await?;
    window.replace("list-input", "gme").await?;
    window.press_keys(&["Enter"]).await?;
    window.find("[data-testid='list-remove-GME']").await?;
    window.picture("risk-list").await?;
    window.click("list-done").await?;
    window.wait("pending-bar", "GME").await?;
    window.click("apply").await?;
    window.gone("pending-bar").await?;
    window.wait("limit-list-restricted-symbols", "GME").await.map(drop)
}

/// A profile puts its differences among the changes; nothing is applied by looking.
pub(super) async fn looks_at_profiles(window: &Window) -> anyhow::Result<()> {
    window.click("profiles-open").await?;
    window.wait("profile-careful", "Careful").await?;
    window.click("profile-choose-standard").await?;
    window.wait("pending-bar", "not applied").await?;
    window.picture("risk-profile").await?;
    window.click("discard").await?;
    window.gone("pending-bar").await
}
