//! New, locked, newer and damaged ledgers.

use std::fs;

use gatehouse_types::EntrySeq;

use super::{FILE_NAME, FORMAT, OpenError, Opened, open};
use crate::chain::Head;
use crate::fixture::Folder;
use crate::lock::{LOCK_NAME, LockError};
use crate::samples;

fn why_read_only(folder: &Folder) -> String {
    match open(&folder.data()).expect("can be opened to read") {
        Opened::ReadOnly(damaged) => damaged.why,
        Opened::ReadWrite(ledger) => panic!("may be written after {:?}", ledger.head()),
    }
}

#[test]
fn a_new_ledger_is_empty_and_private() {
    let folder = Folder::new();
    let ledger = folder.ledger();
    assert_eq!(ledger.head(), Head::EMPTY);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &std::path::Path| {
            fs::metadata(path).expect("is there").permissions().mode() & 0o777
        };
        assert_eq!(mode(&folder.data()), 0o700);
        assert_eq!(mode(&folder.data().join(LOCK_NAME)), 0o600);
        assert_eq!(mode(&folder.file()), 0o600);
        drop(ledger);
        let (writer, heard) = folder.writer();
        writer.append(samples::allowed(1)).expect("is queued");
        heard.committed_up_to(1);
        for file in fs::read_dir(folder.data()).expect("can be listed") {
            let path = file.expect("is there").path();
            assert_eq!(mode(&path), 0o600, "{} is not private", path.display());
        }
        assert!(folder.data().join(format!("{FILE_NAME}-wal")).exists());
    }
}

#[test]
fn a_second_program_is_refused_and_told_which_has_it() {
    let folder = Folder::new();
    let first = folder.ledger();
    let Err(OpenError::Lock(error)) = open(&folder.data()) else { panic!("was opened twice") };
    let LockError::InUse { pid } = &error else { panic!("{error}") };
    assert_eq!(*pid, Some(std::process::id()));
    let said = error.to_string();
    assert_eq!(said, format!("the data directory is in use by process {}", std::process::id()));
    drop(first);
    folder.ledger();
}

#[test]
fn goes_on_where_it_ended() {
    let folder = Folder::with_every_kind();
    let head = folder.ledger().head();
    assert_eq!(head.seq, samples::every_kind().last().map(|entry| entry.seq));
    assert_eq!(folder.reader().head().expect("can be read"), head);
}

#[test]
fn a_newer_format_is_left_alone() {
    let folder = Folder::with_every_kind();
    folder.sql("UPDATE meta SET value = '5' WHERE name = 'format'").expect("can be changed");
    let before = fs::read(folder.file()).expect("can be read");
    let error = open(&folder.data()).expect_err("is newer");
    assert!(matches!(&error, OpenError::NewerFormat { found } if found == "5"), "{error}");
    assert_eq!(FORMAT, 4);
    assert_eq!(fs::read(folder.file()).expect("can be read"), before);
}

#[test]
fn a_ledger_of_the_format_before_is_raised_and_goes_on() {
    let folder = Folder::holding(&[samples::allowed(1)]);
    let stored_before = "UPDATE meta SET value = '2' WHERE name = 'format';
        DELETE FROM _sqlx_migrations WHERE version > 2;";
    folder.sql(stored_before).expect("can be changed");
    let (writer, heard) = folder.writer();
    let mut seen = samples::allowed(2);
    seen.kind = samples::judged_by(seen.kind, samples::inputs());
    writer.append(seen.clone()).expect("is queued");
    heard.committed_up_to(2);
    writer.close().expect("all is written");
    let mut reader = folder.reader();
    assert_eq!(reader.verify().expect("can be read").broken_at, None);
    let mut entry = |seq| reader.entry(EntrySeq::new(seq)).expect("can be read").expect("is there");
    assert_eq!(entry(1).entry, samples::allowed(1));
    assert_eq!(entry(2).entry, seen);
}

#[test]
fn what_is_damaged_is_opened_to_read_only() {
    let check = |sql: &str, expected: &str| {
        let folder = Folder::with_every_kind();
        folder.tamper(sql);
        let guards = "CREATE TRIGGER entry_comes_next AFTER INSERT ON entry BEGIN SELECT 1; END;
            CREATE TRIGGER entry_is_not_changed AFTER INSERT ON entry BEGIN SELECT 1; END;
            CREATE TRIGGER entry_is_not_removed AFTER INSERT ON entry BEGIN SELECT 1; END;";
        folder.sql(guards).expect("can be changed");
        let why = why_read_only(&folder);
        assert!(why.contains(expected), "{why} does not say {expected}");
        let held = open(&folder.data());
        assert!(held.is_ok(), "the lock is given back");
    };
    check("DELETE FROM entry WHERE seq = 9", "entry 9");
    check("UPDATE entry SET body = replace(body, 'SPY', 'QQQ') WHERE seq = 12", "entry 12");
    check("DELETE FROM meta WHERE name = 'format'", "format is not stated");
    check("DROP TABLE meta", "meta is missing");
    check("DROP TRIGGER entry_names_the_account", "entry_names_the_account");
}

#[test]
fn a_file_without_its_table_is_damaged() {
    let check = |sql: &str, expected: &str| {
        let folder = Folder::with_every_kind();
        folder.tamper(sql);
        let why = why_read_only(&folder);
        assert!(why.contains(expected), "{why} does not say {expected}");
    };
    check("DROP TABLE entry", "guard");
    check(
        "PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE name = 'entry'",
        "malformed",
    );
}

#[test]
fn a_file_that_is_no_database_is_damaged_not_overwritten() {
    let folder = Folder::new();
    drop(folder.ledger());
    let text = "this is not a database, but long enough to be taken for one ".repeat(100);
    fs::write(folder.file(), &text).expect("can be written");
    let why = why_read_only(&folder);
    assert!(why.contains("not a database"), "{why}");
    assert_eq!(fs::read_to_string(folder.file()).expect("can be read"), text);
}

#[test]
fn a_damaged_ledger_can_be_read_and_is_kept_from_others() {
    let folder = Folder::with_every_kind();
    folder.tamper("SELECT 1");
    let opened = open(&folder.data()).expect("can be opened to read");
    let Opened::ReadOnly(damaged) = &opened else { panic!("may be written") };
    let verified = damaged.reader().expect("can be read").verify().expect("can be read");
    assert_eq!(verified.broken_at, None, "only the guards are gone");
    assert!(matches!(open(&folder.data()), Err(OpenError::Lock(LockError::InUse { .. }))));
}
