//! How fresh the prices of each line are, and why they are not.

use std::sync::Arc;
use std::time::Duration;

use gatehouse_codes::{Severity, meaning};
use gatehouse_desk::LINES_MAX;
use gatehouse_ipc::{DataLine, Failure, LineState, Reply};
use gatehouse_types::{DataType, Mono};

use crate::app::App;
use crate::chart;
use crate::failure;
use crate::market::{KnownLine, Lack};

/// What the error book says of delayed prices under this code holds for all of them.
const DELAYED: i32 = 10_167;

impl App {
    /// Returns how many ticks Gatehouse's own lines of prices have brought since the start: a best bid
    /// or ask, its size, a last price.
    #[must_use]
    pub fn n_ticks(&self) -> u64 {
        self.market.n_ticks()
    }

    /// Answers with every line that Gatehouse keeps.
    pub(crate) fn lines(&self) -> Result<Reply, Failure> {
        let (shown, market) = (self.shown_symbols(), Arc::clone(&self.market));
        let asked = self.proxy.inspect(move |engine, now| {
            let status = engine.status(now);
            let (known, n_open) = market.lines(&chart::wanted(&status, &shown));
            let symbols: Vec<String> = known.iter().map(|line| line.symbol.clone()).collect();
            let limits = chart::known(&status, &symbols);
            (known.into_iter().zip(limits).collect::<Vec<_>>(), n_open, now.mono)
        });
        let (lines, n_open, now) = asked.ok_or_else(failure::stopping)?;
        let lines = lines.into_iter().map(|(known, (_, age_max))| line(known, now, age_max));
        Ok(Reply::Lines {
            lines: lines.collect(),
            n_open: u32::try_from(n_open).unwrap_or(u32::MAX),
            n_open_max: u32::try_from(LINES_MAX).unwrap_or(u32::MAX),
        })
    }
}

/// `age_max`: the strictest limit on the age of a price; `None` when none is set.
fn line(known: KnownLine, now: Mono, age_max: Option<Duration>) -> DataLine {
    let KnownLine { symbol, quote, said, lack } = known;
    let age = quote.map(|quote| now.since(quote.at));
    let is_empty = quote.is_some_and(|quote| quote.bid.is_none() && quote.ask.is_none());
    let said = said.map(|said| meaning(said.code, &said.text));
    let state = match (&said, quote.map(|quote| quote.data)) {
        _ if lack == Some(Lack::Name) => LineState::Unnamed,
        _ if lack == Some(Lack::Room) => LineState::LeftOut,
        // Milder ones say that something of it is missing, and it goes on.
        (Some(said), _) if said.severity >= Severity::Medium => LineState::Refused,
        (_, None) => LineState::Awaited,
        (_, Some(DataType::Delayed)) => LineState::Delayed,
        (_, Some(DataType::Frozen | DataType::Other)) => LineState::Frozen,
        (_, Some(DataType::Live)) if is_empty => LineState::Empty,
        (_, Some(DataType::Live)) if age > age_max && age_max.is_some() => LineState::Stale,
        (_, Some(DataType::Live)) => LineState::Live,
    };
    let of_code = said
        .filter(|_| lack.is_none())
        .or_else(|| (state == LineState::Delayed).then(|| meaning(DELAYED, "")));
    let (sentence, next) = match of_code.filter(|_| state != LineState::Live) {
        Some(code) => (Some(code.cause.to_owned()), Some(code.action)),
        None => words(state, age, age_max),
    };
    DataLine {
        symbol,
        state,
        age_ms: age.map(|age| u32::try_from(age.as_millis()).unwrap_or(u32::MAX)),
        code: of_code.map(|code| code.code),
        sentence,
        next: next.map(str::to_owned),
    }
}

/// Returns what is the matter where the broker said nothing, and what to do.
fn words(
    state: LineState,
    age: Option<Duration>,
    age_max: Option<Duration>,
) -> (Option<String>, Option<&'static str>) {
    let (sentence, next) = match state {
        LineState::Live | LineState::Delayed | LineState::Refused => return (None, None),
        LineState::Awaited => (
            "It was asked for, and nothing has come yet.".to_owned(),
            "If it stays so, look at the market's hours and at the doctor.",
        ),
        LineState::Unnamed => (
            "The Gateway knows no US stock of this name.".to_owned(),
            "Check the spelling; it is asked again in a minute.",
        ),
        LineState::LeftOut => (
            format!("Gatehouse keeps {LINES_MAX} lines of prices at most, and others come first."),
            "Take symbols off the watchlist, or close charts.",
        ),
        LineState::Frozen => (
            "These are the last prices before the close, so entries are refused.".to_owned(),
            "They are live again when the market opens.",
        ),
        LineState::Empty => (
            "The broker has no price at the moment (−1): the market is closed or halted, or nobody \
             quotes it."
                .to_owned(),
            "Nothing to do: a price that is missing refuses entries, and is never taken for a number.",
        ),
        LineState::Stale => (
            format!(
                "No price came for {} s, and {} s are allowed, so entries are refused.",
                age.unwrap_or_default().as_secs(),
                age_max.unwrap_or_default().as_secs()
            ),
            "Look at the market's hours, at alarms about farms, and for other sessions of this user.",
        ),
    };
    (Some(sentence), Some(next))
}

#[cfg(test)]
mod tests {
    use gatehouse_types::Quote;

    use super::*;
    use crate::market::Said;

    fn shown(data: Option<DataType>, age_s: u64, said: Option<(i32, &str)>) -> DataLine {
        let price = || Some("10.01".parse().expect("is a price"));
        let quote = data.map(|data| Quote {
            bid: price(),
            ask: price(),
            last: None,
            at: Mono::new(Duration::from_secs(100 - age_s)),
            data,
        });
        let said = said.map(|(code, text)| Said { code, text: text.to_owned() });
        let known = KnownLine { symbol: "SPY".to_owned(), quote, said, lack: None };
        line(known, Mono::new(Duration::from_secs(100)), Some(Duration::from_secs(5)))
    }

    #[test]
    fn what_is_the_matter_with_a_line_is_said_with_what_to_do() {
        use DataType::{Delayed, Frozen, Live, Other};
        let competing = "No market data during competing live session";
        for (data, age_s, said, state, words) in [
            (Some(Live), 5, None, LineState::Live, ""),
            (Some(Live), 6, None, LineState::Stale, "No price came for 6 s, and 5 s"),
            (None, 0, None, LineState::Awaited, "nothing has come"),
            (None, 0, Some((354, "Not subscribed")), LineState::Refused, "no live data"),
            (Some(Live), 60, Some((10_197, competing)), LineState::Refused, "live elsewhere"),
            (
                Some(Delayed),
                1,
                Some((10_167, "Displaying delayed")),
                LineState::Delayed,
                "15 minutes",
            ),
            (Some(Delayed), 1, None, LineState::Delayed, "15 minutes"),
            (Some(Frozen), 1, None, LineState::Frozen, "before the close"),
            (Some(Other), 1, None, LineState::Frozen, "before the close"),
        ] {
            let line = shown(data, age_s, said);
            assert_eq!(line.state, state, "{line:?}");
            let sentence = line.sentence.clone().unwrap_or_default();
            assert!(sentence.contains(words), "{words:?} is not in {line:?}");
            assert_eq!(line.next.is_some(), state != LineState::Live, "{line:?}");
        }
    }

    #[test]
    fn a_line_that_is_not_there_says_why() {
        for (lack, state, words) in [
            (Lack::Name, LineState::Unnamed, "no US stock of this name"),
            (Lack::Room, LineState::LeftOut, "40 lines"),
        ] {
            let said = Some(Said { code: 354, text: "Not subscribed".to_owned() });
            let known =
                KnownLine { symbol: "FOOO".to_owned(), quote: None, said, lack: Some(lack) };
            let line = line(known, Mono::new(Duration::ZERO), None);
            assert_eq!((line.state, line.code), (state, None), "{line:?}");
            assert!(line.sentence.is_some_and(|it| it.contains(words)), "{words}");
        }
    }

    #[test]
    fn minus_one_is_explained_and_no_number() {
        let mut known = KnownLine { symbol: "SPY".to_owned(), quote: None, said: None, lack: None };
        let at = Mono::new(Duration::from_secs(1));
        known.quote = Some(Quote { bid: None, ask: None, last: None, at, data: DataType::Live });
        let line = line(known, at, None);
        assert_eq!(line.state, LineState::Empty);
        assert!(line.sentence.is_some_and(|it| it.contains("(−1)")));
    }
}
