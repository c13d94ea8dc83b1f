//! What the session wants done.

use gatehouse_types::{SessionPhase, Severity};

/// What an alarm is about. One of each is open at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlarmKind {
    /// No connection, and nobody planned it.
    Disconnected,
    /// The broker is out of the Gateway's reach.
    BrokerLost,
    /// The person has to log in, approve or decide.
    NeedsUser,
    /// Connected, and the account could not be matched.
    NotMatched,
    /// Tried too often.
    Failed,
}

/// A step from one phase to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    pub from: SessionPhase,
    pub to: SessionPhase,
    /// A sentence without its full stop.
    pub why: String,
    /// Somebody asked for it, or the schedule did.
    pub is_planned: bool,
}

/// What is to be done. None of it is awaited; the outcome comes back as an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Start the process.
    Launch,
    /// End the process in order: command, terminate, kill.
    EndProcess,
    /// Let the Gateway restart with its kept token, so that no login is needed.
    AskRestart,
    /// Try the port with a real handshake that takes no client's place.
    Probe,
    /// Let the connections dial.
    Open,
    /// Keep connections from dialling; those that stand are left alone.
    Hold,
    /// End the connections, and keep them from dialling.
    Close,
    /// Write this into the ledger.
    Record(Moved),
    /// Tell somebody; the sentence is whole.
    Raise { kind: AlarmKind, severity: Severity, sentence: String },
    /// It is over.
    Clear(AlarmKind),
}
