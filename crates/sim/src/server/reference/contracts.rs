//! Contract details, symbol search and market rules, as messages.
//!
//! It must never know prices. Called by the hub's requests.

use gatehouse_tws::answer::{
    BondContractData, ContractData, ContractDataEnd, MarketRule, PriceStep, SymbolSample,
    SymbolSamples,
};
use gatehouse_tws::request::{ContractDataRequest, MarketRuleRequest, MatchingSymbolsRequest};

use super::details::{bond, details};
use crate::server::hub::{Hub, SessionId};
use crate::world::catalog::{self, Kind, Rule};
use crate::world::orders::checks;
use crate::world::orders::order::wire_contract;

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
            if let Kind::Bond(terms) = listing.kind {
                let terms = bond(listing, terms);
                let data = BondContractData { req_id, contract, details, terms };
                client.say(data.encode(version));
                continue;
            }
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
                let derivatives = listing.derivatives();
                let derivative_sec_types = derivatives.into_iter().map(str::to_owned).collect();
                SymbolSample { contract, derivative_sec_types }
            })
            .collect();
        client.say(SymbolSamples { req_id: asked.req_id, samples }.encode(client.version));
    }

    pub(in crate::server) fn market_rule(&mut self, session: SessionId, asked: &MarketRuleRequest) {
        let Some(client) = self.clients.get(&session) else { return };
        let rule_id = asked.rule_id;
        let Some(rule) = Rule::by_id(rule_id) else {
            client.complain(-1, 321, format!("Unknown market rule {rule_id}"));
            return;
        };
        let steps = rule.steps.into_iter();
        let steps = steps.map(|(low_edge, increment)| PriceStep { low_edge, increment }).collect();
        client.say(MarketRule { rule_id, steps }.encode(client.version));
    }
}
