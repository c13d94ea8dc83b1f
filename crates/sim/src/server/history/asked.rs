//! A request for bars on its way to an answer: its words, its limits, and what is said instead.
//!
//! It must never know how bars are made. Called by the bars.

use gatehouse_tws::answer::{HistoricalSchedule, PastSession};
use gatehouse_tws::layout::{ReqId, WireContract};
use gatehouse_tws::request::{CancelHistoricalData, HistoricalDataRequest};
use jiff::Timestamp;

use crate::server::client::Client;
use crate::server::hub::{Hub, SessionId};
use crate::world::World;
use crate::world::catalog::{Kind, Listing, hours};
use crate::world::history::pacing::Asked;
use crate::world::history::{
    self, BarSize, HistoryError, Question, check, parse_end, parse_instant, parse_reach,
    parse_size, parse_what,
};

/// Requests for history that one client may have open.
pub(super) const OPEN_MAX: usize = 50;
/// What the broker says to one more.
pub(super) const TOO_MANY: &str = "Error processing request.-'bJ' : cause - Only 50 simultaneous API historical data requests allowed.";
/// Bars of up to this many seconds are paced.
const PACED_SECS: i64 = 30;
/// The service of the past, in front of what it says.
pub(super) const SERVICE: &str = "Historical Market Data Service error message:";
/// What the broker says to an instant without a zone.
pub(super) const IMPLIED: &str = "Warning: You submitted request with date-time attributes without explicit time zone. Please switch to use yyyymmdd-hh:mm:ss in UTC or use instrument timezone, like US/Eastern. Implied time zone functionality will be removed in the next API release";

/// Reads the question of a request, and refuses what does not go together.
pub(super) fn question(
    listing: &'static Listing,
    asked: &HistoricalDataRequest,
    now: i64,
) -> Result<Question, HistoryError> {
    let together = |why| Err(HistoryError::Together { why });
    let has_end = !asked.end.trim().is_empty();
    let question = Question {
        listing,
        end: parse_end(&asked.end, now)?,
        reach: parse_reach(&asked.duration)?,
        size: parse_size(&asked.bar_size)?,
        what: parse_what(&asked.what_to_show)?,
        regular: asked.use_rth,
    };
    if has_end && matches!(listing.kind, Kind::Continuous { .. }) {
        return Err(HistoryError::ContinuousEnd);
    }
    if has_end && asked.what_to_show.eq_ignore_ascii_case("ADJUSTED_LAST") {
        return together("End date not supported with adjusted last");
    }
    if asked.keep_up_to_date && has_end {
        return together("End date not supported with keepUpToDate");
    }
    if asked.keep_up_to_date && question.size == BarSize::Seconds(1) {
        return together("Bars of 1 secs are not kept up to date");
    }
    check(listing, question.what, question.reach, question.size)?;
    Ok(question)
}

/// Says an error of the history, as the broker's.
pub(super) fn say_error(client: &Client, id: i32, error: &HistoryError) {
    client.complain(id, error.code(), error.to_string());
}

/// Returns whether a request with these words comes too soon after others.
pub(super) fn paced(
    world: &mut World,
    listing: &Listing,
    contract: &WireContract,
    (what, rest): (&str, String),
) -> bool {
    let now = world.now().secs();
    let what = what.to_ascii_uppercase();
    let weight = if what == "BID_ASK" { 2 } else { 1 };
    let kind = format!("{} {} {what}", listing.con_id(), contract.exchange);
    let asked = Asked { whole: format!("{kind} {rest}"), kind, weight };
    world.history_pacing.violates(now, asked)
}

impl Hub {
    /// Returns whether a request for bars may be answered now; if not, its client has heard why.
    pub(super) fn may_ask(
        &mut self,
        session: SessionId,
        asked: &HistoricalDataRequest,
        question: &Question,
    ) -> bool {
        let id = asked.req_id.get();
        self.trouble.counts.note_bars(&asked.bar_size, &asked.what_to_show);
        let is_small = matches!(question.size, BarSize::Seconds(secs) if secs <= PACED_SECS);
        let rest = format!("{} {} {} {}", asked.end, asked.duration, asked.bar_size, asked.use_rth);
        let words = (asked.what_to_show.as_str(), rest);
        let violates = is_small && paced(&mut self.world, question.listing, &asked.contract, words);
        let Some(client) = self.clients.get(&session) else { return false };
        if violates {
            let text = format!("{SERVICE}Historical data request pacing violation");
            client.complain(id, 162, text);
        } else if client.wants.growing_bars.contains_key(&asked.req_id) {
            client.complain(id, 386, "Duplicate ticker ID for API historical data query");
        } else if client.wants.open_history() >= OPEN_MAX {
            client.complain(id, 322, TOO_MANY);
        } else {
            return true;
        }
        false
    }

    /// `SCHEDULE`: the sessions of some days in place of bars.
    pub(super) fn schedule(
        &mut self,
        session: SessionId,
        listing: &'static Listing,
        asked: &HistoricalDataRequest,
    ) {
        let now = self.world.now().secs();
        let Some(client) = self.clients.get(&session) else { return };
        let words = HistoricalDataRequest { what_to_show: "TRADES".to_owned(), ..asked.clone() };
        let question = (|| {
            let end = parse_end(&words.end, now)?;
            let (reach, size) = (parse_reach(&words.duration)?, parse_size(&words.bar_size)?);
            if size != BarSize::Day {
                let why = "Schedule data is available for bars of 1 day only";
                return Err(HistoryError::Together { why });
            }
            let what = parse_what("MIDPOINT")?;
            Ok(Question { listing, end, reach, size, what, regular: words.use_rth })
        })();
        let question = match question {
            Ok(question) => question,
            Err(error) => return say_error(client, asked.req_id.get(), &error),
        };
        let zone = hours::zone_of(listing);
        let at = |secs: i64| {
            let at = Timestamp::from_second(secs).unwrap_or(Timestamp::UNIX_EPOCH);
            at.to_zoned(zone.clone()).strftime("%Y%m%d-%H:%M:%S").to_string()
        };
        let days = history::days(&question);
        let schedule = HistoricalSchedule {
            req_id: asked.req_id,
            start: days.first().map(|day| at(day.from)).unwrap_or_default(),
            end: days.last().map(|day| at(day.to)).unwrap_or_default(),
            time_zone: hours::zone_name(listing).to_owned(),
            sessions: days
                .iter()
                .map(|day| PastSession {
                    start: at(day.from),
                    end: at(day.to),
                    reference_date: day.date.strftime("%Y%m%d").to_string(),
                })
                .collect(),
        };
        client.say(schedule.encode(client.version));
    }

    /// Ends bars that are kept up to date. The broker says so as error 162, and 366 when there is
    /// nothing to end.
    pub(in crate::server) fn cancel_historical_data(
        &mut self,
        session: SessionId,
        asked: &CancelHistoricalData,
    ) {
        let id: ReqId = asked.req_id;
        let Some(client) = self.clients.get_mut(&session) else { return };
        if client.wants.growing_bars.remove(&id).is_some() {
            let text = format!("{SERVICE}API historical data query cancelled: {id}");
            client.complain(id.get(), 162, text);
        } else {
            let text = format!("No historical data query found for ticker id:{id}");
            client.complain(id.get(), 366, text);
        }
    }
}

/// Says that an instant had no zone, where that is so.
pub(super) fn warn_of_zone(client: &Client, id: i32, text: &str) {
    if parse_instant(text).is_ok_and(|spelled| spelled.is_implied) {
        client.complain(id, 2174, IMPLIED);
    }
}
