//! What the Audit screen and the audit commands read.

use std::time::Instant;

use gatehouse_ipc::{AuditFilter, EntryDetail, EntryPage, EntryRow, Failure, Field, Reply};
use gatehouse_ledger::{EntryHash, Filter, Order, Page, ReadError, Reader, StoredEntry, encode};
use gatehouse_proxy::Checks;
use gatehouse_types::{EntryKind, EntrySeq};

use crate::audit_more;
use crate::audit_query::Query;
use crate::executions;
use crate::failure::{bad_input, broken};
use crate::recording::Ledger;
use crate::view::{codes, row, words};

/// Entries read at once while searching for text.
const CHUNK: u32 = 500;

/// Entries searched for text in one request; the next page goes on from there.
const SEARCHED_MAX: u32 = 20_000;

pub(crate) fn unreadable(error: &ReadError) -> Failure {
    broken("The ledger could not be read.", error, "Run: gatehouse audit verify")
}

pub(crate) fn table_row(stored: &StoredEntry) -> EntryRow {
    row::row(&stored.entry, stored.hash.as_bytes())
}

/// Returns the newest entries, newest first.
pub(crate) fn newest(
    ledger: &Ledger,
    checks: &Checks,
    limit: u32,
) -> Result<Vec<EntryRow>, Failure> {
    let page = Page { order: Order::NewestFirst, limit };
    let mut reader = ledger.reader()?;
    let stored = reader.entries(&Filter::default(), page).map_err(|e| unreadable(&e))?;
    let mut rows: Vec<EntryRow> = stored.iter().map(|it| row::timed(it, checks)).collect();
    executions::join(&mut reader, &stored, &mut rows);
    Ok(rows)
}

/// Returns a page of entries, newest first.
pub(crate) fn page(
    ledger: &Ledger,
    wanted: &AuditFilter,
    before: Option<u64>,
    limit: u32,
) -> Result<EntryPage, Failure> {
    page_of(&mut ledger.reader()?, wanted, before, limit)
}

/// Returns a page of entries of any ledger, newest first.
pub(crate) fn page_of(
    reader: &mut Reader,
    wanted: &AuditFilter,
    before: Option<u64>,
    limit: u32,
) -> Result<EntryPage, Failure> {
    let query = Query::read(wanted)?;
    let mut filter = query.filter.clone();
    let n_all = reader.count(&Filter::default()).map_err(|e| unreadable(&e))?;
    let tokens = query.tokens.clone();
    if query.is_troubled() {
        return Ok(EntryPage { rows: Vec::new(), n_matching: 0, n_all, tokens });
    }
    let n_matching = reader.count(&filter).map_err(|e| unreadable(&e))?;
    let older = before.map(EntrySeq::new);
    filter.before = match (filter.before, older) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    let tokens = query.tokens.clone();
    if !query.looks_at_rows() {
        let page = Page { order: Order::NewestFirst, limit };
        let stored = reader.entries(&filter, page).map_err(|e| unreadable(&e))?;
        let mut rows: Vec<EntryRow> = stored.iter().map(table_row).collect();
        executions::join(reader, &stored, &mut rows);
        return Ok(EntryPage { rows, n_matching, n_all, tokens });
    }
    let mut rows = Vec::new();
    for _ in 0..SEARCHED_MAX / CHUNK {
        let page = Page { order: Order::NewestFirst, limit: CHUNK };
        let stored = reader.entries(&filter, page).map_err(|e| unreadable(&e))?;
        let Some(last) = stored.last() else { break };
        filter.before = Some(last.entry.seq);
        let mut chunk: Vec<EntryRow> = stored.iter().map(table_row).collect();
        executions::join(reader, &stored, &mut chunk);
        rows.extend(chunk.into_iter().filter(|row| query.covers(row)));
        if rows.len() >= usize::try_from(limit).unwrap_or(usize::MAX) {
            break;
        }
    }
    let n_matching = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    Ok(EntryPage { rows, n_matching, n_all, tokens })
}

/// Returns one entry in full.
pub(crate) fn detail(ledger: &Ledger, seq: u64) -> Result<EntryDetail, Failure> {
    let mut reader = ledger.reader()?;
    let mut read = |seq: u64| reader.entry(EntrySeq::new(seq)).map_err(|e| unreadable(&e));
    let stored = read(seq)?.ok_or_else(|| {
        bad_input("Nothing is shown.", format!("There is no entry {seq}."), "Choose a row.")
    })?;
    let previous = if seq > 1 { read(seq - 1)? } else { None };
    let next = read(seq + 1)?;
    let linked = audit_more::linked(&mut reader, &stored)?;
    let hash = |stored: &StoredEntry| row::hex(stored.hash.as_bytes());
    Ok(EntryDetail {
        fields: fields(&stored.entry.kind),
        before_after: row::before_after(&stored.entry.kind),
        frame_hex: row::frame(&stored.entry.kind).map(row::hex),
        previous_hash: previous.as_ref().map_or_else(|| "0".repeat(64), hash),
        hash: hash(&stored),
        next_hash: next.as_ref().map(hash),
        hash_matches: is_chained(&stored, previous.as_ref()),
        linked,
        can_propose: audit_more::change_of(&stored.entry.kind).is_some(),
        meaning: codes::of_entry(&stored.entry.kind).map(codes::meaning),
        row: table_row(&stored),
    })
}

/// Returns whether the entry's hash is the one of what is stored, behind the entry before it.
fn is_chained(stored: &StoredEntry, previous: Option<&StoredEntry>) -> bool {
    let before = previous.map_or(EntryHash::GENESIS, |previous| previous.hash);
    before.chain(stored.entry.seq, &encode(&stored.entry)) == stored.hash
}

fn fields(kind: &EntryKind) -> Vec<Field> {
    let field = |name: &str, value: String| Field { name: name.to_owned(), value };
    if let EntryKind::Judged { bot, intent, replaces, verdict, policy_version, .. } = kind {
        let mut fields = vec![
            field("Bot", bot.to_string()),
            field("Order id", intent.order_id.to_string()),
            field("Side", intent.side.to_string()),
            field("Quantity", format!("{} shares", intent.quantity)),
            field("Symbol", intent.contract.symbol.clone()),
            field("Terms", words::terms(intent)),
            field("Rules evaluated", verdict.n_controls.to_string()),
            field("Settings version", policy_version.to_string()),
        ];
        if let Some(replaces) = replaces {
            fields.push(field("Changes entry", replaces.to_string()));
        }
        if !intent.order_ref.is_empty() {
            fields.push(field("Order reference", intent.order_ref.clone()));
        }
        return fields;
    }
    if let EntryKind::OrderUpdate { order, perm_id, status, filled, remaining, average_price } =
        kind
    {
        return vec![
            field("Order", order.to_string()),
            field("Status", words::status_title(*status).to_owned()),
            field("Filled", filled.to_string()),
            field("Remaining", remaining.to_string()),
            field(
                "Average price",
                average_price.map_or_else(|| "none".to_owned(), |p| p.to_string()),
            ),
            field("Broker's id", perm_id.map_or_else(|| "none".to_owned(), |id| id.to_string())),
        ];
    }
    if let EntryKind::Filled { execution } = kind {
        return vec![
            field("Execution", execution.exec_id.to_string()),
            field("Side", execution.side.to_string()),
            field("Quantity", format!("{} shares", execution.quantity)),
            field("Price", format!("{} {}", execution.price, execution.currency)),
            field("Time", execution.at.map_or_else(|| "not known".to_owned(), words::iso)),
        ];
    }
    Vec::new()
}

/// Walks the whole chain.
pub(crate) fn verify(ledger: &Ledger) -> Result<Reply, Failure> {
    verify_with(&mut ledger.reader()?)
}

/// Walks the whole chain of any ledger.
pub(crate) fn verify_with(reader: &mut Reader) -> Result<Reply, Failure> {
    let begin = Instant::now();
    let verified = reader.verify().map_err(|e| unreadable(&e))?;
    Ok(Reply::Verified {
        n_entries: verified.n_entries,
        head: row::hex(verified.head.as_bytes()),
        broken_at: verified.broken_at.map(|broken| broken.seq.get()),
        took_ms: u32::try_from(begin.elapsed().as_millis()).unwrap_or(u32::MAX),
    })
}
