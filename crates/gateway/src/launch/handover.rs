//! How secrets reach a helper: in memory where the system can, else in a file of the owner's alone
//! that is gone as soon as the helper has read it.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// By which means a text is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// A file that is only in memory, reached through this process; its bytes are on no disk.
    #[cfg(target_os = "linux")]
    Memory,
    /// A file with a name of chance that only its owner may read.
    File,
}

impl Means {
    /// Returns the best that this system has.
    #[must_use]
    pub const fn of_this_system() -> Self {
        #[cfg(target_os = "linux")]
        {
            Self::Memory
        }
        #[cfg(not(target_os = "linux"))]
        {
            Self::File
        }
    }
}

/// A text that another program may read by a path, until this is dropped.
#[derive(Debug)]
pub(super) struct Handover {
    path: PathBuf,
    kept: Kept,
}

#[derive(Debug)]
enum Kept {
    /// Ends with the descriptor.
    #[cfg(target_os = "linux")]
    Memory { _file: std::fs::File },
    /// Ends with the value.
    File(tempfile::NamedTempFile),
}

impl Handover {
    /// Makes `text` readable for programs of this user.
    ///
    /// # Errors
    /// When the system does not give the means. There is no weaker way that is tried instead.
    pub(super) fn of(text: &str, means: Means) -> io::Result<Self> {
        match means {
            #[cfg(target_os = "linux")]
            Means::Memory => Self::memory(text),
            Means::File => Self::file(text),
        }
    }

    #[cfg(target_os = "linux")]
    fn memory(text: &str) -> io::Result<Self> {
        use std::os::fd::AsRawFd as _;

        use rustix::fs::{MemfdFlags, SealFlags};

        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        let mut file = std::fs::File::from(rustix::fs::memfd_create("gatehouse", flags)?);
        file.write_all(text.as_bytes())?;
        let seals = SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE;
        rustix::fs::fcntl_add_seals(&file, seals)?;
        let path = format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd());
        Ok(Self { path: PathBuf::from(path), kept: Kept::Memory { _file: file } })
    }

    fn file(text: &str) -> io::Result<Self> {
        // The library makes it readable by its owner alone, and refuses a name that exists.
        let mut file = tempfile::Builder::new().prefix("gatehouse-").suffix(".ini").tempfile()?;
        file.write_all(text.as_bytes())?;
        file.flush()?;
        Ok(Self { path: file.path().to_owned(), kept: Kept::File(file) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Handover {
    fn drop(&mut self) {
        match &mut self.kept {
            #[cfg(target_os = "linux")]
            Kept::Memory { .. } => {}
            Kept::File(file) => {
                if let Err(error) = wipe(file.as_file_mut()) {
                    tracing::warn!(?error, "A file with secrets could not be wiped");
                }
            }
        }
    }
}

/// Overwrites what is in a file before its name goes.
fn wipe(file: &mut std::fs::File) -> io::Result<()> {
    use std::io::Seek as _;

    let len = file.metadata()?.len();
    file.rewind()?;
    io::copy(&mut io::Read::take(io::repeat(0), len), file)?;
    file.sync_data()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(means: Means) {
        let handover = Handover::of("IbPassword=x", means).expect("is made");
        let path = handover.path().to_owned();
        for _ in 0..2 {
            assert_eq!(std::fs::read_to_string(&path).expect("is readable"), "IbPassword=x");
        }
        #[cfg(unix)]
        if means == Means::File {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = path.metadata().expect("exists").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        drop(handover);
        let after = std::fs::read_to_string(&path);
        assert!(after.is_err_and(|error| error.kind() == io::ErrorKind::NotFound));
    }

    #[test]
    fn a_text_is_readable_until_it_is_taken_back() {
        check(Means::File);
        check(Means::of_this_system());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_text_in_memory_cannot_be_changed_and_has_no_name_on_a_disk() {
        let handover = Handover::of("x", Means::Memory).expect("is made");
        let target = std::fs::read_link(handover.path()).expect("is a link");
        assert_eq!(target.to_string_lossy(), "/memfd:gatehouse (deleted)");
        let changed = std::fs::OpenOptions::new()
            .write(true)
            .open(handover.path())
            .and_then(|mut file| file.write_all(b"y"));
        assert!(changed.is_err());
    }
}
