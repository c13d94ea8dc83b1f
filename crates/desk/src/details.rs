//! One instrument from contract details.

use std::sync::Arc;
use std::time::Duration;

use gatehouse_engine::{DeskNews, LookupFailure};
use gatehouse_types::{ConId, Contract, Decimal, Instrument, SecType};
use ibapi::Client;
use ibapi::contracts::{ContractDetails, SecurityType};
use tokio::time::timeout;

use crate::convert;
use crate::hours::hours;
use crate::session::{News, TaskEnd};

/// An order waits 3 s for its details; later answers help the next order.
const WITHIN: Duration = Duration::from_secs(5);

/// Asks for the details of `contract` and reports what came.
pub(crate) async fn find(client: Arc<Client>, contract: Contract, news: News) -> TaskEnd {
    let asked = question(&contract);
    let found = match timeout(WITHIN, client.contract_details(&asked)).await {
        Ok(Ok(details)) => one(&contract, &details),
        Ok(Err(error)) => {
            tracing::debug!(%error, "No contract details");
            Err(LookupFailure::Unknown)
        }
        Err(_) => return TaskEnd::Done,
    };
    news(DeskNews::Instrument { asked: contract, found });
    TaskEnd::Done
}

fn question(contract: &Contract) -> ibapi::contracts::Contract {
    ibapi::contracts::Contract {
        contract_id: contract.con_id.map_or(0, ConId::get),
        symbol: contract.symbol.as_str().into(),
        security_type: match &contract.sec_type {
            SecType::Stock => SecurityType::Stock,
            SecType::Other(name) => SecurityType::Other(name.clone()),
        },
        exchange: contract.exchange.as_str().into(),
        primary_exchange: contract.primary_exchange.as_str().into(),
        currency: contract.currency.as_str().into(),
        local_symbol: contract.local_symbol.clone(),
        trading_class: contract.trading_class.clone(),
        ..Default::default()
    }
}

/// Returns the one instrument that the spelling means, or why there is none. A conId that comes
/// with another symbol or currency contradicts itself.
fn one(contract: &Contract, details: &[ContractDetails]) -> Result<Instrument, LookupFailure> {
    let mut con_ids: Vec<i32> = details.iter().map(|found| found.contract.contract_id).collect();
    con_ids.sort_unstable();
    con_ids.dedup();
    let [found, ..] = details else { return Err(LookupFailure::Unknown) };
    if con_ids.len() > 1 {
        return Err(LookupFailure::Ambiguous);
    }
    let symbol = found.contract.symbol.to_string();
    let currency = found.contract.currency.to_string();
    let contradicts = |said: &str, is: &str| !said.is_empty() && said != is;
    if contradicts(&contract.symbol, &symbol) || contradicts(&contract.currency, &currency) {
        return Err(LookupFailure::Ambiguous);
    }
    let min_tick = convert::decimal("min tick", found.min_tick).ok();
    let multiplier = match found.contract.multiplier.as_str() {
        "" => Some(Decimal::ONE),
        text => Decimal::from_str_exact(text).ok(),
    };
    match (min_tick, multiplier, currency.parse()) {
        (Some(min_tick), Some(multiplier), Ok(currency)) => Ok(Instrument {
            con_id: ConId::new(found.contract.contract_id),
            symbol,
            sec_type: SecType::from_wire(found.contract.security_type.as_str()),
            primary_exchange: found.contract.primary_exchange.to_string(),
            currency,
            min_tick,
            multiplier,
            hours: hours(&found.time_zone_id, &found.liquid_hours, &found.trading_hours),
        }),
        (_, _, _) => Err(LookupFailure::Unknown),
    }
}
