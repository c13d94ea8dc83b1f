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
use crate::world::time::wire_time;

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
        self.clients.remove(&session);
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
        let client = Client::new(version, self.now(), guest.hello.into_frames());
        let time = wire_time(self.now().secs());
        client.outbox.send(&encode_frame(&ServerHello { version, time }.encode()));
        self.clients.insert(session, client);
    }

    fn read_frames(&mut self, session: SessionId) {
        while let Some(client) = self.clients.get_mut(&session) {
            match client.frames.next_frame() {
                Ok(Some(body)) => {
                    let body = body.to_vec();
                    self.frame(session, &body);
                }
                Ok(None) => return,
                Err(error) => {
                    tracing::info!(%error, "Client's bytes are not frames");
                    return self.dismiss(session, Ending::Now);
                }
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
            Ok(request) => self.answer(session, client_id, request, body),
            Err(error) => {
                let text = format!("Error reading request: {}", chain(&error));
                tracing::warn!(%text, "Frame is not understood");
                let id = super::requests::id_in_body(version, body);
                client.complain(id, 320, text);
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
        if self.clients.values().any(|client| client.id == Some(client_id)) {
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
            if !self.clients.values().any(|client| client.id == Some(client_id)) {
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
        self.say_accounts(session);
        self.say_next_id(session, client_id);
        let Some(client) = self.clients.get(&session) else { return };
        for (code, text) in [
            (2104, "Market data farm connection is OK:usfarm"),
            (2106, "HMDS data farm connection is OK:ushmds"),
            (2158, "Sec-def data farm connection is OK:secdefil"),
        ] {
            client.complain(-1, code, text);
        }
        for body in early {
            self.frame(session, &body);
        }
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
