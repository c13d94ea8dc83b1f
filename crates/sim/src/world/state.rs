//! What a world must not forget when its process ends: ids, account, orders, executions.
//!
//! A state is either everything, or what changed since the last one; laid over each other in order,
//! changes make everything again. Orders and executions are kept as the broker's own messages
//! (protobuf, server version 226), so what a field means is said in one place. What leaves a world at
//! midnight leaves its state too. Not kept: drills; where a trailing stop or an algorithm stood
//! between two messages, which follow from the market; and how often history was asked for, which a
//! restarted Gateway would not know and its server forgets after ten minutes.
//! It must never know a file. Called by the server.

use std::collections::BTreeMap;
use std::fmt;

use gatehouse_tws::ServerVersion;
use gatehouse_types::{ClientId, Decimal};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::account::Account;
use super::calendar::new_york;
use super::catalog;
use super::orders::Given;
use super::time::Step;
use super::{Session, World};
use gatehouse_types::ConId;

mod account;
mod order;
mod traded;

pub use account::AccountState;
pub use order::{ExecutionState, InstructionState, OrderState};
pub use traded::TradedState;

/// The version in whose form messages are kept.
const FORM: ServerVersion = ServerVersion::CEILING;

/// Everything, or what changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The market's time, in milliseconds since 1970.
    pub now_ms: i64,
    /// Makes permanent ids of this run differ from those of another.
    pub run: u32,
    /// How many orders there have ever been; the place of the next.
    pub n_orders: usize,
    /// How many executions there have ever been.
    pub n_executions: usize,
    pub n_bound: i32,
    /// The midnight since which orders that are over and executions are kept, in milliseconds.
    pub since_ms: i64,
    /// By client id: the lowest order id that it has not used.
    pub next_ids: BTreeMap<i32, i32>,
    pub account: AccountState,
    pub instructions: Vec<InstructionState>,
    /// By their place in the book.
    pub orders: BTreeMap<usize, OrderState>,
    /// By their number, from 0.
    pub executions: BTreeMap<usize, ExecutionState>,
    /// When each instrument was last filled on an exchange.
    pub traded: Vec<TradedState>,
}

/// Why a state cannot be taken up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    #[error("it is of account {kept}, this one is {own}")]
    Account { kept: String, own: String },
    #[error("instrument {con_id} is not listed")]
    Listing { con_id: i32 },
    #[error("order {place} cannot be read: {why}")]
    Order { place: usize, why: String },
    #[error("execution {place} cannot be read: {why}")]
    Execution { place: usize, why: String },
    #[error("place {place} of the book was never given")]
    Place { place: usize },
    #[error("execution {place} is missing")]
    Gap { place: usize },
}

/// An exact amount, written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact(pub Decimal);

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Decimal::from_str_exact(&text).map(Self).map_err(de::Error::custom)
    }
}

/// Bytes, written in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hex(pub Vec<u8>);

impl fmt::Display for Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Serialize for Hex {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let byte = |at: usize| {
            let pair = text.get(at..at + 2).ok_or_else(|| de::Error::custom("half a byte"))?;
            u8::from_str_radix(pair, 16).map_err(de::Error::custom)
        };
        (0..text.len()).step_by(2).map(byte).collect::<Result<_, _>>().map(Self)
    }
}

impl State {
    /// Lays what changed over what was, and lets go of what has left since.
    pub fn lay(&mut self, change: Self) {
        let Self { mut orders, mut executions, traded, .. } = std::mem::replace(self, change);
        orders.append(&mut self.orders);
        executions.append(&mut self.executions);
        self.traded = TradedState::merged(traded, std::mem::take(&mut self.traded));
        let since = self.since_ms;
        let is_old = |order: &OrderState| order.ended.as_ref().is_some_and(|one| one.at_ms < since);
        orders.retain(|_, order| !is_old(order));
        executions.retain(|_, one| one.at_ms >= since);
        (self.orders, self.executions) = (orders, executions);
    }
}

impl World {
    /// Returns everything that must not be forgotten.
    #[must_use]
    pub fn state(&self) -> State {
        let orders = self.book.numbered_orders();
        let executions = self.book.numbered_executions();
        State {
            orders: orders.map(|(place, order)| (place, OrderState::of(order))).collect(),
            executions: executions.map(|(at, one)| (at, ExecutionState::of(one))).collect(),
            traded: self.book.traded().iter().map(TradedState::of).collect(),
            ..self.state_without_lists()
        }
    }

    /// Returns what changed since the last call, everything with the first; it costs what changed,
    /// not what there is.
    pub fn changes(&mut self) -> State {
        let (places, n_known) = self.book.take_touched();
        let Some(places) = places else { return self.state() };
        let orders = places
            .into_iter()
            .filter_map(|place| Some((place, OrderState::of(self.book.get(place)?))))
            .collect();
        let traded = self.book.take_fresh();
        let executions = self.book.executions_from(n_known);
        State {
            orders,
            executions: executions.map(|(at, one)| (at, ExecutionState::of(one))).collect(),
            traded: traded.iter().map(TradedState::of).collect(),
            ..self.state_without_lists()
        }
    }

    fn state_without_lists(&self) -> State {
        State {
            now_ms: self.now.millis(),
            run: self.book.run(),
            n_orders: self.book.next_place(),
            n_executions: self.book.n_executions(),
            n_bound: self.book.n_bound(),
            since_ms: self.midnight().millis(),
            next_ids: self.book.next_ids().map(|(id, next)| (id.get(), next)).collect(),
            account: AccountState::of(&self.account),
            instructions: self.book.instructions.iter().map(InstructionState::of).collect(),
            orders: BTreeMap::new(),
            executions: BTreeMap::new(),
            traded: Vec::new(),
        }
    }

    /// Takes up a state in the place of what this world knows. The market's time goes on from it.
    ///
    /// # Errors
    /// It does not belong to this account, or names what this program does not know; the world must
    /// then not be used.
    pub fn restore(&mut self, state: State) -> Result<(), StateError> {
        let own = self.account.id().to_owned();
        if state.account.id != own {
            return Err(StateError::Account { kept: state.account.id, own });
        }
        self.account = state.account.restored()?;
        self.now = Step::of_millis(state.now_ms);
        self.session = Session::at_or_before(self.now.secs());
        self.day = new_york(self.now.secs()).date();
        let n_left = state.n_executions.saturating_sub(state.executions.len());
        self.book.resume(Given {
            run: state.run,
            next_place: state.n_orders,
            n_left,
            n_bound: state.n_bound,
            next_ids: state.next_ids.iter().map(|(id, next)| (ClientId::new(*id), *next)).collect(),
            traded: state.traded.iter().map(TradedState::restored).collect(),
        });
        for (place, kept) in state.orders {
            if place >= state.n_orders {
                return Err(StateError::Place { place });
            }
            let order = self.restored(place, &kept)?;
            self.book.put_back(place, order);
        }
        for (expected, (place, kept)) in (n_left..).zip(state.executions) {
            if place != expected {
                return Err(StateError::Gap { place: expected });
            }
            let executed = kept.restored().map_err(|why| StateError::Execution { place, why })?;
            self.book.record(executed);
        }
        self.book.instructions =
            state.instructions.iter().map(InstructionState::restored).collect();
        Ok(())
    }
}

fn listed(con_id: i32) -> Result<&'static catalog::Listing, StateError> {
    catalog::by_con_id(ConId::new(con_id)).ok_or(StateError::Listing { con_id })
}

#[cfg(test)]
mod tests;
