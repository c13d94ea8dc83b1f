//! The simulator as a process that takes drills.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

/// A running simulator; ends with this value.
pub(crate) struct Sim {
    child: Child,
    pub(crate) address: String,
    control: String,
}

impl Sim {
    pub(crate) fn start(args: &[&str]) -> Self {
        let program = gatehouse_stand_in::simulator().expect("the simulator is built");
        let mut child = Command::new(program)
            .args(["--listen", "127.0.0.1:0", "--control", "0", "--until-stdin-ends"])
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("is piped")).lines();
        let (mut address, mut control) = (None, None);
        while address.is_none() || control.is_none() {
            let line = lines.next().expect("it says where it listens").expect("is text");
            if let Some(at) = line.strip_prefix("listening ") {
                address = Some(at.to_owned());
            } else if let Some(at) = line.strip_prefix("control ") {
                control = Some(at.to_owned());
            }
        }
        Self {
            child,
            address: address.expect("it listens"),
            control: control.expect("it takes drills"),
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Has a drill taken.
    pub(crate) fn drill(&self, line: &str) {
        let mut control = TcpStream::connect(&self.control).expect("takes drills");
        writeln!(control, "{line}").expect("is written");
        let mut answer = String::new();
        BufReader::new(control).read_line(&mut answer).expect("answers");
        assert!(answer.contains("\"ok\":true"), "{line}: {answer}");
    }
}

impl Drop for Sim {
    fn drop(&mut self) {
        self.child.kill().and_then(|()| self.child.wait()).ok();
    }
}

/// Returns a start of the market's time, so many minutes before this machine's.
pub(crate) fn minutes_ago(minutes: i64) -> String {
    let zone = TimeZone::get("America/New_York").expect("is known");
    let at = Timestamp::now() - minutes.minutes();
    at.to_zoned(zone).strftime("%Y-%m-%dT%H:%M:%S").to_string()
}
