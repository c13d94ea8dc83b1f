//! The broker's algorithms: which exist, which parameters they take, and how fast they let an order
//! trade. The order itself stays what it is, market or limit.
//!
//! Sources: the broker's page of algorithms for their parameters; a paper Gateway at server version
//! 225 for the words about unknown ones. How real algorithms choose their slices is nowhere
//! written: here they are even over time, a share of the volume, or of one size. It must never know
//! the market. Called by [`Manner`](super::manner::Manner) and the working of orders.

use gatehouse_tws::order::Order;
use gatehouse_types::Decimal;
use jiff::civil::DateTime;

use super::kind::{Refused, WorkKind};
use super::stamps::instant;
use crate::world::calendar::{new_york, new_york_zone};
use crate::world::catalog::{Kind, Listing, hours};
use crate::world::time::wire_time;

/// How an algorithm works an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Algo {
    pub name: &'static str,
    pub pace: Pace,
    /// In seconds; when the order begins where the client names none.
    pub starts: Option<i64>,
    /// In seconds; the end of the day where the client names none.
    pub ends: Option<i64>,
    pub past_end: bool,
    /// Its times were over when it came, so they became those of the next session (2111).
    pub is_moved: bool,
}

/// How fast it lets an order trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// It waits so many seconds at the middle of the quote before it takes what is there.
    Patient { secs: i64 },
    /// Evenly from its start to its end.
    Even,
    /// A share of what the market trades, in percent.
    Share { percent: Decimal },
    /// So many at a time, one clip in every so many seconds.
    Clips { size: Decimal, every_secs: i64 },
}

struct Strategy {
    name: &'static str,
    parameters: &'static [&'static str],
}

const TIMES: [&str; 5] =
    ["startTime", "endTime", "activeTimeStart", "activeTimeEnd", "activeTimeTz"];

const STRATEGIES: [Strategy; 13] = [
    Strategy { name: "Adaptive", parameters: &["adaptivePriority"] },
    Strategy {
        name: "ArrivalPx",
        parameters: &[
            "maxPctVol",
            "riskAversion",
            "startTime",
            "endTime",
            "forceCompletion",
            "allowPastEndTime",
        ],
    },
    Strategy {
        name: "DarkIce",
        parameters: &["displaySize", "startTime", "endTime", "allowPastEndTime"],
    },
    Strategy { name: "PctVol", parameters: &["pctVol", "startTime", "endTime", "noTakeLiq"] },
    Strategy { name: "Twap", parameters: &["startTime", "endTime", "allowPastEndTime"] },
    Strategy {
        name: "Vwap",
        parameters: &[
            "maxPctVol",
            "startTime",
            "endTime",
            "allowPastEndTime",
            "noTakeLiq",
            "speedUp",
        ],
    },
    Strategy {
        name: "AD",
        parameters: &[
            "componentSize",
            "timeBetweenOrders",
            "randomizeTime20",
            "randomizeSize55",
            "giveUp",
            "catchUp",
            "waitForFill",
            "activeTimeStart",
            "activeTimeEnd",
        ],
    },
    Strategy {
        name: "AccuDistr",
        parameters: &[
            "timeBetweenOrders",
            "routeOrderType",
            "componentSize",
            "activeTimeStart",
            "activeTimeEnd",
            "activeTimeTz",
        ],
    },
    Strategy {
        name: "BalanceImpactRisk",
        parameters: &["maxPctVol", "riskAversion", "forceCompletion"],
    },
    Strategy { name: "MinImpact", parameters: &["maxPctVol"] },
    Strategy {
        name: "ClosePx",
        parameters: &["maxPctVol", "riskAversion", "startTime", "forceCompletion"],
    },
    Strategy {
        name: "PctVolPx",
        parameters: &[
            "pctVol",
            "deltaPctVol",
            "minPctVol4Px",
            "maxPctVol4Px",
            "startTime",
            "endTime",
            "noTakeLiq",
        ],
    },
    Strategy {
        name: "PctVolSz",
        parameters: &["startPctVol", "endPctVol", "startTime", "endTime", "noTakeLiq"],
    },
];

/// Sessions after which none is looked for in which an algorithm could work.
const SESSIONS_AHEAD_MAX: usize = 3;

/// The same parameters as by size.
const BY_TIME: &str = "PctVolTm";

impl Algo {
    /// Reads the algorithm of an order, if it has one.
    ///
    /// # Errors
    /// The broker's words about an algorithm or a parameter that does not exist or cannot be.
    pub fn read(
        order: &Order,
        kind: &WorkKind,
        listing: &Listing,
        now: i64,
    ) -> Result<Option<Self>, Refused> {
        let name = order.algo_strategy.as_str();
        if name.is_empty() {
            return Ok(None);
        }
        let (name, parameters) = find(name)?;
        let is_plain = matches!(kind, WorkKind::Market | WorkKind::Limit { .. });
        if !is_plain || matches!(listing.kind, Kind::Cash) {
            return Err(Refused::new(442, "Specified algorithm is not allowed for this order."));
        }
        let mut asked = Asked { starts: None, ends: None, past_end: false, order };
        for one in &order.algo_params {
            if !parameters.contains(&one.tag.as_str()) {
                let text = format!("Order processing failed. Unknown algo attribute:{}", one.tag);
                return Err(Refused::new(443, text));
            }
            asked.check(&one.tag, &one.value, now)?;
        }
        let mut algo = Self {
            name,
            pace: asked.pace(name)?,
            starts: asked.starts,
            ends: asked.ends,
            past_end: asked.past_end,
            is_moved: false,
        };
        algo.move_on(listing, now);
        Ok(Some(algo))
    }

    /// Puts times that are over to the same times of the first session that does not lie behind
    /// them. Source: the broker's table of messages (2111), which says no more; an assumption: who
    /// names no start begins with that session's regular hours, and a start alone is never over.
    fn move_on(&mut self, listing: &Listing, now: i64) {
        let Some(over) = self.ends.filter(|ends| *ends <= now) else { return };
        let on = |day, at: i64| {
            let time = new_york(at).time();
            DateTime::from_parts(day, time)
                .to_zoned(new_york_zone())
                .map_or(at, |zoned| zoned.timestamp().as_second())
        };
        let mut from = now;
        for _ in 0..SESSIONS_AHEAD_MAX {
            let (open, close) = hours::next(listing, from, true);
            let day = new_york(open).date();
            let ends = on(day, over);
            if ends > now.max(open) {
                self.starts = Some(self.starts.map_or(open, |starts| on(day, starts)));
                self.ends = Some(ends);
                self.is_moved = true;
                return;
            }
            from = close;
        }
    }

    /// Returns how much of an order may have traded at an instant; all times in seconds.
    #[must_use]
    pub fn released(&self, quantity: Decimal, span: Span, volume: Decimal) -> Decimal {
        if span.now >= span.to {
            return quantity;
        }
        let elapsed = Decimal::from((span.now - span.from).max(0));
        let shares = match self.pace {
            Pace::Patient { .. } => quantity,
            Pace::Even => {
                let total = Decimal::from((span.to - span.from).max(1));
                (quantity * elapsed / total).floor() + Decimal::ONE
            }
            Pace::Share { percent } => {
                (volume * percent / Decimal::ONE_HUNDRED).floor() + Decimal::ONE
            }
            Pace::Clips { size, every_secs } => {
                let n_clips = (elapsed / Decimal::from(every_secs.max(1))).floor() + Decimal::ONE;
                size * n_clips
            }
        };
        shares.min(quantity)
    }
}

/// From when to when an algorithm works, and the present; in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: i64,
    pub to: i64,
    pub now: i64,
}

fn find(name: &str) -> Result<(&'static str, &'static [&'static str]), Refused> {
    let wanted = if name == BY_TIME { "PctVolSz" } else { name };
    let found = STRATEGIES.iter().find(|one| one.name.eq_ignore_ascii_case(wanted));
    let found = found.ok_or_else(|| {
        Refused::new(439, "The order processing failed. Algorithm definition not found.")
    })?;
    Ok((if name == BY_TIME { BY_TIME } else { found.name }, found.parameters))
}

struct Asked<'a> {
    starts: Option<i64>,
    ends: Option<i64>,
    past_end: bool,
    order: &'a Order,
}

impl Asked<'_> {
    fn check(&mut self, tag: &str, value: &str, now: i64) -> Result<(), Refused> {
        if TIMES.contains(&tag) {
            return self.time(tag, value, now);
        }
        let fits = match tag {
            "adaptivePriority" => matches!(value, "Urgent" | "Normal" | "Patient"),
            "riskAversion" => matches!(value, "Get Done" | "Aggressive" | "Neutral" | "Passive"),
            "routeOrderType" => matches!(value, "MKT" | "LMT" | "REL"),
            "maxPctVol" | "pctVol" | "startPctVol" | "endPctVol" | "minPctVol4Px"
            | "maxPctVol4Px" => {
                let share = number(value);
                share.is_some_and(|share| share > Decimal::ZERO && share <= Decimal::new(5, 1))
            }
            "deltaPctVol" => number(value).is_some(),
            "displaySize" | "componentSize" | "timeBetweenOrders" | "giveUp" => {
                number(value).is_some_and(|number| number >= Decimal::ZERO)
            }
            _ => matches!(value, "0" | "1" | "true" | "false"),
        };
        if tag == "allowPastEndTime" {
            self.past_end = matches!(value, "1" | "true");
        }
        if fits { Ok(()) } else { Err(invalid(tag, value)) }
    }

    fn time(&mut self, tag: &str, value: &str, now: i64) -> Result<(), Refused> {
        if tag == "activeTimeTz" || value.is_empty() {
            return Ok(());
        }
        let at = instant(value, now).ok_or_else(|| invalid(tag, value))?;
        if matches!(tag, "startTime" | "activeTimeStart") {
            self.starts = Some(at);
        } else {
            self.ends = Some(at);
        }
        match (self.starts, self.ends) {
            (Some(starts), Some(ends)) if ends <= starts => Err(invalid(tag, value)),
            _ => Ok(()),
        }
    }

    fn pace(&self, name: &str) -> Result<Pace, Refused> {
        Ok(match name {
            "Adaptive" => match self.text("adaptivePriority") {
                Some("Urgent") => Pace::Patient { secs: 2 },
                Some("Normal") => Pace::Patient { secs: 10 },
                Some(_) => Pace::Patient { secs: 30 },
                None => return Err(invalid("adaptivePriority", "")),
            },
            "PctVol" | "PctVolPx" => Pace::Share { percent: self.percent("pctVol")? },
            "PctVolSz" | BY_TIME => Pace::Share { percent: self.percent("startPctVol")? },
            "DarkIce" => Pace::Clips { size: self.size("displaySize")?, every_secs: 1 },
            "AD" | "AccuDistr" => {
                let every = self.size("timeBetweenOrders")?;
                Pace::Clips {
                    size: self.size("componentSize")?,
                    every_secs: i64::try_from(every.trunc().mantissa()).unwrap_or(1),
                }
            }
            _ => Pace::Even,
        })
    }

    fn text(&self, tag: &str) -> Option<&str> {
        let mut all = self.order.algo_params.iter();
        all.find(|one| one.tag == tag).map(|one| one.value.as_str())
    }

    fn percent(&self, tag: &str) -> Result<Decimal, Refused> {
        let share = self.text(tag).and_then(number).ok_or_else(|| invalid(tag, ""))?;
        Ok(share * Decimal::ONE_HUNDRED)
    }

    fn size(&self, tag: &str) -> Result<Decimal, Refused> {
        let size = self.text(tag).and_then(number).filter(|size| *size >= Decimal::ONE);
        size.map(|size| size.trunc().normalize()).ok_or_else(|| invalid(tag, ""))
    }
}

/// Writes the times of an algorithm as the broker echoes them: those at which it works.
pub(super) fn echo(algo: Option<&Algo>, order: &mut Order) {
    let Some(algo) = algo else { return };
    for one in &mut order.algo_params {
        let at = match one.tag.as_str() {
            "startTime" | "activeTimeStart" => algo.starts,
            "endTime" | "activeTimeEnd" => algo.ends,
            _ => continue,
        };
        if let (Some(at), false) = (at, one.value.is_empty()) {
            one.value = wire_time(at);
        }
    }
}

fn number(text: &str) -> Option<Decimal> {
    text.trim().parse().ok()
}

fn invalid(tag: &str, value: &str) -> Refused {
    Refused::new(441, format!("Algo attributes validation failed:{tag}={value}"))
}
