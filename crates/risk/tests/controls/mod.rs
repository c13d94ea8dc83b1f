//! The controls that have no limit, and which orders they judge; then the table of all limits, and
//! each control with its numbers.

mod edges;
mod exits;
mod missing;
mod modifies;
mod sums;
mod table;

use gatehouse_risk::{Connection, controls};
use gatehouse_testkit::{Contracted, intent};
use gatehouse_types::{Feature, LimitId, Mode, SecType, TradingState};

use crate::bench::{Bench, bench, careful};

/// What a breach of one control does to each way an order can come.
struct Row {
    control: u8,
    breach: fn(Bench) -> Bench,
    modify: bool,
    exit: bool,
    what_if: bool,
}

const ROWS: [Row; 11] = [
    row(1, |b| b.with(|f| f.account = Some(gatehouse_types::AccountId::new("DU7"))), [true; 3]),
    row(1, |b| b.with(|f| f.instrument = Contracted::Ambiguous), [true, true, false]),
    row(12, |b| b.with(|f| f.quote = None), [true, false, false]),
    row(14, |b| b.facts(|f| f.quoted("660.01", "660.00")), [true, false, false]),
    row(20, future, [true, false, false]),
    row(22, with_feature, [true; 3]),
    row(46, |b| b.with(|f| f.connection = Connection::NotReady("away")), [true, false, false]),
    row(48, |b| b.with(|f| f.account = None), [true; 3]),
    row(55, |b| b.with(|f| f.state.0 = TradingState::Paused), [true, false, false]),
    row(55, |b| b.with(|f| f.state.0 = TradingState::Halted), [true; 3]),
    row(56, |b| b.with(|f| f.ledger_writable = false), [true; 3]),
];

const fn row(control: u8, breach: fn(Bench) -> Bench, [modify, exit, what_if]: [bool; 3]) -> Row {
    Row { control, breach, modify, exit, what_if }
}

fn future(bench: Bench) -> Bench {
    bench.with(|facts| {
        if let Contracted::Found(instrument) = &mut facts.instrument {
            instrument.sec_type = SecType::Other("FUT".to_owned());
        }
    })
}

fn with_feature(mut bench: Bench) -> Bench {
    bench.intent.features.push(Feature::Hedge);
    bench
}

/// Applies the breach and checks that this control alone refuses, or that none does.
#[track_caller]
fn check(row: &Row, base: Bench, way: &str, refuses: bool) {
    assert!(base.verdict().findings.is_empty(), "{way} is refused without a breach");
    let mut base = base;
    if row.control == 1 {
        base.intent.account = Some(gatehouse_types::AccountId::new("DU1234567"));
    }
    let verdict = (row.breach)(base).verdict();
    let found: Vec<u8> =
        verdict.findings.iter().map(|finding| finding.refusal.control().number()).collect();
    let expected = if refuses { vec![row.control] } else { Vec::new() };
    assert_eq!(found, expected, "GH-{:02} and {way}: {verdict:?}", row.control);
}

#[test]
fn each_breach_refuses_a_new_entry_by_its_control_alone() {
    for row in &ROWS {
        check(row, bench(), "a new entry", true);
    }
}

#[test]
fn each_breach_refuses_a_modify() {
    for row in &ROWS {
        // One share more than before, so that it does not only soften.
        let base = bench().facts(|facts| facts.replacing(intent().buy(9).build()));
        check(row, base, "a modify", row.modify);
    }
}

#[test]
fn an_exit_passes_the_limits_of_entries_and_nothing_else() {
    for row in &ROWS {
        let base = bench().facts(|facts| facts.holding(10)).intent(intent().sell(10));
        // What hides the contract hides that it is an exit, and other input is not missing.
        check(row, base, "an exit", row.exit);
    }
}

#[test]
fn a_question_about_margin_passes_the_limits_and_is_stopped_by_a_halt() {
    for row in &ROWS {
        check(row, bench().intent(intent().what_if()), "a question", row.what_if);
    }
}

#[test]
fn every_control_has_a_row_and_stands_once_in_the_list_in_order() {
    let listed: Vec<u8> = controls::ALL.iter().map(|control| control.id.number()).collect();
    assert!(listed.is_sorted_by(|a, b| a < b));
    let of_limits = LimitId::ALL.iter().map(|id| id.control().number());
    let rows: std::collections::BTreeSet<u8> =
        ROWS.iter().map(|row| row.control).chain(of_limits).collect();
    assert!(rows.iter().eq(&listed), "{rows:?}");
}

#[test]
fn every_limit_belongs_to_the_control_that_its_name_says() {
    for id in LimitId::ALL {
        let owners: Vec<_> = controls::ALL
            .iter()
            .filter(|control| control.limits.contains(id))
            .map(|control| control.id)
            .collect();
        assert_eq!(owners, [id.control()], "{id}");
    }
}

#[test]
fn the_ordinary_order_passes_the_careful_profile() {
    let verdict = careful().verdict();
    assert!(verdict.findings.is_empty(), "{verdict:?}");
    assert_eq!((verdict.is_exit, verdict.n_controls), (false, controls::ALL.len()));
}

#[test]
fn every_reason_is_reported() {
    let mut bench =
        crate::bench::of(&[LimitId::OrderQty, LimitId::OrderValue, LimitId::PriceCollar])
            .intent(intent().buy(501).limit("700.00"));
    bench = bench.with(|facts| {
        facts.mode = Mode::Live;
        facts.state.0 = TradingState::Halted;
        facts.ledger_writable = false;
    });
    bench.check(&[
        "refuse GH-03 account: quantity 501 is above 500",
        "refuse GH-04 account: value 350700 USD is above 10000 USD",
        "refuse GH-06 account: price 700 is 6.07 % from 660, above 3 %",
        "refuse GH-18 account: a live account needs a list of allowed symbols",
        "refuse GH-48 account: LIVE accounts are watched, not traded yet",
        "refuse GH-55 account: trading is halted",
        "refuse GH-56 account: the ledger cannot be written",
    ]);
}
