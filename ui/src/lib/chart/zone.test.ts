import type { TickMarkWeightValue } from 'lightweight-charts';
import { expect, test } from 'vitest';

import { wallClock } from './wallclock';
import { MarketTime } from './zone';

const at = (iso: string): number => Date.parse(iso) / 1000;

test.each([
  ['2026-01-05T14:30:00Z', '2026-01-05T09:30:00Z'],
  ['2026-07-06T13:30:00Z', '2026-07-06T09:30:00Z'],
  // Both changes of clocks in a year, a second before and on the hour.
  ['2026-03-08T06:59:59Z', '2026-03-08T01:59:59Z'],
  ['2026-03-08T07:00:00Z', '2026-03-08T03:00:00Z'],
  ['2026-11-01T05:59:59Z', '2026-11-01T01:59:59Z'],
  ['2026-11-01T06:00:00Z', '2026-11-01T01:00:00Z'],
  ['1969-12-31T23:59:00Z', '1969-12-31T18:59:00Z'],
])('at %s the market shows %s', (instant, shown) => {
  expect(wallClock(at(instant))).toBe(at(shown));
});

/** Returns the weights of points at these instants, told all at once or the last ones later. */
function weights(times: readonly string[], nAtFirst = times.length, isOfDays = false): number[] {
  const scale = new MarketTime(() => isOfDays);
  const points = times.map((time) => ({ originalTime: at(time), time: scale.convertHorzItemToInternal(at(time) as never), timeWeight: 0 as TickMarkWeightValue }));
  scale.fillWeightsForPoints(points.slice(0, nAtFirst), 0);
  scale.fillWeightsForPoints(points, nAtFirst);
  return points.map(({ timeWeight }) => timeWeight);
}

const NEW_YEAR = ['2025-12-31T23:00:00Z', '2026-01-01T00:00:00Z', '2026-01-01T04:30:00Z', '2026-01-01T05:00:00Z', '2026-01-02T05:00:00Z'];

test('a year and a day begin at midnight of the market, not of Greenwich', () => {
  const [, greenwich, , year, day] = weights(NEW_YEAR);
  expect(greenwich).toBeLessThan(day ?? 0);
  expect(day).toBeLessThan(year ?? 0);
});

test('points that come later weigh the same as with the others', () => {
  // The first one has none before it: the library guesses.
  expect(weights(NEW_YEAR, 3).slice(1)).toEqual(weights(NEW_YEAR).slice(1));
});

test('a month of days begins with the bar that bears its first date', () => {
  const [, , first, second] = weights(['2026-11-29T00:00:00Z', '2026-11-30T00:00:00Z', '2026-12-01T00:00:00Z', '2026-12-02T00:00:00Z'], 4, true);
  expect(first).toBeGreaterThan(second ?? 0);
});
