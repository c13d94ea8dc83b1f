//! What the account's holder forbade himself, and what the broker does about prices and short
//! sales that it does not like.
//!
//! Every precaution is off unless it was set, as in a real Gateway whose precautions are bypassed
//! for orders of the API. Sources: the broker's table of messages (109, 383, 404, 2161), its page on
//! advanced rejections. The order's value is the one precaution that a client may override by
//! `advancedErrorOverride`, by the tag that the rejection's JSON names; the form of that JSON is an
//! assumption. It must never know sessions or frames. Called by the order desk.

use gatehouse_tws::answer::ErrorReport;
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{Decimal, Intent, OrderId, Price, Side};

use super::book::{Event, Said};
use super::checks::message;
use crate::world::World;
use crate::world::account::{Class, Shorting};
use crate::world::catalog::Listing;

/// The tag by which a client overrides the limit on an order's value.
const VALUE_TAG: &str = "ORDVALUE";

impl World {
    /// Checks an order against the precautions.
    ///
    /// # Errors
    /// The message for the client.
    pub(super) fn check_precautions(
        &mut self,
        asked: &PlaceOrder,
        intent: &Intent,
        listing: &'static Listing,
    ) -> Result<(), ErrorReport> {
        let agreed = self.agreed.clone();
        let size = intent.quantity.value();
        if let Some(most) = agreed.size_max.filter(|most| size > *most) {
            return Err(message(
                intent.order_id,
                383,
                restricted(intent.order_id, "size", "Size Limit", most),
            ));
        }
        if let Some(percent) = agreed.percent_max
            && !asked.order.override_percentage_constraints
            && self.is_beyond(percent, intent, listing)
        {
            let text = "Price is out of the range defined by the Percentage setting at order defaults frame. The order will not be transmitted.";
            return Err(message(intent.order_id, 109, text));
        }
        self.check_value(asked, intent, listing)
    }

    fn check_value(
        &mut self,
        asked: &PlaceOrder,
        intent: &Intent,
        listing: &'static Listing,
    ) -> Result<(), ErrorReport> {
        let Some(most) = self.agreed.value_max else { return Ok(()) };
        let mark = self.mark(listing);
        let at = intent.kind.limit().map(Price::value).or(mark.price).unwrap_or_default();
        let value = intent.quantity.value() * at * listing.multiplier() * mark.rate;
        let overridden = asked.order.advanced_error_override.split(',').map(str::trim);
        let is_overridden =
            overridden.map(|tag| tag.trim_start_matches("8229=")).any(|tag| tag == VALUE_TAG);
        if value <= most || is_overridden {
            return Ok(());
        }
        let text = restricted(intent.order_id, "value", "Total Value Limit", most);
        let json = serde_json::json!({
            "errorCode": VALUE_TAG,
            "errorMessage": text,
            "8229": VALUE_TAG,
        });
        let report = message(intent.order_id, 201, format!("Order rejected - reason:{text}"));
        Err(ErrorReport { advanced_reject_json: json.to_string(), ..report })
    }

    /// Returns whether a limit lies farther than some percent beyond the market, on the side that
    /// is bad for the order.
    fn is_beyond(&mut self, percent: Decimal, intent: &Intent, listing: &'static Listing) -> bool {
        let Some(limit) = intent.kind.limit().map(Price::value) else { return false };
        let Some(market) = self.mark(listing).price else { return false };
        let off = match intent.side {
            Side::Buy => limit - market,
            Side::Sell => market - limit,
        };
        off * Decimal::ONE_HUNDRED > market.abs() * percent
    }

    /// Returns the price at which the broker caps an order that reaches far through the market.
    fn capped_at(&mut self, intent: &Intent, listing: &'static Listing) -> Option<Price> {
        let percent = self.agreed.cap_percent?;
        if !self.is_beyond(percent, intent, listing) {
            return None;
        }
        let market = self.mark(listing).price?;
        let band = market.abs() * percent / Decimal::ONE_HUNDRED;
        let cap = match intent.side {
            Side::Buy => market + band,
            Side::Sell => market - band,
        };
        let tick = listing.min_tick();
        Some(Price::new((cap / tick).floor() * tick))
    }

    /// Rejects a short sale for which there are no shares to borrow.
    ///
    /// # Errors
    /// The message for the client.
    pub(super) fn check_shares(
        &self,
        intent: &Intent,
        listing: &Listing,
    ) -> Result<(), ErrorReport> {
        if self.agreed.shorting != Shorting::NoShares || !self.goes_short(intent, listing) {
            return Ok(());
        }
        let text = "Order rejected - reason:The contract is not available for short sale.";
        Err(message(intent.order_id, 201, text))
    }

    fn goes_short(&self, intent: &Intent, listing: &Listing) -> bool {
        let is_stock = matches!(Class::of(listing), Class::UsStock | Class::ForeignStock);
        let held = self.account.shares(listing.con_id());
        intent.side == Side::Sell && is_stock && intent.quantity.value() > held
    }

    /// Holds a new order whose shares are still looked for, and says which price the broker puts
    /// in the place of one far through the market.
    pub(super) fn hold_or_cap(
        &mut self,
        place: usize,
        intent: &Intent,
        listing: &'static Listing,
    ) -> Vec<Event> {
        let locates =
            self.agreed.shorting == Shorting::Locating && self.goes_short(intent, listing);
        let cap = self.capped_at(intent, listing);
        let Some(order) = self.book.get_mut(place) else { return Vec::new() };
        order.progress.is_locating = locates;
        order.progress.cap = cap;
        let client_id = order.client_id;
        let say = |code, text: String| Event {
            client_id,
            said: Said::Message(message(intent.order_id, code, text)),
        };
        let locate = locates.then(|| {
            let text = "Order held while securities are located. Shares for this order are not immediately available for short sale. The order will be held while we attempt to locate the shares.";
            say(404, text.to_owned())
        });
        let capped = cap.map(|cap| {
            let text = format!(
                "In accordance with our regulatory obligations as a broker, we will initially cap (or limit) the price of your Limit Order to {cap} or a more aggressive price still within mandated price bounds. If your order is not immediately executable, our systems may, depending on market conditions, reject your order if its limit price is more than the allowed amount away from the reference price at that time. If this happens, you will not receive a fill. This is a control designed to ensure that we comply with our regulatory obligations to avoid submitting disruptive orders to the marketplace."
            );
            say(2161, text)
        });
        locate.into_iter().chain(capped).collect()
    }
}

fn restricted(order_id: OrderId, what: &str, limit: &str, most: Decimal) -> String {
    format!(
        "The following order \"ID:{order_id}\" {what} exceeds the {limit} of {most}.\nRestriction is specified in Precautionary Settings of Global Configuration/Presets."
    )
}
