import { expect, test } from 'vitest';

import { Refusal, type ColumnsHead, type ColumnsRequest } from '../ipc';
import { encode } from '../ipc/encode';
import { Compare } from './compare.svelte';
import { decode, type Columns } from './columns';

/** A bar each `step` secs, from 0; its close is its number. */
function bars(request: ColumnsRequest, step: number, nBars: number): ArrayBuffer {
  const { start, n_columns, bars_per_column: level } = request;
  const at = start.by === 'time' ? Math.floor(start.at / step) : 0;
  const first = Math.floor(Math.max(0, at - Math.floor((n_columns * level) / 2)) / level) * level;
  const n = Math.max(0, Math.min(n_columns, Math.ceil((nBars - first) / level)));
  const of = (pick: (bar: number) => number): Float64Array => Float64Array.from({ length: n }, (_, i) => pick(first + i * level));
  const head: ColumnsHead = { symbol: request.symbol, bar: request.bar, what: request.what, is_regular: request.is_regular, n_bars: nBars, first, bars_per_column: level, n_columns: n, digits: 2, zone: 'America/New_York', studies: [], sessions: [], has_older: false, note: null };
  const close = of((bar) => Math.min(nBars, bar + level) - 1);
  return encode(head, [of((bar) => bar * step), close, close, close, close, close]);
}

const settled = (): Promise<void> => new Promise((done) => { setTimeout(done); });
const refused = (code: string): Refusal => new Refusal({ code, kind: 'broken', what: '', why: '', next: '' });
/** A thinly traded stock: 400 bars of eight minutes. */
const thin: Columns = decode(bars({ symbol: 'THIN', bar: '1m', what: 'TRADES', is_regular: false, start: { by: 'time', at: 400 * 480 }, n_columns: 400, bars_per_column: 1, studies: [] }, 480, 4000));

test.each([8, 60, 480])('a symbol with %d times as many bars has a line over the whole picture', async (times) => {
  const asked: ColumnsRequest[] = [];
  const compare = new Compare(async (request) => (asked.push(request), bars(request, 480 / times, 4000 * times)));
  compare.add('SPY');
  compare.follow(thin);
  await settled();
  const [line] = compare.lines;
  expect([line?.close.length, line?.close.some(Number.isNaN)]).toEqual([400, false]);
  expect(asked.length).toBeLessThanOrEqual(3);
  expect(asked.every(({ n_columns }) => n_columns <= 5000)).toBe(true);
});

test('a series that begins or ends in the picture is asked for once', async () => {
  let nAsked = 0;
  const compare = new Compare(async (request) => (nAsked++, bars(request, 480, 350)));
  compare.add('NEW');
  compare.follow(thin);
  await settled();
  expect(nAsked).toBe(1);
});

test('a name that nobody knows keeps no other back, and is asked for again by a click only', async () => {
  const asked: string[] = [];
  let refuse: (thrown: unknown) => void = () => undefined;
  const compare = new Compare((request) => {
    asked.push(request.symbol);
    return request.symbol === 'FOOO' ? new Promise((_, reject) => { refuse = reject; }) : Promise.resolve(bars(request, 480, 4000));
  });
  compare.add('FOOO');
  compare.add('QQQ');
  compare.follow(thin);
  await settled();
  expect(compare.lines.map(({ symbol, colour }) => [symbol, colour])).toEqual([['QQQ', 'bot-2']]);
  refuse(refused('no-instrument'));
  await settled();
  expect([compare.missing, compare.isUnknown('FOOO')]).toEqual([['FOOO'], true]);
  compare.follow(thin);
  await settled();
  expect(asked).toEqual(['FOOO', 'QQQ', 'QQQ']);
  compare.retry('FOOO');
  expect([asked.at(-2), compare.missing]).toEqual(['FOOO', []]);
  refuse(refused('no-answer'));
  await settled();
  compare.follow(thin);
  expect([asked.at(-2), compare.missing, compare.isUnknown('FOOO')]).toEqual(['FOOO', ['FOOO'], false]);
  compare.remove('FOOO');
  expect(compare.missing).toEqual([]);
});

test('what cannot be added says why', () => {
  const compare = new Compare(() => new Promise(() => undefined));
  expect([compare.add(' qqq '), compare.add('QQQ'), compare.add(' '), compare.add('IBM'), compare.add('AMD'), compare.add('VTI')]).toEqual([null, 'QQQ is compared already.', 'Type a symbol, such as QQQ.', null, null, 'A chart compares with 3 symbols at most.']);
});
