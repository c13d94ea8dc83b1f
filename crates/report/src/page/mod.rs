//! The page: one HTML file with its pictures and its style in it, no script, nothing from outside.

mod day;
mod table;

use std::fmt::Write as _;

use gatehouse_types::{Currency, Decimal};
use jiff::civil::Date;

use crate::calendar::long;
use crate::chart::{Bar, DrawError, Words, bars};
use crate::report::Report;
use crate::text::{count, counted, escape, signed};

const STYLE: &str = include_str!("style.css");

/// Nothing may be loaded or run, wherever the file is opened.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// Writes a report as one page.
///
/// # Errors
/// When a picture cannot be drawn.
pub fn page(report: &Report) -> Result<String, DrawError> {
    let mut body = head(report);
    let is_quiet = report
        .days
        .values()
        .all(|day| day.is_quiet() && day.states.rows.is_empty() && day.limits.rows.is_empty());
    if is_quiet {
        body.push_str(&nothing(report));
    }
    let currency = report.currency();
    if report.days.len() > 1 && !is_quiet {
        body.push_str(&totals(report, currency)?);
    }
    if !is_quiet {
        for (date, day) in &report.days {
            body.push_str(&day::section(*date, day, currency, report.days.len() > 1)?);
        }
    }
    body.push_str(&foot(report));
    let title = format!("Gatehouse day report, {}", span(report));
    Ok(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n{body}</main>\n</body>\n</html>\n",
        escape(&title)
    ))
}

/// Returns the days in words.
fn span(report: &Report) -> String {
    match report.span {
        None => "no day".to_owned(),
        Some((from, to)) if from == to => long(from),
        Some((from, to)) => format!("{} to {}", long(from), long(to)),
    }
}

fn head(report: &Report) -> String {
    let account = report.account.as_deref().unwrap_or("none yet");
    let mode = report.mode.map_or_else(|| "not known".to_owned(), |mode| mode.to_string());
    let chain = &report.chain;
    let verified = if chain.n_entries == 0 {
        "no entries yet".to_owned()
    } else {
        format!(
            "verified up to entry {}, hash <span class=\"mono\">{}</span>",
            count(chain.n_entries),
            escape(&chain.head)
        )
    };
    let alarm = chain.broken.as_ref().map_or_else(String::new, |why| {
        format!(
            "<p class=\"alarm\">The chain is broken: {}. What comes after it is not in this report. Keep a copy of the ledger, then restore a backup.</p>\n",
            escape(why)
        )
    });
    format!(
        "<header>\n<h1>Day report</h1>\n<p class=\"when\">{}</p>\n<dl>\n\
         <div><dt>Account</dt><dd>{}</dd></div>\n\
         <div><dt>Mode</dt><dd><span class=\"badge\">{mode}</span></dd></div>\n\
         <div><dt>Days with entries</dt><dd>{}</dd></div>\n\
         <div><dt>Program</dt><dd>Gatehouse {}</dd></div>\n\
         <div class=\"wide\"><dt>Ledger</dt><dd>{verified}</dd></div>\n</dl>\n{alarm}</header>\n",
        escape(&span(report)),
        escape(account),
        count(u64::try_from(report.days.len()).unwrap_or(0)),
        escape(&report.version),
    )
}

/// Says why there is nothing, and what to do about it.
fn nothing(report: &Report) -> String {
    let day = |date: Date| format!("{} ({date})", long(date));
    let (why, next) = match (report.span, report.known) {
        (_, None) => (
            "The ledger of this data directory has no entries.".to_owned(),
            "Start Gatehouse and point a bot at it; the report shows what they did.".to_owned(),
        ),
        (Some((from, to)), Some(_)) if from > to => (
            "The first day is after the last.".to_owned(),
            "Give --from a day that is not after --to.".to_owned(),
        ),
        (_, Some((first, last))) if report.days.is_empty() => (
            "The ledger has no entries of these days.".to_owned(),
            format!("It goes from {} to {}; ask for days between them.", day(first), day(last)),
        ),
        (_, Some(_)) => (
            "Gatehouse ran, but no bot asked for an order and nothing was filled.".to_owned(),
            "Look at Home, whether your bots are connected and to which port; the report can be made again at any time.".to_owned(),
        ),
    };
    format!(
        "<div class=\"empty\"><b>Nothing happened.</b>{} {}</div>\n",
        escape(&why),
        escape(&next)
    )
}

/// The section on all days.
fn totals(report: &Report, currency: Option<Currency>) -> Result<String, DrawError> {
    let bots = report.bots();
    let counts = report.counts();
    let n_counted = report.days.values().map(|day| day.n_counted).sum();
    let mut html =
        format!("<section>\n<h2>All days</h2>\n{}", table::figures(&bots, counts, currency));
    if let Some(currency) = currency {
        let days = report.by_day(currency);
        let sum = days.iter().fold(Decimal::ZERO, |sum, (_, value)| sum.saturating_add(*value));
        let n_up = days.iter().filter(|(_, value)| *value > Decimal::ZERO).count();
        let summary = format!(
            "Realised {} {currency} on {}, {} of them with a gain.",
            signed(sum),
            counted(u64::try_from(days.len()).unwrap_or(0), "day", "days"),
            n_up
        );
        let rows: Vec<Bar> = days
            .iter()
            .map(|(date, value)| Bar { name: date.to_string(), value: *value })
            .collect();
        html.push_str(&picture(&format!("Realised by day, {currency}"), &summary, |words| {
            bars(&rows, words)
        })?);
    }
    html.push_str(&table::bots(&bots));
    html.push_str(&table::refusals(&report.refusals(), n_counted));
    html.push_str("</section>\n");
    Ok(html)
}

/// A picture under its title and its sentence.
fn picture(
    title: &str,
    summary: &str,
    draw: impl FnOnce(&Words<'_>) -> Result<String, DrawError>,
) -> Result<String, DrawError> {
    let svg = draw(&Words { title, summary })?;
    Ok(format!(
        "<figure>\n<h3>{}</h3>\n<p class=\"sum\">{}</p>\n{svg}</figure>\n",
        escape(title),
        escape(summary)
    ))
}

fn foot(report: &Report) -> String {
    let mut html = String::from("<footer>\n");
    let mut note = |text: &str| {
        // Writing to a text cannot fail.
        writeln!(html, "<p>{}</p>", escape(text)).ok();
    };
    note("Times and days are New York's, by the Gateway's clock.");
    let states =
        report.days.values().flat_map(|day| day.states.rows.iter().chain(&day.limits.rows));
    if states.into_iter().any(|event| event.second.is_none()) {
        note("– stands for a time at which the Gateway's clock was not known yet.");
    }
    note(
        "Realised is what the broker reported with each execution, fees of the closed part taken \
         off. The ledger does not record open profit and loss, so it is not in this report, and no \
         curve here is the account's net liquidation.",
    );
    let others = report.other_currencies();
    if !others.is_empty() {
        let names: Vec<String> = others.iter().map(ToString::to_string).collect();
        note(&format!(
            "Pictures and key figures are in {}. Amounts in {} are in the tables only; nothing is converted.",
            report.currency().map_or_else(String::new, |currency| currency.to_string()),
            names.join(", ")
        ));
    }
    let n_unpaid: usize = report.days.values().map(|day| day.unpaid.len()).sum();
    if n_unpaid > 0 {
        let n_unpaid = u64::try_from(n_unpaid).unwrap_or(0);
        note(&format!(
            "The broker sent no result and commission for {} yet.",
            counted(n_unpaid, "fill", "fills")
        ));
    }
    note(
        "Anyone can check the ledger against the hash above: gatehouse audit verify, or tests/python/verify_chain.py.",
    );
    html.push_str("</footer>\n");
    html
}
