//! The project's own commands. `cargo xtask run` opens the window, `cargo xtask test` runs
//! everything that CI runs; the others are parts of these.

mod bench;
mod clients;
mod prepare;
mod run;
mod step;
mod test;
mod tidy;

use std::path::PathBuf;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask run            build everything and open the window on the simulator
cargo xtask test           everything CI runs
cargo xtask check          the quick part of it: format, clippy, tidy, Rust tests, UI checks
cargo xtask clients [NAME] every client library at every version, as a table
cargo xtask bench [NAME]   codec, sim, proxy, risk, ledger, studies, chart or history beside their peers; JSON in target/bench
cargo xtask tidy           ranks, banned calls, budgets
cargo xtask fuzz SECONDS   the eight decoders, each for so many seconds
cargo xtask prepare        install what is missing, and nothing else";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let root = root();
    let outcome = match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["run"] => run::run(&root),
        ["test"] => test::test(&root),
        ["check"] => test::check(&root),
        ["bench", names @ ..] => bench::bench(&root, names),
        ["clients", names @ ..] => clients::clients(&root, names),
        ["tidy"] => tidy::tidy(&root),
        ["fuzz", seconds] => test::fuzz(&root, seconds),
        ["prepare"] => prepare::prepare(&root),
        _ => {
            eprintln!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn root() -> PathBuf {
    let manifest_dir = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    manifest_dir.parent().map_or(manifest_dir.clone(), PathBuf::from)
}
