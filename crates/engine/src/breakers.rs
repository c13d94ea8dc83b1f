//! What Gatehouse does by itself when a bot or the account breaches GH-42 or GH-45, and states that
//! end with the day.
//!
//! It only makes a scope stricter. What it set ends by a person, or at the instant that its entry
//! names; a halt never ends by time.

use std::collections::VecDeque;
use std::time::Duration;

use gatehouse_risk::controls::REFUSALS_WITHIN;
use gatehouse_risk::{NET_LIQUIDATION_AGE_MAX, Refused};
use gatehouse_types::{
    Actor, BotName, Decimal, LimitId, Money, Refusal, Scope, Stamp, TradingState, Utc, Verdict,
    Weight,
};

use crate::Engine;
use crate::bots::day;
use crate::standing::MARK_AGE_MAX;

/// Most refusals whose instants are kept; limits are far below.
const KEPT_MAX: usize = 1000;

/// Refusals and rejections of one bot.
#[derive(Debug, Default)]
pub(crate) struct RefusedLog {
    in_a_row: u32,
    at: VecDeque<Utc>,
}

/// Time between two looks at losses and at what is held.
const LOOK_EVERY: Duration = Duration::from_millis(100);

fn clock(stamp: Stamp) -> Utc {
    stamp.market.unwrap_or(stamp.utc)
}

impl RefusedLog {
    pub(crate) fn note(&mut self, stamp: Stamp, count: u32) {
        self.in_a_row = self.in_a_row.saturating_add(count);
        for _ in 0..count.min(u32::try_from(KEPT_MAX).unwrap_or(u32::MAX)) {
            self.at.push_back(clock(stamp));
            if self.at.len() > KEPT_MAX {
                self.at.pop_front();
            }
        }
    }

    /// The broker took an order.
    pub(crate) fn accepted(&mut self) {
        self.in_a_row = 0;
    }

    /// A person resumed the bot.
    pub(crate) fn forgive(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn counted(&self, now: Stamp) -> Refused {
        let now = clock(now);
        let within =
            self.at.iter().filter(|at| **at <= now && at.plus(REFUSALS_WITHIN) > now).count();
        let in_five_minutes = u32::try_from(within).unwrap_or(u32::MAX);
        Refused { in_a_row: self.in_a_row, in_five_minutes }
    }
}

/// Returns whether a refusal is of the bot's own doing: connection, mode, state and ledger are not,
/// nor is what was taken back.
pub(crate) fn is_own_doing(refusal: &Refusal) -> bool {
    !matches!(refusal.control().number(), 42 | 45 | 46 | 48 | 55 | 56 | 93)
}

/// Returns whether a bot earned the refusal of an order: nothing else refused it anyway.
pub(crate) fn is_earned(verdict: &Verdict) -> bool {
    let mut refusing = verdict.findings.iter().filter(|it| it.weight >= Weight::Hold);
    refusing.all(|it| is_own_doing(&it.refusal))
}

/// Returns the first instant of the next trading day that is no weekend. The engine knows no
/// holidays: on one a state ends while the market is closed.
pub(crate) fn next_session(now: Utc) -> Utc {
    const DAY_S: i64 = 86_400;
    /// Midnight in New York, standard time.
    const BEGINS_S: i64 = 5 * 3600;
    // The first of January 1970 was a Thursday.
    let is_weekend = |day: i64| matches!((day + 4).rem_euclid(7), 0 | 6);
    let mut next = day(Stamp { utc: now, market: Some(now) }) + 1;
    while is_weekend(next) {
        next += 1;
    }
    Utc::from_nanos((next * DAY_S + BEGINS_S).saturating_mul(1_000_000_000))
}

impl Engine {
    /// Ends states whose instant has come, by the Gateway's calendar.
    pub(crate) fn end_timed_states(&mut self) {
        let (Some(now), true) = (self.now.market, self.is_ledger_writable()) else { return };
        let is_due = |until: Option<Utc>| until.is_some_and(|until| until <= now);
        let bots = self.bots.all().filter(|bot| is_due(bot.until));
        let mut due: Vec<(Scope, TradingState, TradingState)> =
            bots.map(|bot| (Scope::Bot(bot.config.name.clone()), bot.state, bot.back)).collect();
        if is_due(self.account.until) {
            due.push((Scope::Account, self.account.state, self.account.back));
        }
        for (scope, from, to) in due {
            let why = "the next session began".to_owned();
            self.enter(Actor::Gatehouse, scope, (from, to), why, None);
        }
    }

    /// Looks at every bot and at the account, and makes stricter what has breached. Losses are
    /// looked at ten times a second at most; a judgement looks for itself.
    pub(crate) fn look_at_breakers(&mut self) {
        let now = self.now.mono;
        let is_due = self.books_looked.is_none_or(|at| now.since(at) >= LOOK_EVERY);
        for name in self.bots.names() {
            if name == BotName::desk() {
                continue;
            }
            self.look_at_refusals(&name);
            if is_due {
                self.look_at_bot_loss(&name);
            }
        }
        if is_due {
            self.books_looked = Some(now);
            self.look_at_account_loss();
            self.watch_holdings();
        }
    }

    fn look_at_refusals(&mut self, name: &BotName) {
        let Some(bot) = self.bots.get(name) else { return };
        if bot.state >= TradingState::Paused {
            return;
        }
        let refused = bot.refused.counted(Stamp::from(self.now));
        let is_above = |id: LimitId, count: u32| {
            let limit = self.policy.effective(name, "", id);
            limit.is_some_and(|it| count > 0 && Decimal::from(count) >= it.value)
        };
        if is_above(LimitId::RefusalsInARow, refused.in_a_row) {
            let why = format!("{} orders in a row were refused (GH-45)", refused.in_a_row);
            self.pause_for(name, &why);
        } else if is_above(LimitId::RefusalsPerFiveMinutes, refused.in_five_minutes) {
            let n = refused.in_five_minutes;
            self.pause_for(name, &format!("{n} orders were refused in 5 minutes (GH-45)"));
        }
    }

    fn look_at_bot_loss(&mut self, name: &BotName) {
        let today = day(Stamp::from(self.now));
        let Some(bot) = self.bots.get(name) else { return };
        if bot.state >= TradingState::ReduceOnly || bot.locked_on == Some(today) {
            return;
        }
        let from = bot.state;
        let Some(limit) = self.policy.effective(name, "", LimitId::BotDayLoss) else { return };
        let percent = limit.value;
        let owner = Some(name.clone());
        let result = self.day_result(&owner, self.now, Some(MARK_AGE_MAX)).total;
        if let (Ok(result), Some(allowed)) = (result, self.share(percent)) {
            self.lock(Scope::Bot(name.clone()), from, result, allowed);
        }
    }

    fn look_at_account_loss(&mut self) {
        let today = day(Stamp::from(self.now));
        let (from, locked_on) = (self.account.state, self.account.locked_on);
        if from >= TradingState::ReduceOnly || locked_on == Some(today) {
            return;
        }
        let limit = self.policy.own(&Scope::Account, LimitId::AccountDayLoss);
        let Some(percent) = limit.flatten().and_then(gatehouse_types::LimitValue::number) else {
            return;
        };
        let result = self.account_day(self.now, Some(MARK_AGE_MAX));
        if let (Ok(result), Some(allowed)) = (result, self.share(percent)) {
            self.lock(Scope::Account, from, result, allowed);
        }
    }

    /// Returns a share of net liquidation, when that is known and recent.
    fn share(&self, percent: Decimal) -> Option<Decimal> {
        let known = self.session.net_liquidation?;
        if self.now.mono.since(known.at) > NET_LIQUIDATION_AGE_MAX {
            return None;
        }
        let worth = known.value.amount().max(Decimal::ZERO);
        worth.checked_mul(percent)?.checked_div(Decimal::from(100))
    }

    /// Sets a scope to reduce-only until the next session when its loss has reached the limit.
    fn lock(&mut self, scope: Scope, from: TradingState, result: Money, allowed: Decimal) {
        let loss = -result.amount();
        if loss.is_zero() || loss.is_sign_negative() || loss < allowed {
            return;
        }
        let shown = |amount: Decimal| Money::new(amount.round_dp(2).normalize(), result.currency());
        let (loss, limit) = (shown(loss), shown(allowed));
        let why = format!("the day's loss of {loss} has reached {limit} (GH-42)");
        // Without the Gateway's time nobody knows when the session ends: a person does it.
        let until = self.now.market.map(next_session);
        let change = (from, TradingState::ReduceOnly);
        self.enter(Actor::Gatehouse, scope, change, why, until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_session_begins_at_midnight_in_new_york_and_never_on_a_weekend() {
        let check = |now: i64, next: i64| {
            let at = Utc::from_nanos(now * 1_000_000_000);
            assert_eq!(next_session(at).secs(), next, "{now}");
        };
        // Monday 5 January 2026, 09:30 New York.
        check(1_767_623_400, 1_767_675_600);
        // Friday 9 January 2026, 15:00 New York: Monday the 12th.
        check(1_767_988_800, 1_768_194_000);
        // Saturday.
        check(1_768_060_000, 1_768_194_000);
    }
}
