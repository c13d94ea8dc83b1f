//! The order desk of the broker: takes, changes and cancels orders.
//!
//! It must never know sessions or frames. Called by the server through [`World`].

use gatehouse_tws::answer::{BrokerStatus, ErrorReport, OrderState};
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{ClientId, Decimal, Intent, OrderId, OrderKind, Price, Side, Tif};

use super::World;
use super::account::margin_for;
use super::book::{Event, Said};
use super::calendar::{Phase, Session, phase_at};
use super::catalog::Listing;
use super::checks::{self, message};
use super::market::price;
use super::matching::commission;
use super::order::{BookedOrder, Ended, wire_contract};
use super::time::wire_time;

impl World {
    /// Takes a new order, a change of a live one, or a what-if question.
    pub fn place(&mut self, client_id: ClientId, asked: PlaceOrder) -> Vec<Event> {
        let said = |report| vec![Event { client_id, said: Said::Message(report) }];
        let intent = match asked.intent() {
            Ok(intent) => intent,
            Err(error) => {
                let text = format!("Error validating request.-'bN' : cause - {error}");
                return said(message(asked.order_id, 321, text));
            }
        };
        let account = self.account.id().to_owned();
        let checked = checks::listing(intent.order_id.get(), &intent.contract)
            .and_then(|listing| checks::order(&intent, &account).map(|()| listing));
        let listing = match checked {
            Ok(listing) => listing,
            Err(report) => return said(report),
        };
        if intent.what_if {
            return self.answer_what_if(client_id, asked, &intent, listing);
        }
        let taken = match self.book.find(client_id, intent.order_id) {
            Some(place) => self.change(place, &asked, &intent, listing),
            None => self.take(client_id, asked, &intent, listing),
        };
        taken.unwrap_or_else(said)
    }

    fn take(
        &mut self,
        client_id: ClientId,
        asked: PlaceOrder,
        intent: &Intent,
        listing: &'static Listing,
    ) -> Result<Vec<Event>, ErrorReport> {
        let order_id = intent.order_id;
        if order_id < self.book.next_id(client_id) {
            return Err(message(order_id, 103, "Duplicate order id"));
        }
        let parent = asked.order.parent_id.filter(|parent| *parent != 0);
        if parent.is_some_and(|id| self.book.find(client_id, OrderId::new(id)).is_none()) {
            return Err(message(order_id, 10006, "Missing parent order"));
        }
        if parent.is_none() {
            self.check_margin(intent, listing, Decimal::ZERO)?;
        }
        let place = self.book.add(self.booked(client_id, asked, intent, listing));
        let is_transmitted = self.book.get(place).is_some_and(|order| order.transmitted);
        if !is_transmitted {
            return Ok(Vec::new());
        }
        let mut events = Vec::new();
        let family = self.family(place);
        for member in family.iter().copied() {
            if let Some(order) = self.book.get_mut(member) {
                order.transmitted = true;
            }
            self.announce(member, &mut events);
        }
        for member in family {
            self.work_order(member, &mut events);
        }
        Ok(events)
    }

    fn booked(
        &self,
        client_id: ClientId,
        asked: PlaceOrder,
        intent: &Intent,
        listing: &'static Listing,
    ) -> BookedOrder {
        let mut order = asked.order;
        let perm_id = self.book.next_perm_id();
        order.client_id = Some(client_id.get());
        order.order_id = Some(intent.order_id.get());
        order.perm_id = Some(perm_id.get());
        self.account.id().clone_into(&mut order.account);
        intent.tif.as_wire().clone_into(&mut order.tif);
        let exchange = match asked.contract.exchange.as_str() {
            "" => "SMART",
            given => given,
        };
        BookedOrder {
            client_id,
            order_id: intent.order_id,
            perm_id,
            listing,
            contract: wire_contract(listing, exchange),
            side: intent.side,
            kind: intent.kind.clone(),
            tif: intent.tif.clone(),
            quantity: intent.quantity.value(),
            filled: Decimal::ZERO,
            value: Decimal::ZERO,
            commission: Decimal::ZERO,
            last_fill: None,
            status: BrokerStatus::PreSubmitted,
            transmitted: order.transmit,
            triggered: false,
            rested: false,
            expires: self.expiry(intent),
            ended: None,
            order,
        }
    }

    /// DAY orders end with the session that they can trade in; the regular one unless asked.
    fn expiry(&self, intent: &Intent) -> Option<i64> {
        if intent.tif == Tif::GoodTillCancelled {
            return None;
        }
        let now = self.now().secs();
        let current = Session::at_or_before(now);
        if intent.outside_rth && now < current.post_close {
            return Some(current.post_close);
        }
        let next = Session::next_regular(now);
        Some(if intent.outside_rth { next.post_close } else { next.close })
    }

    /// Says that an order was accepted, and that it is held while the market is closed.
    fn announce(&mut self, place: usize, events: &mut Vec<Event>) {
        self.say_state(place, events);
        let phase = phase_at(self.now().secs());
        let next = Session::next_regular(self.now().secs());
        let waits_for_parent = !self.parent_is_filled(place);
        let Some(order) = self.book.get_mut(place) else { return };
        if !is_tradable(order, phase) {
            let client_id = order.client_id;
            let text = format!(
                "Order Message:\n{} {} {} {}\nWarning: Your order will not be placed at the exchange until {}.",
                order.side,
                order.quantity,
                order.listing.symbol,
                order.listing.primary_exchange,
                wire_time(next.open)
            );
            let report = message(order.order_id, 399, text);
            events.push(Event { client_id, said: Said::Message(report) });
            return;
        }
        let works = matches!(order.kind, OrderKind::Market | OrderKind::Limit { .. });
        if works && !waits_for_parent {
            order.status = BrokerStatus::Submitted;
            self.say_state(place, events);
        }
    }

    /// Pushes openOrder and orderStatus of this moment.
    pub(super) fn say_state(&self, place: usize, events: &mut Vec<Event>) {
        if let Some(order) = self.book.get(place) {
            let client_id = order.client_id;
            let open = Said::Open(Box::new(order.open_order()));
            events.push(Event { client_id, said: open });
            let status = Said::Status(Box::new(order.report()));
            events.push(Event { client_id, said: status });
        }
    }

    fn change(
        &mut self,
        place: usize,
        asked: &PlaceOrder,
        intent: &Intent,
        listing: &'static Listing,
    ) -> Result<Vec<Event>, ErrorReport> {
        let order_id = intent.order_id;
        let Some(order) = self.book.get(place) else { return Ok(Vec::new()) };
        if order.status == BrokerStatus::Filled {
            return Err(message(order_id, 104, "Cannot modify a filled order."));
        }
        if !order.is_live() {
            return Err(message(order_id, 103, "Duplicate order id"));
        }
        if order.side != intent.side || order.listing.con_id() != listing.con_id() {
            let text = "Order being modified does not match original order";
            return Err(message(order_id, 105, text));
        }
        if intent.quantity.value() <= order.filled {
            let text = "Order modify failed. Cannot change below the filled size.";
            return Err(message(order_id, 329, text));
        }
        let already = order.remaining();
        self.check_margin(intent, listing, already).map_err(|report| {
            message(order_id, 329, format!("Order modify failed. {}", report.text))
        })?;
        let expires = self.expiry(intent);
        let Some(order) = self.book.get_mut(place) else { return Ok(Vec::new()) };
        let kept = order.order.clone();
        order.order = asked.order.clone();
        order.order.client_id = kept.client_id;
        order.order.order_id = kept.order_id;
        order.order.perm_id = kept.perm_id;
        order.order.account = kept.account;
        order.kind = intent.kind.clone();
        order.tif = intent.tif.clone();
        intent.tif.as_wire().clone_into(&mut order.order.tif);
        order.quantity = intent.quantity.value();
        order.expires = expires;
        order.rested = false;
        let was_transmitted = order.transmitted;
        order.transmitted |= asked.order.transmit;
        if !order.transmitted {
            return Ok(Vec::new());
        }
        let mut events = Vec::new();
        if was_transmitted {
            self.say_state(place, &mut events);
        } else {
            self.announce(place, &mut events);
        }
        self.work_order(place, &mut events);
        Ok(events)
    }

    /// Cancels one order of a client.
    pub fn cancel(&mut self, client_id: ClientId, order_id: OrderId) -> Vec<Event> {
        let said = |report| vec![Event { client_id, said: Said::Message(report) }];
        let Some(place) = self.book.find(client_id, order_id) else {
            let text = format!("OrderId {order_id} that needs to be cancelled is not found.");
            return said(message(order_id, 10147, text));
        };
        match self.book.get(place) {
            Some(order) if order.is_live() => {}
            Some(order) => {
                let text = format!(
                    "OrderId {order_id} that needs to be cancelled cannot be cancelled, state: {}.",
                    order.status
                );
                return said(message(order_id, 10148, text));
            }
            None => return Vec::new(),
        }
        let mut events = Vec::new();
        self.cancel_place(place, "Cancelled by Trader", &mut events);
        events
    }

    /// Cancels every live order of every client, as the real broker does.
    pub fn cancel_all(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        for place in self.book.live_places() {
            self.cancel_place(place, "Cancelled by Trader", &mut events);
        }
        events
    }

    /// Ends a live order, and those that depend on it.
    pub(super) fn cancel_place(&mut self, place: usize, why: &str, events: &mut Vec<Event>) {
        let at = self.now();
        let Some(order) = self.book.get_mut(place).filter(|order| order.is_live()) else { return };
        let (client_id, order_id, transmitted) =
            (order.client_id, order.order_id, order.transmitted);
        let unfilled = order.filled.is_zero();
        let mut say = |said| events.push(Event { client_id, said });
        if transmitted {
            order.status = BrokerStatus::PendingCancel;
            say(Said::Status(Box::new(order.report())));
        }
        let ended = Ended { at, sentence: why.to_owned() };
        self.book.end(place, BrokerStatus::Cancelled, ended);
        if let Some(order) = self.book.get(place) {
            say(Said::Status(Box::new(order.report())));
            say(Said::Message(message(order_id, 202, "Order Canceled - reason:")));
        }
        if unfilled {
            for child in self.children(client_id, order_id) {
                self.cancel_place(child, "Parent order was cancelled", events);
            }
        }
    }

    /// Refuses what the account could not carry if everything that is working filled too.
    fn check_margin(
        &mut self,
        intent: &Intent,
        listing: &'static Listing,
        already: Decimal,
    ) -> Result<(), ErrorReport> {
        let asked = intent.quantity.value() - already;
        let margin = self.margin_after(intent.side, listing, asked, intent.kind.limit());
        let value = self.valuation();
        let adds = self.adds_risk(intent.side, listing, intent.quantity.value());
        if adds && margin > value.net_liquidation {
            let text = format!(
                "Order rejected - reason:YOUR ORDER IS NOT ACCEPTED. IN ORDER TO OBTAIN THE DESIRED POSITION YOUR EQUITY WITH LOAN VALUE [{:.2} USD] MUST EXCEED THE INITIAL MARGIN [{:.2} USD]",
                value.net_liquidation, margin
            );
            return Err(message(intent.order_id, 201, text));
        }
        Ok(())
    }

    fn adds_risk(&self, side: Side, listing: &Listing, quantity: Decimal) -> bool {
        let held = self.account.shares(listing.con_id());
        let signed = signed(side, quantity);
        (held + signed).abs() > held.abs()
    }

    /// Margin of all positions, all working orders and one more.
    fn margin_after(
        &mut self,
        side: Side,
        listing: &'static Listing,
        quantity: Decimal,
        limit: Option<Price>,
    ) -> Decimal {
        let base = self.valuation().margin;
        let working: Vec<(&'static Listing, Side, Decimal, Option<Price>)> = self
            .book
            .open()
            .filter(|order| order.order.parent_id.unwrap_or(0) == 0)
            .map(|order| {
                let named = order.kind.limit().or(order.kind.trigger());
                (order.listing, order.side, order.remaining(), named)
            })
            .collect();
        let mut margin = base;
        for (listing, side, quantity, limit) in
            working.into_iter().chain([(listing, side, quantity, limit)])
        {
            // The market is asked only where the order names no price: books can be long.
            let at = match limit {
                Some(limit) => limit.value(),
                None => self.last_price(listing),
            };
            let held = self.account.shares(listing.con_id());
            let growth = (held + signed(side, quantity)).abs() - held.abs();
            if growth > Decimal::ZERO {
                margin += margin_for(growth * at);
            }
        }
        margin
    }

    fn last_price(&mut self, listing: &'static Listing) -> Decimal {
        self.snapshot(listing).last.map_or(Decimal::ZERO, |last| price(last.px).value())
    }

    fn answer_what_if(
        &mut self,
        client_id: ClientId,
        asked: PlaceOrder,
        intent: &Intent,
        listing: &'static Listing,
    ) -> Vec<Event> {
        let quantity = intent.quantity.value();
        let before = self.valuation();
        let after = self.margin_after(intent.side, listing, quantity, intent.kind.limit());
        let at = intent.kind.limit().map_or_else(|| self.last_price(listing), Price::value);
        let fee = commission(quantity, quantity * at);
        let booked = self.booked(client_id, asked, intent, listing);
        let mut open = booked.open_order();
        let equity = before.net_liquidation.round_dp(2);
        open.order.what_if = true;
        open.state = OrderState {
            status: Some(BrokerStatus::PreSubmitted),
            init_margin_before: Some(before.margin.round_dp(2)),
            maint_margin_before: Some(before.margin.round_dp(2)),
            equity_with_loan_before: Some(equity),
            init_margin_change: Some((after - before.margin).round_dp(2)),
            maint_margin_change: Some((after - before.margin).round_dp(2)),
            equity_with_loan_change: Some(-fee),
            init_margin_after: Some(after.round_dp(2)),
            maint_margin_after: Some(after.round_dp(2)),
            equity_with_loan_after: Some(equity - fee),
            commission: Some(fee),
            commission_currency: "USD".to_owned(),
            margin_currency: "USD".to_owned(),
            ..OrderState::default()
        };
        vec![Event { client_id, said: Said::Open(Box::new(open)) }]
    }

    /// The order itself, its parent and its siblings: what one transmit releases.
    fn family(&self, place: usize) -> Vec<usize> {
        let Some(order) = self.book.get(place) else { return Vec::new() };
        let parent = order.order.parent_id.filter(|parent| *parent != 0);
        let Some(parent) = parent else { return vec![place] };
        let client_id = order.client_id;
        let parent_id = OrderId::new(parent);
        let mut members: Vec<usize> = self.book.find(client_id, parent_id).into_iter().collect();
        members.extend(self.children(client_id, parent_id));
        let is_new = |member: &usize| {
            *member == place
                || self.book.get(*member).is_some_and(|one| one.is_live() && !one.transmitted)
        };
        members.into_iter().filter(is_new).collect()
    }

    pub(super) fn children(&self, client_id: ClientId, parent: OrderId) -> Vec<usize> {
        self.book
            .live_places()
            .into_iter()
            .filter(|place| {
                self.book.get(*place).is_some_and(|order| {
                    order.client_id == client_id && order.order.parent_id == Some(parent.get())
                })
            })
            .collect()
    }

    /// Returns true for an order without a parent.
    pub(super) fn parent_is_filled(&self, place: usize) -> bool {
        let Some(order) = self.book.get(place) else { return false };
        match order.order.parent_id.filter(|parent| *parent != 0) {
            None => true,
            Some(parent) => self
                .book
                .find(order.client_id, OrderId::new(parent))
                .and_then(|parent| self.book.get(parent))
                .is_some_and(|parent| parent.status == BrokerStatus::Filled),
        }
    }
}

/// Returns whether an order may fill in a phase of the day. Market and stop orders need the
/// regular session.
pub(super) fn is_tradable(order: &BookedOrder, phase: Phase) -> bool {
    match phase {
        Phase::Regular => true,
        Phase::Closed => false,
        Phase::Pre | Phase::Post => order.order.outside_rth && order.kind.limit().is_some(),
    }
}

fn signed(side: Side, quantity: Decimal) -> Decimal {
    match side {
        Side::Buy => quantity,
        Side::Sell => -quantity,
    }
}
