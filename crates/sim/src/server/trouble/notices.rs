//! Notices of the Gateway, and what they tell of: farms, the link to the broker, somebody else's
//! session.
//!
//! It must never decide what lines show; the world knows which are silent. Part of the hub.

use gatehouse_types::ClientId;

use super::DrillFailed;
use crate::server::hub::{Hub, SessionId};
use crate::server::temper::{FarmWord, farm_notice};
use crate::world::drill::{AfterLink, LinkLost, Notice, Occurrence, Turn};

/// To each line that stops. Source: TWS API message codes.
pub(in crate::server) const COMPETING: (i32, &str) =
    (10197, "No market data during competing live session");

impl Hub {
    /// Sends a notice to everybody that was let in.
    pub(in crate::server) fn tell_all(&mut self, code: i32, text: &str) {
        for client in self.clients.values().filter(|client| client.id.is_some()) {
            client.complain(-1, code, text);
        }
        self.note(&Occurrence::Notice(code));
    }

    pub(super) fn give_notice(&mut self, notice: &Notice) -> Result<(), DrillFailed> {
        let (client, id) = if notice.last_order {
            let Some((client_id, order_id)) = self.trouble.faults.last_placed() else {
                let why = "No order was placed yet.";
                return Err(DrillFailed::new(why, "Wait for an order, or give an `id`."));
            };
            (Some(client_id), order_id.get())
        } else {
            (notice.client.map(ClientId::new), notice.id.unwrap_or(-1))
        };
        for one in self.clients.values() {
            if one.id.is_some() && (client.is_none() || one.id == client) {
                one.complain(id, notice.code, notice.text.as_str());
            }
        }
        if id == -1 {
            self.note(&Occurrence::Notice(notice.code));
        }
        Ok(())
    }

    /// A farm breaks or is back.
    pub(super) fn flap(&mut self, name: &str, turn: Turn) {
        let word = match turn {
            Turn::Begin => FarmWord::Broken,
            Turn::End => FarmWord::Ok,
        };
        let (code, text) = farm_notice(name, word);
        self.tell_all(code, &text);
        self.push_lines();
    }

    /// The link to the broker is lost or is back. Lines that are lost with it are forgotten.
    pub(super) fn lose_link(&mut self, data: AfterLink, lost: LinkLost, turn: Turn) {
        let (code, text) = match (turn, lost, data) {
            (Turn::Begin, LinkLost::Internet, _) => {
                (1100, "Connectivity between IBKR and Trader Workstation has been lost.")
            }
            (Turn::Begin, LinkLost::Server, _) => (
                2110,
                "Connectivity between Trader Workstation and server is broken. It will be restored automatically.",
            ),
            (Turn::End, _, AfterLink::Lost) => (
                1101,
                "Connectivity between IBKR and Trader Workstation has been restored - data lost.",
            ),
            (Turn::End, _, AfterLink::Kept) => (
                1102,
                "Connectivity between IBKR and Trader Workstation has been restored - data maintained.",
            ),
        };
        if turn == Turn::End && data == AfterLink::Lost {
            for client in self.clients.values_mut() {
                client.wants.forget_market_data();
            }
        }
        self.tell_all(code, text);
        if turn == Turn::End {
            let unsaid = std::mem::take(&mut self.trouble.unsaid);
            self.deliver(unsaid);
            self.transmit_held();
            self.push_lines();
        }
    }

    /// Somebody else takes the market data, or leaves it again.
    pub(super) fn compete(&mut self, turn: Turn) {
        if turn == Turn::End {
            return self.push_lines();
        }
        let (code, text) = COMPETING;
        for client in self.clients.values() {
            for req_id in client.wants.market_data_ids() {
                client.complain(req_id, code, text);
            }
        }
    }

    /// Whoever connects is told another account.
    pub(super) fn change_account(&mut self, id: &str, turn: Turn) {
        let usual = self.trouble.usual_account.take();
        let before = usual.unwrap_or_else(|| self.world.account_id().to_owned());
        match turn {
            Turn::Begin => {
                self.world.rename_account(id);
                self.trouble.usual_account = Some(before);
            }
            Turn::End => self.world.rename_account(&before),
        }
    }

    /// Whoever connects is offered another version at most.
    pub(super) fn change_version(&mut self, max: i32, turn: Turn) {
        let usual = self.trouble.usual_version.take();
        let before = usual.unwrap_or(self.max_version);
        match turn {
            Turn::Begin => {
                self.max_version = gatehouse_tws::ServerVersion::new(max);
                self.trouble.usual_version = Some(before);
            }
            Turn::End => self.max_version = before,
        }
    }

    /// Says to a client that was just let in which farms there are.
    pub(in crate::server) fn say_farms(&mut self, session: SessionId) {
        let farms = self.temper.farms.at_connect();
        for (code, text) in farms {
            if let Some(client) = self.clients.get(&session) {
                client.complain(-1, code, text);
            }
            self.note(&Occurrence::Notice(code));
        }
    }

    /// Connects the farms that nobody needed before.
    pub(in crate::server) fn wake_farms(&mut self, for_history: bool) {
        for name in self.temper.farms.wake(for_history) {
            let (code, text) = farm_notice(&name, FarmWord::Ok);
            self.tell_all(code, &text);
        }
    }
}
