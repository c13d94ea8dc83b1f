//! What futures and options are made from: their cycles, grids and last days.
//!
//! It must never know which of them were asked for. Called by the catalogue.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};

use super::{Kind, Listing, others, stocks};
use crate::world::calendar::{Session, tomorrow, yesterday};
use crate::world::px::{CENT, PX_ONE};

/// Everything the futures of one kind have in common.
#[derive(Debug, PartialEq, Eq)]
pub struct FutureRoot {
    pub symbol: &'static str,
    pub name: &'static str,
    pub exchange: &'static str,
    /// Dollars of one point.
    pub multiplier: i64,
    pub industry: &'static str,
    pub category: &'static str,
    /// The broker's id of what it is on, and its kind.
    pub under_con_id: i32,
    pub under_sec_type: &'static str,
    /// Price of the month that is the front one on 5 January 2026, in hundred-thousandths.
    pub(super) base_px: i64,
    pub(super) sigma_bps: i64,
    pub(super) daily_volume: i64,
    pub(super) tick_px: i64,
    /// Id of the instrument along whose path it moves; 0 for its own.
    pub(super) follows: i32,
    /// Months of delivery, 1 to 12.
    pub(super) cycle: &'static [i8],
    pub(super) ends: LastTrade,
    pub(super) market_rule: i32,
}

/// When a future trades for the last time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LastTrade {
    /// On the third Friday of its month.
    ThirdFriday,
    /// Three business days before the 25th of the month before.
    BeforeThe25th,
    /// On the third last business day of its month.
    ThirdLast,
}

const QUARTERS: &[i8] = &[3, 6, 9, 12];
const EVERY_MONTH: &[i8] = &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const EVEN_MONTHS: &[i8] = &[2, 4, 6, 8, 10, 12];

/// Months that are listed of a root.
const N_MONTHS: usize = 6;
/// How far the price rises from one month to the next, in millionths.
const CARRY_PPM: i64 = 3_000;
/// January 2026, from which carry counts.
const ANCHOR_MONTH: i64 = 26 * 12;

pub(super) static FUTURES: &[FutureRoot] = &[
    index_future("ES", "E-mini S&P 500", 50, 11_004_968, 6_895, 90, 1_500_000, 756_733, 67),
    index_future("NQ", "E-mini NASDAQ 100", 20, 11_004_958, 25_410, 120, 500_000, 320_227_571, 67),
    index_future("MES", "Micro E-Mini S&P 500", 5, 11_004_968, 6_895, 90, 1_000_000, 756_733, 67),
    FutureRoot {
        symbol: "CL",
        name: "Light Sweet Crude Oil",
        exchange: "NYMEX",
        multiplier: 1_000,
        industry: "Energy",
        category: "Oil & Gas",
        under_con_id: 17_340_715,
        under_sec_type: "IND",
        base_px: 5_750 * CENT,
        sigma_bps: 200,
        daily_volume: 300_000,
        tick_px: CENT,
        follows: 0,
        cycle: EVERY_MONTH,
        ends: LastTrade::BeforeThe25th,
        market_rule: 32,
    },
    FutureRoot {
        symbol: "GC",
        name: "Gold",
        exchange: "COMEX",
        multiplier: 100,
        industry: "Metals",
        category: "Precious Metals",
        under_con_id: 17_340_716,
        under_sec_type: "IND",
        base_px: 4_330 * PX_ONE,
        sigma_bps: 110,
        daily_volume: 200_000,
        tick_px: 10 * CENT,
        follows: 0,
        cycle: EVEN_MONTHS,
        ends: LastTrade::ThirdLast,
        market_rule: 33,
    },
];

#[expect(clippy::too_many_arguments, reason = "a row of the table above")]
const fn index_future(
    symbol: &'static str,
    name: &'static str,
    multiplier: i64,
    under_con_id: i32,
    base: i64,
    sigma_bps: i64,
    daily_volume: i64,
    follows: i32,
    market_rule: i32,
) -> FutureRoot {
    FutureRoot {
        symbol,
        name,
        exchange: "CME",
        multiplier,
        industry: "Indices",
        category: "Broad Range Equity Index",
        under_con_id,
        under_sec_type: "IND",
        base_px: base * PX_ONE,
        sigma_bps,
        daily_volume,
        tick_px: 25 * CENT,
        follows,
        cycle: QUARTERS,
        ends: LastTrade::ThirdFriday,
        market_rule,
    }
}

impl FutureRoot {
    /// Returns the months listed on a day with their last days, the front one first.
    pub(super) fn months(&self, day: Date) -> Vec<Month> {
        let first = Month::of(day);
        (0..120)
            .map(|n| first.plus(n))
            .filter(|month| self.has(*month) && self.last_trade(*month) >= day)
            .take(N_MONTHS)
            .collect()
    }

    pub(super) fn has(&self, month: Month) -> bool {
        self.cycle.contains(&month.month())
    }

    pub(super) fn last_trade(&self, month: Month) -> Date {
        let first = month.first_day();
        match self.ends {
            LastTrade::ThirdFriday => on_or_before(third_friday(first)),
            LastTrade::BeforeThe25th => {
                let before = month.plus(-1).first_day();
                let from = date(before.year(), before.month(), 25);
                // One more day when the 25th itself is none.
                let from = if Session::on(from).is_some() { from } else { on_or_before(from) };
                (0..3).fold(from, |day, _| on_or_before(yesterday(day)))
            }
            LastTrade::ThirdLast => {
                let last = on_or_before(yesterday(month.plus(1).first_day()));
                (0..2).fold(last, |day, _| on_or_before(yesterday(day)))
            }
        }
    }

    /// Returns the instrument of a month.
    pub(super) fn listing(&'static self, con_id: i32, month: Month) -> Listing {
        let carry = CARRY_PPM * (month.0 - ANCHOR_MONTH) / 2;
        let px = self.base_px + self.base_px * carry / 1_000_000;
        Listing {
            con_id,
            symbol: self.symbol,
            name: self.name,
            primary_exchange: self.exchange,
            stock_type: "",
            currency: "USD",
            kind: Kind::Future { root: self, month, last_trade: self.last_trade(month) },
            base_px: px.div_euclid(self.tick_px) * self.tick_px,
            sigma_bps: self.sigma_bps,
            daily_volume: self.daily_volume,
            lot: 1,
            tick_px: self.tick_px,
            spread_px: self.tick_px,
            follows: self.follows,
        }
    }
}

/// A month of a year, counted from January 2000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(pub(super) i64);

impl Month {
    pub(super) fn of(day: Date) -> Self {
        Self((i64::from(day.year()) - 2000) * 12 + i64::from(day.month()) - 1)
    }

    pub(super) fn plus(self, n: i64) -> Self {
        Self(self.0 + n)
    }

    fn month(self) -> i8 {
        i8::try_from(self.0.rem_euclid(12) + 1).unwrap_or(1)
    }

    /// Returns its first day.
    #[must_use]
    pub fn first_day(self) -> Date {
        let year = i16::try_from(2000 + self.0.div_euclid(12)).unwrap_or(2000);
        date(year, self.month(), 1)
    }

    /// Returns `H6` for March 2026.
    pub(super) fn code(self) -> String {
        let letters = ["F", "G", "H", "J", "K", "M", "N", "Q", "U", "V", "X", "Z"];
        let letter = usize::try_from(self.0.rem_euclid(12)).ok().and_then(|at| letters.get(at));
        format!("{}{}", letter.unwrap_or(&"F"), self.0.div_euclid(12).rem_euclid(10))
    }
}

/// Everything the options on one instrument have in common.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OptionRoot {
    /// Ticker of what they are on.
    pub(super) symbol: &'static str,
    /// Step of the strikes, in hundred-thousandths.
    pub(super) step_px: i64,
    /// Strikes on each side of the middle one.
    pub(super) n_each_side: i64,
    /// Contracts on an average day.
    pub(super) daily_volume: i64,
    pub(super) spread_px: i64,
    pub(super) tick_px: i64,
}

pub(super) static OPTIONS: &[OptionRoot] = &[
    OptionRoot::on("AAPL", 5, 40, 20_000, 4, 1),
    OptionRoot::on("SPY", 5, 50, 60_000, 2, 1),
    OptionRoot::on("QQQ", 5, 24, 40_000, 3, 1),
    OptionRoot::on("MSFT", 5, 20, 15_000, 5, 1),
    OptionRoot::on("NVDA", 5, 12, 50_000, 2, 1),
    OptionRoot::on("TSLA", 10, 20, 40_000, 6, 1),
    OptionRoot::on("AMZN", 5, 16, 15_000, 5, 1),
    OptionRoot::on("SPX", 25, 40, 30_000, 40, 5),
    OptionRoot::on("ES", 50, 20, 10_000, 50, 25),
];

impl OptionRoot {
    const fn on(
        symbol: &'static str,
        step: i64,
        n_each_side: i64,
        daily_volume: i64,
        spread_cents: i64,
        tick_cents: i64,
    ) -> Self {
        let (spread_px, tick_px) = (spread_cents * CENT, tick_cents * CENT);
        Self { symbol, step_px: step * PX_ONE, n_each_side, daily_volume, spread_px, tick_px }
    }

    /// Returns whether they are on futures.
    pub(super) fn is_on_futures(&self) -> bool {
        self.future().is_some()
    }

    pub(super) fn future(&self) -> Option<&'static FutureRoot> {
        FUTURES.iter().find(|root| root.symbol == self.symbol)
    }

    /// Returns the stock, fund or index they are on; of those on futures none.
    pub(super) fn under(&self) -> Option<&'static Listing> {
        let is_it = |listing: &&Listing| listing.symbol == self.symbol;
        stocks::US.iter().find(is_it).or_else(|| others::INDICES.iter().find(is_it))
    }

    pub(super) fn n_strikes(&self) -> i64 {
        2 * self.n_each_side + 1
    }

    /// Returns the strike with a number, 0 for the lowest.
    pub(super) fn strike_px(&self, index: i64) -> Option<i64> {
        let base =
            self.future().map(|root| root.base_px).or(self.under().map(|one| one.base_px))?;
        let middle = (base + self.step_px / 2).div_euclid(self.step_px) * self.step_px;
        let strike = middle + (index - self.n_each_side) * self.step_px;
        (0..self.n_strikes()).contains(&index).then_some(strike).filter(|px| *px > 0)
    }

    pub(super) fn strike_index(&self, strike_px: i64) -> Option<i64> {
        (0..self.n_strikes()).find(|index| self.strike_px(*index) == Some(strike_px))
    }

    /// Returns the expiries listed on a day, soonest first: six Fridays, the third Friday of nine
    /// months, and January, June and December of the next two years. On futures, the quarters' third Fridays.
    pub(super) fn expiries(&self, day: Date) -> Vec<Date> {
        let mut found = std::collections::BTreeSet::new();
        let month = Month::of(day);
        if self.is_on_futures() {
            found.extend(
                (0..7).map(|n| month.plus(n)).filter(|at| at.month() % 3 == 0).map(monthly),
            );
        } else {
            let friday = (0..7).map(|n| day.saturating_add(n.days())).find(|day| is_friday(*day));
            let friday = friday.unwrap_or(day);
            found.extend((0..6).map(|n| on_or_before(friday.saturating_add((7 * n).days()))));
            found.extend((0..9).map(|n| monthly(month.plus(n))));
            let year = month.0.div_euclid(12);
            for next in year + 1..=year + 2 {
                found.extend([0, 5, 11].map(|n| monthly(Month(next * 12 + n))));
            }
        }
        found.into_iter().filter(|expiry| *expiry >= day).collect()
    }

    /// Returns whether a day can be an expiry at all.
    pub(super) fn expires_on(&self, day: Date) -> bool {
        Session::on(day).is_some()
            && (is_friday(day)
                || (day.weekday() == Weekday::Thursday && Session::on(tomorrow(day)).is_none()))
    }
}

/// Returns whether a day is the month's third Friday, or the day before when that is a holiday.
pub(super) fn is_monthly(day: Date) -> bool {
    monthly(Month::of(day)) == day
}

fn monthly(month: Month) -> Date {
    on_or_before(third_friday(month.first_day()))
}

fn third_friday(first: Date) -> Date {
    first.nth_weekday_of_month(3, Weekday::Friday).unwrap_or(first)
}

fn is_friday(day: Date) -> bool {
    day.weekday() == Weekday::Friday
}

/// The last day with a session up to a day.
fn on_or_before(mut day: Date) -> Date {
    while Session::on(day).is_none() {
        day = yesterday(day);
    }
    day
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(symbol: &str) -> &'static FutureRoot {
        FUTURES.iter().find(|root| root.symbol == symbol).expect("is a root")
    }

    #[test]
    fn futures_end_on_the_days_of_their_exchanges() {
        for (symbol, year, month, last) in [
            ("ES", 2026, 3, "2026-03-20"),
            ("NQ", 2026, 6, "2026-06-18"),
            ("CL", 2026, 2, "2026-01-20"),
            ("CL", 2026, 3, "2026-02-20"),
            ("CL", 2026, 6, "2026-05-19"),
            ("GC", 2026, 2, "2026-02-25"),
            ("GC", 2026, 4, "2026-04-28"),
        ] {
            let found = root(symbol).last_trade(Month::of(date(year, month, 1)));
            assert_eq!(found.to_string(), last, "{symbol} {year}-{month}");
        }
    }

    #[test]
    fn months_follow_the_cycle_and_roll_with_the_day() {
        let codes = |symbol: &str, day: Date| -> Vec<String> {
            root(symbol).months(day).into_iter().map(Month::code).collect()
        };
        assert_eq!(codes("ES", date(2026, 1, 5)), ["H6", "M6", "U6", "Z6", "H7", "M7"]);
        assert_eq!(codes("ES", date(2026, 3, 21))[0], "M6");
        assert_eq!(codes("CL", date(2026, 1, 5))[..2], ["G6", "H6"]);
        assert_eq!(codes("GC", date(2026, 1, 5))[0], "G6");
        assert_eq!(codes("ES", date(2013, 10, 7))[0], "Z3");
    }

    #[test]
    fn options_expire_weekly_monthly_and_in_january() {
        let spy = OPTIONS.iter().find(|root| root.symbol == "SPY").expect("is a root");
        let found = spy.expiries(date(2026, 1, 5));
        let texts: Vec<String> = found.iter().map(Date::to_string).collect();
        assert_eq!(texts[..3], ["2026-01-09", "2026-01-16", "2026-01-23"]);
        // The third Friday of June is a holiday, so its options end the day before.
        assert!(texts.contains(&"2026-06-18".to_owned()), "{texts:?}");
        assert_eq!(texts.last().map(String::as_str), Some("2028-12-15"));
        assert!(found.iter().all(|day| spy.expires_on(*day)));
        assert_eq!(spy.expiries(date(2026, 1, 10))[0], date(2026, 1, 16));
    }
}
