//! Words that nobody may read: they do not print, and are wiped when dropped.

use std::fmt;

use zeroize::Zeroizing;

/// A password or a user's name.
///
/// `Debug` shows nothing of it, not even how long it is; the memory is wiped on drop.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes what is to be kept.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// Returns the text. Whoever calls this answers for where it goes.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// What a helper types into the login window.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub user: Secret,
    pub password: Secret,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_do_not_print() {
        let credentials = Credentials {
            user: Secret::new("edgar".to_owned()),
            password: Secret::new("hunter2".to_owned()),
        };
        let shown = format!("{credentials:?} {credentials:#?}");
        assert!(!shown.contains("edgar") && !shown.contains("hunter2"), "{shown}");
    }
}
