//! When the history of an instrument begins, as a message.
//!
//! Such a question follows the rules of bars of half a minute and less, and it stays open, as bars
//! that are kept up to date do, until it is cancelled. Source: the broker's lesson on historical
//! bars; what it says to a question too many is taken from bars (an assumption: no page says it).
//! It must never know how bars are made. Called by the hub.

use gatehouse_tws::answer::HeadTimestamp;
use gatehouse_tws::request::{CancelHeadTimestamp, HeadTimestampRequest};

use super::asked::{OPEN_MAX, SERVICE, TOO_MANY, paced, say_error};
use crate::server::hub::{Hub, SessionId};
use crate::world::calendar::utc_text;
use crate::world::history::{BarSize, Reach, check, parse_what};

impl Hub {
    pub(in crate::server) fn head_timestamp(
        &mut self,
        session: SessionId,
        asked: &HeadTimestampRequest,
    ) {
        let Some(client) = self.clients.get(&session) else { return };
        let id = asked.req_id.get();
        let listing = match self.world.listing(id, &asked.contract) {
            Ok(listing) => listing,
            Err(report) => return client.say_error(report),
        };
        let what = match parse_what(&asked.what_to_show) {
            Ok(what) => what,
            Err(error) => return say_error(client, id, &error),
        };
        let words = (asked.what_to_show.as_str(), format!("head {}", asked.use_rth));
        if paced(&mut self.world, listing, &asked.contract, words) {
            let text = format!("{SERVICE}Historical data request pacing violation");
            return client.complain(id, 162, text);
        }
        if check(listing, what, Reach::Days(1), BarSize::Day).is_err() {
            return client.complain(id, 162, format!("{SERVICE}No head time stamp"));
        }
        if client.wants.open_history() >= OPEN_MAX {
            return client.complain(id, 322, TOO_MANY);
        }
        let begins = self.world.history_begins(listing);
        let timestamp = if asked.format_date == 2 {
            begins.to_string()
        } else {
            utc_text(begins).replace(' ', "-")
        };
        client.say(HeadTimestamp { req_id: asked.req_id, timestamp }.encode(client.version));
        self.with(session, |client| client.wants.heads.insert(asked.req_id));
    }

    /// Ends a question that was answered; nothing is said, and one that is unknown is none.
    pub(in crate::server) fn cancel_head_timestamp(
        &mut self,
        session: SessionId,
        asked: &CancelHeadTimestamp,
    ) {
        self.with(session, |client| client.wants.heads.remove(&asked.req_id));
    }
}
