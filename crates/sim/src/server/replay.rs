//! Feeds the clients' side of a recorded session to a server on virtual time again, and tells where
//! its answers differ.
//!
//! Memory is bounded by what one client is behind the other record: frames that agree are
//! forgotten. Called by the binary.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use gatehouse_tws::answer::AnswerId;
use gatehouse_tws::handshake::ServerHello;
use gatehouse_tws::{Form, FrameReader, Head, ServerVersion};
use gatehouse_types::Utc;

use super::hub::SessionId;
use super::rehearsal::Rehearsal;
use super::transcript::{Entry, TranscriptError, TranscriptReader};
use crate::world::time::wire_time;

/// Longest part of a message that a difference shows.
const SHOWN_MAX: usize = 60;

/// What a replay found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Replayed {
    pub n_clients: usize,
    /// Messages of the server that were the same.
    pub n_messages: u64,
    /// What the clients said, in bytes.
    pub n_bytes_said: u64,
}

/// The first place at which the server said something else than the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    session: SessionId,
    client_id: Option<i32>,
    /// Counted from 1; the first is the answer to the handshake.
    n_message: u64,
    at: Utc,
    what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "connection {}", self.session.0)?;
        if let Some(client_id) = self.client_id {
            write!(f, " (client {client_id})")?;
        }
        let at = wire_time(self.at.secs());
        write!(f, ", message {}, about {at}: {}", self.n_message, self.what)
    }
}

/// Why a replay ended early.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error("the recorded session cannot be read")]
    Transcript(#[from] TranscriptError),
    #[error("the recorded line {line:?} is not known")]
    Line { line: String },
    #[error("{0}")]
    Differs(Box<Difference>),
}

/// What one client heard, on record and now.
#[derive(Debug, Default)]
struct Pair {
    recorded: Side,
    replayed: Side,
    version: Option<ServerVersion>,
    n_same: u64,
}

#[derive(Debug, Default)]
struct Side {
    reader: FrameReader,
    frames: VecDeque<Vec<u8>>,
    ended: bool,
}

impl Side {
    fn push(&mut self, bytes: &[u8]) {
        self.reader.push(bytes);
        // A server that breaks its own framing is a difference by itself: the rest stays unread.
        while let Ok(Some(body)) = self.reader.next_frame() {
            self.frames.push_back(body.to_vec());
        }
    }
}

/// Feeds a session to a server that was made from its opening.
///
/// # Errors
/// The record cannot be read, or, where differences are looked for, the first one.
pub fn replay(
    transcript: &mut TranscriptReader,
    stage: &mut Rehearsal,
    checks: bool,
) -> Result<Replayed, ReplayError> {
    let mut found = Replayed::default();
    let mut pairs = BTreeMap::new();
    while let Some((at, entry)) = transcript.next_entry()? {
        match entry {
            Entry::Heard(session, bytes, ending) => {
                stage.wake_to(at);
                let pair: &mut Pair = pairs.entry(session).or_default();
                pair.recorded.push(&bytes);
                pair.recorded.ended |= ending.is_some();
            }
            Entry::Opened(session) => {
                found.n_clients += 1;
                stage.open_as(session, at);
            }
            Entry::Said(session, bytes) => {
                found.n_bytes_said += u64::try_from(bytes.len()).unwrap_or(0);
                stage.say_at(session, &bytes, at);
            }
            Entry::Closed(session) => stage.close_at(session, at),
            Entry::Line(line) => match line.parse() {
                Ok(parsed) => stage.line_at(parsed, at),
                Err(_) => return Err(ReplayError::Line { line }),
            },
            Entry::Skipped => stage.skip_to(at),
        }
        if checks {
            found.n_messages += compare(stage, &mut pairs, at, false)?;
        } else {
            stage.forget_heard();
        }
    }
    if checks {
        found.n_messages += compare(stage, &mut pairs, stage.now(), true)?;
    }
    Ok(found)
}

fn compare(
    stage: &mut Rehearsal,
    pairs: &mut BTreeMap<SessionId, Pair>,
    at: Utc,
    is_over: bool,
) -> Result<u64, ReplayError> {
    let mut n_same = 0;
    for (session, bytes, ended) in stage.hear_all() {
        let pair = pairs.entry(session).or_default();
        pair.replayed.push(&bytes);
        pair.replayed.ended |= ended;
    }
    for (session, pair) in pairs {
        let before = pair.n_same;
        if let Some(what) = pair.advance(is_over) {
            let client_id = stage.client_id(*session);
            let n_message = pair.n_same + 1;
            let difference = Difference { session: *session, client_id, n_message, at, what };
            return Err(ReplayError::Differs(Box::new(difference)));
        }
        n_same += pair.n_same - before;
    }
    Ok(n_same)
}

impl Pair {
    /// Forgets what agrees, and says the first thing that does not.
    fn advance(&mut self, is_over: bool) -> Option<String> {
        while let (Some(then), Some(now)) =
            (self.recorded.frames.front(), self.replayed.frames.front())
        {
            if then != now {
                return Some(difference(self.version, then, now));
            }
            if self.version.is_none() {
                self.version = ServerHello::decode(then).ok().map(|hello| hello.version);
            }
            self.recorded.frames.pop_front();
            self.replayed.frames.pop_front();
            self.n_same += 1;
        }
        let name = |body: &Vec<u8>| name(self.version, body);
        if let (true, Some(body)) = (is_over, self.recorded.frames.front()) {
            return Some(format!("{} is on record and is not said now", name(body)));
        }
        if let (true, Some(body)) = (is_over, self.replayed.frames.front()) {
            // What is said at the end of the record may not have reached it.
            tracing::debug!(body = name(body), "The record ends before this message");
        }
        match (is_over, self.recorded.ended, self.replayed.ended) {
            (true, true, false) => Some("the connection ended then and goes on now".to_owned()),
            (true, false, true) => Some("the connection went on then and ends now".to_owned()),
            (true | false, _, _) => None,
        }
    }
}

/// Says what the first difference of two messages is.
fn difference(version: Option<ServerVersion>, then: &[u8], now: &[u8]) -> String {
    let (then_name, now_name) = (name(version, then), name(version, now));
    if then_name != now_name {
        return format!("{then_name} is on record, {now_name} is said now");
    }
    let form = version.and_then(|version| Head::split(version, then).ok()).map(|head| head.form);
    if form == Some(Form::Protobuf) {
        let n_same = then.iter().zip(now).take_while(|(then, now)| then == now).count();
        let rest = |body: &[u8]| shown(body.get(n_same..).unwrap_or_default());
        return format!(
            "{then_name} differs from byte {n_same} on: {} on record, {} now",
            rest(then),
            rest(now)
        );
    }
    let (mut then, mut now) = (then.split(|byte| *byte == 0), now.split(|byte| *byte == 0));
    let mut n_field = 0;
    loop {
        n_field += 1;
        match (then.next(), now.next()) {
            (Some(then), Some(now)) if then == now => {}
            (None, None) => return format!("{then_name} differs"),
            (then, now) => {
                let text = |field: Option<&[u8]>| field.map_or("nothing".to_owned(), shown);
                let (then, now) = (text(then), text(now));
                return format!("{then_name}, field {n_field}: {then} on record, {now} now");
            }
        }
    }
}

fn name(version: Option<ServerVersion>, body: &[u8]) -> String {
    let Some(version) = version else { return "the answer to the handshake".to_owned() };
    match Head::split(version, body).map(|head| head.id) {
        Ok(id) => AnswerId::from_wire(id).map_or(format!("message {id}"), |id| format!("{id:?}")),
        Err(_) => "a body that is no message".to_owned(),
    }
}

fn shown(bytes: &[u8]) -> String {
    let start = bytes.get(..SHOWN_MAX).unwrap_or(bytes);
    format!("\"{}\"", start.escape_ascii())
}

#[cfg(test)]
mod tests;
