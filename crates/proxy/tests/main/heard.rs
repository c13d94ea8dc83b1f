//! What has a code is heard on the side, once, and nobody waits for whoever listens.

use gatehouse_proxy::Heard;
use gatehouse_tws::answer::ErrorReport;

use crate::support::{Client, Refused, StubGateway, World};

/// Returns what was heard by now, as bot, code and id.
fn heard(world: &World) -> Vec<(String, i32, i32)> {
    world.hearing.take().map(|it| (it.bot.to_string(), it.code, it.id)).collect()
}

fn report(id: i32, code: i32, text: &str) -> ErrorReport {
    ErrorReport { id, code, text: text.to_owned(), ..ErrorReport::default() }
}

#[test]
fn a_message_of_the_gateway_is_heard_with_its_bot_and_reaches_the_bot_as_it_came() {
    for version in [178, 226] {
        let gateway = StubGateway::start();
        let world = World::start(&gateway.address);
        let mut client = Client::connect(world.port(1), version, 1);
        let session = gateway.session();
        let sent = report(9, 354, "Requested market data is not subscribed.");
        session.send(&sent.encode(session.version).unwrap());
        assert_eq!(client.next_error(), sent);
        let text = sent.text;
        let bot = "bot-1".parse().unwrap();
        let all: Vec<Heard> = world.hearing.take().collect();
        assert_eq!(all, [Heard { bot, code: 354, text, id: 9 }], "version {version}");
    }
}

#[test]
fn a_gateway_that_says_more_than_anybody_hears_is_not_held_up() {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let mut client = Client::connect(world.port(1), 178, 1);
    let session = gateway.session();
    for id in 0..6000 {
        session.send(&report(id, 200, "no").encode(session.version).unwrap());
        assert_eq!(client.next_error().id, id);
    }
    assert_eq!((heard(&world).len(), world.hearing.n_missed()), (4096, 6000 - 4096));
}

#[test]
fn a_client_id_that_is_in_use_is_heard_at_the_gateway_and_at_the_door() {
    let gateway = StubGateway::start();
    gateway.in_use(2);
    let world = World::start(&gateway.address);
    let _first = Client::connect(world.port(1), 178, 1);
    let once = ("bot-1".to_owned(), 326, -1);
    assert_eq!(heard(&world), [once.clone(), once.clone()], "the Gateway said it twice");
    let mut second = Client::try_connect(world.port(1), (100, 178), 1).unwrap();
    assert!(matches!(second.first_id(), Err(Refused::InUse(_))));
    assert!(world.turned_away(1).contains("(326)"));
    assert_eq!(heard(&world), [once], "Gatehouse said it once");
}
