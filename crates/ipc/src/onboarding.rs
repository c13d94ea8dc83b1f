//! The first run: how far it came, and what Gatehouse keeps where.

use serde::{Deserialize, Serialize};
use specta::Type;

/// A step of the first run, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum OnboardingStep {
    Welcome,
    Trade,
    Gateway,
    Login,
    Limits,
    Bot,
}

/// Whether the first run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum OnboardingState {
    Open,
    /// Put off; Settings leads back to it.
    Later,
    Finished,
}

/// Where bots should trade, as far as a first run may choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum TradingPlace {
    Simulator,
    Paper,
}

/// How far the first run came. Kept in the ledger, so that it goes on where it was left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct OnboardingProgress {
    pub state: OnboardingState,
    /// The step that is shown, or shown next time.
    pub step: OnboardingStep,
    pub place: Option<TradingPlace>,
    /// The bot that was added in it.
    pub bot: Option<String>,
    /// The checklist on Home was put away.
    pub is_checklist_away: bool,
}

/// Something that is kept on this computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct StoredPlace {
    /// `Ledger`, `Log`.
    pub title: String,
    /// What is in it, as a sentence.
    pub what: String,
    /// A path, or where else it is.
    pub place: String,
}

/// The first run, and what is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct OnboardingView {
    /// It opens by itself: it was begun and not ended, or nothing was ever set up here.
    pub is_due: bool,
    pub progress: OnboardingProgress,
    pub stored: Vec<StoredPlace>,
}
