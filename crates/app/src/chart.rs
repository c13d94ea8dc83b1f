//! What the Chart screen asks for: bars from the Gateway, and the ledger's marks among them.

use std::time::Duration;

use gatehouse_desk::{Ask, BarSize};
use gatehouse_ipc::{Bar, Bars, ChartMark, Failure, FailureKind, Quote};
use gatehouse_ledger::{Filter, Order, Page, StoredEntry};
use gatehouse_types::{EntryKind, Outcome, Side, Utc};
use tokio::sync::oneshot;

use crate::app::App;
use crate::failure::{bad_input, broken, failure, stopping};
use crate::view::{row, words};

/// How long the Gateway may take to name an instrument.
const NAMED_WITHIN: Duration = Duration::from_secs(5);

/// Marks on one chart; a day with more is a runaway's, whose refusals are counted instead.
const MARKS_MAX: u32 = 2000;

/// Returns bars and marks of a symbol.
pub(crate) fn bars(app: &App, symbol: &str, bar: &str) -> Result<Bars, Failure> {
    let size = BarSize::from_name(bar).ok_or_else(|| {
        bad_input(
            "No chart is shown.",
            format!("{bar:?} is not a bar size."),
            "Use 1m, 5m, 15m, 1h or 1d.",
        )
    })?;
    let ask = |contract| drop(app.asks.send(Ask::Instrument(contract)));
    let con_id = app.market.con_id(symbol, NAMED_WITHIN, ask).ok_or_else(|| {
        failure(
            "no-instrument",
            FailureKind::Broken,
            "No chart is shown.",
            format!("The Gateway did not name an instrument {symbol}."),
            "Check the symbol and the connection to the Gateway.",
        )
    })?;
    let (reply, answer) = oneshot::channel();
    app.asks.send(Ask::Bars { con_id, size, reply }).map_err(|_| stopping())?;
    let fetched = answer.blocking_recv().map_err(|_| stopping())?.map_err(|error| {
        broken("No chart is shown.", &error, "Try again; the rest of Gatehouse goes on.")
    })?;
    let bars = fetched
        .into_iter()
        .map(|bar| Bar {
            time: bar.at.secs(),
            open: bar.open.to_string(),
            high: bar.high.to_string(),
            low: bar.low.to_string(),
            close: bar.close.to_string(),
            volume: bar.volume.to_string(),
        })
        .collect();
    Ok(Bars { symbol: symbol.to_owned(), bar: bar.to_owned(), bars, marks: marks(app, symbol)? })
}

/// Returns every fill and every refused order of a symbol, oldest first.
fn marks(app: &App, symbol: &str) -> Result<Vec<ChartMark>, Failure> {
    let mut reader = app.ledger.reader()?;
    let of_symbol = Filter { symbol: Some(symbol.to_owned()), ..Filter::default() };
    let fills = Filter { kinds: vec!["filled".to_owned()], ..of_symbol.clone() };
    let refused = Filter { outcome: Some(Outcome::Refuse), ..of_symbol };
    let mut marks = Vec::new();
    for filter in [fills, refused] {
        let page = Page { order: Order::NewestFirst, limit: MARKS_MAX };
        let stored = reader.entries(&filter, page).map_err(|error| {
            broken("The chart has no marks.", &error, "Run: gatehouse audit verify")
        })?;
        marks.extend(stored.iter().filter_map(mark));
    }
    marks.sort_by_key(|mark: &ChartMark| (mark.time, mark.seq));
    Ok(marks)
}

fn mark(stored: &StoredEntry) -> Option<ChartMark> {
    let entry = &stored.entry;
    let stamped = entry.stamp.market.unwrap_or(entry.stamp.utc);
    let text = row::row(entry, stored.hash.as_bytes()).summary;
    let mark = |sign: &str, at: Utc, bot: String, price: Option<String>| ChartMark {
        seq: entry.seq.get(),
        time: at.secs(),
        sign: sign.to_owned(),
        bot,
        price,
        text: text.clone(),
    };
    if let EntryKind::Filled { execution } = &entry.kind {
        let sign = match execution.side {
            Side::Buy => "buy-fill",
            Side::Sell => "sell-fill",
        };
        let bot =
            execution.order.as_ref().map_or_else(|| "account".to_owned(), |o| o.bot.to_string());
        let at = execution.at.unwrap_or(stamped);
        return Some(mark(sign, at, bot, Some(execution.price.to_string())));
    }
    if let EntryKind::Judged { bot, intent, .. } = &entry.kind {
        let price = words::table_price(&intent.kind).map(|price| price.to_string());
        return Some(mark("refused", stamped, bot.to_string(), price));
    }
    None
}

/// Returns the latest quotes of symbols, and keeps their lines open.
pub(crate) fn quotes(app: &App, symbols: &[String]) -> Vec<Quote> {
    let now = app.clock.now().mono;
    let mut quotes = Vec::new();
    for symbol in symbols {
        let ask = |contract| drop(app.asks.send(Ask::Instrument(contract)));
        // Not waited for: the next request, half a second later, knows it.
        let Some(con_id) = app.market.con_id(symbol, Duration::ZERO, ask) else { continue };
        drop(app.asks.send(Ask::Quote(con_id)));
        let Some(quote) = app.market.quote(con_id) else { continue };
        quotes.push(Quote {
            symbol: symbol.clone(),
            bid: quote.bid.map(|price| price.to_string()),
            ask: quote.ask.map(|price| price.to_string()),
            last: quote.last.map(|price| price.to_string()),
            change_percent: None,
            age_ms: u32::try_from(now.since(quote.at).as_millis()).unwrap_or(u32::MAX),
            is_live: quote.live,
        });
    }
    quotes
}
