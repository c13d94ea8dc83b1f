//! What a bot's frame is, by the table of actions.
//!
//! Pure. The session calls it for every frame; only a `Pass` can reach the Gateway from here.

use gatehouse_tws::request::{
    Action, CancelOrder, Forbidden, PlaceOrder, PlaceOrderError, RequestId, action,
};
use gatehouse_tws::text::Fields;
use gatehouse_tws::{Form, Head, HeadError, ServerVersion};
use gatehouse_types::OrderId;

use crate::upstream::PassFrame;

/// A frame of a bot, sorted.
#[derive(Debug)]
pub(crate) enum BotFrame<'a> {
    Pass(PassFrame<'a>),
    Place(Result<Box<PlaceOrder>, (Option<OrderId>, String)>),
    Cancel(OrderId),
    GlobalCancel,
    /// Refused whatever it says.
    Forbidden {
        message: String,
        order_id: Option<OrderId>,
    },
}

/// Why a frame ends the connection.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FrameFault {
    #[error("a frame without a readable message id")]
    Head(#[source] HeadError),
    #[error("a second START_API")]
    SecondStart,
}

impl<'a> BotFrame<'a> {
    /// Sorts a body.
    ///
    /// # Errors
    /// The stream is not in step, and the connection must be closed.
    pub(crate) fn sort(version: ServerVersion, body: &'a [u8]) -> Result<Self, FrameFault> {
        let head = Head::split(version, body).map_err(FrameFault::Head)?;
        Ok(match action(head.id) {
            Action::Pass => match PassFrame::try_new(version, body) {
                Some(frame) => Self::Pass(frame),
                None => forbidden(name(head.id)),
            },
            Action::Judge => Self::Place(place(version, body)),
            Action::PassCancel => cancel(version, head, body),
            Action::ExpandGlobalCancel => Self::GlobalCancel,
            Action::Refuse(Forbidden::ExerciseOptions) => Self::Forbidden {
                message: name(head.id),
                order_id: exercise_id(version, head, body),
            },
            Action::Refuse(
                Forbidden::UnknownMessage
                | Forbidden::AutoOpenOrders
                | Forbidden::ReplaceFa
                | Forbidden::Verify
                | Forbidden::UpdateConfig,
            ) => forbidden(name(head.id)),
            Action::Session => return Err(FrameFault::SecondStart),
        })
    }
}

fn forbidden<'a>(message: String) -> BotFrame<'a> {
    BotFrame::Forbidden { message, order_id: None }
}

/// A cancel adds no risk and must not be held up: its order id is enough, whatever follows.
fn cancel<'a>(version: ServerVersion, head: Head<'_>, body: &[u8]) -> BotFrame<'a> {
    let peeked = || match head.form {
        Form::Protobuf => PlaceOrder::peek_order_id(version, body),
        Form::Text => {
            let mut fields = Fields::new(head.payload);
            let layout = if version.has(192) { Ok(1) } else { fields.int("version") };
            // In another layout the second field may be something else.
            let is_known = layout.is_ok_and(|layout| layout == 1);
            is_known.then(|| fields.int("orderId").ok().map(OrderId::new)).flatten()
        }
    };
    match CancelOrder::decode(version, body) {
        Ok(cancel) => BotFrame::Cancel(cancel.order_id),
        Err(error) => match peeked() {
            Some(order_id) => BotFrame::Cancel(order_id),
            None => forbidden(format!("{} ({})", name(head.id), chain(&error))),
        },
    }
}

/// exerciseOptions names the order that it becomes; in text behind a layout version.
fn exercise_id(version: ServerVersion, head: Head<'_>, body: &[u8]) -> Option<OrderId> {
    match head.form {
        Form::Protobuf => PlaceOrder::peek_order_id(version, body),
        Form::Text => {
            let mut fields = Fields::new(head.payload);
            fields.int("version").and_then(|_| fields.int("orderId")).ok().map(OrderId::new)
        }
    }
}

fn place(
    version: ServerVersion,
    body: &[u8],
) -> Result<Box<PlaceOrder>, (Option<OrderId>, String)> {
    PlaceOrder::decode(version, body)
        .map(Box::new)
        .map_err(|error: PlaceOrderError| (PlaceOrder::peek_order_id(version, body), chain(&error)))
}

fn name(id: i32) -> String {
    RequestId::from_wire(id).map_or_else(|| format!("message {id}"), |id| id.name().to_owned())
}

/// Returns the texts of an error and of everything below it.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(error) = below {
        text.push_str(": ");
        text.push_str(&error.to_string());
        below = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sort(body: &[u8]) -> Result<BotFrame<'_>, FrameFault> {
        BotFrame::sort(ServerVersion::new(178), body)
    }

    #[test]
    fn sorts_each_kind_of_message() {
        assert!(matches!(sort(b"8\x001\x001\0"), Ok(BotFrame::Pass(_))));
        assert!(matches!(sort(b"3\x0012\0"), Ok(BotFrame::Place(Err((Some(_), _))))));
        assert!(matches!(
            sort(b"4\x001\x0012\0\0"),
            Ok(BotFrame::Cancel(id)) if id == OrderId::new(12)
        ));
        assert!(matches!(sort(b"58\x001\0"), Ok(BotFrame::GlobalCancel)));
        assert!(
            matches!(sort(b"21\x001\0"), Ok(BotFrame::Forbidden { message, .. }) if message == "exerciseOptions")
        );
        assert!(
            matches!(sort(b"777\x001\0"), Ok(BotFrame::Forbidden { message, .. }) if message == "message 777")
        );
        assert!(matches!(sort(b"71\x002\x007\0\0"), Err(FrameFault::SecondStart)));
        assert!(matches!(sort(b"garbage"), Err(FrameFault::Head(_))));
    }

    #[test]
    fn a_cancel_with_more_or_fewer_fields_is_a_cancel_still() {
        for body in [&b"4\x001\x0012\0\0more\0"[..], b"4\x001\x0012\0"] {
            let sorted = sort(body);
            assert!(
                matches!(sorted, Ok(BotFrame::Cancel(id)) if id == OrderId::new(12)),
                "{sorted:?}"
            );
        }
    }

    #[test]
    fn a_cancel_that_cannot_be_read_is_not_forwarded() {
        assert!(matches!(sort(b"4\x001\0x\0\0"), Ok(BotFrame::Forbidden { .. })));
        assert!(matches!(sort(b"4\x002\x0012\0\0more\0"), Ok(BotFrame::Forbidden { .. })));
    }
}
