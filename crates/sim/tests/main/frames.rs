//! What the server does with frames that no good client sends, and what it records.

use gatehouse_tws::ServerVersion;
use gatehouse_tws::request::{CancelOrder, CurrentTimeRequest};
use gatehouse_types::OrderId;

use crate::server;
use crate::wire::Wire;

const TEXT: ServerVersion = ServerVersion::new(178);

#[test]
fn closes_on_a_client_that_is_too_old() {
    let server = server(None);
    let mut wire = Wire::connect(server.address(), "v100..156");
    assert_eq!(wire.next(), None);
}

#[test]
fn answers_what_it_does_not_know_with_a_sentence() {
    let server = server(None);
    let mut wire = Wire::begin_at(server.address(), TEXT.get(), 5);
    for (body, id, code) in [
        (&b"84\x0042\0a6\0"[..], 42, 320),
        (b"3\x007\0nonsense\0", 7, 320),
        (b"999\x001\0", -1, 505),
        (b"20\x0055\0", 55, 320),
    ] {
        wire.send(body);
        let report = wire.next_error();
        assert_eq!((report.id, report.code), (id, code), "{}", report.text);
    }
    let cancel = CancelOrder::new(OrderId::new(77)).encode(TEXT).expect("encodes");
    wire.send(&cancel);
    assert_eq!(wire.next_error().code, 10147);
}

#[test]
fn records_a_frame_before_it_answers() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let path = dir.path().join("record.jsonl");
    let server = server(Some(path.clone()));
    let mut wire = Wire::begin_at(server.address(), TEXT.get(), 6);
    wire.send(&CurrentTimeRequest.encode(TEXT).expect("encodes"));
    wire.send(&CancelOrder::new(OrderId::new(3)).encode(TEXT).expect("encodes"));
    assert_eq!(wire.next_error().code, 10147);
    let text = std::fs::read_to_string(&path).expect("reads");
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).expect("is JSON")).collect();
    assert_eq!(lines.len(), 1);
    assert_eq!((&lines[0]["client_id"], &lines[0]["order_id"]), (&6.into(), &3.into()));
}
