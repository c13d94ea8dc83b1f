//! Days, and what is said about all of them: the account, the program, the chain.

use std::collections::BTreeMap;

use gatehouse_types::{Currency, Decimal, Entry, EntryKind, Mode};
use jiff::civil::Date;

use crate::calendar::{second_of_day, trading_day};
use crate::day::{BotDay, Counts, Day, Owners, Refused, Say, When, masked};

/// The days that are wanted, both included. `None` is the last day of the ledger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    pub from: Option<Date>,
    pub to: Option<Date>,
}

/// How much of the ledger holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chain {
    /// Entries that were walked and hold.
    pub n_entries: u64,
    /// Hash of the last of them, as 64 digits.
    pub head: String,
    /// Why the next does not hold; what is after it is not in the report.
    pub broken: Option<String>,
}

/// Everything that the page shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Version of the program that made it.
    pub version: String,
    /// The account as the window writes it; `None` before a Gateway named it.
    pub account: Option<String>,
    pub mode: Option<Mode>,
    pub chain: Chain,
    /// Oldest first, days without an entry left out.
    pub days: BTreeMap<Date, Day>,
    /// The days that were asked for, when there were any.
    pub span: Option<(Date, Date)>,
    /// First and last day of the ledger.
    pub known: Option<(Date, Date)>,
}

/// Folds the entries of a ledger, in order, into a report.
pub struct Folding<'a> {
    say: Say<'a>,
    days: BTreeMap<Date, Day>,
    gateway: BTreeMap<Date, (Mode, String)>,
    owners: Owners,
    /// The Gateway's last known time: entries without one belong there.
    last: Option<(Date, i64)>,
    /// Before any Gateway said its time.
    early: Vec<Entry>,
}

impl<'a> Folding<'a> {
    /// Begins with nothing.
    #[must_use]
    pub fn new(say: Say<'a>) -> Self {
        Self {
            say,
            days: BTreeMap::new(),
            gateway: BTreeMap::new(),
            owners: Owners::new(),
            last: None,
            early: Vec::new(),
        }
    }

    /// Counts an entry on its trading day. One that was made while the Gateway's time was not known
    /// belongs to the day before it, or at the beginning to the first day.
    pub fn fold(&mut self, entry: Entry) {
        let told = entry.stamp.market.and_then(|at| Some((trading_day(at)?, second_of_day(at))));
        let Some((day, second)) = told.or(self.last) else {
            self.early.push(entry);
            return;
        };
        self.last = Some((day, second));
        for early in std::mem::take(&mut self.early) {
            self.count(day, When { second, is_known: false }, &early);
        }
        self.count(day, When { second, is_known: told.is_some() }, &entry);
    }

    fn count(&mut self, day: Date, when: When, entry: &Entry) {
        if let EntryKind::GatewayConnected { mode, account, .. } = &entry.kind {
            self.gateway.insert(day, (*mode, account.clone()));
        }
        self.days.entry(day).or_default().fold(entry, when, &mut self.owners, self.say);
    }

    /// Returns the report of the wanted days.
    #[must_use]
    pub fn finish(mut self, wanted: Wanted, chain: Chain, version: &str) -> Report {
        let early = std::mem::take(&mut self.early);
        for entry in &early {
            let at = entry.stamp.utc;
            if let Some(day) = trading_day(at) {
                self.count(day, When { second: second_of_day(at), is_known: false }, entry);
            }
        }
        let first = self.days.keys().next().copied();
        let last = self.days.keys().next_back().copied();
        let to = wanted.to.or(last);
        let from = wanted.from.or(to);
        let span = from.zip(to);
        let days = match span {
            Some((from, to)) if from <= to => {
                self.days.into_iter().filter(|(day, _)| (from..=to).contains(day)).collect()
            }
            Some(_) | None => BTreeMap::new(),
        };
        let until = to.unwrap_or(Date::MAX);
        let gateway = self.gateway.range(..=until).next_back().map(|(_, gateway)| gateway);
        Report {
            version: version.to_owned(),
            account: gateway.map(|(mode, account)| masked(*mode, account)),
            mode: gateway.map(|(mode, _)| *mode),
            chain,
            days,
            span,
            known: first.zip(last),
        }
    }
}

impl Report {
    /// Returns the currency in which most is known, which the pictures are drawn in.
    #[must_use]
    pub fn currency(&self) -> Option<Currency> {
        let mut weights: BTreeMap<Currency, usize> = BTreeMap::new();
        for bot in self.days.values().flat_map(|day| day.bots.values()) {
            for (currency, curve) in &bot.curve {
                *weights.entry(*currency).or_default() += curve.len();
            }
            for currency in bot.commissions.keys() {
                *weights.entry(*currency).or_default() += 1;
            }
        }
        weights.into_iter().max_by_key(|(_, weight)| *weight).map(|(currency, _)| currency)
    }

    /// Returns the other currencies in which something was made or paid.
    pub(crate) fn other_currencies(&self) -> Vec<Currency> {
        let main = self.currency();
        let bots = self.days.values().flat_map(|day| day.bots.values());
        let mut all: Vec<Currency> = bots
            .flat_map(|bot| bot.realised.keys().chain(bot.commissions.keys()).copied())
            .filter(|currency| Some(*currency) != main)
            .collect();
        all.sort();
        all.dedup();
        all
    }

    /// Returns each bot's figures over all days.
    #[must_use]
    pub fn bots(&self) -> BTreeMap<String, BotDay> {
        let mut sums: BTreeMap<String, BotDay> = BTreeMap::new();
        for (name, bot) in self.days.values().flat_map(|day| &day.bots) {
            sums.entry(name.clone()).or_default().add(bot);
        }
        sums
    }

    /// Returns all requests of all days.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.days.values().map(Day::counts).fold(Counts::default(), |sum, day| Counts {
            allowed: sum.allowed + day.allowed,
            refused: sum.refused + day.refused,
        })
    }

    /// Returns how often each rule refused over all days.
    pub(crate) fn refusals(&self) -> BTreeMap<gatehouse_types::ControlId, Refused> {
        let mut sums: BTreeMap<_, Refused> = BTreeMap::new();
        for (rule, refused) in self.days.values().flat_map(|day| &day.refusals) {
            let sum = sums.entry(*rule).or_default();
            sum.count += refused.count;
            sum.bots.extend(refused.bots.iter().cloned());
            sum.last.clone_from(&refused.last);
        }
        sums
    }

    /// Returns what was realised on each day in a currency.
    pub(crate) fn by_day(&self, currency: Currency) -> Vec<(Date, Decimal)> {
        let of = |day: &Day| {
            let bots = day.bots.values();
            bots.filter_map(|bot| bot.realised.get(&currency))
                .fold(Decimal::ZERO, |sum, amount| sum.saturating_add(*amount))
        };
        self.days.iter().map(|(date, day)| (*date, of(day))).collect()
    }
}
