//! How a process ended, in words.

use std::fmt;
use std::process::ExitStatus;

/// How a Gateway's process ended. Its text is a part of a sentence: "it was closed".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Without a complaint.
    Closed,
    /// By a signal of this number.
    Signal(i32),
    /// IBC gave up, and said why.
    Helper(HelperExit),
    /// With a code that says nothing to us.
    Code(i32),
}

/// Why IBC gave up. Source: the codes of IBC's documentation, 1100 to 1112; systems other than
/// Windows keep the last byte of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HelperExit {
    Exception,
    ControlMissing,
    ArgumentsWrong,
    ConfigMissing,
    ModeWrong,
    ClosedownWrong,
    SettingsFolder,
    EntryPointMissing,
    JtsIniPath,
    JtsIniUnreadable,
    StateWrong,
    SecondFactorTimedOut,
    LoginNeverShown,
}

impl HelperExit {
    const ALL: [(i32, Self); 13] = [
        (1100, Self::Exception),
        (1101, Self::ControlMissing),
        (1102, Self::ArgumentsWrong),
        (1103, Self::ConfigMissing),
        (1104, Self::ModeWrong),
        (1105, Self::ClosedownWrong),
        (1106, Self::SettingsFolder),
        (1107, Self::EntryPointMissing),
        (1108, Self::JtsIniPath),
        (1109, Self::JtsIniUnreadable),
        (1110, Self::StateWrong),
        (1111, Self::SecondFactorTimedOut),
        (1112, Self::LoginNeverShown),
    ];

    fn of(code: i32) -> Option<Self> {
        let is_it = |known: i32| known == code || (cfg!(unix) && known % 256 == code);
        Self::ALL.iter().find(|(known, _)| is_it(*known)).map(|(_, exit)| *exit)
    }
}

impl Ending {
    /// Returns what a status means. Codes of IBC count only where IBC ran.
    pub(super) fn of(status: ExitStatus, is_ibc: bool) -> Self {
        #[cfg(unix)]
        if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
            return Self::Signal(signal);
        }
        match status.code().unwrap_or(0) {
            0 => Self::Closed,
            code => match HelperExit::of(code).filter(|_| is_ibc) {
                Some(exit) => Self::Helper(exit),
                None => Self::Code(code),
            },
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("it was closed"),
            Self::Signal(9) => f.write_str("it was killed"),
            // Java turns the signal to terminate into this code.
            Self::Signal(15) | Self::Code(143) => f.write_str("it was terminated"),
            Self::Signal(signal) => write!(f, "it crashed with signal {signal}"),
            Self::Helper(exit) => write!(f, "{exit}"),
            Self::Code(code) => write!(f, "it ended with code {code}"),
        }
    }
}

impl fmt::Display for HelperExit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Exception => "the login helper failed",
            Self::ControlMissing => "the login helper did not find its way around the window",
            Self::ArgumentsWrong => "the login helper did not understand its command",
            Self::ConfigMissing => "the login helper did not find its configuration",
            Self::ModeWrong => "the login helper did not understand the mode",
            Self::ClosedownWrong => "the login helper did not understand a time",
            Self::SettingsFolder => "the login helper cannot make the settings folder",
            Self::EntryPointMissing => "the login helper does not know this Gateway",
            Self::JtsIniPath | Self::JtsIniUnreadable => "the login helper cannot read jts.ini",
            Self::StateWrong => "the login helper lost its way",
            Self::SecondFactorTimedOut => "nobody approved the second factor in time",
            Self::LoginNeverShown => "the login window never appeared",
        })
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;

    use super::*;

    #[test]
    fn codes_mean_what_the_helper_documents() {
        for (raw, is_ibc, ending, text) in [
            (0, true, Ending::Closed, "it was closed"),
            (9, true, Ending::Signal(9), "it was killed"),
            (6, false, Ending::Signal(6), "it crashed with signal 6"),
            (143 << 8, true, Ending::Code(143), "it was terminated"),
            (
                87 << 8,
                true,
                Ending::Helper(HelperExit::SecondFactorTimedOut),
                "nobody approved the second factor in time",
            ),
            (
                88 << 8,
                true,
                Ending::Helper(HelperExit::LoginNeverShown),
                "the login window never appeared",
            ),
            (87 << 8, false, Ending::Code(87), "it ended with code 87"),
            (3 << 8, true, Ending::Code(3), "it ended with code 3"),
        ] {
            let found = Ending::of(ExitStatus::from_raw(raw), is_ibc);
            assert_eq!((found, found.to_string().as_str()), (ending, text), "{raw}");
        }
    }
}
