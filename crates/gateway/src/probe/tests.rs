//! Each thing that may listen on a port, as a real listener of a few lines.

use std::net::TcpListener;
use std::thread::JoinHandle;

use super::*;

/// Longer than any listener here takes, shorter than a person notices.
const PATIENT: Duration = Duration::from_secs(20);

/// For listeners that stay silent on purpose.
const HASTY: Duration = Duration::from_millis(50);

/// What a Gateway at 226 and one at 150 answer.
const GATEWAY: &[u8] = b"\x00\x00\x00\x1a226\x0020260105 09:30:00 EST\0";
const OLD: &[u8] = b"\x00\x00\x00\x1a150\x0020260105 09:30:00 EST\0";

/// Listens for one connection, reads the opening, and lets `serve` do the rest.
fn listener(serve: impl FnOnce(TcpStream) + Send + 'static) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let thread = std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().expect("a connection");
        let mut opening = [0; 17];
        socket.read_exact(&mut opening).expect("an opening");
        assert_eq!(&opening, b"API\0\x00\x00\x00\x09v157..226");
        serve(socket);
    });
    (address, thread)
}

fn answering(answer: &'static [u8]) -> Finding {
    let (address, thread) = listener(move |mut socket| socket.write_all(answer).expect("written"));
    let finding = probe(&address, PATIENT);
    thread.join().expect("the listener was asked as a Gateway is");
    finding
}

#[test]
fn a_gateway_is_known_by_its_handshake_and_nothing_is_said_after_it() {
    let (address, thread) = listener(|mut socket| {
        socket.write_all(GATEWAY).expect("written");
        let mut rest = Vec::new();
        socket.read_to_end(&mut rest).expect("the end");
        assert_eq!(rest, b"", "a client's place would be taken");
    });
    let Finding::Speaks { version, time, .. } = probe(&address, PATIENT) else {
        panic!("not recognised");
    };
    assert_eq!((version.get(), time.as_str()), (226, "20260105 09:30:00 EST"));
    thread.join().expect("nothing more was said");
}

#[test]
fn one_byte_at_a_time_is_still_a_gateway() {
    let (address, thread) = listener(|mut socket| {
        socket.set_nodelay(true).expect("no delay");
        for byte in GATEWAY {
            socket.write_all(&[*byte]).expect("written");
        }
    });
    assert!(matches!(probe(&address, PATIENT), Finding::Speaks { .. }));
    thread.join().expect("served");
}

#[test]
fn whoever_else_answers_is_named() {
    let cases: [(&[u8], &str); 6] = [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "a web server"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "an SSH server"),
        (b"-ERR unknown command\r\n", "a Redis server"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "a server that wants TLS"),
        (b"hello", "another program"),
        (b"\xff\xff\xff\xff\xff", "another program"),
    ];
    for (answer, who) in cases {
        assert_eq!(answering(answer), Finding::Stranger { who }, "{answer:?}");
    }
}

#[test]
fn a_gateway_that_is_too_old_says_so() {
    let finding = answering(OLD);
    assert_eq!(finding, Finding::TooOld { version: ServerVersion::new(150) });
    let why = "the Gateway on x:1 cannot be used: its server version 150 is older than 157";
    assert_eq!(finding.told("x:1"), Probed::No { why: why.to_owned() });
}

#[test]
fn nobody_on_the_port_is_refused() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = free.local_addr().expect("an address").to_string();
    drop(free);
    let finding = probe(&address, PATIENT);
    assert_eq!(finding, Finding::Refused);
    let told = Probed::No { why: format!("nothing listens on {address}") };
    assert_eq!(finding.told(&address), told);
}

#[test]
fn whoever_accepts_and_stays_silent_is_left_after_a_while() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = silent.local_addr().expect("an address").to_string();
    assert_eq!(probe(&address, HASTY), Finding::Silent);
}

#[test]
fn whoever_hangs_up_is_told_from_whoever_is_silent() {
    assert_eq!(answering(b""), Finding::HangsUp);
}

#[test]
fn a_host_that_does_not_exist_is_named() {
    let finding = probe("no such host:4002", PATIENT);
    assert_eq!(finding, Finding::NoSuchHost { host: "no such host".to_owned() });
}
