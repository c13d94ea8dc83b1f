//! The body of a sealed day: each column compressed for itself, without loss.
//!
//! A body is, little-endian: for each of the eight columns its length in bytes as 32 bits, then the
//! columns. Prices other than the close are differences from it, times differences from the one
//! before, so that what is stored is small. The columns are written by `pco`.

use pco::ChunkConfig;
use pco::standalone::{simple_compress, simple_decompress};

use crate::bars::Bars;

/// How bodies are written; a reader refuses every other number.
pub(crate) const CODEC: i64 = 1;

const N_COLUMNS: usize = 8;

/// Why a body cannot be read; the day is then missing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    #[error("its checksum is {found:08x}, not {expected:08x}")]
    Checksum { expected: u32, found: u32 },
    #[error("it is written in codec {found}, which this program does not know")]
    Codec { found: i64 },
    #[error("it does not hold {N_COLUMNS} columns of {n_bars} bars")]
    Shape { n_bars: i64 },
}

/// Returns the body of bars that are in the order of time.
pub(crate) fn write(bars: &Bars) -> Result<Vec<u8>, pco::errors::PcoError> {
    let config = ChunkConfig::default();
    let from_close = |column: &[i64]| -> Vec<i64> {
        column.iter().zip(&bars.close).map(|(px, close)| px.wrapping_sub(*close)).collect()
    };
    let mut last = 0;
    let steps: Vec<i64> = bars
        .at
        .iter()
        .map(|at| {
            let step = at.wrapping_sub(last);
            last = *at;
            step
        })
        .collect();
    let average: Vec<i64> = if bars.average_scale == bars.px_scale {
        from_close(&bars.average)
    } else {
        bars.average.clone()
    };
    let columns: [Vec<u8>; N_COLUMNS] = [
        simple_compress(&steps, &config)?,
        simple_compress(&from_close(&bars.open), &config)?,
        simple_compress(&from_close(&bars.high), &config)?,
        simple_compress(&from_close(&bars.low), &config)?,
        simple_compress(&bars.close, &config)?,
        simple_compress(&bars.volume, &config)?,
        simple_compress(&average, &config)?,
        simple_compress(&bars.n_trades, &config)?,
    ];
    let mut body = Vec::new();
    for column in &columns {
        let length = u32::try_from(column.len()).expect("a day is below 4 GiB");
        body.extend_from_slice(&length.to_le_bytes());
    }
    body.extend(columns.into_iter().flatten());
    Ok(body)
}

/// What stands beside a body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Header {
    pub(crate) n_bars: i64,
    pub(crate) px_scale: u32,
    pub(crate) volume_scale: u32,
    pub(crate) average_scale: u32,
    pub(crate) codec: i64,
    pub(crate) crc32: u32,
}

/// Reads a body.
pub(crate) fn read(header: Header, body: &[u8]) -> Result<Bars, Damage> {
    if header.codec != CODEC {
        return Err(Damage::Codec { found: header.codec });
    }
    let found = crc32fast::hash(body);
    if found != header.crc32 {
        return Err(Damage::Checksum { expected: header.crc32, found });
    }
    let shape = Damage::Shape { n_bars: header.n_bars };
    let bars = columns(header, body).ok_or(shape.clone())?;
    let n_bars = usize::try_from(header.n_bars).map_err(|_| shape.clone())?;
    let lengths =
        [&bars.open, &bars.high, &bars.low, &bars.close, &bars.volume, &bars.average].map(Vec::len);
    let is_whole = bars.at.len() == n_bars
        && bars.n_trades.len() == n_bars
        && lengths.iter().all(|length| *length == n_bars);
    if is_whole { Ok(bars) } else { Err(shape) }
}

fn columns(header: Header, body: &[u8]) -> Option<Bars> {
    let (lengths, mut rest) = body.split_at_checked(N_COLUMNS * 4)?;
    let mut parts = Vec::with_capacity(N_COLUMNS);
    for length in lengths.as_chunks::<4>().0 {
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (part, after) = rest.split_at_checked(length)?;
        parts.push(part);
        rest = after;
    }
    let [at, open, high, low, close, volume, average, n_trades] = parts[..] else { return None };
    if !rest.is_empty() {
        return None;
    }
    let longs = |part| simple_decompress::<i64>(part).ok();
    let mut bars = Bars {
        px_scale: header.px_scale,
        volume_scale: header.volume_scale,
        average_scale: header.average_scale,
        at: longs(at)?,
        open: longs(open)?,
        high: longs(high)?,
        low: longs(low)?,
        close: longs(close)?,
        volume: longs(volume)?,
        average: longs(average)?,
        n_trades: simple_decompress(n_trades).ok()?,
    };
    let mut last = 0_i64;
    for at in &mut bars.at {
        last = last.wrapping_add(*at);
        *at = last;
    }
    let Bars { open, high, low, average, close, .. } = &mut bars;
    let mut from_close = vec![open, high, low];
    if header.average_scale == header.px_scale {
        from_close.push(average);
    }
    for column in from_close {
        for (px, close) in column.iter_mut().zip(&*close) {
            *px = px.wrapping_add(*close);
        }
    }
    Some(bars)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn header(bars: &Bars, body: &[u8]) -> Header {
        Header {
            n_bars: i64::try_from(bars.len()).expect("is small"),
            px_scale: bars.px_scale,
            volume_scale: bars.volume_scale,
            average_scale: bars.average_scale,
            codec: CODEC,
            crc32: crc32fast::hash(body),
        }
    }

    fn any_bars() -> impl Strategy<Value = Bars> {
        let px = prop_oneof![Just(0), -5_000_i64..5_000, any::<i64>()];
        let row = (any::<i64>(), px.clone(), px.clone(), px.clone(), px.clone(), px, any::<i32>());
        let scales = (0_u32..3, 0_u32..3, 0_u32..3);
        (scales, prop::collection::vec(row, 1..80)).prop_map(|(scales, rows)| {
            let (px_scale, volume_scale, average_scale) = scales;
            let mut bars = Bars { px_scale, volume_scale, average_scale, ..Bars::default() };
            for (at, open, high, low, close, volume, n_trades) in rows {
                bars.at.push(at);
                bars.open.push(open);
                bars.high.push(high);
                bars.low.push(low);
                bars.close.push(close);
                bars.volume.push(volume);
                bars.average.push(open ^ volume);
                bars.n_trades.push(n_trades);
            }
            bars
        })
    }

    proptest! {
        #[test]
        fn whatever_is_written_reads_back(bars in any_bars()) {
            let body = write(&bars).expect("is written");
            prop_assert_eq!(read(header(&bars, &body), &body), Ok(bars));
        }

        #[test]
        fn a_flipped_bit_is_found(bars in any_bars(), at in any::<prop::sample::Index>(), bit in 0_u8..8) {
            let body = write(&bars).expect("is written");
            let header = header(&bars, &body);
            let mut damaged = body.clone();
            damaged[at.index(body.len())] ^= 1 << bit;
            let damage = read(header, &damaged).expect_err("is damaged");
            let is_found = matches!(damage, Damage::Checksum { .. });
            prop_assert!(is_found, "{:?}", damage);
        }
    }

    #[test]
    fn a_body_that_is_cut_or_of_another_kind_is_refused() {
        let bars = Bars {
            at: vec![60, 120],
            open: vec![1, 2],
            high: vec![1, 2],
            low: vec![1, 2],
            close: vec![1, 2],
            volume: vec![1, 2],
            average: vec![1, 2],
            n_trades: vec![1, 2],
            ..Bars::default()
        };
        let body = write(&bars).expect("is written");
        let cut = &body[..body.len() - 1];
        let whole = header(&bars, &body);
        let other = Header { codec: 9, ..whole };
        assert_eq!(read(other, &body), Err(Damage::Codec { found: 9 }));
        assert_eq!(read(header(&bars, cut), cut), Err(Damage::Shape { n_bars: 2 }));
        assert_eq!(read(Header { n_bars: 3, ..whole }, &body), Err(Damage::Shape { n_bars: 3 }));
    }
}
