//! The built-in market: prices, spreads and volume as a pure function of seed and instant.
//!
//! Volume is U-shaped over the day, spreads widen outside regular hours and just after the open.
//! It must never know orders: nothing a client does moves it. Called by the market.

use super::bar::{Bar, Day, Level, Moment, Ohlc, join};
use super::noise::{Path, UNITS_PER_DAY_SIGMA, hash, pick};
use super::option_model;
use super::trades::Flow;
use crate::world::calendar::{MINUTE, Phase, Session};
use crate::world::catalog::{Kind, Listing, hours};

/// The instant at which prices equal the catalogue's: 09:30 in New York on 5 January 2026.
const ANCHOR_SECS: i64 = 1_767_623_400;

/// Sum of the weights of 390 regular minutes.
const WEIGHTS: i64 = 78_000;

/// The market of one instrument.
#[derive(Debug, Clone)]
pub(super) struct Model {
    listing: &'static Listing,
    /// Whose path it walks: of an option the underlying, otherwise itself.
    under: &'static Listing,
    key: u64,
    path: Path,
    anchor: i64,
    /// How its volatility moves.
    volatility: Path,
    volatility_anchor: i64,
}

/// Root of the 252 trading days of a year, times the hundred millionths of a basis point.
const YEAR_PPM_PER_DAY_BPS: i64 = 1_587;
/// A day moves a volatility by a twentieth of itself, as a rule.
const VOLATILITY_PARTS: i64 = 20;

impl Model {
    pub(super) fn new(seed: u64, listing: &'static Listing) -> Self {
        let under = if let Kind::Option(terms) = listing.kind { terms.under } else { listing };
        let key_of = |listing: &Listing| hash(seed, i64::from(listing.con_id().get()));
        let mut path = Path::new(hash(seed, i64::from(under.path_id())));
        let anchor = path.at(ANCHOR_SECS);
        let mut volatility = Path::new(hash(seed, i64::from(under.path_id())) ^ 7);
        let volatility_anchor = volatility.at(ANCHOR_SECS);
        Self { listing, under, key: key_of(listing), path, anchor, volatility, volatility_anchor }
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

    /// Returns the bar of the minute that begins at an instant.
    pub(super) fn minute_at(&mut self, start: i64) -> Bar {
        let session = Session::at_or_before(start);
        self.minute(&session, (start - session.pre_open).div_euclid(MINUTE))
    }

    fn minute(&mut self, session: &Session, index: i64) -> Bar {
        let start = session.pre_open + index * MINUTE;
        if !hours::is_open_in(self.listing, session, start) {
            return Bar::default();
        }
        let flat = |(bid, ask, last)| (Ohlc::flat(bid), Ohlc::flat(ask), Ohlc::flat(last));
        let flow = self.flow(session, start);
        let trades_at = |second| flow.is_some_and(|flow| flow.trades_at(second));
        let (bid, ask, last) = flat(self.prices(session, start));
        let mut sum = (bid, ask, trades_at(start).then_some(last));
        for second in start + 1..start + MINUTE {
            let (bid, ask, last) = flat(self.prices(session, second));
            let trade = trades_at(second).then_some(last);
            sum = (sum.0.then(bid), sum.1.then(ask), join(sum.2, trade));
        }
        let last = self.moment(session, start + MINUTE - 1, 0);
        let volume = self.volume(session, start);
        Bar {
            bid: Some(sum.0).filter(|_| self.listing.is_quoted()),
            ask: Some(sum.1).filter(|_| self.listing.is_quoted()),
            trade: sum.2,
            volume,
            n_trades: flow.map_or(1, |flow| flow.n_trades),
            bid_size: last.bid.map_or(0, |level| level.size),
            ask_size: last.ask.map_or(0, |level| level.size),
        }
    }

    /// Returns bid, ask and last price of a second.
    fn prices(&mut self, session: &Session, secs: i64) -> (i64, i64, i64) {
        let spread = self.spread(session, secs);
        let tick = self.listing.tick_px;
        let bid = ((self.mid(secs) - spread / 2).div_euclid(tick) * tick).max(tick);
        let ask = bid + spread;
        let last = if pick(self.key ^ 3, secs, 4) < 2 { ask } else { bid };
        (bid, ask, last)
    }

    /// Returns what is shown in a quarter of a second; prices change once a second, sizes every
    /// quarter.
    pub(super) fn moment(&mut self, session: &Session, secs: i64, quarter: i64) -> Moment {
        let (bid, ask, last_px) = self.prices(session, secs);
        let step = secs * 4 + quarter;
        let lot = self.listing.lot;
        let size = |salt: u64| {
            let unit = (self.listing.daily_volume / 100_000 / lot).max(1) * lot;
            unit * (1 + pick(self.key ^ salt, step, 4))
                / if self.is_thin(session, secs) { 4 } else { 1 }
        };
        let round = |shares: i64| (shares / lot).max(1) * lot;
        Moment {
            bid: Some(Level { px: bid, size: round(size(1)) }).filter(|_| self.listing.is_quoted()),
            ask: Some(Level { px: ask, size: round(size(2)) }).filter(|_| self.listing.is_quoted()),
            last: self
                .flow(session, secs)
                .and_then(|flow| flow.last_size(secs, quarter))
                .map(|size| Level { px: last_px, size }),
        }
    }

    /// Returns what trades in the minute of an instant; `None` where trades are not reported.
    pub(super) fn flow(&self, session: &Session, secs: i64) -> Option<Flow> {
        let start = secs.div_euclid(MINUTE) * MINUTE;
        let volume = self.volume(session, start);
        let flow = Flow {
            key: self.key,
            start,
            volume,
            n_trades: 1 + volume / self.listing.usual_trade(),
        };
        self.listing.is_traded().then_some(flow)
    }

    /// Returns the price of a second in which something trades.
    pub(super) fn last_px(&mut self, session: &Session, secs: i64) -> Option<i64> {
        let trades = self.flow(session, secs)?.trades_at(secs);
        trades.then(|| self.prices(session, secs).2)
    }

    /// Returns the shares of the minute that begins at an instant.
    fn volume(&self, session: &Session, start: i64) -> i64 {
        if !self.listing.is_traded() {
            return 0;
        }
        let (daily, lot) = (self.listing.daily_volume, self.listing.lot);
        let from_middle = (start - session.open) / MINUTE - 195;
        let weight = 100 + 300 * from_middle * from_middle / (195 * 195);
        let average = match session.phase(start) {
            Phase::Regular if start == session.open => daily * weight * 4 / WEIGHTS,
            Phase::Regular if start == session.close - MINUTE => daily * 400 * 6 / WEIGHTS,
            Phase::Regular => daily * weight / WEIGHTS,
            // Futures trade while the stock market is closed.
            Phase::Pre | Phase::Post | Phase::Closed => daily / 390 / 60,
        };
        let shares = average * (50 + pick(self.key ^ 5, start, 101)) / 100;
        (shares / lot).max(1) * lot
    }

    fn mid(&mut self, secs: i64) -> i64 {
        let under = self.under_px(secs);
        if let Kind::Option(terms) = self.listing.kind {
            option_model::price_px(&terms, under, self.volatility_ppm(secs), secs)
        } else {
            under
        }
    }

    /// Returns the price of what an option is on; of another instrument its own.
    pub(super) fn under_px(&mut self, secs: i64) -> i64 {
        let noise = i128::from(self.path.at(secs) - self.anchor);
        let base = self.under.base_px;
        // A bitcoin in hundred-thousandths times its deviation and the noise needs more than 64 bits.
        let moved = i128::from(base) * i128::from(self.under.sigma_bps) * noise
            / i128::from(10_000 * UNITS_PER_DAY_SIGMA);
        (base + i64::try_from(moved).unwrap_or(0)).max(base / 5)
    }

    /// Returns the volatility that the market expects of a year, in millionths.
    pub(super) fn volatility_ppm(&mut self, secs: i64) -> i64 {
        let noise = self.volatility.at(secs) - self.volatility_anchor;
        let usual = self.under.sigma_bps * YEAR_PPM_PER_DAY_BPS;
        let moved = usual * noise / (VOLATILITY_PARTS * UNITS_PER_DAY_SIGMA);
        (usual + moved).clamp(usual / 2, usual * 2)
    }

    fn spread(&self, session: &Session, secs: i64) -> i64 {
        let usual = self.listing.spread_px;
        let wide = if self.is_thin(session, secs) {
            usual * 4
        } else if secs < session.open + 300 {
            usual * 2
        } else {
            usual
        };
        wide + self.listing.tick_px * (pick(self.key ^ 6, secs, 8) / 7)
    }

    fn is_thin(&self, session: &Session, secs: i64) -> bool {
        self.listing.kind != Kind::Cash && session.phase(secs) != Phase::Regular
    }
}
