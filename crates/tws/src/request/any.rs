//! Any message of a client, for a Gateway that answers it. The simulator calls it.

use super::{
    AccountDataRequest, AccountSummaryRequest, AccountUpdatesMultiRequest, AllOpenOrdersRequest,
    AutoOpenOrdersRequest, CalculateImpliedVolatility, CalculateOptionPrice, CancelAccountSummary,
    CancelAccountUpdatesMulti, CancelCalculateImpliedVolatility, CancelCalculateOptionPrice,
    CancelContractData, CancelFundamentalData, CancelHeadTimestamp, CancelHistogramData,
    CancelHistoricalData, CancelHistoricalTicks, CancelMarketData, CancelMarketDepth,
    CancelNewsBulletins, CancelOrder, CancelPnL, CancelPnLSingle, CancelPositions,
    CancelPositionsMulti, CancelRealTimeBars, CancelScannerSubscription, CancelTickByTick,
    CancelWshEventData, CancelWshMetaData, CompletedOrdersRequest, ConfigRequest,
    ContractDataRequest, CurrentTimeInMillisRequest, CurrentTimeRequest, ExecutionsRequest,
    ExerciseOptions, FaReplace, FaRequest, FamilyCodesRequest, FundamentalDataRequest,
    GlobalCancel, HeadTimestampRequest, HistogramDataRequest, HistoricalDataRequest,
    HistoricalNewsRequest, HistoricalTicksRequest, IdsRequest, ManagedAccountsRequest,
    MarketDataRequest, MarketDataTypeRequest, MarketDepthExchangesRequest, MarketDepthRequest,
    MarketRuleRequest, MatchingSymbolsRequest, NewsArticleRequest, NewsBulletinsRequest,
    NewsProvidersRequest, OpenOrdersRequest, PlaceOrder, PlaceOrderError, PnLRequest,
    PnLSingleRequest, PositionsMultiRequest, PositionsRequest, QueryDisplayGroups,
    RealTimeBarsRequest, RequestId, ScannerParametersRequest, ScannerSubscriptionRequest,
    SecDefOptParamsRequest, SetServerLogLevel, SmartComponentsRequest, SoftDollarTiersRequest,
    SubscribeToGroupEvents, TickByTickRequest, UnsubscribeFromGroupEvents, UpdateConfigRequest,
    UpdateDisplayGroup, UserInfoRequest, VerifyAndAuthMessage, VerifyAndAuthRequest, VerifyMessage,
    VerifyRequest, WshEventDataRequest, WshMetaDataRequest,
};
use crate::handshake::{HandshakeError, StartApi};
use crate::layout::LayoutError;
use crate::{Head, ServerVersion};

/// Why a message of a client is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// An order.
    #[error("reading an order")]
    PlaceOrder(#[source] PlaceOrderError),
    /// The opening of a session.
    #[error("reading the opening of a session")]
    StartApi(#[source] HandshakeError),
    /// Any other message, or a body that is none.
    #[error("reading a message of a client")]
    Layout(#[source] LayoutError),
}

/// Takes requests of one type; a Gateway takes those of every type.
pub trait Take<R> {
    /// Takes one.
    fn take(&mut self, request: R);
}

/// A message that is not decoded: its id is unknown, or it has no codec.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OtherRequest {
    pub id: i32,
}

macro_rules! requests {
    ($($id:ident => $variant:ident($type:ty)),+ $(,)?) => {
        /// A message of a client.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Request {
            StartApi(StartApi),
            PlaceOrder(Box<PlaceOrder>),
            $($variant($type),)+
            /// A message that the simulator has no answer to.
            Other {
                id: i32,
            },
        }

        impl Request {
            fn decode_listed(
                id: RequestId,
                version: ServerVersion,
                body: &[u8],
            ) -> Option<Result<Self, LayoutError>> {
                $(if id == RequestId::$id {
                    return Some(<$type>::decode(version, body).map(Self::$variant));
                })+
                None
            }

            /// Returns the message's id.
            #[must_use]
            pub fn id(&self) -> i32 {
                match self {
                    Self::StartApi(_) => RequestId::StartApi.wire(),
                    Self::PlaceOrder(_) => RequestId::PlaceOrder.wire(),
                    $(Self::$variant(_) => RequestId::$id.wire(),)+
                    Self::Other { id } => *id,
                }
            }
        }

        impl Request {
            /// Hands the request to `taker` under its own type, so that who takes requests does not
            /// compile before it takes every one of them.
            pub fn hand_to<T>(self, taker: &mut T)
            where
                T: Take<StartApi> + Take<PlaceOrder> + Take<OtherRequest> $(+ Take<$type>)+,
            {
                match self {
                    Self::StartApi(request) => taker.take(request),
                    Self::PlaceOrder(request) => taker.take(*request),
                    $(Self::$variant(request) => taker.take(request),)+
                    Self::Other { id } => taker.take(OtherRequest { id }),
                }
            }

            /// Returns the body in the form of `version`; `None` for a message without a codec.
            #[must_use]
            pub fn encode(&self, version: ServerVersion) -> Option<Vec<u8>> {
                match self {
                    Self::StartApi(request) => Some(request.encode(version)),
                    Self::PlaceOrder(request) => request.encode(version).ok(),
                    $(Self::$variant(request) => request.encode(version).ok(),)+
                    Self::Other { .. } => None,
                }
            }
        }
    };
}

requests! {
    CancelOrder => CancelOrder(CancelOrder),
    GlobalCancel => GlobalCancel(GlobalCancel),
    MarketData => MarketData(MarketDataRequest),
    CancelMarketData => CancelMarketData(CancelMarketData),
    OpenOrders => OpenOrders(OpenOrdersRequest),
    AccountData => AccountData(AccountDataRequest),
    Executions => Executions(ExecutionsRequest),
    Ids => Ids(IdsRequest),
    ExerciseOptions => ExerciseOptions(ExerciseOptions),
    ContractData => ContractData(ContractDataRequest),
    SetServerLogLevel => SetServerLogLevel(SetServerLogLevel),
    AutoOpenOrders => AutoOpenOrders(AutoOpenOrdersRequest),
    AllOpenOrders => AllOpenOrders(AllOpenOrdersRequest),
    ManagedAccounts => ManagedAccounts(ManagedAccountsRequest),
    HistoricalData => HistoricalData(HistoricalDataRequest),
    CancelHistoricalData => CancelHistoricalData(CancelHistoricalData),
    CurrentTime => CurrentTime(CurrentTimeRequest),
    RealTimeBars => RealTimeBars(RealTimeBarsRequest),
    CancelRealTimeBars => CancelRealTimeBars(CancelRealTimeBars),
    MarketDataType => MarketDataType(MarketDataTypeRequest),
    CalculateImpliedVolatility => CalculateImpliedVolatility(CalculateImpliedVolatility),
    CalculateOptionPrice => CalculateOptionPrice(CalculateOptionPrice),
    CancelCalculateImpliedVolatility
        => CancelCalculateImpliedVolatility(CancelCalculateImpliedVolatility),
    CancelCalculateOptionPrice => CancelCalculateOptionPrice(CancelCalculateOptionPrice),
    Positions => Positions(PositionsRequest),
    AccountSummary => AccountSummary(AccountSummaryRequest),
    CancelAccountSummary => CancelAccountSummary(CancelAccountSummary),
    CancelPositions => CancelPositions(CancelPositions),
    PositionsMulti => PositionsMulti(PositionsMultiRequest),
    CancelPositionsMulti => CancelPositionsMulti(CancelPositionsMulti),
    AccountUpdatesMulti => AccountUpdatesMulti(AccountUpdatesMultiRequest),
    CancelAccountUpdatesMulti => CancelAccountUpdatesMulti(CancelAccountUpdatesMulti),
    MatchingSymbols => MatchingSymbols(MatchingSymbolsRequest),
    NewsProviders => NewsProviders(NewsProvidersRequest),
    HistoricalTicks => HistoricalTicks(HistoricalTicksRequest),
    HeadTimestamp => HeadTimestamp(HeadTimestampRequest),
    CancelHeadTimestamp => CancelHeadTimestamp(CancelHeadTimestamp),
    MarketRule => MarketRule(MarketRuleRequest),
    SecDefOptParams => SecDefOptParams(SecDefOptParamsRequest),
    SmartComponents => SmartComponents(SmartComponentsRequest),
    HistogramData => HistogramData(HistogramDataRequest),
    CancelHistogramData => CancelHistogramData(CancelHistogramData),
    PnL => PnL(PnLRequest),
    CancelPnL => CancelPnL(CancelPnL),
    PnLSingle => PnLSingle(PnLSingleRequest),
    CancelPnLSingle => CancelPnLSingle(CancelPnLSingle),
    MarketDepth => MarketDepth(MarketDepthRequest),
    CancelMarketDepth => CancelMarketDepth(CancelMarketDepth),
    MarketDepthExchanges => MarketDepthExchanges(MarketDepthExchangesRequest),
    TickByTickData => TickByTick(TickByTickRequest),
    CancelTickByTickData => CancelTickByTick(CancelTickByTick),
    CompletedOrders => CompletedOrders(CompletedOrdersRequest),
    UserInfo => UserInfo(UserInfoRequest),
    CurrentTimeInMillis => CurrentTimeInMillis(CurrentTimeInMillisRequest),
    NewsBulletins => NewsBulletins(NewsBulletinsRequest),
    CancelNewsBulletins => CancelNewsBulletins(CancelNewsBulletins),
    RequestFa => Fa(FaRequest),
    ReplaceFa => ReplaceFa(FaReplace),
    ScannerSubscription => ScannerSubscription(ScannerSubscriptionRequest),
    CancelScannerSubscription => CancelScannerSubscription(CancelScannerSubscription),
    ScannerParameters => ScannerParameters(ScannerParametersRequest),
    FundamentalData => FundamentalData(FundamentalDataRequest),
    CancelFundamentalData => CancelFundamentalData(CancelFundamentalData),
    VerifyRequest => VerifyRequest(VerifyRequest),
    VerifyMessage => VerifyMessage(VerifyMessage),
    QueryDisplayGroups => QueryDisplayGroups(QueryDisplayGroups),
    SubscribeToGroupEvents => SubscribeToGroupEvents(SubscribeToGroupEvents),
    UpdateDisplayGroup => UpdateDisplayGroup(UpdateDisplayGroup),
    UnsubscribeFromGroupEvents => UnsubscribeFromGroupEvents(UnsubscribeFromGroupEvents),
    VerifyAndAuthRequest => VerifyAndAuthRequest(VerifyAndAuthRequest),
    VerifyAndAuthMessage => VerifyAndAuthMessage(VerifyAndAuthMessage),
    SoftDollarTiers => SoftDollarTiers(SoftDollarTiersRequest),
    FamilyCodes => FamilyCodes(FamilyCodesRequest),
    NewsArticle => NewsArticle(NewsArticleRequest),
    HistoricalNews => HistoricalNews(HistoricalNewsRequest),
    WshMetaData => WshMetaData(WshMetaDataRequest),
    CancelWshMetaData => CancelWshMetaData(CancelWshMetaData),
    WshEventData => WshEventData(WshEventDataRequest),
    CancelWshEventData => CancelWshEventData(CancelWshEventData),
    CancelContractData => CancelContractData(CancelContractData),
    CancelHistoricalTicks => CancelHistoricalTicks(CancelHistoricalTicks),
    Config => Config(ConfigRequest),
    UpdateConfig => UpdateConfig(UpdateConfigRequest),
}

impl Request {
    /// Reads a body to its last field.
    ///
    /// A message that has no variant of its own is [`Request::Other`], whatever its payload.
    ///
    /// # Errors
    /// The body has no readable id, is in the other form than `version` prescribes, or is not
    /// exactly one message of its kind.
    pub fn decode(version: ServerVersion, body: &[u8]) -> Result<Self, DecodeError> {
        let id = Head::split(version, body)
            .map_err(|source| DecodeError::Layout(LayoutError::Head(source)))?
            .id;
        match RequestId::from_wire(id) {
            Some(RequestId::PlaceOrder) => PlaceOrder::decode(version, body)
                .map(|order| Self::PlaceOrder(Box::new(order)))
                .map_err(DecodeError::PlaceOrder),
            Some(RequestId::StartApi) => {
                StartApi::decode(version, body).map(Self::StartApi).map_err(DecodeError::StartApi)
            }
            Some(id) => match Self::decode_listed(id, version, body) {
                Some(decoded) => decoded.map_err(DecodeError::Layout),
                None => Ok(Self::Other { id: id.wire() }),
            },
            None => Ok(Self::Other { id }),
        }
    }
}
