//! A server on virtual time with clients of bare frames.

use std::time::Duration;

use gatehouse_sim::server::{Rehearsal, RehearsalConfig, Script, SessionId, Speed, Temper};
use gatehouse_sim::world::calendar::utc;
use gatehouse_sim::world::market::allowance::Allowance;
use gatehouse_sim::world::time::Step;
use gatehouse_sim::world::{Agreement, Fills, WorldConfig};
use gatehouse_tws::handshake::{ClientHello, StartApi};
use gatehouse_tws::request::Request;
use gatehouse_tws::{FrameReader, Head, ServerVersion, VersionRange, encode_frame};
use gatehouse_types::{ClientId, Decimal};

use crate::start_time;

/// The usual world on a stage.
pub(crate) fn world(seed: u64) -> WorldConfig {
    WorldConfig {
        seed,
        account: "DU1234567".to_owned(),
        cash: Decimal::from(1_000_000),
        tape: None,
        start: Step::of(start_time()),
        run: 7,
        fills: Fills::default(),
        allowance: Allowance::default(),
    }
}

/// Makes a server at real speed.
pub(crate) fn stage(world: WorldConfig, script: Script) -> Rehearsal {
    stage_at(1_000, world, script)
}

/// Makes a server at a speed in thousandths, from its world's first instant on.
pub(crate) fn stage_at(speed: u32, world: WorldConfig, script: Script) -> Rehearsal {
    let config = RehearsalConfig {
        start: utc(world.start.secs()),
        speed: Speed::from_thousandths(speed).expect("is a speed"),
        beat: Duration::from_millis(250),
        max_version: ServerVersion::CEILING,
        script,
        temper: Temper::default(),
        agreed: Agreement::default(),
    };
    Rehearsal::new(config, world)
}

/// One client on the stage, with all that it heard.
pub(crate) struct Actor {
    session: SessionId,
    version: ServerVersion,
    pub(crate) heard: Vec<u8>,
}

impl Actor {
    /// Connects at exactly one version and says who it is.
    pub(crate) fn enter(stage: &mut Rehearsal, version: i32, client_id: i32) -> Self {
        let version = ServerVersion::new(version);
        let session = stage.open();
        let range = VersionRange::try_new(version, version).expect("is a range");
        stage.say(session, &ClientHello { range, options: String::new() }.encode());
        let start = StartApi { client_id: ClientId::new(client_id), ..StartApi::default() };
        stage.say(session, &encode_frame(&start.encode(version)));
        Self { session, version, heard: Vec::new() }
    }

    pub(crate) fn ask(&self, stage: &mut Rehearsal, request: &Request) {
        self.say_frame(stage, &self.body(request));
    }

    pub(crate) fn body(&self, request: &Request) -> Vec<u8> {
        request.encode(self.version).expect("can be written")
    }

    pub(crate) fn say_frame(&self, stage: &mut Rehearsal, body: &[u8]) {
        self.say(stage, &encode_frame(body));
    }

    pub(crate) fn say(&self, stage: &mut Rehearsal, bytes: &[u8]) {
        stage.say(self.session, bytes);
    }

    pub(crate) fn leave(&self, stage: &mut Rehearsal) {
        stage.close(self.session);
    }

    pub(crate) fn listen(&mut self, stage: &mut Rehearsal) {
        self.heard.extend(stage.hear(self.session));
    }

    /// Returns how many messages of a kind it heard.
    pub(crate) fn count(&self, id: i32) -> usize {
        let mut frames = FrameReader::new();
        frames.push(&self.heard);
        let mut n_found = 0;
        while let Some(body) = frames.next_frame().expect("is framed") {
            n_found += usize::from(Head::split(self.version, body).is_ok_and(|head| head.id == id));
        }
        n_found
    }
}
