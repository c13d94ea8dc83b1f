//! How large an order is: whole or in fractions, or as much as an amount of cash buys.
//!
//! Sources: the broker's table of messages (10243 to 10250, 434) and its page on cash quantities.
//! That an order for cash is shown with the size that the cash buys at its limit, or at the market
//! when it arrives, is an assumption: no page says which price counts. It must never know sessions
//! or frames. Called by the order desk.

use gatehouse_tws::answer::ErrorReport;
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{Decimal, Intent, Qty, Side, Tif};

use super::checks::message;
use super::hedge;
use crate::world::World;
use crate::world::account::Class;
use crate::world::catalog::Listing;
use crate::world::market::price;

/// Order types that may name a part of a share.
const FRACTIONAL_KINDS: [&str; 4] = ["MKT", "LMT", "STP", "STP LMT"];

impl World {
    /// Gives an order the size that it asks for, of which an amount of cash is one way.
    ///
    /// # Errors
    /// The message for the client.
    pub(super) fn sized(
        &mut self,
        mut asked: PlaceOrder,
        mut intent: Intent,
        listing: &'static Listing,
    ) -> Result<(PlaceOrder, Intent), ErrorReport> {
        if let Some(cash) = asked.order.cash_qty.filter(|cash| !cash.is_zero()) {
            let size = self.bought_by(cash, &intent, listing)?;
            asked.order.total_quantity = size;
            intent.quantity = Qty::try_new(size).unwrap_or(Qty::ZERO);
        }
        hedge::check(&asked, &intent)?;
        if intent.quantity.is_zero() && !hedge::is_hedge(&asked) {
            return Err(message(intent.order_id, 434, "The order size cannot be zero."));
        }
        self.check_size(&asked, &intent, listing)?;
        Ok((asked, intent))
    }

    /// Returns the shares that an amount of cash buys or sells, rounded down to the step of sizes.
    fn bought_by(
        &mut self,
        cash: Decimal,
        intent: &Intent,
        listing: &'static Listing,
    ) -> Result<Decimal, ErrorReport> {
        let class = Class::of(listing);
        if !class.takes_cash() || self.refuses_fractions(class) {
            let text = "Cash Quantity cannot be used for this order.";
            return Err(message(intent.order_id, 10244, text));
        }
        let shown = self.moment(listing);
        let far = match intent.side {
            Side::Buy => shown.ask,
            Side::Sell => shown.bid,
        };
        let far = far.map(|level| price(level.px).value());
        let at = intent.kind.limit().map(gatehouse_types::Price::value).or(far);
        let at = at.or_else(|| self.mark(listing).price).unwrap_or_default();
        let step = listing.size_step();
        let steps = cash.checked_div(at * step).unwrap_or_default().floor();
        Ok((steps * step).normalize())
    }

    fn refuses_fractions(&self, class: Class) -> bool {
        self.agreed.refuses_fractions && class == Class::UsStock
    }

    fn check_size(
        &self,
        asked: &PlaceOrder,
        intent: &Intent,
        listing: &Listing,
    ) -> Result<(), ErrorReport> {
        let refuse = |code, text: String| Err(message(intent.order_id, code, text));
        let (size, class) = (intent.quantity.value(), Class::of(listing));
        if size.is_integer() {
            return Ok(());
        }
        let step = listing.size_step();
        if step == Decimal::ONE {
            let (code, text) = if class == Class::ForeignStock {
                (10245, "This financial instrument does not support fractional shares trading")
            } else {
                (
                    10250,
                    "The order size does not conform to the minimum size variation for this contract.",
                )
            };
            return refuse(code, text.to_owned());
        }
        if self.refuses_fractions(class) {
            let text = "Fractional-sized order cannot be placed via API. Please refer to desktop version to place this order.";
            return refuse(10243, text.to_owned());
        }
        if !(size % step).is_zero() {
            let text = format!(
                "The order size does not conform to the minimum size variation of {step} for this contract."
            );
            return refuse(10250, text);
        }
        if class != Class::UsStock {
            return Ok(());
        }
        if !matches!(asked.contract.exchange.as_str(), "" | "SMART") {
            let text = "Only IB SmartRouting supports fractional shares";
            return refuse(10247, text.to_owned());
        }
        let kind = asked.order.order_type.as_str();
        if !FRACTIONAL_KINDS.contains(&kind) || intent.tif != Tif::Day {
            let text = format!(
                "{kind} order with {} does not support fractional shares",
                intent.tif.as_wire()
            );
            return refuse(10249, text);
        }
        Ok(())
    }
}
