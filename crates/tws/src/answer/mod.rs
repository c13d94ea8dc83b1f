//! Messages from the Gateway to a client.
//!
//! Those that carry orders, executions and ids are here; [`observe`] picks them out of a stream
//! that is otherwise forwarded without being read.

mod error;
mod execution;
mod id;
mod observe;
mod open_order;
mod order_status;
mod parts;
mod session;

pub use error::{ErrorReport, reject};
pub use execution::{CommissionReport, ExecutionEnd, ExecutionReport, WireExecution};
pub use id::AnswerId;
pub use observe::{Observation, observe};
pub use open_order::{Allocation, OpenOrder, OpenOrderEnd, OrderState, OutsideRth};
pub use order_status::{BrokerStatus, OrderStatusReport};
pub use session::{ManagedAccounts, NextValidId};

/// Gives a message its id and its two public codecs.
macro_rules! answer_codec {
    ($type:ident = $id:ident) => {
        impl $type {
            /// Id of the message.
            pub const ID: $crate::answer::AnswerId = $crate::answer::AnswerId::$id;

            /// Reads a body to its last field.
            ///
            /// # Errors
            /// It is another message, in the other form, or not exactly one of this kind.
            pub fn decode(
                version: $crate::ServerVersion,
                body: &[u8],
            ) -> Result<Self, $crate::layout::LayoutError> {
                $crate::layout::read_body(Self::ID.wire(), version, body)
            }

            /// Returns the body in the form of `version`.
            ///
            /// # Errors
            /// The layouts of the version are not known.
            pub fn encode(
                &self,
                version: $crate::ServerVersion,
            ) -> Result<Vec<u8>, $crate::layout::LayoutError> {
                $crate::layout::write_body(Self::ID.wire(), version, self)
            }
        }
    };
}
pub(crate) use answer_codec;
