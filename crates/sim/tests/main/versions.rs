//! A day of trading at every form of the wire: text, the versions that mix both forms, protobuf.

use std::net::SocketAddr;

use gatehouse_tws::answer::{
    BrokerStatus, CommissionReport, CompletedOrder, ContractData, ErrorReport, ExecutionEnd,
    ExecutionReport, HistogramData, MarketDataType, OpenOrder, OpenOrderEnd, OrderStatusReport,
    SecDefOptParameter, TickPrice, TickType,
};
use gatehouse_tws::layout::{ReqId, WireContract};
use gatehouse_tws::order::Order;
use gatehouse_tws::request::{
    AllOpenOrdersRequest, CancelOrder, CompletedOrdersRequest, ContractDataRequest,
    ExecutionsRequest, GlobalCancel, HistogramDataRequest, MarketDataRequest,
    MarketDataTypeRequest, OpenOrdersRequest, PlaceOrder, Request, SecDefOptParamsRequest,
};
use gatehouse_types::{ConId, Decimal, OrderId};

use crate::server;
use crate::wire::Wire;

/// Both ends of each form, every version of the mixed zone, and the gates of the text layouts.
const VERSIONS: &[i32] = &[
    157, 163, 164, 166, 169, 170, 176, 177, 178, 180, 182, 183, 186, 187, 189, 190, 192, 193, 194,
    195, 196, 199, 200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211, 212, 213, 216, 218,
    220, 222, 224, 226,
];

fn stock(symbol: &str) -> WireContract {
    WireContract {
        symbol: symbol.to_owned(),
        sec_type: "STK".to_owned(),
        exchange: "SMART".to_owned(),
        currency: "USD".to_owned(),
        ..WireContract::default()
    }
}

fn order(id: i32, action: &str, kind: &str, price: Option<i64>) -> PlaceOrder {
    let price = price.map(Decimal::from);
    let (lmt_price, aux_price) = if kind == "STP" { (None, price) } else { (price, None) };
    PlaceOrder {
        order_id: OrderId::new(id),
        contract: stock("SPY"),
        order: Order {
            action: action.to_owned(),
            total_quantity: Decimal::from(10),
            order_type: kind.to_owned(),
            tif: "GTC".to_owned(),
            transmit: true,
            lmt_price,
            aux_price,
            ..Order::default()
        },
        attached: None,
    }
}

fn place(wire: &mut Wire, order: PlaceOrder) {
    wire.ask(&Request::PlaceOrder(Box::new(order)));
}

fn await_status(wire: &mut Wire, id: i32, status: BrokerStatus) -> OrderStatusReport {
    wire.await_answer(OrderStatusReport::ID, OrderStatusReport::decode, |report| {
        (report.order_id.get(), report.status) == (id, status)
    })
}

fn await_error(wire: &mut Wire, id: i32, code: i32) {
    wire.await_answer(ErrorReport::ID, ErrorReport::decode, |error| {
        (error.id, error.code) == (id, code)
    });
}

/// Runs `day` at every version, each with a client id of its own, on one server.
fn at_every_version(day: impl Fn(&mut Wire, SocketAddr)) {
    let server = server(None);
    for version in VERSIONS {
        let mut wire = Wire::begin_at(server.address(), *version, *version);
        day(&mut wire, server.address());
    }
}

#[test]
fn reads_contracts_quotes_chains_and_histograms_at_every_version() {
    at_every_version(|wire, _| {
        let req_id = ReqId::new(11);
        let contract = stock("AAPL");
        wire.ask(&Request::ContractData(ContractDataRequest { req_id, contract }));
        let found = wire.await_answer(ContractData::ID, ContractData::decode, |_| true);
        assert_eq!(found.contract.con_id, Some(ConId::new(265_598)));
        assert!(found.details.liquid_hours.starts_with("20260105:0930-20260105:1600;"));

        for (kind, bid) in [(1, TickType::BID), (3, TickType::DELAYED_BID)] {
            let asked = MarketDataTypeRequest { market_data_type: kind };
            wire.ask(&Request::MarketDataType(asked));
            let req_id = ReqId::new(20 + kind);
            let contract = stock("SPY");
            let asked = MarketDataRequest { req_id, contract, ..MarketDataRequest::default() };
            wire.ask(&Request::MarketData(asked));
            let told = wire.await_answer(MarketDataType::ID, MarketDataType::decode, |_| true);
            assert_eq!((told.req_id, told.market_data_type), (req_id, kind));
            wire.await_answer(TickPrice::ID, TickPrice::decode, |tick| {
                tick.req_id == req_id && tick.tick_type == bid
            });
        }
        let chain = SecDefOptParamsRequest {
            req_id,
            underlying_symbol: "AAPL".to_owned(),
            underlying_sec_type: "STK".to_owned(),
            underlying_con_id: 265_598,
            ..SecDefOptParamsRequest::default()
        };
        wire.ask(&Request::SecDefOptParams(chain));
        let id = SecDefOptParameter::ID;
        let chain = wire.await_answer(id, SecDefOptParameter::decode, |_| true);
        assert_eq!((chain.expirations.len(), chain.strikes.len()), (20, 81));
        let histogram = HistogramDataRequest {
            req_id,
            contract: stock("SPY"),
            use_rth: true,
            time_period: "1 day".to_owned(),
        };
        wire.ask(&Request::HistogramData(histogram));
        let histogram = wire.await_answer(HistogramData::ID, HistogramData::decode, |_| true);
        assert!(!histogram.entries.is_empty());
    });
}

#[test]
fn trades_at_every_version() {
    at_every_version(|wire, _| {
        place(wire, order(1, "BUY", "MKT", None));
        let filling = wire.await_answer(OpenOrder::ID, OpenOrder::decode, |_| true);
        assert!(filling.order.perm_id.is_some_and(|perm_id| perm_id > 0));
        assert_eq!(filling.order.client_id, Some(wire.version.get()));
        let id = ExecutionReport::ID;
        let report = wire.await_answer(id, ExecutionReport::decode, |_| true);
        let filled = await_status(wire, 1, BrokerStatus::Filled);
        assert_eq!(filled.client_id.get(), wire.version.get());
        let charged = wire.await_answer(CommissionReport::ID, CommissionReport::decode, |_| true);
        assert_eq!(charged.exec_id, report.execution.exec_id);

        place(wire, order(2, "BUY", "LMT", Some(500)));
        await_status(wire, 2, BrokerStatus::Submitted);
        let mut changed = order(2, "BUY", "LMT", Some(501));
        changed.order.total_quantity = Decimal::from(7);
        place(wire, changed);
        let report = await_status(wire, 2, BrokerStatus::Submitted);
        assert_eq!(report.remaining.value(), Decimal::from(7));
        wire.ask(&Request::CancelOrder(CancelOrder::new(OrderId::new(2))));
        await_status(wire, 2, BrokerStatus::Cancelled);
        await_error(wire, 2, 202);

        let mut huge = order(3, "BUY", "MKT", None);
        huge.order.total_quantity = Decimal::from(1_000_000);
        place(wire, huge);
        await_error(wire, 3, 201);

        let mut question = order(4, "BUY", "LMT", Some(600));
        question.order.what_if = true;
        place(wire, question);
        let answer = wire.await_answer(OpenOrder::ID, OpenOrder::decode, |open| {
            open.order_id == OrderId::new(4)
        });
        assert_eq!(answer.state.init_margin_change, Some(Decimal::from(1_500)));
        assert_eq!(answer.state.commission, Some(Decimal::new(100_003, 5)));

        let req_id = ReqId::new(30);
        wire.ask(&Request::Executions(ExecutionsRequest {
            req_id,
            ..ExecutionsRequest::default()
        }));
        wire.await_answer(ExecutionEnd::ID, ExecutionEnd::decode, |end| end.req_id == req_id);
        let api_only = false;
        wire.ask(&Request::CompletedOrders(CompletedOrdersRequest { api_only }));
        wire.await_answer(CompletedOrder::ID, CompletedOrder::decode, |_| true);
    });
}

#[test]
fn a_bracket_is_held_released_and_cancelled_at_every_version() {
    at_every_version(|wire, _| {
        for (id, action, kind, price) in
            [(1, "BUY", "LMT", 500), (2, "SELL", "LMT", 900), (3, "SELL", "STP", 400)]
        {
            let mut member = order(id, action, kind, Some(price));
            member.order.transmit = id == 3;
            member.order.parent_id = Some(if id == 1 { 0 } else { 1 });
            place(wire, member);
        }
        await_status(wire, 1, BrokerStatus::Submitted);
        for child in [2, 3] {
            let report = await_status(wire, child, BrokerStatus::PreSubmitted);
            assert_eq!(report.parent_id, OrderId::new(1));
            assert!(report.why_held.starts_with("child"), "{}", report.why_held);
        }
        wire.ask(&Request::CancelOrder(CancelOrder::new(OrderId::new(1))));
        for id in [1, 2, 3] {
            await_status(wire, id, BrokerStatus::Cancelled);
        }
    });
}

#[test]
fn open_orders_outlive_their_connection_at_every_version() {
    at_every_version(|wire, address| {
        place(wire, order(1, "BUY", "LMT", Some(500)));
        let told = await_status(wire, 1, BrokerStatus::Submitted);
        let version = wire.version.get();
        wire.close();
        *wire = Wire::begin_at(address, version, version);
        wire.ask(&Request::OpenOrders(OpenOrdersRequest));
        let found = wire.await_answer(OpenOrder::ID, OpenOrder::decode, |_| true);
        assert_eq!(found.order.perm_id, Some(told.perm_id.get()));
        wire.await_answer(OpenOrderEnd::ID, OpenOrderEnd::decode, |_| true);
        wire.ask(&Request::AllOpenOrders(AllOpenOrdersRequest));
        wire.await_answer(OpenOrder::ID, OpenOrder::decode, |open| {
            open.order.client_id == Some(version)
        });
        wire.ask(&Request::GlobalCancel(GlobalCancel::default()));
        await_status(wire, 1, BrokerStatus::Cancelled);
    });
}

#[test]
fn no_time_in_force_is_day_in_text_and_an_error_in_protobuf() {
    let server = server(None);
    for (version, is_taken) in [(178, true), (202, true), (203, false), (226, false)] {
        let mut wire = Wire::begin_at(server.address(), version, version);
        let mut asked = order(1, "BUY", "MKT", None);
        asked.order.tif.clear();
        place(&mut wire, asked);
        if is_taken {
            await_status(&mut wire, 1, BrokerStatus::Filled);
        } else {
            await_error(&mut wire, 1, 10052);
        }
    }
}
