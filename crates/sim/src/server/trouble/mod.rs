//! Drills as the server carries them out: what happens to connections, to notices, and to the words
//! about orders.
//!
//! It must never know the market; the world has its part of each drill. Part of the hub.

mod asked;
mod by_hand;
mod connections;
mod notices;
mod state;
mod valve;

use std::collections::{BTreeMap, BTreeSet};

use gatehouse_types::{ClientId, OrderId};

pub(super) use connections::Wish;
pub(super) use state::Counts;
pub(super) use valve::Valve;

use super::held::Held;
use super::hub::{Arrival, Hub, SessionId};
use super::orders::MASTER;
use crate::world::drill::{Act, DoorFault, Drill, Line, Occurrence, Plan, Turn};
use crate::world::faults::Faults;
use crate::world::time::Step;
use crate::world::{Event, Said};

/// Why a drill could not be carried out, in the sentences that a person needs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct DrillFailed {
    pub why: String,
    pub next: String,
}

impl DrillFailed {
    pub(super) fn new(why: impl Into<String>, next: impl Into<String>) -> Self {
        Self { why: why.into(), next: next.into() }
    }
}

/// What a line got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Done,
    /// How things are, as JSON.
    State(serde_json::Value),
}

/// Everything that is not as usual.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    pub(super) plan: Plan,
    pub(super) faults: Faults,
    pub(super) counts: Counts,
    pub(super) valves: BTreeMap<SessionId, Valve>,
    /// What the driver is to do with its listener and its readers.
    pub(super) wishes: Vec<Wish>,
    pub(super) door: Option<DoorFault>,
    /// Connections that are never answered.
    pub(super) unheard: BTreeSet<SessionId>,
    pub(super) busy_ids: BTreeSet<i32>,
    /// The whole Gateway stands still; what arrives waits here.
    pub(super) is_frozen: bool,
    pub(super) pending: Vec<Arrival>,
    /// What the broker said while the link was lost.
    pub(super) unsaid: Vec<Event>,
    /// What clients asked of the broker meanwhile.
    pub(super) untransmitted: Vec<(ClientId, Held)>,
    /// What was as usual before a drill, to return to.
    pub(super) usual_version: Option<gatehouse_tws::ServerVersion>,
    pub(super) usual_account: Option<String>,
}

impl Hub {
    /// Takes a line of the language, now.
    ///
    /// # Errors
    /// There is no room for it, or what it asks for cannot be done.
    pub(super) fn act(&mut self, line: Line) -> Result<Answer, DrillFailed> {
        if line.drill == (Drill::State {}) {
            return Ok(Answer::State(self.state()));
        }
        let is_at_once = line.cue.at.is_none() && line.cue.when.is_none();
        let is_at_once = is_at_once && line.cue.after.is_none() && line.cue.times.is_none();
        if is_at_once {
            // Carried out here, so that its sender hears how it went; only its end is planned.
            let turn = if line.cue.end { Turn::End } else { Turn::Begin };
            self.carry_out(&Act { drill: line.drill.clone(), turn })?;
            let Some(lasting) = line.cue.lasting else { return Ok(Answer::Done) };
            let cue = crate::world::drill::Cue {
                after: Some(lasting),
                end: true,
                ..crate::world::drill::Cue::default()
            };
            self.plan_line(Line { cue, drill: line.drill })?;
            return Ok(Answer::Done);
        }
        self.plan_line(line)?;
        self.run_due();
        Ok(Answer::Done)
    }

    fn plan_line(&mut self, line: Line) -> Result<(), DrillFailed> {
        let (began, now) = (self.began(), Step::of(self.now()));
        self.trouble.plan.add(line, began, now).map_err(|full| {
            DrillFailed::new(full.to_string(), "Wait until some have happened, or plan fewer.")
        })
    }

    /// Carries out what is due.
    pub(super) fn run_due(&mut self) {
        let now = Step::of(self.now());
        while let Some(act) = self.trouble.plan.take_due(now) {
            if let Err(error) = self.carry_out(&act) {
                tracing::warn!(?act, %error, "Drill could not be carried out");
            }
        }
    }

    /// Says that something occurred that a line may wait for.
    pub(super) fn note(&mut self, occurred: &Occurrence<'_>) {
        self.trouble.counts.note(occurred);
        if *occurred == Occurrence::Disconnected(MASTER) {
            self.world.bind_new_orders(false);
        }
        self.trouble.plan.note(occurred, Step::of(self.now()));
        self.run_due();
    }

    /// Looks whether a price was reached that a line waits for.
    pub(super) fn note_prices(&mut self) {
        for listing in self.trouble.plan.watched() {
            if let Some(last) = self.world.snapshot(listing).last {
                self.note(&Occurrence::Price(listing.con_id(), last.px));
            }
        }
    }

    fn carry_out(&mut self, act: &Act) -> Result<(), DrillFailed> {
        tracing::info!(?act, "Drill");
        self.world.drill(&act.drill, act.turn);
        let Act { drill, turn } = act;
        match drill {
            Drill::Usual { .. }
            | Drill::Data { .. }
            | Drill::Permissions { .. }
            | Drill::Quote { .. }
            | Drill::Spread { .. }
            | Drill::Cross { .. }
            | Drill::Jump { .. }
            | Drill::StaleLast { .. } => self.push_lines(),
            Drill::Contract { .. } | Drill::History { .. } | Drill::Reject(_) | Drill::State {} => {
            }
            Drill::Orders(fault) => {
                self.trouble.faults.set(fault, *turn);
                self.say_what_waited();
            }
            Drill::ManualOrder(order) => return self.place_by_hand(order),
            Drill::ManualCancel(which) => return self.cancel_by_hand(*which),
            Drill::Repeat { .. } | Drill::Correct(_) | Drill::Bust { .. } => {
                return self.revise(drill);
            }
            Drill::NextId { client, to } => self.set_next_id(*client, *to),
            Drill::Notice(notice) => return self.give_notice(notice),
            Drill::Farm { name } => self.flap(name, *turn),
            Drill::Link { data, lost } => self.lose_link(*data, *lost, *turn),
            Drill::Competing {} => self.compete(*turn),
            Drill::Account { id } => self.change_account(id, *turn),
            Drill::Version { max } => self.change_version(*max, *turn),
            Drill::BusyId { client } => self.occupy(*client, *turn),
            Drill::Drop { client, ending } => return self.cut(*client, *ending),
            Drill::Freeze { client } => return self.freeze(*client, *turn),
            Drill::Drip { client } => return self.drip(*client, *turn),
            Drill::HalfOpen { client } => return self.half_open(*client),
            Drill::Door { door } => self.set_door(*door, *turn),
            Drill::Port { port } => self.trouble.wishes.push(Wish::Move { port: *port }),
            Drill::Kill {} => self.trouble.wishes.push(Wish::Die),
        }
        Ok(())
    }

    /// Tells a fill again, corrected, or busted.
    fn revise(&mut self, drill: &Drill) -> Result<(), DrillFailed> {
        #[expect(clippy::wildcard_enum_match_arm, reason = "called for these three")]
        let events = match drill {
            Drill::Repeat { exec_id } => self.world.repeat_execution(exec_id.as_deref()),
            Drill::Correct(correction) => self.world.correct_execution(correction),
            Drill::Bust { exec_id } => self.world.bust_execution(exec_id.as_deref()),
            _ => Ok(Vec::new()),
        };
        let events = events.map_err(|error| {
            DrillFailed::new(format!("{error}."), "Wait for a fill, or name one of the run.")
        })?;
        self.deliver(events);
        Ok(())
    }

    fn set_next_id(&mut self, client: Option<i32>, to: i32) {
        let clients: Vec<ClientId> = match client {
            Some(client) => vec![ClientId::new(client)],
            None => self.clients.values().filter_map(|client| client.id).collect(),
        };
        for client_id in clients {
            self.world.set_next_order_id(client_id, OrderId::new(to));
        }
        let told: Vec<(SessionId, ClientId)> = self
            .clients
            .iter()
            .filter_map(|(session, client)| Some((*session, client.id?)))
            .filter(|(_, id)| client.is_none_or(|client| client == id.get()))
            .collect();
        for (session, client_id) in told {
            self.say_next_id(session, client_id);
        }
    }

    /// Passes events through the faults and says what comes out of them.
    pub(super) fn route(&mut self, events: Vec<Event>) {
        let fills: Vec<ClientId> = events
            .iter()
            .filter(|event| matches!(event.said, Said::Execution(_)))
            .map(|event| event.client_id)
            .collect();
        for client_id in fills {
            self.note(&Occurrence::Fill(client_id));
        }
        let bent = self.trouble.faults.bend(events, Step::of(self.now()));
        self.deliver_or_keep(bent);
    }

    /// Says what waited long enough.
    pub(super) fn say_what_waited(&mut self) {
        let due = self.trouble.faults.due(Step::of(self.now()));
        self.deliver_or_keep(due);
    }

    /// While the link is lost, the broker's words wait at its other end.
    fn deliver_or_keep(&mut self, events: Vec<Event>) {
        if self.world.is_link_lost() {
            self.trouble.unsaid.extend(events);
        } else {
            self.deliver(events);
        }
    }
}
