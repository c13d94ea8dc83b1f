//! The numbers of a report against what was written.

use gatehouse_report::{Counts, Wanted, page};
use gatehouse_testkit::{bot, dec, intent};
use gatehouse_types::{
    ControlId, EntryKind, ExecId, LimitChange, LimitId, Mode, Refusal, Scope, TradingState,
};
use jiff::civil::{Date, date};

use crate::world::{
    DAY_S, World, at, currency, execution, named, refusal, too_many, two_bots, usd,
};

const MONDAY: Date = date(2026, 1, 5);
const TUESDAY: Date = date(2026, 1, 6);

#[test]
fn each_bot_has_its_orders_fills_refusals_and_money() {
    let report = two_bots().report(Wanted::default());
    assert_eq!(report.days.keys().copied().collect::<Vec<_>>(), [MONDAY]);
    let check = |name: &str, counts: [u64; 3], realised: &str, paid: &str| {
        let bot = &report.days[&MONDAY].bots[name];
        let usd = currency("USD");
        assert_eq!([bot.orders, bot.fills, bot.refused], counts, "{name}");
        assert_eq!(bot.realised.get(&usd), Some(&dec(realised)), "{name}");
        assert_eq!(bot.commissions.get(&usd), Some(&dec(paid)), "{name}");
    };
    check("momentum-spy", [2, 3, 0], "34.50", "3.10");
    check("wild", [4, 1, 3], "-50.25", "0.90");
    let total = report.days[&MONDAY].total(currency("USD"));
    let total: Vec<String> = total.values().map(ToString::to_string).collect();
    assert_eq!(total, ["38.6", "-11.65", "-15.75"]);
    assert_eq!(report.chain.n_entries, 15);
    assert_eq!(report.chain.head.len(), 64);
}

#[test]
fn requests_are_counted_by_half_hour() {
    let report = two_bots().report(Wanted::default());
    let slots = &report.days[&MONDAY].slots;
    let check = |hour, minute, allowed, refused| {
        assert_eq!(slots.get(&at(hour, minute, 0)), Some(&Counts { allowed, refused }));
    };
    check(9, 30, 2, 0);
    check(10, 0, 1, 0);
    check(10, 30, 0, 3);
    assert_eq!(slots.len(), 3);
}

#[test]
fn what_is_no_order_is_not_counted_as_one() {
    let name = bot();
    let mut world = World::default();
    world.judged(at(10, 0, 0), &name, intent().what_if().build(), Vec::new());
    let unread =
        |refusal| EntryKind::NotJudged { bot: bot(), order_id: None, refusal, frame: vec![] };
    world.add(Some(at(10, 0, 1)), unread(Refusal::AccountForeign));
    let counted = EntryKind::RefusalsCounted { bot: bot(), count: 40, last: too_many() };
    world.add(Some(at(10, 0, 2)), counted);
    let report = world.report(Wanted::default());
    let day = &report.days[&MONDAY];
    assert_eq!(day.counts(), Counts { allowed: 0, refused: 41 });
    assert_eq!((day.bots["momentum-spy"].orders, day.n_counted), (41, 40));
}

#[test]
fn an_order_that_breaks_two_rules_counts_once_and_under_both() {
    let mut world = World::default();
    let findings = vec![refusal(too_many()), refusal(too_many()), refusal(Refusal::AccountForeign)];
    world.judged(at(10, 0, 0), &bot(), intent().build(), findings);
    let day = &world.report(Wanted::default()).days[&MONDAY];
    assert_eq!(day.counts().refused, 1);
    let rules: Vec<_> = day.refusals.iter().map(|(rule, refused)| (*rule, refused.count)).collect();
    assert_eq!(rules, [(ControlId::new(1), 1), (ControlId::new(3), 1)]);
}

#[test]
fn a_corrected_execution_is_one_fill() {
    let mut world = World::default();
    for correction in ["01", "02"] {
        let exec_id = ExecId::new(format!("0000e1a7.0001.{correction}"));
        world.add(
            Some(at(10, 0, 0)),
            EntryKind::Filled { execution: execution(exec_id, Some(&bot())) },
        );
    }
    let day = &world.report(Wanted::default()).days[&MONDAY];
    assert_eq!((day.bots["momentum-spy"].fills, day.unpaid.len()), (1, 1));
}

#[test]
fn currencies_are_never_added() {
    let mut world = two_bots();
    let euro = gatehouse_types::Money::new(dec("7.00"), currency("EUR"));
    world.filled(at(11, 30, 0), &bot(), euro, Some(euro));
    let report = world.report(Wanted::default());
    let bot = &report.days[&MONDAY].bots["momentum-spy"];
    assert_eq!(report.currency(), Some(currency("USD")));
    assert_eq!(bot.realised[&currency("USD")], dec("34.50"));
    assert_eq!(bot.realised[&currency("EUR")], dec("7.00"));
    let page = page(&report).expect("is drawn");
    assert!(page.contains("Amounts in EUR are in the tables only; nothing is converted."));
}

#[test]
fn days_are_the_gateways_and_only_those_asked_for() {
    let mut world = two_bots();
    // 23:59:59 of Monday, 00:00:00 of Tuesday, and an entry before the Gateway said its time again.
    world.refused(DAY_S - 1, &bot()).refused(DAY_S, &bot());
    world.add(None, EntryKind::KillEngaged { reason: "test".to_owned() });
    let check = |from: Option<Date>, to: Option<Date>, days: &[Date], refused: u64| {
        let report = world.report(Wanted { from, to });
        assert_eq!(report.days.keys().copied().collect::<Vec<_>>(), days, "{from:?} {to:?}");
        assert_eq!(report.counts().refused, refused, "{from:?} {to:?}");
    };
    check(None, None, &[TUESDAY], 1);
    check(Some(MONDAY), None, &[MONDAY, TUESDAY], 5);
    check(Some(MONDAY), Some(MONDAY), &[MONDAY], 4);
    check(None, Some(MONDAY), &[MONDAY], 4);
    check(Some(date(2026, 2, 1)), Some(date(2026, 2, 2)), &[], 0);
    let tuesday = world.report(Wanted::default());
    assert_eq!(tuesday.days[&TUESDAY].states.rows.len(), 1);
}

#[test]
fn several_days_have_a_section_each_and_one_for_all() {
    let mut world = two_bots();
    world.filled(DAY_S + at(10, 0, 0), &bot(), usd("1.00"), Some(usd("100.00")));
    let report = world.report(Wanted { from: Some(MONDAY), to: None });
    let page = page(&report).expect("is drawn");
    for title in ["All days", "Realised by day", "Monday 5 January 2026", "Tuesday 6 January 2026"]
    {
        assert!(page.contains(title), "{title} is missing");
    }
    assert_eq!(report.bots()["momentum-spy"].realised[&currency("USD")], dec("134.50"));
}

#[test]
fn a_live_account_is_masked_and_others_are_not() {
    let check = |mode, account: &str, shown: &str| {
        let mut world = World::default();
        world.gateway(mode, account);
        let report = world.report(Wanted::default());
        assert_eq!(report.account.as_deref(), Some(shown));
        let page = page(&report).expect("is drawn");
        assert!(page.contains(shown) && page.contains(&mode.to_string()));
        assert_eq!(page.contains(account), shown == account);
    };
    check(Mode::Live, "U1234567", "U•••4567");
    check(Mode::Paper, "DU1234567", "DU1234567");
}

#[test]
fn states_kills_and_limits_are_told_with_their_time() {
    let mut world = World::default();
    world.allowed(at(9, 40, 0), &bot());
    let state = EntryKind::StateChanged {
        scope: Scope::Bot(named("wild")),
        from: TradingState::Active,
        to: TradingState::Paused,
        why: "too many".to_owned(),
        until: None,
    };
    world.add(Some(at(9, 45, 7)), state);
    world.add(Some(at(13, 5, 9)), EntryKind::KillEngaged { reason: "lunch".to_owned() });
    let change =
        LimitChange { scope: Scope::Account, limit: LimitId::OrderQty, old: None, new: None };
    world.add(Some(at(14, 0, 0)), EntryKind::LimitChanged { change });
    let report = world.report(Wanted::default());
    let day = &report.days[&MONDAY];
    assert_eq!((day.states.rows.len(), day.limits.rows.len()), (2, 1));
    let page = page(&report).expect("is drawn");
    for text in ["09:45:07", "active to paused: too many", "13:05:09", "Kill switch is on: lunch"] {
        assert!(page.contains(text), "{text} is missing");
    }
}

#[test]
fn a_quiet_day_says_why_and_what_to_do() {
    let check = |world: &World, wanted: Wanted, why: &str, next: &str| {
        let page = page(&world.report(wanted)).expect("is drawn");
        assert!(
            page.contains("Nothing happened.") && page.contains(why) && page.contains(next),
            "{page}"
        );
        assert!(!page.contains("<svg"));
    };
    let mut quiet = World::default();
    quiet.add(Some(at(9, 0, 0)), EntryKind::Started { version: "0.1.0".to_owned() });
    check(&World::default(), Wanted::default(), "has no entries", "point a bot at it");
    check(&quiet, Wanted::default(), "no bot asked for an order", "Look at Home");
    let other = Wanted { from: None, to: Some(date(2025, 12, 24)) };
    check(&two_bots(), other, "no entries of these days", "2026-01-05");
}
