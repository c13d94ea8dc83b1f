//! Messages in, findings and alarms out, on an invented clock.

use gatehouse_testkit::intent;
use gatehouse_types::{
    Decimal, EntryKind, EntrySeq, Finding, OrderId, Refusal, Scope, Severity, Verdict, Weight,
};

use super::ear::told;
use super::*;

const NOON_S: i64 = 1_767_628_800;

fn at(s: i64) -> Utc {
    Utc::from_nanos((NOON_S + s) * 1_000_000_000)
}

fn bot() -> BotName {
    "momentum-spy".parse().expect("is a name")
}

fn state() -> State {
    State {
        patterns: Patterns::new(Region::Americas),
        orders: Orders::default(),
        alarms: Alarms::default(),
        since: at(0),
        next_look: Mono::new(Duration::ZERO),
        n_missed: 0,
        is_turned_away: false,
    }
}

fn hear(state: &mut State, bot: &BotName, code: i32, text: &str, s: i64) {
    let heard = Heard { bot: bot.clone(), code, text: text.to_owned(), id: 1 };
    state.heard(&heard, at(s));
}

/// Returns the alarms that begin and end, as `+NAME` with its severity, and `-NAME`.
fn changes(state: &mut State, s: i64) -> Vec<(String, Option<Severity>)> {
    let findings = state.patterns.findings(at(s));
    let inputs = state.alarms.follow(&findings);
    let change = |input| {
        if let Input::AlarmRaised { alarm, severity, .. } = input {
            return Some((format!("+{alarm}"), Some(severity)));
        }
        let Input::AlarmEnded { alarm } = input else { return None };
        Some((format!("-{alarm}"), None))
    };
    inputs.into_iter().filter_map(change).collect()
}

fn judged(replaces: Option<EntrySeq>, weight: Option<Weight>) -> EntryKind {
    let refusal = Refusal::QuantityAbove { quantity: Decimal::from(50), limit: Decimal::from(10) };
    let finding = weight.map(|weight| Finding { weight, scope: Scope::Account, refusal });
    EntryKind::Judged {
        bot: bot(),
        intent: Box::new(intent().build()),
        replaces,
        verdict: Verdict { findings: finding.into_iter().collect(), is_exit: false, n_controls: 1 },
        policy_version: 1,
        frame: Vec::new(),
        inputs: None,
    }
}

#[test]
fn a_pattern_is_an_alarm_once_until_it_is_over() {
    let mut state = state();
    for s in [0, 20] {
        hear(&mut state, &bot(), 326, "Unable to connect as the client id is already in use", s);
        assert_eq!(changes(&mut state, s), [], "two are no pattern");
    }
    hear(&mut state, &bot(), 326, "Unable to connect as the client id is already in use", 40);
    let name = "codes.client-id-in-use.momentum-spy".to_owned();
    assert_eq!(changes(&mut state, 41), [(format!("+{name}"), Some(Severity::Warning))]);
    hear(&mut state, &bot(), 326, "Unable to connect as the client id is already in use", 60);
    assert_eq!(changes(&mut state, 61), [], "another number is not told again");
    assert_eq!(changes(&mut state, 60 + 601), [(format!("-{name}"), None)]);
}

#[test]
fn an_alarm_says_what_would_end_it_and_less_than_high_is_quiet() {
    let mut state = state();
    for s in 0..3 {
        hear(&mut state, &bot(), 162, "Historical data request pacing violation", s);
    }
    let findings = state.patterns.findings(at(3));
    let inputs = state.alarms.follow(&findings);
    let [Input::AlarmRaised { alarm, severity, sentence }] = inputs.as_slice() else {
        panic!("{inputs:?}");
    };
    assert_eq!((alarm.as_str(), *severity), ("codes.history-pacing.momentum-spy", Severity::Info));
    assert!(sentence.starts_with("Bot momentum-spy asked for past data too often"), "{sentence}");
    assert!(sentence.contains("Space its requests"), "{sentence}");
}

#[test]
fn what_the_session_and_the_farms_say_already_is_not_told_twice() {
    let mut state = state();
    for s in 0..6 {
        hear(&mut state, &bot(), 1100, "Connectivity has been lost", s * 300);
        hear(
            &mut state,
            &bot(),
            2103,
            "Market data farm connection is broken:usfarm",
            s * 300 + 60,
        );
        hear(&mut state, &bot(), 2104, "Market data farm connection is OK:usfarm", s * 300 + 120);
    }
    let found: Vec<&str> =
        state.patterns.findings(at(1800)).iter().map(|it| it.pattern.name()).collect();
    assert_eq!(found, ["link-drops", "farm-flapping"], "they are listed");
    assert_eq!(changes(&mut state, 1800), []);
}

#[test]
fn gatehouses_own_client_is_no_bot() {
    let mut state = state();
    for s in 0..3 {
        hear(&mut state, &BotName::desk(), 354, "Requested market data is not subscribed.", s);
    }
    assert_eq!(changes(&mut state, 3), [("+codes.no-data".to_owned(), Some(Severity::Info))]);
}

#[test]
fn a_refusal_is_what_the_bot_heard() {
    let code = |kind| match told(&kind)? {
        Told::Refused { code, text, .. } => {
            Some((code, gatehouse_codes::meaning(code, &text).title))
        }
        Told::Order { .. } => None,
    };
    let refuse = Some(Weight::Refuse);
    assert_eq!(code(judged(None, refuse)), Some((201, "Refused by Gatehouse")));
    let change = Some(EntrySeq::new(7));
    assert_eq!(code(judged(change, refuse)), Some((399, "Change refused by Gatehouse")));
    assert_eq!(code(judged(None, Some(Weight::Hold))), Some((201, "Refused by Gatehouse")));
    assert_eq!(code(judged(None, Some(Weight::Warn))), None, "it was sent");
    assert_eq!(code(EntryKind::Stopped), None);
}

#[test]
fn refusals_under_one_rule_are_a_pattern_and_those_beyond_the_written_ones_count() {
    let mut state = state();
    let refused = told(&judged(None, Some(Weight::Refuse))).expect("is told");
    state.told(refused, at(0));
    assert!(state.patterns.findings(at(1)).is_empty());
    let last = Refusal::QuantityAbove { quantity: Decimal::from(50), limit: Decimal::from(10) };
    let counted = EntryKind::RefusalsCounted { bot: bot(), count: 30, last };
    state.told(told(&counted).expect("is told"), at(1));
    let finding = state.patterns.findings(at(2)).remove(0);
    let sentence =
        "Gatehouse refused orders of bot momentum-spy 31 times within 1 s for SPY under GH-03.";
    assert_eq!((finding.sentence.as_str(), finding.n_seen), (sentence, 31));
}

#[test]
fn a_message_on_an_order_that_was_let_through_is_about_an_order_and_its_symbol() {
    let mut state = state();
    state.told(told(&judged(None, None)).expect("is told"), at(0));
    for s in 0..3 {
        hear(&mut state, &bot(), 200, "No security definition has been found", s);
    }
    let finding = state.patterns.findings(at(3)).remove(0);
    assert!(finding.sentence.contains("for SPY"), "{}", finding.sentence);
    assert_eq!(finding.pattern.name(), "rejections");
}

#[test]
fn orders_that_are_remembered_are_bounded() {
    let mut orders = Orders::default();
    for id in 0..10_000 {
        orders.add(bot(), OrderId::new(id), "SPY".to_owned());
        orders.add(bot(), OrderId::new(id), "QQQ".to_owned());
    }
    assert_eq!(orders.n_kept(), 4096);
    assert_eq!(orders.symbol(&bot(), 9_999), Some("QQQ"));
    assert_eq!(orders.symbol(&bot(), 1), None);
}

#[test]
fn the_nightly_reset_is_that_of_the_region_only_for_real_money() {
    for (mode, zone, expected) in [
        (None, Some("Europe/Berlin"), Region::Americas),
        (Some(Mode::Paper), Some("Asia/Tokyo"), Region::Americas),
        (Some(Mode::Live), Some("Europe/Berlin"), Region::Europe),
        (Some(Mode::Live), Some("Asia/Tokyo"), Region::AsiaPacific),
        (Some(Mode::Live), Some("America/New_York"), Region::Americas),
        (Some(Mode::Live), Some("UTC"), Region::Americas),
        (Some(Mode::Live), None, Region::Americas),
    ] {
        assert_eq!(region(mode, zone), expected, "{mode:?} {zone:?}");
    }
}
