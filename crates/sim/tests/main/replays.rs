//! A session over real sockets, recorded and replayed on virtual time.

use std::path::Path;

use gatehouse_sim::server::{
    Opening, Rehearsal, ReplayError, Replayed, Script, TranscriptReader, TranscriptWriter, replay,
};
use gatehouse_sim::world::WorldConfig;
use gatehouse_tws::answer::ErrorReport;
use gatehouse_tws::request::{CurrentTimeRequest, IdsRequest, PositionsRequest, Request};

use crate::stage::{stage_at, world};
use crate::wire::Wire;
use crate::{SPEED, Wanted, server_with, start_time};

/// Records what two clients say in a fast market while somebody drills, as of a program that was
/// started with these options.
pub(crate) fn record(path: &Path, args: &[&str]) {
    let args = args.iter().map(|arg| (*arg).to_owned()).collect();
    let opening = Opening { args, start: start_time(), run: 7 };
    let transcript = Some(TranscriptWriter::create(path, &opening).expect("opens"));
    let server = server_with(Wanted { transcript, control: Some(0), ..Wanted::default() });
    let drills = server.control().expect("takes drills");
    let mut first = Wire::begin_at(server.address(), 178, 1);
    let mut second = Wire::begin_at(server.address(), 226, 2);
    crate::drills::subscribe(&mut first, gatehouse_tws::layout::ReqId::new(5));
    crate::drills::subscribe(&mut second, gatehouse_tws::layout::ReqId::new(6));
    crate::drills::drill(drills, r#"{"do":"spread","symbol":"SPY","by":"0.50"}"#);
    for wire in [&mut first, &mut second] {
        wire.ask(&Request::CurrentTime(CurrentTimeRequest));
        wire.ask(&Request::Positions(PositionsRequest));
        wire.ask(&Request::Ids(IdsRequest));
    }
    crate::drills::drill(drills, r#"{"do":"notice","code":1102,"text":"The end"}"#);
    for wire in [&mut first, &mut second] {
        wire.await_answer(ErrorReport::ID, ErrorReport::decode, |error| error.code == 1102);
        wire.close();
    }
}

fn check(path: &Path, world: WorldConfig) -> Result<Replayed, ReplayError> {
    let mut transcript = TranscriptReader::open(path).expect("is a transcript");
    let mut stage: Rehearsal = stage_at(SPEED, world, Script::default());
    replay(&mut transcript, &mut stage, true)
}

#[test]
fn a_recorded_session_is_the_same_again_and_another_seed_is_told_apart() {
    let dir = tempfile::tempdir().expect("makes a folder");
    let path = dir.path().join("session.jsonl");
    record(&path, &[]);
    let found = check(&path, world(1)).expect("is the same");
    assert_eq!(found.n_clients, 2);
    assert!(found.n_messages > 30, "{found:?}");

    let error = check(&path, world(2)).expect_err("is another market").to_string();
    assert!(error.starts_with("connection ") && error.contains(" (client "), "{error}");
    assert!(error.contains("Tick"), "{error}");
}
