//! Orders that belong together: parents and children, and groups of which one fill shrinks or
//! ends the others.
//!
//! Sources: the broker's pages on bracket orders (the member with transmit releases its parent and
//! its siblings) and on One-Cancels-All (what "on fill" means for each type). It must never know
//! sessions or frames. Called by the order desk and the matching.

use gatehouse_types::{Decimal, OrderId};

use super::book::Event;
use super::order::BookedOrder;
use crate::world::World;

/// What a fill of one member does to the others of its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OnFill {
    /// Type 1, and the broker's own choice where a client names none: any fill cancels the others.
    Cancel,
    /// Type 2: the others shrink by what was filled. Only one member is ever at the exchange at a
    /// time, as with type 1, so that the group never fills more than once.
    ReduceWithBlock,
    /// Type 3: the others shrink too, but all are at the exchange: what fills in the same step of
    /// the market fills beside it. The children of one parent do not, although the broker gives
    /// them this type: it holds their exits together itself (an assumption: no page says it).
    Reduce,
}

/// The type by which the broker groups the children of one parent.
const ATTACHED_OCA_TYPE: i32 = 3;

impl World {
    /// Transmits an order, and with it its parents and what waits among its siblings. A parent that
    /// the account cannot carry is rejected, and the family ends with it.
    pub(in crate::world) fn release(&mut self, place: usize, events: &mut Vec<Event>) {
        let members = self.predecessors(place);
        let mut fresh = Vec::new();
        for member in members {
            if self.reject_for_margin(member, events) {
                return;
            }
            let Some(parent) = self.attach(member) else { continue };
            fresh.push((member, parent));
        }
        for (member, _) in &fresh {
            self.acknowledge(*member, events);
        }
        for (member, _) in fresh {
            self.work_order(member, events);
        }
    }

    /// Marks a member as transmitted, and groups it with its siblings.
    fn attach(&mut self, place: usize) -> Option<Option<OrderId>> {
        let order = self.book.get(place).filter(|order| order.is_live() && !order.transmitted)?;
        let (client_id, parent) = (order.client_id, order.parent());
        let group = parent
            .and_then(|parent| self.book.find(client_id, parent))
            .and_then(|parent| self.book.get(parent))
            .map(|parent| parent.perm_id.get().to_string());
        let order = self.book.get_mut(place)?;
        order.transmitted = true;
        order.order.transmit = true;
        if let Some(group) = group.filter(|_| order.order.oca_group.is_empty()) {
            order.order.oca_group = group;
            order.order.oca_type = Some(ATTACHED_OCA_TYPE);
        }
        Some(parent)
    }

    /// The broker looks at margin when an order is transmitted, not while it is held.
    fn reject_for_margin(&mut self, place: usize, events: &mut Vec<Event>) -> bool {
        let Some(order) = self.book.get(place) else { return false };
        if order.transmitted || order.parent().is_some() {
            return false;
        }
        let (order_id, wanted, listing) = (order.order_id, order.into(), order.listing);
        let Err(report) = self.check_margin(order_id, &wanted, listing, Decimal::ZERO) else {
            return false;
        };
        self.reject(place, report, events);
        self.end_of_parent(place, events);
        true
    }

    /// The untransmitted parents of an order from the oldest on, its untransmitted siblings, and
    /// itself.
    fn predecessors(&mut self, place: usize) -> Vec<usize> {
        let mut line = vec![place];
        let mut at = place;
        while let Some(parent) = self.parent_of(at).filter(|parent| !line.contains(parent)) {
            line.insert(0, parent);
            at = parent;
        }
        let mut members = Vec::new();
        for one in line {
            let family = self.book.get(one).and_then(|one| Some((one.client_id, one.parent()?)));
            match family {
                Some((client_id, parent)) => members.extend(self.book.children(client_id, parent)),
                None => members.push(one),
            }
        }
        members.retain(|member| {
            self.book.get(*member).is_some_and(|one| one.is_live() && !one.transmitted)
        });
        members
    }

    fn parent_of(&self, place: usize) -> Option<usize> {
        let order = self.book.get(place)?;
        self.book.find(order.client_id, order.parent()?)
    }

    /// After an order filled in full: its children become active. A partial fill activates
    /// nothing. Source: the broker's page on attached orders, by which a child is held until its
    /// parent executes; that this means the last share is an assumption no page contradicts.
    pub(in crate::world) fn parent_filled(&mut self, place: usize, events: &mut Vec<Event>) {
        let Some(order) = self.book.get(place) else { return };
        let (client_id, order_id) = (order.client_id, order.order_id);
        for child in self.book.children(client_id, order_id) {
            self.activate(child, events);
        }
    }

    /// After an order ended unfilled: its children are cancelled. Where a part was filled, the
    /// children protect that part and become active (an assumption: no page says it).
    pub(in crate::world) fn end_of_parent(&mut self, place: usize, events: &mut Vec<Event>) {
        let Some(order) = self.book.get(place) else { return };
        let (client_id, order_id, filled) = (order.client_id, order.order_id, order.filled);
        for child in self.book.children(client_id, order_id) {
            if filled.is_zero() {
                self.cancel_place(child, "Parent order was cancelled", events);
                continue;
            }
            if let Some(child) = self.book.get_mut(child).filter(|one| one.waits_for_parent) {
                child.quantity = child.quantity.min(filled);
                child.order.total_quantity = child.quantity;
            }
            self.activate(child, events);
        }
    }

    fn activate(&mut self, place: usize, events: &mut Vec<Event>) {
        let Some(order) = self.book.get_mut(place).filter(|one| one.waits_for_parent) else {
            return;
        };
        order.waits_for_parent = false;
        if !order.transmitted || !self.size_hedge(place, events) {
            return;
        }
        if !self.is_at_work(place) {
            self.say_state(place, events);
        }
        self.work_order(place, events);
    }

    /// After a fill of some shares of an order: shrinks or cancels the others of its group.
    pub(in crate::world) fn group_filled(
        &mut self,
        place: usize,
        shares: Decimal,
        events: &mut Vec<Event>,
    ) {
        let Some(order) = self.book.get(place).filter(|one| !one.order.oca_group.is_empty()) else {
            return;
        };
        if self.book.in_pass && on_fill(order) == OnFill::Reduce && order.parent().is_none() {
            self.book.late.push((place, shares));
            return;
        }
        self.tell_group(place, shares, events);
    }

    /// Tells the groups without block what filled in the step that is over.
    pub(in crate::world) fn reduce_late(&mut self, events: &mut Vec<Event>) {
        for (place, shares) in std::mem::take(&mut self.book.late) {
            self.tell_group(place, shares, events);
        }
    }

    fn tell_group(&mut self, place: usize, shares: Decimal, events: &mut Vec<Event>) {
        let Some(order) = self.book.get(place) else { return };
        let ends_others = order.remaining().is_zero() || on_fill(order) == OnFill::Cancel;
        let (client_id, group) = (order.client_id, order.order.oca_group.clone());
        let mut others = self.book.group(client_id, &group);
        others.retain(|other| *other != place);
        for other in others {
            if self.book.get(other).is_none_or(|other| !other.is_live()) {
                continue;
            }
            let left = self.book.get(other).map_or(Decimal::ZERO, BookedOrder::remaining) - shares;
            if ends_others || left <= Decimal::ZERO {
                self.cancel_place(other, "OCA group was filled", events);
            } else if let Some(order) = self.book.get_mut(other) {
                order.quantity = order.filled + left;
                order.order.total_quantity = order.quantity;
                self.say_state(other, events);
            }
        }
    }
}

fn on_fill(order: &BookedOrder) -> OnFill {
    match order.order.oca_type {
        Some(2) => OnFill::ReduceWithBlock,
        Some(3) => OnFill::Reduce,
        Some(_) | None => OnFill::Cancel,
    }
}
