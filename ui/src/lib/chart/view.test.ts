import { expect, test } from 'vitest';

import { bars } from '../ipc/mock/bars';
import { entries } from '../ipc/mock/entries';
import { working } from '../ipc/mock/world';
import { shades } from './sessions';
import { orderLines, summary } from './view.svelte';

test('a working order of the symbol is a line at its trigger or limit, with its words', () => {
  const lines = orderLines(working().filter((row) => row.bot === 'momentum-spy'), 'SPY');
  expect(lines.map((line) => [line.orderId, line.price, line.isStop])).toEqual([[1191, '662.10', false], [1188, '656.40', true]]);
  expect(lines[1]?.label).toBe('STP 10 at 656.40, protects momentum-spy');
});

test('an order without a price and one of another symbol have no line', () => {
  const [first] = working();
  if (!first) throw new Error('there are working orders');
  expect(orderLines([{ ...first, price: null, limit: null, trigger: null }], first.symbol)).toEqual([]);
  expect(orderLines(working(), 'TSLA')).toEqual([]);
});

test('the picture is told in one sentence', () => {
  const day = bars('SPY', '5m', entries());
  expect(summary('SPY', '5 minute', day.bars.slice(-2), 5, 1, 0)).toMatch(/^SPY, 2 5 minute bars, from [\d.]+ to [\d.]+; 5 fills, 1 refused order, no working orders\.$/);
  expect(summary('SPY', '1 day', [], 0, 0, 0)).toBe('SPY, 1 day bars: none yet.');
});

test('what lies outside the regular session is shaded, what lies inside is not', () => {
  const bar = (time: number): (typeof day.bars)[number] => ({ time, open: '1', high: '1', low: '1', close: '1', volume: '1' });
  const day = { bars: [0, 60, 120, 180, 240].map((time) => ({ time, open: '1', high: '1', low: '1', close: '1', volume: '1' })) };
  const spans = [{ from: 0, to: 100, name: 'pre-market' }, { from: 100, to: 200, name: 'regular' }, { from: 200, to: 300, name: 'after-hours' }, { from: 900, to: 999, name: 'pre-market' }];
  expect(shades([...day.bars, bar(300)], spans)).toEqual([{ from: 0, to: 60, name: 'Pre-market' }, { from: 240, to: 240, name: 'After hours' }]);
});
