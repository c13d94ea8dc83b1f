//! The one thread that owns the engine.
//!
//! It takes one input at a time, a person's first, then facts, then what bots ask for; gives it to
//! the engine; and carries the effects out in their order. It never waits for a socket or a disk.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Sender, select_biased};
use gatehouse_engine::{Engine, Input};
use gatehouse_ledger::CloseError;

use crate::Clock;
use crate::checks::{self, Checks};
use crate::inbox::{Mail, Message};
use crate::switchboard::Switchboard;

/// Time passes for the engine ten times a second.
const TICK: Duration = Duration::from_millis(100);

/// Ticks between two attempts to listen on a port that was taken.
const TICKS_PER_RETRY: u32 = 10;

/// The engine and its surroundings.
pub(crate) struct Driver {
    pub(crate) engine: Engine,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) switchboard: Switchboard,
    pub(crate) mail: Mail,
    pub(crate) checks: Arc<Checks>,
}

impl Driver {
    /// Runs until told to stop, then ends everything. `started` hears when the engine's first
    /// effects are carried out.
    ///
    /// # Errors
    /// Entries were left unwritten.
    pub(crate) fn run(mut self, started: &Sender<()>) -> Result<(), CloseError> {
        for effect in self.engine.start(self.clock.now()) {
            self.switchboard.carry_out(effect);
        }
        started.send(()).ok();
        let mut next_tick = Instant::now() + TICK;
        let mut n_ticks = 0_u32;
        loop {
            let left = next_tick.saturating_duration_since(Instant::now());
            if left.is_zero() {
                next_tick = Instant::now() + TICK;
                n_ticks = n_ticks.wrapping_add(1);
                if n_ticks.is_multiple_of(TICKS_PER_RETRY) {
                    self.switchboard.retry_doors();
                }
                self.step(Input::Tick);
                continue;
            }
            match self.next(left) {
                None => {}
                Some(Message::Input(input)) => self.step(*input),
                Some(Message::Look(look)) => look(&self.engine, self.clock.now()),
                Some(Message::HangUp(why)) => self.switchboard.hang_up(&why),
                Some(Message::Stop) => {
                    for effect in self.engine.stop(self.clock.now()) {
                        self.switchboard.carry_out(effect);
                    }
                    return self.switchboard.end();
                }
            }
        }
    }

    fn next(&self, within: Duration) -> Option<Message> {
        let Mail { person, facts, bots } = &self.mail;
        select_biased! {
            recv(person) -> message => message.ok(),
            recv(facts) -> message => message.ok(),
            recv(bots) -> message => message.ok(),
            default(within) => None,
        }
    }

    fn step(&mut self, input: Input) {
        let may_judge = checks::may_judge(&input);
        let begin = Instant::now();
        let effects = self.engine.step(self.clock.now(), input);
        if may_judge {
            self.checks.note(&effects, begin.elapsed());
        }
        for effect in effects {
            self.switchboard.carry_out(effect);
        }
    }
}
