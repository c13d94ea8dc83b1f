//! The bots: who is registered, in which state, attached or not, and what each did today.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use gatehouse_risk::{Figure, Recent};
use gatehouse_types::{
    AccountId, BotConfig, BotName, ClientId, EntrySeq, Intent, Mono, OrderId, Refusal, Stamp,
    TradingState, Utc,
};

use crate::breakers::RefusedLog;

/// An order that waits for its turn or for data.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) intent: Intent,
    pub(crate) body: Vec<u8>,
    pub(crate) arrived: Mono,
}

/// A client program on the other side of the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attached {
    pub(crate) server_version: i32,
    pub(crate) peer: String,
}

/// Refusals of one second.
#[derive(Debug, Default)]
pub(crate) struct RefusalWindow {
    pub(crate) since: Option<Mono>,
    pub(crate) written: u32,
    pub(crate) counted: u32,
    pub(crate) last: Option<Refusal>,
}

/// What happened on one trading day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Orders and changes that were allowed.
    pub orders: u32,
    /// Of them, new orders; questions about margin are none.
    pub new_orders: u32,
    pub refused: u32,
    pub fills: u32,
}

/// When the bot changed or cancelled an order, as far back as a rule looks.
#[derive(Debug, Default)]
pub(crate) struct Churned(VecDeque<Mono>);

impl Churned {
    const WINDOW: Duration = Duration::from_secs(1);
    /// Far above every ceiling; a bot that floods needs no exact count.
    const COUNTED_MAX: usize = 10_000;

    pub(crate) fn note(&mut self, at: Mono) {
        if self.0.len() < Self::COUNTED_MAX {
            self.0.push_back(at);
        }
    }

    /// Returns how many there were in the second before `now`.
    pub(crate) fn count(&self, now: Mono) -> u32 {
        let within = self.0.iter().rev().take_while(|at| now.since(**at) < Self::WINDOW);
        u32::try_from(within.count()).unwrap_or(u32::MAX)
    }

    pub(crate) fn forget(&mut self, now: Mono) {
        while self.0.front().is_some_and(|at| now.since(*at) >= Self::WINDOW) {
            self.0.pop_front();
        }
    }
}

/// Day of an entry: New York standard time, by the Gateway's calendar where it is known.
pub(crate) fn day(stamp: Stamp) -> i64 {
    // No session, extended hours included, crosses 05:00 UTC.
    const NEW_YORK_S: i64 = 5 * 3600;
    (stamp.market.unwrap_or(stamp.utc).secs() - NEW_YORK_S).div_euclid(86_400)
}

/// Day of an entry that follows one of `last`: until the Gateway has said its time no new day
/// begins, for the machine's calendar is not the market's. `None` before the first.
pub(crate) fn day_after(last: Option<i64>, stamp: Stamp) -> i64 {
    match last {
        Some(last) if stamp.market.is_none() => last,
        Some(_) | None => day(stamp),
    }
}

#[derive(Debug)]
pub(crate) struct Bot {
    pub(crate) config: BotConfig,
    /// A removed bot keeps its state, so that adding it again resumes nothing.
    pub(crate) is_registered: bool,
    pub(crate) state: TradingState,
    pub(crate) why: String,
    /// When the state ends by itself, and what it ends in.
    pub(crate) until: Option<Utc>,
    pub(crate) back: TradingState,
    /// The trading day on which Gatehouse locked it.
    pub(crate) locked_on: Option<i64>,
    pub(crate) refused: RefusedLog,
    /// Order ids below are spent.
    pub(crate) mark: OrderId,
    day: Option<i64>,
    counters: Counters,
    /// The last order that was judged, for the headroom.
    pub(crate) last_judged: Option<EntrySeq>,

    pub(crate) epoch: u64,
    pub(crate) attached: Option<Attached>,
    /// Why a connection was last turned away at its door, until one is let in.
    pub(crate) turned_away: Option<String>,
    pub(crate) is_link_up: bool,
    /// When its link last came up, in this life.
    pub(crate) link_up_at: Option<Mono>,
    /// Accounts that its link was last told of.
    pub(crate) accounts: Vec<AccountId>,
    /// Its link is logged in to an account that is not ours.
    pub(crate) is_other_account: bool,
    pub(crate) last_seen: Option<Mono>,
    /// False after something about its orders could not be read, until the next snapshot.
    pub(crate) is_book_sound: bool,
    /// Allowed orders of the last minutes, oldest first.
    pub(crate) recent: Vec<(EntrySeq, Recent)>,
    /// Values of entries that were allowed in the last minute.
    pub(crate) values: Vec<(EntrySeq, Mono, Figure)>,
    pub(crate) churn: Churned,
    pub(crate) waiting: VecDeque<Waiting>,
    pub(crate) refusals: RefusalWindow,
}

impl Bot {
    fn new(config: BotConfig) -> Self {
        Self {
            config,
            is_registered: true,
            state: TradingState::Active,
            why: String::new(),
            until: None,
            back: TradingState::Active,
            locked_on: None,
            refused: RefusedLog::default(),
            mark: OrderId::new(0),
            day: None,
            counters: Counters::default(),
            last_judged: None,
            epoch: 0,
            attached: None,
            turned_away: None,
            is_link_up: false,
            link_up_at: None,
            accounts: Vec::new(),
            is_other_account: false,
            last_seen: None,
            is_book_sound: true,
            recent: Vec::new(),
            values: Vec::new(),
            churn: Churned::default(),
            waiting: VecDeque::new(),
            refusals: RefusalWindow::default(),
        }
    }

    /// Counts something on the day of its entry.
    pub(crate) fn count(&mut self, stamp: Stamp, add: impl FnOnce(&mut Counters)) {
        let today = day_after(self.day, stamp);
        if self.day != Some(today) {
            self.day = Some(today);
            self.counters = Counters::default();
        }
        add(&mut self.counters);
    }

    /// Returns what was counted on the day of `stamp`.
    pub(crate) fn counters(&self, stamp: Stamp) -> Counters {
        let is_today = self.day == Some(day_after(self.day, stamp));
        if is_today { self.counters } else { Counters::default() }
    }

    /// Raises the mark above an id that was used. Returns whether it moved.
    pub(crate) fn spend(&mut self, order_id: OrderId) -> bool {
        let next = OrderId::new(order_id.get().saturating_add(1));
        let moves = next > self.mark;
        if moves {
            self.mark = next;
        }
        moves
    }

    /// Drops recent orders that no rule looks at.
    pub(crate) fn forget_recent(&mut self, now: Mono, keep: Duration) {
        let old = self.recent.partition_point(|(_, recent)| now.since(recent.at) > keep);
        self.recent.drain(..old);
    }
}

#[derive(Debug, Default)]
pub(crate) struct Bots {
    bots: BTreeMap<BotName, Bot>,
}

impl Bots {
    pub(crate) fn get(&self, name: &BotName) -> Option<&Bot> {
        self.bots.get(name)
    }

    pub(crate) fn get_mut(&mut self, name: &BotName) -> Option<&mut Bot> {
        self.bots.get_mut(name)
    }

    pub(crate) fn registered(&self) -> impl Iterator<Item = &Bot> {
        self.bots.values().filter(|bot| bot.is_registered)
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Bot> {
        self.bots.values()
    }

    /// Returns every bot, removed ones too.
    pub(crate) fn all_mut(&mut self) -> impl Iterator<Item = (&BotName, &mut Bot)> {
        self.bots.iter_mut()
    }

    pub(crate) fn names(&self) -> Vec<BotName> {
        self.bots.keys().cloned().collect()
    }

    /// Adds a bot, or changes its door; its state stays.
    pub(crate) fn register(&mut self, config: BotConfig) {
        match self.bots.get_mut(&config.name) {
            Some(bot) => {
                bot.config = config;
                bot.is_registered = true;
            }
            None => {
                self.bots.insert(config.name.clone(), Bot::new(config));
            }
        }
    }

    /// Returns the bot under whose client id an order stands.
    pub(crate) fn of_client(&self, client_id: ClientId) -> Option<&BotName> {
        self.bots
            .values()
            .filter(|bot| bot.config.client_id == client_id)
            .max_by_key(|bot| bot.is_registered)
            .map(|bot| &bot.config.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatehouse_types::ClientId;

    #[test]
    fn what_comes_before_the_gateway_said_its_time_begins_no_day() {
        let at = |days: i64| Utc::from_nanos((days * 86_400 + 50_000) * 1_000_000_000);
        let name = "a".parse().unwrap();
        let mut bot = Bot::new(BotConfig { name, port: 1, client_id: ClientId::new(1) });
        // The market is months behind the machine, as in a simulation.
        let told = Stamp { utc: at(300), market: Some(at(5)) };
        bot.count(told, |today| today.new_orders += 1);
        let untold = Stamp { utc: at(300), market: None };
        bot.count(untold, |today| today.refused += 1);
        let both = Counters { new_orders: 1, refused: 1, ..Counters::default() };
        assert_eq!(bot.counters(untold), both);
        assert_eq!(bot.counters(told), both);
        let next = Stamp { utc: at(300), market: Some(at(6)) };
        assert_eq!(bot.counters(next), Counters::default());
    }
}
