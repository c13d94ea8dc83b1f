//! When the history begins, and how often that and the past may be asked for.

use gatehouse_tws::answer::{ErrorReport, HeadTimestamp, HistoricalData};
use gatehouse_tws::layout::{ReqId, WireContract};
use gatehouse_tws::request::{
    CancelHeadTimestamp, HeadTimestampRequest, HistoricalDataRequest, Request,
};

use crate::determinism::stock;
use crate::market::Scene;

/// Questions that are open at once.
const OPEN_MAX: i32 = 50;

fn head(id: i32, contract: &WireContract, what: &str) -> Request {
    Request::HeadTimestamp(HeadTimestampRequest {
        req_id: ReqId::new(id),
        contract: contract.clone(),
        what_to_show: what.to_owned(),
        use_rth: true,
        format_date: 1,
    })
}

fn growing(id: i32) -> Request {
    Request::HistoricalData(HistoricalDataRequest {
        req_id: ReqId::new(id),
        contract: stock("SPY"),
        duration: "1 D".to_owned(),
        bar_size: "1 hour".to_owned(),
        what_to_show: "TRADES".to_owned(),
        use_rth: true,
        format_date: 1,
        keep_up_to_date: true,
        ..HistoricalDataRequest::default()
    })
}

/// What came: beginnings, answers with bars, and errors.
fn heard(scene: &mut Scene) -> (Vec<String>, usize, Vec<(i32, String)>) {
    let bodies = scene.heard();
    let heads = scene.of_kind(&bodies, HeadTimestamp::ID, HeadTimestamp::decode);
    let bars = scene.of_kind(&bodies, HistoricalData::ID, HistoricalData::decode);
    let errors = scene.of_kind(&bodies, ErrorReport::ID, ErrorReport::decode);
    let errors = errors.into_iter().filter(|error| error.code < 2_000);
    (
        heads.into_iter().map(|head| head.timestamp).collect(),
        bars.len(),
        errors.map(|error| (error.code, error.text)).collect(),
    )
}

#[test]
fn a_question_for_the_beginning_stays_open_until_it_is_cancelled() {
    let too_many = "only 50 simultaneous";
    for version in [178, 226] {
        let mut scene = Scene::at(version);
        for id in 1..=OPEN_MAX {
            scene.ask(if id % 2 == 0 { head(id, &stock("SPY"), "TRADES") } else { growing(id) });
            // No question is asked again within fifteen seconds.
            scene.pass(25_000);
        }
        let (heads, n_bars, errors) = heard(&mut scene);
        assert_eq!((heads.len(), n_bars, errors), (25, 25, vec![]), "{version}");
        for request in [head(51, &stock("SPY"), "TRADES"), growing(52)] {
            scene.ask(request.clone());
            scene.pass(25_000);
            let (heads, n_bars, errors) = heard(&mut scene);
            assert_eq!((heads.len(), n_bars, errors.len()), (0, 0, 1), "{version}");
            let (code, text) = &errors[0];
            assert_eq!(*code, 322, "{version}: {text}");
            assert!(text.to_lowercase().contains(too_many), "{version}: {text}");
        }
        // One that is not open ends nothing, and neither says a word.
        for id in [777, 2] {
            let req_id = ReqId::new(id);
            scene.ask(Request::CancelHeadTimestamp(CancelHeadTimestamp { req_id }));
            scene.pass(25_000);
            scene.ask(growing(52));
            scene.pass(25_000);
            let (_, n_bars, errors) = heard(&mut scene);
            let expected = if id == 2 { (1, 0) } else { (0, 1) };
            assert_eq!((n_bars, errors.len()), expected, "{version}: {errors:?}");
        }
    }
}

#[test]
fn a_question_for_the_beginning_is_paced_and_refused_as_bars_are() {
    let mut scene = Scene::at(226);
    let spy = stock("SPY");
    let index = WireContract {
        symbol: "SPX".to_owned(),
        sec_type: "IND".to_owned(),
        exchange: "CBOE".to_owned(),
        currency: "USD".to_owned(),
        ..WireContract::default()
    };
    for (secs, request, expected) in [
        (0, head(1, &spy, "TRADES"), None),
        (14, head(2, &spy, "TRADES"), Some((162, "pacing violation"))),
        (1, head(3, &spy, "TRADES"), None),
        (0, head(4, &spy, "BID"), None),
        (20, head(5, &index, "BID"), Some((162, "No head time stamp"))),
        (20, head(6, &spy, "NONSENSE"), Some((321, "NONSENSE"))),
        (20, head(7, &stock("NOSUCH"), "TRADES"), Some((200, "No security definition"))),
    ] {
        scene.pass(1_000 * secs);
        scene.ask(request.clone());
        let (heads, _, errors) = heard(&mut scene);
        let Some((code, words)) = expected else {
            assert_eq!((heads.len(), errors), (1, vec![]), "{request:?}");
            continue;
        };
        assert_eq!((heads.len(), errors.len()), (0, 1), "{request:?}");
        let (found, text) = &errors[0];
        assert!(*found == code && text.contains(words), "{found} {text}");
    }
}

fn bars(id: i32, symbol: &str, size: &str, what: &str, duration: &str) -> Request {
    Request::HistoricalData(HistoricalDataRequest {
        req_id: ReqId::new(id),
        contract: stock(symbol),
        end: "20260102-21:00:00".to_owned(),
        duration: duration.to_owned(),
        bar_size: size.to_owned(),
        what_to_show: what.to_owned(),
        use_rth: true,
        format_date: 2,
        ..HistoricalDataRequest::default()
    })
}

/// Whoever proves that nobody asked too often reads this counter: it has to know how to count.
#[test]
fn who_asks_too_often_is_told_so_and_counted() {
    let mut scene = Scene::at(226);
    let durations = ["60 S", "90 S", "120 S", "150 S", "180 S", "210 S"];
    let burst = durations.map(|duration| bars(3, "IBM", "15 secs", "TRADES", duration));
    let twice =
        |what| [bars(1, "SPY", "30 secs", what, "1 D"), bars(2, "SPY", "30 secs", what, "1 D")];
    let minutes = [1, 2].map(|id| bars(id, "SPY", "1 min", "TRADES", "1 D"));
    let mut n_refused = 0;
    for (requests, n_too_many) in [
        (&minutes[..], 0),
        (&twice("TRADES"), 1),
        (&twice("bid_ask"), 1),
        (&burst, 1),
        (&[head(4, &stock("SPY"), "BID"), head(5, &stock("SPY"), "BID")], 1),
    ] {
        requests.iter().for_each(|request| scene.ask(request.clone()));
        let (_, _, errors) = heard(&mut scene);
        let too_often = errors.iter().filter(|(_, text)| text.contains("pacing violation"));
        n_refused += too_often.count();
        assert_eq!(errors.len(), n_too_many, "{requests:?}: {errors:?}");
    }
    // Of the 60 of ten minutes 1 + 2 + 5 + 1 are used, and each of these takes 2.
    for n in 0..26 {
        scene.pass(2_000);
        scene.ask(bars(n, "AAPL", "30 secs", "BID_ASK", &format!("{} S", 3_600 + n)));
    }
    let (_, n_answered, errors) = heard(&mut scene);
    assert_eq!((n_answered, errors.len()), (25, 1), "{errors:?}");
    let state = scene.state();
    let counters = &state["counters"];
    assert_eq!(counters["pacing_violations"], n_refused + 1);
    let expected = serde_json::json!({
        "1 min TRADES": 2, "15 secs TRADES": 6, "30 secs BID_ASK": 28, "30 secs TRADES": 2
    });
    assert_eq!(counters["bars"], expected);
}
