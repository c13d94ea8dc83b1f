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
