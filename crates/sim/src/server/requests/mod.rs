//! One request, one answer: which handler takes it, and a sentence for those that nobody takes.
//!
//! Each family has a table, in a file of its own: a request that `gatehouse-tws` learns to read does not
//! compile here before one of the tables takes it. It must never leave a request in silence. Called
//! by the hub.

mod account;
mod desktop;
mod general;
mod history;
mod market;
mod news;
mod orders;
mod permissions;
mod reference;

use gatehouse_tws::head::Head;
use gatehouse_tws::layout::LayoutError;
use gatehouse_tws::request::Request;
use gatehouse_tws::{Form, ServerVersion};
use gatehouse_types::ClientId;

use super::hub::{Hub, SessionId};

/// Who asks, and with which bytes.
#[derive(Debug, Clone, Copy)]
struct Call<'a> {
    session: SessionId,
    client_id: ClientId,
    body: &'a [u8],
}

/// One request on its way to the table that takes it.
struct Counter<'a> {
    hub: &'a mut Hub,
    call: Call<'a>,
}

/// Says how requests of each type are answered: `Type => |hub, call, asked| answer;`.
macro_rules! answers {
    ($($type:ty => |$hub:tt, $call:tt, $asked:tt| $answer:expr;)+) => {
        $(impl gatehouse_tws::request::Take<$type> for $crate::server::requests::Counter<'_> {
            fn take(&mut self, $asked: $type) {
                let $hub = &mut *self.hub;
                let $call = self.call;
                $answer
            }
        })+
    };
}
use answers;

impl Hub {
    /// Answers one request of a client.
    pub(super) fn answer(
        &mut self,
        session: SessionId,
        client_id: ClientId,
        request: Request,
        body: &[u8],
    ) {
        if self.desktop.refuses(&request) {
            let text = "Error validating request.-'bS' : cause - The API interface is currently in Read-Only mode.";
            return self.complain(session, order_id(&request), 321, text);
        }
        let call = Call { session, client_id, body };
        request.hand_to(&mut Counter { hub: self, call });
    }

    /// Sends one message to one client, in the form of its version.
    pub(super) fn say(
        &self,
        session: SessionId,
        encode: impl FnOnce(ServerVersion) -> Result<Vec<u8>, LayoutError>,
    ) {
        if let Some(client) = self.clients.get(&session) {
            client.say(encode(client.version));
        }
    }

    /// Tells one client what is wrong with a request, or with none (−1).
    pub(super) fn complain(&self, session: SessionId, id: i32, code: i32, text: &str) {
        if let Some(client) = self.clients.get(&session) {
            client.complain(id, code, text);
        }
    }

    /// Changes what a client is subscribed to.
    pub(super) fn with<T>(
        &mut self,
        session: SessionId,
        change: impl FnOnce(&mut super::client::Client) -> T,
    ) -> Option<T> {
        self.clients.get_mut(&session).map(change)
    }
}
/// Returns the order that a request is about, −1 for none.
fn order_id(request: &Request) -> i32 {
    if let Request::PlaceOrder(asked) = request {
        asked.order_id.get()
    } else if let Request::CancelOrder(asked) = request {
        asked.order_id.get()
    } else {
        -1
    }
}

/// Guesses the request id of a body that is not decoded, so that its sender can match the error:
/// field 1 of protobuf; in text the field after the version, which placeOrder, reqHistoricalData and messages from 78 on
/// lack.
pub(super) fn id_in_body(version: ServerVersion, body: &[u8]) -> i32 {
    let Ok(head) = Head::split(version, body) else { return -1 };
    let found = match head.form {
        Form::Text => {
            let skipped = usize::from(head.id < 78 && head.id != 3 && head.id != 20);
            let field = head.payload.split(|byte| *byte == 0).nth(skipped);
            field.and_then(|field| std::str::from_utf8(field).ok()?.parse().ok())
        }
        Form::Protobuf => match head.payload.split_first() {
            Some((0x08, rest)) => varint(rest),
            Some(_) | None => None,
        },
    };
    found.unwrap_or(-1)
}

fn varint(bytes: &[u8]) -> Option<i32> {
    let mut value = 0_u64;
    for (shift, byte) in (0_u32..10).zip(bytes) {
        value |= u64::from(byte & 0x7F).checked_shl(shift * 7)?;
        if byte & 0x80 == 0 {
            return i32::try_from(value).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_request_id_in_both_forms() {
        for (version, body, id) in [
            (178, &b"10\x005\x0042\x00"[..], 42),
            (178, b"83\x0042\0", 42),
            (178, b"83\0x\0", -1),
            (226, b"\0\0\x01\x1b\x08\xac\x02", 300),
            (226, b"\0\0\x01\x1b", -1),
        ] {
            assert_eq!(id_in_body(ServerVersion::new(version), body), id, "{body:?}");
        }
    }
}
