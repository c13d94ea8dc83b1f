//! The passes over the text form.

use gatehouse_types::Decimal;

use super::{FieldError, LIST_MAX, Layout, Pass, Passed, TagValue};
use crate::text::{Fields, Number, TextError, TextWriter};
use crate::{Form, ServerVersion};

/// Reads text fields in order.
pub(super) struct TextRead<'a> {
    version: ServerVersion,
    fields: Fields<'a>,
}

impl<'a> TextRead<'a> {
    pub(super) const fn new(version: ServerVersion, payload: &'a [u8]) -> Self {
        Self { version, fields: Fields::new(payload) }
    }

    pub(super) fn finish(self) -> Passed {
        self.fields.finish().map_err(FieldError::Text)
    }
}

impl Pass for TextRead<'_> {
    fn is_writing(&self) -> bool {
        false
    }

    fn version(&self) -> ServerVersion {
        self.version
    }

    fn form(&self) -> Form {
        Form::Text
    }

    fn int(&mut self, _tag: u32, name: &'static str, value: &mut i32) -> Passed {
        *value = self.fields.int_or_unset(name)?.unwrap_or_default();
        Ok(())
    }

    fn int_or_unset(&mut self, _tag: u32, name: &'static str, value: &mut Option<i32>) -> Passed {
        *value = self.fields.int_or_unset(name)?;
        Ok(())
    }

    fn long(&mut self, _tag: u32, name: &'static str, value: &mut i64) -> Passed {
        *value = self.fields.long(name)?;
        Ok(())
    }

    fn flag(&mut self, _tag: u32, name: &'static str, value: &mut bool) -> Passed {
        *value = self.fields.flag_or_unset(name)?.unwrap_or_default();
        Ok(())
    }

    fn text(&mut self, _tag: u32, name: &'static str, value: &mut String) -> Passed {
        *value = self.fields.string(name)?;
        Ok(())
    }

    fn double(&mut self, _tag: u32, name: &'static str, value: &mut Decimal) -> Passed {
        *value = self.fields.decimal(name)?.unwrap_or_default();
        Ok(())
    }

    fn double_or_unset(
        &mut self,
        _tag: u32,
        name: &'static str,
        value: &mut Option<Decimal>,
    ) -> Passed {
        *value = self.fields.decimal(name)?;
        Ok(())
    }

    fn double_or_infinite(&mut self, _tag: u32, name: &'static str, value: &mut Number) -> Passed {
        *value = self.fields.number(name)?;
        Ok(())
    }

    fn amount(&mut self, tag: u32, name: &'static str, value: &mut Decimal) -> Passed {
        self.double(tag, name, value)
    }

    fn nested<L: Layout>(&mut self, _tag: u32, _name: &'static str, value: &mut L) -> Passed {
        value.lay(self)
    }

    fn list<L: Layout + Default>(
        &mut self,
        _tag: u32,
        name: &'static str,
        values: &mut Vec<L>,
    ) -> Passed {
        let n_values = self.fields.count(name, LIST_MAX)?;
        values.clear();
        for _ in 0..n_values {
            let mut value = L::default();
            value.lay(self)?;
            values.push(value);
        }
        Ok(())
    }

    fn words(&mut self, _tag: u32, name: &'static str, values: &mut Vec<String>) -> Passed {
        let n_values = self.fields.count(name, LIST_MAX)?;
        *values = (0..n_values).map(|_| self.fields.string(name)).collect::<Result<_, _>>()?;
        Ok(())
    }

    fn ints(&mut self, _tag: u32, name: &'static str, values: &mut Vec<i32>) -> Passed {
        let n_values = self.fields.count(name, LIST_MAX)?;
        *values = (0..n_values).map(|_| self.fields.int(name)).collect::<Result<_, _>>()?;
        Ok(())
    }

    fn doubles(&mut self, _tag: u32, name: &'static str, values: &mut Vec<Decimal>) -> Passed {
        let n_values = self.fields.count(name, LIST_MAX)?;
        *values = (0..n_values)
            .map(|_| Ok(self.fields.decimal(name)?.unwrap_or_default()))
            .collect::<Result<_, TextError>>()?;
        Ok(())
    }

    fn options(&mut self, _tag: u32, name: &'static str, values: &mut Vec<TagValue>) -> Passed {
        let joined = self.fields.text(name)?;
        *values = joined
            .split_terminator(';')
            .map(|pair| match pair.split_once('=') {
                Some((tag, value)) => Ok(TagValue { tag: tag.to_owned(), value: value.to_owned() }),
                None => Err(TextError::NotText { name }),
            })
            .collect::<Result<_, _>>()?;
        Ok(())
    }
}

/// Writes text fields in order.
pub(super) struct TextWrite {
    version: ServerVersion,
    fields: TextWriter,
}

impl TextWrite {
    pub(super) fn new(version: ServerVersion) -> Self {
        Self { version, fields: TextWriter::new() }
    }

    pub(super) fn into_payload(self) -> Vec<u8> {
        self.fields.into_payload()
    }
}

impl Pass for TextWrite {
    fn is_writing(&self) -> bool {
        true
    }

    fn version(&self) -> ServerVersion {
        self.version
    }

    fn form(&self) -> Form {
        Form::Text
    }

    fn int(&mut self, _tag: u32, _name: &'static str, value: &mut i32) -> Passed {
        self.fields.int(*value);
        Ok(())
    }

    fn int_or_unset(&mut self, _tag: u32, _name: &'static str, value: &mut Option<i32>) -> Passed {
        self.fields.int(value.unwrap_or(i32::MAX));
        Ok(())
    }

    fn long(&mut self, _tag: u32, _name: &'static str, value: &mut i64) -> Passed {
        self.fields.int(*value);
        Ok(())
    }

    fn flag(&mut self, _tag: u32, _name: &'static str, value: &mut bool) -> Passed {
        self.fields.flag(*value);
        Ok(())
    }

    fn text(&mut self, _tag: u32, _name: &'static str, value: &mut String) -> Passed {
        self.fields.text(value);
        Ok(())
    }

    fn double(&mut self, _tag: u32, _name: &'static str, value: &mut Decimal) -> Passed {
        self.fields.decimal(*value);
        Ok(())
    }

    fn double_or_unset(
        &mut self,
        _tag: u32,
        _name: &'static str,
        value: &mut Option<Decimal>,
    ) -> Passed {
        self.fields.decimal_or_max(*value);
        Ok(())
    }

    fn double_or_infinite(&mut self, _tag: u32, _name: &'static str, value: &mut Number) -> Passed {
        match value {
            Number::Unset => self.fields.decimal_or_max(None),
            Number::Value(value) => self.fields.decimal(*value),
            Number::Infinite => self.fields.text("Infinity"),
        };
        Ok(())
    }

    fn amount(&mut self, _tag: u32, _name: &'static str, value: &mut Decimal) -> Passed {
        self.fields.decimal(*value);
        Ok(())
    }

    fn nested<L: Layout>(&mut self, _tag: u32, _name: &'static str, value: &mut L) -> Passed {
        value.lay(self)
    }

    fn list<L: Layout + Default>(
        &mut self,
        _tag: u32,
        _name: &'static str,
        values: &mut Vec<L>,
    ) -> Passed {
        self.fields.text(&values.len().to_string());
        values.iter_mut().try_for_each(|value| value.lay(self))
    }

    fn words(&mut self, _tag: u32, _name: &'static str, values: &mut Vec<String>) -> Passed {
        self.fields.text(&values.len().to_string());
        values.iter().for_each(|value| {
            self.fields.text(value);
        });
        Ok(())
    }

    fn ints(&mut self, _tag: u32, _name: &'static str, values: &mut Vec<i32>) -> Passed {
        self.fields.text(&values.len().to_string());
        values.iter().for_each(|value| {
            self.fields.int(*value);
        });
        Ok(())
    }

    fn doubles(&mut self, _tag: u32, _name: &'static str, values: &mut Vec<Decimal>) -> Passed {
        self.fields.text(&values.len().to_string());
        values.iter().for_each(|value| {
            self.fields.decimal(*value);
        });
        Ok(())
    }

    fn options(&mut self, _tag: u32, _name: &'static str, values: &mut Vec<TagValue>) -> Passed {
        let joined: String =
            values.iter().map(|pair| format!("{}={};", pair.tag, pair.value)).collect();
        self.fields.text(&joined);
        Ok(())
    }
}
