//! The passes over the protobuf form.
//!
//! `prost` decodes leniently: it drops unknown tags and lets a repeated singular field win, so the
//! reader here takes a payload apart itself and ends only when every field was asked for.

use gatehouse_types::Decimal;

use super::source::{BYTES, FIXED64, Known, Source, Stream, VARINT, Value, varint};
use super::{FieldError, Layout, Pass, Passed, TagValue, WireError};
use crate::number;
use crate::text::Number;
use crate::{Form, ServerVersion};

/// Reads protobuf fields by tag.
pub(super) struct WireRead<S> {
    version: ServerVersion,
    source: S,
}

impl<'a> WireRead<Known<'a>> {
    pub(super) fn new(version: ServerVersion, payload: &'a [u8]) -> Result<Self, WireError> {
        Ok(Self { version, source: Known::new(payload)? })
    }
}

impl<'a> WireRead<Stream<'a>> {
    pub(super) const fn stream(version: ServerVersion, payload: &'a [u8]) -> Self {
        Self { version, source: Stream::new(payload) }
    }
}

impl<'a, S: Source<'a>> WireRead<S> {
    pub(super) fn finish(self) -> Passed {
        self.source.finish().map_err(FieldError::from)
    }

    #[inline]
    fn take(&mut self, tag: u32) -> Vec<Value<'a>> {
        self.source.all(tag)
    }

    #[inline]
    fn one(&mut self, tag: u32, name: &'static str) -> Result<Option<Value<'a>>, WireError> {
        self.source.one(tag, name)
    }

    #[inline]
    fn number(&mut self, tag: u32, name: &'static str) -> Result<Option<i64>, WireError> {
        match self.one(tag, name)? {
            None => Ok(None),
            Some(Value::Varint(raw)) => Ok(Some(raw.cast_signed())),
            Some(Value::Fixed64(_) | Value::Bytes(_)) => Err(WireError::WrongType { name }),
        }
    }

    #[inline]
    fn read_double(&mut self, tag: u32, name: &'static str) -> Result<Option<f64>, WireError> {
        match self.one(tag, name)? {
            None => Ok(None),
            Some(Value::Fixed64(bytes)) => Ok(Some(f64::from_le_bytes(bytes))),
            Some(Value::Varint(_) | Value::Bytes(_)) => Err(WireError::WrongType { name }),
        }
    }

    #[inline]
    fn bytes(&mut self, tag: u32, name: &'static str) -> Result<Option<&'a [u8]>, WireError> {
        match self.one(tag, name)? {
            None => Ok(None),
            Some(Value::Bytes(bytes)) => Ok(Some(bytes)),
            Some(Value::Fixed64(_) | Value::Varint(_)) => Err(WireError::WrongType { name }),
        }
    }

    fn messages(&mut self, tag: u32, name: &'static str) -> Result<Vec<&'a [u8]>, WireError> {
        self.take(tag)
            .into_iter()
            .map(|value| match value {
                Value::Bytes(bytes) => Ok(bytes),
                Value::Fixed64(_) | Value::Varint(_) => Err(WireError::WrongType { name }),
            })
            .collect()
    }

    fn inner<L: Layout>(&self, payload: &[u8], value: &mut L) -> Passed {
        let mut pass = WireRead::new(self.version, payload)?;
        value.lay(&mut pass)?;
        pass.finish()
    }
}

/// The largest double, which clients send for "not set", is `None`.
#[inline]
fn exact(double: f64, name: &'static str) -> Result<Option<Decimal>, WireError> {
    if double.total_cmp(&f64::MAX).is_eq() {
        return Ok(None);
    }
    number::from_double(double).map(Some).map_err(|source| WireError::NotExact { name, source })
}

fn utf8<'a>(bytes: &'a [u8], name: &'static str) -> Result<&'a str, WireError> {
    std::str::from_utf8(bytes).map_err(|_| WireError::Unreadable { name })
}

fn narrow(value: i64, name: &'static str) -> Result<i32, WireError> {
    i32::try_from(value).map_err(|_| WireError::OutOfRange { name })
}

impl<'a, S: Source<'a>> Pass for WireRead<S> {
    fn is_writing(&self) -> bool {
        false
    }

    fn version(&self) -> ServerVersion {
        self.version
    }

    fn form(&self) -> Form {
        Form::Protobuf
    }

    fn int(&mut self, tag: u32, name: &'static str, value: &mut i32) -> Passed {
        if let Some(number) = self.number(tag, name)? {
            *value = narrow(number, name)?;
        }
        Ok(())
    }

    fn int_or_unset(&mut self, tag: u32, name: &'static str, value: &mut Option<i32>) -> Passed {
        let number = self.number(tag, name)?.map(|number| narrow(number, name)).transpose()?;
        *value = number.filter(|number| *number != i32::MAX);
        Ok(())
    }

    fn long(&mut self, tag: u32, name: &'static str, value: &mut i64) -> Passed {
        if let Some(number) = self.number(tag, name)? {
            *value = number;
        }
        Ok(())
    }

    fn flag(&mut self, tag: u32, name: &'static str, value: &mut bool) -> Passed {
        match self.number(tag, name)? {
            None => {}
            Some(0) => *value = false,
            Some(1) => *value = true,
            Some(_) => return Err(WireError::OutOfRange { name }.into()),
        }
        Ok(())
    }

    fn text(&mut self, tag: u32, name: &'static str, value: &mut String) -> Passed {
        if let Some(bytes) = self.bytes(tag, name)? {
            utf8(bytes, name)?.clone_into(value);
        }
        Ok(())
    }

    fn double(&mut self, tag: u32, name: &'static str, value: &mut Decimal) -> Passed {
        if let Some(double) = self.read_double(tag, name)?
            && let Some(read) = exact(double, name)?
        {
            *value = read;
        }
        Ok(())
    }

    fn double_or_unset(
        &mut self,
        tag: u32,
        name: &'static str,
        value: &mut Option<Decimal>,
    ) -> Passed {
        *value = match self.read_double(tag, name)? {
            None => None,
            Some(double) => exact(double, name)?,
        };
        Ok(())
    }

    fn double_or_infinite(&mut self, tag: u32, name: &'static str, value: &mut Number) -> Passed {
        *value = match self.read_double(tag, name)? {
            Some(f64::INFINITY) => Number::Infinite,
            Some(double) => exact(double, name)?.map_or(Number::Unset, Number::Value),
            None => Number::Unset,
        };
        Ok(())
    }

    fn amount(&mut self, tag: u32, name: &'static str, value: &mut Decimal) -> Passed {
        if let Some(bytes) = self.bytes(tag, name)? {
            *value = match crate::text::number_of(bytes) {
                Some(Number::Value(number)) => number,
                Some(Number::Unset | Number::Infinite) | None => {
                    return Err(WireError::Unreadable { name }.into());
                }
            };
        }
        Ok(())
    }

    fn nested<L: Layout>(&mut self, tag: u32, name: &'static str, value: &mut L) -> Passed {
        match self.bytes(tag, name)? {
            None => Ok(()),
            Some(payload) => self.inner(payload, value),
        }
    }

    fn list<L: Layout + Default>(
        &mut self,
        tag: u32,
        name: &'static str,
        values: &mut Vec<L>,
    ) -> Passed {
        values.clear();
        for payload in self.messages(tag, name)? {
            let mut value = L::default();
            self.inner(payload, &mut value)?;
            values.push(value);
        }
        Ok(())
    }

    fn words(&mut self, tag: u32, name: &'static str, values: &mut Vec<String>) -> Passed {
        values.clear();
        for bytes in self.messages(tag, name)? {
            values.push(utf8(bytes, name)?.to_owned());
        }
        Ok(())
    }

    fn ints(&mut self, tag: u32, name: &'static str, values: &mut Vec<i32>) -> Passed {
        values.clear();
        for value in self.take(tag) {
            match value {
                Value::Varint(raw) => values.push(narrow(raw.cast_signed(), name)?),
                Value::Bytes(mut packed) => {
                    while !packed.is_empty() {
                        values.push(narrow(varint(&mut packed)?.cast_signed(), name)?);
                    }
                }
                Value::Fixed64(_) => return Err(WireError::WrongType { name }.into()),
            }
        }
        Ok(())
    }

    fn doubles(&mut self, tag: u32, name: &'static str, values: &mut Vec<Decimal>) -> Passed {
        values.clear();
        let exact = |bytes: &[u8; 8]| {
            number::from_double(f64::from_le_bytes(*bytes))
                .map_err(|source| WireError::NotExact { name, source })
        };
        for value in self.take(tag) {
            match value {
                Value::Fixed64(bytes) => values.push(exact(&bytes)?),
                Value::Bytes(packed) => {
                    let (chunks, rest) = packed.as_chunks::<8>();
                    if !rest.is_empty() {
                        return Err(WireError::Truncated.into());
                    }
                    for chunk in chunks {
                        values.push(exact(chunk)?);
                    }
                }
                Value::Varint(_) => return Err(WireError::WrongType { name }.into()),
            }
        }
        Ok(())
    }

    fn options(&mut self, tag: u32, name: &'static str, values: &mut Vec<TagValue>) -> Passed {
        self.list(tag, name, values)
    }
}

/// Writes protobuf fields.
///
/// Numbers and flags are always written, texts only when they say something: clients tell "0"
/// from "absent" but not "empty" from "absent".
pub(super) struct WireWrite {
    version: ServerVersion,
    payload: Vec<u8>,
}

impl WireWrite {
    pub(super) const fn new(version: ServerVersion) -> Self {
        Self { version, payload: Vec::new() }
    }

    pub(super) fn into_payload(self) -> Vec<u8> {
        self.payload
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            let low = u8::try_from(value & 0x7f).expect("seven bits fit a byte");
            self.payload.push(low | 0x80);
            value >>= 7;
        }
        self.payload.push(u8::try_from(value).expect("seven bits fit a byte"));
    }

    fn key(&mut self, tag: u32, kind: u64) {
        self.varint((u64::from(tag) << 3) | kind);
    }

    fn number(&mut self, tag: u32, value: i64) {
        self.key(tag, VARINT);
        self.varint(value.cast_unsigned());
    }

    fn bytes(&mut self, tag: u32, bytes: &[u8]) {
        self.key(tag, BYTES);
        self.varint(u64::try_from(bytes.len()).expect("a length fits 64 bits"));
        self.payload.extend_from_slice(bytes);
    }

    fn fixed(&mut self, tag: u32, value: Decimal) {
        self.key(tag, FIXED64);
        self.payload.extend_from_slice(&number::to_nearest_double(value).to_le_bytes());
    }
}

impl Pass for WireWrite {
    fn is_writing(&self) -> bool {
        true
    }

    fn version(&self) -> ServerVersion {
        self.version
    }

    fn form(&self) -> Form {
        Form::Protobuf
    }

    fn int(&mut self, tag: u32, _name: &'static str, value: &mut i32) -> Passed {
        self.number(tag, i64::from(*value));
        Ok(())
    }

    fn int_or_unset(&mut self, tag: u32, _name: &'static str, value: &mut Option<i32>) -> Passed {
        if let Some(value) = value {
            self.number(tag, i64::from(*value));
        }
        Ok(())
    }

    fn long(&mut self, tag: u32, _name: &'static str, value: &mut i64) -> Passed {
        self.number(tag, *value);
        Ok(())
    }

    fn flag(&mut self, tag: u32, _name: &'static str, value: &mut bool) -> Passed {
        self.number(tag, i64::from(*value));
        Ok(())
    }

    fn text(&mut self, tag: u32, _name: &'static str, value: &mut String) -> Passed {
        if !value.is_empty() {
            self.bytes(tag, value.as_bytes());
        }
        Ok(())
    }

    fn double(&mut self, tag: u32, _name: &'static str, value: &mut Decimal) -> Passed {
        self.fixed(tag, *value);
        Ok(())
    }

    fn double_or_unset(
        &mut self,
        tag: u32,
        _name: &'static str,
        value: &mut Option<Decimal>,
    ) -> Passed {
        if let Some(value) = value {
            self.fixed(tag, *value);
        }
        Ok(())
    }

    fn double_or_infinite(&mut self, tag: u32, _name: &'static str, value: &mut Number) -> Passed {
        match value {
            Number::Unset => {}
            Number::Value(value) => self.fixed(tag, *value),
            Number::Infinite => {
                self.key(tag, FIXED64);
                self.payload.extend_from_slice(&f64::INFINITY.to_le_bytes());
            }
        }
        Ok(())
    }

    fn amount(&mut self, tag: u32, _name: &'static str, value: &mut Decimal) -> Passed {
        self.bytes(tag, value.normalize().to_string().as_bytes());
        Ok(())
    }

    fn nested<L: Layout>(&mut self, tag: u32, _name: &'static str, value: &mut L) -> Passed {
        let mut inner = Self::new(self.version);
        value.lay(&mut inner)?;
        self.bytes(tag, &inner.payload);
        Ok(())
    }

    fn list<L: Layout + Default>(
        &mut self,
        tag: u32,
        name: &'static str,
        values: &mut Vec<L>,
    ) -> Passed {
        values.iter_mut().try_for_each(|value| self.nested(tag, name, value))
    }

    fn words(&mut self, tag: u32, _name: &'static str, values: &mut Vec<String>) -> Passed {
        values.iter().for_each(|value| self.bytes(tag, value.as_bytes()));
        Ok(())
    }

    fn ints(&mut self, tag: u32, _name: &'static str, values: &mut Vec<i32>) -> Passed {
        values.iter().for_each(|value| self.number(tag, i64::from(*value)));
        Ok(())
    }

    fn doubles(&mut self, tag: u32, _name: &'static str, values: &mut Vec<Decimal>) -> Passed {
        values.iter().for_each(|value| self.fixed(tag, *value));
        Ok(())
    }

    fn options(&mut self, tag: u32, name: &'static str, values: &mut Vec<TagValue>) -> Passed {
        self.list(tag, name, values)
    }
}
