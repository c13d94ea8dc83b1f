//! Rows of LEAN's files of bars.
//!
//! Trades are `time,open,high,low,close,volume` and quotes `time,bid o,h,l,c,size,ask o,h,l,c,size`.
//! Times are milliseconds after midnight, or `yyyymmdd hh:mm` in files of hours and days. Prices of
//! stocks are multiplied by 10,000.

use gatehouse_types::Decimal;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::layout::{Kind, Layout};
use crate::bars::Bar;
use crate::files::report::{RowTrouble, Troubles};
use crate::files::zoned;

/// The bars of a file: of trades, or of both sides.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) trades: Vec<Bar>,
    pub(super) bid: Vec<Bar>,
    pub(super) ask: Vec<Bar>,
    pub(super) n_rows: i64,
    pub(super) troubles: Troubles,
}

/// A column that does not hold what it should: its number from 1, and what it should.
type Wrong = (usize, &'static str);

/// Reads a table.
pub(super) fn read(text: &str, layout: &Layout, zone: &TimeZone) -> Rows {
    let mut rows = Rows::default();
    let zone = zoned::zone_of(layout.bar_secs, zone);
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (line, row) in (1..).zip(text.lines()) {
        if row.trim().is_empty() {
            continue;
        }
        let fields: Vec<&str> = row.split(',').map(str::trim).collect();
        match read_row(&fields, layout, &zone, &mut rows) {
            Ok(()) => rows.n_rows += 1,
            Err((column, expected)) => {
                let found = fields.get(column.wrapping_sub(1)).map_or(row, |field| *field);
                let column = if column == 0 { String::new() } else { column.to_string() };
                rows.troubles.add(RowTrouble { line, column, expected, found: found.to_owned() });
            }
        }
    }
    rows
}

fn read_row(
    fields: &[&str],
    layout: &Layout,
    zone: &TimeZone,
    rows: &mut Rows,
) -> Result<(), Wrong> {
    let n_expected = match layout.kind {
        Kind::Trade => (6, "6 columns"),
        Kind::Quote => (11, "11 columns"),
    };
    if fields.len() != n_expected.0 {
        return Err((0, n_expected.1));
    }
    let at = time(fields[0], layout, zone)?;
    let side = |first: usize| side(&fields[first..first + 5], first, at, layout.class.shift());
    match layout.kind {
        Kind::Trade => rows.trades.push(side(1)?.ok_or((2, "a price"))?),
        Kind::Quote => {
            let (bid, ask) = (side(1)?, side(6)?);
            rows.bid.extend(bid);
            rows.ask.extend(ask);
        }
    }
    Ok(())
}

fn time(field: &str, layout: &Layout, zone: &TimeZone) -> Result<i64, Wrong> {
    let Some(date) = layout.date else {
        let wall = DateTime::strptime("%Y%m%d %H:%M", field).ok();
        let at = wall.and_then(|wall| zoned::instant(wall, zone));
        return at.ok_or((1, "a time such as 20131007 00:00"));
    };
    // Milliseconds may be written with a fraction; bars begin at full seconds.
    let millis = field.split('.').next().and_then(|whole| whole.parse().ok());
    let at = millis.and_then(|millis| zoned::after_midnight(date, millis, zone));
    at.ok_or((1, "milliseconds after midnight"))
}

/// Reads four prices and a size; `None` where all are empty, or all prices zero.
fn side(fields: &[&str], first: usize, at: i64, shift: u32) -> Result<Option<Bar>, Wrong> {
    if fields[..4].iter().all(|field| field.is_empty()) {
        return Ok(None);
    }
    let number = |idx: usize, expected| {
        let number: Option<Decimal> =
            fields[idx].parse().or_else(|_| Decimal::from_scientific(fields[idx])).ok();
        number.ok_or((first + idx + 1, expected))
    };
    let px = |idx: usize| {
        let px = number(idx, "a price")?;
        let shifted = Decimal::try_from_i128_with_scale(px.mantissa(), px.scale() + shift);
        shifted.map_err(|_| (first + idx + 1, "a price"))
    };
    let [open, high, low, close] = [px(0)?, px(1)?, px(2)?, px(3)?];
    let volume = if fields[4].is_empty() { Decimal::ZERO } else { number(4, "a size")? };
    if [open, high, low, close].iter().all(Decimal::is_zero) {
        return Ok(None);
    }
    let (average, n_trades) = (Decimal::NEGATIVE_ONE, -1);
    Ok(Some(Bar { at, open, high, low, close, volume, average, n_trades }))
}

/// Writes one row without an end of line. A side that is `None` is empty.
pub(super) fn write(
    at: i64,
    sides: &[Option<Bar>],
    layout: &Layout,
    zone: &TimeZone,
    n_digits: u32,
) -> Option<String> {
    let wall = zoned::wall(at, &zoned::zone_of(layout.bar_secs, zone))?;
    let mut row = match layout.date {
        None => wall.strftime("%Y%m%d %H:%M").to_string(),
        Some(_) => {
            let time = wall.time();
            let secs = i32::from(time.hour()) * 3_600
                + i32::from(time.minute()) * 60
                + i32::from(time.second());
            format!("{}", i64::from(secs) * 1_000)
        }
    };
    for side in sides {
        let Some(bar) = side else {
            row.push_str(",,,,,");
            continue;
        };
        for px in [bar.open, bar.high, bar.low, bar.close] {
            row.push(',');
            row.push_str(&px_text(px, layout, n_digits)?);
        }
        row.push(',');
        row.push_str(&bar.volume.max(Decimal::ZERO).normalize().to_string());
    }
    Some(row)
}

/// Writes a price: of stocks a whole number where it is one; of others, days have the digits that
/// they need and all else those of the series.
fn px_text(px: Decimal, layout: &Layout, n_digits: u32) -> Option<String> {
    let shift = layout.class.shift();
    if shift > 0 {
        let shifted = px.checked_mul(Decimal::from(10_i64.pow(shift)))?;
        return Some(shifted.normalize().to_string());
    }
    let mut px = px.normalize();
    if layout.date.is_some() {
        px.rescale(n_digits);
    }
    Some(px.to_string())
}
