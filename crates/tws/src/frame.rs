//! Length-prefixed frames: the outermost layer, the same at every version and in both directions.
//!
//! It must never know what a body means. Called by whoever owns a socket.

/// Largest body that any current client or Gateway accepts, in bytes (16 MiB − 1).
pub const BODY_MAX: usize = 0x00FF_FFFF;

/// Bytes of the length in front of every body.
pub const PREFIX_LEN: usize = 4;

/// Why a stream cannot be framed any further; the connection must be closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A body of no bytes has no message id.
    #[error("a frame without a body")]
    Empty,
    /// The length is beyond [`BODY_MAX`]: not this protocol, or not in step any more.
    #[error("a frame of {length} bytes is above {BODY_MAX}")]
    TooLong { length: u64 },
}

/// Cuts a byte stream into bodies.
///
/// Bodies are borrowed from its buffer. After an error it returns the same error for ever.
///
/// The shortest true body is a text message that is nothing but its id (`85` and a NUL), so only
/// the empty body is refused for being short.
#[derive(Debug, Default)]
pub struct FrameReader {
    buffer: Vec<u8>,
    consumed: usize,
}

impl FrameReader {
    /// Makes a reader with nothing read.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds bytes as they came from the socket, in any cut.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.consumed == self.buffer.len() {
            self.buffer.clear();
            self.consumed = 0;
        } else if self.consumed > self.buffer.len() / 2 {
            self.buffer.drain(..self.consumed);
            self.consumed = 0;
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// Returns the next whole body, or `None` until more bytes come.
    ///
    /// # Errors
    /// The length in front of the next body is impossible.
    pub fn next_frame(&mut self) -> Result<Option<&[u8]>, FrameError> {
        let waiting = self.buffer.get(self.consumed..).unwrap_or_default();
        let Some((prefix, rest)) = waiting.split_first_chunk::<PREFIX_LEN>() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(*prefix);
        let too_long = || FrameError::TooLong { length: u64::from(length) };
        let size = usize::try_from(length).map_err(|_| too_long())?;
        if size == 0 {
            return Err(FrameError::Empty);
        }
        if size > BODY_MAX {
            return Err(too_long());
        }
        if rest.len() < size {
            return Ok(None);
        }
        let start = self.consumed + PREFIX_LEN;
        self.consumed = start + size;
        Ok(self.buffer.get(start..start + size))
    }

    /// Returns how many pushed bytes are not yet part of a returned body.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.buffer.len() - self.consumed
    }
}

/// Returns `body` with its length in front, as it goes on the wire.
///
/// # Panics
/// A body above [`BODY_MAX`]: no encoder of this crate makes one.
#[must_use]
pub fn encode_frame(body: &[u8]) -> Vec<u8> {
    assert!(body.len() <= BODY_MAX, "a body of {} bytes cannot be framed", body.len());
    let length = u32::try_from(body.len()).expect("BODY_MAX fits 32 bits");
    let mut frame = Vec::with_capacity(PREFIX_LEN + body.len());
    frame.extend_from_slice(&length.to_be_bytes());
    frame.extend_from_slice(body);
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bodies(reader: &mut FrameReader) -> Result<Vec<Vec<u8>>, FrameError> {
        let mut bodies = Vec::new();
        while let Some(body) = reader.next_frame()? {
            bodies.push(body.to_vec());
        }
        Ok(bodies)
    }

    #[test]
    fn returns_each_body_once_however_the_stream_is_cut() {
        let stream =
            [encode_frame(b"85\0"), encode_frame(b"49\x001\0"), encode_frame(b"x")].concat();
        for cut in 1..=stream.len() {
            let mut reader = FrameReader::new();
            let mut seen = Vec::new();
            for piece in stream.chunks(cut) {
                reader.push(piece);
                seen.extend(bodies(&mut reader).expect("is well framed"));
            }
            assert_eq!(seen, [&b"85\0"[..], b"49\x001\0", b"x"], "cut into {cut}");
            assert_eq!(reader.waiting(), 0);
        }
    }

    #[test]
    fn refuses_an_empty_body_and_one_that_is_too_long() {
        for (prefix, error) in [
            ([0, 0, 0, 0], FrameError::Empty),
            ([1, 0, 0, 0], FrameError::TooLong { length: 0x0100_0000 }),
            (*b"GET ", FrameError::TooLong { length: 0x4745_5420 }),
        ] {
            let mut reader = FrameReader::new();
            reader.push(&prefix);
            assert_eq!(reader.next_frame(), Err(error.clone()));
            assert_eq!(reader.next_frame(), Err(error));
        }
    }
}
