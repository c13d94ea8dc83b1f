//! Everything that the window and the command line may say or hear.
//!
//! The only types with both serde and specta: a serialisable type is part of a boundary. Amounts
//! are decimal strings, times ISO 8601 in UTC with milliseconds; no float crosses. It must never
//! know the engine, the ledger or Tauri; `app` translates, `src-tauri` and the control socket
//! carry.

mod chart;
mod entry;
mod failure;
mod request;
mod status;

pub use chart::{Bar, Bars, ChartMark, Quote};
pub use entry::{Decision, EntryDetail, EntryPage, EntryRow, Field, FillRow, FindingRow, Outcome};
pub use failure::{Failure, FailureKind};
pub use request::{AuditFilter, LimitInput, Reply, Request, State};
pub use status::{
    BotView, Connection, Headroom, KillOrderView, KillView, Light, LightState, LimitRow, Mode,
    Session, Snapshot, Status, Update, WorkingRow,
};
