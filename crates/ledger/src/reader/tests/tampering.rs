//! A file that someone changed: every change is found, the first bad entry is named, and another
//! program says the same.

use std::fs;
use std::path::Path;
use std::process::Command;

use gatehouse_types::{Entry, EntrySeq};

use crate::filter::Filter;
use crate::fixture::Folder;
use crate::reader::{ReadError, Reader};
use crate::samples;

/// What `verify_chain.py` prints about a file; `None` without a Python 3.
fn said_by_python(file: &Path) -> Option<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/python/verify_chain.py");
    assert!(script.exists());
    let said = Command::new("python3").arg(script).arg(file).output().ok()?;
    let errors = String::from_utf8_lossy(&said.stderr);
    assert!(errors.is_empty(), "{errors}");
    Some(String::from_utf8(said.stdout).expect("is text").trim().to_owned())
}

/// Verification, replay and the program of someone else must all name this entry.
fn check_broken_at(folder: &Folder, expected: u64) {
    let mut reader = folder.reader();
    let verified = reader.verify().expect("can be read");
    let broken = verified.broken_at.expect("is found");
    assert_eq!(broken.seq, EntrySeq::new(expected), "{broken}");
    assert_eq!(verified.n_entries, expected - 1);
    let replayed: Vec<_> = reader.replay().collect();
    assert_eq!(u64::try_from(replayed.len()), Ok(expected), "replay ends at the bad entry");
    assert!(matches!(replayed.last(), Some(Err(ReadError::Broken(found))) if *found == broken));
    if let Some(said) = said_by_python(&folder.file()) {
        assert!(said.starts_with(&format!("broken {expected} ")), "{said}");
    }
}

#[test]
fn a_changed_entry_is_found_and_named() {
    let check = |sql: &str, expected| {
        let folder = Folder::with_every_kind();
        folder.tamper(sql);
        check_broken_at(&folder, expected);
    };
    check("UPDATE entry SET body = replace(body, '\"15\"', '\"16\"') WHERE seq = 12", 12);
    check("UPDATE entry SET body = body || ' ' WHERE seq = 5", 5);
    check("UPDATE entry SET hash = zeroblob(32) WHERE seq = 1", 1);
    check("UPDATE entry SET hash = (SELECT hash FROM entry WHERE seq = 3) WHERE seq = 71", 71);
    check("DELETE FROM entry WHERE seq = 1", 1);
    check("DELETE FROM entry WHERE seq = 20", 20);
    check("DELETE FROM entry WHERE seq IN (30, 7)", 7);
    check("UPDATE entry SET seq = 0 WHERE seq = 1", 1);
    check("UPDATE entry SET seq = -4 WHERE seq = 71", 1);
    check("UPDATE entry SET seq = 99 WHERE seq = 71", 71);
    check(
        "INSERT INTO entry (seq, body, hash) SELECT 72, body, hash FROM entry WHERE seq = 71",
        72,
    );
    // Two neighbours change places.
    check(
        "UPDATE entry SET seq = 900 WHERE seq = 8; UPDATE entry SET seq = 8 WHERE seq = 9;
         UPDATE entry SET seq = 9 WHERE seq = 900",
        8,
    );
}

#[test]
fn the_guards_of_the_file_stop_an_ordinary_program() {
    let folder = Folder::with_every_kind();
    let check = |sql: &str, expected: &str| {
        let error = folder.sql(sql).expect_err("is stopped").to_string();
        assert!(error.contains(expected), "{error}");
    };
    check("UPDATE entry SET body = '{}' WHERE seq = 3", "never changed");
    check("UPDATE entry SET seq = 99 WHERE seq = 71", "never changed");
    check("DELETE FROM entry WHERE seq = 71", "never removed");
    check("DELETE FROM entry", "never removed");
    let insert = "INTO entry (seq, body, hash) VALUES";
    check(&format!("INSERT OR REPLACE {insert} (3, '{{}}', zeroblob(32))"), "follows the last");
    check(&format!("INSERT {insert} (63, '{{}}', zeroblob(32))"), "follows the last");
    check(&format!("INSERT {insert} (NULL, '{{}}', zeroblob(32))"), "follows the last");
    check(&format!("INSERT {insert} (72, '{{}}', zeroblob(31))"), "CHECK");
    assert_eq!(folder.reader().verify().expect("can be read").broken_at, None);
}

/// Whatever byte of the file changes: either it is found, or every entry is still what it was.
#[test]
fn no_changed_byte_changes_an_entry_unseen() {
    let folder = Folder::with_every_kind();
    let sound = fs::read(folder.file()).expect("can be read");
    let copy = folder.data().join("copy.sqlite");
    let entries = samples::every_kind();
    let body = crate::body::encode(&entries[11]);
    let places = |window: &&(usize, &[u8])| window.1 == body;
    let body_at: Vec<_> = sound.windows(body.len()).enumerate().collect();
    let body_at: Vec<_> = body_at.iter().filter(places).map(|(at, _)| *at).collect();
    let is_unseen = |at: usize| {
        let mut bytes = sound.clone();
        bytes[at] ^= 1 << (at % 8);
        fs::write(&copy, &bytes).expect("can be written");
        let read = read_all(&copy);
        assert!(read.as_ref().is_none_or(|read| *read == entries), "byte {at} changed an entry");
        read.is_some()
    };
    // SQLite may leave an old copy of the row in unused space; the real one is fully guarded.
    let is_guarded = |at: &usize| (*at..*at + body.len()).step_by(5).all(|at| !is_unseen(at));
    assert!(body_at.iter().any(is_guarded), "entry 12 is at {body_at:?}");
    for at in (0..sound.len()).step_by(397) {
        is_unseen(at);
    }
}

/// Every entry of a file that opens, verifies and replays. A tail that is cut off is the one thing
/// the file alone cannot show, so the last entry must be there.
fn read_all(file: &Path) -> Option<Vec<Entry>> {
    let mut reader = Reader::open(file).ok()?;
    let verified = reader.verify().ok()?;
    if verified.broken_at.is_some() || verified.n_entries < 71 {
        return None;
    }
    reader.replay().map(|stored| stored.ok().map(|stored| stored.entry)).collect()
}

#[test]
fn another_program_verifies_the_file_and_its_export() {
    let folder = Folder::with_every_kind();
    let verified = folder.reader().verify().expect("can be read");
    let expected = format!("ok 71 {}", verified.head);
    let export = folder.data().join("export.jsonl");
    let mut out = fs::File::create(&export).expect("can be made");
    folder.reader().export_jsonl(&Filter::default(), &mut out).expect("is written");
    for file in [&folder.file(), &export] {
        if let Some(said) = said_by_python(file) {
            assert_eq!(said, expected, "about {}", file.display());
        }
    }
    let text = fs::read_to_string(&export).expect("can be read");
    fs::write(&export, text.replacen("\"15\"", "\"16\"", 1)).expect("can be written");
    if let Some(said) = said_by_python(&export) {
        assert_eq!(said, "broken 12 its hash does not match");
    }
}

#[test]
fn verifies_a_copy_in_a_folder_of_its_own() {
    let folder = Folder::with_every_kind();
    let elsewhere = Folder::new();
    fs::create_dir(elsewhere.data()).expect("can be made");
    fs::copy(folder.file(), elsewhere.file()).expect("can be copied");
    let verified = elsewhere.reader().verify().expect("can be read");
    assert_eq!(verified, folder.reader().verify().expect("can be read"));
    assert_eq!(verified.n_entries, 71);
}
