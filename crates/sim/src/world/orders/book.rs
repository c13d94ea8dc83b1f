//! The live orders, what was over and executed since midnight, and the ids that were given out.
//!
//! Ids are counted, so that what leaves at midnight takes none with it. It must never know prices.
//! Called by the world.

use std::collections::{BTreeMap, BTreeSet};

use gatehouse_tws::answer::{
    BrokerStatus, CommissionReport, ErrorReport, ExecutionReport, OpenOrder, OrderBound,
    OrderStatusReport,
};
use gatehouse_types::{ClientId, ConId, Decimal, OrderId, PermId};

use super::efficiency::Efficiency;
use super::exercise::Instruction;
use super::manual::UNBOUND;
use super::order::{BookedOrder, Ended};
use super::resting::Resting;
use super::tally::{Tally, Wishes};
use crate::world::time::Step;

/// Something the broker says, and to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The client whose order it is about.
    pub client_id: ClientId,
    pub said: Said,
}

/// What the broker says about an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Open(Box<OpenOrder>),
    Status(Box<OrderStatusReport>),
    Execution(Box<ExecutionReport>),
    Commission(Box<CommissionReport>),
    Message(ErrorReport),
    Bound(OrderBound),
}

impl Said {
    /// Returns whether it is about an order that a person placed and no client has bound, of which
    /// no client hears but by asking.
    #[must_use]
    pub fn is_unbound(&self) -> bool {
        match self {
            Self::Open(open) => open.order_id == UNBOUND,
            Self::Status(report) => report.order_id == UNBOUND,
            Self::Message(report) => report.id == UNBOUND.get(),
            Self::Execution(_) | Self::Commission(_) | Self::Bound(_) => false,
        }
    }
}

/// An execution and the commission that followed it; a combination's is that of its legs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Executed {
    pub report: ExecutionReport,
    pub commission: Option<CommissionReport>,
    pub at: Step,
}

impl Executed {
    pub(in crate::world) fn venue(&self) -> Venue {
        let contract = &self.report.contract;
        let exchange = self.report.execution.exchange.clone();
        (contract.symbol.clone(), contract.sec_type.clone(), exchange)
    }
}

/// What was given out in an earlier life.
#[derive(Debug)]
pub(in crate::world) struct Given {
    pub(in crate::world) run: u32,
    pub(in crate::world) next_place: usize,
    /// How many executions had left.
    pub(in crate::world) n_left: usize,
    pub(in crate::world) n_bound: i32,
    pub(in crate::world) next_ids: BTreeMap<ClientId, i32>,
    pub(in crate::world) traded: BTreeMap<Venue, Step>,
}

/// What an execution condition asks of a fill: symbol, security type, exchange.
pub(in crate::world) type Venue = (String, String, String);

/// Orders by their place in the run.
#[derive(Debug)]
pub(crate) struct Book {
    run: u32,
    orders: BTreeMap<usize, BookedOrder>,
    /// The place of the next order: how many there have ever been.
    next_place: usize,
    index: BTreeMap<(ClientId, OrderId), usize>,
    live: BTreeSet<usize>,
    next_ids: BTreeMap<ClientId, i32>,
    executions: Vec<Executed>,
    /// How many executions have left.
    n_left: usize,
    /// The latest fill on each exchange, for conditions that look further back than midnight.
    traded: BTreeMap<Venue, Step>,
    pub(in crate::world) resting: Resting,
    tally: Tally,
    /// Orders that were touched since the last time somebody took them; `None` while nobody does.
    touched: Option<BTreeSet<usize>>,
    /// How many executions were taken.
    n_taken: usize,
    /// What was filled since, which may have left before somebody takes it.
    fresh: BTreeMap<Venue, Step>,
    /// What clients spent on orders in this session.
    pub(in crate::world) efficiency: Efficiency,
    /// What waits for the clearing house.
    pub(in crate::world) instructions: Vec<Instruction>,
    /// How many orders of a person were bound.
    n_bound: i32,
    /// Orders of a person are bound as they come.
    pub(in crate::world) binds_new: bool,
    /// Every order is being worked for a step, one after the other.
    pub(in crate::world) in_pass: bool,
    /// Fills of this step whose groups without block hear of them at its end.
    pub(in crate::world) late: Vec<(usize, Decimal)>,
}

impl Book {
    pub(in crate::world) fn new(run: u32) -> Self {
        Self {
            run: run % 200_000,
            orders: BTreeMap::new(),
            next_place: 0,
            index: BTreeMap::new(),
            live: BTreeSet::new(),
            next_ids: BTreeMap::new(),
            executions: Vec::new(),
            n_left: 0,
            traded: BTreeMap::new(),
            resting: Resting::default(),
            tally: Tally::default(),
            touched: None,
            n_taken: 0,
            fresh: BTreeMap::new(),
            efficiency: Efficiency::default(),
            instructions: Vec::new(),
            n_bound: 0,
            binds_new: false,
            in_pass: false,
            late: Vec::new(),
        }
    }

    /// Returns the lowest order id that a client has not used.
    pub(crate) fn next_id(&self, client_id: ClientId) -> OrderId {
        OrderId::new(self.next_ids.get(&client_id).copied().unwrap_or(1))
    }

    /// Sets the order id that a client is told next.
    pub(in crate::world) fn set_next_id(&mut self, client_id: ClientId, to: OrderId) {
        self.next_ids.insert(client_id, to.get());
    }

    /// Returns a permanent id for the next order: unique within the run, below 2^31, and different
    /// from those of another run.
    pub(in crate::world) fn next_perm_id(&self) -> PermId {
        let n_orders = i64::try_from(self.next_place).unwrap_or(0);
        PermId::new(i64::from(self.run) * 10_000 + n_orders + 1)
    }

    pub(in crate::world) fn next_exec_id(&self) -> String {
        format!("{:08x}.{:08x}.01.01", self.run, self.n_executions() + 1)
    }

    pub(in crate::world) fn add(&mut self, order: BookedOrder) -> usize {
        let key = (order.client_id, order.order_id);
        let next = self.next_ids.entry(order.client_id).or_insert(1);
        *next = (*next).max(order.order_id.get().saturating_add(1));
        let place = self.add_unbound(order);
        self.index.insert(key, place);
        place
    }

    /// Adds an order of a person, which has no id by which a client could find it.
    pub(in crate::world) fn add_unbound(&mut self, order: BookedOrder) -> usize {
        let place = self.next_place;
        self.next_place += 1;
        self.live.insert(place);
        self.orders.insert(place, order);
        self.touch(place);
        place
    }

    /// Adds an order that stands for an instruction; its id is one of requests and does not count
    /// among those of orders.
    pub(in crate::world) fn add_instruction(&mut self, order: BookedOrder) -> usize {
        let key = (order.client_id, order.order_id);
        let place = self.add_unbound(order);
        self.index.insert(key, place);
        place
    }

    /// Gives an order of a person an id of client 0, below all that were given.
    pub(in crate::world) fn bind(&mut self, place: usize) -> Option<(OrderId, PermId)> {
        self.touch(place);
        let order = self.orders.get_mut(&place)?;
        self.n_bound += 1;
        order.order_id = OrderId::new(-self.n_bound);
        order.order.order_id = Some(order.order_id.get());
        self.index.insert((order.client_id, order.order_id), place);
        Some((order.order_id, order.perm_id))
    }

    pub(crate) fn has_live(&self) -> bool {
        !self.live.is_empty()
    }

    pub(in crate::world) fn live_places(&self) -> Vec<usize> {
        self.live.iter().copied().collect()
    }

    pub(in crate::world) fn find(&self, client_id: ClientId, order_id: OrderId) -> Option<usize> {
        self.index.get(&(client_id, order_id)).copied()
    }

    pub(in crate::world) fn get(&self, place: usize) -> Option<&BookedOrder> {
        self.orders.get(&place)
    }

    pub(in crate::world) fn get_mut(&mut self, place: usize) -> Option<&mut BookedOrder> {
        self.touch(place);
        self.orders.get_mut(&place)
    }

    /// What was touched is looked at, counted and kept anew.
    fn touch(&mut self, place: usize) {
        self.tally.touch(place);
        if self.live.contains(&place) {
            self.resting.wake(place);
        }
        if let Some(touched) = &mut self.touched {
            touched.insert(place);
        }
    }

    /// Takes the places of what was touched, `None` for everything the first time, and how many
    /// executions were known the last time.
    pub(in crate::world) fn take_touched(&mut self) -> (Option<BTreeSet<usize>>, usize) {
        let n_known = self.n_executions();
        let known = std::mem::replace(&mut self.n_taken, n_known);
        (self.touched.replace(BTreeSet::new()), known)
    }

    /// Returns every order that has not left, live or over, with its place.
    pub(in crate::world) fn numbered_orders(&self) -> impl Iterator<Item = (usize, &BookedOrder)> {
        self.orders.iter().map(|(place, order)| (*place, order))
    }

    /// Returns every order that has not left, live or over, oldest first.
    pub(in crate::world) fn orders(&self) -> impl Iterator<Item = &BookedOrder> {
        self.orders.values()
    }

    /// Returns the place of the next order.
    pub(in crate::world) fn next_place(&self) -> usize {
        self.next_place
    }

    /// Returns how many executions there have ever been.
    pub(in crate::world) fn n_executions(&self) -> usize {
        self.n_left + self.executions.len()
    }

    /// Returns the executions that have not left, each with its number from 0.
    pub(in crate::world) fn numbered_executions(&self) -> impl Iterator<Item = (usize, &Executed)> {
        (self.n_left..).zip(&self.executions)
    }

    /// Takes what was filled, and when, since the last time somebody took it.
    pub(in crate::world) fn take_fresh(&mut self) -> BTreeMap<Venue, Step> {
        std::mem::take(&mut self.fresh)
    }

    /// Returns the executions from a number on.
    pub(in crate::world) fn executions_from(
        &self,
        number: usize,
    ) -> impl Iterator<Item = (usize, &Executed)> {
        let n_known = number.saturating_sub(self.n_left);
        self.numbered_executions().skip(n_known)
    }

    /// Returns when something was last filled on each exchange.
    pub(in crate::world) fn traded(&self) -> &BTreeMap<Venue, Step> {
        &self.traded
    }

    pub(in crate::world) fn run(&self) -> u32 {
        self.run
    }

    pub(in crate::world) fn n_bound(&self) -> i32 {
        self.n_bound
    }

    pub(in crate::world) fn next_ids(&self) -> impl Iterator<Item = (ClientId, i32)> {
        self.next_ids.iter().map(|(client_id, next)| (*client_id, *next))
    }

    /// Goes on with the ids of an earlier life, and forgets every order.
    pub(in crate::world) fn resume(&mut self, given: Given) {
        *self = Self::new(given.run);
        self.next_place = given.next_place;
        self.n_left = given.n_left;
        self.n_bound = given.n_bound;
        self.next_ids = given.next_ids;
        self.traded = given.traded;
    }

    /// Puts an order of an earlier life in its place.
    pub(in crate::world) fn put_back(&mut self, place: usize, order: BookedOrder) {
        if order.order_id != UNBOUND {
            self.index.insert((order.client_id, order.order_id), place);
        }
        if order.is_live() {
            self.live.insert(place);
        }
        self.orders.insert(place, order);
        self.touch(place);
    }

    /// Lets go of what was over and what was executed before a step.
    pub(in crate::world) fn leave_behind(&mut self, before: Step) {
        let is_old = |order: &BookedOrder| order.ended.as_ref().is_some_and(|one| one.at < before);
        let old = self.numbered_orders().filter(|(_, order)| is_old(order));
        let old: Vec<usize> = old.map(|(place, _)| place).collect();
        for place in old {
            let Some(order) = self.orders.remove(&place) else { continue };
            let key = (order.client_id, order.order_id);
            if self.index.get(&key) == Some(&place) {
                self.index.remove(&key);
            }
        }
        let n_old = self.executions.partition_point(|one| one.at < before);
        self.executions.drain(..n_old);
        self.executions.shrink_to_fit();
        self.n_left += n_old;
    }

    pub(in crate::world) fn end(&mut self, place: usize, status: BrokerStatus, ended: Ended) {
        self.touch(place);
        if let Some(order) = self.orders.get_mut(&place) {
            order.status = status;
            order.ended = Some(ended);
        }
        self.live.remove(&place);
        self.resting.forget(place);
    }

    pub(in crate::world) fn record(&mut self, executed: Executed) {
        if self.touched.is_some() {
            self.fresh.insert(executed.venue(), executed.at);
        }
        self.traded.insert(executed.venue(), executed.at);
        self.executions.push(executed);
    }

    /// Returns the live children of an order, oldest first.
    pub(super) fn children(&mut self, client_id: ClientId, parent: OrderId) -> Vec<usize> {
        self.tally.settle(&self.orders);
        self.tally.children(client_id, parent)
    }

    /// Returns the live members of a group that were transmitted, oldest first.
    pub(super) fn group(&mut self, client_id: ClientId, group: &str) -> Vec<usize> {
        self.tally.settle(&self.orders);
        self.tally.group(client_id, group)
    }

    /// Returns what live orders would trade of each instrument, if all of them filled; children
    /// follow their parents and do not count.
    pub(in crate::world) fn wishes(&mut self) -> BTreeMap<ConId, Wishes> {
        self.tally.settle(&self.orders);
        self.tally.wishes().clone()
    }

    /// Returns the executions since midnight, oldest first.
    pub(crate) fn executions(&self) -> &[Executed] {
        &self.executions
    }

    /// Returns the live orders that were transmitted, oldest first.
    pub(crate) fn open(&self) -> impl Iterator<Item = &BookedOrder> {
        self.live
            .iter()
            .filter_map(|place| self.orders.get(place))
            .filter(|order| order.transmitted)
    }

    /// Returns the orders that were over since midnight, oldest first.
    pub(crate) fn completed(&self) -> impl Iterator<Item = &BookedOrder> {
        self.orders.values().filter(|order| !order.is_live())
    }
}
