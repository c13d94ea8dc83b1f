//! A column of whole numbers in as few bits as its numbers need. Pure arithmetic.
//!
//! A column is its base and its unit, then blocks of 32 numbers, then what is left, number by
//! number. A number is `base + unit × n`, where `n` is not negative, or `unit × n` with a sign,
//! whichever is shorter. A block is a byte with its width in bits, the low bits of its numbers as
//! `bitpacking` writes them, and the high bits of those few that are wider. Base, unit and lone
//! numbers are written in groups of seven bits, low ones first.

use bitpacking::{BitPacker as _, BitPacker1x};

const BLOCK: usize = BitPacker1x::BLOCK_LEN;
const WIDTH_MAX: u32 = 32;
/// Stands in the byte of the width when some numbers of the block are wider.
const IS_PATCHED: u8 = 0x80;

/// How the numbers of a column become small ones without a sign.
#[derive(Debug, Clone, Copy)]
struct Form {
    base: i64,
    /// 0 when every number is the base.
    unit: u64,
    is_signed: bool,
}

impl Form {
    fn of(values: &[i64]) -> Self {
        let least = values.iter().copied().min().unwrap_or_default();
        if values.iter().all(|value| *value == least) {
            return Self { base: least, unit: 0, is_signed: false };
        }
        let n_bits = |n: u64| u64::from(u64::BITS - n.leading_zeros());
        let above = |value: &i64| value.wrapping_sub(least).cast_unsigned();
        let signed: u64 = values.iter().map(|value| n_bits(zigzag(*value))).sum();
        let unsigned: u64 = values.iter().map(|value| n_bits(above(value))).sum();
        let is_signed = signed < unsigned;
        let unit = if is_signed {
            common_divisor(values.iter().map(|value| value.unsigned_abs()))
        } else {
            common_divisor(values.iter().map(above))
        };
        // The unit shares its number with the sign.
        let unit = if unit > u64::MAX / 2 { 1 } else { unit };
        Self { base: if is_signed { 0 } else { least }, unit, is_signed }
    }

    fn small(self, value: i64) -> u64 {
        let above = value.wrapping_sub(self.base);
        // Most columns have no unit, and dividing takes longer than all the rest.
        match (self.is_signed, self.unit) {
            (true, 1) => zigzag(above),
            (true, unit) => zigzag(above / unit.cast_signed()),
            (false, 1) => above.cast_unsigned(),
            (false, unit) => above.cast_unsigned() / unit,
        }
    }

    fn value(self, small: u64) -> i64 {
        if self.is_signed {
            unzigzag(small).wrapping_mul(self.unit.cast_signed())
        } else {
            self.base.wrapping_add(small.wrapping_mul(self.unit).cast_signed())
        }
    }
}

/// Writes a column behind what is there.
pub(crate) fn put(values: &[i64], out: &mut Vec<u8>) {
    let form = Form::of(values);
    put_number(zigzag(form.base), out);
    put_number(form.unit << 1 | u64::from(form.is_signed), out);
    if form.unit == 0 {
        return;
    }
    let (blocks, rest) = values.as_chunks::<BLOCK>();
    for block in blocks {
        put_block(&block.map(|value| form.small(value)), out);
    }
    for value in rest {
        put_number(form.small(*value), out);
    }
}

fn put_block(block: &[u64; BLOCK], out: &mut Vec<u8>) {
    let width = width_of(block);
    let mask = (1_u64 << width) - 1;
    let low = block.map(|n| {
        let [one, two, three, four, ..] = (n & mask).to_le_bytes();
        u32::from_le_bytes([one, two, three, four])
    });
    let wide: Vec<(u8, u64)> =
        (0..).zip(block).map(|(at, n)| (at, n >> width)).filter(|(_, high)| *high > 0).collect();
    let width = u8::try_from(width).expect("a width is at most 32 bits");
    if wide.is_empty() {
        out.push(width);
    } else {
        let n_wide = u8::try_from(wide.len()).expect("a block is 32 numbers");
        out.extend_from_slice(&[width | IS_PATCHED, n_wide]);
    }
    let mut packed = [0; BLOCK * 4];
    let length = BitPacker1x::new().compress(&low, &mut packed, width);
    out.extend_from_slice(&packed[..length]);
    for (at, high) in wide {
        out.push(at);
        put_number(high, out);
    }
}

/// Returns the width, at most 32 bits, at which a block takes the fewest bytes.
fn width_of(block: &[u64; BLOCK]) -> u32 {
    let mut n_of = [0_u32; 65];
    let mut widest = 0_u8;
    for n in block {
        let width = u8::try_from(u64::BITS - n.leading_zeros()).unwrap_or(64);
        n_of[usize::from(width)] += 1;
        widest = widest.max(width);
    }
    let mut n_wider = 0;
    let mut best = (u32::MAX, WIDTH_MAX);
    for (width, n) in (0..=widest).zip(n_of).rev().filter(|(_, n)| *n > 0) {
        let (width, beyond) = (u32::from(width), u32::from(widest - width));
        let bytes = width * 4 + n_wider * (1 + beyond.div_ceil(7));
        if width <= WIDTH_MAX && bytes < best.0 {
            best = (bytes, width);
        }
        n_wider += n;
    }
    // Where every number is wide, low bits alone are worth a block.
    if best.0 == u32::MAX { WIDTH_MAX } else { best.1 }
}

/// Reads a column of so many numbers behind what is in `out`; `None` when it does not hold.
pub(crate) fn take(rest: &mut &[u8], n: usize, out: &mut Vec<i64>) -> Option<()> {
    let base = unzigzag(take_number(rest)?);
    let unit = take_number(rest)?;
    let form = Form { base, unit: unit >> 1, is_signed: unit & 1 == 1 };
    if form.unit == 0 {
        out.extend(std::iter::repeat_n(form.base, n));
        return Some(());
    }
    out.reserve(n);
    for _ in 0..n / BLOCK {
        take_block(rest, form, out)?;
    }
    for _ in 0..n % BLOCK {
        out.push(form.value(take_number(rest)?));
    }
    Some(())
}

fn take_block(rest: &mut &[u8], form: Form, out: &mut Vec<i64>) -> Option<()> {
    let head = take_byte(rest)?;
    let n_wide = if head & IS_PATCHED == 0 { 0 } else { take_byte(rest)? };
    let width = head & !IS_PATCHED;
    if u32::from(width) > WIDTH_MAX {
        return None;
    }
    let (packed, after) = rest.split_at_checked(usize::from(width) * BLOCK / 8)?;
    *rest = after;
    let mut low = [0; BLOCK];
    BitPacker1x::new().decompress(packed, &mut low, width);
    let first = out.len();
    // The sign is decided once for a block: this is where the time of reading goes.
    if form.is_signed {
        let unit = form.unit.cast_signed();
        out.extend(low.iter().map(|n| unzigzag(u64::from(*n)).wrapping_mul(unit)));
    } else {
        out.extend(low.iter().map(|n| form.value(u64::from(*n))));
    }
    for _ in 0..n_wide {
        let at = usize::from(take_byte(rest)?);
        let high = take_number(rest)?;
        let small = high.checked_shl(u32::from(width))? | u64::from(*low.get(at)?);
        *out.get_mut(first + at)? = form.value(small);
    }
    Some(())
}

/// Writes one number in groups of seven bits.
pub(crate) fn put_number(mut n: u64, out: &mut Vec<u8>) {
    loop {
        let group = u8::try_from(n & 0x7f).expect("seven bits are a byte");
        n >>= 7;
        if n == 0 {
            out.push(group);
            return;
        }
        out.push(group | 0x80);
    }
}

/// Reads one number in groups of seven bits.
pub(crate) fn take_number(rest: &mut &[u8]) -> Option<u64> {
    let mut n = 0_u64;
    for shift in (0..u64::BITS).step_by(7) {
        let byte = take_byte(rest)?;
        n |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(n);
        }
    }
    None
}

/// Reads one byte.
pub(crate) fn take_byte(rest: &mut &[u8]) -> Option<u8> {
    let (byte, after) = rest.split_first()?;
    *rest = after;
    Some(*byte)
}

/// Returns a number without a sign, small where the number is near 0.
pub(crate) fn zigzag(n: i64) -> u64 {
    ((n << 1) ^ (n >> 63)).cast_unsigned()
}

/// Returns the number that [`zigzag`] was given.
pub(crate) fn unzigzag(n: u64) -> i64 {
    (n >> 1).cast_signed() ^ -(n & 1).cast_signed()
}

fn common_divisor(numbers: impl Iterator<Item = u64>) -> u64 {
    let mut divisor = 0;
    for mut n in numbers {
        while n != 0 {
            (divisor, n) = (n, divisor % n);
        }
        if divisor == 1 {
            break;
        }
    }
    divisor.max(1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(values: &[i64]) -> Vec<u8> {
        let mut bytes = Vec::new();
        put(values, &mut bytes);
        bytes
    }

    fn read(mut bytes: &[u8], n: usize) -> Option<(Vec<i64>, usize)> {
        let mut values = Vec::new();
        take(&mut bytes, n, &mut values)?;
        Some((values, bytes.len()))
    }

    #[test]
    fn columns_take_the_bytes_that_their_numbers_need() {
        let columns: [(Vec<i64>, usize); 3] = [
            // All equal: base and unit only.
            (vec![60; 390], 2),
            // Multiples of 25 above 2,000,000: 3 bits each.
            ((0..64).map(|n| 2_000_000 + 25 * (n % 8)).collect(), 4 + 1 + 2 * (1 + 12)),
            // A lone outlier does not widen its block.
            ((0..32).map(|n| if n == 7 { 1 << 40 } else { n % 2 }).collect(), 2 + 2 + 4 + 7),
        ];
        for (values, expected) in columns {
            assert_eq!(written(&values).len(), expected, "{values:?}");
            assert_eq!(read(&written(&values), values.len()), Some((values, 0)));
        }
    }

    proptest! {
        #[test]
        fn whatever_is_written_reads_back(
            values in prop::collection::vec(
                prop_oneof![4 => -300_i64..300, 1 => any::<i64>(), 1 => Just(i64::MIN)], 1..150),
            unit in prop_oneof![Just(1_i64), 2..1000_i64, any::<i64>()],
        ) {
            let values: Vec<i64> = values.iter().map(|value| value.wrapping_mul(unit)).collect();
            prop_assert_eq!(read(&written(&values), values.len()), Some((values, 0)));
        }

        #[test]
        fn no_bytes_make_the_reader_fail(bytes in prop::collection::vec(any::<u8>(), 0..300), n in 0_usize..200) {
            if let Some((values, _)) = read(&bytes, n) {
                prop_assert_eq!(values.len(), n);
            }
        }

        #[test]
        fn a_number_alone_reads_back(n in any::<u64>(), signed in any::<i64>()) {
            let mut bytes = Vec::new();
            put_number(n, &mut bytes);
            prop_assert_eq!(take_number(&mut &bytes[..]), Some(n));
            prop_assert_eq!(unzigzag(zigzag(signed)), signed);
        }
    }
}
