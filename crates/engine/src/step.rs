//! One step: time first, then the input, then what the input set free.

use std::time::Duration;

use gatehouse_types::{
    Actor, BotName, EntryKind, GatewayKind, Known, LimitId, Now, OrderId, OrderStatus, Refusal,
};

use crate::bots::Attached;
use crate::{DeskNews, Effect, Engine, Input};

/// Recent orders are kept at least this long, for the rates.
const RECENT_MIN: Duration = Duration::from_secs(120);

impl Engine {
    /// Takes one input and returns what to do, in order. Never waits and never panics.
    pub fn step(&mut self, now: Now, input: Input) -> Vec<Effect> {
        self.now = now;
        if self.now.market.is_none() {
            let told = self.session.market;
            self.now.market = told.map(|told| told.value.plus(now.mono.since(told.at)));
        }
        self.pass_time();
        self.take(now, input);
        for bot in self.bots.names() {
            self.judge_waiting(&bot);
        }
        self.look_at_families();
        self.look_at_breakers();
        self.note_gone();
        std::mem::take(&mut self.effects)
    }

    fn pass_time(&mut self) {
        self.withdraw_overdue();
        self.apply_due_limits();
        self.end_timed_states();
        self.forget_values();
        self.look_again();
        for bot in self.bots.names() {
            self.write_counted_refusals(&bot);
        }
        let keep = self.recent_needed();
        let now = self.now.mono;
        for (_, bot) in self.bots.all_mut() {
            bot.forget_recent(now, keep);
            bot.churn.forget(now);
        }
    }

    /// Returns how far back a rule looks at most.
    fn recent_needed(&self) -> Duration {
        let windows = self
            .policy
            .numbers(LimitId::DuplicateWindow)
            .filter_map(|value| u64::try_from(value.ceil()).ok().map(Duration::from_secs));
        windows.fold(RECENT_MIN, Duration::max)
    }

    fn take(&mut self, now: Now, input: Input) {
        match input {
            Input::BotAttached { bot, server_version, peer } => {
                self.bot_attached(bot, server_version, peer);
            }
            Input::BotDetached { bot, why } => self.bot_detached(bot, why),
            Input::DoorRefused { bot, why } => self.door_refused(bot, why),
            Input::LinkUp { bot } => {
                if let Some(of_bot) = self.bots.get_mut(&bot) {
                    of_bot.is_link_up = true;
                    of_bot.link_up_at = Some(now.mono);
                }
                self.tell_mark(&bot);
                self.cancel_wanted(&bot);
                self.reach_for_kill(&bot);
            }
            Input::LinkDown { bot, why: _ } => self.link_down(&bot),
            Input::Place { bot, body, decoded } => {
                self.seen(&bot);
                self.place(&bot, body, decoded);
            }
            Input::Cancel { bot, order_id, body } => {
                self.seen(&bot);
                self.cancel_by_bot(&bot, order_id, body);
            }
            Input::GlobalCancel { bot } => {
                self.seen(&bot);
                self.cancel_all_by_bot(&bot);
            }
            Input::Forbidden { bot, message, order_id, body } => {
                self.seen(&bot);
                self.forbidden(&bot, message, order_id, body);
            }
            Input::Observed { bot, observation } => self.observed(&bot, observation),
            Input::Contradiction { bot, detail } => self.contradicted(bot, detail),
            Input::Committed { up_to } => self.committed(up_to),
            Input::LedgerFailed { why } => self.ledger_failed(why),
            Input::LedgerRecovered => self.ledger.trouble = None,
            Input::Sent { entry } => self.sent(entry),
            Input::NotSent { entry } => self.not_sent(entry),
            Input::Desk(news) => self.desk(news),
            Input::SessionMoved { from, to, why, is_planned } => {
                let kind = EntryKind::SessionMoved { from, to, why, is_planned };
                self.record(Actor::Gatehouse, kind);
            }
            Input::AlarmRaised { alarm, severity, sentence } => {
                self.raise_alarm(alarm, severity, sentence);
            }
            Input::AlarmEnded { alarm } => self.end_alarm(alarm),
            Input::Person { ticket, command } => self.person(ticket, command),
            Input::RestartNear { is_near } => self.session.is_restart_near = is_near,
            Input::Tick => {}
        }
    }

    /// The same reason again says nothing new: a Gateway may be away all night.
    fn door_refused(&mut self, bot: BotName, why: String) {
        if let Some(of_bot) = self.bots.get_mut(&bot) {
            if of_bot.turned_away.as_ref() == Some(&why) {
                return;
            }
            of_bot.turned_away = Some(why.clone());
        }
        let last = Refusal::MessageNotAllowed { message: why.clone() };
        let kind = EntryKind::DoorRefused { bot: bot.clone(), why };
        self.record_refusal(&bot, last, kind);
    }

    /// Orders that were written and not answered may be lost with the link.
    fn link_down(&mut self, bot: &BotName) {
        if let Some(of_bot) = self.bots.get_mut(bot) {
            of_bot.is_link_up = false;
        }
        let sent = self.book.live(Some(bot)).filter(|it| it.status == OrderStatus::Sent);
        for entry in sent.map(|order| order.entry).collect::<Vec<_>>() {
            self.lose(entry);
        }
    }

    fn seen(&mut self, bot: &BotName) {
        let now = self.now.mono;
        if let Some(of_bot) = self.bots.get_mut(bot) {
            of_bot.last_seen = Some(now);
        }
    }

    fn bot_attached(&mut self, bot: BotName, server_version: i32, peer: String) {
        self.seen(&bot);
        if let Some(of_bot) = self.bots.get_mut(&bot) {
            of_bot.attached = Some(Attached { server_version, peer: peer.clone() });
            of_bot.turned_away = None;
        }
        self.tell_mark(&bot);
        let kind = EntryKind::BotConnected { bot: bot.clone(), server_version, peer };
        self.record(Actor::Bot(bot), kind);
    }

    fn bot_detached(&mut self, bot: BotName, why: String) {
        let was_attached =
            self.bots.get_mut(&bot).and_then(|of_bot| of_bot.attached.take()).is_some();
        if was_attached {
            let kind = EntryKind::BotDisconnected { bot: bot.clone(), why };
            self.record(Actor::Bot(bot), kind);
        }
    }

    fn forbidden(
        &mut self,
        bot: &BotName,
        message: String,
        order_id: Option<OrderId>,
        body: Vec<u8>,
    ) {
        self.refuse_frame(bot, order_id, Refusal::MessageNotAllowed { message }, body);
    }

    pub(crate) fn contradicted(&mut self, bot: BotName, detail: String) {
        let was_sound = self
            .bots
            .get_mut(&bot)
            .is_some_and(|of_bot| std::mem::replace(&mut of_bot.is_book_sound, false));
        if was_sound {
            let text = format!("{bot}: not understood, its orders are matched again: {detail}");
            self.record(Actor::Gatehouse, EntryKind::Reconciled { differences: vec![text] });
        }
        self.push(Effect::WantSnapshot);
    }

    /// Nothing is sent without a record: what awaits one is taken back.
    fn ledger_failed(&mut self, why: String) {
        self.ledger.trouble = Some(why);
        let waiting: Vec<_> = self
            .outgoing
            .iter()
            .filter(|(_, it)| it.stage == crate::outgoing::Stage::AwaitsCommit)
            .map(|(entry, _)| *entry)
            .collect();
        for entry in waiting {
            let tell = crate::outgoing::Tell::Rejected;
            self.withdraw(entry, Refusal::LedgerNotWritable, tell);
        }
    }

    fn desk(&mut self, news: DeskNews) {
        match news {
            DeskNews::Connected { address, kind, account } => {
                self.connected(address, kind, account)
            }
            DeskNews::Lost { why } => self.gateway_lost(why),
            DeskNews::BrokerLost => {
                if !self.session.is_broker_lost {
                    self.session.is_broker_lost = true;
                    self.session.is_reconciled = false;
                    let why = "the Gateway lost the broker (1100)".to_owned();
                    self.record(Actor::Broker, EntryKind::GatewayLost { why });
                }
            }
            DeskNews::BrokerBack => {
                self.session.is_broker_lost = false;
                self.unreconcile();
            }
            DeskNews::Snapshot(snapshot) => {
                self.snapshot(snapshot);
                self.note_read_again();
            }
            DeskNews::Instrument { asked, found } => {
                if let Ok(instrument) = &found {
                    self.positions.name_symbol(instrument.con_id, &instrument.symbol);
                }
                self.market.answered(asked, found, self.now.mono);
            }
            DeskNews::Quote { con_id, quote } => self.market.quoted(con_id, quote),
            DeskNews::NetLiquidation { value } => {
                self.session.net_liquidation = Some(Known { value, at: self.now.mono });
            }
            DeskNews::DayResult { value } => {
                self.session.day_result = Some(Known { value, at: self.now.mono });
            }
            DeskNews::MarketTime { at } => {
                self.session.market = Some(Known { value: at, at: self.now.mono });
            }
        }
    }

    fn connected(
        &mut self,
        address: String,
        kind: GatewayKind,
        account: gatehouse_types::AccountId,
    ) {
        self.session.is_broker_lost = false;
        self.session.gateway = Some((address.clone(), kind));
        self.session.snapshot_at = None;
        let mode = kind.mode(&account);
        if self.session.mode().is_some_and(|held| held != mode) {
            // It was approved by the view of another account.
            self.withdraw_unrecorded();
            self.recall(|_| true);
        }
        let account_name = account.as_str().to_owned();
        let entry = EntryKind::GatewayConnected { address, mode, account: account_name };
        self.record(Actor::Gatehouse, entry);
        self.session.is_other_account = self.session.account() != Some(&account);
        self.unreconcile();
    }

    fn gateway_lost(&mut self, why: String) {
        if self.session.gateway.take().is_some() {
            self.record(Actor::Gatehouse, EntryKind::GatewayLost { why });
        }
        self.session.is_reconciled = false;
        self.session.net_liquidation = None;
        self.session.day_result = None;
        self.positions.forget_account();
        self.market.forget_questions();
    }
}
