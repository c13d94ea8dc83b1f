//! Numbers and texts as the page shows them: thin spaces, real signs, nothing that is markup.

use rust_decimal::Decimal;

/// Between groups of three digits: narrow and never broken.
const THIN: char = '\u{202f}';
const MINUS: char = '−';

/// Makes a text safe inside an element and inside a quoted attribute.
///
/// Control characters, which no page may hold, are left out.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '&' => safe.push_str("&amp;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            control if control.is_control() => safe.push(' '),
            other => safe.push(other),
        }
    }
    safe
}

/// Returns a count, such as `1 284`.
pub(crate) fn count(n: u64) -> String {
    grouped(&n.to_string())
}

/// Returns a word after its count, such as `1 order` or `12 orders`.
pub(crate) fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// Returns an amount to the cent, without a sign unless it is negative.
pub(crate) fn amount(value: Decimal) -> String {
    let rounded = value.round_dp(2);
    let text = format!("{:.2}", rounded.abs());
    let (whole, cents) = text.split_once('.').unwrap_or((&text, "00"));
    let sign = if rounded.is_sign_negative() && !rounded.is_zero() {
        MINUS.to_string()
    } else {
        String::new()
    };
    format!("{sign}{}.{cents}", grouped(whole))
}

/// Returns an amount with its sign, as profit and loss always has one; nothing has none.
pub(crate) fn signed(value: Decimal) -> String {
    let text = amount(value);
    let rounded = value.round_dp(2);
    if rounded.is_zero() || rounded.is_sign_negative() { text } else { format!("+{text}") }
}

/// Groups the digits of whole numbers in a sentence, from five on: 2026 is a year.
pub(crate) fn prose(sentence: &str) -> String {
    let mut text = String::with_capacity(sentence.len());
    let mut digits = String::new();
    let mut is_fraction = false;
    for character in sentence.chars().chain([' ']) {
        if character.is_ascii_digit() {
            digits.push(character);
            continue;
        }
        let is_whole = !is_fraction && digits.len() >= 5;
        text.push_str(&if is_whole { grouped(&digits) } else { digits.clone() });
        // What touches a letter is part of a name.
        is_fraction = (character == '.' && !digits.is_empty()) || character.is_alphabetic();
        digits.clear();
        text.push(character);
    }
    text.pop();
    text
}

fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(THIN);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_thin_spaces_cents_and_real_signs() {
        let check = |text: &str, plain: &str, with_sign: &str| {
            let value = Decimal::from_str_exact(text).expect("is a decimal");
            assert_eq!((amount(value).as_str(), signed(value).as_str()), (plain, with_sign));
        };
        check("0", "0.00", "0.00");
        check("-0.001", "0.00", "0.00");
        check("412.375", "412.38", "+412.38");
        check("-46.15", "−46.15", "−46.15");
        check("1284331.5", "1\u{202f}284\u{202f}331.50", "+1\u{202f}284\u{202f}331.50");
        assert_eq!([count(0), count(999), count(1000)], ["0", "999", "1\u{202f}000"]);
    }

    #[test]
    fn whole_numbers_of_a_sentence_are_grouped() {
        let check = |sentence: &str, told: &str| assert_eq!(prose(sentence), told);
        check("Quantity 50000 is above 400.", "Quantity 50\u{202f}000 is above 400.");
        check("Value 34220573.234567 USD.", "Value 34\u{202f}220\u{202f}573.234567 USD.");
        check("Contract X12345 of 2026 is 12345", "Contract X12345 of 2026 is 12\u{202f}345");
    }

    #[test]
    fn nothing_that_is_written_is_markup() {
        assert_eq!(
            escape("<b a=\"1\" c='2'>&\u{0}"),
            "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp; "
        );
    }
}
