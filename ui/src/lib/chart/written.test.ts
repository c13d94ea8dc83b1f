import { expect, test } from 'vitest';

import { clockAt, dateAt, dayAt, instantOf, monthAt, stampOf, writtenAt, yearAt } from './written';

const utc = (text: string): number => Date.parse(text) / 1000;

test('a bar of a day is written with the date that it bears, also at the turn of a month and of a year', () => {
  const wednesday = utc('2026-11-18T00:00:00Z');
  expect([dateAt(wednesday, '1d'), writtenAt(wednesday, '1d'), dayAt(wednesday, '1d')]).toEqual(['18 Nov', '18 Nov 2026', '2026-11-18']);
  expect([monthAt(utc('2026-12-01T00:00:00Z'), '1d'), yearAt(utc('2027-01-01T00:00:00Z'), '1d')]).toEqual(['Dec', '2027']);
});

test('every other bar is written by the clock of New York, its year too', () => {
  const late = utc('2027-01-01T00:30:00Z');
  expect([writtenAt(late, '1m'), dayAt(late, '1m'), yearAt(late, '1m'), clockAt(late, '1h')]).toEqual(['31 Dec 2026, 19:30', '2026-12-31', '2026', '19:30']);
});

test('what happens in the evening in New York belongs to the bar of its own day', () => {
  const evening = utc('2026-11-19T00:30:00Z');
  expect([stampOf(evening, '1d'), stampOf(evening, '5m')]).toEqual([utc('2026-11-18T00:00:00Z'), evening]);
});

test.each([
  ['2026-11-18', '2026-11-18T14:30:00Z'],
  ['2026-07-06', '2026-07-06T13:30:00Z'],
  // The clocks change in the night before.
  ['2026-03-08', '2026-03-08T13:30:00Z'],
  ['2026-11-01', '2026-11-01T14:30:00Z'],
])('the bar of %s stands for %s, which is within it', (date, opening) => {
  const stamp = utc(`${date}T00:00:00Z`);
  expect([instantOf(stamp, '1d'), instantOf(stamp, '5m')]).toEqual([utc(opening), stamp]);
  expect(stampOf(instantOf(stamp, '1d'), '1d')).toBe(stamp);
});
