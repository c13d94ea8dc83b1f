//! What real clients ask without an order is understood to its last field, and means what they
//! meant.

use std::collections::BTreeSet;

use gatehouse_tws::ServerVersion;
use gatehouse_tws::layout::WireContract;
use gatehouse_tws::request::{
    AccountDataRequest, AccountSummaryRequest, AccountUpdatesMultiRequest, ContractDataRequest,
    ExecutionsRequest, HeadTimestampRequest, HistoricalDataRequest, MarketDataRequest,
    MarketDataTypeRequest, MarketRuleRequest, MatchingSymbolsRequest, PnLRequest, PnLSingleRequest,
    PositionsMultiRequest, RealTimeBarsRequest, Request, SetServerLogLevel, TickByTickRequest,
};
use gatehouse_types::Decimal;

use crate::fixtures::{self, Fixture};

fn decimal(text: &str) -> Option<Decimal> {
    Some(text.parse().expect("is a decimal"))
}

/// Every client asks about SPY: by its spelling, by its id, or as legs of a combination.
fn check_contract(contract: &WireContract, name: &str) {
    if contract.symbol.is_empty() {
        assert_eq!(contract.con_id.map(|id| id.get()), Some(756_733), "{name}");
        assert_eq!((contract.sec_id_type.as_str(), contract.multiplier), ("ISIN", decimal("1")));
        assert_eq!(contract.sec_id, "US78462F1030", "{name}");
        assert!(contract.include_expired, "{name}");
        return;
    }
    assert_eq!(contract.symbol, "SPY", "{name}");
    assert_eq!(contract.exchange, "SMART", "{name}");
    assert_eq!(contract.currency, "USD", "{name}");
    assert_eq!(contract.strike, None, "{name}");
    if contract.sec_type == "BAG" {
        let legs: Vec<_> =
            contract.legs.iter().map(|leg| (leg.con_id, leg.ratio, leg.action.as_str())).collect();
        assert_eq!(legs, [(1, 1, "BUY"), (2, 2, "SELL")], "{name}");
    } else {
        assert_eq!(contract.sec_type, "STK", "{name}");
        assert!(contract.legs.is_empty(), "{name}");
    }
}

fn check_bars(fixture: &Fixture, name: &str) {
    let (version, body) = (fixture.version, fixture.body.as_slice());
    match fixture.shape {
        "reqHistoricalData" => {
            let asked = HistoricalDataRequest::decode(version, body).expect("is one");
            check_contract(&asked.contract, name);
            assert!(matches!(asked.end.as_str(), "" | "20260105-16:00:00"), "{name}");
            let words =
                [asked.duration.as_str(), asked.bar_size.as_str(), asked.what_to_show.as_str()];
            assert_eq!(words, ["1 D", "1 min", "TRADES"], "{name}");
            assert!(matches!(asked.format_date, 1 | 2), "{name}");
        }
        "reqHeadTimestamp" => {
            let asked = HeadTimestampRequest::decode(version, body).expect("is one");
            check_contract(&asked.contract, name);
            assert_eq!((asked.what_to_show.as_str(), asked.use_rth), ("TRADES", true), "{name}");
        }
        "reqRealTimeBars" => {
            let asked = RealTimeBarsRequest::decode(version, body).expect("is one");
            check_contract(&asked.contract, name);
            assert_eq!(asked.what_to_show, "TRADES", "{name}");
            assert!(matches!(asked.bar_size, 0 | 5), "{name}");
        }
        _ => {}
    }
}

fn check_market(fixture: &Fixture, name: &str) {
    let (version, body) = (fixture.version, fixture.body.as_slice());
    match fixture.shape {
        "reqContractDetails" => {
            let asked = ContractDataRequest::decode(version, body).expect("is one");
            check_contract(&asked.contract, name);
        }
        "reqMktData" => {
            let asked = MarketDataRequest::decode(version, body).expect("is one");
            check_contract(&asked.contract, name);
            assert!(matches!(asked.generic_ticks.as_str(), "" | "233" | "233,236"), "{name}");
            assert!(!asked.regulatory_snapshot, "{name}");
            let neutral = asked.contract.delta_neutral;
            assert_eq!(neutral.is_some(), asked.contract.sec_type == "BAG", "{name}");
            if let Some(neutral) = neutral {
                assert_eq!((neutral.con_id, Some(neutral.delta)), (756_733, decimal("0.5")));
                assert_eq!(Some(neutral.price), decimal("480"), "{name}");
            }
        }
        "reqMarketDataType" => {
            let asked = MarketDataTypeRequest::decode(version, body).expect("is one");
            assert_eq!(asked.market_data_type, 3, "{name}");
        }
        "reqTickByTickData" => {
            let asked = TickByTickRequest::decode(version, body).expect("is one");
            check_contract(&asked.contract, name);
            let kinds = ["Last", "AllLast", "BidAsk", "MidPoint"];
            assert!(kinds.contains(&asked.tick_type.as_str()), "{name}");
            assert_eq!((asked.n_ticks, asked.ignore_size), (0, false), "{name}");
        }
        "reqMatchingSymbols" => {
            let asked = MatchingSymbolsRequest::decode(version, body).expect("is one");
            assert_eq!(asked.pattern, "SPY", "{name}");
        }
        "reqMarketRule" => {
            assert_eq!(MarketRuleRequest::decode(version, body).expect("is one").rule_id, 26);
        }
        _ => {}
    }
}

fn check_account(fixture: &Fixture, name: &str) {
    let (version, body) = (fixture.version, fixture.body.as_slice());
    let is_ours = |account: &str| assert_eq!(account, "DU1234567", "{name}");
    match fixture.shape {
        "reqAccountUpdates" => {
            let asked = AccountDataRequest::decode(version, body).expect("is one");
            assert!(matches!(asked.account.as_str(), "" | "DU1234567"), "{name}");
        }
        "reqAccountSummary" => {
            let asked = AccountSummaryRequest::decode(version, body).expect("is one");
            assert_eq!(asked.group, "All", "{name}");
            assert!(asked.tags.contains("BuyingPower"), "{name}");
        }
        "reqAccountUpdatesMulti" => {
            let asked = AccountUpdatesMultiRequest::decode(version, body).expect("is one");
            is_ours(&asked.account);
        }
        "reqPositionsMulti" => {
            is_ours(&PositionsMultiRequest::decode(version, body).expect("is one").account);
        }
        "reqPnL" => is_ours(&PnLRequest::decode(version, body).expect("is one").account),
        "reqPnLSingle" => {
            let asked = PnLSingleRequest::decode(version, body).expect("is one");
            is_ours(&asked.account);
            assert_eq!(asked.con_id, 756_733, "{name}");
        }
        "setServerLogLevel" => {
            assert_eq!(SetServerLogLevel::decode(version, body).expect("is one").level, 2);
        }
        "reqExecutions" => {
            let asked = ExecutionsRequest::decode(version, body).expect("is one").filter;
            let is_narrow = asked.client_id == 7;
            assert_eq!(asked.symbol, if is_narrow { "SPY" } else { "" }, "{name}");
            assert_eq!(asked.account, if is_narrow { "DU1234567" } else { "" }, "{name}");
            if is_narrow && version.has(201) {
                assert_eq!(asked.last_n_days, Some(3), "{name}");
                assert_eq!(asked.specific_dates.first(), Some(&20_260_105), "{name}");
            }
        }
        _ => {}
    }
}

#[test]
fn every_recorded_read_means_what_its_client_meant() {
    for fixture in fixtures::reads() {
        let name = fixture.name();
        let read = Request::decode(fixture.version, &fixture.body)
            .unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(read.id(), fixture.id(), "{name}");
        assert!(!matches!(read, Request::Other { .. }), "{name} has no decoder");
        check_market(&fixture, &name);
        check_bars(&fixture, &name);
        check_account(&fixture, &name);
    }
}

#[test]
fn every_recorded_read_is_read_back_from_what_is_written() {
    for fixture in fixtures::reads() {
        let read = Request::decode(fixture.version, &fixture.body).expect("is understood");
        let again = read.encode(fixture.version).expect("has a codec");
        assert_eq!(Request::decode(fixture.version, &again), Ok(read), "{}", fixture.name());
    }
}

#[test]
fn a_read_with_a_byte_missing_or_left_over_is_refused() {
    for fixture in fixtures::reads() {
        let (version, name) = (fixture.version, fixture.name());
        let longer = [fixture.body.as_slice(), b"1\0"].concat();
        assert!(Request::decode(version, &longer).is_err(), "{name} with a field more");
        let shorter = fixture.body.get(..fixture.body.len() - 1).expect("is not empty");
        let says_nothing_but_its_id = version.has(201) && fixture.body.len() == 4;
        if !says_nothing_but_its_id && !version.has(201) {
            assert!(Request::decode(version, shorter).is_err(), "{name} with a byte less");
        }
    }
}

#[test]
fn a_multiplier_that_is_not_a_number_is_refused() {
    for (multiplier, is_read) in [("", true), ("100", true), ("0.01", true), ("x", false)] {
        let fields = [
            "87", "1", "756733", "SPY", "STK", "", "0.0", "", multiplier, "SMART", "", "USD", "",
            "", "0", "1", "TRADES", "1", "",
        ];
        let body = fields.join("\0");
        let read = HeadTimestampRequest::decode(ServerVersion::new(178), body.as_bytes());
        assert_eq!(read.is_ok(), is_read, "{multiplier:?}: {read:?}");
    }
}

#[test]
fn every_client_has_the_reads_that_the_simulator_answers_recorded() {
    for (client, version, n_kinds) in [
        ("ib_async-2.1.0", 157, 38),
        ("ib_async-2.1.0", 178, 38),
        ("ibapi-10.51.1", 157, 37),
        ("ibapi-10.51.1", 164, 37),
        ("ibapi-10.51.1", 178, 38),
        ("ibapi-10.51.1", 213, 39),
        ("ibapi-10.51.1", 226, 39),
        ("ibapi-rs-5.5.0", 213, 38),
        ("ibapi-rs-5.5.0", 226, 38),
    ] {
        let kinds: BTreeSet<i32> = fixtures::reads()
            .iter()
            .filter(|one| one.client == client && one.version.get() == version)
            .map(Fixture::id)
            .collect();
        assert_eq!(kinds.len(), n_kinds, "{client} at {version}: {kinds:?}");
    }
}
