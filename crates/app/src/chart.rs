//! What the Chart screen asks for: bars from the Gateway, and the ledger's marks among them.

use std::time::Duration;

use gatehouse_desk::{Ask, BarSize};
use gatehouse_ipc::{Bar, Bars, ChartMark, Failure, FailureKind, LinePoint, Quote, SessionSpan};
use gatehouse_ledger::{Filter, Order, Page, StoredEntry};
use gatehouse_types::{BotName, Decimal, EntryKind, LimitId, Outcome, Side, Utc};
use tokio::sync::oneshot;

use crate::app::App;
use crate::failure::{bad_input, broken, failure, stopping};
use crate::view::{row, session, words};

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
    let is_intraday = size != BarSize::Day;
    let (vwap, sessions) =
        if is_intraday { (vwap(&fetched), sessions(&fetched)) } else { (Vec::new(), Vec::new()) };
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
    let (symbol, bar) = (symbol.to_owned(), bar.to_owned());
    let marks = marks(app, &symbol)?;
    Ok(Bars { symbol, bar, bars, marks, vwap, sessions })
}

/// Places that a price of the line needs beyond the bars' own.
const VWAP_PLACES: u32 = 4;

/// Returns the volume-weighted average of the typical price since each day's first bar.
fn vwap(bars: &[gatehouse_desk::Bar]) -> Vec<LinePoint> {
    let (mut day, mut value, mut volume) = (None, Decimal::ZERO, Decimal::ZERO);
    let mut points = Vec::new();
    for bar in bars {
        let date = session::date(bar.at);
        if date != day {
            (day, value, volume) = (date, Decimal::ZERO, Decimal::ZERO);
        }
        let typical = (bar.high.value() + bar.low.value() + bar.close.value()) / Decimal::from(3);
        value = value.saturating_add(typical.saturating_mul(bar.volume.value()));
        volume = volume.saturating_add(bar.volume.value());
        if let Some(average) = value.checked_div(volume) {
            let value = average.round_dp(VWAP_PLACES).to_string();
            points.push(LinePoint { time: bar.at.secs(), value });
        }
    }
    points
}

/// Returns the sessions of every day that has a bar.
fn sessions(bars: &[gatehouse_desk::Bar]) -> Vec<SessionSpan> {
    let mut dates: Vec<_> = bars.iter().filter_map(|bar| session::date(bar.at)).collect();
    dates.dedup();
    dates.into_iter().flat_map(session::spans).collect()
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

/// Returns the latest quotes of symbols, and keeps their lines open.
pub(crate) fn quotes(app: &App, symbols: &[String]) -> Vec<Quote> {
    let now = app.clock.now().mono;
    let mut quotes = Vec::new();
    let wanted = symbols.to_vec();
    let Some(known) = app.proxy.inspect(move |engine, now| known(&engine.status(now), &wanted))
    else {
        return quotes;
    };
    for (symbol, (bots, age_max)) in symbols.iter().zip(known) {
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
            change_percent: app.market.change_percent(con_id).map(|it| it.to_string()),
            is_stale: age_max.is_some_and(|most| now.since(quote.at) > most),
            bots,
            age_ms: u32::try_from(now.since(quote.at).as_millis()).unwrap_or(u32::MAX),
            is_live: quote.data == gatehouse_types::DataType::Live,
        });
    }
    quotes
}
