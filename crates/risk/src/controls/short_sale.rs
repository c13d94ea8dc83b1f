//! GH-23, short sales: nothing is sold that is not held, by the account and by the bot itself,
//! with every working sell counted.
//!
//! The stricter of the two holds and is reported. A modify counts with the larger of old and new.

use gatehouse_types::{ControlId, Decimal, LimitId, Measure, Refusal, Side, SignedQty, exact};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge::Gauge;
use crate::tally::Sides;
use crate::value::{Missing, TOO_LARGE};

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(23),
    reach: Reach::Entries,
    limits: &[LimitId::NoShortSale],
    check,
    gauge,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    let Some(scope) = case.switched_on(LimitId::NoShortSale) else { return };
    if case.intent.side == Side::Buy {
        return;
    }
    match stricter(case) {
        Ok(sale) if exact::is_above(sale.selling, sale.held) => {
            let Sale { selling, held, .. } = sale;
            findings.refuse_in(scope, Refusal::ShortSale { selling, held });
        }
        Ok(_) => {}
        Err(missing) => findings.refuse_in(scope, Refusal::HoldingUnknown { missing }),
    }
}

/// Units that are sold against units that are held.
struct Sale {
    /// Of it: what works already.
    working: Decimal,
    selling: Decimal,
    held: Decimal,
}

fn stricter(case: &Case<'_>) -> Result<Sale, Missing> {
    let account = case.view.account_position.ok_or("account position")?;
    let [account, own] = [
        sale(case, account, &case.tally.account)?,
        sale(case, case.view.bot_position, &case.tally.bot)?,
    ];
    let room = |sale: &Sale| sale.held.checked_sub(sale.selling).ok_or(TOO_LARGE);
    Ok(if room(&own)? < room(&account)? { own } else { account })
}

/// Of an order that sells.
fn sale(case: &Case<'_>, position: SignedQty, sides: &Sides) -> Result<Sale, Missing> {
    case.instrument.ok_or("contract details")?;
    let working = sides.same.ok_or(TOO_LARGE)?;
    let selling = sides.with_order.ok_or(TOO_LARGE)?;
    Ok(Sale { working, selling, held: exact::not_below_zero(position.value()) })
}

fn gauge(case: &Case<'_>, _: LimitId) -> Gauge {
    if case.intent.side == Side::Buy {
        return Gauge::default();
    }
    stricter(case).map_or_else(
        |_| Gauge::default(),
        |sale| Gauge {
            now: Some(Measure::Units(sale.working)),
            after: Some(Measure::Units(sale.selling)),
            allowed: Some(Measure::Units(sale.held)),
        },
    )
}
