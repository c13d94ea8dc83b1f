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
