//! Bars of five seconds as they end.
//!
//! It must never know how bars are made. Called by the hub's requests and its beat.

use gatehouse_tws::answer::RealTimeBar;
use gatehouse_tws::layout::ReqId;
use gatehouse_tws::request::RealTimeBarsRequest;

use super::lines::permission;
use crate::server::history::wire_bar;
use crate::server::hub::{Hub, SessionId};
use crate::world::catalog::Listing;
use crate::world::drill::Served;
use crate::world::history::{self, BarSize, Question, Reach, What, grows_at};
use crate::world::market::Market;

/// Seconds of a real-time bar; there are no others.
const REAL_TIME_SECS: i64 = 5;
/// Bars that a market which runs fast sends at most between two looks.
const BARS_A_LOOK: i64 = 12;
/// Requests that an account may make within so many seconds.
const REQUESTS: (usize, i64) = (60, 600);

/// A subscription to bars of five seconds.
#[derive(Debug, Clone, Copy)]
pub(in crate::server) struct SecondBars {
    question: Question,
    /// End of the last bar that was sent.
    until: i64,
}

impl Hub {
    pub(in crate::server) fn real_time_bars(
        &mut self,
        session: SessionId,
        asked: &RealTimeBarsRequest,
    ) {
        let now = self.world.now().secs();
        let checked = self.check_bars(session, asked, now);
        let Some(client) = self.clients.get_mut(&session) else { return };
        let (listing, what) = match checked {
            Ok(found) => found,
            Err((code, text)) => return client.complain(asked.req_id.get(), code, text),
        };
        let question = Question {
            listing,
            end: now,
            reach: Reach::Seconds(REAL_TIME_SECS),
            size: BarSize::Seconds(REAL_TIME_SECS),
            what,
            regular: asked.use_rth,
        };
        let until = now.div_euclid(REAL_TIME_SECS) * REAL_TIME_SECS;
        client.wants.asked_bars.push(now);
        client.wants.second_bars.insert(asked.req_id, SecondBars { question, until });
    }

    fn check_bars(
        &mut self,
        session: SessionId,
        asked: &RealTimeBarsRequest,
        now: i64,
    ) -> Result<(&'static Listing, What), (i32, String)> {
        let invalid =
            |cause: &str| Err((321, format!("Error validating request.-'bQ' : cause - {cause}")));
        // Clients that know of no other size leave it out.
        if !matches!(i64::from(asked.bar_size), 0 | REAL_TIME_SECS) {
            return invalid("Real-time bars have 5 seconds.");
        }
        let what = match asked.what_to_show.as_str() {
            "TRADES" => What::Trades,
            "MIDPOINT" => What::Midpoint,
            "BID" => What::Bid,
            "ASK" => What::Ask,
            _ => return invalid("What to show field is missing or incorrect."),
        };
        let id = asked.req_id.get();
        let listing =
            self.world.listing(id, &asked.contract).map_err(|report| (report.code, report.text))?;
        let known = self.clients.get(&session).map(|client| &client.wants.second_bars);
        if known.is_some_and(|bars| bars.contains_key(&asked.req_id)) {
            let text = "Error processing request.-'bQ' : cause - Duplicate ticker id";
            return Err((322, text.to_owned()));
        }
        let query = |why: String| (420, format!("Invalid Real-time Query:{why}"));
        for client in self.clients.values_mut() {
            client.wants.asked_bars.retain(|at| now - at < REQUESTS.1);
        }
        let n_asked: usize = self.clients.values().map(|one| one.wants.asked_bars.len()).sum();
        if n_asked >= REQUESTS.0 {
            return Err(query("Historical data request pacing violation".to_owned()));
        }
        if self.world.served(listing) == Served::Unsubscribed {
            return Err(query(permission(listing)));
        }
        if what == What::Trades && !listing.is_traded() {
            let symbol = listing.local_symbol();
            return Err(query(format!("No trades are reported of {symbol}")));
        }
        Ok((listing, what))
    }

    pub(in crate::server) fn cancel_real_time_bars(&mut self, session: SessionId, req_id: ReqId) {
        let Some(client) = self.clients.get_mut(&session) else { return };
        if client.wants.second_bars.remove(&req_id).is_none() {
            client.complain(req_id.get(), 300, format!("Can't find EId with tickerId:{req_id}"));
        }
    }

    /// Sends the bars that ended since the last look.
    pub(in crate::server) fn push_second_bars(&mut self) {
        let now = self.world.now().secs();
        for client in self.clients.values_mut() {
            let mut subscribed = std::mem::take(&mut client.wants.second_bars);
            for (req_id, bars) in &mut subscribed {
                let is_silent = self.world.served(bars.question.listing) == Served::Silent;
                for bar in whole_bars(&mut self.world.market, *req_id, bars, now) {
                    if !is_silent {
                        let volume = client.size(*req_id, bar.volume);
                        client.say(RealTimeBar { volume, ..bar }.encode(client.version));
                    }
                }
            }
            client.wants.second_bars = subscribed;
        }
    }
}

fn whole_bars(
    market: &mut Market,
    req_id: ReqId,
    bars: &mut SecondBars,
    now: i64,
) -> Vec<RealTimeBar> {
    let mut found = Vec::new();
    let whole = now.div_euclid(REAL_TIME_SECS) * REAL_TIME_SECS;
    bars.until = bars.until.max(whole - BARS_A_LOOK * REAL_TIME_SECS);
    while bars.until + REAL_TIME_SECS <= now {
        bars.until += REAL_TIME_SECS;
        if !grows_at(bars.question.listing, bars.until - REAL_TIME_SECS, bars.question.regular) {
            continue;
        }
        let asked = Question { end: bars.until, ..bars.question };
        let latest = history::bars(market, &asked).ok().and_then(|mut found| found.pop());
        if let Some(bar) = latest {
            let wire = wire_bar(&bar, 2);
            found.push(RealTimeBar {
                req_id,
                time: bar.start,
                open: wire.open,
                high: wire.high,
                low: wire.low,
                close: wire.close,
                volume: wire.volume,
                wap: wire.wap,
                count: wire.count,
            });
        }
    }
    found
}
