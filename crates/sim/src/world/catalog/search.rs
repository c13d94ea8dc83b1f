//! How a client's spelling finds an instrument: what is listed on a day, and which of it fits.
//!
//! It must never know prices. Called by the world and by contract details.

use gatehouse_tws::layout::{Leg, WireContract};
use jiff::ToSpan;
use jiff::civil::Date;

use super::roots::{FUTURES, Month, OPTIONS, OptionRoot};
use super::{
    ANCHOR_DAY, ComboLeg, Combos, Kind, Listing, Right, SecIds, by_con_id, combos, derived,
    standing,
};
use crate::world::px::{PX_ONE, price};

/// Days for which an expired future is still found by who asks for expired ones.
const EXPIRED_DAYS: i64 = 730;

/// Why a contract could not be resolved to one instrument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unresolved {
    /// Nothing fits.
    Unknown,
    /// More than one fits.
    Ambiguous,
    /// The contract names neither an id nor a symbol.
    Incomplete,
}

/// What the broker lists on a day: what has not expired, and what already exists.
#[derive(Debug, Clone, Copy)]
pub struct Catalog<'a> {
    day: Date,
    combos: &'a Combos,
}

impl<'a> Catalog<'a> {
    /// Returns the catalogue of a day in New York, for who named these combinations.
    #[must_use]
    pub fn on(day: Date, combos: &'a Combos) -> Self {
        Self { day, combos }
    }

    /// Returns the day.
    #[must_use]
    pub fn day(self) -> Date {
        self.day
    }

    /// Returns every instrument that fits what a client spelled. Every field that it gave must fit.
    ///
    /// # Errors
    /// `Unknown` when no instrument fits, `Incomplete` when nothing identifies one.
    pub fn fitting(self, asked: &WireContract) -> Result<Vec<&'static Listing>, Unresolved> {
        if asked.sec_type == "BAG" && asked.con_id.is_none() {
            let legs = combo_legs(&asked.legs, |con_id| self.by_con_id(con_id));
            let combo = legs.and_then(|legs| self.combos.of(&legs));
            return combo.map(|combo| vec![combo]).ok_or(Unresolved::Unknown);
        }
        let is_named = asked.con_id.is_some()
            || !asked.symbol.is_empty()
            || !asked.local_symbol.is_empty()
            || !asked.sec_id.is_empty();
        if !is_named {
            return Err(Unresolved::Incomplete);
        }
        let mut found = self.candidates(asked);
        found.retain(|listing| fits(asked, listing));
        if found.is_empty() { Err(Unresolved::Unknown) } else { Ok(found) }
    }

    /// Resolves what a client spelled to one instrument.
    ///
    /// # Errors
    /// As [`Self::fitting`], and `Ambiguous` when more than one fits.
    pub fn resolve(self, contract: &WireContract) -> Result<&'static Listing, Unresolved> {
        match self.fitting(contract)?[..] {
            [one] => Ok(one),
            _ => Err(Unresolved::Ambiguous),
        }
    }

    /// Returns the instrument with an id, if it is listed or expired lately.
    #[must_use]
    pub fn by_con_id(self, con_id: gatehouse_types::ConId) -> Option<&'static Listing> {
        let is_it = |listing: &&Listing| listing.con_id() == con_id;
        if let Some(found) = standing().iter().find(is_it) {
            return Some(found);
        }
        // What an id says is looked at before a listing is made of it.
        let (symbol, sec_type) = derived_shape(con_id.get())?;
        let of_type = |sec_type: &str| {
            self.of_type(
                sec_type,
                symbol,
                &WireContract { include_expired: true, ..WireContract::default() },
            )
        };
        if sec_type == "BAG" {
            self.combos.by_con_id(con_id)
        } else {
            of_type(sec_type).into_iter().find(|one| one.con_id() == con_id)
        }
    }

    /// Returns the expiries of the options on a ticker, with the strikes and one example.
    #[must_use]
    pub fn chain(self, symbol: &str, is_on_futures: bool) -> Option<Chain> {
        let root = OPTIONS
            .iter()
            .find(|root| root.symbol == symbol && root.is_on_futures() == is_on_futures)?;
        let expiries = root.expiries(self.day);
        let strikes = (0..root.n_strikes()).filter_map(|at| root.strike_px(at)).collect();
        Some(Chain { root, expiries, strikes })
    }

    fn candidates(self, asked: &WireContract) -> Vec<&'static Listing> {
        if let Some(con_id) = asked.con_id {
            return self.by_con_id(con_id).into_iter().collect();
        }
        if !asked.sec_id.is_empty() {
            let is_it = |listing: &&'static Listing| {
                SecIds::of(listing).fits(&asked.sec_id_type, &asked.sec_id)
            };
            return standing().iter().filter(is_it).collect();
        }
        let symbol = asked.symbol.to_ascii_uppercase();
        let mut found = Vec::new();
        for sec_type in asked.sec_type.split('+').filter(|word| !word.is_empty()) {
            found.extend(self.of_type(sec_type, &symbol, asked));
        }
        found
    }

    fn of_type(self, sec_type: &str, symbol: &str, asked: &WireContract) -> Vec<&'static Listing> {
        match sec_type {
            "OPT" | "FOP" => OPTIONS
                .iter()
                .filter(|root| root.is_on_futures() == (sec_type == "FOP"))
                .filter(|root| symbol.is_empty() || root.symbol == symbol)
                .flat_map(|root| self.options(root, asked))
                .collect(),
            "FUT" => FUTURES
                .iter()
                .filter(|root| symbol.is_empty() || root.symbol == symbol)
                .flat_map(|root| {
                    let from = if asked.include_expired {
                        self.day.saturating_sub(EXPIRED_DAYS.days())
                    } else {
                        self.day
                    };
                    let last = root.months(self.day).last().copied();
                    let last = last.unwrap_or(Month::of(self.day));
                    let mut months = Vec::new();
                    let mut day = from;
                    while let Some(month) = root.months(day).first().copied().filter(|m| *m <= last)
                    {
                        months.push(derived::future(root, month));
                        day = crate::world::calendar::tomorrow(root.last_trade(month));
                    }
                    months
                })
                .collect(),
            "CONTFUT" => FUTURES
                .iter()
                .filter(|root| root.symbol == symbol)
                .map(derived::continuous)
                .collect(),
            _ => standing().iter().filter(|listing| listing.sec_type() == sec_type).collect(),
        }
    }

    /// Only what fits is made.
    fn options(self, root: &'static OptionRoot, asked: &WireContract) -> Vec<&'static Listing> {
        let wanted = asked.expiry.split([' ', '-']).next().unwrap_or_default();
        let local = asked.local_symbol.as_str();
        let mut found = Vec::new();
        for expiry in root.expiries(self.day) {
            let written = expiry.strftime("%Y%m%d").to_string();
            if !written.starts_with(wanted)
                || !(local.is_empty() || root.is_on_futures() || local.contains(&written[2..]))
            {
                continue;
            }
            for at in 0..root.n_strikes() {
                let strike = root.strike_px(at).map(|px| price(px).value().normalize());
                if asked.strike.is_some_and(|given| strike != Some(given)) {
                    continue;
                }
                for right in [Right::Call, Right::Put] {
                    found.extend(derived::option(root, expiry, at, right));
                }
            }
        }
        found
    }
}

impl Combos {
    /// Returns the combination of legs, whether they are still listed or not, with the id that it
    /// had before; `None` without legs.
    #[must_use]
    pub fn again(&self, legs: &[Leg], con_id: gatehouse_types::ConId) -> Option<&'static Listing> {
        self.kept(&combo_legs(legs, by_con_id)?, con_id)
    }
}

fn combo_legs(
    legs: &[Leg],
    known: impl Fn(gatehouse_types::ConId) -> Option<&'static Listing>,
) -> Option<Vec<ComboLeg>> {
    let read = |leg: &Leg| {
        let listing = known(gatehouse_types::ConId::new(leg.con_id))?;
        let is_leg = !matches!(listing.kind, Kind::Combo(_) | Kind::Continuous { .. });
        (is_leg && leg.ratio > 0 && listing.is_quoted()).then(|| ComboLeg {
            listing,
            ratio: i64::from(leg.ratio),
            is_bought: leg.action.eq_ignore_ascii_case("BUY"),
        })
    };
    legs.iter().map(read).collect()
}

/// The options on one instrument, listed on a day.
#[derive(Debug)]
pub struct Chain {
    root: &'static OptionRoot,
    pub expiries: Vec<Date>,
    /// In ten-thousandths, lowest first.
    pub strikes: Vec<i64>,
}

impl Chain {
    /// Returns one option of an expiry, which says the class, the multiplier and the venues.
    #[must_use]
    pub fn example(&self, expiry: Date) -> Option<&'static Listing> {
        derived::option(self.root, expiry, self.root.n_each_side, Right::Call)
    }
}

/// The ticker and kind that an id of a derived instrument stands for.
fn derived_shape(con_id: i32) -> Option<(&'static str, &'static str)> {
    let code = i64::from(con_id);
    let at = |code: i64| usize::try_from(code).ok();
    match code {
        700_000_000.. => {
            let root = OPTIONS.get(at((code - 700_000_000) / (16_384 * 128 * 2))?)?;
            Some((root.symbol, if root.is_on_futures() { "FOP" } else { "OPT" }))
        }
        600_000_000.. => Some((FUTURES.get(at((code - 600_000_000) / 2_000)?)?.symbol, "FUT")),
        590_000_000.. => Some((FUTURES.get(at(code - 590_000_000)?)?.symbol, "CONTFUT")),
        code if combos::is_id(code) => Some(("", "BAG")),
        _ => None,
    }
}

fn fits(contract: &WireContract, listing: &Listing) -> bool {
    let or = |given: &str, fits: bool| given.is_empty() || fits;
    let same = |given: &str, value: &str| given.is_empty() || given.eq_ignore_ascii_case(value);
    let nasdaq = |given: &str, value: &str| given == "ISLAND" && value == "NASDAQ";
    let is_typed = contract.sec_type.split('+').any(|word| same(word, listing.sec_type()));
    (contract.con_id.is_some() || !contract.sec_id.is_empty() || !contract.sec_type.is_empty())
        && is_typed
        && (same(&contract.symbol, listing.symbol)
            || contract.symbol == listing.trading_class()
            || is_bond_id(&contract.symbol, listing))
        && same(&contract.currency, listing.currency)
        && same(&contract.local_symbol, &listing.local_symbol())
        && or(
            &contract.exchange,
            listing.venues().split(',').any(|name| name == contract.exchange)
                || nasdaq(&contract.exchange, "NASDAQ")
                || (contract.exchange == "GLOBEX" && listing.primary_exchange == "CME"),
        )
        && or(
            &contract.primary_exchange,
            contract.primary_exchange == listing.primary_exchange
                || nasdaq(&contract.primary_exchange, listing.primary_exchange),
        )
        && or(
            &contract.trading_class,
            contract.trading_class == listing.trading_class()
                || (contract.trading_class == listing.symbol && listing.kind == Kind::Stock),
        )
        && fits_terms(contract, listing)
}

/// A bond may be named by its CUSIP or its ISIN in place of a symbol.
fn is_bond_id(symbol: &str, listing: &Listing) -> bool {
    let Kind::Bond(terms) = listing.kind else { return false };
    symbol == terms.cusip || (symbol.len() == 12 && symbol.get(2..11) == Some(terms.cusip))
}

fn fits_terms(contract: &WireContract, listing: &Listing) -> bool {
    let expiry = contract.expiry.split([' ', '-']).next().unwrap_or_default();
    let expires = expiry.is_empty()
        || match listing.kind {
            // Six digits are the month of delivery, which may be the one after the last day.
            Kind::Future { month, .. } if expiry.len() == 6 => {
                month.first_day().strftime("%Y%m").to_string() == expiry
            }
            Kind::Stock
            | Kind::Option(_)
            | Kind::Future { .. }
            | Kind::Continuous { .. }
            | Kind::Cash
            | Kind::Index
            | Kind::Crypto
            | Kind::Bond(_)
            | Kind::Cfd
            | Kind::MutualFund
            | Kind::Combo(_) => listing
                .last_day()
                .is_some_and(|day| day.strftime("%Y%m%d").to_string().starts_with(expiry)),
        };
    let multiplied =
        contract.multiplier.is_none_or(|given| given.is_zero() || given == listing.multiplier());
    let (strike, right) = if let Kind::Option(terms) = listing.kind {
        (Some(terms.strike()), terms.right.letter())
    } else {
        (None, "")
    };
    let struck = contract.strike.is_none_or(|given| strike == Some(given.normalize()));
    let given = contract.right.trim_matches(['0', '?']);
    expires
        && multiplied
        && struck
        && (given.is_empty() || (given.starts_with(right) && !right.is_empty()))
}

/// Returns up to 16 stocks and indices whose symbol begins with, or whose name contains, a text.
#[must_use]
pub fn matching(pattern: &str) -> Vec<&'static Listing> {
    let pattern = pattern.trim().to_ascii_uppercase();
    let named = || {
        standing().iter().filter(|listing| {
            matches!(listing.kind, Kind::Stock | Kind::Index | Kind::Cash | Kind::Crypto)
        })
    };
    let exact = named().filter(|listing| listing.symbol == pattern);
    let by_symbol =
        named().filter(|listing| listing.symbol != pattern && listing.symbol.starts_with(&pattern));
    let by_name = named().filter(|listing| {
        !listing.symbol.starts_with(&pattern)
            && listing.name.to_ascii_uppercase().contains(&pattern)
    });
    exact.chain(by_symbol).chain(by_name).take(16).collect()
}

/// Returns the future or option that a local symbol spells.
pub(super) fn derived_by_symbol(symbol: &str) -> Option<&'static Listing> {
    for root in FUTURES {
        if root.symbol.eq_ignore_ascii_case(symbol) {
            return root.months(ANCHOR_DAY).first().map(|month| derived::future(root, *month));
        }
        let months = root.months(ANCHOR_DAY);
        let spelled = |month: &&Month| {
            symbol.strip_prefix(root.symbol).is_some_and(|code| code == month.code())
        };
        if let Some(month) = months.iter().find(spelled) {
            return Some(derived::future(root, *month));
        }
    }
    let (class, rest) = symbol.split_at_checked(6)?;
    let expiry = Date::strptime("%y%m%d", rest.get(..6)?).ok()?;
    let right = if rest.get(6..7)? == "C" { Right::Call } else { Right::Put };
    let strike_px = rest.get(7..)?.parse::<i64>().ok()?.checked_mul(PX_ONE / 1_000)?;
    let ticker = class.trim_end();
    let is_root =
        |root: &&OptionRoot| root.symbol == ticker || (root.symbol == "SPX" && ticker == "SPXW");
    let root = OPTIONS.iter().find(is_root)?;
    derived::option(root, expiry, root.strike_index(strike_px)?, right)
}
