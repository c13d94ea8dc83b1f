//! A helper of another kind, by a command, and a Gateway without any.

use std::path::Path;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use gatehouse_gateway::launch::{
    Credentials, Driver, Ending, HelperCommand, Installation, LaunchError, LaunchSettings, Means,
    Mode, Occasion, RunningGateway, Secret, Told,
};

fn settings(dir: &Path, driver: Driver) -> LaunchSettings {
    let folder = dir.join("ibgateway/1051");
    std::fs::create_dir_all(folder.join("jars")).expect("is made");
    std::fs::write(folder.join("jars/a.jar"), "").expect("is written");
    LaunchSettings {
        installation: Installation::at(&folder).expect("is a Gateway"),
        settings_dir: dir.join("settings"),
        mode: Mode::Live,
        driver,
    }
}

fn start(
    dir: &Path,
    settings: &LaunchSettings,
    means: Means,
) -> Result<(RunningGateway, Receiver<Told>), LaunchError> {
    let plan = settings.plan(Occasion { mark: "m".to_owned(), command_port: 0, means })?;
    let credentials = Credentials {
        user: Secret::new("edgar".to_owned()),
        password: Secret::new("hunter2".to_owned()),
    };
    let given = settings.needs_credentials().then_some(&credentials);
    let (sender, told) = channel();
    let sender = Mutex::new(sender);
    RunningGateway::start(&plan, given, &dir.join("gateway.pid"), move |it| {
        sender.lock().expect("nobody panicked").send(it).ok();
    })
    .map(|gateway| (gateway, told))
}

fn all(told: &Receiver<Told>) -> Vec<Told> {
    let mut all = Vec::new();
    while !matches!(all.last(), Some(Told::Ended(_))) {
        all.push(told.recv_timeout(Duration::from_secs(30)).expect("it ends"));
    }
    all
}

fn line(text: &str) -> Told {
    Told::Line(text.to_owned())
}

#[test]
fn another_helper_reads_its_secrets_from_files_and_prints_none() {
    let dir = tempfile::tempdir().expect("a folder");
    let script =
        "echo {mode} {version}; cat {config}; echo; cat \"$P\"; echo; echo odd >&2; exit 7";
    let settings = settings(
        dir.path(),
        Driver::Other(HelperCommand {
            words: ["sh", "-c", script].map(str::to_owned).to_vec(),
            environment: vec![("P".to_owned(), "{password_file}".to_owned())],
        }),
    );
    let (gateway, told) =
        start(dir.path(), &settings, Means::of_this_system()).expect("a shell runs");
    assert_eq!(
        all(&told),
        [
            line("live 1051"),
            line("IbLoginId=edgar"),
            line("IbPassword=***"),
            line("TradingMode=live"),
            line("AcceptNonBrokerageAccountWarning=yes"),
            line(""),
            line("***"),
            line("odd"),
            Told::Ended(Ending::Code(7)),
        ]
    );
    assert!(!gateway.identity().is_alive());
}

#[test]
fn a_helpers_secrets_are_taken_away_when_asked() {
    let dir = tempfile::tempdir().expect("a folder");
    let gate = dir.path().join("gate");
    let fifo = std::process::Command::new("mkfifo").arg(&gate).status();
    assert!(fifo.is_ok_and(|status| status.success()));
    let script =
        format!("echo ready; read x < {}; cat {{password_file}} || echo gone", gate.display());
    let settings = settings(
        dir.path(),
        Driver::Other(HelperCommand {
            words: vec!["sh".to_owned(), "-c".to_owned(), script],
            environment: Vec::new(),
        }),
    );
    // The number of a descriptor is given to the next one, a name of chance is not.
    let (gateway, told) = start(dir.path(), &settings, Means::File).expect("a shell runs");
    assert_eq!(told.recv_timeout(Duration::from_secs(30)), Ok(line("ready")));
    gateway.forget_secrets();
    std::fs::write(&gate, "\n").expect("it reads");
    let told = all(&told);
    assert!(told.contains(&line("gone")), "{told:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_helper_the_gateways_own_starter_runs() {
    use std::os::unix::fs::PermissionsExt as _;

    let dir = tempfile::tempdir().expect("a folder");
    let settings = settings(dir.path(), Driver::Person);
    let starter = settings.installation.folder.join("ibgateway");
    std::fs::write(&starter, "#!/bin/sh\npwd\n").expect("is written");
    std::fs::set_permissions(&starter, std::fs::Permissions::from_mode(0o700)).expect("is ours");
    let (_gateway, told) = start(dir.path(), &settings, Means::of_this_system()).expect("it runs");
    let here = settings.settings_dir.canonicalize().expect("is there");
    assert_eq!(all(&told), [line(&here.display().to_string()), Told::Ended(Ending::Closed)]);
    assert!(starter.exists(), "nobody sets it aside");
}

#[test]
fn what_does_not_run_is_named() {
    let dir = tempfile::tempdir().expect("a folder");
    let command = HelperCommand { words: vec!["/no/such".to_owned()], environment: Vec::new() };
    let settings = settings(dir.path(), Driver::Other(command));
    let error = start(dir.path(), &settings, Means::of_this_system())
        .expect_err("there is no such program");
    assert_eq!(error.to_string(), "The Gateway was not started: /no/such does not run");
}
