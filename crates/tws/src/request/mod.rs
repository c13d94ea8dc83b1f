//! Messages from a client to the Gateway.
//!
//! Every id has one action. An id that is not in the table has no action but refusal.

mod account;
mod advisor;
mod any;
mod calculate;
mod cancel_order;
mod chains;
mod config;
mod depth;
mod display;
mod events;
mod exercise;
mod general;
mod history;
mod id;
mod market;
mod news;
mod past_ticks;
mod place_order;
mod scanner;
mod session;

pub use account::{
    AccountDataRequest, AccountSummaryRequest, AccountUpdatesMultiRequest, CancelAccountSummary,
    CancelAccountUpdatesMulti, CancelPnL, CancelPnLSingle, CancelPositions, CancelPositionsMulti,
    PnLRequest, PnLSingleRequest, PositionsMultiRequest, PositionsRequest,
};
pub use advisor::{FaReplace, FaRequest, FamilyCodesRequest, SoftDollarTiersRequest};
pub use any::{DecodeError, OtherRequest, Request, Take};
pub use calculate::{
    CalculateImpliedVolatility, CalculateOptionPrice, CancelCalculateImpliedVolatility,
    CancelCalculateOptionPrice,
};
pub use cancel_order::{CancelOrder, CancelTerms, GlobalCancel};
pub use chains::{
    CancelHistogramData, HistogramDataRequest, SecDefOptParamsRequest, SmartComponentsRequest,
};
pub use config::{CancelContractData, CancelHistoricalTicks, ConfigRequest, UpdateConfigRequest};
pub use depth::{CancelMarketDepth, MarketDepthExchangesRequest, MarketDepthRequest};
pub use display::{
    QueryDisplayGroups, SubscribeToGroupEvents, UnsubscribeFromGroupEvents, UpdateDisplayGroup,
    VerifyAndAuthMessage, VerifyAndAuthRequest, VerifyMessage, VerifyRequest,
};
pub use events::{
    CancelFundamentalData, CancelWshEventData, CancelWshMetaData, FundamentalDataRequest,
    WshEventDataRequest, WshMetaDataRequest,
};
pub use exercise::{ExerciseAct, ExerciseOptions};
pub use general::{
    AutoOpenOrdersRequest, CompletedOrdersRequest, CurrentTimeInMillisRequest, CurrentTimeRequest,
    ManagedAccountsRequest, SetServerLogLevel, UserInfoRequest,
};
pub use history::{
    CancelHeadTimestamp, CancelHistoricalData, CancelRealTimeBars, HeadTimestampRequest,
    HistoricalDataRequest, RealTimeBarsRequest,
};
pub use id::{Action, Forbidden, RequestId, action};
pub use market::{
    CancelMarketData, CancelTickByTick, ContractDataRequest, MarketDataRequest,
    MarketDataTypeRequest, MarketRuleRequest, MatchingSymbolsRequest, TickByTickRequest,
};
pub use news::{
    CancelNewsBulletins, HistoricalNewsRequest, NewsArticleRequest, NewsBulletinsRequest,
    NewsProvidersRequest,
};
pub use past_ticks::HistoricalTicksRequest;
pub use place_order::{AttachedOrders, ORDER_BODY_MAX, PlaceOrder, PlaceOrderError};
pub use scanner::{
    CancelScannerSubscription, ScannerParametersRequest, ScannerSubscription,
    ScannerSubscriptionRequest,
};
pub use session::{
    AllOpenOrdersRequest, ExecutionFilter, ExecutionsRequest, IdsRequest, OpenOrdersRequest,
};

/// Gives a message its id and its two public codecs.
macro_rules! request_codec {
    ($type:ident = $id:ident) => {
        impl $type {
            /// Id of the message.
            pub const ID: RequestId = RequestId::$id;

            /// Reads a body to its last field.
            ///
            /// # Errors
            /// It is another message, in the other form, or not exactly one of this kind.
            pub fn decode(
                version: $crate::ServerVersion,
                body: &[u8],
            ) -> Result<Self, $crate::layout::LayoutError> {
                $crate::layout::read_body(Self::ID.kind(), version, body)
            }

            /// Returns the body in the form of `version`.
            ///
            /// # Errors
            /// The layouts of the version are not known.
            pub fn encode(
                &self,
                version: $crate::ServerVersion,
            ) -> Result<Vec<u8>, $crate::layout::LayoutError> {
                $crate::layout::write_body(Self::ID.kind(), version, self)
            }
        }
    };
}
pub(crate) use request_codec;

/// A message that says no more than its id.
macro_rules! bare {
    ($(#[$doc:meta])* $type:ident = $id:ident $(, version $version:literal)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct $type;

        $crate::request::request_codec!($type = $id);

        impl $crate::layout::Layout for $type {
            fn lay<P: $crate::layout::Pass>(&mut self, _pass: &mut P) -> $crate::layout::Passed {
                $(_pass.layout_version($version)?;)?
                Ok(())
            }
        }
    };
}
pub(crate) use bare;

/// A message that names a request and says nothing else; some text layouts have a version.
macro_rules! by_id {
    ($(#[$doc:meta])* $type:ident = $id:ident $(, version $version:literal)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct $type {
            pub req_id: $crate::layout::ReqId,
        }

        $crate::request::request_codec!($type = $id);

        impl $crate::layout::Layout for $type {
            fn lay<P: $crate::layout::Pass>(&mut self, pass: &mut P) -> $crate::layout::Passed {
                $(pass.layout_version($version)?;)?
                pass.req_id(1, &mut self.req_id)
            }
        }
    };
}
pub(crate) use by_id;
