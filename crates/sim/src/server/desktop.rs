//! What belongs to the Gateway's own program rather than to the market: groups of windows and
//! settings.
//!
//! It must never know the world. Called by the hub, which owns one for all clients.

use std::collections::BTreeMap;

use gatehouse_tws::answer::{
    ConfigResponse, DisplayGroupList, DisplayGroupUpdated, UpdateConfigResponse,
};
use gatehouse_tws::config::{
    ApiPages, ApiSettings, GatewayConfig, LockAndExit, OrderPages, Precautions, SmartRouting,
};
use gatehouse_tws::layout::ReqId;
use gatehouse_tws::request::{
    ConfigRequest, Request, SubscribeToGroupEvents, UpdateConfigRequest, UpdateDisplayGroup,
};

use super::hub::{Hub, SessionId};

/// Groups of windows that a Gateway listed, though it has no windows.
const N_GROUPS: i32 = 7;
/// What a group shows before anybody chose a contract.
const NO_CONTRACT: &str = "none";
/// The setting that the simulated Gateway acts on; every other one is kept and read back.
const READ_ONLY: &str = "readOnlyApi";

/// Groups and settings of the Gateway.
#[derive(Debug)]
pub(super) struct Desktop {
    /// The contract of each group that shows one.
    shown: BTreeMap<i32, String>,
    config: GatewayConfig,
}

impl Default for Desktop {
    fn default() -> Self {
        Self { shown: BTreeMap::new(), config: usual_config() }
    }
}

impl Desktop {
    fn shown(&self, group: i32) -> String {
        self.shown.get(&group).cloned().unwrap_or_else(|| NO_CONTRACT.to_owned())
    }

    /// Returns whether a request is refused because programs may only read. Source of which are:
    /// the refusals of a read-only Gateway to orders and to reqCompletedOrders.
    pub(super) fn refuses(&self, request: &Request) -> bool {
        self.config.api.settings.read_only == Some(true)
            && matches!(
                request,
                Request::PlaceOrder(_)
                    | Request::CancelOrder(_)
                    | Request::GlobalCancel(_)
                    | Request::ExerciseOptions(_)
                    | Request::OpenOrders(_)
                    | Request::AutoOpenOrders(_)
                    | Request::CompletedOrders(_)
            )
    }

    /// Takes over settings; returns the wire names of those that differ from before.
    fn change(&mut self, to: &GatewayConfig) -> Vec<String> {
        let config = &mut self.config;
        let pages = [
            ("lockAndExit", config.lock_and_exit.take_over(&to.lock_and_exit)),
            ("api.precautions", config.api.precautions.take_over(&to.api.precautions)),
            ("api.settings", config.api.settings.take_over(&to.api.settings)),
            (
                "orders.smartRouting",
                config.orders.smart_routing.take_over(&to.orders.smart_routing),
            ),
        ];
        pages
            .into_iter()
            .flat_map(|(page, names)| names.into_iter().map(move |name| format!("{page}.{name}")))
            .collect()
    }
}

/// The settings of a paper Gateway that nobody has changed.
fn usual_config() -> GatewayConfig {
    let settings = ApiSettings {
        read_only: Some(false),
        download_open_orders: Some(true),
        include_virtual_fx_positions: Some(true),
        prepare_daily_pnl: Some(true),
        encode_messages: "ASCII".to_owned(),
        socket_port: Some(4002),
        create_message_log: Some(false),
        log_market_data: Some(false),
        expose_trading_schedule: Some(true),
        logging_level: "Error".to_owned(),
        bulk_data_timeout: Some(30),
        round_account_values: Some(false),
        us_stock_data_in_lots: Some(false),
        reject_above_max_rate: Some(true),
        keep_connection_on_bad_fields: Some(true),
        send_instrument_timezone: "instrument timezone".to_owned(),
        localhost_only: Some(true),
        trusted_ips: vec!["127.0.0.1".to_owned()],
        ..ApiSettings::default()
    };
    let precautions =
        Precautions { bypass_order_precautions: Some(false), ..Precautions::default() };
    GatewayConfig {
        lock_and_exit: LockAndExit {
            auto_logoff_time: "11:45".to_owned(),
            auto_logoff_period: "PM".to_owned(),
            auto_logoff_type: "restart".to_owned(),
        },
        messages: Vec::new(),
        api: ApiPages { precautions, settings },
        orders: OrderPages {
            smart_routing: SmartRouting {
                seek_price_improvement: Some(true),
                pre_open_reroute: Some(false),
                avoid_dark_pools: Some(false),
                default_algorithm: String::new(),
            },
        },
    }
}

impl Hub {
    pub(super) fn display_groups(&mut self, session: SessionId, req_id: ReqId) {
        let groups: Vec<String> = (1..=N_GROUPS).map(|group| group.to_string()).collect();
        let list = DisplayGroupList { req_id, groups: groups.join("|") };
        self.say(session, |version| list.encode(version));
    }

    pub(super) fn watch_group(&mut self, session: SessionId, asked: SubscribeToGroupEvents) {
        let SubscribeToGroupEvents { req_id, group_id } = asked;
        if !(1..=N_GROUPS).contains(&group_id) {
            let text = format!(
                "Error validating request.-'bT' : cause - There is no display group {group_id}"
            );
            return self.complain(session, req_id.get(), 321, &text);
        }
        self.with(session, |client| client.wants.groups.insert(req_id, group_id));
        let told = DisplayGroupUpdated { req_id, contract_info: self.desktop.shown(group_id) };
        self.say(session, |version| told.encode(version));
    }

    /// Shows another contract in the group of a subscription, and tells everybody who watches it.
    pub(super) fn update_group(&mut self, session: SessionId, asked: &UpdateDisplayGroup) {
        let watched = self.with(session, |client| client.wants.groups.get(&asked.req_id).copied());
        let Some(group) = watched.flatten() else {
            let text =
                "Error validating request.-'bT' : cause - The display group is not subscribed to";
            return self.complain(session, asked.req_id.get(), 321, text);
        };
        if !is_contract_info(&asked.contract_info) {
            let text = format!(
                "Error validating request.-'bT' : cause - Invalid contract info {}",
                asked.contract_info
            );
            return self.complain(session, asked.req_id.get(), 321, &text);
        }
        self.desktop.shown.insert(group, asked.contract_info.clone());
        for client in self.clients.values() {
            let watching = client.wants.groups.iter().filter(|(_, watched)| **watched == group);
            for (req_id, _) in watching {
                let contract_info = asked.contract_info.clone();
                let told = DisplayGroupUpdated { req_id: *req_id, contract_info };
                client.say(told.encode(client.version));
            }
        }
    }

    pub(super) fn say_config(&mut self, session: SessionId, asked: ConfigRequest) {
        let answer = ConfigResponse { req_id: asked.req_id, config: self.desktop.config.clone() };
        self.say(session, |version| answer.encode(version));
    }

    /// Changes settings. No page says which words the real one answers with; these are assumed.
    pub(super) fn update_config(&mut self, session: SessionId, asked: &UpdateConfigRequest) {
        let changed_fields = self.desktop.change(&asked.config);
        let idle: Vec<&str> = changed_fields
            .iter()
            .map(String::as_str)
            .filter(|field| !field.ends_with(READ_ONLY))
            .collect();
        let message = if idle.is_empty() {
            String::new()
        } else {
            format!("Kept, but the simulated Gateway does not act on {}", idle.join(", "))
        };
        let mut errors = Vec::new();
        if asked.reset_order_ids {
            errors.push("resetAPIOrderSequence is not simulated".to_owned());
        }
        if !asked.config.messages.is_empty() {
            errors.push("messages are not simulated".to_owned());
        }
        let status = if errors.is_empty() { "Success" } else { "Failed" };
        let answer = UpdateConfigResponse {
            req_id: asked.req_id,
            status: status.to_owned(),
            message,
            changed_fields,
            errors,
            warnings: Vec::new(),
        };
        self.say(session, |version| answer.encode(version));
    }
}

/// `none`, `combo`, or a contract id with an exchange: `8314@SMART`.
fn is_contract_info(text: &str) -> bool {
    let is_contract = |(con_id, exchange): (&str, &str)| {
        con_id.parse::<i32>().is_ok_and(|id| id > 0) && !exchange.is_empty()
    };
    matches!(text, NO_CONTRACT | "combo") || text.split_once('@').is_some_and(is_contract)
}
