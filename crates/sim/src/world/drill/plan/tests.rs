//! Plans of drills: times, triggers, repetition and the errors of lines.

use super::*;
use crate::world::catalog;

/// 10:30 on 5 January 2026 in New York.
fn began() -> Step {
    Step::of_secs(1_767_627_000)
}

fn plan(lines: &[&str]) -> Plan {
    let mut plan = Plan::default();
    for text in lines {
        let line = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
        plan.add(line, began(), began()).expect("has room");
    }
    plan
}

/// Codes of the notices that are due so many quarter seconds after the beginning.
fn due(plan: &mut Plan, quarters: i64) -> Vec<i32> {
    let code = |act: Act| {
        if let Drill::Notice(notice) = act.drill {
            return notice.code;
        }
        let is_end = matches!(act.drill, Drill::Freeze { .. }) && act.turn == Turn::End;
        if is_end { -1 } else { 0 }
    };
    std::iter::from_fn(|| plan.take_due(began().plus(quarters))).map(code).collect()
}

#[test]
fn acts_come_at_their_time_and_in_the_order_of_the_lines() {
    let mut plan = plan(&[
        r#"{"at":20,"do":"notice","code":3,"text":""}"#,
        r#"{"at":10,"do":"notice","code":1,"text":""}"#,
        r#"{"at":10,"do":"notice","code":2,"text":""}"#,
        r#"{"at":"10.25","do":"notice","code":4,"text":""}"#,
        r#"{"at":9,"after":2,"do":"freeze","for":"1.5"}"#,
    ]);
    assert_eq!(plan.next_due(), Some(began().plus(40)));
    for (quarters, expected) in
        [(39, &[][..]), (40, &[1, 2]), (41, &[4]), (44, &[0]), (49, &[]), (50, &[-1]), (400, &[3])]
    {
        assert_eq!(due(&mut plan, quarters), expected, "after {quarters} quarters");
    }
}

#[test]
fn a_line_repeats_as_often_as_it_says() {
    let mut plan = plan(&[r#"{"at":1,"every":2,"times":3,"do":"notice","code":7,"text":""}"#]);
    let found: Vec<usize> = [4, 11, 12, 20, 100].map(|at| due(&mut plan, at).len()).to_vec();
    assert_eq!(found, [1, 0, 1, 1, 0]);
}

#[test]
fn a_line_waits_for_what_it_names() {
    let (one, two) = (ClientId::new(1), ClientId::new(2));
    let spy = catalog::by_symbol("SPY").expect("is listed").con_id();
    for (when, occurred, expected) in [
        (r#"{"order":{}}"#, &[Occurrence::Order(one), Occurrence::Order(one)][..], &[1, 0][..]),
        (r#"{"order":{"n":2}}"#, &[Occurrence::Order(one), Occurrence::Order(two)], &[0, 1]),
        (r#"{"order":{"client":2}}"#, &[Occurrence::Order(one), Occurrence::Order(two)], &[0, 1]),
        (r#"{"fill":{}}"#, &[Occurrence::Order(one), Occurrence::Fill(one)], &[0, 1]),
        (r#"{"connected":{}}"#, &[Occurrence::Connected(two)], &[1]),
        (r#"{"disconnected":{"client":1}}"#, &[Occurrence::Connected(one)], &[0]),
        (r#"{"disconnected":{"client":1}}"#, &[Occurrence::Disconnected(one)], &[1]),
        (
            r#"{"notice":{"code":1102}}"#,
            &[Occurrence::Notice(1100), Occurrence::Notice(1102)],
            &[0, 1],
        ),
        (
            r#"{"message":{"name":"reqMktData","n":2}}"#,
            &[
                Occurrence::Message("reqMktData"),
                Occurrence::Message("cancelMktData"),
                Occurrence::Message("reqMktData"),
            ],
            &[0, 0, 1],
        ),
        (
            r#"{"price":{"symbol":"SPY","above":"690.5"}}"#,
            &[
                Occurrence::Price(spy, 69_049_000),
                Occurrence::Price(ConId::new(1), 7_000_000),
                Occurrence::Price(spy, 69_050_000),
                Occurrence::Price(spy, 69_060_000),
            ],
            &[0, 0, 1, 0],
        ),
        (
            r#"{"price":{"symbol":"SPY","below":690}}"#,
            &[Occurrence::Price(spy, 69_001_000), Occurrence::Price(spy, 68_999_000)],
            &[0, 1],
        ),
    ] {
        let text = format!(r#"{{"when":{when},"do":"notice","code":9,"text":""}}"#);
        let mut plan = plan(&[&text]);
        let found: Vec<usize> = occurred
            .iter()
            .map(|occurred| {
                plan.note(occurred, began());
                due(&mut plan, 0).len()
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn what_is_triggered_may_come_later_last_and_happen_again() {
    let text = r#"{"when":{"fill":{"n":2}},"after":1,"for":2,"times":2,"do":"freeze"}"#;
    let mut plan = plan(&[text]);
    for _ in 0..5 {
        plan.note(&Occurrence::Fill(ClientId::new(1)), began());
    }
    assert_eq!(plan.lengths(), (4, 0));
    assert!(due(&mut plan, 3).is_empty());
    assert_eq!(due(&mut plan, 4), [0, 0]);
    assert_eq!(due(&mut plan, 12), [-1, -1]);
}

#[test]
fn a_time_of_day_is_the_next_one() {
    for (time, hours) in [("10:30:00", 0), ("11:45:30", 1), ("09:45:00", 23)] {
        let text = format!(r#"{{"when":{{"time":"{time}"}},"do":"notice","code":9,"text":""}}"#);
        let plan = plan(&[&text]);
        let after = plan.next_due().map(|at| at.since(began()) / (4 * 3600));
        assert_eq!(after, Some(hours), "{time}");
    }
}

#[test]
fn a_plan_has_an_end() {
    let mut plan = Plan::default();
    let line: Line = r#"{"every":1,"times":10000,"do":"kill"}"#.parse().expect("is a line");
    assert_eq!(plan.add(line.clone(), began(), began()), Ok(()));
    assert_eq!(plan.add(line.clone(), began(), began()), Ok(()));
    assert_eq!(plan.add(line, began(), began()), Err(PlanFull));
}
