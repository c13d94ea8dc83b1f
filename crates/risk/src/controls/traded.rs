//! GH-41, traded value: the orders of any minute, and what filled today with everything that may
//! still fill, this order included.
//!
//! A value set for a bot is held against the bot's own trading, any other against the whole
//! account's; the orders of a minute are always the bot's own. Exits count and pass.

use gatehouse_types::{ControlId, LimitId, Measure, Money, Refusal, ScopeRef};

use super::{Control, Reach};
use crate::case::{Case, Findings};
use crate::gauge::Gauge;
use crate::standing::Whose;
use crate::sums::{Worsts, base_of, whose};
use crate::value::{Missing, TOO_LARGE, order_value, to_cent};

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
            let value = measured(case, *id, limit.scope).map(|(_, after)| after);
            match value {
                Ok(value) if value.amount() > limit.value => {
                    let limit_money = Money::new(limit.value, value.currency());
                    findings.refuse_in(limit.scope, refusal(*id, to_cent(value), limit_money));
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
fn measured(case: &Case<'_>, id: LimitId, scope: ScopeRef<'_>) -> Result<(Money, Money), Missing> {
    let standing = case.view.standing;
    if id == LimitId::BatchValue {
        let before = standing.minute?;
        let after = before.checked_add(order_value(case)?).map_err(|_| TOO_LARGE)?;
        return Ok((before, after));
    }
    let whose = match scope {
        ScopeRef::Bot(_) => Whose::Bot(case.view.bot),
        ScopeRef::Account | ScopeRef::Symbol(_) => Whose::Account,
    };
    let filled = match whose {
        Whose::Bot(_) => standing.bot_traded?,
        Whose::Account => standing.account_traded?,
    };
    let with =
        |order: bool| filled.checked_add(working(case, whose, order)?).map_err(|_| TOO_LARGE);
    Ok((with(false)?, with(true)?))
}

/// Returns the value of everything that may still fill: what a position becomes less what it is.
fn working(case: &Case<'_>, whose: Whose<'_>, with_order: bool) -> Result<Money, Missing> {
    let worsts = Worsts::of(case, whose, with_order)?;
    let sum = worsts.0.iter().try_fold(gatehouse_types::Decimal::ZERO, |sum, it| {
        sum.checked_add(it.long.checked_sub(it.short)?)
    });
    Ok(Money::new(sum.ok_or(TOO_LARGE)?, base_of(case)?))
}

fn gauge(case: &Case<'_>, id: LimitId) -> Gauge {
    let Some(limit) = case.limit(id) else { return Gauge::default() };
    let scope = match whose(case, &limit) {
        Whose::Bot(bot) => ScopeRef::Bot(bot),
        Whose::Account => ScopeRef::Account,
    };
    let allowed = base_of(case).ok().map(|base| Measure::Money(Money::new(limit.value, base)));
    let (now, after) = match measured(case, id, scope) {
        Ok((now, after)) => {
            (Some(Measure::Money(to_cent(now))), Some(Measure::Money(to_cent(after))))
        }
        Err(_) => (None, None),
    };
    Gauge { now, after, allowed }
}
