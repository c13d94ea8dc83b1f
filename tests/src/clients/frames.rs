//! Streams cut into frames, as far as a comparison needs it. Written from the description of the
//! protocol and not with the program's own codec, which it would otherwise agree with.

use anyhow::{Context as _, bail};

use super::tap::Streams;

/// From this server version on a message id is four bytes, above 200 for protobuf.
const BINARY_IDS: i64 = 201;

pub(super) const PLACE_ORDER: i64 = 3;
pub(super) const CANCEL_ORDER: i64 = 4;
const START_API: i64 = 71;

pub(super) const ORDER_STATUS: i64 = 3;
pub(super) const ERROR: i64 = 4;
pub(super) const OPEN_ORDER: i64 = 5;
pub(super) const NEXT_VALID_ID: i64 = 9;

/// One session of a client, cut into frames.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) version: i64,
    pub(super) client_id: i64,
    /// The version range that was offered.
    pub(super) offered: Vec<u8>,
    /// The server's answer to it.
    pub(super) hello: Vec<u8>,
    pub(super) start: Vec<u8>,
    pub(super) to_server: Vec<Frame>,
    pub(super) to_client: Vec<Frame>,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    /// The message's id, without the 200 that says protobuf.
    pub(super) id: i64,
    pub(super) body: Vec<u8>,
}

impl Frame {
    fn cut(version: i64, body: &[u8]) -> anyhow::Result<Self> {
        let id = if version >= BINARY_IDS {
            let head = body.first_chunk::<4>().context("a frame without an id")?;
            let id = i64::from(u32::from_be_bytes(*head));
            if id > 200 { id - 200 } else { id }
        } else {
            number(field(body, 0)?)?
        };
        Ok(Self { id, body: body.to_vec() })
    }

    pub(super) fn says(&self, text: &str) -> bool {
        self.body.windows(text.len()).any(|part| part == text.as_bytes())
    }

    /// Shows it for a failure's text.
    pub(super) fn shown(&self) -> String {
        let text: String = self
            .body
            .iter()
            .map(|byte| if (32..127).contains(byte) { char::from(*byte) } else { '·' })
            .take(200)
            .collect();
        format!("message {}, {} bytes: {text}", self.id, self.body.len())
    }
}

impl Session {
    /// Cuts a connection, or returns `None` for one that ended before START_API.
    pub(super) fn cut(streams: &Streams) -> anyhow::Result<Option<Self>> {
        let Some(rest) = streams.to_server.strip_prefix(b"API\0") else { return Ok(None) };
        let mut to_server = bodies(rest).into_iter();
        let mut to_client = bodies(&streams.to_client).into_iter();
        let (Some(offered), Some(start), Some(hello)) =
            (to_server.next(), to_server.next(), to_client.next())
        else {
            return Ok(None);
        };
        let version = number(field(hello, 0)?)?;
        let client_id = client_id(&Frame::cut(version, start)?, version)?;
        let cut = |bodies: std::vec::IntoIter<&[u8]>| {
            bodies.map(|body| Frame::cut(version, body)).collect::<anyhow::Result<Vec<_>>>()
        };
        Ok(Some(Self {
            version,
            client_id,
            offered: offered.to_vec(),
            hello: hello.to_vec(),
            start: start.to_vec(),
            to_server: cut(to_server)?,
            to_client: cut(to_client)?,
        }))
    }
}

/// Cuts a stream; a frame that did not come whole is left out.
fn bodies(mut stream: &[u8]) -> Vec<&[u8]> {
    let mut bodies = Vec::new();
    while let Some((head, rest)) = stream.split_first_chunk::<4>() {
        let Ok(length) = usize::try_from(u32::from_be_bytes(*head)) else { break };
        let Some((body, after)) = rest.split_at_checked(length) else { break };
        bodies.push(body);
        stream = after;
    }
    bodies
}

/// Returns a text field of a body.
fn field(body: &[u8], index: usize) -> anyhow::Result<&[u8]> {
    body.split(|byte| *byte == 0).nth(index).context("a field is missing")
}

fn number(field: &[u8]) -> anyhow::Result<i64> {
    let text = std::str::from_utf8(field).context("a field that is not text")?;
    text.parse().with_context(|| format!("reading the number {text:?}"))
}

/// Returns the client id in START_API: its first field in protobuf, else behind the layout
/// version.
fn client_id(start: &Frame, version: i64) -> anyhow::Result<i64> {
    if start.id != START_API {
        bail!("a session that begins with {}", start.shown());
    }
    if version < BINARY_IDS {
        return number(field(&start.body, 2)?);
    }
    let (head, payload) = start.body.split_first_chunk::<4>().context("a frame without an id")?;
    if u32::from_be_bytes(*head) <= 200 {
        return number(field(payload, 1)?);
    }
    let (tag, rest) = payload.split_first().context("START_API without a client id")?;
    if *tag != 8 {
        bail!("START_API begins with tag {tag}");
    }
    let mut id = 0;
    for (place, byte) in rest.iter().take(9).enumerate() {
        id |= i64::from(byte & 127) << (7 * place);
        if byte & 128 == 0 {
            return Ok(id);
        }
    }
    bail!("START_API with an endless client id")
}
