//! Drills from outside: a control port that takes one line of JSON after the other, and a script of
//! such lines.
//!
//! It must never know what a drill does. The port's threads hand lines to the driver; the script is
//! read before the server starts.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crossbeam_channel::Sender;
use serde_json::{Value, json};

use super::live::Knock;
use super::trouble::{Answer, DrillFailed};
use crate::world::drill::{Drill, Line, LineError};

/// Longest line; a longer one is answered, and its connection closed.
const LINE_MAX: u64 = 16 * 1024;
/// Connections that are served at a time.
const PEOPLE_MAX: usize = 16;
const LANGUAGE: &str = "Write lines such as {\"do\":\"spread\",\"symbol\":\"SPY\",\"by\":\"0.50\"}; DRILLS.md lists the drills.";

/// Why a script is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    #[error("cannot read the script {path}")]
    Read { path: PathBuf, source: io::Error },
    #[error("line {line} of the script is not a drill")]
    Drill { line: usize, source: LineError },
}

/// Lines that are taken when the server starts.
#[derive(Debug, Default)]
pub struct Script {
    lines: Vec<Line>,
}

impl Script {
    /// Reads a file of lines such as `{"at":10,"do":"kill"}`; empty lines and those that begin with
    /// # say nothing.
    ///
    /// # Errors
    /// The file cannot be read, or the first line that is not a drill.
    pub fn read(path: &Path) -> Result<Self, ScriptError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ScriptError::Read { path: path.to_owned(), source })?;
        Self::parse(&text)
    }

    /// Reads the lines of a script.
    ///
    /// # Errors
    /// The first line that is not a drill.
    pub fn parse(text: &str) -> Result<Self, ScriptError> {
        let mut lines = Vec::new();
        for (line, text) in (1..).zip(text.lines().map(str::trim)) {
            if !text.is_empty() && !text.starts_with('#') {
                let parsed = text.parse::<Line>();
                let parsed = parsed.map_err(|source| ScriptError::Drill { line, source })?;
                if parsed.drill == (Drill::State {}) {
                    let why = "nobody hears the answer to `state` in a script";
                    return Err(ScriptError::Drill { line, source: LineError::Together(why) });
                }
                lines.push(parsed);
            }
        }
        Ok(Self { lines })
    }

    pub(super) fn into_lines(self) -> Vec<Line> {
        self.lines
    }
}

/// Takes people who write drills, each on a thread of its own, until the process ends.
pub(super) fn keep(listener: &TcpListener, knocks: &Sender<Knock>) {
    let n_people = Arc::new(AtomicUsize::new(0));
    for person in listener.incoming() {
        let Ok(person) = person else { continue };
        if n_people.load(Ordering::SeqCst) >= PEOPLE_MAX {
            tracing::warn!("Too many people at the control port");
            continue;
        }
        n_people.fetch_add(1, Ordering::SeqCst);
        let (knocks, left) = (knocks.clone(), Arc::clone(&n_people));
        let serve = move || {
            if let Err(error) = take_lines(person, &knocks) {
                tracing::debug!(%error, "Control connection ended");
            }
            left.fetch_sub(1, Ordering::SeqCst);
        };
        if let Err(error) = thread::Builder::new().name("control".to_owned()).spawn(serve) {
            n_people.fetch_sub(1, Ordering::SeqCst);
            tracing::error!(%error, "Control connection could not be served");
        }
    }
}

/// Answers each line with one line. What does not begin as an object ends the connection: a web
/// page may send a request here whose body holds drills.
fn take_lines(person: TcpStream, knocks: &Sender<Knock>) -> io::Result<()> {
    let mut answers = person.try_clone()?;
    let mut reader = BufReader::new(person);
    let mut line = Vec::new();
    loop {
        line.clear();
        (&mut reader).take(LINE_MAX).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(());
        }
        let is_whole = line.ends_with(b"\n");
        let is_too_long = !is_whole && u64::try_from(line.len()).is_ok_and(|n| n == LINE_MAX);
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        let is_ours = text.starts_with('{') && !is_too_long;
        let said = if is_too_long {
            refusal("The line is longer than 16384 bytes.", LANGUAGE)
        } else {
            answer(text, knocks)?
        };
        // In one piece: a connection that is cut off takes a whole answer or none.
        answers.write_all(format!("{said}\n").as_bytes())?;
        if !is_ours {
            return Ok(());
        }
    }
}

fn answer(text: &str, knocks: &Sender<Knock>) -> io::Result<Value> {
    let line = match text.parse::<Line>() {
        Ok(line) => line,
        Err(error) => return Ok(refusal(&format!("{error}."), LANGUAGE)),
    };
    let stops = || io::Error::other("the server stops");
    let (answer, answered) = crossbeam_channel::bounded(1);
    let knock = Knock::Line { line: Box::new(line), text: text.to_owned(), answer };
    knocks.send(knock).map_err(|_| stops())?;
    Ok(match answered.recv().map_err(|_| stops())? {
        Ok(Answer::Done) => json!({ "ok": true }),
        Ok(Answer::State(state)) => json!({ "ok": true, "state": state }),
        Err(DrillFailed { why, next }) => refusal(&why, &next),
    })
}

fn refusal(why: &str, next: &str) -> Value {
    json!({ "ok": false, "what": "The line was not carried out.", "why": why, "next": next })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_holds_lines_and_remarks() {
        let text = "# quiet first\n\n{\"at\":20,\"do\":\"drop\"}\n  {\"do\":\"link\",\"for\":5}\n";
        assert_eq!(Script::parse(text).expect("is a script").into_lines().len(), 2);
    }

    #[test]
    fn a_wrong_line_is_named() {
        for (text, said) in [
            ("{\"do\":\"drop\"}\nsoon drop", "line 2 of the script is not a drill"),
            ("{\"do\":\"explode\"}", "line 1 of the script is not a drill"),
            ("\n\n{\"do\":\"state\"}", "line 3 of the script is not a drill"),
        ] {
            let error = Script::parse(text).expect_err("is wrong").to_string();
            assert_eq!(error, said);
        }
    }
}
