//! Text in the format of `java.util.Properties`.
//!
//! Source: the page of `Properties.load(Reader)` in the Java SE 17 API. The file is read as
//! ISO-8859-1, so that whatever is not plain ASCII is written as `\uXXXX`.

use zeroize::Zeroizing;

/// Bytes that one character may need: two escapes for one beyond the basic plane.
const BYTES_PER_CHAR: usize = 12;

/// A text in the making. It may hold secrets: it is wiped on drop, and never grows, since that
/// would leave a copy behind.
pub(super) struct Properties(Zeroizing<String>);

impl Properties {
    /// Makes room for values of `n_chars` characters in all, keys included.
    pub(super) fn with_room(n_chars: usize) -> Self {
        Self(Zeroizing::new(String::with_capacity(n_chars * BYTES_PER_CHAR)))
    }

    /// Adds a line. Keys are ours and plain; any value survives.
    pub(super) fn set(&mut self, key: &str, value: &str) {
        debug_assert!(key.bytes().all(|b| b.is_ascii_alphanumeric()), "{key} needs escapes");
        self.0.push_str(key);
        self.0.push('=');
        for c in value.chars() {
            self.push(c);
        }
        self.0.push('\n');
    }

    fn push(&mut self, c: char) {
        match c {
            '\\' => self.0.push_str("\\\\"),
            '!'..='~' => self.0.push(c),
            _ => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    self.0.push_str("\\u");
                    for shift in [12, 8, 4, 0] {
                        let digit = u32::from(*unit >> shift) & 0xf;
                        self.0.push(char::from_digit(digit, 16).unwrap_or('0'));
                    }
                }
            }
        }
    }

    pub(super) fn finish(self) -> Zeroizing<String> {
        self.0
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// Reads the format as its page describes it, as far as it matters without multi-line values.
    pub(crate) fn read(bytes: &[u8]) -> BTreeMap<String, String> {
        let text: String = bytes.iter().map(|&b| char::from(b)).collect();
        text.split(['\n', '\r'])
            .map(|line| line.trim_start_matches([' ', '\t', '\x0c']))
            .filter(|line| !line.is_empty() && !line.starts_with(['#', '!']))
            .map(|line| {
                let end = line.find(['=', ':', ' ', '\t', '\x0c']).unwrap_or(line.len());
                let (key, rest) = line.split_at(end);
                let rest = rest.trim_start_matches([' ', '\t', '\x0c']);
                let rest = rest.strip_prefix(['=', ':']).unwrap_or(rest);
                (key.to_owned(), unescaped(rest.trim_start_matches([' ', '\t', '\x0c'])))
            })
            .collect()
    }

    fn unescaped(text: &str) -> String {
        let mut units = Vec::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            if c != '\\' {
                units.extend(c.encode_utf16(&mut [0; 2]).iter());
                continue;
            }
            match chars.next() {
                Some('u') => {
                    let digits: String = chars.by_ref().take(4).collect();
                    units.push(u16::from_str_radix(&digits, 16).expect("four digits follow"));
                }
                Some('t') => units.push(9),
                Some('n') => units.push(10),
                Some('f') => units.push(12),
                Some('r') => units.push(13),
                Some(other) => units.extend(other.encode_utf16(&mut [0; 2]).iter()),
                None => {}
            }
        }
        String::from_utf16(&units).expect("pairs are whole")
    }

    fn check(value: &str) {
        let mut properties = Properties::with_room(value.chars().count() + 10);
        properties.set("IbPassword", value);
        let text = properties.finish();
        assert!(text.is_ascii(), "{text:?}");
        assert_eq!(read(text.as_bytes())["IbPassword"], value);
    }

    #[test]
    fn odd_passwords_survive() {
        for value in
            ["", " ", " a ", "\\", "a\\", "a=b:c#d!e", "\\u0041", "ü€😀", "\t\n\r\x0c", "\0"]
        {
            check(value);
        }
    }

    #[test]
    fn a_value_that_was_given_room_is_never_copied() {
        let mut properties = Properties::with_room(3);
        let begins_at = properties.0.as_ptr();
        properties.set("k", "😀");
        assert_eq!(properties.0.as_ptr(), begins_at);
    }

    proptest! {
        #[test]
        fn any_password_survives(value in any::<String>()) {
            check(&value);
        }
    }
}
