//! Everything that the window and the command line may say or hear.
//!
//! The only types with both serde and specta: a serialisable type is part of a boundary. Amounts
//! are decimal strings, times ISO 8601 in UTC with milliseconds; no float crosses but in what
//! charts draw. It must never know the engine, the ledger or Tauri; `app` translates, `src-tauri`
//! and the control socket carry.

mod alerts;
mod audit;
mod chart;
mod codes;
mod day;
mod doctor;
mod entry;
mod failure;
mod flatten;
mod gateway;
mod history;
mod onboarding;
mod policy;
mod request;
mod status;
mod ticket;

pub use alerts::{
    AlarmRow, Alert, AlertChannel, AlertChannelRow, AlertOverview, AlertSettings, AlertSeverity,
    AlertState, QuietHours, WebhookEdit,
};
pub use audit::{Checkpoint, Density, DensityBucket, LinkedEntry, QueryToken};
pub use chart::{ChartMark, OrderSpan, Quote, SessionSpan};
pub use codes::{CodeMeaning, CodeRow, CodeSeverity, CodesView, PatternRow};
pub use day::{BotDay, Day, DayFigures, DayMark, DayPoint};
pub use doctor::{DoctorFinding, DoctorOutcome, DoctorRemedy, DoctorReport};
pub use entry::{
    Decision, EntryDetail, EntryPage, EntryRow, Field, FillRow, FindingRow, InputRow, Outcome,
    Stack,
};
pub use failure::{Failure, FailureKind};
pub use flatten::{FlattenCancel, FlattenDone, FlattenReview, FlattenRow};
pub use gateway::{
    ConnectionLane, ConnectionSpan, ConnectionTimeline, CredentialsView, DataLine, FoundGateways,
    FoundInstalled, FoundRunning, GatewayProcess, GatewaySchedule, GatewaySettings, GatewaySource,
    GatewayView, Hidden, KeptLogin, LineState, LoginBy, OtherSession, RoundTripView, SessionStep,
    StepState, TradingMode, WeekDay,
};
pub use history::{
    ColumnsHead, ColumnsRequest, HistoryCost, HistoryEnd, HistoryFollowed, HistoryGaps, HistoryJob,
    HistoryView, HistoryWait, HistoryWaitReason, KeptSeries, StudyLines, StudyWanted, WindowStart,
};
pub use onboarding::{
    OnboardingProgress, OnboardingState, OnboardingStep, OnboardingView, StoredPlace, TradingPlace,
};
pub use policy::{EditEffect, LimitEdit, ProfileRow, Replay, ReplayDay, ReplayRow, ScopeNode};
pub use request::{AuditFilter, LimitInput, Reply, Request, State};
pub use status::{
    BotView, Connection, Headroom, KillOrderView, KillStep, KillView, Light, LightState, LimitForm,
    LimitRow, MarketPhase, Mode, PositionRow, PositionStop, Session, Snapshot, Status, Update,
    WorkingRow,
};
pub use ticket::{OrderPreview, OrderTicket, Placed, PreviewRow, TicketKind, TicketSide};
