//! How the history is printed.

use gatehouse_ipc::{HistoryJob, HistoryView, HistoryWait};

/// Prints what is being fetched.
pub(in crate::cli) fn print(view: &HistoryView) {
    if let Some(trouble) = &view.trouble {
        say!("{trouble}");
    }
    if let Some(aside) = &view.put_aside {
        say!(
            "The history was damaged when Gatehouse started, and a new one was begun. The old file is {aside}; import what the broker does not have."
        );
    }
    for job in &view.jobs {
        say!("{}", line(job));
    }
    if view.jobs.is_empty() && view.trouble.is_none() {
        say!("Nothing is being fetched.");
    }
    if !view.served.is_empty() {
        say!(
            "Answered out of the store: {}; {} requests so far",
            view.served.join(", "),
            view.n_saved
        );
    }
    if let Some(wait) = &view.wait {
        say!("{}", wait_words(wait));
    }
    let quota = view.quota.map_or_else(String::new, |quota| format!(" of {}", bytes(quota)));
    say!(
        "{} bars fetched, {} a second; {} of {} requests of the last ten minutes used, {} of them left to bots; {}{quota} kept",
        view.n_bars,
        view.bars_per_second,
        view.n_used,
        view.n_allowed,
        view.n_left_to_bots,
        bytes(view.n_bytes)
    );
}

/// Prints that a job goes on by itself.
pub(in crate::cli) fn print_job(job: i64) {
    say!("Job {job} goes on by itself: `gatehouse history` says how far it is.");
}

/// Returns why nothing goes out, and for how long.
pub(super) fn wait_words(wait: &HistoryWait) -> String {
    match wait.left_s {
        Some(left) => format!("{} It goes on in {}.", wait.sentence, span(left)),
        None => wait.sentence.clone(),
    }
}

/// Returns a size as people read it.
pub(super) fn bytes(n: u64) -> String {
    let (unit, name) = match n {
        0..1_000_000 => (100, "kB"),
        1_000_000..1_000_000_000 => (100_000, "MB"),
        _ => (100_000_000, "GB"),
    };
    let tenths = n / unit;
    format!("{}.{} {name}", tenths / 10, tenths % 10)
}

/// Returns one job as a line.
pub(in crate::cli) fn line(job: &HistoryJob) -> String {
    let state = match (&job.why_blocked, job.left_s) {
        (Some(why), _) => why.clone(),
        (None, Some(left)) => format!("{} left", span(left)),
        (None, None) => "beginning".to_owned(),
    };
    format!(
        "{}, {} to {}: {} of {} days, {}, {} requests, {state}",
        name(job),
        job.from,
        job.to,
        job.n_days_done,
        job.n_days,
        came(job),
        job.n_questions
    )
}

/// Returns what a job is of.
pub(super) fn name(job: &HistoryJob) -> String {
    let hours = if job.is_regular { "regular hours" } else { "all hours" };
    format!("{} {} {} {hours}", job.symbol, job.bar, job.what)
}

/// Returns what came so far.
pub(super) fn came(job: &HistoryJob) -> String {
    let rate = match job.bars_per_second {
        0 => String::new(),
        rate => format!(", {rate} a second"),
    };
    match job.n_bars {
        0 => "no bars yet".to_owned(),
        n_bars => format!("{n_bars} bars, {}{rate}", bytes(job.n_bytes)),
    }
}

pub(super) fn span(secs: u64) -> String {
    match secs {
        0..120 => format!("{secs} s"),
        120..7_200 => format!("{} min", secs / 60),
        _ => format!("{} h", secs / 3_600),
    }
}
