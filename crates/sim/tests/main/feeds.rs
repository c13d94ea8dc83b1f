//! What has no prices of its own: past ticks by their times, a seller's whole news, rankings of
//! combinations.

use gatehouse_tws::answer::{ErrorReport, HistoricalTicksLast, MarketRule, ScannerData, TickNews};
use gatehouse_tws::layout::{Leg, ReqId, WireContract};
use gatehouse_tws::request::{
    CancelMarketData, HistoricalTicksRequest, MarketDataRequest, MarketRuleRequest, Request,
    ScannerSubscription, ScannerSubscriptionRequest,
};

use crate::market::{Scene, VERSIONS, contract};

/// Asks for trades of SPY in regular hours; a time or a number is left out when it is empty or 0.
fn past_ticks(start: &str, end: &str, n_ticks: i32) -> Request {
    Request::HistoricalTicks(HistoricalTicksRequest {
        req_id: ReqId::new(5),
        contract: contract("SPY", "STK", "SMART"),
        start: start.to_owned(),
        end: end.to_owned(),
        n_ticks,
        what_to_show: "TRADES".to_owned(),
        use_rth: true,
        ..HistoricalTicksRequest::default()
    })
}

#[test]
fn past_ticks_are_found_from_up_to_between_and_without_times() {
    let soon = 1_767_627_060;
    for version in VERSIONS {
        for (start, end, n_ticks, from, to) in [
            ("20251231-15:00:00", "", 50, 1_767_193_200, soon),
            ("", "20251231-15:00:00", 50, 0, 1_767_193_200),
            ("20251231-15:00:00", "20251231-15:00:20", 0, 1_767_193_200, 1_767_193_220),
            ("20251231-15:00:00", "20251231-15:00:05", 1_000, 1_767_193_200, 1_767_193_205),
            ("", "", 20, 0, soon),
        ] {
            let case = format!("{start} to {end} at {version}");
            let mut scene = Scene::at(version);
            scene.ask(past_ticks(start, end, n_ticks));
            let heard = scene.heard();
            let told = scene.of_kind(&heard, HistoricalTicksLast::ID, HistoricalTicksLast::decode);
            let ticks = &told.first().expect(&case).ticks;
            assert!(ticks.len() >= 10, "{case}: {}", ticks.len());
            let times: Vec<i64> = ticks.iter().map(|tick| tick.time).collect();
            assert!(times.iter().all(|time| (from..to).contains(time)), "{case}: {times:?}");
        }
        let mut scene = Scene::at(version);
        scene.ask(past_ticks("", "", 0));
        assert_eq!(scene.codes(), [321], "neither a time nor a number");
    }
}

/// Friday 2 January 2026 ended at 21:00 in London, and Monday begins at 14:30.
#[test]
fn past_ticks_are_of_one_session_and_no_more_than_complete_a_second() {
    let (closes, opens) = (1_767_387_600, 1_767_623_400);
    for (start, end, n_ticks, from, to) in [
        ("20260102-20:59:55", "", 1_000, closes - 5, closes),
        ("", "20260105-14:30:05", 1_000, opens, opens + 5),
        ("20260103-12:00:00", "", 20, opens, opens + 60),
        ("", "20260103-12:00:00", 20, closes - 60, closes),
    ] {
        let case = format!("{n_ticks} from {start} to {end}");
        let mut scene = Scene::at(226);
        scene.ask(past_ticks(start, end, n_ticks));
        let heard = scene.heard();
        let told = scene.of_kind(&heard, HistoricalTicksLast::ID, HistoricalTicksLast::decode);
        let times: Vec<i64> =
            told.first().expect(&case).ticks.iter().map(|tick| tick.time).collect();
        assert!(!times.is_empty() && times.is_sorted(), "{case}: {times:?}");
        assert!(times.iter().all(|time| (from..to).contains(time)), "{case}: {times:?}");
        let far = if start.is_empty() { times.first() } else { times.last() };
        let n_whole = times.iter().filter(|time| Some(*time) != far).count();
        assert!(i32::try_from(n_whole).expect("is small") < n_ticks, "{case}: {times:?}");
    }
}

#[test]
fn there_are_no_past_ticks_of_a_combination() {
    let leg = |con_id: i32, action: &str| Leg {
        con_id,
        ratio: 1,
        action: action.to_owned(),
        exchange: "SMART".to_owned(),
        ..Leg::default()
    };
    let legs = vec![leg(265_598, "BUY"), leg(272_093, "SELL")];
    let mut scene = Scene::at(226);
    scene.ask(Request::HistoricalTicks(HistoricalTicksRequest {
        req_id: ReqId::new(5),
        contract: WireContract { legs, ..contract("AAPL,MSFT", "BAG", "SMART") },
        start: "20260102-20:00:00".to_owned(),
        n_ticks: 10,
        what_to_show: "BID_ASK".to_owned(),
        use_rth: true,
        ..HistoricalTicksRequest::default()
    }));
    assert_eq!(scene.codes(), [162]);
}

#[test]
fn a_line_on_a_seller_of_news_hears_all_that_it_says_and_no_price() {
    for version in VERSIONS {
        let mut scene = Scene::at(version);
        let line = |id: i32, exchange: &str| {
            Request::MarketData(MarketDataRequest {
                req_id: ReqId::new(id),
                contract: contract("BRFG:BRFG_ALL", "NEWS", exchange),
                generic_ticks: "mdoff,292".to_owned(),
                ..MarketDataRequest::default()
            })
        };
        scene.ask(line(1, "BRFG"));
        scene.pass(3_600_000);
        let heard = scene.heard();
        let news = scene.of_kind(&heard, TickNews::ID, TickNews::decode);
        assert!(news.len() > 3, "{version}: {}", news.len());
        assert!(news.iter().all(|one| one.provider_code == "BRFG"));
        assert_eq!(heard.len(), news.len(), "nothing but news");
        scene.ask(line(1, "BRFG"));
        scene.ask(line(2, "NOBODY"));
        assert_eq!(scene.codes(), [322, 200]);
        let cancel = CancelMarketData { req_id: ReqId::new(1) };
        scene.ask(Request::CancelMarketData(cancel));
        scene.pass(3_600_000);
        assert!(scene.heard().is_empty(), "{version}");
        scene.ask(Request::CancelMarketData(cancel));
        assert_eq!(scene.codes(), [300]);
    }
}

#[test]
fn a_ranking_of_combinations_is_known_and_finds_none() {
    for version in VERSIONS {
        let mut scene = Scene::at(version);
        let rank = |id: i32, code: &str| {
            Request::ScannerSubscription(ScannerSubscriptionRequest {
                req_id: ReqId::new(id),
                subscription: ScannerSubscription {
                    instrument: "NATCOMB".to_owned(),
                    location_code: "NATCOMB.OPT.US".to_owned(),
                    scan_code: code.to_owned(),
                    ..ScannerSubscription::default()
                },
            })
        };
        scene.ask(rank(1, "COMBO_LATEST_TRADE"));
        let heard = scene.heard();
        let report = scene.of_kind(&heard, ErrorReport::ID, ErrorReport::decode);
        assert_eq!(report.first().map(|report| report.code), Some(165), "{version}");
        let rows = scene.of_kind(&heard, ScannerData::ID, ScannerData::decode);
        assert!(rows[0].rows.is_empty());
        scene.ask(rank(2, "COMBO_OF_NOBODY"));
        assert_eq!(scene.codes(), [162]);
    }
}

#[test]
fn the_rules_of_prices_that_clients_ask_for_are_there() {
    for version in VERSIONS {
        let mut scene = Scene::at(version);
        for (rule_id, step) in [
            (12, "0.01"),
            (26, "0.01"),
            (32, "0.01"),
            (67, "0.25"),
            (635, "0.0001"),
            (2_806, "0.25"),
        ] {
            scene.ask(Request::MarketRule(MarketRuleRequest { rule_id }));
            let heard = scene.heard();
            let told = scene.of_kind(&heard, MarketRule::ID, MarketRule::decode);
            assert_eq!(told[0].steps[0].increment.to_string(), step, "{rule_id}");
        }
    }
}
