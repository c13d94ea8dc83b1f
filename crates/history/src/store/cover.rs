//! Which spans of a series are known.

use super::{Store, StoreError, rows};
use crate::coverage::{self, Span};
use crate::script::Script;
use crate::series::SeriesId;

impl Store {
    /// Notes that a span was asked for and answered.
    ///
    /// # Errors
    /// `Query`; nothing is changed then.
    pub fn cover(&mut self, series: SeriesId, span: Span) -> Result<(), StoreError> {
        self.database.write(async move |script| Ok(lay(script, series, span).await?))
    }

    /// Forgets that a span was answered, so that it is a gap again. Its bars stay.
    ///
    /// # Errors
    /// `Query`; nothing is changed then.
    pub fn uncover(&mut self, series: SeriesId, from: i64, to: i64) -> Result<(), StoreError> {
        self.database.write(async move |script| Ok(forget(script, series, from, to).await?))
    }

    /// Returns the spans that are known, in order.
    ///
    /// # Errors
    /// `Query`.
    pub fn covered(&mut self, series: SeriesId) -> Result<Vec<Span>, StoreError> {
        let spans = sqlx::query(
            "SELECT from_at, to_at, is_empty FROM coverage WHERE series_id = ? ORDER BY from_at",
        )
        .bind(series.0);
        let rows = self.database.run(|connection| spans.fetch_all(connection))?;
        rows.iter().map(|row| Ok(rows::span(row)?)).collect()
    }

    /// Returns what of `[from, to)` is not known, in seconds since 1970, in order.
    ///
    /// # Errors
    /// `Query`.
    pub fn gaps(
        &mut self,
        series: SeriesId,
        from: i64,
        to: i64,
    ) -> Result<Vec<(i64, i64)>, StoreError> {
        Ok(coverage::gaps(&self.covered(series)?, from, to))
    }
}

/// Returns the spans that are known to have bars, in order.
pub(super) async fn with_bars(
    script: &mut Script<'_>,
    series: SeriesId,
) -> Result<Vec<Span>, sqlx::Error> {
    script.add(
        "SELECT from_at, to_at, is_empty FROM coverage WHERE series_id = ? AND is_empty = 0
         ORDER BY from_at",
    );
    script.bind(series.0).rows().await?.iter().map(rows::span).collect()
}

/// Lays a span over what is known.
pub(super) async fn lay(
    script: &mut Script<'_>,
    series: SeriesId,
    span: Span,
) -> Result<(), sqlx::Error> {
    let known = take_near(script, series, span.from, span.to).await?;
    put(script, series, coverage::laid(&known, span));
    Ok(())
}

/// Makes a span a gap again.
pub(super) async fn forget(
    script: &mut Script<'_>,
    series: SeriesId,
    from: i64,
    to: i64,
) -> Result<(), sqlx::Error> {
    let known = take_near(script, series, from, to).await?;
    put(script, series, coverage::without(&known, from, to));
    Ok(())
}

/// Takes the spans away that a span touches, and returns them in order.
async fn take_near(
    script: &mut Script<'_>,
    series: SeriesId,
    from: i64,
    to: i64,
) -> Result<Vec<Span>, sqlx::Error> {
    script.add(
        "DELETE FROM coverage WHERE series_id = ? AND from_at <= ? AND to_at >= ?
         RETURNING from_at, to_at, is_empty",
    );
    let near = script.bind(series.0).bind(to).bind(from).rows().await?;
    let mut spans = near.iter().map(rows::span).collect::<Result<Vec<Span>, _>>()?;
    spans.sort_unstable();
    Ok(spans)
}

fn put(script: &mut Script<'_>, series: SeriesId, spans: Vec<Span>) {
    for span in spans {
        script
            .add("INSERT INTO coverage (series_id, from_at, to_at, is_empty) VALUES (?, ?, ?, ?)")
            .bind(series.0)
            .bind(span.from)
            .bind(span.to)
            .bind(span.is_empty);
    }
}
