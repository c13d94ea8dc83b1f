//! Durable commits: the ledger beside plain SQLite in WAL mode with `synchronous=FULL`, the same
//! bytes, the same disk, in turns.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, bail};
use crossbeam_channel::{Receiver, Sender, unbounded};
use gatehouse_ledger::{Callbacks, Opened, Writer, encode, open};
use gatehouse_types::{Actor, Entry, EntryKind, EntrySeq, Stamp, Utc, Verdict};
use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use crate::figures::{Samples, Table, micros, publish, ratio};

/// Entries that are committed together.
const BATCHES: [u64; 3] = [1, 10, 100];

/// Rounds of each, in turns with the peer.
const N_ROUNDS: usize = 5;
const N_COMMITS: u64 = 200;

/// Measures and publishes.
pub(crate) fn measure(dir: &Path) -> anyhow::Result<()> {
    let home = tempfile::tempdir_in(dir).context("making a folder for the databases")?;
    let mut ours = Ours::open(&home.path().join("ledger"))?;
    let mut plain = Plain::open(&home.path().join("plain.sqlite"))?;
    let heads = ["batch", "who", "entries/s", "p50 µs", "p99 µs", "p50 ÷ SQLite"];
    let mut table = Table::new("Durable commits (a batch is one commit)", &heads);
    for n_entries in BATCHES {
        let (mut of_ours, mut of_plain) = (Samples::default(), Samples::default());
        for _ in 0..N_ROUNDS {
            for _ in 0..N_COMMITS {
                of_ours.add(timed(|| ours.commit(n_entries))?);
            }
            for _ in 0..N_COMMITS {
                of_plain.add(timed(|| plain.commit(n_entries))?);
            }
        }
        let batch = n_entries.to_string();
        let base = of_plain.p50();
        for (who, samples) in [("Gatehouse", &mut of_ours), ("SQLite WAL FULL", &mut of_plain)] {
            let (p50, p99) = (samples.p50(), samples.p99());
            let a_second = u128::from(n_entries) * 1_000_000_000 / p50.as_nanos().max(1);
            let cells = [micros(p50), micros(p99), ratio(p50, base)];
            let [p50, p99, beside] = &cells;
            table.row(&[&batch, who, &a_second.to_string(), p50, p99, beside]);
        }
        if n_entries == 10 {
            let figure = ratio(base, of_ours.p50());
            let is_met = base * 10 >= of_ours.p50() * 14;
            table.goal("at least 1.4 times SQLite WAL FULL at batch 10", &figure, is_met);
        }
    }
    publish(dir, "ledger", &[table])
}

fn timed(act: impl FnOnce() -> anyhow::Result<()>) -> anyhow::Result<std::time::Duration> {
    let begin = Instant::now();
    act()?;
    Ok(begin.elapsed())
}

/// An entry as an order makes it: about as long as a verdict with its frame.
fn entry(seq: u64) -> Entry {
    let utc = Utc::from_nanos(1_790_000_000_000_000_000);
    let intent = gatehouse_testkit::intent().buy(10).limit("660.00").build();
    Entry {
        seq: EntrySeq::new(seq),
        stamp: Stamp { utc, market: Some(utc) },
        actor: Actor::Bot(gatehouse_testkit::bot()),
        kind: EntryKind::Judged {
            bot: gatehouse_testkit::bot(),
            intent: Box::new(intent),
            replaces: None,
            verdict: Verdict { findings: Vec::new(), is_exit: false, n_controls: 33 },
            policy_version: 1,
            frame: vec![b'7'; 200],
            inputs: None,
        },
    }
}

struct Ours {
    writer: Writer,
    committed: Receiver<u64>,
    n_entries: u64,
}

impl Ours {
    fn open(dir: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(dir).context("making the ledger's folder")?;
        let Opened::ReadWrite(ledger) = open(dir).context("opening the ledger")? else {
            bail!("a new ledger cannot be written");
        };
        let (tell, committed): (Sender<u64>, _) = unbounded();
        let callbacks = Callbacks {
            on_commit: Box::new(move |committed| {
                tell.send(committed.up_to.get()).ok();
            }),
            on_failure: Box::new(|failure| eprintln!("the ledger failed: {}", failure.why)),
            on_recovery: Box::new(|| {}),
        };
        let writer = Writer::start(ledger, callbacks).context("starting the writer")?;
        Ok(Self { writer, committed, n_entries: 0 })
    }

    fn commit(&mut self, n_entries: u64) -> anyhow::Result<()> {
        for _ in 0..n_entries {
            self.n_entries += 1;
            self.writer.append(entry(self.n_entries)).context("appending")?;
        }
        while self.committed.recv().context("the writer ended")? < self.n_entries {}
        Ok(())
    }
}

struct Plain {
    database: Connection,
    last: [u8; 32],
    n_entries: u64,
}

impl Plain {
    fn open(path: &Path) -> anyhow::Result<Self> {
        let database = Connection::open(path).context("opening SQLite")?;
        database
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 CREATE TABLE entry (seq INTEGER PRIMARY KEY, hash BLOB NOT NULL, body BLOB NOT NULL) STRICT",
            )
            .context("preparing SQLite")?;
        Ok(Self { database, last: [0; 32], n_entries: 0 })
    }

    fn commit(&mut self, n_entries: u64) -> anyhow::Result<()> {
        let transaction = self.database.transaction().context("beginning")?;
        {
            let mut insert = transaction
                .prepare("INSERT INTO entry (seq, hash, body) VALUES (?1, ?2, ?3)")
                .context("preparing")?;
            for _ in 0..n_entries {
                self.n_entries += 1;
                let body = encode(&entry(self.n_entries));
                let mut hash = Sha256::new();
                hash.update(self.last);
                hash.update(self.n_entries.to_be_bytes());
                hash.update(&body);
                self.last = hash.finalize().into();
                let seq = i64::try_from(self.n_entries).context("counting")?;
                insert.execute((seq, &self.last[..], &body[..])).context("inserting")?;
            }
        }
        transaction.commit().context("committing")
    }
}
