//! The text of IBC's `config.ini` for one launch.

use zeroize::Zeroizing;

use super::properties::Properties;
use super::{Credentials, IbcSettings, Mode};
use crate::session::ExistingSession;

/// Room for all lines but the credentials, in characters.
const PLAIN_CHARS: usize = 1024;

/// Returns the text. With the means of the system to do so, IBC writes its events among the lines
/// that it prints.
pub(super) fn ibc(
    ibc: &IbcSettings,
    mode: Mode,
    command_port: Option<u16>,
    credentials: Option<&Credentials>,
) -> Zeroizing<String> {
    let n_secret = credentials.map_or(0, |it| it.user.reveal().len() + it.password.reveal().len());
    let mut text = Properties::with_room(PLAIN_CHARS + n_secret);
    login(&mut text, mode, credentials);
    text.set(
        "ExistingSessionDetectedAction",
        match ibc.existing_session {
            ExistingSession::Ask => "manual",
            ExistingSession::TakeOver => "primary",
            ExistingSession::Yield => "secondary",
        },
    );
    text.set("SecondFactorAuthenticationTimeout", &ibc.second_factor_within.as_secs().to_string());
    // Who tries again, and when, is decided in one place, and it is not here.
    text.set("ReloginAfterSecondFactorAuthenticationTimeout", "no");
    text.set("AutoRestartTime", &ibc.restart_at.map(|it| it.with_half()).unwrap_or_default());
    text.set("ColdRestartTime", &ibc.cold_restart_at.map(|it| it.of_day()).unwrap_or_default());
    text.set("CommandServerPort", &command_port.unwrap_or(0).to_string());
    text.set("BindAddress", "127.0.0.1");
    text.set("ControlFrom", "127.0.0.1");
    text.set("SuppressInfoMessages", "yes");
    if cfg!(unix) {
        text.set("EventLogFile", "/dev/stdout");
    }
    text.finish()
}

/// Returns the lines that any helper needs which reads IBC's form.
pub(super) fn plain(mode: Mode, credentials: Option<&Credentials>) -> Zeroizing<String> {
    let n_secret = credentials.map_or(0, |it| it.user.reveal().len() + it.password.reveal().len());
    let mut text = Properties::with_room(PLAIN_CHARS + n_secret);
    login(&mut text, mode, credentials);
    text.finish()
}

fn login(text: &mut Properties, mode: Mode, credentials: Option<&Credentials>) {
    text.set("IbLoginId", credentials.map_or("", |it| it.user.reveal()));
    text.set("IbPassword", credentials.map_or("", |it| it.password.reveal()));
    text.set("TradingMode", mode.word());
    // Only paper accounts show this warning, and the API is shut until it is accepted.
    text.set("AcceptNonBrokerageAccountWarning", "yes");
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::Duration;

    use super::super::properties::tests::read;
    use super::super::{ClockTime, Secret};
    use super::*;
    use crate::session::Login;

    #[test]
    fn a_launch_becomes_the_helpers_settings() {
        let settings = IbcSettings {
            jar: PathBuf::new(),
            java: PathBuf::new(),
            login: Login::Keychain,
            existing_session: ExistingSession::TakeOver,
            second_factor_within: Duration::from_secs(170),
            restart_at: ClockTime::try_new(13, 5),
            cold_restart_at: ClockTime::try_new(7, 0),
            takes_commands: true,
        };
        let credentials = Credentials {
            user: Secret::new("edgar".to_owned()),
            password: Secret::new("p\\ä ss ".to_owned()),
        };
        let text = ibc(&settings, Mode::Live, Some(7462), Some(&credentials));
        let read = read(text.as_bytes());
        for (key, value) in [
            ("IbLoginId", "edgar"),
            ("IbPassword", "p\\ä ss "),
            ("TradingMode", "live"),
            ("ExistingSessionDetectedAction", "primary"),
            ("SecondFactorAuthenticationTimeout", "170"),
            ("ReloginAfterSecondFactorAuthenticationTimeout", "no"),
            ("AutoRestartTime", "01:05 PM"),
            ("ColdRestartTime", "07:00"),
            ("CommandServerPort", "7462"),
            ("BindAddress", "127.0.0.1"),
        ] {
            assert_eq!(read.get(key).map(String::as_str), Some(value), "{key}");
        }
    }

    #[test]
    fn a_person_who_logs_in_leaves_the_fields_empty() {
        let text = plain(Mode::Paper, None);
        let read = read(text.as_bytes());
        assert_eq!((read["IbLoginId"].as_str(), read["IbPassword"].as_str()), ("", ""));
    }
}
