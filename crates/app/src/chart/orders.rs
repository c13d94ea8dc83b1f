//! Orders as they worked over a time, from the ledger: for charts that play a past day.

use gatehouse_ipc::{Failure, OrderSpan};
use gatehouse_ledger::{Calendar, Filter, Order, Page, Reader, Span, StoredEntry};
use gatehouse_types::{Entry, EntryKind, OrderRef, Outcome, Utc};

use crate::app::App;
use crate::failure::broken;
use crate::view::words;

/// Requests that are looked at; a day with more is a runaway's.
const REQUESTS_MAX: u32 = 500;
/// What happens to one order; more are updates of a trailing one.
const STEPS_MAX: u32 = 300;
/// Orders that rest for longer before the span are not found.
const BEFORE_S: i64 = 30 * 86_400;

/// Returns the orders of a symbol that worked at some time of `[from, to)`, in seconds since 1970
/// on the Gateway's calendar, oldest first; one for each set of terms. Orders without a price are
/// left out.
pub(crate) fn order_spans(
    app: &App,
    symbol: &str,
    from: i64,
    to: i64,
) -> Result<Vec<OrderSpan>, Failure> {
    let mut reader = app.ledger.reader()?;
    read(&mut reader, symbol, from, to)
        .map_err(|error| broken("The chart has no orders.", &error, "Run: gatehouse audit verify"))
}

fn read(
    reader: &mut Reader,
    symbol: &str,
    from: i64,
    to: i64,
) -> Result<Vec<OrderSpan>, gatehouse_ledger::ReadError> {
    let instant = |secs: i64| Utc::from_nanos(secs.saturating_mul(1_000_000_000));
    let span = Span {
        calendar: Calendar::Market,
        from: instant(from.saturating_sub(BEFORE_S)),
        to: instant(to),
    };
    let requests = Filter {
        kinds: vec!["judged".to_owned()],
        symbol: Some(symbol.to_owned()),
        span: Some(span),
        ..Filter::default()
    };
    let page = Page { order: Order::NewestFirst, limit: REQUESTS_MAX };
    let mut spans = Vec::new();
    for stored in reader.entries(&requests, page)?.iter().rev() {
        let Some((order, mut begun)) = begun(stored) else { continue };
        let after =
            Filter { after: Some(stored.entry.seq), order: Some(order), ..Filter::default() };
        let page = Page { order: Order::OldestFirst, limit: STEPS_MAX };
        let steps = reader.entries(&after, page)?;
        begun.to = steps.iter().find(|step| ends(&step.entry)).map(|step| at(&step.entry));
        if begun.to.is_none_or(|end| end >= from) {
            spans.push(begun);
        }
    }
    Ok(spans)
}

/// Returns what an allowed request began, when it has a price.
fn begun(stored: &StoredEntry) -> Option<(OrderRef, OrderSpan)> {
    let EntryKind::Judged { bot, intent, verdict, .. } = &stored.entry.kind else { return None };
    let price = intent.kind.trigger().or_else(|| intent.kind.limit())?;
    if matches!(verdict.outcome(), Outcome::Refuse) || intent.what_if {
        return None;
    }
    let span = OrderSpan {
        entry: stored.entry.seq.get(),
        bot: bot.to_string(),
        order_id: intent.order_id.get(),
        side: intent.side.to_string(),
        quantity: intent.quantity.to_string(),
        price: price.to_string(),
        is_stop: intent.kind.trigger().is_some(),
        terms: words::kind(&intent.kind),
        from: at(&stored.entry),
        to: None,
    };
    Some((OrderRef { bot: bot.clone(), order_id: intent.order_id }, span))
}

/// Returns whether terms that worked do not from this entry of their order on.
#[expect(clippy::wildcard_enum_match_arm, reason = "the others end no order")]
fn ends(entry: &Entry) -> bool {
    match &entry.kind {
        EntryKind::Judged { verdict, intent, .. } => {
            !matches!(verdict.outcome(), Outcome::Refuse) && !intent.what_if
        }
        EntryKind::Withdrawn { .. } => true,
        EntryKind::OrderUpdate { status, .. } => status.is_finished(),
        _ => false,
    }
}

fn at(entry: &Entry) -> i64 {
    entry.stamp.market.unwrap_or(entry.stamp.utc).secs()
}

#[cfg(test)]
mod tests {
    use gatehouse_testkit::{bot, intent, qty};
    use gatehouse_types::{Finding, Intent, OrderId, OrderStatus, Refusal, Verdict, Weight};

    use super::*;
    use crate::chart::sample;

    /// Puts entries at seconds of the market's clock into a ledger, and reads spans of SPY.
    fn spans(kinds: Vec<(i64, EntryKind)>, from: i64, to: i64) -> Vec<(i32, i64, Option<i64>)> {
        let (_folder, mut reader) = sample::ledger(kinds);
        let spans = read(&mut reader, "SPY", from, to).expect("reads");
        spans.into_iter().map(|span| (span.order_id, span.from, span.to)).collect()
    }

    fn judged(intent: Intent, findings: Vec<Finding>) -> EntryKind {
        EntryKind::Judged {
            bot: bot(),
            intent: Box::new(intent),
            replaces: None,
            verdict: Verdict { findings, is_exit: false, n_controls: 1 },
            policy_version: 1,
            frame: vec![1],
            inputs: None,
        }
    }

    fn allowed(order_id: i32) -> EntryKind {
        judged(intent().order_id(order_id).build(), Vec::new())
    }

    fn update(order_id: i32, status: OrderStatus) -> EntryKind {
        EntryKind::OrderUpdate {
            order: OrderRef { bot: bot(), order_id: OrderId::new(order_id) },
            perm_id: None,
            status,
            filled: qty("0"),
            remaining: qty("10"),
            average_price: None,
        }
    }

    #[test]
    fn terms_work_from_their_verdict_to_their_end_or_change() {
        let life = vec![
            (100, allowed(1)),
            (110, update(1, OrderStatus::Submitted)),
            (150, allowed(1)),
            (200, update(1, OrderStatus::Cancelled)),
            (210, allowed(2)),
        ];
        let all = [(1, 100, Some(150)), (1, 150, Some(200)), (2, 210, None)];
        assert_eq!(spans(life.clone(), 100, 300), all);
        assert_eq!(spans(life.clone(), 180, 300), all[1..]);
        assert_eq!(spans(life, 100, 120), all[..1]);
    }

    #[test]
    fn what_never_worked_at_a_price_is_left_out() {
        let refusal = Finding {
            weight: Weight::Refuse,
            refusal: Refusal::ContractUnknown { symbol: "SPY".to_owned() },
            scope: gatehouse_types::Scope::Account,
        };
        let life = vec![
            (100, judged(intent().order_id(1).build(), vec![refusal])),
            (101, judged(intent().order_id(2).market().build(), Vec::new())),
            (102, judged(intent().order_id(3).what_if().build(), Vec::new())),
        ];
        assert_eq!(spans(life, 0, 300), []);
    }
}
