//! `MESSAGES.md`, the table of the server and what sessions really hear say the same.

use std::collections::{BTreeMap, BTreeSet};

use gatehouse_sim::server::RunningServer;
use gatehouse_sim::server::messages::{Sending, Treatment, sending, treatment};
use gatehouse_tws::answer::{AnswerId, CurrentTime, ErrorReport};
use gatehouse_tws::request::{CurrentTimeRequest, Request, RequestId};
use gatehouse_tws::{Form, Head, ServerVersion};

use crate::samples::{REQ, extras, preparing, sample};
use crate::server;
use crate::wire::Wire;

/// A notice that comes with every exercise; no refusal.
const TIF_FROM_PRESET: i32 = 10_349;
const PAGE: &str = include_str!("../../MESSAGES.md");

/// A row of the page, without its remark.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    name: String,
    state: String,
    protobuf_since: String,
}

/// Reads the rows of the table below a heading, by the number of their message.
fn rows(heading: &str) -> BTreeMap<i32, Row> {
    let (_, below) = PAGE.split_once(heading).expect("has the heading");
    let table = below.split("\n## ").next().expect("has text");
    let mut rows = BTreeMap::new();
    for line in table.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [number, name, state, protobuf_since, remark] = cells[..] else {
            panic!("five cells: {line}");
        };
        let Ok(number) = number.parse() else { continue };
        assert!(!remark.is_empty(), "no remark: {line}");
        let row = Row {
            name: name.to_owned(),
            state: state.to_owned(),
            protobuf_since: protobuf_since.to_owned(),
        };
        assert!(rows.insert(number, row).is_none(), "twice: {line}");
    }
    rows
}

/// Returns the first version that has a message in protobuf, as the page says it.
fn protobuf_since(form: impl Fn(ServerVersion) -> Form) -> String {
    let first = (201..=226).find(|number| form(ServerVersion::new(*number)) == Form::Protobuf);
    first.map_or("never".to_owned(), |number| number.to_string())
}

fn state(id: RequestId) -> String {
    let by = |answer: AnswerId| format!("{} {answer:?}", answer.wire());
    match treatment(id) {
        Treatment::Answered(answer) => format!("answered: {}", by(answer)),
        Treatment::Plain(answer) => format!("plain: {}", by(answer)),
        Treatment::Quiet => "quiet".to_owned(),
        Treatment::Refused(code) => format!("error {code}"),
    }
}

#[test]
fn the_page_has_a_true_row_for_each_message_of_a_client() {
    let mut rows = rows("## From the client");
    for id in RequestId::ALL {
        let row = rows.remove(&id.wire()).unwrap_or_else(|| panic!("no row for {id:?}"));
        let expected = Row {
            name: id.name().to_owned(),
            state: state(*id),
            protobuf_since: protobuf_since(|version| id.form(version)),
        };
        assert_eq!(row, expected, "message {}", id.wire());
    }
    assert!(rows.is_empty(), "{rows:?}");
}

#[test]
fn the_page_has_a_true_row_for_each_message_of_the_gateway() {
    let mut rows = rows("## From the Gateway");
    for id in AnswerId::ALL {
        let row = rows.remove(&id.wire()).unwrap_or_else(|| panic!("no row for {id:?}"));
        let state = match sending(*id) {
            Sending::Sent => "sent",
            Sending::Never => "never sent",
        };
        let expected = Row {
            name: format!("{id:?}"),
            state: state.to_owned(),
            protobuf_since: protobuf_since(|version| id.form(version)),
        };
        assert_eq!(row, expected, "message {}", id.wire());
    }
    assert!(rows.is_empty(), "{rows:?}");
}

/// Returns the bytes of a sample, or `None` where the version has no such message.
fn bytes(request: &Request, version: ServerVersion) -> Option<Vec<u8>> {
    let Request::Other { id } = request else { return request.encode(version) };
    // A message that the simulator has no codec for: its number and the id of the request.
    let (form, payload): (Form, &[u8]) =
        match RequestId::from_wire(*id).expect("is known").form(version) {
            Form::Text => (Form::Text, b"9\0"),
            Form::Protobuf => (Form::Protobuf, &[0x08, 9]),
        };
    Head { id: *id, form, payload }.join(version).ok()
}

/// Everything that a session hears until it is answered, by message; errors by their code and id.
#[derive(Default)]
struct Heard {
    messages: BTreeSet<i32>,
    errors: Vec<(i32, i32)>,
}

impl Heard {
    fn take(&mut self, wire: &mut Wire, is_enough: impl Fn(&Self) -> bool) {
        while !is_enough(self) {
            let body = wire.next().expect("goes on");
            let id = Head::split(wire.version, &body).expect("has a head").id;
            self.messages.insert(id);
            if id == ErrorReport::ID.wire() {
                let report = ErrorReport::decode(wire.version, &body).expect("is an error");
                self.errors.push((report.id, report.code));
            }
        }
    }

    /// Hears what comes before the answer to a question that is always answered.
    fn take_all(&mut self, wire: &mut Wire) {
        self.messages.remove(&CurrentTime::ID.wire());
        wire.ask(&Request::CurrentTime(CurrentTimeRequest));
        self.take(wire, |heard| heard.messages.contains(&CurrentTime::ID.wire()));
    }
}

/// Sends one message in a session of its own and checks that it is treated as stated.
fn check(server: &RunningServer, id: RequestId, number: i32, seen: &mut BTreeSet<i32>) {
    let client_id = if id == RequestId::AutoOpenOrders { 0 } else { id.wire() };
    let mut wire = Wire::begin_at(server.address(), number, client_id);
    let mut heard = Heard::default();
    let (before, awaited) = preparing(id);
    for request in before {
        let body = bytes(&request, wire.version).expect("every version has it");
        wire.send(&body);
    }
    if let Some(awaited) = awaited {
        heard.take(&mut wire, |heard| heard.messages.contains(&awaited.wire()));
    }
    heard.take_all(&mut wire);
    seen.append(&mut heard.messages);
    heard.errors.clear();
    let Some(body) = bytes(&sample(id), wire.version) else {
        assert!(NEWER.contains(&id) && number < 219, "{id:?} cannot be written at {number}");
        return;
    };
    wire.send(&body);
    let about = format!("{id:?} at {number}");
    match treatment(id) {
        Treatment::Answered(answer) | Treatment::Plain(answer) => {
            heard.take(&mut wire, |heard| {
                let is_refused =
                    |(id, code): &(i32, i32)| *id == REQ.get() && *code != TIF_FROM_PRESET;
                assert!(!heard.errors.iter().any(is_refused), "{about}: {:?}", heard.errors);
                heard.messages.contains(&answer.wire())
            });
        }
        Treatment::Refused(code) => {
            heard.take(&mut wire, |heard| heard.errors.iter().any(|(_, said)| *said == code));
        }
        Treatment::Quiet => {
            heard.take_all(&mut wire);
            assert_eq!(heard.errors, [], "{about}");
        }
    }
    seen.append(&mut heard.messages);
}

/// Hears the messages that only a question of a special kind is answered with.
fn check_extras(server: &RunningServer, number: i32, seen: &mut BTreeSet<i32>) {
    let mut wire = Wire::begin_at(server.address(), number, 0);
    for (request, awaited) in extras() {
        let mut heard = Heard::default();
        wire.ask(&request);
        heard.take(&mut wire, |heard| heard.messages.contains(&awaited.wire()));
        seen.append(&mut heard.messages);
    }
}

/// Messages that did not exist yet at every version of the test.
const NEWER: &[RequestId] = &[
    RequestId::CurrentTimeInMillis,
    RequestId::CancelContractData,
    RequestId::CancelHistoricalTicks,
    RequestId::Config,
    RequestId::UpdateConfig,
];

#[test]
fn every_message_is_treated_as_stated_and_nothing_else_is_sent() {
    for number in [178, 205, 226] {
        let server = server(None);
        let mut seen = BTreeSet::new();
        for id in RequestId::ALL.iter().filter(|id| **id != RequestId::StartApi) {
            check(&server, *id, number, &mut seen);
        }
        check_extras(&server, number, &mut seen);
        for id in AnswerId::ALL {
            if sending(*id) == Sending::Never {
                assert!(!seen.contains(&id.wire()), "{id:?} was sent at {number}");
            } else if number == 226 {
                assert!(seen.contains(&id.wire()), "{id:?} was not sent");
            }
        }
    }
}
