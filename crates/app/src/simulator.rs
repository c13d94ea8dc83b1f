//! The built-in simulator: a child process, supervised as a real Gateway would be.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::log::log_dir;

/// Why the simulator does not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SimulatorError {
    #[error("gatehouse-sim was not found beside {program}")]
    Missing { program: PathBuf },
    #[error("the path of this program could not be read")]
    OwnPath(#[source] std::io::Error),
    #[error("{program} could not be started")]
    Start { program: PathBuf, source: std::io::Error },
    #[error("gatehouse-sim ended before it listened; it said: {said}")]
    Ended { said: String },
    #[error("what gatehouse-sim says cannot be kept in {}", path.display())]
    Log { path: PathBuf, source: std::io::Error },
}

/// The running simulator. Ends with this value.
#[derive(Debug)]
pub(crate) struct Simulator {
    child: Child,
    address: SocketAddr,
}

impl Simulator {
    /// Starts the simulator on a free port and waits until it listens.
    ///
    /// # Errors
    /// When it is not installed, cannot be started, or ends at once.
    pub(crate) fn start(data_dir: &Path) -> Result<Self, SimulatorError> {
        let own = std::env::current_exe().map_err(SimulatorError::OwnPath)?;
        let name = format!("gatehouse-sim{}", std::env::consts::EXE_SUFFIX);
        let program = own.with_file_name(name);
        if !program.is_file() {
            return Err(SimulatorError::Missing { program: own });
        }
        let starting = |source| SimulatorError::Start { program: program.clone(), source };
        let log = log_dir(data_dir)
            .map_err(|source| SimulatorError::Log { path: data_dir.to_owned(), source })?
            .join("simulator.log");
        let complaints = File::create(&log)
            .map_err(|source| SimulatorError::Log { path: log.clone(), source })?;
        let mut child = Command::new(&program)
            .args(["--listen", "127.0.0.1:0", "--until-stdin-ends", "--record"])
            .arg(data_dir.join("simulator-record.jsonl"))
            // Held open as long as this process lives: the child ends with it, also after a kill -9.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(complaints)
            .spawn()
            .map_err(starting)?;
        let mut said = String::new();
        if let Some(stdout) = child.stdout.take() {
            // An unreadable line is an early end, which the next check reports.
            BufReader::new(stdout).read_line(&mut said).ok();
        }
        match said.trim().strip_prefix("listening ").and_then(|address| address.parse().ok()) {
            Some(address) => Ok(Self { child, address }),
            None => {
                child.kill().and_then(|()| child.wait()).ok();
                // What it said on its way out is its last line, where there is one.
                let complained = std::fs::read_to_string(&log).unwrap_or_default();
                let last = complained.lines().rev().find(|line| !line.trim().is_empty());
                let said = last.unwrap_or_else(|| said.trim()).to_owned();
                Err(SimulatorError::Ended { said })
            }
        }
    }

    /// Returns where it listens.
    #[must_use]
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        self.child.kill().and_then(|()| self.child.wait()).ok();
    }
}
