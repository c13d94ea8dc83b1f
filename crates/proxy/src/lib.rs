//! The sockets: bots on one side, the Gateway on the other.
//!
//! Each bot has a door to knock on and a link to the Gateway that outlives its
//! connection. What a bot says is sorted by the table of actions: most passes byte for byte,
//! orders go to the engine on the driver's thread and leave through one function only
//! (`upstream::transmit`), which takes the ledger's proof. Blocking threads throughout.
//!
//! It must never judge an order, write the ledger itself, or know the window. The composition root
//! starts it with a restored engine.

mod bot_frame;
mod bot_side;
mod checks;
mod clock;
mod crew;
mod door;
mod driver;
mod halt_board;
mod hearing;
mod inbox;
mod lanes;
mod link;
mod locked;
mod outbox;
mod pacer;
mod past;
mod proxy;
mod recorder;
mod shelf;
mod switchboard;
mod tick_key;
mod upstream;

pub use checks::{Checks, Durations};
pub use clock::{Clock, SystemClock};
pub use hearing::{Heard, Hearing};
pub use link::Timing;
pub use outbox::OutboxBounds;
pub use pacer::MESSAGES_MAX;
pub use past::{PastRequest, PastRequests};
pub use proxy::{AskError, Proxy, ProxyConfig, StartError, Wiring};
pub use recorder::{LedgerEar, Recorder};
pub use switchboard::{DeskRequest, Listening};

use halt_board::HaltBoard;
