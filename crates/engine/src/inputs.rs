//! What a verdict is recorded with: the figures of the view that it was made from.
//!
//! It reads what was gathered for the judgement and nothing else, so the record cannot differ from
//! what was judged.

use gatehouse_risk::{Lookup, View, side_quantity};
use gatehouse_types::{
    BotName, Inputs, Intent, Now, Qty, Seen, SeenInstrument, SeenMoney, SeenQuote,
};

/// Returns what a judgement of the intent by this view looks at.
pub(crate) fn inputs(view: &View<'_>, intent: &Intent, now: Now) -> Inputs {
    let found = match view.instrument {
        Lookup::Found(found) => Some(found),
        Lookup::Unknown | Lookup::Ambiguous => None,
    };
    let working = |owner: Option<&BotName>| {
        let sum = side_quantity(view, found?.con_id, intent.side, owner, None)?;
        Qty::try_new(sum).ok()
    };
    Inputs {
        instrument: found.map(|it| SeenInstrument {
            con_id: it.con_id,
            symbol: it.symbol.clone(),
            sec_type: it.sec_type.clone(),
            currency: it.currency,
            min_tick: it.min_tick,
            multiplier: it.multiplier,
        }),
        quote: view.quote.map(|quote| SeenQuote {
            bid: quote.bid,
            ask: quote.ask,
            last: quote.last,
            age: now.mono.since(quote.at),
            data: quote.data,
        }),
        hours: found.and_then(|it| it.hours.at(now.market?)),
        price_move: view.price_move,
        position: Seen { bot: found.map(|_| view.bot_position), account: view.account_position },
        working: Seen { bot: working(Some(view.bot)), account: working(None) },
        net_liquidation: view
            .net_liquidation
            .map(|known| SeenMoney { value: known.value, age: now.mono.since(known.at) }),
        orders_today: view.orders_today,
        day_result: Seen {
            bot: view.standing.bot_day.ok(),
            account: view.standing.account_day.ok(),
        },
    }
}
