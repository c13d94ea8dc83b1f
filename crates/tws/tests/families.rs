//! Scanners, news, advisors, groups of windows, events and settings: what real clients ask is
//! understood to its last field, and what is answered is written as they read it.

use gatehouse_tws::answer::*;
use gatehouse_tws::config::{
    ApiPages, ApiSettings, ConfigWarning, GatewayConfig, LockAndExit, MessageSetting, OrderPages,
    Precautions, SmartRouting,
};
use gatehouse_tws::layout::{LayoutError, ReqId, TagValue, WireContract};
use gatehouse_tws::order::SoftDollarTier;
use gatehouse_tws::request::*;
use gatehouse_tws::{Form, Head, ServerVersion};
use gatehouse_types::{ConId, Decimal};

use crate::fixtures::{self, hex};

const REQ: ReqId = ReqId::new(9);

fn text(text: &str) -> String {
    text.to_owned()
}

fn tag(tag: &str, value: &str) -> TagValue {
    TagValue { tag: text(tag), value: text(value) }
}

/// What the recorded clients were told to scan.
fn scanner() -> ScannerSubscription {
    ScannerSubscription {
        n_rows: Some(20),
        instrument: text("STK"),
        location_code: text("STK.US.MAJOR"),
        scan_code: text("TOP_PERC_GAIN"),
        above_price: Some(Decimal::new(55, 1)),
        above_volume: Some(1000),
        market_cap_below: Some(Decimal::from(1_000_000_000)),
        moody_rating_above: text("A"),
        coupon_rate_above: Some(Decimal::new(225, 2)),
        exclude_convertible: true,
        stock_type_filter: text("ALL"),
        filters: vec![tag("priceAbove", "10"), tag("volumeAbove", "5")],
        ..ScannerSubscription::default()
    }
}

fn settings() -> UpdateConfigRequest {
    let api = ApiPages {
        precautions: Precautions { bypass_bond_warning: Some(false), ..Precautions::default() },
        settings: ApiSettings {
            read_only: Some(true),
            socket_port: Some(4002),
            trusted_ips: vec![text("127.0.0.1")],
            ..ApiSettings::default()
        },
    };
    let smart_routing = SmartRouting { default_algorithm: text("x"), ..SmartRouting::default() };
    let lock_and_exit = LockAndExit { auto_logoff_time: text("10:00"), ..LockAndExit::default() };
    let message = MessageSetting { id: Some(131), enabled: Some(false), ..Default::default() };
    UpdateConfigRequest {
        req_id: REQ,
        config: GatewayConfig {
            lock_and_exit,
            messages: vec![message],
            api,
            orders: OrderPages { smart_routing },
        },
        accepted_warnings: vec![ConfigWarning { message_id: Some(131), ..Default::default() }],
        reset_order_ids: true,
    }
}

fn events(version: ServerVersion) -> WshEventDataRequest {
    let mut asked =
        WshEventDataRequest { req_id: REQ, con_id: Some(756_733), ..Default::default() };
    if version.has(171) {
        asked.filter = text("{\"x\":1}");
        asked.fill_portfolio = true;
    }
    if version.has(173) {
        asked.start_date = text("20260101");
        asked.end_date = text("20260201");
        asked.n_results = Some(10);
    }
    asked
}

/// What a recorded client meant.
fn meant(shape: &str, version: ServerVersion) -> Request {
    let news = |options| NewsArticleRequest {
        req_id: REQ,
        provider_code: text("BRFG"),
        article_id: text("BRFG$1"),
        options,
    };
    let subscription = scanner();
    match shape {
        "reqScannerParameters" => Request::ScannerParameters(ScannerParametersRequest),
        "reqScannerSubscription" => {
            Request::ScannerSubscription(ScannerSubscriptionRequest { req_id: REQ, subscription })
        }
        "cancelScannerSubscription" => {
            Request::CancelScannerSubscription(CancelScannerSubscription { req_id: REQ })
        }
        "reqNewsBulletins" => Request::NewsBulletins(NewsBulletinsRequest { all_messages: true }),
        "cancelNewsBulletins" => Request::CancelNewsBulletins(CancelNewsBulletins),
        "reqNewsArticle" => Request::NewsArticle(news(Vec::new())),
        "reqHistoricalNews" => Request::HistoricalNews(HistoricalNewsRequest {
            req_id: REQ,
            con_id: 756_733,
            provider_codes: text("BRFG+DJNL"),
            start: text("2026-01-01 00:00:00.0"),
            end: String::new(),
            n_results: 10,
            options: Vec::new(),
        }),
        "requestFA" => Request::Fa(FaRequest { data_type: 1 }),
        "replaceFA" => {
            Request::ReplaceFa(FaReplace { req_id: REQ, data_type: 1, xml: text("<a/>") })
        }
        "reqSoftDollarTiers" => Request::SoftDollarTiers(SoftDollarTiersRequest { req_id: REQ }),
        "reqFamilyCodes" => Request::FamilyCodes(FamilyCodesRequest),
        "reqWshMetaData" => Request::WshMetaData(WshMetaDataRequest { req_id: REQ }),
        "cancelWshMetaData" => Request::CancelWshMetaData(CancelWshMetaData { req_id: REQ }),
        "reqWshEventData" => Request::WshEventData(events(version)),
        "cancelWshEventData" => Request::CancelWshEventData(CancelWshEventData { req_id: REQ }),
        other => meant_of_the_program(other),
    }
}

fn meant_of_the_program(shape: &str) -> Request {
    let spy = WireContract {
        con_id: Some(ConId::new(756_733)),
        symbol: text("SPY"),
        sec_type: text("STK"),
        exchange: text("SMART"),
        primary_exchange: text("ARCA"),
        currency: text("USD"),
        local_symbol: text("SPY"),
        ..WireContract::default()
    };
    let (app, one) = (text("app"), text("1.0"));
    match shape {
        "verifyRequest" => {
            Request::VerifyRequest(VerifyRequest { api_name: app, api_version: one })
        }
        "verifyMessage" => Request::VerifyMessage(VerifyMessage { api_data: text("data") }),
        "verifyAndAuthRequest" => Request::VerifyAndAuthRequest(VerifyAndAuthRequest {
            api_name: app,
            api_version: one,
            opaque_isv_key: text("key"),
        }),
        "verifyAndAuthMessage" => Request::VerifyAndAuthMessage(VerifyAndAuthMessage {
            api_data: text("data"),
            xyz_response: text("xyz"),
        }),
        "queryDisplayGroups" => Request::QueryDisplayGroups(QueryDisplayGroups { req_id: REQ }),
        "subscribeToGroupEvents" => {
            Request::SubscribeToGroupEvents(SubscribeToGroupEvents { req_id: REQ, group_id: 4 })
        }
        "updateDisplayGroup" => Request::UpdateDisplayGroup(UpdateDisplayGroup {
            req_id: REQ,
            contract_info: text("8314@SMART"),
        }),
        "unsubscribeFromGroupEvents" => {
            Request::UnsubscribeFromGroupEvents(UnsubscribeFromGroupEvents { req_id: REQ })
        }
        "reqFundamentalData" => Request::FundamentalData(FundamentalDataRequest {
            req_id: REQ,
            contract: spy,
            report_type: text("ReportSnapshot"),
            options: Vec::new(),
        }),
        "cancelFundamentalData" => {
            Request::CancelFundamentalData(CancelFundamentalData { req_id: REQ })
        }
        "cancelContractData" => Request::CancelContractData(CancelContractData { req_id: REQ }),
        "cancelHistoricalTicks" => {
            Request::CancelHistoricalTicks(CancelHistoricalTicks { req_id: REQ })
        }
        "reqConfig" => Request::Config(ConfigRequest { req_id: REQ }),
        "updateConfig" => Request::UpdateConfig(settings()),
        other => panic!("{other} is not known"),
    }
}

#[test]
fn every_recorded_request_is_understood_and_text_is_written_the_same() {
    let frames = fixtures::families();
    assert_eq!(frames.len(), 153);
    for frame in frames {
        let (version, name) = (frame.version, frame.name());
        let read = Request::decode(version, &frame.body).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(read, meant(frame.shape, version), "{name}");
        let again = read.encode(version).expect("has a codec");
        // Numbers that are not set have three spellings, and scanners have many of them.
        let is_text = Head::split(version, &again).expect("has a head").form == Form::Text;
        if is_text && frame.shape != "reqScannerSubscription" {
            assert_eq!(hex(&again), hex(&frame.body), "{name}");
        }
        assert_eq!(Request::decode(version, &again), Ok(read), "{name}");
        let longer = [frame.body.as_slice(), b"1\0"].concat();
        assert!(Request::decode(version, &longer).is_err(), "{name}, longer");
    }
}

type Write = Box<dyn Fn(ServerVersion) -> Result<Vec<u8>, LayoutError>>;

/// An answer: how it is written, its text fields, and its protobuf payload.
struct Answer {
    write: Write,
    read_again: fn(ServerVersion, &[u8]) -> Vec<u8>,
    id: i32,
    text: &'static str,
    protobuf: &'static [u8],
}

macro_rules! answer {
    ($type:ident, $value:expr, $text:literal, $protobuf:literal) => {{
        let value: $type = $value;
        Answer {
            write: Box::new(move |version| value.encode(version)),
            read_again: |version, body| {
                let read = $type::decode(version, body).expect("is one");
                read.encode(version).expect("is known")
            },
            id: $type::ID.wire(),
            text: $text,
            protobuf: $protobuf,
        }
    }};
}

/// Every answer with its bytes; `|` stands for the end of a text field.
fn answers() -> Vec<Answer> {
    let contract = WireContract {
        con_id: Some(ConId::new(756_733)),
        symbol: text("SPY"),
        sec_type: text("STK"),
        exchange: text("SMART"),
        currency: text("USD"),
        local_symbol: text("SPY"),
        trading_class: text("SPX"),
        ..WireContract::default()
    };
    let row = ScannerRow { rank: 1, contract, market_name: text("SPM"), ..ScannerRow::default() };
    let mut all = vec![
        answer!(ScannerParameters, ScannerParameters { xml: text("<x/>") }, "1|<x/>|", b"\x0a\x04<x/>"),
        answer!(
            ScannerData,
            ScannerData { req_id: REQ, rows: vec![row] },
            "3|9|1|1|756733|SPY|STK||0||SMART|USD|SPY|SPM|SPX|||||",
            b"\x08\x09\x12\x2d\x08\x01\x12\x24\x08\xfd\x97\x2e\x12\x03SPY\x1a\x03STK\x42\x05SMART\x52\x03USD\x5a\x03SPY\x62\x03SPX\x1a\x03SPM"
        ),
        answer!(
            NewsBulletin,
            NewsBulletin { id: 7, kind: 1, message: text("m"), exchange: text("NYSE") },
            "1|7|1|m|NYSE|",
            b"\x08\x07\x10\x01\x1a\x01m\x22\x04NYSE"
        ),
        answer!(
            NewsArticle,
            NewsArticle { req_id: REQ, kind: 0, text: text("<p>") },
            "9|0|<p>|",
            b"\x08\x09\x10\x00\x1a\x03<p>"
        ),
        answer!(
            TickNews,
            TickNews {
                req_id: REQ,
                time_ms: 300,
                provider_code: text("B"),
                article_id: text("B$1"),
                headline: text("h"),
                extra: text("e"),
            },
            "9|300|B|B$1|h|e|",
            b"\x08\x09\x10\xac\x02\x1a\x01B\x22\x03B$1\x2a\x01h\x32\x01e"
        ),
        answer!(
            HistoricalNews,
            HistoricalNews {
                req_id: REQ,
                time: text("t"),
                provider_code: text("B"),
                article_id: text("B$1"),
                headline: text("h"),
            },
            "9|t|B|B$1|h|",
            b"\x08\x09\x12\x01t\x1a\x01B\x22\x03B$1\x2a\x01h"
        ),
        answer!(
            HistoricalNewsEnd,
            HistoricalNewsEnd { req_id: REQ, has_more: true },
            "9|1|",
            b"\x08\x09\x10\x01"
        ),
    ];
    all.extend(answers_of_the_program());
    all
}

fn answers_of_the_program() -> Vec<Answer> {
    let tier = SoftDollarTier { name: text("n"), value: text("v"), display_name: text("d") };
    let code = FamilyCode { account: text("*"), code: String::new() };
    vec![
        answer!(FaData, FaData { data_type: 1, xml: text("x") }, "1|1|x|", b"\x08\x01\x12\x01x"),
        answer!(
            FaReplaced,
            FaReplaced { req_id: REQ, text: text("t") },
            "9|t|",
            b"\x08\x09\x12\x01t"
        ),
        answer!(
            SoftDollarTiers,
            SoftDollarTiers { req_id: REQ, tiers: vec![tier] },
            "9|1|n|v|d|",
            b"\x08\x09\x12\x09\x0a\x01n\x12\x01v\x1a\x01d"
        ),
        answer!(FamilyCodes, FamilyCodes { codes: vec![code] }, "1|*||", b"\x0a\x03\x0a\x01*"),
        answer!(
            DisplayGroupList,
            DisplayGroupList { req_id: REQ, groups: text("1|2") },
            "1|9|1\x7c2|",
            b"\x08\x09\x12\x031|2"
        ),
        answer!(
            DisplayGroupUpdated,
            DisplayGroupUpdated { req_id: REQ, contract_info: text("none") },
            "1|9|none|",
            b"\x08\x09\x12\x04none"
        ),
        answer!(VerifyMessageApi, VerifyMessageApi { api_data: text("d") }, "1|d|", b"\x0a\x01d"),
        answer!(
            VerifyCompleted,
            VerifyCompleted { is_successful: true, error: text("e") },
            "1|true|e|",
            b"\x08\x01\x12\x01e"
        ),
        answer!(
            WshMetaData,
            WshMetaData { req_id: REQ, json: text("{}") },
            "9|{}|",
            b"\x08\x09\x12\x02{}"
        ),
        answer!(
            WshEventData,
            WshEventData { req_id: REQ, json: text("{}") },
            "9|{}|",
            b"\x08\x09\x12\x02{}"
        ),
    ]
}

/// Returns each answer at every version that has it.
pub(crate) fn samples() -> Vec<(i32, Vec<u8>)> {
    let bodies = |number| {
        let of = move |answer: Answer| (answer.write)(ServerVersion::new(number)).ok();
        answers().into_iter().filter_map(of).map(move |body| (number, body))
    };
    (157..=226).flat_map(bodies).collect()
}

#[test]
fn every_answer_is_written_field_by_field_in_both_forms() {
    for answer in answers() {
        let (number, fields) = (answer.id, answer.text);
        let body = (answer.write)(ServerVersion::new(178)).expect("is known");
        // The list of groups has bars of its own.
        let fields = if number == DisplayGroupList::ID.wire() {
            "1\x009\x001|2\0".to_owned()
        } else {
            fields.replace('|', "\0")
        };
        assert_eq!(String::from_utf8_lossy(&body), format!("{number}\0{fields}"));
        let body = (answer.write)(ServerVersion::new(226)).expect("is known");
        assert_eq!(hex(&body[4..]), hex(answer.protobuf), "message {number}");
        assert_eq!(body[..4], (number + 200).to_be_bytes(), "message {number}");
        for version in (157..=226).map(ServerVersion::new) {
            let body = (answer.write)(version).expect("is known");
            assert_eq!((answer.read_again)(version, &body), body, "message {number} at {version}");
        }
    }
}

#[test]
fn settings_are_written_as_they_are_tagged_and_only_by_versions_that_have_them() {
    let UpdateConfigRequest { config, .. } = settings();
    let response = ConfigResponse { req_id: REQ, config };
    let body = response.encode(ServerVersion::new(219)).expect("is known");
    assert_eq!(ConfigResponse::decode(ServerVersion::new(219), &body), Ok(response.clone()));
    // reqId 9, lock and exit, message 131, precautions and settings, smart routing.
    let expected = b"\0\0\x01\x36\x08\x09\x12\x07\x0a\x0510:00\x1a\x05\x08\x83\x01\x28\x00\x22\x17\x0a\x02\x10\x00\x12\x11\x08\x01\x40\xa2\x1f\xa2\x02\x09127.0.0.1\x2a\x05\x0a\x03\x22\x01x";
    assert_eq!(hex(&body), hex(expected));
    assert!(response.encode(ServerVersion::new(218)).is_err());
    let changed = UpdateConfigResponse {
        req_id: REQ,
        status: text("s"),
        changed_fields: vec![text("a"), text("b")],
        ..UpdateConfigResponse::default()
    };
    let body = changed.encode(ServerVersion::new(221)).expect("is known");
    assert_eq!(hex(&body), hex(b"\0\0\x01\x37\x08\x09\x12\x01s\x22\x01a\x22\x01b"));
    assert!(changed.encode(ServerVersion::new(220)).is_err());
}

#[test]
fn a_change_of_settings_takes_over_what_it_states_and_names_what_differs() {
    let mut known =
        ApiSettings { read_only: Some(false), socket_port: Some(4002), ..ApiSettings::default() };
    let asked =
        ApiSettings { read_only: Some(true), socket_port: Some(4002), ..ApiSettings::default() };
    assert_eq!(known.take_over(&asked), ["readOnlyApi"]);
    assert_eq!(known, asked);
    assert_eq!(known.take_over(&ApiSettings::default()), Vec::<&str>::new());
}
