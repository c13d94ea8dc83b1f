//! One description per message, four codecs: each message states its fields once, and a pass over
//! that statement reads or writes the text form or the protobuf form.
//!
//! Reading is strict in both forms: a field that is missing, left over, repeated, of an unknown
//! tag or of a wrong wire type is an error. It must never know what a message is for. Called by
//! the messages of `request` and `answer` that carry no order; orders have their own, richer
//! codec.

mod contract;
mod source;
mod text;
mod wire;

use gatehouse_types::Decimal;

pub use contract::{DeltaNeutral, Leg, WireContract};

use crate::number::NumberError;
use crate::text::{Number, TextError};
use crate::{Form, Head, HeadError, ServerVersion};

/// Most things that one list may hold, so that a count cannot ask for more memory than its frame
/// can fill.
const LIST_MAX: usize = 1_000_000;

/// Why a message cannot be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// The layouts of this version are not known; those of 157 to 226 are.
    #[error("the layouts of server version {version} are not known")]
    Version { version: ServerVersion },
    /// The body has no readable id.
    #[error("reading the head of a message")]
    Head(#[source] HeadError),
    /// The body holds another message than the one asked for.
    #[error("message {found} stands where message {expected} was expected")]
    OtherMessage { expected: i32, found: i32 },
    /// The payload is in the other form than its version prescribes.
    #[error("message {id} is not written in the form of server version {version}")]
    OtherForm { id: i32, version: ServerVersion },
    /// A text field.
    #[error("reading message {id}")]
    Text {
        id: i32,
        #[source]
        source: TextError,
    },
    /// A protobuf field.
    #[error("reading message {id}")]
    Wire {
        id: i32,
        #[source]
        source: WireError,
    },
}

/// Why a field cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FieldError {
    #[error(transparent)]
    Text(#[from] TextError),
    #[error(transparent)]
    Wire(#[from] WireError),
}

/// Why a protobuf payload cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// A varint, a fixed number or a length runs over the end.
    #[error("the payload ends inside a field")]
    Truncated,
    /// A varint of more than ten bytes, a group, or tag 0.
    #[error("the payload is not protobuf")]
    Malformed,
    /// The layout has no such tag here.
    #[error("tag {tag} is unknown")]
    UnknownTag { tag: u32 },
    /// A field that may stand once stands again.
    #[error("field {name} is repeated")]
    Repeated { name: &'static str },
    /// The wire type is not the one of the field.
    #[error("field {name} has the wrong wire type")]
    WrongType { name: &'static str },
    /// The number does not fit the field.
    #[error("field {name} is out of range")]
    OutOfRange { name: &'static str },
    /// The bytes of a text are not UTF-8, or a decimal text is not a decimal.
    #[error("field {name} cannot be read")]
    Unreadable { name: &'static str },
    /// A double that no decimal holds.
    #[error("field {name} is not a number that can be held exactly")]
    NotExact {
        name: &'static str,
        #[source]
        source: NumberError,
    },
}

/// What a pass gives back.
pub(crate) type Passed = Result<(), FieldError>;

/// The id by which a client tells the answers to its requests apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ReqId(i32);

impl ReqId {
    /// Makes the id.
    #[must_use]
    pub const fn new(value: i32) -> Self {
        Self(value)
    }

    /// Returns the number.
    #[must_use]
    pub const fn get(self) -> i32 {
        self.0
    }
}

impl std::fmt::Display for ReqId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// An option or an attribute as the wire carries it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TagValue {
    pub tag: String,
    pub value: String,
}

/// One walk over the fields of a message, reading or writing one of the two forms.
///
/// `tag` counts only in protobuf, `name` only in errors, and the order of the calls only in text.
/// What a protobuf payload leaves out keeps the value it had, the default.
pub(crate) trait Pass: Sized {
    fn version(&self) -> ServerVersion;
    fn form(&self) -> Form;
    fn is_writing(&self) -> bool;

    fn int(&mut self, tag: u32, name: &'static str, value: &mut i32) -> Passed;
    /// A whole number that may be "not set".
    fn int_or_unset(&mut self, tag: u32, name: &'static str, value: &mut Option<i32>) -> Passed;
    fn long(&mut self, tag: u32, name: &'static str, value: &mut i64) -> Passed;
    fn flag(&mut self, tag: u32, name: &'static str, value: &mut bool) -> Passed;
    fn text(&mut self, tag: u32, name: &'static str, value: &mut String) -> Passed;
    /// A decimal that protobuf carries as a double.
    fn double(&mut self, tag: u32, name: &'static str, value: &mut Decimal) -> Passed;
    /// A decimal that protobuf carries as a double and that may be "not set".
    fn double_or_unset(
        &mut self,
        tag: u32,
        name: &'static str,
        value: &mut Option<Decimal>,
    ) -> Passed;
    /// A decimal that protobuf carries as a double and that may also be infinite.
    fn double_or_infinite(&mut self, tag: u32, name: &'static str, value: &mut Number) -> Passed;
    /// A decimal that protobuf carries as a text.
    fn amount(&mut self, tag: u32, name: &'static str, value: &mut Decimal) -> Passed;
    /// A message inside this one; in text its fields stand in line.
    fn nested<L: Layout>(&mut self, tag: u32, name: &'static str, value: &mut L) -> Passed;
    /// Messages inside this one; in text their count stands in front.
    fn list<L: Layout + Default>(
        &mut self,
        tag: u32,
        name: &'static str,
        values: &mut Vec<L>,
    ) -> Passed;
    /// Texts; in text their count stands in front.
    fn words(&mut self, tag: u32, name: &'static str, values: &mut Vec<String>) -> Passed;
    /// Whole numbers; in text their count stands in front.
    fn ints(&mut self, tag: u32, name: &'static str, values: &mut Vec<i32>) -> Passed;
    /// Decimals that protobuf carries as doubles; in text their count stands in front.
    fn doubles(&mut self, tag: u32, name: &'static str, values: &mut Vec<Decimal>) -> Passed;
    /// Options: a map in protobuf, one `tag=value;tag=value;` field in text.
    fn options(&mut self, tag: u32, name: &'static str, values: &mut Vec<TagValue>) -> Passed;

    fn req_id(&mut self, tag: u32, value: &mut ReqId) -> Passed {
        self.int(tag, "reqId", &mut value.0)
    }

    /// The version of a message's own text layout; protobuf has none.
    fn layout_version(&mut self, number: i32) -> Passed {
        self.text_int("version", number, &mut 0)
    }

    /// A field that only text has: `written` is what a writer puts there.
    fn text_int(&mut self, name: &'static str, written: i32, read: &mut i32) -> Passed {
        if self.form() == Form::Text {
            *read = written;
            self.int(0, name, read)?;
        }
        Ok(())
    }

    /// An empty field that only text has, whose value nobody uses.
    fn text_empty(&mut self, name: &'static str, n_fields: usize) -> Passed {
        if self.form() == Form::Text {
            for _ in 0..n_fields {
                self.text(0, name, &mut String::new())?;
            }
        }
        Ok(())
    }

    fn is_text(&self) -> bool {
        self.form() == Form::Text
    }
}

/// A message, or a part of one, that states its fields.
pub(crate) trait Layout: Clone {
    /// Whether the text form has its fields in the order of their tags and no list among them. Such
    /// a message is read without being taken apart first.
    const IN_TAG_ORDER: bool = false;

    /// Walks over every field, in the order of the text form.
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed;
}

impl Layout for TagValue {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        pass.text(1, "tag", &mut self.tag)?;
        pass.text(2, "value", &mut self.value)
    }
}

/// Which message a body holds, and when it changed its form.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) id: i32,
    /// Server version from which it is written in protobuf.
    pub(crate) protobuf_since: i32,
    /// Whether both forms are read at versions that mix them, 201 to 212.
    pub(crate) takes_both: bool,
}

impl Kind {
    fn form(self, version: ServerVersion) -> Result<Form, LayoutError> {
        if version.is_understood() {
            Ok(version.form(self.protobuf_since))
        } else {
            Err(LayoutError::Version { version })
        }
    }

    fn takes(self, form: Form, version: ServerVersion) -> Result<bool, LayoutError> {
        let is_mixed = version.has(ServerVersion::RAW_IDS.get())
            && !version.has(ServerVersion::ALL_PROTOBUF.get());
        Ok(self.form(version)? == form || (self.takes_both && is_mixed))
    }
}

/// Splits a body and checks that it holds a message of `kind` in a form of its version.
pub(crate) fn split(
    kind: Kind,
    version: ServerVersion,
    body: &[u8],
) -> Result<Head<'_>, LayoutError> {
    if !version.is_understood() {
        return Err(LayoutError::Version { version });
    }
    let head = Head::split(version, body).map_err(LayoutError::Head)?;
    if head.id != kind.id {
        return Err(LayoutError::OtherMessage { expected: kind.id, found: head.id });
    }
    if !kind.takes(head.form, version)? {
        return Err(LayoutError::OtherForm { id: head.id, version });
    }
    Ok(head)
}

/// Reads the payload behind `head` to its last field into a `value` of which nothing is set.
fn read_into<L: Layout + Default>(
    version: ServerVersion,
    head: Head<'_>,
    value: &mut L,
) -> Result<(), LayoutError> {
    if L::IN_TAG_ORDER && head.form == Form::Protobuf {
        let mut pass = wire::WireRead::stream(version, head.payload);
        if value.lay(&mut pass).and_then(|()| pass.finish()).is_ok() {
            return Ok(());
        }
        // Legal in another order, or wrong: the patient way says which.
        *value = L::default();
    }
    let read = match head.form {
        Form::Text => {
            let mut pass = text::TextRead::new(version, head.payload);
            value.lay(&mut pass).and_then(|()| pass.finish())
        }
        Form::Protobuf => wire::WireRead::new(version, head.payload)
            .map_err(FieldError::from)
            .and_then(|mut pass| value.lay(&mut pass).and_then(|()| pass.finish())),
    };
    read.map_err(|error| match error {
        FieldError::Text(source) => LayoutError::Text { id: head.id, source },
        FieldError::Wire(source) => LayoutError::Wire { id: head.id, source },
    })
}

/// Reads the payload behind `head` to its last field.
pub(crate) fn read<L: Layout + Default>(
    version: ServerVersion,
    head: Head<'_>,
) -> Result<L, LayoutError> {
    let mut value = L::default();
    read_into(version, head, &mut value)?;
    Ok(value)
}

/// Reads a body that must hold a message of `kind` into a `value` of which nothing is set: the
/// way of messages so large that moving them costs more than a field.
pub(crate) fn read_body_into<L: Layout + Default>(
    kind: Kind,
    version: ServerVersion,
    body: &[u8],
    value: &mut L,
) -> Result<(), LayoutError> {
    read_into(version, split(kind, version, body)?, value)
}

/// Reads a body that must hold a message of `kind`.
pub(crate) fn read_body<L: Layout + Default>(
    kind: Kind,
    version: ServerVersion,
    body: &[u8],
) -> Result<L, LayoutError> {
    read(version, split(kind, version, body)?)
}

/// Returns the first text field, or protobuf field `tag`, as a number, from a body that need not be
/// understood as a whole.
pub(crate) fn peek_int(version: ServerVersion, body: &[u8], tag: u32) -> Option<i32> {
    let head = Head::split(version, body).ok()?;
    match head.form {
        Form::Text => crate::text::Fields::new(head.payload).int("first").ok(),
        Form::Protobuf => {
            let mut number = i32::MAX;
            let mut pass = wire::WireRead::new(version, head.payload).ok()?;
            pass.int(tag, "first", &mut number).ok()?;
            Some(number).filter(|number| *number != i32::MAX)
        }
    }
}

/// Returns the body of a message of `kind`.
pub(crate) fn write_body<L: Layout>(
    kind: Kind,
    version: ServerVersion,
    value: &L,
) -> Result<Vec<u8>, LayoutError> {
    write_as(kind.id, kind.form(version)?, version, value)
}

/// Reads a body that must hold message `id` in `form`, at versions that are not understood too.
pub(crate) fn read_as<L: Layout + Default>(
    id: i32,
    form: Form,
    version: ServerVersion,
    body: &[u8],
) -> Result<L, LayoutError> {
    let head = Head::split(version, body).map_err(LayoutError::Head)?;
    if head.id != id {
        return Err(LayoutError::OtherMessage { expected: id, found: head.id });
    }
    if head.form != form {
        return Err(LayoutError::OtherForm { id, version });
    }
    read(version, head)
}

/// Returns the body of message `id` in `form`, at versions that are not understood too.
pub(crate) fn write_as<L: Layout>(
    id: i32,
    form: Form,
    version: ServerVersion,
    value: &L,
) -> Result<Vec<u8>, LayoutError> {
    let mut value = value.clone();
    let payload = match form {
        Form::Text => {
            let mut pass = text::TextWrite::new(version);
            value.lay(&mut pass).map(|()| pass.into_payload())
        }
        Form::Protobuf => {
            let mut pass = wire::WireWrite::new(version);
            value.lay(&mut pass).map(|()| pass.into_payload())
        }
    };
    let payload = match payload {
        Ok(payload) => payload,
        Err(FieldError::Text(source)) => return Err(LayoutError::Text { id, source }),
        Err(FieldError::Wire(source)) => return Err(LayoutError::Wire { id, source }),
    };
    Head { id, form, payload: &payload }.join(version).map_err(LayoutError::Head)
}
