import { expect, test } from 'vitest';

import type { BotDay } from '../ipc';
import { MockBackend } from '../ipc/mock/backend';
import { apart, dayAxis, points, refusedLanes, scaleOf } from './day';
import { summaryOf, Today, toneOf, untilNow } from './today.svelte';

const at = (newYork: string): number => Date.parse(`2026-01-05T${newYork}-05:00`);
const labels = (from: string, now: string): string[] => dayAxis(at(from), at(now)).ticks.map((tick) => new Date(tick.ms - 5 * 3_600_000).toISOString().slice(11, 16));

test('a day is drawn from the open to the close, by the hour', () => {
  expect(labels('09:30:00', '14:26:08')).toEqual(['09:30', '10:30', '11:30', '12:30', '13:30', '14:30', '15:30']);
  expect(dayAxis(at('09:30:00'), at('14:26:08')).toMs).toBe(at('16:00:00'));
});

test('the first minutes fill the picture, and more time makes room', () => {
  expect(labels('09:30:00', '09:31:10')).toEqual(['09:30', '09:30', '09:30', '09:30', '09:31']);
  expect(labels('09:30:00', '09:50:00')).toEqual(['09:30', '09:35', '09:40', '09:45', '09:50']);
});

test.each(['09:30:00', '12:00:00', '20:10:00', '03:00:00'])('there are two to eight labels at %s, and now is inside', (now) => {
  for (const minutes of [0, 1, 7, 45, 200, 700]) {
    const axis = dayAxis(at(now) - minutes * 60_000, at(now));
    expect(axis.ticks.length).toBeGreaterThan(1);
    expect(axis.ticks.length).toBeLessThan(15);
    expect(axis.fromMs).toBeLessThanOrEqual(at(now));
    expect(axis.toMs).toBeGreaterThan(at(now));
  }
});

test.each([[[612, -212], -300, 700], [[], 0, 1], [[0.4, -0.1], -0.1, 0.9], [[-5000], -5000, 0]] as const)('the scale of %j has round ends and holds zero', (values, low, high) => {
  const scale = scaleOf(values);
  expect(scale.low).toBeCloseTo(low);
  expect(scale.high).toBeCloseTo(high);
  expect(new Set(scale.ticks.map((tick) => tick.toFixed(scale.decimals))).size).toBe(scale.ticks.length);
  expect(scale.ticks.some((tick) => Math.abs(tick) < 1e-9)).toBe(true);
});

test('names are moved apart and stay inside', () => {
  const placed = apart([{ key: 'a', end: 100 }, { key: 'b', end: 102 }, { key: 'c', end: 398 }, { key: 'd', end: 399 }], 400);
  const ys = placed.map((label) => label.y);
  for (let i = 1; i < ys.length; i++) expect((ys[i] ?? 0) - (ys[i - 1] ?? 0)).toBeGreaterThanOrEqual(29.9);
  expect(Math.max(...ys)).toBeLessThanOrEqual(400);
});

test('refused ticks that would overlap are one with their count, bots without any have no lane', () => {
  const axis = dayAxis(at('09:30:00'), at('14:26:08'));
  const mark = (time: string, count: number, seq: number): BotDay['refused'][number] => ({ time: at(time) / 1000, count, seq, sentence: '' });
  const day = (bot: string, refused: BotDay['refused']): BotDay => ({ bot, points: [], fills: [], refused });
  const lanes = refusedLanes([day('a', [mark('13:00:10', 4, 8), mark('13:01:12', 1, 9), mark('14:00:00', 1, 12)]), day('b', [])], axis, (ms) => (ms - axis.fromMs) / 60_000);
  expect(lanes).toHaveLength(1);
  expect(lanes[0]?.ticks.map((tick) => [tick.n, tick.seq])).toEqual([[5, 9], [1, 12]]);
  expect(lanes[0]?.n).toBe(6);
});

test('a point that is no number is not drawn', () => {
  expect(points([{ time: 1, value: '2.50' }, { time: 2, value: 'n/a' }])).toEqual([{ ms: 1000, value: 2.5 }]);
});

test('the lines of the bots add up to the line of all', async () => {
  const today = new Today(new MockBackend({ play: 'day', mode: 'paper', isRunning: false }));
  await today.load();
  const ends = [...today.byBot.values()].reduce((sum, line) => sum + (line.at(-1)?.value ?? 0), 0);
  expect(today.total.at(-1)?.value).toBeCloseTo(ends, 1);
  expect(today.total.at(-1)?.value).toBeCloseTo(412.37, 1);
});

test.each([[20, 2], [61, 1], [0, 2]])('a line that begins %i s after the open has %i points', async (after, n) => {
  const backend = new MockBackend({ play: 'day', mode: 'paper', isRunning: false });
  const today = new Today({ isSample: true, columns: async () => new ArrayBuffer(0), subscribe: (update) => backend.subscribe(update), ask: async () => ({ reply: 'day', date: null, opens: 1000, closes: null, currency: null, bots: [], total: [{ time: 1000 + after, value: '-1' }], loss_limit: null, notes: [] }) });
  await today.load();
  expect(today.total).toHaveLength(n);
});

test('a line ends now, unless it is too old to be of now', () => {
  expect(untilNow([{ ms: 0, value: 1 }, { ms: 60_000, value: 2 }], 80_000)).toEqual([{ ms: 0, value: 1 }, { ms: 80_000, value: 2 }]);
  expect(untilNow([{ ms: 0, value: 1 }], 600_000)).toEqual([{ ms: 0, value: 1 }]);
  expect(untilNow([{ ms: 5, value: 1 }], Number.NaN)).toEqual([{ ms: 5, value: 1 }]);
});

test('the picture is said in a sentence, and nothing that is not known is a number', () => {
  const unknown = { pnl: null, realised: null, open: null, fees: null };
  expect(summaryOf([], unknown, 'USD')).toBe('Profit and loss of the day is not known. 0 orders refused.');
  expect([toneOf(null), toneOf('0.00'), toneOf('-0.01'), toneOf('3')]).toEqual(['flat', 'flat', 'down', 'up']);
});
