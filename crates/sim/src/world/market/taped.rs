//! What the market takes from a tape.
//!
//! Stocks come by sessions; pairs and coins by days around the clock, of which only the minutes in
//! their own hours count. It must never know formats. Called by the market.

use std::collections::BTreeMap;
use std::sync::Arc;

use gatehouse_types::ConId;

use super::{Bar, Day, Market};
use crate::world::calendar::{MINUTE, Session, new_york_secs, yesterday};
use crate::world::catalog::{Listing, hours, standing};
use crate::world::tape::{self, TapeSource};

/// Days around the clock that are kept; one is about 170 kB.
const CLOCK_DAYS_KEPT: usize = 96;

/// Returns the names of the instruments that a tape holds.
pub(super) fn held(tape: &dyn TapeSource) -> BTreeMap<ConId, String> {
    let named = standing().iter().filter_map(|one| Some((one.con_id(), tape::name_of(one)?)));
    named.filter(|(_, name)| tape.holds(name)).collect()
}

impl Market {
    /// Returns when the tape of an instrument begins, in seconds.
    #[must_use]
    pub fn tape_begins(&self, listing: &Listing) -> Option<i64> {
        let (tape, name) = self.tape.as_ref().zip(self.taped.get(&listing.con_id()))?;
        let minutes = tape.dates(name).first().copied();
        let days = tape.daily(name).first().map(|(date, _)| *date);
        let date = minutes.into_iter().chain(days).min()?;
        if listing.is_us_stock() {
            return Some(new_york_secs(date, 9, 30));
        }
        let midnight = Session::around_the_clock(date).pre_open;
        Some(hours::next(listing, midnight, false).0.max(midnight))
    }

    /// Returns whether a tape has anything of the days that a stretch of time touches.
    pub(super) fn has_tape(&mut self, listing: &'static Listing, (from, to): (i64, i64)) -> bool {
        if listing.is_us_stock() {
            return self.cached(listing, &Session::at_or_before(to - 1)).is_some();
        }
        let [first, last] = [from, to - 1].map(Session::around_the_clock_at);
        let mut day = first;
        loop {
            if self.clock_day(listing, &day).is_some() {
                return true;
            }
            if day.date >= last.date {
                return false;
            }
            day = Session::around_the_clock_at(day.post_close);
        }
    }

    /// Returns the minutes of a session, or `None` when the tape has nothing of it.
    pub(super) fn taped_day(
        &mut self,
        listing: &'static Listing,
        session: &Session,
    ) -> Option<Day> {
        if listing.is_us_stock() {
            let name = self.taped.get(&listing.con_id())?;
            return self.tape.as_ref()?.day(name, session);
        }
        if !self.has_tape(listing, (session.pre_open, session.post_close)) {
            return None;
        }
        let starts = (0..session.n_minutes()).map(|index| session.minute_start(index));
        let minutes = starts.map(|start| self.clock_minute(listing, start)).collect();
        Some(Day { session: *session, minutes })
    }

    /// Returns a minute of what trades around the clock; empty outside of its hours.
    pub(super) fn clock_minute(&mut self, listing: &'static Listing, start: i64) -> Bar {
        if !hours::is_open(listing, start) {
            return Bar::default();
        }
        let day = Session::around_the_clock_at(start);
        let index = usize::try_from((start - day.pre_open) / MINUTE).ok();
        let found = self.clock_day(listing, &day).zip(index);
        found.and_then(|(bars, index)| bars.get(index).copied()).unwrap_or_default()
    }

    fn clock_day(&mut self, listing: &'static Listing, day: &Session) -> Option<Arc<Vec<Bar>>> {
        let key = (listing.con_id(), day.date);
        if let Some(found) = self.clock_days.get(&key) {
            return found.clone();
        }
        let read = self.read_clock_day(listing, day).map(Arc::new);
        if self.clock_days.len() >= CLOCK_DAYS_KEPT {
            self.clock_days.clear();
        }
        self.clock_days.insert(key, read.clone());
        read
    }

    fn read_clock_day(&self, listing: &Listing, day: &Session) -> Option<Vec<Bar>> {
        let (tape, name) = self.tape.as_ref().zip(self.taped.get(&listing.con_id()))?;
        let mut bars = tape.day(name, day)?.minutes;
        let is_quoted = |bar: &Bar| bar.bid.is_some() || bar.ask.is_some();
        // A quote stands over midnight; one of an earlier day than yesterday does not.
        if bars.first().is_some_and(|first| !is_quoted(first)) {
            let before = tape.day(name, &Session::around_the_clock(yesterday(day.date)));
            if let Some(last) = before.as_ref().and_then(|day| day.minutes.last()) {
                for bar in bars.iter_mut().take_while(|bar| !is_quoted(bar)) {
                    tape::stand(bar, last);
                }
            }
        }
        if !listing.is_traded() {
            for bar in &mut bars {
                *bar = Bar { trade: None, volume: 0, n_trades: 0, ..*bar };
            }
        }
        Some(bars)
    }
}
