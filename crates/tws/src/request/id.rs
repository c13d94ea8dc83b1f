//! Ids of the messages that a client may send, and what Gatehouse does with each.

use std::fmt;

macro_rules! request_ids {
    ($($name:ident = $id:literal $wire:literal => $action:expr),+ $(,)?) => {
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
    MarketData = 1 "reqMktData" => Action::Pass,
    CancelMarketData = 2 "cancelMktData" => Action::Pass,
    PlaceOrder = 3 "placeOrder" => Action::Judge,
    CancelOrder = 4 "cancelOrder" => Action::PassCancel,
    OpenOrders = 5 "reqOpenOrders" => Action::Pass,
    AccountData = 6 "reqAccountUpdates" => Action::Pass,
    Executions = 7 "reqExecutions" => Action::Pass,
    Ids = 8 "reqIds" => Action::Pass,
    ContractData = 9 "reqContractDetails" => Action::Pass,
    MarketDepth = 10 "reqMktDepth" => Action::Pass,
    CancelMarketDepth = 11 "cancelMktDepth" => Action::Pass,
    NewsBulletins = 12 "reqNewsBulletins" => Action::Pass,
    CancelNewsBulletins = 13 "cancelNewsBulletins" => Action::Pass,
    SetServerLogLevel = 14 "setServerLogLevel" => Action::Pass,
    AutoOpenOrders = 15 "reqAutoOpenOrders" => Action::Refuse(Forbidden::AutoOpenOrders),
    AllOpenOrders = 16 "reqAllOpenOrders" => Action::Pass,
    ManagedAccounts = 17 "reqManagedAccts" => Action::Pass,
    RequestFa = 18 "requestFA" => Action::Pass,
    ReplaceFa = 19 "replaceFA" => Action::Refuse(Forbidden::ReplaceFa),
    HistoricalData = 20 "reqHistoricalData" => Action::Pass,
    ExerciseOptions = 21 "exerciseOptions" => Action::Refuse(Forbidden::ExerciseOptions),
    ScannerSubscription = 22 "reqScannerSubscription" => Action::Pass,
    CancelScannerSubscription = 23 "cancelScannerSubscription" => Action::Pass,
    ScannerParameters = 24 "reqScannerParameters" => Action::Pass,
    CancelHistoricalData = 25 "cancelHistoricalData" => Action::Pass,
    CurrentTime = 49 "reqCurrentTime" => Action::Pass,
    RealTimeBars = 50 "reqRealTimeBars" => Action::Pass,
    CancelRealTimeBars = 51 "cancelRealTimeBars" => Action::Pass,
    FundamentalData = 52 "reqFundamentalData" => Action::Pass,
    CancelFundamentalData = 53 "cancelFundamentalData" => Action::Pass,
    CalculateImpliedVolatility = 54 "calculateImpliedVolatility" => Action::Pass,
    CalculateOptionPrice = 55 "calculateOptionPrice" => Action::Pass,
    CancelCalculateImpliedVolatility = 56 "cancelCalculateImpliedVolatility" => Action::Pass,
    CancelCalculateOptionPrice = 57 "cancelCalculateOptionPrice" => Action::Pass,
    GlobalCancel = 58 "reqGlobalCancel" => Action::ExpandGlobalCancel,
    MarketDataType = 59 "reqMarketDataType" => Action::Pass,
    Positions = 61 "reqPositions" => Action::Pass,
    AccountSummary = 62 "reqAccountSummary" => Action::Pass,
    CancelAccountSummary = 63 "cancelAccountSummary" => Action::Pass,
    CancelPositions = 64 "cancelPositions" => Action::Pass,
    VerifyRequest = 65 "verifyRequest" => Action::Refuse(Forbidden::Verify),
    VerifyMessage = 66 "verifyMessage" => Action::Refuse(Forbidden::Verify),
    QueryDisplayGroups = 67 "queryDisplayGroups" => Action::Pass,
    SubscribeToGroupEvents = 68 "subscribeToGroupEvents" => Action::Pass,
    UpdateDisplayGroup = 69 "updateDisplayGroup" => Action::Pass,
    UnsubscribeFromGroupEvents = 70 "unsubscribeFromGroupEvents" => Action::Pass,
    StartApi = 71 "startApi" => Action::Session,
    VerifyAndAuthRequest = 72 "verifyAndAuthRequest" => Action::Refuse(Forbidden::Verify),
    VerifyAndAuthMessage = 73 "verifyAndAuthMessage" => Action::Refuse(Forbidden::Verify),
    PositionsMulti = 74 "reqPositionsMulti" => Action::Pass,
    CancelPositionsMulti = 75 "cancelPositionsMulti" => Action::Pass,
    AccountUpdatesMulti = 76 "reqAccountUpdatesMulti" => Action::Pass,
    CancelAccountUpdatesMulti = 77 "cancelAccountUpdatesMulti" => Action::Pass,
    SecDefOptParams = 78 "reqSecDefOptParams" => Action::Pass,
    SoftDollarTiers = 79 "reqSoftDollarTiers" => Action::Pass,
    FamilyCodes = 80 "reqFamilyCodes" => Action::Pass,
    MatchingSymbols = 81 "reqMatchingSymbols" => Action::Pass,
    MarketDepthExchanges = 82 "reqMktDepthExchanges" => Action::Pass,
    SmartComponents = 83 "reqSmartComponents" => Action::Pass,
    NewsArticle = 84 "reqNewsArticle" => Action::Pass,
    NewsProviders = 85 "reqNewsProviders" => Action::Pass,
    HistoricalNews = 86 "reqHistoricalNews" => Action::Pass,
    HeadTimestamp = 87 "reqHeadTimestamp" => Action::Pass,
    HistogramData = 88 "reqHistogramData" => Action::Pass,
    CancelHistogramData = 89 "cancelHistogramData" => Action::Pass,
    CancelHeadTimestamp = 90 "cancelHeadTimestamp" => Action::Pass,
    MarketRule = 91 "reqMarketRule" => Action::Pass,
    PnL = 92 "reqPnL" => Action::Pass,
    CancelPnL = 93 "cancelPnL" => Action::Pass,
    PnLSingle = 94 "reqPnLSingle" => Action::Pass,
    CancelPnLSingle = 95 "cancelPnLSingle" => Action::Pass,
    HistoricalTicks = 96 "reqHistoricalTicks" => Action::Pass,
    TickByTickData = 97 "reqTickByTickData" => Action::Pass,
    CancelTickByTickData = 98 "cancelTickByTickData" => Action::Pass,
    CompletedOrders = 99 "reqCompletedOrders" => Action::Pass,
    WshMetaData = 100 "reqWshMetaData" => Action::Pass,
    CancelWshMetaData = 101 "cancelWshMetaData" => Action::Pass,
    WshEventData = 102 "reqWshEventData" => Action::Pass,
    CancelWshEventData = 103 "cancelWshEventData" => Action::Pass,
    UserInfo = 104 "reqUserInfo" => Action::Pass,
    CurrentTimeInMillis = 105 "reqCurrentTimeInMillis" => Action::Pass,
    CancelContractData = 106 "cancelContractData" => Action::Pass,
    CancelHistoricalTicks = 107 "cancelHistoricalTicks" => Action::Pass,
    Config = 108 "reqConfig" => Action::Pass,
    UpdateConfig = 109 "updateConfig" => Action::Refuse(Forbidden::UpdateConfig),
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
