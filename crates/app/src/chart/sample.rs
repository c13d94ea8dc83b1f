//! Ledgers for tests of what charts read out of them.

use gatehouse_ledger::{Callbacks, FILE_NAME, Opened, Reader, Writer};
use gatehouse_types::{Actor, Entry, EntryKind, EntrySeq, Stamp, Utc};
use tempfile::TempDir;

/// Returns a ledger of entries at seconds of the market's clock.
pub(super) fn ledger(kinds: Vec<(i64, EntryKind)>) -> (TempDir, Reader) {
    let folder = tempfile::tempdir().expect("makes a folder");
    let Opened::ReadWrite(ledger) = gatehouse_ledger::open(folder.path()).expect("opens") else {
        panic!("is damaged")
    };
    let callbacks = Callbacks {
        on_commit: Box::new(|_| {}),
        on_failure: Box::new(|failure| panic!("not written: {}", failure.why)),
        on_recovery: Box::new(|| {}),
    };
    let writer = Writer::start(ledger, callbacks).expect("starts");
    for (seq, (second, kind)) in (1..).zip(kinds) {
        let at = Utc::from_nanos(second * 1_000_000_000);
        let stamp = Stamp { utc: at, market: Some(at) };
        let entry = Entry { seq: EntrySeq::new(seq), stamp, actor: Actor::Gatehouse, kind };
        writer.append(entry).expect("is queued");
    }
    writer.close().expect("writes");
    let reader = Reader::open(&folder.path().join(FILE_NAME)).expect("opens");
    (folder, reader)
}
