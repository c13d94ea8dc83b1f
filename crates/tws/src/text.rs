//! Text payloads: fields that each end in a NUL.
//!
//! The reader is strict: one grammar for numbers, no field missing, none left over. Called by the
//! decoders and encoders of requests and answers.

use std::io::Write as _;

use rust_decimal::Decimal;

use crate::number;

/// Why a text payload cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// The payload ends where a field should be.
    #[error("field {name} is missing")]
    Missing { name: &'static str },
    /// A field without its final NUL.
    #[error("field {name} does not end")]
    Unterminated { name: &'static str },
    /// Fields after the last one of the layout.
    #[error("{n_bytes} bytes are left over after the last field")]
    LeftOver { n_bytes: usize },
    /// The bytes of a field are not UTF-8.
    #[error("field {name} is not text")]
    NotText { name: &'static str },
    /// A number that is not in the grammar, or not in the range.
    #[error("field {name} holds {value:?}, which is not {expected}")]
    NotNumber { name: &'static str, value: String, expected: &'static str },
}

/// The largest double as a whole field, as a Gateway writes most numbers of an order: "not set".
const UNSET_FIELD: &[u8] = b"1.7976931348623157E308\0";

/// Reads fields one after the other.
#[derive(Debug, Clone)]
pub struct Fields<'a> {
    rest: &'a [u8],
}

/// A double as clients write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// Empty, or the largest double, which clients send for "not set".
    Unset,
    Value(Decimal),
    Infinite,
}

impl<'a> Fields<'a> {
    /// Makes a reader over a payload.
    #[must_use]
    pub const fn new(payload: &'a [u8]) -> Self {
        Self { rest: payload }
    }

    /// Returns whether every field was read.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Returns the bytes of the next field without its NUL.
    ///
    /// # Errors
    /// There is no next field, or it does not end.
    pub fn raw(&mut self, name: &'static str) -> Result<&'a [u8], TextError> {
        if self.rest.is_empty() {
            return Err(TextError::Missing { name });
        }
        let end =
            self.rest.iter().position(|byte| *byte == 0).ok_or(TextError::Unterminated { name })?;
        let (field, rest) = self.rest.split_at(end);
        self.rest = rest.get(1..).unwrap_or_default();
        Ok(field)
    }

    /// Returns the next field as text.
    ///
    /// # Errors
    /// It is missing or not UTF-8.
    pub fn text(&mut self, name: &'static str) -> Result<&'a str, TextError> {
        match self.raw(name)? {
            // Most fields of an order say nothing.
            [] => Ok(""),
            field => std::str::from_utf8(field).map_err(|_| TextError::NotText { name }),
        }
    }

    /// Returns the next field as an owned text.
    ///
    /// # Errors
    /// It is missing or not UTF-8.
    pub fn string(&mut self, name: &'static str) -> Result<String, TextError> {
        self.text(name).map(str::to_owned)
    }

    /// Returns the next field as text for a person, with what is not UTF-8 replaced.
    ///
    /// # Errors
    /// It is missing.
    pub fn prose(&mut self, name: &'static str) -> Result<String, TextError> {
        self.raw(name).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    /// Reads over the next field.
    ///
    /// # Errors
    /// It is missing.
    pub fn skip(&mut self, name: &'static str) -> Result<(), TextError> {
        self.raw(name).map(|_| ())
    }

    /// Reads over `n_fields` fields.
    ///
    /// # Errors
    /// One is missing.
    pub fn skip_many(&mut self, name: &'static str, n_fields: usize) -> Result<(), TextError> {
        (0..n_fields).try_for_each(|_| self.skip(name))
    }

    /// Returns the next field as a number of 64 bits.
    ///
    /// # Errors
    /// It is missing, not digits with an optional minus, or out of range.
    pub fn long(&mut self, name: &'static str) -> Result<i64, TextError> {
        let value = self.raw(name)?;
        integer(value).ok_or_else(|| not_number(name, value, "a whole number"))
    }

    /// Returns the next field as a number of 32 bits.
    ///
    /// # Errors
    /// It is missing, not digits with an optional minus, or out of range.
    pub fn int(&mut self, name: &'static str) -> Result<i32, TextError> {
        let value = self.raw(name)?;
        integer(value).ok_or_else(|| not_number(name, value, "a whole number of 32 bits"))
    }

    /// Returns the next field as a number of 32 bits; empty and the largest one are `None`.
    ///
    /// # Errors
    /// It is missing, not digits with an optional minus, or out of range.
    pub fn int_or_unset(&mut self, name: &'static str) -> Result<Option<i32>, TextError> {
        let value = self.raw(name)?;
        if value.is_empty() {
            return Ok(None);
        }
        let number: i32 =
            integer(value).ok_or_else(|| not_number(name, value, "a whole number of 32 bits"))?;
        Ok((number != i32::MAX).then_some(number))
    }

    /// Returns the next field as a count of things that follow, at most `max`.
    ///
    /// # Errors
    /// It is missing, not a whole number, negative or above `max`.
    pub fn count(&mut self, name: &'static str, max: usize) -> Result<usize, TextError> {
        let value = self.raw(name)?;
        if value.is_empty() {
            return Ok(0);
        }
        integer(value)
            .filter(|count| *count <= max && !value.starts_with(b"-"))
            .ok_or_else(|| not_number(name, value, "a count"))
    }

    /// Returns the next field as a yes or no.
    ///
    /// # Errors
    /// It is missing or neither `1` nor `0`.
    pub fn flag(&mut self, name: &'static str) -> Result<bool, TextError> {
        match self.raw(name)? {
            b"1" => Ok(true),
            b"0" => Ok(false),
            value => Err(not_number(name, value, "0 or 1")),
        }
    }

    /// Returns the next field as a yes or no; empty is `None`.
    ///
    /// # Errors
    /// It is missing or neither `1`, `0` nor empty.
    pub fn flag_or_unset(&mut self, name: &'static str) -> Result<Option<bool>, TextError> {
        match self.raw(name)? {
            b"1" => Ok(Some(true)),
            b"0" => Ok(Some(false)),
            b"" => Ok(None),
            value => Err(not_number(name, value, "0, 1 or empty")),
        }
    }

    /// Returns the next field as a double in any of its spellings.
    ///
    /// # Errors
    /// It is missing or not in the grammar.
    pub fn number(&mut self, name: &'static str) -> Result<Number, TextError> {
        if let Some(rest) = self.rest.strip_prefix(UNSET_FIELD) {
            self.rest = rest;
            return Ok(Number::Unset);
        }
        let value = self.raw(name)?;
        number_of(value).ok_or_else(|| not_number(name, value, "a decimal number"))
    }

    /// Returns the next field as an exact decimal; "not set" is `None`.
    ///
    /// # Errors
    /// It is missing, infinite or not in the grammar.
    pub fn decimal(&mut self, name: &'static str) -> Result<Option<Decimal>, TextError> {
        let mut from = self.clone();
        match self.number(name)? {
            Number::Unset => Ok(None),
            Number::Value(decimal) => Ok(Some(decimal)),
            Number::Infinite => Err(not_number(name, from.raw(name)?, "a decimal number")),
        }
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// Something is left over.
    pub fn finish(self) -> Result<(), TextError> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(TextError::LeftOver { n_bytes: self.rest.len() })
        }
    }
}

/// What is no number need not be text either, which is then what is wrong with it.
#[cold]
fn not_number(name: &'static str, value: &[u8], expected: &'static str) -> TextError {
    match std::str::from_utf8(value) {
        Ok(text) => TextError::NotNumber { name, value: text.chars().take(40).collect(), expected },
        Err(_) => TextError::NotText { name },
    }
}

/// Digits with an optional minus, no leading zero: what every client writes.
fn integer<T: TryFrom<i64>>(text: &[u8]) -> Option<T> {
    let (is_negative, digits) = sign(text);
    if digits.len() > SHORT_MAX {
        return long_integer(text).and_then(|value| T::try_from(value).ok());
    }
    if digits.is_empty() || (digits.len() > 1 && digits.first() == Some(&b'0')) {
        return None;
    }
    let mut value = 0_i64;
    for byte in digits {
        value = value * 10 + i64::from(digit(*byte)?);
    }
    T::try_from(if is_negative { -value } else { value }).ok()
}

fn long_integer(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    is_whole(text.strip_prefix('-').unwrap_or(text)).then(|| text.parse().ok()).flatten()
}

fn sign(text: &[u8]) -> (bool, &[u8]) {
    match text.split_first() {
        Some((b'-', digits)) => (true, digits),
        Some(_) | None => (false, text),
    }
}

fn digit(byte: u8) -> Option<u8> {
    byte.is_ascii_digit().then(|| byte - b'0')
}

fn is_whole(digits: &str) -> bool {
    let canonical = digits == "0" || !digits.starts_with('0');
    canonical && is_digits(digits)
}

fn is_digits(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads a double: `-?digits[.digits][e[+-]digits]`, the largest double, or infinity. `None` for
/// any other spelling.
///
/// An exponent is legal because Python and JavaScript write one for very small and very large
/// numbers (`1e-05`, `1e-7`), and Java for others (`1.0E7`).
#[must_use]
pub fn parse_number(text: &str) -> Option<Number> {
    number_of(text.as_bytes())
}

/// The same, of bytes that need not be text.
pub(crate) fn number_of(bytes: &[u8]) -> Option<Number> {
    match short_number(bytes) {
        Some(decimal) => Some(Number::Value(decimal)),
        None => long_number(std::str::from_utf8(bytes).ok()?),
    }
}

fn long_number(text: &str) -> Option<Number> {
    match text {
        "" => return Some(Number::Unset),
        "Infinity" | "Infinite" | "inf" => return Some(Number::Infinite),
        _ => {}
    }
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let exponent_digits = exponent.map(|text| text.strip_prefix(['+', '-']).unwrap_or(text));
    let well_formed = is_whole(whole)
        && fraction.is_none_or(is_digits)
        && exponent_digits.is_none_or(|digits| is_digits(digits) && digits.len() <= 3);
    if !well_formed {
        return None;
    }
    if exponent.is_none() {
        return Decimal::from_str_exact(text).ok().map(|value| Number::Value(value.normalize()));
    }
    let double: f64 = text.parse().ok()?;
    if double.total_cmp(&f64::MAX).is_eq() {
        return Some(Number::Unset);
    }
    number::from_double(double).ok().map(Number::Value)
}

/// Digits of a number that is read in one go; ten times as much still fits 64 bits.
const SHORT_MAX: usize = 18;

/// Reads what most numbers are, `-?digits[.digits]` of at most eighteen digits, in one go. `None`
/// says nothing: the long way decides.
fn short_number(text: &[u8]) -> Option<Decimal> {
    let (is_negative, digits) = sign(text);
    if digits.len() > SHORT_MAX {
        return None;
    }
    let mut value = 0_i64;
    let mut point = None;
    for (at, byte) in digits.iter().enumerate() {
        match byte {
            b'0'..=b'9' => value = value * 10 + i64::from(byte - b'0'),
            b'.' if point.is_none() => point = Some(at),
            _ => return None,
        }
    }
    let n_whole = point.unwrap_or(digits.len());
    let n_fraction = point.map_or(0, |at| digits.len() - at - 1);
    let is_well_formed = (n_whole == 1 || (n_whole > 1 && digits.first() != Some(&b'0')))
        && (point.is_none() || n_fraction > 0);
    if !is_well_formed {
        return None;
    }
    let scale = u32::try_from(n_fraction).ok()?;
    Some(number::without_last_zeros(if is_negative { -value } else { value }, scale))
}

/// Writes fields one after the other.
#[derive(Debug, Default)]
pub struct TextWriter {
    bytes: Vec<u8>,
}

impl TextWriter {
    /// Makes a writer with nothing written.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a text; a NUL in it would begin another field and becomes a space.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.bytes.extend(text.bytes().map(|byte| if byte == 0 { b' ' } else { byte }));
        self.bytes.push(0);
        self
    }

    /// Writes a whole number.
    pub fn int(&mut self, value: impl Into<i64>) -> &mut Self {
        let value: i64 = value.into();
        self.shown(value)
    }

    fn shown(&mut self, value: impl std::fmt::Display) -> &mut Self {
        write!(self.bytes, "{value}\0").expect("memory takes every byte");
        self
    }

    /// Writes `1` or `0`.
    pub fn flag(&mut self, value: bool) -> &mut Self {
        self.text(if value { "1" } else { "0" })
    }

    /// Writes a decimal with all its digits.
    pub fn decimal(&mut self, value: Decimal) -> &mut Self {
        self.shown(value.normalize())
    }

    /// Writes a decimal, or an empty field for "not set".
    pub fn decimal_or_empty(&mut self, value: Option<Decimal>) -> &mut Self {
        match value {
            Some(value) => self.decimal(value),
            None => self.text(""),
        }
    }

    /// Writes a decimal, or the largest double, which clients take for "not set".
    pub fn decimal_or_max(&mut self, value: Option<Decimal>) -> &mut Self {
        match value {
            Some(value) => self.decimal(value),
            None => {
                self.bytes.extend_from_slice(UNSET_FIELD);
                self
            }
        }
    }

    /// Writes `n_fields` empty fields.
    pub fn empty(&mut self, n_fields: usize) -> &mut Self {
        self.bytes.extend(std::iter::repeat_n(0, n_fields));
        self
    }

    /// Returns the payload.
    #[must_use]
    pub fn into_payload(self) -> Vec<u8> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_double_in_the_spellings_of_real_clients() {
        let value = |text: &str| Number::Value(text.parse().expect("is a decimal"));
        for (text, number) in [
            ("", Number::Unset),
            ("1.7976931348623157E308", Number::Unset),
            ("1.7976931348623157e+308", Number::Unset),
            ("Infinity", Number::Infinite),
            ("Infinite", Number::Infinite),
            ("0", value("0")),
            ("0.0", value("0")),
            ("-37.63", value("-37.63")),
            ("100.0", value("100")),
            ("680.50", value("680.5")),
            ("-0.00", value("0")),
            ("123456789012345678.9", value("123456789012345678.9")),
            ("1e-05", value("0.00001")),
            ("1.0E7", value("10000000")),
            ("1E+2", value("100")),
        ] {
            assert_eq!(parse_number(text), Some(number), "{text:?}");
        }
    }

    #[test]
    fn refuses_any_other_spelling_of_a_number() {
        for text in [
            "1,5",
            "+1",
            "007",
            ".5",
            "5.",
            " 1",
            "1 ",
            "1e",
            "1e5000",
            "NaN",
            "nan",
            "0x10",
            "--1",
            "1.2.3",
            "-Infinity",
            "1_000",
            "1e400",
            "٣",
        ] {
            assert_eq!(parse_number(text), None, "{text:?} was taken");
        }
    }

    #[test]
    fn a_whole_number_is_digits_that_fit_and_nothing_else() {
        for (text, number) in [
            ("0", Some(0)),
            ("-0", Some(0)),
            ("-17", Some(-17)),
            ("999999999999999999", Some(999_999_999_999_999_999)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", None),
            ("00", None),
            ("01", None),
            ("-", None),
            ("", None),
            ("+1", None),
            ("1.0", None),
            ("1 ", None),
            ("0000000000000000000001", None),
        ] {
            let field = [text.as_bytes(), b"\0"].concat();
            assert_eq!(Fields::new(&field).long("a").ok(), number, "{text:?}");
            let narrow = number.and_then(|number| i32::try_from(number).ok());
            assert_eq!(Fields::new(&field).int("a").ok(), narrow, "{text:?}");
        }
        assert_eq!(Fields::new(b"\xff\0").long("a"), Err(TextError::NotText { name: "a" }));
        for (field, count) in [(&b"\0"[..], Some(0)), (b"3\0", Some(3)), (b"4\0", None)] {
            assert_eq!(Fields::new(field).count("a", 3).ok(), count, "{field:?}");
        }
        assert!(Fields::new(b"-0\0").count("a", 3).is_err());
    }

    #[test]
    fn refuses_a_payload_with_a_field_missing_or_left_over() {
        let mut fields = Fields::new(b"1\x002\0");
        assert_eq!(fields.int("a"), Ok(1));
        assert_eq!(fields.clone().finish(), Err(TextError::LeftOver { n_bytes: 2 }));
        assert_eq!(fields.int("b"), Ok(2));
        assert_eq!(fields.int("c"), Err(TextError::Missing { name: "c" }));
        assert_eq!(Fields::new(b"1").int("a"), Err(TextError::Unterminated { name: "a" }));
    }

    #[test]
    fn a_written_text_cannot_begin_another_field() {
        let mut writer = TextWriter::new();
        writer.text("a\0b").int(5).flag(true).empty(2);
        assert_eq!(writer.into_payload(), b"a b\x005\x001\0\0\0");
    }
}
