//! Where the fields of a protobuf payload come from: taken apart first, or as they are asked for.
//!
//! Called by the reading pass.

use std::cmp::Ordering;

use smallvec::SmallVec;

use super::WireError;

pub(super) const VARINT: u64 = 0;
pub(super) const FIXED64: u64 = 1;
pub(super) const BYTES: u64 = 2;
const FIXED32: u64 = 5;

#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'a> {
    Varint(u64),
    Fixed64([u8; 8]),
    Bytes(&'a [u8]),
}

/// Fields that most messages have at most; longer ones are kept on the heap.
const FEW: usize = 12;

#[derive(Debug, Clone, Copy)]
struct Field<'a> {
    tag: u32,
    value: Value<'a>,
    is_taken: bool,
}

/// Where the fields of a payload come from.
pub(super) trait Source<'a> {
    /// Returns the only field of a tag, `None` where it is absent or was returned before.
    fn one(&mut self, tag: u32, name: &'static str) -> Result<Option<Value<'a>>, WireError>;

    /// Returns every field of a tag.
    fn all(&mut self, tag: u32) -> Vec<Value<'a>>;

    /// Fails when a field was not asked for.
    fn finish(self) -> Result<(), WireError>;
}

/// Fields that are taken apart before the first is asked for, in any order.
pub(super) struct Known<'a> {
    fields: SmallVec<[Field<'a>; FEW]>,
    /// Whether no tag is smaller than the one before it, as every encoder writes them.
    is_ascending: bool,
    /// Where the next tag is looked for first.
    next: usize,
    /// The tags of the fields before and at `next`: between them is none. Closed where the order
    /// of the fields says nothing.
    gap: (u32, u32),
    n_taken: usize,
}

/// Fields that are taken apart as they are asked for, in the order of their tags.
///
/// It fails on any other order, and on a list, so that what it accepts is what [`Known`] accepts.
pub(super) struct Stream<'a> {
    rest: &'a [u8],
}

#[inline(always)]
pub(super) fn varint(rest: &mut &[u8]) -> Result<u64, WireError> {
    match rest.split_first() {
        Some((byte, after)) if *byte < 0x80 => {
            *rest = after;
            Ok(u64::from(*byte))
        }
        Some(_) | None => long_varint(rest),
    }
}

#[cold]
fn long_varint(rest: &mut &[u8]) -> Result<u64, WireError> {
    let mut value: u64 = 0;
    for shift in (0..64).step_by(7) {
        let (byte, after) = rest.split_first().ok_or(WireError::Truncated)?;
        *rest = after;
        let bits = u64::from(*byte & 0x7f);
        if shift == 63 && bits > 1 {
            return Err(WireError::Malformed);
        }
        value |= bits << shift;
        if *byte < 0x80 {
            return Ok(value);
        }
    }
    Err(WireError::Malformed)
}

#[inline(always)]
fn value<'a>(kind: u64, tag: u32, rest: &mut &'a [u8]) -> Result<Value<'a>, WireError> {
    match kind {
        VARINT => varint(rest).map(Value::Varint),
        FIXED64 => {
            let (bytes, after) = rest.split_first_chunk().ok_or(WireError::Truncated)?;
            *rest = after;
            Ok(Value::Fixed64(*bytes))
        }
        BYTES => {
            let length = usize::try_from(varint(rest)?).map_err(|_| WireError::Truncated)?;
            let (bytes, after) = rest.split_at_checked(length).ok_or(WireError::Truncated)?;
            *rest = after;
            Ok(Value::Bytes(bytes))
        }
        // No message of the protocol has a field of four fixed bytes or a group.
        FIXED32 => Err(WireError::UnknownTag { tag }),
        _ => Err(WireError::Malformed),
    }
}

/// Reads the tag and the wire type of the next field.
#[inline(always)]
fn key(rest: &mut &[u8]) -> Result<(u32, u64), WireError> {
    let key = varint(rest)?;
    match u32::try_from(key >> 3) {
        Ok(tag) if tag > 0 => Ok((tag, key & 7)),
        Ok(_) | Err(_) => Err(WireError::Malformed),
    }
}

impl<'a> Known<'a> {
    pub(super) fn new(mut rest: &'a [u8]) -> Result<Self, WireError> {
        let mut fields = SmallVec::new();
        let (mut is_ascending, mut last) = (true, 0);
        while !rest.is_empty() {
            let (tag, kind) = key(&mut rest)?;
            is_ascending &= tag >= last;
            last = tag;
            fields.push(Field { tag, value: value(kind, tag, &mut rest)?, is_taken: false });
        }
        let mut known = Self { fields, is_ascending, next: 0, gap: (0, 0), n_taken: 0 };
        if is_ascending {
            known.see_gap();
        }
        Ok(known)
    }

    /// Returns the place of the first field of a tag.
    fn find(&mut self, tag: u32) -> Option<usize> {
        if !self.is_ascending {
            return self.fields.iter().position(|field| field.tag == tag);
        }
        if self.gap.1 < tag || tag <= self.gap.0 {
            self.next = self.fields.partition_point(|field| field.tag < tag);
            self.see_gap();
        }
        (tag == self.gap.1).then_some(self.next)
    }

    fn look_for(&mut self, tag: u32, name: &'static str) -> Result<Option<Value<'a>>, WireError> {
        let Some(at) = self.find(tag) else { return Ok(None) };
        let Some((field, rest)) = self.fields.get_mut(at..).and_then(<[_]>::split_first_mut) else {
            return Ok(None);
        };
        let again: &[Field<'_>] =
            if self.is_ascending { rest.get(..1).unwrap_or_default() } else { rest };
        if again.iter().any(|other| other.tag == tag) {
            return Err(WireError::Repeated { name });
        }
        if field.is_taken {
            return Ok(None);
        }
        field.is_taken = true;
        let value = field.value;
        self.n_taken += 1;
        if self.is_ascending {
            self.next = at + 1;
            self.see_gap();
        }
        Ok(Some(value))
    }

    fn take_all(&mut self, tag: u32) -> Vec<Value<'a>> {
        let mut taken = Vec::new();
        for field in self.fields.iter_mut().filter(|field| field.tag == tag && !field.is_taken) {
            field.is_taken = true;
            self.n_taken += 1;
            taken.push(field.value);
        }
        taken
    }

    /// Notes which tags are absent around the next place.
    fn see_gap(&mut self) {
        let tag = |at: usize| self.fields.get(at).map(|field| field.tag);
        let before = self.next.checked_sub(1).and_then(tag);
        self.gap = (before.unwrap_or_default(), tag(self.next).unwrap_or(u32::MAX));
    }

    /// Nearly all that a layout asks for is absent, and asked for in the order of the tags.
    #[inline]
    const fn is_absent(&self, tag: u32) -> bool {
        self.gap.0 < tag && tag < self.gap.1
    }
}

impl<'a> Source<'a> for Known<'a> {
    #[inline]
    fn one(&mut self, tag: u32, name: &'static str) -> Result<Option<Value<'a>>, WireError> {
        if self.is_absent(tag) { Ok(None) } else { self.look_for(tag, name) }
    }

    #[inline]
    fn all(&mut self, tag: u32) -> Vec<Value<'a>> {
        if self.is_absent(tag) { Vec::new() } else { self.take_all(tag) }
    }

    fn finish(self) -> Result<(), WireError> {
        if self.n_taken == self.fields.len() {
            return Ok(());
        }
        match self.fields.iter().find(|field| !field.is_taken) {
            None => Ok(()),
            Some(field) => Err(WireError::UnknownTag { tag: field.tag }),
        }
    }
}

impl<'a> Stream<'a> {
    pub(super) const fn new(rest: &'a [u8]) -> Self {
        Self { rest }
    }
}

impl<'a> Source<'a> for Stream<'a> {
    /// A field that stands before the one asked for was passed over, or stands again.
    #[inline]
    fn one(&mut self, tag: u32, _: &'static str) -> Result<Option<Value<'a>>, WireError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let mut rest = self.rest;
        let (found, kind) = key(&mut rest)?;
        match found.cmp(&tag) {
            Ordering::Less => Err(WireError::UnknownTag { tag: found }),
            Ordering::Greater => Ok(None),
            Ordering::Equal => {
                let value = value(kind, tag, &mut rest)?;
                self.rest = rest;
                Ok(Some(value))
            }
        }
    }

    fn all(&mut self, _: u32) -> Vec<Value<'a>> {
        Vec::new()
    }

    fn finish(self) -> Result<(), WireError> {
        if self.rest.is_empty() { Ok(()) } else { Err(WireError::Malformed) }
    }
}
