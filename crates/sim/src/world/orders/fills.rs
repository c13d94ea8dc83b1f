//! What an order trades at a step, and how a fill is booked and told.
//!
//! It must never know sessions or frames. Called by the working of orders.

use std::collections::BTreeMap;

use gatehouse_tws::answer::{BrokerStatus, CommissionReport, ExecutionReport, WireExecution};
use gatehouse_tws::layout::{ReqId, WireContract};
use gatehouse_types::{AccountId, ConId, Decimal, ExecId, Money, Price, Side};

use super::algos::Span;
use super::book::{Event, Executed, Said};
use super::kind::WorkKind;
use super::lifetime::Lifetime;
use super::offers::{Standing, Working, is_within, offer, opposite, own, worse};
use super::order::{BookedOrder, Ended, quantity, wire_contract};
use crate::world::World;
use crate::world::account::commission::{self, Traded};
use crate::world::account::{Booking, currency_of};
use crate::world::catalog::{Listing, hours};
use crate::world::market::{Moment, price};
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
pub(super) struct Fill {
    pub(super) shares: Decimal,
    pub(super) price: Price,
    pub(super) added_liquidity: bool,
}

/// What a fill traded of one instrument: of all that was ordered, or of a leg.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) listing: &'static Listing,
    pub(super) side: Side,
    pub(super) shares: Decimal,
    pub(super) price: Price,
    /// Shares, and price × shares, of everything that its order traded of it by now.
    pub(super) quantity: Decimal,
    pub(super) value: Decimal,
    pub(super) added_liquidity: bool,
}

impl World {
    /// Lets an order that stands in the market trade at this step.
    pub(super) fn trade(&mut self, place: usize, events: &mut Vec<Event>) {
        let now = self.now();
        let Some(order) = self.book.get(place) else { return };
        let waits = self.fills.fill_steps;
        if order.progress.began.is_some_and(|began| now.since(began) < waits) {
            return;
        }
        let listing = order.listing;
        let moment = self.moment(listing);
        let Some(working) = self.working(place, &moment) else { return };
        if self.is_refused_as_taker(place, working, &moment, events) {
            return;
        }
        if let Some(fill) = self.next_fill(place, working, &moment) {
            if let Some(order) = self.book.get_mut(place) {
                let key = (listing.con_id(), order.side);
                *self.taken.at(now).entry(key).or_default() += fill.shares;
                if order.manner.kind == WorkKind::MarketToLimit && order.progress.limit.is_none() {
                    order.progress.limit = Some(fill.price);
                    order.order.lmt_price = Some(fill.price.value());
                }
            }
            self.fill(place, fill, events);
        }
        let Some(order) = self.book.get_mut(place).filter(|order| order.is_live()) else { return };
        if order.manner.lifetime.is_immediate() {
            self.cancel_place(place, "Cancelled: not filled at once", events);
        } else if !order.rested {
            order.rested = true;
            let queue = Decimal::from(self.fills.queue_percent) / Decimal::ONE_HUNDRED;
            order.progress.ahead = in_front(order, working, &moment).map(|size| size * queue);
        }
    }

    /// Returns what an order can take at this step.
    fn next_fill(&mut self, place: usize, working: Working, moment: &Moment) -> Option<Fill> {
        let now = self.now();
        let slippage = Decimal::from(self.fills.slippage_ticks);
        let allowed = self.allowed(place)?;
        let order = self.book.get_mut(place)?;
        let (side, con_id) = (order.side, order.listing.con_id());
        let standing =
            Standing { side, working, rested: order.rested, discretion: order.manner.discretion };
        let found = offer(&standing, moment)?;
        let mut size = order.listing.amount(found.size);
        if found.adds_liquidity {
            size = order.pass_queue(size, opposite(side, moment).map(|level| price(level.px)));
        }
        let taken = self.taken.at(now).get(&(con_id, side)).copied().unwrap_or_default();
        let remaining = order.remaining();
        let shares = remaining.min(allowed).min(size - taken);
        let is_whole = shares == remaining;
        let wants_whole =
            order.manner.all_or_none || order.manner.lifetime == Lifetime::WholeAtOnce;
        let is_enough = !order.filled.is_zero() || shares >= order.manner.least;
        let by = if found.adds_liquidity { Decimal::ZERO } else { slippage };
        let slipped = worse(side, found.price.value(), by * order.listing.min_tick());
        let at = match working {
            Working::Limit(limit) | Working::Floating(limit)
                if !is_within(side, slipped, limit.value()) =>
            {
                found.price
            }
            Working::Market | Working::Limit(_) | Working::Floating(_) => Price::new(slipped),
        };
        let fits = shares > Decimal::ZERO && is_enough && (is_whole || !wants_whole);
        fits.then_some(Fill { shares, price: at, added_liquidity: found.adds_liquidity })
    }

    /// Returns what an order's algorithm lets it trade at this step; everything without one.
    fn allowed(&mut self, place: usize) -> Option<Decimal> {
        let now = self.now().secs();
        let order = self.book.get(place)?;
        if let Some(component) = order.component() {
            return Some(component.left);
        }
        let Some(algo) = order.manner.algo.clone() else { return Some(order.remaining()) };
        let (listing, quantity, filled) = (order.listing, order.quantity, order.filled);
        let before = order.progress.volume_before;
        let from = order.progress.began.map_or(now, Step::secs);
        let to = algo.ends.unwrap_or_else(|| hours::next(listing, now, true).1);
        let follows = order.follows_volume();
        let volume = if follows { self.snapshot(listing).volume - before } else { 0 };
        let volume = listing.amount(volume);
        Some(algo.released(quantity, Span { from, to, now }, volume) - filled)
    }

    /// An order that only wants to add liquidity is cancelled when it would take some on arrival
    /// (an assumption: no page says the words).
    fn is_refused_as_taker(
        &mut self,
        place: usize,
        working: Working,
        moment: &Moment,
        events: &mut Vec<Event>,
    ) -> bool {
        let Some(order) = self.book.get(place) else { return true };
        if !order.manner.post_only || order.rested {
            return false;
        }
        let standing =
            Standing { side: order.side, working, rested: false, discretion: Decimal::ZERO };
        let takes = offer(&standing, moment).is_some_and(|found| !found.adds_liquidity);
        if takes {
            self.end_place(place, "Post-only order would take liquidity", events);
        }
        takes
    }

    pub(super) fn fill(&mut self, place: usize, fill: Fill, events: &mut Vec<Event>) {
        let executed = self.book_fill(place, fill);
        let Some(order) = self.book.get(place) else { return };
        let client_id = order.client_id;
        let is_filled = order.remaining().is_zero();
        let sentence = format!("Filled Size: {}", order.filled.normalize());
        let mut charged = Vec::new();
        for one in executed {
            let said = Said::Execution(Box::new(one.report.clone()));
            events.push(Event { client_id, said });
            let paid = one.commission.clone().map(Box::new);
            charged.extend(paid.map(|paid| Event { client_id, said: Said::Commission(paid) }));
            self.book.record(one);
        }
        if is_filled {
            let ended = Ended { at: self.now(), sentence };
            self.book.end(place, BrokerStatus::Filled, ended);
        }
        self.say_state(place, events);
        // The reports of what it cost come behind the order's own messages, as captures show.
        events.extend(charged);
        self.group_filled(place, fill.shares, events);
        if is_filled {
            self.parent_filled(place, events);
        }
    }

    /// Books a fill in the order and the account and writes its reports: one, and of a combination
    /// one more for each leg.
    fn book_fill(&mut self, place: usize, fill: Fill) -> Vec<Executed> {
        let is_first = self.book.get(place).is_some_and(|order| order.filled.is_zero());
        self.book.efficiency.n_executed += u64::from(is_first);
        let Some(order) = self.book.get_mut(place) else { return Vec::new() };
        order.filled += fill.shares;
        order.value += fill.shares * fill.price.value();
        order.last_fill = Some(fill.price);
        let whole = Part {
            listing: order.listing,
            side: order.side,
            shares: fill.shares,
            price: fill.price,
            quantity: order.filled,
            value: order.value,
            added_liquidity: fill.added_liquidity,
        };
        let legs = self.legs_of(place, &whole);
        let n_first = self.book.next_exec_id();
        let Some(report) = self.report_of(place, &whole, n_first.clone()) else {
            return Vec::new();
        };
        if legs.is_empty() {
            let fee = self.fee(place, &whole);
            let commission = Some(self.book_part(&whole, &report, fee));
            return vec![Executed { report, commission, at: self.now() }];
        }
        let mut all = vec![Executed { report, commission: None, at: self.now() }];
        let stem = n_first.strip_suffix("01.01").unwrap_or(&n_first);
        for (part, number) in legs.iter().zip(2..) {
            let Some(report) = self.report_of(place, part, format!("{stem}{number:02}.01")) else {
                continue;
            };
            let fee = self.leg_fee(part);
            if let Some(order) = self.book.get_mut(place) {
                order.commission += fee;
                order.legs.insert(part.listing.con_id(), (part.quantity, part.value));
            }
            let commission = Some(self.book_part(part, &report, fee));
            all.push(Executed { report, commission, at: self.now() });
        }
        all
    }

    /// Charges an order for what it has traded by now, and returns what is new of it.
    fn fee(&mut self, place: usize, part: &Part) -> Decimal {
        let rate = self.rate(part.listing);
        let traded = Traded {
            side: part.side,
            quantity: part.quantity,
            value: part.value,
            rate,
            at: self.now().secs(),
        };
        let charged = commission::charged(self.agreed.plan, part.listing, &traded);
        let Some(order) = self.book.get_mut(place) else { return Decimal::ZERO };
        let before = std::mem::replace(&mut order.commission, charged);
        (charged - before).max(Decimal::ZERO)
    }

    fn report_of(&self, place: usize, part: &Part, exec_id: String) -> Option<ExecutionReport> {
        let order = self.book.get(place)?;
        let listing = part.listing;
        let average = part.value.checked_div(part.quantity);
        let execution = WireExecution {
            order_id: order.order_id,
            exec_id: ExecId::new(exec_id),
            time: self.now().wire_time(),
            account: AccountId::new(self.account.id()),
            exchange: listing.primary_exchange.to_owned(),
            side: part.side,
            shares: quantity(part.shares),
            price: part.price,
            perm_id: order.perm_id,
            client_id: order.client_id,
            cumulative: quantity(part.quantity),
            average_price: average.map(|average| Price::new(average.round_dp(8))),
            order_ref: order.order.order_ref.clone(),
            last_liquidity: if part.added_liquidity { 1 } else { 2 },
            ..WireExecution::default()
        };
        let contract = if listing.con_id() == order.listing.con_id() {
            let exchange = listing.primary_exchange.to_owned();
            WireContract { exchange, ..order.contract.clone() }
        } else {
            wire_contract(listing, listing.primary_exchange)
        };
        Some(ExecutionReport { req_id: ReqId::new(-1), contract, execution })
    }

    /// Books a part in the account, and returns the report of what it cost.
    fn book_part(
        &mut self,
        part: &Part,
        report: &ExecutionReport,
        fee: Decimal,
    ) -> CommissionReport {
        let listing = part.listing;
        let rate = self.rate(listing);
        let realised = self.account.book(&Booking {
            listing,
            side: part.side,
            shares: part.shares,
            price: part.price.value(),
            commission: fee,
            rate,
        });
        let currency = currency_of(commission::currency(listing));
        let paid = |amount: Decimal| Money::new(amount.round_dp(6), currency);
        // The report has one currency: what a pair realised in another is turned into it.
        let turned = if currency == currency_of(listing.currency) { Decimal::ONE } else { rate };
        CommissionReport {
            exec_id: report.execution.exec_id.clone(),
            commission: paid(fee),
            realised: realised.map(|amount| paid(amount * turned)),
            ..CommissionReport::default()
        }
    }
}

impl BookedOrder {
    /// Lets what stands in front of a resting order trade first. Returns the shares that are left
    /// for it: none while the market only touches its price and others wait there.
    fn pass_queue(&mut self, size: Decimal, shown: Option<Price>) -> Decimal {
        let Some(ahead) = self.progress.ahead else { return size };
        let limit = self.progress.limit.or(self.kind.limit());
        if shown != limit {
            self.progress.ahead = None;
            return size;
        }
        self.progress.ahead = Some((ahead - size).max(Decimal::ZERO));
        (size - ahead).max(Decimal::ZERO)
    }
}

/// The displayed size that an order joins, unless it makes a better price than all others; what
/// stands behind the best price is not displayed and taken to be as much (an assumption).
fn in_front(order: &BookedOrder, working: Working, moment: &Moment) -> Option<Decimal> {
    let side = order.side;
    let best = own(side, moment)?;
    let Working::Limit(limit) = working else { return None };
    let is_best =
        price(best.px) != limit && !is_within(side, limit.value(), price(best.px).value());
    (!is_best).then(|| order.listing.amount(best.size))
}
