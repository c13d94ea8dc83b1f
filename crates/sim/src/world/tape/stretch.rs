//! The path of prices within a bar: within a minute for each second, within an hour or a day for
//! each minute.
//!
//! It runs from open over the two extremes to close, low first when the bar rose, so that every
//! price of the bar is seen and no other; how a bar came about between its four prices is an
//! assumption, the same for each length. It must never know formats. Called by the market and by
//! tapes of long bars.

use crate::world::calendar::MINUTE;
use crate::world::market::{Bar, Level, Moment, Ohlc};

/// Returns what a minute's bar shows a number of seconds after it began. Prices in between are
/// multiples of a step.
#[must_use]
pub fn moment_within(bar: &Bar, second: i64, step: i64) -> Moment {
    let path = |side: Ohlc| Path { bar: side, rose: rose(bar), secs: MINUTE, step }.at(second);
    let down = |px: i64| px.div_euclid(step) * step;
    let bid_px = bar.bid.map(|side| down(path(side)));
    let ask_px = bar.ask.map(|side| down(path(side) + step - 1));
    let ask_px = match (bid_px, ask_px) {
        (Some(bid), Some(ask)) => Some(ask.max(bid + step)),
        (_, ask) => ask,
    };
    let level = |px: Option<i64>, size: i64| {
        px.map(|px| Level { px, size: size.max(1) }).filter(|_| size > 0)
    };
    Moment {
        bid: level(bid_px, bar.bid_size),
        ask: level(ask_px, bar.ask_size),
        last: bar.trade.map(|trade| Level {
            px: path(trade),
            size: (bar.volume / bar.n_trades.max(1)).max(1),
        }),
    }
}

/// Cuts a long bar into minutes: joined again they are the bar.
pub(super) fn minutes_of(bar: &Bar, n_minutes: i64, step: i64) -> Vec<Bar> {
    let rose = rose(bar);
    let share = |total: i64, n: i64| total * (n + 1) / n_minutes - total * n / n_minutes;
    let part = |side: Ohlc, n: i64| {
        let path = Path { bar: side, rose, secs: n_minutes * MINUTE, step };
        path.part(n * MINUTE, (n + 1) * MINUTE - 1)
    };
    (0..n_minutes)
        .map(|n| Bar {
            bid: bar.bid.map(|side| part(side, n)),
            ask: bar.ask.map(|side| part(side, n)),
            trade: bar.trade.map(|trade| part(trade, n)),
            volume: share(bar.volume, n),
            n_trades: share(bar.n_trades, n).max(1),
            ..*bar
        })
        .collect()
}

fn rose(bar: &Bar) -> bool {
    bar.trade.or(bar.bid).is_none_or(|bar| bar.close >= bar.open)
}

/// The prices of a bar over its seconds.
#[derive(Clone, Copy)]
struct Path {
    bar: Ohlc,
    rose: bool,
    secs: i64,
    step: i64,
}

impl Path {
    fn leg(self) -> i64 {
        ((self.secs - 1) / 3).max(1)
    }

    fn at(self, second: i64) -> i64 {
        let Self { bar, rose, step, .. } = self;
        let (first, second_extreme) = if rose { (bar.low, bar.high) } else { (bar.high, bar.low) };
        let leg = self.leg();
        let round = |px: i64| (px + step / 2).div_euclid(step) * step;
        // The bar's own prices stay as they are, whatever their step.
        let blend = |from: i64, to: i64, done: i64| match done {
            0 => from,
            done => round(from + (to - from) * done / leg).clamp(bar.low, bar.high),
        };
        match second {
            s if s <= 0 => bar.open,
            s if s < leg => blend(bar.open, first, s),
            s if s < 2 * leg => blend(first, second_extreme, s - leg),
            s if s < 3 * leg => blend(second_extreme, bar.close, s - 2 * leg),
            _ => bar.close,
        }
    }

    /// The bar of the seconds from one to another; the path turns only where its legs meet.
    fn part(self, from: i64, to: i64) -> Ohlc {
        let turns = [self.leg(), 2 * self.leg()].into_iter().filter(|at| (from..=to).contains(at));
        let seen = turns.chain([from, to]).map(|at| self.at(at));
        let (open, close) = (self.at(from), self.at(to));
        let (high, low) = seen.fold((open, open), |(high, low), px| (high.max(px), low.min(px)));
        Ohlc { open, high, low, close }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::px::CENT;

    #[test]
    fn the_minutes_of_a_long_bar_joined_are_the_bar() {
        for (open, high, low, close) in
            [(100_000, 109_000, 95_000, 103_000), (100_001, 100_001, 99_990, 99_990)]
        {
            let ohlc = Ohlc { open, high, low, close };
            let quote = Ohlc { open: open - 1, high: high - 1, low: low - 1, close: close - 1 };
            let bar = Bar {
                trade: Some(ohlc),
                bid: Some(quote),
                volume: 1_003,
                n_trades: 60,
                bid_size: 5,
                ..Bar::default()
            };
            for n_minutes in [1, 30, 60, 390, 1_440] {
                let minutes = minutes_of(&bar, n_minutes, CENT);
                let sum = minutes.iter().fold(Bar::default(), |sum, minute| sum.then(*minute));
                assert_eq!((sum.trade, sum.bid, sum.volume), (bar.trade, bar.bid, 1_003));
            }
        }
    }
}
