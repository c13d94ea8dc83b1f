//! The engine's state, and how an entry is made.
//!
//! Whatever the ledger holds changes the state only through `fold`, live and at the start alike,
//! so that a restart cannot know something else than the life before it.

use std::collections::BTreeMap;

use gatehouse_risk::Connection;
use gatehouse_types::{
    AccountId, Actor, BotName, Entry, EntryKind, EntrySeq, GatewayKind, Known, LimitId, Mode,
    Money, Mono, Now, OrderRef, Policy, Scope, Stamp, TradingState, Utc, WorkingOrder,
};

use crate::alarms::{Alarms, Settings};
use crate::book::Book;
use crate::books::Books;
use crate::bots::Bots;
use crate::flatten::Flatten;
use crate::kill::Kill;
use crate::limits::Scheduled;
use crate::market::Market;
use crate::outgoing::Outgoing;
use crate::positions::Positions;
use crate::world::{World, WorldName};
use crate::{Effect, EngineConfig, Epochs};

/// The connection to the Gateway, as Gatehouse's own client sees it.
#[derive(Debug, Default)]
pub(crate) struct Session {
    /// Of this life: where the Gateway is.
    pub(crate) gateway: Option<(String, GatewayKind)>,
    /// The account whose orders and books are at hand.
    pub(crate) world: Option<WorldName>,
    /// The Gateway is logged in to another one.
    pub(crate) is_other_account: bool,
    pub(crate) is_broker_lost: bool,
    pub(crate) is_reconciled: bool,
    /// Nothing that adds risk is begun: the Gateway restarts within minutes.
    pub(crate) is_restart_near: bool,
    pub(crate) net_liquidation: Option<Known<Money>>,
    /// The broker's word on the account's day, realised and open.
    pub(crate) day_result: Option<Known<Money>>,
    pub(crate) market: Option<Known<Utc>>,
    /// Working orders of the account that no bot of ours sent, by the last snapshot.
    pub(crate) foreign: Vec<WorkingOrder>,
    /// Ids of bots under which such orders stand.
    pub(crate) foreign_refs: std::collections::BTreeSet<OrderRef>,
    /// Orders that had ended and that the last snapshot lists as working.
    pub(crate) relisted: std::collections::BTreeSet<EntrySeq>,
    /// Foreign orders that have an entry.
    pub(crate) foreign_seen: std::collections::BTreeSet<gatehouse_types::PermId>,
    pub(crate) snapshot_at: Option<Mono>,
    pub(crate) differences: Differences,
}

/// Differences between the broker and the ledger: written once they are the same twice.
#[derive(Debug, Default)]
pub(crate) struct Differences {
    pub(crate) last: Vec<String>,
    pub(crate) written: Vec<String>,
}

/// State of the whole account.
#[derive(Debug)]
pub(crate) struct AccountState {
    pub(crate) state: TradingState,
    pub(crate) why: String,
    /// When the state ends by itself, and what it ends in.
    pub(crate) until: Option<Utc>,
    pub(crate) back: TradingState,
    /// The trading day on which Gatehouse locked it.
    pub(crate) locked_on: Option<i64>,
    pub(crate) epoch: u64,
}

#[derive(Debug)]
pub(crate) struct LedgerState {
    pub(crate) trouble: Option<String>,
    pub(crate) committed: EntrySeq,
}

/// The functional core. One input at a time, effects out; it never waits and never panics.
#[derive(Debug)]
pub struct Engine {
    pub(crate) config: EngineConfig,
    pub(crate) last_seq: EntrySeq,
    pub(crate) policy: Policy,
    pub(crate) bots: Bots,
    pub(crate) book: Book,
    pub(crate) positions: Positions,
    pub(crate) books: Books,
    /// Accounts that are not connected now.
    pub(crate) worlds: BTreeMap<WorldName, World>,
    /// When losses were last looked at.
    pub(crate) books_looked: Option<Mono>,
    pub(crate) market: Market,
    pub(crate) session: Session,
    pub(crate) account: AccountState,
    pub(crate) scheduled: BTreeMap<(Scope, LimitId), Scheduled>,
    pub(crate) kill: Option<Kill>,
    pub(crate) flatten: Flatten,
    pub(crate) alarms: Alarms,
    pub(crate) settings: Settings,
    pub(crate) ledger: LedgerState,
    pub(crate) outgoing: BTreeMap<EntrySeq, Outgoing>,
    /// Of the step that is being taken.
    pub(crate) now: Now,
    pub(crate) effects: Vec<Effect>,
}

impl Session {
    /// Returns the account whose orders are at hand.
    pub(crate) fn account(&self) -> Option<&AccountId> {
        self.world.as_ref().map(|world| &world.account)
    }

    pub(crate) fn mode(&self) -> Option<Mode> {
        self.world.as_ref().map(|world| world.mode)
    }
}

impl Engine {
    /// Makes an engine that knows nothing but its settings: the Careful profile, no bot, flat.
    #[must_use]
    pub fn new(config: EngineConfig) -> Self {
        let start = Mono::new(std::time::Duration::ZERO);
        let mut bots = Bots::default();
        if let Some(desk) = &config.desk {
            bots.register(desk.clone());
        }
        Self {
            config,
            last_seq: EntrySeq::new(0),
            policy: Policy::careful(),
            bots,
            book: Book::default(),
            positions: Positions::default(),
            books: Books::default(),
            worlds: BTreeMap::new(),
            books_looked: None,
            market: Market::default(),
            session: Session::default(),
            account: AccountState {
                state: TradingState::Active,
                why: String::new(),
                until: None,
                back: TradingState::Active,
                locked_on: None,
                epoch: 0,
            },
            scheduled: BTreeMap::new(),
            kill: None,
            flatten: Flatten::default(),
            alarms: Alarms::default(),
            settings: Settings::default(),
            ledger: LedgerState { trouble: None, committed: EntrySeq::new(0) },
            outgoing: BTreeMap::new(),
            now: Now { mono: start, utc: Utc::from_nanos(0), market: None },
            effects: Vec::new(),
        }
    }

    /// Makes the next entry and folds it in; the caller says how it is recorded.
    pub(crate) fn entry(&mut self, actor: Actor, kind: EntryKind) -> Entry {
        self.last_seq = self.last_seq.next();
        let entry = Entry { seq: self.last_seq, stamp: Stamp::from(self.now), actor, kind };
        self.fold(&entry);
        entry
    }

    /// Makes, folds in and records an entry for which nothing waits.
    pub(crate) fn record(&mut self, actor: Actor, kind: EntryKind) {
        let entry = self.entry(actor, kind);
        self.effects.push(Effect::Append(entry));
    }

    pub(crate) fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Returns the strictest state for a bot, and the scope that set it.
    pub(crate) fn state_of(&self, bot: &BotName) -> (TradingState, Scope) {
        if self.kill.is_some() {
            return (TradingState::Killed, Scope::Account);
        }
        let own = self.bots.get(bot).map_or(TradingState::Active, |bot| bot.state);
        if own > self.account.state {
            (own, Scope::Bot(bot.clone()))
        } else {
            (self.account.state, Scope::Account)
        }
    }

    pub(crate) fn epochs(&self, bot: &BotName) -> Epochs {
        let of_bot = self.bots.get(bot).map_or(0, |bot| bot.epoch);
        Epochs { account: self.account.epoch, bot: of_bot }
    }

    pub(crate) fn is_ledger_writable(&self) -> bool {
        self.ledger.trouble.is_none()
    }

    /// Returns whether new risk can be judged at all.
    pub(crate) fn connection(&self) -> Connection {
        if self.session.gateway.is_none() {
            Connection::NotReady("not connected")
        } else if self.session.is_other_account {
            Connection::NotReady("logged in to another account")
        } else if self.session.is_broker_lost {
            Connection::NotReady("disconnected from the broker")
        } else if !self.session.is_reconciled {
            Connection::NotReady("being reconciled")
        } else {
            Connection::Ready
        }
    }

    /// Returns whether new risk of one bot can be judged.
    pub(crate) fn connection_of(&self, bot: &BotName) -> Connection {
        match (self.connection(), self.bots.get(bot)) {
            (Connection::Ready, Some(bot)) if !bot.is_book_sound => {
                Connection::NotReady("being reconciled for this bot")
            }
            (Connection::Ready, Some(bot)) if !bot.is_link_up => {
                Connection::NotReady("not connected for this bot")
            }
            (Connection::Ready, Some(bot)) if bot.is_other_account => {
                Connection::NotReady("logged in to another account")
            }
            (connection, _) => connection,
        }
    }

    /// Returns whether new risk of one bot may be begun.
    pub(crate) fn connection_for_entries(&self, bot: &BotName) -> Connection {
        match self.connection_of(bot) {
            Connection::Ready if self.session.is_restart_near => {
                Connection::NotReady("about to restart")
            }
            connection @ (Connection::Ready | Connection::NotReady(_)) => connection,
        }
    }

    /// Returns the key under which an order of this bot would be known.
    pub(crate) fn order_ref(bot: &BotName, order_id: gatehouse_types::OrderId) -> OrderRef {
        OrderRef { bot: bot.clone(), order_id }
    }
}
