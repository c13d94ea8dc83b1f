//! A recorded session: all bytes of all clients, both ways, with the market's times, as lines of
//! JSON.
//!
//! The first line says what the server was asked to be. Everything that reached the hub follows,
//! and everything it said, in the order in which it happened; `at` counts nanoseconds since 1970 in
//! the market's time. It must never know what bytes mean. Written by the driver with sockets, read
//! by a replay.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gatehouse_types::Utc;
use serde_json::{Value, json};

use super::hub::{Output, SessionId};
use super::outbox::Ending;

/// The version of the format.
const FORMAT: i64 = 1;

/// What the server was asked to be, in the words of its command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The arguments without the program's name.
    pub args: Vec<String>,
    /// When the market's time began.
    pub start: Utc,
    /// What made the run's ids its own.
    pub run: u32,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entry {
    Opened(SessionId),
    Said(SessionId, Vec<u8>),
    Closed(SessionId),
    /// A person's line at the control port.
    Line(String),
    /// Beats were given up: the machine did not keep up with the market.
    Skipped,
    Heard(SessionId, Vec<u8>, Option<Ending>),
}

/// Why a transcript cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum TranscriptError {
    #[error("cannot read the session")]
    Read(#[source] io::Error),
    /// It is something else, or was cut off within a line.
    #[error("line {line} is not of a recorded session")]
    Line { line: usize },
    #[error("the session is recorded in format {found}; this simulator reads format {FORMAT}")]
    Format { found: i64 },
}

/// A transcript that is being written.
#[derive(Debug)]
pub struct TranscriptWriter {
    file: BufWriter<File>,
}

impl TranscriptWriter {
    /// Begins a transcript; what the file held is lost.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn create(path: &Path, opening: &Opening) -> io::Result<Self> {
        let mut writer = Self { file: BufWriter::new(File::create(path)?) };
        writer.line(&json!({
            "gatehouse_session": FORMAT,
            "args": opening.args,
            "start": opening.start.nanos(),
            "run": opening.run,
        }))?;
        writer.flush()?;
        Ok(writer)
    }

    pub(super) fn write(&mut self, at: Utc, entry: &Entry) -> io::Result<()> {
        let at = at.nanos();
        let line = match entry {
            Entry::Opened(session) => json!({"at": at, "from": session.0, "opened": true}),
            Entry::Said(session, bytes) => {
                json!({"at": at, "from": session.0, "bytes": STANDARD.encode(bytes)})
            }
            Entry::Closed(session) => json!({"at": at, "from": session.0, "closed": true}),
            Entry::Line(line) => json!({"at": at, "line": line}),
            Entry::Skipped => json!({"at": at, "skipped": true}),
            Entry::Heard(session, bytes, ending) => {
                let bytes = STANDARD.encode(bytes);
                match ending {
                    None => json!({"at": at, "to": session.0, "bytes": bytes}),
                    Some(Ending::AfterBytes) => {
                        json!({"at": at, "to": session.0, "bytes": bytes, "ended": "after bytes"})
                    }
                    Some(Ending::Now) => {
                        json!({"at": at, "to": session.0, "bytes": bytes, "ended": "now"})
                    }
                    Some(Ending::Reset) => {
                        json!({"at": at, "to": session.0, "bytes": bytes, "ended": "reset"})
                    }
                }
            }
        };
        self.line(&line)
    }

    pub(super) fn write_output(&mut self, output: &Output) -> io::Result<()> {
        let Output { at, session, bytes, ending } = output;
        self.write(*at, &Entry::Heard(*session, bytes.clone(), *ending))
    }

    /// Hands what was written to the operating system, so that it outlives the process.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }

    fn line(&mut self, line: &Value) -> io::Result<()> {
        writeln!(self.file, "{line}")
    }
}

/// A transcript that is being read, a line at a time.
pub struct TranscriptReader {
    lines: io::Lines<BufReader<Box<dyn io::Read>>>,
    line: usize,
    opening: Opening,
}

impl TranscriptReader {
    /// Opens a transcript and reads what the server was asked to be.
    ///
    /// # Errors
    /// The file cannot be read, or is not a transcript of this format.
    pub fn open(path: &Path) -> Result<Self, TranscriptError> {
        Self::new(Box::new(File::open(path).map_err(TranscriptError::Read)?))
    }

    fn new(source: Box<dyn io::Read>) -> Result<Self, TranscriptError> {
        let opening = Opening { args: Vec::new(), start: Utc::from_nanos(0), run: 0 };
        let mut reader = Self { lines: BufReader::new(source).lines(), line: 0, opening };
        let wrong = TranscriptError::Line { line: 1 };
        let Some(first) = reader.next_line()? else { return Err(wrong) };
        match first.get("gatehouse_session").and_then(Value::as_i64) {
            Some(FORMAT) => {}
            Some(found) => return Err(TranscriptError::Format { found }),
            None => return Err(wrong),
        }
        let args = first.get("args").and_then(Value::as_array);
        let args = args.and_then(|args| {
            args.iter().map(|arg| arg.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        let start = first.get("start").and_then(Value::as_i64).map(Utc::from_nanos);
        let run = first.get("run").and_then(Value::as_u64).and_then(|run| run.try_into().ok());
        let (Some(args), Some(start), Some(run)) = (args, start, run) else { return Err(wrong) };
        reader.opening = Opening { args, start, run };
        Ok(reader)
    }

    /// Returns what the server was asked to be.
    #[must_use]
    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// Returns the next thing that happened, and when.
    pub(super) fn next_entry(&mut self) -> Result<Option<(Utc, Entry)>, TranscriptError> {
        let Some(line) = self.next_line()? else { return Ok(None) };
        entry_of(&line).map(Some).ok_or(TranscriptError::Line { line: self.line })
    }

    fn next_line(&mut self) -> Result<Option<Value>, TranscriptError> {
        let Some(text) = self.lines.next() else { return Ok(None) };
        self.line += 1;
        let text = text.map_err(TranscriptError::Read)?;
        let line = serde_json::from_str(&text);
        line.map(Some).map_err(|_| TranscriptError::Line { line: self.line })
    }
}

fn entry_of(line: &Value) -> Option<(Utc, Entry)> {
    let at = Utc::from_nanos(line.get("at")?.as_i64()?);
    let session = |key| line.get(key).and_then(Value::as_u64).map(SessionId);
    let bytes = || STANDARD.decode(line.get("bytes")?.as_str()?).ok();
    let is_set = |key| line.get(key).and_then(Value::as_bool) == Some(true);
    let entry = if let Some(session) = session("to") {
        let ending = match line.get("ended").map(Value::as_str) {
            None => None,
            Some(Some("now")) => Some(Ending::Now),
            Some(Some("reset")) => Some(Ending::Reset),
            Some(Some("after bytes")) => Some(Ending::AfterBytes),
            Some(_) => return None,
        };
        Entry::Heard(session, bytes()?, ending)
    } else if let Some(session) = session("from") {
        if is_set("opened") {
            Entry::Opened(session)
        } else if is_set("closed") {
            Entry::Closed(session)
        } else {
            Entry::Said(session, bytes()?)
        }
    } else if let Some(text) = line.get("line") {
        Entry::Line(text.as_str()?.to_owned())
    } else if is_set("skipped") {
        Entry::Skipped
    } else {
        return None;
    };
    Some((at, entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transcript_gives_back_what_was_written() {
        let dir = tempfile::tempdir().expect("makes a folder");
        let path = dir.path().join("session.jsonl");
        let opening =
            Opening { args: vec!["--seed".into(), "5".into()], start: Utc::from_nanos(7), run: 9 };
        let session = SessionId(3);
        let entries = [
            Entry::Opened(session),
            Entry::Said(session, vec![0, 255, 10]),
            Entry::Heard(session, vec![1], None),
            Entry::Line(r#"{"do":"drop"}"#.to_owned()),
            Entry::Skipped,
            Entry::Heard(session, Vec::new(), Some(Ending::Now)),
            Entry::Heard(session, vec![2], Some(Ending::AfterBytes)),
            Entry::Closed(session),
        ];
        let mut writer = TranscriptWriter::create(&path, &opening).expect("opens");
        for (at, entry) in (100..).zip(&entries) {
            writer.write(Utc::from_nanos(at), entry).expect("writes");
        }
        writer.flush().expect("writes");
        let mut reader = TranscriptReader::open(&path).expect("is a transcript");
        assert_eq!(reader.opening(), &opening);
        for (at, entry) in (100..).zip(entries) {
            let read = reader.next_entry().expect("is an entry");
            assert_eq!(read, Some((Utc::from_nanos(at), entry)));
        }
        assert_eq!(reader.next_entry().expect("ends"), None);
    }

    #[test]
    fn what_is_no_transcript_is_named_with_its_line() {
        let opening = r#"{"gatehouse_session":1,"args":[],"start":0,"run":1}"#;
        for (text, said) in [
            (String::new(), "line 1 is not of a recorded session"),
            ("API\n".to_owned(), "line 1 is not of a recorded session"),
            (opening.replace(":1,", ":2,"), "the session is recorded in format 2"),
            (format!("{opening}\n{{\"at\":1}}"), "line 2 is not of a recorded session"),
            (format!("{opening}\n{{\"at\":1,\"fr"), "line 2 is not of a recorded session"),
        ] {
            let source = Box::new(io::Cursor::new(text.clone().into_bytes()));
            let read = TranscriptReader::new(source).and_then(|mut reader| reader.next_entry());
            let error = read.expect_err("is wrong").to_string();
            assert!(error.starts_with(said), "{text}: {error}");
        }
    }
}
