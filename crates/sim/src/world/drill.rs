//! Drills: what a person does to the simulated market to see whether a bot and its limits notice.
//!
//! A drill changes what is shown and traded from now on, never the bars of the past. It must never
//! know sockets. The server reads the words; the world applies them.

use std::collections::BTreeMap;

use gatehouse_types::{ConId, Decimal};

use super::catalog::{self, Listing};
use super::market::{Level, Moment, Snapshot};

/// Which data a client may see of an instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Served {
    #[default]
    Live,
    /// The quote of the moment at which the drill began stands still (type 2).
    Frozen,
    /// A quarter of an hour old (type 3), whatever the client asked for.
    Delayed,
    /// No subscription: live data is refused (354), delayed data is given to who asks for it.
    Unsubscribed,
    /// Nothing comes, and nothing says so.
    Silent,
}

/// What stands in the place of bid and ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shown {
    #[default]
    Quote,
    /// Nobody is on either side: price −1.
    Nobody,
    /// Price and size 0.
    Zero,
}

/// What a drill does to one instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Bend {
    served: Served,
    shown: Shown,
    /// Between bid and ask, in ten-thousandths.
    spread_px: Option<i64>,
    /// By how much the bid stands above the ask, in ten-thousandths.
    crossed_px: Option<i64>,
    /// Moves every price, in basis points.
    jump_bps: i64,
}

/// How the broker refuses an order that it would have taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedOrder {
    pub code: i32,
    pub text: String,
}

/// An act on the market or on the broker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drill {
    /// Everything about an instrument is usual again.
    Usual(Target),
    Data(Target, Served),
    Quote(Target, Shown),
    /// A spread in currency units.
    Spread(Target, Decimal),
    /// The bid stands this much above the ask.
    Cross(Target, Decimal),
    /// Every price moves by this many percent, and stays there.
    Jump(Target, Decimal),
    /// The next orders, as many as given, are refused.
    Reject {
        n_orders: u32,
        with: RefusedOrder,
    },
    /// A message to every client, with id −1.
    Notice {
        code: i32,
        text: String,
    },
    /// Every client is disconnected.
    Drop,
}

/// One instrument or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    All,
    One(&'static Listing),
}

/// The drills that are on.
#[derive(Debug, Default)]
pub(crate) struct Drills {
    all: Bend,
    single: BTreeMap<ConId, Bend>,
    refused: Option<(u32, RefusedOrder)>,
}

impl Drills {
    fn of(&self, listing: &Listing) -> Bend {
        self.single.get(&listing.con_id()).copied().unwrap_or(self.all)
    }

    fn change(&mut self, target: Target, change: impl Fn(&mut Bend)) {
        match target {
            Target::All => {
                change(&mut self.all);
                self.single.values_mut().for_each(change);
            }
            Target::One(listing) => {
                let all = self.all;
                change(self.single.entry(listing.con_id()).or_insert(all));
            }
        }
    }

    /// Takes up what concerns the market or the broker's answers; the rest is the server's.
    pub(super) fn apply(&mut self, drill: &Drill) {
        match drill {
            Drill::Usual(target) => self.change(*target, |bend| *bend = Bend::default()),
            Drill::Data(target, served) => self.change(*target, |bend| bend.served = *served),
            Drill::Quote(target, shown) => self.change(*target, |bend| bend.shown = *shown),
            Drill::Spread(target, by) => {
                let px = px(*by);
                self.change(*target, |bend| bend.spread_px = px);
            }
            Drill::Cross(target, by) => {
                let px = px(*by);
                self.change(*target, |bend| bend.crossed_px = px);
            }
            Drill::Jump(target, percent) => {
                let bps = i64::try_from((*percent * Decimal::ONE_HUNDRED).trunc()).unwrap_or(0);
                self.change(*target, |bend| bend.jump_bps += bps);
            }
            Drill::Reject { n_orders, with } => self.refused = Some((*n_orders, with.clone())),
            Drill::Notice { .. } | Drill::Drop => {}
        }
    }

    /// Returns the answer to the next order, when a drill refuses it.
    pub(super) fn refuse_next(&mut self) -> Option<RefusedOrder> {
        let (n_orders, with) = self.refused.take()?;
        if n_orders > 1 {
            self.refused = Some((n_orders - 1, with.clone()));
        }
        Some(with)
    }

    /// Returns which data of an instrument clients may see.
    pub(super) fn served(&self, listing: &Listing) -> Served {
        self.of(listing).served
    }

    /// Returns the quote as the drills leave it.
    pub(super) fn bend(&self, listing: &Listing, moment: Moment) -> Moment {
        let bend = self.of(listing);
        let zero = Some(Level { px: 0, size: 0 });
        match bend.shown {
            Shown::Quote => {}
            Shown::Nobody => return Moment { bid: None, ask: None, ..moment },
            Shown::Zero => return Moment { bid: zero, ask: zero, ..moment },
        }
        let moved = |level: Option<Level>| {
            level.map(|level| Level { px: jumped(level.px, &bend, listing), ..level })
        };
        let (bid, ask, last) = (moved(moment.bid), moved(moment.ask), moved(moment.last));
        let (Some(bid), Some(ask)) = (bid, ask) else {
            return Moment { bid, ask, last };
        };
        let wide = bend.crossed_px.map(|px| -px).or(bend.spread_px);
        let (bid, ask) = match wide {
            None => (bid, ask),
            Some(wide) => {
                let tick = listing.tick_px;
                let from = ((bid.px + ask.px - wide) / 2).div_euclid(tick) * tick;
                let from = from.max(tick);
                (Level { px: from, ..bid }, Level { px: (from + wide).max(tick), ..ask })
            }
        };
        Moment { bid: Some(bid), ask: Some(ask), last }
    }

    /// Returns the whole picture as the drills leave it.
    pub(super) fn bend_picture(&self, listing: &Listing, picture: Snapshot) -> Snapshot {
        let bend = self.of(listing);
        let last = picture.last.map(|last| Level { px: jumped(last.px, &bend, listing), ..last });
        Snapshot { moment: self.bend(listing, picture.moment), last, ..picture }
    }
}

fn jumped(px: i64, bend: &Bend, listing: &Listing) -> i64 {
    let tick = listing.tick_px;
    let moved = px + px * bend.jump_bps / 10_000;
    (moved.div_euclid(tick) * tick).max(tick)
}

fn px(units: Decimal) -> Option<i64> {
    i64::try_from((units * Decimal::from(10_000)).trunc()).ok()
}

/// Why a line is no drill, in words for the person who wrote it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrillError {
    #[error(
        "the drill {word:?} is not known; known are usual, data, quote, spread, cross, jump, reject, notice, drop"
    )]
    Word { word: String },
    #[error("{symbol:?} is not an instrument; use a symbol, a contract id or *")]
    Symbol { symbol: String },
    #[error("{text:?} is not {expected}")]
    Value { text: String, expected: &'static str },
}

impl std::str::FromStr for Drill {
    type Err = DrillError;

    /// Reads `spread SPY 0.50`, `data * delayed`, `cross AAPL 0.02`, `jump TSLA -12`,
    /// `usual SPY`, `reject 5 201 Not today`, `notice 1100 Connectivity lost`, `drop`.
    fn from_str(line: &str) -> Result<Self, DrillError> {
        let (word, rest) = cut(line);
        let (first, rest) = cut(rest);
        match word {
            "usual" => Ok(Self::Usual(target(first)?)),
            "data" => Ok(Self::Data(target(first)?, served(rest)?)),
            "quote" => Ok(Self::Quote(target(first)?, shown(rest)?)),
            "spread" => Ok(Self::Spread(target(first)?, number(rest)?)),
            "cross" => Ok(Self::Cross(target(first)?, number(rest)?)),
            "jump" => Ok(Self::Jump(target(first)?, number(rest)?)),
            "reject" => {
                let (code, text) = cut(rest);
                let with = RefusedOrder { code: whole(code)?, text: text.to_owned() };
                Ok(Self::Reject { n_orders: whole(first)?, with })
            }
            "notice" => Ok(Self::Notice { code: whole(first)?, text: rest.to_owned() }),
            "drop" => Ok(Self::Drop),
            other => Err(DrillError::Word { word: other.to_owned() }),
        }
    }
}

/// The first word, and what stands behind it.
fn cut(line: &str) -> (&str, &str) {
    let line = line.trim();
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    (word, rest.trim())
}

/// An option is named by its local symbol without the spaces in it.
fn target(text: &str) -> Result<Target, DrillError> {
    if text == "*" {
        return Ok(Target::All);
    }
    let fits = |listing: &&'static Listing| {
        listing.con_id().to_string() == text
            || listing.local_symbol().replace(' ', "").eq_ignore_ascii_case(text)
    };
    catalog::by_symbol(text)
        .or_else(|| catalog::all().iter().find(fits))
        .map(Target::One)
        .ok_or_else(|| DrillError::Symbol { symbol: text.to_owned() })
}

fn served(text: &str) -> Result<Served, DrillError> {
    Ok(match text {
        "live" => Served::Live,
        "frozen" => Served::Frozen,
        "delayed" => Served::Delayed,
        "unsubscribed" => Served::Unsubscribed,
        "silent" => Served::Silent,
        other => {
            let expected = "live, frozen, delayed, unsubscribed or silent";
            return Err(DrillError::Value { text: other.to_owned(), expected });
        }
    })
}

fn shown(text: &str) -> Result<Shown, DrillError> {
    Ok(match text {
        "usual" => Shown::Quote,
        "none" => Shown::Nobody,
        "zero" => Shown::Zero,
        other => {
            let expected = "usual, none or zero";
            return Err(DrillError::Value { text: other.to_owned(), expected });
        }
    })
}

fn number(text: &str) -> Result<Decimal, DrillError> {
    Decimal::from_str_exact(text)
        .map_err(|_| DrillError::Value { text: text.to_owned(), expected: "a number" })
}

fn whole<T: std::str::FromStr>(text: &str) -> Result<T, DrillError> {
    text.parse()
        .map_err(|_| DrillError::Value { text: text.to_owned(), expected: "a whole number" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spy() -> &'static Listing {
        catalog::by_symbol("SPY").expect("is listed")
    }

    fn shown(lines: &[&str]) -> (i64, i64, i64) {
        let mut drills = Drills::default();
        for line in lines {
            drills.apply(&line.parse().expect("is a drill"));
        }
        let level = |px| Some(Level { px, size: 300 });
        let moment = Moment { bid: level(999_900), ask: level(1_000_100), last: level(1_000_100) };
        let bent = drills.bend(spy(), moment);
        let px = |level: Option<Level>| level.map_or(0, |level| level.px);
        (px(bent.bid), px(bent.ask), px(bent.last))
    }

    #[test]
    fn a_drill_changes_the_quote_until_it_is_usual_again() {
        for (lines, expected) in [
            (&[][..], (999_900, 1_000_100, 1_000_100)),
            (&["spread SPY 1"], (995_000, 1_005_000, 1_000_100)),
            (&["spread AAPL 1"], (999_900, 1_000_100, 1_000_100)),
            (&["cross * 0.02"], (1_000_100, 999_900, 1_000_100)),
            (&["jump SPY 10"], (1_099_800, 1_100_100, 1_100_100)),
            (&["quote SPY none"], (0, 0, 1_000_100)),
            (&["quote SPY zero"], (0, 0, 1_000_100)),
            (&["jump SPY -10", "usual *"], (999_900, 1_000_100, 1_000_100)),
            (&["spread * 1", "usual 756733"], (999_900, 1_000_100, 1_000_100)),
        ] {
            assert_eq!(shown(lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn orders_are_refused_as_often_as_asked() {
        let mut drills = Drills::default();
        drills.apply(&"reject 2 201 Not today".parse().expect("is a drill"));
        let refused = RefusedOrder { code: 201, text: "Not today".to_owned() };
        assert_eq!(drills.refuse_next(), Some(refused.clone()));
        assert_eq!(drills.refuse_next(), Some(refused));
        assert_eq!(drills.refuse_next(), None);
    }

    #[test]
    fn a_line_that_is_no_drill_says_what_is_wrong() {
        for (line, said) in [
            ("explode SPY", "the drill \"explode\""),
            ("spread NOSUCH 1", "\"NOSUCH\" is not an instrument"),
            ("spread SPY wide", "\"wide\" is not a number"),
            ("data SPY fast", "\"fast\" is not live"),
            ("reject many 201 x", "\"many\" is not a whole number"),
        ] {
            let error = line.parse::<Drill>().expect_err("is no drill");
            assert!(error.to_string().starts_with(said), "{error}");
        }
        let option = "data AAPL260116C00270000 delayed".parse::<Drill>().expect("is a drill");
        assert!(matches!(option, Drill::Data(Target::One(one), Served::Delayed)
            if one.local_symbol() == "AAPL  260116C00270000"));
    }
}
