//! The Gateway's temper on virtual time: rates, restarts, its zone.

use std::time::Duration;

use gatehouse_sim::server::{
    Ending, PacingMode, Rehearsal, RehearsalConfig, Script, Speed, Temper,
};
use gatehouse_tws::answer::{CurrentTime, ErrorReport, OpenOrder, OpenOrderEnd};
use gatehouse_tws::handshake::{ClientHello, StartApi};
use gatehouse_tws::layout::WireContract;
use gatehouse_tws::order::Order;
use gatehouse_tws::request::{CurrentTimeRequest, OpenOrdersRequest, PlaceOrder, Request};
use gatehouse_tws::{FrameReader, Head, ServerVersion, VersionRange, encode_frame};
use gatehouse_types::{ClientId, ConId, Decimal, OrderId};

use crate::stage::world;
use crate::start_time;
use gatehouse_sim::server::SessionId;
use gatehouse_sim::world::Agreement;

const VERSION: ServerVersion = ServerVersion::new(178);

fn gateway(temper: Temper) -> Rehearsal {
    let config = RehearsalConfig {
        start: start_time(),
        speed: Speed::REAL,
        beat: Duration::from_millis(250),
        max_version: VERSION,
        script: Script::default(),
        temper,
        agreed: Agreement::default(),
    };
    Rehearsal::new(config, world(1))
}

fn pacing(mode: PacingMode) -> Temper {
    Temper { pacing: mode, ..Temper::default() }
}

fn enter(stage: &mut Rehearsal, options: &str) -> SessionId {
    let session = stage.open();
    let range = VersionRange::try_new(VERSION, VERSION).expect("is a range");
    stage.say(session, &ClientHello { range, options: options.to_owned() }.encode());
    let start = StartApi { client_id: ClientId::new(1), ..StartApi::default() };
    stage.say(session, &encode_frame(&start.encode(VERSION)));
    session
}

fn ask(stage: &mut Rehearsal, session: SessionId, request: &Request) {
    stage.say(session, &encode_frame(&request.encode(VERSION).expect("can be written")));
}

fn bodies(stage: &mut Rehearsal, session: SessionId) -> Vec<Vec<u8>> {
    let mut frames = FrameReader::new();
    frames.push(&stage.hear(session));
    let mut found = Vec::new();
    while let Some(body) = frames.next_frame().expect("is framed") {
        found.push(body.to_vec());
    }
    found
}

fn count(bodies: &[Vec<u8>], id: i32) -> usize {
    let is_it = |body: &&Vec<u8>| Head::split(VERSION, body).is_ok_and(|head| head.id == id);
    bodies.iter().filter(is_it).count()
}

/// Asks for the time so often and returns how many answers and errors came.
fn hammer(stage: &mut Rehearsal, session: SessionId, n: usize) -> (usize, usize) {
    for _ in 0..n {
        ask(stage, session, &Request::CurrentTime(CurrentTimeRequest));
    }
    let heard = bodies(stage, session);
    (count(&heard, CurrentTime::ID.wire()), count(&heard, ErrorReport::ID.wire()))
}

#[test]
fn the_third_second_above_the_rate_ends_a_session() {
    let mut stage = gateway(pacing(PacingMode::Strict));
    let session = enter(&mut stage, "");
    bodies(&mut stage, session);
    for expected in [(49, 2), (50, 1), (50, 1)] {
        assert_eq!(stage.ended(session), None);
        assert_eq!(hammer(&mut stage, session, 51), expected, "START_API counts");
        stage.pass(Duration::from_millis(1_001));
    }
    assert_eq!(stage.ended(session), Some(Ending::AfterBytes));

    let mut stage = gateway(pacing(PacingMode::Warn));
    let session = enter(&mut stage, "");
    for _ in 0..4 {
        hammer(&mut stage, session, 51);
        stage.pass(Duration::from_secs(2));
    }
    assert_eq!(stage.ended(session), None);
}

#[test]
fn paced_messages_are_answered_at_the_rate_and_in_their_order() {
    for (mode, options) in [(PacingMode::Pace, ""), (PacingMode::Strict, "+PACEAPI")] {
        let mut stage = gateway(pacing(mode));
        let session = enter(&mut stage, options);
        bodies(&mut stage, session);
        assert_eq!(hammer(&mut stage, session, 120), (49, 0));
        for expected in [50, 21, 0] {
            stage.pass(Duration::from_secs(1));
            let heard = bodies(&mut stage, session);
            assert_eq!(count(&heard, CurrentTime::ID.wire()), expected);
        }
    }
    let mut stage = gateway(pacing(PacingMode::Off));
    let session = enter(&mut stage, "");
    bodies(&mut stage, session);
    assert_eq!(hammer(&mut stage, session, 500), (500, 0));
}

#[test]
fn it_restarts_at_night_with_every_order_where_it_was() {
    let temper =
        Temper { restart_at: Some("10:31".parse().expect("is a time")), ..Temper::default() };
    let mut stage = gateway(temper);
    let session = enter(&mut stage, "");
    let order = Order {
        action: "BUY".to_owned(),
        total_quantity: Decimal::TEN,
        order_type: "LMT".to_owned(),
        lmt_price: Some(Decimal::ONE),
        tif: "DAY".to_owned(),
        transmit: true,
        ..Order::default()
    };
    let contract = WireContract {
        con_id: Some(ConId::new(756_733)),
        exchange: "SMART".to_owned(),
        ..WireContract::default()
    };
    let (order_id, attached) = (OrderId::new(1), None);
    let placed = PlaceOrder { order_id, contract, order, attached };
    ask(&mut stage, session, &Request::PlaceOrder(Box::new(placed)));
    bodies(&mut stage, session);
    stage.pass(Duration::from_secs(60));
    let heard = bodies(&mut stage, session);
    let last = ErrorReport::decode(VERSION, heard.last().expect("is told")).expect("is an error");
    assert_eq!((last.code, stage.ended(session)), (1100, Some(Ending::AfterBytes)));
    assert!(!stage.is_listening());
    stage.pass(Duration::from_secs(119));
    assert!(!stage.is_listening());
    stage.pass(Duration::from_secs(1));
    assert!(stage.is_listening());
    let session = enter(&mut stage, "");
    bodies(&mut stage, session);
    ask(&mut stage, session, &Request::OpenOrders(OpenOrdersRequest));
    let heard = bodies(&mut stage, session);
    let n_open = count(&heard, OpenOrder::ID.wire());
    assert_eq!((n_open, count(&heard, OpenOrderEnd::ID.wire())), (1, 1));
}

#[test]
fn the_handshake_tells_the_zone_under_the_name_of_its_host() {
    let zone = "Europe/Berlin=Mitteleuropäische Zeit".parse().expect("is a zone");
    let farms = "usfarm,cashfarm,ushmds:idle,secdefil".parse().expect("are farms");
    let mut stage = gateway(Temper { zone, farms, ..Temper::default() });
    let session = enter(&mut stage, "");
    let heard = bodies(&mut stage, session);
    assert_eq!(heard[0], "178\x0020260105 16:30:00 Mitteleuropäische Zeit\0".as_bytes());
    let codes: Vec<i32> = heard
        .iter()
        .filter_map(|body| Some(ErrorReport::decode(VERSION, body).ok()?.code))
        .collect();
    assert_eq!(codes, [2104, 2104, 2107, 2158]);
}
