//! The world and the clients around it, as a state machine: what arrives and how far time has come
//! are told from outside, and what is to be sent is collected from it.
//!
//! It must never know a socket, a thread or a clock, so the same arrivals at the same times give
//! the same bytes. Driven by [`super::live`] with sockets, and by [`super::rehearsal`] in tests and
//! replays.

use std::collections::BTreeMap;
use std::time::Duration;

use gatehouse_tws::ServerVersion;
use gatehouse_types::Utc;

use super::client::Client;
use super::clock::{Speed, between};
use super::control::Script;
use super::desktop::Desktop;
use super::entrance::Guest;
use super::outbox::Ending;
use super::state::StateFile;
use super::temper::Absence;
use super::temper::Temper;
use super::trouble::{Answer, DrillFailed, Trouble, Valve, Wish};
use crate::record::Record;
use crate::world::drill::{Line, Occurrence};
use crate::world::time::Step;
use crate::world::{Event, Said, World};

/// How often time passes when nobody is there, in the clients' time.
const IDLE_BEAT: Duration = Duration::from_secs(5);
/// Between two looks at profit and growing bars, in the clients' time.
const SLOW_BEAT: Duration = Duration::from_secs(1);
/// Between two reports of the account without a fill: three minutes of the clients' time, as the
/// real one.
const ACCOUNT_BEAT: Duration = Duration::from_secs(180);

/// Names one connection for the life of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SessionId(pub(super) u64);

/// What reaches the hub from outside.
#[derive(Debug)]
pub(super) enum Arrival {
    /// A connection, before its first byte.
    Opened {
        session: SessionId,
    },
    /// What a client said, in any cut.
    Bytes {
        session: SessionId,
        bytes: Vec<u8>,
    },
    Closed {
        session: SessionId,
    },
}

/// What the hub has for the outside.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Output {
    /// The market's time at which it was said.
    pub(super) at: Utc,
    pub(super) session: SessionId,
    pub(super) bytes: Vec<u8>,
    /// The connection ends with these bytes.
    pub(super) ending: Option<Ending>,
}

/// How the hub treats its clients.
pub(super) struct HubConfig {
    /// When the market's time begins.
    pub(super) start: Utc,
    pub(super) speed: Speed,
    /// How often quotes are sent, in the clients' time.
    pub(super) beat: Duration,
    pub(super) max_version: ServerVersion,
    pub(super) record: Option<Record>,
    pub(super) script: Script,
    pub(super) temper: Temper,
    pub(super) state: Option<StateFile>,
}

/// The world and the clients around it.
pub(super) struct Hub {
    pub(super) world: World,
    /// Those that have a version; who has said nothing yet is a guest.
    pub(super) clients: BTreeMap<SessionId, Client>,
    pub(super) guests: BTreeMap<SessionId, Guest>,
    pub(super) record: Option<Record>,
    pub(super) max_version: ServerVersion,
    pub(super) desktop: Desktop,
    now: Utc,
    speed: Speed,
    beat: Duration,
    beat_at: Utc,
    slow_at: Utc,
    account_at: Utc,
    state: Option<StateFile>,
    /// Something happened to an order since the state was last kept.
    pub(super) has_changed: bool,
    /// When the market's time began, from which scripts count.
    began: Step,
    began_at: Utc,
    pub(super) temper: Temper,
    pub(super) trouble: Trouble,
    pub(super) absence: Absence,
    pub(super) outputs: Vec<Output>,
}

impl Hub {
    pub(super) fn new(world: World, config: HubConfig) -> Self {
        let HubConfig { start, speed, beat, max_version, record, script, temper, state } = config;
        let began = world.now();
        let after = |real| start.plus(speed.market(real));
        let absence = Absence::planned(&temper, began.secs());
        let mut hub = Self {
            world,
            clients: BTreeMap::new(),
            guests: BTreeMap::new(),
            record,
            max_version,
            desktop: Desktop::default(),
            now: start,
            speed,
            beat,
            beat_at: after(beat),
            slow_at: after(SLOW_BEAT),
            account_at: after(ACCOUNT_BEAT),
            state,
            has_changed: false,
            began,
            began_at: start,
            temper,
            trouble: Trouble::default(),
            absence,
            outputs: Vec::new(),
        };
        hub.take_script(script);
        hub
    }

    /// Returns when the market's time began.
    pub(super) fn began(&self) -> Step {
        self.began
    }

    /// Returns how much of the clients' time has passed since the start.
    pub(super) fn clients_time(&self) -> Duration {
        self.speed.real(between(self.began_at, self.now))
    }

    /// Returns the instant at which so much of the clients' time will have passed since the start.
    pub(super) fn at_clients_time(&self, since_start: Duration) -> Utc {
        self.began_at.plus(self.speed.market(since_start))
    }

    /// Takes a line of the control port, now.
    ///
    /// # Errors
    /// What it asks for cannot be done.
    pub(super) fn take_line(&mut self, line: Line) -> Result<Answer, DrillFailed> {
        let answer = self.act(line);
        self.flush();
        answer
    }

    /// Takes what the driver is to do with its listener and its readers.
    pub(super) fn wishes(&mut self) -> Vec<Wish> {
        std::mem::take(&mut self.trouble.wishes)
    }

    fn take_script(&mut self, script: Script) {
        for line in script.into_lines() {
            if let Err(error) = self.trouble.plan.add(line, self.began, self.began) {
                tracing::error!(%error, "Line of the script is left out");
            }
        }
    }

    /// Returns the market's time, to the nanosecond that the driver gave; the world's own time is
    /// in steps.
    pub(super) fn now(&self) -> Utc {
        self.now
    }

    /// Returns the instant that lies a stretch of the clients' time from now. Whatever a person or
    /// a program waits for is counted so: two seconds are two of theirs at any speed.
    pub(super) fn after(&self, real: Duration) -> Utc {
        self.now.plus(self.speed.market(real))
    }

    /// Returns when time must pass next, even if nobody says anything.
    pub(super) fn next_wake(&self) -> Utc {
        let plan = self.trouble.plan.next_due().map(instant);
        let words = self.trouble.faults.next_due().map(instant);
        let words = words.filter(|_| !self.trouble.is_frozen);
        let drips = self.trouble.valves.values().filter_map(Valve::next_due).min();
        let absence = self.absence.next_turn();
        let paced = self.next_paced();
        let others = [plan, words, drips.map(Utc::from_nanos), absence, paced];
        others.into_iter().flatten().fold(self.beat_at, Utc::min)
    }

    /// Lets time pass, with every beat at its instant. Going back does nothing.
    pub(super) fn pass_time(&mut self, to: Utc) {
        self.wake_to(to);
        self.live_to(to);
        self.flush();
    }

    /// Lets happen what is due up to an instant, and no time pass beyond the last of it. A driver
    /// that wakes late calls this: how late must not matter.
    pub(super) fn wake_to(&mut self, to: Utc) {
        while let at = self.next_wake()
            && at <= to
        {
            self.live_to(at);
            if self.beat_at <= at {
                self.do_beat();
                let idle = self.clients.is_empty()
                    && self.guests.is_empty()
                    && !self.world.has_live_orders();
                self.beat_at = self.after(if idle { IDLE_BEAT } else { self.beat });
            }
            self.flush();
        }
    }

    /// Gives up the beats before an instant: the driver could not keep up with them.
    pub(super) fn skip_to(&mut self, to: Utc) {
        self.beat_at = self.beat_at.max(to);
    }

    /// Takes what arrived at an instant.
    pub(super) fn take(&mut self, arrival: Arrival, now: Utc) {
        self.pass_time(now);
        if self.trouble.is_frozen {
            self.keep_for_later(arrival);
        } else {
            self.admit(arrival);
        }
        if !self.clients.is_empty() || !self.guests.is_empty() {
            self.beat_at = self.beat_at.min(self.after(self.beat));
        }
        self.flush();
    }

    /// Deals with an arrival, unless its connection is one that a drill shut or left alone.
    pub(super) fn admit(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::Opened { session } if self.meets_trouble_at_the_door(session) => {}
            Arrival::Opened { session } => self.open(session),
            Arrival::Bytes { session, bytes } => match self.trouble.valves.get_mut(&session) {
                Some(valve) if valve.is_shut() => valve.hear(&bytes),
                Some(_) | None => self.hear(session, &bytes),
            },
            Arrival::Closed { session } => match self.trouble.valves.get_mut(&session) {
                Some(valve) if valve.is_shut() => valve.close(),
                Some(_) | None => self.forget(session),
            },
        }
    }

    /// Takes what is to be sent, in order.
    pub(super) fn outputs(&mut self) -> Vec<Output> {
        std::mem::take(&mut self.outputs)
    }

    /// Ends a connection from this side.
    pub(super) fn dismiss(&mut self, session: SessionId, how: Ending) {
        if self.guests.remove(&session).is_some() {
            self.emit(session, Vec::new(), Some(how));
        }
        if let Some(client) = self.clients.remove(&session) {
            client.outbox.end(how);
            self.collect(session, &client);
            if let Some(id) = client.id {
                self.note(&Occurrence::Disconnected(id));
            }
        }
    }

    fn live_to(&mut self, to: Utc) {
        self.now = self.now.max(to);
        for client in self.clients.values_mut() {
            client.now = self.now;
        }
        if !self.trouble.is_frozen {
            let events = self.world.advance(Step::of(self.now));
            self.route(events);
            self.say_what_waited();
            self.note_prices();
        }
        self.come_and_go();
        self.run_due();
        self.hear_who_was_paced();
    }

    /// Writes down what changed, before anybody hears of it.
    fn keep(&mut self) {
        if !std::mem::take(&mut self.has_changed) {
            return;
        }
        if let Some(Err(error)) = self.state.as_mut().map(|state| state.keep(&mut self.world)) {
            tracing::error!(?error, "State could not be kept: a restart would not know of it");
        }
    }

    /// Hands over what the clients' outboxes hold.
    pub(super) fn flush(&mut self) {
        self.keep();
        let clients = std::mem::take(&mut self.clients);
        for (session, client) in &clients {
            self.collect(*session, client);
        }
        self.clients = clients;
        self.pour();
    }

    fn collect(&mut self, session: SessionId, client: &Client) {
        let (bytes, ending) = client.outbox.take();
        if !bytes.is_empty() || ending.is_some() {
            self.emit(session, bytes, ending);
        }
    }

    fn do_beat(&mut self) {
        if self.trouble.is_frozen {
            return;
        }
        self.turn_away_silent_guests();
        self.answer_knocks();
        self.push_lines();
        self.push_books();
        self.push_ticks();
        if self.now >= self.slow_at {
            self.slow_at = self.after(SLOW_BEAT);
            self.push_profit();
            self.push_bars();
            self.push_second_bars();
            self.push_news();
            self.push_scans();
        }
        if self.now >= self.account_at {
            self.account_at = self.after(ACCOUNT_BEAT);
            self.push_account();
        }
    }

    /// Sends events to the clients they are about; a fill concerns every account subscriber.
    pub(super) fn deliver(&mut self, events: Vec<Event>) {
        let mut traded = false;
        self.has_changed |= !events.is_empty();
        for event in events {
            traded |= matches!(event.said, Said::Execution(_));
            let client = self.clients.values().find(|client| client.id == Some(event.client_id));
            let Some(client) = client.filter(|_| !event.said.is_unbound()) else { continue };
            match event.said {
                Said::Open(open) => client.say(open.encode(client.version)),
                Said::Status(report) => client.say(report.encode(client.version)),
                Said::Execution(mut report) => {
                    report.execution.time = self.temper.zone.rewrite(&report.execution.time);
                    client.say(report.encode(client.version));
                }
                Said::Commission(report) => client.say(report.encode(client.version)),
                Said::Message(report) => client.say_error(report),
                Said::Bound(bound) => client.say(bound.encode(client.version)),
            }
        }
        if traded {
            self.push_account();
        }
    }
}

/// Returns the first instant of a step.
pub(super) fn instant(step: Step) -> Utc {
    Utc::from_nanos(step.millis().saturating_mul(1_000_000))
}
