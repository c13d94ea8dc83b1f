//! Conditions of an order: what must hold before it works, or what ends it.
//!
//! Each condition says whether it is joined to the next by "and" or by "or"; "and" binds closer (an
//! assumption: no page says it). It must never change anything. Called by the order desk and the
//! working of orders.

use gatehouse_tws::order::{Condition, Order};
use gatehouse_types::{ConId, Decimal, Price};

use super::kind::{Refused, WorkKind};
use super::lifetime::stamp;
use super::triggers::{Toward, TriggerMethod};
use crate::world::World;
use crate::world::catalog::{self, Listing, hours};
use crate::world::market::price;
use crate::world::time::{Step, wire_time};

/// What an order waits for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conditions {
    tests: Vec<Joined>,
    /// They end the order instead of letting it work.
    pub cancel: bool,
    /// They are looked at outside regular hours too.
    pub ignore_rth: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Joined {
    test: Test,
    and_next: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Price {
        of: &'static Listing,
        toward: Toward,
        at: Price,
        method: TriggerMethod,
    },
    /// In seconds.
    Time {
        is_after: bool,
        at: i64,
    },
    /// Share of the account that is not bound by margin, in percent.
    Margin {
        toward: Toward,
        percent: Decimal,
    },
    /// Any fill of the account in an instrument; an empty word fits all.
    Execution {
        symbol: String,
        sec_type: String,
        exchange: String,
    },
    Volume {
        of: &'static Listing,
        toward: Toward,
        shares: i64,
    },
    /// Against the close of the session before, in percent.
    Change {
        of: &'static Listing,
        toward: Toward,
        percent: Decimal,
    },
}

impl Conditions {
    /// Reads the conditions of an order.
    ///
    /// # Errors
    /// The broker's words about a condition that cannot be, or an order that can have none.
    pub fn read(order: &Order, kind: &WorkKind, now: i64) -> Result<Self, Refused> {
        if order.conditions.is_empty() {
            return Ok(Self::default());
        }
        if !takes_conditions(kind, order.conditions_cancel_order) {
            let text = "Conditional submission of orders is supported for Limit, Market, MidPrice, Relative and Snap order types only. Conditional cancelation of orders is supported for Limit and MidPrice order types only.";
            return Err(Refused::new(148, text));
        }
        let read = |one: &Condition| {
            Ok(Joined { test: Test::read(one, now)?, and_next: one.is_conjunction })
        };
        Ok(Self {
            tests: order.conditions.iter().map(read).collect::<Result<_, Refused>>()?,
            cancel: order.conditions_cancel_order,
            ignore_rth: order.conditions_ignore_rth,
        })
    }

    /// Returns whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }
}

fn takes_conditions(kind: &WorkKind, cancels: bool) -> bool {
    match kind {
        WorkKind::Limit { .. } | WorkKind::Pegged(_) => true,
        WorkKind::Market | WorkKind::Snap(_) => !cancels,
        WorkKind::Stop { .. }
        | WorkKind::Touched { .. }
        | WorkKind::Trail(_)
        | WorkKind::OnClose { .. }
        | WorkKind::Protected
        | WorkKind::MarketToLimit => false,
    }
}

impl Test {
    fn read(one: &Condition, now: i64) -> Result<Self, Refused> {
        let toward = if one.is_more { Toward::Up } else { Toward::Down };
        let incomplete = || Refused::new(147, "The conditional contract info is incomplete.");
        let of = || {
            let con_id = one.con_id.filter(|id| *id != 0).ok_or_else(incomplete)?;
            catalog::by_con_id(ConId::new(con_id)).ok_or_else(incomplete)
        };
        let missing = |name: &str| Refused::cause(&format!("Condition without {name}"));
        Ok(match one.kind {
            1 => {
                let of = of()?;
                let at = one.price.map(Price::new).ok_or_else(|| missing("price"))?;
                Self::Price { of, toward, at, method: TriggerMethod::read(one.trigger_method, of)? }
            }
            3 => Self::Time { is_after: one.is_more, at: stamp(&one.time, now)? },
            4 => {
                let percent = one.percent.ok_or_else(|| missing("percent"))?;
                Self::Margin { toward, percent: Decimal::from(percent) }
            }
            5 if one.symbol.is_empty() => return Err(incomplete()),
            5 => Self::Execution {
                symbol: one.symbol.clone(),
                sec_type: one.sec_type.clone(),
                exchange: match one.exchange.as_str() {
                    "SMART" | "ANY" => String::new(),
                    other => other.to_owned(),
                },
            },
            6 => {
                let shares = i64::from(one.volume.ok_or_else(|| missing("volume"))?);
                Self::Volume { of: of()?, toward, shares }
            }
            7 => {
                let percent = one.change_percent.ok_or_else(|| missing("percent"))?;
                Self::Change { of: of()?, toward, percent }
            }
            _ => return Err(Refused::cause("Unknown condition type")),
        })
    }
}

/// Writes the conditions of an order as the broker echoes them: times in New York, any exchange.
/// Source: what a paper Gateway echoes at server version 225.
pub(super) fn echo(order: &mut Order, now: i64) {
    for condition in &mut order.conditions {
        if let Some(at) =
            super::stamps::instant(&condition.time, now).filter(|_| condition.kind == 3)
        {
            condition.time = wire_time(at);
        }
        if condition.kind == 5 && condition.exchange == "SMART" {
            "ANY".clone_into(&mut condition.exchange);
        }
    }
}

impl World {
    /// Returns whether the conditions of an order hold at this moment.
    pub(in crate::world) fn hold(
        &mut self,
        conditions: &Conditions,
        listing: &Listing,
        since: Step,
    ) -> bool {
        if !conditions.ignore_rth && !hours::is_liquid(listing, self.now().secs()) {
            return false;
        }
        let mut any = false;
        let mut all = true;
        for joined in &conditions.tests {
            all = all && self.passes(&joined.test, since);
            if !joined.and_next {
                any |= all;
                all = true;
            }
        }
        let ends_open = conditions.tests.last().is_some_and(|last| last.and_next);
        any || (ends_open && all)
    }

    fn passes(&mut self, test: &Test, since: Step) -> bool {
        let beyond = |toward: Toward, value: Decimal, at: Decimal| match toward {
            Toward::Up => value >= at,
            Toward::Down => value <= at,
        };
        match test {
            Test::Price { of, toward, at, method } => {
                let moment = self.moment(of);
                method.sees(*toward, *at, &moment)
            }
            Test::Time { is_after: true, at } => self.now().secs() >= *at,
            Test::Time { is_after: false, at } => self.now().secs() <= *at,
            Test::Margin { toward, percent } => {
                let value = self.valuation();
                let cushion =
                    (value.available() * Decimal::ONE_HUNDRED).checked_div(value.net_liquidation);
                cushion.is_some_and(|cushion| beyond(*toward, cushion, *percent))
            }
            Test::Execution { symbol, sec_type, exchange } => {
                let fits = |wanted: &str, found: &str| wanted.is_empty() || wanted == found;
                self.book.traded().iter().any(|((its_symbol, its_type, its_exchange), at)| {
                    *at >= since
                        && fits(symbol, its_symbol)
                        && fits(sec_type, its_type)
                        && fits(exchange, its_exchange)
                })
            }
            Test::Volume { of, toward, shares } => {
                let volume = self.snapshot(of).volume;
                beyond(*toward, of.amount(volume), Decimal::from(*shares))
            }
            Test::Change { of, toward, percent } => {
                let shown = self.snapshot(of);
                let change = shown.mark_px().zip(shown.previous_close).and_then(|(mark, close)| {
                    let close = price(close).value();
                    ((price(mark).value() - close) * Decimal::ONE_HUNDRED).checked_div(close)
                });
                change.is_some_and(|change| beyond(*toward, change, *percent))
            }
        }
    }
}
