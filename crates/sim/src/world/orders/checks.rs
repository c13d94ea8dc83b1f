//! What the broker checks before it takes an order: a code and a sentence, as the real one says it.
//!
//! It must never change anything. Called by the book.

use gatehouse_tws::answer::ErrorReport;
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{Decimal, Feature, Intent, OrderId, OrderKind, Price, Tif};

use crate::world::catalog::{Listing, Unresolved};

/// Returns a message about an order.
#[must_use]
pub fn message(order_id: OrderId, code: i32, text: impl Into<String>) -> ErrorReport {
    ErrorReport { id: order_id.get(), code, text: text.into(), ..ErrorReport::default() }
}

/// Returns the message for a contract that cannot be resolved.
#[must_use]
pub fn unresolved(id: i32, why: Unresolved) -> ErrorReport {
    let (code, text) = match why {
        Unresolved::Unknown => (200, "No security definition has been found for the request"),
        Unresolved::Ambiguous => (200, "The contract description specified is ambiguous."),
        Unresolved::Incomplete => (
            321,
            "Error validating request.-'bW' : cause - Please enter a local symbol or a symbol",
        ),
    };
    ErrorReport { id, code, text: text.to_owned(), ..ErrorReport::default() }
}

/// Checks everything that needs neither the account nor the market.
///
/// # Errors
/// The message for the client.
pub fn order(
    asked: &PlaceOrder,
    intent: &Intent,
    listing: &Listing,
    account: &str,
) -> Result<(), ErrorReport> {
    let refuse = |code, text: &str| Err(message(intent.order_id, code, text));
    if intent.account.as_ref().is_some_and(|given| given.as_str() != account) {
        return refuse(321, "Error validating request.-'bN' : cause - Invalid account code");
    }
    if asked.order.e_trade_only || asked.order.firm_quote_only {
        // Gateways of today no longer take what old clients send unless told otherwise.
        let (code, name) =
            if asked.order.e_trade_only { (10268, "EtradeOnly") } else { (10269, "FirmQuoteOnly") };
        return refuse(code, &format!("The '{name}' order attribute is not supported."));
    }
    if intent.quantity.is_zero() {
        return refuse(434, "The order size cannot be zero.");
    }
    if !intent.quantity.value().is_integer() {
        return refuse(10243, "Fractional-sized order cannot be placed via API.");
    }
    if let Some(feature) = intent.features.iter().find(|feature| !is_simulated(feature)) {
        let text = format!(
            "Error validating request.-'bN' : cause - The simulated Gateway does not know {feature}"
        );
        return refuse(321, &text);
    }
    match &intent.tif {
        Tif::Day | Tif::GoodTillCancelled | Tif::ImmediateOrCancel | Tif::FillOrKill => {}
        Tif::Other(name) => {
            let text = format!("The time-in-force {name} is invalid for this order type.");
            return refuse(111, &text);
        }
    }
    prices(intent, listing)
}

fn prices(intent: &Intent, listing: &Listing) -> Result<(), ErrorReport> {
    let refuse = |code, text: &str| Err(message(intent.order_id, code, text));
    let wanted: &[Option<Price>] = match &intent.kind {
        OrderKind::Market => &[],
        OrderKind::Limit { limit } => &[*limit],
        OrderKind::Stop { trigger } => &[*trigger],
        OrderKind::StopLimit { trigger, limit } => &[*trigger, *limit],
        OrderKind::Other { .. } => {
            return refuse(387, "Unsupported order type for this exchange and security type.");
        }
    };
    for given in wanted {
        match given {
            None => {
                let text = "Error validating request.-'bN' : cause - The price must be specified";
                return refuse(321, text);
            }
            Some(price) if price.value() <= Decimal::ZERO => {
                return refuse(201, "Order rejected - reason:Invalid price.");
            }
            Some(price) if !(price.value() % listing.min_tick()).is_zero() => {
                return refuse(
                    110,
                    "The price does not conform to the minimum price variation for this contract.",
                );
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Fields that only weaken a protection or carry a note are taken and have no effect.
fn is_simulated(feature: &Feature) -> bool {
    match feature {
        Feature::Parent | Feature::OcaGroup | Feature::NotTransmitted | Feature::Field(_) => true,
        Feature::Algo
        | Feature::Hedge
        | Feature::Scale
        | Feature::Conditions
        | Feature::ComboLegs
        | Feature::CashQuantity
        | Feature::AttachedOrders
        | Feature::Adjusted
        | Feature::Trailing
        | Feature::DeltaNeutral
        | Feature::FinancialAdvisor => false,
    }
}
