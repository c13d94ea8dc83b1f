//! The ways to a person.

use std::collections::BTreeSet;
use std::fmt;

/// A way to a person besides the list in the window, which shows every alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    Desktop,
    Sound,
    Webhook,
}

/// Some of the channels.
pub type Channels = BTreeSet<Channel>;

impl Channel {
    /// All channels, the nearest to the screen first.
    pub const ALL: [Self; 3] = [Self::Desktop, Self::Sound, Self::Webhook];

    /// Returns the stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Desktop => "desktop",
            Self::Sound => "sound",
            Self::Webhook => "webhook",
        }
    }

    /// Returns the name of the alarm that says that this channel does not work. The channel is
    /// not asked to tell of it.
    #[must_use]
    pub const fn alarm(self) -> &'static str {
        match self {
            Self::Desktop => "alerts-desktop",
            Self::Sound => "alerts-sound",
            Self::Webhook => "alerts-webhook",
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
