//! Market-data lines: the first picture, then what changed, conflated to one message per beat.
//!
//! It must never know where prices come from. Called by the hub.

use std::collections::BTreeMap;
use std::time::Duration;

use gatehouse_tws::answer::{MarketDataType, RerouteMarketData, TickReqParams, TickSnapshotEnd};
use gatehouse_tws::layout::{ReqId, WireContract};
use gatehouse_tws::request::MarketDataRequest;
use gatehouse_types::{ConId, Utc};

use super::entitlement::{Entitled, entitle};
use super::generic::{self, SESSIONS_A_BEAT, Subject};
use super::generic_list::GenericList;
use super::speaker::{Picture, Speaker};
use crate::server::hub::{Hub, SessionId};
use crate::world::catalog::{Listing, hours};
use crate::world::drill::Served;

/// Step of last prices and sizes, as a Gateway said it of US stocks.
const PRECISION: &str = "0.000001";
/// A snapshot ends after so long, whatever it has said by then.
const SNAPSHOT_WAIT: Duration = Duration::from_secs(11);

/// Live, frozen, delayed, and delayed that stands still, as marketDataType says them.
const LIVE: i32 = 1;
const FROZEN: i32 = 2;
const DELAYED: i32 = 3;
const DELAYED_FROZEN: i32 = 4;

/// One subscription and what was last said on it.
#[derive(Debug, Clone)]
pub(in crate::server) struct Line {
    listing: &'static Listing,
    /// The kind of data that the client wanted when it subscribed.
    wanted: i32,
    /// The kind that it was last told.
    kind: i32,
    generic: GenericList,
    /// The account has no subscription to bid and ask.
    is_part: bool,
    /// When a snapshot ends at the latest; `None` for a stream.
    until: Option<Utc>,
    said: Picture,
}

impl Line {
    /// Returns the kind of data that this line gets now, or `None` for none at all. Who asks for
    /// delayed data gets it: the real Gateway would serve live data to a subscriber, but then
    /// nobody could rehearse without.
    fn kind_now(&self, served: Served, is_open: bool) -> Option<i32> {
        let delayed = match self.wanted {
            DELAYED_FROZEN if !is_open => DELAYED_FROZEN,
            _ => DELAYED,
        };
        match (served, self.wanted) {
            (Served::Silent, _) => None,
            (Served::Unsubscribed | Served::Live, DELAYED | DELAYED_FROZEN)
            | (Served::Delayed, _) => Some(delayed),
            (Served::Unsubscribed, _) => None,
            (Served::Frozen, _) => Some(FROZEN),
            (Served::Live, FROZEN) if !is_open => Some(FROZEN),
            (Served::Live, _) => Some(LIVE),
        }
    }
}

impl Hub {
    pub(in crate::server) fn market_data(&mut self, session: SessionId, asked: &MarketDataRequest) {
        let req_id = asked.req_id;
        if let Some(under) = self.rerouted(&asked.contract) {
            let told =
                RerouteMarketData { req_id, con_id: under.get(), exchange: SMART.to_owned() };
            return self.say(session, |version| told.encode(version));
        }
        let mut line = match self.new_line(session, asked) {
            Ok(line) => line,
            Err((code, text)) => {
                if let Some(client) = self.clients.get(&session) {
                    client.complain(req_id.get(), code, text);
                }
                return;
            }
        };
        let mut budget = SESSIONS_A_BEAT;
        if self.push_line(session, req_id, &mut line, &mut budget) {
            self.with(session, |client| client.wants.lines.insert(req_id, line));
        }
    }

    /// Checks a request, in the order of the real Gateway as far as it is known: what is wrong with
    /// the request itself, then what the account may not have.
    fn new_line(
        &self,
        session: SessionId,
        asked: &MarketDataRequest,
    ) -> Result<Line, (i32, String)> {
        let req_id = asked.req_id;
        let listing = self
            .world
            .listing(req_id.get(), &asked.contract)
            .map_err(|report| (report.code, report.text))?;
        let is_snapshot = asked.snapshot || asked.regulatory_snapshot;
        if is_snapshot && !asked.generic_ticks.is_empty() {
            let text = "Error validating request.-'bQ' : cause - Snapshot market data subscription is not applicable to generic ticks";
            return Err((321, text.to_owned()));
        }
        let generic = GenericList::read(&asked.generic_ticks, listing.sec_type())
            .map_err(|text| (321, text))?;
        let Some(client) = self.clients.get(&session) else {
            return Err((504, "Not connected".to_owned()));
        };
        if client.wants.lines.contains_key(&req_id) {
            let text = "Error processing request.-'bQ' : cause - Duplicate ticker id";
            return Err((322, text.to_owned()));
        }
        let n_lines: usize = self.clients.values().map(|client| client.wants.lines.len()).sum();
        if n_lines >= self.world.allowance.lines() {
            return Err((101, "Max number of tickers has been reached".to_owned()));
        }
        let wanted = client.wants.data_type;
        let entitled = entitle(&self.world, client, req_id, listing, wanted >= DELAYED)?;
        let is_part = matches!(entitled, Entitled::Part);
        let until = is_snapshot.then(|| self.after(SNAPSHOT_WAIT));
        Ok(Line { listing, wanted, kind: 0, generic, is_part, until, said: Picture::default() })
    }

    /// Returns the stock whose quotes are those of a CFD.
    pub(super) fn rerouted(&self, contract: &WireContract) -> Option<ConId> {
        if contract.sec_type != "CFD" {
            return None;
        }
        let stock = WireContract {
            symbol: contract.symbol.clone(),
            sec_type: "STK".to_owned(),
            currency: contract.currency.clone(),
            exchange: SMART.to_owned(),
            ..WireContract::default()
        };
        self.world.listing(0, &stock).ok().map(Listing::con_id)
    }

    pub(in crate::server) fn cancel_market_data(&mut self, session: SessionId, req_id: ReqId) {
        let Some(client) = self.clients.get_mut(&session) else { return };
        if client.wants.lines.remove(&req_id).is_none() {
            client.complain(req_id.get(), 300, format!("Can't find EId with tickerId:{req_id}"));
        }
    }

    /// Later subscriptions get this kind of data.
    pub(in crate::server) fn market_data_type(&mut self, session: SessionId, kind: i32) {
        if !(LIVE..=DELAYED_FROZEN).contains(&kind) {
            if let Some(client) = self.clients.get(&session) {
                let text = "Error validating request.-'bQ' : cause - Invalid market data type";
                client.complain(-1, 321, text);
            }
            return;
        }
        self.with(session, |client| client.wants.data_type = kind);
    }

    /// Tells every line what changed since the last beat.
    pub(in crate::server) fn push_lines(&mut self) {
        let mut budget = SESSIONS_A_BEAT;
        let sessions: Vec<SessionId> = self.clients.keys().copied().collect();
        for session in sessions {
            let taken = self.with(session, |client| std::mem::take(&mut client.wants.lines));
            let Some(lines) = taken else { continue };
            let mut kept = BTreeMap::new();
            for (req_id, mut line) in lines {
                if self.push_line(session, req_id, &mut line, &mut budget) {
                    kept.insert(req_id, line);
                }
            }
            self.with(session, |client| client.wants.lines = kept);
        }
    }

    /// Tells one line what changed, and returns whether it goes on. A line that is given another
    /// kind of data begins anew.
    fn push_line(
        &mut self,
        session: SessionId,
        req_id: ReqId,
        line: &mut Line,
        budget: &mut usize,
    ) -> bool {
        let is_open = hours::is_open(line.listing, self.world.now().secs());
        let served = self.world.served(line.listing);
        let Some(kind) = line.kind_now(served, is_open) else {
            return !self.has_run_out(session, req_id, line);
        };
        let is_new = kind != line.kind;
        if matches!(kind, FROZEN | DELAYED_FROZEN) && !is_new {
            return true;
        }
        let now = self.picture(line, kind, is_open, budget);
        let Some(client) = self.clients.get(&session) else { return false };
        let is_snapshot = line.until.is_some();
        let speaker = Speaker {
            client,
            req_id,
            listing: line.listing,
            is_delayed: kind >= DELAYED,
            is_snapshot,
        };
        if is_new {
            let told = MarketDataType { req_id, market_data_type: kind };
            client.say(told.encode(client.version));
            if line.kind == 0 {
                client.say(params(req_id, line.listing).encode(client.version));
            }
            let is_quoted =
                line.listing.sec_type() != "IND" && !line.generic.is_bare && !line.is_part;
            speaker.say_first(&now, is_quoted);
            if !line.generic.is_bare {
                speaker.say_halted(matches!(kind, LIVE | DELAYED));
            }
            line.kind = kind;
        } else {
            speaker.say_changes(&line.said, &now);
        }
        line.said = now;
        if is_snapshot {
            client.say(TickSnapshotEnd { req_id }.encode(client.version));
        }
        !is_snapshot
    }

    /// Ends a snapshot that got nothing to say in time.
    fn has_run_out(&self, session: SessionId, req_id: ReqId, line: &Line) -> bool {
        let is_over = line.until.is_some_and(|until| until <= self.now());
        if is_over {
            self.say(session, |version| TickSnapshotEnd { req_id }.encode(version));
        }
        is_over
    }

    /// Returns everything that a line shows now.
    fn picture(&mut self, line: &Line, kind: i32, is_open: bool, budget: &mut usize) -> Picture {
        let (world, listing) = (&mut self.world, line.listing);
        let is_delayed = kind >= DELAYED;
        let quote = match kind {
            FROZEN | DELAYED_FROZEN if !is_open => world.frozen_snapshot(listing),
            _ if is_delayed => world.delayed_snapshot(listing),
            _ => world.snapshot(listing),
        };
        let secs = world.seen_secs(is_delayed);
        let subject = Subject { listing, shown: &quote, secs };
        let figures = line.generic.ticks.iter().flat_map(|number| {
            let found = generic::figures(world, subject, *number, budget);
            found.into_iter().map(|(tick_type, figure)| (tick_type.get(), figure))
        });
        let figures: BTreeMap<_, _> = figures.collect();
        if line.generic.is_bare {
            return Picture { figures, ..Picture::default() };
        }
        let mut quote = quote;
        if line.is_part {
            (quote.moment.bid, quote.moment.ask) = (None, None);
        }
        let letters = world.letters(listing, &quote);
        let options = world.option_picture(listing, is_delayed);
        Picture { quote, letters, options, figures }
    }
}

const SMART: &str = "SMART";

/// What comes before the first tick of a line.
pub(super) fn params(req_id: ReqId, listing: &Listing) -> TickReqParams {
    let bbo_exchange = if listing.is_us_stock() { "9c0001" } else { "" };
    TickReqParams {
        req_id,
        min_tick: listing.min_tick(),
        bbo_exchange: bbo_exchange.to_owned(),
        snapshot_permissions: 3,
        price_precision: PRECISION.to_owned(),
        size_precision: PRECISION.to_owned(),
    }
}

/// What is missing, in the words of the servers for history, which call NASDAQ by its older name.
pub(super) fn permission(listing: &Listing) -> String {
    let market = match listing.primary_exchange {
        "NASDAQ" => "ISLAND",
        other => other,
    };
    let kind = listing.sec_type();
    format!(
        "No market data permissions for {market} {kind}. Requested market data requires additional subscription for API. See link in 'Market Data Connections' dialog for more details."
    )
}
