//! One line of the language: a drill and its cue, read from JSON to the last field.
//!
//! It must never act. Called by the control port and for every line of a script.

use gatehouse_tws::request::RequestId;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Cue, Drill, Target, Trigger};

/// Names of the fields that belong to the cue.
const CUE: [&str; 7] = ["at", "when", "after", "for", "times", "every", "end"];
/// More repetitions than anybody plans.
const TIMES_MAX: u32 = 10_000;

/// A drill, and when it happens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub cue: Cue,
    pub drill: Drill,
}

/// Why a line is not taken, in words for the person who wrote it.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    #[error("it is not JSON: {0}")]
    Json(serde_json::Error),
    #[error("it is not one object in braces")]
    Object,
    #[error("{0}")]
    Drill(serde_json::Error),
    #[error("{0}")]
    Cue(serde_json::Error),
    #[error("{0}")]
    Together(&'static str),
    #[error("{name:?} is not the name of a request, such as reqMktData")]
    Request { name: String },
    #[error("{text:?} is not a time of day such as 09:45:00")]
    Time { text: String },
}

impl std::str::FromStr for Line {
    type Err = LineError;

    fn from_str(text: &str) -> Result<Self, LineError> {
        let Value::Object(mut fields) = serde_json::from_str(text).map_err(LineError::Json)? else {
            return Err(LineError::Object);
        };
        let cue: Map<String, Value> =
            CUE.iter().filter_map(|name| fields.remove_entry(*name)).collect();
        let mut cue = Value::Object(cue);
        // Of a rule, `every` counts orders and not seconds.
        if fields.get("do").is_some_and(|word| word == "reject")
            && let Some(every) = cue.as_object_mut().and_then(|cue| cue.remove("every"))
        {
            fields.insert("every".to_owned(), every);
        }
        let drill = Drill::deserialize(Value::Object(fields)).map_err(LineError::Drill)?;
        let cue = Cue::deserialize(cue).map_err(LineError::Cue)?;
        let line = Self { cue, drill };
        line.check()?;
        Ok(line)
    }
}

impl Line {
    /// Refuses what cannot hold together.
    fn check(&self) -> Result<(), LineError> {
        let Self { cue, drill } = self;
        let repeats = cue.times.is_some_and(|times| times > 1);
        let wrong = [
            (cue.at.is_some() && cue.when.is_some(), "it has both `at` and `when`; use one"),
            (cue.times == Some(0), "`times` is 0, so it would never happen"),
            (cue.times.is_some_and(|times| times > TIMES_MAX), "`times` is above 10000"),
            (
                cue.when.is_none() && repeats && cue.every.is_none(),
                "`times` without `when` needs `every`, the seconds from one to the next",
            ),
            (
                cue.every.is_some() && (cue.when.is_some() || !repeats),
                "`every` belongs to `times` of a line without `when`",
            ),
            (cue.every.is_some_and(|every| every.steps() == 0), "`every` is 0"),
            (
                cue.lasting.is_some() && !drill.lasts(),
                "`for` belongs to a drill that lasts; this one is done as soon as it happens",
            ),
            (cue.end && !drill.lasts(), "`end` belongs to a drill that lasts"),
            (cue.end && cue.lasting.is_some(), "it has both `end` and `for`; use one"),
            (
                matches!(drill, Drill::State {}) && *cue != Cue::default(),
                "`state` is answered at once and takes no time",
            ),
        ];
        if let Some((_, why)) = wrong.into_iter().find(|(is_wrong, _)| *is_wrong) {
            return Err(LineError::Together(why));
        }
        cue.when.as_ref().map_or(Ok(()), check_trigger)?;
        check_drill(drill)
    }
}

fn check_trigger(trigger: &Trigger) -> Result<(), LineError> {
    match trigger {
        Trigger::Order { n, .. }
        | Trigger::Fill { n, .. }
        | Trigger::Connected { n, .. }
        | Trigger::Disconnected { n, .. }
        | Trigger::Notice { n, .. }
        | Trigger::Message { n, .. }
            if *n == 0 =>
        {
            Err(LineError::Together("`n` counts from 1"))
        }
        Trigger::Message { name, .. } if request(name).is_none() => {
            Err(LineError::Request { name: name.clone() })
        }
        Trigger::Price { symbol: Target::All, .. } => {
            Err(LineError::Together("a price that triggers is of one symbol"))
        }
        Trigger::Price { above, below, .. } if above.is_some() == below.is_some() => {
            Err(LineError::Together("a price that triggers is either `above` or `below`"))
        }
        Trigger::Time(text) if super::plan::time_of_day(text).is_none() => {
            Err(LineError::Time { text: text.clone() })
        }
        Trigger::Order { .. }
        | Trigger::Fill { .. }
        | Trigger::Connected { .. }
        | Trigger::Disconnected { .. }
        | Trigger::Notice { .. }
        | Trigger::Message { .. }
        | Trigger::Price { .. }
        | Trigger::Time(_) => Ok(()),
    }
}

fn check_drill(drill: &Drill) -> Result<(), LineError> {
    let wrong = |why| Err(LineError::Together(why));
    #[expect(clippy::wildcard_enum_match_arm, reason = "the others hold by their types")]
    match drill {
        Drill::Contract { multiplier: None, min_tick: None, .. } => {
            wrong("a contract changes its `multiplier`, its `min_tick`, or both")
        }
        Drill::Correct(correction) if correction.price.is_none() && correction.shares.is_none() => {
            wrong("a correction changes the `price`, the `shares`, or both")
        }
        Drill::Version { max } if !(157..=226).contains(max) => {
            wrong("the newest version is from 157 to 226")
        }
        Drill::ManualOrder(order) if order.symbol == Target::All => {
            wrong("a person's order is of one symbol")
        }
        Drill::ManualCancel(which) if which.client.is_some() != which.id.is_some() => {
            wrong("it has `client` or `id` alone; name both or neither")
        }
        Drill::Notice(notice) if notice.last_order && notice.id.is_some() => {
            wrong("it has both `id` and `last_order`; use one")
        }
        Drill::Reject(rule) if rule.every == Some(0) || rule.n == Some(0) => {
            wrong("`n` and `every` count from 1")
        }
        _ => Ok(()),
    }
}

/// Returns the request with a name.
pub(super) fn request(name: &str) -> Option<RequestId> {
    (1..=300).filter_map(RequestId::from_wire).find(|id| id.name().eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_none_says_what_is_wrong() {
        for (text, said) in [
            ("explode SPY", "it is not JSON: expected value"),
            ("[1]", "it is not one object"),
            ("{}", "missing field `do`"),
            (r#"{"do":"explode"}"#, "unknown variant `explode`, expected one of `usual`, `data`"),
            (r#"{"do":"kill","now":true}"#, "unknown field `now`"),
            (r#"{"do":"spread","symbol":"NOSUCH","by":1}"#, "\"NOSUCH\" is not an instrument"),
            (r#"{"do":"spread","symbol":"SPY","by":"wide"}"#, "invalid value: string \"wide\""),
            (r#"{"do":"spread","symbol":"SPY","by":0.5}"#, "invalid type: floating point `0.5`"),
            (r#"{"do":"spread","symbol":"SPY"}"#, "missing field `by`"),
            (r#"{"do":"data","symbol":"SPY","as":"fast"}"#, "unknown variant `fast`, expected"),
            (r#"{"do":"kill","at":-1}"#, "expected seconds as a whole number"),
            (r#"{"do":"kill","at":1,"when":{"order":{}}}"#, "it has both `at` and `when`"),
            (r#"{"do":"kill","for":1}"#, "`for` belongs to a drill that lasts"),
            (r#"{"do":"freeze","end":true,"for":1}"#, "it has both `end` and `for`"),
            (r#"{"do":"kill","times":2}"#, "`times` without `when` needs `every`"),
            (r#"{"do":"kill","when":{"order":{"n":0}}}"#, "`n` counts from 1"),
            (r#"{"do":"kill","when":{"order":{"symbol":"SPY"}}}"#, "unknown field `symbol`"),
            (r#"{"do":"kill","when":{"moon":{}}}"#, "unknown variant `moon`"),
            (r#"{"do":"kill","when":{"time":"25:00:00"}}"#, "\"25:00:00\" is not a time of day"),
            (r#"{"do":"kill","when":{"message":{"name":"x"}}}"#, "\"x\" is not the name"),
            (r#"{"do":"kill","when":{"price":{"symbol":"SPY"}}}"#, "a price that triggers is"),
            (r#"{"do":"state","at":1}"#, "`state` is answered at once"),
            (r#"{"do":"reject","code":201,"text":"","every":0}"#, "`n` and `every` count from 1"),
            (
                r#"{"do":"manual_order","symbol":"*","side":"buy","quantity":1}"#,
                "a person's order is of one symbol",
            ),
            (r#"{"do":"manual_cancel","id":1}"#, "it has `client` or `id` alone"),
            (r#"{"do":"version","max":300}"#, "the newest version is from 157 to 226"),
            (r#"{"do":"contract","symbol":"ES"}"#, "a contract changes its `multiplier`"),
            (&"[".repeat(5_000), "it is not JSON: recursion limit exceeded"),
        ] {
            let error = text.parse::<Line>().expect_err("is no line").to_string();
            assert!(error.starts_with(said), "{text}: {error}");
        }
    }

    #[test]
    fn an_option_is_named_by_its_local_symbol() {
        let text = r#"{"do":"data","symbol":"AAPL260116C00270000","as":"delayed"}"#;
        let line = text.parse::<Line>().expect("is a line");
        assert!(matches!(line.drill, Drill::Data { symbol: Target::One(one), .. }
            if one.local_symbol() == "AAPL  260116C00270000"));
    }

    #[test]
    fn of_a_rule_every_counts_orders() {
        let text = r#"{"do":"reject","code":201,"text":"No","every":3,"for":60}"#;
        let line = text.parse::<Line>().expect("is a line");
        assert!(matches!(line.drill, Drill::Reject(rule) if rule.every == Some(3)));
        assert_eq!(line.cue.every, None);
    }
}
