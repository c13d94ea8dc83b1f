//! GH-01, order sanity: every field has a value that an order can have, the contract is known for
//! certain, and the order is for our account.
//!
//! Reaches everything. A question about margin may name a contract that is not known here: the
//! broker answers it, and nothing rests.

use gatehouse_types::{ControlId, Decimal, OrderKind, Price, Refusal, Tif};

use super::{Control, Reach};
use crate::Lookup;
use crate::case::{Case, Findings, is_positive};
use crate::gauge;

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(1),
    reach: Reach::Everything,
    limits: &[],
    check,
    gauge: gauge::nothing,
};

/// Source: TWS API, `Order.tif`. Which of them are allowed is for GH-22.
const OTHER_TIFS: [&str; 6] = ["GTD", "OPG", "DTC", "AUC", "GTX", "Minutes"];

/// The finest step of any quantity or price at the broker (crypto, 1e-8). Finer numbers would be
/// rounded where amounts of very different size are added.
const PLACES_MAX: u32 = 8;

fn check(case: &Case<'_>, findings: &mut Findings) {
    let intent = case.intent;
    if intent.quantity.is_zero() {
        findings.refuse(senseless("quantity", "0"));
    }
    if has_too_many_places(intent.quantity.value()) {
        findings.refuse(senseless("quantity", &intent.quantity.to_string()));
    }
    check_prices(&intent.kind, findings);
    match &intent.tif {
        Tif::Other(name) if !OTHER_TIFS.contains(&name.as_str()) => {
            findings.refuse(senseless("time in force", name));
        }
        Tif::Other(_)
        | Tif::Day
        | Tif::GoodTillCancelled
        | Tif::ImmediateOrCancel
        | Tif::FillOrKill => {}
    }
    if intent.what_if && case.view.replaces.is_some() {
        // What the broker makes of a question under the id of a live order is not documented.
        findings.refuse(senseless("what-if", "under the id of a live order"));
    }
    if !intent.what_if {
        check_contract(case, findings);
    }
    if let (Some(named), Some(ours)) = (&intent.account, case.view.account)
        && named != ours
    {
        findings.refuse(Refusal::AccountForeign);
    }
}

fn has_too_many_places(value: Decimal) -> bool {
    value.scale() > PLACES_MAX && value.normalize().scale() > PLACES_MAX
}

fn check_prices(kind: &OrderKind, findings: &mut Findings) {
    let mut check = |field: &'static str, price: Option<Price>| match price {
        None => findings.refuse(senseless(field, "")),
        Some(price) if !is_positive(price) || has_too_many_places(price.value()) => {
            findings.refuse(senseless(field, &price.to_string()));
        }
        Some(_) => {}
    };
    match kind {
        OrderKind::Market | OrderKind::Other { .. } => {}
        OrderKind::Limit { limit } => check("limit price", *limit),
        OrderKind::Stop { trigger } => check("trigger price", *trigger),
        OrderKind::StopLimit { trigger, limit } => {
            check("trigger price", *trigger);
            check("limit price", *limit);
        }
    }
}

fn check_contract(case: &Case<'_>, findings: &mut Findings) {
    match case.view.instrument {
        Lookup::Unknown | Lookup::Ambiguous => findings.refuse(case.contract_unknown()),
        Lookup::Found(instrument) => {
            if case.intent.contract.con_id.is_some_and(|asked| asked != instrument.con_id) {
                findings.refuse(case.contract_unknown());
            }
            if instrument.multiplier.is_zero() || instrument.multiplier.is_sign_negative() {
                // Each value would come out as nothing.
                let value = instrument.multiplier.to_string();
                findings.refuse(senseless("multiplier", &value));
            }
        }
    }
}

fn senseless(field: &'static str, value: &str) -> Refusal {
    Refusal::Senseless { field, value: value.to_owned() }
}
