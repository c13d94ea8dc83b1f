//! Child processes: where the programs are, and what they print.

use std::io::{BufRead as _, BufReader, Read};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

/// Returns the path of a program of this workspace, which `cargo xtask test` builds first.
///
/// # Errors
/// When it was not built.
pub fn bin(name: &str) -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe().context("reading the path of the test")?;
    let dir = own.parent().context("finding target/debug")?;
    // A test's program is one folder deeper than the others.
    let dir = if dir.ends_with("deps") { dir.parent().unwrap_or(dir) } else { dir };
    let program = dir.join(name);
    if !program.is_file() {
        bail!("{} is not built; run `cargo xtask test`, which builds it", program.display());
    }
    Ok(program)
}

/// Returns the interpreter that has ib_async 2.1.0.
///
/// # Errors
/// When `cargo xtask test` did not name it.
pub fn python() -> anyhow::Result<PathBuf> {
    std::env::var_os("GATEHOUSE_PYTHON")
        .map(PathBuf::from)
        .context("GATEHOUSE_PYTHON is not set; run `cargo xtask test`, which installs ib_async")
}

/// The first port that is given out; below those that a system gives to whoever asks for any, so
/// that none of the many sockets of a scenario takes it between here and its use.
const FIRST_PORT: u32 = 20_000;
const N_PORTS: u32 = 12_000;

/// Returns a port that nothing listens on at this moment, and another one at every call.
///
/// # Errors
/// When the machine has none.
pub fn free_port() -> anyhow::Result<u16> {
    static GIVEN_OUT: AtomicU32 = AtomicU32::new(0);
    // Two test programs at once begin at different places.
    let begin = std::process::id().wrapping_mul(127);
    for _ in 0..N_PORTS {
        let next = begin.wrapping_add(GIVEN_OUT.fetch_add(1, Ordering::SeqCst)) % N_PORTS;
        let port = u16::try_from(FIRST_PORT + next).context("numbering ports")?;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port from {FIRST_PORT} on is free")
}

/// The lines that a child prints, read on a thread so that a silent child can be given up.
pub struct Lines(Receiver<String>);

impl Lines {
    /// Reads `output` to its end.
    #[must_use]
    pub fn read(output: impl Read + Send + 'static) -> Self {
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Self(receiver)
    }

    /// Waits for a line that `wanted` accepts, and returns it.
    ///
    /// # Errors
    /// When the child ended or `within` passed; the text says what it printed instead.
    pub fn wait(&self, within: Duration, wanted: impl Fn(&str) -> bool) -> anyhow::Result<String> {
        let until = Instant::now() + within;
        let mut seen = Vec::new();
        loop {
            match self.0.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) if wanted(&line) => return Ok(line),
                Ok(line) => seen.push(line),
                Err(error) => bail!("waited in vain ({error}); it printed {seen:?}"),
            }
        }
    }

    /// Returns every line until the child's output ends, or `within` passed.
    #[must_use]
    pub fn rest(&self, within: Duration) -> Vec<String> {
        let until = Instant::now() + within;
        let mut lines = Vec::new();
        while let Ok(line) = self.0.recv_timeout(until.saturating_duration_since(Instant::now())) {
            lines.push(line);
        }
        lines
    }
}
