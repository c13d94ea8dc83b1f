//! Answers of the option model to what a client supposes: a price, or a volatility.
//!
//! It must never know how options are priced. Called by the hub's requests.

use gatehouse_tws::answer::{OptionComputation, TickType};
use gatehouse_tws::layout::{ReqId, WireContract};
use gatehouse_tws::request::{CalculateImpliedVolatility, CalculateOptionPrice};
use gatehouse_types::Decimal;

use crate::server::hub::{Hub, SessionId};
use crate::world::catalog::{Kind, OptionTerms};
use crate::world::market::option_model::{self, Valuation};

/// The type of a tick that answers a calculation.
const CUSTOM: TickType = TickType::new(53);

impl Hub {
    pub(in crate::server) fn implied_volatility(
        &mut self,
        session: SessionId,
        asked: &CalculateImpliedVolatility,
    ) {
        let Some(terms) = self.option_terms(session, asked.req_id, &asked.contract) else { return };
        let secs = self.world.now().secs();
        let (under, price) = (asked.under_price, asked.option_price);
        let found = option_model::at_price(&terms, under, price, secs);
        let unknown =
            OptionComputation { option_price: Some(price), ..answer(asked.req_id, under) };
        let computed = found.map_or(unknown, |found| figures(&found, answer(asked.req_id, under)));
        self.say(session, |version| computed.encode(version));
    }

    pub(in crate::server) fn option_price(
        &mut self,
        session: SessionId,
        asked: &CalculateOptionPrice,
    ) {
        let Some(terms) = self.option_terms(session, asked.req_id, &asked.contract) else { return };
        let secs = self.world.now().secs();
        let found = option_model::at_volatility(&terms, asked.under_price, asked.volatility, secs);
        let computed = figures(&found, answer(asked.req_id, asked.under_price));
        self.say(session, |version| computed.encode(version));
    }

    /// Finds the option that a calculation is about, or says why there is none.
    fn option_terms(
        &self,
        session: SessionId,
        req_id: ReqId,
        contract: &WireContract,
    ) -> Option<OptionTerms> {
        let client = self.clients.get(&session)?;
        match self.world.listing(req_id.get(), contract) {
            Ok(listing) => {
                if let Kind::Option(terms) = listing.kind {
                    return Some(terms);
                }
                let text = "Error validating request.-'bK' : cause - The contract is not an option";
                client.complain(req_id.get(), 321, text);
            }
            Err(report) => client.say_error(report),
        }
        None
    }
}

fn answer(req_id: ReqId, under: Decimal) -> OptionComputation {
    OptionComputation {
        req_id,
        tick_type: CUSTOM,
        under_price: Some(under),
        ..OptionComputation::default()
    }
}

fn figures(found: &Valuation, answer: OptionComputation) -> OptionComputation {
    OptionComputation {
        implied_volatility: Some(found.volatility),
        delta: Some(found.delta),
        option_price: Some(found.price),
        pv_dividend: Some(Decimal::ZERO),
        gamma: Some(found.gamma),
        vega: Some(found.vega),
        theta: Some(found.theta),
        ..answer
    }
}
