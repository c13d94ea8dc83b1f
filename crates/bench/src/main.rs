//! Side-by-side figures, started by `cargo xtask bench`. Every figure stands beside a peer's from
//! the same run: ratios hold on a noisy machine, times do not.
//!
//! Nothing of the product knows this crate.

mod codec;
mod figures;
mod ipc;
mod ledger;
mod proxy;
mod risk;
mod sim;
mod studies;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;

const HELP: &str = "\
gatehouse-bench proxy  --dir DIR [--name NAME]    added latency: direct, copy proxy, Gatehouse
gatehouse-bench risk   --dir DIR [--peer PYTHON]  time per verdict, beside NautilusTrader
gatehouse-bench ledger --dir DIR                  durable commits, beside plain SQLite
gatehouse-bench codec  --dir DIR [--clients DIR --node DIR]
                                                  decode and encode rates, beside client libraries
gatehouse-bench sim    --dir DIR --sim PROGRAM [--soak SECONDS | --days]
                                                  ticks delivered, acknowledgements, memory
gatehouse-bench ipc    --dir DIR --sim PROGRAM    messages and bytes to the window, in a busy market
gatehouse-bench studies --dir DIR [--peer PYTHON]  chart studies over 1 M bars, beside TA-Lib
The table is printed, and written as JSON into DIR.";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match run(&args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("{HELP}");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("gatehouse-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> anyhow::Result<bool> {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["proxy", "--dir", dir] => proxy::measure(&folder(dir)?, "proxy")?,
        ["proxy", "--dir", dir, "--name", name] => proxy::measure(&folder(dir)?, name)?,
        ["risk", "--dir", dir] => risk::measure(&folder(dir)?, None)?,
        ["risk", "--dir", dir, "--peer", python] => risk::measure(&folder(dir)?, Some(python))?,
        ["studies", "--dir", dir] => studies::measure(&folder(dir)?, None)?,
        ["studies", "--dir", dir, "--peer", python] => {
            studies::measure(&folder(dir)?, Some(python))?;
        }
        ["ledger", "--dir", dir] => ledger::measure(&folder(dir)?)?,
        ["codec", "--dir", dir] => codec::measure(&folder(dir)?, None)?,
        ["codec", "--dir", dir, "--clients", environments, "--node", node] => {
            let libraries =
                codec::Libraries { environments: environments.into(), node: node.into() };
            codec::measure(&folder(dir)?, Some(&libraries))?;
        }
        ["ipc", "--dir", dir, "--sim", program] => ipc::measure(&folder(dir)?, program.as_ref())?,
        ["sim", "--dir", dir, "--sim", program] => sim::measure(&folder(dir)?, program.as_ref())?,
        ["sim", "--dir", dir, "--sim", program, "--soak", seconds] => {
            sim::soak(&folder(dir)?, program.as_ref(), seconds)?;
        }
        ["sim", "--dir", dir, "--sim", program, "--days"] => {
            sim::days(&folder(dir)?, program.as_ref())?;
        }
        ["peer", client, job, port, n] => codec::run(client, job, port, n)?,
        ["path", "copy", to] => proxy::path::copy(to)?,
        ["path", "gatehouse", to, dir] => proxy::path::gatehouse(to, &folder(dir)?)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn folder(dir: &str) -> anyhow::Result<PathBuf> {
    std::fs::create_dir_all(dir).with_context(|| format!("making {dir}"))?;
    Ok(PathBuf::from(dir))
}
