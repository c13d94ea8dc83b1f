//! The valve in one connection: bytes that are not read, not sent, or sent one at a time.
//!
//! It must never know what bytes mean. Held by the hub for the connections that a drill bends.

use std::collections::VecDeque;

use crate::server::outbox::Ending;

/// Nanoseconds between two bytes of a dripping connection.
const DRIP_NANOS: i64 = 100_000_000;

/// What a drill does to one connection.
#[derive(Debug, Default)]
pub(in crate::server) struct Valve {
    /// Nothing is read and nothing sent.
    is_shut: bool,
    /// When the next byte is sent, in nanoseconds of the market's time.
    drips_at: Option<i64>,
    heard: Vec<u8>,
    is_closed: bool,
    unsaid: VecDeque<u8>,
    ending: Option<Ending>,
}

impl Valve {
    pub(super) fn shut(&mut self) {
        self.is_shut = true;
    }

    /// Opens a valve that was shut, and returns what was said meanwhile and whether the other side
    /// closed.
    pub(super) fn open(&mut self) -> (Vec<u8>, bool) {
        self.is_shut = false;
        (std::mem::take(&mut self.heard), std::mem::take(&mut self.is_closed))
    }

    pub(super) fn drip_from(&mut self, now: i64) {
        self.drips_at = Some(now + DRIP_NANOS);
    }

    pub(super) fn flow(&mut self) {
        self.drips_at = None;
    }

    /// Returns whether it holds nothing back.
    pub(super) fn is_idle(&self) -> bool {
        !self.is_shut && self.drips_at.is_none() && self.unsaid.is_empty() && self.ending.is_none()
    }

    /// Returns whether nothing is read.
    pub(in crate::server) fn is_shut(&self) -> bool {
        self.is_shut
    }

    /// Keeps what the client said.
    pub(in crate::server) fn hear(&mut self, bytes: &[u8]) {
        self.heard.extend_from_slice(bytes);
    }

    /// Keeps that the client closed.
    pub(in crate::server) fn close(&mut self) {
        self.is_closed = true;
    }

    /// Takes what is to be sent, behind what waits.
    pub(in crate::server) fn put(&mut self, bytes: &[u8], ending: Option<Ending>) {
        self.unsaid.extend(bytes);
        self.ending = self.ending.or(ending);
    }

    /// Returns how many bytes wait.
    pub(in crate::server) fn n_unsaid(&self) -> usize {
        self.unsaid.len()
    }

    /// Returns what may be sent at a time, and the end when nothing else is left. A connection that
    /// ends at once does not wait for its bytes.
    pub(in crate::server) fn pour(&mut self, now: i64) -> (Vec<u8>, Option<Ending>) {
        if self.is_shut {
            return (Vec::new(), None);
        }
        let n_bytes = match self.drips_at {
            None => self.unsaid.len(),
            Some(at) if now < at => 0,
            Some(at) => {
                let n_due = (now - at) / DRIP_NANOS + 1;
                self.drips_at = Some(at + n_due * DRIP_NANOS);
                usize::try_from(n_due).unwrap_or(usize::MAX).min(self.unsaid.len())
            }
        };
        let bytes = self.unsaid.drain(..n_bytes).collect();
        let is_over = self.unsaid.is_empty() || self.ending == Some(Ending::Now);
        (bytes, if is_over { self.ending.take() } else { None })
    }

    /// Returns when more may be sent.
    pub(in crate::server) fn next_due(&self) -> Option<i64> {
        self.drips_at.filter(|_| !self.is_shut && !self.unsaid.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dripping_valve_lets_one_byte_pass_in_a_tenth_of_a_second() {
        let mut valve = Valve::default();
        valve.drip_from(0);
        valve.put(b"abcdef", Some(Ending::AfterBytes));
        for (now, expected) in [
            (0, &b""[..]),
            (DRIP_NANOS, b"a"),
            (DRIP_NANOS, b""),
            (2 * DRIP_NANOS, b"b"),
            (4 * DRIP_NANOS, b"cd"),
        ] {
            assert_eq!(valve.pour(now), (expected.to_vec(), None), "{now}");
        }
        assert_eq!(valve.next_due(), Some(5 * DRIP_NANOS));
        assert_eq!(valve.pour(60 * DRIP_NANOS), (b"ef".to_vec(), Some(Ending::AfterBytes)));
        valve.flow();
        assert!(valve.is_idle());
    }

    #[test]
    fn a_shut_valve_keeps_both_ways() {
        let mut valve = Valve::default();
        valve.shut();
        valve.hear(b"question");
        valve.put(b"answer", None);
        assert_eq!(valve.pour(1), (Vec::new(), None));
        assert_eq!(valve.open(), (b"question".to_vec(), false));
        assert_eq!(valve.pour(1), (b"answer".to_vec(), None));
    }
}
