//! Tables and key figures.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use gatehouse_types::{ControlId, Currency, Decimal};

use crate::calendar::clock;
use crate::day::{BotDay, Counts, Events, Refused};
use crate::text::{amount, count, counted, escape, prose, signed};

/// Returns the sum of one kind of amount over all bots, in one currency.
fn sum(
    bots: &BTreeMap<String, BotDay>,
    of: impl Fn(&BotDay) -> &BTreeMap<Currency, Decimal>,
    currency: Currency,
) -> Decimal {
    bots.values()
        .filter_map(|bot| of(bot).get(&currency))
        .fold(Decimal::ZERO, |sum, amount| sum.saturating_add(*amount))
}

fn direction(value: Decimal) -> &'static str {
    if value.round_dp(2).is_zero() {
        ""
    } else if value.is_sign_negative() {
        "down"
    } else {
        "up"
    }
}

/// Returns the five figures at the top of a section.
pub(super) fn figures(
    bots: &BTreeMap<String, BotDay>,
    counts: Counts,
    currency: Option<Currency>,
) -> String {
    let fills: u64 = bots.values().map(|bot| bot.fills).sum();
    let money = |value: Option<Decimal>, is_signed: bool| match (value, currency) {
        (Some(value), Some(currency)) if is_signed => {
            (signed(value), format!(" {currency}"), direction(value))
        }
        (Some(value), Some(currency)) => (amount(value), format!(" {currency}"), ""),
        (_, _) => ("none".to_owned(), String::new(), "none"),
    };
    let realised = money(currency.map(|currency| sum(bots, |bot| &bot.realised, currency)), true);
    let paid = money(currency.map(|currency| sum(bots, |bot| &bot.commissions, currency)), false);
    let refused = if counts.refused > 0 { "refuse" } else { "" };
    let cells = [
        ("Realised", realised),
        ("Commissions", paid),
        ("Allowed", (count(counts.allowed), String::new(), "")),
        ("Refused", (count(counts.refused), String::new(), refused)),
        ("Fills", (count(fills), String::new(), "")),
    ];
    let mut html = String::from("<div class=\"figures\">\n");
    for (name, (value, unit, class)) in cells {
        writeln!(
            html,
            "<div><span>{name}</span><b class=\"{class}\">{value}<span>{unit}</span></b></div>"
        )
        .ok();
    }
    html.push_str("</div>\n");
    html
}

/// Returns amounts of each currency, one below the other.
fn amounts(sums: &BTreeMap<Currency, Decimal>, is_signed: bool) -> String {
    if sums.is_empty() {
        return "<span class=\"none\">none</span>".to_owned();
    }
    let one = |(currency, value): (&Currency, &Decimal)| {
        let (text, class) =
            if is_signed { (signed(*value), direction(*value)) } else { (amount(*value), "") };
        format!("<span class=\"{class}\">{text}</span> {currency}")
    };
    sums.iter().map(one).collect::<Vec<_>>().join("<br>")
}

/// Returns the table of bots, with what all of them did at its foot.
pub(super) fn bots(bots: &BTreeMap<String, BotDay>) -> String {
    if bots.is_empty() {
        return "<h3>Bots</h3>\n<p class=\"none\">No bot was connected.</p>\n".to_owned();
    }
    let row = |name: &str, bot: &BotDay| {
        format!(
            "<tr><td class=\"name\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n{}\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
            escape(name),
            count(bot.orders),
            count(bot.fills),
            if bot.refused > 0 { " refuse" } else { "" },
            count(bot.refused),
            amounts(&bot.realised, true),
            amounts(&bot.commissions, false),
        )
    };
    let mut all = BotDay::default();
    let mut html = String::from(
        "<h3>Bots</h3>\n<table>\n<thead><tr><th scope=\"col\">Bot</th><th scope=\"col\" class=\"n\">Orders</th><th scope=\"col\" class=\"n\">Fills</th><th scope=\"col\" class=\"n\">Refused</th><th scope=\"col\" class=\"n\">Realised</th><th scope=\"col\" class=\"n\">Commissions</th></tr></thead>\n<tbody>\n",
    );
    for (name, bot) in bots {
        html.push_str(&row(name, bot));
        all.add(bot);
    }
    html.push_str("</tbody>\n");
    if bots.len() > 1 {
        write!(html, "<tfoot>\n{}</tfoot>\n", row("All", &all)).ok();
    }
    html.push_str("</table>\n");
    html
}

/// Returns the table of rules that refused, the most frequent first.
pub(super) fn refusals(rules: &BTreeMap<ControlId, Refused>, n_counted: u64) -> String {
    let mut html = String::from("<h3>Refusals by rule</h3>\n");
    if rules.is_empty() {
        html.push_str("<p class=\"none\">Nothing was refused.</p>\n");
        return html;
    }
    let mut rows: Vec<_> = rules.iter().collect();
    rows.sort_by_key(|(rule, refused)| (std::cmp::Reverse(refused.count), **rule));
    html.push_str(
        "<table>\n<thead><tr><th scope=\"col\">Rule</th><th scope=\"col\" class=\"n\">Times</th><th scope=\"col\">Bots</th><th scope=\"col\">The last time</th></tr></thead>\n<tbody>\n",
    );
    for (rule, refused) in rows {
        let name = |bot: &String| format!("<span class=\"whole\">{}</span>", escape(bot));
        let bots: Vec<String> = refused.bots.iter().map(name).collect();
        writeln!(
            html,
            "<tr><td class=\"name\">{rule} {}</td><td class=\"n\">{}</td><td>{}</td><td class=\"text\">{}</td></tr>",
            escape(rule.title()),
            count(refused.count),
            bots.join(", "),
            escape(&prose(&sentence(&refused.last))),
        )
        .ok();
    }
    html.push_str("</tbody>\n</table>\n");
    if n_counted > 0 {
        writeln!(
            html,
            "<p class=\"none\">{} came so fast that the ledger counted them without naming the rule.</p>",
            counted(n_counted, "more refusal", "more refusals")
        )
        .ok();
    }
    html
}

/// Makes a clause a sentence.
fn sentence(clause: &str) -> String {
    let mut chars = clause.chars();
    chars
        .next()
        .map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), chars.as_str()))
}

/// Returns a table of events, or the sentence that says that there was none.
pub(super) fn events(title: &str, none: &str, events: &Events) -> String {
    let mut html = format!("<h3>{}</h3>\n", escape(title));
    if events.rows.is_empty() {
        writeln!(html, "<p class=\"none\">{}</p>", escape(none)).ok();
        return html;
    }
    html.push_str(
        "<table>\n<thead><tr><th scope=\"col\">Time</th><th scope=\"col\">Who</th><th scope=\"col\">Of</th><th scope=\"col\">What</th><th scope=\"col\" class=\"n\">Entry</th></tr></thead>\n<tbody>\n",
    );
    for event in &events.rows {
        writeln!(
            html,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"text\">{}</td><td class=\"n\">{}</td></tr>",
            event.second.map_or_else(|| "–".to_owned(), clock),
            escape(&event.said.who),
            escape(&event.said.subject),
            escape(&event.said.sentence),
            count(event.seq),
        )
        .ok();
    }
    html.push_str("</tbody>\n</table>\n");
    if events.n_more > 0 {
        writeln!(html, "<p class=\"none\">And {} more, in the ledger.</p>", count(events.n_more))
            .ok();
    }
    html
}
