//! Contract details, symbol search and market rules, as messages.
//!
//! It must never know prices. Called by the hub's requests.

use gatehouse_tws::answer::{
    ContractData, ContractDataEnd, ContractDetails, MarketRule, PriceStep, SymbolSample,
    SymbolSamples,
};
use gatehouse_tws::request::{ContractDataRequest, MarketRuleRequest, MatchingSymbolsRequest};
use gatehouse_types::Decimal;

use super::hub::{Hub, SessionId};
use crate::world::calendar::{Session, new_york, tomorrow};
use crate::world::catalog::{self, Listing, VENUES};
use crate::world::checks;
use crate::world::order::wire_contract;

/// The rule of every instrument: a cent at any price.
const RULE_ID: i32 = 26;
const ORDER_TYPES: &str = "ACTIVETIM,DAY,FOK,GTC,IOC,LMT,MKT,OCA,RTH,STP,STPLMT,WHATIF";
const CENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

impl Hub {
    pub(super) fn contract_data(&mut self, session: SessionId, asked: &ContractDataRequest) {
        let now = self.world.now().secs();
        let Some(client) = self.clients.get(&session) else { return };
        let listing = match checks::listing(asked.req_id.get(), &asked.contract.to_contract()) {
            Ok(listing) => listing,
            Err(report) => return client.say(report.encode(client.version)),
        };
        let exchange = Some(asked.contract.exchange.as_str()).filter(|name| !name.is_empty());
        let mut contract = wire_contract(listing, exchange.unwrap_or("SMART"));
        listing.primary_exchange.clone_into(&mut contract.primary_exchange);
        let data = ContractData { req_id: asked.req_id, contract, details: details(listing, now) };
        client.say(data.encode(client.version));
        client.say(ContractDataEnd { req_id: asked.req_id }.encode(client.version));
    }

    pub(super) fn matching_symbols(&mut self, session: SessionId, asked: &MatchingSymbolsRequest) {
        let Some(client) = self.clients.get(&session) else { return };
        let samples = catalog::matching(&asked.pattern)
            .into_iter()
            .map(|listing| {
                let mut contract = wire_contract(listing, "");
                listing.primary_exchange.clone_into(&mut contract.primary_exchange);
                listing.name.clone_into(&mut contract.description);
                SymbolSample { contract, derivative_sec_types: Vec::new() }
            })
            .collect();
        client.say(SymbolSamples { req_id: asked.req_id, samples }.encode(client.version));
    }

    pub(super) fn market_rule(&mut self, session: SessionId, asked: &MarketRuleRequest) {
        let Some(client) = self.clients.get(&session) else { return };
        if asked.rule_id != RULE_ID {
            client.complain(-1, 321, format!("Unknown market rule {}", asked.rule_id));
            return;
        }
        let steps = vec![PriceStep { low_edge: Decimal::ZERO, increment: CENT }];
        client.say(MarketRule { rule_id: RULE_ID, steps }.encode(client.version));
    }
}

fn details(listing: &Listing, now: i64) -> ContractDetails {
    let n_venues = VENUES.split(',').count();
    let (industry, category) =
        if listing.is_fund() { ("Funds", "Equity Fund") } else { ("Equity", "Common Stock") };
    ContractDetails {
        market_name: catalog::trading_class(listing).to_owned(),
        min_tick: CENT,
        order_types: ORDER_TYPES.to_owned(),
        valid_exchanges: VENUES.to_owned(),
        price_magnifier: 1,
        long_name: listing.name.to_owned(),
        industry: industry.to_owned(),
        category: category.to_owned(),
        time_zone_id: "US/Eastern".to_owned(),
        trading_hours: hours(now, |session| (session.pre_open, session.post_close)),
        liquid_hours: hours(now, |session| (session.open, session.close)),
        agg_group: 1,
        market_rule_ids: vec![RULE_ID.to_string(); n_venues].join(","),
        stock_type: listing.stock_type.to_owned(),
        min_size: Decimal::ONE,
        size_increment: Decimal::ONE,
        suggested_size_increment: Decimal::ONE_HUNDRED,
        ..ContractDetails::default()
    }
}

/// `20260105:0930-20260105:1600;20260110:CLOSED`, six days.
fn hours(now: i64, part: fn(&Session) -> (i64, i64)) -> String {
    let mut day = new_york(now).date();
    let mut days = Vec::new();
    for _ in 0..6 {
        let text = |secs| new_york(secs).strftime("%Y%m%d:%H%M").to_string();
        days.push(match Session::on(day) {
            Some(session) => {
                let (from, to) = part(&session);
                format!("{}-{}", text(from), text(to))
            }
            None => format!("{}:CLOSED", day.strftime("%Y%m%d")),
        });
        day = tomorrow(day);
    }
    days.join(";")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_name_each_day_and_the_closed_ones() {
        let text = hours(1_767_623_400, |session| (session.open, session.close));
        assert!(text.starts_with("20260105:0930-20260105:1600;20260106:0930-"), "{text}");
        assert!(text.ends_with(";20260110:CLOSED"), "{text}");
    }
}
