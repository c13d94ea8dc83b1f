//! Rankings of the model's US stocks, as a market scanner makes them.
//!
//! It must never know clients. Called by the server's scanner.

use gatehouse_types::Decimal;

use super::World;
use super::catalog::{self, Listing};
use super::market::{Snapshot, price};

/// By what stocks are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ranking {
    /// Change since the close before, in parts of it.
    Gain,
    Loss,
    /// Change since the open.
    GainSinceOpen,
    LossSinceOpen,
    /// Open against the close before.
    GapUp,
    GapDown,
    /// Shares of the session.
    Volume,
    /// Shares of the session against those of a usual day.
    RelativeVolume,
    /// Shares times price.
    Turnover,
    /// High less low in parts of the close before.
    Range,
    /// By name, for rankings of which the model knows nothing.
    Name,
}

/// Codes of scanners with the words that the scanner's parameters call them by.
pub const CODES: &[(&str, &str, Ranking)] = &[
    ("TOP_PERC_GAIN", "Top % Gainers", Ranking::Gain),
    ("TOP_PERC_LOSE", "Top % Losers", Ranking::Loss),
    ("MOST_ACTIVE", "Most Active", Ranking::Volume),
    ("MOST_ACTIVE_USD", "Most Active ($)", Ranking::Turnover),
    ("MOST_ACTIVE_AVG_USD", "Most Active by Average ($)", Ranking::Turnover),
    ("HOT_BY_VOLUME", "Hot by Volume", Ranking::RelativeVolume),
    ("HOT_BY_PRICE", "Hot by Price", Ranking::Gain),
    ("HOT_BY_PRICE_RANGE", "Hot by Price Range", Ranking::Range),
    ("TOP_PRICE_RANGE", "Top Price Range", Ranking::Range),
    ("TOP_TRADE_COUNT", "Top Trade Count", Ranking::Volume),
    ("TOP_TRADE_RATE", "Top Trade Rate", Ranking::Volume),
    ("TOP_VOLUME_RATE", "Top Volume Rate", Ranking::Volume),
    ("TOP_OPEN_PERC_GAIN", "Top % Gainers Since Open", Ranking::GainSinceOpen),
    ("TOP_OPEN_PERC_LOSE", "Top % Losers Since Open", Ranking::LossSinceOpen),
    ("HIGH_OPEN_GAP", "Top Close-to-Open % Gainers", Ranking::GapUp),
    ("LOW_OPEN_GAP", "Top Close-to-Open % Losers", Ranking::GapDown),
    ("HIGH_OPT_VOLUME_PUT_CALL_RATIO", "High Option Volume P/C Ratio", Ranking::Name),
    ("OPT_VOLUME_MOST_ACTIVE", "Most Active by Opt Volume", Ranking::Name),
    ("HIGH_VS_52W_HL", "52-Week High", Ranking::Gain),
    ("LOW_VS_52W_HL", "52-Week Low", Ranking::Loss),
    ("HALTED", "Halted", Ranking::Name),
];

/// Codes of scanners of combinations, with their words. The simulated market has none that anybody
/// else trades, so they find nothing.
pub const COMBO_CODES: &[(&str, &str)] = &[
    ("COMBO_LATEST_TRADE", "Complex Orders and Trades: Latest Trade"),
    ("COMBO_MOST_ACTIVE", "Complex Orders and Trades: Most Active"),
    ("COMBO_ALL", "Complex Orders and Trades: All"),
];

/// Which stocks are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Screen {
    pub above_price: Option<Decimal>,
    pub below_price: Option<Decimal>,
    pub above_volume: Option<i64>,
    /// `Some(true)` for funds only, `Some(false)` for shares of companies only.
    pub funds: Option<bool>,
    /// Where it must be listed; `None` for anywhere.
    pub exchange: Option<&'static str>,
}

impl Screen {
    fn lets_in(&self, listing: &Listing, shown: &Snapshot) -> bool {
        let last = shown.mark_px().map(|px| price(px).value());
        let is_priced = |test: &dyn Fn(Decimal) -> bool| last.is_some_and(test);
        self.above_price.is_none_or(|limit| is_priced(&|last| last >= limit))
            && self.below_price.is_none_or(|limit| is_priced(&|last| last <= limit))
            && self.above_volume.is_none_or(|limit| shown.volume >= limit)
            && self.funds.is_none_or(|funds| listing.is_fund() == funds)
            && self.exchange.is_none_or(|exchange| listing.primary_exchange == exchange)
    }
}

/// Returns the ranking of a scan code, or `None` for a code that no scanner has.
#[must_use]
pub fn ranking(code: &str) -> Option<Ranking> {
    let is_combo = COMBO_CODES.iter().any(|(known, _)| *known == code);
    let found = CODES.iter().find(|(known, _, _)| *known == code).map(|(_, _, ranking)| *ranking);
    found.or(is_combo.then_some(Ranking::Name))
}

impl World {
    /// Returns the stocks that a screen lets in, the first of the ranking first. Equal ones are in
    /// the order of their symbols.
    pub fn scan(
        &mut self,
        ranking: Ranking,
        screen: &Screen,
        n_max: usize,
    ) -> Vec<&'static Listing> {
        let stocks = catalog::standing().iter().filter(|listing| listing.is_us_stock());
        let mut scored: Vec<(i64, &'static Listing)> = stocks
            .filter_map(|listing| {
                let shown = self.snapshot(listing);
                screen.lets_in(listing, &shown).then(|| (score(ranking, listing, &shown), listing))
            })
            .collect();
        scored.sort_by_key(|(score, listing)| (std::cmp::Reverse(*score), listing.symbol));
        scored.into_iter().take(n_max).map(|(_, listing)| listing).collect()
    }
}

/// The higher the earlier; changes are in millionths.
fn score(ranking: Ranking, listing: &Listing, shown: &Snapshot) -> i64 {
    let last = shown.mark_px();
    let open = shown.today.map(|bar| bar.open);
    let close = shown.previous_close;
    let change = |to: Option<i64>, from: Option<i64>| match (to, from) {
        (Some(to), Some(from)) if from != 0 => (to - from).saturating_mul(1_000_000) / from,
        (Some(_) | None, Some(_) | None) => 0,
    };
    let range = shown.today.map(|bar| bar.high - bar.low);
    match ranking {
        Ranking::Gain => change(last, close),
        Ranking::Loss => -change(last, close),
        Ranking::GainSinceOpen => change(last, open),
        Ranking::LossSinceOpen => -change(last, open),
        Ranking::GapUp => change(open, close),
        Ranking::GapDown => -change(open, close),
        Ranking::Volume => shown.volume,
        Ranking::RelativeVolume => {
            shown.volume.saturating_mul(1_000_000) / listing.daily_volume.max(1)
        }
        Ranking::Turnover => shown.volume.saturating_mul(last.unwrap_or(0) / 100),
        Ranking::Range => match (range, close) {
            (Some(range), Some(close)) if close != 0 => range.saturating_mul(1_000_000) / close,
            (Some(_) | None, Some(_) | None) => 0,
        },
        Ranking::Name => 0,
    }
}
