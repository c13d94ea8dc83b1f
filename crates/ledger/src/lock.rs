//! One program per data directory: the folder, its permissions and its lock file.
//!
//! It must never know what the lock protects; the opening of the ledger calls it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

/// Name of the lock file in the data directory.
pub const LOCK_NAME: &str = "gatehouse.lock";

/// Why the lock was not taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("the data directory {} cannot be used", dir.display())]
    Directory {
        dir: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the lock file {} cannot be used", path.display())]
    File {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// Another program holds it.
    #[error("the data directory is in use by {}", holder(*pid))]
    InUse { pid: Option<u32> },
}

fn holder(pid: Option<u32>) -> String {
    pid.map_or("another program".to_owned(), |pid| format!("process {pid}"))
}

/// The right to write to a data directory; given back on drop and by the end of the process.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Makes the folder if it is absent, makes it private, and takes the lock.
    pub(crate) fn take(dir: &Path) -> Result<Self, LockError> {
        private_dir(dir).map_err(|source| LockError::Directory { dir: dir.to_owned(), source })?;
        let path = dir.join(LOCK_NAME);
        let error = |source| LockError::File { path: path.clone(), source };
        let mut file = private_file(&path).map_err(error)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(LockError::InUse { pid: read_pid(&mut file) });
            }
            Err(TryLockError::Error(source)) => return Err(error(source)),
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(error)?;
        Ok(Self { _file: file })
    }
}

fn read_pid(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

fn private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
        builder.mode(0o700);
        builder.create(dir)?;
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700))
    }
    #[cfg(not(unix))]
    builder.create(dir)
}

/// Opens a file for reading and writing, for this user only; makes it if it is absent.
pub(crate) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        let file = options.mode(0o600).open(path)?;
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
        Ok(file)
    }
    #[cfg(not(unix))]
    options.open(path)
}
