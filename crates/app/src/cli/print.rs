//! What the command line prints: plain lines, or with `--json` one object per line.

use gatehouse_ipc::{
    AlarmRow, AlertSeverity, DoctorFinding, DoctorOutcome, DoctorReport, EntryRow, Failure,
    FlattenReview, LimitRow, Mode, Reply, Status, WorkingRow,
};
use serde_json::json;

use super::args::{Bots, Command, Orders};
use super::codes;
use super::{gateway, history};

/// Prints the answer to `command`.
pub(super) fn reply(command: &Command, reply: &Reply, is_json: bool) {
    if is_json {
        for line in json_lines(command, reply) {
            say!("{line}");
        }
        return;
    }
    match reply {
        Reply::Status(status) => print_status(command, status),
        Reply::Snapshot(snapshot) => print_status(command, &snapshot.status),
        Reply::Limits { rows } => rows.iter().for_each(print_limit),
        Reply::Done { after_s: Some(after_s), .. } => {
            say!("Looser: takes effect in {after_s} s unless it is discarded.");
        }
        Reply::Done { note, .. } => {
            say!("{}", note.as_deref().unwrap_or("Done, in force now."))
        }
        Reply::Cancelling { orders } => say!("Cancelling {orders} orders."),
        Reply::BotAdded { name, port, client_id } => {
            say!("{name} connects to 127.0.0.1:{port} with client id {client_id}.");
        }
        Reply::Audit(page) => page.rows.iter().rev().for_each(print_row),
        Reply::Entry(detail) => print_row(&detail.row),
        Reply::Verified { n_entries, head, broken_at: None, .. } => {
            say!("Verified {n_entries} entries, no gaps. Head {head}.");
        }
        Reply::Verified { n_entries, broken_at: Some(seq), .. } => {
            say!("The chain is broken at entry {seq} of {n_entries}.");
        }
        Reply::FlattenReview(review) => print_review(review),
        Reply::Flattened { cancels, orders } => {
            say!("{cancels} cancels sent first.");
            orders.iter().for_each(|order| say!("{:<8} {}", order.symbol, order.sentence));
        }
        Reply::Placed(placed) => say!("{}", placed.sentence),
        Reply::Preview(preview) => say!("{}: {}", preview.what, preview.sentence),
        Reply::Exported { path, n_entries } => say!("{n_entries} entries written to {path}."),
        Reply::Reported { path, .. } => say!("The report is in {path}."),
        Reply::Alarms { rows } if rows.is_empty() => say!("No alarm is open."),
        Reply::Alarms { rows } => rows.iter().for_each(print_alarm),
        Reply::AlertTested { sentence, .. } => say!("{sentence}"),
        Reply::PictureSaved { path } => say!("{path}"),
        Reply::OrderSpans { orders } => say!("{} orders", orders.len()),
        Reply::AlertSettings(overview) => print_channels(overview),
        Reply::Density(_)
        | Reply::Checkpoints { .. }
        | Reply::Proposal { .. }
        | Reply::Marks { .. }
        | Reply::ChartBook { .. }
        | Reply::Day(_)
        | Reply::Scopes { .. }
        | Reply::Edits { .. }
        | Reply::Profiles { .. }
        | Reply::Connection(_)
        | Reply::Onboarding(_)
        | Reply::Replay(_) => say!("Done."),
        Reply::Gateway(view) if matches!(command, Command::Gateway { act: Some(_) }) => {
            gateway::print_settings(view);
        }
        Reply::Gateway(view) => gateway::print_view(view),
        Reply::Lines { lines, .. } => gateway::print_lines(lines),
        Reply::FoundGateways(found) => gateway::print_found(found),
        Reply::History(view) => history::print(view),
        Reply::HistoryJob { job } => history::print_job(*job),
        Reply::HistoryFollowed(followed) => {
            followed.job.iter().for_each(|job| say!("{}", history::line(job)));
        }
        Reply::HistoryCost(cost) => say!("{} requests", cost.n_requests),
        Reply::HistoryGaps(gaps) => say!("{}", gaps.summary),
        Reply::KeptHistory { series } => say!("{} series", series.len()),
        Reply::Quotes { quotes } => say!("{} quotes", quotes.len()),
        Reply::Doctor(report) => print_report(report),
        Reply::Codes(view) => codes::print(view),
        Reply::Meaning(meaning) => codes::explain(meaning),
    }
}

fn print_channels(overview: &gatehouse_ipc::AlertOverview) {
    overview.channels.iter().for_each(|row| say!("{}", row.sentence));
}

/// Prints that something was done.
pub(super) fn done(what: &str, is_json: bool) {
    if is_json { say!("{}", json!({ "done": what })) } else { say!("{what}.") }
}

/// Prints a failure on standard error.
pub(super) fn failure(failure: &Failure, is_json: bool) {
    if is_json {
        let Failure { code, what, why, next, .. } = failure;
        eprintln!("{}", json!({ "code": code, "what": what, "why": why, "next": next }));
    } else {
        eprintln!("what  {}\nwhy   {}\nnext  {}", failure.what, failure.why, failure.next);
    }
}

fn json_lines(command: &Command, reply: &Reply) -> Vec<String> {
    let lines: Vec<serde_json::Result<String>> = match (command, reply) {
        (Command::Bots(Bots::List), Reply::Status(status)) => {
            status.bots.iter().map(serde_json::to_string).collect()
        }
        (Command::Orders(Orders::List), Reply::Status(status)) => {
            status.working.iter().map(serde_json::to_string).collect()
        }
        (_, Reply::Alarms { rows }) => rows.iter().map(serde_json::to_string).collect(),
        (_, Reply::Limits { rows }) => rows.iter().map(serde_json::to_string).collect(),
        (_, Reply::Audit(page)) => page.rows.iter().rev().map(serde_json::to_string).collect(),
        (_, Reply::Codes(view)) => codes::json_lines(view),
        (_, Reply::Lines { lines, .. }) => lines.iter().map(serde_json::to_string).collect(),
        (_, Reply::Doctor(report)) => report.findings.iter().map(serde_json::to_string).collect(),
        (_, reply) => vec![serde_json::to_string(reply)],
    };
    lines
        .into_iter()
        .map(|line| line.unwrap_or_else(|error| json!({ "broken": error.to_string() }).to_string()))
        .collect()
}

fn print_status(command: &Command, status: &Status) {
    let wants_bots = !matches!(command, Command::Orders(_));
    let wants_orders = !matches!(command, Command::Bots(_));
    if matches!(command, Command::Status) {
        let account = status.account.as_deref().unwrap_or("no account yet");
        let mode = match status.mode {
            None => "mode not known",
            Some(Mode::Sim) => "SIM",
            Some(Mode::Paper) => "PAPER",
            Some(Mode::Live) => "LIVE",
        };
        say!("{mode}, {account}, the Gateway is {}", status.connection.state);
        say!("account {:?}", status.account_state);
    }
    if wants_bots {
        for bot in &status.bots {
            let connected = if bot.is_connected { "connected" } else { "not connected" };
            say!(
                "{:<20} port {:<6} client {:<4} {:?}, {connected}, {} orders, {} refused",
                bot.name,
                bot.port,
                bot.client_id,
                bot.state,
                bot.orders_today,
                bot.refused_today
            );
        }
    }
    if wants_orders {
        status.working.iter().for_each(print_working);
    }
}

fn print_working(order: &WorkingRow) {
    let bot = order.bot.as_deref().unwrap_or("account");
    say!(
        "{bot}:{:<6} {} {} {} {} {}, {} filled",
        order.order_id,
        order.side,
        order.quantity,
        order.symbol,
        order.kind,
        order.status_title,
        order.filled
    );
}

fn print_limit(row: &LimitRow) {
    let value = row.value.as_deref().unwrap_or("off");
    let scheduled = row
        .scheduled
        .as_ref()
        .map_or_else(String::new, |(value, seconds)| format!(", {value} in {seconds} s"));
    say!("{:<18} {value:>12} {:<14} {}{scheduled}", row.id, row.unit, row.from);
}

fn print_alarm(row: &AlarmRow) {
    let severity = match row.severity {
        AlertSeverity::Info => "info",
        AlertSeverity::Warning => "warning",
        AlertSeverity::Critical => "critical",
    };
    let times = if row.count > 1 { format!(", {} times", row.count) } else { String::new() };
    let seen = if row.is_acknowledged { ", seen" } else { "" };
    say!("{severity:<9} {:<22} {} {}{times}{seen}", row.alarm, row.since, row.sentence);
}

fn print_review(review: &FlattenReview) {
    say!("{}.", review.sentence);
    for cancel in &review.cancels {
        say!("first    cancels {}:{} {}", cancel.bot, cancel.order_id, cancel.what);
    }
    review.rows.iter().for_each(|row| say!("{:<8} {}", row.symbol, row.sentence));
    review.notes.iter().for_each(|note| say!("{note}"));
    say!("To do exactly this within a minute: --confirm {}", review.token);
}

fn print_report(report: &DoctorReport) {
    let DoctorReport { n_failed, n_warned, n_not_checkable, n_passed, .. } = report;
    say!(
        "{}: {n_failed} failed, {n_warned} warnings, {n_passed} passed, {n_not_checkable} not \
         checkable here",
        report.address.as_deref().unwrap_or("no Gateway found")
    );
    for DoctorFinding { name, outcome, sentence, next, .. } in &report.findings {
        let word = match outcome {
            DoctorOutcome::Fail => "FAIL",
            DoctorOutcome::Warn => "warn",
            DoctorOutcome::NotCheckable => "-",
            DoctorOutcome::Pass => "ok",
        };
        say!("{word:<5} {name:<21} {sentence}");
        if let Some(next) = next {
            say!("{:<5} {:<21} {next}", "", "  next");
        }
    }
}

fn print_row(row: &EntryRow) {
    say!("{:>8} {} {:<14} {:<16} {}", row.seq, row.time, row.actor, row.kind_title, row.summary);
}
