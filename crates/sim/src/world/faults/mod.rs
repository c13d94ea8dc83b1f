//! What goes wrong between the broker's books and the client's ears: words about orders that come
//! late, early, twice, or not at all.
//!
//! It bends the stream of [`Event`]s behind the desk, so the world itself stays right: positions
//! and lists tell the truth. Deterministic in the market's time. It must never know sockets. The
//! hub passes every event through it.

mod broker;
mod executions;
mod history;
mod order;

use std::collections::{BTreeMap, BTreeSet};

use gatehouse_tws::answer::OpenOrder;
use gatehouse_types::{ClientId, ExecId, OrderId, PermId};

pub use executions::NoExecution;
pub use history::{bend_bars, history_refusal};

use super::drill::{OrderFault, OrderWay, Span, Turn};
use super::time::Step;
use super::{Event, Said};
use order::Bending;

/// An order by who placed it and how it was named.
type Key = (ClientId, OrderId);

/// The faults that are on, and the words that wait.
#[derive(Debug, Default)]
pub struct Faults {
    active: Vec<Active>,
    /// Words by when they are due, in the order in which they were put off.
    later: BTreeMap<(Step, u64), Event>,
    n_put_off: u64,
    /// Which order an execution belongs to; a commission names nothing else.
    orders_of: BTreeMap<ExecId, Key>,
    /// How often each order was placed.
    placed: BTreeMap<Key, u32>,
    last_placed: Option<Key>,
    second_ids: BTreeMap<Key, PermId>,
}

/// One fault and the orders that it took hold of.
#[derive(Debug)]
struct Active {
    fault: OrderFault,
    orders: BTreeMap<Key, Bending>,
    /// Ended, but what it holds is still to be said.
    is_over: bool,
}

impl Active {
    /// Returns what the fault does to an order, or `None` where it leaves it alone.
    fn bending(&mut self, key: Key, now: Step) -> Option<&mut Bending> {
        let fits = self.fault.client.is_none_or(|client| client == key.0.get());
        let n_orders = u32::try_from(self.orders.len()).unwrap_or(u32::MAX);
        let has_room = self.fault.n.is_none_or(|n| n_orders < n);
        if !self.orders.contains_key(&key) && (self.is_over || !fits || !has_room) {
            return None;
        }
        Some(self.orders.entry(key).or_insert_with(|| Bending::new(&self.fault, now)))
    }
}

impl Faults {
    /// Begins or ends a fault. What an ended one holds is said when its time comes.
    pub fn set(&mut self, fault: &OrderFault, turn: Turn) {
        match turn {
            Turn::Begin => {
                let fault = fault.clone();
                self.active.push(Active { fault, orders: BTreeMap::new(), is_over: false });
            }
            Turn::End => {
                for active in self.active.iter_mut().filter(|active| active.fault == *fault) {
                    active.is_over = true;
                }
            }
        }
    }

    /// Notes that an order arrived; the second time is a change.
    pub fn placed(&mut self, client_id: ClientId, order_id: OrderId) {
        let key = (client_id, order_id);
        *self.placed.entry(key).or_insert(0) += 1;
        self.last_placed = Some(key);
    }

    /// Returns the order that was placed last.
    #[must_use]
    pub fn last_placed(&self) -> Option<(ClientId, OrderId)> {
        self.last_placed
    }

    /// Returns whether no fault is on and nothing waits.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.active.is_empty() && self.later.is_empty()
    }

    /// Returns the names of the faults that are on, with the orders that each took hold of.
    pub fn on(&self) -> impl Iterator<Item = (OrderWay, usize)> + '_ {
        let on = self.active.iter().filter(|active| !active.is_over);
        on.map(|active| (active.fault.way, active.orders.len()))
    }

    /// Returns the words that wait.
    #[must_use]
    pub fn n_waiting(&self) -> usize {
        let held = |active: &Active| active.orders.values().map(Bending::n_held).sum::<usize>();
        self.later.len() + self.active.iter().map(held).sum::<usize>()
    }

    /// Passes events of one step through every fault, in the order in which they began.
    pub fn bend(&mut self, events: Vec<Event>, now: Step) -> Vec<Event> {
        if self.active.is_empty() {
            return events;
        }
        let keyed: Vec<(Key, Event)> =
            events.into_iter().map(|event| (self.key_of(&event), event)).collect();
        let mut said = keyed;
        for at in 0..self.active.len() {
            said = self.bend_by(at, said, now);
        }
        said.into_iter().map(|(_, event)| event).collect()
    }

    /// Returns what waited for this step.
    pub fn due(&mut self, now: Step) -> Vec<Event> {
        let mut said = Vec::new();
        for active in &mut self.active {
            for (key, bending) in &mut active.orders {
                said.extend(
                    bending.overdue(active.is_over, now).into_iter().map(|event| (*key, event)),
                );
            }
        }
        self.active.retain(|active| {
            !active.is_over || active.orders.values().any(|bending| bending.is_waiting(now))
        });
        while let Some(first) = self.later.first_entry()
            && first.key().0 <= now
        {
            let event = first.remove();
            said.push(((event.client_id, OrderId::new(0)), event));
        }
        said.into_iter().map(|(_, event)| event).collect()
    }

    /// Returns when something that waits is due.
    #[must_use]
    pub fn next_due(&self) -> Option<Step> {
        let held = self.active.iter().flat_map(|active| active.orders.values());
        let held = held.filter_map(Bending::due_at).min();
        let later = self.later.first_key_value().map(|((at, _), _)| *at);
        held.into_iter().chain(later).min()
    }

    /// Returns the second order that a change left behind, as lists of open orders show it.
    #[must_use]
    pub fn twin(&self, client_id: ClientId, open: &OpenOrder) -> Option<OpenOrder> {
        let perm_id = self.second_ids.get(&(client_id, open.order_id))?;
        Some(order::with_perm_id(open, *perm_id))
    }

    fn bend_by(&mut self, at: usize, events: Vec<(Key, Event)>, now: Step) -> Vec<(Key, Event)> {
        let mut out = Vec::new();
        let Some(active) = self.active.get_mut(at) else { return events };
        let keys: BTreeSet<Key> = events.iter().map(|(key, _)| *key).collect();
        let mut batches: BTreeMap<Key, Vec<Event>> = BTreeMap::new();
        let mut bent_keys = BTreeSet::new();
        for key in keys {
            if active.bending(key, now).is_some() {
                bent_keys.insert(key);
            }
        }
        // Events of an order that is left alone keep their place.
        for (key, event) in events {
            if bent_keys.contains(&key) {
                batches.entry(key).or_default().push(event);
            } else {
                out.push((key, event));
            }
        }
        let is_over = active.is_over;
        let is_change = |key: &Key| self.placed.get(key).is_some_and(|n| *n > 1);
        for (key, batch) in batches {
            let changed = is_change(&key);
            let Some(bending) = active.bending(key, now) else { continue };
            let bent = bending.bend(batch, (is_over, changed), now);
            if let Some(perm_id) = bent.second_id {
                self.second_ids.insert(key, perm_id);
            }
            out.extend(bent.now.into_iter().map(|event| (key, event)));
            for (due, event) in bent.later {
                self.later.insert((due, self.n_put_off), event);
                self.n_put_off += 1;
            }
        }
        out
    }

    fn key_of(&mut self, event: &Event) -> Key {
        let client_id = event.client_id;
        let order_id = match &event.said {
            Said::Open(open) => open.order_id,
            Said::Status(report) => report.order_id,
            Said::Bound(bound) => bound.order_id,
            Said::Message(report) => OrderId::new(report.id),
            Said::Execution(report) => {
                let key = (client_id, report.execution.order_id);
                self.orders_of.insert(report.execution.exec_id.clone(), key);
                return key;
            }
            Said::Commission(report) => {
                let known = self.orders_of.get(&report.exec_id).copied();
                return known.unwrap_or((client_id, OrderId::new(0)));
            }
        };
        (client_id, order_id)
    }
}

/// How long a way holds words where the drill does not say.
fn usual_hold(way: OrderWay) -> Span {
    match way {
        OrderWay::SlowAck | OrderWay::StatusSwapped => Span::secs(2),
        OrderWay::SlowFill | OrderWay::FillAfterCancel => Span::secs(5),
        OrderWay::FillFirst => Span::secs(10),
        OrderWay::StatusMissing
        | OrderWay::StatusDoubled
        | OrderWay::ExecutionDoubled
        | OrderWay::SecondPermId => Span::secs(0),
    }
}

#[cfg(test)]
mod tests;
