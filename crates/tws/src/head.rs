//! The head of a body: which message it is and in which form its payload is written.
//!
//! Below 201 the first text field is the id. From 201 on the id is four bytes, and 200 is added
//! to it when the payload is protobuf.

use crate::{Form, ServerVersion};

/// Added to the id of a message whose payload is protobuf.
const PROTOBUF_OFFSET: i32 = 200;

/// A body, split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head<'a> {
    /// The message's own id, without the offset of the protobuf form.
    pub id: i32,
    pub form: Form,
    pub payload: &'a [u8],
}

/// Why a body has no head, or a head cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeadError {
    /// The body ends before its id does.
    #[error("a message of {length} bytes has no id")]
    Truncated { length: usize },
    /// The id is not a small positive number.
    #[error("the message id cannot be read")]
    NotAnId,
    /// Protobuf payloads exist from 201 on.
    #[error("server version {version} has no protobuf messages")]
    NoProtobuf { version: ServerVersion },
}

impl<'a> Head<'a> {
    /// Splits a body.
    ///
    /// # Errors
    /// The body has no readable id.
    pub fn split(version: ServerVersion, body: &'a [u8]) -> Result<Self, HeadError> {
        if version < ServerVersion::RAW_IDS {
            Self::split_text(body)
        } else {
            Self::split_raw(body)
        }
    }

    fn split_text(body: &'a [u8]) -> Result<Self, HeadError> {
        let end = body
            .iter()
            .take(12)
            .position(|byte| *byte == 0)
            .ok_or(HeadError::Truncated { length: body.len() })?;
        let (field, rest) = body.split_at(end);
        let id = std::str::from_utf8(field)
            .ok()
            .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))
            .filter(|text| !text.starts_with('0'))
            .and_then(|text| text.parse().ok())
            .ok_or(HeadError::NotAnId)?;
        Ok(Self { id, form: Form::Text, payload: rest.get(1..).unwrap_or_default() })
    }

    fn split_raw(body: &'a [u8]) -> Result<Self, HeadError> {
        let (raw, payload) =
            body.split_first_chunk::<4>().ok_or(HeadError::Truncated { length: body.len() })?;
        match i32::from_be_bytes(*raw) {
            id @ 1..=PROTOBUF_OFFSET => Ok(Self { id, form: Form::Text, payload }),
            id if id > PROTOBUF_OFFSET => {
                Ok(Self { id: id - PROTOBUF_OFFSET, form: Form::Protobuf, payload })
            }
            _ => Err(HeadError::NotAnId),
        }
    }

    /// Puts the body together again; the inverse of [`Head::split`].
    ///
    /// # Errors
    /// A protobuf payload at a version that has none.
    pub fn join(&self, version: ServerVersion) -> Result<Vec<u8>, HeadError> {
        let mut body = if version >= ServerVersion::RAW_IDS {
            let offset = match self.form {
                Form::Text => 0,
                Form::Protobuf => PROTOBUF_OFFSET,
            };
            (self.id + offset).to_be_bytes().to_vec()
        } else if self.form == Form::Protobuf {
            return Err(HeadError::NoProtobuf { version });
        } else {
            format!("{}\0", self.id).into_bytes()
        };
        body.extend_from_slice(self.payload);
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(version: i32, body: &[u8], id: i32, form: Form, payload: &[u8]) {
        let version = ServerVersion::new(version);
        let head = Head::split(version, body).expect("has a head");
        assert_eq!(head, Head { id, form, payload });
        assert_eq!(head.join(version).expect("joins"), body);
    }

    #[test]
    fn splits_and_joins_each_form() {
        check(178, b"49\x001\0", 49, Form::Text, b"1\0");
        check(178, b"85\0", 85, Form::Text, b"");
        check(201, b"\0\0\0\x311\0", 49, Form::Text, b"1\0");
        check(226, b"\0\0\0\xcb\x08\x01", 3, Form::Protobuf, b"\x08\x01");
    }

    #[test]
    fn refuses_a_body_without_a_readable_id() {
        for (version, body) in [
            (178, &b""[..]),
            (178, b"49"),
            (178, b"-3\0"),
            (178, b"03\0"),
            (178, b"3x\0"),
            (178, b"99999999999\0"),
            (226, b"\0\0\0"),
            (226, b"\0\0\0\0"),
            (226, b"\xff\0\0\0"),
        ] {
            assert!(Head::split(ServerVersion::new(version), body).is_err(), "{body:?} was taken");
        }
    }
}
