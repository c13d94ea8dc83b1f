//! The control channel: a running instance listens on a socket in its data directory, and the
//! command line of the same user speaks to it, one JSON object per line and direction.

mod client;
mod server;

use std::path::{Path, PathBuf};

use gatehouse_ipc::{Failure, Reply};

pub(crate) use client::{ControlError, ask};
pub(crate) use server::Server;

/// What one line of an answer is.
pub(crate) type Answer = Result<Reply, Failure>;

/// Returns where the socket of a data directory is.
#[must_use]
pub(crate) fn socket_path(data_dir: &Path) -> PathBuf {
    data_dir.join("control.sock")
}
