//! Ids of the messages that the Gateway sends.

use crate::layout::Kind;
use crate::{Form, ServerVersion};

/// Stands for the version from which a message is protobuf when it never is.
const NEVER: i32 = i32::MAX;

macro_rules! answer_ids {
    ($($name:ident = $id:literal since $since:tt),+ $(,)?) => {
        /// A message that the Gateway may send.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum AnswerId {
            $($name,)+
        }

        impl AnswerId {
            /// Every id, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// Reads the number of a message; `None` for one that is not known.
            #[must_use]
            pub const fn from_wire(id: i32) -> Option<Self> {
                match id {
                    $($id => Some(Self::$name),)+
                    _ => None,
                }
            }

            /// Returns the number of the message.
            #[must_use]
            pub const fn wire(self) -> i32 {
                match self {
                    $(Self::$name => $id,)+
                }
            }

            const fn protobuf_since(self) -> i32 {
                match self {
                    $(Self::$name => $since,)+
                }
            }
        }
    };
}

answer_ids! {
    TickPrice = 1 since 206,
    TickSize = 2 since 206,
    OrderStatus = 3 since 201,
    Error = 4 since 201,
    OpenOrder = 5 since 201,
    AccountValue = 6 since 207,
    PortfolioValue = 7 since 207,
    AccountUpdateTime = 8 since 207,
    NextValidId = 9 since 213,
    ContractData = 10 since 205,
    ExecutionData = 11 since 201,
    MarketDepth = 12 since 206,
    MarketDepthL2 = 13 since 206,
    NewsBulletins = 14 since 209,
    ManagedAccounts = 15 since 207,
    ReceiveFa = 16 since 211,
    HistoricalData = 17 since 208,
    BondContractData = 18 since 205,
    ScannerParameters = 19 since 210,
    ScannerData = 20 since 210,
    TickOptionComputation = 21 since 206,
    TickGeneric = 45 since 206,
    TickString = 46 since 206,
    TickEfp = 47 since NEVER,
    CurrentTime = 49 since 213,
    RealTimeBars = 50 since 208,
    FundamentalData = 51 since NEVER,
    ContractDataEnd = 52 since 205,
    OpenOrderEnd = 53 since 201,
    AccountDataEnd = 54 since 207,
    ExecutionDataEnd = 55 since 201,
    DeltaNeutralValidation = 56 since 213,
    TickSnapshotEnd = 57 since 206,
    MarketDataType = 58 since 206,
    CommissionReport = 59 since 211,
    Position = 61 since 207,
    PositionEnd = 62 since 207,
    AccountSummary = 63 since 207,
    AccountSummaryEnd = 64 since 207,
    VerifyMessageApi = 65 since 213,
    VerifyCompleted = 66 since 213,
    DisplayGroupList = 67 since 213,
    DisplayGroupUpdated = 68 since 213,
    VerifyAndAuthMessageApi = 69 since NEVER,
    VerifyAndAuthCompleted = 70 since NEVER,
    PositionMulti = 71 since 207,
    PositionMultiEnd = 72 since 207,
    AccountUpdateMulti = 73 since 207,
    AccountUpdateMultiEnd = 74 since 207,
    SecDefOptParameter = 75 since 212,
    SecDefOptParameterEnd = 76 since 212,
    SoftDollarTiers = 77 since 212,
    FamilyCodes = 78 since 212,
    SymbolSamples = 79 since 212,
    MarketDepthExchanges = 80 since 213,
    TickReqParams = 81 since 206,
    SmartComponents = 82 since 212,
    NewsArticle = 83 since 209,
    TickNews = 84 since 209,
    NewsProviders = 85 since 209,
    HistoricalNews = 86 since 209,
    HistoricalNewsEnd = 87 since 209,
    HeadTimestamp = 88 since 208,
    HistogramData = 89 since 208,
    HistoricalDataUpdate = 90 since 208,
    RerouteMarketData = 91 since 211,
    RerouteMarketDepth = 92 since 211,
    MarketRule = 93 since 212,
    PnL = 94 since 210,
    PnLSingle = 95 since 210,
    HistoricalTicks = 96 since 208,
    HistoricalTicksBidAsk = 97 since 208,
    HistoricalTicksLast = 98 since 208,
    TickByTick = 99 since 208,
    OrderBound = 100 since 204,
    CompletedOrder = 101 since 204,
    CompletedOrdersEnd = 102 since 204,
    ReplaceFaEnd = 103 since 211,
    WshMetaData = 104 since 209,
    WshEventData = 105 since 209,
    HistoricalSchedule = 106 since 211,
    UserInfo = 107 since 212,
    HistoricalDataEnd = 108 since 208,
    CurrentTimeInMillis = 109 since 213,
    ConfigResponse = 110 since 219,
    UpdateConfigResponse = 111 since 221,
}

impl AnswerId {
    /// Returns the form that the message is written in at `version`. Source: the handlers of the
    /// official client, which belong to the same families as the gates of its requests.
    #[must_use]
    pub const fn form(self, version: ServerVersion) -> Form {
        version.form(self.protobuf_since())
    }

    /// What the codecs need to know. Clients tell the form by the id, so a Gateway that mixes
    /// forms may mix them otherwise than the table says.
    pub(crate) const fn kind(self) -> Kind {
        Kind { id: self.wire(), protobuf_since: self.protobuf_since(), takes_both: true }
    }
}
