//! Which spans of a series are known.

use sqlx::sqlite::SqliteConnection;

use super::{Store, StoreError, rows};
use crate::coverage::{self, Span};
use crate::series::SeriesId;

impl Store {
    /// Notes that a span was asked for and answered.
    ///
    /// # Errors
    /// `Query`; nothing is changed then.
    pub fn cover(&mut self, series: SeriesId, span: Span) -> Result<(), StoreError> {
        self.database.write(async move |connection| Ok(lay(connection, series, span).await?))
    }

    /// Forgets that a span was answered, so that it is a gap again. Its bars stay.
    ///
    /// # Errors
    /// `Query`; nothing is changed then.
    pub fn uncover(&mut self, series: SeriesId, from: i64, to: i64) -> Result<(), StoreError> {
        self.database.write(async move |connection| Ok(forget(connection, series, from, to).await?))
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

/// Lays a span over what is known.
pub(super) async fn lay(
    connection: &mut SqliteConnection,
    series: SeriesId,
    span: Span,
) -> Result<(), sqlx::Error> {
    let known = take_near(connection, series, span.from, span.to).await?;
    put(connection, series, coverage::laid(&known, span)).await
}

/// Makes a span a gap again.
pub(super) async fn forget(
    connection: &mut SqliteConnection,
    series: SeriesId,
    from: i64,
    to: i64,
) -> Result<(), sqlx::Error> {
    let known = take_near(connection, series, from, to).await?;
    put(connection, series, coverage::without(&known, from, to)).await
}

/// Takes the spans away that a span touches, and returns them in order.
async fn take_near(
    connection: &mut SqliteConnection,
    series: SeriesId,
    from: i64,
    to: i64,
) -> Result<Vec<Span>, sqlx::Error> {
    let near = sqlx::query(
        "DELETE FROM coverage WHERE series_id = ? AND from_at <= ? AND to_at >= ?
         RETURNING from_at, to_at, is_empty",
    );
    let near = near.bind(series.0).bind(to).bind(from).fetch_all(connection).await?;
    let mut spans = near.iter().map(rows::span).collect::<Result<Vec<Span>, _>>()?;
    spans.sort_unstable();
    Ok(spans)
}

async fn put(
    connection: &mut SqliteConnection,
    series: SeriesId,
    spans: Vec<Span>,
) -> Result<(), sqlx::Error> {
    for span in spans {
        sqlx::query(
            "INSERT INTO coverage (series_id, from_at, to_at, is_empty) VALUES (?, ?, ?, ?)",
        )
        .bind(series.0)
        .bind(span.from)
        .bind(span.to)
        .bind(span.is_empty)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
