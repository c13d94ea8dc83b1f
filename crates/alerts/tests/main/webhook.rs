//! A real listener at the other end of the webhook.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use gatehouse_alerts::telling::{Alert, Channels, Telling, What};
use gatehouse_alerts::webhook::{Address, AddressError, Webhook, WebhookError, body};
use gatehouse_types::{Severity, Utc};

const SECRET: &str = "canary-token-5309";

/// Longer than loopback takes on a busy machine.
const PATIENT: Duration = Duration::from_secs(20);

/// How long is waited for what does not answer.
const HASTY: Duration = Duration::from_millis(300);

/// Reads one request: its head and its body.
fn read(stream: &TcpStream) -> (String, String) {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).expect("a line");
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("a length");
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    (head, String::from_utf8(body).expect("text"))
}

/// Answers one connection after another with these texts; an empty one is silence, until the other
/// side gives up.
fn listen(answers: &'static [&'static str]) -> (Address, Receiver<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (say, heard) = channel();
    std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().expect("a connection");
            say.send(read(&stream)).expect("the test listens");
            if answer.is_empty() {
                stream.read_to_end(&mut Vec::new()).ok();
            } else {
                stream.write_all(answer.as_bytes()).expect("is written");
            }
        }
    });
    let address = format!("http://127.0.0.1:{port}/hooks/{SECRET}");
    (Address::parse(&address).expect("an address"), heard)
}

/// Tells the address, and returns the answer and the pauses between the tries.
fn tell(address: &Address) -> (Result<(), WebhookError>, Vec<u64>) {
    tell_within(PATIENT, address)
}

fn tell_within(within: Duration, address: &Address) -> (Result<(), WebhookError>, Vec<u64>) {
    let mut pauses = Vec::new();
    let told = Webhook::new(within).tell(address, "{\"x\":1}", |pause| {
        pauses.push(pause.as_secs());
        true
    });
    (told, pauses)
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
const NOT_FOUND: &str = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const BROKEN: &str = "HTTP/1.1 503 Busy\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const MOVED: &str = "HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1:1/\r\n\
                     content-length: 0\r\nconnection: close\r\n\r\n";

#[test]
fn a_webhook_is_told_as_json() {
    let (address, heard) = listen(&[OK]);
    assert_eq!(tell(&address), (Ok(()), vec![]));
    let (head, body) = heard.recv().expect("was asked");
    assert!(head.starts_with(&format!("POST /hooks/{SECRET} HTTP/1.1\r\n")), "{head}");
    assert!(head.to_lowercase().contains("content-type: application/json"), "{head}");
    assert_eq!(body, "{\"x\":1}");
}

#[test]
fn what_the_other_end_refuses_for_good_is_not_tried_again() {
    let (address, _heard) = listen(&[NOT_FOUND]);
    let (told, pauses) = tell(&address);
    assert_eq!((told.clone(), pauses), (Err(WebhookError::Answered { status: 404 }), vec![]));
    let text = told.expect_err("404").to_string();
    assert!(text.contains("404, which means that there is nothing at this address"), "{text}");
}

#[test]
fn an_address_that_points_elsewhere_is_not_followed() {
    let (address, _heard) = listen(&[MOVED]);
    assert_eq!(tell(&address), (Err(WebhookError::Answered { status: 307 }), vec![]));
}

#[test]
fn trouble_is_tried_three_times_with_growing_pauses() {
    let (address, heard) = listen(&[BROKEN, BROKEN, BROKEN]);
    assert_eq!(tell(&address), (Err(WebhookError::Answered { status: 503 }), vec![1, 4]));
    assert_eq!(heard.iter().count(), 3);
}

#[test]
fn the_second_try_may_do() {
    let (address, _heard) = listen(&[BROKEN, OK]);
    assert_eq!(tell(&address), (Ok(()), vec![1]));
}

#[test]
fn silence_is_given_up() {
    let (address, heard) = listen(&["", "", ""]);
    let silence = Err(WebhookError::NoAnswer { within: HASTY });
    assert_eq!(tell_within(HASTY, &address), (silence, vec![1, 4]));
    assert_eq!(heard.iter().count(), 3);
}

#[test]
fn half_an_answer_is_none() {
    let (address, _heard) = listen(&["HTTP/1.1 2", "HTTP/1.1 2", "HTTP/1.1 2"]);
    let (told, pauses) = tell(&address);
    assert!(told.is_err(), "{told:?}");
    assert_eq!(pauses, [1, 4]);
}

#[test]
fn nobody_at_the_address_is_said_without_the_address() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address");
    let address = Address::parse(&format!("http://{free}/{SECRET}?key={SECRET}")).expect("address");
    let (told, pauses) = tell(&address);
    let error = told.expect_err("is closed");
    assert!(matches!(error, WebhookError::NotReached { .. }), "{error}");
    assert_eq!(pauses, [1, 4]);
    for text in [error.to_string(), format!("{error:?} {address:?}"), address.shown().to_owned()] {
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[test]
fn the_end_of_the_program_ends_the_tries() {
    let (address, heard) = listen(&[BROKEN]);
    let told = Webhook::new(PATIENT).tell(&address, "{}", |_| false);
    assert_eq!(told, Err(WebhookError::Ending));
    assert_eq!(heard.iter().count(), 1);
}

#[test]
fn an_address_is_encrypted_or_of_this_computer() {
    for (text, shown) in [
        ("https://hooks.example.com/T0/B1/abc", Ok("https://hooks.example.com/…")),
        ("https://ntfy.example.com:8443/?auth=x", Ok("https://ntfy.example.com:8443/…")),
        (" https://example.com ", Ok("https://example.com")),
        ("http://127.0.0.1:8080/x", Ok("http://127.0.0.1:8080/…")),
        ("http://[::1]:8080", Ok("http://[::1]:8080")),
        ("http://localhost/x", Ok("http://localhost/…")),
        ("http://example.com/x", Err(AddressError::NotEncrypted)),
        ("http://192.168.0.2/x", Err(AddressError::NotEncrypted)),
        ("http://localhost.example.com/x", Err(AddressError::NotEncrypted)),
        ("https://me:secret@example.com/x", Err(AddressError::HasLogin)),
        ("ftp://example.com/x", Err(AddressError::Unreadable)),
        ("example.com/x", Err(AddressError::Unreadable)),
        ("", Err(AddressError::Unreadable)),
    ] {
        let read = Address::parse(text);
        assert_eq!(read.as_ref().map(Address::shown).map_err(|error| *error), shown, "{text}");
    }
}

#[test]
fn what_is_told_names_the_alarm_its_severity_and_its_time() {
    let alert = Alert {
        alarm: "disconnected".to_owned(),
        severity: Severity::Critical,
        sentence: "The Gateway said \"no\"".to_owned(),
        at: Utc::from_nanos(1_767_614_400_125_000_000),
    };
    let (what, count, channels) = (What::Began, 3, Channels::new());
    let told = body(&Telling { alert, what, count, channels });
    let told: serde_json::Value = serde_json::from_str(&told).expect("is JSON");
    let expected = serde_json::json!({
        "app": "Gatehouse",
        "severity": "critical",
        "alarm": "disconnected",
        "sentence": "The Gateway said \"no\"",
        "at": "2026-01-05T12:00:00.125Z",
        "state": "began",
        "count": 3,
        "text": "Gatehouse: act now. The Gateway said \"no\". It began 3 times.",
    });
    assert_eq!(told, expected);
}
