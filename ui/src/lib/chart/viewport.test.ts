import { expect, test } from 'vitest';

import { atEnd, clamped, drawable, isAtEnd, isNear, lastInSight, levelFor, newest, oldest, panned, shiftBetween, toLogical, wanted, wishFor, zoomed, type Held, type Range } from './viewport';

const N = 10_000_000;
const WIDTH = 800;
const width = (range: Range): number => range.to - range.from;
const held = (wish: { first: number; barsPerColumn: number; nColumns: number }, nBars = N): Held => ({ ...wish, nBars });

test('the first picture holds the newest bars with room on the right', () => {
  const range = newest(N, WIDTH);
  expect(range).toEqual({ from: N + 8 - 143, to: N + 8 });
  expect(isAtEnd(range, N)).toBe(true);
});

test.each([
  [5, 1, 1], [2, 1, 1], [1.99, 1, 2], [1, 1, 2], [0.51, 1, 4], [0.001, 1, 2048],
  // On the way back a level stays until its columns are wider than five pixels.
  [0.99, 2, 4], [1.9, 2, 2], [2.5, 2, 2], [2.51, 2, 1], [1.25, 4, 4], [1.26, 4, 2], [30, 4096, 1],
])('at %d px a bar, coming from level %d, a column holds %d bars', (px, current, level) => {
  expect(levelFor(px, current)).toBe(level);
});

test('a level does not flicker around its edge', () => {
  let level = 1;
  const seen = [2.01, 1.99, 2.01, 1.99, 2.4, 1.99].map((px) => (level = levelFor(px, level)));
  expect(seen).toEqual([1, 2, 2, 2, 2, 2]);
});

test('what is under the pointer stays there, however far one zooms out and in again', () => {
  let range = clamped({ from: 4_000_000, to: 4_000_400 }, N);
  const under = range.from + width(range) * 0.3;
  for (const factor of [2, 10, 7, 30, 0.5, 0.01, 0.1]) {
    range = zoomed(range, 0.3, factor, N);
    expect(range.from + width(range) * 0.3).toBeCloseTo(under, 3);
  }
});

test('zooming stops at the whole series and at ten bars', () => {
  const all = zoomed(newest(N, WIDTH), 0.5, 1e9, N);
  expect(all.from).toBeLessThanOrEqual(0);
  expect(all.to).toBeGreaterThanOrEqual(N);
  expect(width(all)).toBeLessThan(N * 1.3);
  expect(width(zoomed(all, 0.5, 1e-12, N))).toBe(10);
});

test('some of the series is always in sight', () => {
  const range = newest(N, WIDTH);
  expect(panned(range, 1e12, N).from).toBeLessThan(N);
  const first = panned(range, -1e12, N);
  expect(first.to).toBeGreaterThan(0);
  expect(first.from).toBeCloseTo(oldest(range).from, 6);
  const few = clamped({ from: -900, to: -760 }, 3);
  expect(few.from).toBeLessThan(3);
  expect(few.to).toBeGreaterThan(0);
  expect(atEnd(20, N)).toEqual({ from: N + 1 - 20, to: N + 1 });
});

test.each([1, 2, 64, 4096])('at level %d no more than three columns for two pixels are asked for, and at least what is in sight', (level) => {
  for (const px of [2, 2.5, 3, 4, 5]) {
    const span = (WIDTH / px) * level;
    const range = { from: 5_000_000, to: 5_000_000 + span };
    const wish = wishFor(range, level, N);
    expect(wish.nColumns).toBeLessThanOrEqual(1.5 * WIDTH + 3);
    expect(wish.first % level).toBe(0);
    expect(wish.first).toBeLessThanOrEqual(range.from);
    expect(wish.first + wish.nColumns * level).toBeGreaterThanOrEqual(range.to);
    expect(wanted(range, WIDTH, held(wish))).toBeNull();
  }
});

test('at both ends the window reaches up to the end and holds as many columns', () => {
  const right = wishFor(newest(N, WIDTH), 1, N);
  expect(right.first + right.nColumns).toBe(N);
  const left = wishFor(oldest(newest(N, WIDTH)), 1, N);
  expect(left.first).toBe(0);
  expect(left.nColumns).toBe(right.nColumns);
  expect(wanted(oldest(newest(N, WIDTH)), WIDTH, held(left))).toBeNull();
});

test('more is asked for before the picture comes to the edge of what is held', () => {
  const range = { from: 5_000_000, to: 5_000_400 };
  const have = held(wishFor(range, 1, N));
  const reserve = range.from - have.first;
  expect(wanted(panned(range, -reserve * 0.4, N), WIDTH, have)).toBeNull();
  const wish = wanted(panned(range, -reserve * 0.6, N), WIDTH, have);
  expect(wish?.first).toBeLessThan(have.first);
  expect(wanted(panned(range, reserve * 0.6, N), WIDTH, have)?.first).toBeGreaterThan(have.first);
});

test('another level is asked for when columns become too narrow, and when they become too wide', () => {
  const range = { from: 5_000_000, to: 5_000_360 };
  const have = held(wishFor(range, 1, N));
  expect(wanted(zoomed(range, 0.5, 1.1, N), WIDTH, have)).toBeNull();
  expect(wanted(zoomed(range, 0.5, 1.2, N), WIDTH, have)?.barsPerColumn).toBe(2);
  const wide = held(wishFor(range, 4, N));
  expect(wanted(range, WIDTH, wide)?.barsPerColumn).toBe(2);
});

test('the picture stays within what is held and is as wide as it was', () => {
  const have = held({ first: 1000, barsPerColumn: 1, nColumns: 1600 });
  expect(drawable({ from: 900, to: 1300 }, have)).toEqual({ from: 1000, to: 1400 });
  expect(drawable({ from: 2500, to: 2900 }, have)).toEqual({ from: 2200, to: 2600 });
  expect(drawable({ from: 0, to: 99_999 }, have)).toEqual({ from: 1000, to: 2600 });
  expect(drawable({ from: 1200, to: 1600 }, have)).toEqual({ from: 1200, to: 1600 });
});

test('columns of a level that is much too coarse wait, a few of them at least in sight', () => {
  const have = held({ first: 0, barsPerColumn: 4096, nColumns: 1600 });
  const range = drawable({ from: 4_000_000, to: 4_000_120 }, have);
  expect(width(range)).toBe(4 * 4096);
  expect((range.from + range.to) / 2).toBe(4_000_060);
  const { from, to } = toLogical(range, have);
  expect(to).toBeGreaterThan(from);
});

test.each<[wish: [number, number], isNear: boolean]>([
  [[1200, 1600], true], [[900, 1300], true], [[750, 1150], false], [[9000, 9400], false], [[2500, 2900], false], [[0, 99_999], false],
])('a wish for %j moves the picture at once: %s', ([from, to], expected) => {
  const have = held({ first: 1000, barsPerColumn: 1, nColumns: 1600 });
  expect(isNear({ from, to }, drawable({ from, to }, have))).toBe(expected);
});

test('at the ends of the series there is room beyond the last and before the first bar', () => {
  const last = held({ first: N - 1600, barsPerColumn: 1, nColumns: 1600 });
  expect(drawable({ from: N - 100, to: N + 10 }, last)).toEqual({ from: N - 100, to: N + 10 });
  const first = held({ first: 0, barsPerColumn: 1, nColumns: 1600 });
  expect(drawable({ from: -10, to: 100 }, first)).toEqual({ from: -10, to: 100 });
});

test.each([['newest', N - 1600], ['oldest', 0]])('zoomed out at the %s bars, no more than that room is empty while columns are on their way', (_, first) => {
  const have = held({ first, barsPerColumn: 1, nColumns: 1600 });
  let range: Range = { from: first + 700, to: first + 900 };
  for (const share of [0, 0.3, 0.5, 0.9, 1]) {
    for (let i = 0; i < 60; i++) {
      range = zoomed(range, share, 1.25, N);
      const drawn = drawable(range, have);
      const columns = Math.min(drawn.to, first + 1600) - Math.max(drawn.from, first);
      expect(columns / width(drawn)).toBeGreaterThan(0.8);
    }
    range = { from: first + 700, to: first + 900 };
  }
});

test('the whole series is drawn with as much room as one zoomed out to', () => {
  const range = zoomed({ from: 0, to: 1600 }, 0.5, 1.25, 1600);
  expect(drawable(range, held({ first: 0, barsPerColumn: 1, nColumns: 1600 }, 1600))).toEqual(range);
});

test('a stretch means the same at every level', () => {
  const range = { from: 4500, to: 4900 };
  expect(toLogical(range, held({ first: 4096, barsPerColumn: 1, nColumns: 1600 }))).toEqual({ from: 404, to: 803 });
  expect(toLogical(range, held({ first: 4096, barsPerColumn: 8, nColumns: 1600 }))).toEqual({ from: 50.5, to: 99.5 });
});

test('the last column in sight is neither the last that is held nor one that is not drawn', () => {
  const last = (range: Range, wish: Parameters<typeof held>[0], nBars?: number): number => lastInSight(range, held(wish, nBars));
  expect(last({ from: 4500, to: 4900 }, { first: 4096, barsPerColumn: 1, nColumns: 1600 })).toBe(803);
  expect(last({ from: 4500, to: 4900.4 }, { first: 4096, barsPerColumn: 8, nColumns: 1600 })).toBe(100);
  // Room right of the newest bar, a picture that waits for its columns, and a series without bars.
  expect(last({ from: 900, to: 1010 }, { first: 0, barsPerColumn: 4, nColumns: 250 }, 998)).toBe(249);
  expect(last({ from: 9000, to: 9100 }, { first: 4096, barsPerColumn: 1, nColumns: 1600 })).toBe(1599);
  expect(last({ from: -1, to: 9 }, { first: 0, barsPerColumn: 1, nColumns: 0 }, 0)).toBe(-1);
});

test('older bars in front are seen by their instants', () => {
  const timed = (first: number, barsPerColumn: number, nBars: number, times: number[]): Held & { time: Float64Array } => ({ first, barsPerColumn, nColumns: times.length, nBars, time: Float64Array.from(times) });
  const before = timed(10, 1, 14, [100, 110, 120, 130]);
  expect(shiftBetween(before, timed(10, 1, 15, [100, 110, 120, 130, 140]))).toBe(0);
  expect(shiftBetween(before, timed(60, 1, 64, [100, 110, 120, 130]))).toBe(50);
  expect(shiftBetween(before, timed(4, 2, 7, [80, 120]))).toBe(-6);
  expect(shiftBetween(before, timed(0, 1, 64, [1, 2, 3]))).toBeNull();
  // No column begins at a common instant.
  expect(shiftBetween(before, timed(20, 2, 30, [95, 115, 135]))).toBeCloseTo(11, 6);
});
