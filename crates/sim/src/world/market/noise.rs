//! Reproducible randomness by hashing: the value at any instant can be had without the ones
//! before it, so history and live quotes are the same function of the seed.
//!
//! It must never know prices or clocks. Called by the market model.

/// Octaves of the price path; octave k has a period of 4^k seconds.
const N_OCTAVES: usize = 12;

/// Noise of one unit of amplitude spans ±2^16.
const UNIT_BITS: u32 = 16;

/// Sum of noise over one day, in units of 2^16, has about this standard deviation.
pub(super) const UNITS_PER_DAY_SIGMA: i64 = 200 << UNIT_BITS;

/// Returns a well-mixed number for a key and an index (splitmix64).
#[must_use]
pub(in crate::world) fn hash(key: u64, index: i64) -> u64 {
    let mut z = key ^ u64::from_ne_bytes(index.to_ne_bytes()).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = z.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Returns a number in `0..n` for a key and an index; `n` is at least 1.
#[must_use]
pub(super) fn pick(key: u64, index: i64, n: u32) -> i64 {
    let wide = u128::from(hash(key, index)) * u128::from(n.max(1));
    i64::try_from(wide >> 64).unwrap_or(0)
}

/// Walks a path of fractal noise in seconds. Amplitude doubles as the period quadruples, which is
/// how a random walk grows. Cheap when instants are asked for in order.
#[derive(Debug, Clone)]
pub(super) struct Path {
    key: u64,
    /// Per octave: index of the cell, value at its start and at its end.
    cells: [(i64, i64, i64); N_OCTAVES],
}

impl Path {
    pub(super) fn new(key: u64) -> Self {
        Self { key, cells: [(i64::MIN, 0, 0); N_OCTAVES] }
    }

    /// Returns the noise at a second; see [`UNITS_PER_DAY_SIGMA`] for its scale.
    pub(super) fn at(&mut self, secs: i64) -> i64 {
        let key = self.key;
        let mut sum = 0;
        let mut bits = 0_u32;
        for (amplitude, cell) in (0_u32..).zip(self.cells.iter_mut()) {
            let index = secs >> bits;
            if cell.0 != index {
                let value = |at| vertex(key, bits, at);
                *cell = (index, value(index), value(index + 1));
            }
            let within = secs - (index << bits);
            let value = cell.1 + (((cell.2 - cell.1) * within) >> bits);
            sum += value << amplitude;
            bits += 2;
        }
        sum
    }
}

fn vertex(key: u64, octave: u32, index: i64) -> i64 {
    let key = key.wrapping_add(u64::from(octave + 1).wrapping_mul(0xD6E8_FEB8_6659_FD93));
    pick(key, index, (2 << UNIT_BITS) + 1) - (1 << UNIT_BITS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_is_the_same_in_any_order() {
        let mut forwards = Path::new(7);
        let walked: Vec<i64> = (1_000_000..1_000_050).map(|secs| forwards.at(secs)).collect();
        for (secs, expected) in (1_000_000..).zip(&walked).collect::<Vec<_>>().into_iter().rev() {
            assert_eq!(Path::new(7).at(secs), *expected);
        }
    }

    #[test]
    fn a_day_moves_by_about_one_sigma() {
        let mut path = Path::new(11);
        let n_days = 400;
        let day = |n: i64| 1_700_000_000 + n * 86_400;
        let squares: i128 = (0..n_days)
            .map(|n| {
                let change = i128::from(path.at(day(n + 1)) - path.at(day(n)));
                change * change
            })
            .sum();
        let variance = squares / i128::from(n_days);
        let sigma = i128::from(UNITS_PER_DAY_SIGMA);
        assert!(variance > sigma * sigma / 4, "{variance}");
        assert!(variance < sigma * sigma * 4, "{variance}");
    }
}
