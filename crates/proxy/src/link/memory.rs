//! The last word of the Gateway on each live order of one link, byte for byte.

use std::collections::HashMap;

use gatehouse_tws::answer::{BrokerStatus, Observation};
use gatehouse_types::{ClientId, OrderId};

/// openOrder and orderStatus as they came.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct LastFrames {
    pub(crate) open_order: Option<Vec<u8>>,
    pub(crate) order_status: Option<Vec<u8>>,
}

/// The last frames of the orders of one client id.
#[derive(Debug)]
pub(crate) struct Memory {
    client_id: ClientId,
    orders: HashMap<OrderId, LastFrames>,
}

impl Memory {
    pub(crate) fn new(client_id: ClientId) -> Self {
        Self { client_id, orders: HashMap::new() }
    }

    /// Keeps what a modify may have to repeat; forgets orders that ended.
    pub(crate) fn note(&mut self, observation: &Observation, body: &[u8]) {
        match observation {
            Observation::OpenOrder(open) => {
                let owner = open.order.client_id.map(ClientId::new);
                let is_ours = owner.is_none_or(|owner| owner == self.client_id);
                if is_ours && !open.order.what_if {
                    self.orders.entry(open.order_id).or_default().open_order = Some(body.to_vec());
                }
            }
            Observation::OrderStatus(report) if report.client_id == self.client_id => {
                match report.status {
                    BrokerStatus::Filled | BrokerStatus::Cancelled | BrokerStatus::ApiCancelled => {
                        self.orders.remove(&report.order_id);
                    }
                    BrokerStatus::ApiPending
                    | BrokerStatus::PendingSubmit
                    | BrokerStatus::PendingCancel
                    | BrokerStatus::PreSubmitted
                    | BrokerStatus::Submitted
                    | BrokerStatus::Inactive => {
                        let last = self.orders.entry(report.order_id).or_default();
                        last.order_status = Some(body.to_vec());
                    }
                }
            }
            Observation::OrderStatus(_)
            | Observation::OpenOrderEnd
            | Observation::Execution(_)
            | Observation::ExecutionEnd(_)
            | Observation::Commission(_)
            | Observation::Error(_)
            | Observation::NextValidId(_)
            | Observation::ManagedAccounts(_) => {}
        }
    }

    /// Forgets everything: what follows may be in another form.
    pub(crate) fn clear(&mut self) {
        self.orders.clear();
    }

    pub(crate) fn last(&self, order_id: OrderId) -> LastFrames {
        self.orders.get(&order_id).cloned().unwrap_or_default()
    }
}
