//! What a process prints, line by line, with bounds and without secrets.

use std::io::{self, BufRead};

use super::{Credentials, Secret};

/// What is longer is cut: a line is for people, and memory is not for whoever prints too much.
const LINE_BYTES_MAX: usize = 4096;

/// Stands for a secret that was printed.
const HIDDEN: &str = "***";

/// Shorter secrets would hide half of every line.
const HIDDEN_CHARS_MIN: usize = 4;

/// Hides secrets that a helper prints.
#[derive(Debug, Default)]
pub(super) struct Censor(Vec<Secret>);

impl Censor {
    pub(super) fn of(credentials: Option<&Credentials>) -> Self {
        let is_hidden = |secret: &&Secret| secret.reveal().chars().count() >= HIDDEN_CHARS_MIN;
        Self(credentials.iter().map(|it| &it.password).filter(is_hidden).cloned().collect())
    }

    fn pass(&self, mut line: String) -> String {
        for secret in &self.0 {
            if line.contains(secret.reveal()) {
                line = line.replace(secret.reveal(), HIDDEN);
            }
        }
        line
    }
}

/// Gives every line to `heard`, until the output ends. Bytes that are no text become marks.
pub(super) fn read(
    output: &mut impl BufRead,
    censor: &Censor,
    mut heard: impl FnMut(String),
) -> io::Result<()> {
    let mut line = Vec::new();
    let mut is_pending = false;
    loop {
        let bytes = output.fill_buf()?;
        if bytes.is_empty() {
            break;
        }
        let end = bytes.iter().position(|&b| b == b'\n');
        let part = end.map_or(bytes, |end| &bytes[..end]);
        let room = LINE_BYTES_MAX - line.len();
        line.extend_from_slice(&part[..part.len().min(room)]);
        let n_read = end.map_or(bytes.len(), |end| end + 1);
        output.consume(n_read);
        is_pending = end.is_none();
        if !is_pending {
            heard(censor.pass(text(&line)));
            line.clear();
        }
    }
    if is_pending {
        heard(censor.pass(text(&line)));
    }
    Ok(())
}

fn text(line: &[u8]) -> String {
    String::from_utf8_lossy(line).trim_end_matches('\r').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8], password: &str) -> Vec<String> {
        let secret = |text: &str| Secret::new(text.to_owned());
        let credentials = Credentials { user: secret("edgar"), password: secret(password) };
        let mut lines = Vec::new();
        // A small buffer: lines come in parts.
        let mut output = io::BufReader::with_capacity(7, bytes);
        read(&mut output, &Censor::of(Some(&credentials)), |line| lines.push(line))
            .expect("memory does not fail");
        lines
    }

    #[test]
    fn lines_are_told_as_they_end_and_the_last_one_without_an_end() {
        assert_eq!(lines(b"first\r\n\nthird\xff", "-----"), ["first", "", "third\u{fffd}"]);
        assert!(lines(b"", "-----").is_empty());
    }

    #[test]
    fn a_line_without_end_is_cut() {
        let told = lines(&[b'x'; 3 * LINE_BYTES_MAX], "-----");
        assert_eq!(told.iter().map(String::len).collect::<Vec<_>>(), [LINE_BYTES_MAX]);
    }

    #[test]
    fn a_password_that_is_printed_is_hidden() {
        assert_eq!(lines(b"typed hunter2, hunter2!\n", "hunter2"), ["typed ***, ***!"]);
        assert_eq!(lines(b"a cat sat\n", "a"), ["a cat sat"]);
    }
}
