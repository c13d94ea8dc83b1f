//! One sentence for each kind of entry, and the words it stands under.

use gatehouse_types::{EntryKind, Intent, KillOrder, LimitChange, OrderRef, Verdict};

use super::{decision, words};

/// How an entry is spoken of.
pub(super) struct Said {
    pub(super) kind: &'static str,
    pub(super) title: &'static str,
    pub(super) subject: String,
    pub(super) summary: String,
}

fn said(
    kind: &'static str,
    title: &'static str,
    subject: impl ToString,
    summary: impl Into<String>,
) -> Said {
    Said { kind, title, subject: subject.to_string(), summary: summary.into() }
}

/// Returns the sentence on an entry.
pub(super) fn say(kind: &EntryKind) -> Said {
    of_orders(kind)
        .or_else(|| of_sessions(kind))
        .or_else(|| of_settings(kind))
        .unwrap_or_else(|| said("entry", "Entry", "", ""))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the others are of sessions or settings")]
fn of_orders(kind: &EntryKind) -> Option<Said> {
    Some(match kind {
        EntryKind::Judged { intent, verdict, replaces, .. } => {
            let title = if replaces.is_some() { "Order change" } else { "Order request" };
            said("judged", title, &intent.contract.symbol, judged(intent, verdict))
        }
        EntryKind::NotJudged { bot, order_id, refusal, .. } => {
            let id = order_id.map_or_else(|| "of an unreadable id".to_owned(), |id| id.to_string());
            let summary = format!("Order {id}: {}", decision::sentence(refusal));
            said("not-judged", "Order request", bot, summary)
        }
        EntryKind::RefusalsCounted { bot, count, last } => {
            let summary = format!("{count} more refusals in a second, the last: {last}");
            said("refusals-counted", "Order request", bot, summary)
        }
        EntryKind::Withdrawn { order, why, .. } => {
            said("withdrawn", "Order withdrawn", order, format!("Never sent: {why}"))
        }
        EntryKind::FateUnknown { order, .. } => {
            said("fate-unknown", "Order", order, "It may or may not have reached the broker")
        }
        EntryKind::CancelSent { order, .. } => {
            said("cancel-sent", "Cancel", order, format!("Cancel of order {} sent", order.order_id))
        }
        EntryKind::OrderUpdate { order, status, filled, remaining, average_price, .. } => {
            let at = average_price.map_or_else(String::new, |price| format!(" at {price}"));
            let summary = format!(
                "Order {}: {}, {filled} filled{at}, {remaining} left",
                order.order_id,
                words::status_title(*status)
            );
            said("order-update", "Order update", order, summary)
        }
        EntryKind::CancelAsked { order } => {
            said("cancel-asked", "Cancel", order, "Cancel waits for a connection of the bot")
        }
        EntryKind::TermsSeen { order, quantity, kind } => {
            let summary = format!("The broker holds it as {quantity} {}", words::kind(kind));
            said("terms-seen", "Order update", order, summary)
        }
        EntryKind::BrokerMessage { order, code, text } => {
            let subject = order.as_ref().map_or_else(|| "session".to_owned(), OrderRef::to_string);
            said("broker-message", "Message", subject, format!("{text} ({code})"))
        }
        EntryKind::ForeignOrder { description, .. } => {
            said("foreign-order", "Foreign order", "account", description.clone())
        }
        EntryKind::Filled { execution } => {
            let verb = match execution.side {
                gatehouse_types::Side::Buy => "BOUGHT",
                gatehouse_types::Side::Sell => "SOLD",
            };
            let summary = format!("{verb} {} at {}", execution.quantity, execution.price);
            said("filled", "Execution", &execution.symbol, summary)
        }
        EntryKind::Commission { exec_id, commission, realised } => {
            let realised =
                realised.map_or_else(String::new, |realised| format!(", realised {realised}"));
            said("commission", "Commission", exec_id, format!("Fee {commission}{realised}"))
        }
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the others are of orders or settings")]
fn of_sessions(kind: &EntryKind) -> Option<Said> {
    Some(match kind {
        EntryKind::Started { version } => {
            said("started", "Session", "gatehouse", format!("Gatehouse {version} started"))
        }
        EntryKind::Stopped => said("stopped", "Session", "gatehouse", "Gatehouse stopped"),
        EntryKind::BotRegistered { bot } => {
            let summary = format!("Listens on port {} for client id {}", bot.port, bot.client_id);
            said("bot-registered", "Bot", &bot.name, summary)
        }
        EntryKind::BotRemoved { bot } => said("bot-removed", "Bot", bot, "Removed"),
        EntryKind::BotConnected { bot, server_version, peer } => {
            let summary = format!("Connected from {peer}, server version {server_version}");
            said("bot-connected", "Session", bot, summary)
        }
        EntryKind::BotDisconnected { bot, why } => {
            said("bot-disconnected", "Session", bot, format!("Disconnected: {why}"))
        }
        EntryKind::DoorRefused { bot, why } => {
            said("door-refused", "Turned away", bot, format!("Turned away: {why}"))
        }
        EntryKind::GatewayConnected { address, mode, account } => {
            let summary = format!("Connected to {address}, {mode} account {account}");
            said("gateway-connected", "Session", "gateway", summary)
        }
        EntryKind::GatewayLost { why } => {
            said("gateway-lost", "Session", "gateway", format!("Lost the Gateway: {why}"))
        }
        EntryKind::SessionMoved { from, to, why, .. } => {
            let summary = format!("{from} to {to}: {why}");
            said("session-moved", "Session", "gateway", summary)
        }
        EntryKind::AlarmRaised { alarm, sentence, .. } => {
            said("alarm-raised", "Alarm", alarm, sentence)
        }
        EntryKind::AlarmEnded { alarm } => said("alarm-ended", "Alarm", alarm, "It is over"),
        EntryKind::AlarmAcknowledged { alarm } => {
            said("alarm-acknowledged", "Alarm", alarm, "Seen")
        }
        EntryKind::Reconciled { differences } if differences.is_empty() => {
            said("reconciled", "Session", "gateway", "Reconciled, 0 differences")
        }
        EntryKind::Reconciled { differences } => said(
            "reconciled",
            "Session",
            "gateway",
            format!("Reconciled: {}", differences.join("; ")),
        ),
        EntryKind::OrderIdMark { bot, next } => {
            said("order-id-mark", "Order ids", bot, format!("Ids below {next} are spent"))
        }
        _ => return None,
    })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the others are of orders or sessions")]
fn of_settings(kind: &EntryKind) -> Option<Said> {
    Some(match kind {
        EntryKind::StateChanged { scope, from, to, why, .. } => said(
            "state-changed",
            "State change",
            words::scope(scope),
            format!("{from} to {to}: {why}"),
        ),
        EntryKind::LimitChanged { change } => said(
            "limit-changed",
            "Setting change",
            words::scope(&change.scope),
            changed(change, ""),
        ),
        EntryKind::LimitScheduled { change, delay } => {
            let suffix = format!(", looser, in {} s", delay.as_secs());
            said(
                "limit-scheduled",
                "Setting change",
                words::scope(&change.scope),
                changed(change, &suffix),
            )
        }
        EntryKind::LimitDiscarded { change } => {
            let summary = changed(change, ", taken back");
            said("limit-discarded", "Setting change", words::scope(&change.scope), summary)
        }
        EntryKind::SettingChanged { setting, old, new } => {
            let shown = |value: &Option<String>| value.clone().unwrap_or("default".to_owned());
            let summary = format!("{} to {}", shown(old), shown(new));
            said("setting-changed", "Setting change", setting, summary)
        }
        EntryKind::KillEngaged { reason } => {
            said("kill-engaged", "Kill switch", "account", format!("Kill switch is on: {reason}"))
        }
        EntryKind::KillOrder { order, did } => {
            said("kill-order", "Kill switch", order, kill_sentence(did))
        }
        EntryKind::KillReleased => said(
            "kill-released",
            "Kill switch",
            "account",
            "Kill switch released, every bot halted",
        ),
        EntryKind::FlattenAsked { scope, closes } => {
            let summary = format!("Asked to close: {}", closes.join(", "));
            said("flatten-asked", "Flatten", words::scope(scope), summary)
        }
        EntryKind::Verified { n_entries, broken_at: None } => {
            said("verified", "Verify", "chain", format!("Verified {n_entries} entries, no gaps"))
        }
        EntryKind::Verified { broken_at: Some(seq), .. } => {
            said("verified", "Verify", "chain", format!("The chain is broken at entry {seq}"))
        }
        _ => return None,
    })
}

/// Returns what the kill did about an order, as a sentence.
pub(crate) fn kill_sentence(did: &KillOrder) -> String {
    match did {
        KillOrder::CancelSent => "Cancel requested".to_owned(),
        KillOrder::Dropped => "Dropped, was not sent".to_owned(),
        KillOrder::Kept { protects } => format!("Kept, protects {protects}"),
        KillOrder::NoLink => "Still working: no link to cancel it on".to_owned(),
    }
}

fn changed(change: &LimitChange, suffix: &str) -> String {
    format!(
        "{}, {} to {}{suffix}",
        words::limit_title(change.limit),
        words::limit_value(change.old.as_ref().map(Option::as_ref)),
        words::limit_value(change.new.as_ref().map(Option::as_ref))
    )
}

fn judged(intent: &Intent, verdict: &Verdict) -> String {
    let what = format!("{} {} {}", intent.side, intent.quantity, words::kind(&intent.kind));
    match verdict.leading() {
        Some(finding) => format!("{what}, {}", finding.refusal),
        None if verdict.is_exit => format!("{what}, {} rules, exit", verdict.n_controls),
        None => format!("{what}, {} rules", verdict.n_controls),
    }
}
