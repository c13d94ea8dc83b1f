//! What a person does with orders of their own: the ticket, a change, a cancel, a refusal before
//! anything is sent, and closing by hand.

use anyhow::{Context as _, ensure};

use super::session::Window;
use super::{SYMBOL, dialog};

/// Opens the ticket by its key. Focus is on the quantity, never on what sends.
async fn asks_for_the_ticket(window: &Window) -> anyhow::Result<()> {
    window.click("nav-orders").await?;
    window.click("orders-new").await?;
    window.wait("ticket-of", SYMBOL).await?;
    window.focused("ticket-quantity").await.context("T leads to the quantity")
}

/// Reviews what the ticket holds, insists on its words, and sends it.
async fn reviews_and_sends(window: &Window, what: &str) -> anyhow::Result<()> {
    window.click("ticket-review-button").await?;
    window.wait("ticket-what", what).await?;
    window.click("ticket-send").await?;
    window.wait("ticket-result", "Sent").await.map(drop)
}

/// Buys at the market, and sees the fill.
pub(super) async fn buys(window: &Window, shares: &str) -> anyhow::Result<()> {
    asks_for_the_ticket(window).await?;
    let no_way = window.run("return document.querySelector(\"[data-testid='ticket-send']\")");
    ensure!(no_way.await?.is_null(), "an order can be sent that nobody reviewed");
    window.replace("ticket-quantity", shares).await?;
    window.choose("ticket-kind", "market").await?;
    window.wait("ticket-limits", "pass").await.context("each limit after this order")?;
    window.find("[data-testid='ticket-rule'] [role='meter']").await?;
    window.picture("ticket").await?;
    reviews_and_sends(window, &format!("BUY {shares} {SYMBOL} MKT")).await?;
    window.click("nav-orders").await?;
    window.click("tab-fills").await?;
    window.wait("fill-row", "you").await.context("the fill of the person's own order")?;
    window.picture("orders-fill").await
}

/// Places an order that rests below the market; returns its id.
pub(super) async fn rests(window: &Window, shares: &str) -> anyhow::Result<String> {
    asks_for_the_ticket(window).await?;
    window.replace("ticket-quantity", shares).await?;
    window.choose("ticket-kind", "limit").await?;
    let bid = window.wait("ticket-bid", "Bid").await?.attr("data-price").await?;
    let bid: f64 = bid.context("a bid without its price")?.parse().context("reading the bid")?;
    window.replace("ticket-limit", &format!("{:.2}", bid * 0.98)).await?;
    reviews_and_sends(window, &format!("BUY {shares} {SYMBOL} LMT")).await?;
    window.click("nav-orders").await?;
    window.click("tab-working").await?;
    let row = window.find("[data-testid='working-row'][data-bot='desk']").await?;
    row.attr("data-order-id").await?.context("a working order without its id")
}

/// Changes a resting order in the same ticket.
pub(super) async fn changes(window: &Window, order: &str, shares: &str) -> anyhow::Result<()> {
    window.click(&format!("modify-{order}")).await?;
    window.wait("order-ticket", "Change order").await?;
    window.replace("ticket-quantity", shares).await?;
    reviews_and_sends(window, &format!("BUY {shares} {SYMBOL} LMT")).await?;
    window.picture("ticket-changed").await?;
    window.click("ticket-again").await?;
    window.gone("order-ticket").await?;
    let cell =
        format!("[data-testid='working-row'][data-order-id='{order}'] td[data-column='quantity']");
    window.says(&cell, shares).await.context("the blotter has the new quantity")
}

/// Reads the life of the order from its row, and cancels it there.
pub(super) async fn cancels(window: &Window, order: &str) -> anyhow::Result<()> {
    let row = format!("[data-testid='working-row'][data-order-id='{order}'] td");
    window.click_at(&row).await?;
    window.find("[data-testid='life-steps'] li").await.context("the life of the order")?;
    window.picture("order-life").await?;
    window.click("life-cancel").await?;
    window.click("order-life-close").await?;
    window.gone_at(&format!("[data-testid='working-row'][data-order-id='{order}']")).await
}

/// A ticket that would be refused says the rule and both numbers, and cannot be sent.
pub(super) async fn is_refused_before_sending(window: &Window) -> anyhow::Result<()> {
    asks_for_the_ticket(window).await?;
    window.replace("ticket-quantity", "5000").await?;
    window.choose("ticket-kind", "market").await?;
    window.find("[data-testid='ticket-rule'][data-outcome='refused']").await?;
    window.wait("ticket-rule", "USD is above").await.context("both numbers of a limit")?;
    window.click("ticket-review-button").await?;
    window.wait("ticket-would-refuse", "refused").await?;
    window.find("[data-testid='ticket-send']:disabled").await?;
    window.picture("ticket-refused").await?;
    window.click("ticket-back").await?;
    window.focused("ticket-quantity").await
}

/// Closes the position by hand: reviewed, declined once outside the page, then confirmed there.
pub(super) async fn flattens(window: &Window) -> anyhow::Result<()> {
    window.click("nav-orders").await?;
    window.click("tab-positions").await?;
    window.wait("position-row", SYMBOL).await?;
    window.click(&format!("flatten-{SYMBOL}")).await?;
    window.wait("flatten-row", SYMBOL).await?;
    window.picture("flatten").await?;
    window.click("flatten-confirm").await?;
    dialog::decline("Confirm in Gatehouse")?;
    window.find("[data-testid='flatten-dialog'][data-phase='review']").await?;
    window.click("flatten-confirm").await?;
    dialog::confirm("Confirm in Gatehouse")?;
    window.wait("flatten-done", "cancelled first").await?;
    window.picture("flattened").await?;
    window.click("flatten-close").await?;
    window.gone("position-row").await.context("the account is flat")?;
    window.obeyed_csp().await
}

/// Home draws the day: a line for the bot and one for all, and its own figures in the bars.
pub(super) async fn home_draws_the_day(window: &Window, bot: &str) -> anyhow::Result<()> {
    window.click("nav-home").await?;
    window.find(&format!("[data-testid='day-line'][data-line='{bot}']")).await?;
    window.find("[data-testid='day-line'][data-line=' all']").await?;
    window.wait("day-pnl", ".").await.context("the day's result in the bar")?;
    for theme in ["light", "hc", "dark"] {
        window.run(&format!("document.documentElement.dataset.theme = '{theme}'")).await?;
        window.picture(&format!("day-{theme}")).await?;
    }
    Ok(())
}
