//! The logins in the system's keychain, as far as they may be shown.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gatehouse_gateway::keychain::{Keychain, KeychainError};
use gatehouse_gateway::launch::{Credentials, Secret};
use gatehouse_ipc::{CredentialsView, Failure, FailureKind, Hidden, KeptLogin, Reply, TradingMode};

use super::process;
use crate::failure::{bad_input, failure};
use crate::view::words;

/// How long the keychain may take to say what it holds, when nobody may be there to unlock it.
const LOOK_WITHIN: Duration = Duration::from_secs(3);

/// What the keychain said of the logins.
#[derive(Debug, Default)]
pub(crate) struct Logins {
    view: Arc<Mutex<CredentialsView>>,
    is_asked: AtomicBool,
}

impl Logins {
    /// Returns what is known; nothing until somebody asked.
    pub(crate) fn view(&self) -> CredentialsView {
        self.view.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Asks the keychain once, on a thread of its own: who never looks at the Gateway is not asked
    /// to unlock it.
    pub(crate) fn ask(&self) {
        if self.is_asked.swap(true, Ordering::SeqCst) {
            return;
        }
        let view = Arc::clone(&self.view);
        let asking =
            std::thread::Builder::new().name("keychain-look".to_owned()).spawn(move || look(&view));
        if let Err(error) = asking {
            tracing::warn!(%error, "The keychain was not asked");
        }
    }

    pub(crate) fn store(
        &self,
        mode: TradingMode,
        user: Hidden,
        password: Hidden,
    ) -> Result<Reply, Failure> {
        let is_clipped = |text: &str| text.is_empty() || text.trim() != text;
        if is_clipped(&user.0) || is_clipped(&password.0) {
            return Err(bad_input(
                "The login was not stored.",
                "A name and a password are needed, and a login helper drops blanks at their ends.",
                "Type both again; with blanks at the ends, log in to the Gateway yourself.",
            ));
        }
        let credentials =
            Credentials { user: Secret::new(user.0), password: Secret::new(password.0) };
        Keychain::new(process::KEYCHAIN_WITHIN)
            .store(process::holder(mode), &credentials)
            .map_err(|error| not_kept("The login was not stored.", &error))?;
        look(&self.view);
        Ok(Reply::Done { after_s: None, note: None })
    }

    pub(crate) fn remove(&self, mode: TradingMode) -> Result<Reply, Failure> {
        Keychain::new(process::KEYCHAIN_WITHIN)
            .remove(process::holder(mode))
            .map_err(|error| not_kept("The login was not removed.", &error))?;
        look(&self.view);
        Ok(Reply::Done { after_s: None, note: None })
    }
}

/// Asks the keychain what it holds. Takes as long as the keychain does.
fn look(view: &Mutex<CredentialsView>) {
    let keychain = Keychain::new(LOOK_WITHIN);
    let mut found = CredentialsView::default();
    for mode in [TradingMode::Paper, TradingMode::Live] {
        match keychain.load(process::holder(mode)) {
            Ok(kept) => {
                let ends_in = kept.map(|kept| ending(kept.user.reveal()));
                found.logins.push(KeptLogin { mode, ends_in });
            }
            Err(error) => {
                found.trouble = Some((sentence(&error), error.next().to_owned()));
                break;
            }
        }
    }
    *view.lock().unwrap_or_else(PoisonError::into_inner) = found;
}

fn ending(name: &str) -> String {
    let skipped = name.chars().count().saturating_sub(2);
    name.chars().skip(skipped).collect()
}

fn sentence(error: &KeychainError) -> String {
    words::sentence(&error.to_string())
}

fn not_kept(what: &str, error: &KeychainError) -> Failure {
    failure("keychain", FailureKind::YoursToFix, what, sentence(error), error.next())
}
