import { expect, test } from 'vitest';

import { decode, type Columns } from '../../chart/columns';
import type { ColumnsRequest, WindowStart } from '../bindings';
import { NOW_UTC } from './clock';
import { columns } from './series';

function ask(start: WindowStart, asked: Partial<ColumnsRequest> = {}): Columns {
  return decode(columns({ symbol: 'SPY', bar: '1m', what: 'TRADES', is_regular: false, start, n_columns: 400, bars_per_column: 1, studies: [], ...asked }, { nBars: Infinity }));
}

test('the sample has ten million minutes, up to now', () => {
  const { nBars, time, close, first, nColumns } = ask({ by: 'newest' });
  expect(nBars).toBeGreaterThan(9_990_000);
  expect(first + nColumns).toBe(nBars);
  expect(time.at(-1)).toBe(Math.floor(NOW_UTC / 60_000) * 60);
  expect(close.at(-1)).toBe(662.14);
});

test.each(['1m', '5m', '15m', '1h', '1d'])('bars of %s come in order, none at night or on a weekend', (bar) => {
  for (const is_regular of [true, false]) {
    const { time, low, high, open, close } = ask({ by: 'newest' }, { bar, is_regular });
    time.forEach((at, i) => {
      expect(at).toBeGreaterThan(time[i - 1] ?? 0);
      // A day bears the midnight in UTC of its date, as the store has it.
      expect([0, 6]).not.toContain(new Date((at - (bar === '1d' ? 0 : 5 * 3600)) * 1000).getUTCDay());
      if (bar === '1d') expect(at % 86_400).toBe(0);
      expect(low[i] ?? 0).toBeLessThanOrEqual(Math.min(open[i] ?? 0, close[i] ?? 0));
      expect(high[i] ?? 0).toBeGreaterThanOrEqual(Math.max(open[i] ?? 0, close[i] ?? 0));
    });
  }
});

test('a window by number, by instant and at another level shows the same bars', () => {
  const fine = ask({ by: 'index', first: 5_000_000 });
  const again = ask({ by: 'time', at: fine.time[200] ?? 0 });
  expect(again.first).toBe(5_000_000);
  expect([...again.close]).toEqual([...fine.close]);
  const coarse = ask({ by: 'index', first: 5_000_000 }, { bars_per_column: 8, n_columns: 50 });
  expect([...coarse.time]).toEqual([...fine.time].filter((_, i) => i % 8 === 0));
});

test('every study has its lines', () => {
  const kinds = ['sma', 'ema', 'vwap', 'bollinger', 'rsi', 'macd', 'atr', 'stochastic', 'obv', 'donchian', 'ichimoku', 'supertrend', 'heikin-ashi'];
  const { head, lines } = ask({ by: 'newest' }, { studies: kinds.map((kind) => ({ kind, params: [] })) });
  expect(head.studies.map(({ lines: names }) => names.length)).toEqual([1, 1, 1, 3, 1, 3, 1, 2, 1, 3, 5, 2, 4]);
  for (const line of lines.flat()) expect(line.some((value) => !Number.isNaN(value))).toBe(true);
});

test('what are no columns is no picture', () => {
  expect(() => decode(new ArrayBuffer(3))).toThrow();
  const whole = columns({ symbol: 'SPY', bar: '1m', what: 'TRADES', is_regular: false, start: { by: 'newest' }, n_columns: 9, bars_per_column: 1, studies: [] }, { nBars: 500 });
  expect(() => decode(whole.slice(0, -8))).toThrow('bytes are not 9 columns');
});
