//! What may be typed, and the request that it means.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand};
use gatehouse_ipc::{AuditFilter, Failure, LimitInput, Reply, Request, State};
use gatehouse_types::{BotConfig, ClientId};

use super::gateway::Gateway;
use super::history::History;
use crate::failure;

/// Guards bots on Interactive Brokers: every order is judged, recorded, then forwarded, or refused
/// with a reason.
#[derive(Debug, Parser)]
#[command(name = "gatehouse", version)]
pub(super) struct Cli {
    /// Where the ledger and the log are; the platform's own place without it.
    #[arg(long, global = true)]
    pub(super) data_dir: Option<PathBuf>,
    /// Print data as one JSON object per line.
    #[arg(long, global = true)]
    pub(super) json: bool,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Clone, Subcommand)]
pub(super) enum Command {
    /// Guard bots without a window; prints `ready` when trading is possible.
    Run(RunArgs),
    /// Show the state of everything.
    Status,
    #[command(subcommand)]
    Limits(Limits),
    #[command(subcommand)]
    Bots(Bots),
    #[command(subcommand)]
    Orders(Orders),
    /// Show how the Gateway is, or start, stop and set it up.
    Gateway {
        #[command(subcommand)]
        act: Option<Gateway>,
    },
    /// List the alarms that are not over.
    Alarms {
        #[command(subcommand)]
        act: Option<Alarms>,
    },
    /// Close positions: shows what would be sent, and does it with --confirm TOKEN.
    Flatten {
        /// account, bot:NAME or symbol:SYM.
        #[arg(default_value = "account")]
        scope: String,
        /// The token of the review.
        #[arg(long)]
        confirm: Option<String>,
    },
    /// Stop everything: refuse orders, cancel working ones.
    Kill {
        #[arg(long, default_value = "from the command line")]
        reason: String,
    },
    /// End a kill that is at least a minute old; every bot stays halted.
    Release {
        /// The word RELEASE.
        word: String,
    },
    /// List the broker's codes that came since the start, and what keeps coming back with what would
    /// end it. With a code: what it means and what to do.
    Codes {
        #[arg(allow_negative_numbers = true)]
        code: Option<i32>,
        /// The broker's text, which decides where the code says little.
        #[arg(num_args = 0.., requires = "code")]
        text: Vec<String>,
    },
    /// List what is being fetched of past bars, or act on what is kept of them.
    History {
        #[command(subcommand)]
        act: Option<History>,
    },
    #[command(subcommand)]
    Audit(Audit),
    /// Write the report of trading days in New York as one page to print or mail.
    Report {
        /// First day, such as 2026-01-05; without it, the last alone.
        #[arg(long)]
        from: Option<String>,
        /// Last day; without it, the last of the ledger.
        #[arg(long)]
        to: Option<String>,
        #[arg(long)]
        out: PathBuf,
    },
    /// Find out what is wrong between here and the Gateway; exits 1 when a check fails. Takes up to
    /// ten seconds, and a client's place at the Gateway for a moment.
    Doctor(DoctorArgs),
}

/// What the doctor looks at.
#[derive(Debug, Clone, Args)]
pub(super) struct DoctorArgs {
    /// HOST:PORT, a PORT of this machine, or `sim` for the built-in simulator. Without it, that of
    /// the running instance, or whatever answers on the usual ports.
    #[arg(long, value_parser = doctor_address)]
    gateway: Option<String>,
    /// Try this client id at the Gateway.
    #[arg(long)]
    client_id: Option<i32>,
    /// Take the settings that the Gateway has for the right ones.
    #[arg(long)]
    accept_settings: bool,
}

#[derive(Debug, Clone, Subcommand)]
pub(super) enum Limits {
    /// List the limits of a scope: account, bot:NAME or symbol:SYM.
    List {
        #[arg(default_value = "account")]
        scope: String,
    },
    /// Set a limit: a number, `on`, names between commas, `off`, or `inherit`. Looser needs --confirm with the same value.
    Set {
        scope: String,
        limit: String,
        value: String,
        #[arg(long)]
        confirm: Option<String>,
    },
    /// Give the account or a bot the values of a profile: careful or standard. Looser values need
    /// --confirm with the same name, and wait for their delay.
    Profile {
        scope: String,
        profile: String,
        #[arg(long)]
        confirm: Option<String>,
    },
    /// Take back a looser value that waits for its delay.
    Discard { scope: String, limit: String },
}

#[derive(Debug, Clone, Subcommand)]
pub(super) enum Bots {
    List,
    Add {
        name: String,
        #[arg(long)]
        port: Option<u16>,
        #[arg(long)]
        client_id: Option<i32>,
        /// Values of its own: careful or standard. Without one it has the account's.
        #[arg(long, value_parser = ["careful", "standard"])]
        profile: Option<String>,
    },
    Remove {
        name: String,
    },
    /// No new entries; exits still work.
    Pause {
        name: String,
    },
    /// Also cancels working entries.
    Reduce {
        name: String,
    },
    /// Refuses all but cancels.
    Halt {
        name: String,
    },
    /// Limits apply, orders flow.
    Resume {
        name: String,
    },
}

#[derive(Debug, Clone, Subcommand)]
pub(super) enum Orders {
    List,
    /// Cancel one order, named BOT:ID.
    Cancel {
        id: String,
    },
}

#[derive(Debug, Clone, Subcommand)]
pub(super) enum Alarms {
    /// Say that you have seen an alarm; a critical one is not repeated then.
    Ack {
        /// Its name, as `gatehouse alarms` lists it.
        name: String,
    },
}

#[derive(Debug, Clone, Subcommand)]
pub(super) enum Audit {
    /// Check the whole chain; exits 1 when it is broken.
    Verify,
    /// Show the newest entries.
    Tail {
        #[arg(short = 'n', long, default_value_t = 20)]
        lines: u32,
    },
    /// Write entries to a file.
    Export {
        /// First entry.
        #[arg(long)]
        from: Option<u64>,
        /// Last entry.
        #[arg(long)]
        to: Option<u64>,
        #[arg(long, default_value = "jsonl")]
        format: String,
        #[arg(long)]
        out: PathBuf,
    },
}

/// How to run, with a window or without.
#[derive(Debug, Clone, Args)]
pub struct RunArgs {
    /// `sim` for the built-in simulator, or HOST:PORT of a running Gateway; what the settings say
    /// without it, which is the simulator at first.
    #[arg(long)]
    pub gateway: Option<GatewayArg>,
    /// A bot as NAME:PORT:CLIENT_ID; it is recorded and kept. May be given more than once.
    #[arg(long = "bot")]
    pub bots: Vec<BotArg>,
}

/// Where the Gateway is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GatewayArg {
    Simulator,
    Running(SocketAddr),
}

impl FromStr for GatewayArg {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        if text == "sim" {
            return Ok(Self::Simulator);
        }
        let text = text.replace("localhost", "127.0.0.1");
        text.parse()
            .map(Self::Running)
            .map_err(|_| format!("{text:?} is neither `sim` nor HOST:PORT with a numeric host"))
    }
}

/// A bot on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotArg(pub BotConfig);

impl FromStr for BotArg {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let [name, port, client_id] = text.split(':').collect::<Vec<_>>()[..] else {
            return Err(format!("{text:?} is not NAME:PORT:CLIENT_ID"));
        };
        Ok(Self(BotConfig {
            name: name.parse().map_err(|error: gatehouse_types::IdError| error.to_string())?,
            port: port.parse().map_err(|_| format!("{port:?} is not a port"))?,
            client_id: client_id
                .parse()
                .map(ClientId::new)
                .map_err(|_| format!("{client_id:?} is not a client id"))?,
        }))
    }
}

/// Reads what the doctor shall look at.
fn doctor_address(text: &str) -> Result<String, String> {
    if text == "sim" {
        return Ok(text.to_owned());
    }
    if text.parse::<u16>().is_ok_and(|port| port != 0) {
        return Ok(format!("127.0.0.1:{text}"));
    }
    let host =
        text.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok_and(|it| it != 0));
    match host {
        Some((host, _)) if !host.is_empty() => Ok(text.to_owned()),
        Some(_) | None => Err(format!("{text:?} is neither `sim` nor HOST:PORT nor PORT")),
    }
}

impl Command {
    /// Returns what to ask.
    pub(super) fn request(&self) -> Result<Request, Failure> {
        Ok(match self {
            Self::Run(_) | Self::Status | Self::Bots(Bots::List) | Self::Orders(Orders::List) => {
                Request::Status
            }
            Self::Limits(limits) => limits.request(),
            Self::Bots(bots) => bots.request(),
            Self::Orders(Orders::Cancel { id }) => cancel(id)?,
            Self::History { act: None } => Request::History,
            Self::History { act: Some(act) } => act.request(),
            Self::Gateway { act: None } => Request::Gateway,
            Self::Gateway { act: Some(act) } => act.request()?,
            Self::Alarms { act: None } => Request::Alarms,
            Self::Alarms { act: Some(Alarms::Ack { name }) } => {
                Request::AcknowledgeAlarm { alarm: name.clone() }
            }
            Self::Codes { code: None, .. } => Request::Codes,
            Self::Codes { code: Some(code), text } => {
                Request::Meaning { code: *code, text: text.join(" ") }
            }
            Self::Flatten { scope, confirm: None } => {
                Request::FlattenReview { scope: scope.clone() }
            }
            Self::Flatten { scope, confirm: Some(token) } => {
                Request::Flatten { scope: scope.clone(), token: token.clone() }
            }
            Self::Kill { reason } => Request::Kill { reason: reason.clone() },
            Self::Release { word } => Request::Release { word: word.clone() },
            Self::Audit(Audit::Verify | Audit::Export { .. }) => Request::Verify,
            Self::Doctor(asked) => Request::Doctor {
                address: asked.gateway.clone(),
                client_id: asked.client_id,
                accept_settings: asked.accept_settings,
            },
            Self::Report { from, to, .. } => Request::Report { from: from.clone(), to: to.clone() },
            Self::Audit(Audit::Tail { lines }) => {
                Request::Audit { filter: AuditFilter::default(), before: None, limit: *lines }
            }
        })
    }
}

impl Command {
    /// Returns what to ask after the first request was answered.
    ///
    /// # Errors
    /// When what is asked for does not fit the answer.
    pub(super) fn next_request(&self, reply: &Reply) -> Result<Option<Request>, Failure> {
        if let (Self::Gateway { act: Some(act) }, Reply::Gateway(view)) = (self, reply) {
            return act.change(view).transpose();
        }
        let Self::Bots(Bots::Add { name, profile: Some(profile), .. }) = self else {
            return Ok(None);
        };
        let (scope, profile) = (format!("bot:{name}"), profile.clone());
        Ok(Some(Request::SetProfile { scope, profile, confirm: None }))
    }
}

impl Limits {
    fn request(&self) -> Request {
        match self {
            Self::List { scope } => Request::Limits { scope: scope.clone() },
            Self::Set { scope, limit, value, confirm } => Request::SetLimit {
                scope: scope.clone(),
                limit: limit.clone(),
                value: match value.as_str() {
                    "off" => LimitInput::Off,
                    "inherit" => LimitInput::Inherit,
                    number => LimitInput::Set(number.to_owned()),
                },
                confirm: confirm.clone(),
            },
            Self::Profile { scope, profile, confirm } => Request::SetProfile {
                scope: scope.clone(),
                profile: profile.clone(),
                confirm: confirm.clone(),
            },
            Self::Discard { scope, limit } => {
                Request::DiscardLimit { scope: scope.clone(), limit: limit.clone() }
            }
        }
    }
}

impl Bots {
    fn request(&self) -> Request {
        let set = |name: &String, state| Request::SetState {
            scope: format!("bot:{name}"),
            state,
            why: "from the command line".to_owned(),
        };
        match self {
            Self::List => Request::Status,
            Self::Add { name, port, client_id, profile: _ } => {
                Request::AddBot { name: name.clone(), port: *port, client_id: *client_id }
            }
            Self::Remove { name } => Request::RemoveBot { name: name.clone() },
            Self::Pause { name } => set(name, State::Paused),
            Self::Reduce { name } => set(name, State::ReduceOnly),
            Self::Halt { name } => set(name, State::Halted),
            Self::Resume { name } => set(name, State::Active),
        }
    }
}

fn cancel(id: &str) -> Result<Request, Failure> {
    let named = id.split_once(':').and_then(|(bot, order_id)| {
        order_id.parse().ok().map(|order_id| Request::CancelOrder { bot: bot.to_owned(), order_id })
    });
    named.ok_or_else(|| {
        failure::bad_input(
            "Nothing was cancelled.",
            format!("{id:?} is not the name of an order."),
            "Name it BOT:ID, as `gatehouse orders list` does.",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_bot() {
        let bot: BotArg = "momentum-spy:7601:11".parse().expect("is a bot");
        assert_eq!((bot.0.port, bot.0.client_id), (7601, ClientId::new(11)));
        for text in ["momentum-spy", "a:b:c", "Momentum:1:1", "a:70000:1"] {
            assert!(text.parse::<BotArg>().is_err(), "{text:?} was taken for a bot");
        }
    }

    #[test]
    fn reads_what_the_doctor_shall_look_at() {
        for (text, address) in [
            ("sim", Some("sim")),
            ("4002", Some("127.0.0.1:4002")),
            ("desk.example:4002", Some("desk.example:4002")),
            ("[::1]:7497", Some("[::1]:7497")),
            ("0", None),
            (":4002", None),
            ("desk.example", None),
            ("127.0.0.1:70000", None),
        ] {
            assert_eq!(doctor_address(text).ok().as_deref(), address, "{text}");
        }
    }

    #[test]
    fn a_code_is_explained_with_its_text() {
        let request = |args: &[&str]| {
            let cli = Cli::try_parse_from([&["gatehouse", "codes"], args].concat()).ok()?;
            cli.command.request().ok()
        };
        let meaning = |code, text: &str| Some(Request::Meaning { code, text: text.to_owned() });
        assert_eq!(request(&[]), Some(Request::Codes));
        assert_eq!(request(&["354"]), meaning(354, ""));
        assert_eq!(request(&["162", "pacing violation"]), meaning(162, "pacing violation"));
        assert_eq!(request(&["162", "pacing", "violation"]), meaning(162, "pacing violation"));
        assert_eq!(request(&["-1"]), meaning(-1, ""));
        assert_eq!(request(&["pacing"]), None);
    }

    #[test]
    fn the_arguments_are_consistent() {
        use clap::CommandFactory as _;
        Cli::command().debug_assert();
    }
}
