//! From settings to a command: our own statement of what a start script of IBC does.
//!
//! Facts are from IBC's public scripts and documentation: the class path is the Gateway's jars,
//! install4j's runtime and the helper; the options of `ibgateway.vmoptions` are kept but for the
//! properties; those of install4j's `javaOptions` open Java's modules to the Gateway; the entry
//! point gets the path of the configuration and the mode.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{
    Credentials, Driver, HelperCommand, IbcSettings, Installation, LaunchError, LaunchSettings,
    Means, Secret, config, starter, token,
};

/// IBC's way in for the Gateway.
const ENTRY_POINT: &str = "ibcalpha.ibc.IbcGateway";

/// Properties that the Gateway expects from install4j's own launcher.
const PROPERTIES: [&str; 4] = [
    "-Dtwslaunch.autoupdate.serviceImpl=com.ib.tws.twslaunch.install4j.Install4jAutoUpdateService",
    "-Dchannel=latest",
    "-Dexe4j.isInstall4j=true",
    "-Dinstall4jType=standalone",
];

/// Variables that would put options of other tools into the Gateway's Java.
const FOREIGN: [&str; 3] = ["JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"];

/// What is particular to one launch, and is given from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occasion {
    /// Letters and digits that no other launch has: names the helper's flag files.
    pub mark: String,
    /// The port for the helper's commands; unused unless the settings want one.
    pub command_port: u16,
    pub means: Means,
}

/// A command that starts a Gateway. It holds no secret; [`LaunchPlan::secrets`] makes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchPlan {
    pub(super) settings: LaunchSettings,
    pub(super) occasion: Occasion,
    pub(super) program: PathBuf,
    pub(super) args: Vec<Word>,
    pub(super) environment: Vec<(String, Word)>,
    /// A token of an earlier session is used: no login is needed.
    pub(super) resumes: bool,
}

/// A word of the command: text, or with the path of a file that is made at the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    Text(OsString),
    /// `{config}`, `{user_file}` and `{password_file}` are still to be filled in.
    Open(String),
}

/// The short-lived files of a launch.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    pub(super) config: Option<Zeroizing<String>>,
    pub(super) user: Option<Zeroizing<String>>,
    pub(super) password: Option<Zeroizing<String>>,
}

impl LaunchSettings {
    /// Works the command out, looking at what is installed.
    ///
    /// # Errors
    /// When something is missing; nothing was started or changed.
    pub fn plan(&self, occasion: Occasion) -> Result<LaunchPlan, LaunchError> {
        std::fs::create_dir_all(&self.settings_dir).map_err(|source| {
            LaunchError::SettingsFolder { folder: self.settings_dir.clone(), source }
        })?;
        let mut plan = LaunchPlan {
            settings: self.clone(),
            occasion,
            program: PathBuf::new(),
            args: Vec::new(),
            environment: Vec::new(),
            resumes: false,
        };
        match &self.driver {
            Driver::Ibc(ibc) => plan.by_ibc(ibc)?,
            Driver::Other(command) => plan.by_other(command)?,
            Driver::Person => {
                let starter = starter::find(&self.installation)?;
                let is_bundle = starter.extension().is_some_and(|it| it == "app");
                if is_bundle {
                    // `-W` waits: the process lives as long as the Gateway does.
                    plan.program = PathBuf::from("open");
                    plan.args = vec![Word::Text("-W".into()), Word::Text(starter.into())];
                } else {
                    plan.program = starter;
                }
            }
        }
        Ok(plan)
    }
}

impl LaunchPlan {
    /// Returns whether the Gateway starts with the token of an earlier session, without a login.
    #[must_use]
    pub const fn resumes(&self) -> bool {
        self.resumes
    }

    fn by_ibc(&mut self, ibc: &IbcSettings) -> Result<(), LaunchError> {
        if !ibc.jar.is_file() {
            return Err(LaunchError::HelperMissing { path: ibc.jar.clone() });
        }
        if !ibc.java.is_file() {
            return Err(LaunchError::JavaMissing { path: ibc.java.clone() });
        }
        let installation = &self.settings.installation;
        let restart = token::restart_folder(&self.settings.settings_dir);
        let mut args: Vec<OsString> = module_options(installation)?;
        args.extend(["-cp".into(), class_path(installation, &ibc.jar)?]);
        args.extend(vm_options(installation)?);
        args.extend(PROPERTIES.map(OsString::from));
        let mut config_dir = OsString::from("-DjtsConfigDir=");
        config_dir.push(&self.settings.settings_dir);
        args.push(config_dir);
        args.push(format!("-Dibcsessionid={}", self.occasion.mark).into());
        args.extend(restart.as_ref().map(|folder| OsString::from(format!("-Drestart={folder}"))));
        args.push(ENTRY_POINT.into());
        self.resumes = restart.is_some();
        self.program.clone_from(&ibc.java);
        self.args = args.into_iter().map(Word::Text).collect();
        self.args.push(Word::Open("{config}".to_owned()));
        self.args.push(Word::Text(self.settings.mode.word().into()));
        Ok(())
    }

    fn by_other(&mut self, command: &HelperCommand) -> Result<(), LaunchError> {
        let LaunchSettings { installation, settings_dir, mode, .. } = &self.settings;
        let fill = |word: &String| {
            HelperCommand::fill(word, |name| match name {
                "version" => Some(installation.version.clone()),
                "mode" => Some(mode.word().to_owned()),
                "folder" => Some(installation.folder.display().to_string()),
                "settings" => Some(settings_dir.display().to_string()),
                "config" | "user_file" | "password_file" => Some(format!("{{{name}}}")),
                _ => None,
            })
        };
        let mut words = command.words.iter().map(fill);
        self.program = words.next().ok_or(LaunchError::CommandEmpty)??.into();
        self.args = words.map(|word| Ok(Word::Open(word?))).collect::<Result<_, LaunchError>>()?;
        self.environment = command
            .environment
            .iter()
            .map(|(name, value)| Ok((name.clone(), Word::Open(fill(value)?))))
            .collect::<Result<_, LaunchError>>()?;
        Ok(())
    }

    /// Returns the port of the helper's commands, if it has one.
    pub(super) fn command_port(&self) -> Option<u16> {
        match &self.settings.driver {
            Driver::Ibc(ibc) => ibc.takes_commands.then_some(self.occasion.command_port),
            Driver::Other(_) | Driver::Person => None,
        }
    }

    /// Returns variables that the process must not inherit.
    pub(super) const fn removed() -> [&'static str; 3] {
        FOREIGN
    }

    /// Makes the texts of the short-lived files.
    ///
    /// # Errors
    /// When credentials are missing, or cannot reach the helper.
    pub(super) fn secrets(&self, given: Option<&Credentials>) -> Result<Secrets, LaunchError> {
        // With an empty field IBC waits for a person.
        let given =
            given.filter(|it| !it.user.reveal().is_empty() && !it.password.reveal().is_empty());
        if self.settings.needs_credentials() && given.is_none() {
            return Err(LaunchError::CredentialsMissing);
        }
        let mode = self.settings.mode;
        match &self.settings.driver {
            Driver::Ibc(ibc) => {
                // The person logs in: the fields stay empty, whatever was given.
                let given = given.filter(|_| self.settings.needs_credentials());
                if given.is_some_and(|it| is_clipped(&it.user) || is_clipped(&it.password)) {
                    return Err(LaunchError::CredentialsClipped);
                }
                let config = config::ibc(ibc, mode, self.command_port(), given);
                Ok(Secrets { config: Some(config), ..Secrets::default() })
            }
            Driver::Other(command) => {
                let copy = |secret: &Secret| Zeroizing::new(secret.reveal().to_owned());
                let secrets = Secrets {
                    config: command.uses("config").then(|| config::plain(mode, given)),
                    user: given.filter(|_| command.uses("user_file")).map(|it| copy(&it.user)),
                    password: given
                        .filter(|_| command.uses("password_file"))
                        .map(|it| copy(&it.password)),
                };
                let is_used = secrets.config.is_some() || secrets.password.is_some();
                if given.is_some() && !is_used {
                    return Err(LaunchError::CredentialsUnused);
                }
                Ok(secrets)
            }
            Driver::Person => Ok(Secrets::default()),
        }
    }
}

/// Returns whether IBC would not type all of it. Observed: it drops what Java's `trim` drops, and
/// each wrong password counts with the broker.
fn is_clipped(secret: &Secret) -> bool {
    let text = secret.reveal();
    text.starts_with(|c| c <= ' ') || text.ends_with(|c| c <= ' ')
}

fn class_path(installation: &Installation, helper: &Path) -> Result<OsString, LaunchError> {
    let mut jars = installation.jars();
    if jars.is_empty() {
        return Err(LaunchError::NotStandalone { folder: installation.folder.clone() });
    }
    jars.push(installation.folder.join(".install4j/i4jruntime.jar"));
    jars.push(helper.to_owned());
    // A path with the separator in it cannot stand in a class path.
    std::env::join_paths(jars)
        .map_err(|_| LaunchError::NotStandalone { folder: installation.folder.clone() })
}

/// Returns the options of the Gateway's own file. Its properties are left out: they belong to the
/// launcher that is not used.
fn vm_options(installation: &Installation) -> Result<Vec<OsString>, LaunchError> {
    let text = read(&installation.folder.join("ibgateway.vmoptions"))?.unwrap_or_default();
    let is_kept =
        |line: &&str| !line.is_empty() && !line.starts_with('#') && !line.starts_with("-D");
    Ok(text.lines().map(str::trim).filter(is_kept).map(OsString::from).collect())
}

/// Returns the options by which install4j opens Java's modules to the Gateway.
fn module_options(installation: &Installation) -> Result<Vec<OsString>, LaunchError> {
    let text = read(&installation.folder.join(".install4j/i4jparams.conf"))?.unwrap_or_default();
    let value = text
        .split_once("<variable name=\"javaOptions\"")
        .and_then(|(_, rest)| rest.split_once("value=\""))
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(value, _)| value)
        .unwrap_or_default();
    Ok(value.split_whitespace().map(OsString::from).collect())
}

fn read(path: &Path) -> Result<Option<String>, LaunchError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(LaunchError::Unreadable { path: path.to_owned(), source }),
    }
}

#[cfg(test)]
mod tests;
