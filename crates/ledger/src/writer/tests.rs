//! Groups, contradictions and outages; crashes are in `crash`.

mod crash;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crossbeam_channel::bounded;
use gatehouse_types::{
    Actor, Entry, EntryKind, EntrySeq, Finding, OrderId, Refusal, Scope, Weight,
};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use super::thread::Writing;
use super::{AppendError, CloseError, Job};
use crate::fixture::{Folder, News, Stamped, callbacks};
use crate::samples;

fn order(seq: u64) -> (Entry, Stamped) {
    let entry = samples::allowed(seq);
    let approval = Stamped::of(&entry);
    (entry, approval)
}

fn stopped(seq: u64) -> Entry {
    samples::entry(seq, Actor::Gatehouse, EntryKind::Stopped)
}

#[test]
fn hands_back_an_approval_once_its_entry_can_be_read_by_others() {
    let folder = Folder::new();
    let (writer, heard) = folder.writer();
    let (entry, approval) = order(1);
    writer.record(entry.clone(), approval.clone()).expect("is queued");
    let committed = heard.committed();
    assert_eq!(committed.up_to, EntrySeq::new(1));
    assert_eq!(committed.recorded.iter().map(|it| it.get()).collect::<Vec<_>>(), [&approval]);
    let stored = folder.reader().entry(EntrySeq::new(1)).expect("can be read");
    assert_eq!(stored.as_ref(), committed.entries.first());
    assert_eq!(stored.map(|stored| stored.entry), Some(entry));
    writer.close().expect("all is written");
    assert!(heard.is_silent());
}

#[test]
fn what_was_queued_during_a_commit_goes_into_the_next_one() {
    let folder = Folder::new();
    let (callbacks, heard) = callbacks();
    let (jobs, queue) = bounded(2000);
    let (stop, stops) = bounded(0);
    for seq in 1..=1000 {
        let (entry, approval) = order(seq);
        jobs.send(Job { entry: Box::new(entry), approval: Some(approval) }).expect("is queued");
    }
    drop(jobs);
    Writing::new(folder.ledger(), callbacks, queue, stops).run().expect("all is written");
    let commits = heard.committed_up_to(1000);
    assert_eq!(commits.len(), 4, "256 to a commit");
    let recorded: Vec<_> =
        commits.iter().flat_map(|it| &it.recorded).map(|it| it.get().entry.get()).collect();
    assert_eq!(recorded, (1..=1000).collect::<Vec<_>>());
    drop(stop);
}

#[test]
fn closing_writes_what_is_queued() {
    let folder = Folder::new();
    let (writer, heard) = folder.writer();
    for seq in 1..=700 {
        writer.append(stopped(seq)).expect("is queued");
    }
    writer.close().expect("all is written");
    assert_eq!(heard.committed_up_to(700).iter().map(|it| it.entries.len()).sum::<usize>(), 700);
    assert_eq!(folder.reader().verify().expect("can be read").n_entries, 700);
}

/// Entry 1 is sound; entry 2 with its approval must end the writer, and must not be stored.
fn check_contradiction(entry: Entry, approval: Option<Stamped>, expected: &str) {
    let folder = Folder::new();
    let (writer, heard) = folder.writer();
    writer.append(stopped(1)).expect("is queued");
    heard.committed_up_to(1);
    match approval {
        Some(approval) => writer.record(entry, approval).expect("is queued"),
        None => writer.append(entry).expect("is queued"),
    }
    let failure = heard.failed();
    assert!(failure.is_final);
    assert!(failure.why.contains(expected), "{} does not say {expected}", failure.why);
    let Err(CloseError::Unwritten { n_entries, .. }) = writer.close() else { panic!("closed") };
    assert_eq!(n_entries, 1);
    assert!(heard.is_silent(), "nothing was committed");
    assert_eq!(folder.reader().verify().expect("can be read").n_entries, 1);
}

#[test]
fn an_approval_that_is_not_its_entry_ends_the_writer() {
    let (entry, approval) = order(2);
    let with = |change: fn(&mut Stamped)| {
        let mut approval = approval.clone();
        change(&mut approval);
        Some(approval)
    };
    let check = |approval, expected| check_contradiction(entry.clone(), approval, expected);
    check(with(|it| it.body.push(0)), "frame");
    check(with(|it| it.body.clear()), "frame");
    check(with(|it| it.bot = "other".parse().expect("is a name")), "another bot");
    check(with(|it| it.order_id = OrderId::new(1)), "order id");
    check(with(|it| it.entry = EntrySeq::new(1)), "another entry");
    check_contradiction(stopped(2), Some(approval.clone()), "not a judgement");
}

#[test]
fn an_approval_of_what_was_refused_or_held_ends_the_writer() {
    for weight in [Weight::Refuse, Weight::Hold] {
        let finding = Finding { weight, scope: Scope::Account, refusal: Refusal::TakenBack };
        let kind = samples::judged(samples::intent(), samples::verdict(vec![finding]), vec![1]);
        let entry = samples::entry(2, Actor::Person, kind);
        let approval = Stamped::of(&entry);
        check_contradiction(entry, Some(approval), "does not allow");
    }
}

#[test]
fn an_entry_out_of_its_place_ends_the_writer() {
    check_contradiction(stopped(3), None, "entry 3 came where entry 2 belongs");
    check_contradiction(stopped(1), None, "entry 1 came where entry 2 belongs");
}

#[test]
fn what_came_before_a_contradiction_is_written() {
    let folder = Folder::new();
    let (callbacks, heard) = callbacks();
    let (jobs, queue) = bounded(10);
    let (_stop, stops) = bounded(0);
    for seq in [1, 2, 4, 5] {
        jobs.send(Job { entry: Box::new(stopped(seq)), approval: None }).expect("is queued");
    }
    let end = Writing::new(folder.ledger(), callbacks, queue, stops).run();
    assert!(matches!(end, Err(CloseError::Unwritten { n_entries: 2, .. })), "{end:?}");
    assert_eq!(heard.committed().up_to, EntrySeq::new(2));
    assert!(heard.failed().is_final);
}

#[test]
fn a_writer_that_ended_gives_entries_back() {
    let folder = Folder::new();
    let (writer, heard) = folder.writer();
    writer.append(stopped(7)).expect("is queued");
    assert!(heard.failed().is_final);
    // The thread has said its last word; the queue goes with it.
    let refused = std::iter::from_fn(|| Some(writer.append(stopped(1)))).find_map(Result::err);
    let Some(AppendError::Ended(entry)) = refused else { panic!("was queued") };
    assert_eq!(*entry, stopped(1));
}

#[test]
fn while_another_program_holds_the_file_everything_waits_in_order() {
    let folder = Folder::new();
    let (writer, heard) = folder.writer();
    writer.append(stopped(1)).expect("is queued");
    heard.committed_up_to(1);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("is made");
    let mut other = runtime
        .block_on(SqliteConnectOptions::new().filename(folder.file()).connect())
        .expect("can be opened");
    runtime.block_on(sqlx::query("BEGIN IMMEDIATE").execute(&mut other)).expect("is held");

    for seq in 2..=40 {
        let (entry, approval) = order(seq);
        writer.record(entry, approval).expect("is queued");
    }
    let failure = heard.failed();
    assert!(!failure.is_final);
    assert!(failure.why.contains("locked"), "{}", failure.why);
    assert!(heard.is_silent(), "one outage is told once, and nothing is committed");

    runtime.block_on(sqlx::query("ROLLBACK").execute(&mut other)).expect("is let go");
    assert!(matches!(heard.next(), News::Recovered));
    let commits = heard.committed_up_to(40);
    let recorded = commits.iter().map(|it| it.recorded.len()).sum::<usize>();
    assert_eq!(recorded, 39, "approvals come back late, not lost");
    runtime.block_on(other.close()).expect("is closed");
    writer.close().expect("all is written");
    assert_eq!(folder.reader().verify().expect("can be read").n_entries, 40);
}

#[test]
fn a_full_disk_stops_commits_and_room_on_it_lets_them_go_on() {
    let folder = Folder::new();
    let (callbacks, heard) = callbacks();
    let (jobs, queue) = bounded(2000);
    let (stop, stops) = bounded(0);
    let pages = Arc::new(AtomicU32::new(60));
    let mut writing = Writing::new(folder.ledger(), callbacks, queue, stops);
    writing.page_limit = Some(Arc::clone(&pages));
    let thread = std::thread::spawn(move || writing.run());
    for seq in 1..=1000 {
        let (entry, approval) = order(seq);
        jobs.send(Job { entry: Box::new(entry), approval: Some(approval) }).expect("is queued");
    }
    let mut committed = 0;
    let failure = loop {
        match heard.next() {
            News::Committed(group) => committed = group.up_to.get(),
            News::Failed(failure) => break failure,
            News::Recovered => panic!("recovered before it failed"),
        }
    };
    assert!(failure.why.contains("full") && !failure.is_final, "{}", failure.why);
    let stored = folder.reader().verify().expect("can be read");
    assert_eq!((stored.n_entries, stored.broken_at), (committed, None));

    pages.store(1_000_000, Ordering::SeqCst);
    assert!(matches!(heard.next(), News::Recovered));
    heard.committed_up_to(1000);
    drop((jobs, stop));
    thread.join().expect("has not panicked").expect("all is written");
    assert_eq!(folder.reader().verify().expect("can be read").n_entries, 1000);
}

#[test]
fn closing_in_an_outage_tries_once_more_and_says_what_is_lost() {
    let folder = Folder::new();
    let (callbacks, heard) = callbacks();
    let (jobs, queue) = bounded(10);
    let (stop, stops) = bounded(0);
    let mut writing = Writing::new(folder.ledger(), callbacks, queue, stops);
    writing.page_limit = Some(Arc::new(AtomicU32::new(1)));
    let thread = std::thread::spawn(move || writing.run());
    let mut entry = stopped(1);
    entry.kind = EntryKind::KillEngaged { reason: "x".repeat(200_000) };
    jobs.send(Job { entry: Box::new(entry), approval: None }).expect("is queued");
    assert!(!heard.failed().is_final);
    drop((jobs, stop));
    let end = thread.join().expect("has not panicked");
    assert!(matches!(end, Err(CloseError::Unwritten { n_entries: 1, .. })), "{end:?}");
    assert!(heard.failed().is_final);
    assert!(heard.is_silent());
}

#[test]
fn entries_that_someone_else_wrote_end_the_writer() {
    let folder = Folder::new();
    let (writer, heard) = folder.writer();
    writer.append(stopped(1)).expect("is queued");
    heard.committed_up_to(1);
    folder
        .sql(r#"INSERT INTO entry (seq, body, hash) VALUES (2, '{}', zeroblob(32))"#)
        .expect("can be changed");
    writer.append(stopped(2)).expect("is queued");
    let mut last = heard.failed();
    if !last.is_final {
        last = heard.failed();
    }
    assert!(last.is_final && last.why.contains("did not write"), "{}", last.why);
    assert!(writer.close().is_err());
    assert!(heard.is_silent());
}
