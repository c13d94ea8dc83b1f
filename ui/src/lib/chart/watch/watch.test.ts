import { beforeEach, expect, test } from 'vitest';

import { Desk } from '../../desk.svelte';
import type { DataLine, Quote } from '../../ipc';
import { MockBackend } from '../../ipc/mock/backend';
import { WatchView } from './watch.svelte';

let desk: Desk;
let view: WatchView;
const quote = (symbol: string, change: Partial<Quote> = {}): Quote => ({ symbol, bid: '9.99', ask: '10.01', last: '10.00', change_percent: '0.5', age_ms: 200, is_live: true, is_stale: false, bots: [], ...change });
beforeEach(async () => {
  desk = new Desk(new MockBackend({ play: 'day', mode: 'paper', isRunning: false }), () => 0);
  await desk.replica.start();
  await desk.book.load();
  view = new WatchView(desk);
});
const row = (symbol: string): (typeof view.rows)[number] | undefined => view.rows.find((one) => one.symbol === symbol);

test('the bots’ symbols come first, then the person’s own', () => {
  expect(row('SPY')?.isOwn).toBe(false);
  expect(view.add(' brk b ')).toBeNull();
  expect([view.rows.at(-1)?.symbol, view.rows.at(-1)?.isOwn, view.rows.at(-1)?.hasQuote]).toEqual(['BRK B', true, false]);
  expect(desk.book.book.watchlist).toEqual(['BRK B']);
});

test('what is there, or no symbol, is not added and says why', () => {
  expect(view.add('spy')).toBe('SPY is in the list already.');
  expect(view.add('a;b')).toContain('letters, digits');
  expect(view.add('')).toContain('letters, digits');
});

test('only the person’s own are taken away', () => {
  view.add('AMD');
  const [own, bots] = [row('AMD'), row('SPY')];
  if (!own || !bots) throw new Error('both are there');
  expect([view.remove(bots), view.remove(own), row('AMD')]).toEqual([false, true, undefined]);
});

test('a symbol that was taken away stays away, though its quotes still come', () => {
  desk.replica.hear({ update: 'quotes', value: [quote('AMD')] });
  expect(row('AMD')).toBeUndefined();
  desk.replica.hear({ update: 'quotes', value: [quote('VTI', { bots: ['alpha'] })] });
  expect(row('VTI')?.isOwn).toBe(false);
});

test('an old quote shows its age, a fresh one its change', () => {
  desk.replica.hear({ update: 'quotes', value: [quote('SPY'), quote('QQQ', { age_ms: 245_000 })] });
  expect([row('SPY')?.age, row('SPY')?.change, row('QQQ')?.age]).toEqual([null, '0.5', '4 min']);
  desk.nowMs = 6000;
  expect(row('SPY')?.age).toBe('6 s');
});

test('delayed prices are marked, with the reason of their line', async () => {
  view.add('AMD');
  desk.replica.hear({ update: 'quotes', value: [quote('AMD', { is_live: false })] });
  expect(row('AMD')?.delayed).toContain('Delayed');
  view.lines.value = { reply: 'lines', lines: [{ symbol: 'AMD', state: 'delayed', age_ms: 900_000, code: 10_167, sentence: 'No subscription.', next: null }], n_open: 1, n_open_max: 40 };
  expect(row('AMD')?.delayed).toBe('No subscription.');
  await view.load();
  expect(view.lines.value?.n_open).toBeGreaterThan(0);
});

test('a symbol without a line says why', () => {
  view.add('FOOO');
  view.add('AMD');
  const line = (symbol: string, state: DataLine['state'], sentence: string): DataLine => ({ symbol, state, age_ms: null, code: null, sentence, next: null });
  view.lines.value = { reply: 'lines', lines: [line('FOOO', 'unnamed', 'The Gateway knows no US stock of this name.'), line('AMD', 'left-out', 'Gatehouse keeps 40 lines.'), line('SPY', 'live', '')], n_open: 40, n_open_max: 40 };
  expect([row('FOOO')?.lack, row('AMD')?.lack, row('SPY')?.lack]).toEqual(['The Gateway knows no US stock of this name.', 'Gatehouse keeps 40 lines.', null]);
});
