//! Books of instruments: all rows first, then what changes.
//!
//! It must never know where rows come from. Called by the hub's requests and its beat.

use gatehouse_tws::answer::{
    DepthExchange, DepthRow, MarketDepth, MarketDepthExchanges, MarketDepthL2, NamedRow,
    RerouteMarketDepth, RowChange,
};
use gatehouse_tws::layout::ReqId;
use gatehouse_tws::request::{CancelMarketDepth, MarketDepthRequest};
use gatehouse_types::ConId;

use crate::server::client::Client;
use crate::server::hub::{Hub, SessionId};
use crate::world::catalog::Listing;
use crate::world::drill::Served;
use crate::world::market::book::{self, Book, BookOf, Change, LETTERS, Row};
use crate::world::market::price;

/// Exchanges with a book, for what, and whether its rows name market makers. Everything else shows
/// the best prices only.
const BOOKS: &[(&str, &str, Option<&str>)] = &[
    ("ISLAND", "STK", Some("NSDQ")),
    ("NASDAQ", "STK", Some("NSDQ")),
    ("ARCA", "STK", None),
    ("NYSE", "STK", None),
    ("BATS", "STK", None),
    ("EDGX", "STK", None),
    ("BEX", "STK", None),
    ("IEX", "STK", None),
    ("IBIS", "STK", None),
    ("CME", "FUT", None),
    ("GLOBEX", "FUT", None),
    ("CBOT", "FUT", None),
    ("NYMEX", "FUT", None),
    ("COMEX", "FUT", None),
    ("IDEALPRO", "CASH", None),
    ("PAXOS", "CRYPTO", None),
];
/// Exchanges of US stocks that have no book, as the notice of a smart book names them.
const TOPS: &str = "BYX; AMEX; PEARL; T24X; MEMX; EDGEA; CHX; NYSENAT; PSX; LTSE; ISE; DRCTEDGE";
/// The consolidated quote of US stocks in the list of exchanges.
const SMART_GROUP: i32 = 2;

/// One subscription and the rows that were told.
#[derive(Debug, Clone)]
pub(in crate::server) struct DepthLine {
    listing: &'static Listing,
    of: BookOf,
    /// Rows name who stands there.
    is_named: bool,
    n_rows: usize,
    said: Book,
    /// Its data stopped for a while, so the client must forget its rows.
    is_stale: bool,
}

type Refusal = (i32, String);

impl Hub {
    pub(in crate::server) fn market_depth(
        &mut self,
        session: SessionId,
        asked: &MarketDepthRequest,
    ) {
        let req_id = asked.req_id;
        if let Some(under) = self.rerouted(&asked.contract) {
            let exchange = "SMART".to_owned();
            let told = RerouteMarketDepth { req_id, con_id: under.get(), exchange };
            return self.say(session, |version| told.encode(version));
        }
        match self.new_depth(session, asked) {
            Ok(mut line) => {
                if line.of == BookOf::Smart {
                    self.say_sources(session, req_id);
                }
                self.push_book(session, req_id, &mut line);
                self.with(session, |client| client.wants.depths.insert(req_id, line));
            }
            Err((code, text)) => {
                self.with(session, |client| client.complain(req_id.get(), code, text));
            }
        }
    }

    fn new_depth(
        &self,
        session: SessionId,
        asked: &MarketDepthRequest,
    ) -> Result<DepthLine, Refusal> {
        let (contract, req_id) = (&asked.contract, asked.req_id);
        let invalid =
            |cause: &str| Err((321, format!("Error validating request.-'bR' : cause - {cause}")));
        if contract.exchange.trim().is_empty() {
            return invalid("Please enter exchange.");
        }
        if contract.sec_type == "BAG" {
            return invalid("Market depth does not support combos.");
        }
        let Some(n_rows) = usize::try_from(asked.n_rows).ok().filter(|n_rows| *n_rows > 0) else {
            return invalid("Market depth rows requested must be greater than zero.");
        };
        let listing = self
            .world
            .listing(req_id.get(), contract)
            .map_err(|report| (report.code, report.text))?;
        let known = self.clients.get(&session).map(|client| &client.wants.depths);
        if known.is_some_and(|depths| depths.contains_key(&req_id)) {
            let text = "Error processing request.-'bR' : cause - Duplicate ticker id";
            return Err((322, text.to_owned()));
        }
        let (n_max, booked) = (self.world.allowance.books(), self.booked());
        if !booked.contains(&listing.con_id()) && booked.len() >= n_max {
            let text = format!("Max number ({n_max}) of market depth requests has been reached");
            return Err((309, text));
        }
        if self.world.served(listing) == Served::Unsubscribed {
            return Err((354, super::entitlement::unsubscribed(listing)));
        }
        let (of, is_named) = book_of(listing, &contract.exchange, asked.is_smart).ok_or((
            10092,
            "Deep market data is not supported for this combination of security type/exchange"
                .to_owned(),
        ))?;
        let said = Book::default();
        Ok(DepthLine { listing, of, is_named, n_rows, said, is_stale: false })
    }

    /// Returns the instruments that some client has a book of; each counts once.
    fn booked(&self) -> Vec<ConId> {
        let lines = self.clients.values().flat_map(|client| client.wants.depths.values());
        let mut found: Vec<ConId> = lines.map(|line| line.listing.con_id()).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Says which exchanges a smart book is made of.
    fn say_sources(&self, session: SessionId, req_id: ReqId) {
        let Some(client) = self.clients.get(&session) else { return };
        let books: Vec<&str> = LETTERS.iter().map(|(name, _)| *name).collect();
        let text = format!("Exchanges - Depth: {}; Top: {TOPS}; ", books.join("; "));
        client.complain(req_id.get(), 2152, text);
    }

    pub(in crate::server) fn cancel_market_depth(
        &mut self,
        session: SessionId,
        asked: &CancelMarketDepth,
    ) {
        let id = asked.req_id;
        let Some(client) = self.clients.get_mut(&session) else { return };
        if client.wants.depths.remove(&id).is_none() {
            let text = format!("Can't find the subscribed market depth with tickerId:{id}");
            client.complain(id.get(), 310, text);
        }
    }

    /// Tells every book what changed since the last beat.
    pub(in crate::server) fn push_books(&mut self) {
        let sessions: Vec<SessionId> = self.clients.keys().copied().collect();
        for session in sessions {
            let taken = self.with(session, |client| std::mem::take(&mut client.wants.depths));
            let Some(mut depths) = taken else { continue };
            for (req_id, line) in &mut depths {
                self.push_book(session, *req_id, line);
            }
            self.with(session, |client| client.wants.depths = depths);
        }
    }

    /// Tells one book what changed. After a pause the client is told to forget what it has.
    fn push_book(&mut self, session: SessionId, req_id: ReqId, line: &mut DepthLine) {
        match self.world.served(line.listing) {
            Served::Live => {}
            Served::Silent | Served::Frozen | Served::Delayed | Served::Unsubscribed => {
                line.is_stale = true;
                return;
            }
        }
        let shown = self.world.book(line.listing, line.of);
        let Some(client) = self.clients.get(&session) else { return };
        if std::mem::take(&mut line.is_stale) && line.said != Book::default() {
            let text = "Market depth data has been RESET. Please empty deep book contents before applying any new entries.";
            client.complain(req_id.get(), 317, text);
            line.said = Book::default();
        }
        for (is_bid, before, after) in
            [(true, &line.said.bids, &shown.bids), (false, &line.said.asks, &shown.asks)]
        {
            for change in book::changes(before, after, line.n_rows) {
                say_change(client, req_id, line, is_bid, change);
            }
        }
        line.said = shown;
    }

    pub(in crate::server) fn depth_exchanges(&self, session: SessionId) {
        let one =
            |exchange: &str, sec_type: &str, is_named: bool, group: Option<i32>| DepthExchange {
                exchange: exchange.to_owned(),
                sec_type: sec_type.to_owned(),
                listing_exchange: String::new(),
                service_data_type: if is_named { "Deep2" } else { "Deep" }.to_owned(),
                aggregate_group: group,
            };
        let books = BOOKS.iter().map(|(name, kind, maker)| one(name, kind, maker.is_some(), None));
        let smart = one("SMART", "STK", true, Some(SMART_GROUP));
        let exchanges: Vec<DepthExchange> = books.chain([smart]).collect();
        self.say(session, |version| MarketDepthExchanges { exchanges }.encode(version));
    }
}

/// Returns whose book a request means, and whether its rows have names.
fn book_of(listing: &Listing, exchange: &str, is_smart: bool) -> Option<(BookOf, bool)> {
    if exchange == "SMART" {
        return (is_smart && listing.is_us_stock()).then_some((BookOf::Smart, true));
    }
    let found = BOOKS
        .iter()
        .find(|(name, sec_type, _)| *name == exchange && *sec_type == listing.sec_type())?;
    Some((BookOf::One(found.2.unwrap_or_default()), found.2.is_some()))
}

fn say_change(client: &Client, req_id: ReqId, line: &DepthLine, is_bid: bool, change: Change) {
    let nobody = Row { px: 0, size: 0, maker: "" };
    let (change, at, row) = match change {
        Change::Insert(at, row) => (RowChange::Insert, at, row),
        Change::Update(at, row) => (RowChange::Update, at, row),
        Change::Delete(at) => (RowChange::Delete, at, nobody),
    };
    let told = DepthRow {
        position: i32::try_from(at).unwrap_or(i32::MAX),
        change,
        is_bid,
        price: price(row.px).value(),
        size: client.size(req_id, line.listing.amount(row.size)),
    };
    if !line.is_named {
        return client.say(MarketDepth { req_id, row: told }.encode(client.version));
    }
    let is_smart = line.of == BookOf::Smart;
    let named = NamedRow { row: told, maker: row.maker.to_owned(), is_smart };
    client.say(MarketDepthL2 { req_id, row: named }.encode(client.version));
}
