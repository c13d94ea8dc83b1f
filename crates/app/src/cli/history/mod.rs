//! `gatehouse history`: what is being fetched is asked of the running instance; `import`, `export`,
//! `gaps`, `quota`, `stats` and `check` work on the file of the data directory, beside it or without.

mod args;
mod export;
mod fill;
mod gaps;
mod import;
mod progress;
mod show;
mod view;

use std::path::Path;

use gatehouse_history::files::FileError;
use gatehouse_history::{Described, FILE_NAME, Store, StoreError};
use gatehouse_ipc::Failure;
use jiff::civil::Date;
use jiff::tz::TimeZone;

pub(super) use args::{Bars, History};
use args::{Days, Which};
pub(super) use fill::wait;
pub(super) use view::{line, print, print_job};

use crate::failure::{bad_input, broken};
use crate::history::{bar_name, bar_names, bar_secs};

/// Whether the answer is yes: everything was read, nothing was damaged.
pub(super) type IsFine = bool;

/// Carries a command out.
pub(super) fn perform(command: &Bars, data_dir: &Path, is_json: bool) -> Result<IsFine, Failure> {
    match command {
        Bars::Import(asked) => import::import(asked, data_dir, is_json),
        Bars::Export(asked) => export::export(asked, data_dir, is_json),
        Bars::Gaps { which, days } => gaps::gaps(which, days, data_dir, is_json),
        Bars::Quota { size } => show::quota(size.as_deref(), data_dir, is_json),
        Bars::Stats => show::stats(data_dir, is_json),
        Bars::Check => show::check(data_dir, is_json),
    }
}

/// Opens the file to read it only: a command that changes nothing makes no file, and puts none aside.
fn look(data_dir: &Path) -> Result<Store, Failure> {
    let what = "The history was not read.";
    let path = data_dir.join(FILE_NAME);
    if !path.exists() {
        return Err(bad_input(
            what,
            format!("Nothing is kept yet: there is no {}.", path.display()),
            "Fetch bars with gatehouse history fill, or take them in with gatehouse history import.",
        ));
    }
    Store::open_to_read(&path).map_err(|error| store_failure(what, &error))
}

/// Opens the file, and makes it where there is none.
fn open(data_dir: &Path) -> Result<Store, Failure> {
    let what = "The history was not opened.";
    std::fs::create_dir_all(data_dir)
        .map_err(|error| broken(what, &error, "Check the data directory."))?;
    let store = Store::open(&data_dir.join(FILE_NAME));
    let store = store.map_err(|error| store_failure(what, &error))?;
    if let Some(aside) = store.put_aside() {
        super::print::failure(
            &crate::failure::failure(
                "put-aside",
                gatehouse_ipc::FailureKind::Broken,
                "A new history was begun.",
                format!("The file was no database; it is {} now.", aside.display()),
                "Import or fetch the bars again.",
            ),
            false,
        );
    }
    Ok(store)
}

fn store_failure(what: &str, error: &StoreError) -> Failure {
    broken(what, error, "Check the disk and the data directory, then try again.")
}

fn file_failure(what: &str, error: &FileError) -> Failure {
    match error {
        FileError::Table { .. } => bad_input(
            what,
            format!("{}.", crate::failure::chain(error)),
            "Name its columns with --map, such as --map time=when.",
        ),
        FileError::Unwritable { .. } => {
            bad_input(what, format!("{}.", crate::failure::chain(error)), "Choose another format.")
        }
        FileError::Read { .. } | FileError::Write { .. } => {
            broken(what, error, "Check the path, then try again: it goes on where it stopped.")
        }
        FileError::Store(StoreError::NotHeld(_)) | FileError::NotHeld(_) => bad_input(
            what,
            format!("{}.", crate::failure::chain(error)),
            "Leave the row with that number out, or choose other days.",
        ),
        FileError::Damaged { .. } => broken(
            what,
            error,
            "Take them away with gatehouse history check, fetch or import them again, then export.",
        ),
        FileError::Changed => broken(what, error, "Try again."),
        FileError::Store(_) => {
            broken(what, error, "Check the disk, then try again: it goes on where it stopped.")
        }
    }
}

/// Reads the name of a bar.
fn secs_of(what: &str, bar: &str) -> Result<u32, Failure> {
    bar_secs(bar).ok_or_else(|| {
        bad_input(what, format!("{bar:?} is no bar."), format!("Use one of {}.", bar_names()))
    })
}

/// Returns the series that are meant: of `whats`, those that are kept.
fn series_of(
    store: &mut Store,
    which: &Which,
    whats: &[&str],
    what: &str,
) -> Result<Vec<Described>, Failure> {
    let secs = secs_of(what, &which.bar)?;
    let all = store.all_series().map_err(|error| store_failure(what, &error))?;
    let of_symbol = |one: &&Described| {
        let is = |wanted: &Option<String>, own: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(own))
        };
        one.instrument.symbol.eq_ignore_ascii_case(&which.symbol)
            && is(&which.sec_type, &one.instrument.sec_type)
            && is(&which.currency, &one.instrument.currency)
    };
    let fits =
        |one: &&Described| one.key.bar_secs == secs && whats.contains(&one.key.what.as_str());
    let found: Vec<Described> = all.iter().filter(of_symbol).filter(fits).cloned().collect();
    // Of the whole day where there is one, if nobody says it.
    let is_regular = which.regular || found.iter().all(|one| one.key.is_regular);
    let found: Vec<Described> =
        found.into_iter().filter(|one| one.key.is_regular == is_regular).collect();
    let Some(first) = found.first() else {
        let kept: Vec<String> = all.iter().filter(of_symbol).map(name_of).collect();
        let kept = if kept.is_empty() { "nothing".to_owned() } else { kept.join(", ") };
        return Err(bad_input(
            what,
            format!(
                "Of {} {kept} is kept, but no {} in bars of {}.",
                which.symbol,
                whats.join(" or "),
                which.bar
            ),
            "`gatehouse history stats` lists what is kept.",
        ));
    };
    let other = found.iter().find(|one| one.key.con_id != first.key.con_id);
    if let Some(other) = other {
        return Err(bad_input(
            what,
            format!("{} is {} and {}.", which.symbol, place_of(first), place_of(other)),
            "Say which with --sec-type and --currency.",
        ));
    }
    Ok(found)
}

fn place_of(one: &Described) -> String {
    let instrument = &one.instrument;
    format!("{} {} in {}", instrument.sec_type, instrument.symbol, instrument.currency)
}

/// Returns the name of a series, without its symbol.
fn name_of(one: &Described) -> String {
    let hours = if one.key.is_regular { " regular" } else { "" };
    format!("{} {}{hours}", one.key.what, bar_name(one.key.bar_secs))
}

/// Returns the span between two days, both inclusive, in the zone of a series.
fn span_of(series: &Described, days: &Days, what: &str) -> Result<(i64, i64), Failure> {
    let zone = if series.key.bar_secs >= 86_400 { "UTC" } else { &series.instrument.zone };
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let day = |text: &str| {
        text.parse::<Date>()
            .map_err(|_| bad_input(what, format!("{text:?} is no day."), "Write it as 2026-01-05."))
    };
    let begin = |day: Date| day.to_zoned(zone.clone()).map(|day| day.timestamp().as_second());
    let from = days.from.as_deref().map(day).transpose()?;
    let from = from.map_or(i64::MIN, |day| begin(day).unwrap_or(i64::MIN));
    let to = days.to.as_deref().map(day).transpose()?;
    let to = to.map_or(i64::MAX, |day| {
        day.tomorrow().ok().and_then(|day| begin(day).ok()).unwrap_or(i64::MAX)
    });
    Ok((from, to))
}

#[cfg(test)]
mod tests;
