//! Picks the messages that the order book depends on out of a Gateway's stream.

use super::{
    AnswerId, CommissionReport, ErrorReport, ExecutionEnd, ExecutionReport, ManagedAccounts,
    NextValidId, OpenOrder, OpenOrderEnd, OrderStatusReport,
};
use crate::layout::{self, LayoutError};
use crate::{Head, ServerVersion};

/// A message of the Gateway that changes what is known about orders, fills, ids or accounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observation {
    OrderStatus(OrderStatusReport),
    OpenOrder(Box<OpenOrder>),
    OpenOrderEnd,
    Execution(Box<ExecutionReport>),
    ExecutionEnd(ExecutionEnd),
    Commission(CommissionReport),
    Error(ErrorReport),
    NextValidId(NextValidId),
    ManagedAccounts(ManagedAccounts),
}

/// Reads a body if it is one of the observed messages; any other is `None`.
///
/// # Errors
/// The body has no id, or is an observed message that cannot be read to its last field: what is
/// known about orders is then incomplete.
pub fn observe(version: ServerVersion, body: &[u8]) -> Result<Option<Observation>, LayoutError> {
    let head = Head::split(version, body).map_err(LayoutError::Head)?;
    let Some(id) = AnswerId::from_wire(head.id).filter(|id| is_observed(*id)) else {
        return Ok(None);
    };
    let head = layout::split(id.kind(), version, body)?;
    let observation = if id == AnswerId::OrderStatus {
        Observation::OrderStatus(layout::read(version, head)?)
    } else if id == AnswerId::OpenOrder {
        Observation::OpenOrder(Box::new(layout::read(version, head)?))
    } else if id == AnswerId::OpenOrderEnd {
        layout::read::<OpenOrderEnd>(version, head).map(|_| Observation::OpenOrderEnd)?
    } else if id == AnswerId::ExecutionData {
        Observation::Execution(Box::new(layout::read(version, head)?))
    } else if id == AnswerId::ExecutionDataEnd {
        Observation::ExecutionEnd(layout::read(version, head)?)
    } else if id == AnswerId::CommissionReport {
        Observation::Commission(layout::read(version, head)?)
    } else if id == AnswerId::Error {
        Observation::Error(layout::read(version, head)?)
    } else if id == AnswerId::NextValidId {
        Observation::NextValidId(layout::read(version, head)?)
    } else {
        Observation::ManagedAccounts(layout::read(version, head)?)
    };
    Ok(Some(observation))
}

fn is_observed(id: AnswerId) -> bool {
    [
        AnswerId::OrderStatus,
        AnswerId::OpenOrder,
        AnswerId::OpenOrderEnd,
        AnswerId::ExecutionData,
        AnswerId::ExecutionDataEnd,
        AnswerId::CommissionReport,
        AnswerId::Error,
        AnswerId::NextValidId,
        AnswerId::ManagedAccounts,
    ]
    .contains(&id)
}

impl Observation {
    /// Returns the body in the form of `version`.
    ///
    /// # Errors
    /// The layouts of the version are not known.
    pub fn encode(&self, version: ServerVersion) -> Result<Vec<u8>, LayoutError> {
        match self {
            Self::OrderStatus(message) => message.encode(version),
            Self::OpenOrder(message) => message.encode(version),
            Self::OpenOrderEnd => OpenOrderEnd.encode(version),
            Self::Execution(message) => message.encode(version),
            Self::ExecutionEnd(message) => message.encode(version),
            Self::Commission(message) => message.encode(version),
            Self::Error(message) => message.encode(version),
            Self::NextValidId(message) => message.encode(version),
            Self::ManagedAccounts(message) => message.encode(version),
        }
    }
}
