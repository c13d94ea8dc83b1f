//! Every check with every outcome that it can have, from facts that are written down.

mod account;
mod machine;
mod place;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use gatehouse_tws::ServerVersion;
use gatehouse_types::ClientId;

use super::super::{
    Admission, Check, ClockFact, Facts, JavaFact, Known, Listener, Machine, Notice, Opening,
    Outcome, PlaceFact, Program, ProgramKind, QuoteFact, ReadOnly, Remedy, Settings, SleepFact,
    Visit, judge,
};
use crate::probe::Finding as Answer;

pub(super) const GB: u64 = 1_000_000_000;

pub(super) fn speaks(version: i32) -> Answer {
    Answer::Speaks {
        version: ServerVersion::new(version),
        time: "20260105 09:30:00 EST".to_owned(),
        took: Duration::from_millis(12),
    }
}

pub(super) fn program(kind: ProgramKind, name: &str) -> Program {
    Program { kind, name: name.to_owned(), pid: 4711 }
}

pub(super) fn place(address: &str, answer: Answer, listener: Listener) -> PlaceFact {
    let (is_local, is_open_to_others) = (true, false);
    PlaceFact { address: address.to_owned(), is_local, answer, listener, is_open_to_others }
}

pub(super) fn settings(pairs: &[(&str, &str)]) -> Settings {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

pub(super) fn notice(code: i32, text: &str) -> Notice {
    Notice { code, text: text.to_owned() }
}

fn visit() -> Visit {
    Visit {
        client_id: ClientId::new(7001),
        admission: Admission::Admitted { accounts: vec!["DU1234567".to_owned()] },
        notices: vec![notice(2104, "Market data farm connection is OK:usfarm")],
        read_only: ReadOnly::No,
        settings: Some(settings(&[("allowLocalhostOnly", "true"), ("readOnlyApi", "false")])),
        ahead_ms: Some(12),
        quote: QuoteFact::Kind(1),
    }
}

/// A paper Gateway on a machine that lacks nothing.
pub(super) fn healthy() -> Facts {
    let gateway = program(ProgramKind::Gateway, "java");
    Facts {
        place: Some(place("127.0.0.1:4002", speaks(226), Listener::Program(gateway.clone()))),
        others: Vec::new(),
        opening: Some(Opening { asked: visit(), spare: None }),
        clock: ClockFact::Ahead { ms: 12, within_ms: 1000 },
        machine: Machine {
            programs: Ok(vec![gateway]),
            installed: vec!["1037".to_owned()],
            java: JavaFact::Found {
                path: PathBuf::from("/jre/bin/java"),
                version: Some("17.0.10".to_owned()),
            },
            firewall: Ok(false),
            tunnels: Ok(Vec::new()),
            memory: Ok((6 * GB, 16 * GB)),
            load: Ok((120, 8)),
            disk: Ok((212 * GB, PathBuf::from("/data"))),
            sleep: SleepFact::Never,
        },
        known: Known::default(),
    }
}

pub(super) fn at(facts: &mut Facts) -> &mut PlaceFact {
    facts.place.as_mut().expect("there is one")
}

pub(super) fn visited(facts: &mut Facts) -> &mut Visit {
    &mut facts.opening.as_mut().expect("there is one").asked
}

/// What the running program knows is about the place.
pub(super) fn own(facts: &mut Facts) {
    facts.known.address = facts.place.as_ref().map(|place| place.address.clone());
}

/// No Gateway answers: what is known of one is gone.
pub(super) fn unanswered(facts: &mut Facts, answer: Answer, listener: Listener) {
    at(facts).answer = answer;
    at(facts).listener = listener;
    facts.opening = None;
    facts.clock = ClockFact::Unsaid;
}

pub(super) fn check(
    check: Check,
    outcome: Outcome,
    words: &str,
    remedy: Option<Remedy>,
    change: impl FnOnce(&mut Facts),
) {
    let mut facts = healthy();
    change(&mut facts);
    let report = judge(&facts);
    let found = report.of(check).expect("every check is judged");
    assert_eq!(found.outcome, outcome, "{found:?}");
    assert!(found.sentence.contains(words), "{words:?} is not in {found:?}");
    assert_eq!(found.remedy, remedy, "{found:?}");
    assert_eq!(
        found.next.is_some(),
        matches!(outcome, Outcome::Fail | Outcome::Warn),
        "who warns says what to do, and nobody else: {found:?}"
    );
    for finding in &report.findings {
        let sentence = &finding.sentence;
        assert!(sentence.ends_with('.') && !sentence.ends_with(".."), "{finding:?}");
        // Names of files begin as they do.
        let is_named = sentence.starts_with("python3 (") || sentence.starts_with("ssh (");
        let begins_small = sentence.chars().next().is_none_or(char::is_lowercase);
        assert!(is_named || !begins_small, "{finding:?}");
    }
}

#[test]
fn a_healthy_gateway_passes_every_check_once() {
    let report = judge(&healthy());
    assert_eq!(report.count(Outcome::Pass), Check::ALL.len(), "{report:#?}");
    let judged: BTreeSet<Check> = report.findings.iter().map(|finding| finding.check).collect();
    assert_eq!(judged.len(), Check::ALL.len());
    let ids: BTreeSet<&str> = Check::ALL.iter().map(|check| check.id()).collect();
    assert_eq!(ids.len(), Check::ALL.len());
    assert_eq!(report.address.as_deref(), Some("127.0.0.1:4002"));
    assert_eq!(report.settings.map(|(account, _)| account).as_deref(), Some("DU1234567"));
}

#[test]
fn what_failed_comes_first_and_one_cause_is_one_failure() {
    let mut facts = healthy();
    unanswered(&mut facts, Answer::Refused, Listener::Nobody);
    facts.machine.programs = Ok(Vec::new());
    facts.machine.tunnels = Ok(vec!["wg0".to_owned()]);
    let report = judge(&facts);
    let outcomes: Vec<Outcome> = report.findings.iter().map(|finding| finding.outcome).collect();
    assert!(outcomes.is_sorted(), "{outcomes:?}");
    let failed: Vec<Check> = report
        .findings
        .iter()
        .filter(|finding| finding.outcome == Outcome::Fail)
        .map(|finding| finding.check)
        .collect();
    assert_eq!(failed, [Check::Process, Check::Port]);
}
