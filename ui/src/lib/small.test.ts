import { expect, test } from 'vitest';

import { hexLines } from './audit/pages.svelte';
import { decode, type Columns } from './chart/columns';
import { bunched } from './chart/marks';
import { place } from './chart/place';
import { notes } from './home/feed';
import { encode } from './ipc/encode';
import { entries } from './ipc/mock/entries';
import { bots } from './ipc/mock/world';
import { attentionFirst, botSeen } from './words';

test('a frame is shown ten bytes to the line', () => {
  expect(hexLines('00004142437e7f202122ff')).toEqual([
    { at: '0000', hex: '00 00 41 42 43 7e 7f 20 21 22', text: '··ABC~· !"' },
    { at: '000a', hex: 'ff', text: '·' },
  ]);
});

const columns = (...times: number[]): Columns => {
  const head = { symbol: 'SPY', bar: '1m', what: 'TRADES', is_regular: false, n_bars: times.length, first: 0, bars_per_column: 1, n_columns: times.length, digits: 2, zone: 'America/New_York', studies: [], sessions: [], has_older: false, note: null };
  const flat = (value: number): Float64Array => new Float64Array(times.length).fill(value);
  return decode(encode(head, [Float64Array.from(times), flat(10), flat(11), flat(9), flat(10), flat(1)]));
};
const mark = (seq: number, time: number, sign: string, price: string | null = null): { seq: number; time: number; recorded: number; sign: string; bot: string; price: string | null; text: string } => ({ seq, time, recorded: time, sign, price, bot: 'a', text: '' });

test('a mark belongs to the bar that holds its second', () => {
  const placed = place(columns(0, 60), [mark(1, 59, 'buy-fill'), mark(2, 60, 'refused'), mark(3, -1, 'refused')]);
  expect(placed.map((p) => [p.mark.seq, p.barTime])).toEqual([[1, 0], [2, 60]]);
});

test('marks on one side of one bar are stacked', () => {
  const placed = place(columns(0), [mark(1, 1, 'refused'), mark(2, 2, 'sell-fill'), mark(3, 3, 'buy-fill')]);
  expect(placed.map((p) => p.rank)).toEqual([0, 1, 0]);
});

test('a price far from its bar is drawn at the bar, not off the picture', () => {
  expect(place(columns(0), [mark(1, 1, 'refused', '99')])[0]?.price).toBeNull();
});

test('a mark beyond the last column of a window belongs to none, but to the newest bar it does', () => {
  const window = columns(0, 60);
  expect(place(window, [mark(1, 900, 'refused')])).toHaveLength(1);
  expect(place({ ...window, nBars: 99 }, [mark(1, 900, 'refused')])).toHaveLength(0);
});

test('signs on top of each other are one with their number, of one kind each', () => {
  const at = (seq: number, x: number, sign: string): Parameters<typeof bunched>[0][number] => ({ mark: mark(seq, 0, sign), all: [mark(seq, 0, sign)], x, y: 50 });
  const signs = bunched([at(1, 10, 'buy-fill'), at(2, 11, 'refused'), at(3, 12, 'buy-fill'), at(4, 16, 'buy-fill'), at(5, 40, 'buy-fill')]);
  expect(signs.map((one) => [one.mark.seq, one.all.length])).toEqual([[4, 3], [2, 1], [5, 1]]);
});

test('the same refusal again is counted in one note', () => {
  const repeats = notes(entries()).filter((note) => note.n > 1);
  expect(repeats.map((note) => [note.n, note.entry.actor])).toEqual([[5, 'meanrev-qqq']]);
});

test('a stopped bot comes first, and its state outranks a closed socket', () => {
  const seen = attentionFirst(bots());
  expect(seen[0]?.name).toBe('meanrev-qqq');
  const [first] = seen;
  if (!first) throw new Error('there are bots');
  expect(botSeen({ ...first, state: 'killed', is_connected: false }).word).toBe('Killed');
  expect(botSeen({ ...first, state: 'active', is_connected: false, seen_ms_ago: null }).word).toBe('Waiting');
});
