//! What waits to be written to one bot.
//!
//! It knows no socket. The Gateway's reader and the driver put frames in and are never made to
//! wait; while nothing waits already, a frame is offered to the socket at once, which spares the
//! change of thread. What the socket does not take, the bot's writer takes out. Up to a soft bound frames lie one behind the other in
//! one buffer. Beyond it each waits on its own, and a tick replaces the earlier one of its kind.
//! Beyond the hard bound the bot is given up. Nothing but ticks is ever dropped.

use std::collections::{HashMap, VecDeque};
use std::sync::{Condvar, Mutex, PoisonError};

use gatehouse_tws::ServerVersion;

use crate::locked::locked;
use crate::tick_key::TickKey;

/// Bounds of the queue, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutboxBounds {
    /// From here on ticks are reduced to the latest.
    pub soft: usize,
    /// Beyond this the bot is disconnected.
    pub hard: usize,
}

impl Default for OutboxBounds {
    fn default() -> Self {
        Self { soft: 512 * 1024, hard: 8 * 1024 * 1024 }
    }
}

/// The queue of one bot's session.
#[derive(Debug)]
pub(crate) struct Outbox {
    version: ServerVersion,
    bounds: OutboxBounds,
    inner: Mutex<Inner>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Inner {
    /// Frames with their lengths, as they go on the wire.
    ready: Vec<u8>,
    behind: Behind,
    /// Whether the writer holds a batch that it may not have written yet.
    is_writing: bool,
    end: Option<End>,
}

/// Frames beyond the soft bound.
#[derive(Debug, Default)]
struct Behind {
    frames: VecDeque<(Option<TickKey>, Vec<u8>)>,
    n_bytes: usize,
    /// Where the latest tick of a kind waits, counted from the first frame ever put here.
    ticks: HashMap<TickKey, usize>,
    n_taken: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// Nothing more comes; write what there is.
    Drain,
    /// Write nothing more.
    Now,
}

/// The bot has not read for so long that the hard bound was reached.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the bot did not read: {n_bytes} bytes wait for it, above {bound}")]
pub(crate) struct OutboxFull {
    n_bytes: usize,
    bound: usize,
}

impl Outbox {
    pub(crate) fn new(version: ServerVersion, bounds: OutboxBounds) -> Self {
        Self { version, bounds, inner: Mutex::default(), changed: Condvar::new() }
    }

    pub(crate) fn version(&self) -> ServerVersion {
        self.version
    }

    /// Adds a body. Never waits. `offer` is given the frame, its length and its body, when nothing
    /// is ahead of it, and returns how many bytes left at once.
    ///
    /// # Errors
    /// The hard bound is reached; the frame was not added and the bot must be disconnected.
    pub(crate) fn push(
        &self,
        body: &[u8],
        offer: impl FnOnce([&[u8]; 2]) -> usize,
    ) -> Result<(), OutboxFull> {
        let mut inner = locked(&self.inner);
        if inner.end.is_some() {
            return Ok(());
        }
        if !inner.is_writing && inner.ready.is_empty() && inner.behind.frames.is_empty() {
            let length = frame_length(body);
            let n_left = offer([&length, body]);
            if n_left == length.len() + body.len() {
                return Ok(());
            }
            append(&mut inner.ready, body);
            inner.ready.drain(..n_left);
            drop(inner);
            self.changed.notify_one();
            return Ok(());
        }
        if inner.behind.frames.is_empty()
            && (inner.ready.is_empty() || inner.ready.len() + body.len() <= self.bounds.soft)
        {
            append(&mut inner.ready, body);
        } else {
            let n_bytes = inner.ready.len() + inner.behind.n_bytes + body.len();
            let full = OutboxFull { n_bytes, bound: self.bounds.hard };
            inner.behind.push(
                TickKey::of(self.version, body),
                body,
                n_bytes > self.bounds.hard,
                full,
            )?;
        }
        drop(inner);
        self.changed.notify_one();
        Ok(())
    }

    /// Waits for frames and swaps them into `batch`, which must be empty. Returns false at the
    /// end.
    pub(crate) fn take(&self, batch: &mut Vec<u8>) -> bool {
        let mut inner = locked(&self.inner);
        inner.is_writing = false;
        loop {
            match inner.end {
                Some(End::Now) => return false,
                Some(End::Drain) if inner.ready.is_empty() => return false,
                Some(End::Drain) | None => {}
            }
            if !inner.ready.is_empty() {
                std::mem::swap(&mut inner.ready, batch);
                inner.is_writing = true;
                inner.refill(self.bounds.soft);
                return true;
            }
            inner = self.changed.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Lets the writer finish what waits, then end.
    pub(crate) fn drain(&self) {
        let mut inner = locked(&self.inner);
        inner.end.get_or_insert(End::Drain);
        drop(inner);
        self.changed.notify_all();
    }

    /// Ends the writer at once.
    pub(crate) fn abort(&self) {
        locked(&self.inner).end = Some(End::Now);
        self.changed.notify_all();
    }
}

impl Inner {
    fn refill(&mut self, soft: usize) {
        while let Some((_, body)) = self.behind.frames.front() {
            if !self.ready.is_empty() && self.ready.len() + body.len() > soft {
                return;
            }
            if let Some(body) = self.behind.pop() {
                append(&mut self.ready, &body);
            }
        }
    }
}

impl Behind {
    fn push(
        &mut self,
        key: Option<TickKey>,
        body: &[u8],
        is_above: bool,
        full: OutboxFull,
    ) -> Result<(), OutboxFull> {
        let earlier = key
            .and_then(|key| self.ticks.get(&key).copied())
            .and_then(|position| position.checked_sub(self.n_taken))
            .and_then(|position| self.frames.get_mut(position));
        if let Some((_, waiting)) = earlier {
            self.n_bytes = self.n_bytes - waiting.len() + body.len();
            body.clone_into(waiting);
            return Ok(());
        }
        if is_above {
            return Err(full);
        }
        if let Some(key) = key {
            self.ticks.insert(key, self.n_taken + self.frames.len());
        }
        self.n_bytes += body.len();
        self.frames.push_back((key, body.to_vec()));
        Ok(())
    }

    fn pop(&mut self) -> Option<Vec<u8>> {
        let (key, body) = self.frames.pop_front()?;
        if let Some(key) = key {
            self.ticks.remove(&key);
        }
        self.n_taken += 1;
        self.n_bytes -= body.len();
        Some(body)
    }
}

fn frame_length(body: &[u8]) -> [u8; 4] {
    u32::try_from(body.len()).expect("a frame is below 16 MiB").to_be_bytes()
}

fn append(buffer: &mut Vec<u8>, body: &[u8]) {
    buffer.extend_from_slice(&frame_length(body));
    buffer.extend_from_slice(body);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbox(soft: usize, hard: usize) -> Outbox {
        Outbox::new(ServerVersion::new(178), OutboxBounds { soft, hard })
    }

    /// Adds a body where the socket takes nothing at once.
    fn push(outbox: &Outbox, body: &[u8]) -> Result<(), OutboxFull> {
        outbox.push(body, |_| 0)
    }

    fn drained(outbox: &Outbox) -> Vec<String> {
        outbox.drain();
        let mut frames = gatehouse_tws::FrameReader::new();
        let mut batch = Vec::new();
        while outbox.take(&mut batch) {
            frames.push(&batch);
            batch.clear();
        }
        let mut seen = Vec::new();
        while let Some(body) = frames.next_frame().expect("is well framed") {
            seen.push(String::from_utf8_lossy(body).replace('\0', " ").trim().to_owned());
        }
        seen
    }

    #[test]
    fn keeps_every_frame_in_order_below_the_soft_bound() {
        let outbox = outbox(1000, 2000);
        for tick in ["1\x006\x001\x004\x0010\0", "1\x006\x001\x004\x0011\0"] {
            push(&outbox, tick.as_bytes()).expect("has room");
        }
        assert_eq!(drained(&outbox), ["1 6 1 4 10", "1 6 1 4 11"]);
    }

    #[test]
    fn beyond_the_soft_bound_keeps_the_latest_tick_and_every_order_event() {
        let outbox = outbox(16, 2000);
        for body in [
            "1\x006\x001\x004\x0010\0",
            "1\x006\x001\x004\x0011\0",
            "3\x007\0Submitted\0",
            "1\x006\x001\x004\x0012\0",
            "1\x006\x001\x002\x0099\0",
            "3\x007\0Filled\0",
            "1\x006\x001\x004\x0013\0",
        ] {
            push(&outbox, body.as_bytes()).expect("has room");
        }
        assert_eq!(
            drained(&outbox),
            ["1 6 1 4 10", "1 6 1 4 13", "3 7 Submitted", "1 6 1 2 99", "3 7 Filled"]
        );
    }

    #[test]
    fn beyond_the_hard_bound_still_takes_a_tick_that_replaces_one_and_refuses_the_rest() {
        let outbox = outbox(16, 60);
        let tick = |price: u32| format!("1\x006\x001\x004\x00{price}\0");
        push(&outbox, tick(10).as_bytes()).expect("has room");
        push(&outbox, tick(11).as_bytes()).expect("has room");
        while push(&outbox, b"3\x007\0Submitted\0").is_ok() {}
        push(&outbox, tick(12).as_bytes()).expect("replaces its predecessor");
        assert!(push(&outbox, b"3\x007\0Filled\0").is_err());
        let seen = drained(&outbox);
        assert_eq!(seen.get(..2), Some(&["1 6 1 4 10".to_owned(), "1 6 1 4 12".to_owned()][..]));
    }

    #[test]
    fn a_single_frame_above_the_bounds_passes() {
        let outbox = outbox(4, 8);
        push(&outbox, b"19\0a very long answer\0").expect("the queue is empty");
        assert_eq!(drained(&outbox).len(), 1);
    }

    #[test]
    fn after_an_abort_nothing_more_is_taken() {
        let outbox = outbox(100, 100);
        push(&outbox, b"3\x007\0").expect("has room");
        outbox.abort();
        assert!(!outbox.take(&mut Vec::new()));
    }

    #[test]
    fn what_the_socket_takes_at_once_does_not_wait_and_the_rest_of_a_frame_follows() {
        let outbox = outbox(100, 100);
        let mut on_the_wire = Vec::new();
        let mut offered = |body: &[u8], room: usize| {
            let take = |[length, body]: [&[u8]; 2]| {
                let frame = [length, body].concat();
                let n_left = room.min(frame.len());
                on_the_wire.extend_from_slice(frame.get(..n_left).expect("is not longer"));
                n_left
            };
            outbox.push(body, take).expect("has room");
        };
        offered(b"3\x007\0Submitted\0", 100);
        offered(b"3\x007\0Filled\0", 6);
        offered(b"3\x008\0Filled\0", 100);
        outbox.drain();
        let mut batch = Vec::new();
        while outbox.take(&mut batch) {
            on_the_wire.append(&mut batch);
        }
        let mut frames = gatehouse_tws::FrameReader::new();
        frames.push(&on_the_wire);
        for expected in [&b"3\x007\0Submitted\0"[..], b"3\x007\0Filled\0", b"3\x008\0Filled\0"] {
            assert_eq!(frames.next_frame().expect("is well framed"), Some(expected));
        }
    }

    #[test]
    fn nothing_overtakes_a_batch_that_the_writer_holds() {
        let outbox = outbox(100, 100);
        push(&outbox, b"3\x007\0").expect("has room");
        let mut batch = Vec::new();
        assert!(outbox.take(&mut batch));
        outbox.push(b"3\x008\0", |_| panic!("the first is not written yet")).expect("has room");
        batch.clear();
        assert!(outbox.take(&mut batch));
        assert_eq!(batch, b"\0\0\0\x043\x008\0");
    }
}
