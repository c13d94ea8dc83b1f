//! The same seed, script and client bytes at the same market times give the same server bytes.

use std::time::Duration;

use gatehouse_sim::server::{Rehearsal, Script};
use gatehouse_tws::answer::{
    ErrorReport, ExecutionReport, HistoricalData, OrderStatusReport, TickPrice,
};
use gatehouse_tws::layout::{ReqId, WireContract};
use gatehouse_tws::order::Order;
use gatehouse_tws::request::{
    AccountDataRequest, AccountSummaryRequest, CancelOrder, CompletedOrdersRequest,
    ContractDataRequest, ExecutionsRequest, GlobalCancel, HistoricalDataRequest, MarketDataRequest,
    MatchingSymbolsRequest, PlaceOrder, PnLRequest, PositionsRequest, RealTimeBarsRequest, Request,
};
use gatehouse_types::{Decimal, OrderId};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use sha2::{Digest, Sha256};

use crate::stage::{Actor, stage, world};

pub(crate) fn stock(symbol: &str) -> WireContract {
    WireContract {
        symbol: symbol.to_owned(),
        sec_type: "STK".to_owned(),
        exchange: "SMART".to_owned(),
        currency: "USD".to_owned(),
        ..WireContract::default()
    }
}

fn order(id: i32, symbol: &str, action: &str, kind: &str, price: Option<i64>) -> Request {
    let price = price.map(Decimal::from);
    let (lmt_price, aux_price) = if kind == "STP" { (None, price) } else { (price, None) };
    Request::PlaceOrder(Box::new(PlaceOrder {
        order_id: OrderId::new(id),
        contract: stock(symbol),
        order: Order {
            action: action.to_owned(),
            total_quantity: Decimal::from(700),
            order_type: kind.to_owned(),
            tif: "GTC".to_owned(),
            transmit: true,
            lmt_price,
            aux_price,
            ..Order::default()
        },
        attached: None,
    }))
}

/// What a client wants to be kept informed of, and what it asks once.
fn questions() -> Vec<Request> {
    let req_id = ReqId::new;
    let contract = || stock("SPY");
    let line = |id, symbol| {
        let contract = stock(symbol);
        Request::MarketData(MarketDataRequest {
            req_id: req_id(id),
            contract,
            ..MarketDataRequest::default()
        })
    };
    let history = HistoricalDataRequest {
        req_id: req_id(4),
        contract: contract(),
        duration: "2 D".to_owned(),
        bar_size: "5 mins".to_owned(),
        what_to_show: "TRADES".to_owned(),
        use_rth: true,
        format_date: 1,
        keep_up_to_date: true,
        ..HistoricalDataRequest::default()
    };
    let bars = RealTimeBarsRequest {
        req_id: req_id(5),
        contract: contract(),
        what_to_show: "TRADES".to_owned(),
        ..RealTimeBarsRequest::default()
    };
    let summary = AccountSummaryRequest {
        req_id: req_id(6),
        group: "All".to_owned(),
        tags: "All".to_owned(),
    };
    let account = "DU1234567".to_owned();
    let pnl = PnLRequest { req_id: req_id(7), account: account.clone(), ..PnLRequest::default() };
    vec![
        line(1, "SPY"),
        line(2, "AAPL"),
        Request::ContractData(ContractDataRequest { req_id: req_id(3), contract: contract() }),
        Request::HistoricalData(history),
        Request::RealTimeBars(bars),
        Request::AccountSummary(summary),
        Request::PnL(pnl),
        Request::AccountData(AccountDataRequest { subscribe: true, account }),
        Request::Positions(PositionsRequest),
        Request::MatchingSymbols(MatchingSymbolsRequest {
            req_id: req_id(8),
            pattern: "A".to_owned(),
        }),
        Request::Executions(ExecutionsRequest::default()),
        Request::CompletedOrders(CompletedOrdersRequest::default()),
    ]
}

/// Plays some minutes of three clients and returns all that each of them heard.
fn session(seed: u64) -> Vec<Actor> {
    let script = concat!(
        r#"{"at":60,"do":"spread","symbol":"SPY","by":"0.50","for":30}"#,
        "\n",
        r#"{"at":120,"do":"reject","n":1,"code":201,"text":"Not today"}"#,
    );
    let script = Script::parse(script).expect("is a script");
    let mut stage = stage(world(seed), script);
    let mut actors: Vec<Actor> = [(178, 1), (226, 2), (205, 3)]
        .map(|(version, id)| Actor::enter(&mut stage, version, id))
        .into();
    for actor in &actors {
        for request in questions() {
            actor.ask(&mut stage, &request);
            stage.pass(Duration::from_millis(13));
        }
    }
    trade(&mut stage, &actors);
    actors[2].leave(&mut stage);
    let mut again = Actor::enter(&mut stage, 219, 3);
    again.ask(&mut stage, &Request::GlobalCancel(GlobalCancel::default()));
    for request in questions() {
        again.ask(&mut stage, &request);
    }
    stage.pass(Duration::from_secs(60));
    for actor in &mut actors {
        actor.listen(&mut stage);
    }
    again.listen(&mut stage);
    actors.push(again);
    actors
}

fn trade(stage: &mut Rehearsal, actors: &[Actor]) {
    for actor in actors {
        actor.ask(stage, &order(1, "SPY", "BUY", "MKT", None));
        stage.pass(Duration::from_millis(777));
        actor.ask(stage, &order(2, "AAPL", "SELL", "MKT", None));
        actor.ask(stage, &order(3, "SPY", "BUY", "LMT", Some(300)));
        actor.ask(stage, &order(4, "SPY", "SELL", "STP", Some(300)));
        stage.pass(Duration::from_secs(20));
        actor.ask(stage, &Request::CancelOrder(CancelOrder::new(OrderId::new(3))));
        stage.pass(Duration::from_secs(20));
    }
    for id in 5..10 {
        actors[0].ask(stage, &order(id, "SPY", "SELL", "MKT", None));
        stage.pass(Duration::from_secs(15));
    }
}

fn digest(actors: &[Actor]) -> String {
    let mut all = Sha256::new();
    for actor in actors {
        all.update(actor.heard.len().to_be_bytes());
        all.update(&actor.heard);
    }
    all.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_same_seed_script_and_client_bytes_give_the_same_server_bytes() {
    let first = session(5);
    for actor in &first[..3] {
        assert!(actor.count(TickPrice::ID.wire()) > 100);
        assert!(actor.count(ExecutionReport::ID.wire()) > 1);
        assert!(actor.count(OrderStatusReport::ID.wire()) > 5);
        assert_eq!(actor.count(HistoricalData::ID.wire()), 1);
    }
    let n_errors = first[0].count(ErrorReport::ID.wire());
    assert!(n_errors > 4, "the script rejects one: {n_errors}");
    assert_eq!(digest(&first), digest(&session(5)));
    assert_ne!(digest(&first), digest(&session(6)));
}

/// Bytes of a client that is out of its mind: requests, pieces of requests, and no requests.
#[derive(Debug, Clone)]
enum Noise {
    Whole(usize),
    /// A request in which one byte is another.
    Bent {
        which: usize,
        at: usize,
        byte: u8,
    },
    /// A request of which the end is missing, in a frame of its own.
    Short {
        which: usize,
        left: usize,
    },
    Frame(Vec<u8>),
    Raw(Vec<u8>),
    Pass(u16),
    Again,
}

fn noise() -> impl Strategy<Value = Noise> {
    prop_oneof![
        6 => any::<usize>().prop_map(Noise::Whole),
        4 => (any::<usize>(), any::<usize>(), any::<u8>())
            .prop_map(|(which, at, byte)| Noise::Bent { which, at, byte }),
        2 => (any::<usize>(), any::<usize>()).prop_map(|(which, left)| Noise::Short { which, left }),
        2 => prop::collection::vec(any::<u8>(), 1..60).prop_map(Noise::Frame),
        1 => prop::collection::vec(any::<u8>(), 1..20).prop_map(Noise::Raw),
        6 => (0_u16..3000).prop_map(Noise::Pass),
        1 => Just(Noise::Again),
    ]
}

/// Says noise for two clients and returns what all their connections heard.
fn confusion(noises: &[(bool, Noise)]) -> Vec<Actor> {
    let mut stage = stage(world(9), Script::default());
    let versions = [(178, 1), (226, 2)];
    let enter = |stage: &mut Rehearsal, (version, id)| Actor::enter(stage, version, id);
    let mut actors = versions.map(|client| enter(&mut stage, client));
    let mut gone = Vec::new();
    let mut requests = questions();
    requests.extend((1..4).map(|id| order(id, "SPY", "BUY", "MKT", None)));
    requests.extend((1..4).map(|id| order(id, "AAPL", "SELL", "LMT", Some(100))));
    requests.extend((1..4).map(|id| Request::CancelOrder(CancelOrder::new(OrderId::new(id)))));
    for (second, noise) in noises {
        let place = usize::from(*second);
        let actor = &mut actors[place];
        let body = |which: &usize| actor.body(&requests[which % requests.len()]);
        match noise {
            Noise::Whole(which) => actor.say_frame(&mut stage, &body(which)),
            Noise::Bent { which, at, byte } => {
                let mut body = body(which);
                let at = at % body.len();
                body[at] = *byte;
                actor.say_frame(&mut stage, &body);
            }
            Noise::Short { which, left } => {
                let body = body(which);
                actor.say_frame(&mut stage, &body[..1 + left % body.len()]);
            }
            Noise::Frame(body) => actor.say_frame(&mut stage, body),
            Noise::Raw(bytes) => actor.say(&mut stage, bytes),
            Noise::Pass(millis) => stage.pass(Duration::from_millis(u64::from(*millis))),
            Noise::Again => {
                actor.leave(&mut stage);
                let mut left = std::mem::replace(actor, enter(&mut stage, versions[place]));
                left.listen(&mut stage);
                gone.push(left);
            }
        }
    }
    stage.pass(Duration::from_secs(2));
    for actor in &mut actors {
        actor.listen(&mut stage);
    }
    gone.extend(actors);
    gone
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        rng_seed: RngSeed::Fixed(20_261_121),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_clients_say_the_server_says_the_same_to_it_again(
        noises in prop::collection::vec((any::<bool>(), noise()), 1..60),
    ) {
        let first = confusion(&noises);
        prop_assert!(first.iter().any(|actor| !actor.heard.is_empty()));
        prop_assert_eq!(digest(&first), digest(&confusion(&noises)));
    }
}
