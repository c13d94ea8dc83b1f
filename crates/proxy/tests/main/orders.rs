//! Orders leave through one function only, once, after their record, and never after a halt.

use gatehouse_engine::Command;
use gatehouse_tws::answer::{BrokerStatus, OpenOrder, OrderStatusReport};
use gatehouse_tws::request::CancelOrder;
use gatehouse_types::{BotName, ClientId, EntryKind, OrderId, OrderStatus, PermId, Qty};

use crate::support::{Client, Session, StubGateway, World, buy};

struct Scene {
    gateway: StubGateway,
    world: World,
    client: Client,
    session: Session,
}

fn scene(version: i32) -> Scene {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let client = Client::connect(world.port(1), version, 1);
    let session = gateway.session();
    Scene { gateway, world, client, session }
}

impl Scene {
    /// Sends a request that passes and waits for it at the Gateway, where it must be the next.
    fn nothing_before_a_request(&mut self) {
        let request = self.session.current_time_request();
        self.client.send(&request);
        assert_eq!(self.session.next(), request, "something else was sent");
    }

    fn judged(&self) {
        self.world.entry(|kind| matches!(kind, EntryKind::Judged { .. }).then_some(()));
    }

    fn status(&self, order_id: i32, status: BrokerStatus) -> Vec<u8> {
        let report = OrderStatusReport {
            order_id: OrderId::new(order_id),
            status,
            remaining: Qty::try_new(10.into()).unwrap(),
            perm_id: PermId::new(900),
            client_id: ClientId::new(1),
            ..OrderStatusReport::default()
        };
        report.encode(self.session.version).unwrap()
    }

    fn open_order(&self, order_id: i32, quantity: i64, cents: i64) -> Vec<u8> {
        let placed = buy(order_id, quantity, cents);
        let mut open = OpenOrder {
            order_id: placed.order_id,
            contract: placed.contract,
            order: placed.order,
            ..OpenOrder::default()
        };
        open.order.client_id = Some(1);
        open.order.perm_id = Some(900);
        open.state.status = Some(BrokerStatus::Submitted);
        open.encode(self.session.version).unwrap()
    }
}

#[test]
fn an_allowed_order_arrives_once_with_the_bots_own_bytes() {
    for version in [178, 226] {
        let mut scene = scene(version);
        let sent = scene.client.place(&buy(1, 10, 99_50));
        assert_eq!(scene.session.next(), sent);
        scene.nothing_before_a_request();
    }
}

#[test]
fn a_refused_order_never_arrives_and_is_answered_with_201() {
    for version in [178, 226] {
        let mut scene = scene(version);
        scene.client.place(&buy(1, 50_000, 99_50));
        let report = scene.client.next_error();
        assert_eq!((report.id, report.code), (1, 201));
        assert!(report.text.contains("GH-03"), "{}", report.text);
        scene.nothing_before_a_request();
    }
}

#[test]
fn an_order_that_cannot_be_decoded_never_arrives() {
    for version in [178, 226] {
        let mut scene = scene(version);
        let mut body = buy(1, 10, 99_50).encode(scene.client.version).unwrap();
        body.extend_from_slice(b"\xfa\x3e\x01\0");
        scene.client.send(&body);
        assert_eq!(scene.client.next_error().code, 201);
        scene.nothing_before_a_request();
    }
}

#[test]
fn an_order_waits_for_its_record_and_requests_do_not_wait_for_the_order() {
    let mut scene = scene(178);
    let held = scene.world.hold_commits();
    let sent = scene.client.place(&buy(1, 10, 99_50));
    scene.judged();
    let request = scene.session.current_time_request();
    scene.client.send(&request);
    assert_eq!(scene.session.next(), request);
    drop(held);
    assert_eq!(scene.session.next(), sent);
}

#[test]
fn a_cancel_overtakes_an_order_that_waits_for_its_record() {
    let mut scene = scene(178);
    let first = scene.client.place(&buy(1, 10, 99_50));
    assert_eq!(scene.session.next(), first);
    let held = scene.world.hold_commits();
    let second = scene.client.place(&buy(2, 10, 99_51));
    scene.judged();
    let cancel = scene.client.cancel(1);
    assert_eq!(scene.session.next(), cancel, "byte for byte, and first");
    drop(held);
    assert_eq!(scene.session.next(), second);
}

#[test]
fn an_order_cancelled_before_its_record_is_never_sent() {
    for version in [178, 226] {
        let mut scene = scene(version);
        let held = scene.world.hold_commits();
        scene.client.place(&buy(1, 10, 99_50));
        scene.judged();
        scene.client.cancel(1);
        let status = scene.client.next_status();
        assert_eq!((status.order_id, status.status), (OrderId::new(1), BrokerStatus::Cancelled));
        assert_eq!((status.remaining.value(), status.client_id.get()), (10.into(), 1));
        let report = scene.client.next_error();
        assert_eq!((report.id, report.code), (1, 202));
        drop(held);
        let next = scene.client.place(&buy(2, 10, 99_51));
        assert_eq!(scene.session.next(), next, "neither the order nor its cancel was sent");
        scene.nothing_before_a_request();
    }
}

#[test]
fn orders_of_one_bot_keep_their_order() {
    let mut scene = scene(178);
    let held = scene.world.hold_commits();
    let sent: Vec<_> =
        (1..=5_i32).map(|id| scene.client.place(&buy(id, 10, 99_50 + i64::from(id)))).collect();
    (0..5).for_each(|_| scene.judged());
    drop(held);
    for body in sent {
        assert_eq!(scene.session.next(), body);
    }
}

#[test]
fn a_kill_takes_back_what_waits_and_nothing_is_sent_after_it() {
    let mut scene = scene(178);
    let held = scene.world.hold_commits();
    for id in 1..=5_i32 {
        scene.client.place(&buy(id, 10, 99_50 + i64::from(id)));
        scene.judged();
    }
    scene.world.proxy.command(Command::Kill { reason: "test".to_owned() }).unwrap();
    drop(held);
    scene.client.place(&buy(6, 10, 99_60));
    let codes: Vec<(i32, i32)> =
        (0..6).map(|_| scene.client.next_error()).map(|report| (report.id, report.code)).collect();
    assert!(codes.contains(&(6, 201)), "{codes:?}");
    scene.nothing_before_a_request();
}

#[test]
fn a_kill_cancels_what_was_sent() {
    for version in [178, 226] {
        let mut scene = scene(version);
        let sent = scene.client.place(&buy(1, 10, 99_50));
        assert_eq!(scene.session.next(), sent);
        scene.world.proxy.command(Command::Kill { reason: "test".to_owned() }).unwrap();
        let cancel = CancelOrder::decode(scene.session.version, &scene.session.next());
        assert_eq!(cancel.unwrap().order_id, OrderId::new(1));
    }
}

#[test]
fn a_global_cancel_becomes_cancels_of_this_bots_own_orders() {
    let mut scene = scene(178);
    let mut other = Client::connect(scene.world.port(2), 178, 2);
    let others = scene.gateway.session();
    let body = other.place(&buy(1, 10, 99_40));
    assert_eq!(others.next(), body);
    for id in [1, 2] {
        let sent = scene.client.place(&buy(id, 10, 99_50 + i64::from(id)));
        assert_eq!(scene.session.next(), sent);
    }
    scene.client.send(b"58\x001\0");
    let mut cancelled = [scene.session.next(), scene.session.next()]
        .map(|body| CancelOrder::decode(scene.session.version, &body).unwrap().order_id.get());
    cancelled.sort_unstable();
    assert_eq!(cancelled, [1, 2]);
    other.send(b"49\x001\0");
    assert_eq!(others.next(), b"49\x001\0", "another bot's order was cancelled");
}

#[test]
fn a_refused_change_gets_a_warning_and_the_orders_last_frames_again() {
    for version in [178, 226] {
        let mut scene = scene(version);
        let sent = scene.client.place(&buy(1, 10, 99_50));
        assert_eq!(scene.session.next(), sent);
        let frames = [scene.open_order(1, 10, 99_50), scene.status(1, BrokerStatus::Submitted)];
        for frame in &frames {
            scene.session.send(frame);
            assert_eq!(scene.client.next().as_ref(), Some(frame));
        }
        // An order of another client with the same id must not be shown as this one.
        let mut foreign = OpenOrder::decode(scene.session.version, &frames[0]).unwrap();
        foreign.order.client_id = Some(77);
        let foreign = foreign.encode(scene.session.version).unwrap();
        scene.session.send(&foreign);
        assert_eq!(scene.client.next(), Some(foreign));
        scene.client.place(&buy(1, 50_000, 99_50));
        let report = scene.client.next_error();
        assert_eq!((report.id, report.code), (1, 399));
        assert!(report.text.starts_with("Warning:"), "{}", report.text);
        for frame in &frames {
            assert_eq!(scene.client.next().as_ref(), Some(frame), "byte for byte");
        }
        scene.nothing_before_a_request();
    }
}

#[test]
fn the_gateways_words_reach_the_engine_before_the_bot_can_react() {
    let mut scene = scene(178);
    let sent = scene.client.place(&buy(1, 10, 99_50));
    assert_eq!(scene.session.next(), sent);
    let frame = scene.status(1, BrokerStatus::Submitted);
    scene.session.send(&frame);
    assert_eq!(scene.client.next(), Some(frame));
    let status = scene.world.entry(|kind| {
        let EntryKind::OrderUpdate { status, .. } = kind else { return None };
        Some(*status)
    });
    assert_eq!(status, OrderStatus::Submitted);
}

#[test]
fn a_word_about_orders_that_cannot_be_read_stops_new_risk_of_that_bot_only() {
    let mut scene = scene(178);
    let mut other = Client::connect(scene.world.port(2), 178, 2);
    let others = scene.gateway.session();
    scene.session.send(b"3\0nonsense\0");
    assert_eq!(scene.client.next(), Some(b"3\0nonsense\0".to_vec()));
    scene.client.place(&buy(1, 10, 99_50));
    assert_eq!(scene.client.next_error().code, 201);
    let sent = other.place(&buy(1, 10, 99_50));
    assert_eq!(others.next(), sent);
}

#[test]
fn the_desk_passes_the_same_gate() {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let mut desk = Client::connect(world.proxy.desk_port().unwrap(), 226, 7001);
    let session = gateway.session();
    desk.place(&buy(1, 50_000, 99_50));
    let report = desk.next_error();
    assert_eq!((report.id, report.code), (1, 201));
    let sent = desk.place(&buy(2, 10, 99_50));
    assert_eq!(session.next(), sent);
    let bot = world.entry(|kind| {
        let EntryKind::Judged { bot, .. } = kind else { return None };
        Some(bot.clone())
    });
    assert_eq!(bot, BotName::desk());
}
