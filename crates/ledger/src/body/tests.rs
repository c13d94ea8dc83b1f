//! The form of entries is frozen: read back, byte for byte, and refused where it differs.

use std::collections::BTreeSet;

use gatehouse_types::{
    Actor, Decimal, EntryKind, EntrySeq, Family, Finding, Inputs, OrderId, Price, Qty, Refusal,
    Scope, Weight,
};
use proptest::prelude::*;

use super::{decode, encode};
use crate::filter::{kind_name, outcome_name};
use crate::hash::EntryHash;
use crate::samples;

/// The stored form of one entry of every kind. The format is final: lines may be added with new
/// kinds, a line that is here never changes.
const GOLDEN: &str = include_str!("golden.jsonl");

#[test]
fn every_kind_reads_back_as_it_was() {
    for entry in samples::every_kind() {
        let body = encode(&entry);
        let read = decode(&body).expect("can be read");
        assert_eq!(read, entry);
        assert_eq!(encode(&read), body, "the bytes of entry {} changed", entry.seq);
    }
}

#[test]
fn the_bytes_of_every_kind_are_final() {
    let entries = samples::every_kind();
    assert_eq!(GOLDEN.lines().count(), entries.len());
    for (entry, line) in entries.iter().zip(GOLDEN.lines()) {
        assert_eq!(String::from_utf8_lossy(&encode(entry)), line);
        assert_eq!(decode(line.as_bytes()).expect("can be read"), *entry);
    }
}

#[test]
fn a_family_reads_back_and_an_order_alone_has_none() {
    let mut intent = samples::intent();
    let judged = |intent| samples::judged(intent, samples::verdict(vec![]), vec![3]);
    let alone = samples::entry(1, Actor::Broker, judged(intent.clone()));
    assert!(!String::from_utf8_lossy(&encode(&alone)).contains("family"));
    intent.family = Family {
        parent_id: Some(OrderId::new(8)),
        oca_group: "one".to_owned(),
        oca_type: Some(1),
        transmit: false,
    };
    let member = samples::entry(1, Actor::Broker, judged(intent));
    assert_eq!(decode(&encode(&member)).expect("can be read"), member);
}

#[test]
fn a_verdict_reads_back_with_what_it_was_judged_by() {
    let check = |inputs: Inputs| {
        let bare = samples::judged(samples::intent(), samples::verdict(vec![]), vec![3]);
        let seen = samples::entry(1, Actor::Broker, samples::judged_by(bare, inputs));
        assert_eq!(decode(&encode(&seen)).expect("can be read"), seen);
    };
    check(samples::inputs());
    check(Inputs::default());
}

#[test]
fn a_verdict_of_an_earlier_format_has_no_inputs_and_keeps_its_bytes() {
    let old = String::from_utf8(encode(&samples::allowed(1))).expect("is text");
    assert!(!old.contains("inputs"));
    let read = decode(old.as_bytes()).expect("can be read");
    assert!(matches!(&read.kind, EntryKind::Judged { inputs: None, .. }));
    assert_eq!(encode(&read), old.as_bytes());
    let spelled = old.replace(r#"}}"#, r#","inputs":null}}"#);
    assert!(decode(spelled.as_bytes()).is_err(), "null is not how nothing is written");
}

#[test]
fn the_rule_of_the_chain_is_final() {
    let head = (1..).zip(GOLDEN.lines()).fold(EntryHash::GENESIS, |head, (seq, line)| {
        head.chain(EntrySeq::new(seq), line.as_bytes())
    });
    // Computed by tests/python/verify_chain.py as well.
    let known = "e42975fa0e750442c42d00ade4f6edf0fd64ff1f3b6f8030d986563393e6e040";
    assert_eq!(head.to_string(), known);
}

/// Serde lists every name it knows when it is given one that it does not.
fn names_known_for(body: &str) -> BTreeSet<String> {
    let error = decode(body.as_bytes()).expect_err("has an unknown name").0.to_string();
    let (_, list) = error.split_once("expected one of ").expect("lists the names");
    list.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_samples_hold_every_kind_and_kind_name_agrees() {
    let known = names_known_for(
        r#"{"seq":1,"utc_ns":1,"market_ns":null,"actor":"broker","kind":"?","data":{}}"#,
    );
    let named =
        samples::every_kind().iter().map(|entry| kind_name(&entry.kind).to_owned()).collect();
    assert_eq!(known, named);
    for entry in samples::every_kind() {
        let body = String::from_utf8(encode(&entry)).expect("is text");
        let kind = format!(r#""kind":"{}""#, kind_name(&entry.kind));
        assert!(body.contains(&kind), "{body} has not {kind}");
    }
}

#[test]
fn the_samples_hold_every_refusal() {
    let known = names_known_for(
        r#"{"seq":1,"utc_ns":1,"market_ns":null,"actor":"broker","kind":"refusals-counted","data":{"bot":"b","count":1,"last":"?"}}"#,
    );
    let lists = [samples::refusals(), samples::refusals_of_books(), samples::refusals_of_rules()];
    assert_eq!(known.len(), lists.iter().map(Vec::len).sum::<usize>());
}

#[test]
fn the_outcome_is_written_as_the_filter_asks_for_it() {
    for kind in samples::judgements() {
        let EntryKind::Judged { verdict, .. } = &kind else { unreachable!("is judged") };
        let outcome = format!(r#""verdict":{{"outcome":"{}""#, outcome_name(verdict.outcome()));
        let body = encode(&samples::entry(1, gatehouse_types::Actor::Person, kind.clone()));
        assert!(String::from_utf8(body).expect("is text").contains(&outcome));
    }
}

#[test]
fn refuses_what_it_did_not_write() {
    let good = String::from_utf8(encode(&samples::allowed(1))).expect("is text");
    let check = |from: &str, to: &str| {
        assert!(good.contains(from), "{from} is not in {good}");
        let bad = good.replacen(from, to, 1);
        assert!(decode(bad.as_bytes()).is_err(), "was taken: {bad}");
    };
    check(r#""seq":1,"#, "");
    check(r#""seq":1"#, r#""seq":-1"#);
    check(r#""seq":1"#, r#""seq":1.0"#);
    check(r#""utc_ns""#, r#""utc""#);
    check(r#""actor":"bot:momentum-spy""#, r#""actor":"bot:Momentum""#);
    check(r#""actor":"bot:momentum-spy""#, r#""actor":"someone""#);
    check(r#""kind":"judged""#, r#""kind":"allowed""#);
    check(r#""outcome":"allow""#, r#""outcome":"refuse""#);
    check(r#""quantity":"15""#, r#""quantity":15"#);
    check(r#""quantity":"15""#, r#""quantity":"-15""#);
    check(r#""what_if":false"#, r#""what_if":false,"what_if":true"#);
    check(r#""what_if":false"#, r#""what_if":false,"more":1"#);
    check(r#""replaces":null,"#, r#""replaces":"4","#);
    check(r#""frame":"00"#, r#""frame":"0"#);
    check(r#""frame":"0007"#, r#""frame":"000G"#);
    check(r#""order_ref":"#, r#""order_reference":"#);
    check("{", " {{");
    assert!(decode(format!("{good}{good}").as_bytes()).is_err(), "two were taken for one");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_number_and_bytes_read_back_as_they_were(
        text in any::<String>(),
        symbol in any::<String>(),
        mantissa in any::<i64>(),
        scale in 0_u32..=28,
        frame in any::<Vec<u8>>(),
        order_id in any::<i32>(),
        seq in 1..u64::MAX,
    ) {
        let value = Decimal::new(mantissa, scale);
        let mut intent = samples::intent();
        intent.order_id = gatehouse_types::OrderId::new(order_id);
        intent.order_ref.clone_from(&text);
        intent.contract.symbol = symbol;
        intent.quantity = Qty::try_new(value.abs()).expect("is not negative");
        intent.kind = gatehouse_types::OrderKind::Limit { limit: Some(Price::new(value)) };
        let finding = Finding {
            weight: Weight::Warn,
            scope: Scope::Account,
            refusal: Refusal::QuantityNear { quantity: value, limit: value },
        };
        let mut entry = samples::allowed(1);
        entry.seq = gatehouse_types::EntrySeq::new(seq);
        entry.kind = samples::judged(intent, samples::verdict(vec![finding]), frame);
        let body = encode(&entry);
        prop_assert!(!body.contains(&b'\n') && !body.contains(&0));
        let read = decode(&body).expect("can be read");
        prop_assert_eq!(encode(&read), body);
        prop_assert_eq!(read, entry);
    }
}
