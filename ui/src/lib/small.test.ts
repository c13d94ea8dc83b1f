import { expect, test } from 'vitest';

import { hexLines } from './audit/pages.svelte';
import { place } from './chart/place';
import { notes } from './home/feed';
import { entries } from './ipc/mock/entries';
import { bots } from './ipc/mock/world';
import { attentionFirst, botSeen } from './words';

test('a frame is shown ten bytes to the line', () => {
  expect(hexLines('00004142437e7f202122ff')).toEqual([
    { at: '0000', hex: '00 00 41 42 43 7e 7f 20 21 22', text: '··ABC~· !"' },
    { at: '000a', hex: 'ff', text: '·' },
  ]);
});

const bar = (time: number): { time: number; open: string; high: string; low: string; close: string; volume: string } => ({ time, open: '10', high: '11', low: '9', close: '10', volume: '1' });
const mark = (seq: number, time: number, sign: string, price: string | null = null): { seq: number; time: number; sign: string; bot: string; price: string | null; text: string } => ({ seq, time, sign, price, bot: 'a', text: '' });

test('a mark belongs to the bar that holds its second', () => {
  const placed = place([bar(0), bar(60)], [mark(1, 59, 'buy-fill'), mark(2, 60, 'refused'), mark(3, -1, 'refused')]);
  expect(placed.map((p) => [p.mark.seq, p.barTime])).toEqual([[1, 0], [2, 60]]);
});

test('marks on one side of one bar are stacked', () => {
  const placed = place([bar(0)], [mark(1, 1, 'refused'), mark(2, 2, 'sell-fill'), mark(3, 3, 'buy-fill')]);
  expect(placed.map((p) => p.rank)).toEqual([0, 1, 0]);
});

test('a price far from its bar is drawn at the bar, not off the picture', () => {
  expect(place([bar(0)], [mark(1, 1, 'refused', '99')])[0]?.price).toBeNull();
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
