//! `gatehouse-sim replay FILE [--check]`: feeds a recorded session to the same world again.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Parser as _;
use gatehouse_sim::server::{
    Rehearsal, RehearsalConfig, ReplayError, Script, TranscriptError, TranscriptReader, replay,
};
use gatehouse_sim::world::WorldConfig;
use gatehouse_sim::world::time::Step;
use gatehouse_tws::ServerVersion;

use super::{Args, Exit, Failure, agreed, world};

#[derive(Debug, clap::Args)]
pub(super) struct ReplayArgs {
    /// What --record-session wrote. Tapes and scripts are looked for where they were.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Compare what the server says with the record, and stop at the first difference.
    #[arg(long)]
    check: bool,
}

pub(super) fn run(asked: &ReplayArgs) -> Result<(), Failure> {
    let broken = |error| failure(&asked.file, ReplayError::Transcript(error));
    let mut transcript = TranscriptReader::open(&asked.file).map_err(broken)?;
    let opening = transcript.opening().clone();
    let words = ["gatehouse-sim".to_owned()].into_iter().chain(opening.args);
    let args = Args::try_parse_from(words).map_err(|error| Failure {
        what: "The recorded session was not replayed.".to_owned(),
        why: format!("Its options are not known: {}", error.to_string().trim_end()),
        next: "Replay it with the version that recorded it.".to_owned(),
        exit: Exit::Usage,
    })?;
    let start = Step::of(opening.start);
    let world = WorldConfig { start, run: opening.run, ..world(&args)? };
    let config = RehearsalConfig {
        start: opening.start,
        speed: args.speed,
        beat: Duration::from_millis(u64::from(args.beat)),
        max_version: ServerVersion::new(args.max_version),
        script: args.script.as_deref().map_or_else(|| Ok(Script::default()), Script::read)?,
        agreed: agreed(&args.settings),
        temper: args.temper.temper(args.speed),
    };
    let began = Instant::now();
    let mut stage = Rehearsal::new(config, world);
    let found = replay(&mut transcript, &mut stage, asked.check)
        .map_err(|error| failure(&asked.file, error))?;
    let took = began.elapsed().as_millis();
    let bytes = found.n_bytes_said;
    println!("replayed {} connections, {bytes} bytes of clients, in {took} ms", found.n_clients);
    if asked.check {
        println!("same {} messages of the server", found.n_messages);
    }
    Ok(())
}

/// Why a session cannot be recorded.
pub(super) fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure {
        what: "The simulator did not start.".to_owned(),
        why: format!("The session cannot be recorded in {}: {error}.", path.display()),
        next: "Give --record-session a file that can be written.".to_owned(),
        exit: Exit::Unable,
    }
}

fn failure(path: &Path, error: ReplayError) -> Failure {
    let (what, next) = match &error {
        ReplayError::Differs(_) => (
            "The server does not say what is on record.",
            "If the simulator was changed on purpose, record the session again.",
        ),
        ReplayError::Transcript(TranscriptError::Line { .. }) => (
            "The recorded session was not replayed to its end.",
            "A recorder that was killed leaves half a line: take it off the end of the file.",
        ),
        ReplayError::Transcript(TranscriptError::Read(_) | TranscriptError::Format { .. })
        | ReplayError::Line { .. } => (
            "The recorded session was not replayed.",
            "Give a file that --record-session of this version wrote.",
        ),
    };
    let mut why = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        why = format!("{why}: {cause}");
        source = cause.source();
    }
    let exit = if matches!(error, ReplayError::Differs(_)) { Exit::No } else { Exit::Usage };
    Failure {
        what: what.to_owned(),
        why: format!("{}: {why}.", path.display()),
        next: next.to_owned(),
        exit,
    }
}
