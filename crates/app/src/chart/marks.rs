//! The ledger's marks on a chart.

use gatehouse_ipc::{ChartMark, Failure};
use gatehouse_ledger::{Calendar, Filter, Order, Page, ReadError, Reader, Span, StoredEntry};
use gatehouse_types::{EntryKind, Outcome, Side, Utc};

use crate::app::App;
use crate::failure::broken;
use crate::view::{row, words};

/// Marks of a kind on one chart: more are a blot, and each is drawn with every frame.
const MARKS_MAX: usize = 2000;
/// Entries that are read in one go.
const PAGE: u32 = 1000;
/// Entries of a kind that are looked at; what is recorded after the span is among them.
const LOOKED_MAX: usize = 20_000;
/// The broker tells executions of the last seven days after an outage.
const TOLD_WITHIN: i64 = 7 * 86_400;

/// Which marks are wanted. Instants are seconds since 1970 on the Gateway's calendar, ends excluded.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wanted {
    pub(crate) from: Option<i64>,
    pub(crate) to: Option<i64>,
    /// What the ledger recorded later is left out.
    pub(crate) recorded_by: Option<i64>,
}

/// Marks, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) marks: Vec<ChartMark>,
    /// Before this instant some are left out, as there are too many.
    pub(crate) cut: Option<i64>,
}

/// Returns the fills and refused orders of a symbol that happened within a span.
pub(crate) fn marks(app: &App, symbol: &str, wanted: Wanted) -> Result<Found, Failure> {
    let mut reader = app.ledger.reader()?;
    read(&mut reader, symbol, wanted, MARKS_MAX)
        .map_err(|error| broken("The chart has no marks.", &error, "Run: gatehouse audit verify"))
}

fn read(
    reader: &mut Reader,
    symbol: &str,
    wanted: Wanted,
    n_max: usize,
) -> Result<Found, ReadError> {
    let of_symbol = Filter { symbol: Some(symbol.to_owned()), ..Filter::default() };
    let fills = Filter {
        kinds: vec!["filled".to_owned()],
        span: span(wanted, TOLD_WITHIN),
        ..of_symbol.clone()
    };
    let refused = Filter { outcome: Some(Outcome::Refuse), span: span(wanted, 0), ..of_symbol };
    let mut found = Found::default();
    for filter in [fills, refused] {
        let Found { marks, cut } = newest(reader, filter, wanted, n_max)?;
        found.cut = found.cut.max(cut);
        found.marks.extend(marks);
    }
    found.marks.sort_by_key(|mark| (mark.time, mark.seq));
    Ok(found)
}

/// Returns the newest marks of a kind.
fn newest(
    reader: &mut Reader,
    mut filter: Filter,
    wanted: Wanted,
    n_max: usize,
) -> Result<Found, ReadError> {
    let is_wanted = |mark: &ChartMark| {
        wanted.from.is_none_or(|from| mark.time >= from)
            && wanted.to.is_none_or(|to| mark.time < to)
    };
    let mut marks: Vec<ChartMark> = Vec::new();
    let mut n_looked = 0;
    loop {
        let page = reader.entries(&filter, Page { order: Order::NewestFirst, limit: PAGE })?;
        n_looked += page.len();
        marks.extend(page.iter().filter_map(mark).filter(is_wanted));
        let Some(last) = page.last() else { return Ok(Found { marks, cut: None }) };
        filter.before = Some(last.entry.seq);
        if marks.len() > n_max {
            marks.truncate(n_max);
            let cut = marks.iter().map(|mark| mark.time).min();
            return Ok(Found { marks, cut });
        }
        if n_looked >= LOOKED_MAX {
            return Ok(Found { marks, cut: Some(recorded(last).secs()) });
        }
    }
}

/// Returns when they were recorded, up to `later` seconds after they happened; no span when any
/// instant is wanted, so that entries from before the Gateway's time was known are shown too.
fn span(wanted: Wanted, later: i64) -> Option<Span> {
    let instant = |secs: i64| Utc::from_nanos(secs.saturating_mul(1_000_000_000));
    let Wanted { from, to, recorded_by } = wanted;
    let happened = to.map_or(i64::MAX, |to| to.saturating_add(later));
    let end = recorded_by.map_or(happened, |by| by.min(happened));
    (from.is_some() || end < i64::MAX).then(|| Span {
        calendar: Calendar::Market,
        from: instant(from.unwrap_or(0)),
        to: instant(end),
    })
}

fn recorded(stored: &StoredEntry) -> Utc {
    stored.entry.stamp.market.unwrap_or(stored.entry.stamp.utc)
}

fn mark(stored: &StoredEntry) -> Option<ChartMark> {
    let entry = &stored.entry;
    let recorded = recorded(stored);
    let text = row::row(entry, stored.hash.as_bytes()).summary;
    let mark = |sign: &str, at: Utc, bot: String, price: Option<String>| ChartMark {
        seq: entry.seq.get(),
        time: at.secs(),
        recorded: recorded.secs(),
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
        let at = execution.at.unwrap_or(recorded);
        return Some(mark(sign, at, bot, Some(execution.price.to_string())));
    }
    if let EntryKind::Judged { bot, intent, .. } = &entry.kind {
        let price = words::table_price(&intent.kind).map(|price| price.to_string());
        return Some(mark("refused", recorded, bot.to_string(), price));
    }
    None
}

#[cfg(test)]
mod tests {
    use gatehouse_testkit::{bot, intent, qty};
    use gatehouse_types::{
        ConId, Currency, ExecId, Execution, Finding, PermId, Refusal, Scope, Verdict, Weight,
    };

    use super::*;
    use crate::chart::sample;

    /// A fill of SPY at a second of the market's clock.
    fn fill(second: i64) -> EntryKind {
        EntryKind::Filled {
            execution: Execution {
                exec_id: ExecId::new(second.to_string()),
                order: None,
                perm_id: PermId::new(1),
                con_id: ConId::new(756_733),
                symbol: "SPY".to_owned(),
                currency: Currency::USD,
                side: Side::Buy,
                quantity: qty("10"),
                price: "660".parse().expect("is a price"),
                at: Some(Utc::from_nanos(second * 1_000_000_000)),
            },
        }
    }

    fn refusal() -> EntryKind {
        let finding = Finding {
            weight: Weight::Refuse,
            refusal: Refusal::ContractUnknown { symbol: "SPY".to_owned() },
            scope: Scope::Account,
        };
        EntryKind::Judged {
            bot: bot(),
            intent: Box::new(intent().build()),
            replaces: None,
            verdict: Verdict { findings: vec![finding], is_exit: false, n_controls: 1 },
            policy_version: 1,
            frame: vec![1],
            inputs: None,
        }
    }

    /// Returns instants of marks, with those of their entries, and where they are cut.
    fn shown(kinds: Vec<(i64, EntryKind)>, wanted: Wanted) -> (Vec<(i64, i64)>, Option<i64>) {
        let (_folder, mut reader) = sample::ledger(kinds);
        let Found { marks, cut } = read(&mut reader, "SPY", wanted, 3).expect("reads");
        (marks.iter().map(|mark| (mark.time, mark.recorded)).collect(), cut)
    }

    #[test]
    fn what_came_after_the_span_takes_no_place_in_it() {
        let later = (200..300).flat_map(|at| [(at, fill(at)), (at, refusal())]);
        let life = [(100, fill(100)), (101, refusal())].into_iter().chain(later).collect();
        let wanted = Wanted { from: Some(50), to: Some(150), recorded_by: None };
        assert_eq!(shown(life, wanted), (vec![(100, 100), (101, 101)], None));
    }

    #[test]
    fn more_than_are_drawn_are_cut_and_it_is_said_where() {
        let life: Vec<_> = (100..110).map(|at| (at, refusal())).collect();
        let newest = (107..110).map(|at| (at, at)).collect();
        assert_eq!(shown(life.clone(), Wanted::default()), (newest, Some(107)));
        let all = (100..103).map(|at| (at, at)).collect();
        let wanted = Wanted { to: Some(103), ..Wanted::default() };
        assert_eq!(shown(life, wanted), (all, None));
    }

    #[test]
    fn a_fill_stands_where_it_happened_and_is_known_when_it_was_recorded() {
        let life = vec![(100, fill(100)), (500, fill(120))];
        let wanted = Wanted { from: Some(90), to: Some(130), recorded_by: None };
        assert_eq!(shown(life.clone(), wanted), (vec![(100, 100), (120, 500)], None));
        let by_then = Wanted { recorded_by: Some(400), ..wanted };
        assert_eq!(shown(life, by_then), (vec![(100, 100)], None));
    }
}
