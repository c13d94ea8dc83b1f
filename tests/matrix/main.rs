//! `cargo xtask clients`: every client at every version, straight at the simulator and through
//! Gatehouse, as a table and as JSON.
//!
//! Usage: `gatehouse-client-matrix FILE.json [CLIENT…]`; a client is named by a part of its name.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;
use gatehouse_tests::clients::{Day, Proof, json, live_all, table, whole};

/// Days at once: each is four processes that mostly wait for each other.
const AT_ONCE: usize = 3;

fn main() -> anyhow::Result<ExitCode> {
    let mut args = std::env::args().skip(1);
    let file = PathBuf::from(args.next().context("usage: FILE.json [CLIENT…]")?);
    let wanted: Vec<String> = args.collect();
    let mut settings = whole();
    settings.retain(|setting| {
        wanted.is_empty() || wanted.iter().any(|name| setting.client.name.contains(name.as_str()))
    });
    let begin = Instant::now();
    let days = live_all(&settings, AT_ONCE);
    println!("{}", table(&days));
    let n_cells: usize = days.iter().map(|day| day.cells.len()).sum();
    let n_passed =
        days.iter().flat_map(|day| &day.cells).filter(|cell| cell.outcome.is_ok()).count();
    let n_frames: usize =
        days.iter().filter_map(|day| day.proof.as_ref().ok()).map(Proof::n_frames).sum();
    println!(
        "{n_passed} of {n_cells} cells pass; {n_frames} frames were looked at; {:.0} s",
        begin.elapsed().as_secs_f64()
    );
    let folder = file.parent().context("a file without a folder")?;
    std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    std::fs::write(&file, format!("{:#}\n", json(&days)))
        .with_context(|| format!("writing {}", file.display()))?;
    println!("written to {}", file.display());
    Ok(if days.iter().all(Day::is_whole) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
