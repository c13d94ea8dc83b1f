//! Gatehouse's own client, on the `ibapi` crate: account, positions, quotes, contract details and
//! history. It connects to an internal port of the proxy like any bot, so that there is one door.
//!
//! It tells what it learns as `DeskNews` and is asked through [`Ask`]. It must never know the
//! ledger, the window or a bot's socket; binary floats of `ibapi` end here.

mod account;
mod convert;
mod details;
mod history;
mod hours;
mod lines;
mod place;
mod session;
mod snapshot;
mod wanted;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread::JoinHandle;

use gatehouse_engine::DeskNews;
use gatehouse_history::SeriesKey;
use gatehouse_history::plan::Question;
use gatehouse_types::{ClientId, ConId, Contract, Decimal, GatewayKind, Mono, OrderId, Price, Utc};
use tokio::sync::{mpsc, oneshot};

pub use history::{Answers, Growing};
pub use place::{PlaceKind, PlaceOrder, PlaceTif};

/// Lines of live prices that the desk keeps at most.
pub const LINES_MAX: usize = wanted::LINES_MAX;

/// What the desk needs to know to connect.
#[derive(Clone)]
pub struct DeskConfig {
    /// The internal port of the proxy.
    pub port: u16,
    pub client_id: ClientId,
    /// The clock that quotes are stamped with.
    pub clock: Arc<dyn Fn() -> Mono + Send + Sync>,
}

/// What the desk may be asked.
#[derive(Debug)]
pub enum Ask {
    Instrument(Contract),
    /// Keep a live line on this instrument, for an order or a person's review of one.
    Quote(ConId),
    /// Keep live lines on these, the most important first, in place of what was watched before.
    Watch(Vec<ConId>),
    Snapshot,
    /// A question about the past; answered once, also when there is no connection.
    History {
        question: Question,
        answers: Answers,
    },
    /// Tell of the last bar of a series as it grows, until `Settle` or the end of the connection;
    /// the end is told, too.
    Grow {
        id: u64,
        key: SeriesKey,
        growing: Growing,
    },
    Settle(SeriesKey),
    /// Send orders of the person: the first is the parent of the others. Answers with their ids
    /// once they were written; what became of them is in the record.
    Place {
        orders: Vec<PlaceOrder>,
        /// The working order that the first one changes.
        changes: Option<OrderId>,
        reply: oneshot::Sender<Result<Vec<OrderId>, DeskError>>,
    },
    /// Connect from now on, and again after a loss.
    Dial(Target),
    /// Do not connect again; a connection that stands is left.
    Hold,
    /// End the connection, and do not connect again.
    HangUp,
    Stop,
}

/// The Gateway behind the proxy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Where it is, in words for the person.
    pub address: String,
    pub kind: GatewayKind,
}

/// What the desk learnt that nobody judges by: it is only shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aside {
    PreviousClose {
        con_id: ConId,
        price: Price,
    },
    /// Average cost per unit of every position, by the broker.
    AverageCosts(Vec<(ConId, Decimal)>),
    /// Parts of the account's result of the day, by the broker; the sum is news.
    DayPnl {
        realised: Option<Decimal>,
        open: Option<Decimal>,
    },
    /// A notice of the Gateway that is about no request.
    Notice {
        code: i32,
        message: String,
    },
    /// What the Gateway said about a line: why it is late, has ended, or never began.
    Line {
        con_id: ConId,
        code: i32,
        message: String,
    },
    /// The lines that stand, and what is watched without one, as there are too many.
    Lines {
        open: BTreeSet<ConId>,
        left_out: BTreeSet<ConId>,
    },
    /// The Gateway's clock, the instant it was asked for, and the answer's.
    Clock {
        gateway: Utc,
        asked: Mono,
        answered: Mono,
    },
}

/// Why the desk could not do something.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    #[error("the desk's thread could not be started")]
    Start(#[source] std::io::Error),
    #[error("the desk is not connected")]
    NotConnected,
    #[error("the Gateway did not answer in time")]
    TimedOut,
    #[error("the Gateway could not be asked for {what}")]
    Asking { what: &'static str, source: ibapi::Error },
    #[error("the Gateway serves {n_accounts} accounts; Gatehouse guards one")]
    NotOneAccount { n_accounts: usize },
    #[error("the Gateway sends no more {what}")]
    Ended { what: &'static str },
    #[error("the broker has no {what}")]
    NoSuchBars { what: String },
    #[error("{what} could not be read exactly: {text}")]
    Inexact { what: &'static str, text: String },
}

impl DeskError {
    /// Returns the Gateway's code and text, when it answered with one.
    #[must_use]
    pub fn notice(&self) -> Option<(i32, &str)> {
        let Self::Asking { source: ibapi::Error::Notice(notice), .. } = self else { return None };
        Some((notice.code, &notice.message))
    }
}

/// Who is told.
#[derive(Clone)]
pub(crate) struct Ears {
    pub(crate) news: session::News,
    pub(crate) aside: session::Asides,
}

impl Ears {
    fn new(
        news: impl Fn(DeskNews) + Send + Sync + 'static,
        aside: impl Fn(Aside) + Send + Sync + 'static,
    ) -> Self {
        Self { news: Arc::new(news), aside: Arc::new(aside) }
    }
}

/// The running desk. Dropping it without [`Desk::stop`] leaves its thread to end with the asks.
pub struct Desk {
    asks: mpsc::UnboundedSender<Ask>,
    thread: JoinHandle<()>,
}

impl Desk {
    /// Starts the desk on a thread of its own. It connects, and reconnects, once it was told to by
    /// [`Ask::Dial`].
    ///
    /// # Errors
    /// `Start` when the thread or its runtime cannot be made.
    pub fn start(
        config: DeskConfig,
        news: impl Fn(DeskNews) + Send + Sync + 'static,
        aside: impl Fn(Aside) + Send + Sync + 'static,
    ) -> Result<Self, DeskError> {
        let (asks, receiver) = mpsc::unbounded_channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(DeskError::Start)?;
        let thread = std::thread::Builder::new()
            .name("desk".to_owned())
            .spawn(move || runtime.block_on(session::run(config, receiver, Ears::new(news, aside))))
            .map_err(DeskError::Start)?;
        Ok(Self { asks, thread })
    }

    /// Returns a handle through which others may ask.
    #[must_use]
    pub fn asks(&self) -> mpsc::UnboundedSender<Ask> {
        self.asks.clone()
    }

    /// Ends the connection and waits for the thread.
    pub fn stop(self) {
        // A desk that has ended already hears nothing, which is what is wanted.
        self.asks.send(Ask::Stop).ok();
        if self.thread.join().is_err() {
            tracing::error!("The desk's thread panicked");
        }
    }
}
