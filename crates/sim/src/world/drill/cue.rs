//! When a drill happens: at once, at a second of the market's time, or when something occurs.
//!
//! It must never know what the drill does. Read from the same line as the drill.

use serde::Deserialize;

use super::{Amount, Span, Target};

/// What a line says about time beside its drill. Every field may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cue {
    /// Seconds after the beginning of the market's time.
    #[serde(default)]
    pub at: Option<Span>,
    #[serde(default)]
    pub when: Option<Trigger>,
    /// Seconds between the cue and the drill.
    #[serde(default)]
    pub after: Option<Span>,
    /// Seconds until the drill is undone by itself.
    #[serde(default, rename = "for")]
    pub lasting: Option<Span>,
    /// How often it happens in all; once where it is left out.
    #[serde(default)]
    pub times: Option<u32>,
    /// Seconds from one to the next, of a drill without `when`.
    #[serde(default)]
    pub every: Option<Span>,
    /// The line ends what an earlier one began.
    #[serde(default)]
    pub end: bool,
}

/// Something that may occur while the Gateway runs. Counts begin when the line is taken: at the
/// start for a script.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Trigger {
    /// The n-th placeOrder arrived; the drill happens before the broker looks at it.
    Order {
        #[serde(default = "first")]
        n: u32,
        #[serde(default)]
        client: Option<i32>,
    },
    /// The n-th execution.
    Fill {
        #[serde(default = "first")]
        n: u32,
        #[serde(default)]
        client: Option<i32>,
    },
    /// A client was let in.
    Connected {
        #[serde(default = "first")]
        n: u32,
        #[serde(default)]
        client: Option<i32>,
    },
    /// A client that had been let in is gone.
    Disconnected {
        #[serde(default = "first")]
        n: u32,
        #[serde(default)]
        client: Option<i32>,
    },
    /// A notice that is about no request was sent to somebody.
    Notice {
        code: i32,
        #[serde(default = "first")]
        n: u32,
    },
    /// The n-th message of a kind, by the name of the request: `reqMktData`, `cancelOrder`.
    Message {
        name: String,
        #[serde(default = "first")]
        n: u32,
    },
    /// The last price reaches a level from below or from above.
    Price {
        symbol: Target,
        #[serde(default)]
        above: Option<Amount>,
        #[serde(default)]
        below: Option<Amount>,
    },
    /// A time of day in New York, such as `09:45:00`: the next one that comes.
    Time(String),
}

const fn first() -> u32 {
    1
}
