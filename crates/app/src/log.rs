//! The trace log: files of a day each in the data directory. It is not the audit log; a fact that
//! is needed later goes to the ledger.

use std::path::Path;

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
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("gatehouse")
        .filename_suffix("log")
        .max_log_files(FILES_MAX)
        .build(data_dir.join("log"))?;
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
