//! `kill -9` of a writing process: what it said to be durable is there, and the chain holds.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use crate::fixture::{Folder, News, Stamped, callbacks};
use crate::opened::{Opened, open};
use crate::samples;
use crate::writer::Core;

const DATA_DIR: &str = "GATEHOUSE_LEDGER_TEST_DATA_DIR";
const NAME: &str = "writer::tests::crash::what_was_committed_before_kill_9_is_there_and_verifies";

/// Writes until it is killed, saying on standard output up to which entry all is durable.
fn write_for_ever(dir: &std::path::Path) {
    let Opened::ReadWrite(ledger) = open(dir).expect("can be opened") else { panic!("is damaged") };
    let first = ledger.head().next().get();
    let (callbacks, heard) = callbacks();
    let writer: Core<Stamped> = Core::start(ledger, callbacks).expect("a thread can be had");
    let said = std::thread::spawn(move || {
        loop {
            let News::Committed(committed) = heard.next() else { panic!("not committed") };
            let mut out = std::io::stdout().lock();
            writeln!(out, "durable {}", committed.up_to).expect("is read");
            out.flush().expect("is read");
        }
    });
    for seq in first.. {
        let entry = samples::allowed(seq);
        let approval = Stamped::of(&entry);
        let mut result = writer.record(entry.clone(), approval.clone());
        while result.is_err() && !said.is_finished() {
            std::thread::yield_now();
            result = writer.record(entry.clone(), approval.clone());
        }
    }
}

#[test]
fn what_was_committed_before_kill_9_is_there_and_verifies() {
    if let Some(dir) = std::env::var_os(DATA_DIR) {
        return write_for_ever(dir.as_ref());
    }
    let folder = Folder::new();
    let mut least = 0;
    for n_said in [1_usize, 2, 7, 4, 1, 11] {
        let mut child = Command::new(std::env::current_exe().expect("is known"))
            .args([NAME, "--exact", "--nocapture"])
            .env(DATA_DIR, folder.data())
            .stdout(Stdio::piped())
            .spawn()
            .expect("can be started");
        let said = BufReader::new(child.stdout.take().expect("is piped"));
        let durable = said.lines().map_while(Result::ok).filter_map(|line| {
            line.split_once("durable ").and_then(|(_, seq)| seq.trim().parse::<u64>().ok())
        });
        let last = durable.take(n_said).last().expect("something was committed");
        child.kill().expect("can be killed");
        child.wait().expect("has ended");

        assert!(last > least, "the child goes on where the one before ended");
        least = folder.ledger().head().seq.expect("has entries").get();
        assert!(least >= last, "{last} was said to be durable, the file ends at {least}");
        let verified = folder.reader().verify().expect("can be read");
        assert_eq!((verified.n_entries, verified.broken_at), (least, None));
    }
    let n_sound = folder.reader().replay().filter(Result::is_ok).count();
    assert_eq!(u64::try_from(n_sound), Ok(least));
}
