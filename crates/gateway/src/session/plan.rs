//! What a session is about, and how patient it is.

use std::time::Duration;

/// Who enters the credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Login {
    /// The helper, from the keychain.
    Keychain,
    /// The person, in the Gateway's own window.
    Person,
}

/// What happens when another session of the same user is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExistingSession {
    /// The person decides in the Gateway's window.
    Ask,
    /// The other session is ended.
    TakeOver,
    /// The other session stays, and ours ends.
    Yield,
}

/// Where the Gateway comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Our own child process, which needs no login.
    Simulator,
    /// Something that listens already; it is never started or ended by us.
    Running,
    /// A process that we start, and that somebody logs in.
    Launched(Login),
}

impl Origin {
    /// Returns whether the process is ours to start and end.
    #[must_use]
    pub const fn is_ours(self) -> bool {
        !matches!(self, Self::Running)
    }
}

/// What a session is about, and how patient it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub origin: Origin,
    pub existing_session: ExistingSession,
    /// From the start of the process to its login window, or to its port.
    pub start_within: Duration,
    /// From the button to an answer.
    pub login_within: Duration,
    /// Until the person approved.
    pub second_factor_within: Duration,
    /// From a complete login to a port that answers.
    pub api_within: Duration,
    /// From a port that answers to an account.
    pub connect_within: Duration,
    /// From an account to a matched one.
    pub reconcile_within: Duration,
    /// How long a planned restart may take before it counts as trouble.
    pub restart_within: Duration,
    /// How long a lost connection may last before somebody is told.
    pub loss_tolerated: Duration,
    /// Varies the waits between sessions, so that not everybody comes back in one instant.
    pub seed: u64,
}

impl Plan {
    /// Returns the usual patience: 60 s to start, log in and open the port, 180 s for the phone,
    /// 30 s to connect, 60 s to match, 5 minutes for a planned restart, 3 s for a lost connection.
    #[must_use]
    pub const fn new(origin: Origin, seed: u64) -> Self {
        Self {
            origin,
            existing_session: ExistingSession::Ask,
            start_within: Duration::from_secs(60),
            login_within: Duration::from_secs(60),
            second_factor_within: Duration::from_secs(180),
            api_within: Duration::from_secs(60),
            connect_within: Duration::from_secs(30),
            reconcile_within: Duration::from_secs(60),
            restart_within: Duration::from_secs(300),
            loss_tolerated: Duration::from_secs(3),
            seed,
        }
    }
}
