//! `gatehouse gateway`: what the Gateway screen shows and does, in a terminal.

use std::io::BufRead as _;

use clap::{Subcommand, ValueEnum};
use gatehouse_ipc::{
    DataLine, Failure, FoundGateways, GatewayView, Hidden, LineState, Request, StepState,
    TradingMode,
};

use crate::failure::{bad_input, broken};
use crate::gateway::{setting_changed, setting_may_be, settings_by_name};

#[derive(Debug, Clone, Subcommand)]
pub(super) enum Gateway {
    /// Look for Gateways on this machine: running ones, installed ones, login helpers.
    Find,
    /// List the lines of live prices: how fresh each is, and why not.
    Lines,
    /// Start it, or try again.
    Start,
    /// Restart it; a Gateway that Gatehouse started keeps its login where it can.
    Restart,
    /// Stop it until somebody starts it again.
    Stop,
    /// List the settings.
    Settings,
    /// Change a setting of the running instance; `default` is its own default.
    Set {
        /// As `gatehouse gateway settings` lists it, such as `source` or `restart-at`.
        name: String,
        value: String,
    },
    /// Keep a login in the system's keychain. The password is one line of standard input.
    Login {
        mode: LoginMode,
        #[arg(long)]
        user: String,
    },
    /// Remove a login from the keychain.
    Logout { mode: LoginMode },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LoginMode {
    Paper,
    Live,
}

impl From<LoginMode> for TradingMode {
    fn from(mode: LoginMode) -> Self {
        match mode {
            LoginMode::Paper => Self::Paper,
            LoginMode::Live => Self::Live,
        }
    }
}

impl Gateway {
    /// Returns what to ask.
    pub(super) fn request(&self) -> Result<Request, Failure> {
        Ok(match self {
            Self::Find => Request::FindGateways,
            Self::Lines => Request::Lines,
            Self::Start => Request::StartGateway,
            Self::Restart => Request::RestartGateway,
            Self::Stop => Request::StopGateway,
            // A change begins with what is set now.
            Self::Settings | Self::Set { .. } => Request::Gateway,
            Self::Login { mode, user } => Request::StoreLogin {
                mode: (*mode).into(),
                user: Hidden(user.clone()),
                password: Hidden(password()?),
            },
            Self::Logout { mode } => Request::RemoveLogin { mode: (*mode).into() },
        })
    }

    /// Returns the change that is asked for, by the settings as they are.
    pub(super) fn change(&self, view: &GatewayView) -> Option<Result<Request, Failure>> {
        let Self::Set { name, value } = self else { return None };
        let changed = setting_changed(&view.settings, name, value);
        Some(changed.map(|settings| Request::SetGateway { settings }))
    }
}

/// Reads a line of standard input: arguments and environments are seen by every program.
fn password() -> Result<String, Failure> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    let failed = "The login was not stored.";
    let next = "Give the password as a line of standard input.";
    match read {
        Ok(_) if !line.trim_end_matches(['\r', '\n']).is_empty() => {
            Ok(line.trim_end_matches(['\r', '\n']).to_owned())
        }
        Ok(_) => Err(bad_input(failed, "No password was given.", next)),
        Err(error) => Err(broken(failed, &error, next)),
    }
}

/// Prints how the Gateway is.
pub(super) fn print_view(view: &GatewayView) {
    say!("{}: {}", view.title, view.sentence);
    if let Some(next) = &view.next {
        say!("  next  {next}");
    }
    for step in &view.steps {
        let mark = match step.state {
            StepState::Done => "ok",
            StepState::Now => "now",
            StepState::Skipped | StepState::Ahead => "-",
            StepState::Failed => "FAIL",
        };
        say!("{mark:<5} {:<24} {}", step.title, step.text);
    }
    if let Some(address) = &view.address {
        let version = view.server_version.map(|it| format!(", server version {it}"));
        say!("At {address}{}.", version.unwrap_or_default());
    }
    if let Some(process) = &view.process {
        say!("Process {}, {} MB.", process.pid, process.memory_mb);
    }
    if let Some(schedule) = &view.schedule {
        say!("{}", schedule.login_sentence);
        schedule.restart_sentence.iter().for_each(|sentence| say!("{sentence}"));
    }
}

/// Prints the settings, each with what it may be.
pub(super) fn print_settings(view: &GatewayView) {
    for (name, value) in settings_by_name(&view.settings) {
        say!("{name:<16} {:<20} {}", value.as_deref().unwrap_or("-"), setting_may_be(name));
    }
}

/// Prints the lines of live prices.
pub(super) fn print_lines(lines: &[DataLine]) {
    if lines.is_empty() {
        say!("No line is open.");
    }
    for line in lines {
        let state = match line.state {
            LineState::Live => "live",
            LineState::Stale => "stale",
            LineState::Delayed => "delayed",
            LineState::Frozen => "frozen",
            LineState::Empty => "no price",
            LineState::Refused => "refused",
            LineState::Awaited => "awaited",
            LineState::Unnamed => "unknown",
            LineState::LeftOut => "left out",
        };
        let age = line.age_ms.map(|age| format!("{} s", age / 1000)).unwrap_or_default();
        let code = line.code.map(|code| format!(" ({code})")).unwrap_or_default();
        let sentence = line.sentence.as_deref().unwrap_or_default();
        say!("{:<8} {state:<9} {age:<6} {sentence}{code}", line.symbol);
        line.next.iter().for_each(|next| say!("  next  {next}"));
    }
}

/// Prints what is on this machine.
pub(super) fn print_found(found: &FoundGateways) {
    for running in &found.running {
        let trouble = running.trouble.as_ref().map(|it| format!("; {it}")).unwrap_or_default();
        say!("running    {:<21} {}{trouble}", running.address, running.name);
    }
    for installed in &found.installed {
        say!("installed  {:<21} {}", installed.version, installed.folder);
    }
    found.helpers.iter().for_each(|helper| say!("helper     {helper}"));
    if let Some((what, next)) = &found.trouble {
        say!("{what}\n  next  {next}");
    }
}
