//! Gatehouse starts a Gateway by itself: the real login helper in Java, a stand-in for the Gateway's
//! windows, a real keychain. A password goes from standard input to the login window, and nowhere
//! else.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use gatehouse_stand_in::{Display, Tools, install, tools};
use gatehouse_tests::{Gatehouse, free_port};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Java starts, and a helper looks for windows, within a few seconds on a quiet machine.
const LONG: Duration = Duration::from_secs(90);

/// Quoted and escaped in many ways on its way, if it went one of them.
const CANARY: &str = "c4n\\ry=№:7 #ü \"bird\"";

/// A part of it that no form of quoting changes.
const BEAK: &[u8] = "ry=№:7 #ü".as_bytes();

/// A desktop of somebody's own: a bus, and a keychain that is open.
struct Desktop {
    bus: Child,
    keychain: Child,
    address: String,
}

impl Desktop {
    /// Returns `None` where a program is missing, and says which.
    fn open(home: &Path) -> anyhow::Result<Option<Self>> {
        let started = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address=1"])
            .env("HOME", home)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut bus) = started else { return missing("dbus-daemon") };
        let mut address = String::new();
        let stdout = bus.stdout.take().context("reading the address of the bus")?;
        BufReader::new(stdout).read_line(&mut address)?;
        let address = address.trim().to_owned();
        let started = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home)
            .env("XDG_DATA_HOME", home.join("data"))
            .env("DBUS_SESSION_BUS_ADDRESS", &address)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut keychain) = started else {
            bus.kill().and_then(|()| bus.wait()).ok();
            return missing("gnome-keyring-daemon");
        };
        let mut stdin = keychain.stdin.take().context("unlocking the keychain")?;
        stdin.write_all(b"a word of its own")?;
        drop(stdin);
        Ok(Some(Self { bus, keychain, address }))
    }
}

fn missing<T>(program: &str) -> anyhow::Result<Option<T>> {
    ensure!(std::env::var_os("CI").is_none(), "{program} is missing");
    println!("Skipped, the login of the whole program is not tested: {program} is missing.");
    Ok(None)
}

impl Drop for Desktop {
    fn drop(&mut self) {
        for child in [&mut self.keychain, &mut self.bus] {
            child.kill().and_then(|()| child.wait()).ok();
        }
    }
}

/// A person's machine with a Gateway that is none.
struct Machine {
    gatehouse: Gatehouse,
    home: tempfile::TempDir,
    _display: Display,
    _desktop: Desktop,
}

impl Machine {
    /// Sets everything up with a login in the keychain; the Gateway is not started yet.
    fn set_up(tools: &Tools, user: &str) -> anyhow::Result<Option<Self>> {
        let home = tempfile::tempdir()?;
        let Some(desktop) = Desktop::open(home.path())? else { return Ok(None) };
        let display = Display::open();
        let port = free_port()?;
        let installed = install(tools, home.path(), &display.name, port);
        let environment = [
            ("HOME", home.path().display().to_string()),
            ("XDG_RUNTIME_DIR", home.path().display().to_string()),
            ("XDG_DATA_HOME", home.path().join("data").display().to_string()),
            ("DBUS_SESSION_BUS_ADDRESS", desktop.address.clone()),
        ];
        let data_dir = home.path().join("gatehouse");
        let gatehouse = Gatehouse::start_within(&environment, &data_dir, &[])?;
        let machine = Self { gatehouse, home, _display: display, _desktop: desktop };
        machine.login(user)?;
        machine.set("helper", &tools.helper.display().to_string())?;
        machine.set("installation", &installed.folder.display().to_string())?;
        machine.set("address", &format!("127.0.0.1:{port}"))?;
        machine.set("login", "keychain")?;
        Ok(Some(machine))
    }

    fn login(&self, user: &str) -> anyhow::Result<()> {
        let args = ["gateway", "login", "paper", "--user", user];
        let said = self.gatehouse.cli_told(&args, CANARY)?;
        ensure!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        Ok(())
    }

    fn act(&self, args: &[&str]) -> anyhow::Result<()> {
        let said = self.gatehouse.cli(&[&["gateway"], args].concat())?;
        ensure!(said.status.success(), "{args:?}: {}", String::from_utf8_lossy(&said.stderr));
        Ok(())
    }

    fn set(&self, name: &str, value: &str) -> anyhow::Result<()> {
        self.act(&["set", name, value])
    }

    fn view(&self) -> anyhow::Result<Value> {
        let said = self.gatehouse.cli(&["gateway", "--json"])?;
        serde_json::from_slice(&said.stdout).context("reading how the Gateway is")
    }

    /// Waits for a phase, and returns how the Gateway is then and how long it took.
    fn until(&self, phase: &str) -> anyhow::Result<(Value, Duration)> {
        let begin = Instant::now();
        loop {
            let view = self.view()?;
            if view["phase"] == phase && view["settings"]["source"] == "launched" {
                return Ok((view, begin.elapsed()));
            }
            if begin.elapsed() > LONG {
                let tail = self.gatehouse.cli(&["audit", "tail", "-n", "30"])?;
                bail!("not {phase}: {view}\n{}", String::from_utf8_lossy(&tail.stdout));
            }
        }
    }

    /// Returns what was entered in the login window so far, a line each time.
    fn entered(&self) -> String {
        std::fs::read_to_string(self.home.path().join("Jts/entered")).unwrap_or_default()
    }

    /// Holds that no file of this person and no process of this machine has the password.
    fn holds_no_password(&self) -> anyhow::Result<(u32, u32)> {
        let n_files = look_into(self.home.path())?;
        let mut n_processes = 0;
        for entry in Path::new("/proc").read_dir()?.filter_map(Result::ok) {
            for name in ["cmdline", "environ"] {
                // Processes end while they are looked at, and some are not ours.
                let Ok(bytes) = std::fs::read(entry.path().join(name)) else { continue };
                n_processes += 1;
                ensure!(!has_password(&bytes), "{}", entry.path().display());
            }
        }
        ensure!(n_files > 10 && n_processes > 10, "{n_files} files, {n_processes} processes");
        Ok((n_files, n_processes))
    }
}

fn look_into(folder: &Path) -> anyhow::Result<u32> {
    let mut n_files = 0;
    for entry in folder.read_dir()?.filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            n_files += look_into(&path)?;
        } else if path.is_file()
            && let Ok(bytes) = std::fs::read(&path)
        {
            n_files += 1;
            ensure!(!has_password(&bytes), "{} has the password", path.display());
        }
    }
    Ok(n_files)
}

fn has_password(bytes: &[u8]) -> bool {
    bytes.windows(BEAK.len()).any(|it| it == BEAK)
}

fn digest() -> String {
    Sha256::digest(CANARY.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_kept_login_starts_restarts_and_survives_a_crash_and_is_found_nowhere() -> anyhow::Result<()> {
    let Some(tools) = tools() else { return Ok(()) };
    let Some(machine) = Machine::set_up(tools, "trader")? else { return Ok(()) };
    ensure!(machine.entered().is_empty(), "somebody logged in before anybody asked for it");
    machine.set("source", "launched")?;
    let (view, started) = machine.until("ready")?;
    ensure!(machine.entered() == format!("trader paper {}\n", digest()), "{}", machine.entered());
    let (n_files, n_processes) = machine.holds_no_password()?;

    machine.act(&["restart"])?;
    machine.until("restarting")?;
    let (again, restarted) = machine.until("ready")?;
    ensure!(again["process"]["pid"] != view["process"]["pid"], "it is the old process");
    ensure!(machine.entered().lines().count() == 1, "a restart needs no login");

    let pid = again["process"]["pid"].to_string();
    ensure!(Command::new("kill").args(["-9", &pid]).status()?.success(), "{pid} was not killed");
    machine.until("restarting")?;
    let (_, recovered) = machine.until("ready")?;

    machine.act(&["stop"])?;
    let (stopped, _) = machine.until("stopped")?;
    ensure!(stopped["process"].is_null(), "it still runs: {stopped}");
    machine.holds_no_password()?;
    println!(
        "logged in {started:?}, restarted {restarted:?}, back from a crash {recovered:?}; the \
         password is in none of {n_files} files and {n_processes} command lines and environments"
    );
    Ok(())
}

#[test]
fn a_phone_is_waited_for_and_an_update_is_left_to_the_person() -> anyhow::Result<()> {
    let Some(tools) = tools() else { return Ok(()) };
    let Some(machine) = Machine::set_up(tools, "phone")? else { return Ok(()) };
    machine.set("source", "launched")?;
    let (view, _) = machine.until("second-factor")?;
    ensure!(view["next"].as_str().is_some_and(|next| next.contains("phone")), "{view}");
    machine.until("ready")?;

    machine.act(&["stop"])?;
    machine.until("stopped")?;
    machine.login("outdated")?;
    machine.act(&["start"])?;
    let (view, _) = machine.until("needs-user")?;
    ensure!(
        view["sentence"].as_str().is_some_and(|it| it.contains("no longer supported")),
        "{view}"
    );
    machine.act(&["stop"])?;
    machine.until("stopped")?;

    machine.login("wrong")?;
    machine.act(&["start"])?;
    let (view, _) = machine.until("needs-user")?;
    ensure!(view["sentence"].as_str().is_some_and(|it| it.contains("Unrecognized")), "{view}");
    ensure!(
        machine.entered().matches("wrong").count() == 1,
        "it was tried again: {}",
        machine.entered()
    );
    Ok(())
}
