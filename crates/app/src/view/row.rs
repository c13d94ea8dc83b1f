//! One entry of the ledger as a row of a table.

use gatehouse_ipc::{EntryRow, Field, FillRow};
use gatehouse_ledger::StoredEntry;
use gatehouse_proxy::Checks;
use gatehouse_types::{Entry, EntryKind, LimitValue, Outcome};

use super::{codes, decision, sentence, words};

/// Returns the row of an entry; `hash` is its place in the chain.
pub(crate) fn row(entry: &Entry, hash: &[u8]) -> EntryRow {
    let said = sentence::say(&entry.kind);
    let meaning = codes::of_entry(&entry.kind);
    EntryRow {
        seq: entry.seq.get(),
        time: words::iso(entry.stamp.utc),
        market_time: entry.stamp.market.map(words::iso),
        actor: words::actor(&entry.actor),
        kind: said.kind.to_owned(),
        kind_title: said.title.to_owned(),
        subject: said.subject,
        outcome: outcome(&entry.kind),
        summary: said.summary,
        code: meaning.map(|meaning| meaning.code),
        code_title: meaning.map(|meaning| meaning.title.to_owned()),
        hash: hex(hash),
        decision: decision_of(&entry.kind),
        fill: fill(&entry.kind),
        check_us: None,
    }
}

/// Returns the row of a stored entry, with what its judgement took where that is known.
pub(crate) fn timed(stored: &StoredEntry, checks: &Checks) -> EntryRow {
    let mut row = row(&stored.entry, stored.hash.as_bytes());
    row.check_us = checks.of(stored.entry.seq);
    if let Some(decision) = &mut row.decision {
        decision.check_us = row.check_us;
    }
    row
}

/// Returns bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the raw frame of an entry that holds one.
pub(crate) fn frame(kind: &EntryKind) -> Option<&[u8]> {
    if let EntryKind::Judged { frame, .. }
    | EntryKind::NotJudged { frame, .. }
    | EntryKind::CancelSent { frame, .. } = kind
    {
        return Some(frame);
    }
    None
}

/// Returns the old and the new value of a setting.
pub(crate) fn before_after(kind: &EntryKind) -> Option<(Field, Field)> {
    if let EntryKind::LimitChanged { change }
    | EntryKind::LimitScheduled { change, .. }
    | EntryKind::LimitDiscarded { change } = kind
    {
        let name = words::limit_title(change.limit).to_owned();
        let field = |value: &Option<Option<LimitValue>>| Field {
            name: name.clone(),
            value: words::limit_value(value.as_ref().map(Option::as_ref)),
        };
        return Some((field(&change.old), field(&change.new)));
    }
    if let EntryKind::StateChanged { from, to, .. } = kind {
        let field = |value: &dyn std::fmt::Display| Field {
            name: "Trading state".to_owned(),
            value: value.to_string(),
        };
        return Some((field(from), field(to)));
    }
    None
}

fn outcome(kind: &EntryKind) -> Option<gatehouse_ipc::Outcome> {
    if let EntryKind::Judged { verdict, .. } = kind {
        return Some(words::outcome(verdict.outcome()));
    }
    let is_refusal =
        matches!(kind, EntryKind::NotJudged { .. } | EntryKind::RefusalsCounted { .. });
    is_refusal.then(|| words::outcome(Outcome::Refuse))
}

fn decision_of(kind: &EntryKind) -> Option<gatehouse_ipc::Decision> {
    let EntryKind::Judged { bot, intent, replaces, verdict, policy_version, inputs, .. } = kind
    else {
        return None;
    };
    let (is_change, seen) = (replaces.is_some(), inputs.as_deref());
    Some(decision::decision(bot, intent, verdict, is_change, *policy_version, seen))
}

fn fill(kind: &EntryKind) -> Option<FillRow> {
    let EntryKind::Filled { execution } = kind else { return None };
    Some(FillRow {
        bot: execution.order.as_ref().map(|order| order.bot.to_string()),
        order_id: execution.order.as_ref().map(|order| order.order_id.get()),
        exec_id: execution.exec_id.to_string(),
        side: execution.side.to_string(),
        quantity: execution.quantity.to_string(),
        symbol: execution.symbol.clone(),
        price: execution.price.to_string(),
        commission: None,
        realised: None,
    })
}
