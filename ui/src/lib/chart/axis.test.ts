import { expect, test } from 'vitest';

import { aligned, logicalOf, timeOf } from './axis';

// A night lies between the third and the fourth bar.
const bars = Float64Array.of(0, 300, 600, 60_600, 60_900);

test.each([
  [0, 0], [300, 1], [450, 1.5], [600, 2], [30_600, 2.5], [60_600, 3], [60_900, 4], [61_200, 5], [61_050, 4.5], [-600, -2],
])('the instant %d is at place %d, and back', (time, place) => {
  expect(logicalOf(bars, time)).toBe(place);
  expect(timeOf(bars, place)).toBe(time);
});

test('without bars there is no instant, and every instant is at 0', () => {
  expect(logicalOf(Float64Array.of(), 99)).toBe(0);
  expect(timeOf(Float64Array.of(), 3)).toBeNull();
});

test('one bar is a minute wide', () => {
  expect(logicalOf(Float64Array.of(600), 720)).toBe(2);
  expect(timeOf(Float64Array.of(600), -1)).toBe(540);
});

test('another series has at each column the last value that began by then, and none long after its last', () => {
  const other = { time: Float64Array.of(0, 120, 180), close: Float64Array.of(10, 20, 30) };
  expect([...aligned(Float64Array.of(-60, 0, 60, 120, 180, 240), other)]).toEqual([Number.NaN, 10, 10, 20, 30, 30]);
  expect([...aligned(Float64Array.of(180, 240, 9000), other)].slice(0, 2)).toEqual([30, 30]);
  expect(aligned(Float64Array.from({ length: 60 }, (_, i) => i * 60), other)[59]).toBeNaN();
});
