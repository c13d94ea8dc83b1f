//! A ledger in a folder of its own, for the tests of this crate.

use std::path::PathBuf;
use std::time::Duration;

use crossbeam_channel::{Receiver, unbounded};
use gatehouse_types::{BotName, Entry, EntryKind, EntrySeq, OrderId};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions};

use crate::opened::{FILE_NAME, Ledger, Opened, open};
use crate::reader::Reader;
use crate::recorded::Approval;
use crate::samples;
use crate::writer::{Callbacks, Committed, Core, Failure};

/// Longer than any of these tests needs; only a fault reaches it.
const PATIENCE: Duration = Duration::from_secs(60);

/// An approval that needs no engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stamped {
    pub(crate) entry: EntrySeq,
    pub(crate) bot: BotName,
    pub(crate) order_id: OrderId,
    pub(crate) body: Vec<u8>,
}

impl Stamped {
    /// The approval that belongs to a judgement.
    pub(crate) fn of(entry: &Entry) -> Self {
        let EntryKind::Judged { bot, intent, frame, .. } = &entry.kind else {
            panic!("is not judged")
        };
        let (bot, order_id, body) = (bot.clone(), intent.order_id, frame.clone());
        Self { entry: entry.seq, bot, order_id, body }
    }
}

impl Approval for Stamped {
    fn entry(&self) -> EntrySeq {
        self.entry
    }
    fn bot(&self) -> &BotName {
        &self.bot
    }
    fn order_id(&self) -> OrderId {
        self.order_id
    }
    fn body(&self) -> &[u8] {
        &self.body
    }
}

/// What a writer said.
#[derive(Debug)]
pub(crate) enum News {
    Committed(Committed<Stamped>),
    Failed(Failure),
    Recovered,
}

/// What a writer says, in order.
pub(crate) struct Heard(Receiver<News>);

impl Heard {
    pub(crate) fn next(&self) -> News {
        self.0.recv_timeout(PATIENCE).expect("the writer says something")
    }

    pub(crate) fn committed(&self) -> Committed<Stamped> {
        match self.next() {
            News::Committed(committed) => committed,
            other @ (News::Failed(_) | News::Recovered) => panic!("not committed: {other:?}"),
        }
    }

    /// Waits until everything up to `seq` is durable; nothing else may be said meanwhile.
    pub(crate) fn committed_up_to(&self, seq: u64) -> Vec<Committed<Stamped>> {
        let mut all = vec![self.committed()];
        while all.last().is_some_and(|committed| committed.up_to < EntrySeq::new(seq)) {
            all.push(self.committed());
        }
        all
    }

    pub(crate) fn failed(&self) -> Failure {
        match self.next() {
            News::Failed(failure) => failure,
            other @ (News::Committed(_) | News::Recovered) => panic!("not failed: {other:?}"),
        }
    }

    pub(crate) fn is_silent(&self) -> bool {
        self.0.is_empty()
    }
}

pub(crate) fn callbacks() -> (Callbacks<Stamped>, Heard) {
    let (say, heard) = unbounded();
    let (failures, recoveries) = (say.clone(), say.clone());
    let callbacks = Callbacks {
        on_commit: Box::new(move |committed| say.send(News::Committed(committed)).expect("heard")),
        on_failure: Box::new(move |failure| failures.send(News::Failed(failure)).expect("heard")),
        on_recovery: Box::new(move || recoveries.send(News::Recovered).expect("heard")),
    };
    (callbacks, Heard(heard))
}

/// A data directory that goes away with the test.
pub(crate) struct Folder {
    dir: tempfile::TempDir,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("a folder can be made") }
    }

    /// The data directory itself, which does not exist before it is opened.
    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.data().join(FILE_NAME)
    }

    pub(crate) fn ledger(&self) -> Ledger {
        match open(&self.data()).expect("can be opened") {
            Opened::ReadWrite(ledger) => ledger,
            Opened::ReadOnly(damaged) => panic!("is damaged: {}", damaged.why),
        }
    }

    pub(crate) fn writer(&self) -> (Core<Stamped>, Heard) {
        let (callbacks, heard) = callbacks();
        (Core::start(self.ledger(), callbacks).expect("a thread can be had"), heard)
    }

    pub(crate) fn reader(&self) -> Reader {
        Reader::open(&self.file()).expect("can be read")
    }

    /// A closed ledger that holds these.
    pub(crate) fn holding(entries: &[Entry]) -> Self {
        let folder = Self::new();
        let (writer, heard) = folder.writer();
        for entry in entries {
            writer.append(entry.clone()).expect("is queued");
        }
        writer.close().expect("all is written");
        if let Some(last) = entries.last() {
            heard.committed_up_to(last.seq.get());
        }
        folder
    }

    /// A closed ledger with one entry of every kind.
    pub(crate) fn with_every_kind() -> Self {
        Self::holding(&samples::every_kind())
    }

    /// Does to the file what any program can do.
    pub(crate) fn sql(&self, sql: &str) -> Result<(), sqlx::Error> {
        use sqlx::{Connection, Executor};
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        runtime.block_on(async {
            let options = SqliteConnectOptions::new().filename(self.file());
            let mut connection = options.connect().await?;
            connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await?;
            connection.close().await
        })
    }

    /// As [`Self::sql`], with the guards taken out first, as someone with the file could.
    pub(crate) fn tamper(&self, sql: &str) {
        let guards = ["entry_is_not_changed", "entry_is_not_removed", "entry_comes_next"];
        let drops: String = guards.map(|guard| format!("DROP TRIGGER {guard};")).concat();
        self.sql(&(drops + sql)).expect("the file can be changed");
    }
}
