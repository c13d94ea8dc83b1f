//! The Gateway's own settings as messages 108 to 111 carry them; protobuf only.
//!
//! Every setting may be absent: an answer says those that it knows, a request those that shall
//! change. It must never know what a setting does.

use crate::layout::{FieldError, Layout, Pass, Passed, WireError};
use crate::text::TextError;

/// Refuses a version that does not have the message.
pub(crate) fn known_since<P: Pass>(since: i32, pass: &P) -> Passed {
    if pass.version().has(since) {
        return Ok(());
    }
    Err(FieldError::Text(TextError::Missing { name: "a newer server version" }))
}

/// A flag whose absence means something.
fn flag_or_unset<P: Pass>(
    pass: &mut P,
    tag: u32,
    name: &'static str,
    value: &mut Option<bool>,
) -> Passed {
    let mut number = value.map(i32::from);
    pass.int_or_unset(tag, name, &mut number)?;
    *value = match number {
        None => None,
        Some(0) => Some(false),
        Some(1) => Some(true),
        Some(_) => return Err(FieldError::Wire(WireError::OutOfRange { name })),
    };
    Ok(())
}

/// A part that is written only when something in it is set.
fn part<P: Pass, L: Layout + Default + PartialEq>(
    pass: &mut P,
    tag: u32,
    name: &'static str,
    value: &mut L,
) -> Passed {
    if pass.is_writing() && *value == L::default() {
        return Ok(());
    }
    pass.nested(tag, name, value)
}

/// States the settings of one page once: their names in Gatehouse, tags and names on the wire.
macro_rules! settings {
    (
        $(#[$doc:meta])* $type:ident {
            $($(#[$field_doc:meta])* $field:ident: $kind:ident = $tag:literal $name:literal,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Default)]
        pub struct $type {
            $($(#[$field_doc])* pub $field: settings!(@type $kind),)+
        }

        impl $type {
            /// Takes over every setting that `other` states and returns the wire names of those
            /// that differ from before.
            pub fn take_over(&mut self, other: &Self) -> Vec<&'static str> {
                let mut changed = Vec::new();
                $(if other.$field != <settings!(@type $kind)>::default() && self.$field != other.$field {
                    self.$field.clone_from(&other.$field);
                    changed.push($name);
                })+
                changed
            }
        }

        impl Layout for $type {
            fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
                $(settings!(@lay $kind, pass, $tag, $name, &mut self.$field);)+
                Ok(())
            }
        }
    };
    (@type flag) => { Option<bool> };
    (@type int) => { Option<i32> };
    (@type text) => { String };
    (@type words) => { Vec<String> };
    (@lay flag, $pass:ident, $tag:literal, $name:literal, $value:expr) => {
        flag_or_unset($pass, $tag, $name, $value)?
    };
    (@lay int, $pass:ident, $tag:literal, $name:literal, $value:expr) => {
        $pass.int_or_unset($tag, $name, $value)?
    };
    (@lay text, $pass:ident, $tag:literal, $name:literal, $value:expr) => {
        $pass.text($tag, $name, $value)?
    };
    (@lay words, $pass:ident, $tag:literal, $name:literal, $value:expr) => {
        $pass.words($tag, $name, $value)?
    };
}

settings! {
    /// When the Gateway ends its day.
    LockAndExit {
        auto_logoff_time: text = 1 "autoLogoffTime",
        /// `AM` or `PM`.
        auto_logoff_period: text = 2 "autoLogoffPeriod",
        /// `restart` or `logoff`.
        auto_logoff_type: text = 3 "autoLogoffType",
    }
}

settings! {
    /// A message that the workstation shows, and what it does with it.
    MessageSetting {
        id: int = 1 "id",
        title: text = 2 "title",
        message: text = 3 "message",
        default_action: text = 4 "defaultAction",
        enabled: flag = 5 "enabled",
    }
}

settings! {
    /// Questions that orders of programs are not held up by.
    Precautions {
        bypass_order_precautions: flag = 1 "bypassOrderPrecautions",
        bypass_bond_warning: flag = 2 "bypassBondWarning",
        bypass_negative_yield: flag = 3 "bypassNegativeYieldConfirmation",
        bypass_called_bond: flag = 4 "bypassCalledBondWarning",
        bypass_same_action_pair: flag = 5 "bypassSameActionPairTradeWarning",
        bypass_flagged_accounts: flag = 6 "bypassFlaggedAccountsWarning",
        bypass_price_based_volatility: flag = 7 "bypassPriceBasedVolatilityWarning",
        bypass_redirect_order: flag = 8 "bypassRedirectOrderWarning",
        bypass_no_overfill: flag = 9 "bypassNoOverfillProtection",
        bypass_marketable_to_bbo: flag = 10 "bypassRouteMarketableToBBO",
    }
}

settings! {
    /// The page "API, Settings".
    ApiSettings {
        read_only: flag = 1 "readOnlyApi",
        total_quantity_for_funds: flag = 2 "totalQuantityForMutualFunds",
        download_open_orders: flag = 3 "downloadOpenOrdersOnConnection",
        include_virtual_fx_positions: flag = 4 "includeVirtualFxPositions",
        prepare_daily_pnl: flag = 5 "prepareDailyPnL",
        send_volatility_status: flag = 6 "sendStatusUpdatesForVolatilityOrders",
        encode_messages: text = 7 "encodeApiMessages",
        socket_port: int = 8 "socketPort",
        use_negative_auto_range: flag = 9 "useNegativeAutoRange",
        create_message_log: flag = 10 "createApiMessageLogFile",
        log_market_data: flag = 11 "includeMarketDataInLogFile",
        expose_trading_schedule: flag = 12 "exposeTradingScheduleToApi",
        split_insured_deposit: flag = 13 "splitInsuredDepositFromCashBalance",
        zero_positions_of_today: flag = 14 "sendZeroPositionsForTodayOnly",
        switch_account_subscription: flag = 15 "letApiAccountRequestsSwitchSubscription",
        use_account_groups: flag = 16 "useAccountGroupsWithAllocationMethods",
        logging_level: text = 17 "loggingLevel",
        master_client_id: int = 18 "masterClientId",
        bulk_data_timeout: int = 19 "bulkDataTimeout",
        exchange_separator: text = 20 "componentExchSeparator",
        forex_data_in_tenths: flag = 21 "showForexDataIn1_10Pips",
        forex_trading_in_tenths: flag = 22 "allowForexTradingIn1_10Pips",
        round_account_values: flag = 23 "roundAccountValuesToNearestWholeNumber",
        us_stock_data_in_lots: flag = 24 "sendMarketDataInLotsForUsStocks",
        show_advanced_reject: flag = 25 "showAdvancedOrderRejectInUi",
        reject_above_max_rate: flag = 26 "rejectMessagesAboveMaxRate",
        keep_connection_on_bad_fields: flag = 27 "maintainConnectionOnIncorrectFields",
        nasdaq_compatibility: flag = 28 "compatibilityModeNasdaqStocks",
        send_instrument_timezone: text = 29 "sendInstrumentTimezone",
        forex_compatibility: flag = 30 "sendForexDataInCompatibilityMode",
        resubmit_on_reconnect: flag = 31 "maintainAndResubmitOrdersOnReconnect",
        historical_data_max_size: int = 32 "historicalDataMaxSize",
        report_netting_events: flag = 33 "autoReportNettingEventContractTrades",
        exercise_request_type: text = 34 "optionExerciseRequestType",
        localhost_only: flag = 35 "allowLocalhostOnly",
        trusted_ips: words = 36 "trustedIPs",
    }
}

settings! {
    /// The page "Orders, Smart routing".
    SmartRouting {
        seek_price_improvement: flag = 1 "seekPriceImprovement",
        pre_open_reroute: flag = 2 "preOpenReroute",
        avoid_dark_pools: flag = 3 "doNotRouteToDarkPools",
        default_algorithm: text = 4 "defaultAlgorithm",
    }
}

settings! {
    /// A warning about a change, which the client has to accept.
    ConfigWarning {
        message_id: int = 1 "messageId",
        title: text = 2 "title",
        message: text = 3 "message",
    }
}

/// Two pages in one message.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ApiPages {
    pub precautions: Precautions,
    pub settings: ApiSettings,
}

impl Layout for ApiPages {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        part(pass, 1, "precautions", &mut self.precautions)?;
        part(pass, 2, "settings", &mut self.settings)
    }
}

/// The page of the smart router, which stands in a message of its own.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderPages {
    pub smart_routing: SmartRouting,
}

impl Layout for OrderPages {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        part(pass, 1, "smartRouting", &mut self.smart_routing)
    }
}

/// Every setting that the messages can carry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GatewayConfig {
    pub lock_and_exit: LockAndExit,
    pub messages: Vec<MessageSetting>,
    pub api: ApiPages,
    pub orders: OrderPages,
}

impl GatewayConfig {
    /// Tags 2 to 5 of the messages that carry settings.
    pub(crate) fn lay_parts<P: Pass>(&mut self, pass: &mut P) -> Passed {
        part(pass, 2, "lockAndExit", &mut self.lock_and_exit)?;
        pass.list(3, "messages", &mut self.messages)?;
        part(pass, 4, "api", &mut self.api)?;
        part(pass, 5, "orders", &mut self.orders)
    }
}
