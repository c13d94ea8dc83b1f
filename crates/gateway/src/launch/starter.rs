//! The Gateway's own starter: a person's double click.
//!
//! At its daily restart a Gateway runs its starter itself, and then no helper is with it. While a
//! helper drives the Gateway, the starter is set aside under the name that IBC's start script gives
//! it, and put back when this ends.

use std::io;
use std::path::{Path, PathBuf};

use super::{Installation, LaunchError};

/// Returns the starter and its name while set aside.
fn names(installation: &Installation) -> [PathBuf; 2] {
    let names = if cfg!(windows) {
        ["ibgateway.exe".to_owned(), "ibgateway1.exe".to_owned()]
    } else if cfg!(target_os = "macos") {
        let version = &installation.version;
        [format!("IB Gateway {version}.app"), format!("IB Gateway {version}-1.app")]
    } else {
        ["ibgateway".to_owned(), "ibgateway1".to_owned()]
    };
    names.map(|name| installation.folder.join(name))
}

/// Returns the starter, wherever it is.
///
/// # Errors
/// When it is missing.
pub(super) fn find(installation: &Installation) -> Result<PathBuf, LaunchError> {
    names(installation)
        .into_iter()
        .find(|path| path.exists())
        .ok_or_else(|| LaunchError::StarterMissing { folder: installation.folder.clone() })
}

/// A starter that is set aside until this is dropped.
#[derive(Debug)]
pub(super) struct SetAside {
    usual: PathBuf,
    aside: PathBuf,
}

impl SetAside {
    /// Sets the starter aside. Returns `None` when there is none, or none that may be renamed: a
    /// Gateway that the system installed for everybody does not start itself again either.
    pub(super) fn of(installation: &Installation) -> Option<Self> {
        let [usual, aside] = names(installation);
        // Not `then_some`: a value that is made and not returned would put the starter back.
        renamed(&usual, &aside).then(|| Self { usual, aside })
    }
}

impl Drop for SetAside {
    fn drop(&mut self) {
        renamed(&self.aside, &self.usual);
    }
}

/// Renames a file, unless that would replace another.
fn renamed(from: &Path, to: &Path) -> bool {
    if to.exists() {
        return false;
    }
    match std::fs::rename(from, to) {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => {
            tracing::warn!(?error, "The Gateway's starter could not be renamed");
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_starter_is_aside_while_a_helper_drives_and_found_all_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let installation =
            Installation { version: "1037".to_owned(), folder: folder.path().to_owned() };
        assert!(find(&installation).is_err() && SetAside::of(&installation).is_none());
        let [usual, aside] = names(&installation);
        std::fs::write(&usual, "").expect("is written");
        let set_aside = SetAside::of(&installation);
        assert!(!usual.exists());
        assert_eq!(find(&installation).expect("is there"), aside);
        drop(set_aside);
        assert_eq!(find(&installation).expect("is there"), usual);
    }

    #[test]
    fn a_starter_that_is_aside_already_stays_as_it_was() {
        let folder = tempfile::tempdir().expect("a folder");
        let installation =
            Installation { version: "1037".to_owned(), folder: folder.path().to_owned() };
        let [usual, aside] = names(&installation);
        std::fs::write(&aside, "").expect("is written");
        drop(SetAside::of(&installation));
        assert!(aside.exists() && !usual.exists());
    }
}
