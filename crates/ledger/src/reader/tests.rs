//! Pages, replay, export; what happens to a file that was tampered with is in `tampering`.

mod tampering;

use gatehouse_types::{BotName, EntryKind, EntrySeq, OrderRef, Outcome, Utc};

use super::{ReadError, Reader};
use crate::filter::{Calendar, Filter, Order, Page, Span, kind_name};
use crate::fixture::Folder;
use crate::samples;

const ALL: Page = Page { order: Order::OldestFirst, limit: u32::MAX };

fn places(reader: &mut Reader, filter: &Filter) -> Vec<u64> {
    let found = reader.entries(filter, ALL).expect("can be read");
    let count = reader.count(filter).expect("can be counted");
    assert_eq!(u64::try_from(found.len()), Ok(count), "the count of {filter:?} differs");
    found.iter().map(|stored| stored.entry.seq.get()).collect()
}

/// The places of the samples for which `is_meant` holds.
fn expected(is_meant: impl Fn(&EntryKind) -> bool) -> Vec<u64> {
    let samples = samples::every_kind();
    let meant = samples.iter().filter(|entry| is_meant(&entry.kind));
    meant.map(|entry| entry.seq.get()).collect()
}

#[test]
fn reads_every_kind_back_as_it_was_written() {
    let folder = Folder::with_every_kind();
    let mut reader = folder.reader();
    let replayed: Vec<_> = reader.replay().map(|stored| stored.expect("holds").entry).collect();
    assert_eq!(replayed, samples::every_kind());
    let paged = reader.entries(&Filter::default(), ALL).expect("can be read");
    assert_eq!(paged.into_iter().map(|stored| stored.entry).collect::<Vec<_>>(), replayed);
    for entry in replayed {
        let stored = reader.entry(entry.seq).expect("can be read");
        assert_eq!(stored.map(|stored| stored.entry), Some(entry));
    }
    for absent in [0, 10_000, u64::MAX] {
        assert_eq!(reader.entry(EntrySeq::new(absent)).expect("can be read"), None);
    }
}

#[test]
fn finds_by_kind() {
    let folder = Folder::with_every_kind();
    let mut reader = folder.reader();
    for sample in samples::every_kind() {
        let kind = kind_name(&sample.kind);
        let filter = Filter { kinds: vec![kind.to_owned()], ..Filter::default() };
        assert_eq!(places(&mut reader, &filter), expected(|other| kind_name(other) == kind));
    }
    let kinds = vec!["judged".to_owned(), "filled".to_owned()];
    let filter = Filter { kinds, ..Filter::default() };
    let meant =
        |kind: &EntryKind| matches!(kind, EntryKind::Judged { .. } | EntryKind::Filled { .. });
    assert_eq!(places(&mut reader, &filter), expected(meant));
}

#[test]
fn finds_by_outcome_also_what_was_never_judged() {
    let folder = Folder::with_every_kind();
    let mut reader = folder.reader();
    let check = |outcome: Outcome, reader: &mut Reader| {
        let filter = Filter { outcome: Some(outcome), ..Filter::default() };
        let meant = |kind: &EntryKind| {
            if let EntryKind::Judged { verdict, .. } = kind {
                return verdict.outcome() == outcome;
            }
            let is_unjudged =
                matches!(kind, EntryKind::NotJudged { .. } | EntryKind::RefusalsCounted { .. });
            is_unjudged && outcome == Outcome::Refuse
        };
        let found = places(reader, &filter);
        assert!(!found.is_empty());
        assert_eq!(found, expected(meant));
    };
    for outcome in [Outcome::Allow, Outcome::Warn, Outcome::Hold, Outcome::Refuse] {
        check(outcome, &mut reader);
    }
}

#[test]
fn finds_by_bot_order_and_symbol() {
    let folder = Folder::with_every_kind();
    let mut reader = folder.reader();
    let text = |entry: &gatehouse_types::Entry| {
        let body = crate::body::encode(entry);
        let body = String::from_utf8(body).expect("is text");
        let (_, data) = body.split_once(r#""kind""#).expect("has a kind");
        data.to_owned()
    };
    // Whatever names the bot in its data belongs to the bot, but for settings of its scope.
    let of = |word: &str| -> Vec<u64> {
        let samples = samples::every_kind();
        let meant = samples.iter().filter(|entry| text(entry).contains(word));
        meant.map(|entry| entry.seq.get()).collect()
    };
    let by_bot = |bot: BotName| Filter { bot: Some(bot), ..Filter::default() };
    let mut meant = of(r#""bot":"momentum-spy""#);
    meant.extend(of(r#""name":"momentum-spy""#));
    meant.sort_unstable();
    assert_eq!(places(&mut reader, &by_bot(samples::bot())), meant);
    assert_eq!(places(&mut reader, &by_bot(BotName::desk())).len(), 1);

    let mut meant = of(r#""order":{"bot":"momentum-spy","order_id":1190}"#);
    meant.extend(of(r#""bot":"momentum-spy","intent":{"order_id":1190"#));
    meant.sort_unstable();
    let filter = Filter { order: Some(samples::order_ref()), ..Filter::default() };
    assert_eq!(places(&mut reader, &filter), meant);
    let other = OrderRef { order_id: gatehouse_types::OrderId::new(1), ..samples::order_ref() };
    let filter = Filter { order: Some(other), ..Filter::default() };
    assert!(places(&mut reader, &filter).is_empty());

    let filter = Filter { symbol: Some("SPY".to_owned()), ..Filter::default() };
    let meant =
        |kind: &EntryKind| matches!(kind, EntryKind::Judged { .. } | EntryKind::Filled { .. });
    assert_eq!(places(&mut reader, &filter), expected(meant));
}

#[test]
fn finds_by_time_on_either_calendar() {
    let folder = Folder::with_every_kind();
    let mut reader = folder.reader();
    let samples = samples::every_kind();
    for calendar in [Calendar::Machine, Calendar::Market] {
        let at = |entry: &gatehouse_types::Entry| match calendar {
            Calendar::Machine => Some(entry.stamp.utc),
            Calendar::Market => entry.stamp.market,
        };
        let from = at(&samples[9]).expect("has both times");
        let to = at(&samples[18]).expect("has both times");
        let filter = Filter { span: Some(Span { calendar, from, to }), ..Filter::default() };
        let meant = |entry: &&gatehouse_types::Entry| {
            at(entry).is_some_and(|at: Utc| from <= at && at < to)
        };
        let meant: Vec<_> = samples.iter().filter(meant).map(|it| it.seq.get()).collect();
        assert!(meant.contains(&10) && !meant.contains(&19));
        assert_eq!(places(&mut reader, &filter), meant);
    }
}

#[test]
fn pages_from_either_end() {
    let folder = Folder::with_every_kind();
    let mut reader = folder.reader();
    let mut page = |order, limit, after, before| -> Vec<u64> {
        let filter = Filter {
            after: Some(EntrySeq::new(after)),
            before: Some(EntrySeq::new(before)),
            ..Filter::default()
        };
        let found = reader.entries(&filter, Page { order, limit }).expect("can be read");
        found.iter().map(|stored| stored.entry.seq.get()).collect()
    };
    assert_eq!(page(Order::NewestFirst, 3, 0, 20), [19, 18, 17]);
    assert_eq!(page(Order::OldestFirst, 3, 17, 20), [18, 19]);
    assert_eq!(page(Order::OldestFirst, 0, 0, 20), [0; 0]);
    assert_eq!(page(Order::NewestFirst, 9, 0, u64::MAX).len(), 9);
}

#[test]
fn sees_what_the_writer_committed_meanwhile() {
    let folder = Folder::new();
    let (writer, heard) = folder.writer();
    let mut reader = folder.reader();
    for seq in 1..=5 {
        writer.append(samples::allowed(seq)).expect("is queued");
        heard.committed_up_to(seq);
        assert_eq!(reader.count(&Filter::default()).expect("can be read"), seq);
        assert_eq!(reader.verify().expect("can be read").n_entries, seq);
    }
}

#[test]
fn knows_the_account_that_a_gateway_named_first() {
    let connected = |seq, account: &str| {
        let (address, account) = ("127.0.0.1:4002".to_owned(), account.to_owned());
        let mode = gatehouse_types::Mode::Paper;
        let kind = EntryKind::GatewayConnected { address, mode, account };
        samples::entry(seq, gatehouse_types::Actor::Gatehouse, kind)
    };
    let account = |folder: &Folder| folder.reader().account().expect("can be read");
    assert_eq!(account(&Folder::holding(&[samples::allowed(1)])), None);
    let folder = Folder::holding(&[connected(1, "DU1"), connected(2, "DU2")]);
    assert_eq!(account(&folder), Some(gatehouse_types::AccountId::new("DU1")));
}

#[test]
fn exports_each_body_as_it_is_stored() {
    let folder = Folder::with_every_kind();
    let mut out = Vec::new();
    let filter = Filter { after: Some(EntrySeq::new(50)), ..Filter::default() };
    assert_eq!(folder.reader().export_jsonl(&filter, &mut out).expect("is written"), 21);
    let text = String::from_utf8(out).expect("is text");
    let stored = folder.reader().entries(&filter, ALL).expect("can be read");
    for (line, stored) in text.lines().zip(&stored) {
        let body = String::from_utf8(crate::body::encode(&stored.entry)).expect("is text");
        assert_eq!(line, format!(r#"{{"hash":"{}","entry":{body}}}"#, stored.hash));
    }
}

#[test]
fn exports_more_than_one_chunk_once_each() {
    let entries: Vec<_> = (1..=1100).map(samples::allowed).collect();
    let folder = Folder::holding(&entries);
    let mut out = Vec::new();
    let n_lines = folder.reader().export_jsonl(&Filter::default(), &mut out);
    assert_eq!(n_lines.expect("is written"), 1100);
    let mut lines: Vec<_> = out.split(|byte| *byte == b'\n').collect();
    lines.dedup();
    assert_eq!(lines.len(), 1101, "and one empty rest");
    assert_eq!(folder.reader().replay().filter_map(Result::ok).count(), 1100);
}

#[test]
fn says_that_there_is_no_ledger() {
    let folder = Folder::new();
    assert!(matches!(Reader::open(&folder.file()), Err(ReadError::Open { .. })));
    assert!(!folder.file().exists());
}

#[test]
fn an_empty_ledger_verifies() {
    let folder = Folder::holding(&[]);
    let verified = folder.reader().verify().expect("can be read");
    assert_eq!((verified.n_entries, verified.broken_at), (0, None));
    assert_eq!(folder.reader().replay().count(), 0);
}

#[test]
fn counts_each_stretch_of_time_and_what_was_refused_in_it() {
    let folder = Folder::with_every_kind();
    let mut reader = folder.reader();
    let width_ns = 10_000_000_000;
    for calendar in [Calendar::Machine, Calendar::Market] {
        let of = |filter: &Filter| {
            let at = |seq| {
                let entry = &samples::every_kind()[usize::try_from(seq - 1).expect("fits")];
                match calendar {
                    Calendar::Machine => Some(entry.stamp.utc),
                    Calendar::Market => entry.stamp.market,
                }
            };
            let mut counts = std::collections::BTreeMap::<i64, u32>::new();
            for at in places(&mut folder.reader(), filter).into_iter().filter_map(at) {
                *counts.entry(at.nanos().div_euclid(width_ns) * width_ns).or_default() += 1;
            }
            counts
        };
        let all = of(&Filter::default());
        let refused = of(&Filter { outcome: Some(Outcome::Refuse), ..Filter::default() });
        assert!(refused.len() > 1 && all.len() > refused.len(), "the samples tell nothing");
        let found = reader.density(&Filter::default(), calendar, width_ns).expect("can be counted");
        let expected: Vec<(Utc, u32, u32)> = all
            .into_iter()
            .map(|(at, n)| (Utc::from_nanos(at), n, refused.get(&at).copied().unwrap_or(0)))
            .collect();
        assert_eq!(found, expected);
        let allowed = Filter { outcome: Some(Outcome::Allow), ..Filter::default() };
        let found = reader.density(&allowed, calendar, width_ns).expect("can be counted");
        assert!(!found.is_empty() && found.iter().all(|(_, _, refused)| *refused == 0));
    }
}
