//! How near each limit of a bot is, by what can be measured at this instant.
//!
//! For the eyes only: the judgement measures for itself.

use std::time::Duration;

use gatehouse_types::{ConId, Decimal, LimitId, Measure, Money, Now, Qty, Side, Stamp};

use crate::Engine;
use crate::bots::Bot;
use crate::status::{Headroom, measured_percent};

impl Engine {
    /// Returns the measurable limits of a bot, nearest first.
    pub(crate) fn headroom(&self, bot: &Bot, now: Now) -> Vec<Headroom> {
        let mut rows = Vec::new();
        rows.extend(self.rate(bot, LimitId::OrdersPerSecond, Duration::from_secs(1), now));
        rows.extend(self.rate(bot, LimitId::OrdersPerMinute, Duration::from_secs(60), now));
        rows.extend(self.last_quantity(bot));
        rows.extend(self.counts(bot, now));
        for con_id in self.instruments_of(bot) {
            rows.extend(self.position_share(bot, con_id));
            rows.extend(self.working_per_side(bot, con_id));
            rows.extend(self.quoted(bot, con_id, now));
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.percent));
        rows
    }

    fn rate(&self, bot: &Bot, limit: LimitId, per: Duration, now: Now) -> Option<Headroom> {
        let held = self.policy.effective(&bot.config.name, "", limit)?;
        let n = bot.recent.iter().filter(|(_, it)| now.mono.since(it.at) < per).count();
        let measured = Decimal::from(n);
        Some(Headroom {
            limit,
            subject: String::new(),
            percent: measured_percent(measured, held.value),
            measured: Measure::Orders(measured),
            allowed: Measure::Orders(held.value),
            scope: held.scope.into(),
        })
    }

    /// Orders of the day, working orders, and changes and cancels of the last second.
    fn counts(&self, bot: &Bot, now: Now) -> Vec<Headroom> {
        let name = &bot.config.name;
        let market = self.session.market.map(|told| told.value.plus(now.mono.since(told.at)));
        let stamp = Stamp { utc: now.utc, market: now.market.or(market) };
        let today = Decimal::from(bot.counters(stamp).new_orders);
        let working = Decimal::from(self.book.live(Some(name)).count());
        let churn = Decimal::from(bot.churn.count(now.mono));
        let rows = [
            (LimitId::OrdersPerDay, Measure::Orders(today)),
            (LimitId::WorkingOrders, Measure::Orders(working)),
            (LimitId::ChangesPerSecond, Measure::Changes(churn)),
        ];
        rows.into_iter().filter_map(|(id, measured)| self.row(bot, id, "", measured)).collect()
    }

    /// The fuller side of an instrument's working orders in the account.
    fn working_per_side(&self, bot: &Bot, con_id: ConId) -> Option<Headroom> {
        let symbol = self.positions.symbol(con_id)?;
        let working = self.working_without(None);
        let on =
            |side: Side| working.iter().filter(|it| it.con_id == con_id && it.side == side).count();
        let fuller = Measure::Orders(Decimal::from(on(Side::Buy).max(on(Side::Sell))));
        self.row(bot, LimitId::WorkingPerSide, symbol, fuller)
    }

    /// Age and spread of an instrument's quote.
    fn quoted(&self, bot: &Bot, con_id: ConId, now: Now) -> Vec<Headroom> {
        let (Some(symbol), Some(quote)) =
            (self.positions.symbol(con_id), self.market.quote(con_id))
        else {
            return Vec::new();
        };
        let millis = i64::try_from(now.mono.since(quote.at).as_millis()).unwrap_or(i64::MAX);
        let age = Measure::Seconds(Decimal::new(millis, 3).normalize());
        let spread = gatehouse_risk::spread_percent(quote).map(Measure::Percent);
        let age = self.row(bot, LimitId::QuoteAge, symbol, age);
        let spread = spread.and_then(|it| self.row(bot, LimitId::Spread, symbol, it));
        age.into_iter().chain(spread).collect()
    }

    /// Holds a measured number against the strictest value, in the same unit.
    fn row(&self, bot: &Bot, id: LimitId, symbol: &str, measured: Measure) -> Option<Headroom> {
        let held = self.policy.effective(&bot.config.name, symbol, id)?;
        let allowed = match &measured {
            Measure::Units(_) => Measure::Units(held.value),
            Measure::Money(money) => Measure::Money(Money::new(held.value, money.currency())),
            Measure::Percent(_) => Measure::Percent(held.value),
            Measure::Seconds(_) => Measure::Seconds(held.value),
            Measure::Orders(_) => Measure::Orders(held.value),
            Measure::Changes(_) => Measure::Changes(held.value),
            Measure::Price(_) => Measure::Price(gatehouse_types::Price::new(held.value)),
        };
        Some(Headroom {
            limit: id,
            subject: symbol.to_owned(),
            percent: measured_percent(measured.value(), held.value),
            measured,
            allowed,
            scope: held.scope.into(),
        })
    }

    fn last_quantity(&self, bot: &Bot) -> Option<Headroom> {
        let order = self.book.get(bot.last_judged?)?;
        let symbol = &order.intent.contract.symbol;
        let held = self.policy.effective(&bot.config.name, symbol, LimitId::OrderQty)?;
        let measured = order.intent.quantity.value();
        Some(Headroom {
            limit: LimitId::OrderQty,
            subject: symbol.clone(),
            percent: measured_percent(measured, held.value),
            measured: Measure::Units(measured),
            allowed: Measure::Units(held.value),
            scope: held.scope.into(),
        })
    }

    fn instruments_of(&self, bot: &Bot) -> Vec<ConId> {
        let name = &bot.config.name;
        let held = self.positions.all_of_bot(name).map(|(con_id, _)| con_id);
        let working = self.book.live(Some(name)).map(|order| order.con_id);
        let all: std::collections::BTreeSet<ConId> = held.chain(working).collect();
        all.into_iter().collect()
    }

    /// The account's position with the larger side of its working orders, as a share.
    fn position_share(&self, bot: &Bot, con_id: ConId) -> Option<Headroom> {
        let net_liquidation = self.session.net_liquidation?.value;
        let symbol = self.positions.symbol(con_id)?;
        let held = self.policy.effective(&bot.config.name, symbol, LimitId::PositionShare)?;
        let quote = self.market.quote(con_id)?;
        let price = [quote.ask, quote.bid, quote.last].into_iter().flatten().max()?;
        let multiplier = self.market.instrument(con_id)?.multiplier;
        let position = self.positions.of_account(con_id)?.value();
        let working = |side: Side| {
            let orders = self.working_without(None);
            orders
                .iter()
                .filter(|order| order.con_id == con_id && order.side == side)
                .fold(Decimal::ZERO, |sum, order| sum.saturating_add(order.remaining.value()))
        };
        let long = position.saturating_add(working(Side::Buy));
        let short = position.saturating_sub(working(Side::Sell));
        let size = Qty::try_new(long.abs().max(short.abs())).ok()?;
        let value = price.notional(size, multiplier).ok()?;
        let allowed =
            net_liquidation.amount().checked_mul(held.value)?.checked_div(Decimal::from(100))?;
        let money = |amount| Money::new(amount, net_liquidation.currency());
        Some(Headroom {
            limit: LimitId::PositionShare,
            subject: symbol.to_owned(),
            percent: measured_percent(value, allowed),
            measured: Measure::Money(money(value)),
            allowed: Measure::Money(money(allowed)),
            scope: held.scope.into(),
        })
    }
}
