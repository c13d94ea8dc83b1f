//! The hub on virtual time: what counts in time and what does not.

use std::time::Duration;

use gatehouse_tws::answer::{ErrorReport, NextValidId, TickPrice};
use gatehouse_tws::handshake::{ClientHello, StartApi};
use gatehouse_tws::layout::{ReqId, WireContract};
use gatehouse_tws::request::MarketDataRequest;
use gatehouse_tws::{FrameReader, Head, ServerVersion, VersionRange, encode_frame};
use gatehouse_types::{ClientId, ConId, Decimal, Utc};

use super::{Rehearsal, RehearsalConfig};
use crate::server::{Ending, Script, SessionId, Speed, Temper};
use crate::world::calendar::{new_york_secs, utc};
use crate::world::market::allowance::Allowance;
use crate::world::time::Step;
use crate::world::{Agreement, Fills, WorldConfig};

const VERSION: ServerVersion = ServerVersion::new(178);

fn start() -> Utc {
    utc(new_york_secs(jiff::civil::date(2026, 1, 5), 10, 30))
}

fn rehearsal(speed: u32, beat_ms: u64) -> Rehearsal {
    let config = RehearsalConfig {
        start: start(),
        speed: Speed::from_thousandths(speed).expect("is a speed"),
        beat: Duration::from_millis(beat_ms),
        max_version: VERSION,
        script: Script::default(),
        temper: Temper::default(),
        agreed: Agreement::default(),
    };
    let world = WorldConfig {
        seed: 1,
        account: "DU1234567".to_owned(),
        cash: Decimal::from(1_000_000),
        tape: None,
        start: Step::of(start()),
        run: 7,
        fills: Fills::default(),
        allowance: Allowance::default(),
    };
    Rehearsal::new(config, world)
}

/// Opens a connection and says everything up to START_API.
fn connect(stage: &mut Rehearsal, client_id: i32) -> SessionId {
    let session = stage.open();
    let range = VersionRange::try_new(ServerVersion::new(100), VERSION).expect("is a range");
    stage.say(session, &ClientHello { range, options: String::new() }.encode());
    let start =
        StartApi { client_id: ClientId::new(client_id), optional_capabilities: String::new() };
    stage.say(session, &encode_frame(&start.encode(VERSION)));
    session
}

/// Takes the bodies that a client heard, the handshake's answer included.
fn bodies(stage: &mut Rehearsal, session: SessionId) -> Vec<Vec<u8>> {
    let mut reader = FrameReader::new();
    reader.push(&stage.hear(session));
    let mut found = Vec::new();
    while let Some(body) = reader.next_frame().expect("are frames") {
        found.push(body.to_vec());
    }
    found
}

fn count(bodies: &[Vec<u8>], id: i32) -> usize {
    let is_it = |body: &&Vec<u8>| Head::split(VERSION, body).is_ok_and(|head| head.id == id);
    bodies.iter().filter(is_it).count()
}

fn subscribe(stage: &mut Rehearsal, session: SessionId) {
    let spy = WireContract { con_id: Some(ConId::new(756_733)), ..WireContract::default() };
    let asked =
        MarketDataRequest { req_id: ReqId::new(5), contract: spy, ..MarketDataRequest::default() };
    stage.say(session, &encode_frame(&asked.encode(VERSION).expect("encodes")));
}

#[test]
fn a_connection_without_a_word_is_closed_after_ten_seconds_of_the_clients_time() {
    for (speed, secs) in [(1_000, 10), (60_000, 600)] {
        let mut stage = rehearsal(speed, 250);
        let silent = stage.open();
        stage.pass(Duration::from_secs(secs) - Duration::from_millis(1));
        assert_eq!(stage.ended(silent), None);
        stage.pass(Duration::from_millis(1));
        assert_eq!(stage.ended(silent), Some(Ending::Now));
    }
}

#[test]
fn who_knocks_waits_two_seconds_of_its_own_time_for_its_id() {
    for (speed, secs) in [(1_000, 2), (20_000, 40)] {
        let mut stage = rehearsal(speed, 250);
        let first = connect(&mut stage, 5);
        let late = connect(&mut stage, 5);
        stage.pass(Duration::from_secs(secs) - Duration::from_millis(1));
        assert_eq!(bodies(&mut stage, late).len(), 1, "only the version");
        stage.pass(Duration::from_millis(1));
        assert_eq!(count(&bodies(&mut stage, late), ErrorReport::ID.wire()), 1);
        assert_eq!(stage.ended(late), Some(Ending::AfterBytes));

        let patient = connect(&mut stage, 5);
        stage.pass(Duration::from_secs(secs) / 2);
        stage.close(first);
        assert_eq!(count(&bodies(&mut stage, patient), NextValidId::ID.wire()), 1);
    }
}

#[test]
fn a_faster_beat_gives_a_message_per_change_in_a_fast_market() {
    let bids_in_ten_seconds = |speed, beat_ms| {
        let mut stage = rehearsal(speed, beat_ms);
        let session = connect(&mut stage, 1);
        subscribe(&mut stage, session);
        stage.pass(Duration::from_secs(10));
        count(&bodies(&mut stage, session), TickPrice::ID.wire())
    };
    let real = bids_in_ten_seconds(1_000, 250);
    assert!(real > 10, "{real}");
    assert_eq!(bids_in_ten_seconds(100_000, 2), real, "each quarter of a second is looked at");
    assert!(bids_in_ten_seconds(100_000, 250) < real);
}

#[test]
fn bytes_count_alike_however_they_are_cut() {
    let talk = |cut: usize| {
        let mut stage = rehearsal(1_000, 250);
        let session = stage.open();
        let range = VersionRange::try_new(VERSION, VERSION).expect("is a range");
        let mut bytes = ClientHello { range, options: String::new() }.encode();
        let start = StartApi { client_id: ClientId::new(3), optional_capabilities: String::new() };
        bytes.extend(encode_frame(&start.encode(VERSION)));
        bytes.extend(encode_frame(b"49\x001\0"));
        for piece in bytes.chunks(cut) {
            stage.say(session, piece);
        }
        stage.hear(session)
    };
    let whole = talk(10_000);
    assert!(whole.len() > 100);
    assert_eq!(talk(1), whole);
    assert_eq!(talk(7), whole);
}
