//! The asking end of the control channel.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use gatehouse_ipc::Request;

use super::{Answer, socket_path};

/// Bars come from the Gateway, which may take its time; everything else answers at once.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// Why a running instance could not be asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ControlError {
    /// No instance runs on this data directory.
    #[error("no instance is running")]
    NotRunning,
    #[error("the running instance did not answer")]
    Talking(#[source] std::io::Error),
    #[error("the answer was not understood")]
    NotUnderstood(#[source] serde_json::Error),
}

/// Asks the instance that runs on `data_dir`.
///
/// # Errors
/// `NotRunning` when nothing listens, and what went wrong otherwise. A refusal by the instance is
/// `Ok(Err(failure))`.
pub(crate) fn ask(data_dir: &Path, request: &Request) -> Result<Answer, ControlError> {
    let mut stream =
        UnixStream::connect(socket_path(data_dir)).map_err(|_| ControlError::NotRunning)?;
    stream.set_read_timeout(Some(ANSWER_WITHIN)).map_err(ControlError::Talking)?;
    let mut line = serde_json::to_string(request).map_err(ControlError::NotUnderstood)?;
    line.push('\n');
    stream.write_all(line.as_bytes()).map_err(ControlError::Talking)?;
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).map_err(ControlError::Talking)?;
    serde_json::from_str(&answer).map_err(ControlError::NotUnderstood)
}
