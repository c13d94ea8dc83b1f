//! The body of a chunk: its columns, packed each for itself, without loss.
//!
//! What is packed is small: times as steps, the close as its step from the close before, the open
//! as its distance from that, high and low as their distance from the higher and lower of open and
//! close, the average as its distance from the middle of high and low. A body is a byte that says
//! whether the average is such a distance, the first close, and nine columns: times, close, open,
//! high, low, volume, average, number of trades, and when each bar was fetched. A chart reads no
//! further than the volume.

use crate::bars::{Bars, power_of_ten};
use crate::packed;

/// How bodies are written; a reader refuses every other number.
pub(crate) const CODEC: i64 = 1;

/// Why a chunk cannot be read; its bars are then missing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    #[error("its checksum is {found:08x}, not {expected:08x}")]
    Checksum { expected: u32, found: u32 },
    #[error("it is written in codec {found}, which this program does not know")]
    Codec { found: i64 },
    #[error("it does not hold nine columns of {n_bars} bars")]
    Shape { n_bars: i64 },
    #[error("its body is missing")]
    NoBody,
    #[error("its figures are none of bars")]
    Figures,
}

/// Digits behind the point that a decimal may have.
const DIGITS_MAX: u32 = 28;
/// Bars of a chunk, by far: a day has 86,400 seconds.
const N_BARS_MAX: i64 = 1 << 24;

/// The figures that stand beside a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) chunk_id: i64,
    pub(crate) first_at: i64,
    pub(crate) last_at: i64,
    pub(crate) n_bars: i64,
    pub(crate) px_scale: u32,
    pub(crate) open: i64,
    pub(crate) high: i64,
    pub(crate) low: i64,
    pub(crate) close: i64,
    pub(crate) volume_scale: u32,
    /// Sum of the volumes that the broker had.
    pub(crate) volume: i64,
    pub(crate) average_scale: u32,
    pub(crate) codec: i64,
    pub(crate) crc32: u32,
}

impl Head {
    /// Returns the figures of bars in the order of time, at least one.
    pub(crate) fn of(chunk_id: i64, bars: &Bars, body: &[u8]) -> Self {
        let first = |column: &[i64]| column.first().copied().unwrap_or_default();
        let last = |column: &[i64]| column.last().copied().unwrap_or_default();
        let head = Self {
            chunk_id,
            first_at: first(&bars.at),
            last_at: last(&bars.at),
            n_bars: i64::try_from(bars.len()).unwrap_or(i64::MAX),
            px_scale: bars.px_scale,
            open: first(&bars.open),
            high: bars.high.iter().copied().max().unwrap_or_default(),
            low: bars.low.iter().copied().min().unwrap_or_default(),
            close: last(&bars.close),
            volume_scale: bars.volume_scale,
            // A sum over what fits is a figure for views, not for orders.
            volume: bars.volume.iter().fold(0, |sum: i64, one| sum.saturating_add((*one).max(0))),
            average_scale: bars.average_scale,
            codec: CODEC,
            crc32: 0,
        };
        Self { crc32: head.checksum(body), ..head }
    }

    fn checksum(&self, body: &[u8]) -> u32 {
        let mut hasher = crc32fast::Hasher::new();
        let scales = [self.px_scale, self.volume_scale, self.average_scale].map(i64::from);
        let times = [self.chunk_id, self.first_at, self.last_at, self.n_bars, self.codec];
        let prices = [self.open, self.high, self.low, self.close, self.volume];
        for figure in times.iter().chain(&prices).chain(&scales) {
            hasher.update(&figure.to_le_bytes());
        }
        hasher.update(body);
        hasher.finalize()
    }

    /// Returns whether the figures may be those of bars at all, which is known without the body.
    pub(crate) fn is_sound(&self) -> bool {
        let scales = [self.px_scale, self.volume_scale, self.average_scale];
        scales.iter().all(|scale| *scale <= DIGITS_MAX)
            && (1..=N_BARS_MAX).contains(&self.n_bars)
            && self.first_at <= self.last_at
    }

    fn check(&self, body: &[u8]) -> Result<(), Damage> {
        if self.codec != CODEC {
            return Err(Damage::Codec { found: self.codec });
        }
        let found = self.checksum(body);
        if found != self.crc32 {
            return Err(Damage::Checksum { expected: self.crc32, found });
        }
        if !self.is_sound() {
            return Err(Damage::Figures);
        }
        Ok(())
    }

    fn misshapen(&self) -> Damage {
        Damage::Shape { n_bars: self.n_bars }
    }
}

/// Returns the body of bars that are in the order of time, and of when each was fetched.
pub(crate) fn write(bars: &Bars, fetched: &[i64]) -> Vec<u8> {
    let n = bars.len();
    let mut body = Vec::with_capacity(64 + n * 8);
    let mut column = Column { small: Vec::with_capacity(n), body: &mut body };
    let first_close = bars.close.first().copied().unwrap_or_default();
    let is_constant = bars.average.iter().all(|one| Some(one) == bars.average.first());
    column.body.push(u8::from(!is_constant));
    packed::put_number(packed::zigzag(first_close), column.body);
    let steps = bars.at.windows(2).map(|pair| pair[1].wrapping_sub(pair[0]));
    // The first step is unknown; that of the second bar packs best.
    column.put(steps.clone().take(1).chain(steps));
    let before = || std::iter::once(&first_close).chain(&bars.close);
    column.put_from(bars.close.iter().zip(before()));
    column.put_from(bars.open.iter().zip(before()));
    let body_of_bar = || bars.open.iter().zip(&bars.close);
    let tops = body_of_bar().map(|(open, close)| open.max(close));
    column.put_from(bars.high.iter().zip(tops));
    let bottoms = body_of_bar().map(|(open, close)| open.min(close));
    column.put_from(bottoms.zip(&bars.low));
    column.put(bars.volume.iter().copied());
    if is_constant {
        column.put(bars.average.iter().copied());
    } else {
        let scale = Middle::of(bars.px_scale, bars.average_scale);
        let middles = bars.high.iter().zip(&bars.low).map(|(high, low)| scale.of_bar(*high, *low));
        let distances = bars.average.iter().zip(middles);
        column.put(distances.map(|(average, middle)| average.wrapping_sub(middle)));
    }
    column.put(bars.n_trades.iter().copied().map(i64::from));
    column.put(fetched.iter().copied());
    body
}

/// Writes columns one behind the other.
struct Column<'a> {
    /// Room for the numbers of one, used again.
    small: Vec<i64>,
    body: &'a mut Vec<u8>,
}

impl Column<'_> {
    fn put(&mut self, numbers: impl Iterator<Item = i64>) {
        self.small.clear();
        self.small.extend(numbers);
        packed::put(&self.small, self.body);
    }

    /// Writes how far prices are from others.
    fn put_from<'p>(&mut self, pairs: impl Iterator<Item = (&'p i64, &'p i64)>) {
        self.put(pairs.map(|(px, base)| px.wrapping_sub(*base)));
    }
}

/// Adds the bars of a body behind those of `bars`, with all columns; and when each was fetched, if
/// that is wanted. After an error nothing was added.
pub(crate) fn read(
    head: &Head,
    body: &[u8],
    bars: &mut Bars,
    fetched: Option<&mut Vec<i64>>,
) -> Result<(), Damage> {
    head.check(body)?;
    let n_before = bars.len();
    let done = read_all(head, body, bars, fetched);
    if done.is_none() {
        bars.truncate(n_before);
    }
    done.ok_or_else(|| head.misshapen())
}

fn read_all(
    head: &Head,
    mut body: &[u8],
    bars: &mut Bars,
    fetched: Option<&mut Vec<i64>>,
) -> Option<()> {
    let n = usize::try_from(head.n_bars).ok()?;
    let (n_before, rest) = (bars.len(), &mut body);
    let is_distance = packed::take_byte(rest)? == 1;
    read_prices(head, rest, n, bars)?;
    packed::take(rest, n, &mut bars.average)?;
    if is_distance {
        let scale = Middle::of(head.px_scale, head.average_scale);
        let (high, low) = (bars.high.get(n_before..)?, bars.low.get(n_before..)?);
        let average = bars.average.get_mut(n_before..)?;
        for ((average, high), low) in average.iter_mut().zip(high).zip(low) {
            *average = average.wrapping_add(scale.of_bar(*high, *low));
        }
    }
    let mut small = Vec::with_capacity(n);
    packed::take(rest, n, &mut small)?;
    for n_trades in &small {
        bars.n_trades.push(i32::try_from(*n_trades).ok()?);
    }
    small.clear();
    packed::take(rest, n, fetched.unwrap_or(&mut small))?;
    rest.is_empty().then_some(())
}

/// Adds times, prices and volumes behind those of `bars`, and leaves its other columns alone. After
/// an error nothing was added.
pub(crate) fn read_for_chart(head: &Head, body: &[u8], bars: &mut Bars) -> Result<(), Damage> {
    head.check(body)?;
    let n_before = bars.len();
    let whole = || {
        let (first, mut rest) = body.split_first()?;
        let n = usize::try_from(head.n_bars).ok()?;
        (*first <= 1).then_some(())?;
        read_prices(head, &mut rest, n, bars)
    };
    let mut whole = whole;
    let done = whole();
    if done.is_none() {
        bars.truncate(n_before);
    }
    done.ok_or_else(|| head.misshapen())
}

/// Reads the first close and the columns up to the volume.
fn read_prices(head: &Head, rest: &mut &[u8], n: usize, bars: &mut Bars) -> Option<()> {
    let first_close = packed::unzigzag(packed::take_number(rest)?);
    let n_before = bars.len();
    packed::take(rest, n, &mut bars.at)?;
    packed::take(rest, n, &mut bars.close)?;
    packed::take(rest, n, &mut bars.open)?;
    packed::take(rest, n, &mut bars.high)?;
    packed::take(rest, n, &mut bars.low)?;
    packed::take(rest, n, &mut bars.volume)?;
    let mut at = head.first_at;
    let (first, later) = bars.at.get_mut(n_before..)?.split_first_mut()?;
    *first = at;
    for step in later {
        at = at.wrapping_add(*step);
        *step = at;
    }
    let mut before = first_close;
    let opens = bars.open.get_mut(n_before..)?.iter_mut();
    let closes = bars.close.get_mut(n_before..)?.iter_mut();
    let highs = bars.high.get_mut(n_before..)?.iter_mut();
    let lows = bars.low.get_mut(n_before..)?.iter_mut();
    for (((open, close), high), low) in opens.zip(closes).zip(highs).zip(lows) {
        *open = open.wrapping_add(before);
        *close = close.wrapping_add(before);
        *high = high.wrapping_add(*(&*open).max(&*close));
        *low = (*(&*open).min(&*close)).wrapping_sub(*low);
        before = *close;
    }
    Some(())
}

/// Takes the middle of a price column to the scale of the averages.
#[derive(Debug, Clone, Copy)]
struct Middle {
    times: i64,
    over: i64,
}

impl Middle {
    fn of(px_scale: u32, average_scale: u32) -> Self {
        // A factor that does not fit predicts nothing, and costs nothing but bytes.
        let factor = |digits| power_of_ten(digits).unwrap_or(1);
        Self {
            times: factor(average_scale.saturating_sub(px_scale)),
            over: factor(px_scale.saturating_sub(average_scale)).saturating_mul(2),
        }
    }

    fn of_bar(self, high: i64, low: i64) -> i64 {
        high.wrapping_add(low).wrapping_mul(self.times) / self.over
    }
}

#[cfg(test)]
mod tests;
