//! Ids of the messages that a client may send, and what Gatehouse does with each.

use std::fmt;

use crate::layout::Kind;
use crate::{Form, ServerVersion};

/// Stands for the version from which a message is protobuf when it never is.
const NEVER: i32 = i32::MAX;

macro_rules! request_ids {
    ($($name:ident = $id:literal $wire:literal since $since:tt => $action:expr),+ $(,)?) => {
        /// A message that a client may send, by its TWS name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum RequestId {
            $($name,)+
        }

        impl RequestId {
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

            /// Returns the name that the TWS API's documentation uses.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => $wire,)+
                }
            }

            /// Returns the server version from which clients write the message in protobuf.
            const fn protobuf_since(self) -> i32 {
                match self {
                    $(Self::$name => $since,)+
                }
            }

            /// Returns what is done with the message.
            #[must_use]
            pub const fn action(self) -> Action {
                match self {
                    $(Self::$name => $action,)+
                }
            }
        }
    };
}

request_ids! {
    MarketData = 1 "reqMktData" since 206 => Action::Pass,
    CancelMarketData = 2 "cancelMktData" since 206 => Action::Pass,
    PlaceOrder = 3 "placeOrder" since 203 => Action::Judge,
    CancelOrder = 4 "cancelOrder" since 203 => Action::PassCancel,
    OpenOrders = 5 "reqOpenOrders" since 204 => Action::Pass,
    AccountData = 6 "reqAccountUpdates" since 207 => Action::Pass,
    Executions = 7 "reqExecutions" since 201 => Action::Pass,
    Ids = 8 "reqIds" since 213 => Action::Pass,
    ContractData = 9 "reqContractDetails" since 205 => Action::Pass,
    MarketDepth = 10 "reqMktDepth" since 206 => Action::Pass,
    CancelMarketDepth = 11 "cancelMktDepth" since 206 => Action::Pass,
    NewsBulletins = 12 "reqNewsBulletins" since 209 => Action::Pass,
    CancelNewsBulletins = 13 "cancelNewsBulletins" since 209 => Action::Pass,
    SetServerLogLevel = 14 "setServerLogLevel" since 213 => Action::Pass,
    AutoOpenOrders = 15 "reqAutoOpenOrders" since 204 => Action::Refuse(Forbidden::AutoOpenOrders),
    AllOpenOrders = 16 "reqAllOpenOrders" since 204 => Action::Pass,
    ManagedAccounts = 17 "reqManagedAccts" since 207 => Action::Pass,
    RequestFa = 18 "requestFA" since 211 => Action::Pass,
    ReplaceFa = 19 "replaceFA" since 211 => Action::Refuse(Forbidden::ReplaceFa),
    HistoricalData = 20 "reqHistoricalData" since 208 => Action::Pass,
    ExerciseOptions = 21 "exerciseOptions" since 211 => Action::Refuse(Forbidden::ExerciseOptions),
    ScannerSubscription = 22 "reqScannerSubscription" since 210 => Action::Pass,
    CancelScannerSubscription = 23 "cancelScannerSubscription" since 210 => Action::Pass,
    ScannerParameters = 24 "reqScannerParameters" since 210 => Action::Pass,
    CancelHistoricalData = 25 "cancelHistoricalData" since 208 => Action::Pass,
    CurrentTime = 49 "reqCurrentTime" since 213 => Action::Pass,
    RealTimeBars = 50 "reqRealTimeBars" since 208 => Action::Pass,
    CancelRealTimeBars = 51 "cancelRealTimeBars" since 208 => Action::Pass,
    FundamentalData = 52 "reqFundamentalData" since NEVER => Action::Pass,
    CancelFundamentalData = 53 "cancelFundamentalData" since NEVER => Action::Pass,
    CalculateImpliedVolatility = 54 "calculateImpliedVolatility" since 211 => Action::Pass,
    CalculateOptionPrice = 55 "calculateOptionPrice" since 211 => Action::Pass,
    CancelCalculateImpliedVolatility = 56 "cancelCalculateImpliedVolatility" since 211 => Action::Pass,
    CancelCalculateOptionPrice = 57 "cancelCalculateOptionPrice" since 211 => Action::Pass,
    GlobalCancel = 58 "reqGlobalCancel" since 203 => Action::ExpandGlobalCancel,
    MarketDataType = 59 "reqMarketDataType" since 206 => Action::Pass,
    Positions = 61 "reqPositions" since 207 => Action::Pass,
    AccountSummary = 62 "reqAccountSummary" since 207 => Action::Pass,
    CancelAccountSummary = 63 "cancelAccountSummary" since 207 => Action::Pass,
    CancelPositions = 64 "cancelPositions" since 207 => Action::Pass,
    VerifyRequest = 65 "verifyRequest" since 213 => Action::Refuse(Forbidden::Verify),
    VerifyMessage = 66 "verifyMessage" since 213 => Action::Refuse(Forbidden::Verify),
    QueryDisplayGroups = 67 "queryDisplayGroups" since 213 => Action::Pass,
    SubscribeToGroupEvents = 68 "subscribeToGroupEvents" since 213 => Action::Pass,
    UpdateDisplayGroup = 69 "updateDisplayGroup" since 213 => Action::Pass,
    UnsubscribeFromGroupEvents = 70 "unsubscribeFromGroupEvents" since 213 => Action::Pass,
    StartApi = 71 "startApi" since 213 => Action::Session,
    VerifyAndAuthRequest = 72 "verifyAndAuthRequest" since NEVER => Action::Refuse(Forbidden::Verify),
    VerifyAndAuthMessage = 73 "verifyAndAuthMessage" since NEVER => Action::Refuse(Forbidden::Verify),
    PositionsMulti = 74 "reqPositionsMulti" since 207 => Action::Pass,
    CancelPositionsMulti = 75 "cancelPositionsMulti" since 207 => Action::Pass,
    AccountUpdatesMulti = 76 "reqAccountUpdatesMulti" since 207 => Action::Pass,
    CancelAccountUpdatesMulti = 77 "cancelAccountUpdatesMulti" since 207 => Action::Pass,
    SecDefOptParams = 78 "reqSecDefOptParams" since 212 => Action::Pass,
    SoftDollarTiers = 79 "reqSoftDollarTiers" since 212 => Action::Pass,
    FamilyCodes = 80 "reqFamilyCodes" since 212 => Action::Pass,
    MatchingSymbols = 81 "reqMatchingSymbols" since 212 => Action::Pass,
    MarketDepthExchanges = 82 "reqMktDepthExchanges" since 213 => Action::Pass,
    SmartComponents = 83 "reqSmartComponents" since 212 => Action::Pass,
    NewsArticle = 84 "reqNewsArticle" since 209 => Action::Pass,
    NewsProviders = 85 "reqNewsProviders" since 209 => Action::Pass,
    HistoricalNews = 86 "reqHistoricalNews" since 209 => Action::Pass,
    HeadTimestamp = 87 "reqHeadTimestamp" since 208 => Action::Pass,
    HistogramData = 88 "reqHistogramData" since 208 => Action::Pass,
    CancelHistogramData = 89 "cancelHistogramData" since 208 => Action::Pass,
    CancelHeadTimestamp = 90 "cancelHeadTimestamp" since 208 => Action::Pass,
    MarketRule = 91 "reqMarketRule" since 212 => Action::Pass,
    PnL = 92 "reqPnL" since 210 => Action::Pass,
    CancelPnL = 93 "cancelPnL" since 210 => Action::Pass,
    PnLSingle = 94 "reqPnLSingle" since 210 => Action::Pass,
    CancelPnLSingle = 95 "cancelPnLSingle" since 210 => Action::Pass,
    HistoricalTicks = 96 "reqHistoricalTicks" since 208 => Action::Pass,
    TickByTickData = 97 "reqTickByTickData" since 208 => Action::Pass,
    CancelTickByTickData = 98 "cancelTickByTickData" since 208 => Action::Pass,
    CompletedOrders = 99 "reqCompletedOrders" since 204 => Action::Pass,
    WshMetaData = 100 "reqWshMetaData" since 209 => Action::Pass,
    CancelWshMetaData = 101 "cancelWshMetaData" since 209 => Action::Pass,
    WshEventData = 102 "reqWshEventData" since 209 => Action::Pass,
    CancelWshEventData = 103 "cancelWshEventData" since 209 => Action::Pass,
    UserInfo = 104 "reqUserInfo" since 212 => Action::Pass,
    CurrentTimeInMillis = 105 "reqCurrentTimeInMillis" since 213 => Action::Pass,
    CancelContractData = 106 "cancelContractData" since 215 => Action::Pass,
    CancelHistoricalTicks = 107 "cancelHistoricalTicks" since 215 => Action::Pass,
    Config = 108 "reqConfig" since 219 => Action::Pass,
    UpdateConfig = 109 "updateConfig" since 221 => Action::Refuse(Forbidden::UpdateConfig),
}

impl RequestId {
    /// Returns the form that clients write the message in at `version`.
    #[must_use]
    pub const fn form(self, version: ServerVersion) -> Form {
        version.form(self.protobuf_since())
    }

    /// What the codecs need to know; the other form is refused at every version.
    pub(crate) const fn kind(self) -> Kind {
        Kind { id: self.wire(), protobuf_since: self.protobuf_since(), takes_both: false }
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What Gatehouse does with a message of a bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// Decode in full and judge.
    Judge,
    /// Pass at once; a cancel needs no approval.
    PassCancel,
    /// Replace by cancels of this bot's own orders.
    ExpandGlobalCancel,
    /// Answer with a sentence; nothing goes upstream.
    Refuse(Forbidden),
    /// Check the client id.
    Session,
    /// Pass, byte for byte, without decoding.
    Pass,
}

/// Why a message is refused whatever it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Forbidden {
    ExerciseOptions,
    AutoOpenOrders,
    ReplaceFa,
    Verify,
    UpdateConfig,
    UnknownMessage,
}

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ExerciseOptions => "exercising options is refused until it can be judged",
            Self::AutoOpenOrders => "binding manual orders to a bot is refused",
            Self::ReplaceFa => "changing the FA allocation is refused",
            Self::Verify => "verification messages of IB partners are refused",
            Self::UpdateConfig => "changing the Gateway's configuration is refused",
            Self::UnknownMessage => "a message of an unknown kind is refused",
        })
    }
}

/// Returns what is done with message `id`.
#[must_use]
pub const fn action(id: i32) -> Action {
    match RequestId::from_wire(id) {
        Some(id) => id.action(),
        None => Action::Refuse(Forbidden::UnknownMessage),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_has_the_action_of_the_order_path() {
        for (ids, expected) in [
            (&[3][..], Action::Judge),
            (&[4], Action::PassCancel),
            (&[58], Action::ExpandGlobalCancel),
            (&[71], Action::Session),
            (&[21], Action::Refuse(Forbidden::ExerciseOptions)),
            (&[15], Action::Refuse(Forbidden::AutoOpenOrders)),
            (&[19], Action::Refuse(Forbidden::ReplaceFa)),
            (&[65, 66, 72, 73], Action::Refuse(Forbidden::Verify)),
            (&[109], Action::Refuse(Forbidden::UpdateConfig)),
            (
                &[-1, 0, 26, 48, 60, 110, 200, 203, i32::MAX],
                Action::Refuse(Forbidden::UnknownMessage),
            ),
            (&[1, 5, 8, 14, 16, 18, 61, 69, 99, 108], Action::Pass),
        ] {
            for id in ids {
                assert_eq!(action(*id), expected, "message {id}");
            }
        }
    }

    #[test]
    fn ids_read_back() {
        for id in RequestId::ALL {
            assert_eq!(RequestId::from_wire(id.wire()), Some(*id));
        }
    }
}
