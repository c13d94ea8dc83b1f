//! From a connection on which versions were agreed to a session that carries orders.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::Sender;
use gatehouse_engine::Input;
use gatehouse_tws::answer::{AnswerId, ErrorReport};
use gatehouse_tws::handshake::{ClientHello, StartApi};
use gatehouse_tws::{FrameError, FrameReader, Head, ServerVersion, VersionRange};

use super::dial::{DialError, Dialled, dial, read_until};
use super::{Link, Phase};
use crate::bot_frame::chain;
use crate::bot_side::is_timeout;
use crate::upstream::{StartFrame, Upstream};

/// How long the Gateway may take from START_API to its first id.
const START_WITHIN: Duration = Duration::from_secs(10);

/// Frames that may come before the first id; official clients give up at 100, too.
const EARLY_FRAMES_MAX: usize = 100;

/// How often a client id that is in use is asked for before the session is given up.
const ID_IN_USE_TRIES: usize = 4;

/// The Gateway's "client id is already in use".
const ID_IN_USE: i32 = 326;

/// How long the driver may take to answer a link that came up with its high-water mark.
const SETTLE_WITHIN: Duration = Duration::from_secs(1);

/// A connection and what to say first on it.
pub(super) struct Opening {
    pub(super) dialled: Dialled,
    pub(super) start: StartFrame,
}

/// A session that carries orders.
pub(super) struct Open {
    pub(super) socket: std::net::TcpStream,
    pub(super) frames: FrameReader,
    pub(super) version: ServerVersion,
    /// What came before the first id, and the id.
    pub(super) early: Vec<Vec<u8>>,
    /// Dropped when the reader leaves.
    pub(super) _here: Sender<()>,
}

/// Why a session did not open.
#[derive(Debug, thiserror::Error)]
pub(super) enum OpenError {
    #[error("another session took the link over")]
    Superseded,
    #[error("the Gateway cannot be dialled")]
    Dial(#[source] DialError),
    #[error("the Gateway speaks server version {version}, which is not understood")]
    Version { version: ServerVersion },
    #[error("the session could not be started")]
    Socket(#[source] std::io::Error),
    #[error("the Gateway closed the connection after START_API")]
    Closed,
    #[error("the Gateway did not start the session within {} s", START_WITHIN.as_secs())]
    Silent,
    #[error("the Gateway's bytes are out of step")]
    Frame(#[source] FrameError),
    #[error("the Gateway says that client id {client_id} is in use")]
    IdInUse { client_id: i32 },
}

impl Link {
    /// Opens and serves one connection after another until the link is taken over or closed.
    pub(super) fn run(self: Arc<Self>, number: u64, first: Option<Opening>) {
        let mut opening = first;
        let mut delay = self.around.timing.redial;
        loop {
            let opened = match opening.take() {
                Some(opening) => self.start(number, opening),
                None => self.dial_own(number),
            };
            let why = match opened {
                Ok(open) => {
                    delay = self.around.timing.redial;
                    self.serve(number, open)
                }
                Err(OpenError::Superseded) => return,
                Err(error) => chain(&error),
            };
            if !self.went_down(number, &why) || !self.wait(number, delay) {
                return;
            }
            delay = (delay * 2).min(self.around.timing.redial * 10);
        }
    }

    /// Says START_API, also again after a while when the Gateway still holds the client id.
    fn start(&self, number: u64, opening: Opening) -> Result<Open, OpenError> {
        let Opening { dialled, start } = opening;
        let version = dialled.hello.version;
        let mut next = Some(dialled);
        for n_tried in 1..=ID_IN_USE_TRIES {
            let dialled = match next.take() {
                Some(dialled) => dialled,
                None => self.dial_exactly(version)?,
            };
            match self.start_once(number, dialled, &start) {
                Err(OpenError::IdInUse { .. }) if n_tried < ID_IN_USE_TRIES => {
                    tracing::warn!(n_tried, "The Gateway says that the client id is in use");
                    if !self.wait(number, self.around.timing.id_in_use_retry) {
                        return Err(OpenError::Superseded);
                    }
                }
                other => return other,
            }
        }
        Err(OpenError::IdInUse { client_id: self.client_id.get() })
    }

    fn start_once(
        &self,
        number: u64,
        mut dialled: Dialled,
        start: &StartFrame,
    ) -> Result<Open, OpenError> {
        let version = dialled.hello.version;
        let handle = dialled.socket.try_clone().map_err(OpenError::Socket)?;
        let here = self.hold(number, handle).ok_or(OpenError::Superseded)?;
        let writing = dialled.socket.try_clone().map_err(OpenError::Socket)?;
        Upstream::new(writing, version, false).write_start(start).map_err(OpenError::Socket)?;
        let early = self.await_first_id(version, &mut dialled)?;
        dialled.socket.set_read_timeout(None).map_err(OpenError::Socket)?;
        let Dialled { socket, frames, .. } = dialled;
        Ok(Open { socket, frames, version, early, _here: here })
    }

    /// Reads until managedAccounts or nextValidId, which a Gateway sends to no client that it
    /// turns away.
    fn await_first_id(
        &self,
        version: ServerVersion,
        dialled: &mut Dialled,
    ) -> Result<Vec<Vec<u8>>, OpenError> {
        let deadline = Instant::now() + START_WITHIN;
        let mut early = Vec::new();
        loop {
            while let Some(body) = dialled.frames.next_frame().map_err(OpenError::Frame)? {
                if let Some(report) = id_in_use(version, body) {
                    self.around.ear.heard(&self.name, report.code, &report.text, report.id);
                    return Err(OpenError::IdInUse { client_id: self.client_id.get() });
                }
                let is_first_id =
                    is_one_of(version, body, &[AnswerId::ManagedAccounts, AnswerId::NextValidId]);
                early.push(body.to_vec());
                if is_first_id || early.len() >= EARLY_FRAMES_MAX {
                    return Ok(early);
                }
            }
            match read_until(&mut dialled.socket, &mut dialled.frames, deadline) {
                Ok(0) => return Err(OpenError::Closed),
                Ok(_) => {}
                Err(error) if is_timeout(&error) => return Err(OpenError::Silent),
                Err(error) => return Err(OpenError::Socket(error)),
            }
        }
    }

    /// Lets orders flow. Returns false when the session does not hold the link any more.
    pub(super) fn came_up(&self, number: u64, version: ServerVersion) -> bool {
        let mut guarded = self.lock();
        if guarded.session != number || guarded.is_closed {
            return false;
        }
        guarded.phase = Phase::Up(version);
        drop(guarded);
        self.changed.notify_all();
        tracing::info!(%version, "The link to the Gateway is up");
        self.around.inbox.fact(Input::LinkUp { bot: self.name.clone() });
        self.around.inbox.settle(SETTLE_WITHIN);
        true
    }

    fn dial_exactly(&self, version: ServerVersion) -> Result<Dialled, OpenError> {
        let range =
            VersionRange::try_new(version, version).ok_or(OpenError::Version { version })?;
        self.dial_within(range)
    }

    fn dial_within(&self, range: VersionRange) -> Result<Dialled, OpenError> {
        let hello = ClientHello { range, options: String::new() };
        let dialled = dial(&self.around.gateway, &hello).map_err(OpenError::Dial)?;
        let version = dialled.hello.version;
        if range.contains(version) && version.is_understood() {
            Ok(dialled)
        } else {
            Err(OpenError::Version { version })
        }
    }

    /// Opens the link for Gatehouse's own cancels: the newest form first, then older ones.
    fn dial_own(&self, number: u64) -> Result<Open, OpenError> {
        let newest = (ServerVersion::ALL_PROTOBUF, ServerVersion::CEILING);
        let older = (ServerVersion::FLOOR, ServerVersion::new(212));
        let mut last = OpenError::Superseded;
        for (min, max) in [newest, older] {
            let Some(range) = VersionRange::try_new(min, max) else { continue };
            match self.dial_within(range) {
                Ok(dialled) => {
                    let start = StartApi {
                        client_id: self.client_id,
                        optional_capabilities: String::new(),
                    };
                    let start = StartFrame::encode(dialled.hello.version, &start);
                    return self.start(number, Opening { dialled, start });
                }
                // An older Gateway closes, or answers with its own version.
                Err(error @ (OpenError::Version { .. } | OpenError::Dial(DialError::Closed))) => {
                    last = error;
                }
                Err(error) => return Err(error),
            }
        }
        Err(last)
    }
}

fn is_one_of(version: ServerVersion, body: &[u8], ids: &[AnswerId]) -> bool {
    Head::split(version, body)
        .ok()
        .and_then(|head| AnswerId::from_wire(head.id))
        .is_some_and(|id| ids.contains(&id))
}

fn id_in_use(version: ServerVersion, body: &[u8]) -> Option<ErrorReport> {
    let is_error = is_one_of(version, body, &[AnswerId::Error]);
    let report = is_error.then(|| ErrorReport::decode(version, body).ok())??;
    (report.code == ID_IN_USE).then_some(report)
}
