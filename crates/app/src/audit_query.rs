//! The words of an audit query, such as `bot:momentum-spy rule:GH-04 "any text"`.

use gatehouse_ipc::{AuditFilter, EntryRow, Failure, QueryToken};
use gatehouse_ledger::{Calendar, Filter, Span};
use gatehouse_types::{BotName, EntrySeq, OrderId, OrderRef, Outcome, Utc};
use jiff::civil::Date;

use crate::failure::bad_input;
use crate::view::session;

/// What is asked for: what the ledger finds by itself, and what only the words of a row tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query {
    pub(crate) filter: Filter,
    /// `GH-04`.
    rules: Vec<String>,
    codes: Vec<String>,
    actors: Vec<String>,
    /// In small letters.
    texts: Vec<String>,
    pub(crate) tokens: Vec<QueryToken>,
}

impl From<Filter> for Query {
    fn from(filter: Filter) -> Self {
        Self { filter, ..Self::default() }
    }
}

impl Query {
    /// Reads a filter with the words of its query.
    ///
    /// # Errors
    /// When a field of the filter cannot be read. A word that cannot be is named in its token.
    pub(crate) fn read(wanted: &AuditFilter) -> Result<Self, Failure> {
        let mut query = Self::default();
        let fields = [
            ("bot", wanted.bot.as_ref()),
            ("symbol", wanted.symbol.as_ref()),
            ("kind", wanted.kind.as_ref()),
            ("verdict", wanted.outcome.as_ref()),
            ("text", wanted.text.as_ref().filter(|text| !text.is_empty())),
        ];
        for (name, value) in fields {
            let Some(value) = value else { continue };
            query.apply(name, value).map_err(|why| {
                bad_input("Nothing was searched.", why, "Choose one of the list.")
            })?;
        }
        if wanted.from.is_some() || wanted.to.is_some() {
            let edge = |at: Option<i64>, none: i64| {
                Utc::from_nanos(at.map_or(none, |at| at.saturating_mul(1_000_000_000)))
            };
            let (from, to) = (edge(wanted.from, i64::MIN), edge(wanted.to, i64::MAX));
            query.filter.span = Some(Span { calendar: Calendar::Market, from, to });
        }
        for word in words(wanted.query.as_deref().unwrap_or_default()) {
            let (name, value) = match word.split_once(':') {
                Some((name, value)) if NAMES.contains(&name) => (name, value),
                Some(_) | None => ("text", word.as_str()),
            };
            let trouble = query.apply(name, value).err();
            let (name, value) = (name.to_owned(), value.to_owned());
            query.tokens.push(QueryToken { name, value, trouble });
        }
        Ok(query)
    }

    /// Returns whether a word could not be read: such a query finds nothing.
    pub(crate) fn is_troubled(&self) -> bool {
        self.tokens.iter().any(|token| token.trouble.is_some())
    }

    /// Returns whether rows have to be looked at one by one.
    pub(crate) fn looks_at_rows(&self) -> bool {
        !(self.rules.is_empty()
            && self.codes.is_empty()
            && self.actors.is_empty()
            && self.texts.is_empty())
    }

    /// Returns whether a row that the ledger found is meant.
    pub(crate) fn covers(&self, row: &EntryRow) -> bool {
        let has_rule = |rule: &String| {
            let findings = row.decision.iter().flat_map(|decision| &decision.findings);
            findings.into_iter().any(|finding| &finding.rule == rule)
        };
        let says = |text: &String| {
            [&row.summary, &row.subject, &row.actor, &row.kind_title]
                .into_iter()
                .any(|said| said.to_lowercase().contains(text))
        };
        self.rules.iter().all(has_rule)
            && self.codes.iter().all(|code| row.summary.ends_with(&format!("({code})")))
            && self.actors.iter().all(|actor| &row.actor == actor)
            && self.texts.iter().all(says)
    }

    fn apply(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "bot" => {
                let bot = value.parse::<BotName>().map_err(|error| format!("{error}."))?;
                self.filter.bot = Some(bot);
            }
            "symbol" => self.filter.symbol = Some(value.to_uppercase()),
            "kind" => self.filter.kinds.push(value.to_owned()),
            "verdict" => self.filter.outcome = Some(outcome(value)?),
            "rule" => self.rules.push(rule(value)?),
            "code" => {
                let code = value.parse::<i32>().map_err(|_| format!("{value:?} is no code."))?;
                self.filter.kinds = vec!["broker-message".to_owned()];
                self.codes.push(code.to_string());
            }
            "actor" => self.actors.push(value.to_owned()),
            "order" => self.filter.order = Some(order(value)?),
            "seq" => (self.filter.after, self.filter.before) = seqs(value)?,
            "day" => self.filter.span = Some(day(value)?),
            _ => self.texts.push(value.to_lowercase()),
        }
        Ok(())
    }
}

const NAMES: [&str; 11] =
    ["bot", "symbol", "kind", "verdict", "rule", "code", "actor", "order", "seq", "day", "text"];

/// Cuts at blanks outside of double quotes.
fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut is_quoted) = (Vec::new(), String::new(), false);
    for letter in text.chars() {
        if letter == '"' {
            is_quoted = !is_quoted;
        } else if letter.is_whitespace() && !is_quoted {
            words.push(std::mem::take(&mut word));
        } else {
            word.push(letter);
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

fn outcome(value: &str) -> Result<Outcome, String> {
    match value {
        "allowed" => Ok(Outcome::Allow),
        "warned" => Ok(Outcome::Warn),
        "waiting" => Ok(Outcome::Hold),
        "refused" => Ok(Outcome::Refuse),
        other => {
            Err(format!("{other:?} is not a verdict: use allowed, warned, waiting or refused."))
        }
    }
}

/// Reads `GH-04`, `gh-4` or `4`.
fn rule(value: &str) -> Result<String, String> {
    let upper = value.to_uppercase();
    let number = upper.strip_prefix("GH-").unwrap_or(&upper);
    let number: u8 = number.parse().map_err(|_| format!("{value:?} is not a rule."))?;
    Ok(format!("GH-{number:02}"))
}

/// Reads `BOT:ID`.
fn order(value: &str) -> Result<OrderRef, String> {
    let no_order = || format!("{value:?} is not BOT:ID.");
    let (bot, order_id) = value.split_once(':').ok_or_else(no_order)?;
    let bot: BotName = bot.parse().map_err(|_| no_order())?;
    let order_id = order_id.parse().map(OrderId::new).map_err(|_| no_order())?;
    Ok(OrderRef { bot, order_id })
}

type Ends = (Option<EntrySeq>, Option<EntrySeq>);

/// Reads `10`, `10..20`, `10..` or `..20`, both ends included, as what is excluded.
fn seqs(value: &str) -> Result<Ends, String> {
    let read = |text: &str| {
        if text.is_empty() {
            return Ok(None);
        }
        text.parse::<u64>().map(Some).map_err(|_| format!("{value:?} is not FIRST..LAST."))
    };
    let (first, last) = value.split_once("..").unwrap_or((value, value));
    let after = read(first)?.map(|first| EntrySeq::new(first.saturating_sub(1)));
    let before = read(last)?.map(|last| EntrySeq::new(last.saturating_add(1)));
    Ok((after, before))
}

/// Reads `2026-01-05`, a day of New York.
fn day(value: &str) -> Result<Span, String> {
    let no_day = || format!("{value:?} is not a day such as 2026-01-05.");
    let date: Date = value.parse().map_err(|_| no_day())?;
    let next = date.tomorrow().map_err(|_| no_day())?;
    let midnight = |date| session::instant(date, (0, 0)).ok_or_else(no_day);
    let at = |secs: i64| Utc::from_nanos(secs.saturating_mul(1_000_000_000));
    let (from, to) = (at(midnight(date)?), at(midnight(next)?));
    Ok(Span { calendar: Calendar::Market, from, to })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> Query {
        let wanted = AuditFilter { query: Some(query.to_owned()), ..AuditFilter::default() };
        Query::read(&wanted).expect("can be read")
    }

    #[test]
    fn reads_each_word() {
        let query = read(
            r#"bot:momentum-spy symbol:spy verdict:refused rule:gh-4 seq:10..20 "two words" x"#,
        );
        let filter = &query.filter;
        assert_eq!(filter.bot.as_ref().map(BotName::as_str), Some("momentum-spy"));
        assert_eq!(filter.symbol.as_deref(), Some("SPY"));
        assert_eq!(filter.outcome, Some(Outcome::Refuse));
        assert_eq!(filter.after, Some(EntrySeq::new(9)));
        assert_eq!(filter.before, Some(EntrySeq::new(21)));
        assert_eq!(query.rules, ["GH-04"]);
        assert_eq!(query.texts, ["two words", "x"]);
        assert_eq!(query.tokens.len(), 7);
        assert!(query.tokens.iter().all(|token| token.trouble.is_none()));
        assert_eq!(
            read("order:momentum-spy:12").filter.order.map(|it| it.order_id.get()),
            Some(12)
        );
        assert_eq!(read("code:201").filter.kinds, ["broker-message"]);
        assert!(read("day:2026-01-05").filter.span.is_some());
    }

    #[test]
    fn names_the_word_that_finds_nothing() {
        let check = |query: &str, why: &str| {
            let trouble = read(query).tokens.into_iter().next().and_then(|token| token.trouble);
            assert!(trouble.as_deref().is_some_and(|it| it.contains(why)), "{query}: {trouble:?}");
        };
        check("verdict:maybe", "is not a verdict");
        check("rule:x", "is not a rule");
        check("bot:Momentum", "is not a bot name");
        check("order:12", "BOT:ID");
        check("seq:a..b", "FIRST..LAST");
        check("day:yesterday", "is not a day");
    }
}
