//! GH-41, traded value: the orders of any minute, and what filled today with everything that may
//! still fill, this order included.
//!
//! A value set for a bot is held against the bot's own trading, any other against the whole
//! account's; the orders of a minute are always the bot's own. Exits count and pass.

use gatehouse_types::{ControlId, Decimal, LimitId, Measure, Money, Refusal, ScopeRef, exact};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge::Gauge;
use crate::standing::Whose;
use crate::sums::{Sums, whose};
use crate::value::{Missing, TOO_LARGE, base_of, order_value, to_cent};

pub(super) const CONTROL: Control = Control {
    id: ControlId::new(41),
    reach: Reach::Entries,
    limits: &[LimitId::BatchValue, LimitId::DayValue],
    check,
    gauge,
};

fn check(case: &Case<'_>, findings: &mut Findings) {
    for id in CONTROL.limits {
        for limit in case.each_limit(*id) {
            let value =
                measured(case, *id, limit.scope).and_then(|(_, after)| Ok((after, base_of(case)?)));
            match value {
                Ok((value, base)) if exact::is_above(value, limit.value) => {
                    let limit_money = Money::new(limit.value, base);
                    let refusal = refusal(*id, to_cent(value, base), limit_money);
                    findings.refuse_in(limit.scope, refusal);
                }
                Ok(_) => {}
                Err(missing) => {
                    findings.refuse_in(limit.scope, Refusal::TradedUnknown { missing });
                }
            }
        }
    }
}

fn refusal(id: LimitId, value: Money, limit: Money) -> Refusal {
    if id == LimitId::BatchValue {
        Refusal::BatchValueAbove { value, limit }
    } else {
        Refusal::DayValueAbove { value, limit }
    }
}

/// Returns the value without and with the order.
fn measured(
    case: &Case<'_>,
    id: LimitId,
    scope: ScopeRef<'_>,
) -> Result<(Decimal, Decimal), Missing> {
    let standing = case.view.standing;
    if id == LimitId::BatchValue {
        let minute = standing.minute?;
        let order = order_value(case)?;
        let before = in_base(case, minute)?;
        return Ok((before, before.checked_add(order).ok_or(TOO_LARGE)?));
    }
    let (whose, filled) = match scope {
        ScopeRef::Bot(_) => (Whose::Bot(case.view.bot), standing.bot_traded?),
        ScopeRef::Account | ScopeRef::Symbol(_) => (Whose::Account, standing.account_traded?),
    };
    let with = |order: bool| {
        // Everything that may still fill.
        let working = Sums::of(case, whose, order)?.working.ok_or(TOO_LARGE)?;
        in_base(case, filled)?.checked_add(working).ok_or(TOO_LARGE)
    };
    Ok((with(false)?, with(true)?))
}

/// Returns the amount, when it is of the currency that the order is valued in.
fn in_base(case: &Case<'_>, money: Money) -> Result<Decimal, Missing> {
    if money.currency() == base_of(case)? { Ok(money.amount()) } else { Err(TOO_LARGE) }
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    let Some(limit) = case.limit(id) else { return Gauge::default() };
    let scope = match whose(case, &limit) {
        Whose::Bot(bot) => ScopeRef::Bot(bot),
        Whose::Account => ScopeRef::Account,
    };
    let Ok(base) = base_of(case) else { return Gauge::default() };
    let allowed = Some(Measure::Money(Money::new(limit.value, base)));
    let (now, after) = match measured(case, id, scope) {
        Ok((now, after)) => {
            let shown = |value| Some(Measure::Money(to_cent(value, base)));
            (shown(now), shown(after))
        }
        Err(_) => (None, None),
    };
    Gauge { now, after, allowed }
}
