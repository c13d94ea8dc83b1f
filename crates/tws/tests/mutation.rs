//! Any change that a client could not have meant makes an order not understood.

use gatehouse_tws::request::PlaceOrder;
use gatehouse_tws::{Form, Head, ServerVersion};

use crate::fixtures::{self, Fixture};

fn check_refused(fixture: &Fixture, body: &[u8], what: &str) {
    let decoded = PlaceOrder::decode(fixture.version, body);
    assert!(decoded.is_err(), "{}: {what} was taken", fixture.name());
}

fn texts() -> impl Iterator<Item = Fixture> {
    fixtures::orders().into_iter().filter(|fixture| !fixture.version.has(201))
}

fn protobufs() -> impl Iterator<Item = Fixture> {
    fixtures::orders().into_iter().filter(|fixture| fixture.version.has(213))
}

fn payload(fixture: &Fixture) -> Vec<u8> {
    Head::split(fixture.version, &fixture.body).expect("has a head").payload.to_vec()
}

pub(crate) fn protobuf(version: ServerVersion, payload: &[u8]) -> Vec<u8> {
    Head { id: 3, form: Form::Protobuf, payload }.join(version).expect("has protobuf")
}

#[test]
fn a_text_order_that_lacks_a_field_is_refused() {
    for fixture in texts() {
        let fields: Vec<&[u8]> = fixture.body.split_inclusive(|byte| *byte == 0).collect();
        let last = fields.len() - 1;
        check_refused(&fixture, &fields[..last].concat(), "an order without its last field");
        check_refused(&fixture, &fixture.body[..fixture.body.len() - 1], "an unfinished field");
        for n_kept in 0..last {
            check_refused(&fixture, &fields[..n_kept].concat(), "a prefix");
        }
    }
}

#[test]
fn a_text_order_with_a_field_more_is_refused() {
    for fixture in texts() {
        for extra in [&b"\0"[..], b"0\0", b"1\0", b"x\0", b"x"] {
            let body = [&fixture.body, extra].concat();
            check_refused(&fixture, &body, "an order with a field more");
        }
    }
}

/// The plain order is used: in it every shift moves a text onto a number.
#[test]
fn a_text_order_with_a_field_dropped_or_added_inside_is_refused() {
    for fixture in texts().filter(|fixture| matches!(fixture.shape, "limit" | "market")) {
        let fields: Vec<&[u8]> = fixture.body.split_inclusive(|byte| *byte == 0).collect();
        for at in 1..fields.len() {
            let dropped = [&fields[..at], &fields[at + 1..]].concat().concat();
            check_refused(&fixture, &dropped, "an order that lacks a field inside");
            let added = [&fields[..at], &[&b"\0"[..]], &fields[at..]].concat().concat();
            check_refused(&fixture, &added, "an order with a field more inside");
        }
    }
}

#[test]
fn a_protobuf_order_that_is_cut_is_refused() {
    for fixture in protobufs() {
        let payload = payload(&fixture);
        let fields = top_fields(&payload);
        for end in 4..fixture.body.len() {
            // Only the last message, that of the attached orders, may be missing as a whole.
            let is_whole = fields.iter().any(|field| field[0] == 0x22)
                && end == fixture.body.len() - fields.last().expect("is one").len();
            if !is_whole {
                check_refused(&fixture, &fixture.body[..end], "a cut order");
            }
        }
    }
}

#[test]
fn a_protobuf_order_with_an_unknown_tag_is_refused() {
    for fixture in protobufs() {
        let payload = payload(&fixture);
        // Tag 5 as a number, tag 200 as a text, tag 0, a group.
        for extra in [&b"\x28\x01"[..], b"\xc2\x0c\x00", b"\x00\x00", b"\x2b\x2c"] {
            let body = protobuf(fixture.version, &[&payload, extra].concat());
            check_refused(&fixture, &body, "an unknown tag");
        }
    }
}

#[test]
fn a_protobuf_order_with_a_repeated_field_is_refused() {
    for fixture in protobufs() {
        let payload = payload(&fixture);
        for field in top_fields(&payload) {
            let body = protobuf(fixture.version, &[payload.as_slice(), field].concat());
            check_refused(&fixture, &body, "a repeated field");
        }
    }
}

#[test]
fn a_protobuf_order_with_a_bad_field_in_the_order_message_is_refused() {
    for fixture in protobufs() {
        let payload = payload(&fixture);
        let fields = top_fields(&payload);
        // Order.transmit again; tag 150; lmtPrice as a number; action that is not text; a quantity
        // that is no decimal.
        for extra in [
            &b"\x90\x04\x01\x90\x04\x01"[..],
            b"\xb0\x09\x01",
            b"\x48\x05",
            b"\x2a\x01\xff",
            b"\x32\x03abc",
            b"\x32\x041_00",
        ] {
            let mut body = Vec::new();
            for field in &fields {
                if field[0] == 0x1a {
                    let inner = [delimited(field), extra].concat();
                    body.push(0x1a);
                    body.extend(varint(inner.len()));
                    body.extend(inner);
                } else {
                    body.extend_from_slice(field);
                }
            }
            let body = protobuf(fixture.version, &body);
            check_refused(&fixture, &body, "a bad field in the order message");
        }
    }
}

#[test]
fn an_order_of_a_newer_version_is_refused_at_an_older_one() {
    for fixture in protobufs().filter(|fixture| matches!(fixture.shape, "newest" | "deactivate")) {
        let body = protobuf(ServerVersion::new(213), &payload(&fixture));
        assert!(PlaceOrder::decode(ServerVersion::new(213), &body).is_err(), "{}", fixture.name());
    }
}

#[test]
fn an_order_in_the_wrong_form_or_of_a_version_not_understood_is_refused() {
    for fixture in fixtures::orders() {
        let payload = payload(&fixture);
        for version in [100, 156, 227, 300].map(ServerVersion::new) {
            for form in [Form::Text, Form::Protobuf] {
                if let Ok(body) = (Head { id: 3, form, payload: &payload }).join(version) {
                    assert!(PlaceOrder::decode(version, &body).is_err(), "{}", fixture.name());
                }
            }
        }
        let text = Head { id: 3, form: Form::Text, payload: &payload };
        let version = ServerVersion::new(226);
        let body = text.join(version).expect("joins");
        assert!(PlaceOrder::decode(version, &body).is_err(), "{}", fixture.name());
    }
}

/// Splits a payload into its fields, each with its key.
pub(crate) fn top_fields(mut payload: &[u8]) -> Vec<&[u8]> {
    let mut fields = Vec::new();
    while !payload.is_empty() {
        let (_, n_key) = read_varint(payload);
        let length = match payload[0] & 7 {
            1 => n_key + 8,
            2 => {
                let (value, n_value) = read_varint(&payload[n_key..]);
                n_key + n_value + value
            }
            _ => n_key + read_varint(&payload[n_key..]).1,
        };
        let (field, rest) = payload.split_at(length);
        fields.push(field);
        payload = rest;
    }
    fields
}

pub(crate) fn delimited(field: &[u8]) -> &[u8] {
    let (_, n_key) = read_varint(field);
    let (_, n_length) = read_varint(&field[n_key..]);
    &field[n_key + n_length..]
}

pub(crate) fn read_varint(bytes: &[u8]) -> (usize, usize) {
    let n_bytes = bytes.iter().position(|byte| *byte < 0x80).expect("ends") + 1;
    let value = bytes[..n_bytes]
        .iter()
        .rev()
        .fold(0, |value, byte| (value << 7) | usize::from(byte & 0x7F));
    (value, n_bytes)
}

pub(crate) fn varint(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(u8::try_from(value & 0x7F).expect("seven bits") | 0x80);
        value >>= 7;
    }
    bytes.push(u8::try_from(value).expect("seven bits"));
    bytes
}
