//! The doctor, with what only the running program knows, or alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gatehouse_gateway::doctor::{
    Asked, Check, Finding, Known, Outcome, Remedy, Report, Settings, examine,
};
use gatehouse_gateway::launch::{self, Places};
use gatehouse_gateway::session::Origin;
use gatehouse_ipc::{DoctorFinding, DoctorOutcome, DoctorRemedy, DoctorReport, Failure, Reply};
use gatehouse_types::{ClientId, Mode, Utc};

use crate::app::App;
use crate::failure::{bad_input, broken};
use crate::recording::DESK_CLIENT_ID;
use crate::simulator::Simulator;
use crate::view::words;

/// Whom a visit says to be when Gatehouse's own id is in use, by itself or another.
const SPARE_ID: ClientId = ClientId::new(7002);
const SECOND_SPARE_ID: ClientId = ClientId::new(7003);

/// The settings of Gateways that a person accepted, by account; in the data directory.
const SETTINGS_FILE: &str = "gateway-settings.json";

/// Stands for the built-in simulator.
const SIMULATOR: &str = "sim";

impl App {
    /// Asks the doctor about the running program's own Gateway, or about another address.
    ///
    /// # Errors
    /// When the program stops, or what was accepted could not be kept.
    pub(crate) fn doctor(
        &self,
        address: Option<String>,
        client_id: Option<i32>,
        accept_settings: bool,
    ) -> Result<Reply, Failure> {
        let known = self.known();
        let is_own = |address: &String| {
            let is_simulator = known.origin == Some(Origin::Simulator);
            Some(address) == known.address.as_ref() || is_simulator && address == SIMULATOR
        };
        let address = address.filter(|it| !is_own(it)).or_else(|| known.address.clone());
        // Its own id is held by its own desk.
        let ids = [client_id.map_or(SPARE_ID, ClientId::new), SECOND_SPARE_ID];
        let round = Round { data_dir: self.ledger.folder(), ids, accept_settings };
        round.go(address, known, self.clock.now().utc)
    }

    /// Returns what the running program knows of its Gateway.
    fn known(&self) -> Known {
        let state = self.gateway.state();
        let mut known = Known {
            address: state.address.clone(),
            origin: state.choice.as_ref().map(|choice| choice.origin()),
            mode: state.choice.as_ref().and_then(|choice| launched_mode(choice.mode?)),
            session: Some((state.phase(), state.why.clone())),
            notices: state.notices().cloned().collect(),
            delayed: self.market.delayed(),
            keeps_awake: state.is_awake,
            ..Known::default()
        };
        let Some(status) = self.status() else { return known };
        let desk = (DESK_CLIENT_ID, "Gatehouse".to_owned(), status.connection.is_ready);
        let connected = status.bots.iter().filter(|bot| bot.is_connected);
        let bots = connected.map(|bot| (ClientId::new(bot.client_id), bot.name.clone(), true));
        known.client_ids = std::iter::once(desk).chain(bots).collect();
        known.has_bots = known.client_ids.len() > 1;
        known
    }
}

/// Returns the mode in the doctor's words; a simulator has none.
const fn launched_mode(mode: Mode) -> Option<launch::Mode> {
    match mode {
        Mode::Paper => Some(launch::Mode::Paper),
        Mode::Live => Some(launch::Mode::Live),
        Mode::Sim => None,
    }
}

/// Asks the doctor without a running program.
///
/// # Errors
/// When this user has no home directory, or what was accepted could not be kept.
pub(crate) fn alone(
    data_dir: &Path,
    address: Option<String>,
    client_id: Option<i32>,
    accept_settings: bool,
    now: Utc,
) -> Result<Reply, Failure> {
    let ids = [client_id.map_or(DESK_CLIENT_ID, ClientId::new), SPARE_ID];
    Round { data_dir, ids, accept_settings }.go(address, Known::default(), now)
}

/// One round of the doctor.
struct Round<'a> {
    data_dir: &'a Path,
    ids: [ClientId; 2],
    accept_settings: bool,
}

impl Round<'_> {
    fn go(&self, address: Option<String>, known: Known, now: Utc) -> Result<Reply, Failure> {
        let (_simulator, address) = self.started(address)?;
        let home = directories::BaseDirs::new().ok_or_else(no_home)?.home_dir().to_owned();
        let path = std::env::var_os("PATH");
        let places = Places::usual(home, path.as_deref());
        let asked =
            Asked { data_dir: self.data_dir.to_owned(), ..Asked::new(address, self.ids, places) };
        let accepted = Accepted::read(self.data_dir);
        let settings = accepted.settings.clone();
        let mut report = examine(&asked, Known { accepted: settings, ..known });
        self.accept(accepted, &mut report)?;
        Ok(Reply::Doctor(Box::new(view(report, now))))
    }

    /// Starts a simulator for the time of the round, where one was asked for.
    fn started(
        &self,
        address: Option<String>,
    ) -> Result<(Option<Simulator>, Option<String>), Failure> {
        if address.as_deref() != Some(SIMULATOR) {
            return Ok((None, address));
        }
        // In a folder of its own: the one beside it may belong to a simulator that runs.
        let simulator =
            Simulator::start(&self.data_dir.join("doctor"), |_| ()).map_err(|error| {
                broken(
                    "The simulator did not start.",
                    &error,
                    "Build or install gatehouse-sim beside this program.",
                )
            })?;
        let address = simulator.address().to_string();
        Ok((Some(simulator), Some(address)))
    }

    /// Keeps the settings that were read, when they are the first of the account or the person said
    /// so.
    fn accept(&self, mut accepted: Accepted, report: &mut Report) -> Result<(), Failure> {
        let Some((account, settings)) = report.settings.clone() else { return Ok(()) };
        let is_known = accepted.settings.contains_key(&account);
        if is_known && !self.accept_settings {
            return Ok(());
        }
        accepted.settings.insert(account.clone(), settings);
        accepted.write().map_err(|error| {
            broken("The settings were not accepted.", &error, "Check the data directory.")
        })?;
        if is_known {
            let sentence = format!("You accepted the settings of {account} as they are.");
            for finding in report.findings.iter_mut().filter(|it| it.check == Check::Settings) {
                let (outcome, sentence) = (Outcome::Pass, sentence.clone());
                *finding =
                    Finding { outcome, sentence, next: None, remedy: None, ..finding.clone() };
            }
            report.findings.sort_by_key(|finding| finding.outcome);
        }
        Ok(())
    }
}

/// What a person accepted.
struct Accepted {
    path: PathBuf,
    settings: BTreeMap<String, Settings>,
}

impl Accepted {
    fn read(data_dir: &Path) -> Self {
        let path = data_dir.join(SETTINGS_FILE);
        let settings = match std::fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).unwrap_or_else(|error| {
                tracing::warn!(%error, "The accepted settings of the Gateway cannot be read");
                BTreeMap::new()
            }),
            Err(error) => {
                if error.kind() != std::io::ErrorKind::NotFound {
                    tracing::warn!(%error, "The accepted settings of the Gateway cannot be read");
                }
                BTreeMap::new()
            }
        };
        Self { path, settings }
    }

    fn write(&self) -> std::io::Result<()> {
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let new = self.path.with_extension("new");
        std::fs::write(&new, serde_json::to_vec_pretty(&self.settings)?)?;
        std::fs::rename(&new, &self.path)
    }
}

fn no_home() -> Failure {
    bad_input(
        "Nothing was looked at.",
        "This user has no home directory.",
        "Set HOME, and ask again.",
    )
}

fn view(report: Report, now: Utc) -> DoctorReport {
    let count = |outcome| u32::try_from(report.count(outcome)).unwrap_or(u32::MAX);
    DoctorReport {
        n_failed: count(Outcome::Fail),
        n_warned: count(Outcome::Warn),
        n_not_checkable: count(Outcome::NotCheckable),
        n_passed: count(Outcome::Pass),
        at: words::iso(now),
        address: report.address,
        findings: report.findings.into_iter().map(finding).collect(),
    }
}

fn finding(finding: Finding) -> DoctorFinding {
    DoctorFinding {
        id: finding.check.id().to_owned(),
        name: finding.check.name().to_owned(),
        outcome: match finding.outcome {
            Outcome::Fail => DoctorOutcome::Fail,
            Outcome::Warn => DoctorOutcome::Warn,
            Outcome::NotCheckable => DoctorOutcome::NotCheckable,
            Outcome::Pass => DoctorOutcome::Pass,
        },
        sentence: finding.sentence,
        next: finding.next,
        remedy: finding.remedy.map(remedy),
    }
}

fn remedy(remedy: Remedy) -> DoctorRemedy {
    match remedy {
        Remedy::RunAgain => DoctorRemedy::RunAgain,
        Remedy::StartGateway => DoctorRemedy::StartGateway,
        Remedy::UseAddress { address } => DoctorRemedy::UseAddress { address },
        Remedy::KeepAwake => DoctorRemedy::KeepAwake,
        Remedy::ShowSymbols { symbols } => DoctorRemedy::ShowSymbols { symbols },
        Remedy::OpenSettings => DoctorRemedy::OpenSettings,
        Remedy::AcceptSettings => DoctorRemedy::AcceptSettings,
    }
}
