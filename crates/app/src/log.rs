//! The trace log: files of a day each in the data directory. It is not the audit log; a fact that
//! is needed later goes to the ledger.

use std::fs::DirBuilder;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

/// Days of log that are kept.
const FILES_MAX: usize = 14;

/// Starts logging below `data_dir`. The guard writes what is left when it is dropped.
///
/// # Errors
/// When the folder cannot be written, or logging was started before.
pub fn start(data_dir: &Path) -> anyhow::Result<WorkerGuard> {
    let dir = log_dir(data_dir).context("making the folder of the log")?;
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("gatehouse")
        .filename_suffix("log")
        .max_log_files(FILES_MAX)
        .build(dir)
        .context("opening the log")?;
    let (writer, guard) = tracing_appender::non_blocking(appender);
    let filter =
        EnvFilter::try_from_env("GATEHOUSE_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_writer(writer)
        .with_ansi(false)
        .with_env_filter(filter)
        .try_init()
        .map_err(|error| anyhow::anyhow!("starting the log: {error}"))?;
    Ok(guard)
}

/// Returns the folder of the log, made for its owner only where it is missing.
///
/// # Errors
/// When it cannot be made.
pub(crate) fn log_dir(data_dir: &Path) -> std::io::Result<PathBuf> {
    let dir = data_dir.join("log");
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(&dir)?;
    Ok(dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_of_the_log_is_made_before_it_is_read() {
        let name = format!("gatehouse-log-{}", std::process::id());
        let data_dir = std::env::temp_dir().join(name).join("data");
        let dir = log_dir(&data_dir).unwrap();
        assert!(dir.is_dir());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |dir: &Path| std::fs::metadata(dir).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&data_dir), mode(&dir)), (0o700, 0o700));
        }
        assert!(log_dir(&data_dir).is_ok(), "twice");
        std::fs::remove_dir_all(data_dir.parent().unwrap()).unwrap();
    }
}
