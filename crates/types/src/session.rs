//! Where the session with the Gateway is.

use std::fmt;

/// A phase in the life of the Gateway's session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SessionPhase {
    /// Nobody wants it to run.
    Stopped,
    /// The process was started, and its windows are not there yet.
    Starting,
    /// The person types name and password into the Gateway's window.
    LoginNeeded,
    LoggingIn,
    /// The Gateway waits for an approval on the phone, or a code.
    SecondFactor,
    /// Login is complete, and the API's port does not answer yet.
    ApiStarting,
    /// The port is tried and dialled.
    Connecting,
    /// Connected; open orders, executions and positions are being matched.
    Reconciling,
    /// Orders are judged and sent.
    Ready,
    /// It ended, and is started again by itself.
    Restarting,
    /// Connected, and the Gateway has lost the broker or could not be matched.
    Degraded,
    /// It goes on when a person did something.
    NeedsUser,
    /// It failed too often, and is not tried again by itself.
    Failed,
}

impl SessionPhase {
    /// All phases, in the order of a life without trouble, then the others.
    pub const ALL: [Self; 13] = [
        Self::Stopped,
        Self::Starting,
        Self::LoginNeeded,
        Self::LoggingIn,
        Self::SecondFactor,
        Self::ApiStarting,
        Self::Connecting,
        Self::Reconciling,
        Self::Ready,
        Self::Restarting,
        Self::Degraded,
        Self::NeedsUser,
        Self::Failed,
    ];

    /// Returns the stable name, as it is stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Starting => "starting",
            Self::LoginNeeded => "login-needed",
            Self::LoggingIn => "logging-in",
            Self::SecondFactor => "second-factor",
            Self::ApiStarting => "api-starting",
            Self::Connecting => "connecting",
            Self::Reconciling => "reconciling",
            Self::Ready => "ready",
            Self::Restarting => "restarting",
            Self::Degraded => "degraded",
            Self::NeedsUser => "needs-user",
            Self::Failed => "failed",
        }
    }

    /// Returns the phase of a stable name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phase| phase.name() == name)
    }

    /// Returns whether something that listens has been reached.
    #[must_use]
    pub const fn is_connected(self) -> bool {
        matches!(self, Self::Reconciling | Self::Ready | Self::Degraded)
    }
}

impl fmt::Display for SessionPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
