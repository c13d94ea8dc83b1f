//! Exercise and lapse of options: on a client's word, and at expiry.
//!
//! Sources: captures of live Gateways at server versions 200 and 225, and what other clients know of
//! the checks that a Gateway makes: the account must hold the option (322), not more than it holds
//! goes, and without `override` an option must be in the money to be exercised and out of it to
//! lapse (322). The Gateway then says 10349 and shows an order whose id is that of the request,
//! which the clearing house works after the close. Assumptions, for no page says them: it settles
//! at the end of the regular session, the day's last trade of the underlying decides what expires in
//! the money by a cent, and both legs are reported as executions without commission. Short options
//! are assigned at expiry only. It must never know sessions or frames. Called by the server.

use gatehouse_tws::answer::{
    BrokerStatus, CommissionReport, ErrorReport, ExecutionReport, WireExecution,
};
use gatehouse_tws::layout::ReqId;
use gatehouse_tws::order::Order;
use gatehouse_tws::request::{ExerciseAct, ExerciseOptions, PlaceOrder};
use gatehouse_types::{AccountId, ClientId, Decimal, ExecId, Money, OrderId, PermId, Price, Side};

use super::book::{Event, Executed, Said};
use super::checks::message;
use super::manner::Manner;
use super::order::{Ended, quantity, wire_contract};
use crate::world::World;
use crate::world::account::{Booking, currency_of};
use crate::world::calendar::Session;
use crate::world::catalog::{Kind, Listing, OptionTerms, Right, hours};

/// An instruction that waits for the clearing house.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::world) struct Instruction {
    /// The place of the order that stands for it.
    pub(in crate::world) place: usize,
    pub(in crate::world) act: ExerciseAct,
    /// When the clearing house works it, in seconds.
    pub(in crate::world) due: i64,
}

/// Why a fill without a market happened, by the number that an execution carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Settled {
    Exercised,
    Lapsed,
    Assigned,
    /// In the money at expiry, by the clearing house's own rule.
    Automatic,
    Expired,
}

impl Settled {
    fn number(self) -> i32 {
        match self {
            Self::Exercised => 1,
            Self::Lapsed => 2,
            Self::Assigned => 100,
            Self::Automatic => 101,
            Self::Expired => 102,
        }
    }

    fn delivers(self) -> bool {
        match self {
            Self::Exercised | Self::Assigned | Self::Automatic => true,
            Self::Lapsed | Self::Expired => false,
        }
    }
}

/// Whose execution a settlement is reported as.
#[derive(Debug, Clone, Copy)]
struct Owner {
    client_id: ClientId,
    order_id: OrderId,
    perm_id: PermId,
}

impl World {
    /// Takes an instruction to exercise options or to let them lapse.
    pub fn exercise(&mut self, client_id: ClientId, asked: ExerciseOptions) -> Vec<Event> {
        self.instruct(client_id, asked)
            .unwrap_or_else(|report| vec![Event { client_id, said: Said::Message(report) }])
    }

    fn instruct(
        &mut self,
        client_id: ClientId,
        asked: ExerciseOptions,
    ) -> Result<Vec<Event>, ErrorReport> {
        let order_id = asked.order_id;
        let refuse =
            |text: String| Err(message(order_id, 322, format!("Error processing request.{text}")));
        let listing = self.listing(order_id.get(), &asked.contract)?;
        let Kind::Option(terms) = listing.kind else {
            return refuse("Only options can be exercised".to_owned());
        };
        let own = self.account.id().to_owned();
        let account = if asked.account.is_empty() { own.clone() } else { asked.account.clone() };
        let held = self.account.shares(listing.con_id()) - self.instructed(listing);
        if account != own || held <= Decimal::ZERO {
            let text = format!(
                "Error processing request:No unlapsed position exists in this option in account {account}."
            );
            return Err(message(order_id, 322, text));
        }
        if self.book.find(client_id, order_id).is_some() {
            return Err(message(order_id, 103, "Duplicate order id"));
        }
        let worth = self.worth(terms);
        let is_usual = match asked.act {
            ExerciseAct::Exercise => worth > Decimal::ZERO,
            ExerciseAct::Lapse => worth <= Decimal::ZERO,
        };
        if !is_usual && !asked.overrides {
            return refuse(match asked.act {
                ExerciseAct::Exercise => {
                    "Exercise ignored because option is not in-the-money.".to_owned()
                }
                ExerciseAct::Lapse => "Lapse ignored because option is in-the-money.".to_owned(),
            });
        }
        let wanted = held.min(Decimal::from(asked.quantity));
        self.put_down(client_id, &asked, listing, wanted)
    }

    /// Puts an order in the book that stands for the instruction.
    fn put_down(
        &mut self,
        client_id: ClientId,
        asked: &ExerciseOptions,
        listing: &'static Listing,
        wanted: Decimal,
    ) -> Result<Vec<Event>, ErrorReport> {
        let order_id = asked.order_id;
        let placed = PlaceOrder {
            order_id,
            contract: wire_contract(listing, "SMART"),
            order: Order {
                action: "BUY".to_owned(),
                total_quantity: wanted,
                order_type: "MKT".to_owned(),
                tif: "DAY".to_owned(),
                transmit: true,
                ..Order::default()
            },
            attached: None,
        };
        let now = self.now().secs();
        let intent = placed.intent().map_err(|error| message(order_id, 321, error.to_string()))?;
        let manner = Manner::read(&placed, Side::Buy, listing, now)?;
        let mut order = self.booked(client_id, placed, &intent, manner, listing);
        // It is shown as an order to buy at 0, which no order could be.
        order.order.order_type = "LMT".to_owned();
        order.order.lmt_price = Some(Decimal::ZERO);
        order.transmitted = true;
        order.expires = None;
        order.progress.is_announced = true;
        order.progress.is_instruction = true;
        let place = self.book.add_instruction(order);
        let due = Session::next_regular(now).close;
        self.book.instructions.push(Instruction { place, act: asked.act, due });
        let text = "Order TIF was set to DAY based on order preset.";
        let said = Said::Message(message(order_id, 10349, text));
        let mut events = vec![Event { client_id, said }];
        self.say_state(place, &mut events);
        Ok(events)
    }

    /// Contracts of an option for which instructions wait.
    fn instructed(&self, listing: &Listing) -> Decimal {
        let waiting = self.book.instructions.iter().filter_map(|one| self.book.get(one.place));
        waiting
            .filter(|order| order.listing.con_id() == listing.con_id() && order.is_live())
            .map(|order| order.quantity)
            .sum()
    }

    /// By how much an option is in the money, per share.
    fn worth(&mut self, terms: OptionTerms) -> Decimal {
        let under = self.mark(terms.under).price.unwrap_or_default();
        match terms.right {
            Right::Call => under - terms.strike(),
            Right::Put => terms.strike() - under,
        }
    }

    /// Settles the instructions whose time has come, and what expired.
    pub(in crate::world) fn settle_options(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        let now = self.now().secs();
        let (due, waiting) =
            std::mem::take(&mut self.book.instructions).into_iter().partition(|one| one.due <= now);
        self.book.instructions = waiting;
        for Instruction { place, act, .. } in due {
            self.carry_out(place, act, &mut events);
        }
        self.expire_options(&mut events);
        events
    }

    fn carry_out(&mut self, place: usize, act: ExerciseAct, events: &mut Vec<Event>) {
        let Some(order) = self.book.get(place).filter(|order| order.is_live()) else { return };
        let owner =
            Owner { client_id: order.client_id, order_id: order.order_id, perm_id: order.perm_id };
        let (listing, wanted) = (order.listing, order.quantity);
        let held = self.account.shares(listing.con_id());
        if held < wanted {
            let text = "Error processing request.Exercise/Lapse failed due to server rejection.";
            let said = Said::Message(message(owner.order_id, 322, text));
            events.push(Event { client_id: owner.client_id, said });
            self.cancel_place(place, "Cancelled by System", events);
            return;
        }
        let how = match act {
            ExerciseAct::Exercise => Settled::Exercised,
            ExerciseAct::Lapse => Settled::Lapsed,
        };
        self.settle(listing, wanted, how, owner, events);
        if let Some(order) = self.book.get_mut(place) {
            order.filled = wanted;
        }
        let sentence = format!("Filled Size: {}", wanted.normalize());
        self.book.end(place, BrokerStatus::Filled, Ended { at: self.now(), sentence });
        self.say_state(place, events);
    }

    fn expire_options(&mut self, events: &mut Vec<Event>) {
        let now = self.now().secs();
        let expired: Vec<(&'static Listing, Decimal, OptionTerms)> = self
            .account
            .holdings()
            .filter(|holding| !holding.shares.is_zero())
            .filter_map(|holding| {
                let Kind::Option(terms) = holding.listing.kind else { return None };
                Some((holding.listing, holding.shares, terms))
            })
            .filter(|(_, _, terms)| {
                Session::on(terms.expiry).is_some_and(|session| now >= session.close)
            })
            .collect();
        let nobody = Owner {
            client_id: ClientId::new(0),
            order_id: OrderId::new(0),
            perm_id: PermId::new(0),
        };
        for (listing, shares, terms) in expired {
            let is_worth = self.worth(terms) >= Decimal::new(1, 2);
            let how = match (is_worth, shares.is_sign_negative()) {
                (true, false) => Settled::Automatic,
                (true, true) => Settled::Assigned,
                (false, _) => Settled::Expired,
            };
            self.settle(listing, shares, how, nobody, events);
        }
        self.expire_futures(nobody, events);
    }

    /// Takes futures out of the account whose last day is over, at the price of its end.
    fn expire_futures(&mut self, nobody: Owner, events: &mut Vec<Event>) {
        let now = self.now().secs();
        let is_over = |listing: &Listing, last_trade| {
            hours::of_day(listing, last_trade, false).is_some_and(|(_, to)| now >= to)
        };
        let expired: Vec<(&'static Listing, Decimal)> = self
            .account
            .holdings()
            .filter(|holding| !holding.shares.is_zero())
            .filter_map(|holding| {
                let Kind::Future { last_trade, .. } = holding.listing.kind else { return None };
                is_over(holding.listing, last_trade).then_some((holding.listing, holding.shares))
            })
            .collect();
        for (listing, contracts) in expired {
            let Some(price) = self.mark(listing).price else { continue };
            let closes = if contracts.is_sign_negative() { Side::Buy } else { Side::Sell };
            let leg = (listing, closes, contracts.abs(), price);
            self.settle_leg(leg, Settled::Expired, nobody, events);
        }
    }

    /// Takes options out of the account, and delivers what they are on.
    fn settle(
        &mut self,
        listing: &'static Listing,
        contracts: Decimal,
        how: Settled,
        owner: Owner,
        events: &mut Vec<Event>,
    ) {
        let Kind::Option(terms) = listing.kind else { return };
        let is_long = !contracts.is_sign_negative();
        let closes = if is_long { Side::Sell } else { Side::Buy };
        // An index cannot be delivered: its options end in cash.
        let is_in_cash = matches!(terms.under.kind, Kind::Index);
        let price = if is_in_cash && how.delivers() { self.worth(terms) } else { Decimal::ZERO };
        self.settle_leg((listing, closes, contracts.abs(), price), how, owner, events);
        if is_in_cash || !how.delivers() {
            return;
        }
        let side = match (terms.right, is_long) {
            (Right::Call, true) | (Right::Put, false) => Side::Buy,
            (Right::Put, true) | (Right::Call, false) => Side::Sell,
        };
        let is_on_future = matches!(terms.under.kind, Kind::Future { .. });
        let each = if is_on_future { Decimal::ONE } else { listing.multiplier() };
        let shares = contracts.abs() * each;
        self.settle_leg((terms.under, side, shares, terms.strike()), how, owner, events);
    }

    fn settle_leg(
        &mut self,
        (listing, side, shares, price): (&'static Listing, Side, Decimal, Decimal),
        how: Settled,
        owner: Owner,
        events: &mut Vec<Event>,
    ) {
        let at = self.now();
        let rate = self.rate(listing);
        let booking = Booking { listing, side, shares, price, commission: Decimal::ZERO, rate };
        let realised = self.account.book(&booking);
        let exec_id = ExecId::new(self.book.next_exec_id());
        let execution = WireExecution {
            order_id: owner.order_id,
            exec_id: exec_id.clone(),
            time: at.wire_time(),
            account: AccountId::new(self.account.id()),
            exchange: listing.primary_exchange.to_owned(),
            side,
            shares: quantity(shares),
            price: Price::new(price),
            perm_id: owner.perm_id,
            client_id: owner.client_id,
            cumulative: quantity(shares),
            average_price: Some(Price::new(price)),
            option_exercise: Some(how.number()),
            ..WireExecution::default()
        };
        let contract = wire_contract(listing, listing.primary_exchange);
        let report = ExecutionReport { req_id: ReqId::new(-1), contract, execution };
        let paid = |amount: Decimal| Money::new(amount.round_dp(6), currency_of(listing.currency));
        let commission = CommissionReport {
            exec_id,
            commission: paid(Decimal::ZERO),
            realised: realised.map(paid),
            ..CommissionReport::default()
        };
        let client_id = owner.client_id;
        let mut say = |said| events.push(Event { client_id, said });
        say(Said::Execution(Box::new(report.clone())));
        say(Said::Commission(Box::new(commission.clone())));
        self.book.record(Executed { report, commission: Some(commission), at });
    }
}
