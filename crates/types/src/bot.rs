//! A client program that Gatehouse guards, and the Gateway it guards it from.

use std::fmt;

use crate::{BotName, ClientId};

/// A bot as it is registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotConfig {
    pub name: BotName,
    /// Loopback port that only this bot uses.
    pub port: u16,
    /// The only client id accepted on that port; never 0.
    pub client_id: ClientId,
}

/// What is at stake on a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// Our own simulator, started by us.
    Sim,
    /// An account whose id begins with `DU`.
    Paper,
    /// Everything else.
    Live,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sim => "SIM",
            Self::Paper => "PAPER",
            Self::Live => "LIVE",
        })
    }
}

/// Where the Gateway comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GatewayKind {
    /// Our own child process.
    OwnSimulator,
    /// Something that was already listening.
    Running,
}

impl GatewayKind {
    /// Returns the mode of an account behind this Gateway.
    #[must_use]
    pub fn mode(self, account: &crate::AccountId) -> Mode {
        match self {
            Self::OwnSimulator => Mode::Sim,
            Self::Running if account.as_str().starts_with("DU") => Mode::Paper,
            Self::Running => Mode::Live,
        }
    }
}
