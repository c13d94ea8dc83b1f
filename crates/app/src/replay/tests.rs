//! Days of recorded requests, looked at again.

use std::time::Duration;

use gatehouse_engine::{Engine, EngineConfig};
use gatehouse_ledger::EntryHash;
use gatehouse_types::{
    Actor, BotName, ConId, Contract, Currency, DataType, Decimal, EntrySeq, Family, Finding,
    Inputs, Intent, Money, OrderId, OrderKind, Outcome, Price, Qty, Refusal, Scope, SecType, Seen,
    SeenInstrument, SeenMoney, SeenQuote, Side, SignedQty, Stamp, Tif, TradingHours, Utc, Weight,
};

use super::*;
use crate::view::row;

const DAY_S: i64 = 86_400;
/// Monday 5 January 2026, 10:00 New York.
const MONDAY_S: i64 = 1_767_625_200;

fn bot() -> BotName {
    "momentum-spy".parse().expect("is a name")
}

fn px(text: &str) -> Option<Price> {
    Some(text.parse().expect("is a price"))
}

fn intent(quantity: i64) -> Intent {
    Intent {
        order_id: OrderId::new(1),
        contract: Contract {
            con_id: Some(ConId::new(756_733)),
            symbol: "SPY".to_owned(),
            sec_type: SecType::Stock,
            exchange: "SMART".to_owned(),
            primary_exchange: String::new(),
            currency: "USD".to_owned(),
            local_symbol: String::new(),
            trading_class: String::new(),
        },
        account: None,
        side: Side::Buy,
        quantity: Qty::try_new(Decimal::from(quantity)).expect("is a quantity"),
        kind: OrderKind::Limit { limit: px("100") },
        tif: Tif::Day,
        outside_rth: false,
        what_if: false,
        order_ref: String::new(),
        family: Family::alone(),
        features: Vec::new(),
    }
}

fn inputs() -> Inputs {
    let flat = Some(SignedQty::FLAT);
    Inputs {
        instrument: Some(SeenInstrument {
            con_id: ConId::new(756_733),
            symbol: "SPY".to_owned(),
            sec_type: SecType::Stock,
            currency: Currency::USD,
            min_tick: Decimal::new(1, 2),
            multiplier: Decimal::ONE,
        }),
        quote: Some(SeenQuote {
            bid: px("99.99"),
            ask: px("100.01"),
            last: None,
            age: Duration::from_millis(200),
            data: DataType::Live,
        }),
        hours: Some(TradingHours::Regular),
        price_move: Some(Decimal::ZERO),
        position: Seen { bot: flat, account: flat },
        working: Seen { bot: Some(Qty::ZERO), account: Some(Qty::ZERO) },
        net_liquidation: Some(SeenMoney {
            value: Money::new(Decimal::from(1_000_000), Currency::USD),
            age: Duration::from_secs(1),
        }),
        orders_today: Some(0),
        day_result: Seen::default(),
    }
}

fn judged(findings: Vec<Finding>, quantity: i64, inputs: Option<Inputs>) -> EntryKind {
    EntryKind::Judged {
        bot: bot(),
        intent: Box::new(intent(quantity)),
        replaces: None,
        verdict: Verdict { findings, is_exit: false, n_controls: 34 },
        policy_version: 1,
        frame: Vec::new(),
        inputs: inputs.map(Box::new),
    }
}

fn stored(seq: u64, day: i64, kind: EntryKind) -> StoredEntry {
    let at = Utc::from_nanos((MONDAY_S + day * DAY_S) * 1_000_000_000);
    let stamp = Stamp { utc: at, market: Some(at) };
    let entry = Entry { seq: EntrySeq::new(seq), stamp, actor: Actor::Bot(bot()), kind };
    StoredEntry { entry, hash: EntryHash::GENESIS }
}

fn allowed(seq: u64, day: i64, quantity: i64) -> StoredEntry {
    stored(seq, day, judged(Vec::new(), quantity, Some(inputs())))
}

/// The limits in force and some for the account. Without a Gateway the mode is LIVE, where symbols
/// have to be named.
fn replayer(edits: &[(LimitId, &str)]) -> Replayer {
    let edits = [(LimitId::Symbols, "SPY")].iter().chain(edits);
    let read = |(id, value): &(LimitId, &str)| {
        (Scope::Account, *id, Some(Some(id.parse(value).expect("is a value"))))
    };
    let engine = Engine::new(EngineConfig::new("test"));
    engine.replayer(edits.map(read).collect()).expect("makes sense")
}

/// Looks back at entries, oldest first, two at a time.
fn look(entries: &[StoredEntry], days: usize, edits: &[(LimitId, &str)]) -> Replay {
    let read = |before: Option<EntrySeq>| {
        let older = |it: &&StoredEntry| before.is_none_or(|before| it.entry.seq < before);
        Ok(entries.iter().rev().filter(older).take(2).cloned().collect())
    };
    let look = Look::back(&replayer(edits), days, read).expect("can be read");
    look.told(edits.iter().map(|(limit, _)| *limit).collect())
}

#[test]
fn a_tighter_limit_refuses_what_was_allowed_and_says_why() {
    let entries = [allowed(1, 0, 10), allowed(2, 0, 20), allowed(3, 1, 30)];
    let same = look(&entries, 5, &[]);
    assert_eq!((same.n_requests, same.n_changed, same.rows.len()), (3, 0, 0));
    let replay = look(&entries, 5, &[(LimitId::OrderQty, "15")]);
    assert_eq!((replay.n_requests, replay.n_changed, replay.n_newly_refused), (3, 2, 2));
    let days: Vec<_> =
        replay.days.iter().map(|it| (it.date.as_str(), it.n_requests, it.n_changed)).collect();
    assert_eq!(days, [("2026-01-05", 2, 1), ("2026-01-06", 1, 1)]);
    assert_eq!((replay.rows[0].seq, replay.rows[1].seq), (3, 2));
    assert_eq!(replay.rows[0].what, "BUY 30 SPY");
    assert_eq!(replay.rows[0].becomes, gatehouse_ipc::Outcome::Refused);
    assert!(replay.rows[0].sentence.contains("30") && replay.rows[0].sentence.contains("15"));
}

#[test]
fn a_looser_limit_allows_what_only_it_refused() {
    let refusal = Refusal::QuantityAbove { quantity: 10.into(), limit: 5.into() };
    let found = Finding { weight: Weight::Refuse, scope: Scope::Account, refusal };
    let entries = [stored(1, 0, judged(vec![found], 10, Some(inputs())))];
    let replay = look(&entries, 5, &[(LimitId::OrderQty, "100")]);
    assert_eq!((replay.n_newly_allowed, replay.n_newly_refused), (1, 0));
    assert_eq!(replay.rows[0].sentence, "No rule finds anything.");
}

#[test]
fn days_are_those_that_have_requests() {
    let entries = [allowed(1, 0, 10), allowed(2, 7, 20), allowed(3, 30, 30)];
    let n = |days| look(&entries, days, &[]).n_requests;
    assert_eq!([n(1), n(2), n(3650)], [1, 2, 3]);
}

#[test]
fn what_cannot_be_judged_again_is_counted_and_named() {
    let old = stored(1, 0, judged(Vec::new(), 10, None));
    let nothing = look(std::slice::from_ref(&old), 5, &[]);
    assert_eq!((nothing.n_requests, nothing.n_without_inputs), (0, 1));
    assert_eq!(nothing.missing.as_deref(), Some(NOTHING_RECORDED));
    let edits = [(LimitId::DuplicateWindow, "60"), (LimitId::OrderQty, "500")];
    let some = look(&[old, allowed(2, 0, 10)], 5, &edits);
    assert_eq!((some.n_requests, some.n_without_inputs), (1, 1));
    let missing = some.missing.expect("a part is missing");
    assert!(missing.starts_with("Not replayed: Same order again. "), "{missing}");
    assert_eq!(look(&[], 5, &[]).missing, None);
}

#[test]
fn the_row_of_a_verdict_shows_what_it_looked_at() {
    let rows = |kind| {
        let shown = row::row(&stored(1, 0, kind).entry, &[]).decision.expect("is a verdict");
        assert_eq!(shown.outcome, words::outcome(Outcome::Allow));
        shown.inputs
    };
    assert_eq!(rows(judged(Vec::new(), 10, None)), []);
    let shown = rows(judged(Vec::new(), 10, Some(inputs())));
    let price = shown.iter().find(|it| it.name == "Price used").expect("is shown");
    assert_eq!((price.value.as_str(), price.age_ms), ("100.01 ask", Some(200)));
}
