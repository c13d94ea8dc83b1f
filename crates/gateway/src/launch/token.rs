//! What a Gateway and its helper leave in the settings folder when they end: the token of a
//! restart without a login, and the helper's flags.
//!
//! Facts about the files are from the public start script of IBC: the token is a file
//! `autorestart` in a folder of the settings, one for each user, and the Gateway is told that
//! folder's name.

use std::path::{Path, PathBuf};

/// Returns the name of the folder whose token lets a Gateway start without a login.
///
/// Two tokens are none: nobody knows which is the right one, and the start script deletes them
/// all. They are left alone here, since each may be that of a Gateway which runs.
pub(super) fn restart_folder(settings_dir: &Path) -> Option<String> {
    let mut found = settings_dir
        .read_dir()
        .ok()?
        .filter_map(Result::ok)
        .filter(|entry| entry.path().join("autorestart").is_file())
        .filter_map(|entry| entry.file_name().into_string().ok());
    let first = found.next()?;
    match found.next() {
        None => Some(first),
        Some(second) => {
            tracing::warn!(first, second, "Two tokens for a restart, neither is used");
            None
        }
    }
}

/// What IBC asks of whoever started it, by a file with the mark of this launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flag {
    /// Start again, with a full login.
    ColdRestart,
    /// Do not start again; the token stays for later.
    Pause,
}

/// Takes the helper's flags away, and returns the one there was.
pub(super) fn take_flag(settings_dir: &Path, mark: &str) -> Option<Flag> {
    let pause = taken(settings_dir.join(format!("PAUSE{mark}")));
    let cold = taken(settings_dir.join(format!("COLDRESTART{mark}")));
    match (pause, cold) {
        (true, _) => Some(Flag::Pause),
        (false, true) => Some(Flag::ColdRestart),
        (false, false) => None,
    }
}

fn taken(path: PathBuf) -> bool {
    std::fs::remove_file(path).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(settings: &Path, folder: &str) {
        let folder = settings.join(folder);
        std::fs::create_dir(&folder).expect("is made");
        std::fs::write(folder.join("autorestart"), "").expect("is written");
    }

    #[test]
    fn one_token_names_its_folder_and_two_are_none() {
        let settings = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(settings.path().join("other")).expect("is made");
        std::fs::write(settings.path().join("autorestart"), "").expect("is written");
        assert_eq!(restart_folder(settings.path()), None);
        token(settings.path(), "abc");
        assert_eq!(restart_folder(settings.path()).as_deref(), Some("abc"));
        token(settings.path(), "def");
        assert_eq!(restart_folder(settings.path()), None);
        assert!(settings.path().join("def/autorestart").is_file());
    }

    #[test]
    fn a_flag_counts_once_and_for_its_launch_only() {
        let settings = tempfile::tempdir().expect("a folder");
        for (name, mark, flag) in [
            ("COLDRESTARTa1", "b2", None),
            ("PAUSEb2", "b2", Some(Flag::Pause)),
            ("COLDRESTARTb2", "b2", Some(Flag::ColdRestart)),
        ] {
            std::fs::write(settings.path().join(name), "").expect("is written");
            assert_eq!(take_flag(settings.path(), mark), flag, "{name}");
            assert_eq!(take_flag(settings.path(), mark), None, "{name}");
        }
    }
}
