//! What orders would cost the account: the broker's own check, and answers to what-if questions.
//!
//! It must never know sessions or frames. Called by the order desk.

use gatehouse_tws::answer::{BrokerStatus, ErrorReport, OrderState, OutsideRth};
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{ClientId, Decimal, Intent, OrderId, Price, Side};

use super::book::{Event, Said};
use super::checks::message;
use super::manner::Manner;
use super::order::BookedOrder;
use super::tally::{Wished, Wishes};
use crate::world::World;
use crate::world::account::commission::{self, Plan, Traded};
use crate::world::account::requirement::{Exposed, Hours, Requirement};
use crate::world::account::valuation::{Change, Valuation, change_by};
use crate::world::catalog::{ComboLeg, Kind, Listing};

/// What an order would buy or sell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::world) struct Wanted {
    pub(super) side: Side,
    pub(super) quantity: Decimal,
    /// Limit or trigger.
    pub(super) named: Option<Price>,
}

impl From<&Intent> for Wanted {
    fn from(intent: &Intent) -> Self {
        let named = intent.kind.limit().or(intent.kind.trigger());
        Self { side: intent.side, quantity: intent.quantity.value(), named }
    }
}

impl From<&BookedOrder> for Wanted {
    fn from(order: &BookedOrder) -> Self {
        let named = order.kind.limit().or(order.kind.trigger());
        Self { side: order.side, quantity: order.remaining(), named }
    }
}

impl Wanted {
    fn signed(&self) -> Decimal {
        match self.side {
            Side::Buy => self.quantity,
            Side::Sell => -self.quantity,
        }
    }

    /// Returns what it would buy or sell of each leg of a combination, at the market; of anything
    /// else itself.
    pub(super) fn parts(&self, listing: &'static Listing) -> Vec<(Self, &'static Listing)> {
        let Kind::Combo(legs) = listing.kind else { return vec![(*self, listing)] };
        let part = |leg: &ComboLeg| {
            let quantity = self.quantity * Decimal::from(leg.ratio);
            (Self { side: leg.side(self.side), quantity, named: None }, leg.listing)
        };
        legs.iter().map(part).collect()
    }
}

/// What an order would do to the account, in dollars.
#[derive(Debug, Clone, Copy, Default)]
struct Preview {
    change: Change,
    overnight: Change,
    /// Commission in the currency that it is charged in, and in dollars.
    fee: Decimal,
    fee_dollars: Decimal,
}

impl World {
    /// Refuses what the account could not carry if everything that is working filled too.
    pub(in crate::world) fn check_margin(
        &mut self,
        order_id: OrderId,
        wanted: &Wanted,
        listing: &'static Listing,
        already: Decimal,
    ) -> Result<(), ErrorReport> {
        let more = Wanted { quantity: wanted.quantity - already, ..*wanted };
        let adds = wanted.parts(listing).iter().any(|(wanted, listing)| {
            let held = self.account.shares(listing.con_id());
            (held + wanted.signed()).abs() > held.abs()
        });
        let Some((equity, margin)) = self.short_of(&more, listing).filter(|_| adds) else {
            return Ok(());
        };
        Err(message(
            order_id,
            201,
            format!("Order rejected - reason:{}", too_little(equity, margin)),
        ))
    }

    /// Returns equity with loan value and initial margin as they would be, where the first is
    /// below the second.
    fn short_of(
        &mut self,
        wanted: &Wanted,
        listing: &'static Listing,
    ) -> Option<(Decimal, Decimal)> {
        let value = self.valuation();
        let change = self.change_with_working(wanted, listing);
        let equity = value.equity_with_loan + change.equity;
        let margin = value.margin.initial + change.margin.initial;
        (margin > equity).then_some((equity, margin))
    }

    /// What all working orders and one more would add; what they would free is not counted on. Of
    /// each instrument the worse of two: that all purchases fill, or that all sales do (an
    /// assumption: no page says how orders on both sides are added up).
    fn change_with_working(&mut self, wanted: &Wanted, listing: &'static Listing) -> Change {
        let mut wishes = self.book.wishes();
        for (wanted, listing) in wanted.parts(listing) {
            let wishes = wishes.entry(listing.con_id()).or_insert(Wishes::none(listing));
            wishes.of(wanted.side).add(&wanted);
        }
        let hours = self.margin_hours();
        let mut sum = Change::default();
        for Wishes { listing, buys, sells } in wishes.into_values() {
            let change = self.change_by_all(Side::Buy, &buys, listing, hours);
            sum = sum.plus(change.worse(self.change_by_all(Side::Sell, &sells, listing, hours)));
        }
        sum
    }

    /// What all orders of one side would add; nothing where they only close.
    fn change_by_all(
        &mut self,
        side: Side,
        wished: &Wished,
        listing: &'static Listing,
        hours: Hours,
    ) -> Change {
        let held = self.account.shares(listing.con_id());
        let wanted = Wanted { side, quantity: wished.quantity, named: None };
        if (held + wanted.signed()).abs() <= held.abs() {
            return Change::default();
        }
        let mut value = wished.value;
        if !wished.unnamed.is_zero() {
            value += wished.unnamed * self.mark(listing).price.unwrap_or_default();
        }
        let average = value.checked_div(wished.quantity).map(Price::new);
        self.change_of(&Wanted { named: average, ..wanted }, listing, held, hours)
    }

    fn change_of(
        &mut self,
        wanted: &Wanted,
        listing: &'static Listing,
        held: Decimal,
        hours: Hours,
    ) -> Change {
        let mark = self.mark(listing);
        let at = Exposed {
            listing,
            shares: held,
            price: wanted.named.map(Price::value).or(mark.price).unwrap_or_default(),
            under: mark.under,
            covered: Decimal::ZERO,
        };
        change_by((wanted.side, wanted.quantity), held, &at, mark.rate, hours)
    }

    fn preview(&mut self, wanted: &Wanted, listing: &'static Listing) -> Preview {
        let mut sum = Preview::default();
        for (wanted, listing) in wanted.parts(listing) {
            let part = self.preview_part(&wanted, listing);
            sum.change = sum.change.plus(part.change);
            sum.overnight = sum.overnight.plus(part.overnight);
            sum.fee += part.fee;
            sum.fee_dollars += part.fee_dollars;
        }
        sum
    }

    fn preview_part(&mut self, wanted: &Wanted, listing: &'static Listing) -> Preview {
        let held = self.account.shares(listing.con_id());
        let mark = self.mark(listing);
        let price = wanted.named.map(Price::value).or(mark.price).unwrap_or_default();
        let traded = Traded {
            side: wanted.side,
            quantity: wanted.quantity,
            value: wanted.quantity * price,
            rate: mark.rate,
            at: self.now().secs(),
        };
        let fee = commission::charged(self.agreed.plan, listing, &traded);
        let hours = self.margin_hours();
        Preview {
            change: self.change_of(wanted, listing, held, hours),
            overnight: self.change_of(wanted, listing, held, Hours::Overnight),
            fee,
            fee_dollars: fee * self.rate_of(commission::currency(listing)),
        }
    }

    /// Answers with one openOrder whose state shows the account before, after and the change
    /// between. Source: a capture of a live Gateway at server version 225.
    pub(in crate::world) fn answer_what_if(
        &mut self,
        client_id: ClientId,
        asked: PlaceOrder,
        intent: &Intent,
        manner: Manner,
        listing: &'static Listing,
    ) -> Vec<Event> {
        let wanted = Wanted::from(intent);
        let value = self.valuation();
        let preview = self.preview(&wanted, listing);
        let short = self.short_of(&wanted, listing);
        let booked = self.booked(client_id, asked, intent, manner, listing);
        let mut open = booked.open_order();
        open.order.what_if = true;
        open.state = self.previewed_state(&value, &preview, listing);
        if let Some((equity, margin)) = short {
            open.state.reject_reason = too_little(equity, margin);
            open.state.warning_text.clone_from(&open.state.reject_reason);
            open.state.suggested_size = self.affordable(&wanted, listing).to_string();
        }
        vec![Event { client_id, said: Said::Open(Box::new(open)) }]
    }

    fn previewed_state(
        &self,
        value: &Valuation,
        preview: &Preview,
        listing: &Listing,
    ) -> OrderState {
        let now = rows(value.margin, value.equity_with_loan, &preview.change, preview.fee_dollars);
        let (before, after) = (value.margin_overnight, &preview.overnight);
        let outside = rows(before, value.equity_with_loan, after, preview.fee_dollars);
        let [init_before, maint_before, equity_before, init, maint, equity, rest @ ..] = now;
        let [init_after, maint_after, equity_after] = rest;
        let mut state = OrderState {
            status: Some(BrokerStatus::PreSubmitted),
            init_margin_before: Some(init_before),
            maint_margin_before: Some(maint_before),
            equity_with_loan_before: Some(equity_before),
            init_margin_change: Some(init),
            maint_margin_change: Some(maint),
            equity_with_loan_change: Some(equity),
            init_margin_after: Some(init_after),
            maint_margin_after: Some(maint_after),
            equity_with_loan_after: Some(equity_after),
            commission_currency: commission::currency(listing).to_owned(),
            margin_currency: "USD".to_owned(),
            outside_rth: OutsideRth { margins: outside.map(Some) },
            ..OrderState::default()
        };
        match self.agreed.plan {
            Plan::Fixed => state.commission = Some(preview.fee),
            // What the exchange adds or pays back is not known beforehand, so a range stands in
            // its place. Source: a public report of such an answer (ib_insync, issue 380).
            Plan::Tiered => {
                state.min_commission = Some(preview.fee);
                state.max_commission = Some((preview.fee * Decimal::new(12, 1)).round_dp(4));
            }
        }
        state
    }

    /// The largest size that would be taken, by halving; whole shares are enough for a hint.
    fn affordable(&mut self, wanted: &Wanted, listing: &'static Listing) -> Decimal {
        let (mut taken, mut refused) = (Decimal::ZERO, wanted.quantity.ceil());
        while refused - taken > Decimal::ONE {
            let middle = ((taken + refused) / Decimal::TWO).floor();
            let tried = Wanted { quantity: middle, ..*wanted };
            match self.short_of(&tried, listing) {
                Some(_) => refused = middle,
                None => taken = middle,
            }
        }
        taken.normalize()
    }
}

/// Initial margin, maintenance margin and equity: before, by how much, and after, to the cent.
fn rows(before: Requirement, equity: Decimal, change: &Change, fee: Decimal) -> [Decimal; 9] {
    let lost = change.equity - fee;
    [
        before.initial,
        before.maintenance,
        equity,
        change.margin.initial,
        change.margin.maintenance,
        lost,
        before.initial + change.margin.initial,
        before.maintenance + change.margin.maintenance,
        equity + lost,
    ]
    .map(|amount| amount.round_dp(2))
}

fn too_little(equity: Decimal, margin: Decimal) -> String {
    format!(
        "YOUR ORDER IS NOT ACCEPTED. IN ORDER TO OBTAIN THE DESIRED POSITION YOUR EQUITY WITH LOAN VALUE [{equity:.2} USD] MUST EXCEED THE INITIAL MARGIN [{margin:.2} USD]"
    )
}
