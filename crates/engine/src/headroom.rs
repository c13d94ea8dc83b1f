//! How near each limit of a bot is, by what can be measured at this instant.
//!
//! For the eyes only: the judgement measures for itself.

use std::time::Duration;

use gatehouse_types::{ConId, Decimal, LimitId, Measure, Money, Now, Qty, Side};

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
        for con_id in self.instruments_of(bot) {
            rows.extend(self.position_share(bot, con_id));
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
