//! `gatehouse-sim`: starts the simulated Gateway and says where it listens.

mod fill_flags;
mod replay_command;
mod temper_flags;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{env, fmt};

use clap::{Parser, Subcommand};
use fill_flags::FillFlags;
use gatehouse_sim::server::{
    self, KeptState, Opening, RunningServer, Script, ScriptError, ServerConfig, ServerError, Speed,
    StateFileError, TranscriptWriter, Until,
};
use gatehouse_sim::world::calendar::{new_york_secs, new_york_zone, utc};
use gatehouse_sim::world::market::allowance::Allowance;
use gatehouse_sim::world::tape::{self, OpenTapeError, Shelf, TapeSource};
use gatehouse_sim::world::time::Step;
use gatehouse_sim::world::{Agreement, AgreementError, WorldConfig};
use gatehouse_tws::ServerVersion;
use gatehouse_types::{Decimal, Utc};
use jiff::civil::{Date, DateTime, date};
use replay_command::ReplayArgs;
use temper_flags::TemperFlags;
use tokio::sync::oneshot;

/// Ids of so many runs differ.
const RUNS: u64 = 200_000;

/// A simulated IB Gateway on a loopback port.
#[derive(Debug, Parser)]
#[command(name = "gatehouse-sim", version, args_conflicts_with_subcommands = true)]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Where to listen; a loopback address, port 0 picks a free port.
    #[arg(long, default_value = "127.0.0.1:4002", value_name = "HOST:PORT")]
    listen: SocketAddr,
    /// The built-in market is a function of this number; without it of 1.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Sets the permanent ids and execution ids apart from those of other runs, 0 to 199999.
    /// Without it the seed decides, and without a seed the clock.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..200_000))]
    run: Option<u32>,
    /// Replay a folder in LEAN's layout, a history database (FILE.sqlite) or tables that FILE.json
    /// describes; may be given several times, the first that holds a symbol gives all of it.
    #[arg(long = "tape", value_name = "PATH")]
    tapes: Vec<PathBuf>,
    /// Ticks between bid and ask of a taped day that has trades but no quotes, around the last trade;
    /// 0 for no quotes, on which nothing fills
    #[arg(long, value_name = "TICKS", default_value_t = 0, requires = "tapes")]
    tape_spread: u8,
    /// What happens after the last day of the tapes: no prices any more, or the simulator ends
    /// with exit code 0 at 20:00 of it.
    #[arg(long, value_enum, default_value = "stop", requires = "tapes")]
    tape_end: TapeEnd,
    /// How much faster than the clock the market runs, from 0.1 to 1000, or max.
    #[arg(long, default_value = "1", value_name = "X", value_parser = parse_speed)]
    speed: Speed,
    /// Milliseconds between two looks at the market, 1 to 1000: quotes change at most so often.
    #[arg(long, default_value_t = 250, value_name = "MS", value_parser = clap::value_parser!(u16).range(1..=1000))]
    beat: u16,
    /// Market-data lines of the account; books and streams of single ticks follow from them.
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    lines: u16,
    /// The newest server version to offer, 157 to 226.
    #[arg(long, default_value_t = 226, value_parser = clap::value_parser!(i32).range(157..=226))]
    max_version: i32,
    /// The account: DU and digits for paper, U and digits for live.
    #[arg(long, default_value = "DU1234567", value_parser = parse_account)]
    account: String,
    /// Start of the market's time in New York, such as 2013-10-07 or 2026-01-05T09:30.
    #[arg(long, value_name = "TIME", value_parser = parse_start)]
    start: Option<Utc>,
    /// Write one line of JSON for each order-bearing frame to this file.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Write down all bytes of all clients, both ways, for `gatehouse-sim replay FILE`.
    #[arg(long, value_name = "FILE", conflicts_with = "state")]
    record_session: Option<PathBuf>,
    /// Carry out the drills of a file, lines of JSON, by the market's time.
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
    /// Take drills on this loopback port, lines of JSON; port 0 picks a free one.
    #[arg(long, value_name = "PORT")]
    control: Option<u16>,
    /// Keep orders, executions, positions, cash and ids in this folder, and go on from them.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Set what holds for the account, such as commissions=tiered, percent=3, size=500,
    /// value=100000, cap=5, fractions=no or shorting=locating; may be given several times.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = parse_setting)]
    settings: Vec<String>,
    #[command(flatten)]
    fills: FillFlags,
    #[command(flatten)]
    temper: TemperFlags,
    /// End when standard input does: it ends with the program that started this one, however that
    /// ended.
    #[arg(long)]
    until_stdin_ends: bool,
}

/// What happens when a tape is over. It never begins again: time would run backwards under orders,
/// bars and positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum TapeEnd {
    /// Nothing is quoted and nothing trades any more, as after a close.
    Stop,
    /// The simulator ends.
    Quit,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say what the clients of a recorded session said again, without sockets and as fast as
    /// possible.
    Replay(ReplayArgs),
}

fn main() -> ExitCode {
    let args = Args::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .init();
    let ran = match &args.command {
        Some(Command::Replay(asked)) => replay_command::run(asked),
        None => run(args),
    };
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            failure.exit()
        }
    }
}

fn run(args: Args) -> Result<(), Failure> {
    // The listener is taken last, so a signal that comes earlier ends the process as usual.
    let signals = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .map_err(|error| Failure::internal("waiting for signals", &error))?;
    let (parent, parent_ended) = oneshot::channel();
    let waits_for_stdin = args.until_stdin_ends;
    let (tape, tape_ended) = oneshot::channel();
    let server = start(args, tape)?;
    let _parent = if waits_for_stdin {
        watch_stdin(parent)
            .map_err(|error| Failure::internal("watching standard input", &error))?;
        None
    } else {
        Some(parent)
    };
    // In one piece: whoever waits for the first line may stop reading after it.
    let control = server.control().map_or_else(String::new, |at| format!("control {at}\n"));
    print!("listening {}\n{control}", server.address());
    signals
        .block_on(wait_for_end(parent_ended, tape_ended))
        .map_err(|error| Failure::internal("waiting for signals", &error))?;
    drop(server);
    Ok(())
}

fn start(args: Args, tape_ended: oneshot::Sender<()>) -> Result<RunningServer, Failure> {
    let world = world(&args)?;
    let last = world.tape.as_ref().filter(|_| args.tape_end == TapeEnd::Quit);
    let over = last.and_then(|tape| tape::ends(tape.as_ref()));
    let until = over.map(|at| Until { at: utc(at), tell: tape_ended });
    let start = utc(world.start.secs());
    let transcript = args.record_session.as_deref().map(|path| {
        let opening = Opening { args: env::args().skip(1).collect(), start, run: world.run };
        TranscriptWriter::create(path, &opening)
            .map_err(|error| replay_command::unwritable(path, &error))
    });
    let config = ServerConfig {
        listen: args.listen,
        speed: args.speed,
        beat: Duration::from_millis(u64::from(args.beat)),
        max_version: ServerVersion::new(args.max_version),
        record: args.record,
        start,
        control: args.control,
        script: args.script.as_deref().map_or_else(|| Ok(Script::default()), Script::read)?,
        temper: args.temper.temper(args.speed),
        state: args.state.map(|dir| KeptState { dir, start: args.start }),
        agreed: agreed(&args.settings),
        transcript: transcript.transpose()?,
        until,
    };
    Ok(server::start(config, world)?)
}

/// Makes the world that the arguments ask for.
fn world(args: &Args) -> Result<WorldConfig, Failure> {
    let tapes: Vec<Box<dyn TapeSource>> =
        args.tapes.iter().map(|path| tape::open(path)).collect::<Result<_, _>>()?;
    let shelf = Shelf::new(tapes, args.tape_spread.into());
    let tape_start = tape::starts(&shelf).map(utc);
    let start = args.start.or(tape_start).unwrap_or_else(|| at_the_open(date(2026, 1, 5)));
    let of_the_clock =
        || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let run = args.seed.unwrap_or_else(of_the_clock) % RUNS;
    Ok(WorldConfig {
        seed: args.seed.unwrap_or(1),
        account: args.account.clone(),
        cash: Decimal::from(1_000_000),
        tape: (!args.tapes.is_empty()).then(|| -> Box<dyn TapeSource> { Box::new(shelf) }),
        start: Step::of(start),
        run: args.run.or_else(|| u32::try_from(run).ok()).unwrap_or(0),
        fills: args.fills.fills(),
        allowance: Allowance::of_lines(usize::from(args.lines)),
    })
}

/// Lets go of `parent` when standard input ends.
fn watch_stdin(parent: oneshot::Sender<()>) -> std::io::Result<()> {
    let watching = std::thread::Builder::new().name("stdin".to_owned()).spawn(move || {
        // What is said there is of no interest, and an error is an end, too.
        std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink()).ok();
        drop(parent);
    });
    watching.map(drop)
}

/// Waits for a signal, for the end of the parent or for that of the tape.
async fn wait_for_end(
    parent_ended: oneshot::Receiver<()>,
    tape_ended: oneshot::Receiver<()>,
) -> std::io::Result<()> {
    use std::future::{Future, poll_fn};
    use std::pin::pin;
    use std::task::Poll;
    let mut signalled = pin!(wait_for_signal());
    let mut parent_ended = pin!(parent_ended);
    // Without an end of the tape nobody holds the other side, which is no end either.
    let mut tape_ended = pin!(async {
        if tape_ended.await.is_err() {
            std::future::pending::<()>().await;
        }
    });
    poll_fn(|context| {
        if let Poll::Ready(signalled) = signalled.as_mut().poll(context) {
            return Poll::Ready(signalled);
        }
        let ended = parent_ended.as_mut().poll(context).is_ready()
            || tape_ended.as_mut().poll(context).is_ready();
        if ended { Poll::Ready(Ok(())) } else { Poll::Pending }
    })
    .await
}

#[cfg(unix)]
async fn wait_for_signal() -> std::io::Result<()> {
    use std::future::{Future, poll_fn};
    use std::pin::pin;
    use std::task::Poll;
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminated = pin!(terminate.recv());
    let mut interrupted = pin!(interrupt.recv());
    poll_fn(|context| {
        let ended = terminated.as_mut().poll(context).is_ready()
            || interrupted.as_mut().poll(context).is_ready();
        if ended { Poll::Ready(Ok(())) } else { Poll::Pending }
    })
    .await
}

#[cfg(not(unix))]
async fn wait_for_signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

fn at_the_open(day: Date) -> Utc {
    utc(new_york_secs(day, 9, 30))
}

fn parse_start(text: &str) -> Result<Utc, String> {
    if let Ok(day) = text.parse::<Date>() {
        // A bare date is read as one; a time of day always has a colon.
        if !text.contains(':') {
            return Ok(at_the_open(day));
        }
    }
    let at: DateTime =
        text.parse().map_err(|_| "use 2013-10-07 or 2026-01-05T09:30, New York time".to_owned())?;
    let at = at.to_zoned(new_york_zone()).map_err(|error| error.to_string())?;
    Ok(utc(at.timestamp().as_second()))
}

fn parse_setting(text: &str) -> Result<String, AgreementError> {
    Agreement::default().set(text).map(|()| text.to_owned())
}

/// Puts together settings that were looked at one by one.
fn agreed(settings: &[String]) -> Agreement {
    let mut agreed = Agreement::default();
    for setting in settings {
        agreed.set(setting).expect("the setting was checked when it was read");
    }
    agreed
}

fn parse_speed(text: &str) -> Result<Speed, String> {
    if text == "max" {
        return Ok(Speed::MAX);
    }
    let wrong = || "use a number from 0.1 to 1000, or max".to_owned();
    let speed = Decimal::from_str_exact(text).map_err(|_| wrong())?;
    let thousandths =
        u32::try_from((speed * Decimal::ONE_THOUSAND).trunc()).map_err(|_| wrong())?;
    Speed::from_thousandths(thousandths).ok_or_else(wrong)
}

fn parse_account(text: &str) -> Result<String, String> {
    let digits = text.strip_prefix("DU").or_else(|| text.strip_prefix('U'));
    match digits {
        Some(digits)
            if (1..=12).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) =>
        {
            Ok(text.to_owned())
        }
        Some(_) | None => Err("use DU or U and digits, such as DU1234567".to_owned()),
    }
}

/// A failure in the three sentences that a person needs.
#[derive(Debug)]
struct Failure {
    what: String,
    why: String,
    next: String,
    exit: Exit,
}

/// What the exit code says, as those of every program of the house do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// The answer is no: a replayed session differs.
    No,
    /// What was given cannot be used.
    Usage,
    /// There is no answer: the system refused something.
    Unable,
}

impl Failure {
    fn internal(what: &str, error: &std::io::Error) -> Self {
        Self {
            what: format!("The simulator stopped while {what}."),
            why: error.to_string(),
            next: "Start it again.".to_owned(),
            exit: Exit::Unable,
        }
    }

    fn exit(&self) -> ExitCode {
        ExitCode::from(match self.exit {
            Exit::No => 1,
            Exit::Usage => 2,
            Exit::Unable => 3,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "what: {}\nwhy:  {}\nnext: {}", self.what, self.why, self.next)
    }
}

impl From<OpenTapeError> for Failure {
    fn from(error: OpenTapeError) -> Self {
        let mut why = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            why = format!("{why}: {cause}");
            source = cause.source();
        }
        Self {
            what: "The tape was not opened.".to_owned(),
            why: format!("{why}."),
            next: error.next().to_owned(),
            exit: Exit::Usage,
        }
    }
}

impl From<ScriptError> for Failure {
    fn from(error: ScriptError) -> Self {
        let why = match std::error::Error::source(&error) {
            Some(source) => format!("{error}: {source}."),
            None => format!("{error}."),
        };
        let next = "Write lines such as {\"at\":10,\"do\":\"spread\",\"symbol\":\"SPY\",\"by\":\"0.50\"}; DRILLS.md lists the drills.";
        let what = "The script was not taken.".to_owned();
        Self { what, why, next: next.to_owned(), exit: Exit::Usage }
    }
}

impl From<ServerError> for Failure {
    fn from(error: ServerError) -> Self {
        let (why, next, exit) = match &error {
            ServerError::NotLoopback { .. } => {
                (format!("{error}."), "Use --listen 127.0.0.1:PORT.", Exit::Usage)
            }
            ServerError::Listen { source, .. } => (
                format!("{error}: {source}."),
                "Choose another port; port 0 picks a free one.",
                Exit::Unable,
            ),
            ServerError::Record { source, .. } => (
                format!("{error}: {source}."),
                "Give --record a file that can be written.",
                Exit::Unable,
            ),
            ServerError::Control { source, .. } => (
                format!("{error}: {source}."),
                "Choose another port for --control; port 0 picks a free one.",
                Exit::Unable,
            ),
            ServerError::State { source } => {
                let cause = std::error::Error::source(source.as_ref());
                let cause = cause.map_or_else(String::new, |cause| format!(": {cause}"));
                let next = match source.as_ref() {
                    StateFileError::Taken { .. } => {
                        "End the other one, or give --state another folder."
                    }
                    StateFileError::Start { .. } => "Leave --start out, or give a later time.",
                    StateFileError::Disk { .. } => "Give --state a folder that can be written.",
                    StateFileError::Damaged { .. }
                    | StateFileError::Format { .. }
                    | StateFileError::World { .. } => {
                        "Give --state another folder to begin anew; this one is left as it is."
                    }
                };
                let is_disk = matches!(source.as_ref(), StateFileError::Disk { .. });
                let exit = if is_disk { Exit::Unable } else { Exit::Usage };
                (format!("{error}: {source}{cause}."), next, exit)
            }
            ServerError::Thread { source } => {
                (format!("{error}: {source}."), "Try again.", Exit::Unable)
            }
        };
        let what = "The simulator did not start.".to_owned();
        Self { what, why, next: next.to_owned(), exit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_start_in_new_york() {
        for (text, secs) in [
            ("2013-10-07", 1_381_152_600),
            ("2026-01-05T09:30", 1_767_623_400),
            ("2026-01-05T09:30:15", 1_767_623_415),
        ] {
            assert_eq!(parse_start(text).map(Utc::secs), Ok(secs), "{text}");
        }
        assert!(parse_start("yesterday").is_err());
    }

    #[test]
    fn refuses_a_speed_or_an_account_that_makes_no_sense() {
        for text in ["0", "-1", "1001", "fast", ""] {
            assert!(parse_speed(text).is_err(), "{text}");
        }
        assert!(parse_speed("0.5").is_ok() && parse_speed("60").is_ok());
        assert_eq!(parse_speed("max"), Ok(Speed::MAX));
        for text in ["", "DU", "X123", "DU12a"] {
            assert!(parse_account(text).is_err(), "{text}");
        }
    }
}
