//! Messages from the Gateway to a client.
//!
//! [`observe()`] picks those that carry orders, executions and ids out of a stream that is otherwise
//! forwarded without being read; the others are for a Gateway that answers, the simulator.

mod account;
mod advisor;
mod bars;
mod bond_data;
mod chains;
mod completed;
mod config;
mod contract_data;
mod depth;
mod display;
mod error;
mod events;
mod execution;
mod general;
mod id;
mod news;
mod observe;
mod open_order;
mod option_computation;
mod order_bound;
mod order_status;
mod parts;
mod past_ticks;
mod positions;
mod reroute;
mod scanner;
mod schedule;
mod session;
mod ticks;

pub use account::{
    AccountDataEnd, AccountSummary, AccountSummaryEnd, AccountUpdateMulti, AccountUpdateMultiEnd,
    AccountUpdateTime, AccountValue,
};
pub use advisor::{FaData, FaReplaced, FamilyCode, FamilyCodes, SoftDollarTiers};
pub use bars::{
    Bar, HeadTimestamp, HistoricalData, HistoricalDataEnd, HistoricalDataUpdate, RealTimeBar,
};
pub use bond_data::{BondContractData, WireBond};
pub use chains::{
    HistogramData, HistogramEntry, SecDefOptParameter, SecDefOptParameterEnd, SmartComponent,
    SmartComponents,
};
pub use completed::{CompletedOrder, CompletedOrdersEnd};
pub use config::{ConfigResponse, UpdateConfigResponse};
pub use contract_data::{
    ContractData, ContractDataEnd, ContractDetails, Ineligibility, MarketRule, PriceStep,
    SymbolSample, SymbolSamples,
};
pub use depth::{
    DepthExchange, DepthRow, MarketDepth, MarketDepthExchanges, MarketDepthL2, NamedRow, RowChange,
};
pub use display::{
    DisplayGroupList, DisplayGroupUpdated, VerifyAndAuthCompleted, VerifyAndAuthMessageApi,
    VerifyCompleted, VerifyMessageApi,
};
pub use error::{ErrorReport, reject};
pub use events::{FundamentalData, WshEventData, WshMetaData};
pub use execution::{CommissionReport, ExecutionEnd, ExecutionReport, WireExecution};
pub use general::{CurrentTime, CurrentTimeInMillis, UserInfo};
pub use id::AnswerId;
pub use news::{
    HistoricalNews, HistoricalNewsEnd, NewsArticle, NewsBulletin, NewsProvider, NewsProviders,
    TickNews,
};
pub use observe::{Observation, observe};
pub use open_order::{Allocation, OpenOrder, OpenOrderEnd, OrderState, OutsideRth};
pub use option_computation::OptionComputation;
pub use order_bound::OrderBound;
pub use order_status::{BrokerStatus, OrderStatusReport};
pub use past_ticks::{
    HistoricalTicks, HistoricalTicksBidAsk, HistoricalTicksLast, PastMid, PastQuote, PastTrade,
    QuoteAttributes, TradeAttributes,
};
pub use positions::{
    PnL, PnLSingle, PortfolioValue, Position, PositionEnd, PositionMulti, PositionMultiEnd,
};
pub use reroute::{RerouteMarketData, RerouteMarketDepth};
pub use scanner::{ScannerData, ScannerParameters, ScannerRow};
pub use schedule::{HistoricalSchedule, PastSession};
pub use session::{ManagedAccounts, NextValidId};
pub use ticks::{
    BidAsk, MarketDataType, Tick, TickByTick, TickGeneric, TickPrice, TickReqParams, TickSize,
    TickSnapshotEnd, TickString, TickType, Trade,
};

/// Gives a message its id and its two public codecs.
macro_rules! answer_codec {
    ($type:ident = $id:ident) => {
        impl $type {
            /// Id of the message.
            pub const ID: $crate::answer::AnswerId = $crate::answer::AnswerId::$id;

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
pub(crate) use answer_codec;

/// The end of the answers to a request: its id and nothing else.
macro_rules! ending {
    ($(#[$doc:meta])* $type:ident = $id:ident, version $version:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        pub struct $type {
            pub req_id: $crate::layout::ReqId,
        }

        $crate::answer::answer_codec!($type = $id);

        impl $crate::layout::Layout for $type {
            fn lay<P: $crate::layout::Pass>(&mut self, pass: &mut P) -> $crate::layout::Passed {
                pass.layout_version($version)?;
                pass.req_id(1, &mut self.req_id)
            }
        }
    };
}
pub(crate) use ending;
