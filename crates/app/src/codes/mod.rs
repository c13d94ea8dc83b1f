//! Reads every code of the broker along: how often each came, what keeps coming back, and which of
//! that somebody is told.
//!
//! Heard from the links and doors, and from the entries of refusals, and looked at by the thread of
//! the status. It is a view of this run: nothing of it is stored, a restart begins anew. It decides
//! nothing about orders.

mod alarms;
mod ear;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gatehouse_codes::{Patterns, Region, RequestKind, Seen};
use gatehouse_engine::Input;
use gatehouse_gateway::session::Event;
use gatehouse_ipc::{CodesView, Reply};
use gatehouse_proxy::Heard;
use gatehouse_types::{BotName, Mode, Mono, Now, Utc};

use crate::app::App;
use crate::recording::DESK_CLIENT_ID;
use crate::{gateway, view};

use alarms::Alarms;
pub(crate) use ear::{Ear, Mail, ear};
use ear::{Orders, Told};

/// Patterns change slowly.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// The codes of this run.
pub(crate) struct Codes {
    mail: Mail,
    state: Mutex<State>,
}

struct State {
    patterns: Patterns,
    orders: Orders,
    alarms: Alarms,
    since: Utc,
    next_look: Mono,
    n_missed: u64,
    /// The Gateway turned Gatehouse's own client away since somebody asked.
    is_turned_away: bool,
}

/// The Gateway's "client id is already in use".
const ID_IN_USE: i32 = 326;

/// Returns whose nightly reset counts: that of the Americas, but for an account with real money
/// that is used elsewhere, as far as this machine's zone tells.
fn region(mode: Option<Mode>, zone: Option<&str>) -> Region {
    if mode != Some(Mode::Live) {
        return Region::Americas;
    }
    match zone.and_then(|zone| zone.split_once('/')).map(|(part, _)| part) {
        Some("Europe" | "Africa") => Region::Europe,
        Some("Asia" | "Australia") => Region::AsiaPacific,
        Some(_) | None => Region::Americas,
    }
}

impl Codes {
    /// Begins to count; `mode` is that of the account, where it is known.
    pub(crate) fn new(mail: Mail, mode: Option<Mode>, now: Now) -> Self {
        let region = region(mode, gateway::zone().as_deref());
        let state = State {
            patterns: Patterns::new(region),
            orders: Orders::default(),
            alarms: Alarms::default(),
            since: now.utc,
            next_look: now.mono,
            n_missed: 0,
            is_turned_away: false,
        };
        Self { mail, state: Mutex::new(state) }
    }

    /// Takes in what was heard, and returns what is to be told or is over.
    pub(crate) fn look(&self, now: Now) -> Vec<Input> {
        let mut state = self.up_to(now.utc);
        if now.mono < state.next_look {
            return Vec::new();
        }
        state.next_look = now.mono.plus(LOOK_EVERY);
        let findings = state.patterns.findings(now.utc);
        state.alarms.follow(&findings)
    }

    /// Returns whether the Gateway turned Gatehouse's own client away since the last call.
    fn was_turned_away(&self) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut state.is_turned_away)
    }

    /// Returns what came and what keeps coming back, up to this moment.
    pub(crate) fn view(&self, now: Utc) -> CodesView {
        let state = self.up_to(now);
        CodesView {
            rows: state.patterns.counts(now).into_iter().map(view::codes::row).collect(),
            patterns: state.patterns.findings(now).into_iter().map(view::codes::pattern).collect(),
            since: view::words::iso(state.since),
            n_missed: u32::try_from(state.n_missed).unwrap_or(u32::MAX),
        }
    }

    /// Takes in what was heard. Messages count from the moment at which they are taken in, at most
    /// half a second after they came.
    fn up_to(&self, now: Utc) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        for told in self.mail.told() {
            state.told(told, now);
        }
        for heard in self.mail.heard() {
            state.heard(&heard, now);
        }
        let n_missed = self.mail.n_missed();
        if n_missed > state.n_missed {
            tracing::warn!(n_missed, "Messages of the broker came too fast to be counted");
            state.n_missed = n_missed;
        }
        state
    }
}

impl State {
    fn heard(&mut self, heard: &Heard, at: Utc) {
        self.is_turned_away |= heard.code == ID_IN_USE && heard.bot == BotName::desk();
        let symbol = self.orders.symbol(&heard.bot, heard.id);
        self.patterns.feed(&Seen {
            at,
            code: heard.code,
            text: &heard.text,
            bot: of_bot(&heard.bot),
            request: symbol.map(|_| RequestKind::Order),
            symbol,
        });
    }

    fn told(&mut self, told: Told, at: Utc) {
        match told {
            Told::Order { bot, id, symbol } => self.orders.add(bot, id, symbol),
            Told::Refused { bot, code, text, symbol, n_times } => {
                let seen = Seen {
                    at,
                    code,
                    text: &text,
                    bot: of_bot(&bot),
                    request: Some(RequestKind::Order),
                    symbol: symbol.as_deref(),
                };
                (0..n_times).for_each(|_| self.patterns.feed(&seen));
            }
        }
    }
}

/// Gatehouse's own client is not a bot that somebody could change.
fn of_bot(bot: &BotName) -> Option<&BotName> {
    Some(bot).filter(|bot| **bot != BotName::desk())
}

impl App {
    /// Answers with the codes of this run.
    pub(crate) fn codes_view(&self) -> Reply {
        Reply::Codes(Box::new(self.codes.view(self.clock.now().utc)))
    }

    /// Tells of patterns that began and ended, and what the connection waits for.
    pub(crate) fn look_at_codes(&self) {
        for input in self.codes.look(self.clock.now()) {
            self.proxy.send(input);
        }
        if self.codes.was_turned_away() {
            let why = format!(
                "client id {DESK_CLIENT_ID} is in use at the Gateway (326), by another program or \
                 by a connection that it has not forgotten yet; Gatehouse asks for it again"
            );
            self.keeper.event(Event::LinkWaits { why });
        }
    }
}

#[cfg(test)]
mod tests;
