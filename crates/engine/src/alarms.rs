//! What somebody is to be told until it is over or seen, and settings that are no limits.

use std::collections::BTreeMap;

use gatehouse_types::{Actor, Entry, EntryKind, Severity, Stamp};

use crate::{CommandError, Done, Engine};

/// An alarm that is not over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAlarm {
    pub severity: Severity,
    pub sentence: String,
    pub since: Stamp,
    pub is_acknowledged: bool,
}

/// The alarms that are not over, by name.
#[derive(Debug, Default)]
pub(crate) struct Alarms(BTreeMap<String, OpenAlarm>);

impl Alarms {
    pub(crate) const fn open(&self) -> &BTreeMap<String, OpenAlarm> {
        &self.0
    }

    pub(crate) fn fold(&mut self, entry: &Entry) {
        if let EntryKind::AlarmRaised { alarm, severity, sentence } = &entry.kind {
            let open = OpenAlarm {
                severity: *severity,
                sentence: sentence.clone(),
                since: entry.stamp,
                is_acknowledged: false,
            };
            self.0.insert(alarm.clone(), open);
        }
        if let EntryKind::AlarmEnded { alarm } = &entry.kind {
            self.0.remove(alarm);
        }
        if let EntryKind::AlarmAcknowledged { alarm } = &entry.kind
            && let Some(open) = self.0.get_mut(alarm)
        {
            open.is_acknowledged = true;
        }
    }

    /// A new life of the program raises its own.
    pub(crate) fn forget(&mut self) {
        self.0.clear();
    }
}

/// Settings that are no limits, by name; one that is absent has its own default.
#[derive(Debug, Default)]
pub(crate) struct Settings(BTreeMap<String, String>);

impl Settings {
    pub(crate) const fn all(&self) -> &BTreeMap<String, String> {
        &self.0
    }

    pub(crate) fn set(&mut self, setting: &str, value: Option<String>) {
        match value {
            Some(value) => self.0.insert(setting.to_owned(), value),
            None => self.0.remove(setting),
        };
    }
}

impl Engine {
    /// Returns the alarms that are not over, by name.
    #[must_use]
    pub const fn alarms(&self) -> &BTreeMap<String, OpenAlarm> {
        self.alarms.open()
    }

    /// Returns the settings that are not at their default, by name.
    #[must_use]
    pub const fn settings(&self) -> &BTreeMap<String, String> {
        self.settings.all()
    }

    /// Records an alarm; one that is open already, and says the same, is not told again.
    pub(crate) fn raise_alarm(&mut self, alarm: String, severity: Severity, sentence: String) {
        let open = self.alarms.open().get(&alarm);
        let is_same =
            open.is_some_and(|open| open.severity == severity && open.sentence == sentence);
        if !is_same {
            let kind = EntryKind::AlarmRaised { alarm, severity, sentence };
            self.record(Actor::Gatehouse, kind);
        }
    }

    pub(crate) fn end_alarm(&mut self, alarm: String) {
        if self.alarms.open().contains_key(&alarm) {
            self.record(Actor::Gatehouse, EntryKind::AlarmEnded { alarm });
        }
    }

    pub(crate) fn acknowledge_alarm(&mut self, alarm: String) -> Result<Done, CommandError> {
        let Some(open) = self.alarms.open().get(&alarm) else {
            return Err(CommandError::NoAlarm { alarm });
        };
        if !open.is_acknowledged {
            self.record(Actor::Person, EntryKind::AlarmAcknowledged { alarm });
        }
        Ok(Done::Now)
    }

    pub(crate) fn change_setting(&mut self, setting: String, new: Option<String>) -> Done {
        let old = self.settings.all().get(&setting).cloned();
        if old != new {
            self.record(Actor::Person, EntryKind::SettingChanged { setting, old, new });
        }
        Done::Now
    }
}
