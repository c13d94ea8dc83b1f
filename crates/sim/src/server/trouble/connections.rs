//! What drills do to connections and to the door through which they come.
//!
//! It must never know what clients ask for. Part of the hub; the driver carries out its wishes.

use gatehouse_tws::encode_frame;
use gatehouse_types::ClientId;

use super::DrillFailed;
use crate::server::hub::{Arrival, Hub, Output, SessionId};
use crate::server::outbox::Ending;
use crate::server::temper::Departure;
use crate::world::drill::{Cut, DoorFault, Occurrence, Turn};

/// Connections that may be left without an answer at a time.
const UNHEARD_MAX: usize = 256;
/// What may arrive while the Gateway stands still, before connections are turned away.
const PENDING_MAX: usize = 65_536;
/// Bytes that may wait behind a valve; a client that has more is disconnected.
const UNSAID_MAX: usize = 16 * 1024 * 1024;

/// What the driver does beyond sending bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum Wish {
    /// Reads from a connection, or leaves what it says in the socket.
    Read { session: SessionId, on: bool },
    /// Nothing listens any more.
    CloseDoor,
    /// Listens where it listened before.
    OpenDoor,
    /// Listens on another port; the hub says so to its clients, and drops them.
    Move { port: u16 },
    /// Ends the process without a word.
    Die,
}

impl Hub {
    /// The sessions of one client, or of all who were let in.
    fn sessions_of(&self, client: Option<i32>) -> Result<Vec<SessionId>, DrillFailed> {
        let is_it = |id: ClientId| client.is_none_or(|client| client == id.get());
        let found: Vec<SessionId> = self
            .clients
            .iter()
            .filter(|(_, one)| one.id.is_some_and(is_it))
            .map(|(session, _)| *session)
            .collect();
        match client {
            Some(client) if found.is_empty() => Err(DrillFailed::new(
                format!("No client with the id {client} is connected."),
                "Ask for {\"do\":\"state\"} to see who is.",
            )),
            Some(_) | None => Ok(found),
        }
    }

    pub(super) fn cut(&mut self, client: Option<i32>, how: Cut) -> Result<(), DrillFailed> {
        for session in self.sessions_of(client)? {
            if how == Cut::MidFrame
                && let Some(client) = self.clients.get(&session)
            {
                // The beginning of a frame that never ends.
                let frame = encode_frame(b"49\x001\x001767623400\0");
                client.outbox.send(frame.get(..frame.len() / 2).unwrap_or_default());
            }
            self.dismiss(
                session,
                match how {
                    Cut::Closed => Ending::Now,
                    Cut::Reset | Cut::MidFrame => Ending::Reset,
                },
            );
        }
        Ok(())
    }

    pub(super) fn freeze(&mut self, client: Option<i32>, turn: Turn) -> Result<(), DrillFailed> {
        if client.is_none() {
            self.freeze_all(turn);
            return Ok(());
        }
        for session in self.sessions_of(client)? {
            match turn {
                Turn::Begin => {
                    self.flush();
                    self.trouble.valves.entry(session).or_default().shut();
                }
                Turn::End => self.thaw(session),
            }
            let on = turn == Turn::End;
            self.trouble.wishes.push(Wish::Read { session, on });
        }
        Ok(())
    }

    fn thaw(&mut self, session: SessionId) {
        let Some(valve) = self.trouble.valves.get_mut(&session) else { return };
        let (heard, is_closed) = valve.open();
        if valve.is_idle() {
            self.trouble.valves.remove(&session);
        }
        self.hear(session, &heard);
        if is_closed {
            self.forget(session);
        }
    }

    fn freeze_all(&mut self, turn: Turn) {
        let on = turn == Turn::End;
        self.flush();
        let sessions: Vec<SessionId> =
            self.clients.keys().chain(self.guests.keys()).copied().collect();
        let reads = sessions.into_iter().map(|session| Wish::Read { session, on });
        self.trouble.wishes.extend(reads);
        self.trouble.is_frozen = turn == Turn::Begin;
        if on {
            for arrival in std::mem::take(&mut self.trouble.pending) {
                self.admit(arrival);
            }
        }
    }

    /// Keeps what arrives at a Gateway that stands still.
    pub(in crate::server) fn keep_for_later(&mut self, arrival: Arrival) {
        if self.trouble.pending.len() < PENDING_MAX {
            self.trouble.pending.push(arrival);
        }
    }

    pub(super) fn drip(&mut self, client: Option<i32>, turn: Turn) -> Result<(), DrillFailed> {
        let now = self.now().nanos();
        for session in self.sessions_of(client)? {
            self.flush();
            let valve = self.trouble.valves.entry(session).or_default();
            match turn {
                Turn::Begin => valve.drip_from(now),
                Turn::End => valve.flow(),
            }
        }
        Ok(())
    }

    /// Forgets sessions without closing their sockets. What the clients say from now on is read and
    /// not answered. The machine's own network stack still acknowledges every byte: on loopback
    /// nobody can stop it, so a client sees silence, never a timeout of TCP.
    pub(super) fn half_open(&mut self, client: Option<i32>) -> Result<(), DrillFailed> {
        for session in self.sessions_of(client)? {
            self.flush();
            if let Some(client) = self.clients.remove(&session)
                && let Some(id) = client.id
            {
                self.note(&Occurrence::Disconnected(id));
            }
            self.trouble.valves.remove(&session);
            self.leave_unheard(session);
        }
        self.answer_knocks();
        Ok(())
    }

    /// Leaves a connection without an answer for good.
    fn leave_unheard(&mut self, session: SessionId) {
        self.trouble.unheard.insert(session);
        if self.trouble.unheard.len() > UNHEARD_MAX
            && let Some(oldest) = self.trouble.unheard.pop_first()
        {
            self.end_unknown(oldest);
        }
    }

    /// Ends a connection that is neither a guest nor a client.
    fn end_unknown(&mut self, session: SessionId) {
        let at = self.now();
        let ending = Some(Ending::Now);
        self.outputs.push(Output { at, session, bytes: Vec::new(), ending });
    }

    /// Returns whether the door deals with a new connection by itself.
    pub(in crate::server) fn meets_trouble_at_the_door(&mut self, session: SessionId) -> bool {
        match self.trouble.door {
            None => return false,
            Some(DoorFault::Silent) => self.leave_unheard(session),
            Some(DoorFault::Closed | DoorFault::Slammed) => self.end_unknown(session),
        }
        true
    }

    pub(super) fn set_door(&mut self, door: DoorFault, turn: Turn) {
        let before = self.trouble.door.take();
        self.trouble.door = (turn == Turn::Begin).then_some(door);
        let was_closed = before == Some(DoorFault::Closed);
        match (was_closed, self.trouble.door == Some(DoorFault::Closed)) {
            (false, true) => self.trouble.wishes.push(Wish::CloseDoor),
            (true, false) => self.trouble.wishes.push(Wish::OpenDoor),
            (false, false) | (true, true) => {}
        }
    }

    /// Tells that the Gateway listens elsewhere, and drops everybody.
    pub(in crate::server) fn moved(&mut self, port: u16) {
        self.tell_all(1100, "Connectivity between IBKR and Trader Workstation has been lost.");
        let text = format!(
            "TWS socket port has been reset and this connection is being dropped. Please reconnect on the new port - {port}"
        );
        self.tell_all(1300, &text);
        self.dismiss_all();
        self.flush();
    }

    /// Goes and comes by the schedule. Orders rest meanwhile, as at the broker.
    pub(in crate::server) fn come_and_go(&mut self) {
        let secs = self.now().secs();
        while let Some(departure) = self.absence.take_due(&self.temper, secs) {
            match departure {
                Departure::Leaves => {
                    let text = "Connectivity between IBKR and Trader Workstation has been lost.";
                    self.tell_all(1100, text);
                    self.dismiss_all();
                    self.set_door(DoorFault::Closed, Turn::Begin);
                }
                Departure::Returns => self.set_door(DoorFault::Closed, Turn::End),
            }
        }
    }

    /// Ends every connection, with what was said before.
    pub(in crate::server) fn dismiss_all(&mut self) {
        let sessions: Vec<SessionId> =
            self.clients.keys().chain(self.guests.keys()).copied().collect();
        for session in sessions {
            self.dismiss(session, Ending::AfterBytes);
        }
    }

    pub(super) fn occupy(&mut self, client: i32, turn: Turn) {
        match turn {
            Turn::Begin => {
                self.trouble.busy_ids.insert(client);
            }
            Turn::End => {
                self.trouble.busy_ids.remove(&client);
                self.answer_knocks();
            }
        }
    }

    /// Hands bytes and the end of a connection to the driver, through its valve where it has one.
    pub(in crate::server) fn emit(
        &mut self,
        session: SessionId,
        bytes: Vec<u8>,
        ending: Option<Ending>,
    ) {
        let at = self.now();
        let Some(valve) = self.trouble.valves.get_mut(&session) else {
            if !bytes.is_empty() || ending.is_some() {
                self.outputs.push(Output { at, session, bytes, ending });
            }
            return;
        };
        valve.put(&bytes, ending);
        let (bytes, mut ending) = valve.pour(at.nanos());
        if valve.n_unsaid() > UNSAID_MAX {
            ending = Some(Ending::Now);
        }
        if valve.is_idle() || ending.is_some() {
            self.trouble.valves.remove(&session);
        }
        if !bytes.is_empty() || ending.is_some() {
            self.outputs.push(Output { at, session, bytes, ending });
        }
    }

    /// Lets the dripping connections drip.
    pub(in crate::server) fn pour(&mut self) {
        let sessions: Vec<SessionId> = self.trouble.valves.keys().copied().collect();
        for session in sessions {
            self.emit(session, Vec::new(), None);
        }
    }
}
