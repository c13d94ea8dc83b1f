//! A combination on the wire: the order with its legs, one execution of the whole, one of each leg.

use gatehouse_tws::answer::{BrokerStatus, ExecutionReport, OpenOrder};
use gatehouse_tws::layout::{Leg, WireContract};
use gatehouse_tws::order::Order;
use gatehouse_tws::request::{PlaceOrder, Request};
use gatehouse_types::{Decimal, OrderId, Side};

use crate::server;
use crate::wire::Wire;

fn spread() -> Request {
    let leg = |con_id: i32, action: &str| Leg {
        con_id,
        ratio: 1,
        action: action.to_owned(),
        exchange: "SMART".to_owned(),
        ..Leg::default()
    };
    Request::PlaceOrder(Box::new(PlaceOrder {
        order_id: OrderId::new(1),
        contract: WireContract {
            symbol: "AAPL,MSFT".to_owned(),
            sec_type: "BAG".to_owned(),
            exchange: "SMART".to_owned(),
            currency: "USD".to_owned(),
            legs: vec![leg(265_598, "BUY"), leg(272_093, "SELL")],
            ..WireContract::default()
        },
        order: Order {
            action: "BUY".to_owned(),
            total_quantity: Decimal::from(3),
            order_type: "LMT".to_owned(),
            // Apple costs far less than Microsoft, so it fills at once.
            lmt_price: Some(Decimal::from(-1)),
            tif: "DAY".to_owned(),
            transmit: true,
            ..Order::default()
        },
        attached: None,
    }))
}

fn check(version: i32) {
    let simulator = server(None);
    let mut wire = Wire::begin_at(simulator.address(), version, 1);
    wire.ask(&spread());
    let open = wire.await_answer(OpenOrder::ID, OpenOrder::decode, |_| true);
    assert_eq!(open.contract.sec_type, "BAG", "{version}");
    assert_eq!(open.contract.combo_legs_description, "265598|1,272093|-1", "{version}");
    assert_eq!(open.contract.legs.len(), 2, "{version}");
    let mut executed = || {
        let report = wire.await_answer(ExecutionReport::ID, ExecutionReport::decode, |_| true);
        (report.contract.sec_type, report.execution)
    };
    let (whole, bought, sold) = (executed(), executed(), executed());
    assert_eq!((whole.0.as_str(), bought.0.as_str(), sold.0.as_str()), ("BAG", "STK", "STK"));
    assert_eq!((bought.1.side, sold.1.side), (Side::Buy, Side::Sell), "{version}");
    assert_eq!(whole.1.price.value(), bought.1.price.value() - sold.1.price.value(), "{version}");
    assert!(whole.1.price.value() < Decimal::from(-1), "{version}: {:?}", whole.1);
    let filled = wire.await_answer(OpenOrder::ID, OpenOrder::decode, |_| true);
    assert_eq!(filled.state.status, Some(BrokerStatus::Filled), "{version}");
}

#[test]
fn a_combination_fills_with_its_legs_in_text_and_in_protobuf() {
    for version in [178, 226] {
        check(version);
    }
}
