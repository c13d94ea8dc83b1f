//! Listings that follow from a rule: futures and options.
//!
//! The id of a future or an option holds its terms, so nothing needs to be remembered to find it
//! again; its listing is made once and kept. What can be made is bounded: a client reaches only
//! what is listed on the day, a few ten thousand options, and combinations end at a number. Ids are
//! this simulator's own, from 500,000,000 to 900,000,000: the real ones end with their contracts.
//! It must never know prices of the day. Called by the catalogue.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::roots::{FUTURES, FutureRoot, Month, OPTIONS, OptionRoot};
use super::{Kind, Listing, OptionTerms, Right};

const FIRST_CONTINUOUS: i32 = 590_000_000;
const FIRST_FUTURE: i32 = 600_000_000;
const FIRST_OPTION: i32 = 700_000_000;
/// Months that the ids of one root of futures can name.
const MONTHS: i64 = 2_000;
/// Days, strikes and rights that the ids of one root of options can name.
const DAYS: i64 = 16_384;
const STRIKES: i64 = 128;

static MADE: Mutex<BTreeMap<i32, &'static Listing>> = Mutex::new(BTreeMap::new());

/// Returns the listing of an id, made when it is asked for the first time.
fn made(con_id: i32, make: impl FnOnce() -> Listing) -> &'static Listing {
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry(con_id).or_insert_with(|| Box::leak(Box::new(make())))
}

/// Returns the future or option with an id, listed or not.
pub(super) fn by_con_id(con_id: i32) -> Option<&'static Listing> {
    if con_id >= FIRST_OPTION {
        let code = i64::from(con_id - FIRST_OPTION);
        let right = if code % 2 == 0 { Right::Call } else { Right::Put };
        let strike = code / 2 % STRIKES;
        let days = code / 2 / STRIKES % DAYS;
        let root = OPTIONS.get(usize::try_from(code / 2 / STRIKES / DAYS).ok()?)?;
        let expiry = epoch().checked_add(days.days()).ok()?;
        return option(root, expiry, strike, right);
    }
    if con_id >= FIRST_FUTURE {
        let code = i64::from(con_id - FIRST_FUTURE);
        let root = FUTURES.get(usize::try_from(code / MONTHS).ok()?)?;
        let month = Month(code % MONTHS);
        return (month.0 < 1_200 && root.has(month)).then(|| future(root, month));
    }
    if con_id >= FIRST_CONTINUOUS {
        return FUTURES.get(usize::try_from(con_id - FIRST_CONTINUOUS).ok()?).map(continuous);
    }
    None
}

fn epoch() -> Date {
    date(2000, 1, 1)
}

fn place<T>(all: &'static [T], one: &T) -> i64 {
    let at = all.iter().position(|other| std::ptr::eq(other, one));
    at.and_then(|at| i64::try_from(at).ok()).unwrap_or(0)
}

fn id(first: i32, code: i64) -> i32 {
    i32::try_from(i64::from(first) + code).unwrap_or(first)
}

/// Returns the future of a month.
pub(super) fn future(root: &'static FutureRoot, month: Month) -> &'static Listing {
    let con_id = id(FIRST_FUTURE, place(FUTURES, root) * MONTHS + month.0);
    made(con_id, || root.listing(con_id, month))
}

/// Returns the continuous future of a root: a history without an end, and no orders.
pub(super) fn continuous(root: &'static FutureRoot) -> &'static Listing {
    let con_id = id(FIRST_CONTINUOUS, place(FUTURES, root));
    made(con_id, || Listing {
        kind: Kind::Continuous { root },
        ..root.listing(con_id, Month::of(date(2026, 1, 1)))
    })
}

/// Returns an option, or `None` when the day, the strike or what it is on cannot be.
pub(super) fn option(
    root: &'static OptionRoot,
    expiry: Date,
    strike_index: i64,
    right: Right,
) -> Option<&'static Listing> {
    let strike_px = root.strike_px(strike_index).filter(|_| root.expires_on(expiry))?;
    let under = match root.future() {
        Some(future_root) => {
            let month = Month::of(expiry);
            future_root.has(month).then(|| future(future_root, month))?
        }
        None => root.under()?,
    };
    let days = i64::from((expiry - epoch()).get_days());
    let place = (place(OPTIONS, root) * DAYS + days) * STRIKES + strike_index;
    let con_id = id(FIRST_OPTION, place * 2 + i64::from(right == Right::Put));
    Some(made(con_id, || Listing {
        con_id,
        symbol: under.symbol,
        name: under.name,
        primary_exchange: if root.is_on_futures() { "CME" } else { "AMEX" },
        stock_type: "",
        currency: under.currency,
        kind: Kind::Option(OptionTerms { under, expiry, strike_px, right }),
        base_px: under.base_px,
        sigma_bps: under.sigma_bps,
        daily_volume: root.daily_volume,
        lot: 10,
        tick_px: root.tick_px,
        spread_px: root.spread_px,
        follows: under.follows,
    }))
}
