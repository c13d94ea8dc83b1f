//! What the Audit screen asks beside pages of entries: how they lie in time, recorded
//! verifications, the life of an order, an old value to propose again, and an export.

use std::io::Write as _;
use std::path::Path;

use gatehouse_ipc::{AuditFilter, Checkpoint, Density, DensityBucket, Failure, LinkedEntry, Reply};
use gatehouse_ledger::{Calendar, Filter, Order, Page, Reader, Span, StoredEntry};
use gatehouse_types::{EntryKind, EntrySeq, LimitChange, OrderRef, Utc};

use crate::audit::{table_row, unreadable};
use crate::audit_query::Query;
use crate::failure::{bad_input, broken};
use crate::view::{row, session, words};

/// More buckets than a strip has pixels say nothing more.
const BUCKETS_MAX: u32 = 1000;

/// Entries of one order that are shown.
const LINKED_MAX: u32 = 200;

const CHECKPOINTS_MAX: u32 = 50;

const NANOS: i64 = 1_000_000_000;

/// Returns how the matching entries lie in time: over the span that is asked for, else over the
/// day of the newest entry.
pub(crate) fn density(
    reader: &mut Reader,
    wanted: &AuditFilter,
    buckets: u32,
) -> Result<Density, Failure> {
    let mut query = Query::read(wanted)?;
    let span = match query.filter.span {
        Some(span) if span.from.nanos() > i64::MIN && span.to.nanos() < i64::MAX => Some(span),
        Some(_) | None => newest_day(reader)?,
    };
    let Some(span) = span else {
        return Ok(Density { from: 0, to: 0, bucket_s: 1, buckets: Vec::new() });
    };
    query.filter.span = Some(span);
    if query.is_troubled() {
        let (from, to) = (span.from.secs(), span.to.secs());
        return Ok(Density { from, to, bucket_s: 1, buckets: Vec::new() });
    }
    let (from, to) = (span.from.secs(), span.to.secs());
    let wide = (to - from) / i64::from(buckets.clamp(1, BUCKETS_MAX));
    let bucket_s = wide.max(1);
    let rows = reader
        .density(&query.filter, span.calendar, bucket_s.saturating_mul(NANOS))
        .map_err(|error| unreadable(&error))?;
    let buckets = rows.into_iter().map(|(at, n_entries, n_refused)| DensityBucket {
        time: at.secs(),
        n_entries,
        n_refused,
    });
    let bucket_s = u32::try_from(bucket_s).unwrap_or(u32::MAX);
    Ok(Density { from, to, bucket_s, buckets: buckets.collect() })
}

fn newest_day(reader: &mut Reader) -> Result<Option<Span>, Failure> {
    let page = Page { order: Order::NewestFirst, limit: 1 };
    let newest = reader.entries(&Filter::default(), page).map_err(|error| unreadable(&error))?;
    let Some(stamp) = newest.first().map(|stored| stored.entry.stamp) else { return Ok(None) };
    let (calendar, at) = match stamp.market {
        Some(market) => (Calendar::Market, market),
        None => (Calendar::Machine, stamp.utc),
    };
    let Some(date) = session::date(at) else { return Ok(None) };
    let edge = |time| session::instant(date, time).map(|at| Utc::from_nanos(at * NANOS));
    // The extended day; nothing trades outside of it.
    Ok(edge((4, 0)).zip(edge((20, 0))).map(|(from, to)| Span {
        calendar,
        from: from.min(at),
        to: to.max(Utc::from_nanos(at.nanos() + NANOS)),
    }))
}

/// Returns the verifications that were recorded, newest first.
pub(crate) fn checkpoints(reader: &mut Reader) -> Result<Reply, Failure> {
    let filter = Filter { kinds: vec!["verified".to_owned()], ..Filter::default() };
    let page = Page { order: Order::NewestFirst, limit: CHECKPOINTS_MAX };
    let stored = reader.entries(&filter, page).map_err(|error| unreadable(&error))?;
    let mut rows = Vec::new();
    for entry in &stored {
        let EntryKind::Verified { n_entries, broken_at } = &entry.entry.kind else { continue };
        let last = reader.entry(EntrySeq::new(*n_entries)).map_err(|error| unreadable(&error))?;
        rows.push(Checkpoint {
            seq: entry.entry.seq.get(),
            time: words::iso(entry.entry.stamp.utc),
            n_entries: *n_entries,
            head: last.map(|last| row::hex(last.hash.as_bytes())),
            broken_at: broken_at.map(EntrySeq::get),
        });
    }
    Ok(Reply::Checkpoints { rows })
}

/// Returns the order that an entry is about.
fn order_of(kind: &EntryKind) -> Option<OrderRef> {
    if let EntryKind::Judged { bot, intent, .. } = kind {
        return Some(OrderRef { bot: bot.clone(), order_id: intent.order_id });
    }
    if let EntryKind::NotJudged { bot, order_id: Some(order_id), .. } = kind {
        return Some(OrderRef { bot: bot.clone(), order_id: *order_id });
    }
    if let EntryKind::Withdrawn { order, .. }
    | EntryKind::FateUnknown { order, .. }
    | EntryKind::CancelSent { order, .. }
    | EntryKind::OrderUpdate { order, .. }
    | EntryKind::KillOrder { order, .. } = kind
    {
        return Some(order.clone());
    }
    if let EntryKind::BrokerMessage { order, .. } = kind {
        return order.clone();
    }
    if let EntryKind::Filled { execution } = kind {
        return execution.order.clone();
    }
    None
}

/// Returns the life of the order that an entry is about, oldest first.
pub(crate) fn linked(reader: &mut Reader, of: &StoredEntry) -> Result<Vec<LinkedEntry>, Failure> {
    let Some(order) = order_of(&of.entry.kind) else { return Ok(Vec::new()) };
    let filter = Filter { order: Some(order), ..Filter::default() };
    let page = Page { order: Order::OldestFirst, limit: LINKED_MAX };
    let stored = reader.entries(&filter, page).map_err(|error| unreadable(&error))?;
    let mut linked: Vec<LinkedEntry> = Vec::new();
    let mut last: Option<Utc> = None;
    for entry in &stored {
        let at = entry.entry.stamp.utc;
        let row = table_row(entry);
        let after = last.map(|last| at.nanos().saturating_sub(last.nanos()) / 1_000_000);
        linked.push(LinkedEntry {
            seq: row.seq,
            time: row.market_time.unwrap_or(row.time),
            title: row.kind_title,
            summary: row.summary,
            code: row.code,
            code_title: row.code_title,
            after_ms: after.map(|after| u32::try_from(after).unwrap_or(0)),
            is_this: entry.entry.seq == of.entry.seq,
        });
        last = Some(at);
    }
    Ok(linked)
}

/// Returns the change of a limit that an entry records.
pub(crate) fn change_of(kind: &EntryKind) -> Option<&LimitChange> {
    if let EntryKind::LimitChanged { change } | EntryKind::LimitScheduled { change, .. } = kind {
        return Some(change);
    }
    None
}

/// Writes the matching entries to a new file beside the ledger.
pub(crate) fn export(
    reader: &mut Reader,
    data_dir: &Path,
    wanted: &AuditFilter,
    format: &str,
) -> Result<Reply, Failure> {
    let query = Query::read(wanted)?;
    if format != "jsonl" && format != "csv" {
        return Err(bad_input(
            "Nothing was exported.",
            format!("The format {format:?} is not known."),
            "Use jsonl or csv.",
        ));
    }
    if format == "jsonl" && query.looks_at_rows() {
        return Err(bad_input(
            "Nothing was exported.",
            "A verifiable export cannot be cut by words of its rows.",
            "Leave rule, code, actor and text out, or export as csv.",
        ));
    }
    let failed = |error: &dyn std::error::Error| {
        broken("The export was not written.", error, "Check the disk of the data directory.")
    };
    let folder = data_dir.join("exports");
    std::fs::create_dir_all(&folder).map_err(|error| failed(&error))?;
    let head = reader.head().map_err(|error| unreadable(&error))?;
    let last = head.seq.map_or(0, EntrySeq::get);
    let path = free_path(&folder, last, format);
    let file = std::fs::File::create_new(&path).map_err(|error| failed(&error))?;
    let mut out = std::io::BufWriter::new(file);
    let n_entries = if format == "jsonl" {
        reader.export_jsonl(&query.filter, &mut out).map_err(|error| failed(&error))?
    } else {
        csv(reader, &query, &mut out)?
    };
    out.flush().map_err(|error| failed(&error))?;
    Ok(Reply::Exported { path: path.display().to_string(), n_entries })
}

/// Returns a name that says up to which entry the export goes, and that nothing has yet.
fn free_path(folder: &Path, last: u64, format: &str) -> std::path::PathBuf {
    let named = |suffix: String| folder.join(format!("audit-to-{last}{suffix}.{format}"));
    (1_u32..)
        .map(|n| if n == 1 { named(String::new()) } else { named(format!("-{n}")) })
        .find(|path| !path.exists())
        .unwrap_or_else(|| named("-last".to_owned()))
}

/// Entries read at once.
const CHUNK: u32 = 500;

/// Writes entries as comma-separated values, oldest first. Returns their number.
pub(crate) fn csv(
    reader: &mut Reader,
    query: &Query,
    out: &mut dyn std::io::Write,
) -> Result<u64, Failure> {
    let failed =
        |error: std::io::Error| broken("The export was not written.", &error, "Check the disk.");
    let header = "seq,time,market_time,actor,kind,subject,verdict,summary,hash";
    writeln!(out, "{header}").map_err(failed)?;
    let mut filter = query.filter.clone();
    let mut n_lines = 0;
    loop {
        let page = Page { order: Order::OldestFirst, limit: CHUNK };
        let stored = reader.entries(&filter, page).map_err(|error| unreadable(&error))?;
        let Some(last) = stored.last() else { return Ok(n_lines) };
        filter.after = Some(last.entry.seq);
        for row in stored.iter().map(table_row).filter(|row| query.covers(row)) {
            let verdict = row.outcome.map_or("", words::outcome_name);
            let cells = [
                row.seq.to_string(),
                row.time,
                row.market_time.unwrap_or_default(),
                row.actor,
                row.kind,
                row.subject,
                verdict.to_owned(),
                row.summary,
                row.hash,
            ];
            let line: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
            writeln!(out, "{}", line.join(",")).map_err(failed)?;
            n_lines += 1;
        }
    }
}

/// Quotes what would be taken for two cells, or for a formula by a spreadsheet.
fn quoted(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '@']);
    let cell = if is_formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_stays_one_cell() {
        assert_eq!(quoted("Filled 6, order 12"), "\"Filled 6, order 12\"");
        assert_eq!(quoted("says \"no\""), "\"says \"\"no\"\"\"");
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(quoted("plain"), "plain");
    }
}
