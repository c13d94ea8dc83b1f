//! Bars as messages: past ones and the growing one.
//!
//! It must never know how bars are made. Called by the hub.

use gatehouse_tws::answer::{Bar, HistoricalData, HistoricalDataUpdate};
use gatehouse_tws::layout::ReqId;
use gatehouse_tws::request::HistoricalDataRequest;
use gatehouse_types::Decimal;

use super::asked::{self, SERVICE};
use crate::server::hub::{Hub, SessionId};
use crate::world::faults::bend_bars;
use crate::world::history::{self, BarSize, PastBar, Question, Reach};
use crate::world::market::price;
use crate::world::time::wire_time;

/// A request that keeps its last bar up to date.
#[derive(Debug, Clone, Copy)]
pub(in crate::server) struct GrowingBar {
    question: Question,
    format: i32,
    said: Option<PastBar>,
}

impl Hub {
    pub(in crate::server) fn historical_data(
        &mut self,
        session: SessionId,
        asked: &HistoricalDataRequest,
    ) {
        let now = self.world.now().secs();
        let Some(client) = self.clients.get(&session) else { return };
        let id = asked.req_id.get();
        let listing = match self.world.listing(id, &asked.contract) {
            Ok(listing) => listing,
            Err(report) => return client.say_error(report),
        };
        if asked.what_to_show == "SCHEDULE" {
            return self.schedule(session, listing, asked);
        }
        let question = match asked::question(listing, asked, now) {
            Ok(question) => question,
            Err(error) => return asked::say_error(client, id, &error),
        };
        asked::warn_of_zone(client, id, &asked.end);
        if !self.may_ask(session, asked, &question) {
            return;
        }
        let Some(client) = self.clients.get(&session) else { return };
        let bars = match history::bars(&mut self.world.market, &question) {
            Ok(bars) => bars,
            Err(error) => return asked::say_error(client, id, &error),
        };
        if bars.is_empty() {
            let text = format!(
                "{SERVICE}HMDS query returned no data: {}@{} {}",
                listing.local_symbol(),
                asked.contract.exchange,
                asked.what_to_show
            );
            return client.complain(id, 162, text);
        }
        let wire = |bar: &PastBar| {
            let wire = wire_bar(bar, asked.format_date);
            Bar { volume: client.size(asked.req_id, wire.volume), ..wire }
        };
        let wire = bars.iter().map(wire).collect();
        let answer = HistoricalData {
            req_id: asked.req_id,
            start: wire_time(bars.first().map_or(question.end, |bar| bar.start)),
            end: wire_time(question.end.min(now)),
            bars: match self.world.history_fault(listing) {
                Some(fault) => bend_bars(fault, wire),
                None => wire,
            },
        };
        match answer.bodies(client.version) {
            Ok(bodies) => bodies.into_iter().for_each(|body| client.say(Ok(body))),
            Err(error) => client.say(Err(error)),
        }
        if asked.keep_up_to_date {
            let said = bars.last().copied();
            let growing = GrowingBar { question, format: asked.format_date, said };
            self.with(session, |client| client.wants.growing_bars.insert(asked.req_id, growing));
        }
    }

    /// Sends what grew since the last look.
    pub(in crate::server) fn push_bars(&mut self) {
        let now = self.world.now().secs();
        for client in self.clients.values_mut() {
            let mut growing = std::mem::take(&mut client.wants.growing_bars);
            for (req_id, bar) in &mut growing {
                if let Some(mut update) = grown(&mut self.world.market, *req_id, bar, now) {
                    update.bar.volume = client.size(*req_id, update.bar.volume);
                    client.say(update.encode(client.version));
                }
            }
            client.wants.growing_bars = growing;
        }
    }
}

fn grown(
    market: &mut crate::world::market::Market,
    req_id: ReqId,
    growing: &mut GrowingBar,
    now: i64,
) -> Option<HistoricalDataUpdate> {
    let reach = match growing.question.size {
        BarSize::Seconds(size) => Reach::Seconds(size),
        BarSize::Day | BarSize::Week | BarSize::Month => Reach::Days(1),
    };
    let asked = Question { end: now + 1, reach, ..growing.question };
    let latest = history::bars(market, &asked).ok()?.pop()?;
    if growing.said == Some(latest) {
        return None;
    }
    growing.said = Some(latest);
    Some(HistoricalDataUpdate { req_id, bar: wire_bar(&latest, growing.format) })
}

/// Bars that are not of trades have −1 for volume, average and count.
pub(in crate::server) fn wire_bar(bar: &PastBar, format: i32) -> Bar {
    let of_trades = bar.volume.is_some();
    Bar {
        date: bar.time_text(format),
        open: price(bar.ohlc.open).value(),
        high: price(bar.ohlc.high).value(),
        low: price(bar.ohlc.low).value(),
        close: price(bar.ohlc.close).value(),
        volume: bar.volume.unwrap_or(Decimal::NEGATIVE_ONE),
        wap: if of_trades { bar.average() } else { Decimal::NEGATIVE_ONE },
        count: if of_trades { i32::try_from(bar.n_trades).unwrap_or(i32::MAX) } else { -1 },
    }
}
