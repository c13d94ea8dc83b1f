//! A crowd at one port: nothing of it reaches the Gateway, and no bot loses a frame.

use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::Instant;

use crate::support::{Client, Dice, Session, StubGateway, World};

/// How many strangers come, as fast as they can, from so many programs.
const N_STRANGERS: usize = 1000;
const N_PROGRAMS: usize = 4;

/// Answers that two bots read meanwhile; more than a second of a busy market.
const N_ANSWERS: usize = 5000;

fn knock(port: u16, seed: u64) {
    let mut random = Dice::new(seed);
    for n in 0..N_STRANGERS / N_PROGRAMS {
        let Ok(mut stranger) = TcpStream::connect(("127.0.0.1", port)) else { continue };
        let bytes = match n % 4 {
            0 => b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_vec(),
            1 => b"API\0\0\0\0".to_vec(),
            2 => Vec::new(),
            _ => {
                let length = 1 + random.below(200);
                random.bytes(length)
            }
        };
        // The door may have closed it already.
        stranger.write_all(&bytes).ok();
    }
}

fn tell(session: &Session) {
    for n in 0..N_ANSWERS {
        session.send(format!("49\x001\x00{n}\0").as_bytes());
    }
}

fn hears_all(client: &mut Client) {
    for n in 0..N_ANSWERS {
        let expected = format!("49\x001\x00{n}\0").into_bytes();
        assert_eq!(client.next(), Some(expected), "a frame was lost, or the bot disconnected");
    }
}

#[test]
fn a_thousand_connects_reach_nobody_and_disturb_no_bot() {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let mut own = Client::connect(world.port(1), 178, 1);
    let to_own = gateway.session();
    let mut other = Client::connect(world.port(2), 226, 2);
    let to_other = gateway.session();
    let port = world.port(1);
    let begin = Instant::now();
    let crowd: Vec<_> = (0..N_PROGRAMS)
        .map(|n| {
            thread::spawn(move || {
                knock(port, u64::try_from(n + 1).unwrap());
                begin.elapsed()
            })
        })
        .collect();
    thread::scope(|scope| {
        scope.spawn(|| tell(&to_own));
        scope.spawn(|| hears_all(&mut own));
        scope.spawn(|| {
            for n in 0..N_ANSWERS {
                to_other.send(&answer_226(n));
            }
        });
        scope.spawn(|| {
            for n in 0..N_ANSWERS {
                assert_eq!(other.next(), Some(answer_226(n)), "a frame was lost");
            }
        });
    });
    let took = crowd.into_iter().map(|program| program.join().unwrap()).max().unwrap();
    println!("{N_STRANGERS} connects in {took:?}");
    assert_eq!(gateway.n_accepted(), 2, "the Gateway was dialled for a stranger");
    assert!(world.n_turned_away(1) < 40, "each stranger was written down");
    own.send(b"49\x001\0");
    assert_eq!(to_own.next(), b"49\x001\0", "the port's own bot was disconnected");
}

/// A historical answer of any content, in protobuf's form: forwarded, and not looked into.
fn answer_226(n: usize) -> Vec<u8> {
    let text = format!("{n:08}");
    [&217_i32.to_be_bytes()[..], text.as_bytes()].concat()
}

#[test]
fn random_bytes_after_a_good_start_end_that_connection_and_carry_no_order() {
    let gateway = StubGateway::start();
    let world = World::start(&gateway.address);
    let mut random = Dice::new(11);
    for _ in 0..30 {
        let mut client = Client::connect(world.port(1), 178, 1);
        let session = gateway.session();
        let length = 4 + random.below(400);
        let mut garbage = random.bytes(length);
        // A frame of a plausible length, and then whatever comes.
        garbage.splice(..2, [0, 0]);
        client.send_raw(&garbage);
        drop(client);
        world.disconnected(1);
        session.close();
        for body in session.rest() {
            let head = gatehouse_tws::Head::split(session.version, &body).unwrap();
            assert_ne!(head.id, 3, "random bytes became an order");
        }
    }
}
