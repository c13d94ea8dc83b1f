//! How things are, for who asks at the control port.
//!
//! It must never change anything. Part of the hub.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::server::hub::Hub;
use crate::world::drill::Occurrence;

/// What occurred since the start.
#[derive(Debug, Default)]
pub(in crate::server) struct Counts {
    orders: u64,
    fills: u64,
    connected: u64,
    disconnected: u64,
    notices: u64,
    messages: BTreeMap<String, u64>,
    /// Requests for bars, by size and kind.
    bars: BTreeMap<String, u64>,
}

impl Counts {
    /// Counts a request for bars that is looked at: what a drill answers in another way is not.
    pub(in crate::server) fn note_bars(&mut self, size: &str, what: &str) {
        *self.bars.entry(format!("{} {}", size.trim(), what.to_ascii_uppercase())).or_insert(0) +=
            1;
    }

    pub(super) fn note(&mut self, occurred: &Occurrence<'_>) {
        match occurred {
            Occurrence::Order(_) => self.orders += 1,
            Occurrence::Fill(_) => self.fills += 1,
            Occurrence::Connected(_) => self.connected += 1,
            Occurrence::Disconnected(_) => self.disconnected += 1,
            Occurrence::Notice(_) => self.notices += 1,
            Occurrence::Message(name) => match self.messages.get_mut(*name) {
                Some(n) => *n += 1,
                None => {
                    self.messages.insert((*name).to_owned(), 1);
                }
            },
            Occurrence::Price(..) => {}
        }
    }
}

impl Hub {
    /// Returns sessions, orders, counters and what is not as usual.
    pub(super) fn state(&self) -> Value {
        let sessions: Vec<Value> = self
            .clients
            .iter()
            .map(|(session, client)| {
                json!({
                    "session": session.0,
                    "client": client.id.map(gatehouse_types::ClientId::get),
                    "version": client.version.get(),
                    "messages": client.n_messages,
                    "lines": client.wants.market_data_ids().len(),
                    "strikes": client.pacing.n_strikes(),
                    "bent": self.trouble.valves.contains_key(session),
                })
            })
            .collect();
        let counts = &self.trouble.counts;
        let (n_planned, n_waiting) = self.trouble.plan.lengths();
        let faults: Vec<Value> = self
            .trouble
            .faults
            .on()
            .map(|(way, n_orders)| json!({ "as": format!("{way:?}"), "orders": n_orders }))
            .collect();
        let now = self.now().secs();
        json!({
            "time": self.temper.zone.write(now),
            "seconds": now - self.began().secs(),
            "account": self.world.account_id(),
            "max_version": self.max_version.get(),
            "sessions": sessions,
            "guests": self.guests.len(),
            "unanswered": self.trouble.unheard.len(),
            "orders": {
                "open": self.world.open_orders().count(),
                "over": self.world.completed_orders().count(),
                "executions": self.world.executions().len(),
            },
            "counters": {
                "orders": counts.orders,
                "fills": counts.fills,
                "connected": counts.connected,
                "disconnected": counts.disconnected,
                "notices": counts.notices,
                "messages": counts.messages,
                "bars": counts.bars,
                "pacing_violations": self.world.history_pacing.n_violations(),
            },
            "plan": { "due": n_planned, "waiting": n_waiting },
            "faults": faults,
            "words_waiting": self.trouble.faults.n_waiting() + self.trouble.unsaid.len(),
            "frozen": self.trouble.is_frozen,
            "untransmitted": self.trouble.untransmitted.len(),
            "link_lost": self.world.is_link_lost(),
            "door": self.trouble.door.map_or("open".to_owned(), |door| format!("{door:?}").to_lowercase()),
        })
    }
}
