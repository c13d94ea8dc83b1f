//! What is said before the first message: `API` and the version offer of the client, the version
//! and time of the server, and the start of the session.
//!
//! Called by the proxy on both of its sides and by the simulator.

use gatehouse_types::ClientId;

use crate::layout::{Layout, LayoutError, Pass, Passed, read_as, write_as};
use crate::request::RequestId;
use crate::text::{Fields, TextError, TextWriter};
use crate::{Form, FrameReader, ServerVersion, VersionRange, encode_frame};

/// The four bytes that open every connection since server version 100.
const OPENING: &[u8; 4] = b"API\0";

/// Largest version offer, in bytes; real ones are below 40.
const OFFER_MAX: usize = 4096;

/// Message id of START_API.
pub const START_API_ID: i32 = 71;

/// Why a connection cannot begin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandshakeError {
    /// The pre-2015 handshake: digits and a NUL, without `API`.
    #[error(
        "the client speaks the handshake from before server version 100 and is too old. Update \
         the client library"
    )]
    LegacyClient,
    /// A browser, a health check, or a bot with the wrong kind of address.
    #[error("the client speaks HTTP, not the TWS API. Point it at another port")]
    Http,
    /// TLS, which the TWS API has not.
    #[error("the client speaks TLS; the TWS API is not encrypted, switch it off in the client")]
    Tls,
    /// Anything else.
    #[error("the first bytes are not those of the TWS API")]
    NotTheApi,
    /// An offer that is longer than any true one, or empty.
    #[error("a version offer of {length} bytes")]
    OfferLength { length: u32 },
    /// An offer that is not `vMIN..MAX`.
    #[error("the version offer {text:?} cannot be read")]
    OfferUnreadable { text: String },
    /// A client from before the oldest version that is served.
    #[error(
        "the client knows server versions up to {newest}, and {} is the oldest that is served. \
         Update the client library",
        ServerVersion::FLOOR
    )]
    TooOld { newest: ServerVersion },
    /// A client that insists on versions that nobody here knows.
    #[error(
        "the client needs server version {oldest} or newer, and {} is the newest that is \
         understood. Update Gatehouse, or use an older client library",
        ServerVersion::CEILING
    )]
    TooNew { oldest: ServerVersion },
    /// A server's answer that is not a version and a time.
    #[error("the server's version cannot be read")]
    ServerHello(#[source] TextError),
    /// The first message is not START_API, or not one that can be read to its last field.
    #[error("the first message is not a START_API that can be read")]
    StartApi(#[source] LayoutError),
}

/// What a client says first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientHello {
    pub range: VersionRange,
    /// What follows the offer after a space (`+PACEAPI`); usually empty.
    pub options: String,
}

impl ClientHello {
    /// Returns the part of the offer that is served, FLOOR to CEILING.
    ///
    /// # Errors
    /// There is none: the client is too old, or too new.
    pub fn served(&self) -> Result<VersionRange, HandshakeError> {
        self.range.clamped().ok_or_else(|| {
            if self.range.max() < ServerVersion::FLOOR {
                HandshakeError::TooOld { newest: self.range.max() }
            } else {
                HandshakeError::TooNew { oldest: self.range.min() }
            }
        })
    }

    /// Returns the bytes of the opening, with its length.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut offer = self.range.to_string();
        if !self.options.is_empty() {
            offer.push(' ');
            offer.push_str(&self.options);
        }
        [OPENING.as_slice(), &encode_frame(offer.as_bytes())].concat()
    }

    fn decode(offer: &[u8]) -> Result<Self, HandshakeError> {
        let text = String::from_utf8_lossy(offer);
        let unreadable =
            || HandshakeError::OfferUnreadable { text: text.chars().take(40).collect() };
        let offer = std::str::from_utf8(offer).map_err(|_| unreadable())?;
        if offer.contains(|letter: char| letter.is_control()) {
            return Err(unreadable());
        }
        let (versions, options) = offer.split_once(' ').unwrap_or((offer, ""));
        let versions = versions.strip_prefix('v').ok_or_else(unreadable)?;
        let (min, max) = versions.split_once("..").unwrap_or((versions, versions));
        let number = |text: &str| {
            let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| text.parse().ok()).flatten().map(ServerVersion::new)
        };
        let (min, max) = number(min).zip(number(max)).ok_or_else(unreadable)?;
        let range = VersionRange::try_new(min, max).ok_or_else(unreadable)?;
        Ok(Self { range, options: options.to_owned() })
    }
}

/// Reads a client's opening from bytes in any cut.
#[derive(Debug, Default)]
pub struct HelloReader {
    buffer: Vec<u8>,
}

impl HelloReader {
    /// Makes a reader with nothing read.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes and returns the opening when it is whole. What follows it is kept for
    /// [`HelloReader::into_frames`].
    ///
    /// # Errors
    /// The bytes are not the opening of a client that can be served.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Option<ClientHello>, HandshakeError> {
        self.buffer.extend_from_slice(bytes);
        let seen = self.buffer.len().min(OPENING.len());
        if self.buffer.get(..seen) != OPENING.get(..seen) {
            return Err(stranger(&self.buffer));
        }
        let Some((prefix, rest)) =
            self.buffer.get(OPENING.len()..).and_then(<[u8]>::split_first_chunk::<4>)
        else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(*prefix);
        let size = usize::try_from(length)
            .ok()
            .filter(|size| (1..=OFFER_MAX).contains(size))
            .ok_or(HandshakeError::OfferLength { length })?;
        let Some(offer) = rest.get(..size) else {
            return Ok(None);
        };
        let hello = ClientHello::decode(offer)?;
        self.buffer.drain(..OPENING.len() + 4 + size);
        Ok(Some(hello))
    }

    /// Returns the reader of the frames that follow, with the bytes that already came.
    #[must_use]
    pub fn into_frames(self) -> FrameReader {
        let mut frames = FrameReader::new();
        frames.push(&self.buffer);
        frames
    }
}

/// Names what somebody else is, from the first bytes.
fn stranger(bytes: &[u8]) -> HandshakeError {
    const HTTP: [&[u8]; 8] =
        [b"GET ", b"POST", b"PUT ", b"HEAD", b"OPTI", b"DELE", b"CONN", b"PRI "];
    let starts = |word: &&[u8]| bytes.starts_with(word.get(..bytes.len().min(4)).unwrap_or(word));
    match bytes.first() {
        Some(first) if first.is_ascii_digit() => HandshakeError::LegacyClient,
        Some(0x16) => HandshakeError::Tls,
        Some(_) if HTTP.iter().any(starts) => HandshakeError::Http,
        Some(_) | None => HandshakeError::NotTheApi,
    }
}

/// What the server answers: always text, at every version, and never with an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerHello {
    pub version: ServerVersion,
    /// The server's calendar with the name of its zone, as its host spells it.
    pub time: String,
}

impl ServerHello {
    /// Reads the body of the first frame from a server.
    ///
    /// # Errors
    /// It is not a version and a time.
    pub fn decode(body: &[u8]) -> Result<Self, HandshakeError> {
        let mut fields = Fields::new(body);
        let mut read = || {
            let version = ServerVersion::new(fields.int("serverVersion")?);
            let time = fields.prose("connectionTime")?;
            Ok(Self { version, time })
        };
        let hello = read().map_err(HandshakeError::ServerHello)?;
        fields.finish().map_err(HandshakeError::ServerHello)?;
        Ok(hello)
    }

    /// Returns the body, without its length.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = TextWriter::new();
        writer.int(self.version.get()).text(&self.time);
        writer.into_payload()
    }
}

/// The first message of a client: who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartApi {
    pub client_id: ClientId,
    pub optional_capabilities: String,
}

impl StartApi {
    /// Reads a body in the form of its version.
    ///
    /// # Errors
    /// It is another message, in the other form, or not read to its last field.
    pub fn decode(version: ServerVersion, body: &[u8]) -> Result<Self, HandshakeError> {
        read_as(START_API_ID, Self::form(version), version, body).map_err(HandshakeError::StartApi)
    }

    /// Returns the body in the form of its version.
    #[must_use]
    pub fn encode(&self, version: ServerVersion) -> Vec<u8> {
        write_as(START_API_ID, Self::form(version), version, self)
            .expect("the form is that of the version")
    }

    const fn form(version: ServerVersion) -> Form {
        RequestId::StartApi.form(version)
    }
}

impl Default for StartApi {
    fn default() -> Self {
        Self { client_id: ClientId::new(0), optional_capabilities: String::new() }
    }
}

impl Layout for StartApi {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.layout_version(2)?;
        let mut client_id = self.client_id.get();
        pass.int(1, "clientId", &mut client_id)?;
        self.client_id = ClientId::new(client_id);
        pass.text(2, "optionalCapabilities", &mut self.optional_capabilities)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello(bytes: &[u8]) -> Result<Option<ClientHello>, HandshakeError> {
        let mut reader = HelloReader::new();
        let mut last = Ok(None);
        for byte in bytes {
            last = reader.push(&[*byte]);
            if !matches!(last, Ok(None)) {
                return last;
            }
        }
        last
    }

    #[test]
    fn reads_the_offers_of_real_clients_byte_by_byte() {
        for (offer, range, options) in [
            ("v157..178", "v157..178", ""),
            ("v100..226 +PACEAPI", "v100..226", "+PACEAPI"),
            ("v213..226", "v213..226", ""),
            ("v178", "v178", ""),
        ] {
            let bytes = [b"API\0".as_slice(), &encode_frame(offer.as_bytes())].concat();
            let hello = hello(&bytes).expect("is an offer").expect("is whole");
            assert_eq!(
                (hello.range.to_string().as_str(), hello.options.as_str()),
                (range, options)
            );
            assert_eq!(hello.encode(), bytes);
        }
    }

    #[test]
    fn says_why_an_offer_cannot_be_served() {
        for (offer, served) in [
            ("v100..226", Ok("v157..226")),
            ("v157..178", Ok("v157..178")),
            ("v226..300", Ok("v226")),
            ("v100..156", Err("up to 156, and 157 is the oldest")),
            ("v76", Err("up to 76, and 157 is the oldest")),
            ("v227..230", Err("227 or newer, and 226 is the newest")),
        ] {
            let bytes = [b"API\0".as_slice(), &encode_frame(offer.as_bytes())].concat();
            let hello = hello(&bytes).expect("is an offer").expect("is whole");
            match (hello.served(), served) {
                (Ok(range), Ok(expected)) => assert_eq!(range.to_string(), expected),
                (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
                (left, _) => panic!("{offer}: {left:?}"),
            }
        }
    }

    #[test]
    fn keeps_what_follows_the_offer() {
        let mut reader = HelloReader::new();
        let mut bytes = [b"API\0".as_slice(), &encode_frame(b"v178")].concat();
        bytes.extend(encode_frame(b"71\0"));
        assert!(reader.push(&bytes).expect("is an offer").is_some());
        let mut frames = reader.into_frames();
        assert_eq!(frames.next_frame(), Ok(Some(&b"71\0"[..])));
    }

    #[test]
    fn says_who_else_is_calling() {
        for (bytes, error) in [
            (&b"62\0"[..], HandshakeError::LegacyClient),
            (b"GET / HTTP/1.1", HandshakeError::Http),
            (b"\x16\x03\x01", HandshakeError::Tls),
            (b"APX", HandshakeError::NotTheApi),
            (b"hello", HandshakeError::NotTheApi),
            (b"API\0\0\0\x10\x01", HandshakeError::OfferLength { length: 4097 }),
            (b"API\0\0\0\0\0", HandshakeError::OfferLength { length: 0 }),
            (b"API\0\0\0\0\x04x100", HandshakeError::OfferUnreadable { text: "x100".to_owned() }),
            (b"API\0\0\0\0\x05v9..1", HandshakeError::OfferUnreadable { text: "v9..1".to_owned() }),
        ] {
            assert_eq!(hello(bytes), Err(error), "{bytes:?}");
        }
    }

    #[test]
    fn start_api_reads_back_at_every_version() {
        for version in [157, 178, 200, 201, 212, 213, 226].map(ServerVersion::new) {
            for client_id in [0, 7, -1, 99_999].map(ClientId::new) {
                let start = StartApi { client_id, optional_capabilities: "+X".to_owned() };
                assert_eq!(StartApi::decode(version, &start.encode(version)), Ok(start));
            }
        }
    }

    #[test]
    fn refuses_another_first_message() {
        let version = ServerVersion::new(178);
        assert!(StartApi::decode(version, b"3\x002\x001\0\0").is_err());
        assert!(StartApi::decode(version, b"71\x002\x001\0\0x\0").is_err());
        assert!(StartApi::decode(version, b"71\x002\x00one\0\0").is_err());
        let body = StartApi::default().encode(ServerVersion::new(213));
        assert!(StartApi::decode(ServerVersion::new(205), &body).is_err());
    }

    #[test]
    fn a_server_hello_reads_back() {
        let hello = ServerHello {
            version: ServerVersion::new(226),
            time: "20260105 09:30:00 Central European Standard Time".to_owned(),
        };
        assert_eq!(ServerHello::decode(&hello.encode()), Ok(hello));
    }
}
