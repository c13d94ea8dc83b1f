//! Alarms that are not over, and how a person is told of them.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::Hidden;

/// How loud an alarm is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum AlertSeverity {
    Info,
    Warning,
    Critical,
}

/// A way to a person besides the list in the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum AlertChannel {
    Desktop,
    /// Played by the windows that are open.
    Sound,
    Webhook,
}

/// What is told of an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum AlertState {
    Began,
    /// Nobody has acknowledged it yet.
    StillOpen,
    Ended,
    /// Somebody tries a channel.
    Test,
}

/// An alarm that is not over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct AlarmRow {
    /// Its stable name.
    pub alarm: String,
    pub severity: AlertSeverity,
    pub sentence: String,
    pub since: String,
    pub is_acknowledged: bool,
    /// How often it began lately, this time included.
    pub count: u32,
}

/// Something that is told now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Alert {
    pub alarm: String,
    pub severity: AlertSeverity,
    /// What a person reads or hears.
    pub text: String,
    pub state: AlertState,
    /// Whether the window plays its tones.
    pub has_sound: bool,
}

/// Hours of each day in which only what is critical passes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct QuietHours {
    /// `22:00`.
    pub from: String,
    /// `07:00`; before `from`, it is of the next day.
    pub to: String,
    /// An IANA name such as `Europe/Berlin`.
    pub zone: String,
}

/// What a person chooses about alerts. A channel tells from its severity on; absent is never.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct AlertSettings {
    pub desktop: Option<AlertSeverity>,
    pub sound: Option<AlertSeverity>,
    pub webhook: Option<AlertSeverity>,
    pub quiet_hours: Option<QuietHours>,
    /// Whether what is critical passes in quiet hours.
    pub quiet_critical: bool,
    /// After which a critical alarm is told again until it is acknowledged; 0 is never.
    pub repeat_minutes: u32,
    /// Within which the same alarm is counted instead of told again.
    pub same_minutes: u32,
}

/// What becomes of the address of the webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case", tag = "to", content = "value")]
pub enum WebhookEdit {
    Keep,
    /// The whole address, which goes to the keychain.
    Set(Hidden),
    Remove,
}

/// One channel as the settings show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct AlertChannelRow {
    pub channel: AlertChannel,
    /// What it does, and what it cannot.
    pub sentence: String,
    /// Why the last alert did not go out.
    pub trouble: Option<String>,
}

/// The settings, and what is known of the channels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct AlertOverview {
    pub settings: AlertSettings,
    pub channels: Vec<AlertChannelRow>,
    /// The address of the webhook, shortened; absent when there is none.
    pub webhook_to: Option<String>,
    /// What somebody should know who just changed something, such as that the keychain did not
    /// take the address.
    pub note: Option<String>,
}
