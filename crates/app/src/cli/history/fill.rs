//! `gatehouse history fill` that waits until the bars are there.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use gatehouse_ipc::{
    Failure, FailureKind, HistoryEnd, HistoryFollowed, HistoryJob, HistoryWaitReason, Reply,
    Request,
};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::super::{BAD_USAGE, NO, ask, fail, print};
use super::view::{bytes, came, name, print_job, span, wait_words};
use crate::failure::{broken, failure};

/// As a shell has it for what Ctrl-C ended.
const INTERRUPTED: u8 = 130;
/// Without a terminal, a line is printed at least this often, and whenever something else holds the
/// job up.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// How the waiting ended.
#[derive(Debug, PartialEq, Eq)]
enum Ended {
    Complete,
    Stopped,
    /// With why.
    Blocked(String),
    /// All of it was fetched, and is not there: with why.
    Lacking(String),
    /// By Ctrl-C.
    Left,
    /// The running instance does not know the job any more.
    Forgotten,
}

/// Asks for bars, and waits until they are there.
pub(in crate::cli) fn wait(data_dir: &Path, request: Request, is_json: bool) -> ExitCode {
    let job = match ask(data_dir, request) {
        Ok(Reply::HistoryJob { job }) => job,
        Ok(other) => {
            tracing::error!(?other, "This is no answer to a fill");
            return ExitCode::from(BAD_USAGE);
        }
        Err(failure) => return fail(&failure, is_json),
    };
    let mut shown = Shown::begin(is_json);
    let ended = follow(data_dir, job, &mut shown);
    shown.end();
    match ended {
        Ok(ended) => told(job, &ended, shown.last.as_ref(), is_json),
        Err(failure) => fail(&failure, is_json),
    }
}

/// Follows a job to its end. Each answer comes when there may be something new, so nothing is
/// waited for here.
fn follow(data_dir: &Path, job: i64, shown: &mut Shown) -> Result<Ended, Failure> {
    let failed = |error: &std::io::Error| {
        broken("The job goes on, but is not followed.", error, "See it with: gatehouse history")
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| failed(&error))?;
    let begun = Instant::now();
    let ended = runtime.block_on(async {
        loop {
            let data_dir: PathBuf = data_dir.to_owned();
            let asked =
                tokio::task::spawn_blocking(move || ask(&data_dir, Request::FollowHistory { job }));
            let answer = tokio::select! {
                biased;
                _ = tokio::signal::ctrl_c() => return Ok(Ended::Left),
                answer = asked => answer.map_err(|error| failed(&error.into()))?,
            };
            let Reply::HistoryFollowed(followed) = answer.map_err(|why| lost(job, why))? else {
                return Ok(Ended::Forgotten);
            };
            if let Some(ended) = shown.hear(*followed, begun.elapsed()) {
                return Ok(ended);
            }
        }
    });
    // An answer that is still awaited is not waited for.
    runtime.shutdown_background();
    ended
}

/// The running instance went away: the job is in the store, and goes on with the next one.
fn lost(job: i64, why: Failure) -> Failure {
    Failure {
        what: format!("Job {job} is not followed any more."),
        next: "It goes on when Gatehouse runs: see it with `gatehouse history`.".to_owned(),
        ..why
    }
}

/// Says how it ended, and returns the exit code.
fn told(job: i64, ended: &Ended, last: Option<&HistoryJob>, is_json: bool) -> ExitCode {
    let whole = last.map_or_else(|| format!("Job {job}"), name);
    match ended {
        Ended::Complete => {
            let came = last.map_or_else(String::new, |job| format!(", {}", fetched(job)));
            print::done(&format!("{whole} is there{came}"), is_json);
            ExitCode::SUCCESS
        }
        Ended::Left => {
            if is_json {
                say!("{}", json!({ "job": job, "end": "left" }));
            } else {
                print_job(job);
            }
            ExitCode::from(INTERRUPTED)
        }
        Ended::Stopped => {
            let next = "Ask again to fetch the rest; what came so far stays.";
            let why = format!("Job {job} was stopped.");
            no(&format!("{whole} is not there as a whole."), &why, next, is_json)
        }
        Ended::Blocked(why) => {
            let next = format!(
                "Do what it says and ask again, or give it up with: gatehouse history stop {job}"
            );
            no(&format!("{whole} is not there as a whole."), why, &next, is_json)
        }
        Ended::Lacking(why) => {
            let next = "Ask for other days, or let the file become bigger: gatehouse history quota";
            no(&format!("{whole} is not there as a whole."), why, next, is_json)
        }
        Ended::Forgotten => {
            let why = format!("Gatehouse was started anew and knows no job {job}.");
            no(
                &format!("{whole} is not followed."),
                &why,
                "Ask again: nothing is fetched twice.",
                is_json,
            )
        }
    }
}

fn no(what: &str, why: &str, next: &str, is_json: bool) -> ExitCode {
    print::failure(&failure("not-whole", FailureKind::YoursToFix, what, why, next), is_json);
    ExitCode::from(NO)
}

fn fetched(job: &HistoryJob) -> String {
    match job.n_bars {
        0 => "and was there before".to_owned(),
        n_bars => format!("{n_bars} bars, {}", bytes(job.n_bytes)),
    }
}

/// What is shown while it goes on.
struct Shown {
    bar: Option<ProgressBar>,
    is_json: bool,
    last: Option<HistoryJob>,
    said: Option<(Duration, Option<HistoryWaitReason>)>,
}

impl Shown {
    /// Begins; the bar is drawn on the error output, so that the other can be read by programs.
    fn begin(is_json: bool) -> Self {
        let is_drawn = !is_json && std::io::stderr().is_terminal();
        let bar = is_drawn.then(|| {
            let style =
                ProgressStyle::with_template("{bar:30} {pos}/{len} days  {elapsed}  {wide_msg}");
            let bar = ProgressBar::new(0);
            if let Ok(style) = style { bar.with_style(style) } else { bar }
        });
        Self { bar, is_json, last: None, said: None }
    }

    /// Shows how far it is, so long after the beginning; returns how it ended.
    fn hear(&mut self, followed: HistoryFollowed, elapsed: Duration) -> Option<Ended> {
        let HistoryFollowed { job, wait, end } = followed;
        let Some(job) = job else { return Some(Ended::Forgotten) };
        if let Some(end) = end {
            let why = job.why_blocked.clone();
            self.last = Some(job);
            return Some(match end {
                HistoryEnd::Complete => why.map_or(Ended::Complete, Ended::Lacking),
                HistoryEnd::Stopped => Ended::Stopped,
            });
        }
        if let Some(bar) = &self.bar {
            bar.set_length(u64::from(job.n_days));
            bar.set_position(u64::from(job.n_days_done));
            let state = match (&wait, job.left_s) {
                (Some(wait), _) => wait_words(wait),
                (None, Some(left)) => format!("{} left", span(left)),
                (None, None) => "beginning".to_owned(),
            };
            bar.set_message(format!("{}  {state}", came(&job)));
        } else if self.is_due(elapsed, wait.as_ref().map(|wait| wait.reason)) {
            let wait = wait.as_ref().map(wait_words);
            if self.is_json {
                say!("{}", json!({ "job": job, "wait": wait }));
            } else {
                let wait = wait.map_or_else(String::new, |wait| format!(" {wait}"));
                eprintln!("{}.{wait}", super::view::line(&job));
            }
        }
        let why = job.why_blocked.clone();
        self.last = Some(job);
        why.map(Ended::Blocked)
    }

    fn is_due(&mut self, elapsed: Duration, reason: Option<HistoryWaitReason>) -> bool {
        // A pause between two requests is the usual way of things.
        let reason = reason.filter(|reason| *reason != HistoryWaitReason::Spacing);
        let is_due = self.said.is_none_or(|(at, before)| {
            elapsed.saturating_sub(at) >= LINE_EVERY || before != reason
        });
        if is_due {
            self.said = Some((elapsed, reason));
        }
        is_due
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use gatehouse_ipc::HistoryWait;

    use super::*;

    fn job(n_days_done: u32, why_blocked: Option<&str>) -> HistoryJob {
        HistoryJob {
            id: 7,
            symbol: "SPY".to_owned(),
            bar: "1m".to_owned(),
            what: "TRADES".to_owned(),
            is_regular: true,
            from: "2025-01-02".to_owned(),
            to: "now".to_owned(),
            urgency: "person".to_owned(),
            n_days: 250,
            n_days_done,
            n_bars: 390,
            n_bytes: 2_900,
            bars_per_second: 0,
            n_questions: 1,
            left_s: None,
            why_blocked: why_blocked.map(str::to_owned),
        }
    }

    fn quiet() -> Shown {
        Shown { bar: None, is_json: true, last: None, said: None }
    }

    #[test]
    fn what_is_not_there_at_the_end_is_no_success() {
        let end = Some(HistoryEnd::Complete);
        for (why, ended) in [
            (None, Ended::Complete),
            (Some("The broker has no bars."), Ended::Lacking("The broker has no bars.".to_owned())),
        ] {
            let over =
                HistoryFollowed { job: Some(job(1, why)), end, ..HistoryFollowed::default() };
            assert_eq!(quiet().hear(over, Duration::from_secs(1)), Some(ended));
        }
    }

    #[test]
    fn it_goes_on_until_the_job_is_over_or_needs_a_person() {
        let secs = Duration::from_secs;
        let mut shown = quiet();
        let on = HistoryFollowed { job: Some(job(1, None)), ..HistoryFollowed::default() };
        assert!(shown.hear(on, secs(1)).is_none());
        assert_eq!(shown.last.as_ref().map(|job| job.n_days_done), Some(1));
        let blocked =
            HistoryFollowed { job: Some(job(1, Some("why"))), ..HistoryFollowed::default() };
        assert_eq!(shown.hear(blocked, secs(2)), Some(Ended::Blocked("why".to_owned())));
        for (end, ended) in
            [(HistoryEnd::Complete, Ended::Complete), (HistoryEnd::Stopped, Ended::Stopped)]
        {
            let over = HistoryFollowed { job: Some(job(0, None)), wait: None, end: Some(end) };
            assert_eq!(shown.hear(over, secs(3)), Some(ended));
        }
        assert_eq!(shown.hear(HistoryFollowed::default(), secs(4)), Some(Ended::Forgotten));
    }

    #[test]
    fn a_line_comes_every_so_often_and_when_something_else_holds_it_up() {
        let mut shown = quiet();
        let wait = |reason| Some(HistoryWait { reason, sentence: String::new(), left_s: Some(1) });
        let (offline, budget) = (HistoryWaitReason::NotConnected, HistoryWaitReason::Budget);
        for (secs, wait, is_said) in [
            (0, None, true),
            (9, None, false),
            (10, None, true),
            (11, wait(offline), true),
            (12, wait(offline), false),
            (13, wait(budget), true),
            (14, None, true),
            (20, wait(HistoryWaitReason::Spacing), false),
            (24, None, true),
        ] {
            let reason = wait.map(|wait| wait.reason);
            assert_eq!(shown.is_due(Duration::from_secs(secs), reason), is_said, "{secs}");
        }
    }
}
