//! error (4): the broker's message about a request, an order or the session.

use gatehouse_types::OrderId;

use super::answer_codec;
use crate::ServerVersion;
use crate::layout::{Layout, LayoutError, Pass, Passed};
use crate::order::{self, Gate};

/// The id of a message that is about no request.
const NO_ID: i32 = -1;

/// error: a rejection, a warning or a notice, told apart by its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorReport {
    /// The order or request that it is about; −1 for none.
    pub id: i32,
    /// Milliseconds since 1970; from 194 on.
    pub time_ms: Option<i64>,
    pub code: i32,
    pub text: String,
    pub advanced_reject_json: String,
}

answer_codec!(ErrorReport = Error);

impl Default for ErrorReport {
    fn default() -> Self {
        Self {
            id: NO_ID,
            time_ms: None,
            code: 0,
            text: String::new(),
            advanced_reject_json: String::new(),
        }
    }
}

impl Layout for ErrorReport {
    fn lay<P: Pass>(&mut self, pass: &mut P) -> Passed {
        if !pass.version().has(194) {
            pass.layout_version(2)?;
        }
        pass.int(1, "id", &mut self.id)?;
        if !pass.is_text() {
            order::long(pass, Gate::tag(2), "errorTime", &mut self.time_ms)?;
        }
        pass.int(3, "errorCode", &mut self.code)?;
        lay_prose(pass, 4, "errorMsg", &mut self.text)?;
        if !pass.is_text() || pass.version().has(166) {
            lay_prose(pass, 5, "advancedOrderRejectJson", &mut self.advanced_reject_json)?;
        }
        if pass.is_text() && pass.version().has(194) {
            // Clients show the number as it is, so a time that is not known is 0.
            let mut time = self.time_ms.unwrap_or_default();
            pass.long(0, "errorTime", &mut time)?;
            self.time_ms = Some(time).filter(|time| *time != 0);
        }
        Ok(())
    }
}

/// Text writes what is not ASCII as `\uXXXX`, so a backslash needs the same.
fn lay_prose<P: Pass>(pass: &mut P, tag: u32, name: &'static str, value: &mut String) -> Passed {
    if !pass.is_text() {
        return pass.text(tag, name, value);
    }
    if pass.is_writing() {
        return pass.text(tag, name, &mut escaped(value));
    }
    pass.text(tag, name, value)?;
    *value = unescaped(value);
    Ok(())
}

fn escaped(text: &str) -> String {
    let mut units = [0; 2];
    text.chars()
        .map(|letter| match letter {
            '\\' => "\\u005c".to_owned(),
            letter if letter.is_ascii() => letter.to_string(),
            letter => letter
                .encode_utf16(&mut units)
                .iter()
                .map(|unit| format!("\\u{unit:04x}"))
                .collect(),
        })
        .collect()
}

/// Leaves alone what is not a whole escape.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\u") {
        plain.push_str(before);
        let unit = |text: &str| text.get(..4).and_then(|hex| u16::from_str_radix(hex, 16).ok());
        let first = unit(after);
        let second = after.get(4..).and_then(|after| after.strip_prefix("\\u")).and_then(unit);
        let one = first.filter(|unit| *unit != 0).and_then(|unit| char::from_u32(u32::from(unit)));
        let pair = first
            .zip(second)
            .and_then(|(high, low)| char::decode_utf16([high, low]).next().and_then(Result::ok));
        let (letter, n_bytes) = match (one, pair) {
            (Some(letter), _) => (letter, 4),
            (None, Some(letter)) => (letter, 10),
            (None, None) => {
                plain.push_str("\\u");
                rest = after;
                continue;
            }
        };
        plain.push(letter);
        rest = after.get(n_bytes..).unwrap_or_default();
    }
    plain.push_str(rest);
    plain
}

/// Returns the body by which Gatehouse itself says no to an order, in the form of the link.
///
/// # Errors
/// The layouts of the version are not known.
pub fn reject(
    version: ServerVersion,
    order_id: OrderId,
    code: i32,
    text: &str,
) -> Result<Vec<u8>, LayoutError> {
    let report =
        ErrorReport { id: order_id.get(), code, text: text.to_owned(), ..ErrorReport::default() };
    report.encode(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_read_back_and_other_backslashes_stay() {
        for text in
            ["plain", "Größe 5 €", "a\\b", "\\u0041", "𝄞", "{\"a\":\"\\n\"}", "\\u12", "\\ud800x"]
        {
            assert_eq!(unescaped(&escaped(text)), text);
            assert!(escaped(text).is_ascii());
        }
        assert_eq!(unescaped("caf\\u00e9 \\ud834\\udd1e \\u12 \\n"), "café 𝄞 \\u12 \\n");
    }
}
