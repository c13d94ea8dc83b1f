//! Sums of a bot and of the account in money: the books at the latest quotes.
//!
//! What is missing is named, never assumed. Called for every judgement, by the breakers and for
//! the window.

use std::collections::BTreeSet;
use std::time::Duration;

use gatehouse_risk::{Figure, Holding, Standing};
use gatehouse_types::{
    BotName, ConId, Currency, DataType, Decimal, EntrySeq, Intent, LimitId, LimitValue, Money,
    Mono, Now, Price, Quote, Scope, SignedQty, Stamp,
};

use crate::books::{Owner, Position};
use crate::status::BookLine;
use crate::{Effect, Engine};

/// Age from which a price is too old to tell what a position is worth. Source: reference list of
/// controls, 12, "60 s other".
pub(crate) const MARK_AGE_MAX: Duration = Duration::from_secs(60);

/// Orders of a minute are added up.
const MINUTE: Duration = Duration::from_secs(60);

/// A line that says nothing for this long is asked for again.
const LINE_LOST_AFTER: Duration = Duration::from_secs(5);

const TOO_LARGE: &str = "exact number, it is too large";

/// The result of one trading day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayResult {
    /// Less commissions.
    pub realised: Figure,
    pub open: Figure,
    pub total: Figure,
}

impl Engine {
    /// Returns what a position would bring: long at the bid, short at the ask.
    pub(crate) fn mark(&self, con_id: ConId, held: SignedQty) -> Option<(Price, Mono)> {
        let quote = self.believed(con_id)?;
        let price = if held.value().is_sign_negative() { quote.ask } else { quote.bid };
        price.map(|price| (price, quote.at))
    }

    fn believed(&self, con_id: ConId) -> Option<&Quote> {
        let takes_late = || {
            let own = self.policy.own(&Scope::Account, LimitId::LiveDataOnly);
            own.flatten() != Some(&LimitValue::On)
        };
        self.market.quote(con_id).filter(|quote| match quote.data {
            DataType::Live => true,
            DataType::Delayed | DataType::Frozen => takes_late(),
            DataType::Other => false,
        })
    }

    fn base(&self) -> Result<Currency, &'static str> {
        Ok(self.session.net_liquidation.ok_or("net liquidation value")?.value.currency())
    }

    /// Returns the multiplier of an instrument whose amounts are in the base currency.
    fn multiplier(&self, con_id: ConId, currency: Currency) -> Result<Decimal, &'static str> {
        if currency != self.base()? {
            return Err("exchange rate");
        }
        let instrument = self.market.instrument(con_id).ok_or("contract details")?;
        Ok(instrument.multiplier)
    }

    /// Returns the open result of a position, by a price that is young enough.
    pub(crate) fn open_result(
        &self,
        line: &Position,
        now: Now,
        age_max: Option<Duration>,
    ) -> Figure {
        let base = self.base()?;
        if line.held == SignedQty::FLAT {
            return Ok(Money::new(Decimal::ZERO, base));
        }
        let (mark, at) = self.mark(line.con_id, line.held).ok_or("price of every position")?;
        if age_max.is_some_and(|most| now.mono.since(at) > most) {
            return Err("recent price of every position");
        }
        let worth = mark.value().checked_mul(line.held.value());
        let amount = worth
            .and_then(|worth| worth.checked_sub(line.cost))
            .ok_or(TOO_LARGE)?
            .checked_mul(self.multiplier(line.con_id, line.currency)?)
            .ok_or(TOO_LARGE)?;
        Ok(Money::new(amount, base))
    }

    fn sum_lines(&self, owner: &Owner, now: Now, of_line: impl Fn(&Position) -> Figure) -> Figure {
        let base = self.base()?;
        let today = self.books.day_at(Stamp::from(now));
        self.books.positions(owner, today).try_fold(Money::new(Decimal::ZERO, base), |sum, line| {
            let line = line.map_err(|_| TOO_LARGE)?;
            sum.checked_add(of_line(&line)?).map_err(|_| TOO_LARGE)
        })
    }

    fn in_base(&self, line: &Position, amount: Decimal) -> Figure {
        let base = self.base()?;
        if amount.is_zero() {
            return Ok(Money::new(amount, base));
        }
        let multiplier = self.multiplier(line.con_id, line.currency)?;
        Ok(Money::new(amount.checked_mul(multiplier).ok_or(TOO_LARGE)?, base))
    }

    pub(crate) fn commissions(&self, owner: &Owner, now: Now) -> Figure {
        let base = self.base()?;
        let paid = self.books.paid(owner, self.books.day_at(Stamp::from(now)));
        paid.into_iter().filter(|(_, amount)| !amount.is_zero()).try_fold(
            Money::new(Decimal::ZERO, base),
            |sum, (currency, amount)| {
                sum.checked_add(Money::new(amount, currency)).map_err(|_| "exchange rate")
            },
        )
    }

    /// Returns the result of a book on the day of `now`.
    pub(crate) fn day_result(
        &self,
        owner: &Owner,
        now: Now,
        age_max: Option<Duration>,
    ) -> DayResult {
        let realised = self
            .sum_lines(owner, now, |line| self.in_base(line, line.realised))
            .and_then(|gross| less(gross, self.commissions(owner, now)?));
        let open = self.sum_lines(owner, now, |line| self.open_result(line, now, age_max));
        let total =
            realised.and_then(|realised| realised.checked_add(open?).map_err(|_| TOO_LARGE));
        DayResult { realised, open, total }
    }

    /// Returns the book of a bot as it is shown; lines whose numbers do not fit are left out.
    pub(crate) fn book_lines(&self, bot: &BotName, now: Now) -> Vec<BookLine> {
        let owner = Some(bot.clone());
        let lines = self.books.positions(&owner, self.books.day_at(Stamp::from(now))).flatten();
        let shown = lines.map(|line| BookLine {
            con_id: line.con_id,
            symbol: self.positions.symbol(line.con_id).unwrap_or_default().to_owned(),
            held: line.held,
            average: line.average,
            realised: self.in_base(&line, line.realised),
            open: self.open_result(&line, now, None),
            price_age: self.mark(line.con_id, line.held).map(|(_, at)| now.mono.since(at)),
        });
        shown.collect()
    }

    fn traded(&self, owner: &Owner, now: Now) -> Figure {
        self.sum_lines(owner, now, |line| self.in_base(line, line.traded))
    }

    fn over_all(&self, of: impl Fn(&Owner) -> Figure) -> Figure {
        let zero = Money::new(Decimal::ZERO, self.base()?);
        self.books
            .owners()
            .iter()
            .try_fold(zero, |sum, owner| sum.checked_add(of(owner)?).map_err(|_| TOO_LARGE))
    }

    /// Returns the account's result of the day: the broker's word, or the sum of all books when
    /// they explain every position.
    pub(crate) fn account_day(&self, now: Now, age_max: Option<Duration>) -> Figure {
        if let Some(told) = self.session.day_result {
            let is_old = age_max.is_some_and(|most| now.mono.since(told.at) > most);
            // Where nothing is held it changes with the next fill alone.
            let may_have_changed = self.positions.all_of_account().next().is_some();
            return if is_old && may_have_changed {
                Err("recent day's result of the account")
            } else {
                Ok(told.value)
            };
        }
        let is_explained = |con_id: ConId| {
            self.positions.of_account(con_id) == Some(self.positions.of_all_fills(con_id))
        };
        if !self.positions.instruments().all(is_explained) {
            return Err("day's result of the account");
        }
        self.over_all(|owner| self.day_result(owner, now, age_max).total)
    }

    /// Gathers what the controls on sums look at. What is judged once more is left out.
    pub(crate) fn standing(&self, bot: &BotName, again: Option<EntrySeq>) -> Standing {
        let now = self.now;
        let (owner, age_max) = (Some(bot.clone()), Some(MARK_AGE_MAX));
        let refused = self.bots.get(bot).map(|it| it.refused.counted(Stamp::from(now)));
        Standing {
            holdings: self.holdings(bot),
            bot_day: self.day_result(&owner, now, age_max).total,
            account_day: self.account_day(now, age_max),
            bot_traded: self.traded(&owner, now),
            account_traded: self.over_all(|owner| self.traded(owner, now)),
            minute: self.minute(bot, again),
            refused: refused.unwrap_or_default(),
        }
    }

    fn holdings(&self, bot: &BotName) -> Vec<Holding> {
        let worked = self.book.open().map(|order| order.con_id);
        let foreign = self.session.foreign.iter().map(|order| order.con_id);
        let all: BTreeSet<ConId> =
            self.positions.instruments().chain(worked).chain(foreign).collect();
        let holding = |con_id: ConId| Holding {
            con_id,
            account: self.positions.of_account(con_id),
            bot: self.positions.of_bot(bot, con_id),
            price: self.high(con_id),
            unit: self.market.instrument(con_id).map(|it| (it.multiplier, it.currency)),
        };
        all.into_iter().map(holding).collect()
    }

    /// Returns the highest recent price.
    fn high(&self, con_id: ConId) -> Result<Price, &'static str> {
        let quote = self.believed(con_id).ok_or("price of every position")?;
        if self.now.mono.since(quote.at) > MARK_AGE_MAX {
            return Err("recent price of every position");
        }
        [quote.bid, quote.ask].into_iter().flatten().max().ok_or("price of every position")
    }

    fn minute(&self, bot: &BotName, again: Option<EntrySeq>) -> Figure {
        let zero = Money::new(Decimal::ZERO, self.base()?);
        let Some(bot) = self.bots.get(bot) else { return Ok(zero) };
        let recent = bot
            .values
            .iter()
            .filter(|(entry, at, _)| Some(*entry) != again && self.now.mono.since(*at) < MINUTE);
        recent
            .map(|(_, _, value)| *value)
            .try_fold(zero, |sum, value| sum.checked_add(value?).map_err(|_| TOO_LARGE))
    }

    /// Returns what a new order may cost: at the highest of its own prices and the quote's.
    pub(crate) fn value_of(&self, intent: &Intent) -> Figure {
        let base = self.base()?;
        let con_id = self.con_id_of(intent).ok_or("contract details")?;
        let instrument = self.market.instrument(con_id).ok_or("contract details")?;
        if instrument.currency != base {
            return Err("exchange rate");
        }
        let own = [intent.kind.limit(), intent.kind.trigger()];
        let price = own.into_iter().flatten().chain(self.high(con_id)).max();
        let price = price.ok_or("price of every order of the last minute")?;
        let amount = price.value().abs().checked_mul(intent.quantity.value());
        let amount = amount.and_then(|it| it.checked_mul(instrument.multiplier.abs()));
        Ok(Money::new(amount.ok_or(TOO_LARGE)?, base))
    }

    /// Asks for details and a line of everything that is held or was traded today: nobody can say
    /// what it is worth without them.
    pub(crate) fn watch_holdings(&mut self) {
        if self.session.gateway.is_none() {
            return;
        }
        let now = self.now.mono;
        let today = self.books.day_at(Stamp::from(self.now));
        let mut held: BTreeSet<ConId> = self.positions.all_of_account().map(|(it, _)| it).collect();
        let mut traded = held.clone();
        for owner in self.books.owners() {
            for line in self.books.positions(&owner, today).flatten() {
                traded.insert(line.con_id);
                if line.held != SignedQty::FLAT {
                    held.insert(line.con_id);
                }
            }
        }
        for con_id in traded {
            if let Some(asked) = self.market.question(con_id, now) {
                self.push(Effect::WantInstrument(asked));
            }
        }
        for con_id in held {
            let is_known = self.market.instrument(con_id).is_some();
            let is_old =
                self.market.quote(con_id).is_none_or(|quote| now.since(quote.at) > LINE_LOST_AFTER);
            if is_known && is_old && self.market.wants_quote(con_id, now) {
                self.push(Effect::WantQuote(con_id));
            }
        }
    }

    /// Forgets values that no minute reaches.
    pub(crate) fn forget_values(&mut self) {
        let now = self.now.mono;
        for (_, bot) in self.bots.all_mut() {
            bot.values.retain(|(_, at, _)| now.since(*at) < MINUTE);
        }
    }
}

fn less(money: Money, other: Money) -> Figure {
    money.checked_add(Money::new(-other.amount(), other.currency())).map_err(|_| TOO_LARGE)
}
