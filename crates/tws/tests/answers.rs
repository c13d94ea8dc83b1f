//! Answers read back what was written, in both forms, and say nothing else.

use gatehouse_tws::ServerVersion;
use gatehouse_tws::answer::{
    BrokerStatus, CommissionReport, ErrorReport, ExecutionEnd, ExecutionReport, ManagedAccounts,
    NextValidId, Observation, OpenOrder, OrderState, OrderStatusReport, WireExecution, observe,
    reject,
};
use gatehouse_tws::layout::{ReqId, WireContract};
use gatehouse_tws::order::Order;
use gatehouse_types::{
    AccountId, ClientId, ConId, Currency, Decimal, ExecId, Money, OrderId, OrderKind, PermId,
    Price, Qty, Side,
};
use proptest::prelude::*;

use crate::fixtures::{self, hex};

const VERSIONS: std::ops::RangeInclusive<i32> = 157..=226;

/// Returns one of every observed answer at each version, for the fuzz corpus.
pub(crate) fn samples() -> Vec<(i32, Vec<u8>)> {
    VERSIONS
        .flat_map(|number| {
            let version = ServerVersion::new(number);
            every_kind()
                .into_iter()
                .map(move |seen| (number, seen.encode(version).expect("the version is known")))
        })
        .collect()
}

fn decimal(text: &str) -> Decimal {
    text.parse().expect("is a decimal")
}

fn spy() -> WireContract {
    WireContract {
        con_id: Some(ConId::new(756_733)),
        symbol: "SPY".to_owned(),
        sec_type: "STK".to_owned(),
        exchange: "ARCA".to_owned(),
        currency: "USD".to_owned(),
        local_symbol: "SPY".to_owned(),
        trading_class: "SPY".to_owned(),
        ..WireContract::default()
    }
}

fn open_order() -> OpenOrder {
    let mut order = Order {
        action: "SELL".to_owned(),
        total_quantity: decimal("200.5"),
        tif: "GTC".to_owned(),
        account: "DU1234567".to_owned(),
        order_ref: "mean-revert".to_owned(),
        client_id: Some(7),
        perm_id: Some(1_234_567_890),
        parent_id: Some(0),
        ..Order::default()
    };
    let limit = Some(Price::new(decimal("182.4")));
    order.set_kind(&OrderKind::Limit { limit });
    let state = OrderState {
        status: Some(BrokerStatus::Submitted),
        commission: Some(decimal("1.05")),
        commission_currency: "USD".to_owned(),
        ..OrderState::default()
    };
    OpenOrder { order_id: OrderId::new(2), contract: spy(), order, state }
}

fn execution() -> ExecutionReport {
    let execution = WireExecution {
        order_id: OrderId::new(2),
        exec_id: ExecId::new("0000e0d5.6571c2f1.01.01"),
        time: "20260105 09:31:00 US/Eastern".to_owned(),
        account: AccountId::new("DU1234567"),
        exchange: "ARCA".to_owned(),
        side: Side::Sell,
        shares: Qty::try_new(decimal("50")).expect("is one"),
        price: Price::new(decimal("182.41")),
        perm_id: PermId::new(1_234_567_890),
        client_id: ClientId::new(7),
        cumulative: Qty::try_new(decimal("150")).expect("is one"),
        average_price: Some(Price::new(decimal("182.4033333333333"))),
        last_liquidity: 2,
        ..WireExecution::default()
    };
    ExecutionReport { req_id: ReqId::new(-1), contract: spy(), execution }
}

fn every_kind() -> Vec<Observation> {
    let usd = |text| Money::new(decimal(text), Currency::USD);
    vec![
        Observation::OrderStatus(OrderStatusReport {
            order_id: OrderId::new(2),
            status: BrokerStatus::Submitted,
            filled: Qty::try_new(decimal("150")).expect("is one"),
            remaining: Qty::try_new(decimal("50.5")).expect("is one"),
            average_price: Some(Price::new(decimal("182.4033333333333"))),
            perm_id: PermId::new(1_234_567_890),
            last_fill_price: Some(Price::new(decimal("182.41"))),
            client_id: ClientId::new(7),
            ..OrderStatusReport::default()
        }),
        Observation::OpenOrder(Box::new(open_order())),
        Observation::OpenOrderEnd,
        Observation::Execution(Box::new(execution())),
        Observation::ExecutionEnd(ExecutionEnd { req_id: ReqId::new(5) }),
        Observation::Commission(CommissionReport {
            exec_id: ExecId::new("0000e0d5.6571c2f1.01.01"),
            commission: usd("1.05"),
            realised: Some(usd("-12.5")),
            ..CommissionReport::default()
        }),
        Observation::Error(ErrorReport {
            id: 2,
            code: 202,
            text: "Order Canceled - reason: größer".to_owned(),
            ..ErrorReport::default()
        }),
        Observation::NextValidId(NextValidId { order_id: OrderId::new(17) }),
        Observation::ManagedAccounts(ManagedAccounts {
            accounts: vec![AccountId::new("DU1234567"), AccountId::new("DU7654321")],
        }),
    ]
}

#[test]
fn every_observed_answer_is_written_as_the_official_client_read_it() {
    let gates = [
        157, 158, 160, 162, 166, 170, 177, 178, 181, 183, 184, 185, 189, 191, 193, 194, 195, 198,
        199, 200, 201, 202, 207, 211, 212, 213, 216, 226,
    ];
    let lines: Vec<String> = gates
        .into_iter()
        .flat_map(|number| every_kind().into_iter().map(move |seen| (number, seen)))
        .map(|(number, seen)| {
            let body = seen.encode(ServerVersion::new(number)).expect("the version is known");
            let name = format!("{seen:?}");
            let name = name.split('(').next().unwrap_or_default();
            format!("{number} {name} {}", hex(&body))
        })
        .collect();
    fixtures::check_written("observed.hex", &lines);
}

#[test]
fn every_answer_is_observed_as_it_was_written() {
    for number in VERSIONS {
        let version = ServerVersion::new(number);
        for seen in every_kind() {
            let body = seen.encode(version).expect("the version is known");
            match (observe(version, &body), seen) {
                (Ok(Some(Observation::OpenOrder(read))), Observation::OpenOrder(written)) => {
                    check_open_order(&read, &written);
                }
                (read, seen) => assert_eq!(read, Ok(Some(seen)), "at {version}"),
            }
        }
    }
}

/// Text says 0 for some numbers that were not set, so the parts that matter are compared.
fn check_open_order(read: &OpenOrder, written: &OpenOrder) {
    assert_eq!(read.order_id, written.order_id);
    assert_eq!(read.contract, written.contract);
    assert_eq!(read.state, written.state);
    assert_eq!(read.order.side(), written.order.side());
    assert_eq!(read.order.kind(), written.order.kind());
    assert_eq!(read.order.total_quantity, written.order.total_quantity);
    assert_eq!(read.order.account, written.order.account);
    assert_eq!(read.order.client_id, written.order.client_id);
    assert_eq!(read.order.perm_id, written.order.perm_id);
    assert_eq!(read.order.tif, written.order.tif);
}

#[test]
fn a_message_that_is_not_observed_is_not_read() {
    assert_eq!(observe(ServerVersion::new(178), b"1\x00nonsense"), Ok(None));
    assert_eq!(observe(ServerVersion::new(226), b"\0\0\0\xc9nonsense"), Ok(None));
    assert_eq!(observe(ServerVersion::new(226), b"\0\0\x03\xe8"), Ok(None));
}

#[test]
fn an_observed_message_that_cannot_be_read_is_an_error() {
    for number in VERSIONS {
        let version = ServerVersion::new(number);
        for seen in every_kind() {
            let body = seen.encode(version).expect("the version is known");
            let longer = [body.as_slice(), b"\xf8\x7f\x01"].concat();
            assert!(observe(version, &longer).is_err(), "{seen:?} at {version}");
        }
    }
    assert!(observe(ServerVersion::new(178), b"").is_err());
}

#[test]
fn a_status_that_does_not_say_what_remains_is_an_error() {
    // orderId 2, status Submitted, filled 0; remaining is absent.
    let body = b"\0\0\0\xcb\x08\x02\x12\x09Submitted\x1a\x010";
    assert!(observe(ServerVersion::new(226), body).is_err());
    let unknown = b"3\x002\x00Wondering\x000\x00100\x000\x001\x000\x000\x007\x00\x000\0";
    assert!(observe(ServerVersion::new(178), unknown).is_err());
}

#[test]
fn an_answer_that_leaves_out_its_order_execution_or_contract_is_an_error() {
    let version = ServerVersion::new(226);
    for body in [
        &b"\0\0\0\xcd\x08\x02"[..], // openOrder with nothing but its id
        b"\0\0\0\xcd\x08\x02\x1a\x05\x2a\x03BUY", // openOrder without a contract
        b"\0\0\0\xcd\x08\x02\x12\x05\x12\x03SPY", // openOrder without an order
        b"\0\0\0\xd3\x08\x02\x12\x05\x12\x03SPY", // execDetails without an execution
        b"\0\0\x01\x03\x11\0\0\0\0\0\0\0\0\x1a\x03USD", // commission without its execution
    ] {
        assert!(observe(version, body).is_err(), "{body:02x?} was taken");
    }
}

#[test]
fn a_refusal_is_an_error_about_its_order() {
    let text = "Order rejected - Gatehouse GH-03: quantity 50000 is above 500 (bot momentum-spy)";
    let body = reject(ServerVersion::new(178), OrderId::new(2), 201, text).expect("is known");
    assert_eq!(body, format!("4\x002\x002\x00201\x00{text}\0\0").into_bytes());
    let body = reject(ServerVersion::new(157), OrderId::new(2), 201, text).expect("is known");
    assert_eq!(body, format!("4\x002\x002\x00201\x00{text}\0").into_bytes());
    for number in VERSIONS {
        let version = ServerVersion::new(number);
        let body = reject(version, OrderId::new(2), 201, text).expect("is known");
        let Ok(Some(Observation::Error(report))) = observe(version, &body) else {
            panic!("is not an error at {version}");
        };
        assert_eq!((report.id, report.code, report.text.as_str()), (2, 201, text));
    }
    for unknown in [156, 227] {
        assert!(reject(ServerVersion::new(unknown), OrderId::new(2), 201, text).is_err());
    }
}

fn amounts() -> impl Strategy<Value = Decimal> {
    (-9_999_999_999_i64..9_999_999_999, 0_u32..6)
        .prop_map(|(digits, scale)| Decimal::new(digits, scale).normalize())
}

fn words() -> impl Strategy<Value = String> {
    "[ -\\[\\]-~äß€]{0,12}"
}

fn versions() -> impl Strategy<Value = ServerVersion> {
    VERSIONS.prop_map(ServerVersion::new)
}

proptest! {
    #[test]
    fn any_order_status_reads_back(
        version in versions(),
        ids in any::<(i32, i64, i32)>(),
        filled in amounts(),
        remaining in amounts(),
        price in proptest::option::of(amounts()),
        why_held in words(),
    ) {
        let report = OrderStatusReport {
            order_id: OrderId::new(ids.0.saturating_sub(1)),
            status: BrokerStatus::PreSubmitted,
            filled: Qty::try_new(filled.abs()).expect("is not negative"),
            remaining: Qty::try_new(remaining.abs()).expect("is not negative"),
            average_price: price.map(Price::new),
            perm_id: PermId::new(ids.1),
            client_id: ClientId::new(ids.2.saturating_sub(1)),
            why_held,
            ..OrderStatusReport::default()
        };
        let body = report.encode(version).expect("the version is known");
        prop_assert_eq!(OrderStatusReport::decode(version, &body), Ok(report));
    }

    #[test]
    fn any_execution_reads_back(
        version in versions(),
        shares in amounts(),
        price in amounts(),
        texts in ("[0-9a-f.]{1,24}", words(), words()),
    ) {
        let mut report = execution();
        report.execution.shares = Qty::try_new(shares.abs()).expect("is not negative");
        report.execution.price = Price::new(price);
        report.execution.exec_id = ExecId::new(texts.0);
        report.execution.order_ref = texts.1;
        report.execution.time = texts.2;
        let body = report.encode(version).expect("the version is known");
        prop_assert_eq!(ExecutionReport::decode(version, &body), Ok(report));
    }

    #[test]
    fn any_error_reads_back(version in versions(), id in -1_i32..1_000_000, text in words()) {
        let report = ErrorReport { id, code: 399, text, ..ErrorReport::default() };
        let body = report.encode(version).expect("the version is known");
        prop_assert_eq!(ErrorReport::decode(version, &body), Ok(report));
    }
}
