//! The command line. Every command that acts goes to the running instance over its control
//! socket; when none runs it takes the lock of the data directory and acts itself.
//!
//! Exit codes: 0 yes, 1 no, 2 bad usage, 3 could not answer.

/// Prints a line. Whoever reads may have seen enough and closed the pipe, as `head` does.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        writeln!(std::io::stdout(), $($words)*).ok();
    }};
}

mod args;
mod codes;
mod gateway;
mod history;
mod print;
mod run;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser as _;
use clap::error::ErrorKind;
use gatehouse_ipc::{Failure, FailureKind, Reply, Request};

pub use args::{BotArg, GatewayArg, RunArgs};

use crate::{control, data_dir, failure, offline, report};
use args::{Cli, Command};

const NO: u8 = 1;
const BAD_USAGE: u8 = 2;
const NO_ANSWER: u8 = 3;

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    #[cfg(unix)]
    data_dir::keep_private();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let is_help =
                matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            // Nothing can be done about a closed terminal.
            error.print().ok();
            return ExitCode::from(if is_help { 0 } else { BAD_USAGE });
        }
    };
    let data_dir = match cli.data_dir.map_or_else(data_dir::default, Ok) {
        Ok(data_dir) => data_dir,
        Err(failure) => return fail(&failure, cli.json),
    };
    if let Command::Run(args) = &cli.command {
        return run::run(args, data_dir, cli.json);
    }
    if let Command::Audit(args::Audit::Export { from, to, format, out }) = cli.command {
        return export(&data_dir, &offline::Export { from, to, format, out }, cli.json);
    }
    if let Command::Report { from, to, out } = &cli.command {
        return match report::to_file(&data_dir, from.as_deref(), to.as_deref(), out) {
            Ok(_) => {
                print::done(&format!("Report written to {}", out.display()), cli.json);
                ExitCode::SUCCESS
            }
            Err(failure) => fail(&failure, cli.json),
        };
    }
    if let Command::History { act: Some(history::History::Kept(command)) } = &cli.command {
        return match history::perform(command, &data_dir, cli.json) {
            Ok(is_fine) => ExitCode::from(if is_fine { 0 } else { NO }),
            Err(failure) => fail(&failure, cli.json),
        };
    }
    if let Command::History { act: Some(history::History::Fill { background: false, .. }) } =
        &cli.command
    {
        return match cli.command.request() {
            Ok(request) => history::wait(&data_dir, request, cli.json),
            Err(failure) => fail(&failure, cli.json),
        };
    }
    perform(cli.command, &data_dir, cli.json)
}

fn export(data_dir: &Path, export: &offline::Export, is_json: bool) -> ExitCode {
    match offline::export(data_dir, export) {
        Ok(n_entries) => {
            print::done(&format!("{n_entries} entries written"), is_json);
            ExitCode::SUCCESS
        }
        Err(failure) => fail(&failure, is_json),
    }
}

fn perform(command: Command, data_dir: &Path, is_json: bool) -> ExitCode {
    let request = match command.request() {
        Ok(request) => request,
        Err(failure) => return fail(&failure, is_json),
    };
    let mut answer = ask(data_dir, request);
    if let Ok(first) = &answer {
        let is_change = matches!(first, Reply::Gateway(_));
        match command.next_request(first) {
            Ok(Some(next)) => match ask(data_dir, next) {
                Ok(second) if is_change => answer = Ok(second),
                Ok(_) => {}
                Err(failure) => answer = Err(failure),
            },
            Ok(None) => {}
            Err(failure) => answer = Err(failure),
        }
    }
    match answer {
        Ok(reply) => {
            let is_broken = matches!(reply, Reply::Verified { broken_at: Some(_), .. })
                || matches!(&reply, Reply::Doctor(report) if report.n_failed > 0);
            print::reply(&command, &reply, is_json);
            ExitCode::from(if is_broken { NO } else { 0 })
        }
        Err(failure) => fail(&failure, is_json),
    }
}

/// Asks the running instance, or acts itself when there is none.
fn ask(data_dir: &Path, request: Request) -> Result<Reply, Failure> {
    match control::ask(data_dir, &request) {
        Ok(answer) => answer,
        Err(control::ControlError::NotRunning) => offline::perform(data_dir, request),
        Err(error) => Err(failure::broken(
            "The command was not carried out, as far as can be told.",
            &error,
            "Look at the window, or try again.",
        )),
    }
}

fn fail(failure: &Failure, is_json: bool) -> ExitCode {
    print::failure(failure, is_json);
    let is_usage =
        ["bad-input", "needs-confirmation", "limit-value"].contains(&failure.code.as_str());
    ExitCode::from(match failure.kind {
        FailureKind::Broken => NO_ANSWER,
        FailureKind::YoursToFix if is_usage => BAD_USAGE,
        FailureKind::YoursToFix | FailureKind::Refused | FailureKind::Waiting => NO,
    })
}
