//! The store into LEAN folders.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use zip::write::SimpleFileOptions;

use super::layout::{Kind, Layout};
use super::rows;
use crate::bars::Bar;
use crate::files::report::Step;
use crate::files::{FileError, write_whole};
use crate::series::Described;
use crate::shelf::Shelf;
use crate::store::{Damaged, Store, StoreError};

/// Rows by their instant, with a place for each side.
type Sides = BTreeMap<i64, Vec<Option<Bar>>>;

/// Writes series into LEAN's folders below `dir`, and returns how many rows: one series of trades,
/// or a bid and an ask of the same bars, either of which may be missing. Files that are there are
/// replaced whole, one after the other.
///
/// # Errors
/// LEAN has no place for the series, a file cannot be written, the store not read, or some of its bars
/// do not hold: files from the first of these on are not written.
pub fn export_lean(
    store: &mut Store,
    series: &[Described],
    (from, to): (i64, i64),
    dir: &Path,
    told: &mut dyn FnMut(Step<'_>),
) -> Result<i64, FileError> {
    let unwritable = |why| FileError::Unwritable { path: dir.to_owned(), why };
    let first = series.first().ok_or_else(|| unwritable("no series is named".to_owned()))?;
    let kind = if place_of(&first.key.what).is_some() { Kind::Quote } else { Kind::Trade };
    let layout = Layout::for_series(&first.key, &first.instrument, kind).map_err(unwritable)?;
    let zone = &first.instrument.zone;
    let zone = TimeZone::get(zone).map_err(|_| StoreError::Zone { zone: zone.clone() })?;
    let files = files_of(store, series, &layout, &zone)?;
    told(Step::Found { n_files: files.len() });
    let mut n_digits = 0;
    for one in series {
        n_digits = n_digits.max(store.scales(one.id)?[0]);
    }
    let (mut n_rows, mut lost) = (0, Vec::new());
    for (date, span) in files {
        let layout = Layout { date, ..layout.clone() };
        let path = dir.join(layout.path());
        told(Step::File { path: &path });
        let span = (from.max(span.0), to.min(span.1));
        let sides = sides(store, series, span, kind, &mut lost)?;
        if lost.is_empty() && !sides.is_empty() {
            write_file(&path, &layout, &sides, &zone, n_digits)?;
            n_rows += i64::try_from(sides.len()).unwrap_or(0);
        }
        told(Step::Rows { n_rows });
    }
    FileError::of_damaged(&lost)?;
    Ok(n_rows)
}

/// Returns the files that the series fill: one for each day, or one for all. With the instants
/// between which their bars begin.
fn files_of(
    store: &mut Store,
    series: &[Described],
    layout: &Layout,
    zone: &TimeZone,
) -> Result<BTreeMap<Option<Date>, (i64, i64)>, FileError> {
    if layout.bar_secs >= 3_600 {
        return Ok(BTreeMap::from([(None, (i64::MIN, i64::MAX))]));
    }
    let shelf = Shelf::new(layout.bar_secs, zone.clone());
    let mut files = BTreeMap::new();
    for one in series {
        for chunk in store.chunks(one.id)? {
            files.insert(Some(chunk.day), shelf.span_of(chunk.day));
        }
    }
    Ok(files)
}

fn place_of(what: &str) -> Option<usize> {
    ["BID", "ASK"].iter().position(|side| *side == what)
}

/// Returns the rows of a span, and adds what does not hold to `lost`.
fn sides(
    store: &mut Store,
    series: &[Described],
    (from, to): (i64, i64),
    kind: Kind,
    lost: &mut Vec<Damaged>,
) -> Result<Sides, FileError> {
    let n_sides = if kind == Kind::Quote { 2 } else { 1 };
    let mut rows = Sides::new();
    for one in series {
        let side = place_of(&one.key.what).unwrap_or(0);
        let mut read = store.read(one.id, from, to)?;
        lost.append(&mut read.damaged);
        for bar in read.bars.rows() {
            let sides = rows.entry(bar.at).or_insert_with(|| vec![None; n_sides]);
            if let Some(place) = sides.get_mut(side) {
                *place = Some(bar);
            }
        }
    }
    Ok(rows)
}

fn write_file(
    path: &Path,
    layout: &Layout,
    sides: &Sides,
    zone: &TimeZone,
    n_digits: u32,
) -> Result<(), FileError> {
    let lines: Option<Vec<String>> =
        sides.iter().map(|(at, sides)| rows::write(*at, sides, layout, zone, n_digits)).collect();
    let why = || "a time or price is out of reach".to_owned();
    let lines = lines.ok_or_else(|| FileError::Unwritable { path: path.to_owned(), why: why() })?;
    write_whole(path, |file| {
        let failed = |source: zip::result::ZipError| FileError::Write {
            path: path.to_owned(),
            source: source.into(),
        };
        let mut archive = zip::ZipWriter::new(file);
        archive.start_file(layout.table(), SimpleFileOptions::default()).map_err(failed)?;
        archive.write_all(lines.join("\n").as_bytes()).map_err(FileError::write(path))?;
        archive.finish().map_err(failed).map(drop)
    })
}
