//! The world behind the wire: calendar, instruments, market, orders, account.
//!
//! Pure and deterministic: it must never know a socket or the wall clock, and a tape folder is the
//! only file it reads. The same seed, times and requests give the same answers. The server owns
//! one and says what time it is.

pub mod account;
pub mod calendar;
pub mod catalog;
pub mod drill;
pub mod faults;
pub mod history;
pub mod market;
pub mod news;
pub mod orders;
pub mod px;
mod quotes;
pub mod scan;
pub mod state;
pub mod tape;
pub mod time;

use std::collections::BTreeMap;

use gatehouse_tws::answer::{ErrorReport, OpenOrder};
use gatehouse_tws::layout::WireContract;
use gatehouse_types::{ClientId, ConId, Currency, Decimal, OrderId};
use jiff::civil::Date;

use account::requirement::Hours;
use account::{Account, Holding, Mark, Valuation};
use calendar::{Phase, Session};
use catalog::{Catalog, Combos, Kind, Listing, Unresolved};
use drill::Drills;
use market::allowance::Allowance;
use market::{Market, Moment, Snapshot, price};
use news::News;
use orders::{Book, BookedOrder};
use tape::TapeSource;
use time::Step;

/// What the model says about when its history begins: 09:30 on 2 January 2004.
const MODEL_HISTORY_SECS: i64 = 1_073_053_800;

/// Age of delayed data.
const DELAY_SECS: i64 = 900;

pub use account::{Agreement, AgreementError};
pub use orders::{Efficiency, Event, Executed, Fills, Said};
pub use quotes::Letters;

/// What a world is made of.
pub struct WorldConfig {
    pub seed: u64,
    pub account: String,
    /// US dollars at the beginning.
    pub cash: Decimal,
    pub tape: Option<Box<dyn TapeSource>>,
    /// When the market's time begins.
    pub start: Step,
    /// Makes permanent ids and execution ids of one run differ from those of another, below 200,000.
    pub run: u32,
    /// How well the exchange treats orders.
    pub fills: Fills,
    pub allowance: Allowance,
}

/// Everything the simulated broker knows.
pub struct World {
    pub market: Market,
    pub news: News,
    pub(crate) combos: Combos,
    pub(crate) account: Account,
    pub(crate) book: Book,
    now: Step,
    session: Session,
    /// The day in New York, at whose midnight what is over leaves the book.
    day: Date,
    taken: orders::Taken,
    pub(crate) fills: Fills,
    pub(crate) drills: Drills,
    /// How often the login asked for history.
    pub(crate) history_pacing: history::pacing::Pacing,
    /// How much market data the account may have at once.
    pub allowance: Allowance,
    pub(crate) agreed: Agreement,
}

impl World {
    /// Makes a world in which nobody has traded.
    #[must_use]
    pub fn new(config: WorldConfig) -> Self {
        Self {
            market: Market::new(config.seed, config.tape),
            news: News::new(config.seed),
            combos: Combos::default(),
            account: Account::new(&config.account, config.cash),
            book: Book::new(config.run),
            now: config.start,
            session: Session::at_or_before(config.start.secs()),
            day: calendar::new_york(config.start.secs()).date(),
            taken: orders::Taken::default(),
            fills: config.fills,
            drills: Drills::default(),
            history_pacing: history::pacing::Pacing::default(),
            allowance: config.allowance,
            agreed: Agreement::default(),
        }
    }

    /// Returns the step up to which the world has lived.
    #[must_use]
    pub fn now(&self) -> Step {
        self.now
    }

    /// Returns what the broker lists today.
    #[must_use]
    pub fn catalog(&self) -> Catalog<'_> {
        Catalog::on(calendar::new_york(self.now.secs()).date(), &self.combos)
    }

    /// Finds the instrument of a contract.
    ///
    /// # Errors
    /// The message for the client, about request or order `id`.
    pub fn listing(
        &self,
        id: i32,
        contract: &WireContract,
    ) -> Result<&'static Listing, ErrorReport> {
        self.catalog().resolve(contract).map_err(|why| {
            let mut report = orders::checks::unresolved(id, why);
            if why == Unresolved::Ambiguous {
                let symbol = &contract.symbol;
                report.text =
                    format!("The contract description specified for {symbol} is ambiguous.");
            }
            report
        })
    }

    /// Returns the one account's id.
    #[must_use]
    pub fn account_id(&self) -> &str {
        self.account.id()
    }

    /// Returns what a market-data line shows now.
    pub fn snapshot(&mut self, listing: &'static Listing) -> Snapshot {
        let shown = self.market.snapshot(listing, self.now.secs(), self.now.quarter());
        self.drills.bend_picture(listing, shown)
    }

    /// Returns what a line of delayed data shows now: the picture of a quarter of an hour ago.
    pub fn delayed_snapshot(&mut self, listing: &'static Listing) -> Snapshot {
        let then = self.now.secs() - DELAY_SECS;
        let shown = self.market.snapshot(listing, then, self.now.quarter());
        self.drills.bend_picture(listing, shown)
    }

    /// Returns the quote that orders meet now.
    pub(crate) fn moment(&mut self, listing: &'static Listing) -> Moment {
        let shown = self.market.moment(listing, self.now.secs(), self.now.quarter());
        self.met(listing, shown)
    }

    /// Returns the quote that orders met in the first quarter of a second.
    pub(crate) fn moment_at(&mut self, listing: &'static Listing, secs: i64) -> Moment {
        let shown = self.market.moment(listing, secs, 0);
        self.met(listing, shown)
    }

    fn met(&self, listing: &Listing, shown: Moment) -> Moment {
        let bent = self.drills.bend(listing, shown);
        let real = |level: Option<market::Level>| level.filter(|level| level.size > 0);
        Moment { bid: real(bent.bid), ask: real(bent.ask), last: bent.last }
    }

    /// Returns dollars for one unit of a currency; one where no pair says it.
    pub(crate) fn rate_of(&mut self, currency: &str) -> Decimal {
        if currency == "USD" {
            return Decimal::ONE;
        }
        let mut mark = |pair: String| {
            let listing = catalog::by_symbol(&pair)?;
            self.snapshot(listing).mark_px().map(|px| price(px).value())
        };
        let direct = mark(format!("{currency}.USD"));
        let turned = || Decimal::ONE.checked_div(mark(format!("USD.{currency}"))?);
        direct.or_else(turned).unwrap_or(Decimal::ONE)
    }

    /// Returns dollars for one unit of an instrument's currency.
    pub(crate) fn rate(&mut self, listing: &Listing) -> Decimal {
        self.rate_of(listing.currency)
    }

    /// Returns what an instrument is worth now.
    pub(crate) fn mark(&mut self, listing: &'static Listing) -> Mark {
        let price_of = |shown: Snapshot| shown.mark_px().map(|px| price(px).value());
        let under = if let Kind::Option(terms) = listing.kind {
            price_of(self.snapshot(terms.under))
        } else {
            None
        };
        Mark { price: price_of(self.snapshot(listing)), rate: self.rate(listing), under }
    }

    /// Sets what holds for the account; orders that were taken stay as they are.
    pub fn agree(&mut self, agreed: Agreement) {
        self.agreed = agreed;
    }

    /// Returns which margins are asked now.
    #[must_use]
    pub fn margin_hours(&self) -> Hours {
        match calendar::phase_at(self.now.secs()) {
            Phase::Regular => Hours::Day,
            Phase::Closed | Phase::Pre | Phase::Post => Hours::Overnight,
        }
    }

    /// Returns what clients spent on orders in this session, and what it brought.
    #[must_use]
    pub fn efficiency(&self) -> Efficiency {
        self.book.efficiency
    }

    /// Returns when the margins of the other hours begin, in seconds.
    #[must_use]
    pub fn next_margin_change(&self) -> i64 {
        let session = Session::next_regular(self.now.secs());
        match self.margin_hours() {
            Hours::Day => session.close,
            Hours::Overnight => session.open,
        }
    }

    /// Returns the account at the prices of now.
    pub fn valuation(&mut self) -> Valuation {
        let held: Vec<&'static Listing> =
            self.account.holdings().map(|holding| holding.listing).collect();
        let marks: BTreeMap<ConId, Mark> =
            held.into_iter().map(|listing| (listing.con_id(), self.mark(listing))).collect();
        let owned: Vec<Currency> = self.account.currencies().collect();
        let rates: BTreeMap<Currency, Decimal> = owned
            .into_iter()
            .map(|currency| (currency, self.rate_of(&currency.to_string())))
            .collect();
        let unknown = Mark { price: None, rate: Decimal::ONE, under: None };
        self.account.value(
            self.margin_hours(),
            |currency| rates.get(&currency).copied().unwrap_or(Decimal::ONE),
            |listing| marks.get(&listing.con_id()).copied().unwrap_or(unknown),
        )
    }

    /// Returns the lowest order id that a client has not used.
    #[must_use]
    pub fn next_order_id(&self, client_id: ClientId) -> OrderId {
        self.book.next_id(client_id)
    }

    /// Returns whether any order can still fill.
    #[must_use]
    pub fn has_live_orders(&self) -> bool {
        self.book.has_live()
    }

    /// Returns the live orders of every client, oldest first.
    pub fn open_orders(&self) -> impl Iterator<Item = &BookedOrder> {
        self.book.open()
    }

    /// Returns the orders that were over since midnight, oldest first.
    pub fn completed_orders(&self) -> impl Iterator<Item = OpenOrder> + '_ {
        self.book.completed().filter_map(BookedOrder::completed)
    }

    /// Returns every execution since midnight, oldest first.
    #[must_use]
    pub fn executions(&self) -> &[Executed] {
        self.book.executions()
    }

    /// Returns the holdings; those that were closed in this session are flat.
    pub fn holdings(&self) -> impl Iterator<Item = &Holding> {
        self.account.holdings()
    }

    /// Returns when the history of an instrument begins, in seconds.
    pub fn history_begins(&mut self, listing: &'static Listing) -> i64 {
        if !self.market.is_taped(listing) {
            return match listing.listed_since() {
                Some(day) => calendar::new_york_secs(day, 9, 30),
                None => MODEL_HISTORY_SECS,
            };
        }
        let begins = self.market.tape_begins(listing);
        begins.unwrap_or_else(|| calendar::new_york_secs(self.session.date, 9, 30))
    }

    /// Lives up to a step: triggers stops, fills, ends DAY orders. Going back does nothing.
    pub fn advance(&mut self, to: Step) -> Vec<Event> {
        let mut events = Vec::new();
        // A second at a time is fine enough when the market runs fast.
        let stride = if to.since(self.now) > 4 * time::STEPS_PER_SECOND {
            time::STEPS_PER_SECOND
        } else {
            1
        };
        while self.now < to && self.book.has_live() {
            self.now = self.now.plus(stride).min(to);
            events.extend(self.work());
        }
        self.now = self.now.max(to);
        events.extend(self.settle_options());
        self.turn_session();
        self.turn_day();
        events
    }

    /// At midnight in New York executions and orders that are over leave the book: a Gateway tells
    /// of those since midnight only.
    fn turn_day(&mut self) {
        let day = calendar::new_york(self.now.secs()).date();
        if day != self.day {
            self.day = day;
            self.book.leave_behind(self.midnight());
        }
    }

    /// Returns when the day began in New York.
    pub(crate) fn midnight(&self) -> Step {
        Step::of_secs(calendar::new_york_secs(self.day, 0, 0))
    }

    fn turn_session(&mut self) {
        let session = Session::at_or_before(self.now.secs());
        if session.date != self.session.date {
            let value = self.valuation();
            self.account.begin_session(&value);
            self.book.efficiency = orders::Efficiency::default();
            self.session = session;
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
