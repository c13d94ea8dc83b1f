//! Where a server keeps its state, and at what time it goes on.
//!
//! The market stood still while nobody ran: its time goes on from the last change, unless a start
//! was asked for. A later one is reached by living through what lies between, a second at a time:
//! the broker went on working while the Gateway was away, so resting orders fill and DAY orders
//! end. An earlier one is refused. It must never know what an order is. Called by the server.

use std::path::PathBuf;

use gatehouse_types::Utc;

use super::state::{StateFile, StateFileError};
use crate::world::World;
use crate::world::calendar::utc;
use crate::world::time::Step;

/// Where the state is, and when the market's time is to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptState {
    pub dir: PathBuf,
    /// `None` for the time at which it was written.
    pub start: Option<Utc>,
}

impl KeptState {
    /// Opens it and lets a world take it up. Returns when the market's time goes on, `fresh` where
    /// nothing was kept.
    pub(super) fn take_up(
        &self,
        world: &mut World,
        fresh: Utc,
    ) -> Result<(StateFile, Utc), StateFileError> {
        let (file, held) = StateFile::open(&self.dir, world)?;
        if !held {
            return Ok((file, fresh));
        }
        let kept = world.now();
        match self.start {
            None => Ok((file, utc(kept.secs()))),
            Some(start) if Step::of(start) >= kept => Ok((file, start)),
            Some(start) => Err(StateFileError::Start {
                kept: kept.wire_time(),
                start: Step::of(start).wire_time(),
            }),
        }
    }
}
