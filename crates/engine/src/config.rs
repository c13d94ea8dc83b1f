//! What the composition root decides once: delays, bounds, the version text.

use std::time::Duration;

use gatehouse_types::BotConfig;

/// Settings of an engine that no person changes while it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineConfig {
    /// The program's own version, for `Started`.
    pub version: String,
    /// The internal door of Gatehouse's own client; it is listed as a bot and never recorded.
    pub desk: Option<BotConfig>,
    /// Time before a looser limit applies.
    pub loosen_delay: Duration,
    /// Least age of a kill that may be released.
    pub release_after: Duration,
    /// Longest wait of an order for contract details or a quote.
    pub hold: Duration,
    /// Longest wait of an approved order for its record.
    pub commit_within: Duration,
    /// Longest wait of an approved order for its write; the message budget may hold it up.
    pub write_within: Duration,
    /// Time between two looks at what a kill left working.
    pub kill_every: Duration,
    /// Refusals of one bot in one second that are written one by one.
    pub refusals_per_second: u32,
    /// Most orders of one bot that wait for data.
    pub waiting_max: usize,
}

impl EngineConfig {
    /// Returns the delays that a shipped program has.
    #[must_use]
    pub fn new(version: impl Into<String>) -> Self {
        Self {
            version: version.into(),
            desk: None,
            loosen_delay: Duration::from_secs(60),
            release_after: Duration::from_secs(60),
            hold: Duration::from_secs(3),
            commit_within: Duration::from_secs(1),
            write_within: Duration::from_secs(3),
            kill_every: Duration::from_secs(2),
            refusals_per_second: 20,
            waiting_max: 64,
        }
    }
}
