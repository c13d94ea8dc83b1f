//! The client libraries: which they are, how their drivers are started, and which server versions
//! they agree on.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};

use crate::bin;

/// The sixteen actions of a bot's day, in the order in which they are done.
pub const ACTIONS: [&str; 16] = [
    "connect",
    "details",
    "history",
    "quotes",
    "place",
    "refused-modify",
    "modify",
    "cancel",
    "refused",
    "fill",
    "positions",
    "executions",
    "account",
    "pnl",
    "bracket",
    "reconnect",
];

/// The action that only Gatehouse answers as it does: a change beyond a limit of its own.
pub(super) const OF_GATEHOUSE: &str = "refused-modify";

/// A client library at one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client {
    /// Name and version.
    pub name: &'static str,
    driver: Driver,
    /// The newest server version that it offers by itself.
    pub newest: i64,
    /// Older ones that it is held to.
    pub older: &'static [i64],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Driver {
    /// A script, and the environment that has the library.
    Python {
        environment: &'static str,
        script: &'static str,
    },
    Node {
        script: &'static str,
    },
    Rust {
        program: &'static str,
    },
}

/// Every client that is proven.
pub const CLIENTS: [Client; 9] = [
    Client {
        name: "ib_async 2.1.0",
        driver: Driver::Python { environment: "ib_async", script: "drive_ib.py" },
        newest: 178,
        older: &[157, 176],
    },
    Client {
        name: "ib_insync 0.9.86",
        driver: Driver::Python { environment: "ib_insync", script: "drive_ib.py" },
        newest: 176,
        older: &[157],
    },
    Client {
        name: "ibapi 9.81.1",
        driver: Driver::Python { environment: "ibapi-9", script: "drive_ibapi.py" },
        newest: 157,
        older: &[],
    },
    Client {
        name: "nautilus-ibapi 10.46.1",
        driver: Driver::Python { environment: "nautilus-ibapi", script: "drive_ibapi.py" },
        newest: 225,
        older: &[157, 176, 178, 193, 200, 208],
    },
    Client {
        name: "ibapi-latest 10.51.1",
        driver: Driver::Python { environment: "ibapi-latest", script: "drive_ibapi.py" },
        newest: 226,
        older: &[157, 176, 178, 193, 200, 208],
    },
    Client {
        name: "@stoqey/ib 1.6.10, IBApi",
        driver: Driver::Node { script: "drive_ibapi.mjs" },
        newest: 193,
        older: &[157, 176, 178],
    },
    Client {
        name: "@stoqey/ib 1.6.10, IBApiNext",
        driver: Driver::Node { script: "drive_next.mjs" },
        newest: 193,
        older: &[157, 176, 178],
    },
    Client {
        name: "Rust ibapi 5.5.0, async",
        driver: Driver::Rust { program: "gatehouse-drive-async" },
        newest: 226,
        older: &[],
    },
    Client {
        name: "Rust ibapi 5.5.0, blocking",
        driver: Driver::Rust { program: "gatehouse-drive-blocking" },
        newest: 226,
        older: &[],
    },
];

impl Client {
    /// Returns why the library cannot be driven here, if it cannot.
    #[must_use]
    pub fn missing(&self) -> Option<String> {
        self.command().err().map(|error| format!("{error:#}"))
    }

    /// Returns the driver's command, without its arguments.
    ///
    /// # Errors
    /// When the library is not installed; the text says why, as `cargo xtask clients` found it.
    pub(super) fn command(&self) -> anyhow::Result<Command> {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        match self.driver {
            Driver::Python { environment, script } => {
                let environment = environments()?.join(environment);
                let mut command = Command::new(present(&environment, "bin/python")?);
                // Compiled files would be written beside the drivers.
                command.arg("-B").arg(here.join("python").join(script));
                Ok(command)
            }
            Driver::Node { script } => {
                present(&here.join("node"), "node_modules/@stoqey/ib/package.json")?;
                let mut command = Command::new("node");
                command.arg(here.join("node").join(script));
                Ok(command)
            }
            Driver::Rust { program } => Ok(Command::new(bin(program)?)),
        }
    }
}

/// Returns where `cargo xtask clients` installs the Python clients.
fn environments() -> anyhow::Result<PathBuf> {
    std::env::var_os("GATEHOUSE_CLIENTS")
        .map(PathBuf::from)
        .context("GATEHOUSE_CLIENTS is not set; run `cargo xtask clients` or `cargo xtask test`")
}

/// Returns a file of an installation, or why there is none.
fn present(folder: &Path, file: &str) -> anyhow::Result<PathBuf> {
    let path = folder.join(file);
    match std::fs::read_to_string(folder.join("not-installed.txt")) {
        Ok(why) => bail!("not installed: {}", why.trim()),
        Err(_) if path.exists() => Ok(path),
        Err(_) => bail!("not installed: cargo xtask clients installs it"),
    }
}
