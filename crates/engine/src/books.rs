//! The books: what each bot, and what nobody of ours, traded and made, by fills and commissions.
//!
//! Prices are kept as the broker says them; multiplier, currency and the latest quote turn them
//! into money when somebody asks. Filled by the fold of entries alone, so a restart knows the same.

use std::collections::BTreeMap;

use gatehouse_types::{
    BotName, ConId, Currency, Decimal, ExecId, Execution, Money, Price, Side, SignedQty, Stamp,
};

use crate::bots::day_after;
use crate::positions::root;

/// Whose book: a bot's, or that of fills of the account that no bot of ours caused.
pub(crate) type Owner = Option<BotName>;

/// Days for which fills are kept one by one: a correction comes within hours.
const CORRECTED_WITHIN_DAYS: i64 = 2;

#[derive(Debug, Clone)]
struct Fill {
    root: String,
    signed: Decimal,
    price: Decimal,
    day: i64,
}

/// A position with what it cost, and what was realised on the last day of a fill.
///
/// Amounts are price × quantity, without the multiplier.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) held: Decimal,
    /// What the position cost; negative when it is short.
    pub(crate) cost: Decimal,
    day: i64,
    realised: Decimal,
    traded: Decimal,
}

impl Account {
    /// Counts one fill; `None` when a number does not fit.
    fn fill(mut self, fill: &Fill) -> Option<Self> {
        if fill.day != self.day {
            (self.day, self.realised, self.traded) = (fill.day, Decimal::ZERO, Decimal::ZERO);
        }
        let Fill { signed, price, .. } = fill;
        let paid = signed.checked_mul(*price)?;
        self.traded = self.traded.checked_add(paid.abs())?;
        let is_closing = self.held.is_sign_negative() != signed.is_sign_negative();
        if self.held.is_zero() || !is_closing {
            self.held = self.held.checked_add(*signed)?;
            self.cost = self.cost.checked_add(paid)?;
            return Some(self);
        }
        let closed = signed.abs().min(self.held.abs());
        let share = if closed == self.held.abs() {
            self.cost
        } else {
            self.cost.checked_mul(closed)?.checked_div(self.held.abs())?
        };
        let with_sign = if signed.is_sign_negative() { -closed } else { closed };
        let proceeds = with_sign.checked_mul(*price)?;
        // A sale brings in what it does not pay: −paid less what the shares had cost.
        self.realised = self.realised.checked_sub(proceeds.checked_add(share)?)?;
        self.held = self.held.checked_add(with_sign)?;
        self.cost = self.cost.checked_sub(share)?;
        let beyond = signed.checked_sub(with_sign)?;
        self.held = self.held.checked_add(beyond)?;
        self.cost = self.cost.checked_add(beyond.checked_mul(*price)?)?;
        Some(self)
    }
}

#[derive(Debug, Clone)]
struct Line {
    currency: Currency,
    /// Before the fills that are kept.
    base: Account,
    fills: Vec<Fill>,
    /// With them; `None` when a number did not fit.
    now: Option<Account>,
}

impl Line {
    fn add(&mut self, fill: Fill) {
        if let Some(known) = self.fills.iter_mut().find(|it| it.root == fill.root) {
            *known = Fill { day: known.day, ..fill };
            self.now = self.fills.iter().try_fold(self.base, Account::fill);
            return;
        }
        let old = fill.day.saturating_sub(CORRECTED_WITHIN_DAYS);
        while self.fills.first().is_some_and(|it| it.day < old) {
            let first = self.fills.remove(0);
            match self.base.fill(&first) {
                Some(base) => self.base = base,
                None => self.now = None,
            }
        }
        self.now = self.now.and_then(|now| now.fill(&fill));
        self.fills.push(fill);
    }
}

/// What was paid to the broker on one day.
#[derive(Debug, Clone, Default)]
struct Paid {
    day: i64,
    by_currency: BTreeMap<Currency, Decimal>,
}

/// One line of a book as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) con_id: ConId,
    pub(crate) currency: Currency,
    pub(crate) held: SignedQty,
    /// `None` when flat.
    pub(crate) average: Option<Price>,
    /// Price × quantity; of today.
    pub(crate) realised: Decimal,
    pub(crate) traded: Decimal,
    pub(crate) cost: Decimal,
}

#[derive(Debug, Default)]
pub(crate) struct Books {
    lines: BTreeMap<(Owner, ConId), Line>,
    paid: BTreeMap<Owner, Paid>,
    /// Whose fill an execution was.
    owners: BTreeMap<String, Owner>,
    /// Day of the last fill or commission.
    last_day: Option<i64>,
}

impl Books {
    /// Returns the day whose results are asked for at `stamp`.
    pub(crate) fn day_at(&self, stamp: Stamp) -> i64 {
        day_after(self.last_day, stamp)
    }

    /// Counts an execution that positions counted: a new one, or a correction of a known one.
    pub(crate) fn fold_fill(&mut self, stamp: Stamp, execution: &Execution) {
        let today = self.day_at(stamp);
        self.last_day = Some(today);
        let owner: Owner = execution.order.as_ref().map(|order| order.bot.clone());
        let size = execution.quantity.value();
        let fill = Fill {
            root: root(&execution.exec_id).0.to_owned(),
            signed: if execution.side == Side::Buy { size } else { -size },
            price: execution.price.value(),
            day: today,
        };
        self.owners.insert(fill.root.clone(), owner.clone());
        let line = self.lines.entry((owner, execution.con_id)).or_insert_with(|| Line {
            currency: execution.currency,
            base: Account::default(),
            fills: Vec::new(),
            now: Some(Account::default()),
        });
        line.add(fill);
    }

    pub(crate) fn fold_commission(&mut self, stamp: Stamp, exec_id: &ExecId, commission: Money) {
        let owner = self.owners.get(root(exec_id).0).cloned().flatten();
        let today = self.day_at(stamp);
        self.last_day = Some(today);
        let paid = self.paid.entry(owner).or_default();
        if paid.day != today {
            *paid = Paid { day: today, by_currency: BTreeMap::new() };
        }
        let sum = paid.by_currency.entry(commission.currency()).or_default();
        *sum = sum.saturating_add(commission.amount());
    }

    /// Returns what was paid to the broker on a day, by currency.
    pub(crate) fn paid(&self, owner: &Owner, day: i64) -> BTreeMap<Currency, Decimal> {
        let paid = self.paid.get(owner).filter(|paid| paid.day == day);
        paid.map(|paid| paid.by_currency.clone()).unwrap_or_default()
    }

    /// Returns every line that is not flat or that was traded on this day; `Err` for one whose
    /// numbers do not fit.
    pub(crate) fn positions<'a>(
        &'a self,
        owner: &'a Owner,
        day: i64,
    ) -> impl Iterator<Item = Result<Position, ConId>> + 'a {
        self.lines.iter().filter(move |((of, _), _)| of == owner).filter_map(
            move |((_, con_id), line)| {
                let Some(now) = line.now else { return Some(Err(*con_id)) };
                let is_today = now.day == day;
                let today = |amount| if is_today { amount } else { Decimal::ZERO };
                (is_today || !now.held.is_zero()).then(|| {
                    let average = now.cost.checked_div(now.held).map(Price::new);
                    Ok(Position {
                        con_id: *con_id,
                        currency: line.currency,
                        held: SignedQty::new(now.held),
                        average,
                        realised: today(now.realised),
                        traded: today(now.traded),
                        cost: now.cost,
                    })
                })
            },
        )
    }

    /// Returns every book that has a line.
    pub(crate) fn owners(&self) -> Vec<Owner> {
        let mut owners: Vec<Owner> = self.lines.keys().map(|(owner, _)| owner.clone()).collect();
        owners.dedup();
        owners
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(fills: &[(i64, i64)], held: i64, cost: i64, realised: i64) {
        let account = fills.iter().enumerate().try_fold(Account::default(), |it, (n, fill)| {
            let signed = Decimal::from(fill.0);
            it.fill(&Fill { root: n.to_string(), signed, price: Decimal::from(fill.1), day: 1 })
        });
        let account = account.expect("the numbers fit");
        let told = (account.held, account.cost, account.realised);
        let [held, cost, realised] = [held, cost, realised].map(Decimal::from);
        assert_eq!(told, (held, cost, realised), "{fills:?}");
    }

    #[test]
    fn a_position_costs_its_average_and_realises_what_is_closed() {
        check(&[(10, 100)], 10, 1000, 0);
        check(&[(10, 100), (10, 110)], 20, 2100, 0);
        check(&[(10, 100), (-4, 110)], 6, 600, 40);
        check(&[(10, 100), (-10, 90)], 0, 0, -100);
        check(&[(10, 100), (-15, 110)], -5, -550, 100);
        check(&[(-10, 100), (4, 90)], -6, -600, 40);
        check(&[(-10, 100), (15, 110)], 5, 550, -100);
        check(&[(10, 100), (10, 110), (-10, 105)], 10, 1050, 0);
    }

    fn execution(id: &str, quantity: i64, price: &str) -> Execution {
        Execution {
            exec_id: ExecId::new(id),
            order: None,
            perm_id: gatehouse_types::PermId::new(1),
            con_id: ConId::new(1),
            symbol: "X".to_owned(),
            currency: Currency::USD,
            side: if quantity < 0 { Side::Sell } else { Side::Buy },
            quantity: gatehouse_types::Qty::try_new(Decimal::from(quantity.abs())).unwrap(),
            price: price.parse().unwrap(),
            at: None,
        }
    }

    fn stamp(day: i64) -> Stamp {
        let at = gatehouse_types::Utc::from_nanos((day * 86_400 + 50_000) * 1_000_000_000);
        Stamp { utc: at, market: Some(at) }
    }

    #[test]
    fn a_correction_replaces_what_it_corrects_and_a_new_day_begins_at_zero() {
        let mut books = Books::default();
        books.fold_fill(stamp(1), &execution("a.b.01.01", 10, "100"));
        books.fold_fill(stamp(1), &execution("a.b.02.01", -10, "90"));
        books.fold_fill(stamp(1), &execution("a.b.01.02", 10, "95"));
        let realised = |books: &Books, day| {
            let lines = books.positions(&None, day).collect::<Result<Vec<_>, _>>().unwrap();
            lines.first().map(|line| line.realised)
        };
        assert_eq!(realised(&books, 1), Some(Decimal::from(-50)));
        assert_eq!(realised(&books, 2), None);
        books.fold_fill(stamp(9), &execution("a.b.03.01", 10, "90"));
        assert_eq!(realised(&books, 9), Some(Decimal::ZERO));
    }

    #[test]
    fn a_fill_before_the_gateway_said_its_time_ends_no_day() {
        let mut books = Books::default();
        books.fold_fill(stamp(1), &execution("a.b.01.01", 10, "100"));
        books.fold_fill(stamp(1), &execution("a.b.02.01", -10, "90"));
        let untold = Stamp { market: None, ..stamp(300) };
        books.fold_fill(untold, &execution("a.b.03.01", 10, "90"));
        let realised = |day| {
            let lines = books.positions(&None, day).collect::<Result<Vec<_>, _>>().unwrap();
            lines.first().map(|line| line.realised)
        };
        assert_eq!(realised(books.day_at(untold)), Some(Decimal::from(-100)));
        assert_eq!(realised(1), Some(Decimal::from(-100)));
    }
}
