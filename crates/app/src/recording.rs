//! Opens the ledger, restores the engine from it, and connects its writer with the driver.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use gatehouse_engine::{Approved, Engine, EngineConfig, OrderFrame};
use gatehouse_ipc::{Failure, FailureKind};
use gatehouse_ledger::{
    AppendError, Callbacks, CloseError, OpenError, Opened, Reader, StoredEntry, Writer,
};
use gatehouse_proxy::{LedgerEar, Recorder};
use gatehouse_types::{BotConfig, BotName, ClientId, Entry};

use crate::failure::{broken, chain, failure};

/// The client id of Gatehouse's own client; high, so that no bot has it.
pub(crate) const DESK_CLIENT_ID: ClientId = ClientId::new(7001);

/// Takes each group of entries once it is durable.
pub(crate) type Announce = Box<dyn Fn(&[StoredEntry]) + Send>;

/// The ledger as the rest of the program reads it.
pub(crate) struct Ledger {
    path: PathBuf,
    /// Why it is read-only, when it is damaged.
    pub(crate) trouble: Option<String>,
}

impl Ledger {
    /// Returns a new reader; readers never delay the writer.
    pub(crate) fn reader(&self) -> Result<Reader, Failure> {
        reader(&self.path)
    }

    /// Returns the data directory.
    pub(crate) fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }
}

/// Opens a reader on a ledger file.
pub(crate) fn reader(path: &Path) -> Result<Reader, Failure> {
    Reader::open(path)
        .map_err(|error| broken("The ledger could not be read.", &error, "Look at the log."))
}

/// A ledger that was opened, and everything made from it.
pub(crate) struct Opening {
    pub(crate) engine: Engine,
    pub(crate) recorder: LedgerRecorder,
    pub(crate) ledger: Ledger,
}

/// Opens the ledger of a data directory. `each` is shown every entry that it holds, in order.
///
/// # Errors
/// When another program has it, it is of a newer format, or it cannot be read.
pub(crate) fn open(
    data_dir: &Path,
    config: EngineConfig,
    ear: LedgerEar,
    each: impl FnMut(&Entry),
    announce: Announce,
) -> Result<Opening, Failure> {
    match gatehouse_ledger::open(data_dir).map_err(|error| not_opened(&error))? {
        Opened::ReadWrite(ledger) => {
            let path = ledger.path().to_owned();
            let engine = restore(&path, config, each)?;
            let writer = Writer::start(ledger, callbacks(ear, announce)).map_err(|error| {
                broken("Gatehouse did not start.", &error, "Close other programs.")
            })?;
            Ok(Opening {
                engine,
                recorder: LedgerRecorder::Writing(writer),
                ledger: Ledger { path, trouble: None },
            })
        }
        Opened::ReadOnly(damaged) => {
            ear.failed(damaged.why.clone());
            Ok(Opening {
                engine: restore_readable(damaged.path(), config),
                recorder: LedgerRecorder::Damaged,
                ledger: Ledger {
                    path: damaged.path().to_owned(),
                    trouble: Some(damaged.why.clone()),
                },
            })
        }
    }
}

/// Returns an engine that knows what the ledger knows.
pub(crate) fn restore(
    path: &Path,
    config: EngineConfig,
    mut each: impl FnMut(&Entry),
) -> Result<Engine, Failure> {
    let mut engine = Engine::new(config);
    for stored in reader(path)?.replay() {
        let stored = stored.map_err(|error| {
            broken("The ledger could not be read.", &error, "Run: gatehouse audit verify")
        })?;
        engine.restore(&stored.entry);
        each(&stored.entry);
    }
    Ok(engine)
}

/// Returns an engine that knows what stands before the damage. Nothing is sent with it, but the
/// bots' orders and a kill are known, so that they can be cancelled.
fn restore_readable(path: &Path, config: EngineConfig) -> Engine {
    let mut engine = Engine::new(config);
    let mut reader = match Reader::open(path) {
        Ok(reader) => reader,
        Err(error) => {
            tracing::error!(error = chain(&error), "Nothing of the ledger can be read");
            return engine;
        }
    };
    for stored in reader.replay() {
        match stored {
            Ok(stored) => engine.restore(&stored.entry),
            Err(error) => {
                tracing::error!(error = chain(&error), "The ledger was read up to its damage");
                break;
            }
        }
    }
    engine
}

/// Returns the settings of an engine, the same whether an instance runs or a command acts alone.
pub(crate) fn engine_config() -> EngineConfig {
    EngineConfig {
        desk: Some(BotConfig { name: BotName::desk(), port: 0, client_id: DESK_CLIENT_ID }),
        ..EngineConfig::new(env!("CARGO_PKG_VERSION"))
    }
}

/// Returns why the ledger was not opened, as a person reads it.
pub(crate) fn not_opened(error: &OpenError) -> Failure {
    let (code, next) = match error {
        OpenError::Lock(_) => {
            ("in-use", "Close the other instance, or name another directory with --data-dir.")
        }
        OpenError::NewerFormat { .. } => {
            ("newer-format", "Use the version of Gatehouse that wrote it, or a later one.")
        }
        OpenError::Create { .. } | OpenError::Query(_) | OpenError::Migrate(_) => {
            ("ledger", "Check the disk and the permissions of the data directory.")
        }
    };
    let why = format!("{}.", chain(error));
    failure(code, FailureKind::Broken, "The ledger was not opened.", why, next)
}

fn callbacks(ear: LedgerEar, announce: Announce) -> Callbacks {
    let (failed, recovered) = (ear.clone(), ear.clone());
    Callbacks {
        on_commit: Box::new(move |committed| {
            let entries = Arc::clone(&committed.entries);
            ear.committed(committed);
            announce(&entries);
        }),
        on_failure: Box::new(move |failure| {
            tracing::error!(why = failure.why, "The ledger cannot be written");
            failed.failed(failure.why);
        }),
        on_recovery: Box::new(move || {
            tracing::info!("The ledger can be written again");
            recovered.recovered();
        }),
    }
}

/// Where the driver's entries go.
pub(crate) enum LedgerRecorder {
    Writing(Writer),
    /// Nothing is appended to a damaged chain, so nothing is sent.
    Damaged,
}

impl Recorder for LedgerRecorder {
    fn append(&self, entry: Entry) -> Result<(), AppendError> {
        match self {
            Self::Writing(writer) => writer.append(entry),
            Self::Damaged => Err(AppendError::Ended(Box::new(entry))),
        }
    }

    fn record(&self, entry: Entry, approved: Approved<OrderFrame>) -> Result<(), AppendError> {
        match self {
            Self::Writing(writer) => writer.record(entry, approved),
            Self::Damaged => Err(AppendError::Ended(Box::new(entry))),
        }
    }

    fn close(self: Box<Self>) -> Result<(), CloseError> {
        match *self {
            Self::Writing(writer) => writer.close(),
            Self::Damaged => Ok(()),
        }
    }
}
