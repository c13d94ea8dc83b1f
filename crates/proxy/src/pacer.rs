//! The message budget that all links share: so many in any second, whoever sends them.
//!
//! Cancels are counted and never wait. Orders go before data; within each, a link that has had its
//! share of the last second leaves room for those that wait and have not, so that no bot starves
//! another. It knows no socket and no clock: time is an argument. Each link's
//! writer asks it for a turn before a write, and is told how long to wait otherwise.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::locked::locked;

/// What the broker allows in a second, over all connections to one Gateway.
///
/// Source: the TWS API's limit of 50 messages a second, above which it disconnects.
pub const MESSAGES_MAX: usize = 50;

/// A second as the Gateway may see it: what leaves here evenly can arrive bunched.
const WINDOW: Duration = Duration::from_millis(1050);

/// How soon a link asks again when the room is kept for others: what one message takes.
const SLOT: Duration = Duration::from_millis(21);

/// What a turn is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    Order,
    /// This many frames of data; at least one.
    Data(usize),
}

/// The answer to a link that asks for a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// This many messages may be written at once; at least one.
    Now(usize),
    /// Ask again after this.
    In(Duration),
}

/// The budget.
#[derive(Debug, Default)]
pub(crate) struct Pacer {
    n_seats: AtomicU64,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// When each message of the last second was let go, and whose it was; oldest first.
    sent: VecDeque<(Instant, u64)>,
    orders: VecDeque<u64>,
    data: VecDeque<u64>,
}

/// One link's place at the budget; it waits at most once.
#[derive(Debug)]
pub(crate) struct Seat {
    pacer: Arc<Pacer>,
    id: u64,
}

impl Pacer {
    /// Returns a place for one more link.
    pub(crate) fn seat(self: &Arc<Self>) -> Seat {
        let id = self.n_seats.fetch_add(1, Ordering::Relaxed);
        Seat { pacer: Arc::clone(self), id }
    }

    /// Returns how many messages were let go in the second before `now`.
    pub(crate) fn n_used(&self, now: Instant) -> usize {
        let mut inner = locked(&self.inner);
        inner.forget_before(now);
        inner.sent.len()
    }
}

impl Seat {
    /// Asks for a turn. A link that must wait keeps its place in the queue until it leaves.
    pub(crate) fn ask(&self, now: Instant, want: Want) -> Turn {
        let mut inner = locked(&self.pacer.inner);
        inner.forget_before(now);
        let n_ahead = inner.stand(self.id, want);
        let n_free = MESSAGES_MAX.saturating_sub(inner.sent.len());
        if n_free == 0 {
            return Turn::In(inner.next_free(now, n_ahead));
        }
        if n_free <= inner.n_reserved(self.id, want) {
            return Turn::In(SLOT);
        }
        inner.leave(self.id);
        let is_alone = inner.orders.is_empty() && inner.data.is_empty();
        let n_let_go = match want {
            Want::Data(n_wanted) if is_alone => n_wanted.clamp(1, n_free),
            Want::Data(_) | Want::Order => 1,
        };
        inner.sent.extend(std::iter::repeat_n((now, self.id), n_let_go));
        Turn::Now(n_let_go)
    }

    /// Counts a message that did not wait.
    pub(crate) fn count(&self, now: Instant) {
        let mut inner = locked(&self.pacer.inner);
        inner.forget_before(now);
        inner.sent.push_back((now, self.id));
    }

    /// Gives the place in the queue up.
    pub(crate) fn leave(&self) {
        locked(&self.pacer.inner).leave(self.id);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.leave();
    }
}

impl Inner {
    fn forget_before(&mut self, now: Instant) {
        while self.sent.front().is_some_and(|(at, _)| now.duration_since(*at) >= WINDOW) {
            self.sent.pop_front();
        }
    }

    /// Puts the link into the queue of what it wants, unless it stands there already. Returns how
    /// many are ahead of it.
    fn stand(&mut self, id: u64, want: Want) -> usize {
        let (queue, other, n_before) = match want {
            Want::Order => (&mut self.orders, &mut self.data, 0),
            Want::Data(_) => {
                let n_orders = self.orders.iter().filter(|other| **other != id).count();
                (&mut self.data, &mut self.orders, n_orders)
            }
        };
        other.retain(|other| *other != id);
        let place = queue.iter().position(|other| *other == id).unwrap_or_else(|| {
            queue.push_back(id);
            queue.len() - 1
        });
        n_before + place
    }

    fn leave(&mut self, id: u64) {
        self.orders.retain(|other| *other != id);
        self.data.retain(|other| *other != id);
    }

    /// Returns how much of the room is kept for others that wait: one message for each that has an
    /// order when this link has data, and, when it has had its share, what each of its own kind
    /// lacks of theirs.
    fn n_reserved(&self, id: u64, want: Want) -> usize {
        let (queue, n_before) = match want {
            Want::Order => (&self.orders, 0),
            Want::Data(_) => (&self.data, self.orders.len()),
        };
        let share = MESSAGES_MAX / queue.len().max(1);
        if self.n_sent(id) < share {
            return n_before;
        }
        let others = queue.iter().filter(|other| **other != id);
        n_before + others.map(|other| share.saturating_sub(self.n_sent(*other))).sum::<usize>()
    }

    fn n_sent(&self, id: u64) -> usize {
        self.sent.iter().filter(|(_, whose)| *whose == id).count()
    }

    /// Returns how long until so many messages have left the window that those ahead and one more
    /// have room.
    fn next_free(&self, now: Instant, n_ahead: usize) -> Duration {
        let n_to_expire = (self.sent.len() + n_ahead + 1).saturating_sub(MESSAGES_MAX);
        let last = self.sent.get(n_to_expire.saturating_sub(1)).or(self.sent.back());
        last.map_or(WINDOW, |(at, _)| (*at + WINDOW).saturating_duration_since(now))
    }
}

#[cfg(test)]
mod tests;
