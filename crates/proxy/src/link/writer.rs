//! Carries the lanes to the Gateway.

use std::io;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use gatehouse_engine::Input;

use super::{Link, Phase};
use crate::lanes::{Next, WaitingCancel};
use crate::pacer::Turn;
use crate::shelf::Held;
use crate::upstream::{CancelFrame, Transmitted, Upstream, transmit};

impl Link {
    /// Writes until session `number` ends.
    pub(super) fn write(self: Arc<Self>, number: u64, mut upstream: Upstream) {
        while let Some(next) = self.next(number) {
            let written = match next {
                Next::Cancel(cancel) => self.write_cancel(&mut upstream, cancel),
                Next::Order(order) => self.write_order(&mut upstream, order),
                Next::Data(batch) => upstream.write_batch(&batch),
            };
            if let Err(error) = written {
                tracing::warn!(%error, "Writing to the Gateway failed");
                break;
            }
        }
        upstream.shut();
    }

    fn next(&self, number: u64) -> Option<Next<Held>> {
        let mut guarded = self.lock();
        loop {
            let is_up = matches!(guarded.phase, Phase::Up(_));
            if guarded.session != number || guarded.is_closed || !is_up {
                self.seat.leave();
                return None;
            }
            let now = Instant::now();
            if let Some(cancel) = guarded.lanes.next_cancel() {
                self.seat.count(now);
                return Some(Next::Cancel(cancel));
            }
            let wait = match guarded.lanes.want().map(|want| self.seat.ask(now, want)) {
                Some(Turn::Now(n_frames)) => {
                    let next = guarded.lanes.next(n_frames);
                    drop(guarded);
                    if matches!(next, Some(Next::Data(_))) {
                        self.changed.notify_all();
                    }
                    return next;
                }
                Some(Turn::In(wait)) => Some(wait),
                None => {
                    self.seat.leave();
                    None
                }
            };
            guarded = match wait {
                Some(wait) => {
                    let woken = self.changed.wait_timeout(guarded, wait);
                    woken.unwrap_or_else(PoisonError::into_inner).0
                }
                None => self.changed.wait(guarded).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// A cancel that breaks off waits in its lane for the next session.
    fn write_cancel(&self, upstream: &mut Upstream, cancel: WaitingCancel) -> io::Result<()> {
        let order_id = cancel.order_id();
        let frame = match cancel {
            WaitingCancel::Forward(frame) if frame.version() == upstream.version() => Some(frame),
            WaitingCancel::Forward(_) | WaitingCancel::Own(_) => {
                CancelFrame::encode(upstream.version(), order_id)
            }
        };
        let Some(frame) = frame else {
            tracing::error!(%order_id, "A cancel cannot be encoded");
            return Ok(());
        };
        upstream.write_cancel(&frame).inspect_err(|_| {
            let dropped = self.lock().lanes.push_cancel(WaitingCancel::Own(order_id));
            self.not_sent(&dropped);
        })
    }

    fn write_order(&self, upstream: &mut Upstream, order: Held) -> io::Result<()> {
        let entry = order.entry();
        match transmit(order.recorded, &self.board, upstream) {
            Transmitted::Sent => {
                self.around.inbox.fact(Input::Sent { entry });
                Ok(())
            }
            Transmitted::Torn => {
                // It may have arrived: it counts as sent, and reconciliation decides.
                self.around.inbox.fact(Input::Sent { entry });
                Err(io::Error::from(io::ErrorKind::BrokenPipe))
            }
            Transmitted::NotSent => {
                self.around.inbox.fact(Input::NotSent { entry });
                Ok(())
            }
        }
    }
}
