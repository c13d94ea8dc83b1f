//! Server versions: the number that both sides agree on in the handshake and that decides the
//! layout of every later message.

use std::fmt;

/// The server version of one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServerVersion(i32);

impl ServerVersion {
    /// The oldest version that a bot may speak; nothing current negotiates less.
    pub const FLOOR: Self = Self(157);
    /// The newest version whose layouts are known.
    pub const CEILING: Self = Self(226);
    /// From here on the message id is four raw bytes, and bodies may be protobuf.
    pub const RAW_IDS: Self = Self(201);
    /// From here on every message is protobuf.
    pub const ALL_PROTOBUF: Self = Self(213);

    /// Makes a version.
    #[must_use]
    pub const fn new(number: i32) -> Self {
        Self(number)
    }

    /// Returns the number.
    #[must_use]
    pub const fn get(self) -> i32 {
        self.0
    }

    /// Returns whether this version is `number` or newer.
    #[must_use]
    pub const fn has(self, number: i32) -> bool {
        self.0 >= number
    }

    /// Returns whether orders of this version can be decoded to their last field: every one from
    /// FLOOR to CEILING. At any other version they must be refused.
    #[must_use]
    pub const fn is_understood(self) -> bool {
        Self::FLOOR.0 <= self.0 && self.0 <= Self::CEILING.0
    }

    /// Returns the form of a message that is protobuf from version `since` on.
    #[must_use]
    pub const fn form(self, since: i32) -> Form {
        if self.0 >= Self::RAW_IDS.0 && self.0 >= since { Form::Protobuf } else { Form::Text }
    }
}

impl fmt::Display for ServerVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How the payload of one message is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// Fields that each end in a NUL.
    Text,
    Protobuf,
}

/// The versions that one side offers, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct VersionRange {
    min: ServerVersion,
    max: ServerVersion,
}

impl VersionRange {
    /// Makes a range, or `None` when `min` is above `max`.
    #[must_use]
    pub fn try_new(min: ServerVersion, max: ServerVersion) -> Option<Self> {
        (min <= max).then_some(Self { min, max })
    }

    /// Returns the oldest version offered.
    #[must_use]
    pub const fn min(self) -> ServerVersion {
        self.min
    }

    /// Returns the newest version offered.
    #[must_use]
    pub const fn max(self) -> ServerVersion {
        self.max
    }

    /// Returns the part of this range within FLOOR and CEILING, or `None` when there is none.
    #[must_use]
    pub fn clamped(self) -> Option<Self> {
        self.within(ServerVersion::FLOOR, ServerVersion::CEILING)
    }

    /// Returns the part of this range within `min` and `max`, or `None` when there is none.
    #[must_use]
    pub fn within(self, min: ServerVersion, max: ServerVersion) -> Option<Self> {
        Self::try_new(self.min.max(min), self.max.min(max))
    }

    /// Returns whether `version` is offered.
    #[must_use]
    pub fn contains(self, version: ServerVersion) -> bool {
        (self.min..=self.max).contains(&version)
    }
}

impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.min == self.max {
            write!(f, "v{}", self.min)
        } else {
            write!(f, "v{}..{}", self.min, self.max)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(min: i32, max: i32) -> Option<VersionRange> {
        VersionRange::try_new(ServerVersion::new(min), ServerVersion::new(max))
    }

    #[test]
    fn clamps_an_offer_to_what_is_known() {
        for (offered, clamped) in [
            (range(100, 226), range(157, 226)),
            (range(157, 178), range(157, 178)),
            (range(213, 300), range(213, 226)),
            (range(100, 156), None),
            (range(227, 230), None),
        ] {
            assert_eq!(offered.expect("is a range").clamped(), clamped);
        }
    }

    #[test]
    fn understands_orders_from_floor_to_ceiling_without_a_hole() {
        let understood: Vec<i32> =
            (0..300).filter(|number| ServerVersion::new(*number).is_understood()).collect();
        assert_eq!(understood, (157..=226).collect::<Vec<i32>>());
    }
}
