//! What one trading day was, folded from its entries. Knows no file and no clock.

use std::collections::{BTreeMap, BTreeSet};

use gatehouse_types::{
    BotName, ControlId, Currency, Decimal, Entry, EntryKind, ExecId, Mode, Money, Outcome, Refusal,
    Verdict, Weight,
};

use crate::calendar::SLOT_S;

/// Rows of one table of events; the ledger has all of them.
const EVENTS_MAX: usize = 300;

/// Bot of fills that no bot of ours caused.
const OUTSIDE: &str = "outside Gatehouse";

/// An entry in words, for tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub who: String,
    pub subject: String,
    pub sentence: String,
}

/// Puts an entry into the words of the window.
pub type Say<'a> = &'a dyn Fn(&Entry) -> Said;

/// Orders that were asked for in a stretch of time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Allowed, changes included.
    pub allowed: u64,
    /// Refused, changes and unreadable requests included.
    pub refused: u64,
}

/// One bot's day. Money is by currency, as nothing here knows exchange rates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BotDay {
    /// New orders that were asked for; changes and what-if requests are left out.
    pub orders: u64,
    pub fills: u64,
    pub refused: u64,
    /// As the broker reported it with each execution.
    pub realised: BTreeMap<Currency, Decimal>,
    pub commissions: BTreeMap<Currency, Decimal>,
    /// By currency: the result after each change, by second of the day.
    pub curve: BTreeMap<Currency, BTreeMap<i64, Decimal>>,
}

/// How often a rule refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refused {
    pub count: u64,
    pub bots: BTreeSet<String>,
    /// The last of its sentences, without capital and full stop.
    pub last: String,
}

/// Something a person should see in the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Second of the day; `None` while the Gateway's time was not known.
    pub second: Option<i64>,
    pub seq: u64,
    pub said: Said,
}

/// A list that ends somewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Events {
    pub rows: Vec<Event>,
    /// How many more there were.
    pub n_more: u64,
}

impl Events {
    fn push(&mut self, event: Event) {
        if self.rows.len() < EVENTS_MAX { self.rows.push(event) } else { self.n_more += 1 }
    }
}

/// One trading day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Day {
    pub bots: BTreeMap<String, BotDay>,
    /// By beginning, in seconds of the day.
    pub slots: BTreeMap<i64, Counts>,
    pub refusals: BTreeMap<ControlId, Refused>,
    /// Refusals beyond the first of a second, of which only the last is known by its rule.
    pub n_counted: u64,
    pub states: Events,
    pub limits: Events,
    /// Entries of the day.
    pub n_entries: u64,
    /// Executions that have no commission report yet, so no result.
    pub unpaid: BTreeSet<String>,
}

/// Whose fill an execution was; a commission names only the execution.
pub(crate) type Owners = BTreeMap<String, String>;

/// When an entry was made, on its trading day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct When {
    /// Second of the day; the nearest that is known when the Gateway had not said its time.
    pub(crate) second: i64,
    pub(crate) is_known: bool,
}

/// Returns an account as the window writes it: of a live one, no more than its end.
pub(crate) fn masked(mode: Mode, account: &str) -> String {
    if mode != Mode::Live {
        return account.to_owned();
    }
    let n_chars = account.chars().count();
    let begin: String = account.chars().take(1).collect();
    let end: String = account.chars().skip(n_chars.saturating_sub(4)).collect();
    format!("{begin}•••{end}")
}

/// Returns an execution's id without the number of its correction, such as `0000e1a7.01.01`.
fn root(exec_id: &ExecId) -> &str {
    exec_id.as_str().rsplit_once('.').map_or(exec_id.as_str(), |(root, _)| root)
}

impl Day {
    /// Counts one entry of this day.
    pub(crate) fn fold(&mut self, entry: &Entry, when: When, owners: &mut Owners, say: Say<'_>) {
        self.n_entries += 1;
        let When { second, is_known } = when;
        self.fold_request(&entry.kind, second);
        self.fold_money(&entry.kind, second, owners);
        let events = if is_state(&entry.kind) {
            &mut self.states
        } else if is_limit(&entry.kind) {
            &mut self.limits
        } else {
            return;
        };
        let second = is_known.then_some(second);
        let mut said = say(entry);
        if let EntryKind::GatewayConnected { mode, account, .. } = &entry.kind {
            said.sentence = said.sentence.replace(account.as_str(), &masked(*mode, account));
        }
        events.push(Event { second, seq: entry.seq.get(), said });
    }

    fn fold_request(&mut self, kind: &EntryKind, second: i64) {
        if let EntryKind::Judged { bot, intent, replaces, verdict, .. } = kind {
            if verdict.outcome() == Outcome::Refuse {
                self.refuse(bot, second, 1);
                self.rules(bot, verdict);
            } else if verdict.may_send() && !intent.what_if {
                self.slot(second).allowed += 1;
            }
            if replaces.is_none() && !intent.what_if {
                self.bot(bot).orders += 1;
            }
        } else if let EntryKind::NotJudged { bot, refusal, .. } = kind {
            self.refuse(bot, second, 1);
            self.bot(bot).orders += 1;
            self.rule(bot, refusal);
        } else if let EntryKind::RefusalsCounted { bot, count, .. } = kind {
            self.refuse(bot, second, u64::from(*count));
            self.bot(bot).orders += u64::from(*count);
            self.n_counted += u64::from(*count);
        } else if let EntryKind::BotConnected { bot, .. } = kind
            && *bot != BotName::desk()
        {
            self.bot(bot);
        }
    }

    fn fold_money(&mut self, kind: &EntryKind, second: i64, owners: &mut Owners) {
        if let EntryKind::Filled { execution } = kind {
            let owner = execution
                .order
                .as_ref()
                .map_or_else(|| OUTSIDE.to_owned(), |order| order.bot.to_string());
            let root = root(&execution.exec_id).to_owned();
            // A correction replaces an execution: it is the same fill.
            if owners.insert(root.clone(), owner.clone()).is_none() {
                self.bots.entry(owner).or_default().fills += 1;
                self.unpaid.insert(root);
            }
        } else if let EntryKind::Commission { exec_id, commission, realised } = kind {
            let root = root(exec_id);
            self.unpaid.remove(root);
            let owner = owners.get(root).cloned().unwrap_or_else(|| OUTSIDE.to_owned());
            self.bots.entry(owner).or_default().pay(*commission, *realised, second);
        }
    }

    fn bot(&mut self, bot: &BotName) -> &mut BotDay {
        self.bots.entry(bot.to_string()).or_default()
    }

    fn slot(&mut self, second: i64) -> &mut Counts {
        self.slots.entry(second.div_euclid(SLOT_S) * SLOT_S).or_default()
    }

    fn refuse(&mut self, bot: &BotName, second: i64, count: u64) {
        self.bot(bot).refused += count;
        self.slot(second).refused += count;
    }

    /// Counts each rule that refused: an order can break several.
    fn rules(&mut self, bot: &BotName, verdict: &Verdict) {
        let refusing = verdict.findings.iter().filter(|finding| finding.weight == Weight::Refuse);
        let mut seen = BTreeSet::new();
        for finding in refusing {
            if seen.insert(finding.refusal.control()) {
                self.rule(bot, &finding.refusal);
            }
        }
    }

    fn rule(&mut self, bot: &BotName, refusal: &Refusal) {
        let rule = self.refusals.entry(refusal.control()).or_default();
        rule.count += 1;
        rule.bots.insert(bot.to_string());
        rule.last = refusal.to_string();
    }

    /// Returns whether nothing was asked, traded or changed.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.slots.is_empty() && self.bots.values().all(|bot| bot.fills == 0)
    }

    /// Returns all requests of the day.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.slots.values().fold(Counts::default(), |sum, slot| Counts {
            allowed: sum.allowed + slot.allowed,
            refused: sum.refused + slot.refused,
        })
    }

    /// Returns the sum of all bots in a currency after each change.
    #[must_use]
    pub fn total(&self, currency: Currency) -> BTreeMap<i64, Decimal> {
        let curves: Vec<_> =
            self.bots.values().filter_map(|bot| bot.curve.get(&currency)).collect();
        let seconds: BTreeSet<i64> =
            curves.iter().flat_map(|curve| curve.keys().copied()).collect();
        let at = |second: i64| {
            let last = |curve: &&BTreeMap<i64, Decimal>| {
                curve.range(..=second).next_back().map_or(Decimal::ZERO, |(_, value)| *value)
            };
            curves.iter().map(last).fold(Decimal::ZERO, Decimal::saturating_add)
        };
        seconds.into_iter().map(|second| (second, at(second))).collect()
    }
}

impl BotDay {
    fn pay(&mut self, commission: Money, realised: Option<Money>, second: i64) {
        let paid = self.commissions.entry(commission.currency()).or_default();
        *paid = paid.saturating_add(commission.amount());
        let Some(realised) = realised else { return };
        let sum = self.realised.entry(realised.currency()).or_default();
        *sum = sum.saturating_add(realised.amount());
        self.curve.entry(realised.currency()).or_default().insert(second, *sum);
    }

    /// Adds another day of the same bot; its curve stays that of a day.
    pub(crate) fn add(&mut self, other: &Self) {
        self.orders += other.orders;
        self.fills += other.fills;
        self.refused += other.refused;
        let mut sums =
            [(&mut self.realised, &other.realised), (&mut self.commissions, &other.commissions)];
        for (sums, others) in &mut sums {
            for (currency, amount) in *others {
                let sum = sums.entry(*currency).or_default();
                *sum = sum.saturating_add(*amount);
            }
        }
    }
}

fn is_state(kind: &EntryKind) -> bool {
    matches!(
        kind,
        EntryKind::StateChanged { .. }
            | EntryKind::KillEngaged { .. }
            | EntryKind::KillReleased
            | EntryKind::FlattenAsked { .. }
            | EntryKind::GatewayConnected { .. }
            | EntryKind::GatewayLost { .. }
    )
}

fn is_limit(kind: &EntryKind) -> bool {
    matches!(
        kind,
        EntryKind::LimitChanged { .. }
            | EntryKind::LimitScheduled { .. }
            | EntryKind::LimitDiscarded { .. }
    )
}
