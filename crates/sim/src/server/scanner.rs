//! Market scanners as messages.
//!
//! It must never rank; the world does. Called by the hub.

mod parameters;

use std::time::Duration;

use gatehouse_tws::answer::{ScannerData, ScannerParameters, ScannerRow};
use gatehouse_tws::layout::{ReqId, TagValue};
use gatehouse_tws::request::{ScannerSubscription, ScannerSubscriptionRequest};
use gatehouse_types::{Decimal, Utc};

use super::hub::{Hub, SessionId};
use crate::world::catalog::Listing;
use crate::world::orders::order::wire_contract;
use crate::world::scan::{Ranking, Screen, ranking};

/// Scanners that one login may have at a time.
const SCANS_MAX: usize = 10;
/// Rows of one ranking.
const ROWS_MAX: usize = 50;
/// Between two answers to one subscription, in the clients' time.
const REFRESH: Duration = Duration::from_secs(30);

/// One subscription.
#[derive(Debug, Clone)]
pub(super) struct Scan {
    ranking: Ranking,
    /// `None` where the simulated market has nothing that could be ranked.
    screen: Option<Screen>,
    n_rows: usize,
    refresh_at: Utc,
}

impl Hub {
    pub(super) fn scanner_parameters(&mut self, session: SessionId) {
        let xml = parameters::xml();
        self.say(session, |version| ScannerParameters { xml }.encode(version));
    }

    pub(super) fn scanner_subscription(
        &mut self,
        session: SessionId,
        asked: &ScannerSubscriptionRequest,
    ) {
        let req_id = asked.req_id;
        let n_scans: usize = self.clients.values().map(|client| client.wants.scans.len()).sum();
        let fail = |hub: &Self, code, text: &str| hub.complain(session, req_id.get(), code, text);
        let Some(client) = self.clients.get(&session) else { return };
        if client.wants.scans.contains_key(&req_id) {
            return fail(self, 385, "Duplicate ticker ID for API scanner subscription.");
        }
        if n_scans >= SCANS_MAX {
            let text = "Historical Market Data Service error message:Only 10 simultaneous API scanner subscriptions are allowed.";
            return fail(self, 162, text);
        }
        let wanted = &asked.subscription;
        let Some(ranking) = ranking(&wanted.scan_code) else {
            let text = format!(
                "Historical Market Data Service error message:unknown scan code {}",
                wanted.scan_code
            );
            return fail(self, 162, &text);
        };
        let n_rows = wanted.n_rows.and_then(|n| usize::try_from(n).ok()).filter(|n| *n > 0);
        let scan = Scan {
            ranking,
            screen: screen(wanted),
            n_rows: n_rows.unwrap_or(ROWS_MAX).min(ROWS_MAX),
            refresh_at: self.after(REFRESH),
        };
        self.say_scan(session, req_id, &scan);
        self.with(session, |client| client.wants.scans.insert(req_id, scan));
    }

    pub(super) fn cancel_scanner(&mut self, session: SessionId, req_id: ReqId) {
        let removed = self.with(session, |client| client.wants.scans.remove(&req_id));
        if removed.flatten().is_some() {
            let text = format!(
                "Historical Market Data Service error message:API scanner subscription cancelled: {req_id}"
            );
            self.complain(session, req_id.get(), 162, &text);
        } else {
            let text = format!("No scanner subscription found for ticker id:{req_id}");
            self.complain(session, req_id.get(), 365, &text);
        }
    }

    /// Says the rankings that are due again.
    pub(super) fn push_scans(&mut self) {
        let (now, next) = (self.now(), self.after(REFRESH));
        let sessions: Vec<SessionId> = self.clients.keys().copied().collect();
        for session in sessions {
            let taken = self.with(session, |client| std::mem::take(&mut client.wants.scans));
            let Some(mut scans) = taken else { continue };
            for (req_id, scan) in scans.iter_mut().filter(|(_, scan)| scan.refresh_at <= now) {
                self.say_scan(session, *req_id, scan);
                scan.refresh_at = next;
            }
            self.with(session, |client| client.wants.scans = scans);
        }
    }

    fn say_scan(&mut self, session: SessionId, req_id: ReqId, scan: &Scan) {
        let found = match &scan.screen {
            Some(screen) => self.world.scan(scan.ranking, screen, scan.n_rows),
            None => Vec::new(),
        };
        if found.is_empty() {
            let text = "Historical Market Data Service query message:no items retrieved";
            self.complain(session, req_id.get(), 165, text);
        }
        let rows = (0..).zip(found).map(|(rank, listing)| row(rank, listing)).collect();
        self.say(session, |version| ScannerData { req_id, rows }.encode(version));
    }
}

fn row(rank: i32, listing: &'static Listing) -> ScannerRow {
    let mut contract = wire_contract(listing, "SMART");
    listing.primary_exchange.clone_into(&mut contract.primary_exchange);
    let market_name = contract.trading_class.clone();
    ScannerRow { rank, contract, market_name, ..ScannerRow::default() }
}

/// Returns which stocks are ranked; `None` for instruments and places that are not simulated.
/// Filters of which the model knows nothing let everything in.
fn screen(wanted: &ScannerSubscription) -> Option<Screen> {
    let funds_wanted = match wanted.instrument.as_str() {
        "" | "STK" => None,
        "ETF.EQ.US" | "ETF.FI.US" => Some(true),
        _ => return None,
    };
    let exchange = match wanted.location_code.as_str() {
        "" | "STK.US" | "STK.US.MAJOR" | "ETF.EQ.US" | "ETF.EQ.US.MAJOR" => None,
        "STK.NASDAQ" | "STK.NASDAQ.NMS" | "ETF.EQ.NASDAQ.NMS" => Some("NASDAQ"),
        "STK.NYSE" => Some("NYSE"),
        "STK.ARCA" | "ETF.EQ.ARCA" => Some("ARCA"),
        _ => return None,
    };
    let funds = match wanted.stock_type_filter.as_str() {
        "ETF" | "ETN" => Some(true),
        "STOCK" | "CORP" | "ADR" | "REIT" | "CEF" => Some(false),
        _ => funds_wanted,
    };
    let filter = |name: &str| number(&wanted.filters, name);
    Some(Screen {
        above_price: wanted.above_price.or(filter("priceAbove")),
        below_price: wanted.below_price.or(filter("priceBelow")),
        above_volume: wanted
            .above_volume
            .map(i64::from)
            .or(filter("volumeAbove").and_then(|volume| i64::try_from(volume).ok())),
        funds,
        exchange,
    })
}

fn number(filters: &[TagValue], name: &str) -> Option<Decimal> {
    filters.iter().find(|filter| filter.tag == name)?.value.parse().ok()
}
