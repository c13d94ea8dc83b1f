//! What real clients send is understood to its last field, and means what the client meant.

use gatehouse_tws::handshake::StartApi;
use gatehouse_tws::layout::WireContract;
use gatehouse_tws::order::{BestOffset, Order};
use gatehouse_tws::request::{
    AllOpenOrdersRequest, CancelOrder, ExecutionsRequest, GlobalCancel, IdsRequest,
    OpenOrdersRequest, PlaceOrder,
};
use gatehouse_types::{ClientId, Feature, Intent, OrderId, OrderKind, Price, Qty, Side, Tif};

use crate::fixtures::{self, Fixture};

/// What an order of one shape means, whatever the client and the form.
struct Meaning {
    order_id: i32,
    side: Side,
    quantity: &'static str,
    kind: OrderKind,
    features: Vec<Feature>,
}

fn price(text: &str) -> Option<Price> {
    Some(text.parse().expect("is a price"))
}

fn limit(text: &str) -> OrderKind {
    OrderKind::Limit { limit: price(text) }
}

fn other(name: &str) -> OrderKind {
    OrderKind::Other { name: name.to_owned() }
}

fn plain(shape: &str) -> Option<Meaning> {
    let (order_id, side, quantity, kind) = match shape {
        "market" => (1, Side::Buy, "100", OrderKind::Market),
        "limit" => (2, Side::Sell, "200", limit("182.4")),
        "stop" => (3, Side::Sell, "100", OrderKind::Stop { trigger: price("170.25") }),
        "stop-limit" => {
            let kind = OrderKind::StopLimit { trigger: price("170.5"), limit: price("171") };
            (4, Side::Buy, "100", kind)
        }
        "modify-limit" => (2, Side::Sell, "150", limit("182.45")),
        "fractional" => (5, Side::Buy, "0.5", OrderKind::Market),
        "tiny-price" => (6, Side::Buy, "1000000", limit("0.00001")),
        "what-if" => (13, Side::Buy, "100", limit("150")),
        _ => return None,
    };
    Some(Meaning { order_id, side, quantity, kind, features: Vec::new() })
}

fn odd(shape: &str) -> Option<Meaning> {
    let buy = |order_id, quantity, kind, features| Meaning {
        order_id,
        side: Side::Buy,
        quantity,
        kind,
        features,
    };
    let at_150 = || limit("150");
    let meaning = match shape {
        "algo" => buy(7, "1000", at_150(), vec![Feature::Algo]),
        "bracket-parent" => buy(8, "100", at_150(), vec![Feature::NotTransmitted]),
        "oca" => buy(10, "100", at_150(), vec![Feature::OcaGroup]),
        "conditions" => buy(11, "100", at_150(), vec![Feature::Conditions]),
        "bag" => buy(12, "1", limit("1.25"), vec![Feature::ComboLegs]),
        "scale" => buy(16, "1000", at_150(), vec![Feature::Scale]),
        "hedge" => buy(17, "100", OrderKind::Market, vec![Feature::Hedge, Feature::Parent]),
        "delta-neutral" => {
            let features = vec![Feature::DeltaNeutral, Feature::Field("volatility")];
            buy(18, "1", other("VOL"), features)
        }
        // The type says it; the offsets stand in every order that a Gateway has echoed.
        "peg-best" => buy(22, "100", other("PEG BEST"), Vec::new()),
        "delta-neutral-contract" => buy(22, "100", at_150(), vec![Feature::DeltaNeutral]),
        "adviser" => buy(20, "100", at_150(), vec![Feature::FinancialAdvisor]),
        "attached" => buy(23, "100", at_150(), vec![Feature::AttachedOrders]),
        "newest" => buy(27, "100", at_150(), vec![Feature::Hedge]),
        _ => return None,
    };
    Some(meaning)
}

fn odd_sells(shape: &str) -> Option<Meaning> {
    let stop = |trigger| OrderKind::Stop { trigger: price(trigger) };
    let (order_id, kind, features) = match shape {
        "bracket-child" => (9, stop("145"), vec![Feature::Parent]),
        "trailing" => (15, other("TRAIL"), vec![Feature::Trailing]),
        "adjusted" => (19, stop("140"), vec![Feature::Parent, Feature::Adjusted]),
        _ => return None,
    };
    Some(Meaning { order_id, side: Side::Sell, quantity: "100", kind, features })
}

fn named_fields(fixture: &Fixture) -> Option<Vec<&'static str>> {
    Some(match fixture.shape {
        "override" if fixture.version.has(166) => {
            vec!["advancedErrorOverride", "overridePercentageConstraints", "discretionaryAmt"]
        }
        "override" => vec!["overridePercentageConstraints", "discretionaryAmt"],
        "deactivate" => vec!["includeOvernight", "deactivate", "whatIfType"],
        _ => return None,
    })
}

fn intent(fixture: &Fixture) -> Intent {
    let placed = PlaceOrder::decode(fixture.version, &fixture.body)
        .unwrap_or_else(|error| panic!("{}: {error}: {error:?}", fixture.name()));
    placed.intent().expect("has a side and a quantity")
}

fn check(fixture: &Fixture, meaning: Meaning) {
    let intent = intent(fixture);
    let name = fixture.name();
    assert_eq!(intent.order_id, OrderId::new(meaning.order_id), "{name}");
    assert_eq!(intent.side, meaning.side, "{name}");
    assert_eq!(intent.quantity, meaning.quantity.parse::<Qty>().expect("is one"), "{name}");
    assert_eq!(intent.kind, meaning.kind, "{name}");
    assert_eq!(intent.features, meaning.features, "{name}");
    assert_eq!(intent.what_if, fixture.shape == "what-if", "{name}");
    assert_eq!(intent.outside_rth, fixture.shape == "stop", "{name}");
    assert_eq!(intent.contract.symbol, "SPY", "{name}");
    assert_eq!(intent.contract.currency, "USD", "{name}");
}

fn check_cash_quantity(fixture: &Fixture) {
    let intent = intent(fixture);
    assert_eq!(intent.quantity, Qty::ZERO, "{}", fixture.name());
    assert_eq!(intent.features, [Feature::CashQuantity], "{}", fixture.name());
}

#[test]
fn every_recorded_order_means_what_its_client_meant() {
    for fixture in fixtures::orders() {
        let meaning = plain(fixture.shape)
            .or_else(|| odd(fixture.shape))
            .or_else(|| odd_sells(fixture.shape));
        if let Some(meaning) = meaning {
            check(&fixture, meaning);
        } else if let Some(names) = named_fields(&fixture) {
            let features = intent(&fixture).features;
            let expected: Vec<Feature> = names.into_iter().map(Feature::Field).collect();
            assert_eq!(features, expected, "{}", fixture.name());
        } else if fixture.shape == "cash-quantity" {
            check_cash_quantity(&fixture);
        } else {
            panic!("{} has no expectation", fixture.name());
        }
    }
}

#[test]
fn a_plain_order_stays_plain_when_its_client_sends_back_what_the_gateway_filled_in() {
    // The fields that a paper Gateway at server version 225 filled in for a market order.
    let mut placed = PlaceOrder {
        order_id: OrderId::new(600),
        contract: WireContract { symbol: "SPY".to_owned(), ..WireContract::default() },
        ..PlaceOrder::default()
    };
    placed.order = Order {
        client_id: Some(1),
        order_id: Some(600),
        perm_id: Some(9_000_000_600),
        parent_id: Some(0),
        action: "BUY".to_owned(),
        total_quantity: "1".parse().expect("is a decimal"),
        order_type: "MKT".to_owned(),
        tif: "DAY".to_owned(),
        clearing_intent: "IB".to_owned(),
        oca_type: Some(3),
        volatility_type: Some(0),
        delta_neutral_order_type: "None".to_owned(),
        exempt_code: Some(-1),
        adjusted_order_type: "None".to_owned(),
        dont_use_auto_price_for_hedge: true,
        filled_quantity: "0".to_owned(),
        shareholder: "Not an insider or substantial shareholder".to_owned(),
        route_marketable_to_bbo: Some(0),
        use_price_mgmt_algo: Some(0),
        min_compete_size: Some(100),
        compete_against_best_offset: BestOffset::By("0.02".parse().expect("is a decimal")),
        submitter: "paper-user".to_owned(),
        transmit: true,
        ..Order::default()
    };
    assert_eq!(placed.intent().expect("has a side").features, []);
}

#[test]
fn a_limit_order_keeps_account_tif_reference_and_contract() {
    let limits = || fixtures::orders().into_iter().filter(|fixture| fixture.shape == "limit");
    assert!(limits().count() >= 17);
    for fixture in limits() {
        let intent = intent(&fixture);
        assert_eq!(intent.account.expect("has one").as_str(), "DU1234567");
        assert_eq!(intent.tif, Tif::GoodTillCancelled);
        assert_eq!(intent.order_ref, "mean-revert");
        assert_eq!(intent.contract.con_id.expect("has one").get(), 756_733);
    }
}

#[test]
fn every_part_of_an_odd_order_is_read() {
    for fixture in fixtures::orders() {
        let placed = PlaceOrder::decode(fixture.version, &fixture.body).expect("is understood");
        let name = fixture.name();
        match fixture.shape {
            "bag" => {
                assert_eq!(placed.contract.legs.len(), 2, "{name}");
                let prices: Vec<String> = placed
                    .contract
                    .legs
                    .iter()
                    .map(|leg| leg.price.expect("has one").to_string())
                    .collect();
                assert_eq!(prices, ["0.5", "0.75"], "{name}");
                assert_eq!(placed.order.combo_routing_params.len(), 1, "{name}");
            }
            "algo" => assert_eq!(placed.order.algo_params.len(), 1, "{name}"),
            "conditions" => {
                let kinds: Vec<i32> =
                    placed.order.conditions.iter().map(|condition| condition.kind).collect();
                let expected: &[i32] = if fixture.client.starts_with("ibapi-rs") {
                    &[1, 3, 4]
                } else {
                    &[1, 3, 4, 5, 6, 7]
                };
                assert_eq!(kinds, expected, "{name}");
                assert!(placed.order.conditions_cancel_order, "{name}");
            }
            "attached" => {
                let attached = placed.attached.expect("is there");
                assert_eq!(attached.stop_loss_id, Some(24), "{name}");
                assert_eq!(attached.profit_taker_type, "LMT", "{name}");
            }
            _ => {}
        }
    }
}

#[test]
fn an_order_that_is_written_again_reads_the_same() {
    for fixture in fixtures::orders() {
        let placed = PlaceOrder::decode(fixture.version, &fixture.body).expect("is understood");
        let again = placed.encode(fixture.version).expect("is understood");
        let name = fixture.name();
        assert_eq!(PlaceOrder::decode(fixture.version, &again), Ok(placed), "{name}");
    }
}

#[test]
fn the_order_id_can_be_told_without_reading_the_order() {
    for fixture in fixtures::orders() {
        let placed = PlaceOrder::decode(fixture.version, &fixture.body).expect("is understood");
        let peeked = PlaceOrder::peek_order_id(fixture.version, &fixture.body);
        assert_eq!(peeked, Some(placed.order_id), "{}", fixture.name());
    }
}

#[test]
fn every_other_recorded_message_is_read_and_written() {
    for fixture in fixtures::all() {
        let (version, body, name) = (fixture.version, fixture.body.as_slice(), fixture.name());
        match fixture.shape {
            "start-api" => {
                let start = StartApi::decode(version, body).expect("is one");
                assert_eq!(start.client_id, ClientId::new(7), "{name}");
                assert_eq!(start.encode(version), body, "{name}");
            }
            "cancel" => {
                let cancel = CancelOrder::decode(version, body).expect("is one");
                assert_eq!(cancel, CancelOrder::new(OrderId::new(2)), "{name}");
                let again = cancel.encode(version).expect("is understood");
                if !version.has(201) {
                    assert_eq!(again, body, "{name}");
                }
                assert_eq!(CancelOrder::decode(version, &again), Ok(cancel), "{name}");
            }
            "cancel-tagged" => {
                let cancel = CancelOrder::decode(version, body).expect("is one");
                assert_eq!(cancel.terms.ext_operator, "me", "{name}");
            }
            "global-cancel" => {
                assert!(GlobalCancel::decode(version, body).is_ok(), "{name}");
            }
            "open-orders" => {
                assert_eq!(OpenOrdersRequest.encode(version).as_deref(), Ok(body), "{name}");
            }
            "all-open-orders" => {
                assert_eq!(AllOpenOrdersRequest.encode(version).as_deref(), Ok(body), "{name}");
            }
            "ids" => {
                assert_eq!(IdsRequest.encode(version).as_deref(), Ok(body), "{name}");
            }
            "executions" => {
                let asked = ExecutionsRequest::decode(version, body)
                    .unwrap_or_else(|error| panic!("{name}: {error:?}"));
                assert_eq!(asked.req_id.get(), 5, "{name}");
            }
            _ => {}
        }
    }
}
