//! The built-in market: prices, spreads and volume as a pure function of seed and instant.
//!
//! Volume is U-shaped over the day, spreads widen outside regular hours and just after the open.
//! It must never know orders: nothing a client does moves it. Called by the market.

use super::bar::{Bar, Day, Level, Moment, Ohlc, TICK_PX};
use super::noise::{Path, UNITS_PER_DAY_SIGMA, hash, pick};
use crate::world::calendar::{MINUTE, Phase, Session};
use crate::world::catalog::Listing;

/// The instant at which prices equal the catalogue's: 09:30 in New York on 5 January 2026.
const ANCHOR_SECS: i64 = 1_767_623_400;

/// Sum of the weights of 390 regular minutes.
const WEIGHTS: i64 = 78_000;

/// The market of one instrument.
#[derive(Debug, Clone)]
pub(super) struct Model {
    listing: &'static Listing,
    key: u64,
    path: Path,
    anchor: i64,
}

impl Model {
    pub(super) fn new(seed: u64, listing: &'static Listing) -> Self {
        let key = hash(seed, i64::from(listing.con_id().get()));
        let mut path = Path::new(key);
        let anchor = path.at(ANCHOR_SECS);
        Self { listing, key, path, anchor }
    }

    /// Returns a whole day, second by second folded into minutes.
    pub(super) fn day(&mut self, session: &Session) -> Day {
        let n_minutes = (session.post_close - session.pre_open) / MINUTE;
        let minutes = (0..n_minutes).map(|index| self.minute(session, index)).collect();
        Day { session: *session, minutes }
    }

    /// Returns the regular session only, in one bar: the same as that of its minutes.
    pub(super) fn regular(&mut self, session: &Session) -> Bar {
        let minutes =
            (session.open - session.pre_open) / MINUTE..(session.close - session.pre_open) / MINUTE;
        minutes.fold(Bar::default(), |sum, index| sum.then(self.minute(session, index)))
    }

    fn minute(&mut self, session: &Session, index: i64) -> Bar {
        let start = session.pre_open + index * MINUTE;
        let flat = |(bid, ask, last)| (Ohlc::flat(bid), Ohlc::flat(ask), Ohlc::flat(last));
        let mut sum = flat(self.prices(session, start));
        for second in start + 1..start + MINUTE {
            let shown = flat(self.prices(session, second));
            sum = (sum.0.then(shown.0), sum.1.then(shown.1), sum.2.then(shown.2));
        }
        let last = self.moment(session, start + MINUTE - 1, 0);
        let volume = self.volume(session, start);
        Bar {
            bid: Some(sum.0),
            ask: Some(sum.1),
            trade: Some(sum.2),
            volume,
            n_trades: 1 + volume / 120,
            bid_size: last.bid.map_or(0, |level| level.size),
            ask_size: last.ask.map_or(0, |level| level.size),
        }
    }

    /// Returns bid, ask and last price of a second.
    fn prices(&mut self, session: &Session, secs: i64) -> (i64, i64, i64) {
        let spread = self.spread(session, secs);
        let bid = (self.mid(secs) - spread / 2).div_euclid(TICK_PX) * TICK_PX;
        let ask = bid + spread;
        let last = if pick(self.key ^ 3, secs, 4) < 2 { ask } else { bid };
        (bid, ask, last)
    }

    /// Returns what is shown in a quarter of a second; prices change once a second, sizes every
    /// quarter.
    pub(super) fn moment(&mut self, session: &Session, secs: i64, quarter: i64) -> Moment {
        let (bid, ask, last_px) = self.prices(session, secs);
        let step = secs * 4 + quarter;
        let size = |salt: u64| {
            let unit = (self.listing.daily_volume / 100_000 / 100).max(1) * 100;
            unit * (1 + pick(self.key ^ salt, step, 4))
                / if self.is_thin(session, secs) { 4 } else { 1 }
        };
        let round = |shares: i64| (shares / 100).max(1) * 100;
        Moment {
            bid: Some(Level { px: bid, size: round(size(1)) }),
            ask: Some(Level { px: ask, size: round(size(2)) }),
            last: Some(Level { px: last_px, size: 100 * (1 + pick(self.key ^ 4, step, 5)) }),
        }
    }

    /// Returns the shares of the minute that begins at an instant.
    fn volume(&self, session: &Session, start: i64) -> i64 {
        let daily = self.listing.daily_volume;
        let from_middle = (start - session.open) / MINUTE - 195;
        let weight = 100 + 300 * from_middle * from_middle / (195 * 195);
        let average = match session.phase(start) {
            Phase::Regular if start == session.open => daily * weight * 4 / WEIGHTS,
            Phase::Regular if start == session.close - MINUTE => daily * 400 * 6 / WEIGHTS,
            Phase::Regular => daily * weight / WEIGHTS,
            Phase::Pre | Phase::Post => daily / 390 / 60,
            Phase::Closed => 0,
        };
        let shares = average * (50 + pick(self.key ^ 5, start, 101)) / 100;
        (shares / 100).max(1) * 100
    }

    fn mid(&mut self, secs: i64) -> i64 {
        // The noise stays below 2^30 and price times sigma below 2^32, so the product fits.
        let noise = self.path.at(secs) - self.anchor;
        let base = self.listing.base_px;
        let moved = base * self.listing.sigma_bps * noise / (10_000 * UNITS_PER_DAY_SIGMA);
        (base + moved).max(base / 5)
    }

    fn spread(&self, session: &Session, secs: i64) -> i64 {
        let usual = self.listing.spread_cents * TICK_PX;
        let wide = if self.is_thin(session, secs) {
            usual * 4
        } else if secs < session.open + 300 {
            usual * 2
        } else {
            usual
        };
        wide + TICK_PX * (pick(self.key ^ 6, secs, 8) / 7)
    }

    fn is_thin(&self, session: &Session, secs: i64) -> bool {
        session.phase(secs) != Phase::Regular
    }
}
