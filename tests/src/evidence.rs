//! The proof of the order path: what the simulator received, held against what the ledger allowed.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, bail};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::gatehouse::cli;

/// The id of placeOrder on the wire.
const PLACE_ORDER: i64 = 3;

/// One order-bearing frame that the simulator received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    pub client_id: i64,
    pub message_id: i64,
    pub order_id: i64,
    pub sha256: String,
}

/// Both records.
#[derive(Debug)]
pub struct Evidence {
    pub received: Vec<Received>,
    /// The ledger's entries, oldest first, as exported.
    pub entries: Vec<Value>,
}

impl Evidence {
    /// Reads the simulator's record and exports the ledger.
    ///
    /// # Errors
    /// When either cannot be read.
    pub fn read(record: &Path, data_dir: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(record).context("reading the simulator's record")?;
        let received = text.lines().map(received).collect::<anyhow::Result<_>>()?;
        let out = data_dir.join("export.jsonl");
        let export = cli(
            data_dir,
            &["audit", "export", "--format", "jsonl", "--out", &out.to_string_lossy()],
        )?;
        if !export.status.success() {
            bail!("exporting the ledger: {}", String::from_utf8_lossy(&export.stderr));
        }
        let text = std::fs::read_to_string(&out).context("reading the export")?;
        let entries = text.lines().map(entry).collect::<anyhow::Result<_>>()?;
        Ok(Self { received, entries })
    }

    /// Returns the bodies of the entries of a kind.
    pub fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Value> {
        self.entries.iter().filter(move |entry| entry["kind"] == kind)
    }

    /// Returns the sha256 of each order that was refused, as often as it was.
    ///
    /// # Errors
    /// When an entry's frame is not hex.
    pub fn refused(&self) -> anyhow::Result<Vec<String>> {
        self.of_kind("judged")
            .filter(|entry| !may_send(entry))
            .filter_map(|entry| entry["data"]["frame"].as_str())
            .map(sha256_of_hex)
            .collect()
    }

    /// Checks that every placeOrder at the simulator is a committed allow, each at most once, and
    /// returns how many there were.
    ///
    /// # Errors
    /// With the first frame that was sent twice or without a record.
    pub fn check(&self) -> anyhow::Result<usize> {
        let mut allowed: BTreeMap<String, usize> = BTreeMap::new();
        for entry in self.of_kind("judged").filter(|entry| may_send(entry)) {
            let frame = entry["data"]["frame"].as_str().context("an allow without its frame")?;
            *allowed.entry(sha256_of_hex(frame)?).or_default() += 1;
        }
        let placed = self.received.iter().filter(|frame| frame.message_id == PLACE_ORDER);
        let mut n_placed = 0;
        for frame in placed {
            n_placed += 1;
            match allowed.get_mut(&frame.sha256) {
                Some(left) if *left > 0 => *left -= 1,
                Some(_) => bail!("sent more often than it was allowed: {frame:?}"),
                None => bail!("at the simulator and not in the ledger: {frame:?}"),
            }
        }
        Ok(n_placed)
    }
}

/// Returns the entry in a line of the export, which gives its hash beside it.
fn entry(line: &str) -> anyhow::Result<Value> {
    let mut line: Value = serde_json::from_str(line).context("reading an entry")?;
    Ok(line["entry"].take())
}

fn received(line: &str) -> anyhow::Result<Received> {
    let value: Value = serde_json::from_str(line).with_context(|| format!("reading {line:?}"))?;
    let number = |name: &str| value[name].as_i64().with_context(|| format!("{name} in {line:?}"));
    Ok(Received {
        client_id: number("client_id")?,
        message_id: number("message_id")?,
        order_id: value["order_id"].as_i64().unwrap_or_default(),
        sha256: value["sha256"].as_str().with_context(|| format!("sha256 in {line:?}"))?.to_owned(),
    })
}

/// Returns whether no finding of the verdict refuses or holds.
fn may_send(entry: &Value) -> bool {
    matches!(entry["data"]["verdict"]["outcome"].as_str(), Some("allow" | "warn"))
}

fn sha256_of_hex(frame: &str) -> anyhow::Result<String> {
    let bytes: Vec<u8> = (0..frame.len())
        .step_by(2)
        .map(|at| frame.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect::<Option<_>>()
        .context("a frame that is not hex")?;
    Ok(Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect())
}
