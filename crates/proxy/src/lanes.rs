//! What waits to be written to the Gateway for one bot: cancels, then recorded orders, then data.
//!
//! It knows no socket and no lock, and nothing of what an order holds but its id. The link keeps
//! it under its one mutex.

use std::collections::VecDeque;

use gatehouse_types::OrderId;

use crate::pacer::Want;
use crate::upstream::{CancelFrame, PassBatch, PassFrame};

/// An order in its lane.
pub(crate) trait Waiting {
    /// Returns the bot's id of the order.
    fn order_id(&self) -> OrderId;
    /// Returns whether it changes an order that may already be at the Gateway.
    fn is_change(&self) -> bool;
}

/// A cancel in its lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WaitingCancel {
    /// The bot's own bytes.
    Forward(CancelFrame),
    /// To be encoded for the link that carries it.
    Own(OrderId),
}

impl WaitingCancel {
    pub(crate) fn order_id(&self) -> OrderId {
        match self {
            Self::Forward(frame) => frame.order_id(),
            Self::Own(order_id) => *order_id,
        }
    }
}

/// The next thing to write.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next<O> {
    /// Ahead of everything, and without a turn.
    Cancel(WaitingCancel),
    Order(O),
    Data(PassBatch),
}

/// The three lanes of one link.
#[derive(Debug)]
pub(crate) struct Lanes<O> {
    cancels: VecDeque<WaitingCancel>,
    orders: VecDeque<O>,
    data: PassBatch,
}

impl<O> Default for Lanes<O> {
    fn default() -> Self {
        Self { cancels: VecDeque::new(), orders: VecDeque::new(), data: PassBatch::default() }
    }
}

impl<O: Waiting> Lanes<O> {
    /// Adds a cancel. Unsent frames of its order are taken out and returned; the cancel of an
    /// order of which nothing was ever written is not written either.
    pub(crate) fn push_cancel(&mut self, cancel: WaitingCancel) -> Vec<O> {
        let order_id = cancel.order_id();
        let dropped = self.take_orders(|order| order.order_id() == order_id);
        let never_sent = dropped.iter().any(|order| !order.is_change());
        let waits_already = self.cancels.iter().any(|other| other.order_id() == order_id);
        if !never_sent && !waits_already {
            self.cancels.push_back(cancel);
        }
        dropped
    }

    pub(crate) fn push_order(&mut self, order: O) {
        self.orders.push_back(order);
    }

    pub(crate) fn push_data(&mut self, frame: &PassFrame<'_>) {
        self.data.push(frame);
    }

    /// Takes the next cancel; it goes before everything and waits for no turn.
    pub(crate) fn next_cancel(&mut self) -> Option<WaitingCancel> {
        self.cancels.pop_front()
    }

    /// Returns what a turn is wanted for, or `None` when nothing waits for one.
    pub(crate) fn want(&self) -> Option<Want> {
        if !self.orders.is_empty() {
            Some(Want::Order)
        } else if self.data.is_empty() {
            None
        } else {
            Some(Want::Data(self.data.n_frames()))
        }
    }

    /// Takes what a turn of `n_frames` may carry: an order, or so many frames of data.
    pub(crate) fn next(&mut self, n_frames: usize) -> Option<Next<O>> {
        if let Some(order) = self.orders.pop_front() {
            Some(Next::Order(order))
        } else if self.data.is_empty() {
            None
        } else {
            Some(Next::Data(self.data.take(n_frames)))
        }
    }

    /// Takes the orders that `is_meant` says yes to out of their lane.
    pub(crate) fn take_orders(&mut self, mut is_meant: impl FnMut(&O) -> bool) -> Vec<O> {
        if !self.orders.iter().any(&mut is_meant) {
            return Vec::new();
        }
        let (taken, kept) = self.orders.drain(..).partition(is_meant);
        self.orders = Vec::into(kept);
        taken
    }

    /// Forgets the data frames: who asked has left.
    pub(crate) fn drop_data(&mut self) {
        self.data = PassBatch::default();
    }

    /// Returns how many bytes of data wait.
    pub(crate) fn data_len(&self) -> usize {
        self.data.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gatehouse_tws::ServerVersion;

    #[derive(Debug, PartialEq, Eq, Clone, Copy)]
    struct Order {
        id: i32,
        is_change: bool,
    }

    impl Waiting for Order {
        fn order_id(&self) -> OrderId {
            OrderId::new(self.id)
        }
        fn is_change(&self) -> bool {
            self.is_change
        }
    }

    fn fresh(id: i32) -> Order {
        Order { id, is_change: false }
    }

    fn cancel(id: i32) -> WaitingCancel {
        WaitingCancel::Own(OrderId::new(id))
    }

    fn data(lanes: &mut Lanes<Order>) {
        let frame = PassFrame::try_new(ServerVersion::new(178), b"8\x001\x001\0");
        lanes.push_data(&frame.expect("reqIds passes"));
    }

    #[test]
    fn writes_cancels_before_orders_and_orders_before_data() {
        let mut lanes = Lanes::default();
        data(&mut lanes);
        lanes.push_order(fresh(1));
        lanes.push_order(fresh(2));
        assert_eq!(lanes.push_cancel(cancel(9)), []);
        assert_eq!(lanes.next_cancel(), Some(cancel(9)));
        assert_eq!(lanes.next_cancel(), None);
        for id in [1, 2] {
            assert_eq!(lanes.want(), Some(Want::Order));
            assert_eq!(lanes.next(1), Some(Next::Order(fresh(id))));
        }
        assert_eq!(lanes.want(), Some(Want::Data(1)));
        assert!(matches!(lanes.next(1), Some(Next::Data(batch)) if batch.len() == 10));
        assert_eq!((lanes.want(), lanes.next(1)), (None, None));
    }

    #[test]
    fn a_turn_carries_as_many_frames_as_it_is_for_and_the_rest_stays_in_order() {
        let mut lanes = Lanes::<Order>::default();
        let bodies = [&b"8\x001\x001\0"[..], b"49\x001\0", b"8\x001\x002\0", b"61\x001\0"];
        for body in bodies {
            let frame = PassFrame::try_new(ServerVersion::new(178), body);
            lanes.push_data(&frame.expect("passes"));
        }
        let mut seen = Vec::new();
        for n_frames in [1, 2, 5] {
            let Some(Next::Data(batch)) = lanes.next(n_frames) else { panic!("data waits") };
            seen.push((batch.n_frames(), batch.len()));
        }
        assert_eq!(seen, [(1, 10), (2, 9 + 10), (1, 9)]);
        assert_eq!((lanes.want(), lanes.data_len()), (None, 0));
    }

    #[test]
    fn a_cancel_takes_out_its_unsent_order_and_is_not_written() {
        let mut lanes = Lanes::default();
        lanes.push_order(fresh(1));
        lanes.push_order(fresh(2));
        lanes.push_order(Order { id: 1, is_change: true });
        assert_eq!(lanes.push_cancel(cancel(1)), [fresh(1), Order { id: 1, is_change: true }]);
        assert_eq!(lanes.next_cancel(), None);
        assert_eq!(lanes.next(1), Some(Next::Order(fresh(2))));
        assert_eq!(lanes.next(1), None);
    }

    #[test]
    fn a_cancel_is_written_when_only_a_change_was_unsent() {
        let mut lanes = Lanes::default();
        let change = Order { id: 1, is_change: true };
        lanes.push_order(change);
        assert_eq!(lanes.push_cancel(cancel(1)), [change]);
        assert_eq!(lanes.next_cancel(), Some(cancel(1)));
        assert_eq!(lanes.next(1), None);
    }

    #[test]
    fn a_second_cancel_of_the_same_order_waits_only_once() {
        let mut lanes = Lanes::<Order>::default();
        lanes.push_cancel(cancel(1));
        lanes.push_cancel(cancel(1));
        assert!(lanes.next_cancel().is_some());
        assert_eq!(lanes.next_cancel(), None);
    }
}
