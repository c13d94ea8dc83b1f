//! Closing by hand: the review, and the act once a person confirmed it. What may be closed is the
//! engine's decision; the orders go through the desk's door.

use std::time::Duration;

use gatehouse_desk::{Ask, PlaceKind, PlaceOrder, PlaceTif};
use gatehouse_engine::{Close, Command, CommandError, Done, FlattenPlan};
use gatehouse_ipc::{
    Failure, FailureKind, FlattenCancel, FlattenDone, FlattenReview, Outcome, Reply,
};
use gatehouse_proxy::AskError;
use gatehouse_types::{Decimal, Price, Side, TradingState};

use crate::app::App;
use crate::failure::{self, broken, failure, stopping};
use crate::requests::{Confirmation, parse_scope};
use crate::ticket::review_again;
use crate::view;

/// How far through the best price a closing order may trade: it fills at once in a market that
/// moves, and not at any price.
pub(crate) const COLLAR_PERCENT: Decimal = Decimal::ONE;

/// How long a price may be old that a closing order is reckoned from.
pub(crate) const PRICE_AGE_MAX: Duration = Duration::from_secs(30);

/// How long cancels may take before a closing order is given up: the engine's grant ends then, too.
const CANCELLED_WITHIN: Duration = Duration::from_secs(20);
const QUOTED_WITHIN: Duration = Duration::from_secs(3);

/// What the closing orders carry in the record.
const ORDER_REF: &str = "flatten";

impl App {
    /// Says what a flatten would do.
    pub(crate) fn flatten_review(&self, scope: &str) -> Result<FlattenReview, Failure> {
        let parsed = parse_scope(scope)?;
        let seen = self
            .proxy
            .inspect(move |engine, now| (engine.flatten_plan(&parsed), engine.status(now)))
            .ok_or_else(stopping)?;
        let (plan, status) = seen;
        for close in &plan.closes {
            drop(self.asks.send(Ask::Quote(close.con_id)));
            self.market.wait_quote(close.con_id, QUOTED_WITHIN);
        }
        let now = self.clock.now().mono;
        let cancels = plan.cancels.iter().map(|order| {
            let working = status.working.iter().find(|it| it.order.as_ref() == Some(order));
            FlattenCancel {
                bot: order.bot.to_string(),
                order_id: order.order_id.get(),
                symbol: working.map_or_else(String::new, |it| it.symbol.clone()),
                what: working.map_or_else(String::new, view::positions::what),
            }
        });
        let cancels: Vec<FlattenCancel> = cancels.collect();
        let rows = plan
            .closes
            .iter()
            .map(|close| view::flatten::row(close, self.price(close), self.reference(close)))
            .collect();
        let token = self.flattens.make(plan, now);
        let state = status.account_state.max(match status.kill {
            Some(_) => TradingState::Killed,
            None => TradingState::Active,
        });
        Ok(view::flatten::review(token, scope, rows, cancels, state))
    }

    /// Does what was reviewed.
    pub(crate) fn flatten(
        &self,
        scope: &str,
        token: &str,
        confirmation: Confirmation,
    ) -> Result<Reply, Failure> {
        let now = self.clock.now().mono;
        let parsed = parse_scope(scope)?;
        let reviewed = self.flattens.look(token, now).filter(|plan| plan.scope == parsed);
        let reviewed = reviewed.ok_or_else(|| review_again("Nothing was closed."))?;
        if confirmation == Confirmation::None {
            return Err(asks(&reviewed));
        }
        if self.flattens.take(token, now).is_none() {
            return Err(review_again("Nothing was closed."));
        }
        let command = Command::Flatten { reviewed: reviewed.clone() };
        let done = self.proxy.command(command).map_err(|error| match error {
            AskError::Refused(CommandError::PlanChanged) => review_again("Nothing was closed."),
            AskError::Refused(refused) => failure::command(&refused),
            AskError::NoAnswer => broken(
                "It is not known whether this was done.",
                &error,
                "Look at the audit screen before trying again.",
            ),
        })?;
        let cancels = match done {
            Done::Cancelling(n) => u32::try_from(n).unwrap_or(u32::MAX),
            Done::Now | Done::After(_) => 0,
        };
        let possible = reviewed.closes.iter().filter(|close| close.obstacle.is_none());
        let orders = possible.map(|close| self.close(close)).collect();
        Ok(Reply::Flattened { cancels, orders })
    }

    fn close(&self, close: &Close) -> FlattenDone {
        let (symbol, con_id) = (close.symbol.clone(), close.con_id);
        let not_sent = |why: &str| FlattenDone {
            symbol: symbol.clone(),
            order_id: None,
            is_sent: false,
            sentence: format!("Not closed: {why}."),
        };
        let may_close =
            || self.proxy.inspect(move |engine, _| engine.may_close(con_id)).unwrap_or(false);
        if !self.verdicts.wait_until(CANCELLED_WITHIN, may_close) {
            return not_sent("its working orders were not confirmed as cancelled in time");
        }
        let Some(limit) = self.price(close) else {
            return not_sent("there is no fresh price to hold the order");
        };
        let order = PlaceOrder {
            con_id,
            symbol: symbol.clone(),
            currency: self.market.currency(con_id).unwrap_or_else(|| "USD".to_owned()),
            side: close.side,
            quantity: close.quantity.value(),
            kind: PlaceKind::Limit { limit: limit.value() },
            tif: PlaceTif::ImmediateOrCancel,
            outside_rth: true,
            order_ref: ORDER_REF.to_owned(),
        };
        match self.send(vec![order], None) {
            Ok(placed) => FlattenDone {
                symbol,
                order_id: Some(placed.order_id),
                is_sent: matches!(placed.outcome, Some(Outcome::Allowed | Outcome::Warned)),
                sentence: placed.sentence,
            },
            Err(failure) => not_sent(failure.why.trim_end_matches('.')),
        }
    }

    /// Returns the limit of a closing order: through the best price by the collar, on a tick.
    fn price(&self, close: &Close) -> Option<Price> {
        let tick = self.market.min_tick(close.con_id)?;
        through(close.side, self.reference(close)?, tick)
    }

    fn reference(&self, close: &Close) -> Option<Price> {
        let quote = self.market.quote(close.con_id)?;
        let is_fresh = self.clock.now().mono.since(quote.at) <= PRICE_AGE_MAX;
        match close.side {
            Side::Sell => quote.bid,
            Side::Buy => quote.ask,
        }
        .filter(|_| is_fresh)
    }
}

/// Returns a price that is the collar worse than `best`, rounded to the tick beyond it.
fn through(side: Side, best: Price, tick: Decimal) -> Option<Price> {
    let collar = best.value().checked_mul(COLLAR_PERCENT)?.checked_div(Decimal::ONE_HUNDRED)?;
    if tick <= Decimal::ZERO {
        return None;
    }
    let steps = |value: Decimal| value.checked_div(tick);
    let limit = match side {
        Side::Sell => steps(best.value() - collar)?.floor(),
        Side::Buy => steps(best.value() + collar)?.ceil(),
    };
    limit.checked_mul(tick).filter(|limit| *limit > Decimal::ZERO).map(Price::new)
}

/// Asks the person, outside the web view.
fn asks(reviewed: &FlattenPlan) -> Failure {
    let possible: Vec<String> = reviewed
        .closes
        .iter()
        .filter(|close| close.obstacle.is_none())
        .map(|close| format!("{} {} {}", close.side, close.quantity, close.symbol))
        .collect();
    let cancelled = match reviewed.cancels.len() {
        0 => String::new(),
        1 => " One working order is cancelled first.".to_owned(),
        n => format!(" {n} working orders are cancelled first."),
    };
    failure(
        "needs-confirmation",
        FailureKind::YoursToFix,
        "Nothing was closed.",
        format!("{}.{cancelled}", possible.join(", ")),
        "Close these positions",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closing_price_is_one_percent_through_the_market_on_a_tick() {
        let px = |text: &str| text.parse::<Price>().expect("is a price");
        let tick = Decimal::new(1, 2);
        assert_eq!(through(Side::Sell, px("662.14"), tick), Some(px("655.51")));
        assert_eq!(through(Side::Buy, px("662.14"), tick), Some(px("668.77")));
        assert_eq!(through(Side::Sell, px("0.01"), tick), None);
    }
}
