//! Where the data is.

use std::path::PathBuf;

use gatehouse_ipc::Failure;

use crate::failure;

/// Returns the platform's own data directory for Gatehouse.
///
/// # Errors
/// When the platform names no home for this user.
pub fn default() -> Result<PathBuf, Failure> {
    directories::ProjectDirs::from("", "", "gatehouse")
        .map(|dirs| dirs.data_local_dir().to_owned())
        .ok_or_else(|| {
            failure::bad_input(
                "Gatehouse did not start.",
                "This user has no home directory.",
                "Name a data directory with --data-dir.",
            )
        })
}

/// Makes every file that this process and its children create from here on its owner's alone.
#[cfg(unix)]
pub fn keep_private() {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}
