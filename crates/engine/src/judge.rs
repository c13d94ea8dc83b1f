//! From a bot's frame to a verdict: ids, waiting for data, the view, the answer.

use gatehouse_risk::{Churn, Connection, Lookup, Reading, Recent, View, evaluate};
use gatehouse_tws::request::PlaceOrder;
use gatehouse_types::{
    Actor, BotName, ConId, Contract, Decimal, EntryKind, EntrySeq, Finding, Inputs, Intent, Mode,
    OrderId, Qty, Refusal, Scope, SignedQty, Stamp, TradingState, Verdict, Weight, WorkingOrder,
};

use crate::book::Order;
use crate::bots::Waiting;
use crate::ids::Identity;
use crate::inputs::inputs;
use crate::market::Details;
use crate::outgoing::{Outgoing, Stage};
use crate::{Approved, Effect, Engine, OrderFrame};

/// Returns whether the refusal may be gone once details or a quote arrived.
fn lacks_data(refusal: &Refusal, are_details_awaited: bool) -> bool {
    let lacks_details = matches!(refusal, Refusal::ContractUnknown { .. }) && are_details_awaited;
    let lacks_quote = matches!(
        refusal,
        Refusal::QuoteMissing { .. }
            | Refusal::QuoteStale { .. }
            | Refusal::ValueUnknown { .. }
            | Refusal::PositionUnknown { .. }
            | Refusal::DataNotLive { .. }
            | Refusal::MoveUnknown
            | Refusal::SpreadUnknown { .. }
            | Refusal::HoursUnknown { .. }
            | Refusal::BaseCurrencyUnknown
            | Refusal::UnexecutedUnknown { .. }
            | Refusal::ExposureUnknown { .. }
            | Refusal::TradedUnknown { .. }
            | Refusal::DayLossUnknown { .. }
    );
    // What is missing for a member of its family is named beside it.
    let is_of_family = matches!(refusal, Refusal::FamilyRefused { .. });
    lacks_details || lacks_quote || is_of_family
}

/// Returns the reason that the bot is told: data that is missing is named only when nothing else
/// refuses, for it is mostly missing because of something else.
#[must_use]
pub fn cause(verdict: &Verdict) -> Option<&Finding> {
    let refusing = verdict.findings.iter().filter(|it| it.weight >= Weight::Hold);
    // What refuses whatever the order asks for comes first; so does a child that hangs on nothing,
    // for it is refused for other reasons because of that.
    let is_root = |it: &&Finding| match it.refusal.control().number() {
        46 | 48 | 55 | 56 => true,
        95 => !lacks_data(&it.refusal, true),
        _ => false,
    };
    let root = refusing.clone().find(is_root);
    let told = root.or_else(|| refusing.clone().find(|it| !lacks_data(&it.refusal, true)));
    told.or_else(|| verdict.leading())
}

/// Returns the first field that a change may not change.
fn forbidden_change(old: &Intent, new: &Intent, is_same_contract: bool) -> Option<&'static str> {
    let is_other_account = matches!((&old.account, &new.account), (Some(a), Some(b)) if a != b);
    if !is_same_contract {
        Some("contract")
    } else if old.side != new.side {
        Some("side")
    } else if is_other_account {
        Some("account")
    } else if new.what_if {
        Some("what-if flag")
    } else {
        None
    }
}

/// Adds why an order may not be changed, whatever the limits say.
fn refuse_change(
    bot: &BotName,
    field: Option<&'static str>,
    connection: Connection,
    verdict: &mut Verdict,
) {
    let mut refuse = |scope, refusal: Refusal| {
        if verdict.findings.iter().all(|it| it.refusal != refusal) {
            verdict.findings.push(Finding { weight: Weight::Refuse, scope, refusal });
        }
    };
    if let Some(field) = field {
        refuse(Scope::Bot(bot.clone()), Refusal::ChangeForbidden { field });
    }
    if let Connection::NotReady(state) = connection {
        // The order may be gone, and its change would arrive as a new order.
        refuse(Scope::Account, Refusal::NotConnected { state });
    }
}

impl Engine {
    /// Takes a placeOrder: it queues behind the bot's own orders that wait.
    pub(crate) fn place(
        &mut self,
        bot: &BotName,
        body: Vec<u8>,
        decoded: Result<Box<PlaceOrder>, (Option<OrderId>, String)>,
    ) {
        let understood = match decoded {
            Ok(placed) => {
                placed.intent().map_err(|error| (Some(placed.order_id), error.to_string()))
            }
            Err(unread) => Err(unread),
        };
        let intent = match understood {
            Ok(intent) => intent,
            Err((order_id, detail)) => {
                self.refuse_frame(bot, order_id, Refusal::NotUnderstood { detail }, body);
                self.break_families(bot);
                return;
            }
        };
        let (waiting_max, per) = (self.config.waiting_max, self.config.hold);
        let (order_id, is_child) = (intent.order_id, intent.family.parent_id.is_some());
        let arrived = self.now.mono;
        let Some(of_bot) = self.bots.get_mut(bot) else {
            self.refuse_frame(bot, Some(order_id), Refusal::BotUnknown, body);
            return;
        };
        if of_bot.waiting.len() >= waiting_max {
            let orders = u32::try_from(waiting_max).unwrap_or(u32::MAX);
            let refusal = Refusal::RateAbove {
                orders: orders.saturating_add(1),
                limit: Decimal::from(orders),
                per,
            };
            self.refuse_frame(bot, Some(order_id), refusal, body);
            if is_child {
                self.break_families(bot);
            }
            return;
        }
        of_bot.waiting.push_back(Waiting { intent, body, arrived });
        self.judge_waiting(bot);
    }

    /// Judges a bot's orders in their order, until one has to wait.
    pub(crate) fn judge_waiting(&mut self, bot: &BotName) {
        while let Some(waiting) =
            self.bots.get_mut(bot).and_then(|of_bot| of_bot.waiting.pop_front())
        {
            if let Some(waiting) = self.judge(bot, waiting) {
                if let Some(of_bot) = self.bots.get_mut(bot) {
                    of_bot.waiting.push_front(waiting);
                }
                break;
            }
        }
    }

    /// Judges one order, or gives it back when it has to wait.
    fn judge(&mut self, bot: &BotName, waiting: Waiting) -> Option<Waiting> {
        let identity = self.identify(bot, waiting.intent.order_id);
        if let Identity::Refused { refusal, is_live: _ } = identity {
            let order_id = Some(waiting.intent.order_id);
            self.refuse_frame(bot, order_id, refusal, waiting.body);
            self.break_family(bot, &waiting.intent);
            return None;
        }
        let replaces = match identity {
            Identity::Change(entry) => Some(entry),
            Identity::New | Identity::Refused { .. } => None,
        };
        let awaited = self.ask_for(&waiting.intent.contract);
        let intent = &waiting.intent;
        let see = |view: &View<'_>| Box::new(inputs(view, intent, self.now));
        let (mut verdict, seen) = self.evaluate_seeing(bot, intent, (replaces, None), see);
        let only_reduces = self.judge_family(bot, &waiting.intent, replaces, &mut verdict);
        if verdict.may_send() {
            self.approve(bot, waiting, replaces, (verdict, seen), only_reduces);
            return None;
        }
        let is_late = self.now.mono.since(waiting.arrived) >= self.config.hold;
        let mut refusing = verdict.findings.iter().filter(|it| it.weight >= Weight::Hold);
        if !is_late
            && refusing.all(|finding| {
                lacks_data(&finding.refusal, awaited)
                    || self.awaits_fill(&finding.refusal, &waiting.intent)
            })
        {
            return Some(waiting);
        }
        self.refuse_judged(bot, waiting, replaces, (verdict, seen));
        None
    }

    /// Returns whether what a short sale lacks is on its way: the broker said that an order filled,
    /// and its execution has not come. A bot that sells what it just bought is that quick.
    fn awaits_fill(&self, refusal: &Refusal, intent: &Intent) -> bool {
        let con_id = self.con_id_of(intent);
        matches!(refusal, Refusal::ShortSale { .. })
            && self.book.open().filter(|order| Some(order.con_id) == con_id).any(|order| {
                order.intent.side == gatehouse_types::Side::Buy
                    && order.report.is_some_and(|it| it.filled.value() > order.executed)
            })
    }

    /// Asks the desk for what is missing. Returns whether details are awaited.
    fn ask_for(&mut self, contract: &Contract) -> bool {
        let now = self.now.mono;
        let con_id = match self.market.details(contract, now) {
            Details::Known(Lookup::Found(instrument)) => instrument.con_id,
            Details::Known(Lookup::Unknown | Lookup::Ambiguous) => return false,
            Details::Awaited { ask } => {
                if ask {
                    self.market.note_asked(contract, now);
                    self.push(Effect::WantInstrument(contract.clone()));
                }
                return true;
            }
        };
        // The line stays wanted as long as orders come: the desk drops the least recently used.
        if self.market.wants_quote(con_id, now) {
            self.push(Effect::WantQuote(con_id));
        }
        // Asked by its id, so that no answer can make a known spelling unknown.
        if self.market.wants_hours(con_id, self.now.market, now) {
            let named = Contract { con_id: Some(con_id), ..contract.clone() };
            self.push(Effect::WantInstrument(named));
        }
        false
    }

    /// Evaluates every control for an order, or for a change of the order of `replaces`.
    pub(crate) fn verdict(
        &self,
        bot: &BotName,
        intent: &Intent,
        replaces: Option<EntrySeq>,
    ) -> Verdict {
        self.evaluate(bot, intent, replaces, None)
    }

    /// Gathers what is known and evaluates every control. An order that is judged once more is
    /// given in `again`: nothing of it is counted beside the intent.
    pub(crate) fn evaluate(
        &self,
        bot: &BotName,
        intent: &Intent,
        replaces: Option<EntrySeq>,
        again: Option<EntrySeq>,
    ) -> Verdict {
        self.evaluate_seeing(bot, intent, (replaces, again), |_| ()).0
    }

    /// Evaluates every control, and lets `see` look at what it is judged by.
    fn evaluate_seeing<T>(
        &self,
        bot: &BotName,
        intent: &Intent,
        (replaces, again): (Option<EntrySeq>, Option<EntrySeq>),
        see: impl Fn(&View<'_>) -> T,
    ) -> (Verdict, T) {
        let evaluate_as = |is_granted| {
            self.with_view(bot, intent, (replaces, again), is_granted, |view, replaced| {
                (self.evaluate_view(view, intent, replaced), see(view))
            })
        };
        if self.is_granted(bot, intent, replaces) {
            let judged = evaluate_as(true);
            // A grant lets exits pass, nothing else.
            if judged.0.is_exit {
                return judged;
            }
        }
        evaluate_as(false)
    }

    /// Judges a working child once more, as if of its parent no more than `least` could fill.
    pub(crate) fn evaluate_uncovered(
        &self,
        child: &Order,
        parent: EntrySeq,
        least: Qty,
    ) -> Verdict {
        let (bot, intent) = (&child.order.bot, child.worst());
        self.with_view(bot, &intent, (None, Some(child.entry)), false, |view, _| {
            let mut working = view.working.to_vec();
            for order in working.iter_mut().filter(|it| it.entry == Some(parent)) {
                order.remaining_least = order.remaining_least.min(least);
            }
            self.evaluate_view(&View { working: &working, ..*view }, &intent, None)
        })
    }

    /// Returns what each control measures of an order or of a change, now and with it.
    #[must_use]
    pub(crate) fn readings(
        &self,
        bot: &BotName,
        intent: &Intent,
        replaces: Option<EntrySeq>,
    ) -> Vec<Reading> {
        self.with_view(bot, intent, (replaces, None), false, |view, _| {
            gatehouse_risk::preview(&self.policy, view, intent, self.now).readings
        })
    }

    /// Gathers what is known at this instant. `is_granted`: a person's flatten asked for it.
    fn with_view<R>(
        &self,
        bot: &BotName,
        intent: &Intent,
        (replaces, again): (Option<EntrySeq>, Option<EntrySeq>),
        is_granted: bool,
        look: impl FnOnce(&View<'_>, Option<&Order>) -> R,
    ) -> R {
        let instrument = match self.market.details(&intent.contract, self.now.mono) {
            Details::Known(lookup) => lookup,
            Details::Awaited { .. } => Lookup::Unknown,
        };
        let con_id = match instrument {
            Lookup::Found(found) => Some(found.con_id),
            Lookup::Unknown | Lookup::Ambiguous => None,
        };
        let replaced = replaces.and_then(|entry| self.book.get(entry));
        let old = replaced.map(|order| (order.working(), order.worst()));
        let working = self.working_without(replaces.or(again));
        let of_bot = self.bots.get(bot);
        let recent: Vec<Recent> = of_bot
            .iter()
            .flat_map(|it| it.recent.iter().filter(|(entry, _)| Some(*entry) != again))
            .map(|(_, recent)| recent.clone())
            .collect();
        let (state, scope) =
            if is_granted { (TradingState::Active, Scope::Account) } else { self.state_of(bot) };
        let standing = self.standing(bot, again);
        let view = View {
            standing: &standing,
            bot,
            is_registered: of_bot.is_some_and(|it| it.is_registered),
            mode: self.session.mode().unwrap_or(Mode::Live),
            account: self.session.account(),
            state: (state, &scope),
            connection: self.connection_for_entries(bot),
            ledger_writable: self.is_ledger_writable(),
            instrument,
            quote: con_id.and_then(|con_id| self.market.quote(con_id)),
            net_liquidation: self.session.net_liquidation,
            // What was not matched proves no exit.
            account_position: con_id
                .filter(|_| self.session.is_reconciled)
                .filter(|_| of_bot.is_some_and(|it| it.is_book_sound))
                .and_then(|con_id| self.positions.of_account(con_id)),
            bot_position: con_id.map_or(SignedQty::FLAT, |con_id| {
                let own = self.positions.of_bot(bot, con_id);
                if is_granted { self.positions.of_account(con_id).unwrap_or(own) } else { own }
            }),
            working: &working,
            replaces: old.as_ref().map(|(working, intent)| (working, intent)),
            recent: &recent,
            churn: Churn {
                last_second: of_bot.map_or(0, |it| it.churn.count(self.now.mono)),
                of_order: replaced.map_or(0, |order| order.n_changes),
            },
            orders_today: self.orders_today(bot, again),
            price_move: con_id.and_then(|con_id| self.market.price_move(con_id, self.now.mono)),
        };
        look(&view, replaced)
    }

    /// Returns the new orders of this trading day, one that is judged again left out.
    fn orders_today(&self, bot: &BotName, again: Option<EntrySeq>) -> Option<u32> {
        self.now.market?;
        let today = self.bots.get(bot)?.counters(Stamp::from(self.now)).new_orders;
        Some(today.saturating_sub(u32::from(again.is_some())))
    }

    fn evaluate_view(&self, view: &View<'_>, intent: &Intent, replaced: Option<&Order>) -> Verdict {
        let con_id = match view.instrument {
            Lookup::Found(found) => Some(found.con_id),
            Lookup::Unknown | Lookup::Ambiguous => None,
        };
        let mut verdict = evaluate(&self.policy, view, intent, self.now);
        // Changes on their way may fail: the order is then what the broker last acknowledged.
        if let (Some(order), Some((working, _))) = (replaced, view.replaces)
            && !order.changes.is_empty()
            && verdict.may_send()
        {
            let view = View { replaces: Some((working, &order.intent)), ..*view };
            verdict = evaluate(&self.policy, &view, intent, self.now);
        }
        if let (Some(order), Some((_, old))) = (replaced, view.replaces) {
            let is_same_contract = con_id.is_none_or(|con_id| con_id == order.con_id);
            let field = forbidden_change(old, intent, is_same_contract)
                .or_else(|| self.forbidden_tie(order, intent));
            refuse_change(view.bot, field, view.connection, &mut verdict);
        }
        if con_id.is_none() && verdict.may_send() {
            // What was allowed must be countable.
            let refusal = Refusal::ContractUnknown { symbol: intent.contract.symbol.clone() };
            let scope = Scope::Bot(view.bot.clone());
            verdict.findings.push(Finding { weight: Weight::Refuse, scope, refusal });
        }
        verdict
    }

    /// Returns every order of the account that may still fill, without one.
    pub(crate) fn working_without(&self, without: Option<EntrySeq>) -> Vec<WorkingOrder> {
        let own = self.book.open().filter(|order| Some(order.entry) != without);
        let counted = own.filter(|order| !order.exposure().is_zero()).map(|order| order.working());
        counted.chain(self.session.foreign.iter().cloned()).collect()
    }

    pub(crate) fn con_id_of(&self, intent: &Intent) -> Option<ConId> {
        match self.market.details(&intent.contract, self.now.mono) {
            Details::Known(Lookup::Found(found)) => Some(found.con_id),
            Details::Known(Lookup::Unknown | Lookup::Ambiguous) | Details::Awaited { .. } => None,
        }
    }

    /// Returns the intent with the instrument that was judged named in it, for the record.
    fn named(&self, intent: &Intent) -> Intent {
        let mut named = intent.clone();
        if let Details::Known(Lookup::Found(found)) =
            self.market.details(&intent.contract, self.now.mono)
        {
            named.contract.con_id = Some(found.con_id);
            if named.contract.symbol.is_empty() {
                named.contract.symbol.clone_from(&found.symbol);
            }
        }
        named
    }

    fn approve(
        &mut self,
        bot: &BotName,
        waiting: Waiting,
        replaces: Option<EntrySeq>,
        (verdict, seen): (Verdict, Box<Inputs>),
        only_reduces: bool,
    ) {
        let Waiting { intent, body, .. } = waiting;
        let named = self.named(&intent);
        let recent = Recent {
            at: self.now.mono,
            con_id: named.contract.con_id,
            side: intent.side,
            kind: intent.kind.clone(),
            quantity: intent.quantity,
            is_new: replaces.is_none() && !intent.what_if,
        };
        let is_entry = recent.is_new && !verdict.is_exit;
        let value = is_entry.then(|| self.value_of(&named));
        let is_granted = self.is_granted(bot, &intent, replaces);
        let is_exit = verdict.is_exit && only_reduces;
        let parent = named.family.parent_id.map(|id| Self::order_ref(bot, id));
        let old_mark = self.bots.get(bot).map(|it| it.mark);
        let kind = EntryKind::Judged {
            bot: bot.clone(),
            intent: Box::new(named),
            replaces,
            verdict,
            policy_version: self.policy.version,
            frame: body.clone(),
            inputs: Some(seen),
        };
        if replaces.is_some() {
            self.note_churn(bot);
        }
        let entry = self.entry(Actor::Bot(bot.clone()), kind);
        let seq = entry.seq;
        if is_granted {
            self.use_grant(&intent, seq);
        }
        let outgoing = Outgoing {
            order: Self::order_ref(bot, intent.order_id),
            of: (!intent.what_if).then(|| replaces.unwrap_or(seq)),
            parent,
            is_exit,
            approved: self.now.mono,
            stage: Stage::AwaitsCommit,
            is_recalled: false,
        };
        let frame = OrderFrame::new(bot.clone(), intent, body);
        let approved = Approved::new(frame, seq, self.epochs(bot));
        self.outgoing.insert(seq, outgoing);
        self.push(Effect::RecordApproved { entry, approved });
        let at = self.now.mono;
        if let Some(of_bot) = self.bots.get_mut(bot) {
            if let Some(value) = value {
                of_bot.values.push((seq, at, value));
            }
            of_bot.recent.push((seq, recent));
        }
        if self.bots.get(bot).map(|it| it.mark) != old_mark {
            self.tell_mark(bot);
        }
    }

    fn refuse_judged(
        &mut self,
        bot: &BotName,
        waiting: Waiting,
        replaces: Option<EntrySeq>,
        (verdict, seen): (Verdict, Box<Inputs>),
    ) {
        let Waiting { intent, body, .. } = waiting;
        let order_id = intent.order_id;
        let Some(leading) = cause(&verdict).cloned() else { return };
        if replaces.is_some() {
            self.answer_unchanged(bot, order_id, &leading.refusal);
        } else {
            self.answer_rejected(bot, order_id, &leading.refusal);
            self.break_family(bot, &intent);
        }
        let named = self.named(&intent);
        let kind = EntryKind::Judged {
            bot: bot.clone(),
            intent: Box::new(named),
            replaces,
            verdict,
            policy_version: self.policy.version,
            frame: body,
            inputs: Some(seen),
        };
        self.record_refusal(bot, leading.refusal, kind);
    }

    /// Refuses a frame without a judgement.
    pub(crate) fn refuse_frame(
        &mut self,
        bot: &BotName,
        order_id: Option<OrderId>,
        refusal: Refusal,
        frame: Vec<u8>,
    ) {
        match order_id {
            Some(id) if self.is_live_id(bot, id) => self.answer_unchanged(bot, id, &refusal),
            Some(id) => self.answer_rejected(bot, id, &refusal),
            None => self.answer_message(bot, &refusal),
        }
        let last = refusal.clone();
        let kind = EntryKind::NotJudged { bot: bot.clone(), order_id, refusal, frame };
        self.record_refusal(bot, last, kind);
    }

    /// Writes a refusal, or counts it when the bot has had too many in this second.
    pub(crate) fn record_refusal(&mut self, bot: &BotName, last: Refusal, kind: EntryKind) {
        let (now, most) = (self.now.mono, self.config.refusals_per_second);
        self.write_counted_refusals(bot);
        if let Some(of_bot) = self.bots.get_mut(bot) {
            let window = &mut of_bot.refusals;
            window.since.get_or_insert(now);
            if window.written >= most {
                window.counted = window.counted.saturating_add(1);
                window.last = Some(last);
                return;
            }
            window.written += 1;
        }
        self.record(Actor::Bot(bot.clone()), kind);
    }

    /// Ends a second of refusals: those that were only counted become one entry.
    pub(crate) fn write_counted_refusals(&mut self, bot: &BotName) {
        let now = self.now.mono;
        let Some(of_bot) = self.bots.get_mut(bot) else { return };
        let is_over = of_bot
            .refusals
            .since
            .is_some_and(|since| now.since(since) >= std::time::Duration::from_secs(1));
        if !is_over {
            return;
        }
        let window = std::mem::take(&mut of_bot.refusals);
        if let Some(last) = window.last {
            let (bot, count) = (bot.clone(), window.counted);
            let actor = Actor::Bot(bot.clone());
            self.record(actor, EntryKind::RefusalsCounted { bot, count, last });
        }
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.connection() == Connection::Ready
    }
}
