//! The stored form of an entry: one line of JSON, the same bytes for ever.
//!
//! The bytes are hashed, so the format is final: fields have a fixed order and are all present
//! (null for none), decimals are strings, instants and durations are whole nanoseconds, frames are
//! hexadecimal. A later version may add kinds and raises `FORMAT` with it; it never changes how an
//! existing kind is written. A later version may add a field that is absent when there is nothing to
//! say, too. The files of this folder must never know SQLite; the writer and the
//! reader call them.

mod inputs;
mod intent;
mod kind;
mod mirror;
mod order;
mod verdict;

#[cfg(test)]
mod tests;

use std::fmt;

use gatehouse_types::{Actor, Entry, EntryKind, EntrySeq, Stamp, Utc};
use serde::de::{Error as _, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize};

use mirror::{In, Mirror, Out, one, opt};

/// What is wrong with a stored body.
#[derive(Debug, thiserror::Error)]
#[error("the body cannot be read")]
pub struct DecodeError(#[source] serde_json::Error);

/// Returns the bytes that are stored and hashed.
#[must_use]
pub fn encode(entry: &Entry) -> Vec<u8> {
    #[derive(Serialize)]
    struct Body<'a> {
        #[serde(with = "one")]
        seq: EntrySeq,
        #[serde(with = "one")]
        utc_ns: Utc,
        #[serde(with = "opt")]
        market_ns: Option<Utc>,
        actor: Out<'a, Actor>,
        #[serde(flatten)]
        kind: Out<'a, EntryKind>,
    }
    let body = Body {
        seq: entry.seq,
        utc_ns: entry.stamp.utc,
        market_ns: entry.stamp.market,
        actor: Out(&entry.actor),
        kind: Out(&entry.kind),
    };
    serde_json::to_vec(&body).expect("every value of an entry has a form in JSON")
}

/// Reads stored bytes.
///
/// # Errors
/// When the bytes are not what [`encode`] writes: a field missing, unknown, out of order at the
/// top, or of the wrong form.
pub fn decode(body: &[u8]) -> Result<Entry, DecodeError> {
    serde_json::from_slice::<Stored>(body).map(|stored| stored.0).map_err(DecodeError)
}

struct Stored(Entry);

impl<'de> Deserialize<'de> for Stored {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(StoredVisitor).map(Self)
    }
}

struct StoredVisitor;

impl<'de> Visitor<'de> for StoredVisitor {
    type Value = Entry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entry of the ledger")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry, A::Error> {
        let seq = field::<In<EntrySeq>, A>(&mut map, "seq")?.0;
        let utc = field::<In<Utc>, A>(&mut map, "utc_ns")?.0;
        let market = field::<Option<In<Utc>>, A>(&mut map, "market_ns")?.map(|at| at.0);
        let actor = field::<In<Actor>, A>(&mut map, "actor")?.0;
        // What is left of the map is the kind and its data, in this order, so nothing is buffered.
        let kind = EntryKind::take(MapAccessDeserializer::new(map))?;
        Ok(Entry { seq, stamp: Stamp { utc, market }, actor, kind })
    }
}

fn field<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    map: &mut A,
    name: &'static str,
) -> Result<T, A::Error> {
    match map.next_key::<Key>()? {
        Some(Key(key)) if key == name => map.next_value(),
        Some(_) | None => Err(A::Error::missing_field(name)),
    }
}

#[derive(Deserialize)]
struct Key(String);
