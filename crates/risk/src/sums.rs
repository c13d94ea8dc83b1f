//! Sums over all instruments, for the controls that look beyond the one that is ordered.

use gatehouse_types::{Decimal, Limit, ScopeRef, exact};

use crate::case::Case;
use crate::standing::{Beside, Holding, Whose, Worst};
use crate::value::{Missing, base_of, position_price};

/// Returns whose positions and orders a limit is held against.
pub(crate) fn whose<'a>(case: &Case<'a>, limit: &Limit<'_>) -> Whose<'a> {
    match limit.scope {
        ScopeRef::Bot(_) => Whose::Bot(case.view.bot),
        ScopeRef::Account | ScopeRef::Symbol(_) => Whose::Account,
    }
}

/// What all instruments together could become, in the base currency; `None` where a sum does not
/// fit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sums {
    /// Long and short added up, each instrument at its worse side.
    pub(crate) gross: Option<Decimal>,
    /// With every buy filled, short below zero.
    pub(crate) long: Option<Decimal>,
    /// With every sell filled, long below zero.
    pub(crate) short: Option<Decimal>,
    /// Orders beyond what closes.
    pub(crate) opening: Option<Decimal>,
    /// Everything that may still fill: what a position becomes less what it is.
    pub(crate) working: Option<Decimal>,
}

impl Sums {
    /// Looks at every instrument that is held or that an order works in; `with_order`: this one,
    /// too.
    pub(crate) fn of<'a>(
        case: &'a Case<'_>,
        whose: Whose<'_>,
        with_order: bool,
    ) -> Result<&'a Self, Missing> {
        let place = match (whose, with_order) {
            (Whose::Account, false) => 0,
            (Whose::Account, true) => 1,
            (Whose::Bot(_), false) => 2,
            (Whose::Bot(_), true) => 3,
        };
        let kept = case.sums[place].get_or_init(|| Self::measured(case, whose, with_order));
        kept.as_ref().map_err(|missing| *missing)
    }

    fn measured(case: &Case<'_>, whose: Whose<'_>, with_order: bool) -> Result<Self, Missing> {
        let base = base_of(case)?;
        let instrument = case.instrument.ok_or("contract details")?;
        let beside = Beside {
            con_id: instrument.con_id,
            side: case.intent.side,
            sides: match whose {
                Whose::Account => case.tally.account,
                Whose::Bot(_) => case.tally.bot,
            },
            price: with_order.then_some(position_price(case)?),
        };
        let zero = Some(Decimal::ZERO);
        let mut sums = Self { gross: zero, long: zero, short: zero, opening: zero, working: zero };
        let held = &case.view.standing.holdings;
        for holding in held {
            sums.add(&holding.worst(case.view, whose, base, &beside)?);
        }
        if let Some(price) = beside.price
            && held.iter().all(|it| it.con_id != instrument.con_id)
        {
            let unheld = Holding {
                con_id: instrument.con_id,
                account: case.view.account_position,
                bot: case.view.bot_position,
                price: Ok(price),
                unit: Some((instrument.multiplier, instrument.currency)),
            };
            sums.add(&unheld.worst(case.view, whose, base, &beside)?);
        }
        Ok(sums)
    }

    fn add(&mut self, worst: &Worst) {
        let (long, short) = (worst.long, worst.short);
        let add = |sum: &mut Option<Decimal>, more: Option<Decimal>| {
            *sum = sum.zip(more).and_then(|(sum, more)| sum.checked_add(more));
        };
        add(&mut self.gross, Some(exact::larger(long.abs(), short.abs())));
        add(&mut self.long, Some(long));
        self.short = self.short.and_then(|sum| sum.checked_sub(short));
        add(&mut self.opening, Some(worst.opening));
        add(&mut self.working, long.checked_sub(short));
    }
}
