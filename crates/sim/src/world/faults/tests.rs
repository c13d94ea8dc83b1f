//! One fault after the other, over the words about one order.

use gatehouse_tws::answer::{
    BrokerStatus, CommissionReport, ErrorReport, ExecutionReport, OpenOrder, OrderState,
    OrderStatusReport, WireExecution,
};
use gatehouse_tws::layout::{ReqId, WireContract};
use gatehouse_tws::order::Order;
use gatehouse_types::{Currency, Decimal, Money, Price};

use super::*;
use crate::world::drill::{Drill, Line};
use crate::world::orders::order::quantity;

const CLIENT: ClientId = ClientId::new(1);

/// The words about an order by their letters: `o` openOrder, `p` Submitted, `e` and `c` an
/// execution and its commission, `f` Filled, `x` Cancelled, `r` that it cannot be cancelled.
fn words(letters: &str, order_id: i32) -> Vec<Event> {
    letters
        .chars()
        .map(|letter| Event { client_id: CLIENT, said: word(letter, order_id) })
        .collect()
}

fn word(letter: char, order_id: i32) -> Said {
    let order_id = OrderId::new(order_id);
    let exec_id = ExecId::new(format!("0000.{order_id}.01.01"));
    let status = |status, filled: i64| {
        Said::Status(Box::new(OrderStatusReport {
            order_id,
            status,
            filled: quantity(Decimal::from(filled)),
            remaining: quantity(Decimal::from(100 - filled)),
            average_price: None,
            perm_id: PermId::new(70_001),
            parent_id: OrderId::new(0),
            last_fill_price: None,
            client_id: CLIENT,
            why_held: String::new(),
            market_cap_price: None,
        }))
    };
    match letter {
        'o' => Said::Open(Box::new(OpenOrder {
            order_id,
            contract: WireContract::default(),
            order: Order { perm_id: Some(70_001), ..Order::default() },
            state: OrderState::default(),
        })),
        'p' => status(BrokerStatus::Submitted, 0),
        'f' => status(BrokerStatus::Filled, 100),
        'x' => status(BrokerStatus::Cancelled, 0),
        'e' => Said::Execution(Box::new(ExecutionReport {
            req_id: ReqId::new(-1),
            contract: WireContract::default(),
            execution: WireExecution {
                order_id,
                exec_id,
                client_id: CLIENT,
                shares: quantity(Decimal::ONE_HUNDRED),
                price: Price::new(Decimal::TEN),
                ..WireExecution::default()
            },
        })),
        'c' => Said::Commission(Box::new(CommissionReport {
            exec_id,
            commission: Money::new(Decimal::ONE, Currency::USD),
            ..CommissionReport::default()
        })),
        _ => Said::Message(ErrorReport {
            id: order_id.get(),
            code: if letter == 'r' { 10148 } else { 202 },
            ..ErrorReport::default()
        }),
    }
}

fn letters(events: &[Event]) -> String {
    let letter = |event: &Event| match &event.said {
        Said::Open(open) if open.order.perm_id == Some(70_001) => 'o',
        Said::Open(_) => 'O',
        Said::Status(report) => {
            let letter = if report.status == BrokerStatus::Filled {
                'f'
            } else if report.status == BrokerStatus::Cancelled {
                'x'
            } else {
                'p'
            };
            if report.perm_id == PermId::new(70_001) { letter } else { letter.to_ascii_uppercase() }
        }
        Said::Execution(_) => 'e',
        Said::Commission(_) => 'c',
        Said::Message(report) if report.code == 10148 => 'r',
        Said::Message(_) => 'm',
        Said::Bound(_) => 'b',
    };
    events.iter().map(letter).collect()
}

fn faults(texts: &[&str]) -> Faults {
    let mut faults = Faults::default();
    for text in texts {
        faults.set(&fault(text), Turn::Begin);
    }
    faults
}

fn fault(text: &str) -> OrderFault {
    let text = format!(r#"{{"do":"orders",{text}}}"#);
    let line = text.parse::<Line>().unwrap_or_else(|error| panic!("{text}: {error}"));
    let Drill::Orders(fault) = line.drill else { panic!("{text} is no fault of orders") };
    fault
}

/// Says words at each second; returns what was said then, with what had waited until then before.
fn check(fault: &str, said: &[(i64, &str)], expected: &[&str]) {
    let mut faults = faults(&[fault]);
    let heard: Vec<String> = said
        .iter()
        .map(|(secs, given)| {
            let now = Step::of_secs(*secs);
            let mut heard = faults.due(now);
            heard.extend(faults.bend(words(given, 7), now));
            letters(&heard)
        })
        .collect();
    assert_eq!(heard, expected, "{fault} {said:?}");
    assert_eq!(faults.n_waiting(), 0, "{fault}");
}

#[test]
fn each_fault_bends_the_words_about_an_order() {
    for (fault, said, expected) in [
        (
            r#""as":"slow_ack""#,
            &[(0, "op"), (1, ""), (2, ""), (3, "ecof")][..],
            &["", "", "op", "ecof"][..],
        ),
        (r#""as":"slow_ack""#, &[(0, "op"), (1, "ecof"), (2, "")], &["", "", "opecof"]),
        (r#""as":"slow_ack","hold":"0.5""#, &[(0, "op"), (1, "")], &["", "op"]),
        (r#""as":"slow_fill""#, &[(0, "opecof"), (4, ""), (5, "")], &["op", "", "ecof"]),
        (
            r#""as":"slow_fill""#,
            &[(0, "opec"), (1, "of"), (5, ""), (6, "")],
            &["op", "", "ec", "of"],
        ),
        (r#""as":"fill_first""#, &[(0, "opopecof")], &["ecopopof"]),
        (r#""as":"fill_first""#, &[(0, "op"), (3, "ecof")], &["", "ecopof"]),
        (
            r#""as":"fill_first""#,
            &[(0, "op"), (9, ""), (10, ""), (11, "ecof")],
            &["", "", "op", "ecof"],
        ),
        (r#""as":"fill_first""#, &[(0, "op"), (1, "xm")], &["", "opxm"]),
        (r#""as":"fill_after_cancel""#, &[(0, "op"), (1, "ecof"), (2, "r")], &["op", "", "xmecof"]),
        (r#""as":"fill_after_cancel""#, &[(0, "opecof"), (4, ""), (5, "")], &["op", "", "xmecof"]),
        (r#""as":"fill_after_cancel""#, &[(0, "opec"), (1, "xm")], &["op", "xmec"]),
        (r#""as":"status_swapped""#, &[(0, "opecof")], &["oecofp"]),
        (r#""as":"status_swapped""#, &[(0, "op"), (1, ""), (2, "")], &["o", "", "p"]),
        (r#""as":"status_missing""#, &[(0, "opecof")], &["oeco"]),
        (r#""as":"status_missing","status":"Filled""#, &[(0, "opecof")], &["opeco"]),
        (r#""as":"status_doubled""#, &[(0, "opecof")], &["oppecoff"]),
        (r#""as":"execution_doubled""#, &[(0, "opecof")], &["opeecof"]),
        (r#""as":"slow_fill","client":2"#, &[(0, "opecof")], &["opecof"]),
        (r#""as":"second_perm_id""#, &[(0, "op")], &["op"]),
    ] {
        check(fault, said, expected);
    }
}

#[test]
fn a_change_leaves_two_orders_and_both_are_cancelled() {
    let mut faults = faults(&[r#""as":"second_perm_id""#]);
    let now = Step::of_secs(0);
    let order_id = OrderId::new(7);
    faults.placed(CLIENT, order_id);
    assert_eq!(letters(&faults.bend(words("op", 7), now)), "op");
    faults.placed(CLIENT, order_id);
    assert_eq!(letters(&faults.bend(words("op", 7), now)), "oOpP");
    let Said::Open(open) = word('o', 7) else { panic!("is an open order") };
    let twin = faults.twin(CLIENT, &open).expect("is there twice");
    assert_ne!(twin.order.perm_id, open.order.perm_id);
    assert_eq!(letters(&faults.bend(words("xm", 7), now)), "xXm");
    assert_eq!(letters(&faults.bend(words("f", 7), now)), "fX");
}

#[test]
fn a_fault_takes_hold_of_as_many_orders_as_it_says_and_leaves_the_rest_in_place() {
    let mut faults = faults(&[r#""as":"status_missing","n":1"#]);
    let now = Step::of_secs(0);
    let mut both = words("op", 7);
    both.extend(words("op", 8));
    assert_eq!(letters(&faults.bend(both, now)), "opo");
    assert_eq!(letters(&faults.bend(words("f", 7), now)), "");
    assert_eq!(letters(&faults.bend(words("f", 9), now)), "f");
}

#[test]
fn what_a_fault_holds_is_said_when_it_ends() {
    let text = r#""as":"fill_first""#;
    let mut faults = faults(&[text]);
    let now = Step::of_secs(0);
    assert_eq!(letters(&faults.bend(words("op", 7), now)), "");
    faults.set(&fault(text), Turn::End);
    assert_eq!(letters(&faults.due(now)), "op");
    assert_eq!(letters(&faults.bend(words("ecof", 7), now)), "ecof");
    assert!(faults.is_idle());
}

#[test]
fn words_of_an_ended_delay_stay_in_their_order() {
    let text = r#""as":"slow_fill""#;
    let mut faults = faults(&[text]);
    assert_eq!(letters(&faults.bend(words("opec", 7), Step::of_secs(0))), "op");
    faults.set(&fault(text), Turn::End);
    assert_eq!(faults.next_due(), Some(Step::of_secs(5)));
    assert_eq!(letters(&faults.due(Step::of_secs(5))), "ec");
}
