//! The bars of a series in pieces that fit into memory.

use super::FileError;
use crate::bars::Bars;
use crate::series::SeriesId;
use crate::store::Store;

/// Bars that are held at once.
const BARS_AT_ONCE: i64 = if cfg!(test) { 4 } else { 200_000 };

/// What to export.
#[derive(Debug, Clone, Copy)]
pub struct Selection {
    pub series: SeriesId,
    /// Bars that begin at or after this, seconds since 1970.
    pub from: i64,
    /// And before this.
    pub to: i64,
}

/// Hands the bars of a selection on, piece by piece in the order of time, at the finest scales of
/// the series. Returns how many there were.
///
/// # Errors
/// Bars do not hold, changed meanwhile (which those of one instant do not), or cannot be read; or those
/// of `take`.
pub(super) fn each_piece(
    store: &mut Store,
    selection: Selection,
    mut take: impl FnMut(Bars) -> Result<(), FileError>,
) -> Result<i64, FileError> {
    let Selection { series, from, to } = selection;
    let scales = store.scales(series)?;
    let (mut n_bars, mut lost) = (0, Vec::new());
    for (begin, end) in pieces(store, selection)? {
        let mut read = store.read(series, begin.max(from), end.min(to))?;
        lost.append(&mut read.damaged);
        // Where some are lost nothing is of use, but all of them are named.
        if !lost.is_empty() {
            continue;
        }
        let mut bars = read.bars;
        bars.refine(scales)?;
        if bars.scales() != scales {
            return Err(FileError::Changed);
        }
        n_bars += i64::try_from(bars.len()).unwrap_or(0);
        if !bars.is_empty() {
            take(bars)?;
        }
    }
    FileError::of_damaged(&lost)?;
    Ok(n_bars)
}

fn pieces(store: &mut Store, selection: Selection) -> Result<Vec<(i64, i64)>, FileError> {
    let mut pieces = Vec::new();
    let (mut begin, mut n_held) = (i64::MIN, 0);
    for chunk in store.chunks(selection.series)? {
        if n_held > 0 && n_held + chunk.n_bars > BARS_AT_ONCE {
            pieces.push((begin, chunk.bar.at));
            (begin, n_held) = (chunk.bar.at, 0);
        }
        n_held += chunk.n_bars;
    }
    pieces.push((begin, i64::MAX));
    Ok(pieces)
}
