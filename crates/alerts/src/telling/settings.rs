//! What a person may choose about alerts, by its name in the ledger.

use std::collections::BTreeMap;
use std::time::Duration;

use gatehouse_types::Severity;

use super::{Channel, Channels, QuietHours};

/// More minutes than a day make no sense for anything here.
const MINUTES_MAX: u64 = 1440;

const MINUTE: u64 = 60;

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    /// From which severity on the desktop tells.
    Desktop,
    Sound,
    Webhook,
    QuietHours,
    /// Whether a critical alarm is told in quiet hours too.
    QuietCritical,
    /// Minutes after which a critical alarm is told again until it is acknowledged; 0 is never.
    RepeatMinutes,
    /// Minutes within which the same alarm is counted.
    SameMinutes,
}

impl Setting {
    /// All settings.
    pub const ALL: [Self; 7] = [
        Self::Desktop,
        Self::Sound,
        Self::Webhook,
        Self::QuietHours,
        Self::QuietCritical,
        Self::RepeatMinutes,
        Self::SameMinutes,
    ];

    /// Returns the name, as it is stored.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Desktop => "alerts.desktop",
            Self::Sound => "alerts.sound",
            Self::Webhook => "alerts.webhook",
            Self::QuietHours => "alerts.quiet-hours",
            Self::QuietCritical => "alerts.quiet-critical",
            Self::RepeatMinutes => "alerts.repeat-minutes",
            Self::SameMinutes => "alerts.same-minutes",
        }
    }
}

/// Why a value cannot be a setting.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingError {
    #[error("{setting} cannot be {value:?}: it is off, info, warning or critical")]
    Threshold { setting: &'static str, value: String },
    #[error("{setting} cannot be {value:?}: it is on or off")]
    Switch { setting: &'static str, value: String },
    #[error("{setting} cannot be {value:?}: it is a whole number of minutes from {min} to {max}")]
    Minutes { setting: &'static str, value: String, min: u64, max: u64 },
    #[error("quiet hours cannot be {value:?}: they are off, or such as 22:00-07:00 Europe/Berlin")]
    QuietHours { value: String },
    #[error("{hour:?} is no hour: write it such as 07:00 or 22:30")]
    Hour { hour: String },
    #[error("quiet hours cannot begin and end at {hour}: switch them off, or choose two hours")]
    SameHours { hour: String },
    #[error("there is no time zone {zone:?}: use a name such as America/New_York")]
    Zone { zone: String },
}

/// What a person chose about alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    thresholds: BTreeMap<Channel, Severity>,
    pub quiet_hours: Option<QuietHours>,
    pub quiet_critical: bool,
    /// `None` is never.
    pub repeat_after: Option<Duration>,
    pub same_within: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        let thresholds = BTreeMap::from([
            (Channel::Desktop, Severity::Warning),
            (Channel::Sound, Severity::Critical),
            (Channel::Webhook, Severity::Critical),
        ]);
        Self {
            thresholds,
            quiet_hours: None,
            quiet_critical: true,
            // Long enough to walk to the computer, short enough to wake somebody.
            repeat_after: Some(Duration::from_secs(5 * MINUTE)),
            same_within: Duration::from_secs(10 * MINUTE),
        }
    }
}

impl Settings {
    /// Returns the settings that are stored, and what of it cannot be read, which is at its
    /// default then. Settings of others are no concern.
    #[must_use]
    pub fn of_stored(stored: &BTreeMap<String, String>) -> (Self, Vec<SettingError>) {
        let mut settings = Self::default();
        let values = Setting::ALL.into_iter().filter_map(|it| Some((it, stored.get(it.name())?)));
        let errors = values.filter_map(|(it, value)| settings.set(it, value).err()).collect();
        (settings, errors)
    }

    /// Sets one setting to a value in its stored form.
    ///
    /// # Errors
    /// Why it cannot be that; nothing is changed.
    pub fn set(&mut self, setting: Setting, value: &str) -> Result<(), SettingError> {
        match setting {
            Setting::Desktop => self.tell_from(Channel::Desktop, threshold(setting, value)?),
            Setting::Sound => self.tell_from(Channel::Sound, threshold(setting, value)?),
            Setting::Webhook => self.tell_from(Channel::Webhook, threshold(setting, value)?),
            Setting::QuietHours => self.quiet_hours = quiet_hours(value)?,
            Setting::QuietCritical => self.quiet_critical = switch(setting, value)?,
            Setting::RepeatMinutes => {
                let every = minutes(setting, value, 0)?;
                self.repeat_after = (!every.is_zero()).then_some(every);
            }
            Setting::SameMinutes => self.same_within = minutes(setting, value, 1)?,
        }
        Ok(())
    }

    /// Returns a setting in its stored form; `None` when it is at its default.
    #[must_use]
    pub fn stored(&self, setting: Setting) -> Option<String> {
        let value = self.value(setting);
        (value != Self::default().value(setting)).then_some(value)
    }

    fn value(&self, setting: Setting) -> String {
        let threshold = |channel| self.threshold(channel).map_or("off", Severity::name).to_owned();
        let minutes = |time: Duration| (time.as_secs() / MINUTE).to_string();
        match setting {
            Setting::Desktop => threshold(Channel::Desktop),
            Setting::Sound => threshold(Channel::Sound),
            Setting::Webhook => threshold(Channel::Webhook),
            Setting::QuietHours => {
                self.quiet_hours.as_ref().map_or_else(|| "off".to_owned(), ToString::to_string)
            }
            Setting::QuietCritical => if self.quiet_critical { "on" } else { "off" }.to_owned(),
            Setting::RepeatMinutes => minutes(self.repeat_after.unwrap_or_default()),
            Setting::SameMinutes => minutes(self.same_within),
        }
    }

    /// Returns from which severity on a channel tells; `None` is never.
    #[must_use]
    pub fn threshold(&self, channel: Channel) -> Option<Severity> {
        self.thresholds.get(&channel).copied()
    }

    /// Sets from which severity on a channel tells; `None` is never.
    pub fn tell_from(&mut self, channel: Channel, severity: Option<Severity>) {
        match severity {
            Some(severity) => self.thresholds.insert(channel, severity),
            None => self.thresholds.remove(&channel),
        };
    }

    /// Returns the channels that an alarm is for at any other hour.
    pub(super) fn channels(&self, alarm: &str, severity: Severity) -> Channels {
        let is_for = |channel: &Channel| {
            let is_loud = self.threshold(*channel).is_some_and(|from| severity >= from);
            is_loud && channel.alarm() != alarm
        };
        Channel::ALL.into_iter().filter(is_for).collect()
    }
}

fn threshold(setting: Setting, value: &str) -> Result<Option<Severity>, SettingError> {
    if value == "off" {
        return Ok(None);
    }
    let severity = Severity::from_name(value);
    let error = || SettingError::Threshold { setting: setting.name(), value: value.to_owned() };
    severity.map(Some).ok_or_else(error)
}

fn switch(setting: Setting, value: &str) -> Result<bool, SettingError> {
    match value {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err(SettingError::Switch { setting: setting.name(), value: value.to_owned() }),
    }
}

fn minutes(setting: Setting, value: &str, min: u64) -> Result<Duration, SettingError> {
    let read = value.parse().ok().filter(|minutes| (min..=MINUTES_MAX).contains(minutes));
    let error = || {
        let value = value.to_owned();
        SettingError::Minutes { setting: setting.name(), value, min, max: MINUTES_MAX }
    };
    read.map(|minutes: u64| Duration::from_secs(minutes * MINUTE)).ok_or_else(error)
}

fn quiet_hours(value: &str) -> Result<Option<QuietHours>, SettingError> {
    if value == "off" {
        return Ok(None);
    }
    let error = || SettingError::QuietHours { value: value.to_owned() };
    let (hours, zone) = value.split_once(' ').ok_or_else(error)?;
    let (from, to) = hours.split_once('-').ok_or_else(error)?;
    QuietHours::new(from, to, zone).map(Some)
}
