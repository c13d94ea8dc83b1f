//! Where the address of the webhook is: in the keychain, and in memory once it was needed.
//!
//! The ledger holds what may be shown of it. A keychain may wait for a person, so it is asked when
//! the first alert goes out and not at the start.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use gatehouse_alerts::webhook::Address;
use gatehouse_gateway::keychain::{Holder, Keychain, KeychainError};
use gatehouse_gateway::launch::{Credentials, Secret};

use super::locked;

/// The setting that holds what may be shown of the address.
pub(super) const SETTING: &str = "alerts.webhook-to";

/// A person may have to unlock it.
const KEYCHAIN_WITHIN: Duration = Duration::from_secs(20);

/// What is known of the address.
#[derive(Debug, Clone)]
enum Known {
    Absent,
    /// It is in the keychain, and was not needed yet.
    Kept {
        shown: String,
    },
    Read {
        address: Address,
        is_kept: bool,
    },
}

/// The address of the webhook.
pub(super) struct WebhookAddress {
    keychain: Keychain,
    known: Mutex<Known>,
}

/// What a person may know of the address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) address: String,
    /// Whether it is in the keychain; else it is forgotten when the program ends.
    pub(super) is_kept: bool,
}

impl WebhookAddress {
    /// Makes one that knows what the settings of the ledger say.
    pub(super) fn of_stored(stored: &BTreeMap<String, String>) -> Self {
        let shown = stored.get(SETTING).cloned();
        let known = shown.map_or(Known::Absent, |shown| Known::Kept { shown });
        Self { keychain: Keychain::new(KEYCHAIN_WITHIN), known: Mutex::new(known) }
    }

    pub(super) fn shown(&self) -> Option<Shown> {
        match &*locked(&self.known) {
            Known::Absent => None,
            Known::Kept { shown } => Some(Shown { address: shown.clone(), is_kept: true }),
            Known::Read { address, is_kept } => {
                Some(Shown { address: address.shown().to_owned(), is_kept: *is_kept })
            }
        }
    }

    /// Returns the address; `None` when nobody chose one. May wait for the keychain.
    ///
    /// # Errors
    /// Why the keychain does not give it, as a clause.
    pub(super) fn get(&self) -> Result<Option<Address>, String> {
        match &*locked(&self.known) {
            Known::Absent => return Ok(None),
            Known::Read { address, .. } => return Ok(Some(address.clone())),
            Known::Kept { .. } => {}
        }
        let held = self.keychain.load(Holder::AlertWebhook);
        let held = held.map_err(|error| format!("its address is not known, as {error}"))?;
        let held = held.ok_or("its address is no longer in the keychain; enter it again")?;
        let address = Address::parse(held.password.reveal());
        let address = address.map_err(|_| "its address in the keychain cannot be read")?;
        *locked(&self.known) = Known::Read { address: address.clone(), is_kept: true };
        Ok(Some(address))
    }

    /// Uses an address from here on, and keeps it in the keychain.
    ///
    /// # Errors
    /// Why it is not kept: it is used until the program ends.
    pub(super) fn set(&self, address: Address) -> Result<(), KeychainError> {
        let credentials = Credentials {
            user: Secret::new(address.shown().to_owned()),
            password: Secret::new(address.reveal().to_owned()),
        };
        let kept = self.keychain.store(Holder::AlertWebhook, &credentials);
        *locked(&self.known) = Known::Read { address, is_kept: kept.is_ok() };
        kept
    }

    /// Uses no address from here on, and takes it out of the keychain.
    ///
    /// # Errors
    /// Why it is still in the keychain.
    pub(super) fn remove(&self) -> Result<(), KeychainError> {
        let known = std::mem::replace(&mut *locked(&self.known), Known::Absent);
        let was_kept = match known {
            Known::Absent | Known::Read { is_kept: false, .. } => false,
            Known::Kept { .. } | Known::Read { is_kept: true, .. } => true,
        };
        if was_kept { self.keychain.remove(Holder::AlertWebhook) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ledger_says_that_there_is_an_address_before_the_keychain_is_asked() {
        let stored = |pairs: &[(&str, &str)]| {
            let pairs = pairs.iter().map(|(name, to)| ((*name).to_owned(), (*to).to_owned()));
            WebhookAddress::of_stored(&pairs.collect()).shown()
        };
        assert_eq!(stored(&[("alerts.webhook", "critical")]), None);
        let (address, is_kept) = ("https://example.com/…".to_owned(), true);
        assert_eq!(stored(&[(SETTING, "https://example.com/…")]), Some(Shown { address, is_kept }));
    }
}
