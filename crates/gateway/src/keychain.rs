//! Credentials in the keychain of the system: Secret Service, Keychain, Credential Manager.
//!
//! They are stored nowhere else, and only when the person asked for it. A keychain may wait for
//! the person in a window of its own, or for ever; so each question has its time, and an answer
//! that comes later is dropped. Blocks the calling thread, which is no worker of an async runtime.

use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use keyring::{Entry, Error};
use zeroize::Zeroizing;

use crate::launch::{Credentials, Secret};

/// The name under which the person sees the entries in the system's own program.
const SERVICE: &str = "Gatehouse";

/// Written, read and removed to see whether the keychain works.
const TRIAL: &str = "trial";

/// Whose credentials these are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    PaperLogin,
    LiveLogin,
    /// The address of the webhook of alerts, as the password; the user is what may be shown of it.
    AlertWebhook,
}

impl Holder {
    const fn entry(self) -> &'static str {
        match self {
            Self::PaperLogin => "IB Gateway, paper login",
            Self::LiveLogin => "IB Gateway, live login",
            Self::AlertWebhook => "Alerts, webhook",
        }
    }
}

/// Why the keychain did not do it. Nothing was kept anywhere else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    #[error("this system has no keychain that answers: {why}")]
    Absent { why: String },
    #[error("the keychain is locked, or does not let Gatehouse in: {why}")]
    Locked { why: String },
    #[error("the keychain did not answer within {} s", within.as_secs())]
    NoAnswer { within: Duration },
    #[error("what the keychain holds for Gatehouse cannot be read")]
    Unreadable,
    #[error("the keychain did not do it: {why}")]
    Failed { why: String },
}

impl KeychainError {
    /// Returns what to do next.
    #[must_use]
    pub const fn next(&self) -> &'static str {
        match self {
            Self::Absent { .. } => {
                "Install and start a keychain (on Linux gnome-keyring or KWallet), or log in to \
                 the Gateway yourself."
            }
            Self::Locked { .. } => {
                "Unlock the keychain and try again, or log in to the Gateway yourself."
            }
            Self::NoAnswer { .. } => {
                "Look for a window of the keychain that asks for its password, then try again."
            }
            Self::Unreadable => "Remove the entry, and enter the credentials again.",
            Self::Failed { .. } => "Try again, or log in to the Gateway yourself.",
        }
    }
}

/// The keychain of the system, `within` how long a question may take.
#[derive(Debug, Clone, Copy)]
pub struct Keychain {
    within: Duration,
}

impl Keychain {
    /// Makes a keychain that is asked with patience.
    #[must_use]
    pub const fn new(within: Duration) -> Self {
        Self { within }
    }

    /// Writes, reads and removes an entry of no worth: a keychain that is there may still refuse.
    ///
    /// # Errors
    /// Why credentials could not be kept.
    pub fn check(self) -> Result<(), KeychainError> {
        self.ask(|| {
            let entry = Entry::new(SERVICE, TRIAL)?;
            entry.set_password(TRIAL)?;
            let read = Zeroizing::new(entry.get_password()?);
            entry.delete_credential()?;
            if *read == TRIAL { Ok(()) } else { Err(Error::BadEncoding(Vec::new())) }
        })
    }

    /// Keeps credentials, in place of those that were there.
    ///
    /// # Errors
    /// Why they are not kept.
    pub fn store(self, holder: Holder, credentials: &Credentials) -> Result<(), KeychainError> {
        let pair = [credentials.user.reveal(), credentials.password.reveal()];
        let text = serde_json::to_string(&pair).map_err(|_| KeychainError::Unreadable)?;
        let text = Zeroizing::new(text);
        self.ask(move || Entry::new(SERVICE, holder.entry())?.set_password(&text))
    }

    /// Returns the credentials that are kept; `None` when none are.
    ///
    /// # Errors
    /// Why it cannot be told.
    pub fn load(self, holder: Holder) -> Result<Option<Credentials>, KeychainError> {
        let found =
            self.ask(move || match Entry::new(SERVICE, holder.entry())?.get_password() {
                Ok(text) => Ok(Some(Zeroizing::new(text))),
                Err(Error::NoEntry) => Ok(None),
                Err(error) => Err(error),
            })?;
        let Some(text) = found else { return Ok(None) };
        let pair: Result<[String; 2], _> = serde_json::from_str(&text);
        // The text of the error could hold a part of what was read.
        let [user, password] = pair.map_err(|_| KeychainError::Unreadable)?;
        Ok(Some(Credentials { user: Secret::new(user), password: Secret::new(password) }))
    }

    /// Removes credentials; those that are not there are removed already.
    ///
    /// # Errors
    /// Why they are still there.
    pub fn remove(self, holder: Holder) -> Result<(), KeychainError> {
        self.ask(move || match Entry::new(SERVICE, holder.entry())?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
    }

    /// Asks on a thread of its own, which is left behind when it takes too long.
    fn ask<T: Send + 'static>(
        self,
        question: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, KeychainError> {
        let (say, answers) = sync_channel(1);
        let asking = std::thread::Builder::new().name("keychain".to_owned()).spawn(move || {
            let answer = question().map_err(told);
            // Nobody waits for an answer that comes too late.
            say.send(answer).ok();
        });
        asking.map_err(|error| KeychainError::Failed { why: error.to_string() })?;
        match answers.recv_timeout(self.within) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout) => Err(KeychainError::NoAnswer { within: self.within }),
            Err(RecvTimeoutError::Disconnected) => {
                Err(KeychainError::Failed { why: "its thread ended".to_owned() })
            }
        }
    }
}

/// Names the error without anything that the keychain held.
#[expect(clippy::wildcard_enum_match_arm, reason = "the list of the library is open")]
fn told(error: Error) -> KeychainError {
    match error {
        Error::NoStorageAccess(why) => KeychainError::Locked { why: why.to_string() },
        Error::NoDefaultStore => {
            let why = Entry::store_status().as_ref().err().map(ToString::to_string);
            KeychainError::Absent { why: why.unwrap_or_else(|| "none is known".to_owned()) }
        }
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => {
            KeychainError::Unreadable
        }
        other => KeychainError::Failed { why: other.to_string() },
    }
}
