//! One type per kind of id, so that none can stand in for another.

use std::fmt;
use std::str::FromStr;

/// What is wrong with an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// A bot name is 1 to 32 of `a-z`, `0-9` and `-`, and begins with a letter.
    #[error("{text:?} is not a bot name: use 1 to 32 of a-z, 0-9 and -, beginning with a letter")]
    BotName { text: String },
}

macro_rules! number_id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($inner);

        impl $name {
            /// Makes the id.
            #[must_use]
            pub const fn new(value: $inner) -> Self {
                Self(value)
            }

            /// Returns the number.
            #[must_use]
            pub const fn get(self) -> $inner {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Makes the id.
            #[must_use]
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// Returns the text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

number_id! {
    /// The id a client program gives in START_API; pinned to one bot.
    ClientId(i32)
}
number_id! {
    /// The id a bot gives its order; never rewritten.
    OrderId(i32)
}
number_id! {
    /// The broker's own id of an order, unique in the account.
    PermId(i64)
}
number_id! {
    /// The broker's id of a contract.
    ConId(i32)
}
number_id! {
    /// Position of an entry in the ledger; the first is 1, there are no gaps.
    EntrySeq(u64)
}

impl EntrySeq {
    /// Returns the next position.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

text_id! {
    /// The broker's id of an account, such as `DU1234567`.
    AccountId
}
text_id! {
    /// The broker's id of an execution; a correction changes its last part.
    ExecId
}

/// Name of a bot: 1 to 32 of `a-z`, `0-9` and `-`, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BotName(String);

impl BotName {
    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name under which the person at the window trades.
    #[must_use]
    pub fn desk() -> Self {
        Self("desk".to_owned())
    }
}

impl FromStr for BotName {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let well_formed = (1..=32).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(IdError::BotName { text: text.to_owned() })
        }
    }
}

impl fmt::Display for BotName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Names one order for good: the bot that owns it and the id that the bot gave it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderRef {
    pub bot: BotName,
    pub order_id: OrderId,
}

impl fmt::Display for OrderRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.bot, self.order_id)
    }
}
