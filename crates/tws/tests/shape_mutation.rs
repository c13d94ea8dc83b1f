//! What a client could not have meant, for every shape of an order: a field less or more, a garbled
//! one, a cut, a repetition, another form.

use gatehouse_tws::request::{PlaceOrder, RequestId};
use gatehouse_tws::{Form, Head, ServerVersion};

use crate::fixtures::{self, Shape};
use crate::mutation::{delimited, protobuf, read_varint, top_fields, varint};

fn shapes() -> impl Iterator<Item = Shape> {
    let is_order = |shape: &Shape| shape.id() == RequestId::PlaceOrder;
    fixtures::shapes()
        .into_iter()
        .filter(is_order)
        .filter(|shape| PlaceOrder::decode(shape.version, &shape.body).is_ok())
}

/// Every shape once in each family of layouts, so that the test stays quick.
fn some_shapes() -> impl Iterator<Item = Shape> {
    shapes().filter(|shape| {
        let version = shape.version.get();
        match shape.client {
            "ibapi-10.51.1" => matches!(version, 157 | 188 | 193 | 201 | 203 | 226),
            "@stoqey/ib-1.6.10" => version == 193,
            _ => false,
        }
    })
}

/// The id stands in front: as a field, or as four bytes.
fn text_fields(shape: &Shape) -> Option<(Vec<u8>, Vec<&[u8]>)> {
    let head = Head::split(shape.version, &shape.body).expect("has a head");
    let is_text = head.form == Form::Text;
    let n_front = shape.body.len() - head.payload.len();
    let fields = shape.body[n_front..].split_inclusive(|byte| *byte == 0).collect();
    is_text.then(|| (shape.body[..n_front].to_vec(), fields))
}

#[test]
fn a_text_order_of_any_shape_with_a_field_less_or_more_is_refused() {
    let mut n_taken = Vec::new();
    // Before the price count of one leg, `1` makes the count that follows a price.
    for shape in some_shapes().filter(|shape| shape.shape != "combo-delta-neutral") {
        let Some((front, fields)) = text_fields(&shape) else { continue };
        let mut check = |body: Vec<u8>, what: String| {
            if PlaceOrder::decode(shape.version, &[front.as_slice(), &body].concat()).is_ok() {
                n_taken.push(format!("{}: {what}", shape.name()));
            }
        };
        for at in 0..fields.len() {
            check(fields[..at].concat(), format!("cut before field {at}"));
            // Without the letter of a hedge its empty parameter says that there is no hedge.
            if !matches!(fields[at], b"D\0" | b"F\0") {
                let less = [&fields[..at], &fields[at + 1..]].concat().concat();
                check(less, format!("no field {at}"));
            }
            for extra in [&b"\0"[..], b"0\0", b"1\0"] {
                let more = [&fields[..at], &[extra], &fields[at..]].concat().concat();
                check(more, format!("a field more before {at}"));
            }
        }
    }
    assert!(n_taken.is_empty(), "{}", n_taken.join("\n"));
}

/// What is no number may stand only where a text may: then the text is read as it is.
#[test]
fn a_text_order_with_a_garbled_field_is_refused_or_read_as_it_is() {
    for shape in some_shapes() {
        let Some((front, fields)) = text_fields(&shape) else { continue };
        for at in 0..fields.len() {
            let garbled = [&fields[..at], &[&b"1,5~\0"[..]], &fields[at + 1..]].concat().concat();
            let body = [front.as_slice(), &garbled].concat();
            if let Ok(placed) = PlaceOrder::decode(shape.version, &body) {
                let read = format!("{placed:?}");
                assert!(read.contains("\"1,5~\""), "{}: field {at} is lost", shape.name());
            }
        }
    }
}

#[test]
fn a_protobuf_order_of_any_shape_that_is_cut_or_has_more_is_refused() {
    for shape in some_shapes() {
        let version = shape.version;
        let head = Head::split(version, &shape.body).expect("has a head");
        if head.form == Form::Text {
            continue;
        }
        let name = shape.name();
        let fields = top_fields(head.payload);
        let has_attached = fields.last().is_some_and(|field| field[0] == 0x22);
        let last = fields.last().map_or(0, |field| field.len());
        for end in (4..shape.body.len()).step_by(3) {
            if !has_attached || end != shape.body.len() - last {
                let cut = PlaceOrder::decode(version, &shape.body[..end]);
                assert!(cut.is_err(), "{name}: cut at {end}");
            }
        }
        for field in &fields {
            let body = [shape.body.as_slice(), field].concat();
            assert!(PlaceOrder::decode(version, &body).is_err(), "{name}: a repeated field");
        }
        for extra in [&b"\x28\x01"[..], b"\xc2\x0c\x00", b"\x00\x00", b"\x2b\x2c"] {
            let body = [shape.body.as_slice(), extra].concat();
            assert!(PlaceOrder::decode(version, &body).is_err(), "{name}: an unknown tag");
        }
        check_order_fields(&shape, &fields);
    }
}

/// Every field of the order inside, once more.
fn check_order_fields(shape: &Shape, fields: &[&[u8]]) {
    let order = fields.iter().find(|field| field[0] == 0x1a).expect("has an order");
    for inner in top_fields(delimited(order)) {
        let tag = read_varint(inner).0 >> 3;
        // Lists and maps may hold a thing twice.
        if matches!(tag, 62 | 64 | 84 | 100) {
            continue;
        }
        let twice = [delimited(order), inner].concat();
        let mut body = vec![0x1a];
        body.extend(varint(twice.len()));
        body.extend(twice);
        let others = fields.iter().filter(|field| field[0] != 0x1a).copied().collect::<Vec<_>>();
        let body = protobuf(shape.version, &[others.concat(), body].concat());
        let read = PlaceOrder::decode(shape.version, &body);
        assert!(read.is_err(), "{}: tag {tag} twice", shape.name());
    }
}

/// At each version exactly one form is an order.
#[test]
fn an_order_in_the_form_of_another_version_is_refused() {
    for shape in some_shapes().filter(|shape| shape.version.get() != 226) {
        let head = Head::split(shape.version, &shape.body).expect("has a head");
        for version in (157..=226).map(ServerVersion::new) {
            let Ok(body) = head.join(version) else { continue };
            let is_protobuf = version.has(203);
            let read = PlaceOrder::decode(version, &body);
            if (head.form == Form::Protobuf) != is_protobuf {
                assert!(read.is_err(), "{} at {version}", shape.name());
            }
        }
    }
}

#[test]
fn a_size_or_a_leg_that_is_not_stated_is_refused() {
    let shape = shapes().find(|shape| shape.shape == "combo-plain").expect("is one");
    let (front, fields) = text_fields(&shape).expect("is text");
    for at in [16, 34, 35, 36] {
        let emptied = [&fields[..at], &[&b"\0"[..]], &fields[at + 1..]].concat().concat();
        let body = [front.as_slice(), &emptied].concat();
        assert!(PlaceOrder::decode(shape.version, &body).is_err(), "field {at} is empty");
    }
}

#[test]
fn orders_that_one_order_brings_are_refused_below_their_version() {
    for shape in shapes().filter(|shape| shape.shape == "attached") {
        let head = Head::split(shape.version, &shape.body).expect("has a head");
        if head.form == Form::Protobuf {
            let version = ServerVersion::new(217);
            let body = head.join(version).expect("has protobuf");
            assert!(PlaceOrder::decode(version, &body).is_err(), "{}", shape.name());
        }
    }
}
