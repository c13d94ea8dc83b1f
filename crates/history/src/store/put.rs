//! Answers laid over what is known.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use jiff::civil::Date;
use sqlx::Row as _;

use super::rows::{BEHIND_HEAD, HEAD};
use super::{Damaged, ImportKey, Imported, Store, StoreError, cover, imports, keep, rows};
use crate::bars::Bars;
use crate::body::{self, Damage, Head};
use crate::coverage::{self, Span};
use crate::merge::Dated;
use crate::script::Script;
use crate::series::SeriesId;
use crate::shelf::{self, Shelf};

/// Where bars that the broker sent are from.
pub const GATEWAY: &str = "gateway";

/// Bars as they came in.
#[derive(Debug, Clone, Copy)]
pub struct Fetched<'a> {
    pub series: SeriesId,
    /// In any order, of any number of days; one instant may come twice.
    pub bars: &'a Bars,
    /// Where they come from, such as [`GATEWAY`] or `lean`: one word.
    pub source: &'a str,
    /// When they were fetched, seconds since 1970: what was fetched later counts.
    pub fetched_at: i64,
    /// What is known by them. Of a span with bars that is all there is: kept bars of it that are not
    /// among these go. Where the answer was that there is nothing, what a file brought stays.
    pub covers: &'a [Span],
}

/// What answers changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Put {
    /// Bars of instants that had none.
    pub n_new: usize,
    /// Bars of a file that were left out, as they lie in spans of which the broker's are there.
    pub n_left_out: usize,
    /// Chunks of which some bar is new or other than before.
    pub n_chunks: usize,
}

impl std::ops::AddAssign for Put {
    fn add_assign(&mut self, more: Self) {
        self.n_new += more.n_new;
        self.n_left_out += more.n_left_out;
        self.n_chunks += more.n_chunks;
    }
}

/// A chunk that is to be written.
struct Written {
    head: Head,
    body: Vec<u8>,
    source: String,
    fetched_at: i64,
    revision: i64,
}

/// A chunk that was there before.
struct Before {
    dated: Dated,
    source: String,
    revision: i64,
}

impl Store {
    /// Lays one answer over what is known. Of bars of one instant the one that was fetched last
    /// stays, whatever the order in which answers are put.
    ///
    /// # Errors
    /// Nothing is changed then: numbers do not fit 64 bits at one scale, a time is none, or `Query`.
    pub fn put(&mut self, answer: &Fetched<'_>) -> Result<Put, StoreError> {
        self.put_all(std::slice::from_ref(answer))
    }

    /// Lays several answers over what is known, all or none.
    ///
    /// # Errors
    /// As `put`.
    pub fn put_all(&mut self, answers: &[Fetched<'_>]) -> Result<Put, StoreError> {
        self.put_noted(answers, None)
    }

    /// Lays answers of a file over what is known, and notes how far its import is, both or none: so
    /// an import that is cut off goes on where it stopped. Bars of spans that are known, and not to be
    /// empty, are left out: there the broker's count.
    ///
    /// # Errors
    /// As `put`.
    pub fn put_import(
        &mut self,
        answers: &[Fetched<'_>],
        key: &ImportKey,
        imported: Imported,
    ) -> Result<Put, StoreError> {
        self.put_noted(answers, Some((key, imported)))
    }

    fn put_noted(
        &mut self,
        answers: &[Fetched<'_>],
        import: Option<(&ImportKey, Imported)>,
    ) -> Result<Put, StoreError> {
        let mut shelves = Vec::with_capacity(answers.len());
        for answer in answers {
            shelves.push(self.shelf(answer.series)?);
        }
        let (done, found) = self.database.write(async move |script| {
            let (mut done, mut found) = (Put::default(), Vec::new());
            for (answer, shelf) in answers.iter().zip(&shelves) {
                let mut new = Dated::new(answer.bars.clone(), answer.fetched_at);
                if import.is_some() {
                    let known = cover::with_bars(script, answer.series).await?;
                    done.n_left_out += new.drop_where(|at| shelf.lies_in(at, &known));
                }
                let laying = Laying::of(answer, shelf);
                found.extend(put_bars(script, laying, new, &mut done).await?);
                for span in answer.covers {
                    cover::lay(script, answer.series, *span).await?;
                }
            }
            if let Some((key, imported)) = import {
                imports::note(script, key, imported);
                for answer in answers {
                    imports::note_series(script, key, answer.series);
                }
            }
            Ok::<_, StoreError>((done, found))
        })?;
        self.found.extend(found);
        Ok(done)
    }
}

/// An answer that is laid over what is known.
struct Laying<'a> {
    answer: &'a Fetched<'a>,
    shelf: &'a Shelf,
    /// Where its bars are all there is, in order.
    whole: Vec<Span>,
    /// Where answers brought all there is, this one among them, in order; it is empty where no chunk
    /// has bars of another place.
    known: Vec<Span>,
}

impl<'a> Laying<'a> {
    fn of(answer: &'a Fetched<'a>, shelf: &'a Shelf) -> Self {
        let mut whole: Vec<Span> =
            answer.covers.iter().filter(|span| !span.is_empty).copied().collect();
        whole.sort_unstable();
        Self { answer, shelf, whole, known: Vec::new() }
    }

    /// Returns the ids between which the chunks lie that it may change; `None` when there are none.
    fn ids(&self, cut: &[(Date, Range<usize>)]) -> Option<(i64, i64)> {
        let series = self.answer.series.0;
        let of_bars = cut.iter().map(|(day, _)| shelf::chunk_id(series, *day)).map(|id| (id, id));
        let of_spans = self.whole.iter().map(|span| self.shelf.ids_of(series, *span));
        of_bars.chain(of_spans).reduce(|one, next| (one.0.min(next.0), one.1.max(next.1)))
    }

    /// Returns where the bars of a chunk come from that had some before: from where the answer does
    /// when all are its own or lie where answers brought all there is, else all that there may be.
    fn source(&self, before: &str, dated: &Dated, answered: &Bars) -> String {
        let own = self.answer.source;
        let mut at = dated.bars.at.iter();
        let is_own = dated.bars == *answered || at.all(|at| self.shelf.lies_in(*at, &self.known));
        if is_own { own.to_owned() } else { joined(before, own) }
    }
}

/// Returns the chunks that did not hold, and of which only the answer is left.
async fn put_bars(
    script: &mut Script<'_>,
    mut laying: Laying<'_>,
    mut new: Dated,
    done: &mut Put,
) -> Result<Vec<Damaged>, StoreError> {
    let series = laying.answer.series;
    let cut = laying.shelf.cut(&new.bars.at)?;
    let Some(ids) = laying.ids(&cut) else { return Ok(Vec::new()) };
    let (mut before, found) = read_before(script, series, laying.shelf, ids).await?;
    let has_others = before.values().any(|chunk| chunk.source != laying.answer.source);
    if has_others && !laying.whole.is_empty() {
        let known = cover::with_bars(script, series).await?;
        laying.known = laying.whole.iter().fold(known, |known, span| coverage::laid(&known, *span));
    }
    let mut parts: Vec<(Date, Dated)> =
        cut.into_iter().map(|(day, range)| (day, new.part(range))).collect();
    // What the answer covers without a bar of its own.
    let is_asked = |day: &Date| parts.binary_search_by_key(day, |(day, _)| *day).is_err();
    let others: Vec<Date> = before.keys().copied().filter(is_asked).collect();
    parts.extend(others.into_iter().map(|day| (day, Dated::default())));
    for (day, part) in parts {
        match laid(&laying, day, part, before.remove(&day), done)? {
            Some(Change::Written(chunk)) => write(script, series, *chunk),
            Some(Change::Emptied) => {
                keep::drop_chunk(script, series, shelf::chunk_id(series.0, day));
            }
            None => {}
        }
        script.send_much().await?;
    }
    Ok(found)
}

/// What becomes of a chunk.
enum Change {
    Written(Box<Written>),
    /// None of its bars is left.
    Emptied,
}

/// Returns the chunk as it is with an answer laid over it; `None` when it is as it was.
fn laid(
    laying: &Laying<'_>,
    day: Date,
    part: Dated,
    before: Option<Before>,
    done: &mut Put,
) -> Result<Option<Change>, StoreError> {
    let answer = laying.answer;
    let (dated, source, revision) = match before {
        None => {
            done.n_new += part.bars.len();
            done.n_chunks += 1;
            (part, answer.source.to_owned(), 1)
        }
        Some(Before { dated: mut known, source, revision }) => {
            let before = known.clone();
            let answered = part.bars.clone();
            // Whose bars those of several places are is not known, however late they were fetched.
            let is_own = source == answer.source;
            let n_dropped = known.drop_where(|at| {
                let is_answered = || answered.at.binary_search(&at).is_ok();
                laying.shelf.lies_in(at, &laying.whole) && !(is_own && is_answered())
            });
            if answered.is_empty() && n_dropped == 0 {
                return Ok(None);
            }
            let dated = known.merged(part)?;
            let own = if answered.is_empty() {
                source.clone()
            } else {
                laying.source(&source, &dated, &answered)
            };
            if dated == before && own == source {
                return Ok(None);
            }
            let has_changed = dated.bars != before.bars;
            let is_new = |at: &&i64| before.bars.at.binary_search(at).is_err();
            done.n_new += answered.at.iter().filter(is_new).count();
            done.n_chunks += usize::from(has_changed);
            (dated, own, revision + i64::from(has_changed))
        }
    };
    if dated.bars.is_empty() {
        return Ok(Some(Change::Emptied));
    }
    let body = body::write(&dated.bars, &dated.fetched);
    let head = Head::of(shelf::chunk_id(answer.series.0, day), &dated.bars, &body);
    let fetched_at = dated.fetched.iter().copied().max().unwrap_or(answer.fetched_at);
    let chunk = Written { head, body, source, fetched_at, revision };
    Ok(Some(Change::Written(Box::new(chunk))))
}

/// Returns the sources of bars that lie in one chunk, by name.
fn joined(before: &str, source: &str) -> String {
    let all: BTreeSet<&str> = before.split(' ').chain([source]).collect();
    all.into_iter().collect::<Vec<_>>().join(" ")
}

/// Reads the chunks that are there between two ids, both inclusive. Those that do not hold are taken
/// away, and named.
async fn read_before(
    script: &mut Script<'_>,
    series: SeriesId,
    shelf: &Shelf,
    (first, last): (i64, i64),
) -> Result<(BTreeMap<Date, Before>, Vec<Damaged>), StoreError> {
    let wanted = script.add(&format!(
        "SELECT {HEAD}, body, source, revision FROM chunk LEFT JOIN body USING (chunk_id)
         WHERE chunk.chunk_id BETWEEN ? AND ?"
    ));
    let found = wanted.bind(first).bind(last).rows().await?;
    let (mut before, mut lost) = (BTreeMap::new(), Vec::new());
    for row in found {
        let head = rows::head(&row);
        let (_, day) = shelf::parts_of(head.chunk_id);
        let mut dated = Dated { bars: scaled(&head), fetched: Vec::new() };
        let read = rows::body(&row, BEHIND_HEAD)
            .ok_or(Damage::NoBody)
            .and_then(|body| body::read(&head, body, &mut dated.bars, Some(&mut dated.fetched)));
        match read {
            Ok(()) => {
                let (source, revision) = (row.try_get("source")?, row.try_get("revision")?);
                before.insert(day, Before { dated, source, revision });
            }
            Err(why) => {
                let damaged = Damaged { series, day, span: shelf.span_of(day), why };
                keep::give_back(script, &damaged).await?;
                lost.push(damaged);
            }
        }
    }
    Ok((before, lost))
}

/// Returns no bars, at the scales of a chunk.
pub(super) fn scaled(head: &Head) -> Bars {
    Bars {
        px_scale: head.px_scale,
        volume_scale: head.volume_scale,
        average_scale: head.average_scale,
        ..Bars::default()
    }
}

/// Writes a chunk and counts a change of its series.
fn write(script: &mut Script<'_>, series: SeriesId, chunk: Written) {
    let head = chunk.head;
    let add = script.add(
        "UPDATE series SET change = change + 1 WHERE series_id = ?;
         INSERT INTO chunk (chunk_id, first_at, last_at, n_bars, px_scale, open_px, high_px, low_px,
             close_px, volume_scale, volume, average_scale, codec, crc32, source, fetched_at, revision, change)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
             (SELECT change FROM series WHERE series_id = ?))
         ON CONFLICT (chunk_id) DO UPDATE SET first_at = excluded.first_at,
             last_at = excluded.last_at, n_bars = excluded.n_bars, px_scale = excluded.px_scale,
             open_px = excluded.open_px, high_px = excluded.high_px, low_px = excluded.low_px,
             close_px = excluded.close_px, volume_scale = excluded.volume_scale,
             volume = excluded.volume, average_scale = excluded.average_scale,
             codec = excluded.codec, crc32 = excluded.crc32, source = excluded.source,
             fetched_at = excluded.fetched_at, revision = excluded.revision,
             change = excluded.change;
         INSERT OR REPLACE INTO body (chunk_id, body) VALUES (?, ?)",
    );
    add.bind(series.0)
        .bind(head.chunk_id)
        .bind(head.first_at)
        .bind(head.last_at)
        .bind(head.n_bars)
        .bind(head.px_scale)
        .bind(head.open)
        .bind(head.high)
        .bind(head.low)
        .bind(head.close)
        .bind(head.volume_scale)
        .bind(head.volume)
        .bind(head.average_scale)
        .bind(head.codec)
        .bind(head.crc32)
        .bind(chunk.source)
        .bind(chunk.fetched_at)
        .bind(chunk.revision)
        .bind(series.0)
        .bind(head.chunk_id)
        .bind(chunk.body);
}
