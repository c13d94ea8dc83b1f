//! How a connection becomes a client: the handshake, START_API, and the wait for an id that
//! another session still has; then its bytes cut into frames.
//!
//! It must never know what a request asks for. Part of the hub.

use std::time::Duration;

use gatehouse_tws::answer::{ManagedAccounts, NextValidId};
use gatehouse_tws::handshake::{ClientHello, HelloReader, ServerHello, StartApi};
use gatehouse_tws::request::Request;
use gatehouse_tws::{ServerVersion, VersionRange, encode_frame};
use gatehouse_types::{AccountId, ClientId, Utc};

use super::client::Client;
use super::hub::{Hub, SessionId};
use super::outbox::Ending;
use super::temper::{Pacing, Verdict};
use super::trouble::Wish;
use crate::world::drill::Occurrence;

/// Clients that one Gateway serves, as the real one.
const CLIENTS_MAX: usize = 32;
/// Connections that may be without a word at a time.
const GUESTS_MAX: usize = 256;
/// A connection that does not say what it is for this long is closed, in the clients' time.
const HELLO_WAIT: Duration = Duration::from_secs(10);
/// How long a client may wait for the end of an earlier session with its id, in the clients' time:
/// the official client closes its socket up to a second after it says so.
const KNOCK_WAIT: Duration = Duration::from_secs(2);
/// Frames that are kept of a client that waits.
const EARLY_MAX: usize = 64;

/// A connection that has not said its versions.
#[derive(Debug)]
pub(super) struct Guest {
    hello: HelloReader,
    /// When it is closed.
    until: Utc,
}

impl Hub {
    pub(super) fn open(&mut self, session: SessionId) {
        let guest = Guest { hello: HelloReader::new(), until: self.after(HELLO_WAIT) };
        self.guests.insert(session, guest);
        if self.guests.len() > GUESTS_MAX {
            tracing::warn!("Too many connections that say nothing");
            self.dismiss(session, Ending::Now);
        }
    }

    /// Forgets a connection that the other side ended.
    pub(super) fn forget(&mut self, session: SessionId) {
        self.guests.remove(&session);
        self.trouble.unheard.remove(&session);
        self.trouble.valves.remove(&session);
        let gone = self.clients.remove(&session).and_then(|client| client.id);
        if let Some(id) = gone {
            self.note(&Occurrence::Disconnected(id));
        }
        self.answer_knocks();
    }

    /// Returns whether anybody is connected.
    pub(super) fn has_company(&self) -> bool {
        !self.clients.is_empty() || !self.guests.is_empty()
    }

    /// Returns whether somebody is connected who is not let in yet.
    pub(super) fn has_someone_at_the_door(&self) -> bool {
        !self.guests.is_empty() || self.clients.values().any(|client| client.id.is_none())
    }

    /// Takes bytes of a connection, in any cut.
    pub(super) fn hear(&mut self, session: SessionId, bytes: &[u8]) {
        if let Some(guest) = self.guests.get_mut(&session) {
            match guest.hello.push(bytes) {
                Ok(None) => return,
                Ok(Some(hello)) => self.greet(session, &hello),
                Err(error) => {
                    tracing::info!(%error, "Connection is not a client's");
                    self.dismiss(session, Ending::Now);
                }
            }
        } else if let Some(client) = self.clients.get_mut(&session) {
            client.frames.push(bytes);
        }
        self.read_frames(session);
    }

    /// Answers a client's offer of versions.
    fn greet(&mut self, session: SessionId, hello: &ClientHello) {
        let Some(version) = negotiate(hello.range, self.max_version) else {
            tracing::info!(offered = %hello.range, "There is no common version");
            return self.dismiss(session, Ending::Now);
        };
        if self.clients.len() >= CLIENTS_MAX {
            tracing::warn!("Too many clients");
            return self.dismiss(session, Ending::Now);
        }
        let Some(guest) = self.guests.remove(&session) else { return };
        let pacing = Pacing::new(self.temper.pacing, self.temper.rate, &hello.options);
        let client = Client::new(version, self.now(), guest.hello.into_frames(), pacing);
        let time = self.temper.zone.write(self.now().secs());
        client.outbox.send(&encode_frame(&ServerHello { version, time }.encode()));
        self.clients.insert(session, client);
    }

    fn read_frames(&mut self, session: SessionId) {
        let time = self.clients_time();
        while let Some(client) = self.clients.get_mut(&session)
            && client.paced_until.is_none()
            && self.trouble.valves.get(&session).is_none_or(|valve| !valve.is_shut())
            && !self.trouble.is_frozen
        {
            match client.frames.next_frame() {
                Ok(Some(body)) => {
                    let body = body.to_vec();
                    client.n_messages += 1;
                    let verdict = client.pacing.judge(time);
                    self.judged(session, &body, verdict);
                }
                Ok(None) => return,
                Err(error) => {
                    tracing::info!(%error, "Client's bytes are not frames");
                    return self.dismiss(session, Ending::Now);
                }
            }
        }
    }

    /// Deals with a message as the limit on their rate has it.
    fn judged(&mut self, session: SessionId, body: &[u8], verdict: Verdict) {
        match verdict {
            Verdict::Pass => self.frame(session, body),
            Verdict::Refused(text) => self.refuse_message(session, body, text),
            Verdict::Last(text) => {
                self.refuse_message(session, body, text);
                self.dismiss(session, Ending::AfterBytes);
            }
            Verdict::Wait(until) => {
                let at = self.at_clients_time(until);
                if let Some(client) = self.clients.get_mut(&session) {
                    client.paced_until = Some(at);
                    client.early.insert(0, body.to_vec());
                    self.trouble.wishes.push(Wish::Read { session, on: false });
                }
            }
        }
    }

    fn refuse_message(&self, session: SessionId, body: &[u8], text: String) {
        if let Some(client) = self.clients.get(&session) {
            client.complain(super::requests::id_in_body(client.version, body), 100, text);
        }
    }

    /// Returns when the next message is looked at of somebody who said too many.
    pub(super) fn next_paced(&self) -> Option<Utc> {
        self.clients.values().filter_map(|client| client.paced_until).min()
    }

    /// Goes on with those whose messages had to wait.
    pub(super) fn hear_who_was_paced(&mut self) {
        let now = self.now();
        let waiting: Vec<SessionId> = self
            .clients
            .iter()
            .filter(|(_, client)| client.paced_until.is_some_and(|until| until <= now))
            .map(|(session, _)| *session)
            .collect();
        let time = self.clients_time();
        for session in waiting {
            let Some(client) = self.clients.get_mut(&session) else { continue };
            client.paced_until = None;
            if !client.early.is_empty() && client.knocks.is_none() {
                let body = client.early.remove(0);
                let verdict = client.pacing.judge(time);
                self.judged(session, &body, verdict);
            }
            self.read_frames(session);
            if self.clients.get(&session).is_some_and(|client| client.paced_until.is_none()) {
                self.trouble.wishes.push(Wish::Read { session, on: true });
            }
        }
    }

    fn frame(&mut self, session: SessionId, body: &[u8]) {
        let Some(client) = self.clients.get_mut(&session) else { return };
        let version = client.version;
        if client.knocks.is_some() {
            if client.early.len() < EARLY_MAX {
                client.early.push(body.to_vec());
            }
            return;
        }
        let Some(client_id) = client.id else {
            self.begin(session, version, body);
            return;
        };
        let noted = self.record.as_mut().map(|record| record.note(client_id, version, body));
        if let Some(Err(error)) = noted {
            tracing::error!(%error, "Frame could not be recorded and is not acted on");
            client.complain(-1, 321, "The simulated Gateway cannot write its record");
            return;
        }
        match Request::decode(version, body) {
            Ok(request) => {
                if self.note_request(client_id, session, &request) {
                    self.answer(session, client_id, request, body);
                }
            }
            Err(error) => {
                let text = format!("Error reading request: {}", chain(&error));
                tracing::warn!(%text, "Frame is not understood");
                client.complain(super::requests::id_in_body(version, body), 320, text);
            }
        }
    }

    /// START_API: gives the client its accounts and its next order id.
    fn begin(&mut self, session: SessionId, version: ServerVersion, body: &[u8]) {
        let client_id = match StartApi::decode(version, body) {
            Ok(start) => start.client_id,
            Err(error) => {
                tracing::warn!(error = %chain(&error), "Session does not begin with startApi");
                return self.dismiss(session, Ending::Now);
            }
        };
        if self.is_taken(client_id) {
            let until = self.after(KNOCK_WAIT);
            if let Some(client) = self.clients.get_mut(&session) {
                client.knocks.get_or_insert((client_id, until));
            }
            return;
        }
        self.welcome(session, client_id);
    }

    /// Lets in who waited for its id to become free, and turns away who waited too long. A client
    /// that reconnects at once can be heard before the end of its earlier session is.
    pub(super) fn answer_knocks(&mut self) {
        let knocking: Vec<(SessionId, ClientId, Utc)> = self
            .clients
            .iter()
            .filter_map(|(session, client)| client.knocks.map(|(id, until)| (*session, id, until)))
            .collect();
        for (session, client_id, until) in knocking {
            if !self.is_taken(client_id) {
                self.welcome(session, client_id);
            } else if self.now() >= until
                && let Some(client) = self.clients.get(&session)
            {
                let text = "Unable to connect as the client id is already in use. Retry with a unique client id.";
                client.complain(-1, 326, text);
                self.dismiss(session, Ending::AfterBytes);
            }
        }
    }

    /// Closes connections that did not say in time what they are.
    pub(super) fn turn_away_silent_guests(&mut self) {
        let now = self.now();
        let silent: Vec<SessionId> = self
            .guests
            .iter()
            .filter_map(|(session, guest)| (guest.until <= now).then_some(*session))
            .collect();
        for session in silent {
            tracing::info!("Connection said nothing");
            self.dismiss(session, Ending::Now);
        }
    }

    fn welcome(&mut self, session: SessionId, client_id: ClientId) {
        let Some(client) = self.clients.get_mut(&session) else { return };
        client.id = Some(client_id);
        client.knocks = None;
        let early = std::mem::take(&mut client.early);
        tracing::info!(%client_id, version = %client.version, "Client connected");
        // Who left orders working hears of them before anything else, as captures show.
        if self.world.open_orders().any(|order| order.client_id == client_id) {
            self.open_orders(session, Some(client_id));
        }
        self.say_accounts(session);
        self.say_next_id(session, client_id);
        self.say_farms(session);
        self.note(&Occurrence::Connected(client_id));
        for body in early {
            self.frame(session, &body);
        }
    }

    /// Returns whether a client id is in use.
    fn is_taken(&self, client_id: ClientId) -> bool {
        self.trouble.busy_ids.contains(&client_id.get())
            || self.clients.values().any(|client| client.id == Some(client_id))
    }

    pub(super) fn say_accounts(&self, session: SessionId) {
        if let Some(client) = self.clients.get(&session) {
            let accounts = vec![AccountId::new(self.world.account_id())];
            client.say(ManagedAccounts { accounts }.encode(client.version));
        }
    }

    pub(super) fn say_next_id(&self, session: SessionId, client_id: ClientId) {
        if let Some(client) = self.clients.get(&session) {
            let order_id = self.world.next_order_id(client_id);
            client.say(NextValidId { order_id }.encode(client.version));
        }
    }
}

/// The newest version that both know.
fn negotiate(offered: VersionRange, max: ServerVersion) -> Option<ServerVersion> {
    offered.within(ServerVersion::FLOOR, max).map(VersionRange::max)
}

/// The whole chain of an error in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_on_the_newest_version_that_both_know() {
        for (min, max, server_max, agreed) in [
            (157, 178, 226, Some(178)),
            (213, 226, 226, Some(226)),
            (100, 226, 222, Some(222)),
            (100, 193, 226, Some(193)),
            (100, 226, 200, Some(200)),
            (100, 226, 208, Some(208)),
            (213, 226, 178, None),
            (100, 156, 226, None),
            (190, 200, 226, Some(200)),
            (227, 230, 226, None),
        ] {
            let version = ServerVersion::new;
            let offered = VersionRange::try_new(version(min), version(max)).expect("is a range");
            let expected = agreed.map(version);
            assert_eq!(negotiate(offered, version(server_max)), expected, "{offered}");
        }
    }
}
