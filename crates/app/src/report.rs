//! The day report as a file: from the command line, and from the window into the data directory.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use gatehouse_ipc::{Failure, Reply};
use gatehouse_ledger::{FILE_NAME, Reader};
use gatehouse_report::{Report, Said, Wanted};
use gatehouse_types::Entry;
use jiff::civil::Date;

use crate::failure::{bad_input, broken};
use crate::recording;
use crate::view::row;

/// Where the window's reports are, in the data directory.
const FOLDER: &str = "reports";

/// Writes the report of some days to a file of the person's choice. Reads only, so it works beside
/// a running instance.
pub(crate) fn to_file(
    data_dir: &Path,
    from: Option<&str>,
    to: Option<&str>,
    out: &Path,
) -> Result<usize, Failure> {
    let wanted = wanted(from, to)?;
    let ledger = data_dir.join(FILE_NAME);
    if !ledger.exists() {
        return Err(bad_input(
            "No report was written.",
            format!("There is no ledger in {}.", data_dir.display()),
            "Start Gatehouse once, or name its data directory with --data-dir.",
        ));
    }
    let mut reader = recording::reader(&ledger)?;
    let (report, page) = drawn(&mut reader, wanted)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    write(options, out, &page, "Check the path given with --out.")?;
    Ok(report.days.len())
}

/// Writes the report of some days to a new file in the data directory.
pub(crate) fn to_folder(
    reader: &mut Reader,
    data_dir: &Path,
    from: Option<&str>,
    to: Option<&str>,
) -> Result<Reply, Failure> {
    let next = "Check the disk of the data directory.";
    let (report, page) = drawn(reader, wanted(from, to)?)?;
    let folder = data_dir.join(FOLDER);
    std::fs::create_dir_all(&folder)
        .map_err(|error| broken("The report was not written.", &error, next))?;
    let path = free_path(&folder, &report);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    write(options, &path, &page, next)?;
    let days = u32::try_from(report.days.len()).unwrap_or(u32::MAX);
    Ok(Reply::Reported { path: path.display().to_string(), days })
}

fn wanted(from: Option<&str>, to: Option<&str>) -> Result<Wanted, Failure> {
    let wanted = Wanted { from: from.map(date).transpose()?, to: to.map(date).transpose()? };
    match (wanted.from, wanted.to) {
        (Some(from), Some(to)) if from > to => Err(bad_input(
            "No report was written.",
            format!("The first day, {from}, is after the last, {to}."),
            "Give --from a day that is not after --to.",
        )),
        (_, _) => Ok(wanted),
    }
}

fn date(text: &str) -> Result<Date, Failure> {
    text.parse().map_err(|_| {
        bad_input(
            "No report was written.",
            format!("{text:?} is not a date."),
            "Give a trading day in New York, such as 2026-01-05.",
        )
    })
}

fn drawn(reader: &mut Reader, wanted: Wanted) -> Result<(Report, String), Failure> {
    let failed = |error: &dyn std::error::Error| {
        broken("No report was written.", error, "Run: gatehouse audit verify")
    };
    let version = env!("CARGO_PKG_VERSION");
    let report =
        gatehouse_report::read(reader, wanted, version, &said).map_err(|error| failed(&error))?;
    let page = gatehouse_report::page(&report).map_err(|error| failed(&error))?;
    Ok((report, page))
}

/// An entry in the words of the Audit screen.
fn said(entry: &Entry) -> Said {
    let row = row::row(entry, &[]);
    Said { who: row.actor, subject: row.subject, sentence: row.summary }
}

/// For its owner alone: it names orders and amounts.
fn write(
    mut options: std::fs::OpenOptions,
    path: &Path,
    page: &str,
    next: &str,
) -> Result<(), Failure> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .and_then(|mut file| file.write_all(page.as_bytes()).and_then(|()| file.sync_all()))
        .map_err(|error| broken("The report was not written.", &error, next))
}

/// Returns a name that says which days it is of, and that nothing has yet.
fn free_path(folder: &Path, report: &Report) -> PathBuf {
    let days = match report.span {
        None => "empty".to_owned(),
        Some((from, to)) if from == to => from.to_string(),
        Some((from, to)) => format!("{from}-to-{to}"),
    };
    let named = |suffix: String| folder.join(format!("report-{days}{suffix}.html"));
    (1_u32..)
        .map(|n| if n == 1 { named(String::new()) } else { named(format!("-{n}")) })
        .find(|path| !path.exists())
        .unwrap_or_else(|| named("-last".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_is_none_is_said_with_what_to_write() {
        let check = |from: Option<&str>, to: Option<&str>, why: &str| {
            let failure = wanted(from, to).expect_err("is no span of days");
            assert_eq!((failure.code.as_str(), failure.why.as_str()), ("bad-input", why));
        };
        check(Some("yesterday"), None, "\"yesterday\" is not a date.");
        check(None, Some("2026-02-30"), "\"2026-02-30\" is not a date.");
        let both = (Some("2026-01-06"), Some("2026-01-05"));
        check(both.0, both.1, "The first day, 2026-01-06, is after the last, 2026-01-05.");
        assert_eq!(wanted(None, None).map(|wanted| wanted.from), Ok(None));
    }

    #[cfg(unix)]
    #[test]
    fn the_windows_report_is_a_new_file_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder can be made");
        drop(gatehouse_ledger::open(folder.path()).expect("a ledger can be made"));
        let mut paths = Vec::new();
        for _ in 0..2 {
            let mut reader = recording::reader(&folder.path().join(FILE_NAME)).expect("is read");
            let reply = to_folder(&mut reader, folder.path(), None, None).expect("is written");
            let Reply::Reported { path, days } = reply else { panic!("is not a report") };
            assert_eq!(days, 0);
            let mode = std::fs::metadata(&path).expect("is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            assert!(std::fs::read_to_string(&path).expect("is text").contains("Nothing happened."));
            paths.push(path);
        }
        assert_ne!(paths[0], paths[1]);
    }
}
