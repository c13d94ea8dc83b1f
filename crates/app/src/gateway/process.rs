//! The process that is the Gateway, when it is ours: the simulator, or a launched one.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use gatehouse_gateway::keychain::{Holder, Keychain};
use gatehouse_gateway::launch::{
    Driver, HelperCommand, IbcSettings, Installation, LaunchError, LaunchSettings, Means, Mode,
    Occasion, Patience, Places, ProcessIdentity, RunningGateway, Told, Usage, free_port,
};
use gatehouse_gateway::session::{Event, Login};
use gatehouse_ipc::{GatewaySettings, TradingMode};

use super::memory::heap_max_mb;
use super::settings::clock_time;
use super::source::{Choice, Source};
use crate::failure::chain;
use crate::simulator::{Simulator, SimulatorError};

/// How long a keychain may take, its own window included.
pub(crate) const KEYCHAIN_WITHIN: Duration = Duration::from_secs(60);

/// How long each step of an end may take.
const PATIENCE: Patience = Patience {
    command: Duration::from_secs(10),
    terminate: Duration::from_secs(5),
    kill: Duration::from_secs(2),
};

/// How long the helper may take to say that it restarts the Gateway.
const RESTART_ASKED_WITHIN: Duration = Duration::from_secs(5);

/// A process that runs.
#[derive(Debug, Clone)]
pub(crate) enum Process {
    Simulator(Arc<Simulator>),
    Launched { running: RunningGateway, facts: Facts },
}

/// What is known of a launched Gateway before it says anything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Facts {
    pub(crate) version: Option<String>,
    pub(crate) java: Option<String>,
    pub(crate) heap_max_mb: Option<u32>,
}

/// Why a process does not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotStarted {
    /// A clause.
    pub(crate) why: String,
    /// It stays so until a person acts.
    pub(crate) is_lasting: bool,
}

impl NotStarted {
    fn for_good(why: impl Into<String>) -> Self {
        Self { why: why.into(), is_lasting: true }
    }

    fn this_time(why: impl Into<String>) -> Self {
        Self { why: why.into(), is_lasting: false }
    }
}

impl Process {
    /// Starts the process, and waits until it runs. `told` hears what becomes of it, from threads
    /// of its own.
    ///
    /// # Errors
    /// Why it does not run.
    pub(crate) fn start(
        choice: &Choice,
        data_dir: &Path,
        told: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Self, NotStarted> {
        match choice.source {
            Source::Simulator => {
                let ended = move |how| told(Event::Ended { how });
                let simulator = Simulator::start(data_dir, ended).map_err(|error| NotStarted {
                    is_lasting: matches!(error, SimulatorError::Missing { .. }),
                    why: chain(&error),
                })?;
                Ok(Self::Simulator(Arc::new(simulator)))
            }
            Source::Launched { .. } => launch(choice, data_dir, told),
            Source::Running { .. } => {
                Err(NotStarted::for_good("nobody starts a Gateway that runs already"))
            }
        }
    }

    /// Ends it in order: command, terminate, kill. Waits for its end.
    pub(crate) fn end(&self) {
        match self {
            Self::Simulator(simulator) => simulator.end(),
            Self::Launched { running, .. } => {
                let by = running.end(PATIENCE);
                tracing::info!(?by, "The Gateway's process was ended");
            }
        }
    }

    /// Asks for a restart that keeps the token; without a way to ask, ends it.
    pub(crate) fn restart(&self) {
        match self {
            Self::Simulator(simulator) => simulator.end(),
            Self::Launched { running, .. } => {
                if let Err(error) = running.ask_restart(RESTART_ASKED_WITHIN) {
                    tracing::info!(%error, "The Gateway cannot be asked to restart, and is ended");
                    self.end();
                }
            }
        }
    }

    /// Returns where it listens, when only it knows.
    pub(crate) fn address(&self) -> Option<String> {
        match self {
            Self::Simulator(simulator) => Some(simulator.address().to_string()),
            Self::Launched { .. } => None,
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        match self {
            Self::Simulator(simulator) => simulator.pid(),
            Self::Launched { running, .. } => running.identity().pid(),
        }
    }

    pub(crate) fn usage(&self) -> Option<Usage> {
        match self {
            Self::Simulator(simulator) => ProcessIdentity::of(simulator.pid())?.usage(),
            Self::Launched { running, .. } => running.usage(),
        }
    }

    pub(crate) fn facts(&self) -> Facts {
        match self {
            Self::Simulator(_) => Facts::default(),
            Self::Launched { facts, .. } => facts.clone(),
        }
    }
}

/// Returns the places of this machine.
///
/// # Errors
/// When this person has no home.
pub(crate) fn places() -> Result<Places, String> {
    let dirs = directories::BaseDirs::new().ok_or("this user has no home directory")?;
    Ok(Places::usual(dirs.home_dir().to_owned(), std::env::var_os("PATH").as_deref()))
}

/// Returns whose login a mode needs.
pub(crate) const fn holder(mode: TradingMode) -> Holder {
    match mode {
        TradingMode::Paper => Holder::PaperLogin,
        TradingMode::Live => Holder::LiveLogin,
    }
}

fn launch(
    choice: &Choice,
    data_dir: &Path,
    told: impl Fn(Event) + Send + Sync + 'static,
) -> Result<Process, NotStarted> {
    let record = data_dir.join("gateway.pid");
    ProcessIdentity::end_left_over(&record, PATIENCE.terminate)
        .map_err(|error| format!("a Gateway of an earlier run could not be ended: {error}"))
        .map_err(NotStarted::this_time)?;
    let not_started = |error: LaunchError| NotStarted {
        is_lasting: error.is_lasting(),
        why: format!("{}. {}", chain(&error), error.next()),
    };
    let places = places().map_err(NotStarted::for_good)?;
    let wish = launch_settings(choice, &places).map_err(not_started)?;
    let credentials = if wish.needs_credentials() {
        let keychain = Keychain::new(KEYCHAIN_WITHIN);
        let kept = keychain.load(holder(choice.settings.mode));
        kept.map_err(|error| NotStarted::for_good(format!("{error}. {}", error.next())))?
    } else {
        None
    };
    let facts = Facts {
        version: Some(wish.installation.version.clone()),
        java: match &wish.driver {
            Driver::Ibc(ibc) => Some(ibc.java.display().to_string()),
            Driver::Other(_) | Driver::Person => None,
        },
        heap_max_mb: std::fs::read_to_string(wish.installation.folder.join("ibgateway.vmoptions"))
            .ok()
            .and_then(|options| heap_max_mb(&options)),
    };
    let occasion = Occasion {
        mark: format!("gatehouse{}", std::process::id()),
        command_port: free_port().map_err(|error| NotStarted::this_time(error.to_string()))?,
        means: Means::of_this_system(),
    };
    let plan = wish.plan(occasion).map_err(not_started)?;
    let running =
        RunningGateway::start(&plan, credentials.as_ref(), &record, move |said| match said {
            Told::Line(line) => tracing::debug!(line, "The Gateway's helper says"),
            Told::Helper(event) => told(Event::Helper(event)),
            Told::Ended(ending) => told(Event::Ended { how: ending.to_string() }),
        })
        .map_err(not_started)?;
    Ok(Process::Launched { running, facts })
}

/// Returns the settings of a launch: what the person chose, and otherwise what is found.
///
/// # Errors
/// What is missing.
fn launch_settings(choice: &Choice, places: &Places) -> Result<LaunchSettings, LaunchError> {
    let GatewaySettings {
        mode, installation, helper, command, second_factor_s, restart_at, ..
    } = &choice.settings;
    let installation = match installation {
        Some(folder) => Installation::at(Path::new(folder))?,
        None => places
            .gateways()?
            .into_iter()
            .next()
            .ok_or(LaunchError::NotInstalled { looked_in: "the usual places".to_owned() })?,
    };
    let jar = helper.as_ref().map(PathBuf::from).or_else(|| places.helpers().into_iter().next());
    let driver = match (command, jar) {
        (Some(words), _) => Driver::Other(HelperCommand {
            words: words.split_whitespace().map(str::to_owned).collect(),
            environment: Vec::new(),
        }),
        (None, Some(jar)) => Driver::Ibc(IbcSettings {
            jar,
            java: places.java(&installation)?,
            login: choice.login(),
            existing_session: choice.existing_session(),
            second_factor_within: Duration::from_secs((*second_factor_s).into()),
            restart_at: restart_at.as_deref().and_then(clock_time),
            cold_restart_at: None,
            takes_commands: true,
        }),
        (None, None) if choice.login() == Login::Keychain => {
            return Err(LaunchError::HelperMissing { path: PathBuf::from("ibc2/_ibc/IBC.jar") });
        }
        (None, None) => Driver::Person,
    };
    let mode = match mode {
        TradingMode::Paper => Mode::Paper,
        TradingMode::Live => Mode::Live,
    };
    Ok(LaunchSettings { installation, settings_dir: places.settings_dir(), mode, driver })
}
