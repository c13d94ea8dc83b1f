//! The table of all controls: which of them judges what; then each with its numbers.

mod edges;
mod exits;
mod missing;
mod modifies;

use std::time::Duration;

use gatehouse_risk::{Connection, controls};
use gatehouse_testkit::{Clock, Contracted, intent};
use gatehouse_types::{Feature, LimitId, Mode, SecType, Side, TradingState};

use crate::bench::{Bench, bench, careful};

/// What a breach of one control does to each way an order can come.
struct Row {
    control: u8,
    breach: fn(Bench) -> Bench,
    modify: bool,
    exit: bool,
    what_if: bool,
}

const ROWS: [Row; 18] = [
    row(1, |b| b.with(|f| f.account = Some(gatehouse_types::AccountId::new("DU7"))), [true; 3]),
    row(1, |b| b.with(|f| f.instrument = Contracted::Ambiguous), [true, true, false]),
    row(3, |b| b.set(LimitId::OrderQty, "9"), [true, false, false]),
    row(4, |b| b.set(LimitId::OrderValue, "6599"), [true, false, false]),
    row(4, |b| b.set(LimitId::OrderValueShare, "0.6"), [true, false, false]),
    row(6, far_quote, [true, false, false]),
    row(10, penny, [true, false, false]),
    row(12, |b| b.with(|f| f.quote = None), [true, false, false]),
    row(20, option, [true, true, false]),
    row(22, with_feature, [true; 3]),
    row(26, sent_before, [false, true, false]),
    row(28, |b| b.set(LimitId::OrdersPerSecond, "0"), [true, true, false]),
    row(36, |b| b.set(LimitId::PositionShare, "0.5"), [true, false, false]),
    row(46, |b| b.with(|f| f.connection = Connection::NotReady("away")), [true, false, false]),
    row(48, |b| b.with(|f| f.mode = Mode::Live), [true; 3]),
    row(55, |b| b.with(|f| f.state.0 = TradingState::Paused), [true, false, false]),
    row(55, |b| b.with(|f| f.state.0 = TradingState::Halted), [true; 3]),
    row(56, |b| b.with(|f| f.ledger_writable = false), [true; 3]),
];

const fn row(control: u8, breach: fn(Bench) -> Bench, [modify, exit, what_if]: [bool; 3]) -> Row {
    Row { control, breach, modify, exit, what_if }
}

/// Far from the order's limit of 660.00, on the side that hurts.
fn far_quote(bench: Bench) -> Bench {
    let (bid, ask) = match bench.intent.side {
        Side::Buy => ("599.99", "600.00"),
        Side::Sell => ("720.00", "720.01"),
    };
    bench.set(LimitId::PriceCollar, "3").facts(|facts| facts.quoted(bid, ask))
}

fn penny(bench: Bench) -> Bench {
    bench.set(LimitId::MinPrice, "1000").set(LimitId::PennyValue, "6599")
}

fn option(bench: Bench) -> Bench {
    bench.with(|facts| {
        if let Contracted::Found(instrument) = &mut facts.instrument {
            instrument.sec_type = SecType::Other("OPT".to_owned());
        }
    })
}

fn with_feature(mut bench: Bench) -> Bench {
    bench.intent.features.push(Feature::Algo);
    bench
}

fn sent_before(bench: Bench) -> Bench {
    let (at, order) = (Clock::new().ago(Duration::from_secs(1)), bench.intent.clone());
    bench.set(LimitId::DuplicateWindow, "10").facts(|facts| facts.sent(at, &order, true))
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
fn each_breach_refuses_a_modify_but_the_duplicate_rule() {
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
    let mut rows: Vec<u8> = ROWS.iter().map(|row| row.control).collect();
    rows.dedup();
    assert_eq!(listed, rows);
    assert!(listed.is_sorted_by(|a, b| a < b));
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
    let bench = careful().intent(intent().buy(501).limit("700.00")).with(|facts| {
        facts.mode = Mode::Live;
        facts.state.0 = TradingState::Halted;
        facts.ledger_writable = false;
    });
    bench.check(&[
        "refuse GH-03 account: quantity 501 is above 500",
        "refuse GH-04 account: value 350700 USD is above 10000 USD",
        "refuse GH-06 account: price 700 is 6.07 % from 660, above 3 %",
        "refuse GH-36 account: the position would become 350700 USD, above 100000 USD",
        "refuse GH-48 account: LIVE accounts are watched, not traded yet",
        "refuse GH-55 account: trading is halted",
        "refuse GH-56 account: the ledger cannot be written",
    ]);
}
