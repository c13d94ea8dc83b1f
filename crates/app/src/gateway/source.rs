//! Where the Gateway comes from in this run: the command line's word, or the settings'.

use std::time::Duration;

use gatehouse_gateway::session::{ExistingSession, Login, Origin, Plan};
use gatehouse_ipc::{GatewaySettings, GatewaySource, LoginBy, OtherSession, TradingMode};
use gatehouse_types::{AccountId, GatewayKind, Mode};

use crate::cli::GatewayArg;

/// The API's port of a Gateway when nobody changed it. Source: IB's guide of IB Gateway.
const PAPER_PORT: u16 = 4002;
const LIVE_PORT: u16 = 4001;

/// Where the Gateway comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Simulator,
    Running { address: String },
    Launched { address: String },
}

/// What is kept up, and which accounts are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) source: Source,
    /// Another account is refused; `None` takes whichever is there.
    pub(crate) mode: Option<Mode>,
    /// The settings do not count for the source.
    pub(crate) is_by_command_line: bool,
    pub(crate) settings: GatewaySettings,
}

impl Choice {
    /// Returns what the command line and the settings say together.
    pub(crate) fn of(arg: Option<&GatewayArg>, settings: GatewaySettings) -> Self {
        let mode = match settings.mode {
            TradingMode::Paper => Mode::Paper,
            TradingMode::Live => Mode::Live,
        };
        let (source, mode) = match (arg, settings.source) {
            (Some(GatewayArg::Simulator), _) | (None, GatewaySource::Simulator) => {
                (Source::Simulator, None)
            }
            (Some(GatewayArg::Running(address)), _) => {
                (Source::Running { address: address.to_string() }, None)
            }
            (None, GatewaySource::Running) => {
                (Source::Running { address: address(&settings) }, Some(mode))
            }
            (None, GatewaySource::Launched) => {
                (Source::Launched { address: address(&settings) }, Some(mode))
            }
        };
        Self { source, mode, is_by_command_line: arg.is_some(), settings }
    }

    /// Returns whether another process, or another place, is meant.
    pub(crate) fn differs(&self, other: &Self) -> bool {
        let launch = |it: &Self| {
            let GatewaySettings {
                mode,
                installation,
                login,
                helper,
                command,
                other_session,
                second_factor_s,
                restart_at,
                ..
            } = it.settings.clone();
            let what = (mode, installation, login, helper, command);
            (what, other_session, second_factor_s, restart_at)
        };
        let is_launched = matches!(self.source, Source::Launched { .. });
        self.source != other.source
            || self.mode != other.mode
            || is_launched && launch(self) != launch(other)
    }

    pub(crate) const fn kind(&self) -> GatewayKind {
        match self.source {
            Source::Simulator => GatewayKind::OwnSimulator,
            Source::Running { .. } | Source::Launched { .. } => GatewayKind::Running,
        }
    }

    /// Returns where it listens, as far as that is known before it is started.
    pub(crate) fn address(&self) -> Option<&str> {
        match &self.source {
            Source::Simulator => None,
            Source::Running { address } | Source::Launched { address } => Some(address),
        }
    }

    /// Returns how patient the session is; `seed` spreads its waits.
    pub(crate) fn plan(&self, seed: u64) -> Plan {
        Plan {
            existing_session: self.existing_session(),
            second_factor_within: Duration::from_secs(self.settings.second_factor_s.into()),
            ..Plan::new(self.origin(), seed)
        }
    }

    /// Returns who starts it, and who logs in.
    pub(crate) const fn origin(&self) -> Origin {
        match self.source {
            Source::Simulator => Origin::Simulator,
            Source::Running { .. } => Origin::Running,
            Source::Launched { .. } => Origin::Launched(self.login()),
        }
    }

    /// Returns who enters the credentials. A helper's command is given what it asks for.
    pub(crate) const fn login(&self) -> Login {
        match self.settings.login {
            LoginBy::Keychain => Login::Keychain,
            LoginBy::Person => Login::Person,
        }
    }

    pub(crate) const fn existing_session(&self) -> ExistingSession {
        match self.settings.other_session {
            OtherSession::Ask => ExistingSession::Ask,
            OtherSession::TakeOver => ExistingSession::TakeOver,
            OtherSession::Yield => ExistingSession::Yield,
        }
    }

    /// Returns why an account is not the one that is meant: a clause.
    pub(crate) fn refusal(&self, account: &AccountId) -> Option<String> {
        let wanted = self.mode?;
        let found = self.kind().mode(account);
        (found != wanted).then(|| {
            format!(
                "the Gateway serves the {found} account {account}, and Gatehouse is set to \
                 {wanted}; change the mode in the settings, or log the Gateway in to {wanted}"
            )
        })
    }
}

fn address(settings: &GatewaySettings) -> String {
    let port = match settings.mode {
        TradingMode::Paper => PAPER_PORT,
        TradingMode::Live => LIVE_PORT,
    };
    settings.address.clone().unwrap_or_else(|| format!("127.0.0.1:{port}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::settings::defaults;

    fn choice(source: GatewaySource, mode: TradingMode) -> Choice {
        Choice::of(None, GatewaySettings { source, mode, ..defaults() })
    }

    #[test]
    fn the_command_line_has_the_last_word() {
        let settings = GatewaySettings { source: GatewaySource::Launched, ..defaults() };
        let arg = "127.0.0.1:7497".parse().expect("is an address");
        let choice = Choice::of(Some(&arg), settings);
        assert_eq!(choice.address(), Some("127.0.0.1:7497"));
        assert!(choice.is_by_command_line);
        assert_eq!(choice.refusal(&AccountId::new("U1234567")), None, "it named no mode");
    }

    #[test]
    fn an_account_of_the_other_mode_is_refused_and_the_simulators_never() {
        use TradingMode::{Live, Paper};
        let running = |mode| choice(GatewaySource::Running, mode);
        for (choice, account, is_refused) in [
            (running(Paper), "DU1234567", false),
            (running(Paper), "U1234567", true),
            (running(Live), "U1234567", false),
            (running(Live), "DU1234567", true),
            (choice(GatewaySource::Launched, Paper), "U1234567", true),
            (choice(GatewaySource::Simulator, Live), "DU1234567", false),
        ] {
            let refusal = choice.refusal(&AccountId::new(account));
            assert_eq!(refusal.is_some(), is_refused, "{account} {refusal:?}");
        }
    }

    #[test]
    fn only_what_matters_for_the_process_starts_another_one() {
        let with = |source, change: fn(&mut GatewaySettings)| {
            let mut settings = GatewaySettings { source, ..defaults() };
            change(&mut settings);
            Choice::of(None, settings)
        };
        type Change = fn(&mut GatewaySettings);
        let cases: [(GatewaySource, Change, bool); 6] = [
            (GatewaySource::Launched, |it| it.quiet_min = 9, false),
            (GatewaySource::Launched, |it| it.helper = Some("x".to_owned()), true),
            (GatewaySource::Running, |it| it.helper = Some("x".to_owned()), false),
            (GatewaySource::Running, |it| it.address = Some("127.0.0.1:1".to_owned()), true),
            (GatewaySource::Running, |it| it.mode = TradingMode::Live, true),
            (GatewaySource::Simulator, |it| it.mode = TradingMode::Live, false),
        ];
        for (source, change, differs) in cases {
            let (before, after) = (with(source, |_| {}), with(source, change));
            assert_eq!(after.differs(&before), differs, "{:?}", after.settings);
        }
    }
}
