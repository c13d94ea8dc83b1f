//! How a value of the vocabulary is written into a body, for the words that are one text or one
//! number each. `types` has no serde on purpose; only the files of this folder know both.

use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use gatehouse_types::{
    Actor, BotName, ClientId, ConId, Currency, Decimal, EntrySeq, ExecId, LimitId, LimitValue,
    Names, OrderId, PermId, Price, Qty, Scope, SessionPhase, Severity, TradingState, Utc,
};
use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A word of the vocabulary that has one form in a body.
pub(super) trait Mirror: Sized {
    fn put<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// Writes a borrowed word.
pub(super) struct Out<'a, T>(pub(super) &'a T);

impl<T: Mirror> Serialize for Out<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.put(serializer)
    }
}

/// Reads a word.
pub(super) struct In<T>(pub(super) T);

impl<'de, T: Mirror> Deserialize<'de> for In<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::take(deserializer).map(Self)
    }
}

/// `#[serde(with = "one")]`: the word itself.
pub(super) mod one {
    use super::{Deserializer, Mirror, Serializer};

    pub(in super::super) fn serialize<T: Mirror, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.put(serializer)
    }

    pub(in super::super) fn deserialize<'de, T: Mirror, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        T::take(deserializer)
    }
}

/// `#[serde(with = "opt")]`: the word or null, never absent.
pub(super) mod opt {
    use super::{Deserialize, Deserializer, In, Mirror, Out, Serialize, Serializer};

    pub(in super::super) fn serialize<T: Mirror, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_ref().map(Out).serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, T: Mirror, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<T>, D::Error> {
        Ok(Option::<In<T>>::deserialize(deserializer)?.map(|value| value.0))
    }
}

/// `#[serde(with = "list")]`: an array of words.
pub(super) mod list {
    use super::{Deserialize, Deserializer, In, Mirror, Out, Serializer};

    pub(in super::super) fn serialize<T: Mirror, S: Serializer>(
        value: &[T],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(value.iter().map(Out))
    }

    pub(in super::super) fn deserialize<'de, T: Mirror, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<T>, D::Error> {
        Ok(Vec::<In<T>>::deserialize(deserializer)?.into_iter().map(|value| value.0).collect())
    }
}

/// `#[serde(with = "boxed")]`: the word in a box.
pub(super) mod boxed {
    use super::{Deserializer, Mirror, Serializer};

    // A box is what the field of the foreign type is.
    #[expect(clippy::borrowed_box)]
    pub(in super::super) fn serialize<T: Mirror, S: Serializer>(
        value: &Box<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.put(serializer)
    }

    pub(in super::super) fn deserialize<'de, T: Mirror, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Box<T>, D::Error> {
        T::take(deserializer).map(Box::new)
    }
}

/// `#[serde(with = "present")]`: the word in a box. Only for a field that is left out when there is
/// none: null is not taken for it.
pub(super) mod present {
    use super::{Deserializer, Mirror, Serializer};

    // An option of a box is what the field of the foreign type is.
    #[expect(clippy::ref_option)]
    pub(in super::super) fn serialize<T: Mirror, S: Serializer>(
        value: &Option<Box<T>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => value.put(serializer),
            None => serializer.serialize_none(),
        }
    }

    pub(in super::super) fn deserialize<'de, T: Mirror, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Box<T>>, D::Error> {
        T::take(deserializer).map(|value| Some(Box::new(value)))
    }
}

/// `#[serde(with = "hex")]`: bytes as lower-case hexadecimal.
pub(super) mod hex {
    use super::{Deserializer, Serializer, read_text};
    use crate::hash::{from_hex, to_hex};

    pub(in super::super) fn serialize<S: Serializer>(
        bytes: &[u8],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&to_hex(bytes))
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        read_text(deserializer, "bytes in lower-case hexadecimal", from_hex)
    }
}

/// A text of the program. Named, because serde takes a visible reference for borrowed input.
pub(super) type Fixed = &'static str;

/// `#[serde(with = "fixed")]`: one of the program's own fixed texts.
pub(super) mod fixed {
    use super::{Deserializer, Fixed, Serializer, interned, read_text};

    pub(in super::super) fn serialize<S: Serializer>(
        text: &Fixed,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(text)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<&'static str, D::Error> {
        read_text(deserializer, "one of the fixed texts", interned)
    }
}

/// More distinct fixed texts than any version of the program will ever have.
const FIXED_TEXTS_MAX: usize = 4096;

/// Returns the text for the rest of the process's life. Each distinct one is kept once; a file
/// with more than the program can have written gives `None`.
fn interned(text: &str) -> Option<&'static str> {
    static KNOWN: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    if let Some(found) = known.get(text) {
        return Some(found);
    }
    if known.len() >= FIXED_TEXTS_MAX {
        return None;
    }
    let kept: &'static str = Box::leak(text.to_owned().into_boxed_str());
    known.insert(kept);
    Some(kept)
}

struct TextVisitor<T, F> {
    what: &'static str,
    read: F,
    result: PhantomData<T>,
}

impl<T, F: FnOnce(&str) -> Option<T>> Visitor<'_> for TextVisitor<T, F> {
    type Value = T;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)
    }
    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        let unexpected = serde::de::Unexpected::Str(text);
        (self.read)(text).ok_or_else(|| E::invalid_value(unexpected, &self.what))
    }
}

fn read_text<'de, T, D: Deserializer<'de>>(
    deserializer: D,
    what: &'static str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(TextVisitor { what, read, result: PhantomData })
}

/// Words whose `Display` is read back by the given function.
macro_rules! as_text {
    ($($type:ty, $what:literal, $read:expr;)*) => {$(
        impl Mirror for $type {
            fn put<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
            fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                read_text(deserializer, $what, $read)
            }
        }
    )*};
}

fn parsed<T: FromStr>(text: &str) -> Option<T> {
    text.parse().ok()
}

as_text! {
    Decimal, "a decimal", |text| Decimal::from_str_exact(text).ok();
    Price, "a price", parsed;
    Qty, "a quantity", parsed;
    Currency, "a currency", parsed;
    BotName, "the name of a bot", parsed;
    ExecId, "the id of an execution", |text| Some(ExecId::new(text));
    Scope, "a scope", Scope::parse;
    SessionPhase, "a phase of the session", SessionPhase::from_name;
    Severity, "a severity", Severity::from_name;
    TradingState, "a trading state", TradingState::from_name;
    LimitId, "the name of a limit", LimitId::from_name;
    gatehouse_types::AccountId, "an account", |text| Some(gatehouse_types::AccountId::new(text));
}

/// Ids that are one number.
macro_rules! as_number {
    ($($type:ty, $inner:ty, $get:expr, $new:expr;)*) => {$(
        impl Mirror for $type {
            fn put<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                ($get)(*self).serialize(serializer)
            }
            fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <$inner>::deserialize(deserializer).map($new)
            }
        }
    )*};
}

as_number! {
    ClientId, i32, ClientId::get, ClientId::new;
    ConId, i32, ConId::get, ConId::new;
    OrderId, i32, OrderId::get, OrderId::new;
    PermId, i64, PermId::get, PermId::new;
    EntrySeq, u64, EntrySeq::get, EntrySeq::new;
    Utc, i64, Utc::nanos, Utc::from_nanos;
    Duration, u64, whole_nanos, Duration::from_nanos;
}

/// A duration beyond 584 years is written as 584 years.
fn whole_nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// `person`, `gatehouse`, `broker`, or `bot:` and its name.
impl Mirror for Actor {
    fn put<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bot(name) => serializer.collect_str(&format_args!("bot:{name}")),
            Self::Person => serializer.serialize_str("person"),
            Self::Gatehouse => serializer.serialize_str("gatehouse"),
            Self::Broker => serializer.serialize_str("broker"),
        }
    }
    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, "an actor", |text| match text {
            "person" => Some(Self::Person),
            "gatehouse" => Some(Self::Gatehouse),
            "broker" => Some(Self::Broker),
            other => other.strip_prefix("bot:")?.parse().ok().map(Self::Bot),
        })
    }
}

/// The value of a limit in one scope: `inherited`, `off`, a decimal, `on`, or names as
/// `[AAPL,MSFT]`.
impl Mirror for Option<Option<LimitValue>> {
    fn put<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            None => serializer.serialize_str("inherited"),
            Some(None) => serializer.serialize_str("off"),
            Some(Some(LimitValue::Number(value))) => serializer.collect_str(value),
            Some(Some(LimitValue::On)) => serializer.serialize_str("on"),
            Some(Some(LimitValue::Names(names))) => {
                let names: Vec<&str> = names.iter().collect();
                serializer.collect_str(&format_args!("[{}]", names.join(",")))
            }
        }
    }
    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_text(deserializer, "inherited, off, on, names or a decimal", |text| match text {
            "inherited" => Some(None),
            "off" => Some(Some(None)),
            "on" => Some(Some(Some(LimitValue::On))),
            value => match value.strip_prefix('[').and_then(|names| names.strip_suffix(']')) {
                Some(names) => read_names(names),
                None => Decimal::from_str_exact(value).ok().map(LimitValue::Number),
            }
            .map(|value| Some(Some(value))),
        })
    }
}

/// Only what is written is read: in order, in capitals, nothing twice.
fn read_names(text: &str) -> Option<LimitValue> {
    let names = Names::try_new(text.split(',')).ok()?;
    let is_as_written = names.iter().eq(text.split(','));
    is_as_written.then_some(LimitValue::Names(names))
}

/// A count, as the same number on every machine.
impl Mirror for usize {
    fn put<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        u64::try_from(*self)
            .map_err(|_| serde::ser::Error::custom("a count beyond 2^64"))?
            .serialize(serializer)
    }
    fn take<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(u64::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// Makes a word of the vocabulary out of its serde mirror.
macro_rules! mirrored {
    ($($type:ty => $body:ident),* $(,)?) => {$(
        impl Mirror for $type {
            fn put<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $body::serialize(self, serializer)
            }
            fn take<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $body::deserialize(deserializer)
            }
        }
    )*};
}
pub(super) use mirrored;
