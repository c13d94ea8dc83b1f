//! What orders would cost the account: the broker's own check, and answers to what-if questions.
//!
//! It must never know sessions or frames. Called by the order desk.

use gatehouse_tws::answer::{ErrorReport, OrderState};
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{ClientId, Decimal, Intent, OrderId, Price, Side};

use super::book::{Event, Said};
use super::checks::message;
use super::matching::commission;
use super::order::BookedOrder;
use crate::world::World;
use crate::world::account::margin_for;
use crate::world::catalog::Listing;
use crate::world::market::price;
use gatehouse_tws::answer::BrokerStatus;

/// What an order would buy or sell.
#[derive(Debug, Clone, Copy)]
pub(in crate::world) struct Wanted {
    side: Side,
    quantity: Decimal,
    /// Limit or trigger.
    named: Option<Price>,
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
        let margin = self.margin_after(&more, listing);
        let value = self.valuation();
        let held = self.account.shares(listing.con_id());
        let adds = (held + signed(wanted.side, wanted.quantity)).abs() > held.abs();
        if adds && margin > value.net_liquidation {
            let text = format!(
                "Order rejected - reason:YOUR ORDER IS NOT ACCEPTED. IN ORDER TO OBTAIN THE DESIRED POSITION YOUR EQUITY WITH LOAN VALUE [{:.2} USD] MUST EXCEED THE INITIAL MARGIN [{:.2} USD]",
                value.net_liquidation, margin
            );
            return Err(message(order_id, 201, text));
        }
        Ok(())
    }

    /// Margin of all positions, all working orders and one more, in dollars.
    fn margin_after(&mut self, wanted: &Wanted, listing: &'static Listing) -> Decimal {
        let mut margin = self.valuation().margin;
        let working: Vec<(&'static Listing, Wanted)> = self
            .book
            .open()
            .filter(|order| order.parent().is_none())
            .map(|order| (order.listing, order.into()))
            .collect();
        for (listing, wanted) in working.into_iter().chain([(listing, *wanted)]) {
            // The market is asked only where the order names no price: books can be long.
            let at = match wanted.named {
                Some(named) => named.value(),
                None => self.mark_price(listing),
            };
            let held = self.account.shares(listing.con_id());
            let growth = (held + signed(wanted.side, wanted.quantity)).abs() - held.abs();
            if growth > Decimal::ZERO {
                let value = growth * at * listing.multiplier() * self.rate(listing);
                margin += margin_for(listing, value);
            }
        }
        margin
    }

    fn mark_price(&mut self, listing: &'static Listing) -> Decimal {
        self.snapshot(listing).mark_px().map_or(Decimal::ZERO, |px| price(px).value())
    }

    pub(in crate::world) fn answer_what_if(
        &mut self,
        client_id: ClientId,
        asked: PlaceOrder,
        intent: &Intent,
        listing: &'static Listing,
    ) -> Vec<Event> {
        let quantity = intent.quantity.value();
        let before = self.valuation();
        let after = self.margin_after(&intent.into(), listing);
        let at = intent.kind.limit().map_or_else(|| self.mark_price(listing), Price::value);
        let fee = commission(listing, quantity, quantity * at);
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
            commission_currency: listing.currency.to_owned(),
            margin_currency: "USD".to_owned(),
            ..OrderState::default()
        };
        vec![Event { client_id, said: Said::Open(Box::new(open)) }]
    }
}

fn signed(side: Side, quantity: Decimal) -> Decimal {
    match side {
        Side::Buy => quantity,
        Side::Sell => -quantity,
    }
}
