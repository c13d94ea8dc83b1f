//! Where prices come from: the seeded model, or a tape for the instruments that have one.
//!
//! It must never know orders, accounts or clients. Called by the matching, the history and the
//! market-data lines; every instant is passed in.

pub mod allowance;
mod bar;
pub mod book;
mod combos;
pub mod figures;
mod model;
mod noise;
pub mod option_model;
mod taped;
pub mod ticks;
mod trades;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use gatehouse_types::{ConId, Decimal};
use jiff::civil::Date;

pub use bar::{Bar, Day, Level, Moment, Ohlc, join};

pub use crate::world::px::price;

use super::calendar::{MINUTE, Phase, Session};
use super::catalog::{Kind, Listing, hours};
use super::tape::{self, TapeSource};
use super::time::STEPS_PER_SECOND;
use book::{Book, BookOf};
use model::Model;
pub(super) use noise::hash;
use option_model::Valuation;

/// Seconds in an hour.
const HOUR_SECS: i64 = 3_600;
/// Hours of minutes kept of what trades by its own clock; one is about 8 kB.
const HOURS_KEPT: usize = 4_000;
/// Bars of whole days kept of it; one is about 150 bytes.
const SPANS_KEPT: usize = 20_000;
/// Days of minutes kept; one is about 150 kB.
const DAYS_KEPT: usize = 300;

/// What is known of an instrument at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Snapshot {
    pub moment: Moment,
    /// Price of the last trade, of an earlier session if need be.
    pub last: Option<Level>,
    /// When it traded, to the second.
    pub last_secs: i64,
    /// Open, high and low of the regular session so far.
    pub today: Option<Ohlc>,
    /// Close of the session before.
    pub previous_close: Option<i64>,
    /// Shares of the session so far.
    pub volume: i64,
    /// Whether quotes are being made: false outside 04:00 to 20:00.
    pub is_open: bool,
}

impl Snapshot {
    /// Returns the price at which a position is valued: the last trade, or the middle of the
    /// quote where trades are not reported.
    #[must_use]
    pub fn mark_px(&self) -> Option<i64> {
        let middle = || Some((self.moment.bid?.px + self.moment.ask?.px) / 2).filter(|px| *px > 0);
        self.last.map(|last| last.px).or_else(middle).or(self.previous_close)
    }
}

/// What the option model makes of an option's prices; a side without a price, or with one that no
/// volatility explains, has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptionPicture {
    /// Price of the underlying.
    pub under: Decimal,
    pub bid: Option<Valuation>,
    pub ask: Option<Valuation>,
    pub last: Option<Valuation>,
    pub model: Valuation,
}

/// Sums of a day up to each minute.
#[derive(Debug)]
struct Cached {
    day: Day,
    /// Regular session before minute n.
    regular: Vec<Bar>,
    /// Whole day before minute n.
    whole: Vec<Bar>,
    /// Latest minute before n in which something traded.
    traded: Vec<Option<usize>>,
}

/// The trades of a minute before a second.
#[derive(Debug, Clone, Copy)]
struct Minute {
    start: i64,
    until: i64,
    so_far: Option<Ohlc>,
    /// The latest second in which something traded.
    traded: Option<i64>,
}

/// Prices of every instrument at every instant.
pub struct Market {
    seed: u64,
    models: BTreeMap<ConId, Model>,
    tape: Option<Box<dyn TapeSource>>,
    /// Names of what the tape holds.
    taped: BTreeMap<ConId, String>,
    /// Days around the clock, of what the tape holds and is no stock.
    clock_days: HashMap<(ConId, Date), Option<Arc<Vec<Bar>>>>,
    days: HashMap<(ConId, Date), Option<Arc<Cached>>>,
    order_of_use: VecDeque<(ConId, Date)>,
    /// Minutes of what trades by its own clock, by hour since 1970.
    hours: HashMap<(ConId, i64), Vec<Bar>>,
    spans: HashMap<(ConId, i64, i64), Bar>,
    /// Bars of whole sessions, small enough to be kept for good.
    regulars: HashMap<(ConId, Date), Bar>,
    /// The minute that each instrument was last asked for.
    minutes: HashMap<ConId, Minute>,
}

impl Market {
    /// Makes the market. With a tape, instruments it holds have no prices but its own.
    #[must_use]
    pub fn new(seed: u64, tape: Option<Box<dyn TapeSource>>) -> Self {
        let taped = tape.as_ref().map_or_else(BTreeMap::new, |tape| taped::held(tape.as_ref()));
        Self {
            seed,
            models: BTreeMap::new(),
            tape,
            taped,
            clock_days: HashMap::new(),
            days: HashMap::new(),
            order_of_use: VecDeque::new(),
            hours: HashMap::new(),
            spans: HashMap::new(),
            regulars: HashMap::new(),
            minutes: HashMap::new(),
        }
    }

    /// Returns a day's minutes, or `None` where there are no prices.
    pub fn day(&mut self, listing: &'static Listing, session: &Session) -> Option<Day> {
        self.cached(listing, session).map(|cached| cached.day.clone())
    }

    /// Returns the bar of a regular session, or `None` where there are no prices.
    pub fn regular(&mut self, listing: &'static Listing, session: &Session) -> Option<Bar> {
        let key = (listing.con_id(), session.date);
        if let Some(found) = self.regulars.get(&key) {
            return Some(*found);
        }
        let bar = if self.is_taped(listing) {
            self.cached(listing, session)?.day.regular()
        } else {
            match listing.kind {
                Kind::Combo(_) => self.cached(listing, session)?.day.regular(),
                Kind::Stock
                | Kind::Option(_)
                | Kind::Future { .. }
                | Kind::Continuous { .. }
                | Kind::Cash
                | Kind::Index
                | Kind::Crypto
                | Kind::Bond(_)
                | Kind::Cfd
                | Kind::MutualFund => self.model(listing).regular(session),
            }
        };
        self.regulars.insert(key, bar);
        Some(bar)
    }

    /// Returns the bar of one minute, whatever the instrument's hours; empty where nothing was
    /// quoted.
    pub fn minute(&mut self, listing: &'static Listing, start: i64) -> Bar {
        if listing.is_us_stock() || matches!(listing.kind, Kind::Combo(_)) {
            let session = Session::at_or_before(start);
            let index = session.minute_index(start);
            let cached = self.cached(listing, &session);
            let found = index.and_then(|index| cached?.day.minutes.get(index).copied());
            return found.unwrap_or_default();
        }
        if self.is_taped(listing) {
            return self.clock_minute(listing, start);
        }
        let hour = start.div_euclid(HOUR_SECS);
        let key = (listing.con_id(), hour);
        if !self.hours.contains_key(&key) {
            if self.hours.len() >= HOURS_KEPT {
                self.hours.clear();
            }
            let model = self.model(listing);
            let minutes = (0..60).map(|n| model.minute_at(hour * HOUR_SECS + n * MINUTE)).collect();
            self.hours.insert(key, minutes);
        }
        let index = usize::try_from(start.rem_euclid(HOUR_SECS) / MINUTE).unwrap_or(0);
        let found = self.hours.get(&key).and_then(|minutes: &Vec<Bar>| minutes.get(index));
        found.copied().unwrap_or_default()
    }

    /// Returns the bar of a stretch of seconds, or `None` where there are no prices at all.
    pub fn span(&mut self, listing: &'static Listing, from: i64, to: i64) -> Option<Bar> {
        let session = Session::at_or_before(to - 1);
        if listing.is_us_stock() && (from, to) == (session.open, session.close) {
            return self.regular(listing, &session);
        }
        if self.is_taped(listing) && !self.has_tape(listing, (from, to)) {
            return None;
        }
        let key = (listing.con_id(), from, to);
        if let Some(found) = self.spans.get(&key) {
            return Some(*found);
        }
        let whole = to.div_euclid(MINUTE) * MINUTE;
        let mut sum = Bar::default();
        let mut at = from;
        while at < whole {
            sum = sum.then(self.minute(listing, at));
            at += MINUTE;
        }
        if at < to {
            return Some(sum.then(self.partial(listing, at, to)));
        }
        if self.spans.len() >= SPANS_KEPT {
            self.spans.clear();
        }
        self.spans.insert(key, sum);
        Some(sum)
    }

    /// Returns the bars of days for which only a daily tape exists.
    pub fn daily_tape(&self, listing: &Listing) -> Vec<(Date, Bar)> {
        let held = self.tape.as_ref().zip(self.taped.get(&listing.con_id()));
        held.map_or_else(Vec::new, |(tape, name)| tape.daily(name))
    }

    /// Returns whether prices of an instrument come from the tape.
    #[must_use]
    pub fn is_taped(&self, listing: &Listing) -> bool {
        self.taped.contains_key(&listing.con_id())
    }

    /// Returns the displayed quote at a quarter of a second, without the day's figures.
    pub fn moment(&mut self, listing: &'static Listing, secs: i64, quarter: i64) -> Moment {
        let session = Session::at_or_before(secs);
        if !hours::is_open_in(listing, &session, secs) {
            return Moment::default();
        }
        if let Kind::Combo(legs) = listing.kind {
            return combos::moment(self, legs, (secs, quarter));
        }
        if !self.is_taped(listing) {
            return self.model(listing).moment(&session, secs, quarter);
        }
        let start = secs.div_euclid(MINUTE) * MINUTE;
        let bar = self.minute(listing, start);
        let mut moment = tape::moment_within(&bar, secs - start, listing.tick_px);
        let size = self.flow(listing, secs).and_then(|flow| flow.last_size(secs, quarter));
        if let (Some(last), Some(size)) = (&mut moment.last, size) {
            last.size = size;
        }
        moment
    }

    /// Returns the book behind a quote, as it stands at an instant.
    pub fn book(
        &mut self,
        listing: &'static Listing,
        quote: &Moment,
        of: BookOf,
        secs: i64,
    ) -> Book {
        let key = noise::hash(self.seed, i64::from(listing.con_id().get()));
        book::around(key, listing, quote, of, secs)
    }

    /// Returns everything a market-data line shows.
    pub fn snapshot(&mut self, listing: &'static Listing, secs: i64, quarter: i64) -> Snapshot {
        let session = Session::at_or_before(secs);
        let previous = session.previous();
        let previous_close = self.cached(listing, &previous).and_then(|cached| {
            let bar = cached.day.regular();
            bar.trade.or(bar.midpoint()).map(|bar| bar.close)
        });
        let Some(cached) = self.cached(listing, &session) else {
            let closed = Snapshot { previous_close, ..Snapshot::default() };
            let is_clocked = self.is_taped(listing) && !listing.is_us_stock();
            return if is_clocked {
                self.overnight(listing, closed, secs, quarter)
            } else {
                closed
            };
        };
        let Some(index) = session.minute_index(secs) else {
            let closed = closed_snapshot(&cached, previous_close);
            return self.overnight(listing, closed, secs, quarter);
        };
        let moment = self.moment(listing, secs, quarter);
        self.open_snapshot(listing, &cached, (index, secs), moment, previous_close)
    }

    /// Futures and pairs are quoted while the stock market's day is over.
    fn overnight(
        &mut self,
        listing: &'static Listing,
        closed: Snapshot,
        secs: i64,
        quarter: i64,
    ) -> Snapshot {
        if !hours::is_open(listing, secs) {
            return closed;
        }
        let moment = self.moment(listing, secs, quarter);
        let traded = (secs - 2 * MINUTE..secs).rev().find_map(|second| {
            let last = self.moment(listing, second, STEPS_PER_SECOND - 1).last?;
            Some((Some(last), second))
        });
        let (last, last_secs) = match (moment.last, traded) {
            (Some(last), _) => (Some(last), secs),
            (None, Some(traded)) => traded,
            (None, None) => (closed.last, closed.last_secs),
        };
        Snapshot { moment, last, last_secs, is_open: true, ..closed }
    }

    fn open_snapshot(
        &mut self,
        listing: &'static Listing,
        cached: &Cached,
        (index, secs): (usize, i64),
        moment: Moment,
        previous_close: Option<i64>,
    ) -> Snapshot {
        let session = &cached.day.session;
        let start = session.minute_start(index);
        let minute = self.minute_so_far(listing, session, start, secs);
        let so_far = minute.so_far;
        let traded = minute.traded.filter(|_| moment.last.is_none()).and_then(|second| {
            let last = self.moment(listing, second, STEPS_PER_SECOND - 1).last?;
            Some((last, second))
        });
        let regular = session.phase(secs) == Phase::Regular;
        let before = cached.regular.get(index).and_then(|bar| bar.trade);
        let minute = cached.day.minutes.get(index).copied().unwrap_or_default();
        let share = minute.volume * (secs - start + 1) / MINUTE;
        let earlier = traded.or_else(|| earlier_trade(cached, index, listing.lot));
        let (last, last_secs) = match (moment.last, earlier) {
            (Some(last), _) => (Some(last), secs),
            (None, Some((last, at))) => (Some(last), at),
            (None, None) => {
                let closed = previous_close.filter(|_| listing.is_traded());
                (closed.map(|px| Level { px, size: listing.lot }), session.pre_open)
            }
        };
        Snapshot {
            moment,
            last,
            last_secs,
            today: if regular { join(before, so_far) } else { before },
            previous_close,
            volume: cached.whole.get(index).map_or(0, |bar| bar.volume) + share,
            is_open: hours::is_open(listing, secs),
        }
    }

    /// Returns the price at which something trades in a second of a session.
    fn last_px(&mut self, listing: &'static Listing, session: &Session, secs: i64) -> Option<i64> {
        if self.is_taped(listing) {
            return self.moment(listing, secs, 0).last.map(|last| last.px);
        }
        let is_open = hours::is_open_in(listing, session, secs);
        self.model(listing).last_px(session, secs).filter(|_| is_open)
    }

    /// Returns the trades of a minute up to a second of it. A line that looks four times a second
    /// goes on where it was.
    fn minute_so_far(
        &mut self,
        listing: &'static Listing,
        session: &Session,
        start: i64,
        secs: i64,
    ) -> Minute {
        let known = self.minutes.get(&listing.con_id()).copied();
        let known = known.filter(|known| known.start == start && known.until <= secs + 1);
        let mut minute =
            known.unwrap_or(Minute { start, until: start, so_far: None, traded: None });
        while minute.until <= secs {
            if let Some(px) = self.last_px(listing, session, minute.until) {
                minute.so_far = join(minute.so_far, Some(Ohlc::flat(px)));
                minute.traded = Some(minute.until);
            }
            minute.until += 1;
        }
        self.minutes.insert(listing.con_id(), minute);
        minute
    }

    /// Returns the bar of a stretch of seconds within one minute, or of whole seconds in general.
    pub fn partial(&mut self, listing: &'static Listing, from: i64, to: i64) -> Bar {
        let mut sum = Bar::default();
        let session = Session::at_or_before(from);
        let flat = |level: Option<Level>| level.map(|level| Ohlc::flat(level.px));
        for second in from..to {
            let shown = self.moment(listing, second, 0);
            let traded = self.trades(listing, second).into_iter();
            let reported = traded.filter(|trade| !trade.is_unreported);
            let (volume, n_trades) =
                reported.fold((0, 0), |(volume, n), trade| (volume + trade.size, n + 1));
            sum = sum.then(Bar {
                bid: flat(shown.bid),
                ask: flat(shown.ask),
                trade: self.last_px(listing, &session, second).map(Ohlc::flat),
                bid_size: shown.bid.map_or(0, |level| level.size),
                ask_size: shown.ask.map_or(0, |level| level.size),
                volume,
                n_trades,
            });
        }
        sum
    }

    /// Returns what the model makes of the prices of an option at an instant; `None` for anything
    /// else. The same question gets the same answer in the past and in the present.
    pub fn option_picture(
        &mut self,
        listing: &'static Listing,
        secs: i64,
    ) -> Option<OptionPicture> {
        let Kind::Option(terms) = listing.kind else { return None };
        let moment = self.moment(listing, secs, 0);
        let model = self.model(listing);
        let (under_px, level) = (model.under_px(secs), model.volatility_ppm(secs));
        let under = price(under_px).value();
        let volatility = option_model::smiling(&terms, under_px, level, secs);
        let of = |level: Option<Level>| {
            option_model::at_price(&terms, under, price(level?.px).value(), secs)
        };
        Some(OptionPicture {
            under,
            bid: of(moment.bid),
            ask: of(moment.ask),
            last: of(moment.last),
            model: option_model::at_volatility(&terms, under, volatility, secs),
        })
    }

    /// Returns the volatility of a year that options on an instrument are priced with, at the money
    /// and in millionths.
    pub fn volatility_ppm(&mut self, listing: &'static Listing, secs: i64) -> i64 {
        self.model(listing).volatility_ppm(secs)
    }

    fn model(&mut self, listing: &'static Listing) -> &mut Model {
        let seed = self.seed;
        self.models.entry(listing.con_id()).or_insert_with(|| Model::new(seed, listing))
    }

    fn cached(&mut self, listing: &'static Listing, session: &Session) -> Option<Arc<Cached>> {
        let key = (listing.con_id(), session.date);
        if let Some(found) = self.days.get(&key) {
            return found.clone();
        }
        let day = if self.is_taped(listing) {
            self.taped_day(listing, session)
        } else if let Kind::Combo(legs) = listing.kind {
            combos::day(self, legs, session)
        } else {
            Some(self.model(listing).day(session))
        };
        let cached = day.map(|day| Arc::new(Cached::new(day)));
        self.days.insert(key, cached.clone());
        self.order_of_use.push_back(key);
        if self.order_of_use.len() > DAYS_KEPT
            && let Some(oldest) = self.order_of_use.pop_front()
        {
            self.days.remove(&oldest);
        }
        cached
    }
}

impl Cached {
    fn new(day: Day) -> Self {
        let mut cached = Self { regular: vec![], whole: vec![], traded: vec![], day };
        let (mut regular, mut whole, mut traded) = (Bar::default(), Bar::default(), None);
        for (index, bar) in cached.day.minutes.iter().enumerate() {
            cached.regular.push(regular);
            cached.whole.push(whole);
            cached.traded.push(traded);
            whole = whole.then(*bar);
            if cached.day.session.phase(cached.day.session.minute_start(index)) == Phase::Regular {
                regular = regular.then(*bar);
            }
            if bar.trade.is_some() {
                traded = Some(index);
            }
        }
        cached.regular.push(regular);
        cached.whole.push(whole);
        cached.traded.push(traded);
        cached
    }
}

/// The last trade of an earlier minute of the day.
fn earlier_trade(cached: &Cached, index: usize, lot: i64) -> Option<(Level, i64)> {
    let at = cached.traded.get(index).copied().flatten()?;
    let close = cached.day.minutes.get(at)?.trade?.close;
    Some((Level { px: close, size: lot }, cached.day.session.minute_start(at) + MINUTE - 1))
}

fn closed_snapshot(cached: &Cached, previous_close: Option<i64>) -> Snapshot {
    let (regular, whole) = (cached.regular.last(), cached.whole.last());
    let today = regular.and_then(|bar| bar.trade);
    let last = whole.and_then(|bar| bar.trade).map(|trade| Level { px: trade.close, size: 100 });
    Snapshot {
        moment: Moment::default(),
        last,
        last_secs: cached.day.session.post_close - 1,
        today,
        previous_close,
        volume: whole.map_or(0, |bar| bar.volume),
        is_open: false,
    }
}

#[cfg(test)]
mod tests;
