//! Commands when no instance runs: this process takes the lock and acts itself, the kill included.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant, SystemTime};

use gatehouse_engine::{Command, Done, Effect, Engine, Input, Ticket};
use gatehouse_ipc::{Failure, FailureKind, Reply, Request};
use gatehouse_ledger::{Callbacks, FILE_NAME, Filter, Opened, Writer};
use gatehouse_types::{EntrySeq, Mono, Now, Utc};

use crate::audit_query::Query;
use crate::failure::{bad_input, broken, failure, stopping};
use crate::requests::{self, Confirmation};
use crate::view::status::Outside;
use crate::{audit, audit_more, doctor, recording, view};

/// What to write to a file.
#[derive(Debug, Clone)]
pub(crate) struct Export {
    pub(crate) from: Option<u64>,
    pub(crate) to: Option<u64>,
    pub(crate) format: String,
    pub(crate) out: PathBuf,
}

/// Writes entries to a file. Reads only, so it works beside a running instance.
pub(crate) fn export(data_dir: &Path, export: &Export) -> Result<u64, Failure> {
    if export.format != "jsonl" && export.format != "csv" {
        return Err(bad_input(
            "Nothing was exported.",
            format!("The format {:?} is not known.", export.format),
            "Use --format jsonl or --format csv.",
        ));
    }
    let failed = |error: &dyn std::error::Error| {
        broken("The export was not written.", error, "Check the path given with --out.")
    };
    let mut reader = recording::reader(&data_dir.join(FILE_NAME))?;
    let filter = Filter {
        after: export.from.map(|from| EntrySeq::new(from.saturating_sub(1))),
        before: export.to.map(|to| EntrySeq::new(to.saturating_add(1))),
        ..Filter::default()
    };
    let file = std::fs::File::create(&export.out).map_err(|error| failed(&error))?;
    let mut out = std::io::BufWriter::new(file);
    if export.format == "csv" {
        let query = Query::from(filter);
        let n_entries = audit_more::csv(&mut reader, &query, &mut out)?;
        return out.flush().map(|()| n_entries).map_err(|error| failed(&error));
    }
    reader.export_jsonl(&filter, &mut out).map_err(|error| failed(&error))
}

/// Answers a request without a running instance.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "every other one is a command, or is turned away by the table of commands"
)]
pub(crate) fn perform(data_dir: &Path, request: Request) -> Result<Reply, Failure> {
    let path = data_dir.join(FILE_NAME);
    match request {
        Request::Verify => audit::verify_with(&mut recording::reader(&path)?),
        Request::Audit { filter, before, limit } => {
            audit::page_of(&mut recording::reader(&path)?, &filter, before, limit).map(Reply::Audit)
        }
        Request::Status => {
            let engine = recording::restore(&path, recording::engine_config(), |_| {})?;
            let now = now(Instant::now());
            let status = view::status::status(&engine.status(now), now, &Outside::default());
            Ok(Reply::Status(Box::new(status)))
        }
        Request::Limits { scope } => {
            let scope = requests::parse_scope(&scope)?;
            let status = recording::restore(&path, recording::engine_config(), |_| {})?
                .status(now(Instant::now()));
            Ok(Reply::Limits { rows: view::limits::rows(&status, &scope) })
        }
        Request::Doctor { address, client_id, accept_settings } => {
            doctor::alone(data_dir, address, client_id, accept_settings, now(Instant::now()).utc)
        }
        Request::Meaning { code, text } => Ok(view::codes::explain(code, &text)),
        Request::Codes => Err(not_running(
            "No codes can be shown.",
            "No instance of Gatehouse runs, and codes are counted from the start of one.",
        )),
        Request::Alarms => Err(not_running(
            "No alarm can be shown.",
            "No instance of Gatehouse runs, and alarms end with the one that raised them.",
        )),
        act => {
            let command = requests::command(act, Confirmation::OnCommandLine)?;
            carry_out(data_dir, command)
        }
    }
}

/// Returns why a command needs a running instance: what it does would end with this process.
fn needs_instance(command: &Command) -> Option<Failure> {
    let why = match command {
        Command::CancelOrder { .. } | Command::CancelAll { .. } | Command::Flatten { .. } => {
            "No instance of Gatehouse runs, so nothing is connected to the Gateway."
        }
        Command::Release { .. } => {
            "No instance of Gatehouse runs, and only a running one counts the minute of a release."
        }
        Command::SetLimit { .. }
        | Command::DiscardLimit { .. }
        | Command::SetState { .. }
        | Command::Kill { .. }
        | Command::CancelKept
        | Command::RegisterBot { .. }
        | Command::RemoveBot { .. }
        | Command::SetProfile { .. }
        | Command::SetStateUntilNextSession { .. }
        | Command::AcknowledgeAlarm { .. }
        | Command::ChangeSetting { .. }
        | Command::RecordVerified { .. } => return None,
    };
    Some(not_running("Nothing was done.", why))
}

fn not_running(what: &str, why: &str) -> Failure {
    failure("not-running", FailureKind::YoursToFix, what, why, "Start one with: gatehouse run")
}

/// Returns what a command did, in words that are true while nothing is connected.
fn done(done: Done) -> Reply {
    match done {
        Done::Cancelling(orders) => Reply::Done {
            after_s: None,
            note: Some(format!(
                "Recorded. {orders} orders may work at the broker; they are cancelled when \
                 Gatehouse runs next."
            )),
        },
        other @ (Done::Now | Done::After(_)) => requests::done(other),
    }
}

fn now(begin: Instant) -> Now {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Now {
        mono: Mono::new(begin.elapsed()),
        utc: Utc::from_nanos(i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)),
        market: None,
    }
}

/// Takes the lock, lets the engine carry the command out, and waits until it is on disk.
fn carry_out(data_dir: &Path, command: Command) -> Result<Reply, Failure> {
    if let Some(failure) = needs_instance(&command) {
        return Err(failure);
    }
    let opened = gatehouse_ledger::open(data_dir).map_err(|error| recording::not_opened(&error))?;
    let ledger = match opened {
        Opened::ReadWrite(ledger) => ledger,
        Opened::ReadOnly(damaged) => {
            return Err(bad_input(
                "Nothing was done.",
                format!("The ledger is damaged: {}.", damaged.why),
                "Run: gatehouse audit verify",
            ));
        }
    };
    let mut engine = recording::restore(ledger.path(), recording::engine_config(), |_| {})?;
    let (failed, failures) = channel();
    let callbacks = Callbacks {
        on_commit: Box::new(|_| {}),
        on_failure: Box::new(move |failure| drop(failed.send(failure.why))),
        on_recovery: Box::new(|| {}),
    };
    let writer = Writer::start(ledger, callbacks)
        .map_err(|error| broken("Nothing was done.", &error, "Try again."))?;
    let begin = Instant::now();
    let mut effects = engine.start(now(begin));
    let ticket = Ticket(1);
    effects.extend(step(&mut engine, begin, ticket, command));
    let is_later =
        |effect: &Effect| matches!(effect, Effect::Reply { result: Ok(Done::After(_)), .. });
    if effects.iter().any(is_later) {
        let why = "It is looser, and what waits for its delay ends with the program that waits.";
        return Err(not_running("The limit was not changed.", why));
    }
    let mut result = None;
    for effect in effects {
        if let Effect::Append(entry) = effect {
            writer
                .append(entry)
                .map_err(|error| broken("Nothing was done.", &error, "Try again."))?;
        } else if let Effect::Reply { result: replied, .. } = effect {
            result = Some(replied);
        }
    }
    writer.close().map_err(|error| {
        broken(
            "It was not recorded, so it is not in force.",
            &error,
            "Check the disk and try again.",
        )
    })?;
    if let Ok(why) = failures.try_recv() {
        tracing::warn!(why, "The ledger could not be written at first");
    }
    match result {
        None => Err(stopping()),
        Some(Ok(done)) => Ok(self::done(done)),
        Some(Err(refused)) => Err(crate::failure::command(&refused)),
    }
}

fn step(engine: &mut Engine, begin: Instant, ticket: Ticket, command: Command) -> Vec<Effect> {
    engine.step(now(begin), Input::Person { ticket, command })
}

#[cfg(test)]
mod tests;
