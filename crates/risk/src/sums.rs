//! Sums over all instruments, for the controls that look beyond the one that is ordered.

use gatehouse_types::{Currency, Limit, ScopeRef};

use crate::case::Case;
use crate::family::part;
use crate::standing::{Added, Whose, Worst};
use crate::value::{Missing, position_price};

/// Returns whose positions and orders a limit is held against.
pub(crate) fn whose<'a>(case: &Case<'a>, limit: &Limit<'_>) -> Whose<'a> {
    match limit.scope {
        ScopeRef::Bot(_) => Whose::Bot(case.view.bot),
        ScopeRef::Account | ScopeRef::Symbol(_) => Whose::Account,
    }
}

/// Returns the currency that everything is held against.
pub(crate) fn base_of(case: &Case<'_>) -> Result<Currency, Missing> {
    Ok(case.view.net_liquidation.ok_or("net liquidation value")?.value.currency())
}

/// What each instrument could become.
pub(crate) struct Worsts(pub(crate) Vec<Worst>);

impl Worsts {
    /// Looks at every instrument that is held or that an order works in; `with_order`: this one,
    /// too.
    pub(crate) fn of(case: &Case<'_>, whose: Whose<'_>, with_order: bool) -> Result<Self, Missing> {
        let base = base_of(case)?;
        let instrument = case.instrument.ok_or("contract details")?;
        let added = Added {
            con_id: instrument.con_id,
            side: case.intent.side,
            part: part(case.view, case.intent),
            price: position_price(case)?,
        };
        let added = with_order.then_some(added);
        let held = &case.view.standing.holdings;
        let mut worsts = held
            .iter()
            .map(|it| it.worst(case.view, whose, base, added))
            .collect::<Result<Vec<_>, _>>()?;
        if let Some(added) = added
            && held.iter().all(|it| it.con_id != added.con_id)
        {
            let unit = (instrument.multiplier, instrument.currency);
            let unheld = added.unheld(case.view, unit);
            worsts.push(unheld.worst(case.view, whose, base, Some(added))?);
        }
        Ok(Self(worsts))
    }
}
