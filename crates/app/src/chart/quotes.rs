//! The latest prices of the symbols in the window.

use std::time::Duration;

use gatehouse_desk::Ask;
use gatehouse_ipc::Quote;
use gatehouse_types::{BotName, Decimal, LimitId};

use crate::app::App;
use crate::names::AGAIN_AFTER;

/// Names that are asked for in one go, so that a long list does not spend the messages of orders.
const ASKED_AT_ONCE: usize = 5;

/// Returns for each symbol the bots that hold it or have an order in it, and the strictest limit
/// on the age of its quote.
pub(crate) fn known(
    status: &gatehouse_engine::Status,
    symbols: &[String],
) -> Vec<(Vec<String>, Option<Duration>)> {
    let of = |symbol: &String| {
        let trades = |bot: &&gatehouse_engine::BotStatus| {
            let name = &bot.config.name;
            bot.positions.iter().any(|it| &it.symbol == symbol && !it.held.size().is_zero())
                || status.working.iter().any(|it| {
                    &it.symbol == symbol && it.order.as_ref().is_some_and(|it| &it.bot == name)
                })
        };
        let bots: Vec<BotName> =
            status.bots.iter().filter(trades).map(|bot| bot.config.name.clone()).collect();
        let desk = BotName::desk();
        let limits = bots.iter().chain([&desk]).filter_map(|bot| {
            status.policy.effective(bot, symbol, LimitId::QuoteAge).map(|limit| limit.value)
        });
        let age_max = limits.min().and_then(|seconds| {
            let millis = seconds.checked_mul(Decimal::ONE_THOUSAND)?;
            u64::try_from(millis.floor()).ok().map(Duration::from_millis)
        });
        (bots.iter().map(ToString::to_string).collect(), age_max)
    };
    symbols.iter().map(of).collect()
}

/// Returns the symbols that lines are kept on, the most important first: what is held or worked,
/// then what the window shows.
pub(crate) fn wanted(status: &gatehouse_engine::Status, shown: &[String]) -> Vec<String> {
    let bots = status.bots.iter().flat_map(|bot| &bot.positions);
    let held = status.positions.iter().chain(bots).filter(|it| !it.held.size().is_zero());
    let worked = status.working.iter().map(|it| &it.symbol);
    let mut wanted: Vec<String> = Vec::new();
    for symbol in held.map(|it| &it.symbol).chain(worked).chain(shown) {
        if !symbol.is_empty() && !wanted.contains(symbol) {
            wanted.push(symbol.clone());
        }
    }
    wanted
}

/// Returns the latest quotes of what is held, worked or shown, and has lines kept on it as far as
/// they fit.
pub(crate) fn quotes(app: &App) -> Vec<Quote> {
    let now = app.clock.now().mono;
    let shown = app.shown_symbols();
    let seen = app.proxy.inspect(move |engine, now| {
        let status = engine.status(now);
        let symbols = wanted(&status, &shown);
        let known = known(&status, &symbols);
        symbols.into_iter().zip(known).collect::<Vec<_>>()
    });
    let mut n_asked = 0;
    let mut named = Vec::new();
    for (symbol, known) in seen.unwrap_or_default() {
        let con_id = if n_asked < ASKED_AT_ONCE {
            let ask = |contract| {
                n_asked += 1;
                drop(app.asks.send(Ask::Instrument(contract)));
            };
            // Not waited for: the next look, half a second later, knows it.
            app.market.con_id(&symbol, (Duration::ZERO, AGAIN_AFTER), ask)
        } else {
            app.market.named(&symbol)
        };
        named.extend(con_id.map(|con_id| (con_id, symbol, known)));
    }
    drop(app.asks.send(Ask::Watch(named.iter().map(|(con_id, _, _)| *con_id).collect())));
    let quote = |(con_id, symbol, (bots, age_max)): (_, _, (_, Option<Duration>))| {
        let quote = app.market.quote(con_id)?;
        Some(Quote {
            symbol,
            bid: quote.bid.map(|price| price.to_string()),
            ask: quote.ask.map(|price| price.to_string()),
            last: quote.last.map(|price| price.to_string()),
            change_percent: app.market.change_percent(con_id).map(|it| it.to_string()),
            is_stale: age_max.is_some_and(|most| now.since(quote.at) > most),
            bots,
            age_ms: u32::try_from(now.since(quote.at).as_millis()).unwrap_or(u32::MAX),
            is_live: quote.data == gatehouse_types::DataType::Live,
        })
    };
    named.into_iter().filter_map(quote).collect()
}
