//! What the session is told.

/// What a login helper reports about the Gateway that it drives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HelperEvent {
    /// The helper runs and looks for the Gateway's windows.
    Started,
    /// The login window is open. Without credentials, the person types there.
    LoginShown,
    /// Credentials were entered and the button was pressed.
    LoginStarted,
    /// The Gateway waits for the second factor, usually an approval on the phone.
    SecondFactorAsked,
    /// Nobody approved in the Gateway's time.
    SecondFactorTimedOut,
    /// The Gateway said no; in its words.
    LoginRefused { why: String },
    /// The broker wants a pause before the next attempt; in the helper's words.
    TooManyAttempts { why: String },
    /// Another session of the same user is open, and the Gateway asks which one stays.
    ExistingSession { why: String },
    /// Login is complete; the API comes next.
    LoggedIn,
    /// The settings that were asked for are made.
    Configured,
    /// The Gateway restarts by itself. Without a kept token it needs a full login.
    Restarting { needs_login: bool },
    /// A window that nobody expects; its title. It may want a person.
    UnknownWindow { title: String },
    /// The Gateway demands an update before it goes on.
    UpdateDemanded { title: String },
    /// The helper was told to end, and ends.
    Stopping,
}

/// Whether anybody answers on the API's port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probed {
    /// Somebody speaks the protocol, at this server version.
    Speaks { version: i32 },
    /// Nobody listens, or somebody who is no Gateway; a sentence.
    No { why: String },
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A person, or the start of the program, wants the Gateway up.
    Start,
    /// A person, or the end of the program, wants it down.
    Stop,
    /// A person wants it down and up again.
    Restart,
    /// It is better off with a restart, and nobody needs it at this moment; why, a sentence.
    Refresh {
        why: String,
    },
    /// The process was started.
    Launched,
    /// The process could not be started; a sentence.
    NotLaunched {
        why: String,
        /// It stays so until a person acts: something is missing, or locked.
        is_lasting: bool,
    },
    /// The process ended; a sentence.
    Ended {
        how: String,
    },
    Helper(HelperEvent),
    /// The answer to [`Effect::Probe`](super::Effect::Probe).
    Probed(Probed),
    /// An account is connected. `refusal` says why it is not the one that is wanted.
    Connected {
        refusal: Option<String>,
    },
    /// The connection is still to come, and why; a sentence.
    LinkWaits {
        why: String,
    },
    /// The connection to the Gateway ended; a sentence.
    LinkLost {
        why: String,
    },
    /// Open orders, executions and positions are matched.
    Reconciled,
    /// The Gateway lost the broker: 1100 or 2110.
    BrokerLost,
    /// The Gateway has the broker again: 1101 or 1102.
    BrokerBack,
    /// A restart was planned for about now: the coming loss is no surprise.
    RestartPlanned,
    /// Time passed.
    Tick,
}
