//! What becomes of each message: of those that clients send, and of those that the Gateway may send.
//!
//! `MESSAGES.md` says the same for people. A test holds both to what a session really hears, so a
//! message that gets another answer changes its line here and its row there.

use gatehouse_tws::answer::AnswerId;
use gatehouse_tws::request::RequestId;

/// What a client hears when it sends a message that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// The simulated market, account or broker answers; this message comes, perhaps among others.
    Answered(AnswerId),
    /// The same answer to everybody at any time.
    Plain(AnswerId),
    /// It takes effect, or ends what there is to end, and nothing is said, as at the real Gateway.
    Quiet,
    /// An error with this code, because the real Gateway would say so to an ordinary account, or
    /// because the simulated one has no answer (321).
    Refused(i32),
}

/// Whether the simulated Gateway ever sends a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sending {
    Sent,
    Never,
}

macro_rules! treatments {
    ($($id:ident: $treatment:ident$(($($what:tt)+))?,)+) => {
        /// Returns what becomes of a message of a client.
        #[must_use]
        pub const fn treatment(id: RequestId) -> Treatment {
            match id {
                $(RequestId::$id => treatments!(@ $treatment$($($what)+)?),)+
            }
        }
    };
    (@ Quiet) => { Treatment::Quiet };
    (@ Refused $code:literal) => { Treatment::Refused($code) };
    (@ $treatment:ident $answer:ident) => { Treatment::$treatment(AnswerId::$answer) };
}

treatments! {
    MarketData: Answered(TickReqParams),
    CancelMarketData: Quiet,
    PlaceOrder: Answered(OrderStatus),
    CancelOrder: Answered(OrderStatus),
    OpenOrders: Answered(OpenOrderEnd),
    AccountData: Answered(AccountDataEnd),
    Executions: Answered(ExecutionDataEnd),
    Ids: Answered(NextValidId),
    ContractData: Answered(ContractDataEnd),
    MarketDepth: Answered(MarketDepth),
    CancelMarketDepth: Quiet,
    NewsBulletins: Answered(NewsBulletins),
    CancelNewsBulletins: Quiet,
    SetServerLogLevel: Quiet,
    AutoOpenOrders: Quiet,
    AllOpenOrders: Answered(OpenOrderEnd),
    ManagedAccounts: Answered(ManagedAccounts),
    RequestFa: Refused(321),
    ReplaceFa: Refused(321),
    HistoricalData: Answered(HistoricalData),
    ExerciseOptions: Answered(OrderStatus),
    ScannerSubscription: Answered(ScannerData),
    CancelScannerSubscription: Refused(162),
    ScannerParameters: Plain(ScannerParameters),
    CancelHistoricalData: Refused(366),
    CurrentTime: Answered(CurrentTime),
    RealTimeBars: Answered(RealTimeBars),
    CancelRealTimeBars: Quiet,
    FundamentalData: Refused(10358),
    CancelFundamentalData: Quiet,
    CalculateImpliedVolatility: Answered(TickOptionComputation),
    CalculateOptionPrice: Answered(TickOptionComputation),
    CancelCalculateImpliedVolatility: Quiet,
    CancelCalculateOptionPrice: Quiet,
    GlobalCancel: Answered(OrderStatus),
    MarketDataType: Quiet,
    Positions: Answered(PositionEnd),
    AccountSummary: Answered(AccountSummaryEnd),
    CancelAccountSummary: Quiet,
    CancelPositions: Quiet,
    VerifyRequest: Refused(321),
    VerifyMessage: Refused(321),
    QueryDisplayGroups: Plain(DisplayGroupList),
    SubscribeToGroupEvents: Answered(DisplayGroupUpdated),
    UpdateDisplayGroup: Answered(DisplayGroupUpdated),
    UnsubscribeFromGroupEvents: Quiet,
    StartApi: Answered(NextValidId),
    VerifyAndAuthRequest: Refused(321),
    VerifyAndAuthMessage: Refused(321),
    PositionsMulti: Answered(PositionMultiEnd),
    CancelPositionsMulti: Quiet,
    AccountUpdatesMulti: Answered(AccountUpdateMultiEnd),
    CancelAccountUpdatesMulti: Quiet,
    SecDefOptParams: Answered(SecDefOptParameterEnd),
    SoftDollarTiers: Plain(SoftDollarTiers),
    FamilyCodes: Plain(FamilyCodes),
    MatchingSymbols: Answered(SymbolSamples),
    MarketDepthExchanges: Answered(MarketDepthExchanges),
    SmartComponents: Plain(SmartComponents),
    NewsArticle: Answered(NewsArticle),
    NewsProviders: Plain(NewsProviders),
    HistoricalNews: Answered(HistoricalNewsEnd),
    HeadTimestamp: Answered(HeadTimestamp),
    HistogramData: Answered(HistogramData),
    CancelHistogramData: Quiet,
    CancelHeadTimestamp: Quiet,
    MarketRule: Plain(MarketRule),
    PnL: Answered(PnL),
    CancelPnL: Quiet,
    PnLSingle: Answered(PnLSingle),
    CancelPnLSingle: Quiet,
    HistoricalTicks: Answered(HistoricalTicksLast),
    TickByTickData: Answered(TickByTick),
    CancelTickByTickData: Quiet,
    CompletedOrders: Answered(CompletedOrdersEnd),
    WshMetaData: Refused(10276),
    CancelWshMetaData: Quiet,
    WshEventData: Refused(10276),
    CancelWshEventData: Quiet,
    UserInfo: Plain(UserInfo),
    CurrentTimeInMillis: Answered(CurrentTimeInMillis),
    CancelContractData: Quiet,
    CancelHistoricalTicks: Quiet,
    Config: Answered(ConfigResponse),
    UpdateConfig: Answered(UpdateConfigResponse),
}

macro_rules! sendings {
    ($($id:ident: $sending:ident,)+) => {
        /// Returns whether a message is ever sent.
        #[must_use]
        pub const fn sending(id: AnswerId) -> Sending {
            match id {
                $(AnswerId::$id => Sending::$sending,)+
            }
        }
    };
}

sendings! {
    TickPrice: Sent,
    TickSize: Sent,
    OrderStatus: Sent,
    Error: Sent,
    OpenOrder: Sent,
    AccountValue: Sent,
    PortfolioValue: Sent,
    AccountUpdateTime: Sent,
    NextValidId: Sent,
    ContractData: Sent,
    ExecutionData: Sent,
    MarketDepth: Sent,
    MarketDepthL2: Sent,
    NewsBulletins: Sent,
    ManagedAccounts: Sent,
    ReceiveFa: Never,
    HistoricalData: Sent,
    BondContractData: Sent,
    ScannerParameters: Sent,
    ScannerData: Sent,
    TickOptionComputation: Sent,
    TickGeneric: Sent,
    TickString: Sent,
    TickEfp: Never,
    CurrentTime: Sent,
    RealTimeBars: Sent,
    FundamentalData: Never,
    ContractDataEnd: Sent,
    OpenOrderEnd: Sent,
    AccountDataEnd: Sent,
    ExecutionDataEnd: Sent,
    DeltaNeutralValidation: Never,
    TickSnapshotEnd: Sent,
    MarketDataType: Sent,
    CommissionReport: Sent,
    Position: Sent,
    PositionEnd: Sent,
    AccountSummary: Sent,
    AccountSummaryEnd: Sent,
    VerifyMessageApi: Never,
    VerifyCompleted: Never,
    DisplayGroupList: Sent,
    DisplayGroupUpdated: Sent,
    VerifyAndAuthMessageApi: Never,
    VerifyAndAuthCompleted: Never,
    PositionMulti: Sent,
    PositionMultiEnd: Sent,
    AccountUpdateMulti: Sent,
    AccountUpdateMultiEnd: Sent,
    SecDefOptParameter: Sent,
    SecDefOptParameterEnd: Sent,
    SoftDollarTiers: Sent,
    FamilyCodes: Sent,
    SymbolSamples: Sent,
    MarketDepthExchanges: Sent,
    TickReqParams: Sent,
    SmartComponents: Sent,
    NewsArticle: Sent,
    TickNews: Sent,
    NewsProviders: Sent,
    HistoricalNews: Sent,
    HistoricalNewsEnd: Sent,
    HeadTimestamp: Sent,
    HistogramData: Sent,
    HistoricalDataUpdate: Sent,
    RerouteMarketData: Sent,
    RerouteMarketDepth: Sent,
    MarketRule: Sent,
    PnL: Sent,
    PnLSingle: Sent,
    HistoricalTicks: Sent,
    HistoricalTicksBidAsk: Sent,
    HistoricalTicksLast: Sent,
    TickByTick: Sent,
    OrderBound: Never,
    CompletedOrder: Sent,
    CompletedOrdersEnd: Sent,
    ReplaceFaEnd: Never,
    WshMetaData: Never,
    WshEventData: Never,
    HistoricalSchedule: Sent,
    UserInfo: Sent,
    HistoricalDataEnd: Sent,
    CurrentTimeInMillis: Sent,
    ConfigResponse: Sent,
    UpdateConfigResponse: Sent,
}
