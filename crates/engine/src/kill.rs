//! The kill: everything unsent is void, everything working is cancelled but stops that provably
//! protect, and the book is looked at again until nothing else is left.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use gatehouse_types::{
    Actor, BotName, EntryKind, EntrySeq, KillOrder, Mono, OrderKind, OrderRef, OrderStatus, Scope,
    Stamp, TradingState,
};

use crate::book::Order;
use crate::{CommandError, Done, Effect, Engine};

/// The word that a person types.
const RELEASE: &str = "RELEASE";

/// How long a stop that protects by its bot's own fills stays before the broker said what is held:
/// the first snapshot comes seconds after a link.
const POSITION_WITHIN: Duration = Duration::from_secs(10);

/// What became of one order.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    pub(crate) did: KillOrder,
    /// Time from the kill until this was done.
    pub(crate) did_after: Duration,
    /// Time from the kill until nothing of the order was left.
    pub(crate) gone_after: Option<Duration>,
}

#[derive(Debug)]
pub(crate) struct Kill {
    pub(crate) reason: String,
    pub(crate) at: Stamp,
    /// Of this life: a restart begins the minute again.
    pub(crate) engaged: Mono,
    pub(crate) looked: Mono,
    pub(crate) orders: BTreeMap<OrderRef, Progress>,
    /// Its own entry.
    pub(crate) entry: EntrySeq,
    /// Refusals of the day before it, of all bots.
    pub(crate) refused_before: u32,
    /// Time from the kill until its entry was durable.
    pub(crate) saved_after: Option<Duration>,
    /// Time from the kill until the broker's orders were listed again.
    pub(crate) read_again_after: Option<Duration>,
}

impl Kill {
    pub(crate) fn new(
        reason: String,
        at: Stamp,
        engaged: Mono,
        (entry, refused_before): (EntrySeq, u32),
    ) -> Self {
        Self {
            reason,
            at,
            engaged,
            looked: engaged,
            orders: BTreeMap::new(),
            entry,
            refused_before,
            saved_after: None,
            read_again_after: None,
        }
    }

    pub(crate) fn note(&mut self, order: &OrderRef, did: &KillOrder, now: Mono) {
        let did_after = now.since(self.engaged);
        let progress = Progress { did: did.clone(), did_after, gone_after: None };
        self.orders.insert(order.clone(), progress);
    }

    /// Returns whether a cancel was sent: the order may be gone, so it protects nothing.
    fn has_cancelled(&self, order: &OrderRef) -> bool {
        let did = self.orders.get(order).map(|progress| &progress.did);
        did.is_some_and(|did| match did {
            KillOrder::CancelSent | KillOrder::Dropped => true,
            KillOrder::Kept { .. } | KillOrder::NoLink => false,
        })
    }

    fn has_kept(&self, order: &OrderRef) -> bool {
        matches!(self.orders.get(order), Some(Progress { did: KillOrder::Kept { .. }, .. }))
    }
}

/// Returns whether an order could protect: a stop that the broker holds, with nothing pending.
fn may_protect(order: &Order) -> bool {
    matches!(order.intent.kind, OrderKind::Stop { .. } | OrderKind::StopLimit { .. })
        && matches!(order.status, OrderStatus::PreSubmitted | OrderStatus::Submitted)
        && order.changes.is_empty()
        && !order.is_cancel_sent
}

impl Engine {
    pub(crate) fn kill(&mut self, reason: String) -> Result<Done, CommandError> {
        if self.kill.is_some() {
            return Err(CommandError::Killed);
        }
        self.raise_epoch(&Scope::Account);
        self.record(Actor::Person, EntryKind::KillEngaged { reason });
        for order in self.withdraw_scope(&Scope::Account, true, TradingState::Killed) {
            self.record(Actor::Gatehouse, EntryKind::KillOrder { order, did: KillOrder::Dropped });
        }
        let n_cancelled = self.sweep();
        self.push(Effect::WantSnapshot);
        Ok(Done::Cancelling(n_cancelled))
    }

    /// Cancels every live order but stops that provably protect. Returns how many.
    fn sweep(&mut self) -> usize {
        let Some(kill) = &self.kill else { return 0 };
        let left: Vec<&Order> = self
            .book
            .live(None)
            .filter(|order| !order.is_gone() && !self.closes_by_grant(order))
            .collect();
        let undecided = |order: &Order| !kill.has_cancelled(&order.order);
        let candidates: BTreeSet<EntrySeq> = left
            .iter()
            .filter(|order| may_protect(order) && undecided(order))
            .map(|order| order.entry)
            .collect();
        let kept = self.provable_exits(&candidates);
        let to_cancel: Vec<OrderRef> = left
            .iter()
            .filter(|order| !kept.contains(&order.entry))
            .filter(|order| !candidates.contains(&order.entry) || !self.awaits_position(order))
            .map(|order| order.order.clone())
            .collect();
        let newly_kept: Vec<(OrderRef, String)> = left
            .iter()
            .filter(|order| kept.contains(&order.entry) && !kill.has_kept(&order.order))
            .map(|order| {
                let protects = format!("{} {}", order.exposure(), order.intent.contract.symbol);
                (order.order.clone(), protects)
            })
            .collect();
        let n_cancelled = to_cancel.len();
        // The cancels go first, the record follows.
        let did: Vec<_> = to_cancel.into_iter().map(|order| self.cancel_for_kill(order)).collect();
        for (order, did) in did {
            self.note_kill_order(order, did);
        }
        for (order, protects) in newly_kept {
            self.note_kill_order(order, KillOrder::Kept { protects });
        }
        n_cancelled
    }

    /// Returns whether a stop may turn out to protect once the broker says what is held: cancelling
    /// it blindly on a link that just came up would leave the position bare.
    fn awaits_position(&self, order: &Order) -> bool {
        let bot = self.bots.get(&order.order.bot).filter(|bot| bot.is_link_up);
        let up_since = bot.and_then(|bot| bot.link_up_at);
        up_since.is_some_and(|at| self.now.mono.since(at) < POSITION_WITHIN)
            && self.closes_by_own_fills(order)
    }

    fn cancel_for_kill(&mut self, order: OrderRef) -> (OrderRef, KillOrder) {
        let did = if self.send_cancel(&order) { KillOrder::CancelSent } else { KillOrder::NoLink };
        (order, did)
    }

    fn note_kill_order(&mut self, order: OrderRef, did: KillOrder) {
        let held = self.kill.as_ref().and_then(|kill| kill.orders.get(&order));
        if held.is_none_or(|progress| progress.did != did) {
            self.record(Actor::Gatehouse, EntryKind::KillOrder { order, did });
        }
    }

    /// Looks again at what is left, every two seconds.
    pub(crate) fn look_again(&mut self) {
        let (now, every) = (self.now.mono, self.config.kill_every);
        let Some(kill) = &mut self.kill else { return };
        if now.since(kill.looked) < every {
            return;
        }
        kill.looked = now;
        if self.sweep() > 0 {
            self.push(Effect::WantSnapshot);
        }
    }

    /// Decides on what this kill did nothing about yet: orders found by a reconciliation, and
    /// stops of which it could not tell whether they protect.
    pub(crate) fn look_at_kill(&mut self) {
        let Some(kill) = &self.kill else { return };
        let is_new = |order: &Order| {
            !order.is_gone()
                && !self.closes_by_grant(order)
                && !kill.has_cancelled(&order.order)
                && !kill.has_kept(&order.order)
        };
        if self.book.live(None).any(is_new) {
            self.sweep();
        }
    }

    /// Cancels at once what a bot's new link can reach: a cancel on the old one may be lost.
    pub(crate) fn reach_for_kill(&mut self, bot: &BotName) {
        if self.kill.is_some() && self.book.live(Some(bot)).any(|order| !order.is_gone()) {
            self.sweep();
        }
    }

    /// Notes that entries are durable.
    pub(crate) fn note_saved(&mut self) {
        let committed = self.ledger.committed;
        if let Some(kill) = &mut self.kill
            && kill.saved_after.is_none()
            && committed >= kill.entry
        {
            kill.saved_after = Some(self.now.mono.since(kill.engaged));
        }
    }

    /// Notes that the broker listed its orders.
    pub(crate) fn note_read_again(&mut self) {
        if let Some(kill) = &mut self.kill {
            let after = self.now.mono.since(kill.engaged);
            kill.read_again_after.get_or_insert(after);
        }
    }

    /// Notes the orders of which nothing is left.
    pub(crate) fn note_gone(&mut self) {
        let Some(kill) = &mut self.kill else { return };
        let after = self.now.mono.since(kill.engaged);
        for (order, progress) in &mut kill.orders {
            let is_gone = self.book.find(order).is_none_or(Order::is_gone);
            if is_gone && progress.gone_after.is_none() {
                progress.gone_after = Some(after);
            }
        }
    }

    /// Cancels the orders that the kill kept.
    pub(crate) fn cancel_kept(&mut self) -> Result<Done, CommandError> {
        let Some(kill) = &self.kill else { return Err(CommandError::NotKilled) };
        let kept = kill.orders.keys().filter(|order| kill.has_kept(order));
        let left = kept.filter(|order| self.book.find(order).is_some_and(|it| !it.is_gone()));
        let left: Vec<OrderRef> = left.cloned().collect();
        let n_cancelled = left.len();
        for order in left {
            let (order, did) = self.cancel_for_kill(order);
            self.note_kill_order(order, did);
        }
        Ok(Done::Cancelling(n_cancelled))
    }

    /// Ends the kill: every bot is left halted, and a person resumes them one by one.
    pub(crate) fn release_kill(&mut self, word: &str) -> Result<Done, CommandError> {
        let Some(kill) = &self.kill else { return Err(CommandError::NotKilled) };
        let age = self.now.mono.since(kill.engaged);
        if age < self.config.release_after {
            let left = self.config.release_after.saturating_sub(age);
            let seconds_left = left.as_secs() + u64::from(left.subsec_nanos() > 0);
            return Err(CommandError::TooEarly { seconds_left });
        }
        if word != RELEASE {
            return Err(CommandError::WrongWord);
        }
        if !self.is_ledger_writable() {
            return Err(CommandError::LedgerNotWritable);
        }
        // Halted first: a crash between the two must not free anybody.
        let bots: Vec<(BotName, TradingState)> = self
            .bots
            .registered()
            .filter(|bot| bot.config.name != BotName::desk() && bot.state < TradingState::Halted)
            .map(|bot| (bot.config.name.clone(), bot.state))
            .collect();
        for (bot, from) in bots {
            let kind = EntryKind::StateChanged {
                scope: Scope::Bot(bot),
                from,
                to: TradingState::Halted,
                why: "the kill switch was released".to_owned(),
                until: None,
            };
            self.record(Actor::Gatehouse, kind);
        }
        self.record(Actor::Person, EntryKind::KillReleased);
        Ok(Done::Now)
    }
}
