//! The ticks that a request asks for by number, beside its quote.
//!
//! It must never know clients. Called by the market-data lines; the figures are the world's.

use gatehouse_tws::answer::TickType;
use gatehouse_types::Decimal;

use super::generic_list::HISTORICAL_VOLATILITY;
use crate::world::World;
use crate::world::calendar::new_york;
use crate::world::catalog::Listing;
use crate::world::market::figures::dividends;
use crate::world::market::{Snapshot, price};

/// Sessions of history that one look at the market may work out, for all lines together; each takes
/// milliseconds.
pub(super) const SESSIONS_A_BEAT: usize = 24;
/// Shares that can be borrowed, as tick 46 says it: anything above 2.5 is 1,000 at least.
const EASY_TO_BORROW: i64 = 3;

/// What one tick says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Figure {
    Price(i64),
    Size(i64),
    Number(Decimal),
    Text(String),
}

/// One line as far as its figures are concerned.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) listing: &'static Listing,
    pub(super) shown: &'a Snapshot,
    /// The instant that it shows.
    pub(super) secs: i64,
}

type Ticks = Vec<(TickType, Figure)>;

/// Returns what a generic tick says now; nothing where the instrument has no such figure.
pub(super) fn figures(
    world: &mut World,
    subject: Subject<'_>,
    number: i32,
    budget: &mut usize,
) -> Ticks {
    match number {
        100 | 101 | 105 | HISTORICAL_VOLATILITY | 106 | 411 => options(world, subject, number),
        165 => statistics(world, subject, budget),
        221 | 232 | 587 | 619 => mark(subject, number),
        225 => auction(world, subject),
        233 | 375 => volume_text(world, subject, number),
        293..=295 | 595 => rates(world, subject, number),
        318 => {
            let px = world.market.last_regular_px(subject.listing, subject.secs);
            px.map(|px| (TickType::new(57), Figure::Price(px))).into_iter().collect()
        }
        577 | 614 | 623 => net_asset_value(subject, number),
        _ => facts(subject, number),
    }
}

fn one(tick_type: i32, figure: Figure) -> Ticks {
    vec![(TickType::new(tick_type), figure)]
}

/// Millionths as a fraction of a year.
fn volatility(ppm: i64) -> Figure {
    Figure::Number(Decimal::new(ppm, 6).normalize())
}

/// Options on a stock. An assumption: no page says how many trade, so their counts are fixed parts
/// of the stock's volume, calls somewhat more than puts.
fn options(world: &mut World, subject: Subject<'_>, number: i32) -> Ticks {
    let Subject { listing, shown, secs } = subject;
    match number {
        106 => one(24, volatility(world.market.volatility_ppm(listing, secs))),
        // What was is a little less than what is feared.
        HISTORICAL_VOLATILITY => one(23, volatility(listing.sigma_bps * 1_587 * 9 / 10)),
        411 => one(58, volatility(world.market.volatility_ppm(listing, secs) * 95 / 100)),
        _ if !listing.is_us_stock() => Vec::new(),
        100 => [(29, 110), (30, 140)]
            .map(|(tick, part)| (TickType::new(tick), Figure::Size(shown.volume / part)))
            .to_vec(),
        101 => [(27, 14), (28, 17)]
            .map(|(tick, part)| (TickType::new(tick), Figure::Size(listing.daily_volume / part)))
            .to_vec(),
        _ => one(87, Figure::Size(listing.daily_volume / 60)),
    }
}

/// Lows and highs of 13, 26 and 52 weeks, and the average volume.
fn statistics(world: &mut World, subject: Subject<'_>, budget: &mut usize) -> Ticks {
    let Subject { listing, secs, .. } = subject;
    let Some(found) = world.market.extremes(listing, secs, budget) else { return Vec::new() };
    let sides = (15..).step_by(2).zip(found.ranges);
    let prices = sides.flat_map(|(tick, (low, high))| {
        [(TickType::new(tick), Figure::Price(low)), (TickType::new(tick + 1), Figure::Price(high))]
    });
    prices.chain([(TickType::new(21), Figure::Size(listing.daily_volume))]).collect()
}

/// The price at which positions are valued: the last one, within the quote.
fn mark(subject: Subject<'_>, number: i32) -> Ticks {
    let shown = subject.shown;
    let quote = shown.moment.bid.zip(shown.moment.ask).map(|(bid, ask)| (bid.px, ask.px));
    let px = match (shown.mark_px(), quote) {
        (Some(px), Some((bid, ask))) if bid < ask => Some(px.clamp(bid, ask)),
        (px, _) => px,
    };
    let tick = match number {
        221 => 78,
        619 => 79,
        _ => 37,
    };
    px.map_or_else(Vec::new, |px| one(tick, Figure::Price(px)))
}

fn auction(world: &mut World, subject: Subject<'_>) -> Ticks {
    let Some(found) = world.market.auction(subject.listing, subject.secs) else {
        return Vec::new();
    };
    vec![
        (TickType::new(34), Figure::Size(found.volume)),
        (TickType::new(35), Figure::Price(found.px)),
        (TickType::new(36), Figure::Size(found.imbalance)),
        (TickType::new(61), Figure::Size(found.imbalance)),
    ]
}

/// Price, size, milliseconds, volume and average price of the day in one text, and whether it was
/// a single trade.
fn volume_text(world: &mut World, subject: Subject<'_>, number: i32) -> Ticks {
    let Subject { listing, shown, secs } = subject;
    let Some(last) = shown.last.filter(|_| shown.is_open) else { return Vec::new() };
    let vwap = world.market.day_figures(listing, secs).and_then(|day| day.vwap);
    let text = format!(
        "{};{};{};{};{};true",
        price(last.px).value().normalize(),
        listing.amount(last.size),
        shown.last_secs * 1000,
        listing.amount(shown.volume),
        vwap.map(|vwap| vwap.to_string()).unwrap_or_default(),
    );
    one(if number == 375 { 77 } else { 48 }, Figure::Text(text))
}

fn rates(world: &mut World, subject: Subject<'_>, number: i32) -> Ticks {
    let Subject { listing, secs, .. } = subject;
    let day = world.market.day_figures(listing, secs).filter(|_| listing.is_traded());
    let Some(day) = day else { return Vec::new() };
    let number_of = |value: i64| Figure::Number(Decimal::from(value));
    match number {
        293 => one(54, number_of(day.n_trades)),
        294 => one(55, number_of(day.trades_a_minute)),
        295 => one(56, Figure::Number(listing.amount(day.shares_a_minute))),
        _ => (63..)
            .zip(day.short_volumes)
            .map(|(tick, shares)| (TickType::new(tick), Figure::Size(shares)))
            .collect(),
    }
}

/// A fund is worth what it trades at here.
fn net_asset_value(subject: Subject<'_>, number: i32) -> Ticks {
    let shown = subject.shown;
    if !subject.listing.is_fund() {
        return Vec::new();
    }
    let priced = |tick: i32, px: Option<i64>| px.map(|px| (TickType::new(tick), Figure::Price(px)));
    let found = match number {
        577 => [priced(96, shown.mark_px()), None],
        614 => [
            priced(98, shown.today.map(|today| today.high)),
            priced(99, shown.today.map(|today| today.low)),
        ],
        _ => [priced(97, shown.previous_close), None],
    };
    found.into_iter().flatten().collect()
}

/// What changes at most once a day.
fn facts(subject: Subject<'_>, number: i32) -> Ticks {
    let listing = subject.listing;
    let is_stock = listing.is_us_stock();
    match number {
        236 if is_stock => vec![
            (TickType::new(46), Figure::Number(Decimal::from(EASY_TO_BORROW))),
            (TickType::new(89), Figure::Size(listing.daily_volume / 4)),
        ],
        258 if is_stock && !listing.is_fund() => one(47, Figure::Text(ratios(subject))),
        456 => {
            let today = new_york(subject.secs).date();
            let paid = dividends(listing, today);
            let text = paid.map_or(",,,".to_owned(), |paid| {
                let date = paid.next_date.strftime("%Y%m%d");
                format!("{},{},{date},{}", paid.past_year, paid.next_year, paid.next_amount)
            });
            one(59, Figure::Text(text))
        }
        460 if listing.sec_type() == "BOND" => one(60, Figure::Number(Decimal::ONE)),
        588 if listing.sec_type() == "FUT" => {
            one(86, Figure::Size(listing.daily_volume + listing.daily_volume / 2))
        }
        162 => one(31, Figure::Number(Decimal::new(15, 1))),
        _ => Vec::new(),
    }
}

/// A few ratios in the words of the broker's provider; −99999.99 stands for what is not known.
fn ratios(subject: Subject<'_>) -> String {
    let listing = subject.listing;
    let px = subject.shown.mark_px().unwrap_or(listing.base_px);
    let earned = price(listing.base_px / (15 + i64::from(listing.con_id().get()) % 20)).value();
    let multiple = (price(px).value() / earned.max(Decimal::new(1, 2))).round_dp(4);
    format!(
        "NPRICE={};TTMEPSXCLX={};PEEXCLXOR={multiple};YIELD={};BETA={};TTMREVCHG=-99999.99;CURRENCY=USD",
        price(px).value().normalize(),
        earned.round_dp(4).normalize(),
        Decimal::new(5 + i64::from(listing.con_id().get()) % 40, 2),
        Decimal::new(listing.sigma_bps, 2),
    )
}
