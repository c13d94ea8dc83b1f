//! A server on virtual time with one client before it.

use std::time::Duration;

use gatehouse_sim::server::{Rehearsal, RehearsalConfig, Script, SessionId, Speed, Temper};
use gatehouse_sim::world::Agreement;
use gatehouse_sim::world::calendar::{new_york_secs, utc};
use gatehouse_tws::handshake::{ClientHello, StartApi};
use gatehouse_tws::{FrameReader, ServerVersion, VersionRange, encode_frame};
use gatehouse_types::ClientId;

use super::acts;
use super::shown::{Shown, show};
use crate::world_at;

/// The client of every script.
const CLIENT: ClientId = ClientId::new(5);

pub(super) struct Stage {
    rehearsal: Rehearsal,
    session: SessionId,
    version: ServerVersion,
    frames: FrameReader,
    /// The server's answer to the offered versions is no message.
    is_greeted: bool,
}

impl Stage {
    /// Opens at a New York time, `2026-01-05T10:30`, without a client.
    pub(super) fn open(at: &str, version: i32) -> Result<Self, String> {
        let civil: jiff::civil::DateTime =
            at.parse().map_err(|error| format!("{at:?} is no time: {error}"))?;
        let time = civil.time();
        let start = utc(new_york_secs(civil.date(), time.hour(), time.minute()));
        let config = RehearsalConfig {
            start,
            speed: Speed::from_thousandths(1_000).expect("is a speed"),
            beat: Duration::from_millis(250),
            max_version: ServerVersion::CEILING,
            script: Script::default(),
            temper: Temper::default(),
            agreed: Agreement::default(),
        };
        let mut rehearsal = Rehearsal::new(config, world_at(start));
        let session = rehearsal.open();
        let frames = FrameReader::new();
        let version = ServerVersion::new(version);
        Ok(Self { rehearsal, session, version, frames, is_greeted: false })
    }

    /// Does what a line says.
    pub(super) fn act(&mut self, line: &str) -> Result<(), String> {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "connect" => self.connect(),
            "reconnect" => {
                self.rehearsal.close(self.session);
                self.session = self.rehearsal.open();
                self.frames = FrameReader::new();
                self.is_greeted = false;
                self.connect();
            }
            "pass" => {
                let secs = rest.parse().map_err(|_| format!("{rest:?} is no number of seconds"))?;
                self.rehearsal.pass(Duration::from_secs(secs));
            }
            "drill" => {
                let line = rest.parse().map_err(|error| format!("{error}"))?;
                self.rehearsal.line(line).map_err(|error| error.to_string())?;
            }
            _ => {
                let request = acts::request(line)?;
                let body = request.encode(self.version).ok_or("cannot be written")?;
                self.rehearsal.say(self.session, &encode_frame(&body));
            }
        }
        Ok(())
    }

    fn connect(&mut self) {
        let range =
            VersionRange::try_new(ServerVersion::new(100), self.version).expect("is a range");
        let hello = ClientHello { range, options: String::new() };
        self.rehearsal.say(self.session, &hello.encode());
        let start = StartApi { client_id: CLIENT, ..StartApi::default() };
        self.rehearsal.say(self.session, &encode_frame(&start.encode(self.version)));
    }

    /// Takes what was said since the last time.
    pub(super) fn hear(&mut self) -> Vec<Shown> {
        self.frames.push(&self.rehearsal.hear(self.session));
        let mut heard = Vec::new();
        while let Some(body) = self.frames.next_frame().expect("are frames") {
            if std::mem::replace(&mut self.is_greeted, true) {
                heard.push(show(self.version, body));
            }
        }
        heard
    }
}
