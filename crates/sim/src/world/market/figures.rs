//! The figures of an instrument beyond its quote: sums of the day, extremes of the year, and what
//! the broker says of it.
//!
//! Everything follows from the model, or from the shape of the instrument where the model has
//! nothing to say; which is which stands with each. It must never know clients. Called by the
//! server for generic ticks.

use gatehouse_types::Decimal;
use jiff::civil::Date;

use super::noise::pick;
use super::{Bar, Market, price};
use crate::world::calendar::{MINUTE, Phase, Session};
use crate::world::catalog::Listing;

/// Sessions of 13, 26 and 52 weeks.
const WEEKS: [usize; 3] = [65, 130, 252];
/// Months in which dividends are paid, on the ninth.
const DIVIDEND_MONTHS: [i8; 4] = [2, 5, 8, 11];
/// Minutes before an auction in which its figures are told.
const AUCTION_MINUTES: i64 = 10;

/// Sums of the day so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayFigures {
    pub n_trades: i64,
    /// Average price of what traded, weighted by size.
    pub vwap: Option<Decimal>,
    /// Trades and shares of the last whole minute.
    pub trades_a_minute: i64,
    pub shares_a_minute: i64,
    /// Shares of the last 3, 5 and 10 whole minutes.
    pub short_volumes: [i64; 3],
}

/// Low and high of regular sessions before today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extremes {
    /// Of 13, 26 and 52 weeks: low and high.
    pub ranges: [(i64, i64); 3],
}

/// What an auction would bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Auction {
    pub px: i64,
    /// Shares that would be matched.
    pub volume: i64,
    /// Shares without a partner, buyers positive.
    pub imbalance: i64,
}

/// Dividends of a share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dividends {
    pub past_year: Decimal,
    pub next_year: Decimal,
    pub next_date: Date,
    pub next_amount: Decimal,
}

impl Market {
    /// Returns the sums of the day; `None` where nothing is known of it.
    pub fn day_figures(&mut self, listing: &'static Listing, secs: i64) -> Option<DayFigures> {
        let session = Session::at_or_before(secs);
        let cached = self.cached(listing, &session)?;
        let minutes = &cached.day.minutes;
        let n_whole = session.minute_index(secs).unwrap_or(minutes.len());
        let whole = minutes.get(..n_whole).unwrap_or(minutes);
        let within = minutes.get(n_whole).copied().unwrap_or_default();
        let part = |total: i64| total * ((secs - session.pre_open).rem_euclid(MINUTE) + 1) / MINUTE;
        let (n_trades, volume) = (part(within.n_trades), part(within.volume));
        let sums = whole.iter().filter(|bar| bar.trade.is_some()).fold(
            (n_trades, volume, turnover(&within, listing.amount(volume))),
            |(trades, shares, value), bar| {
                let turned = turnover(bar, listing.amount(bar.volume));
                (trades + bar.n_trades, shares + bar.volume, value + turned)
            },
        );
        let last_shares = |n: usize| whole.iter().rev().take(n).map(|bar| bar.volume).sum::<i64>();
        let last = whole.last().copied().unwrap_or_default();
        Some(DayFigures {
            n_trades: sums.0,
            vwap: (sums.1 > 0).then(|| (sums.2 / listing.amount(sums.1)).round_dp(8).normalize()),
            trades_a_minute: if last.trade.is_some() { last.n_trades } else { 0 },
            shares_a_minute: last.volume,
            short_volumes: [last_shares(3), last_shares(5), last_shares(10)],
        })
    }

    /// Returns the extremes of the year, or `None` as long as more sessions must be worked out than
    /// `budget` allows: a session takes milliseconds, so a year is spread over several calls.
    pub fn extremes(
        &mut self,
        listing: &'static Listing,
        secs: i64,
        budget: &mut usize,
    ) -> Option<Extremes> {
        let mut session = Session::at_or_before(secs).previous();
        let mut ranges = [(i64::MAX, 0); 3];
        for n in 0..WEEKS[2] {
            if !self.regulars.contains_key(&(listing.con_id(), session.date)) {
                *budget = budget.checked_sub(1)?;
            }
            let bar = self.regular(listing, &session);
            if let Some(one) = bar.and_then(|bar| bar.trade.or(bar.midpoint())) {
                for (range, weeks) in ranges.iter_mut().zip(WEEKS) {
                    if n < weeks {
                        *range = (range.0.min(one.low), range.1.max(one.high));
                    }
                }
            }
            session = session.previous();
        }
        (ranges[0].1 > 0).then_some(Extremes { ranges })
    }

    /// Returns what the next auction of a US stock would bring, in the last minutes before it.
    pub fn auction(&mut self, listing: &'static Listing, secs: i64) -> Option<Auction> {
        let session = Session::at_or_before(secs);
        let is_near = |at: i64| (at - AUCTION_MINUTES * MINUTE..at).contains(&secs);
        if !listing.is_us_stock() || !(is_near(session.open) || is_near(session.close)) {
            return None;
        }
        let shown = self.snapshot(listing, secs, 0);
        let key = super::noise::hash(self.seed, i64::from(listing.con_id().get()));
        // Auctions match about a twentieth of the day; the figures move every five seconds.
        let unit = (listing.daily_volume / 2_000 / listing.lot).max(1) * listing.lot;
        let volume = unit * (80 + pick(key ^ 61, secs / 5, 40));
        let imbalance = unit * (pick(key ^ 62, secs / 5, 21) - 10);
        Some(Auction { px: shown.mark_px()?, volume, imbalance })
    }

    /// Returns the price of the last trade in regular hours.
    pub fn last_regular_px(&mut self, listing: &'static Listing, secs: i64) -> Option<i64> {
        let session = Session::at_or_before(secs);
        if session.phase(secs) == Phase::Regular {
            return self.snapshot(listing, secs, 3).last.map(|last| last.px);
        }
        let is_before = secs < session.open;
        let session = if is_before { session.previous() } else { session };
        self.regular(listing, &session)?.trade.map(|trade| trade.close)
    }
}

fn turnover(bar: &Bar, volume: Decimal) -> Decimal {
    let typical = bar.trade.map_or(0, |trade| (trade.high + trade.low + trade.close) / 3);
    price(typical).value() * volume
}

/// Returns the dividends of a stock at a date; funds and other instruments have none here. An
/// assumption: no page says what a share pays, so each pays a fixed part of its price a quarter.
#[must_use]
pub fn dividends(listing: &Listing, today: Date) -> Option<Dividends> {
    if !listing.is_us_stock() || listing.is_fund() {
        return None;
    }
    let part = 5 + i64::from(listing.con_id().get()) % 40;
    let next_amount = price(listing.base_px * part / 10_000).value().round_dp(2);
    let dates = [today.year(), today.year() + 1].into_iter().flat_map(|year| {
        DIVIDEND_MONTHS.into_iter().filter_map(move |month| Date::new(year, month, 9).ok())
    });
    let next_date = dates.into_iter().find(|date| *date > today)?;
    let past = (next_amount * Decimal::new(96, 2)).round_dp(2);
    let quarters = Decimal::from(4);
    Some(Dividends {
        past_year: past * quarters,
        next_year: next_amount * quarters,
        next_date,
        next_amount,
    })
}

#[cfg(test)]
mod tests;
