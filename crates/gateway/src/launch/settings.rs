//! What a launch is to be: the person's settings.

use std::path::PathBuf;
use std::time::Duration;

use super::{Installation, LaunchError};
use crate::session::{ExistingSession, Login};

/// Which of the accounts of a user is logged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Paper,
    Live,
}

impl Mode {
    /// Returns the word that helpers know.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::Live => "live",
        }
    }
}

/// A time of day on this machine's clock, in whole minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockTime {
    hour: u8,
    minute: u8,
}

impl ClockTime {
    /// Returns a time from 00:00 to 23:59, or `None`.
    #[must_use]
    pub const fn try_new(hour: u8, minute: u8) -> Option<Self> {
        if hour < 24 && minute < 60 { Some(Self { hour, minute }) } else { None }
    }

    /// Returns it as the Gateway's settings show it, such as `01:30 AM`.
    pub(super) fn with_half(self) -> String {
        let half = if self.hour < 12 { "AM" } else { "PM" };
        let hour = match self.hour % 12 {
            0 => 12,
            hour => hour,
        };
        format!("{hour:02}:{:02} {half}", self.minute)
    }

    pub(super) fn of_day(self) -> String {
        format!("{:02}:{:02}", self.hour, self.minute)
    }
}

/// What is asked of IBC beyond the login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IbcSettings {
    /// The helper, as the person installed it. It runs as a program of its own.
    pub jar: PathBuf,
    /// The Java program; see [`Places::java`](super::Places::java).
    pub java: PathBuf,
    pub login: Login,
    pub existing_session: ExistingSession,
    /// The broker's own time limit for the second factor.
    pub second_factor_within: Duration,
    /// When the Gateway restarts each day by itself, without a login; as it is set already when
    /// absent.
    pub restart_at: Option<ClockTime>,
    /// When it ends on Sundays for a full login.
    pub cold_restart_at: Option<ClockTime>,
    /// Opens IBC's port for commands, on the loopback device and with a number of chance. It asks
    /// for no password: any program of this machine could end the Gateway through it. Without it,
    /// the Gateway is ended by a signal, and cannot be asked to restart.
    pub takes_commands: bool,
}

/// Another helper, as words of a command. These are filled in: `{version}`, `{mode}`, `{folder}`
/// of the Gateway, `{settings}`, and the paths of short-lived files: `{config}` in the form of
/// IBC's `config.ini`, `{user_file}`, `{password_file}`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HelperCommand {
    /// The program and its arguments.
    pub words: Vec<String>,
    /// Variables of its environment; a secret goes there as the name of a file, if at all.
    pub environment: Vec<(String, String)>,
}

/// Who drives the Gateway's windows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Driver {
    Ibc(IbcSettings),
    Other(HelperCommand),
    /// Nobody: the Gateway's own starter runs, and the person logs in.
    Person,
}

/// What a launch is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchSettings {
    pub installation: Installation,
    /// The Gateway's settings; see [`Places::settings_dir`](super::Places::settings_dir). Two
    /// Gateways at once need one each.
    pub settings_dir: PathBuf,
    pub mode: Mode,
    pub driver: Driver,
}

impl LaunchSettings {
    /// Returns whether the helper needs credentials.
    #[must_use]
    pub fn needs_credentials(&self) -> bool {
        match &self.driver {
            Driver::Ibc(ibc) => ibc.login == Login::Keychain,
            Driver::Other(command) => command.uses_secrets(),
            Driver::Person => false,
        }
    }
}

impl HelperCommand {
    fn all(&self) -> impl Iterator<Item = &str> {
        let values = self.environment.iter().map(|(_, value)| value.as_str());
        self.words.iter().map(String::as_str).chain(values)
    }

    pub(super) fn uses(&self, name: &str) -> bool {
        let placeholder = format!("{{{name}}}");
        self.all().any(|word| word.contains(&placeholder))
    }

    fn uses_secrets(&self) -> bool {
        ["config", "user_file", "password_file"].iter().any(|name| self.uses(name))
    }

    /// Fills a word in.
    ///
    /// # Errors
    /// When it has a placeholder that nothing stands for.
    pub(super) fn fill(
        word: &str,
        value: impl Fn(&str) -> Option<String>,
    ) -> Result<String, LaunchError> {
        let mut filled = String::new();
        let mut rest = word;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else { break };
            filled.push_str(before);
            let value =
                value(name).ok_or_else(|| LaunchError::CommandUnclear { name: name.to_owned() })?;
            filled.push_str(&value);
            rest = after;
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_shown_as_the_gateway_shows_them() {
        for (hour, minute, shown) in
            [(0, 5, "12:05 AM"), (1, 30, "01:30 AM"), (12, 0, "12:00 PM"), (23, 59, "11:59 PM")]
        {
            let time = ClockTime::try_new(hour, minute).expect("is a time");
            assert_eq!(time.with_half(), shown);
        }
        assert!(ClockTime::try_new(24, 0).is_none() && ClockTime::try_new(0, 60).is_none());
    }

    #[test]
    fn a_command_is_filled_in_or_said_to_be_unclear() {
        let value = |name: &str| (name == "mode").then(|| "paper".to_owned());
        for (word, filled) in
            [("--mode={mode}", Some("--mode=paper")), ("{", Some("{")), ("{x}", None)]
        {
            assert_eq!(HelperCommand::fill(word, value).ok().as_deref(), filled, "{word}");
        }
    }
}
