//! Rows of the file as values.

use gatehouse_types::ConId;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use crate::body::Head;
use crate::coverage::Span;
use crate::series::{Described, Instrument, SeriesId, SeriesKey};

/// Columns that [`described`] reads.
pub(super) const SERIES: &str =
    "series_id, con_id, what, bar_secs, regular, symbol, sec_type, currency, exchange, zone";

/// Columns that [`head`] reads, in its order.
pub(super) const HEAD: &str = "chunk.chunk_id, first_at, last_at, n_bars, px_scale, open_px, \
     high_px, low_px, close_px, volume_scale, volume, average_scale, codec, crc32";

/// Number of the first column behind those of a head.
pub(super) const BEHIND_HEAD: usize = 14;

pub(super) fn described(row: &SqliteRow) -> Result<Described, sqlx::Error> {
    Ok(Described {
        id: SeriesId(row.try_get("series_id")?),
        key: SeriesKey {
            con_id: ConId::new(row.try_get("con_id")?),
            what: row.try_get("what")?,
            bar_secs: row.try_get("bar_secs")?,
            is_regular: row.try_get("regular")?,
        },
        instrument: Instrument {
            symbol: row.try_get("symbol")?,
            sec_type: row.try_get("sec_type")?,
            currency: row.try_get("currency")?,
            exchange: row.try_get("exchange")?,
            zone: row.try_get("zone")?,
        },
    })
}

/// Reads the figures of a chunk. By number, as there are thousands. A figure that is damaged so far
/// that it is no number of its kind becomes one that no checksum agrees with.
pub(super) fn head(row: &SqliteRow) -> Head {
    let number = |column: usize| row.try_get_unchecked(column).unwrap_or(i64::MIN);
    let small = |column: usize| u32::try_from(number(column)).unwrap_or(u32::MAX);
    Head {
        chunk_id: number(0),
        first_at: number(1),
        last_at: number(2),
        n_bars: number(3),
        px_scale: small(4),
        open: number(5),
        high: number(6),
        low: number(7),
        close: number(8),
        volume_scale: small(9),
        volume: number(10),
        average_scale: small(11),
        codec: number(12),
        crc32: small(13),
    }
}

/// Reads the body of a chunk; `None` when there is none.
pub(super) fn body(row: &SqliteRow, column: usize) -> Option<&[u8]> {
    row.try_get::<Option<&[u8]>, _>(column).ok().flatten()
}

pub(super) fn span(row: &SqliteRow) -> Result<Span, sqlx::Error> {
    Ok(Span { from: row.try_get(0)?, to: row.try_get(1)?, is_empty: row.try_get(2)? })
}
