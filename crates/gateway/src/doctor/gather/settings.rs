//! The Gateway's settings that change what becomes of a program's orders and questions.

use gatehouse_tws::config::GatewayConfig;

use super::super::Settings;

/// Returns those that the Gateway stated, by their names on the wire.
pub(super) fn of(config: &GatewayConfig) -> Settings {
    let api = &config.api.settings;
    let flags = [
        ("readOnlyApi", api.read_only),
        ("downloadOpenOrdersOnConnection", api.download_open_orders),
        ("includeVirtualFxPositions", api.include_virtual_fx_positions),
        ("useNegativeAutoRange", api.use_negative_auto_range),
        ("roundAccountValuesToNearestWholeNumber", api.round_account_values),
        ("sendMarketDataInLotsForUsStocks", api.us_stock_data_in_lots),
        ("rejectMessagesAboveMaxRate", api.reject_above_max_rate),
        ("maintainConnectionOnIncorrectFields", api.keep_connection_on_bad_fields),
        ("maintainAndResubmitOrdersOnReconnect", api.resubmit_on_reconnect),
        ("allowLocalhostOnly", api.localhost_only),
        ("bypassOrderPrecautions", config.api.precautions.bypass_order_precautions),
        ("bypassRedirectOrderWarning", config.api.precautions.bypass_redirect_order),
        ("bypassNoOverfillProtection", config.api.precautions.bypass_no_overfill),
    ];
    let numbers = [("socketPort", api.socket_port), ("masterClientId", api.master_client_id)];
    let lock = &config.lock_and_exit;
    let texts = [
        ("trustedIPs", api.trusted_ips.join(", ")),
        ("encodeApiMessages", api.encode_messages.clone()),
        ("sendInstrumentTimezone", api.send_instrument_timezone.clone()),
        (
            "autoLogoffTime",
            format!("{} {}", lock.auto_logoff_time, lock.auto_logoff_period).trim().to_owned(),
        ),
        ("autoLogoffType", lock.auto_logoff_type.clone()),
    ];
    let flags = flags.into_iter().filter_map(|(name, on)| Some((name, on?.to_string())));
    let numbers = numbers.into_iter().filter_map(|(name, n)| Some((name, n?.to_string())));
    let texts = texts.into_iter().filter(|(_, text)| !text.is_empty());
    flags.chain(numbers).chain(texts).map(|(name, value)| (name.to_owned(), value)).collect()
}

#[cfg(test)]
mod tests {
    use gatehouse_tws::config::{ApiSettings, LockAndExit};

    use super::*;

    #[test]
    fn what_the_gateway_states_is_named_as_on_the_wire() {
        let mut config = GatewayConfig::default();
        assert!(of(&config).is_empty());
        config.api.settings = ApiSettings {
            read_only: Some(false),
            socket_port: Some(4002),
            trusted_ips: vec!["127.0.0.1".to_owned(), "10.0.0.7".to_owned()],
            ..ApiSettings::default()
        };
        config.lock_and_exit = LockAndExit {
            auto_logoff_time: "11:45".to_owned(),
            auto_logoff_period: "PM".to_owned(),
            auto_logoff_type: String::new(),
        };
        let read = of(&config);
        let pairs: Vec<_> =
            read.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(
            pairs,
            [
                ("autoLogoffTime", "11:45 PM"),
                ("readOnlyApi", "false"),
                ("socketPort", "4002"),
                ("trustedIPs", "127.0.0.1, 10.0.0.7"),
            ]
        );
    }
}
