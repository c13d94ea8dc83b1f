//! Bots' requests for the past, on their way to the Gateway.
//!
//! Whoever keeps history may answer those of a bot in the Gateway's place, and is told of every
//! other one, as they share one budget. The thread that reads a bot never waits for it: its orders
//! and cancels come behind. A request that nobody answers goes to the Gateway.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use crossbeam_channel::{Receiver, Sender, bounded};
use gatehouse_tws::request::RequestId;
use gatehouse_tws::{Head, ServerVersion};
use gatehouse_types::BotName;

use crate::bot_side::BotSide;
use crate::link::Link;
use crate::upstream::PassFrame;

/// Requests that may wait to be looked at; the broker takes 60 in ten minutes.
const WAITING_MAX: usize = 1024;

/// Bytes of a request that may wait; a longer one goes straight on. What was looked at goes on
/// without waiting for room, so that no bot holds up another: with the number above, this bounds it.
const BODY_MAX: usize = 4096;

/// A request for the past.
pub struct PastRequest {
    bot: BotName,
    version: ServerVersion,
    id: RequestId,
    body: Vec<u8>,
    /// `None` when the request is on its way to the Gateway already.
    way: Option<Way>,
}

struct Way {
    side: Arc<BotSide>,
    link: Arc<Link>,
}

impl PastRequest {
    /// Returns whose it is.
    #[must_use]
    pub fn bot(&self) -> &BotName {
        &self.bot
    }

    /// Returns the version that its bot speaks.
    #[must_use]
    pub fn version(&self) -> ServerVersion {
        self.version
    }

    /// Returns what kind of request it is.
    #[must_use]
    pub fn id(&self) -> RequestId {
        self.id
    }

    /// Returns its bytes, as the bot sent them.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Returns whether it waits for an answer here.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.way.is_some()
    }

    /// Answers in the Gateway's place; a bot whose session is over is told nothing.
    pub fn answer(mut self, bodies: &[Vec<u8>]) {
        if let Some(way) = self.way.take().filter(|way| way.side.why().is_none()) {
            for body in bodies {
                way.side.push(body);
            }
        }
    }
}

impl Drop for PastRequest {
    /// What was not answered goes to the Gateway, without waiting, while the session that asked
    /// lasts.
    fn drop(&mut self) {
        let frame = PassFrame::try_new(self.version, &self.body);
        if let (Some(way), Some(frame)) = (self.way.take(), frame) {
            way.link.push_late(&way.side, &frame);
        }
    }
}

/// The end of the doors.
#[derive(Clone)]
pub(crate) struct PastEar {
    say: Sender<PastRequest>,
    served: Arc<RwLock<BTreeSet<BotName>>>,
}

/// The end of whoever keeps history.
#[derive(Clone)]
pub struct PastRequests {
    heard: Receiver<PastRequest>,
    served: Arc<RwLock<BTreeSet<BotName>>>,
}

/// Returns both ends.
pub(crate) fn past() -> (PastEar, PastRequests) {
    let (say, heard) = bounded(WAITING_MAX);
    let served = Arc::<RwLock<BTreeSet<BotName>>>::default();
    (PastEar { say, served: Arc::clone(&served) }, PastRequests { heard, served })
}

impl PastRequests {
    /// Returns the next request, waiting for it; `None` when there will be no more.
    #[must_use]
    pub fn next(&self) -> Option<PastRequest> {
        self.heard.recv().ok()
    }

    /// Returns whose requests wait for an answer here.
    #[must_use]
    pub fn served(&self) -> BTreeSet<BotName> {
        self.served.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sets whose requests wait for an answer here from now on.
    pub fn serve(&self, bots: BTreeSet<BotName>) {
        *self.served.write().unwrap_or_else(PoisonError::into_inner) = bots;
    }
}

impl PastEar {
    /// Takes a frame that passes, when it is a request for the past that may be answered here.
    /// Returns whether it was taken; one that was not goes on as it is, and is told of.
    pub(crate) fn takes(
        &self,
        bot: &BotName,
        version: ServerVersion,
        body: &[u8],
        (side, link): (&Arc<BotSide>, &Arc<Link>),
    ) -> bool {
        let Some(id) = Head::split(version, body).ok().and_then(|it| RequestId::from_wire(it.id))
        else {
            return false;
        };
        let is_counted = matches!(
            id,
            RequestId::HistoricalData
                | RequestId::HistoricalTicks
                | RequestId::HeadTimestamp
                | RequestId::RealTimeBars
        );
        // A cancel stays behind what it cancels.
        let may_be_answered =
            matches!(id, RequestId::HistoricalData | RequestId::CancelHistoricalData);
        let is_served = may_be_answered
            && body.len() <= BODY_MAX
            && self.served.read().unwrap_or_else(PoisonError::into_inner).contains(bot);
        if *bot == BotName::desk() || !(is_counted || is_served) {
            return false;
        }
        let way = is_served.then(|| Way { side: Arc::clone(side), link: Arc::clone(link) });
        let request = PastRequest { bot: bot.clone(), version, id, body: body.to_vec(), way };
        // When nobody looks, what waits for an answer goes on as it is dropped here.
        drop(self.say.try_send(request));
        is_served
    }
}
