//! Decides who is told of an alarm now, later or never. Time is an argument.
//!
//! An alarm is told when it begins. One that comes again soon is counted instead; when it stays, or
//! when the time of counting is over, it is told once more with its count. Its end is told when its
//! beginning was. In quiet hours only what is critical passes; the rest is told after them, if it
//! is not over by then. A critical alarm is told again and again until a person says *seen*.

mod channel;
mod quiet;
mod settings;
mod story;

use std::collections::BTreeMap;
use std::time::Duration;

use gatehouse_types::{Now, Severity, Utc};

pub use channel::{Channel, Channels};
pub use quiet::QuietHours;
pub use settings::{Setting, SettingError, Settings};
use story::Story;

/// An alarm as it was raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Its name, which it keeps when it comes again.
    pub alarm: String,
    pub severity: Severity,
    pub sentence: String,
    /// When it was raised, on the machine's calendar.
    pub at: Utc,
}

/// What happened to an alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It began; or it is open, and its severity or its sentence is another.
    Raised(Alert),
    Ended {
        alarm: String,
    },
    /// A person has seen it.
    Acknowledged {
        alarm: String,
    },
}

/// What is told of an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Began,
    /// Nobody has said *seen* yet.
    StillOpen,
    Ended,
    /// Somebody tries a channel; nothing happened.
    Test,
}

impl What {
    /// Returns the stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Began => "began",
            Self::StillOpen => "still-open",
            Self::Ended => "ended",
            Self::Test => "test",
        }
    }
}

/// Something that is told now: in the window always, and on `channels`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    pub alert: Alert,
    pub what: What,
    /// How often it began since it was quiet about it.
    pub count: u32,
    pub channels: Channels,
}

impl Telling {
    /// Returns what a person reads, in one or two sentences.
    #[must_use]
    pub fn text(&self) -> String {
        let sentence = full(&self.alert.sentence);
        let told = match self.what {
            What::Began | What::Test => sentence,
            What::StillOpen => format!("Still so: {sentence}"),
            What::Ended => format!("Over: {sentence}"),
        };
        match self.count {
            0 | 1 => told,
            count => format!("{told} It began {count} times."),
        }
    }

    /// Returns the headline.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match (self.what, self.alert.severity) {
            (What::Ended, _) => "Gatehouse: over",
            (What::Test, _) => "Gatehouse: test",
            (What::Began | What::StillOpen, Severity::Info) => "Gatehouse",
            (What::Began | What::StillOpen, Severity::Warning) => "Gatehouse: warning",
            (What::Began | What::StillOpen, Severity::Critical) => "Gatehouse: act now",
        }
    }
}

fn full(sentence: &str) -> String {
    let ends = sentence.ends_with(['.', '?', '…']);
    if ends { sentence.to_owned() } else { format!("{sentence}.") }
}

/// Knows what was told, and decides what is told next.
#[derive(Debug, Default)]
pub struct Teller {
    settings: Settings,
    stories: BTreeMap<String, Story>,
}

impl Teller {
    /// Makes one that has heard of nothing.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings, stories: BTreeMap::new() }
    }

    /// Returns the settings.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Tells by other settings from here on. Nothing that was told is told again.
    pub fn change(&mut self, settings: Settings) {
        self.settings = settings;
    }

    /// Takes what happened, and returns what is told of it at once.
    pub fn hear(&mut self, now: Now, event: Event) -> Option<Telling> {
        match event {
            Event::Raised(alert) => {
                self.forget(now);
                let story = self.stories.entry(alert.alarm.clone());
                let story = story.or_insert_with(|| Story::new(alert.clone(), now));
                story.raise(alert, now, &self.settings)
            }
            Event::Ended { alarm } => self.stories.get_mut(&alarm)?.end(now, &self.settings),
            Event::Acknowledged { alarm } => {
                self.stories.get_mut(&alarm)?.acknowledge();
                None
            }
        }
    }

    /// Returns what is to be told because its time has come.
    pub fn due(&mut self, now: Now) -> Vec<Telling> {
        let settings = &self.settings;
        let told = self.stories.values_mut().filter_map(|story| story.due(now, settings)).collect();
        self.forget(now);
        told
    }

    fn forget(&mut self, now: Now) {
        self.stories.retain(|_, story| !story.is_past(now, &self.settings));
    }

    /// Returns how long nothing is due, unless something happens; `None` is for ever.
    #[must_use]
    pub fn wait(&self, now: Now) -> Option<Duration> {
        self.stories.values().filter_map(|story| story.wait(now, &self.settings)).min()
    }

    /// Returns how often an alarm began lately; 0 when it is not known.
    #[must_use]
    pub fn count(&self, alarm: &str) -> u32 {
        self.stories.get(alarm).map_or(0, Story::count)
    }
}
