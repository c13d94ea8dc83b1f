//! Drills from outside: a control port that takes one drill a line, and a script of drills by the
//! market's time.
//!
//! It must never know what a drill does. The port's threads hand lines to the hub; the script is
//! read before the server starts.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;

use crossbeam_channel::Sender;

use super::live::Knock;
use crate::world::drill::{Drill, DrillError};

/// Why a script is not taken.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    #[error("cannot read the script {path}")]
    Read { path: PathBuf, source: io::Error },
    /// A line begins with seconds after the start of the market's time.
    #[error("line {line} of the script does not begin with a number of seconds")]
    Time { line: usize },
    #[error("line {line} of the script is not a drill")]
    Drill { line: usize, source: DrillError },
}

/// Drills that are to come, by seconds after the start, the earliest last.
#[derive(Debug, Default)]
pub struct Script {
    drills: Vec<(i64, Drill)>,
}

impl Script {
    /// Reads a file of lines such as `10 spread SPY 0.50`; empty lines and those that begin with #
    /// say nothing.
    ///
    /// # Errors
    /// The file cannot be read, or the first line that is not a time and a drill.
    pub fn read(path: &Path) -> Result<Self, ScriptError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ScriptError::Read { path: path.to_owned(), source })?;
        Self::parse(&text)
    }

    /// Reads the lines of a script.
    ///
    /// # Errors
    /// The first line that is not a time and a drill.
    pub fn parse(text: &str) -> Result<Self, ScriptError> {
        let mut drills = Vec::new();
        for (line, text) in (1..).zip(text.lines().map(str::trim)) {
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let (after, drill) =
                text.split_once(char::is_whitespace).ok_or(ScriptError::Time { line })?;
            let after = after.parse().map_err(|_| ScriptError::Time { line })?;
            let drill = drill.parse().map_err(|source| ScriptError::Drill { line, source })?;
            drills.push((after, drill));
        }
        drills.sort_by_key(|(after, _): &(i64, Drill)| std::cmp::Reverse(*after));
        Ok(Self { drills })
    }

    /// Takes the next drill that is due so many seconds after the start.
    pub(super) fn take_due(&mut self, elapsed: i64) -> Option<Drill> {
        let (after, _) = self.drills.last()?;
        if *after > elapsed {
            return None;
        }
        self.drills.pop().map(|(_, drill)| drill)
    }
}

/// Takes people who write drills, each on a thread of its own, until the process ends.
pub(super) fn keep(listener: &TcpListener, knocks: &Sender<Knock>) {
    for person in listener.incoming() {
        let Ok(person) = person else { continue };
        let knocks = knocks.clone();
        let serve = move || {
            if let Err(error) = take_lines(person, &knocks) {
                tracing::debug!(%error, "Control connection ended");
            }
        };
        if let Err(error) = thread::Builder::new().name("control".to_owned()).spawn(serve) {
            tracing::error!(%error, "Control connection could not be served");
        }
    }
}

/// Answers each line with `ok`, or with what is wrong with it.
fn take_lines(person: TcpStream, knocks: &Sender<Knock>) -> io::Result<()> {
    let mut answers = person.try_clone()?;
    for line in BufReader::new(person).lines() {
        let line = line?;
        let said = match line.parse::<Drill>() {
            Ok(drill) => {
                let (done, is_done) = crossbeam_channel::bounded(1);
                let sent = knocks.send(Knock::Drill { drill, done });
                sent.map_err(|_| io::Error::other("the server stops"))?;
                match is_done.recv() {
                    Ok(()) => "ok".to_owned(),
                    Err(_) => return Err(io::Error::other("the server stops")),
                }
            }
            Err(error) => format!("error {error}"),
        };
        writeln!(answers, "{said}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_gives_its_drills_in_the_order_of_time() {
        let text = "# quiet first\n\n20 usual SPY\n10 spread SPY 0.50\n10 drop\n";
        let mut script = Script::parse(text).expect("is a script");
        assert_eq!(script.take_due(9), None);
        let first: Vec<Drill> = std::iter::from_fn(|| script.take_due(10)).collect();
        assert_eq!(first.len(), 2);
        assert!(matches!(script.take_due(25), Some(Drill::Usual(_))));
        assert_eq!(script.take_due(1_000), None);
    }

    #[test]
    fn a_wrong_line_is_named() {
        for (text, said) in [
            ("10 usual SPY\nsoon drop", "line 2 of the script does not begin with a number"),
            ("10 explode", "line 1 of the script is not a drill"),
            ("drop", "line 1 of the script does not begin with a number"),
        ] {
            let error = Script::parse(text).expect_err("is wrong").to_string();
            assert!(error.starts_with(said), "{error}");
        }
    }
}
