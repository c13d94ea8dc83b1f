//! A launch plan from a machine that is set up for the test.

use std::time::Duration;

use super::*;
use crate::launch::Mode;
use crate::session::{ExistingSession, Login};

fn file(root: &Path, path: &str, text: &str) -> PathBuf {
    let path = root.join(path);
    std::fs::create_dir_all(path.parent().expect("has a folder")).expect("is made");
    std::fs::write(&path, text).expect("is written");
    path
}

/// A machine with a Gateway, Java and a helper.
fn settings(root: &Path, login: Login) -> LaunchSettings {
    file(root, "ibgateway/1037/jars/b.jar", "");
    file(root, "ibgateway/1037/jars/a.jar", "");
    file(
        root,
        "ibgateway/1037/ibgateway.vmoptions",
        "# a comment\n-Xmx768m\n\n-Dinstaller.x=y\n-XX:+UseG1GC\n",
    );
    file(
        root,
        "ibgateway/1037/.install4j/i4jparams.conf",
        "<c>\n<variable name=\"javaOptions\" value=\"--add-opens=java.base/java.util=ALL-UNNAMED \
         --add-exports=x/y=ALL-UNNAMED\" />\n</c>",
    );
    LaunchSettings {
        installation: Installation::at(&root.join("ibgateway/1037")).expect("is one"),
        settings_dir: root.join("settings"),
        mode: Mode::Paper,
        driver: Driver::Ibc(IbcSettings {
            jar: file(root, "ibc/IBC.jar", ""),
            java: file(root, "bin/java", ""),
            login,
            existing_session: ExistingSession::Yield,
            second_factor_within: Duration::from_secs(180),
            restart_at: None,
            cold_restart_at: None,
            takes_commands: true,
        }),
    }
}

fn occasion() -> Occasion {
    Occasion { mark: "m4rk".to_owned(), command_port: 7462, means: Means::of_this_system() }
}

fn credentials() -> Credentials {
    Credentials {
        user: Secret::new("edgar".to_owned()),
        password: Secret::new("hunter2".to_owned()),
    }
}

fn words(plan: &LaunchPlan) -> Vec<String> {
    plan.args
        .iter()
        .map(|word| match word {
            Word::Text(text) => text.to_string_lossy().into_owned(),
            Word::Open(text) => text.clone(),
        })
        .collect()
}

#[cfg(unix)]
#[test]
fn java_is_run_as_the_start_script_runs_it() {
    let root = tempfile::tempdir().expect("a folder");
    let plan = settings(root.path(), Login::Keychain).plan(occasion()).expect("a plan");
    let at = root.path().display();
    assert_eq!(plan.program, root.path().join("bin/java"));
    let folder = format!("{at}/ibgateway/1037");
    assert_eq!(
        words(&plan),
        [
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-exports=x/y=ALL-UNNAMED",
            "-cp",
            &format!(
                "{folder}/jars/a.jar:{folder}/jars/b.jar:{folder}/.install4j/i4jruntime.jar:{at}/ibc/IBC.jar"
            ),
            "-Xmx768m",
            "-XX:+UseG1GC",
            "-Dtwslaunch.autoupdate.serviceImpl=com.ib.tws.twslaunch.install4j.Install4jAutoUpdateService",
            "-Dchannel=latest",
            "-Dexe4j.isInstall4j=true",
            "-Dinstall4jType=standalone",
            &format!("-DjtsConfigDir={at}/settings"),
            "-Dibcsessionid=m4rk",
            "ibcalpha.ibc.IbcGateway",
            "{config}",
            "paper",
        ]
    );
    assert!(!plan.resumes());
}

#[test]
fn a_token_of_an_earlier_session_is_used() {
    let root = tempfile::tempdir().expect("a folder");
    let settings = settings(root.path(), Login::Keychain);
    file(root.path(), "settings/abcdefgh/autorestart", "");
    let plan = settings.plan(occasion()).expect("a plan");
    assert!(plan.resumes());
    assert!(words(&plan).contains(&"-Drestart=abcdefgh".to_owned()));
}

#[test]
fn what_is_missing_is_named() {
    let root = tempfile::tempdir().expect("a folder");
    let whole = settings(root.path(), Login::Keychain);
    let check = |path: &str, expected: fn(&LaunchError) -> bool| {
        let path = root.path().join(path);
        std::fs::remove_file(&path).expect("was there");
        let error = whole.plan(occasion()).expect_err("something is missing");
        assert!(expected(&error), "{error}");
        assert!(error.to_string().starts_with("The Gateway was not started: "), "{error}");
        std::fs::write(&path, "").expect("is put back");
    };
    check("bin/java", |error| matches!(error, LaunchError::JavaMissing { .. }));
    check("ibc/IBC.jar", |error| matches!(error, LaunchError::HelperMissing { .. }));
    std::fs::remove_file(root.path().join("ibgateway/1037/jars/a.jar")).expect("was there");
    check("ibgateway/1037/jars/b.jar", |error| matches!(error, LaunchError::NotStandalone { .. }));
}

#[test]
fn a_helper_that_logs_in_needs_credentials_and_a_person_gives_none_away() {
    let root = tempfile::tempdir().expect("a folder");
    let plan = settings(root.path(), Login::Keychain).plan(occasion()).expect("a plan");
    assert!(matches!(plan.secrets(None), Err(LaunchError::CredentialsMissing)));
    let given = plan.secrets(Some(&credentials())).expect("secrets");
    assert!(given.config.expect("a text").contains("IbPassword=hunter2\n"));

    let plan = settings(root.path(), Login::Person).plan(occasion()).expect("a plan");
    let given = plan.secrets(Some(&credentials())).expect("secrets");
    assert!(given.config.expect("a text").contains("IbPassword=\n"));
}

#[test]
fn credentials_that_the_helper_would_not_type_as_they_are_are_refused() {
    let root = tempfile::tempdir().expect("a folder");
    let plan = settings(root.path(), Login::Keychain).plan(occasion()).expect("a plan");
    let secrets = |user: &str, password: &str| {
        let secret = |text: &str| Secret::new(text.to_owned());
        plan.secrets(Some(&Credentials { user: secret(user), password: secret(password) }))
    };
    for (user, password) in [("edgar", "hunter2 "), ("edgar", "\thunter2"), (" edgar", "hunter2")] {
        let outcome = secrets(user, password);
        assert!(matches!(outcome, Err(LaunchError::CredentialsClipped)), "{user:?} {password:?}");
    }
    assert!(matches!(secrets("edgar", ""), Err(LaunchError::CredentialsMissing)));
    assert!(secrets("edgar", "hun ter\u{a0}").is_ok());
}

#[test]
fn another_helper_gets_what_its_command_names() {
    let root = tempfile::tempdir().expect("a folder");
    let mut settings = settings(root.path(), Login::Keychain);
    let mut plan = |words: &[&str], environment: &[(&str, &str)]| {
        settings.driver = Driver::Other(HelperCommand {
            words: words.iter().map(|&word| word.to_owned()).collect(),
            environment: environment
                .iter()
                .map(|&(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        });
        settings.plan(occasion())
    };
    assert!(matches!(plan(&[], &[]), Err(LaunchError::CommandEmpty)));
    assert!(matches!(plan(&["x", "{pin}"], &[]), Err(LaunchError::CommandUnclear { .. })));

    let filled = plan(&["help", "--gateway={version}", "{mode}"], &[("P", "{password_file}")])
        .expect("a plan");
    assert_eq!(
        (filled.program.as_path(), words(&filled)),
        (Path::new("help"), vec!["--gateway=1037".to_owned(), "paper".to_owned()])
    );
    let given = filled.secrets(Some(&credentials())).expect("secrets");
    assert_eq!(given.password.expect("a text").as_str(), "hunter2");
    assert!(given.config.is_none() && given.user.is_none());

    let mute = plan(&["help"], &[]).expect("a plan");
    assert!(mute.secrets(None).is_ok());
    assert!(matches!(mute.secrets(Some(&credentials())), Err(LaunchError::CredentialsUnused)));
}

#[test]
fn a_person_starts_what_a_person_starts() {
    let root = tempfile::tempdir().expect("a folder");
    let mut settings = settings(root.path(), Login::Person);
    settings.driver = Driver::Person;
    assert!(matches!(settings.plan(occasion()), Err(LaunchError::StarterMissing { .. })));
    if cfg!(target_os = "linux") {
        let starter = file(root.path(), "ibgateway/1037/ibgateway", "");
        assert_eq!(settings.plan(occasion()).expect("a plan").program, starter);
    }
}
