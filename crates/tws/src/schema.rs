//! A strict walk over protobuf bytes, before prost reads them.
//!
//! prost drops unknown tags and lets a repeated field win silently; an order may hide in either.
//! The tables come from the same declaration as the structs (`message!`), so they cannot drift.

use crate::ServerVersion;

/// Type of one field.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    Int32,
    Int64,
    Bool,
    Double,
    Text,
    /// A map from text to text.
    Map,
    Message(&'static Schema),
}

/// One field of a message.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub tag: u32,
    pub name: &'static str,
    pub kind: Kind,
    /// May come more than once.
    pub repeated: bool,
    /// The server version that brought it; unknown before.
    pub since: i32,
}

/// One message type.
#[derive(Debug)]
pub struct Schema {
    pub name: &'static str,
    pub fields: &'static [Field],
}

/// A message with its table.
pub trait Described: prost::Message + Default {
    /// The table of its fields.
    const SCHEMA: &'static Schema;
}

/// Why protobuf bytes are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// A tag that the version does not have.
    #[error("{message} has no field {tag}")]
    UnknownTag { message: &'static str, tag: u64 },
    /// A field that may come once came again.
    #[error("{message}.{field} comes twice")]
    Repeated { message: &'static str, field: &'static str },
    /// A wire type that is not that of the field; groups included.
    #[error("{message}.{field} has wire type {wire_type}")]
    WireType { message: &'static str, field: &'static str, wire_type: u64 },
    /// Bytes end inside a field.
    #[error("{message} is cut off")]
    Truncated { message: &'static str },
    /// A varint that is too long, not minimal, or out of the range of its type.
    #[error("{message} holds an impossible number")]
    Varint { message: &'static str },
    /// A text that is not UTF-8.
    #[error("{message}.{field} is not text")]
    NotText { message: &'static str, field: &'static str },
    /// The walk passed and prost still refused.
    #[error("{message} cannot be decoded")]
    Decode {
        message: &'static str,
        #[source]
        source: prost::DecodeError,
    },
}

/// Walks `bytes`, then decodes them.
///
/// # Errors
/// The bytes are not exactly one message of this type at this version.
pub fn decode<M: Described>(version: ServerVersion, bytes: &[u8]) -> Result<M, SchemaError> {
    walk(M::SCHEMA, version, bytes)?;
    M::decode(bytes).map_err(|source| SchemaError::Decode { message: M::SCHEMA.name, source })
}

/// Checks that `bytes` hold nothing but known fields of `schema`, each as it should be.
///
/// # Errors
/// The first thing that is not.
pub fn walk(schema: &Schema, version: ServerVersion, bytes: &[u8]) -> Result<(), SchemaError> {
    let mut cursor = Cursor { rest: bytes, message: schema.name };
    let mut seen: Vec<u32> = Vec::new();
    while !cursor.rest.is_empty() {
        let key = cursor.varint()?;
        let (tag, wire_type) = (key >> 3, key & 7);
        let field = schema
            .fields
            .iter()
            .find(|field| u64::from(field.tag) == tag && version.has(field.since))
            .ok_or(SchemaError::UnknownTag { message: schema.name, tag })?;
        if !field.repeated {
            if seen.contains(&field.tag) {
                return Err(SchemaError::Repeated { message: schema.name, field: field.name });
            }
            seen.push(field.tag);
        }
        if wire_type != field.kind.wire_type() {
            return Err(SchemaError::WireType {
                message: schema.name,
                field: field.name,
                wire_type,
            });
        }
        cursor.value(field, version)?;
    }
    Ok(())
}

static MAP_ENTRY: Schema = Schema {
    name: "map entry",
    fields: &[
        Field { tag: 1, name: "key", kind: Kind::Text, repeated: false, since: 0 },
        Field { tag: 2, name: "value", kind: Kind::Text, repeated: false, since: 0 },
    ],
};

impl Kind {
    const fn wire_type(self) -> u64 {
        match self {
            Self::Int32 | Self::Int64 | Self::Bool => 0,
            Self::Double => 1,
            Self::Text | Self::Map | Self::Message(_) => 2,
        }
    }
}

struct Cursor<'a> {
    rest: &'a [u8],
    message: &'static str,
}

impl<'a> Cursor<'a> {
    fn varint(&mut self) -> Result<u64, SchemaError> {
        let impossible = SchemaError::Varint { message: self.message };
        let mut value: u64 = 0;
        for shift in (0..70).step_by(7) {
            let (byte, rest) =
                self.rest.split_first().ok_or(SchemaError::Truncated { message: self.message })?;
            self.rest = rest;
            let bits = u64::from(byte & 0x7F);
            if shift == 63 && bits > 1 {
                return Err(impossible);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                let is_minimal = *byte != 0 || shift == 0;
                return if is_minimal { Ok(value) } else { Err(impossible) };
            }
        }
        Err(impossible)
    }

    fn take(&mut self, n_bytes: usize) -> Result<&'a [u8], SchemaError> {
        let (taken, rest) = self
            .rest
            .split_at_checked(n_bytes)
            .ok_or(SchemaError::Truncated { message: self.message })?;
        self.rest = rest;
        Ok(taken)
    }

    fn delimited(&mut self) -> Result<&'a [u8], SchemaError> {
        let length = self.varint()?;
        let n_bytes = usize::try_from(length)
            .map_err(|_| SchemaError::Truncated { message: self.message })?;
        self.take(n_bytes)
    }

    fn value(&mut self, field: &Field, version: ServerVersion) -> Result<(), SchemaError> {
        let impossible = SchemaError::Varint { message: self.message };
        match field.kind {
            Kind::Int64 => self.varint().map(|_| ()),
            Kind::Int32 => {
                let value = self.varint()?.cast_signed();
                i32::try_from(value).map(|_| ()).map_err(|_| impossible)
            }
            Kind::Bool => {
                if self.varint()? > 1 {
                    Err(impossible)
                } else {
                    Ok(())
                }
            }
            Kind::Double => self.take(8).map(|_| ()),
            Kind::Text => {
                let message = self.message;
                std::str::from_utf8(self.delimited()?)
                    .map(|_| ())
                    .map_err(|_| SchemaError::NotText { message, field: field.name })
            }
            Kind::Map => walk(&MAP_ENTRY, version, self.delimited()?),
            Kind::Message(schema) => walk(schema, version, self.delimited()?),
        }
    }
}
