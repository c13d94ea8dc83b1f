//! The address of a webhook, which is a secret: whoever has it may write there.

use std::fmt;

use url::{Host, Url};
use zeroize::Zeroizing;

/// Why an address is not taken. No text holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("this is no web address: it begins with https:// and names a host")]
    Unreadable,
    #[error("what goes to another computer has to be encrypted: use https://")]
    NotEncrypted,
    #[error("a name or password before the @ is not sent: use an address without them")]
    HasLogin,
}

/// An address that may be told.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    url: Zeroizing<String>,
    shown: String,
    is_loopback: bool,
}

impl Address {
    /// Reads an address: `https`, or plain `http` to this computer.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let url = Url::parse(text.trim()).map_err(|_| AddressError::Unreadable)?;
        let is_loopback = match url.host().ok_or(AddressError::Unreadable)? {
            Host::Domain(name) => name == "localhost",
            Host::Ipv4(ip) => ip.is_loopback(),
            Host::Ipv6(ip) => ip.is_loopback(),
        };
        match url.scheme() {
            "https" => {}
            "http" if is_loopback => {}
            "http" => return Err(AddressError::NotEncrypted),
            _ => return Err(AddressError::Unreadable),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::HasLogin);
        }
        let origin = url.origin().ascii_serialization();
        let is_whole = url.path() == "/" && url.query().is_none();
        let shown = if is_whole { origin } else { format!("{origin}/…") };
        Ok(Self { url: Zeroizing::new(url.into()), shown, is_loopback })
    }

    /// Returns scheme and host, which is no secret.
    #[must_use]
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Returns the whole address, to be told or to be kept in a keychain.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.url
    }

    pub(super) const fn is_loopback(&self) -> bool {
        self.is_loopback
    }

    /// Takes the address out of a text.
    pub(super) fn redact(&self, text: &str) -> String {
        let path =
            Url::parse(&self.url).ok().map(|url| url[url::Position::BeforePath..].to_owned());
        let text = text.replace(self.reveal(), &self.shown);
        match path.filter(|path| path.len() > 1) {
            Some(path) => text.replace(&path, "/…"),
            None => text,
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}
