//! What the findings are made of.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use gatehouse_types::{ClientId, SessionPhase};

use crate::launch::Mode;
use crate::probe;
use crate::session::Origin;

/// A name and a value for each of the Gateway's settings that matter to programs, as text.
pub type Settings = BTreeMap<String, String>;

/// A code and its text, as the Gateway said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub code: i32,
    pub text: String,
}

/// What only the running program knows. Everything may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// Where its Gateway is.
    pub address: Option<String>,
    pub origin: Option<Origin>,
    /// What the person chose to trade on.
    pub mode: Option<Mode>,
    /// Where the session is, and why.
    pub session: Option<(SessionPhase, String)>,
    /// Client ids that it uses at the Gateway: whose, and whether the Gateway took them.
    pub client_ids: Vec<(ClientId, String, bool)>,
    /// What the Gateway said of late, oldest first.
    pub notices: Vec<Notice>,
    /// Symbols that bots trade and whose data is delayed or missing.
    pub delayed: Vec<String>,
    /// The settings that a person accepted, by account.
    pub accepted: BTreeMap<String, Settings>,
    /// Whether bots are connected to it, which would miss what happens while the machine sleeps.
    pub has_bots: bool,
    /// Whether it keeps the machine awake at this moment.
    pub keeps_awake: bool,
}

/// What kind of program it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProgramKind {
    Gateway,
    Tws,
    Simulator,
    /// Gatehouse: its ports are for bots.
    Gatehouse,
    Other,
}

/// A program of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    pub kind: ProgramKind,
    /// Name of its file, such as `java`.
    pub name: String,
    pub pid: u32,
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, name, pid } = self;
        match kind {
            ProgramKind::Gateway => write!(f, "IB Gateway ({name}, process {pid})"),
            ProgramKind::Tws => write!(f, "TWS ({name}, process {pid})"),
            ProgramKind::Simulator => write!(f, "the simulator ({name}, process {pid})"),
            ProgramKind::Gatehouse => write!(f, "Gatehouse itself ({name}, process {pid})"),
            ProgramKind::Other => write!(f, "{name} (process {pid})"),
        }
    }
}

/// Who listens on a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listener {
    Nobody,
    Program(Program),
    /// Somebody listens whom this user may not look at.
    Hidden,
    /// It cannot be told; why, as a sentence without its full stop.
    Unknown(&'static str),
}

impl Listener {
    /// Returns the kind of the program, if it is known.
    #[must_use]
    pub fn kind(&self) -> Option<ProgramKind> {
        match self {
            Self::Program(program) => Some(program.kind),
            Self::Nobody | Self::Hidden | Self::Unknown(_) => None,
        }
    }
}

/// An address and what was found there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceFact {
    /// `HOST:PORT`.
    pub address: String,
    /// It is this machine.
    pub is_local: bool,
    pub answer: probe::Finding,
    pub listener: Listener,
    /// It takes connections from other machines too, if that can be told.
    pub is_open_to_others: bool,
}

impl PlaceFact {
    /// Returns the port, if the address has one.
    #[must_use]
    pub fn port(&self) -> Option<u16> {
        self.address.rsplit_once(':').and_then(|(_, port)| port.parse().ok())
    }
}

/// Whether programs may send orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadOnly {
    No,
    Yes,
    /// The Gateway did not say.
    Unsaid,
}

/// What became of a question for the quotes of SPY.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuoteFact {
    /// 1 live, 2 frozen, 3 delayed, 4 delayed and frozen.
    Kind(i32),
    /// It was taken, and no price came.
    Taken,
    Refused(Notice),
    Silent,
}

/// How a client was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// It was told its accounts and its first order id.
    Admitted { accounts: Vec<String> },
    /// The Gateway said no, in this code and text.
    Refused(Notice),
    /// The connection ended.
    HungUp,
    /// Nothing was said: a window of the Gateway may ask whether to accept the connection.
    Silent,
}

/// A client's short visit at the Gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    pub client_id: ClientId,
    pub admission: Admission,
    /// What the Gateway said, oldest first.
    pub notices: Vec<Notice>,
    pub read_only: ReadOnly,
    pub settings: Option<Settings>,
    /// Milliseconds by which its clock is ahead of this machine's.
    pub ahead_ms: Option<i64>,
    pub quote: QuoteFact,
}

/// The visits at a Gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// With the client id that was asked for.
    pub asked: Visit,
    /// With a spare one, when that was refused.
    pub spare: Option<Visit>,
}

impl Opening {
    /// Returns the visit that says most.
    #[must_use]
    pub fn best(&self) -> &Visit {
        self.spare.as_ref().unwrap_or(&self.asked)
    }
}

/// How far the Gateway's clock is ahead of this machine's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClockFact {
    Ahead {
        ms: i64,
        /// It is known to no better than this, in milliseconds.
        within_ms: i64,
    },
    /// The zone in which it tells the time is not known here.
    UnknownZone(String),
    Unsaid,
}

/// The Java that a Gateway would run in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JavaFact {
    Missing,
    Found {
        path: PathBuf,
        /// As it names itself, such as `17.0.10`.
        version: Option<String>,
    },
}

/// Whether the machine falls asleep by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SleepFact {
    /// It cannot: who or what prevents it.
    Prevented(String),
    /// After so many minutes without a person.
    After(u32),
    /// Nothing tells it to.
    Never,
    /// It cannot be told; why, as a sentence without its full stop.
    Unknown(&'static str),
}

/// What was seen, or why it cannot be.
pub type Seen<T> = Result<T, &'static str>;

/// This machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// Gateways, TWS and simulators that run here.
    pub programs: Seen<Vec<Program>>,
    /// Versions of the Gateways that are installed, the newest first, such as `1037`.
    pub installed: Vec<String>,
    pub java: JavaFact,
    /// Whether a firewall is switched on, where that can be read.
    pub firewall: Seen<bool>,
    /// Names of the tunnels that are up.
    pub tunnels: Seen<Vec<String>>,
    /// Bytes that programs may still take, and all there are.
    pub memory: Seen<(u64, u64)>,
    /// Programs that want a processor at once, over the last minute, in hundredths; and processors.
    pub load: Seen<(u32, usize)>,
    /// Bytes that are free where the data directory is, and where that is.
    pub disk: Seen<(u64, PathBuf)>,
    pub sleep: SleepFact,
}

/// Everything that is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The place that it is about: the one that was asked for, or the first that answers.
    pub place: Option<PlaceFact>,
    /// The others that were looked at.
    pub others: Vec<PlaceFact>,
    pub opening: Option<Opening>,
    pub clock: ClockFact,
    pub machine: Machine,
    pub known: Known,
}
