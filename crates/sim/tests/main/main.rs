//! Drives the server over real sockets: the Rust `ibapi` client, a client of bare frames at every
//! version, and what a well-behaved client never sends.

mod combos;
mod determinism;
mod drills;
mod examples;
mod exits;
mod feeds;
mod frames;
mod golden;
mod heads;
mod hostile;
mod market;
mod messages;
mod played;
mod replays;
mod rust_account;
mod rust_client;
mod rust_orders;
mod rust_versions;
mod samples;
mod served;
mod stage;
mod state;
mod tapes;
mod temper;
mod versions;
mod wire;

use std::path::PathBuf;

use gatehouse_sim::server::{self, RunningServer, Script, ServerConfig, Speed, TranscriptWriter};
use gatehouse_sim::world::calendar::{new_york_secs, utc};
use gatehouse_sim::world::market::allowance::Allowance;
use gatehouse_sim::world::time::Step;
use gatehouse_sim::world::{Agreement, Fills, WorldConfig};
use gatehouse_tws::ServerVersion;
use gatehouse_types::{Decimal, Utc};

/// The seed of every world.
pub(crate) const SEED: u64 = 1;
/// In thousandths.
pub(crate) const SPEED: u32 = 20_000;

/// An hour after the open of the default day.
pub(crate) fn start_time() -> Utc {
    utc(new_york_secs(jiff::civil::date(2026, 1, 5), 10, 30))
}

/// Starts a server on a free port whose market runs twenty times as fast as the clock.
pub(crate) fn server(record: Option<PathBuf>) -> RunningServer {
    server_with(Wanted { record, ..Wanted::default() })
}

/// What a test wants of its server beyond the usual.
pub(crate) struct Wanted {
    pub(crate) max_version: ServerVersion,
    pub(crate) record: Option<PathBuf>,
    /// A port for drills.
    pub(crate) control: Option<u16>,
    pub(crate) script: Script,
    pub(crate) temper: server::Temper,
    pub(crate) transcript: Option<TranscriptWriter>,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            max_version: ServerVersion::CEILING,
            record: None,
            control: None,
            script: Script::default(),
            temper: server::Temper::default(),
            transcript: None,
        }
    }
}

/// Starts the same server with what is wanted beyond the usual.
pub(crate) fn server_with(wanted: Wanted) -> RunningServer {
    let config = ServerConfig {
        listen: "127.0.0.1:0".parse().expect("is an address"),
        speed: Speed::from_thousandths(SPEED).expect("is a speed"),
        beat: std::time::Duration::from_millis(250),
        max_version: wanted.max_version,
        record: wanted.record,
        start: start_time(),
        control: wanted.control,
        script: wanted.script,
        temper: wanted.temper,
        state: None,
        agreed: Agreement::default(),
        transcript: wanted.transcript,
        until: None,
    };
    server::start(config, world_at(start_time())).expect("starts")
}

/// Returns the world of every test, from an instant on.
pub(crate) fn world_at(start: Utc) -> WorldConfig {
    WorldConfig {
        seed: SEED,
        account: "DU1234567".to_owned(),
        cash: Decimal::from(1_000_000),
        tape: None,
        start: Step::of(start),
        run: 7,
        fills: Fills::default(),
        allowance: Allowance::default(),
    }
}
