//! Why a Gateway could not be started, and what to do about it.

use std::io;
use std::path::PathBuf;

/// Why a Gateway could not be started. The text says what and why, [`LaunchError::next`] what to
/// do.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    #[error("The Gateway was not started: no standalone IB Gateway is installed in {looked_in}")]
    NotInstalled { looked_in: String },
    #[error("The Gateway was not started: {folder} holds no standalone Gateway, its folder jars is missing or empty", folder = .folder.display())]
    NotStandalone { folder: PathBuf },
    #[error("The Gateway was not started: no Java was found with it or on this machine")]
    NoJava,
    #[error("The Gateway was not started: there is no Java program at {path}", path = .path.display())]
    JavaMissing { path: PathBuf },
    #[error("The Gateway was not started: there is no login helper at {path}", path = .path.display())]
    HelperMissing { path: PathBuf },
    #[error("The Gateway was not started: its own starter is missing in {folder}", folder = .folder.display())]
    StarterMissing { folder: PathBuf },
    #[error("The Gateway was not started: the helper's command is empty")]
    CommandEmpty,
    #[error(
        "The Gateway was not started: the helper's command has {{{name}}}, which means nothing"
    )]
    CommandUnclear { name: String },
    #[error(
        "The Gateway was not started: the credentials have no way to the helper, its command names neither {{config}} nor {{password_file}}"
    )]
    CredentialsUnused,
    #[error("The Gateway was not started: the helper is to log in, and there are no credentials")]
    CredentialsMissing,
    #[error(
        "The Gateway was not started: the user's name or the password begins or ends with a blank, and the helper drops that"
    )]
    CredentialsClipped,
    #[error("The Gateway was not started: its settings folder {folder} cannot be made", folder = .folder.display())]
    SettingsFolder { folder: PathBuf, source: io::Error },
    #[error("The Gateway was not started: {path} cannot be read", path = .path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("The Gateway was not started: its credentials cannot be handed over")]
    Handover { source: io::Error },
    #[error("The Gateway was not started: {program} does not run", program = .program.display())]
    Spawn { program: PathBuf, source: io::Error },
    #[error("The Gateway was ended again: its process number cannot be kept in {path}", path = .path.display())]
    NotKept { path: PathBuf, source: io::Error },
}

impl LaunchError {
    /// Returns whether it stays so until a person acts; otherwise a later try may go well.
    #[must_use]
    pub const fn is_lasting(&self) -> bool {
        match self {
            Self::NotInstalled { .. }
            | Self::NotStandalone { .. }
            | Self::NoJava
            | Self::JavaMissing { .. }
            | Self::HelperMissing { .. }
            | Self::StarterMissing { .. }
            | Self::CommandEmpty
            | Self::CommandUnclear { .. }
            | Self::CredentialsUnused
            | Self::CredentialsMissing
            | Self::CredentialsClipped => true,
            Self::SettingsFolder { .. }
            | Self::Unreadable { .. }
            | Self::Handover { .. }
            | Self::Spawn { .. }
            | Self::NotKept { .. } => false,
        }
    }

    /// Returns what to do next.
    #[must_use]
    pub fn next(&self) -> &'static str {
        match self {
            Self::NotInstalled { .. } | Self::NotStandalone { .. } => {
                "Install the offline version of IB Gateway from interactivebrokers.com, or name the folder it is in."
            }
            Self::NoJava | Self::JavaMissing { .. } => {
                "Install Java 17, or name the Java program to use."
            }
            Self::HelperMissing { .. } => {
                "Install a login helper (pip install ibc2), name its IBC.jar, or log in yourself."
            }
            Self::StarterMissing { .. } => "Install IB Gateway again.",
            Self::CommandEmpty | Self::CommandUnclear { .. } | Self::CredentialsUnused => {
                "Correct the helper's command; {version}, {mode}, {folder}, {settings}, {config}, {user_file} and {password_file} are filled in."
            }
            Self::CredentialsMissing => "Store the credentials, or log in yourself.",
            Self::SettingsFolder { .. } | Self::Unreadable { .. } | Self::NotKept { .. } => {
                "Check that the folder is yours and that the disk is not full."
            }
            Self::CredentialsClipped | Self::Handover { .. } => {
                "Log in yourself, in the Gateway's own window."
            }
            Self::Spawn { .. } => "Check that the program exists and may be run.",
        }
    }
}
