//! Messages from a client to the Gateway.
//!
//! Every id has one action. An id that is not in the table has no action but refusal.

mod cancel_order;
mod id;
mod place_order;
mod session;

pub use cancel_order::{CancelOrder, CancelTerms, GlobalCancel};
pub use id::{Action, Forbidden, RequestId, action};
pub use place_order::{AttachedOrders, ORDER_BODY_MAX, PlaceOrder, PlaceOrderError};
pub use session::{
    AllOpenOrdersRequest, ExecutionFilter, ExecutionsRequest, IdsRequest, OpenOrdersRequest,
};

/// Gives a message its id and its two public codecs.
macro_rules! request_codec {
    ($type:ident = $id:ident) => {
        impl $type {
            /// Id of the message.
            pub const ID: RequestId = RequestId::$id;

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
pub(crate) use request_codec;
