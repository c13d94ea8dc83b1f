//! A Gateway that is none: windows as a login helper expects them, and the simulator behind them.
//! And what it needs of the machine: Java, a display, the helper's jar.
//!
//! The name of the user who logs in decides what happens; `java/LoginWindow.java` has the names.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

/// Programs that are asked for by name.
const PROGRAMS: [(&str, &str); 4] = [
    ("java", "install openjdk-17-jre"),
    ("javac", "install openjdk-17-jdk-headless"),
    ("jar", "install openjdk-17-jdk-headless"),
    ("Xvfb", "install xvfb"),
];

/// What logins are tested with.
#[derive(Debug)]
pub struct Tools {
    java: PathBuf,
    /// IBC's jar.
    pub helper: PathBuf,
    simulator: PathBuf,
    /// The stand-in, compiled.
    jar: PathBuf,
}

/// Returns the tools, or prints why a test is skipped.
///
/// # Panics
/// In CI, where nothing may be missing.
#[must_use]
pub fn tools() -> Option<&'static Tools> {
    static TOOLS: OnceLock<Result<Tools, String>> = OnceLock::new();
    match TOOLS.get_or_init(Tools::gather) {
        Ok(tools) => Some(tools),
        Err(why) => {
            assert!(std::env::var_os("CI").is_none(), "the Gateway's login is not tested: {why}");
            println!("Skipped, the Gateway's login is not tested: {why}.");
            None
        }
    }
}

impl Tools {
    fn gather() -> Result<Self, String> {
        let found = |name| PROGRAMS.iter().find(|(program, _)| *program == name);
        let path = |name| {
            on_path(name).ok_or_else(|| {
                format!("{name} was not found; {}", found(name).map_or("", |(_, next)| next))
            })
        };
        for (name, _) in PROGRAMS {
            path(name)?;
        }
        Ok(Self {
            java: path("java")?,
            helper: helper()?,
            simulator: simulator()?,
            jar: stand_in()?,
        })
    }
}

fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// Returns the folder of the test's own profile, such as target/debug.
fn profile_dir() -> PathBuf {
    let own = std::env::current_exe().expect("a test has a path");
    own.ancestors().nth(2).expect("it is in target/debug/deps").to_owned()
}

/// Returns IBC's jar where `cargo xtask clients` and `cargo xtask test` install it.
fn helper() -> Result<PathBuf, String> {
    let clients = std::env::var_os("GATEHOUSE_CLIENTS").map_or_else(
        || profile_dir().parent().expect("target is above it").join("clients"),
        PathBuf::from,
    );
    if let Ok(why) = std::fs::read_to_string(clients.join("ibc2/not-installed.txt")) {
        return Err(format!("ibc2 is not installed: {}", why.trim()));
    }
    let library = clients.join("ibc2/lib");
    library
        .read_dir()
        .ok()
        .and_then(|pythons| {
            pythons
                .filter_map(Result::ok)
                .map(|python| python.path().join("site-packages/ibc2/_ibc/IBC.jar"))
                .find(|jar| jar.is_file())
        })
        .ok_or_else(|| {
            format!("{} has no ibc2; cargo xtask clients installs it", library.display())
        })
}

/// Returns the simulator, which tests of the whole workspace build, and builds it otherwise.
///
/// # Errors
/// When it cannot be built.
pub fn simulator() -> Result<PathBuf, String> {
    let program = profile_dir().join("gatehouse-sim");
    if !program.is_file() {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        run(Command::new(cargo).args(["build", "--quiet", "--package", "gatehouse-sim"]))?;
    }
    program.is_file().then_some(program).ok_or_else(|| "gatehouse-sim was not built".to_owned())
}

/// Compiles the stand-in, unless that was done for these sources.
fn stand_in() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("java");
    let mut sources: Vec<PathBuf> = folder
        .read_dir()
        .map_err(|error| error.to_string())?
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect();
    sources.sort();
    let mut hasher = DefaultHasher::new();
    for source in &sources {
        std::fs::read(source).map_err(|error| error.to_string())?.hash(&mut hasher);
    }
    let builds = profile_dir().join("stand-in");
    std::fs::create_dir_all(&builds).map_err(|it| it.to_string())?;
    let jar = builds.join(format!("{:016x}.jar", hasher.finish()));
    if jar.is_file() {
        return Ok(jar);
    }
    let dir = tempfile::tempdir_in(&builds).map_err(|it| it.to_string())?;
    let classes = dir.path().join("classes");
    let new = dir.path().join("new.jar");
    run(Command::new("javac").args(["-Xlint", "-Werror", "-d"]).arg(&classes).args(&sources))?;
    run(Command::new("jar").arg("cf").arg(&new).arg("-C").arg(&classes).arg("."))?;
    std::fs::rename(&new, &jar).map_err(|error| error.to_string())?;
    Ok(jar)
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    output.status.success().then_some(()).ok_or_else(|| format!("{command:?}: {said}"))
}

/// A display without a screen, for one Gateway: windows of another would take the focus.
#[derive(Debug)]
pub struct Display {
    server: Child,
    /// Such as `:99`.
    pub name: String,
}

impl Display {
    /// Opens it.
    ///
    /// # Panics
    /// When the server does not start.
    #[must_use]
    pub fn open() -> Self {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb starts");
        let mut number = String::new();
        let stdout = server.stdout.take().expect("is piped");
        BufReader::new(stdout).read_line(&mut number).expect("Xvfb says its display");
        Self { server, name: format!(":{}", number.trim_end()) }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.server.kill().and_then(|()| self.server.wait()).ok();
    }
}

/// An installation that looks like a standalone Gateway.
#[derive(Debug)]
pub struct Installed {
    /// Where it is.
    pub folder: PathBuf,
    /// Its Java, which knows the display and the ports: tests run side by side, and a process has
    /// one environment.
    pub java: PathBuf,
}

/// Installs the stand-in below `home/Jts`, for a display and the port of its API.
///
/// # Panics
/// When files cannot be written there.
#[must_use]
pub fn install(tools: &Tools, home: &Path, display: &str, port: u16) -> Installed {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = home.join("Jts/ibgateway/1051");
    let java_home = home.join("java");
    let write = |path: PathBuf, text: &str| {
        std::fs::create_dir_all(path.parent().expect("it has a folder")).expect("is made");
        std::fs::write(path, text).expect("is written");
    };
    write(folder.join("ibgateway.vmoptions"), "-Xmx256m\n-Dinstaller=x\n");
    write(folder.join("ibgateway"), "");
    write(folder.join(".install4j/inst_jre.cfg"), &format!("{}\n", java_home.display()));
    std::fs::create_dir_all(folder.join("jars")).expect("is made");
    std::fs::copy(&tools.jar, folder.join("jars/stand-in.jar")).expect("is copied");
    let java = java_home.join("bin/java");
    let script = format!(
        "#!/bin/sh\nexport DISPLAY={display} STAND_IN_API='{}' STAND_IN_PORT={port}\n\
         exec '{}' \"$@\"\n",
        tools.simulator.display(),
        tools.java.display(),
    );
    write(java.clone(), &script);
    std::fs::set_permissions(&java, std::fs::Permissions::from_mode(0o700)).expect("is ours");
    Installed { folder, java }
}
