//! The account as it is kept.

use std::collections::BTreeMap;

use gatehouse_types::{Currency, Decimal};
use serde::{Deserialize, Serialize};

use super::{Account, Exact, StateError, listed};
use crate::world::account::{Holding, currency_of};

/// Cash by currency, holdings by the id of their contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountState {
    pub id: String,
    pub cash: BTreeMap<String, Exact>,
    pub holdings: BTreeMap<i32, HoldingState>,
    pub session_start: Exact,
}

/// One holding, in its own currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldingState {
    pub shares: Exact,
    pub average_cost: Exact,
    pub realised: Exact,
    pub day_value: Exact,
    pub day_flow: Exact,
}

impl AccountState {
    pub(super) fn of(account: &Account) -> Self {
        let holding = |held: &Holding| HoldingState {
            shares: Exact(held.shares),
            average_cost: Exact(held.average_cost),
            realised: Exact(held.realised),
            day_value: Exact(held.day_value),
            day_flow: Exact(held.day_flow),
        };
        let cash =
            |(currency, amount): (&Currency, &Decimal)| (currency.to_string(), Exact(*amount));
        Self {
            id: account.id.clone(),
            cash: account.cash.iter().map(cash).collect(),
            holdings: account.holdings.iter().map(|(id, held)| (id.get(), holding(held))).collect(),
            session_start: Exact(account.session_start),
        }
    }

    pub(super) fn restored(&self) -> Result<Account, StateError> {
        let mut holdings = BTreeMap::new();
        for (con_id, held) in &self.holdings {
            let listing = listed(*con_id)?;
            let holding = Holding {
                listing,
                shares: held.shares.0,
                average_cost: held.average_cost.0,
                realised: held.realised.0,
                day_value: held.day_value.0,
                day_flow: held.day_flow.0,
            };
            holdings.insert(listing.con_id(), holding);
        }
        let cash = |(code, amount): (&String, &Exact)| (currency_of(code), amount.0);
        Ok(Account {
            id: self.id.clone(),
            cash: self.cash.iter().map(cash).collect(),
            holdings,
            session_start: self.session_start.0,
        })
    }
}
