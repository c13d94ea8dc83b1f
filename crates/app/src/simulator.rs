//! The built-in simulator: a child process, supervised as a real Gateway would be.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::log::log_dir;

/// How long it may take to end by itself; then it is killed.
const ENDS_WITHIN: Duration = Duration::from_secs(2);

/// Why the simulator does not run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SimulatorError {
    #[error("gatehouse-sim was not found beside {program}; build or install it there")]
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
    pid: u32,
    address: SocketAddr,
    life: Arc<Life>,
}

#[derive(Debug)]
struct Life {
    child: Mutex<Child>,
    /// Held open as long as this process lives: the child ends with it, also after a kill -9.
    stdin: Mutex<Option<ChildStdin>>,
    is_over: Mutex<bool>,
    ended: Condvar,
}

impl Simulator {
    /// Starts the simulator on a free port and waits until it listens. `ended` hears how it ended,
    /// whoever ended it.
    ///
    /// # Errors
    /// When it is not installed, cannot be started, or ends at once.
    pub(crate) fn start(
        data_dir: &Path,
        ended: impl FnOnce(String) + Send + 'static,
    ) -> Result<Self, SimulatorError> {
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
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(complaints)
            .spawn()
            .map_err(starting)?;
        let mut output = child.stdout.take().map(BufReader::new);
        let mut said = String::new();
        if let Some(output) = &mut output {
            // An unreadable line is an early end, which the next check reports.
            output.read_line(&mut said).ok();
        }
        let listening = said.trim().strip_prefix("listening ");
        let Some(address) = listening.and_then(|address| address.parse().ok()) else {
            child.kill().and_then(|()| child.wait()).ok();
            // What it said on its way out is its last line, where there is one.
            let complained = std::fs::read_to_string(&log).unwrap_or_default();
            let last = complained.lines().rev().find(|line| !line.trim().is_empty());
            let said = last.unwrap_or_else(|| said.trim()).to_owned();
            return Err(SimulatorError::Ended { said });
        };
        let pid = child.id();
        let life = Arc::new(Life {
            stdin: Mutex::new(child.stdin.take()),
            child: Mutex::new(child),
            is_over: Mutex::new(false),
            ended: Condvar::new(),
        });
        let watched = Arc::clone(&life);
        std::thread::Builder::new()
            .name("simulator".to_owned())
            .spawn(move || {
                // Nothing more is expected; its end is the end of its output.
                if let Some(mut output) = output {
                    output.read_to_end(&mut Vec::new()).ok();
                }
                ended(watched.await_end());
            })
            .map_err(starting)?;
        Ok(Self { pid, address, life })
    }

    /// Returns where it listens.
    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) const fn pid(&self) -> u32 {
        self.pid
    }

    /// Ends it: asked first, then killed. Waits for its end.
    pub(crate) fn end(&self) {
        drop(locked(&self.life.stdin).take());
        if !self.life.is_over_within(ENDS_WITHIN) {
            // It may have ended by itself, which is as good.
            locked(&self.life.child).kill().ok();
            self.life.is_over_within(ENDS_WITHIN);
        }
    }
}

impl Life {
    /// Returns how it ended: a clause.
    fn await_end(&self) -> String {
        let status = locked(&self.child).wait();
        *locked(&self.is_over) = true;
        self.ended.notify_all();
        match status {
            Ok(status) => status.to_string(),
            Err(error) => format!("nobody knows how: {error}"),
        }
    }

    fn is_over_within(&self, within: Duration) -> bool {
        let over = locked(&self.is_over);
        let waited = self.ended.wait_timeout_while(over, within, |is_over| !*is_over);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.end();
    }
}
