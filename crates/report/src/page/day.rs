//! The section on one day.

use std::collections::BTreeMap;

use gatehouse_types::{Currency, Decimal};
use jiff::civil::Date;

use super::{picture, table};
use crate::calendar::{SLOT_S, clock, hour_minute, long};
use crate::chart::{Bar, DrawError, Line, bars, lines, orders};
use crate::day::{Counts, Day};
use crate::text::{counted, signed};

/// Returns a day's pictures and tables.
pub(super) fn section(
    date: Date,
    day: &Day,
    currency: Option<Currency>,
    is_one_of_several: bool,
) -> Result<String, DrawError> {
    let title = if is_one_of_several {
        format!("<h2 class=\"day\">{}</h2>\n", long(date))
    } else {
        String::new()
    };
    let mut html =
        format!("<section>\n{title}{}", table::figures(&day.bots, day.counts(), currency));
    match currency {
        Some(currency) if day.bots.values().any(|bot| bot.curve.contains_key(&currency)) => {
            html.push_str(&results(day, currency)?);
        }
        Some(_) | None => html.push_str(
            "<h3>Profit and loss</h3>\n<p class=\"none\">Nothing was realised: no position was closed, or the broker has not reported it.</p>\n",
        ),
    }
    if day.slots.is_empty() {
        html.push_str(
            "<h3>Orders and refusals</h3>\n<p class=\"none\">No order was asked for.</p>\n",
        );
    } else {
        let summary = requests(day.counts(), &day.slots);
        let draw = |words: &crate::chart::Words<'_>| orders(&day.slots, words);
        html.push_str(&picture("Orders and refusals by half hour", &summary, draw)?);
    }
    html.push_str(&table::bots(&day.bots));
    html.push_str(&table::refusals(&day.refusals, day.n_counted));
    html.push_str(&table::events(
        "States, kills and sessions",
        "No state changed, and the kill switch was not used.",
        &day.states,
    ));
    html.push_str(&table::events("Changes of limits", "No limit changed.", &day.limits));
    html.push_str("</section>\n");
    Ok(html)
}

/// The three pictures of what was made.
fn results(day: &Day, currency: Currency) -> Result<String, DrawError> {
    let total = day.total(currency);
    let all = [Line { name: "All bots", points: &total, is_total: true }];
    let words = over_the_day(&total, currency);
    let mut html =
        picture(&format!("Realised over the day, {currency}"), &words, |words| lines(&all, words))?;
    let curves = day.bots.iter().filter_map(|(name, bot)| {
        Some(Line { name, points: bot.curve.get(&currency)?, is_total: false })
    });
    let curves: Vec<Line<'_>> = curves.collect();
    let mut rows: Vec<Bar> = day
        .bots
        .iter()
        .filter_map(|(name, bot)| {
            let value = *bot.realised.get(&currency)?;
            Some(Bar { name: name.clone(), value })
        })
        .collect();
    rows.sort_by_key(|bar| std::cmp::Reverse(bar.value));
    let summary = by_bot(&rows, currency);
    if curves.len() > 1 {
        let title = format!("Realised by bot over the day, {currency}");
        let words = at_the_end(&rows);
        html.push_str(&picture(&title, &words, |words| lines(&curves, words))?);
    }
    html.push_str(&picture(&format!("Realised by bot, {currency}"), &summary, |words| {
        bars(&rows, words)
    })?);
    Ok(html)
}

fn over_the_day(total: &BTreeMap<i64, Decimal>, currency: Currency) -> String {
    let last = total.iter().next_back().map_or((0, Decimal::ZERO), |(at, value)| (*at, *value));
    let best = total.iter().max_by_key(|(at, value)| (**value, -**at));
    let worst = total.iter().min_by_key(|(at, value)| (**value, **at));
    // The line begins at nothing, which is neither a gain nor a loss.
    let extreme =
        |word: &str, of: Option<(&i64, &Decimal)>, is_beyond: fn(Decimal) -> bool| match of {
            Some((at, value)) if is_beyond(*value) => {
                format!("{word} {} at {}", signed(*value), clock(*at))
            }
            Some(_) | None => format!("{word} 0.00 at the beginning"),
        };
    format!(
        "Realised {} {currency} by {}. {}, {}. Open positions are not in it.",
        signed(last.1),
        clock(last.0),
        extreme("Highest", best, |value| value > Decimal::ZERO),
        extreme("lowest", worst, |value| value < Decimal::ZERO),
    )
}

/// Bots that are named in the sentence of a picture; its lines and the table name all.
const NAMED: usize = 6;

fn at_the_end(rows: &[Bar]) -> String {
    let mut ends: Vec<String> =
        rows.iter().take(NAMED).map(|bar| format!("{} {}", bar.name, signed(bar.value))).collect();
    if rows.len() > NAMED {
        ends.push(format!("and {} more", rows.len() - NAMED));
    }
    format!("At the end: {}.", ends.join(", "))
}

fn by_bot(rows: &[Bar], currency: Currency) -> String {
    let best = rows.iter().max_by_key(|bar| bar.value);
    let worst = rows.iter().min_by_key(|bar| bar.value);
    match (best, worst) {
        (Some(best), Some(worst)) if rows.len() > 1 => format!(
            "{} bots closed positions: most {} {currency} by {}, least {} {currency} by {}.",
            rows.len(),
            signed(best.value),
            best.name,
            signed(worst.value),
            worst.name
        ),
        (Some(only), _) => format!("{} realised {} {currency}.", only.name, signed(only.value)),
        (None, _) => "No bot closed a position.".to_owned(),
    }
}

fn requests(counts: Counts, slots: &BTreeMap<i64, Counts>) -> String {
    let busiest = slots.iter().max_by_key(|(at, slot)| (slot.allowed + slot.refused, -**at));
    let busiest = busiest.map_or_else(String::new, |(at, _)| {
        format!(" Busiest from {} to {}.", hour_minute(*at), hour_minute(*at + SLOT_S))
    });
    format!(
        "{} allowed, {}; changes are counted too.{busiest}",
        counted(counts.allowed, "order", "orders"),
        if counts.refused == 0 {
            "none refused".to_owned()
        } else {
            format!("{} refused", crate::text::count(counts.refused))
        },
    )
}
