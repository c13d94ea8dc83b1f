//! What the broker checks before it takes an order: a code and a sentence, as the real one says it.
//!
//! It must never change anything. Called by the book.

use gatehouse_tws::answer::ErrorReport;
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{Feature, Intent, OrderId};

use crate::world::catalog::Unresolved;

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

/// Checks that an order says where it is to go; a contract id alone may leave that to the broker.
///
/// # Errors
/// The message for the client. Source: ib_async's own tests against a Gateway, which hear 321 of a
/// stock without an exchange.
pub fn venue(asked: &PlaceOrder) -> Result<(), ErrorReport> {
    let contract = &asked.contract;
    let is_named = contract.con_id.is_some_and(|con_id| con_id.get() != 0);
    if contract.exchange.is_empty() && !is_named {
        let text = "Error validating request.-'bN' : cause - Missing order exchange";
        return Err(message(asked.order_id, 321, text));
    }
    Ok(())
}

/// Checks everything that needs neither the account nor the market.
///
/// # Errors
/// The message for the client.
pub fn order(asked: &PlaceOrder, intent: &Intent, account: &str) -> Result<(), ErrorReport> {
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
    if intent.features.contains(&Feature::FinancialAdvisor) {
        return refuse(344, "The account is not a financial advisor account.");
    }
    if let Some(feature) = intent.features.iter().find(|feature| !is_simulated(feature)) {
        let text = format!(
            "Error validating request.-'bN' : cause - The simulated Gateway does not know {feature}"
        );
        return refuse(321, &text);
    }
    Ok(())
}

/// Fields that only weaken a protection or carry a note are taken and have no effect.
fn is_simulated(feature: &Feature) -> bool {
    match feature {
        Feature::Parent
        | Feature::OcaGroup
        | Feature::NotTransmitted
        | Feature::Algo
        | Feature::Conditions
        | Feature::AttachedOrders
        | Feature::Adjusted
        | Feature::Trailing
        | Feature::CashQuantity
        | Feature::Hedge
        | Feature::Scale
        | Feature::ComboLegs
        | Feature::Field(_) => true,
        Feature::DeltaNeutral | Feature::FinancialAdvisor => false,
    }
}
