//! A client's short visit: who may come in, on which account, with which settings.
//!
//! It says its client id, asks for the time, the settings and the quotes of SPY, and leaves. It
//! takes one place of a client and one line of market data meanwhile, and never speaks of orders
//! but to ask for those that are over, where settings cannot be read.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use gatehouse_tws::answer::{
    AnswerId, ConfigResponse, CurrentTime, CurrentTimeInMillis, ErrorReport, ManagedAccounts,
    MarketDataType, TickPrice,
};
use gatehouse_tws::handshake::{ClientHello, ServerHello, StartApi};
use gatehouse_tws::layout::{LayoutError, ReqId, WireContract};
use gatehouse_tws::request::{
    CompletedOrdersRequest, ConfigRequest, CurrentTimeInMillisRequest, CurrentTimeRequest,
    MarketDataRequest,
};
use gatehouse_tws::{FrameReader, Head, ServerVersion, VersionRange, encode_frame};
use gatehouse_types::ClientId;

use super::super::{Admission, Notice, QuoteFact, ReadOnly, Visit};
use super::settings;

/// A clock that is read over the wire is known to no better than this, in milliseconds: old
/// versions tell whole seconds.
pub(super) const CLOCK_WITHIN_MS: i64 = 1_000;

/// How long a first quote is waited for.
const QUOTE_WITHIN: Duration = Duration::from_secs(2);

const CONFIG: ReqId = ReqId::new(9_001);
const QUOTE: ReqId = ReqId::new(9_002);

/// Versions from which the time is told in milliseconds, and settings can be read.
const MILLIS_SINCE: i32 = 197;
const CONFIG_SINCE: i32 = 219;

/// What the broker says to a request that did not pass its checks; read-only is among them.
const NOT_PASSED: i32 = 321;

/// Codes at which a session ends before it began.
const TURNED_AWAY: [i32; 3] = [326, 507, 502];

/// Visits a Gateway as a client of this id, for so long at most.
pub(super) fn pay(address: &str, client_id: ClientId, within: Duration) -> Visit {
    let mut guest = Guest::new(client_id);
    let deadline = Instant::now() + within;
    let ended = guest.talk(address, deadline);
    if let Err(error) = &ended {
        tracing::debug!(?error, "A visit at the Gateway ended early");
    }
    guest.leave(ended.is_err())
}

/// A visit that goes on.
struct Guest {
    client_id: ClientId,
    version: ServerVersion,
    accounts: Option<Vec<String>>,
    has_id: bool,
    notices: Vec<Notice>,
    refused: Option<Notice>,
    /// When the time was asked for, on this machine's clock.
    asked_ms: Option<i64>,
    ahead_ms: Option<i64>,
    read_only: ReadOnly,
    settings: Option<gatehouse_tws::config::GatewayConfig>,
    /// Whether the settings, or the refusal of orders that are over, are still to come.
    awaits_settings: bool,
    /// Until when a quote is waited for.
    quote_until: Option<Instant>,
    kind: Option<i32>,
    quote: QuoteFact,
}

impl Guest {
    fn new(client_id: ClientId) -> Self {
        Self {
            client_id,
            version: ServerVersion::FLOOR,
            accounts: None,
            has_id: false,
            notices: Vec::new(),
            refused: None,
            asked_ms: None,
            ahead_ms: None,
            read_only: ReadOnly::Unsaid,
            settings: None,
            awaits_settings: false,
            quote_until: None,
            kind: None,
            quote: QuoteFact::Silent,
        }
    }

    fn leave(self, is_cut: bool) -> Visit {
        let admission = match (self.accounts, self.refused) {
            (Some(accounts), _) if self.has_id => Admission::Admitted { accounts },
            (_, Some(notice)) => Admission::Refused(notice),
            (_, None) if is_cut => Admission::HungUp,
            (_, None) => Admission::Silent,
        };
        let settings = self.settings.as_ref().map(settings::of);
        Visit {
            client_id: self.client_id,
            admission,
            notices: self.notices,
            read_only: self.read_only,
            settings,
            ahead_ms: self.ahead_ms,
            quote: self.quote,
        }
    }

    /// Talks until everything is known or the time is over.
    ///
    /// # Errors
    /// When the connection ended or was not understood.
    fn talk(&mut self, address: &str, deadline: Instant) -> io::Result<()> {
        let mut socket = dial(address, deadline)?;
        let served = VersionRange::try_new(ServerVersion::FLOOR, ServerVersion::CEILING);
        let range = served.expect("the floor is below the ceiling");
        socket.write_all(&ClientHello { range, options: String::new() }.encode())?;
        let mut frames = FrameReader::new();
        let mut is_greeted = false;
        let mut buffer = [0; 16 * 1024];
        while !self.knows_all() {
            while let Some(body) = frames.next_frame().map_err(io::Error::other)? {
                if is_greeted {
                    let said = self.hear(body).unwrap_or_else(|error| {
                        tracing::debug!(?error, "An answer was not understood");
                        Vec::new()
                    });
                    socket.write_all(&said)?;
                } else {
                    is_greeted = true;
                    self.version = ServerHello::decode(body).map_err(io::Error::other)?.version;
                    let start = StartApi { client_id: self.client_id, ..StartApi::default() };
                    socket.write_all(&encode_frame(&start.encode(self.version)))?;
                }
            }
            if self.knows_all() {
                break;
            }
            let until = self.quote_until.filter(|_| self.awaits_only_quote()).unwrap_or(deadline);
            let left = until.min(deadline).saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            socket.set_read_timeout(Some(left))?;
            match socket.read(&mut buffer) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(n_read) => frames.push(buffer.get(..n_read).unwrap_or_default()),
                Err(error) if is_timeout(&error) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn awaits_only_quote(&self) -> bool {
        self.is_in() && self.ahead_ms.is_some() && !self.awaits_settings
    }

    fn knows_all(&self) -> bool {
        let is_quoted = !matches!(self.quote, QuoteFact::Silent | QuoteFact::Taken);
        self.refused.is_some() || self.awaits_only_quote() && is_quoted
    }

    const fn is_in(&self) -> bool {
        self.has_id && self.accounts.is_some()
    }

    /// Takes an answer, and returns what is asked because of it.
    fn hear(&mut self, body: &[u8]) -> Result<Vec<u8>, LayoutError> {
        let version = self.version;
        let Ok(head) = Head::split(version, body) else { return Ok(Vec::new()) };
        let Some(id) = AnswerId::from_wire(head.id) else { return Ok(Vec::new()) };
        let was_in = self.is_in();
        if id == AnswerId::ManagedAccounts {
            let accounts = ManagedAccounts::decode(version, body)?.accounts;
            self.accounts = Some(accounts.iter().map(|it| it.as_str().to_owned()).collect());
        } else if id == AnswerId::NextValidId {
            self.has_id = true;
        } else if id == AnswerId::Error {
            self.noticed(ErrorReport::decode(version, body)?);
        } else if id == AnswerId::CurrentTime {
            self.timed(CurrentTime::decode(version, body)?.time.saturating_mul(1000));
        } else if id == AnswerId::CurrentTimeInMillis {
            self.timed(CurrentTimeInMillis::decode(version, body)?.time);
        } else if id == AnswerId::ConfigResponse {
            let config = ConfigResponse::decode(version, body)?.config;
            self.read_only = match config.api.settings.read_only {
                Some(true) => ReadOnly::Yes,
                Some(false) => ReadOnly::No,
                None => ReadOnly::Unsaid,
            };
            self.settings = Some(config);
            self.awaits_settings = false;
        } else if id == AnswerId::CompletedOrdersEnd {
            self.read_only = ReadOnly::No;
            self.awaits_settings = false;
        } else if id == AnswerId::MarketDataType {
            self.kind = Some(MarketDataType::decode(version, body)?.market_data_type);
        } else if id == AnswerId::TickPrice {
            self.quoted(&TickPrice::decode(version, body)?);
        } else if id == AnswerId::TickReqParams && self.quote == QuoteFact::Silent {
            self.quote = QuoteFact::Taken;
        }
        if self.is_in() && !was_in { self.questions() } else { Ok(Vec::new()) }
    }

    /// Returns everything that is asked, once the client is in.
    fn questions(&mut self) -> Result<Vec<u8>, LayoutError> {
        let version = self.version;
        self.asked_ms = now_ms();
        self.awaits_settings = true;
        self.quote_until = Some(Instant::now() + QUOTE_WITHIN);
        let time = if version.has(MILLIS_SINCE) {
            CurrentTimeInMillisRequest.encode(version)?
        } else {
            CurrentTimeRequest.encode(version)?
        };
        let settings = if version.has(CONFIG_SINCE) {
            ConfigRequest { req_id: CONFIG }.encode(version)?
        } else {
            // A read-only Gateway refuses this question too, and nothing comes of it elsewhere.
            CompletedOrdersRequest { api_only: true }.encode(version)?
        };
        let contract = WireContract {
            symbol: "SPY".to_owned(),
            sec_type: "STK".to_owned(),
            exchange: "SMART".to_owned(),
            currency: "USD".to_owned(),
            ..WireContract::default()
        };
        let quote = MarketDataRequest { req_id: QUOTE, contract, ..MarketDataRequest::default() };
        let bodies = [time, settings, quote.encode(version)?];
        Ok(bodies.iter().flat_map(|body| encode_frame(body)).collect())
    }

    fn noticed(&mut self, report: ErrorReport) {
        let notice = Notice { code: report.code, text: report.text };
        let is_of_quote = report.id == QUOTE.get();
        let is_read_only =
            notice.code == NOT_PASSED && notice.text.to_ascii_lowercase().contains("read-only");
        if is_read_only {
            self.read_only = ReadOnly::Yes;
            self.awaits_settings = false;
        } else if report.id == CONFIG.get() {
            self.awaits_settings = false;
        } else if is_of_quote && matches!(self.quote, QuoteFact::Silent | QuoteFact::Taken) {
            // Delayed quotes that come instead are told by their kind.
            let goes_on = [10_090, 10_167].contains(&notice.code);
            if !goes_on {
                self.quote = QuoteFact::Refused(notice.clone());
            }
        } else if !self.is_in() && TURNED_AWAY.contains(&notice.code) {
            self.refused = Some(notice.clone());
        }
        self.notices.push(notice);
    }

    /// Takes the Gateway's time: half of the way there and back is between it and now.
    fn timed(&mut self, gateway_ms: i64) {
        if let Some((asked, now)) = self.asked_ms.zip(now_ms()) {
            self.ahead_ms = Some(gateway_ms - (asked + (now - asked) / 2));
        }
    }

    fn quoted(&mut self, tick: &TickPrice) {
        if tick.req_id != QUOTE || matches!(self.quote, QuoteFact::Refused(_)) {
            return;
        }
        // A Gateway that says no kind sends what is live.
        self.quote = QuoteFact::Kind(self.kind.unwrap_or(1));
    }
}

fn dial(address: &str, deadline: Instant) -> io::Result<TcpStream> {
    let mut last = io::ErrorKind::AddrNotAvailable.into();
    for place in address.to_socket_addrs()? {
        let left = deadline.saturating_duration_since(Instant::now());
        match TcpStream::connect_timeout(&place, left.max(Duration::from_millis(1))) {
            Ok(socket) => {
                socket.set_nodelay(true)?;
                socket.set_write_timeout(Some(left.max(Duration::from_millis(1))))?;
                return Ok(socket);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock)
}

fn now_ms() -> Option<i64> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok()
}
