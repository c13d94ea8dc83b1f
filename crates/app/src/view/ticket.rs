//! A preview and a sent order as the ticket shows them.

use gatehouse_engine::{Gauge, Preview, Reading};
use gatehouse_ipc::{EntryRow, OrderPreview, OrderTicket, Outcome, Placed, PreviewRow};
use gatehouse_types::{
    BotName, Decimal, Finding, Intent, LimitId, Measure, Mono, OrderId, Outcome as Verdicted,
    Price, Side, Stricter, Weight,
};

use super::{decision, words};

/// What the broker's fixed prices ask for US stocks: 0.005 a share, at least 1.00, at most 1 % of
/// the value. Source: the broker's public price list, Fixed, 2026-11.
const FEE_PER_SHARE: Decimal = Decimal::from_parts(5, 0, 0, false, 3);
const FEE_LEAST: Decimal = Decimal::ONE;
const FEE_MOST_PERCENT: Decimal = Decimal::ONE;

/// Returns what the ticket shows before anything is sent.
pub(crate) fn preview(
    token: String,
    ticket: OrderTicket,
    intent: &Intent,
    preview: &Preview,
    now: Mono,
) -> OrderPreview {
    let (verdict, quote) = (&preview.verdict, preview.quote);
    let decision =
        decision::decision(&BotName::desk(), intent, verdict, ticket.changes.is_some(), 0, None);
    let price = intent.kind.limit().or_else(|| intent.kind.trigger());
    let best = quote.and_then(|quote| match intent.side {
        Side::Buy => quote.ask,
        Side::Sell => quote.bid,
    });
    let reckoned = price.or(best);
    let value = reckoned.and_then(|price| value(price, intent, preview));
    let worth = preview.net_liquidation.map(|known| known.value);
    let share = value.zip(worth).and_then(|(value, worth)| {
        let percent = value.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(worth.amount())?;
        Some(percent.round_dp(1).to_string())
    });
    OrderPreview {
        token,
        what: what(intent),
        would_pass: verdict.may_send(),
        outcome: words::outcome(verdict.outcome()),
        sentence: sentence(preview),
        rows: rows(preview, &intent.contract.symbol),
        n_rules: u32::try_from(verdict.n_controls).unwrap_or(u32::MAX),
        order_value: value.map(|value| value.round_dp(2).to_string()),
        currency: preview.instrument.as_ref().map(|found| found.currency.to_string()),
        percent_of_account: share,
        commission: value.map(|value| fee(intent.quantity.value(), value).to_string()),
        margin_change: None,
        price_used: best.map(|price| format!("{price} {}", side_name(intent.side))),
        price_age_ms: quote
            .map(|quote| u32::try_from(now.since(quote.at).as_millis()).unwrap_or(u32::MAX)),
        notes: notes(&ticket),
        decision,
        ticket,
    }
}

fn what(intent: &Intent) -> String {
    let Intent { side, quantity, contract, .. } = intent;
    format!("{side} {quantity} {} {}", contract.symbol, words::terms(intent))
}

const fn side_name(side: Side) -> &'static str {
    match side {
        Side::Buy => "ask",
        Side::Sell => "bid",
    }
}

fn value(price: Price, intent: &Intent, preview: &Preview) -> Option<Decimal> {
    let multiplier = preview.instrument.as_ref()?.multiplier;
    price.value().checked_mul(intent.quantity.value())?.checked_mul(multiplier)
}

fn fee(quantity: Decimal, value: Decimal) -> Decimal {
    let by_share = quantity.saturating_mul(FEE_PER_SHARE).max(FEE_LEAST);
    let most = value.saturating_mul(FEE_MOST_PERCENT) / Decimal::ONE_HUNDRED;
    by_share.min(most).round_dp(2)
}

fn sentence(preview: &Preview) -> String {
    let verdict = &preview.verdict;
    match verdict.leading() {
        None => format!("All {} rules pass", verdict.n_controls),
        Some(Finding { weight: Weight::Warn, refusal, .. }) => format!("Passes, but {refusal}"),
        Some(Finding { weight: Weight::Hold, refusal, .. }) => {
            format!("Would wait for a person: {refusal}")
        }
        Some(Finding { weight: Weight::Refuse, refusal, .. }) => {
            format!("Would be refused: {refusal}")
        }
    }
}

/// Returns the limits that reach the order: what refuses first, then the fullest.
fn rows(preview: &Preview, symbol: &str) -> Vec<PreviewRow> {
    let shown = preview.readings.iter().filter(|reading| {
        reading.is_reached && (reading.value.is_some() || reading.outcome != Verdicted::Allow)
    });
    let mut rows: Vec<PreviewRow> =
        shown.map(|reading| row(reading, &preview.verdict.findings, symbol)).collect();
    rows.sort_by_key(|row| {
        let weight = match row.outcome {
            Outcome::Refused => 0,
            Outcome::Waiting => 1,
            Outcome::Warned => 2,
            Outcome::Allowed => 3,
        };
        (weight, std::cmp::Reverse(row.after_percent))
    });
    rows
}

fn row(reading: &Reading, findings: &[Finding], symbol: &str) -> PreviewRow {
    let Gauge { now, after, allowed } = &reading.gauge;
    let text = |measure: &Option<Measure>| measure.as_ref().map(|it| words::measure(it).0);
    let percent = |of: &Option<Measure>| {
        let (of, limit) = (of.as_ref()?.value(), allowed.as_ref()?.value());
        let (part, whole) = match reading.limit.map(LimitId::stricter) {
            Some(Stricter::Higher) => (limit, of),
            Some(Stricter::Lower) | None => (of, limit),
        };
        let percent = part.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole)?;
        u32::try_from(percent.round()).ok()
    };
    let outcome = words::outcome(reading.outcome);
    let found = findings.iter().find(|it| it.refusal.control() == reading.control);
    let title = reading.limit.map_or_else(|| reading.control.title(), words::limit_title);
    let is_of_symbol = matches!(reading.limit, Some(LimitId::PositionShare));
    PreviewRow {
        rule: reading.control.to_string(),
        limit_id: reading.limit.map(|limit| limit.name().to_owned()),
        title: if is_of_symbol { format!("{symbol} position") } else { title.to_owned() },
        scope: words::scope(&reading.scope),
        now: text(now),
        after: text(after),
        limit: text(allowed).or_else(|| reading.value.as_ref().map(ToString::to_string)),
        unit: allowed.as_ref().map(|limit| words::measure(limit).1).unwrap_or_default(),
        now_percent: percent(now),
        after_percent: percent(after),
        sentence: match (found, outcome) {
            (Some(found), Outcome::Refused | Outcome::Waiting | Outcome::Warned) => {
                decision::sentence(&found.refusal)
            }
            (Some(_) | None, _) => reading.limit.map_or_else(
                || "Passes.".to_owned(),
                |limit| words::limit_sentence(limit).to_owned(),
            ),
        },
        outcome,
    }
}

fn notes(ticket: &OrderTicket) -> Vec<String> {
    let mut notes = Vec::new();
    if ticket.target.is_some() || ticket.protective_stop.is_some() {
        notes.push(
            "The target and the stop close what this order opens; they are judged with it when it \
             is sent."
                .to_owned(),
        );
    }
    if ticket.tif == "GTC" {
        notes.push("Works until it is filled or cancelled, also after today.".to_owned());
    }
    notes
}

/// Returns what the gate said to an order that was sent.
pub(crate) fn placed(order_id: OrderId, row: Option<EntryRow>) -> Placed {
    let Some(row) = row else {
        return Placed {
            order_id: order_id.get(),
            entry: None,
            outcome: None,
            sentence: "Its verdict is not recorded yet; look at the orders before trying again."
                .to_owned(),
            decision: None,
        };
    };
    let is_sent = matches!(row.outcome, Some(Outcome::Allowed | Outcome::Warned));
    let sentence = match (&row.decision, is_sent) {
        (Some(decision), true) => format!(
            "Sent: {} {} {} {}",
            decision.side, decision.quantity, decision.symbol, decision.terms
        ),
        (Some(decision), false) => {
            let why = decision.findings.first().map(|it| it.sentence.clone());
            format!("Not sent: {}", why.unwrap_or_else(|| row.summary.clone()))
        }
        (None, _) => format!("Not sent: {}", row.summary),
    };
    Placed {
        order_id: order_id.get(),
        entry: Some(row.seq),
        outcome: row.outcome,
        sentence,
        decision: row.decision,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fee_is_by_the_share_with_a_least_and_a_most() {
        let check = |quantity: i64, value: i64, fee: &str| {
            let got = super::fee(Decimal::from(quantity), Decimal::from(value));
            assert_eq!(got, Decimal::from_str_exact(fee).expect("is a number"));
        };
        check(8, 5_297, "1");
        check(1_000, 100_000, "5");
        check(1, 20, "0.2");
    }
}
