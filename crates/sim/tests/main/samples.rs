//! One of each message that a client may send, and what must be said before it.

use gatehouse_sim::world::catalog::by_symbol;
use gatehouse_sim::world::news::News;
use gatehouse_tws::answer::AnswerId;
use gatehouse_tws::config::{ApiPages, ApiSettings, GatewayConfig};
use gatehouse_tws::layout::{ReqId, WireContract};
use gatehouse_tws::order::Order;
use gatehouse_tws::request::*;
use gatehouse_types::{ConId, Decimal, OrderId};

use crate::{SEED, start_time};

/// The request id of every sample.
pub(crate) const REQ: ReqId = ReqId::new(9);
/// The id of every order that rests, as a request id.
const ORDER: i32 = 9;

fn spy() -> WireContract {
    WireContract {
        con_id: Some(ConId::new(756_733)),
        exchange: "SMART".to_owned(),
        ..WireContract::default()
    }
}

fn option() -> WireContract {
    WireContract {
        symbol: "SPY".to_owned(),
        sec_type: "OPT".to_owned(),
        exchange: "SMART".to_owned(),
        currency: "USD".to_owned(),
        expiry: "20260116".to_owned(),
        strike: Some(Decimal::from(685)),
        right: "C".to_owned(),
        ..WireContract::default()
    }
}

fn order(contract: WireContract, id: i32, kind: &str, price: Option<i64>) -> Request {
    Request::PlaceOrder(Box::new(PlaceOrder {
        order_id: OrderId::new(id),
        contract,
        order: Order {
            action: "BUY".to_owned(),
            total_quantity: Decimal::ONE_HUNDRED,
            order_type: kind.to_owned(),
            lmt_price: price.map(Decimal::from),
            transmit: true,
            tif: "DAY".to_owned(),
            ..Order::default()
        },
        attached: None,
    }))
}

fn account() -> String {
    "DU1234567".to_owned()
}

/// What begins that which a message ends or changes.
const BEGINNINGS: &[(RequestId, RequestId)] = &[
    (RequestId::CancelMarketData, RequestId::MarketData),
    (RequestId::CancelOrder, RequestId::PlaceOrder),
    (RequestId::GlobalCancel, RequestId::PlaceOrder),
    (RequestId::OpenOrders, RequestId::PlaceOrder),
    (RequestId::AllOpenOrders, RequestId::PlaceOrder),
    (RequestId::CancelMarketDepth, RequestId::MarketDepth),
    (RequestId::CancelScannerSubscription, RequestId::ScannerSubscription),
    (RequestId::CancelHistoricalData, RequestId::HistoricalData),
    (RequestId::CancelRealTimeBars, RequestId::RealTimeBars),
    (RequestId::CancelAccountSummary, RequestId::AccountSummary),
    (RequestId::UpdateDisplayGroup, RequestId::SubscribeToGroupEvents),
    (RequestId::UnsubscribeFromGroupEvents, RequestId::SubscribeToGroupEvents),
    (RequestId::CancelPositionsMulti, RequestId::PositionsMulti),
    (RequestId::CancelAccountUpdatesMulti, RequestId::AccountUpdatesMulti),
    (RequestId::CancelPnL, RequestId::PnL),
    (RequestId::CancelPnLSingle, RequestId::PnLSingle),
    (RequestId::CancelTickByTickData, RequestId::TickByTickData),
];

/// Messages about what an order bought.
const AFTER_A_FILL: &[RequestId] = &[
    RequestId::AccountData,
    RequestId::AccountUpdatesMulti,
    RequestId::ExerciseOptions,
    RequestId::Executions,
    RequestId::Positions,
    RequestId::PositionsMulti,
    RequestId::PnLSingle,
    RequestId::CompletedOrders,
];

/// Returns what a session says before a message, so that there is something to end or to list, and
/// what it waits for.
pub(crate) fn preparing(id: RequestId) -> (Vec<Request>, Option<AnswerId>) {
    if AFTER_A_FILL.contains(&id) {
        let contract = if id == RequestId::ExerciseOptions { option() } else { spy() };
        return (vec![order(contract, 1, "MKT", None)], Some(AnswerId::CommissionReport));
    }
    let beginnings = BEGINNINGS.iter().filter(|(ends, _)| *ends == id);
    (beginnings.map(|(_, begins)| sample(*begins)).collect(), None)
}

/// Returns one message of a kind; `Other` for one that has no codec.
pub(crate) fn sample(id: RequestId) -> Request {
    let all = [orders(), market(), history(), accounts(), references(), news(), program()];
    let found = all.into_iter().flatten().find(|request| request.id() == id.wire());
    found.unwrap_or(Request::Other { id: id.wire() })
}

/// Returns questions of special kinds, each with what only such a question is answered with.
pub(crate) fn extras() -> Vec<(Request, AnswerId)> {
    let bars = |id: i32, what: &str, bar_size: &str| HistoricalDataRequest {
        req_id: ReqId::new(id),
        contract: spy(),
        duration: "2 D".to_owned(),
        bar_size: bar_size.to_owned(),
        what_to_show: what.to_owned(),
        use_rth: true,
        format_date: 1,
        ..HistoricalDataRequest::default()
    };
    let growing = HistoricalDataRequest { keep_up_to_date: true, ..bars(22, "TRADES", "1 hour") };
    let schedule = bars(30, "SCHEDULE", "1 day");
    let snapshot = MarketDataRequest { snapshot: true, ..quotes(21, spy()) };
    let bond = ContractDataRequest { req_id: ReqId::new(29), contract: smart("AAPL", "BOND") };
    let smart_rows = MarketDepthRequest { is_smart: true, ..rows(23, spy()) };
    let past = |id: i32, tick_type: &str| {
        Request::TickByTick(TickByTickRequest {
            req_id: ReqId::new(id),
            contract: spy(),
            tick_type: tick_type.to_owned(),
            n_ticks: 5,
            ignore_size: false,
        })
    };
    vec![
        (Request::ContractData(bond), AnswerId::BondContractData),
        (Request::HistoricalData(schedule), AnswerId::HistoricalSchedule),
        (Request::MarketDepth(smart_rows), AnswerId::MarketDepthL2),
        (Request::MarketData(quotes(24, smart("SPY", "CFD"))), AnswerId::RerouteMarketData),
        (Request::MarketDepth(rows(25, smart("SPY", "CFD"))), AnswerId::RerouteMarketDepth),
        (past(26, "Last"), AnswerId::HistoricalTicksLast),
        (past(27, "BidAsk"), AnswerId::HistoricalTicksBidAsk),
        (past(28, "MidPoint"), AnswerId::HistoricalTicks),
        (Request::MarketData(snapshot), AnswerId::TickSnapshotEnd),
        (Request::HistoricalData(growing), AnswerId::HistoricalDataUpdate),
    ]
}

fn smart(symbol: &str, sec_type: &str) -> WireContract {
    WireContract {
        symbol: symbol.to_owned(),
        sec_type: sec_type.to_owned(),
        exchange: "SMART".to_owned(),
        currency: "USD".to_owned(),
        ..WireContract::default()
    }
}

fn quotes(id: i32, contract: WireContract) -> MarketDataRequest {
    MarketDataRequest { req_id: ReqId::new(id), contract, ..MarketDataRequest::default() }
}

fn rows(id: i32, contract: WireContract) -> MarketDepthRequest {
    MarketDepthRequest {
        req_id: ReqId::new(id),
        contract,
        n_rows: 5,
        ..MarketDepthRequest::default()
    }
}

fn orders() -> Vec<Request> {
    vec![
        order(spy(), ORDER, "LMT", Some(600)),
        Request::CancelOrder(CancelOrder::new(OrderId::new(ORDER))),
        Request::GlobalCancel(GlobalCancel::default()),
        Request::OpenOrders(OpenOrdersRequest),
        Request::AllOpenOrders(AllOpenOrdersRequest),
        Request::AutoOpenOrders(AutoOpenOrdersRequest { auto_bind: true }),
        Request::CompletedOrders(CompletedOrdersRequest { api_only: false }),
        Request::Executions(ExecutionsRequest { req_id: REQ, ..ExecutionsRequest::default() }),
        Request::Ids(IdsRequest),
        Request::ExerciseOptions(ExerciseOptions {
            order_id: OrderId::new(ORDER),
            contract: option(),
            quantity: 1,
            account: account(),
            overrides: true,
            ..ExerciseOptions::default()
        }),
    ]
}

fn market() -> Vec<Request> {
    vec![
        Request::MarketData(MarketDataRequest {
            req_id: REQ,
            contract: spy(),
            generic_ticks: "292".to_owned(),
            ..MarketDataRequest::default()
        }),
        Request::CancelMarketData(CancelMarketData { req_id: REQ }),
        Request::MarketDataType(MarketDataTypeRequest { market_data_type: 1 }),
        Request::MarketDepth(MarketDepthRequest {
            req_id: REQ,
            contract: WireContract { exchange: "ARCA".to_owned(), ..spy() },
            n_rows: 5,
            ..MarketDepthRequest::default()
        }),
        Request::CancelMarketDepth(CancelMarketDepth { req_id: REQ, is_smart: false }),
        Request::MarketDepthExchanges(MarketDepthExchangesRequest),
        Request::RealTimeBars(RealTimeBarsRequest {
            req_id: REQ,
            contract: spy(),
            bar_size: 5,
            what_to_show: "TRADES".to_owned(),
            ..RealTimeBarsRequest::default()
        }),
        Request::CancelRealTimeBars(CancelRealTimeBars { req_id: REQ }),
        Request::TickByTick(TickByTickRequest {
            req_id: REQ,
            contract: spy(),
            tick_type: "BidAsk".to_owned(),
            ..TickByTickRequest::default()
        }),
        Request::CancelTickByTick(CancelTickByTick { req_id: REQ }),
        Request::CalculateImpliedVolatility(CalculateImpliedVolatility {
            req_id: REQ,
            contract: option(),
            option_price: Decimal::from(12),
            under_price: Decimal::from(685),
            options: Vec::new(),
        }),
        Request::CalculateOptionPrice(CalculateOptionPrice {
            req_id: REQ,
            contract: option(),
            volatility: Decimal::new(2, 1),
            under_price: Decimal::from(685),
            options: Vec::new(),
        }),
        Request::CancelCalculateImpliedVolatility(CancelCalculateImpliedVolatility { req_id: REQ }),
        Request::CancelCalculateOptionPrice(CancelCalculateOptionPrice { req_id: REQ }),
    ]
}

fn history() -> Vec<Request> {
    vec![
        Request::HistoricalData(HistoricalDataRequest {
            req_id: REQ,
            contract: spy(),
            duration: "1 D".to_owned(),
            bar_size: "1 hour".to_owned(),
            what_to_show: "TRADES".to_owned(),
            format_date: 1,
            ..HistoricalDataRequest::default()
        }),
        Request::CancelHistoricalData(CancelHistoricalData { req_id: REQ }),
        Request::HeadTimestamp(HeadTimestampRequest {
            req_id: REQ,
            contract: spy(),
            what_to_show: "TRADES".to_owned(),
            format_date: 1,
            ..HeadTimestampRequest::default()
        }),
        Request::CancelHeadTimestamp(CancelHeadTimestamp { req_id: REQ }),
        Request::HistogramData(HistogramDataRequest {
            req_id: REQ,
            contract: spy(),
            use_rth: true,
            time_period: "1 day".to_owned(),
        }),
        Request::CancelHistogramData(CancelHistogramData { req_id: REQ }),
        Request::HistoricalTicks(HistoricalTicksRequest {
            req_id: REQ,
            contract: spy(),
            start: "20260105 10:00:00 US/Eastern".to_owned(),
            n_ticks: 10,
            what_to_show: "TRADES".to_owned(),
            use_rth: true,
            ..HistoricalTicksRequest::default()
        }),
        Request::CancelHistoricalTicks(CancelHistoricalTicks { req_id: REQ }),
        Request::FundamentalData(FundamentalDataRequest {
            req_id: REQ,
            contract: spy(),
            report_type: "ReportSnapshot".to_owned(),
            options: Vec::new(),
        }),
        Request::CancelFundamentalData(CancelFundamentalData { req_id: REQ }),
    ]
}

fn accounts() -> Vec<Request> {
    let (group, tags) = ("All".to_owned(), "NetLiquidation,$LEDGER:ALL".to_owned());
    vec![
        Request::ManagedAccounts(ManagedAccountsRequest),
        Request::AccountData(AccountDataRequest { subscribe: true, account: account() }),
        Request::AccountSummary(AccountSummaryRequest { req_id: REQ, group, tags }),
        Request::CancelAccountSummary(CancelAccountSummary { req_id: REQ }),
        Request::AccountUpdatesMulti(AccountUpdatesMultiRequest {
            req_id: REQ,
            account: account(),
            ..AccountUpdatesMultiRequest::default()
        }),
        Request::CancelAccountUpdatesMulti(CancelAccountUpdatesMulti { req_id: REQ }),
        Request::Positions(PositionsRequest),
        Request::CancelPositions(CancelPositions),
        Request::PositionsMulti(PositionsMultiRequest {
            req_id: REQ,
            account: account(),
            model_code: String::new(),
        }),
        Request::CancelPositionsMulti(CancelPositionsMulti { req_id: REQ }),
        Request::PnL(PnLRequest { req_id: REQ, account: account(), model_code: String::new() }),
        Request::CancelPnL(CancelPnL { req_id: REQ }),
        Request::PnLSingle(PnLSingleRequest {
            req_id: REQ,
            account: account(),
            model_code: String::new(),
            con_id: 756_733,
        }),
        Request::CancelPnLSingle(CancelPnLSingle { req_id: REQ }),
        Request::Fa(FaRequest { data_type: 1 }),
        Request::ReplaceFa(FaReplace { req_id: REQ, data_type: 1, xml: "<x/>".to_owned() }),
        Request::SoftDollarTiers(SoftDollarTiersRequest { req_id: REQ }),
        Request::FamilyCodes(FamilyCodesRequest),
        Request::UserInfo(UserInfoRequest { req_id: REQ }),
    ]
}

fn references() -> Vec<Request> {
    vec![
        Request::ContractData(ContractDataRequest { req_id: REQ, contract: spy() }),
        Request::CancelContractData(CancelContractData { req_id: REQ }),
        Request::MatchingSymbols(MatchingSymbolsRequest { req_id: REQ, pattern: "SP".to_owned() }),
        Request::SecDefOptParams(SecDefOptParamsRequest {
            req_id: REQ,
            underlying_symbol: "SPY".to_owned(),
            underlying_sec_type: "STK".to_owned(),
            underlying_con_id: 756_733,
            ..SecDefOptParamsRequest::default()
        }),
        Request::SmartComponents(SmartComponentsRequest {
            req_id: REQ,
            bbo_exchange: "9c0001".to_owned(),
        }),
        Request::MarketRule(MarketRuleRequest { rule_id: 26 }),
        Request::ScannerParameters(ScannerParametersRequest),
        Request::ScannerSubscription(ScannerSubscriptionRequest {
            req_id: REQ,
            subscription: ScannerSubscription {
                n_rows: Some(5),
                instrument: "STK".to_owned(),
                location_code: "STK.US.MAJOR".to_owned(),
                scan_code: "TOP_PERC_GAIN".to_owned(),
                ..ScannerSubscription::default()
            },
        }),
        Request::CancelScannerSubscription(CancelScannerSubscription { req_id: REQ }),
    ]
}

fn news() -> Vec<Request> {
    let spy = by_symbol("SPY").expect("is listed");
    let now = start_time().nanos() / 1_000_000_000;
    let recent = News::new(SEED).headlines(spy, (now - 7 * 86_400, now), |_| true, 1);
    let headline = recent.into_iter().next().expect("is there");
    vec![
        Request::NewsBulletins(NewsBulletinsRequest { all_messages: true }),
        Request::CancelNewsBulletins(CancelNewsBulletins),
        Request::NewsProviders(NewsProvidersRequest),
        Request::NewsArticle(NewsArticleRequest {
            req_id: REQ,
            provider_code: headline.provider.to_owned(),
            article_id: headline.article_id,
            options: Vec::new(),
        }),
        Request::HistoricalNews(HistoricalNewsRequest {
            req_id: REQ,
            con_id: 756_733,
            provider_codes: "BRFG+DJNL".to_owned(),
            n_results: 10,
            ..HistoricalNewsRequest::default()
        }),
        Request::WshMetaData(WshMetaDataRequest { req_id: REQ }),
        Request::CancelWshMetaData(CancelWshMetaData { req_id: REQ }),
        Request::WshEventData(WshEventDataRequest {
            req_id: REQ,
            con_id: Some(756_733),
            ..WshEventDataRequest::default()
        }),
        Request::CancelWshEventData(CancelWshEventData { req_id: REQ }),
    ]
}

fn program() -> Vec<Request> {
    let text = |text: &str| text.to_owned();
    let settings = ApiSettings { read_only: Some(true), ..ApiSettings::default() };
    let api = ApiPages { settings, ..ApiPages::default() };
    vec![
        Request::CurrentTime(CurrentTimeRequest),
        Request::CurrentTimeInMillis(CurrentTimeInMillisRequest),
        Request::SetServerLogLevel(SetServerLogLevel { level: 2 }),
        Request::QueryDisplayGroups(QueryDisplayGroups { req_id: REQ }),
        Request::SubscribeToGroupEvents(SubscribeToGroupEvents { req_id: REQ, group_id: 1 }),
        Request::UpdateDisplayGroup(UpdateDisplayGroup {
            req_id: REQ,
            contract_info: text("756733@SMART"),
        }),
        Request::UnsubscribeFromGroupEvents(UnsubscribeFromGroupEvents { req_id: REQ }),
        Request::VerifyRequest(VerifyRequest { api_name: text("a"), api_version: text("1") }),
        Request::VerifyMessage(VerifyMessage { api_data: text("x") }),
        Request::VerifyAndAuthRequest(VerifyAndAuthRequest {
            api_name: text("a"),
            api_version: text("1"),
            opaque_isv_key: text("k"),
        }),
        Request::VerifyAndAuthMessage(VerifyAndAuthMessage {
            api_data: text("x"),
            xyz_response: text("y"),
        }),
        Request::Config(ConfigRequest { req_id: REQ }),
        Request::UpdateConfig(UpdateConfigRequest {
            req_id: REQ,
            config: GatewayConfig { api, ..GatewayConfig::default() },
            ..UpdateConfigRequest::default()
        }),
    ]
}
