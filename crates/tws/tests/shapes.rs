//! Every order shape of every client, at the versions where a layout changes: nothing is left
//! over, and what the client was told to ask for is what was read.

use gatehouse_tws::ServerVersion;
use gatehouse_tws::answer::{BrokerStatus, OpenOrder, OrderState};
use gatehouse_tws::request::{
    CancelOrder, ExerciseAct, ExerciseOptions, GlobalCancel, PlaceOrder, RequestId,
};
use gatehouse_types::{Family, Feature, OrderId};

use crate::fixtures::{self, Shape, hex};

/// `lmtPrice` as the decoded order's field is called.
fn field(asked: &str) -> String {
    match asked {
        "lastTradeDateOrContractMonth" => return "expiry".to_owned(),
        "mifid2DecisionMaker" => return "mifid_decision_maker".to_owned(),
        "mifid2DecisionAlgo" => return "mifid_decision_algo".to_owned(),
        "mifid2ExecutionTrader" => return "mifid_execution_trader".to_owned(),
        "mifid2ExecutionAlgo" => return "mifid_execution_algo".to_owned(),
        "rule80A" => return "rule_80a".to_owned(),
        "slOrderId" => return "stop_loss_id".to_owned(),
        "slOrderType" => return "stop_loss_type".to_owned(),
        "ptOrderId" => return "profit_taker_id".to_owned(),
        "ptOrderType" => return "profit_taker_type".to_owned(),
        _ => {}
    }
    let mut name = String::new();
    for letter in asked.chars() {
        if letter.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// The server version that brought a field which some clients leave out without a word.
fn since(asked: &str) -> i32 {
    match asked {
        "duration" => 158,
        "postToAts" => 160,
        "autoCancelParent" => 162,
        "advancedErrorOverride" => 166,
        "manualOrderTime" => 169,
        "minTradeQty"
        | "minCompeteSize"
        | "competeAgainstBestOffset"
        | "midOffsetAtWhole"
        | "midOffsetAtHalf" => 170,
        "imbalanceOnly" => 199,
        "deactivate" | "postOnly" | "allowPreOpen" | "ignoreOpenAuction" => 216,
        "seekPriceImprovement" | "whatIfType" => 217,
        "slOrderId" | "slOrderType" | "ptOrderId" | "ptOrderType" => 218,
        "hedgeMaxSize" => 223,
        "conditionsIncludeOvernight" => 226,
        _ => 0,
    }
}

/// Returns how a value may look in the decoded order.
fn spellings(field: &str, value: &str) -> Vec<String> {
    let value = match value {
        "True" => "true",
        "False" => "false",
        "Infinity" => return vec![format!("{field}: UpToMid")],
        other => other,
    };
    let number = match value {
        "true" => "1",
        "false" => "0",
        other => other,
    };
    let flag = if value == "1" { "true" } else { value };
    vec![
        format!("{field}: \"{value}\""),
        format!("{field}: {flag},"),
        format!("{field}: {value},"),
        format!("{field}: Some({number})"),
        format!("{field}: By({number})"),
    ]
}

/// Returns what was asked for and is not there, by name.
fn lost(shape: &Shape, placed: &PlaceOrder) -> Vec<String> {
    let decoded = format!("{placed:?}").replace(' ', "_").replace(":_", ": ");
    shape
        .asked
        .iter()
        .filter_map(|(asked, value)| Some((asked.split_once('.')?.1, value)))
        .filter(|(asked, _)| shape.version.has(since(asked)))
        // Protobuf has no such field, and the clients drop it.
        .filter(|(asked, _)| *asked != "auctionStrategy" || !shape.version.has(203))
        .filter(|(asked, value)| {
            let spellings = spellings(&field(asked), value);
            !spellings
                .iter()
                .any(|one| decoded.contains(&one.replace(",", ",_")) || decoded.contains(one))
        })
        .map(|(asked, value)| format!("{asked} is not {value}"))
        .collect()
}

/// `@stoqey/ib` writes options as JavaScript's word for an object, one field for each.
fn is_broken(shape: &Shape) -> bool {
    shape.client.starts_with("@stoqey") && shape.shape == "misc-options"
}

fn faults(shape: &Shape) -> Vec<String> {
    let placed = match PlaceOrder::decode(shape.version, &shape.body) {
        Ok(placed) => placed,
        Err(error) => return vec![format!("{error}: {error:?}")],
    };
    let mut faults = lost(shape, &placed);
    if placed.order_id != OrderId::new(shape.order_id()) {
        faults.push("another order id".to_owned());
    }
    if placed.intent().map(|intent| intent.order_id) != Ok(placed.order_id) {
        faults.push("no intent".to_owned());
    }
    let again = placed.encode(shape.version).expect("the version is known");
    if PlaceOrder::decode(shape.version, &again).as_ref() != Ok(&placed) {
        faults.push("it reads back as another".to_owned());
    }
    faults
}

#[test]
fn every_shape_of_every_client_is_read_as_it_was_asked_for() {
    let orders: Vec<Shape> = fixtures::shapes()
        .into_iter()
        .filter(|shape| shape.id() == RequestId::PlaceOrder && !is_broken(shape))
        .collect();
    assert!(orders.len() > 900, "{} orders", orders.len());
    let faults: Vec<String> = orders
        .iter()
        .flat_map(|shape| {
            faults(shape).into_iter().map(|fault| format!("{}: {fault}", shape.name()))
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn an_order_that_its_client_garbled_is_refused() {
    let garbled: Vec<Shape> = fixtures::shapes().into_iter().filter(is_broken).collect();
    assert_eq!(garbled.len(), 3);
    for shape in garbled {
        assert!(PlaceOrder::decode(shape.version, &shape.body).is_err(), "{}", shape.name());
    }
}

/// Returns what must be named about a shape; `None` where nothing may be.
fn named(shape: &Shape) -> Option<Feature> {
    Some(match shape.shape {
        "algo" | "algo-bare" => Feature::Algo,
        "hedge-beta" | "hedge-fx" | "hedge-max" => Feature::Hedge,
        "scale" | "scale-full" | "scale-table" | "active-times" => Feature::Scale,
        "conditions" | "conditions-overnight" => Feature::Conditions,
        "combo" | "combo-plain" | "combo-delta-neutral" => Feature::ComboLegs,
        "cash" => Feature::CashQuantity,
        "child" => Feature::Parent,
        "oca-group" => Feature::OcaGroup,
        "parent" | "without-transmit" => Feature::NotTransmitted,
        "adjusted" => Feature::Adjusted,
        "trail-amount" | "trail-percent" | "trail-limit" => Feature::Trailing,
        "volatility-hedged" => Feature::DeltaNeutral,
        "adviser" => Feature::FinancialAdvisor,
        "relative" => Feature::Field("percentOffset"),
        "peg-stock" => Feature::Field("startingPrice"),
        "volatility" => Feature::Field("volatility"),
        "peg-benchmark" => Feature::Field("referenceContractId"),
        "peg-best" | "peg-best-to-mid" => Feature::Field("notHeld"),
        "discretionary" => Feature::Field("discretionaryAmt"),
        "good-after" => Feature::Field("goodAfterTime"),
        "option" => Feature::Field("openClose"),
        "by-isin" => Feature::Field("secId"),
        "misc-options" => Feature::Field("orderMiscOptions"),
        "overrides" => Feature::Field("overridePercentageConstraints"),
        "institutional" => Feature::Field("shortSaleSlot"),
        "flags" => Feature::Field("solicited"),
        "overnight" if shape.version.has(189) => Feature::Field("includeOvernight"),
        "imbalance" if shape.version.has(199) => Feature::Field("imbalanceOnly"),
        "newest-terms" if shape.version.has(216) => Feature::Field("deactivate"),
        "attached" if shape.version.has(218) => Feature::AttachedOrders,
        _ => return None,
    })
}

#[test]
fn what_goes_beyond_a_plain_order_is_named_and_a_plain_one_has_no_name() {
    for shape in fixtures::shapes() {
        let Ok(placed) = PlaceOrder::decode(shape.version, &shape.body) else { continue };
        let features = placed.intent().expect("has a side").features;
        let name = shape.name();
        match (named(&shape), shape.shape) {
            (Some(feature), _) => assert!(features.contains(&feature), "{name}: {features:?}"),
            // Its own field is dropped by protobuf, which has no such auction.
            (None, "box-top") => {}
            (None, _) => assert_eq!(features, [], "{name}"),
        }
    }
}

#[test]
fn a_family_is_read_with_the_order() {
    for shape in fixtures::shapes() {
        let (parent_id, oca_group, oca_type, transmit) = match shape.shape {
            "child" => (Some(OrderId::new(8)), "", None, true),
            "parent" => (None, "", None, false),
            "oca-group" => (None, "one-cancels", Some(2), true),
            _ => continue,
        };
        let placed = PlaceOrder::decode(shape.version, &shape.body).expect("is understood");
        let intent = placed.intent().expect("has a side");
        let oca_group = oca_group.to_owned();
        let family = Family { parent_id, oca_group, oca_type, transmit };
        assert_eq!(intent.family, family, "{}", shape.name());
        assert!(!intent.family.is_alone());
    }
}

#[test]
fn every_cancel_and_exercise_of_every_client_is_read() {
    for shape in fixtures::shapes() {
        let (version, body, name) = (shape.version, shape.body.as_slice(), shape.name());
        match shape.shape {
            "cancel-timed" | "cancel-tagged" => {
                let cancel = CancelOrder::decode(version, body)
                    .unwrap_or_else(|error| panic!("{name}: {error:?}"));
                assert_eq!(cancel.order_id, OrderId::new(2), "{name}");
                let is_tagged = shape.shape == "cancel-tagged";
                let has_time = !is_tagged && version.has(169);
                assert_eq!(cancel.terms.manual_time, if has_time { "20260105" } else { "" });
                assert_eq!(cancel.terms.ext_operator, if is_tagged { "me" } else { "" }, "{name}");
                let indicator = is_tagged.then_some(1);
                assert_eq!(cancel.terms.manual_order_indicator, indicator, "{name}");
                let again = cancel.encode(version).expect("is known");
                assert_eq!(CancelOrder::decode(version, &again), Ok(cancel), "{name}");
            }
            "global-cancel" => {
                let cancel = GlobalCancel::decode(version, body)
                    .unwrap_or_else(|error| panic!("{name}: {error:?}"));
                assert_eq!(cancel, GlobalCancel::default(), "{name}");
            }
            "exercise" => check_exercise(&shape),
            _ => {}
        }
    }
}

fn check_exercise(shape: &Shape) {
    let (version, name) = (shape.version, shape.name());
    let asked = ExerciseOptions::decode(version, &shape.body)
        .unwrap_or_else(|error| panic!("{name}: {error:?}"));
    assert_eq!(asked.order_id, OrderId::new(40), "{name}");
    assert_eq!((asked.act, asked.quantity), (ExerciseAct::Exercise, 2), "{name}");
    assert_eq!((asked.account.as_str(), asked.overrides), ("DU1234567", true), "{name}");
    assert_eq!(asked.contract.sec_type, "OPT", "{name}");
    assert_eq!(asked.contract.strike, Some("712.5".parse().expect("is a number")), "{name}");
    let has_late = |since| !shape.client.starts_with("@stoqey") && version.has(since);
    let customer = if has_late(183) { "cust" } else { "" };
    assert_eq!(asked.customer_account, customer, "{name}");
    assert_eq!(asked.professional_customer, has_late(184), "{name}");
    let again = asked.encode(version).expect("is known");
    assert_eq!(ExerciseOptions::decode(version, &again), Ok(asked), "{name}");
}

#[test]
fn every_shape_is_echoed_as_the_official_client_read_it() {
    let orders = fixtures::shapes()
        .into_iter()
        .filter(|shape| shape.client == "ibapi-10.51.1" && shape.version.get() == 226)
        // A Gateway would fill in the contract that was named by its ISIN.
        .filter(|shape| shape.id() == RequestId::PlaceOrder && shape.shape != "by-isin");
    let mut lines = Vec::new();
    for shape in orders {
        let placed = PlaceOrder::decode(shape.version, &shape.body).expect("is understood");
        for version in [157, 200, 226].map(ServerVersion::new) {
            let echo = OpenOrder {
                order_id: placed.order_id,
                contract: placed.contract.clone(),
                order: placed.order.clone(),
                state: OrderState {
                    status: Some(BrokerStatus::Submitted),
                    ..OrderState::default()
                },
            };
            let body = echo.encode(version).expect("the version is known");
            let read = OpenOrder::decode(version, &body);
            assert!(read.is_ok(), "{} echoed at {version}: {read:?}", shape.shape);
            let asked: Vec<String> =
                shape.asked.iter().map(|(name, value)| format!("{name}={value}")).collect();
            let kind = format!("OpenOrder:{}", asked.join(";"));
            lines.push(format!("{version} {kind} {}", hex(&body)));
        }
    }
    fixtures::check_written("echoed.hex", &lines);
}
