//! One step of the market for the live orders: ends, triggers, fills.
//!
//! It must never know sessions or frames. Called by the world as time passes, and by the order
//! desk when an order arrives.

use std::collections::BTreeMap;

use gatehouse_tws::answer::{BrokerStatus, CommissionReport, ExecutionReport, WireExecution};
use gatehouse_tws::layout::ReqId;
use gatehouse_types::{
    AccountId, ConId, Currency, Decimal, ExecId, Money, OrderKind, Price, Side, Tif,
};

use super::book::{Event, Executed, Said};
use super::matching::{Offer, commission, is_triggered, offer, opposite};
use super::order::{Ended, quantity};
use crate::world::World;
use crate::world::account::Booking;
use crate::world::catalog::Kind;
use crate::world::time::Step;

/// What was already taken from the display of one step.
#[derive(Debug, Default)]
pub(in crate::world) struct Taken {
    step: Option<Step>,
    shares: BTreeMap<(ConId, Side), Decimal>,
}

impl Taken {
    fn at(&mut self, step: Step) -> &mut BTreeMap<(ConId, Side), Decimal> {
        if self.step != Some(step) {
            self.step = Some(step);
            self.shares.clear();
        }
        &mut self.shares
    }
}

/// A fill of an order, before it is booked.
#[derive(Debug, Clone, Copy)]
struct Fill {
    shares: Decimal,
    price: Price,
    added_liquidity: bool,
}

impl World {
    /// Works every live order for one step.
    pub(in crate::world) fn work(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        for place in self.book.live_places() {
            self.work_order(place, &mut events);
        }
        events
    }

    /// Works one order at the present step.
    pub(in crate::world) fn work_order(&mut self, place: usize, events: &mut Vec<Event>) {
        let secs = self.now().secs();
        let Some(order) = self.book.get(place).filter(|order| order.is_live()) else { return };
        if order.expires.is_some_and(|ends| secs >= ends) {
            self.cancel_place(place, "Cancelled at the end of the session", events);
            return;
        }
        if !self.may_fill(place) {
            return;
        }
        let (listing, now) = (order.listing, self.now());
        // Stops of pairs look at the side that they would take, the broker's default.
        let by_quote = match listing.kind {
            Kind::Cash => Some(order.side),
            Kind::Stock | Kind::Option(_) | Kind::Future { .. } => None,
        };
        let moment = self.moment(listing);
        let seen = by_quote.map_or(moment.last, |side| opposite(side, &moment));
        self.trigger(place, seen, events);
        let Some(order) = self.book.get(place) else { return };
        let Some(kind) = order.working_kind() else { return };
        let (side, con_id, remaining) = (order.side, order.listing.con_id(), order.remaining());
        let (tif, rested) = (order.tif.clone(), order.rested);
        let taken = self.taken.at(now).get(&(con_id, side)).copied().unwrap_or_default();
        let found = offer(&kind, side, rested, &moment);
        let free = |offer: &Offer| Decimal::from(offer.size) - taken;
        let fill = found.filter(|offer| free(offer) > Decimal::ZERO).map(|offer| Fill {
            shares: remaining.min(free(&offer)),
            price: offer.price,
            added_liquidity: rested && kind.limit().is_some(),
        });
        match fill {
            Some(fill) if tif != Tif::FillOrKill || fill.shares == remaining => {
                *self.taken.at(now).entry((con_id, side)).or_default() += fill.shares;
                self.fill(place, fill, events);
            }
            Some(_) | None => {}
        }
        if matches!(tif, Tif::ImmediateOrCancel | Tif::FillOrKill) {
            self.cancel_place(place, "Cancelled: not filled at once", events);
        } else if let Some(order) = self.book.get_mut(place) {
            order.rested = true;
        }
    }

    fn trigger(
        &mut self,
        place: usize,
        last: Option<crate::world::market::Level>,
        events: &mut Vec<Event>,
    ) {
        let Some(order) = self.book.get_mut(place) else { return };
        let is_stop = matches!(order.kind, OrderKind::Stop { .. } | OrderKind::StopLimit { .. });
        let reached = is_stop && !order.triggered && is_triggered(&order.kind, order.side, last);
        if reached {
            order.triggered = true;
            order.rested = false;
        }
        let begins = !is_stop || order.triggered;
        if begins && order.status == BrokerStatus::PreSubmitted {
            order.status = BrokerStatus::Submitted;
            self.say_state(place, events);
        }
    }

    fn fill(&mut self, place: usize, fill: Fill, events: &mut Vec<Event>) {
        let Some(executed) = self.book_fill(place, fill) else { return };
        let Some(order) = self.book.get(place) else { return };
        let client_id = order.client_id;
        let is_filled = order.remaining().is_zero();
        let sentence = format!("Filled Size: {}", order.filled.normalize());
        let mut say = |said| events.push(Event { client_id, said });
        say(Said::Execution(Box::new(executed.report.clone())));
        say(Said::Commission(Box::new(executed.commission.clone())));
        self.book.record(executed);
        if is_filled {
            let ended = Ended { at: self.now(), sentence };
            self.book.end(place, BrokerStatus::Filled, ended);
        }
        self.say_state(place, events);
        self.group_filled(place, fill.shares, events);
        if is_filled {
            self.parent_filled(place, events);
        }
    }

    /// Books a fill in the order and the account and writes its reports.
    fn book_fill(&mut self, place: usize, fill: Fill) -> Option<Executed> {
        let at = self.now();
        let listing = self.book.get(place)?.listing;
        let rate = self.rate(listing);
        let exec_id = ExecId::new(self.book.next_exec_id());
        let account = AccountId::new(self.account.id());
        let order = self.book.get_mut(place)?;
        order.filled += fill.shares;
        order.value += fill.shares * fill.price.value();
        order.last_fill = Some(fill.price);
        let charged = order.commission;
        order.commission = commission(order.listing, order.filled, order.value);
        let fee = (order.commission - charged).max(Decimal::ZERO);
        let booking = Booking {
            listing: order.listing,
            side: order.side,
            shares: fill.shares,
            price: fill.price.value(),
            commission: fee,
            rate,
        };
        let execution = WireExecution {
            order_id: order.order_id,
            exec_id: exec_id.clone(),
            time: at.wire_time(),
            account,
            exchange: order.listing.primary_exchange.to_owned(),
            side: order.side,
            shares: quantity(fill.shares),
            price: fill.price,
            perm_id: order.perm_id,
            client_id: order.client_id,
            cumulative: quantity(order.filled),
            average_price: order.average_price(),
            order_ref: order.order.order_ref.clone(),
            last_liquidity: if fill.added_liquidity { 1 } else { 2 },
            ..WireExecution::default()
        };
        let mut contract = order.contract.clone();
        order.listing.primary_exchange.clone_into(&mut contract.exchange);
        let report = ExecutionReport { req_id: ReqId::new(-1), contract, execution };
        let realised = self.account.book(&booking);
        let currency = listing.currency.parse().unwrap_or(Currency::USD);
        let paid = |amount: Decimal| Money::new(amount.round_dp(6), currency);
        let commission = CommissionReport {
            exec_id,
            commission: paid(fee),
            realised: realised.map(paid),
            ..CommissionReport::default()
        };
        Some(Executed { report, commission, at })
    }
}
