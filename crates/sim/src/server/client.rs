//! One connected client as the hub sees it: its version, its id and what it subscribed to.
//!
//! It must never know the world. Called by the hub and the request handlers.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use gatehouse_tws::answer::ErrorReport;
use gatehouse_tws::layout::{LayoutError, ReqId};
use gatehouse_tws::{FrameReader, ServerVersion, encode_frame};
use gatehouse_types::{ClientId, ConId, Utc};

use super::account::WantedValues;
use super::history::GrowingBar;
use super::market::{DepthLine, Line, SecondBars, Stream, StreamKey};
use super::news::NewsLine;
use super::outbox::Outbox;
use super::scanner::Scan;
use super::temper::Pacing;

/// Everything a client asked to be kept informed of.
#[derive(Debug)]
pub(super) struct Subscriptions {
    /// The last reqMarketDataType: 1 live, 2 frozen, 3 delayed, 4 delayed and frozen.
    pub(super) data_type: i32,
    pub(super) lines: BTreeMap<ReqId, Line>,
    pub(super) growing_bars: BTreeMap<ReqId, GrowingBar>,
    /// Questions for the beginning of a history that were answered and not cancelled.
    pub(super) heads: std::collections::BTreeSet<ReqId>,
    pub(super) second_bars: BTreeMap<ReqId, SecondBars>,
    /// When bars of seconds were asked for lately, in seconds.
    pub(super) asked_bars: Vec<i64>,
    pub(super) depths: BTreeMap<ReqId, DepthLine>,
    pub(super) streams: BTreeMap<ReqId, Stream>,
    /// When each stream of single ticks was asked for, in seconds.
    pub(super) asked_streams: BTreeMap<StreamKey, i64>,
    /// The instruments of which it was refused such a stream for want of a subscription.
    pub(super) refused_streams: BTreeSet<ConId>,
    pub(super) news_lines: BTreeMap<ReqId, NewsLine>,
    /// Up to when bulletins were said, in seconds; `None` for who does not want them.
    pub(super) bulletins_from: Option<i64>,
    pub(super) scans: BTreeMap<ReqId, Scan>,
    /// Groups of windows.
    pub(super) groups: BTreeMap<ReqId, i32>,
    /// reqAccountUpdates.
    pub(super) account: bool,
    pub(super) positions: bool,
    /// Tags of each reqAccountSummary.
    pub(super) summaries: BTreeMap<ReqId, String>,
    pub(super) updates_multi: BTreeMap<ReqId, WantedValues>,
    pub(super) positions_multi: BTreeMap<ReqId, String>,
    pub(super) pnl: BTreeMap<ReqId, Option<gatehouse_tws::answer::PnL>>,
    pub(super) pnl_single: BTreeMap<ReqId, (ConId, Option<gatehouse_tws::answer::PnLSingle>)>,
}

impl Default for Subscriptions {
    fn default() -> Self {
        Self {
            data_type: 1,
            lines: BTreeMap::new(),
            growing_bars: BTreeMap::new(),
            heads: std::collections::BTreeSet::new(),
            second_bars: BTreeMap::new(),
            asked_bars: Vec::new(),
            depths: BTreeMap::new(),
            streams: BTreeMap::new(),
            asked_streams: BTreeMap::new(),
            refused_streams: BTreeSet::new(),
            news_lines: BTreeMap::new(),
            bulletins_from: None,
            scans: BTreeMap::new(),
            groups: BTreeMap::new(),
            account: false,
            positions: false,
            summaries: BTreeMap::new(),
            updates_multi: BTreeMap::new(),
            positions_multi: BTreeMap::new(),
            pnl: BTreeMap::new(),
            pnl_single: BTreeMap::new(),
        }
    }
}

impl Subscriptions {
    /// Forgets every subscription that the broker's link carried: they have to be asked for again.
    pub(super) fn forget_market_data(&mut self) {
        self.lines.clear();
        self.growing_bars.clear();
        self.heads.clear();
        self.second_bars.clear();
        self.depths.clear();
        self.streams.clear();
    }

    /// Returns how many requests for history are open.
    pub(super) fn open_history(&self) -> usize {
        self.growing_bars.len() + self.heads.len()
    }

    /// Returns the ids of everything that streams market data.
    pub(super) fn market_data_ids(&self) -> Vec<i32> {
        let lines = self.lines.keys().chain(self.second_bars.keys());
        lines.chain(self.depths.keys()).chain(self.streams.keys()).map(|id| id.get()).collect()
    }
}

/// A client behind its connection.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) version: ServerVersion,
    /// The market's time of this step, which the hub sets.
    pub(super) now: Utc,
    /// What it said that is not a whole frame yet.
    pub(super) frames: FrameReader,
    /// `None` until START_API.
    pub(super) id: Option<ClientId>,
    /// The id that it asked for while another session had it, and when.
    pub(super) knocks: Option<(ClientId, Utc)>,
    /// What it said while it waited.
    pub(super) early: Vec<Vec<u8>>,
    pub(super) wants: Subscriptions,
    pub(super) outbox: Outbox,
    pub(super) pacing: Pacing,
    /// When its next message is looked at, because it said too many.
    pub(super) paced_until: Option<Utc>,
    /// Whole frames since it was let in.
    pub(super) n_messages: u64,
    /// The requests of which it knows that their sizes are cut to whole ones.
    pub(super) trims: RefCell<BTreeSet<ReqId>>,
}

impl Client {
    pub(super) fn new(
        version: ServerVersion,
        now: Utc,
        frames: FrameReader,
        pacing: Pacing,
    ) -> Self {
        Self {
            version,
            now,
            frames,
            id: None,
            knocks: None,
            early: Vec::new(),
            wants: Subscriptions::default(),
            outbox: Outbox::default(),
            pacing,
            paced_until: None,
            n_messages: 0,
            trims: RefCell::default(),
        }
    }

    /// Sends an encoded body. A body that could not be encoded is a defect of the simulator, and
    /// the client hears of it.
    pub(super) fn say(&self, body: Result<Vec<u8>, LayoutError>) {
        match body {
            Ok(body) => self.outbox.send(&encode_frame(&body)),
            Err(error) => {
                tracing::error!(%error, "Answer could not be written");
                let text = "The simulated Gateway could not write its answer".to_owned();
                let report = ErrorReport { code: 322, text, ..ErrorReport::default() };
                if let Ok(body) = report.encode(self.version) {
                    self.outbox.send(&encode_frame(&body));
                }
            }
        }
    }

    /// Sends a message about a request, or about none (−1).
    pub(super) fn complain(&self, id: i32, code: i32, text: impl Into<String>) {
        self.say_error(ErrorReport { id, code, text: text.into(), ..ErrorReport::default() });
    }

    /// Sends a message with the market's time of this moment.
    pub(super) fn say_error(&self, report: ErrorReport) {
        let time_ms = Some(self.now.nanos().div_euclid(1_000_000));
        self.say(ErrorReport { time_ms, ..report }.encode(self.version));
    }
}
