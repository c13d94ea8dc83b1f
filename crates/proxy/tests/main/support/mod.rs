//! What the tests stand on: a Gateway, clients, and a proxy between them.

mod client;
mod gateway;
mod world;

use std::time::Duration;

pub(crate) use client::{Client, Refused};
pub(crate) use gateway::{Session, StubGateway, TIME};
pub(crate) use world::{World, WorldConfig, bot, buy};

/// Nothing in these tests takes this long unless it is broken.
pub(crate) const SOON: Duration = Duration::from_secs(10);

/// A generator that is the same in every run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).unwrap()).unwrap()
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| u8::try_from(self.below(256)).unwrap()).collect()
    }
}
