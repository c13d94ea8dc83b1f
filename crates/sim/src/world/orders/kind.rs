//! What an order does at the exchange, read once from the many fields of the wire.
//!
//! The judgement of Gatehouse knows four kinds on purpose; the broker knows all of these. It must
//! never know the market. Called by [`Manner`](super::manner::Manner).
//!
//! Sources: the broker's page of order types (which fields each kind uses, how pegged prices are
//! made) and its table of message codes (what is said about a field that is missing or wrong).

use gatehouse_tws::order::{BestOffset, Order};
use gatehouse_types::{ConId, Decimal, Price, Side};

use crate::world::catalog::{Kind, Listing};

/// Why an order is not taken: a code of the broker's table and its sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    pub code: i32,
    pub text: String,
}

impl Refused {
    pub(super) fn new(code: i32, text: impl Into<String>) -> Self {
        Self { code, text: text.into() }
    }

    /// The broker's sentence for a field that its own validation does not like.
    pub(super) fn cause(text: &str) -> Self {
        Self::new(321, format!("Error validating request.-'bN' : cause - {text}"))
    }
}

/// What an order does at the exchange, with the prices that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkKind {
    /// MKT.
    Market,
    /// LMT.
    Limit { limit: Price },
    /// STP, STP LMT, STP PRT: waits until the market moves against it.
    Stop { trigger: Price, then: Then },
    /// MIT, LIT: waits until the market moves in its favour.
    Touched { trigger: Price, then: Then },
    /// TRAIL, TRAIL LIMIT: a stop that follows the market.
    Trail(Trail),
    /// MOC, LOC: takes part in the closing auction.
    OnClose { limit: Option<Price> },
    /// MKT PRT: a market order that becomes a limit order some ticks beyond the quote.
    Protected,
    /// MTL and BOX TOP: what the first fill leaves becomes a limit order at its price.
    MarketToLimit,
    /// REL, PASSV REL, PEG MKT, PEG MID, PEG BEST, PEG BENCH, MIDPRICE, RPI, VOL: its price moves
    /// with the quote.
    Pegged(Peg),
    /// SNAP MKT, SNAP MID, SNAP PRIM: its price is taken from the quote once, when it begins.
    Snap(Peg),
}

/// What a trigger turns an order into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    Market,
    Limit(Price),
    Protected,
}

/// A stop that follows the market.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trail {
    pub by: TrailBy,
    /// The first stop; from the market where the client names none.
    pub start: Option<Price>,
    /// How far the limit of a TRAIL LIMIT lies beyond its stop; `None` for TRAIL.
    pub limit_offset: Option<Decimal>,
}

/// How far a trailing stop stays behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrailBy {
    Amount(Decimal),
    Percent(Decimal),
}

/// A price made from the quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peg {
    pub to: PegTo,
    /// Positive is more aggressive: higher for a buy, lower for a sell.
    pub offset: Decimal,
    /// In percent of the price it is pegged to, beside `offset`.
    pub percent: Decimal,
    /// The worst price that it accepts.
    pub cap: Option<Price>,
}

/// What a pegged price follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PegTo {
    /// The bid for a buy, the ask for a sell.
    Primary,
    /// The ask for a buy, the bid for a sell.
    Market,
    Middle,
    Benchmark(Benchmark),
}

/// A price that moves with that of another instrument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Benchmark {
    pub con_id: ConId,
    pub start: Price,
    /// The other instrument's price at which `start` holds; that of the arrival where `None`.
    pub reference: Option<Price>,
    /// For each move of the other by `per`, the price moves by `change`.
    pub per: Decimal,
    pub change: Decimal,
}

impl WorkKind {
    /// Reads the kind of an order for an instrument.
    ///
    /// # Errors
    /// The broker's words about a type or price that cannot be.
    pub fn read(order: &Order, side: Side, listing: &Listing) -> Result<Self, Refused> {
        let limit = || named(order.lmt_price, listing);
        let trigger = || named(order.aux_price, listing);
        let is_future = matches!(listing.kind, Kind::Future { .. });
        let is_option = matches!(listing.kind, Kind::Option(_));
        Ok(match order.order_type.as_str() {
            "MKT" => Self::Market,
            "LMT" => Self::Limit { limit: limit()? },
            "STP" => Self::Stop { trigger: trigger()?, then: Then::Market },
            "STP LMT" => Self::Stop { trigger: trigger()?, then: Then::Limit(limit()?) },
            "STP PRT" if is_future => Self::Stop { trigger: trigger()?, then: Then::Protected },
            "MIT" => Self::Touched { trigger: trigger()?, then: Then::Market },
            "LIT" => Self::Touched { trigger: trigger()?, then: Then::Limit(limit()?) },
            "TRAIL" | "TRAIL LIMIT" => Self::Trail(Trail::read(order, side, listing)?),
            "MOC" if has_auction(listing) => Self::OnClose { limit: None },
            "LOC" if has_auction(listing) => Self::OnClose { limit: Some(limit()?) },
            "MKT PRT" if is_future => Self::Protected,
            "MTL" => Self::MarketToLimit,
            "BOX TOP" if is_option => Self::MarketToLimit,
            "VOL" => Self::Pegged(volatility(order, listing)?),
            name if PEGGED.contains(&name) => Self::Pegged(Peg::read(order, listing)?),
            name if SNAPPING.contains(&name) => Self::Snap(Peg::read(order, listing)?),
            name if KNOWN.contains(&name) => {
                let text = "Unsupported order type for this exchange and security type.";
                return Err(Refused::new(387, text));
            }
            _ => {
                let text = "Error validating request.-'v' : cause - Invalid order type was entered";
                return Err(Refused::new(321, text));
            }
        })
    }

    /// Returns whether it waits for a price before it can trade at all.
    #[must_use]
    pub fn waits_for_trigger(&self) -> bool {
        match self {
            Self::Stop { .. } | Self::Touched { .. } | Self::Trail(_) => true,
            Self::Market
            | Self::Limit { .. }
            | Self::OnClose { .. }
            | Self::Protected
            | Self::MarketToLimit
            | Self::Pegged(_)
            | Self::Snap(_) => false,
        }
    }

    /// Returns whether it never pays more than a price that the client can know beforehand, as the
    /// broker wants of stocks outside regular hours.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        match self {
            Self::Stop { then, .. } | Self::Touched { then, .. } => matches!(then, Then::Limit(_)),
            Self::Trail(trail) => trail.limit_offset.is_some(),
            Self::OnClose { limit } => limit.is_some(),
            Self::Pegged(_) | Self::Snap(_) | Self::Limit { .. } => true,
            Self::Market | Self::Protected | Self::MarketToLimit => false,
        }
    }

    /// Returns whether a live order of this kind may become one of another kind, and another one
    /// of this.
    #[must_use]
    pub fn may_change(&self) -> bool {
        match self {
            Self::Market
            | Self::Limit { .. }
            | Self::Stop { .. }
            | Self::Touched { .. }
            | Self::Trail(_)
            | Self::Pegged(_) => true,
            Self::OnClose { .. } | Self::Protected | Self::MarketToLimit | Self::Snap(_) => false,
        }
    }
}

const PEGGED: [&str; 9] = [
    "REL",
    "PEG PRIM",
    "PASSV REL",
    "PEG MKT",
    "PEG MID",
    "PEG BEST",
    "PEG BENCH",
    "MIDPRICE",
    "RPI",
];

const SNAPPING: [&str; 3] = ["SNAP MKT", "SNAP MID", "SNAP PRIM"];

/// Types that exist at the broker, for other instruments or for institutions.
const KNOWN: [&str; 15] = [
    "STP PRT",
    "MOC",
    "LOC",
    "MKT PRT",
    "BOX TOP",
    "PEG STK",
    "TRAIL MIT",
    "TRAIL LIT",
    "TRAIL REL + MKT",
    "LMT + MKT",
    "REL + LMT",
    "REL + MKT",
    "QUOTE",
    "VWAP",
    "IBALGO",
];

impl Trail {
    fn read(order: &Order, side: Side, listing: &Listing) -> Result<Self, Refused> {
        let by = match (set(order.trailing_percent), set(order.aux_price)) {
            (Some(percent), _) if percent.is_sign_positive() && percent <= Decimal::ONE_HUNDRED => {
                TrailBy::Percent(percent)
            }
            (Some(_), _) => {
                let text = "The percent offset value must be between 0% and 100%.";
                return Err(Refused::new(159, text));
            }
            (None, Some(amount)) if amount.is_sign_positive() => TrailBy::Amount(amount),
            (None, _) => {
                let text = "You must specify an offset amount or a percent offset value.";
                return Err(Refused::new(158, text));
            }
        };
        let start =
            set(order.trail_stop_price).map(|stop| named(Some(stop), listing)).transpose()?;
        let limit_offset = match order.order_type.as_str() {
            "TRAIL LIMIT" => Some(Self::limit_offset(order, side, start)?),
            _ => None,
        };
        Ok(Self { by, start, limit_offset })
    }

    /// The offset itself, or what lies between the first stop and the limit. An order that is
    /// changed carries both, as the broker wrote the limit into it.
    fn limit_offset(order: &Order, side: Side, start: Option<Price>) -> Result<Decimal, Refused> {
        if let Some(offset) = order.lmt_price_offset {
            return Ok(offset);
        }
        match (start, set(order.lmt_price)) {
            (Some(stop), Some(limit)) => Ok(match side {
                Side::Buy => limit - stop.value(),
                Side::Sell => stop.value() - limit,
            }),
            (None, _) | (_, None) => {
                Err(Refused::cause("Please specify either limit price or limit price offset."))
            }
        }
    }
}

impl Peg {
    fn read(order: &Order, listing: &Listing) -> Result<Self, Refused> {
        if matches!(listing.kind, Kind::Cash) {
            return Err(Refused::new(342, "Pegged order is not supported on this exchange."));
        }
        let away = order.aux_price.unwrap_or_default();
        let (to, offset) = match order.order_type.as_str() {
            "REL" | "PEG PRIM" | "SNAP PRIM" => (PegTo::Primary, away),
            "PASSV REL" => (PegTo::Primary, -away),
            "PEG MKT" | "SNAP MKT" => (PegTo::Market, -away),
            "PEG MID" | "SNAP MID" => (PegTo::Middle, -away),
            "PEG BEST" => match order.compete_against_best_offset {
                BestOffset::By(offset) => (PegTo::Primary, offset),
                BestOffset::UpToMid => {
                    (PegTo::Middle, -order.mid_offset_at_whole.unwrap_or_default())
                }
                BestOffset::Unset => (PegTo::Primary, Decimal::ZERO),
            },
            "PEG BENCH" => (PegTo::Benchmark(Benchmark::read(order, listing)?), Decimal::ZERO),
            "MIDPRICE" => (PegTo::Middle, Decimal::ZERO),
            _ => (PegTo::Primary, Decimal::ZERO),
        };
        let cap = set(order.lmt_price).map(|cap| named(Some(cap), listing)).transpose()?;
        let percent = order.percent_offset.unwrap_or_default() * Decimal::ONE_HUNDRED;
        Ok(Self { to, offset, percent, cap })
    }
}

impl Benchmark {
    fn read(order: &Order, listing: &Listing) -> Result<Self, Refused> {
        let missing = || Refused::cause("Reference contract is not specified");
        let con_id = order.reference_contract_id.filter(|id| *id != 0).ok_or_else(missing)?;
        let change = order.pegged_change_amount.unwrap_or_default();
        let per = set(order.reference_change_amount)
            .ok_or_else(|| Refused::cause("Reference change amount must be specified"))?;
        Ok(Self {
            con_id: ConId::new(con_id),
            start: named(order.starting_price, listing)?,
            reference: set(order.stock_ref_price).map(Price::new),
            per,
            change: if order.is_pegged_change_amount_decrease { -change } else { change },
        })
    }
}

/// A volatility order rests at the middle of the option's quote: the model of the simulated market
/// has one volatility, so that naming another would price it away from every quote (an assumption;
/// its fields are checked as published).
fn volatility(order: &Order, listing: &Listing) -> Result<Peg, Refused> {
    if !matches!(listing.kind, Kind::Option(_)) {
        return Err(Refused::new(369, "Volatility orders are only valid for US options."));
    }
    if set(order.volatility).is_none_or(|volatility| volatility.is_sign_negative()) {
        let text = "VOL order requires positive floating point value for volatility. Do not set it for other order types.";
        return Err(Refused::new(371, text));
    }
    if order.volatility_type.is_some_and(|kind| !matches!(kind, 1 | 2)) {
        let text = "Volatility type if set must be 1 or 2 for VOL orders. Do not set it for other order types.";
        return Err(Refused::new(367, text));
    }
    Ok(Peg { to: PegTo::Middle, offset: Decimal::ZERO, percent: Decimal::ZERO, cap: None })
}

/// Pairs and options have no closing auction.
fn has_auction(listing: &Listing) -> bool {
    matches!(listing.kind, Kind::Stock | Kind::Future { .. })
}

/// Clients write nothing as zero, too.
pub(super) fn set(value: Option<Decimal>) -> Option<Decimal> {
    value.filter(|number| !number.is_zero())
}

/// Returns a price that the order must name and that fits the instrument's steps.
pub(super) fn named(given: Option<Decimal>, listing: &Listing) -> Result<Price, Refused> {
    match given {
        None => Err(Refused::cause("The price must be specified")),
        // What a combination brings may be more than what it costs.
        Some(price) if price <= Decimal::ZERO && !matches!(listing.kind, Kind::Combo(_)) => {
            Err(Refused::new(201, "Order rejected - reason:Invalid price."))
        }
        Some(price) if !(price % listing.min_tick()).is_zero() => {
            let text =
                "The price does not conform to the minimum price variation for this contract.";
            Err(Refused::new(110, text))
        }
        Some(price) => Ok(Price::new(price)),
    }
}
