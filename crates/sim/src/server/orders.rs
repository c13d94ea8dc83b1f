//! Orders, executions and the lists of them, as messages.
//!
//! It must never decide about an order; the world does. Called by the hub's requests.

use gatehouse_tws::Form;
use gatehouse_tws::answer::{
    CompletedOrder, CompletedOrdersEnd, ExecutionEnd, ExecutionReport, OpenOrderEnd,
};
use gatehouse_tws::request::{ExecutionFilter, ExecutionsRequest, PlaceOrder};
use gatehouse_types::ClientId;

use super::held::Held;
use super::hub::{Hub, SessionId};
use crate::world::Executed;
use crate::world::history::parse_end;

/// The server version from which orders are placed in protobuf.
const PROTOBUF_ORDERS: i32 = 203;
/// The server version from which a client knows fractions of shares.
const FRACTIONS: i32 = 163;
/// The only client that may bind what a person placed.
pub(super) const MASTER: ClientId = ClientId::new(0);

impl Hub {
    pub(super) fn place_order(&mut self, client_id: ClientId, asked: PlaceOrder) {
        if self.is_too_old_for(client_id, &asked) || self.has_no_time_in_force(client_id, &asked) {
            return;
        }
        self.transmit(client_id, Held::Place(Box::new(asked)));
    }

    /// In protobuf a time in force that is left out is none, in text it is DAY. Source: a capture
    /// of a paper Gateway at server version 225.
    fn has_no_time_in_force(&self, client_id: ClientId, asked: &PlaceOrder) -> bool {
        let client = self.clients.values().find(|client| client.id == Some(client_id));
        let told = client.filter(|client| {
            client.version.form(PROTOBUF_ORDERS) == Form::Protobuf && asked.order.tif.is_empty()
        });
        if let Some(client) = told {
            client.complain(asked.order_id.get(), 10052, "Invalid time in force:Empty");
        }
        told.is_some()
    }

    /// A client that does not know fractions of shares may not order them; its version cannot say
    /// what it would get.
    fn is_too_old_for(&self, client_id: ClientId, asked: &PlaceOrder) -> bool {
        let client = self.clients.values().find(|client| client.id == Some(client_id));
        let old = client.filter(|client| {
            !client.version.has(FRACTIONS) && !asked.order.total_quantity.is_integer()
        });
        if let Some(client) = old {
            let text = "Fractional-sized order cannot be placed via API. Please refer to desktop version to place this order.";
            client.complain(asked.order_id.get(), 10243, text);
        }
        old.is_some()
    }

    /// Lists the open orders of one client, or of all.
    pub(super) fn open_orders(&mut self, session: SessionId, of: Option<ClientId>) {
        let Some(client) = self.clients.get(&session) else { return };
        for order in self.world.open_orders() {
            if of.is_none_or(|client_id| client_id == order.client_id) {
                client.say(order.open_order().encode(client.version));
                client.say(order.report().encode(client.version));
                if let Some(twin) = self.trouble.faults.twin(order.client_id, &order.open_order()) {
                    client.say(twin.encode(client.version));
                }
            }
        }
        client.say(OpenOrderEnd.encode(client.version));
    }

    /// Lists the open orders of a client; those that a person placed become client 0's.
    pub(super) fn own_open_orders(&mut self, session: SessionId, client_id: ClientId) {
        if client_id == MASTER {
            let bound = self.world.bind_open_orders();
            self.route(bound);
        }
        self.open_orders(session, Some(client_id));
    }

    pub(super) fn auto_open_orders(
        &mut self,
        session: SessionId,
        client_id: ClientId,
        binds: bool,
    ) {
        if client_id == MASTER {
            self.world.bind_new_orders(binds);
        } else if let Some(client) = self.clients.get(&session) {
            client.complain(-1, 327, "Only the default client (i.e 0) can auto bind orders.");
        }
    }

    pub(super) fn completed_orders(&mut self, session: SessionId) {
        let Some(client) = self.clients.get(&session) else { return };
        for open in self.world.completed_orders() {
            let completed =
                CompletedOrder { contract: open.contract, order: open.order, state: open.state };
            client.say(completed.encode(client.version));
        }
        client.say(CompletedOrdersEnd.encode(client.version));
    }

    pub(super) fn executions(&mut self, session: SessionId, asked: &ExecutionsRequest) {
        let Some(client) = self.clients.get(&session) else { return };
        let now = self.world.now().secs();
        let found: Vec<&Executed> = self
            .world
            .executions()
            .iter()
            .filter(|executed| fits(executed, &asked.filter, now))
            .collect();
        for executed in &found {
            let mut report = ExecutionReport { req_id: asked.req_id, ..executed.report.clone() };
            report.execution.time = self.temper.zone.rewrite(&report.execution.time);
            client.say(report.encode(client.version));
        }
        for commission in found.iter().filter_map(|executed| executed.commission.as_ref()) {
            client.say(commission.encode(client.version));
        }
        client.say(ExecutionEnd { req_id: asked.req_id }.encode(client.version));
    }
}

/// An empty field of the filter lets everything pass; so does a time that cannot be read.
fn fits(executed: &Executed, filter: &ExecutionFilter, now: i64) -> bool {
    let execution = &executed.report.execution;
    let is_or_empty =
        |wanted: &str, value: &str| wanted.is_empty() || wanted.eq_ignore_ascii_case(value);
    let since = if filter.time.is_empty() { None } else { parse_end(&filter.time, now).ok() };
    (filter.client_id == 0
        || filter.client_id == i32::MAX
        || filter.client_id == execution.client_id.get())
        && is_or_empty(&filter.account, execution.account.as_str())
        && is_or_empty(&filter.symbol, &executed.report.contract.symbol)
        && is_or_empty(&filter.sec_type, &executed.report.contract.sec_type)
        && is_or_empty(&filter.exchange, &execution.exchange)
        && (filter.side.is_empty() || execution.side.to_string().starts_with(&filter.side))
        && since.is_none_or(|since| executed.at.secs() >= since)
}
