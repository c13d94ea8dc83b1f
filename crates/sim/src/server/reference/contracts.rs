//! Contract details, symbol search and market rules, as messages.
//!
//! It must never know prices. Called by the hub's requests.

use gatehouse_tws::answer::{
    ContractData, ContractDataEnd, ContractDetails, MarketRule, PriceStep, SymbolSample,
    SymbolSamples,
};
use gatehouse_tws::request::{ContractDataRequest, MarketRuleRequest, MatchingSymbolsRequest};
use gatehouse_types::Decimal;

use crate::server::hub::{Hub, SessionId};
use crate::world::account::Class;
use crate::world::catalog::{self, Kind, Listing, hours};
use crate::world::orders::checks;
use crate::world::orders::order::wire_contract;

const ORDER_TYPES: &str = "ACTIVETIM,DAY,FOK,GTC,IOC,LMT,MKT,OCA,RTH,STP,STPLMT,WHATIF";

impl Hub {
    pub(in crate::server) fn contract_data(
        &mut self,
        session: SessionId,
        asked: &ContractDataRequest,
    ) {
        let now = self.world.now().secs();
        let Some(client) = self.clients.get(&session) else { return };
        let (req_id, version) = (asked.req_id, client.version);
        let found = match self.world.catalog().fitting(&asked.contract) {
            Ok(found) => found,
            Err(why) => return client.say_error(checks::unresolved(req_id.get(), why)),
        };
        for listing in found {
            let exchange = match asked.contract.exchange.as_str() {
                "" => listing.usual_venue(),
                given => given,
            };
            let mut contract = wire_contract(listing, exchange);
            if listing.kind == Kind::Stock {
                listing.primary_exchange.clone_into(&mut contract.primary_exchange);
            }
            let mut details = details(listing, now);
            self.world.bend_contract(listing, &mut contract, &mut details.min_tick);
            let data = ContractData { req_id, contract, details };
            client.say(data.encode(version));
        }
        client.say(ContractDataEnd { req_id }.encode(version));
    }

    pub(in crate::server) fn matching_symbols(
        &mut self,
        session: SessionId,
        asked: &MatchingSymbolsRequest,
    ) {
        let Some(client) = self.clients.get(&session) else { return };
        let samples = catalog::matching(&asked.pattern)
            .into_iter()
            .map(|listing| {
                let mut contract = wire_contract(listing, "");
                listing.primary_exchange.clone_into(&mut contract.primary_exchange);
                listing.name.clone_into(&mut contract.description);
                let has_options = catalog::options_on(listing.con_id()).next().is_some();
                let derivative_sec_types =
                    if has_options { vec!["OPT".to_owned()] } else { Vec::new() };
                SymbolSample { contract, derivative_sec_types }
            })
            .collect();
        client.say(SymbolSamples { req_id: asked.req_id, samples }.encode(client.version));
    }

    pub(in crate::server) fn market_rule(&mut self, session: SessionId, asked: &MarketRuleRequest) {
        let Some(client) = self.clients.get(&session) else { return };
        let rule_id = asked.rule_id;
        let Some(listing) = catalog::all().iter().find(|one| one.market_rule() == rule_id) else {
            client.complain(-1, 321, format!("Unknown market rule {rule_id}"));
            return;
        };
        let steps = vec![PriceStep { low_edge: Decimal::ZERO, increment: listing.min_tick() }];
        client.say(MarketRule { rule_id, steps }.encode(client.version));
    }
}

fn details(listing: &Listing, now: i64) -> ContractDetails {
    let n_venues = listing.venues().split(',').count();
    let (industry, category) = match listing.kind {
        Kind::Cash => ("", ""),
        Kind::Future { .. } => ("Indices", "Broad Range Equity Index"),
        Kind::Stock | Kind::Option(_) if listing.is_fund() => ("Funds", "Equity Fund"),
        Kind::Stock | Kind::Option(_) => ("Equity", "Common Stock"),
    };
    let expires = listing.last_day();
    let under = match listing.kind {
        Kind::Option(terms) => (terms.under.con_id().get(), terms.under.symbol, "STK"),
        // The index; nothing else of it is simulated.
        Kind::Future { .. } => (11_004_968, "ES", "IND"),
        Kind::Stock | Kind::Cash => (0, "", ""),
    };
    ContractDetails {
        market_name: listing.trading_class().to_owned(),
        min_tick: listing.min_tick(),
        order_types: ORDER_TYPES.to_owned(),
        valid_exchanges: listing.venues().to_owned(),
        price_magnifier: 1,
        under_con_id: under.0,
        long_name: listing.name.to_owned(),
        contract_month: expires.map(|day| day.strftime("%Y%m").to_string()).unwrap_or_default(),
        industry: industry.to_owned(),
        category: category.to_owned(),
        time_zone_id: hours::zone_name(listing).to_owned(),
        trading_hours: hours::trading_text(listing, now),
        liquid_hours: hours::liquid_text(listing, now),
        agg_group: 1,
        under_symbol: under.1.to_owned(),
        under_sec_type: under.2.to_owned(),
        market_rule_ids: vec![listing.market_rule().to_string(); n_venues].join(","),
        real_expiration_date: expires
            .map(|day| day.strftime("%Y%m%d").to_string())
            .unwrap_or_default(),
        stock_type: listing.stock_type.to_owned(),
        min_size: Class::of(listing).size_step(),
        size_increment: Class::of(listing).size_step(),
        suggested_size_increment: Decimal::from(listing.lot),
        ..ContractDetails::default()
    }
}
