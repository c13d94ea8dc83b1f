//! From a bot's frame to the writer.

use gatehouse_types::{EntryKind, OrderId, OrderStatus, Refusal, Side};

use super::driver::{A, B, World, bot, instrument, limit, placed};
use crate::{DeskNews, Effect, Input};

#[test]
fn an_allowed_order_is_released_after_its_record_and_counts_before() {
    let mut world = World::ready();
    world.commits = false;
    let entry = world.buy(A, 1, 10).unwrap();
    assert_eq!(world.n_released(), 0);
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Recording));
    assert_eq!(world.exposure(A, 1), 10.into());
    world.input(Input::Committed { up_to: gatehouse_types::EntrySeq::new(entry.get() - 1) });
    assert_eq!(world.n_released(), 0);
    world.effects.clear();
    world.commit();
    assert_eq!(world.n_released(), 1);
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Sent));
}

#[test]
fn a_refused_order_is_answered_with_201_and_one_sentence_and_recorded() {
    let mut world = World::ready();
    world.quote();
    world.frame(A, placed(1, Side::Buy, 50_000, &limit("100")));
    let text = "Order rejected - Gatehouse GH-03: quantity 50000 is above 500 (bot momentum-spy)";
    assert_eq!(world.answers(), [(1, 201, text)]);
    assert!(world.has(|kind| matches!(kind, EntryKind::Judged { verdict, frame, .. }
        if !verdict.may_send() && frame == b"1 50000")));
    assert_eq!(world.status_of(A, 1), None);
}

#[test]
fn answers_are_ascii_and_at_most_300_bytes() {
    let mut world = World::ready();
    let detail = "\u{fc}\n".repeat(400);
    let decoded = Err((Some(OrderId::new(4)), detail));
    world.input(Input::Place { bot: bot(A), body: vec![1], decoded });
    let answers = world.answers();
    assert_eq!((answers[0].0, answers[0].1), (4, 201));
    assert!(answers[0].2.len() <= 300 && answers[0].2.bytes().all(|b| (32..127).contains(&b)));
    assert!(world.has(|kind| matches!(kind, EntryKind::NotJudged { frame, .. } if frame == &[1])));
}

#[test]
fn a_frame_whose_id_cannot_be_read_is_answered_too() {
    let mut world = World::ready();
    let decoded = Err((None, "empty".to_owned()));
    world.input(Input::Place { bot: bot(A), body: Vec::new(), decoded });
    assert_eq!(world.answers()[0].0, -1);
}

#[test]
fn an_order_that_is_not_recorded_in_a_second_is_void_and_answered() {
    let mut world = World::ready();
    world.commits = false;
    let entry = world.buy(A, 1, 10).unwrap();
    world.wait(999);
    assert!(world.voided.is_empty());
    world.wait(1);
    assert!(world.voided.contains(&entry));
    assert_eq!(world.answers()[0].1, 201);
    assert_eq!(world.exposure(A, 1), 0.into());
    world.commit();
    assert_eq!(world.n_released(), 0);
    assert!(world.has(|kind| matches!(kind, EntryKind::Withdrawn { intent, .. }
        if *intent == entry)));
}

#[test]
fn the_frames_of_a_bot_keep_their_order_and_a_change_waits_for_its_order() {
    let mut world = World::ready();
    (world.commits, world.writes) = (false, false);
    let first = world.buy(A, 1, 10).unwrap();
    let change = world.buy(A, 1, 12).unwrap();
    let second = world.buy(A, 2, 13).unwrap();
    let other = world.buy(B, 1, 14).unwrap();
    world.effects.clear();
    world.commit();
    assert_eq!(world.released.iter().copied().collect::<Vec<_>>(), [first, other]);
    world.input(Input::Sent { entry: first });
    assert!(world.released.contains(&change) && world.released.contains(&second));
}

#[test]
fn a_change_is_withdrawn_with_its_order() {
    let mut world = World::ready();
    (world.commits, world.writes) = (false, false);
    let first = world.buy(A, 1, 10).unwrap();
    let change = world.buy(A, 1, 12).unwrap();
    world.commit();
    world.input(Input::NotSent { entry: first });
    assert!(world.voided.contains(&change));
    assert_eq!(world.answers().len(), 1);
    assert_eq!(world.status_of(A, 1), None);
}

#[test]
fn an_order_waits_three_seconds_for_details_and_later_ones_queue_behind_it() {
    let mut world = World::ready();
    world.quote();
    let (wire, contract) = World::unknown_contract("SPY");
    let mut question = placed(1, Side::Buy, 10, &limit("100"));
    question.contract = wire;
    world.frame(A, question);
    assert!(world.effects.iter().any(|it| matches!(it, Effect::WantInstrument(_))));
    world.frame(A, placed(2, Side::Buy, 11, &limit("100")));
    assert!(world.status_of(A, 2).is_none() && world.answers().is_empty());
    world.desk(DeskNews::Instrument { asked: contract, found: Ok(instrument()) });
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Sent));
    assert_eq!(world.status_of(A, 2), Some(OrderStatus::Sent));
}

#[test]
fn details_that_do_not_come_in_three_seconds_refuse() {
    let mut world = World::ready();
    let mut question = placed(1, Side::Buy, 10, &limit("100"));
    question.contract = World::unknown_contract("NOPE").0;
    world.frame(A, question);
    world.wait(2999);
    assert!(world.answers().is_empty());
    world.wait(1);
    assert!(world.answers()[0].2.contains("GH-01: contract NOPE is not known"));
}

#[test]
fn an_order_waits_for_a_fresh_quote() {
    let mut world = World::ready();
    world.quote();
    world.wait(6000);
    world.frame(A, placed(1, Side::Buy, 10, &limit("100")));
    assert!(world.effects.iter().any(|it| matches!(it, Effect::WantQuote(_))));
    assert!(world.status_of(A, 1).is_none());
    world.quote();
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Sent));
}

#[test]
fn a_spelling_that_contradicts_the_contract_it_names_is_refused() {
    let mut world = World::ready();
    world.quote();
    let mut question = placed(1, Side::Buy, 10, &limit("100"));
    question.contract.symbol = "AAPL".to_owned();
    world.frame(A, question);
    assert!(world.answers()[0].2.contains("ambiguous"), "{:?}", world.answers());
}

#[test]
fn a_used_id_is_refused_and_a_refused_id_may_come_again() {
    let mut world = World::ready();
    assert!(world.buy(A, 5, 9999).is_none());
    assert!(world.buy(A, 5, 10).is_some());
    world.status(A, 5, gatehouse_tws::answer::BrokerStatus::Cancelled, (0, 10));
    assert!(world.buy(A, 5, 11).is_none());
    assert!(world.answers()[0].2.contains("GH-91: order id 5 was used before"));
    let mut world = world.crash();
    world.connect();
    world.reconcile();
    assert!(world.buy(A, 5, 11).is_none());
}

#[test]
fn the_mark_of_order_ids_survives_a_crash() {
    let mut world = World::ready();
    world.buy(A, 41, 10).unwrap();
    let mut world = world.crash();
    world.input(Input::LinkUp { bot: bot(A) });
    assert!(
        world
            .effects
            .iter()
            .any(|it| matches!(it, Effect::HighWater { next, .. } if next.get() == 42))
    );
}

#[test]
fn a_refused_change_keeps_the_order_alive() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    assert!(world.buy(A, 1, 5000).is_none());
    let text = "Warning: Gatehouse did not send this change; the order is unchanged. \
                GH-03: quantity 5000 is above 500";
    assert_eq!(world.answers(), [(1, 399, text)]);
    assert_eq!(world.exposure(A, 1), 10.into());
}

#[test]
fn a_change_of_side_or_contract_is_refused() {
    let mut world = World::ready();
    world.buy(A, 1, 10).unwrap();
    assert!(world.place(A, 1, Side::Sell, 10, &limit("100")).is_none());
    assert!(world.has(|kind| matches!(kind, EntryKind::Judged { verdict, .. }
        if verdict.findings.iter().any(|it| it.refusal
            == Refusal::ChangeForbidden { field: "side" }))));
    assert_eq!(world.answers()[0].1, 399);
}

#[test]
fn a_change_counts_the_worse_of_old_and_new_until_it_is_acknowledged() {
    let mut world = World::ready();
    world.buy(A, 1, 100).unwrap();
    world.shown(A, 1, 100, &limit("100"));
    world.buy(A, 1, 50).unwrap();
    assert_eq!(world.exposure(A, 1), 100.into());
    world.shown(A, 1, 50, &limit("100"));
    assert_eq!(world.exposure(A, 1), 50.into());
    world.buy(A, 1, 80).unwrap();
    assert_eq!(world.exposure(A, 1), 80.into());
    world.error(A, 1, 201);
    assert_eq!(world.exposure(A, 1), 50.into());
    assert_eq!(world.status_of(A, 1), Some(OrderStatus::Submitted));
}

#[test]
fn refusals_beyond_twenty_a_second_become_one_counted_entry() {
    let mut world = World::ready();
    world.quote();
    let before = world.entries.len();
    for id in 0..50 {
        world.frame(A, placed(id, Side::Buy, 9999, &limit("100")));
        assert_eq!(world.answers().len(), 1, "each one is answered");
    }
    // And the pause that they earned.
    assert_eq!(world.entries.len() - before, 21);
    assert_eq!(world.state(A), gatehouse_types::TradingState::Paused);
    world.wait(1000);
    assert!(world.has(|kind| matches!(kind, EntryKind::RefusalsCounted { count: 30, .. })));
    let today = world.engine.status(world.now()).bots[0].today;
    assert_eq!((today.orders, today.refused), (0, 50));
}

#[test]
fn a_forbidden_message_is_refused_with_a_sentence() {
    let mut world = World::ready();
    let message = "exerciseOptions".to_owned();
    let order_id = Some(OrderId::new(3));
    world.input(Input::Forbidden { bot: bot(A), message, order_id, body: vec![21] });
    assert!(world.answers()[0].2.contains("GH-94: exerciseOptions is not allowed"));
}

#[test]
fn nothing_is_sent_while_the_ledger_cannot_be_written() {
    let mut world = World::ready();
    world.commits = false;
    let waiting = world.buy(A, 1, 10).unwrap();
    world.input(Input::LedgerFailed { why: "disk full".to_owned() });
    assert!(world.voided.contains(&waiting));
    assert!(world.buy(A, 2, 11).is_none());
    assert!(world.answers()[0].2.contains("GH-56"), "{:?}", world.answers());
    world.cancel(A, 9);
    assert_eq!(world.cancels(), [9]);
    world.input(Input::LedgerRecovered);
    assert!(world.buy(A, 2, 11).is_some());
}

#[test]
fn a_what_if_is_sent_and_never_counts() {
    let mut world = World::ready();
    world.quote();
    let mut question = placed(1, Side::Buy, 10, &limit("100"));
    question.order.what_if = true;
    world.frame(A, question);
    assert_eq!(world.n_released(), 1);
    assert_eq!(world.exposure(A, 1), 0.into());
    assert!(world.buy(A, 1, 10).is_some());
}

#[test]
fn an_order_that_was_never_sent_may_be_asked_for_again() {
    let mut world = World::ready();
    world.commits = false;
    world.buy(A, 1, 10).unwrap();
    world.wait(1000);
    world.commits = true;
    assert!(world.buy(A, 1, 10).is_some(), "{:?}", world.answers());
    assert!(world.buy(A, 2, 10).is_none(), "the same order twice");
}
