//! What drills do to the market: which data is served, what quotes show, what contracts say, which
//! orders are refused, what past bars look like.
//!
//! A drill changes what is shown and traded from now on, never the bars of the past. It must never
//! know sockets. Called by the world.

use std::collections::{BTreeMap, BTreeSet};

use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{ClientId, ConId, Decimal};
use serde::Deserialize;

use super::{Drill, HistoryFault, RejectRule, SideWord, Target, Turn};
use crate::world::catalog::{Kind, Listing};
use crate::world::market::{Level, Moment, Snapshot};
use crate::world::px::PX_ONE;

/// Which data a client may see of an instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
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

/// Which subscription to market data is missing. Sources: captures of Gateways (10089, 10167), and
/// texts that users report (354, 10090, 10091, 10168).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// The one that lets the API have it: live data is refused (10089), delayed data is given.
    Api,
    /// Any: live data is refused (10168) to who did not ask for delayed data, which is given.
    Live,
    /// Any, and nothing is there with a delay either (354).
    Everything,
    /// That for quotes: 10090, and the line goes on without bid and ask (an assumption: which
    /// ticks stay depends on the subscription).
    Part,
    /// That for quotes through the API: 10091, the rest as `part`.
    ApiPart,
}

impl Missing {
    /// Returns whether a line goes on with what there is.
    #[must_use]
    pub fn is_part(self) -> bool {
        matches!(self, Self::Part | Self::ApiPart)
    }
}

/// What stands in the place of bid and ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    #[default]
    Usual,
    /// Nobody is on either side: price −1.
    None,
    /// Price and size 0.
    Zero,
    /// The prices below zero, as of crude oil in April 2020 or of a spread.
    Negative,
}

/// What a drill does to one instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Bend {
    served: Served,
    missing: Option<Missing>,
    shown: Shown,
    /// Between bid and ask.
    spread_px: Option<i64>,
    /// By how much the bid stands above the ask.
    crossed_px: Option<i64>,
    /// Moves every price, in basis points.
    jump_bps: i64,
    stale_last: bool,
    multiplier: Option<Decimal>,
    min_tick: Option<Decimal>,
    history: Option<HistoryFault>,
}

/// How the broker refuses an order that it would have taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedOrder {
    pub code: i32,
    pub text: String,
}

/// A rule for orders, and how often it was asked and held.
#[derive(Debug)]
struct Refusing {
    rule: RejectRule,
    n_fitting: u32,
    n_refused: u32,
}

/// The drills that are on.
#[derive(Debug, Default)]
pub(crate) struct Drills {
    all: Bend,
    single: BTreeMap<ConId, Bend>,
    refusing: Vec<Refusing>,
    /// Farms that are broken, by name.
    broken_farms: BTreeSet<String>,
    link_lost: bool,
    competing: bool,
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

    /// Takes up what concerns the market or the broker's judgement; the rest is the server's.
    pub(in crate::world) fn apply(&mut self, drill: &Drill, turn: Turn) {
        let begins = turn == Turn::Begin;
        #[expect(clippy::wildcard_enum_match_arm, reason = "the rest is the server's")]
        match drill {
            Drill::Usual { symbol } => self.change(*symbol, |bend| *bend = Bend::default()),
            Drill::Data { symbol, served } => {
                let served = if begins { *served } else { Served::Live };
                self.change(*symbol, |bend| bend.served = served);
            }
            Drill::Permissions { symbol, missing } => {
                let missing = begins.then_some(*missing);
                self.change(*symbol, |bend| bend.missing = missing);
            }
            Drill::Quote { symbol, shown } => {
                let shown = if begins { *shown } else { Shown::Usual };
                self.change(*symbol, |bend| bend.shown = shown);
            }
            Drill::Spread { symbol, by } => {
                let px = by.px().filter(|_| begins);
                self.change(*symbol, |bend| bend.spread_px = px);
            }
            Drill::Cross { symbol, by } => {
                let px = by.px().filter(|_| begins);
                self.change(*symbol, |bend| bend.crossed_px = px);
            }
            Drill::Jump { symbol, percent } => {
                let bps = percent.px().unwrap_or(0) * 100 / PX_ONE;
                let bps = if begins { bps } else { -bps };
                self.change(*symbol, |bend| bend.jump_bps = bend.jump_bps.saturating_add(bps));
            }
            Drill::StaleLast { symbol } => self.change(*symbol, |bend| bend.stale_last = begins),
            Drill::Contract { symbol, multiplier, min_tick } => {
                let [multiplier, min_tick] = [multiplier, min_tick]
                    .map(|given| given.filter(|_| begins).map(|amount| amount.0));
                self.change(*symbol, |bend| {
                    bend.multiplier = multiplier;
                    bend.min_tick = min_tick;
                });
            }
            Drill::History { symbol, fault } => {
                let fault = begins.then_some(*fault);
                self.change(*symbol, |bend| bend.history = fault);
            }
            Drill::Reject(rule) if begins => {
                self.refusing.push(Refusing { rule: rule.clone(), n_fitting: 0, n_refused: 0 });
            }
            Drill::Reject(rule) => self.refusing.retain(|refusing| refusing.rule != *rule),
            Drill::Farm { name } if begins => {
                self.broken_farms.insert(name.clone());
            }
            Drill::Farm { name } => {
                self.broken_farms.remove(name);
            }
            Drill::Link { .. } => self.link_lost = begins,
            Drill::Competing {} => self.competing = begins,
            _ => {}
        }
    }

    /// Returns the answer to a new order, when a drill refuses it.
    pub(in crate::world) fn refuse(
        &mut self,
        client_id: ClientId,
        asked: &PlaceOrder,
        listing: &Listing,
    ) -> Option<RefusedOrder> {
        let side = match asked.order.action.as_str() {
            "BUY" => SideWord::Buy,
            _ => SideWord::Sell,
        };
        for refusing in &mut self.refusing {
            let rule = &refusing.rule;
            let kind = &asked.order.order_type;
            let fits = rule.client.is_none_or(|id| id == client_id.get())
                && rule.symbol.fits(listing)
                && rule.side.is_none_or(|wanted| wanted == side)
                && rule.order_type.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(kind));
            if !fits || rule.n.is_some_and(|n| refusing.n_refused >= n) {
                continue;
            }
            refusing.n_fitting = refusing.n_fitting.saturating_add(1);
            if refusing.n_fitting.is_multiple_of(rule.every.unwrap_or(1)) {
                refusing.n_refused += 1;
                return Some(RefusedOrder { code: rule.code, text: rule.text.clone() });
            }
        }
        None
    }

    /// Returns which data of an instrument clients may see.
    pub(in crate::world) fn served(&self, listing: &Listing) -> Served {
        let is_dead = self.link_lost
            || self.competing
            || self.broken_farms.iter().any(|farm| Farm::of(farm).serves(listing));
        let bend = self.of(listing);
        if is_dead {
            return Served::Silent;
        }
        let is_missing = bend.missing.is_some_and(|missing| !missing.is_part());
        if is_missing && bend.served == Served::Live {
            return Served::Unsubscribed;
        }
        bend.served
    }

    /// Returns which subscription to an instrument is missing.
    pub(in crate::world) fn missing(&self, listing: &Listing) -> Option<Missing> {
        self.of(listing).missing
    }

    /// Returns what happens to the answer about past bars of an instrument.
    pub(in crate::world) fn history(&self, listing: &Listing) -> Option<HistoryFault> {
        let unreachable =
            self.link_lost || self.broken_farms.iter().any(|farm| Farm::of(farm) == Farm::History);
        if unreachable { Some(HistoryFault::Unreachable) } else { self.of(listing).history }
    }

    /// Returns the multiplier and the price step that drills give an instrument.
    pub(in crate::world) fn contract(&self, listing: &Listing) -> BentContract {
        let bend = self.of(listing);
        BentContract { multiplier: bend.multiplier, min_tick: bend.min_tick }
    }

    /// Returns whether somebody else has the market data.
    pub(crate) fn is_competing(&self) -> bool {
        self.competing
    }

    /// Returns whether the broker cannot be reached.
    pub(crate) fn is_link_lost(&self) -> bool {
        self.link_lost
    }

    /// Returns the quote as the drills leave it.
    pub(in crate::world) fn bend(&self, listing: &Listing, moment: Moment) -> Moment {
        let bend = self.of(listing);
        let zero = Some(Level { px: 0, size: 0 });
        match bend.shown {
            Shown::Usual | Shown::Negative => {}
            Shown::None => return Moment { bid: None, ask: None, ..moment },
            Shown::Zero => return Moment { bid: zero, ask: zero, ..moment },
        }
        let moved = |level: Option<Level>| {
            level.map(|level| Level { px: jumped(level.px, &bend, listing), ..level })
        };
        let (bid, ask, last) = (moved(moment.bid), moved(moment.ask), moved(moment.last));
        if bend.shown == Shown::Negative {
            return Moment { bid: below_zero(ask), ask: below_zero(bid), last: below_zero(last) };
        }
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

    /// Returns the whole picture as the drills leave it. A stale last price is only shown: stops
    /// go on with the true one.
    pub(in crate::world) fn bend_picture(&self, listing: &Listing, picture: Snapshot) -> Snapshot {
        let bend = self.of(listing);
        let stale = picture.previous_close.filter(|_| bend.stale_last);
        let stale = stale.map(|px| Level { px, size: listing.lot });
        let last = picture.last.map(|last| Level { px: jumped(last.px, &bend, listing), ..last });
        let last = if bend.shown == Shown::Negative { below_zero(last) } else { last };
        let moment = self.bend(listing, picture.moment);
        Snapshot { moment, last: stale.or(last), ..picture }
    }
}

/// What drills say of a contract; `None` is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BentContract {
    pub multiplier: Option<Decimal>,
    pub min_tick: Option<Decimal>,
}

/// What a farm serves, by the names that the broker gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Farm {
    Futures,
    Pairs,
    Europe,
    /// Any other farm of market data; `usfarm` stands for everything here.
    Market,
    History,
    Definitions,
}

impl Farm {
    /// Returns the farm with a name.
    pub(crate) fn of(name: &str) -> Self {
        let name = name.to_ascii_lowercase();
        if name.contains("hmds") || name.contains("fundfarm") {
            Self::History
        } else if name.contains("secdef") {
            Self::Definitions
        } else if name.contains("future") {
            Self::Futures
        } else if name.starts_with("cash") {
            Self::Pairs
        } else if name.starts_with("eu") {
            Self::Europe
        } else {
            Self::Market
        }
    }

    fn serves(self, listing: &Listing) -> bool {
        match self {
            Self::Futures => listing.sec_type().contains("FUT"),
            Self::Pairs => listing.sec_type() == "CASH",
            Self::Europe => listing.currency == "EUR",
            Self::Market => true,
            Self::History | Self::Definitions => false,
        }
    }
}

fn below_zero(level: Option<Level>) -> Option<Level> {
    level.map(|level| Level { px: -level.px, ..level })
}

fn jumped(px: i64, bend: &Bend, listing: &Listing) -> i64 {
    let tick = listing.tick_px;
    let moved = px.saturating_add(px.saturating_mul(bend.jump_bps) / 10_000);
    // A combination may well cost less than nothing.
    let least = if matches!(listing.kind, Kind::Combo(_)) { i64::MIN } else { tick };
    (moved.div_euclid(tick) * tick).max(least)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::catalog;
    use crate::world::drill::Line;

    fn line(text: &str) -> Line {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn drilled(lines: &[&str]) -> Drills {
        let mut drills = Drills::default();
        for text in lines {
            let line = line(text);
            let turn = if line.cue.end { Turn::End } else { Turn::Begin };
            drills.apply(&line.drill, turn);
        }
        drills
    }

    fn listing(symbol: &str) -> &'static Listing {
        catalog::by_symbol(symbol).expect("is listed")
    }

    fn shown(lines: &[&str]) -> (i64, i64, i64) {
        let level = |px| Some(Level { px, size: 300 });
        let moment =
            Moment { bid: level(9_999_000), ask: level(10_001_000), last: level(10_001_000) };
        let bent = drilled(lines).bend(listing("SPY"), moment);
        let px = |level: Option<Level>| level.map_or(1, |level| level.px);
        (px(bent.bid), px(bent.ask), px(bent.last))
    }

    #[test]
    fn a_drill_changes_the_quote_until_it_ends_or_all_is_usual() {
        let usual = (9_999_000, 10_001_000, 10_001_000);
        for (lines, expected) in [
            (&[][..], usual),
            (&[r#"{"do":"spread","symbol":"SPY","by":1}"#], (9_950_000, 10_050_000, 10_001_000)),
            (&[r#"{"do":"spread","symbol":"AAPL","by":1}"#], usual),
            (&[r#"{"do":"cross","symbol":"*","by":"0.02"}"#], (10_001_000, 9_999_000, 10_001_000)),
            (
                &[r#"{"do":"jump","symbol":"SPY","percent":10}"#],
                (10_998_000, 11_001_000, 11_001_000),
            ),
            (
                &[r#"{"do":"jump","symbol":"SPY","percent":900}"#],
                (99_990_000, 100_010_000, 100_010_000),
            ),
            (&[r#"{"do":"quote","symbol":"SPY","as":"none"}"#], (1, 1, 10_001_000)),
            (&[r#"{"do":"quote","symbol":"SPY","as":"zero"}"#], (0, 0, 10_001_000)),
            (
                &[r#"{"do":"quote","symbol":"SPY","as":"negative"}"#],
                (-10_001_000, -9_999_000, -10_001_000),
            ),
            (
                &[
                    r#"{"do":"jump","symbol":"SPY","percent":"-12.5"}"#,
                    r#"{"do":"jump","symbol":"SPY","percent":"-12.5","end":true}"#,
                ],
                usual,
            ),
            (
                &[
                    r#"{"do":"cross","symbol":"SPY","by":1}"#,
                    r#"{"do":"cross","symbol":"SPY","by":1,"end":true}"#,
                ],
                usual,
            ),
            (
                &[
                    r#"{"do":"jump","symbol":"SPY","percent":-10}"#,
                    r#"{"do":"usual","symbol":"*"}"#,
                ],
                usual,
            ),
            (
                &[r#"{"do":"spread","symbol":"*","by":1}"#, r#"{"do":"usual","symbol":"756733"}"#],
                usual,
            ),
        ] {
            assert_eq!(shown(lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn the_close_of_yesterday_is_shown_as_the_last_trade() {
        let picture = Snapshot { previous_close: Some(50_000), ..Snapshot::default() };
        let drills = drilled(&[r#"{"do":"stale_last","symbol":"SPY"}"#]);
        let last = drills.bend_picture(listing("SPY"), picture).last;
        assert_eq!(last.map(|last| last.px), Some(50_000));
        assert_eq!(drills.bend_picture(listing("AAPL"), picture).last, None);
    }

    #[test]
    fn what_breaks_silences_the_lines_that_it_serves() {
        let silent = Served::Silent;
        for (text, symbol, served) in [
            (r#"{"do":"farm","name":"usfarm"}"#, "SPY", silent),
            (r#"{"do":"farm","name":"usfuture"}"#, "SPY", Served::Live),
            (r#"{"do":"farm","name":"usfuture"}"#, "ES", silent),
            (r#"{"do":"farm","name":"cashfarm"}"#, "EUR.USD", silent),
            (r#"{"do":"farm","name":"ushmds"}"#, "SPY", Served::Live),
            (r#"{"do":"farm","name":"secdefil"}"#, "SPY", Served::Live),
            (r#"{"do":"link"}"#, "SPY", silent),
            (r#"{"do":"competing"}"#, "ES", silent),
            (r#"{"do":"data","symbol":"SPY","as":"delayed"}"#, "SPY", Served::Delayed),
        ] {
            assert_eq!(drilled(&[text]).served(listing(symbol)), served, "{text} {symbol}");
            let over = format!("{},\"end\":true}}", text.trim_end_matches('}'));
            assert_eq!(drilled(&[text, &over]).served(listing(symbol)), Served::Live, "{over}");
        }
        let broken = drilled(&[r#"{"do":"farm","name":"ushmds"}"#]);
        assert_eq!(broken.history(listing("SPY")), Some(HistoryFault::Unreachable));
    }

    #[test]
    fn a_rule_refuses_what_fits_as_often_as_it_says() {
        let order = |symbol: &str, action: &str, kind: &str| {
            let mut asked = PlaceOrder {
                order_id: gatehouse_types::OrderId::new(1),
                contract: gatehouse_tws::layout::WireContract::default(),
                order: gatehouse_tws::order::Order::default(),
                attached: None,
            };
            symbol.clone_into(&mut asked.contract.symbol);
            action.clone_into(&mut asked.order.action);
            kind.clone_into(&mut asked.order.order_type);
            asked
        };
        let tried = [
            ("SPY", "BUY", "MKT"),
            ("AAPL", "BUY", "LMT"),
            ("SPY", "SELL", "LMT"),
            ("SPY", "BUY", "LMT"),
        ];
        for (rule, expected) in [
            (r#""n":2"#, [true, true, false, false]),
            (r#""symbol":"SPY""#, [true, false, true, true]),
            (r#""side":"sell""#, [false, false, true, false]),
            (r#""type":"lmt","n":1"#, [false, true, false, false]),
            (r#""every":2"#, [false, true, false, true]),
            (r#""client":8"#, [false; 4]),
        ] {
            let text = format!(r#"{{"do":"reject","code":201,"text":"Not today",{rule}}}"#);
            let mut drills = drilled(&[&text]);
            let refused = tried.map(|(symbol, action, kind)| {
                let asked = order(symbol, action, kind);
                drills.refuse(ClientId::new(7), &asked, listing(symbol)).is_some()
            });
            assert_eq!(refused, expected, "{text}");
        }
    }
}
