//! What the window and the command line may see: a read-only picture of everything at one instant.
//!
//! It decides nothing. Called by the driver at its own pace.

use std::time::Duration;

use gatehouse_risk::{Connection, Figure};
use gatehouse_types::{
    AccountId, BotConfig, ConId, Currency, EntrySeq, Intent, KillOrder, Known, LimitChange,
    LimitId, Measure, Mode, Money, Now, OrderRef, OrderStatus, PermId, Policy, Price, Qty, Scope,
    Side, SignedQty, Stamp, Tif, TradingState, Utc,
};

use crate::Engine;
use crate::book::Order;
use crate::bots::{Bot, Counters};
use crate::standing::DayResult;

/// The connection to the Gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionStatus {
    pub is_ready: bool,
    /// Words that follow "the Gateway is".
    pub state: &'static str,
    pub address: Option<String>,
}

/// The ledger, as the engine was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerStatus {
    /// Why it cannot be written, when it cannot.
    pub trouble: Option<String>,
    pub last: EntrySeq,
    pub committed: EntrySeq,
}

/// How near a limit is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headroom {
    pub limit: LimitId,
    /// What it is about, such as a symbol; empty for a rate.
    pub subject: String,
    pub measured: Measure,
    pub allowed: Measure,
    /// The scope whose value is the strictest.
    pub scope: Scope,
    /// Whole percent, 0 to 100 and beyond.
    pub percent: u32,
}

/// One bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotStatus {
    pub config: BotConfig,
    /// Its own state; the account's may be stricter.
    pub own_state: TradingState,
    pub state: TradingState,
    pub state_scope: Scope,
    pub why: String,
    pub is_connected: bool,
    pub is_link_up: bool,
    pub server_version: Option<i32>,
    pub peer: Option<String>,
    /// Time since anything came from it; `None` when never in this life.
    pub seen_ago: Option<Duration>,
    pub today: Counters,
    /// The result of the day by its own fills, at the latest prices.
    pub result: DayResult,
    /// What it paid to the broker today.
    pub fees: Figure,
    /// What is held or was traded today, by its own fills.
    pub book: Vec<BookLine>,
    /// When its own state ends by itself, on the Gateway's calendar.
    pub until: Option<Utc>,
    pub positions: Vec<PositionStatus>,
    /// Nearest limit first.
    pub headroom: Vec<Headroom>,
    /// Orders that wait for details or a quote.
    pub n_waiting: usize,
}

/// One instrument in the book of a bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookLine {
    pub con_id: ConId,
    /// Empty when nothing named it yet.
    pub symbol: String,
    pub held: SignedQty,
    /// What a unit cost; `None` when flat.
    pub average: Option<Price>,
    /// Of today, before commissions.
    pub realised: Figure,
    /// At the price that closing it would bring.
    pub open: Figure,
    /// Age of that price; `None` when there is none.
    pub price_age: Option<Duration>,
}

/// What is held of one instrument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PositionStatus {
    pub con_id: ConId,
    /// Empty when nothing named it yet.
    pub symbol: String,
    pub held: SignedQty,
}

/// One working order, or one whose fate is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingStatus {
    /// `None` for an order of the account that no bot of ours sent.
    pub order: Option<OrderRef>,
    pub entry: Option<EntrySeq>,
    pub at: Option<Stamp>,
    pub perm_id: Option<PermId>,
    pub con_id: ConId,
    pub symbol: String,
    pub side: Side,
    pub quantity: Qty,
    pub filled: Qty,
    pub kind: gatehouse_types::OrderKind,
    pub tif: Option<Tif>,
    pub average_price: Option<Price>,
    pub status: OrderStatus,
    /// A change of it is not acknowledged.
    pub is_changing: bool,
    /// The Gateway holds it until something transmits it.
    pub is_held: bool,
}

/// A looser limit that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduledLimit {
    pub change: LimitChange,
    pub time_left: Duration,
}

/// What the kill did about one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KillOrderStatus {
    pub order: OrderRef,
    pub did: KillOrder,
    /// Time from the kill until this was done.
    pub did_after: Duration,
    pub is_gone: bool,
    /// Time from the kill until it was gone; `None` while it works.
    pub gone_after: Option<Duration>,
    pub status: Option<OrderStatus>,
    /// What was asked for; `None` for an order that the book no longer holds.
    pub intent: Option<Intent>,
}

/// The kill switch, while it is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KillStatus {
    pub since: Stamp,
    pub reason: String,
    pub age: Duration,
    /// Zero when it may be released.
    pub release_in: Duration,
    pub orders: Vec<KillOrderStatus>,
    /// Refusals of the day before the kill, of all bots.
    pub refused_before: u32,
    /// Time from the kill until its entry was durable.
    pub saved_after: Option<Duration>,
    /// Time from the kill until the broker's orders were listed again.
    pub read_again_after: Option<Duration>,
    /// Positions without a kept stop that closes all of them.
    pub unprotected: Vec<PositionStatus>,
}

/// Everything at one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    pub version: String,
    pub mode: Option<Mode>,
    pub account: Option<AccountId>,
    pub account_state: TradingState,
    pub account_why: String,
    pub connection: ConnectionStatus,
    pub ledger: LedgerStatus,
    pub net_liquidation: Option<Known<Money>>,
    /// The account's result of the day: the broker's word, or the sum of all books.
    pub day: Figure,
    pub market: Option<Utc>,
    pub bots: Vec<BotStatus>,
    pub working: Vec<WorkingStatus>,
    /// The account's, by the broker; empty until it said them.
    pub positions: Vec<PositionStatus>,
    pub n_fills: usize,
    pub n_unknown: usize,
    pub policy: Policy,
    pub scheduled: Vec<ScheduledLimit>,
    pub kill: Option<KillStatus>,
}

impl Engine {
    /// Returns the state of everything.
    #[must_use]
    pub fn status(&self, now: Now) -> Status {
        let market = self.session.market.map(|told| told.value.plus(now.mono.since(told.at)));
        // Days are the Gateway's.
        let now = Now { market: now.market.or(market), ..now };
        Status {
            version: self.config.version.clone(),
            mode: self.session.mode(),
            account: self.session.account().cloned(),
            account_state: self.account.state.max(match self.kill {
                Some(_) => TradingState::Killed,
                None => TradingState::Active,
            }),
            account_why: self.account.why.clone(),
            connection: self.connection_status(),
            ledger: LedgerStatus {
                trouble: self.ledger.trouble.clone(),
                last: self.last_seq,
                committed: self.ledger.committed,
            },
            net_liquidation: self.session.net_liquidation,
            day: self.account_day(now, None),
            market: now.market,
            bots: self.bots.registered().map(|bot| self.bot_status(bot, now)).collect(),
            working: self.working_status(),
            positions: self.named_positions(self.positions.all_of_account()),
            n_fills: self.positions.n_fills(),
            n_unknown: self
                .book
                .live(None)
                .filter(|order| order.status == OrderStatus::Unknown)
                .count(),
            policy: self.policy.clone(),
            scheduled: self
                .scheduled
                .values()
                .map(|it| ScheduledLimit {
                    change: it.change.clone(),
                    time_left: it.due.since(now.mono),
                })
                .collect(),
            kill: self.kill_status(now),
        }
    }

    fn connection_status(&self) -> ConnectionStatus {
        let address = self.session.gateway.as_ref().map(|(address, _)| address.clone());
        let (is_ready, state) = match self.connection() {
            Connection::Ready => (true, "ready"),
            Connection::NotReady(state) => (false, state),
        };
        ConnectionStatus { is_ready, state, address }
    }

    fn bot_status(&self, bot: &Bot, now: Now) -> BotStatus {
        let name = &bot.config.name;
        let (state, state_scope) = self.state_of(name);
        let stamp = Stamp::from(now);
        let why = match (&self.kill, &state_scope) {
            (Some(kill), _) => kill.reason.clone(),
            (None, Scope::Account) if state > TradingState::Active => self.account.why.clone(),
            (None, Scope::Account | Scope::Bot(_) | Scope::Symbol(_)) => bot.why.clone(),
        };
        BotStatus {
            config: bot.config.clone(),
            own_state: bot.state,
            state,
            state_scope,
            why,
            is_connected: bot.attached.is_some(),
            is_link_up: bot.is_link_up,
            server_version: bot.attached.as_ref().map(|it| it.server_version),
            peer: bot.attached.as_ref().map(|it| it.peer.clone()),
            seen_ago: bot.last_seen.map(|at| now.mono.since(at)),
            today: bot.counters(stamp),
            result: self.day_result(&Some(name.clone()), now, None),
            fees: self.commissions(&Some(name.clone()), now),
            book: self.book_lines(name, now),
            until: bot.until,
            positions: self.named_positions(self.positions.all_of_bot(name)),
            headroom: self.headroom(bot, now),
            n_waiting: bot.waiting.len(),
        }
    }

    fn named_positions(
        &self,
        held: impl Iterator<Item = (ConId, SignedQty)>,
    ) -> Vec<PositionStatus> {
        held.map(|(con_id, held)| PositionStatus {
            con_id,
            symbol: self.positions.symbol(con_id).unwrap_or_default().to_owned(),
            held,
        })
        .collect()
    }

    fn working_status(&self) -> Vec<WorkingStatus> {
        let own = self.book.live(None).map(|order| self.own_working(order));
        let foreign = self.session.foreign.iter().map(|order| WorkingStatus {
            order: None,
            entry: None,
            at: None,
            perm_id: order.perm_id,
            con_id: order.con_id,
            symbol: self.positions.symbol(order.con_id).unwrap_or_default().to_owned(),
            side: order.side,
            quantity: order.remaining,
            filled: Qty::ZERO,
            kind: order.kind.clone(),
            tif: None,
            average_price: None,
            status: order.status,
            is_changing: false,
            is_held: false,
        });
        own.chain(foreign).collect()
    }

    fn own_working(&self, order: &Order) -> WorkingStatus {
        let told = order.report.map_or(Qty::ZERO, |report| report.filled);
        let executed = Qty::try_new(order.executed).unwrap_or(Qty::ZERO);
        let worst = order.worst();
        WorkingStatus {
            order: Some(order.order.clone()),
            entry: Some(order.entry),
            at: Some(order.at),
            perm_id: order.report.and_then(|report| report.perm_id),
            con_id: order.con_id,
            symbol: order.intent.contract.symbol.clone(),
            side: order.intent.side,
            quantity: worst.quantity,
            filled: told.max(executed),
            kind: worst.kind,
            tif: Some(order.intent.tif.clone()),
            average_price: order.report.and_then(|report| report.average_price),
            status: order.status,
            is_changing: !order.changes.is_empty(),
            is_held: self.is_held(order),
        }
    }

    fn kill_status(&self, now: Now) -> Option<KillStatus> {
        let kill = self.kill.as_ref()?;
        let age = now.mono.since(kill.engaged);
        let orders: Vec<KillOrderStatus> = kill
            .orders
            .iter()
            .map(|(name, progress)| {
                let order = self.book.find(name);
                KillOrderStatus {
                    order: name.clone(),
                    did: progress.did.clone(),
                    did_after: progress.did_after,
                    is_gone: order.is_none_or(Order::is_gone),
                    gone_after: progress.gone_after,
                    status: order.map(|order| order.status),
                    intent: order.map(|order| order.intent.clone()),
                }
            })
            .collect();
        let unprotected =
            self.named_positions(self.positions.all_of_account()).into_iter().filter(|position| {
                let stops = orders
                    .iter()
                    .filter(|it| matches!(it.did, KillOrder::Kept { .. }) && !it.is_gone)
                    .filter_map(|it| self.book.find(&it.order))
                    .filter(|order| order.con_id == position.con_id)
                    .fold(gatehouse_types::Decimal::ZERO, |sum, order| {
                        sum.saturating_add(order.exposure().value())
                    });
                stops < position.held.size().value()
            });
        Some(KillStatus {
            since: kill.at,
            reason: kill.reason.clone(),
            age,
            release_in: self.config.release_after.saturating_sub(age),
            unprotected: unprotected.collect(),
            orders,
            refused_before: kill.refused_before,
            saved_after: kill.saved_after,
            read_again_after: kill.read_again_after,
        })
    }

    /// Returns the account's base currency, once the broker said what the account is worth.
    #[must_use]
    pub fn base_currency(&self) -> Option<Currency> {
        self.session.net_liquidation.map(|known| known.value.currency())
    }

    /// Returns whether every door may say that trading is possible.
    #[must_use]
    pub fn is_trading_possible(&self) -> bool {
        self.is_ready() && self.is_ledger_writable()
    }
}

/// Returns the share in whole percent.
pub(crate) fn measured_percent(
    measured: gatehouse_types::Decimal,
    allowed: gatehouse_types::Decimal,
) -> u32 {
    use gatehouse_types::Decimal;
    let percent = measured
        .checked_mul(Decimal::from(100))
        .and_then(|scaled| scaled.checked_div(allowed))
        .map(|percent| percent.round());
    match percent {
        Some(percent) => {
            u32::try_from(percent).unwrap_or(if percent.is_sign_negative() { 0 } else { u32::MAX })
        }
        None if measured.is_zero() => 0,
        None => u32::MAX,
    }
}
