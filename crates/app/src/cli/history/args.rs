//! What may be typed after `gatehouse history`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use gatehouse_ipc::Request;

#[derive(Debug, Clone, Subcommand)]
pub(crate) enum History {
    /// Fetch the bars that are missing within the broker's pacing rules, and wait until they are
    /// there: exits 1 when it does not go on without you. Ctrl-C leaves it going on, and so does a
    /// restart of Gatehouse.
    Fill {
        #[arg(long)]
        symbol: String,
        /// Length of a bar, such as 1m, 5m, 1h or 1d.
        #[arg(long)]
        bar: String,
        /// Kind of prices, as the broker names it.
        #[arg(long, default_value = "TRADES")]
        what: String,
        /// First day, such as 2026-01-05; without it, a year before the last.
        #[arg(long)]
        from: Option<String>,
        /// Last day; without it, until now.
        #[arg(long)]
        to: Option<String>,
        /// Regular trading hours only.
        #[arg(long)]
        regular: bool,
        /// Return at once.
        #[arg(long)]
        background: bool,
    },
    /// Stop fetching; what came so far stays.
    Stop { job: i64 },
    /// Answer a bot's requests for bars out of what is kept, where that holds exactly what is asked
    /// for: `on`, or `off` to leave them all to the Gateway.
    Serve {
        bot: String,
        #[arg(value_parser = ["on", "off"])]
        state: String,
    },
    #[command(flatten)]
    Kept(Bars),
}

impl History {
    /// Returns the request that is meant.
    pub(in crate::cli) fn request(&self) -> Request {
        match self {
            Self::Fill { symbol, bar, what, from, to, regular, background: _ } => {
                Request::FillHistory {
                    symbol: symbol.clone(),
                    bar: bar.clone(),
                    what: what.clone(),
                    is_regular: *regular,
                    from: from.clone(),
                    to: to.clone(),
                }
            }
            Self::Stop { job } => Request::StopHistory { job: *job },
            Self::Serve { bot, state } => {
                Request::ServeHistory { bot: bot.clone(), is_on: state == "on" }
            }
            Self::Kept(_) => Request::History,
        }
    }
}

/// What may be done with the bars that are kept, beside a running instance and without one.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Bars {
    /// Take bars of files in: a LEAN folder, a table of comma-separated values, Parquet. Goes on
    /// where it stopped; files of other kinds are named and left out. Exits 1 when something could
    /// not be read.
    Import(Box<Import>),
    /// Write bars to a file, or to LEAN's folders below --out.
    Export(Export),
    /// List what is missing of a series by the exchange's trading days: days that nobody asked for, days
    /// for which the broker had nothing, and holes in regular hours. Where no trading days are known it
    /// says so.
    Gaps {
        #[command(flatten)]
        which: Which,
        #[command(flatten)]
        days: Days,
    },
    /// Show how many bytes the file may have, or set it: 500M, 20G, or `off`. What is above goes, that
    /// of the series first that nobody used for the longest.
    Quota { size: Option<String> },
    /// List what is kept of each series, and how big it is.
    Stats,
    /// Look at everything that is kept; exits 1 when something was damaged. That is fetched again when
    /// Gatehouse is started next; what was imported is to be imported again.
    Check,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Lean,
    Csv,
    Parquet,
}

/// Which series.
#[derive(Debug, Clone, Args)]
pub(crate) struct Which {
    #[arg(long)]
    pub(super) symbol: String,
    /// Length of a bar: 1s, 1m, 5m, 15m, 1h, 1d.
    #[arg(long, default_value = "1m")]
    pub(super) bar: String,
    /// TRADES, BID, ASK, MIDPOINT, ADJUSTED_LAST.
    #[arg(long, default_value = "TRADES")]
    pub(super) what: String,
    /// Bars of regular trading hours only.
    #[arg(long)]
    pub(super) regular: bool,
    /// STK, FUT, CASH, where a symbol has several.
    #[arg(long)]
    pub(super) sec_type: Option<String>,
    #[arg(long)]
    pub(super) currency: Option<String>,
}

/// Which days of it; all that is known where a bound is not given.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Days {
    /// First day, such as 2026-01-05; without it, the first that is known.
    #[arg(long)]
    pub(super) from: Option<String>,
    /// Last day; without it, the last that is known.
    #[arg(long)]
    pub(super) to: Option<String>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Import {
    /// A file or a folder.
    pub(super) path: PathBuf,
    /// Without it, a folder or a .zip is LEAN's, and others are what their names end in.
    #[arg(long)]
    pub(super) format: Option<Format>,
    /// Of a table: what it is of.
    #[arg(long)]
    pub(super) symbol: Option<String>,
    /// Of a table: length of a bar.
    #[arg(long, default_value = "1m")]
    pub(super) bar: String,
    #[arg(long, default_value = "TRADES")]
    pub(super) what: String,
    /// Of a table: bars of regular trading hours only.
    #[arg(long)]
    pub(super) regular: bool,
    #[arg(long, default_value = "STK")]
    pub(super) sec_type: String,
    #[arg(long, default_value = "USD")]
    pub(super) currency: String,
    #[arg(long, default_value = "SMART")]
    pub(super) exchange: String,
    /// The broker's id of the instrument; without it, that of a series of the same name.
    #[arg(long)]
    pub(super) con_id: Option<i32>,
    /// Zone of times without an offset, and of the exchange's days. Without it, New York, and UTC
    /// for pairs and coins.
    #[arg(long)]
    pub(super) zone: Option<String>,
    /// Of a table: which column is time, open, high, low, close, volume, average or trades, by name
    /// or number, such as time=when or close=5. May be given more than once.
    #[arg(long = "map", value_parser = pair)]
    pub(super) columns: Vec<(String, String)>,
    /// Of a table: how times are written, such as "%d.%m.%Y %H:%M"; without it, ISO 8601 or a number
    /// since 1970.
    #[arg(long)]
    pub(super) time_format: Option<String>,
    /// Between the cells of a line.
    #[arg(long, default_value = ",")]
    pub(super) delimiter: char,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Export {
    #[command(flatten)]
    pub(super) which: Which,
    #[arg(long, default_value = "csv")]
    pub(super) format: Format,
    /// A file; with --format lean a folder.
    #[arg(long)]
    pub(super) out: PathBuf,
    #[command(flatten)]
    pub(super) days: Days,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, column) =
        text.split_once('=').ok_or_else(|| format!("{text:?} is not NAME=COLUMN"))?;
    Ok((name.trim().to_ascii_lowercase(), column.trim().to_owned()))
}
