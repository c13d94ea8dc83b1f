//! Parquet.
//!
//! Written, `time` is a timestamp in microseconds UTC, and `open`, `high`, `low`, `close`, `volume`
//! and `average` are decimals of 18 digits in 64 bits at the finest scale of the series: no price
//! passes through a binary float. pandas, polars and DuckDB read them as decimals, and convert them
//! when asked. `volume`, `average` and `trades` are null where the broker has none. Integers are
//! written as differences (`DELTA_BINARY_PACKED`) and compressed with zstd.
//!
//! Read, prices may be decimals, integers or floats; a float counts as the shortest decimal that
//! names it. A timestamp that is not adjusted to UTC is on the wall of the market.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use parquet::basic::{Compression, Encoding, LogicalType, TimeUnit, TimestampType, ZstdLevel};
use parquet::data_type::{Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::record::{Field, Row};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::{ColumnPath, Type};

use super::piece::{Selection, each_piece};
use super::report::{FileReport, Step};
use super::rows::import_table;
use super::table::{Table, TableReading};
use super::{FileError, write_whole};
use crate::bars::{Bars, power_of_ten};
use crate::store::Store;

/// Digits of a decimal in 64 bits, by the format's rules.
const DIGITS: u32 = 18;

/// Imports a file.
///
/// # Errors
/// The file cannot be read, lacks a column, or the store cannot be written. Rows that cannot be read
/// are in the report.
pub fn import_parquet(
    store: &mut Store,
    path: &Path,
    reading: &TableReading,
    told: &mut dyn FnMut(Step<'_>),
) -> Result<FileReport, FileError> {
    let no_table =
        |error: ParquetError| FileError::Table { path: path.to_owned(), why: error.to_string() };
    import_table(store, path, (reading, "parquet"), told, |store, take| {
        let file = File::open(path).map_err(FileError::read(path))?;
        let reader = SerializedFileReader::new(file).map_err(no_table)?;
        let schema = reader.metadata().file_metadata().schema_descr();
        let fields = schema.root_schema().get_fields();
        let names: Vec<String> = fields.iter().map(|field| field.name().to_owned()).collect();
        let times: Vec<Option<TimestampType>> = fields.iter().map(|field| time_of(field)).collect();
        let table = Table::begin(store, path, reading, &names)?;
        for (line, row) in (1..).zip(reader.get_row_iter(None).map_err(no_table)?) {
            let cells = cells(&row.map_err(no_table)?, &times);
            let bar = table.bar(line, |at| cells.get(at).map(String::as_str));
            take(store, &table, bar)?;
        }
        Ok(table)
    })
}

/// Returns what times a column has; `None` when it is none of times.
fn time_of(column: &Type) -> Option<TimestampType> {
    match column.get_basic_info().logical_type_ref() {
        Some(LogicalType::Timestamp(time)) => Some(time.clone()),
        Some(_) | None => None,
    }
}

/// Returns the cells of a row as text, null as nothing.
fn cells(row: &Row, times: &[Option<TimestampType>]) -> Vec<String> {
    let cell = |((_, field), time): ((_, &Field), &Option<TimestampType>)| match (field, time) {
        (Field::Long(n) | Field::TimestampMillis(n) | Field::TimestampMicros(n), Some(time)) => {
            time_text(*n, time).unwrap_or_default()
        }
        _ => text(field),
    };
    row.get_column_iter().zip(times).map(cell).collect()
}

/// Returns a time as text: without an offset when it is on the wall of the market.
fn time_text(n: i64, time: &TimestampType) -> Option<String> {
    let at = match time.unit {
        TimeUnit::MILLIS => Timestamp::from_millisecond(n),
        TimeUnit::MICROS => Timestamp::from_microsecond(n),
        TimeUnit::NANOS => Timestamp::from_nanosecond(i128::from(n)),
    };
    let at = at.ok()?;
    let wall = || TimeZone::UTC.to_datetime(at).to_string();
    Some(if time.is_adjusted_to_u_t_c { at.to_string() } else { wall() })
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the enum is the library's, and most of it no cell of a bar"
)]
fn text(field: &Field) -> String {
    let instant = |at: Option<Timestamp>| at.map_or_else(String::new, |at| at.to_string());
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::TimestampMillis(at) => instant(Timestamp::from_millisecond(*at).ok()),
        Field::TimestampMicros(at) => instant(Timestamp::from_microsecond(*at).ok()),
        Field::Date(days) => {
            let day =
                jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(i64::from(*days)));
            day.map_or_else(|_| String::new(), |day| day.to_string())
        }
        other => other.to_string(),
    }
}

/// Writes the bars of a selection, and returns how many.
///
/// # Errors
/// A number has more than 18 digits, the file cannot be written, the store not read, or some of its bars
/// do not hold.
pub fn export_parquet(
    store: &mut Store,
    selection: Selection,
    path: &Path,
    told: &mut dyn FnMut(Step<'_>),
) -> Result<i64, FileError> {
    let [px, volume, average] = store.scales(selection.series)?;
    let unwritable = |why: String| FileError::Unwritable { path: path.to_owned(), why };
    if px.max(volume).max(average) > DIGITS {
        return Err(unwritable(format!("a number has more than {DIGITS} digits behind the point")));
    }
    let schema = parse_message_type(&format!(
        "message bars {{
           REQUIRED INT64 time (TIMESTAMP(MICROS, true));
           REQUIRED INT64 open (DECIMAL({DIGITS}, {px}));
           REQUIRED INT64 high (DECIMAL({DIGITS}, {px}));
           REQUIRED INT64 low (DECIMAL({DIGITS}, {px}));
           REQUIRED INT64 close (DECIMAL({DIGITS}, {px}));
           OPTIONAL INT64 volume (DECIMAL({DIGITS}, {volume}));
           OPTIONAL INT64 average (DECIMAL({DIGITS}, {average}));
           OPTIONAL INT32 trades;
         }}"
    ));
    let failed = |error: ParquetError| unwritable(error.to_string());
    let schema = Arc::new(schema.map_err(failed)?);
    let mut n_bars = 0;
    write_whole(path, |file| {
        let mut writer =
            SerializedFileWriter::new(file, schema, Arc::new(properties())).map_err(failed)?;
        let mut n_rows = 0;
        n_bars = each_piece(store, selection, |bars| {
            check_digits(&bars).map_err(|why| unwritable(why.to_owned()))?;
            let mut group = writer.next_row_group().map_err(failed)?;
            write_group(&mut group, &bars).map_err(failed)?;
            group.close().map_err(failed)?;
            n_rows += i64::try_from(bars.len()).unwrap_or(0);
            told(Step::Rows { n_rows });
            Ok(())
        })?;
        writer.close().map_err(failed).map(drop)
    })?;
    Ok(n_bars)
}

fn properties() -> WriterProperties {
    let level = ZstdLevel::try_new(3).unwrap_or_default();
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_dictionary_enabled(false)
        .set_created_by("gatehouse".to_owned());
    for column in ["time", "open", "high", "low", "close", "volume", "average", "trades"] {
        let path = ColumnPath::from(column);
        builder = builder.set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
    }
    builder.build()
}

fn check_digits(bars: &Bars) -> Result<(), &'static str> {
    let most = 10_i64.pow(DIGITS) - 1;
    let columns = [&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume, &bars.average];
    let fits = columns.iter().all(|column| column.iter().all(|n| (-most..=most).contains(n)));
    if fits { Ok(()) } else { Err("a number has more than 18 digits") }
}

fn write_group<W: std::io::Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    bars: &Bars,
) -> Result<(), ParquetError> {
    let micros: Vec<i64> = bars.at.iter().map(|at| at.saturating_mul(1_000_000)).collect();
    for column in [&micros, &bars.open, &bars.high, &bars.low, &bars.close] {
        long(group, column, None)?;
    }
    for (column, scale) in [(&bars.volume, bars.volume_scale), (&bars.average, bars.average_scale)]
    {
        // The average of a spread may be below 0 too: only −1 says that there is none.
        let none = power_of_ten(scale).map(|one| -one);
        let levels: Vec<i16> = column.iter().map(|n| i16::from(Some(*n) != none)).collect();
        let held: Vec<i64> = column.iter().copied().filter(|n| Some(*n) != none).collect();
        long(group, &held, Some(&levels))?;
    }
    let levels: Vec<i16> = bars.n_trades.iter().map(|n| i16::from(*n >= 0)).collect();
    let held: Vec<i32> = bars.n_trades.iter().copied().filter(|n| *n >= 0).collect();
    let mut column = group.next_column()?.ok_or_else(no_column)?;
    column.typed::<Int32Type>().write_batch(&held, Some(&levels), None)?;
    column.close()
}

fn long<W: std::io::Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[i64],
    levels: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let mut column = group.next_column()?.ok_or_else(no_column)?;
    column.typed::<Int64Type>().write_batch(values, levels, None)?;
    column.close()
}

fn no_column() -> ParquetError {
    ParquetError::General("the table has fewer columns than bars have".to_owned())
}
