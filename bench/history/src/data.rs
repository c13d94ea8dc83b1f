//! Made-up bars, the same in every run.

use gatehouse_history::Bars;

pub const N_SERIES: usize = 10;
pub const N_DAYS: usize = 257;
pub const N_MINUTES: usize = 390;
/// 2 January 2024, 09:30 in New York.
const FIRST_AT: i64 = 1_704_205_800;

/// One day of one series.
pub struct Day {
    pub series: usize,
    pub bars: Bars,
}

/// Numbers that look like chance: xorshift64.
pub struct Chance(pub u64);

impl Chance {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Returns a whole number from 0 to below `n`.
    pub fn below(&mut self, n: i64) -> i64 {
        (self.next() >> 33).cast_signed() % n
    }

    /// Returns a sum of four numbers from −n to n: near to a bell.
    fn bell(&mut self, n: i64) -> i64 {
        (0..4).map(|_| self.below(2 * n + 1) - n).sum()
    }
}

/// Returns every day of every series, in the order of series and time.
pub fn spike() -> Vec<Day> {
    let mut chance = Chance(42);
    let mut days = Vec::with_capacity(N_SERIES * N_DAYS);
    for series in 0..N_SERIES {
        let mut close = 10_000 + 2_500 * i64::try_from(series).unwrap_or(0);
        for day in 0..N_DAYS {
            let begins = FIRST_AT + 86_400 * i64::try_from(day).unwrap_or(0);
            days.push(Day { series, bars: bars_of_day(&mut chance, &mut close, begins) });
        }
    }
    days
}

/// Prices in cents, averages in hundredths of cents.
fn bars_of_day(chance: &mut Chance, close: &mut i64, begins: i64) -> Bars {
    let mut bars = Bars { px_scale: 2, average_scale: 4, ..Bars::default() };
    for minute in 0..N_MINUTES {
        let open = *close + chance.bell(1);
        *close = (*close + chance.bell(3)).max(100);
        let high = open.max(*close) + chance.bell(2).abs();
        let low = open.min(*close) - chance.bell(2).abs();
        let volume = 100 + chance.below(60) * chance.below(60) * (1 + chance.below(3));
        bars.at.push(begins + 60 * i64::try_from(minute).unwrap_or(0));
        bars.open.push(open);
        bars.high.push(high);
        bars.low.push(low);
        bars.close.push(*close);
        bars.volume.push(volume);
        bars.average.push(low * 100 + chance.below((high - low) * 100 + 1));
        let n_trades = 1 + volume * (50 + chance.below(100)) / 10_000;
        bars.n_trades.push(i32::try_from(n_trades).unwrap_or(i32::MAX));
    }
    bars
}

/// Returns the bars as columns of 64-bit integers one after the other, prices and averages at four
/// digits behind the point.
pub fn raw(days: &[Day]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let columns: [fn(&Day, usize) -> i64; 9] = [
        |day, _| i64::try_from(day.series).unwrap_or(0),
        |day, idx| day.bars.at[idx],
        |day, idx| day.bars.open[idx] * 100,
        |day, idx| day.bars.high[idx] * 100,
        |day, idx| day.bars.low[idx] * 100,
        |day, idx| day.bars.close[idx] * 100,
        |day, idx| day.bars.volume[idx],
        |day, idx| day.bars.average[idx],
        |day, idx| i64::from(day.bars.n_trades[idx]),
    ];
    for column in columns {
        for day in days {
            for idx in 0..day.bars.len() {
                bytes.extend_from_slice(&column(day, idx).to_le_bytes());
            }
        }
    }
    bytes
}
