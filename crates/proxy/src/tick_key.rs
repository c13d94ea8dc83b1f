//! Which frames may stand in for one another: market-data ticks of the same request and kind.
//!
//! Read only when a bot has fallen behind; anything that is not surely a tick is kept.

use gatehouse_tws::answer::AnswerId;
use gatehouse_tws::{Form, Head, ServerVersion};

/// A tick with the same key makes an earlier one obsolete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct TickKey {
    message: AnswerId,
    req_id: i64,
    tick_type: i64,
}

impl TickKey {
    /// Returns the key of a tick, or `None` for any other message.
    pub(crate) fn of(version: ServerVersion, body: &[u8]) -> Option<Self> {
        let head = Head::split(version, body).ok()?;
        let message = AnswerId::from_wire(head.id)?;
        let is_tick = [
            AnswerId::TickPrice,
            AnswerId::TickSize,
            AnswerId::TickOptionComputation,
            AnswerId::TickGeneric,
            AnswerId::TickString,
        ]
        .contains(&message);
        if !is_tick {
            return None;
        }
        let (req_id, tick_type) = match head.form {
            Form::Text => text_key(message, head.payload)?,
            Form::Protobuf => protobuf_key(head.payload)?,
        };
        Some(Self { message, req_id, tick_type })
    }
}

/// Text: a layout version (which tickOptionComputation has not), the request id, the tick type.
fn text_key(message: AnswerId, payload: &[u8]) -> Option<(i64, i64)> {
    let n_before = usize::from(message != AnswerId::TickOptionComputation);
    let mut fields = payload.split(|byte| *byte == 0).skip(n_before);
    let mut number = || std::str::from_utf8(fields.next()?).ok()?.parse().ok();
    Some((number()?, number()?))
}

/// Protobuf: fields 1 and 2, both varints, in this order and in front, as the Gateway writes them.
fn protobuf_key(payload: &[u8]) -> Option<(i64, i64)> {
    const REQ_ID: u8 = 0x08;
    const TICK_TYPE: u8 = 0x10;
    let rest = payload.strip_prefix(&[REQ_ID])?;
    let (req_id, rest) = varint(rest)?;
    // Tick type 0 is the default value and may be left out.
    let tick_type = match rest.strip_prefix(&[TICK_TYPE]) {
        Some(rest) => varint(rest)?.0,
        None => 0,
    };
    Some((req_id, tick_type))
}

fn varint(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let mut value = 0_i64;
    for (n, byte) in bytes.iter().take(9).enumerate() {
        value |= i64::from(byte & 0x7f) << (7 * n);
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(n + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(version: i32, body: &[u8]) -> Option<(i64, i64)> {
        TickKey::of(ServerVersion::new(version), body).map(|key| (key.req_id, key.tick_type))
    }

    #[test]
    fn reads_request_and_kind_of_a_tick_in_both_forms() {
        assert_eq!(key(178, b"1\x006\x0042\x004\x00101.5\x003\x000\0"), Some((42, 4)));
        assert_eq!(key(178, b"46\x006\x0042\x0045\x001700000000\0"), Some((42, 45)));
        assert_eq!(key(178, b"21\x0042\x0013\x001\0"), Some((42, 13)));
        assert_eq!(key(226, b"\0\0\0\xc9\x08\xac\x02\x10\x04\x19"), Some((300, 4)));
        assert_eq!(key(226, b"\0\0\0\xca\x08\x01\x1a\x010"), Some((1, 0)));
    }

    #[test]
    fn anything_else_is_not_a_tick() {
        assert_eq!(key(178, b"3\x0042\x00Filled\0"), None);
        assert_eq!(key(178, b"12\x001\x0042\x000\0"), None);
        assert_eq!(key(178, b"1\x006\0x\x004\0"), None);
        assert_eq!(key(226, b"\0\0\0\xc9\x08"), None);
        assert_eq!(key(226, b"\0\0"), None);
    }
}
