//! What live orders add up to: families, groups, and what would be bought and sold of each
//! instrument.
//!
//! Sums are kept, not made: an order that was touched is counted anew when somebody asks, so that
//! an answer costs what changed and not what rests. It must never know prices of the market or the
//! account. Called by the book.

use std::collections::{BTreeMap, BTreeSet};

use gatehouse_types::{ClientId, ConId, Decimal, OrderId, Side};

use super::margin::Wanted;
use super::order::BookedOrder;
use crate::world::catalog::Listing;

/// What orders of one side would trade of an instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::world) struct Wished {
    n_orders: usize,
    pub(in crate::world) quantity: Decimal,
    /// Price × quantity of those that name a price.
    pub(super) value: Decimal,
    /// The quantity of those that name none.
    pub(super) unnamed: Decimal,
}

/// What live orders would trade of an instrument.
#[derive(Debug, Clone, Copy)]
pub(in crate::world) struct Wishes {
    pub(super) listing: &'static Listing,
    pub(in crate::world) buys: Wished,
    pub(in crate::world) sells: Wished,
}

impl Wishes {
    pub(super) fn none(listing: &'static Listing) -> Self {
        Self { listing, buys: Wished::default(), sells: Wished::default() }
    }

    pub(super) fn of(&mut self, side: Side) -> &mut Wished {
        match side {
            Side::Buy => &mut self.buys,
            Side::Sell => &mut self.sells,
        }
    }
}

impl Wished {
    pub(super) fn add(&mut self, wanted: &Wanted) {
        let counted = Self::from(wanted);
        self.n_orders += 1;
        self.quantity += counted.quantity;
        self.value += counted.value;
        self.unnamed += counted.unnamed;
    }

    fn take_back(&mut self, wanted: &Wanted) {
        let counted = Self::from(wanted);
        self.n_orders -= 1;
        if self.n_orders == 0 {
            // No digit of what is gone may stay.
            *self = Self::default();
            return;
        }
        self.quantity -= counted.quantity;
        self.value -= counted.value;
        self.unnamed -= counted.unnamed;
    }
}

impl From<&Wanted> for Wished {
    fn from(wanted: &Wanted) -> Self {
        let quantity = wanted.quantity;
        let (value, unnamed) = match wanted.named {
            Some(named) => (named.value() * quantity, Decimal::ZERO),
            None => (Decimal::ZERO, quantity),
        };
        Self { n_orders: 1, quantity, value, unnamed }
    }
}

/// What was counted of one order.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Counted {
    client_id: ClientId,
    parent: Option<OrderId>,
    group: Option<String>,
    wanted: Vec<(Wanted, &'static Listing)>,
}

impl Counted {
    fn of(order: &BookedOrder) -> Self {
        let counts = order.transmitted && order.parent().is_none();
        let group = order.order.oca_group.as_str();
        Self {
            client_id: order.client_id,
            parent: order.parent(),
            group: (order.transmitted && !group.is_empty()).then(|| group.to_owned()),
            wanted: if counts { Wanted::from(order).parts(order.listing) } else { Vec::new() },
        }
    }
}

/// The sums.
#[derive(Debug, Default)]
pub(super) struct Tally {
    stale: BTreeSet<usize>,
    counted: BTreeMap<usize, Counted>,
    children: BTreeMap<(ClientId, OrderId), BTreeSet<usize>>,
    groups: BTreeMap<(ClientId, String), BTreeSet<usize>>,
    wishes: BTreeMap<ConId, Wishes>,
}

impl Tally {
    /// Has an order counted anew before the next answer.
    pub(super) fn touch(&mut self, place: usize) {
        self.stale.insert(place);
    }

    /// Counts what was touched.
    pub(super) fn settle(&mut self, orders: &BTreeMap<usize, BookedOrder>) {
        for place in std::mem::take(&mut self.stale) {
            let order = orders.get(&place).filter(|order| order.is_live());
            let fresh = order.map(Counted::of);
            if self.counted.get(&place) == fresh.as_ref() {
                continue;
            }
            if let Some(before) = self.counted.remove(&place) {
                self.take_out(place, &before);
            }
            if let Some(fresh) = fresh {
                self.put_in(place, &fresh);
                self.counted.insert(place, fresh);
            }
        }
    }

    fn put_in(&mut self, place: usize, counted: &Counted) {
        if let Some(parent) = counted.parent {
            self.children.entry((counted.client_id, parent)).or_default().insert(place);
        }
        if let Some(group) = &counted.group {
            self.groups.entry((counted.client_id, group.clone())).or_default().insert(place);
        }
        for (wanted, listing) in &counted.wanted {
            let wishes = self.wishes.entry(listing.con_id()).or_insert(Wishes::none(listing));
            wishes.of(wanted.side).add(wanted);
        }
    }

    fn take_out(&mut self, place: usize, counted: &Counted) {
        if let Some(parent) = counted.parent {
            take_from(&mut self.children, (counted.client_id, parent), place);
        }
        if let Some(group) = &counted.group {
            take_from(&mut self.groups, (counted.client_id, group.clone()), place);
        }
        for (wanted, listing) in &counted.wanted {
            let Some(wishes) = self.wishes.get_mut(&listing.con_id()) else { continue };
            wishes.of(wanted.side).take_back(wanted);
            if wishes.buys.n_orders == 0 && wishes.sells.n_orders == 0 {
                self.wishes.remove(&listing.con_id());
            }
        }
    }

    pub(super) fn children(&self, client_id: ClientId, parent: OrderId) -> Vec<usize> {
        let found = self.children.get(&(client_id, parent));
        found.into_iter().flatten().copied().collect()
    }

    pub(super) fn group(&self, client_id: ClientId, group: &str) -> Vec<usize> {
        let found = self.groups.get(&(client_id, group.to_owned()));
        found.into_iter().flatten().copied().collect()
    }

    /// Returns what would be traded of each instrument.
    pub(super) fn wishes(&self) -> &BTreeMap<ConId, Wishes> {
        &self.wishes
    }
}

fn take_from<K: Ord>(places: &mut BTreeMap<K, BTreeSet<usize>>, key: K, place: usize) {
    if let Some(found) = places.get_mut(&key) {
        found.remove(&place);
        if found.is_empty() {
            places.remove(&key);
        }
    }
}
