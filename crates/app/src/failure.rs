//! Errors as a person reads them: what, why, next. The only place that writes these sentences.

use gatehouse_engine::CommandError;
use gatehouse_ipc::{Failure, FailureKind};

/// Makes a failure.
pub(crate) fn failure(
    code: &str,
    kind: FailureKind,
    what: impl Into<String>,
    why: impl Into<String>,
    next: impl Into<String>,
) -> Failure {
    Failure { code: code.to_owned(), kind, what: what.into(), why: why.into(), next: next.into() }
}

/// Returns a failure for something in a request that is not what it should be.
pub(crate) fn bad_input(
    what: impl Into<String>,
    why: impl Into<String>,
    next: impl Into<String>,
) -> Failure {
    failure("bad-input", FailureKind::YoursToFix, what, why, next)
}

/// Returns a failure for something that Gatehouse could not do now.
pub(crate) fn broken(
    what: impl Into<String>,
    error: &dyn std::error::Error,
    next: impl Into<String>,
) -> Failure {
    failure("broken", FailureKind::Broken, what, format!("{}.", chain(error)), next)
}

/// Returns an error with everything that caused it.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// Code, whose turn it is, what happened and what to do next.
type Advice = (&'static str, FailureKind, &'static str, &'static str);

const NOT_TIMED: Advice = (
    "not-timed",
    FailureKind::YoursToFix,
    "Nothing was changed.",
    "Choose paused or reduce only, or leave the end to a person.",
);
const TIME_UNKNOWN: Advice = (
    "time-unknown",
    FailureKind::Waiting,
    "Nothing was changed.",
    "Wait until the Gateway is connected, or leave the end to a person.",
);
const PLAN_CHANGED: Advice = (
    "review-again",
    FailureKind::YoursToFix,
    "Nothing was closed.",
    "Review it again; nothing was sent.",
);
const NOTHING_TO_CLOSE: Advice = (
    "nothing-to-close",
    FailureKind::YoursToFix,
    "Nothing was closed.",
    "Nothing to do; the positions are shown as they are.",
);
const LEDGER_NOT_WRITABLE: Advice = (
    "ledger-not-writable",
    FailureKind::Broken,
    "Nothing was changed.",
    "Free some disk space; Gatehouse tries again every second.",
);
const KILLED: Advice = (
    "killed",
    FailureKind::Refused,
    "Nothing was changed.",
    "Release the kill switch first; it waits a minute and asks for the word RELEASE.",
);

fn advice(error: &CommandError) -> Advice {
    use FailureKind::{Waiting, YoursToFix};
    match error {
        CommandError::Limit(_) => {
            ("limit-value", YoursToFix, "The limit was not changed.", "Give another number.")
        }
        CommandError::NeedsConfirmation => (
            "needs-confirmation",
            YoursToFix,
            "The limit was not changed.",
            "Confirm it in the window, or repeat the value with --confirm.",
        ),
        CommandError::NoAlarm { .. } => {
            ("no-alarm", YoursToFix, "Nothing was changed.", "It is over; nothing to do.")
        }
        CommandError::NoBot { .. } => (
            "no-bot",
            YoursToFix,
            "Nothing was changed.",
            "See the names with: gatehouse bots list",
        ),
        CommandError::NoOrder { .. } => (
            "no-order",
            YoursToFix,
            "Nothing was cancelled.",
            "See the orders with: gatehouse orders list",
        ),
        CommandError::NothingScheduled { .. } => (
            "nothing-scheduled",
            YoursToFix,
            "Nothing was taken back.",
            "Nothing to do; the limit is as it was.",
        ),
        CommandError::Killed => KILLED,
        CommandError::NotKilled => {
            ("not-killed", YoursToFix, "Nothing was released.", "Nothing to do; bots may trade.")
        }
        CommandError::TooEarly { .. } => (
            "too-early",
            Waiting,
            "The kill switch stays on.",
            "Wait until the minute is over, then release again.",
        ),
        CommandError::WrongWord => {
            ("wrong-word", YoursToFix, "The kill switch stays on.", "Type RELEASE in capitals.")
        }
        CommandError::Taken { .. } => (
            "taken",
            YoursToFix,
            "The bot was not added.",
            "Choose another name, port or client id.",
        ),
        CommandError::ClientId { .. } => {
            ("client-id", YoursToFix, "The bot was not added.", "Choose a client id from 1 to 999.")
        }
        CommandError::NoProfile { .. } => {
            ("no-profile", YoursToFix, "Nothing was changed.", "Use account or bot:NAME.")
        }
        CommandError::NoState { .. } => {
            ("no-state", YoursToFix, "Nothing was changed.", "Use account or bot:NAME.")
        }
        CommandError::NotTimed { .. } => NOT_TIMED,
        CommandError::TimeUnknown => TIME_UNKNOWN,
        CommandError::PlanChanged => PLAN_CHANGED,
        CommandError::NothingToClose => NOTHING_TO_CLOSE,
        CommandError::LedgerNotWritable => LEDGER_NOT_WRITABLE,
    }
}

/// Returns a refused command as a person reads it.
pub(crate) fn command(error: &CommandError) -> Failure {
    let why = crate::view::words::sentence(&chain(error));
    let (code, kind, what, next) = advice(error);
    failure(code, kind, what, why, next)
}

/// Returns the failure of everything that is asked while the program ends.
pub(crate) fn stopping() -> Failure {
    failure(
        "stopping",
        FailureKind::Broken,
        "The request was not answered.",
        "Gatehouse is stopping.",
        "Start it again.",
    )
}
