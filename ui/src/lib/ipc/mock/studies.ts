/** Studies of the sample, simple ones: the shipped ones are reckoned by the backend. */
import type { StudyWanted } from '../bindings';

export interface Input {
  time: Float64Array;
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  close: Float64Array;
  volume: Float64Array;
}

type Lines = [name: string, values: Float64Array][];

const DAY_S = 86_400;
const at = (values: Float64Array, i: number): number => values[i] ?? Number.NaN;

export function study({ kind, params }: StudyWanted, input: Input): StudyWanted & { lines: Lines } {
  return { kind, params, lines: lines(kind, params, input) };
}

function lines(kind: string, params: number[], input: Input): Lines {
  const { high, low, close, volume } = input;
  const p = (i: number, usual: number): number => params[i] ?? usual;
  switch (kind) {
    case 'sma':
      return [['sma', mean(close, p(0, 20))]];
    case 'ema':
      return [['ema', smooth(close, 2 / (p(0, 20) + 1))]];
    case 'vwap':
      return [['vwap', vwap(input)]];
    case 'bollinger': {
      const middle = mean(close, p(0, 20));
      const apart = deviation(close, p(0, 20));
      return [['upper', each(middle, (m, i) => m + p(1, 2) * at(apart, i))], ['middle', middle], ['lower', each(middle, (m, i) => m - p(1, 2) * at(apart, i))]];
    }
    case 'rsi':
      return [['rsi', rsi(close, p(0, 14))]];
    case 'macd': {
      const slow = smooth(close, 2 / (p(1, 26) + 1));
      const macd = each(smooth(close, 2 / (p(0, 12) + 1)), (fast, i) => fast - at(slow, i));
      const signal = smooth(macd, 2 / (p(2, 9) + 1));
      return [['macd', macd], ['signal', signal], ['histogram', each(macd, (m, i) => m - at(signal, i))]];
    }
    case 'atr':
      return [['atr', range(input, p(0, 14))]];
    case 'stochastic': {
      const [most, least] = extremes(high, low, p(0, 14));
      const k = mean(each(close, (c, i) => (100 * (c - at(least, i))) / Math.max(0.01, at(most, i) - at(least, i))), p(1, 3));
      return [['k', k], ['d', mean(k, p(2, 3))]];
    }
    case 'obv': {
      let sum = 0;
      return [['obv', each(close, (c, i) => (sum += i === 0 ? 0 : Math.sign(c - at(close, i - 1)) * at(volume, i)))]];
    }
    case 'donchian': {
      const [upper, lower] = extremes(high, low, p(0, 20));
      return [['upper', upper], ['middle', each(upper, (u, i) => (u + at(lower, i)) / 2)], ['lower', lower]];
    }
    case 'ichimoku':
      return ichimoku(input, p(0, 9), p(1, 26), p(2, 52), p(3, 26));
    case 'supertrend': {
      const wide = range(input, p(0, 10));
      const slow = mean(close, p(0, 10));
      const trend = (side: number): Float64Array => each(slow, (m, i) => ((at(close, i) > m ? 1 : -1) === side ? m - side * p(1, 3) * at(wide, i) : Number.NaN));
      return [['up', trend(1)], ['down', trend(-1)]];
    }
    case 'heikin-ashi':
      return heikinAshi(input);
    default:
      return [];
  }
}

function each(values: Float64Array, f: (value: number, i: number) => number): Float64Array {
  return values.map(f);
}

function mean(values: Float64Array, n: number): Float64Array {
  let sum = 0;
  let start = -1;
  return each(values, (value, i) => {
    if (Number.isNaN(value)) return Number.NaN;
    if (start < 0) start = i;
    sum += value - (i - start >= n ? at(values, i - n) : 0);
    return i - start >= n - 1 ? sum / n : Number.NaN;
  });
}

function deviation(values: Float64Array, n: number): Float64Array {
  const [m, squares] = [mean(values, n), mean(each(values, (v) => v * v), n)];
  return each(m, (one, i) => Math.sqrt(Math.max(0, at(squares, i) - one * one)));
}

function smooth(values: Float64Array, share: number): Float64Array {
  let last = Number.NaN;
  return each(values, (value) => (last = Number.isNaN(last) ? value : last + share * (value - last)));
}

function vwap({ time, high, low, close, volume }: Input): Float64Array {
  let [day, value, shares] = [-1, 0, 0];
  return each(close, (c, i) => {
    const own = Math.floor((at(time, i) - 9 * 3600) / DAY_S);
    if (own !== day) [day, value, shares] = [own, 0, 0];
    value += ((at(high, i) + at(low, i) + c) / 3) * at(volume, i);
    shares += at(volume, i);
    return value / Math.max(1, shares);
  });
}

function rsi(close: Float64Array, n: number): Float64Array {
  const up = smooth(each(close, (c, i) => Math.max(0, c - (i === 0 ? c : at(close, i - 1)))), 1 / n);
  const down = smooth(each(close, (c, i) => Math.max(0, (i === 0 ? c : at(close, i - 1)) - c)), 1 / n);
  return each(up, (u, i) => (i < n ? Number.NaN : 100 - 100 / (1 + u / Math.max(1e-9, at(down, i)))));
}

function range({ high, low, close }: Input, n: number): Float64Array {
  return smooth(each(high, (h, i) => Math.max(h, i === 0 ? h : at(close, i - 1)) - Math.min(at(low, i), i === 0 ? h : at(close, i - 1))), 1 / n);
}

function extremes(high: Float64Array, low: Float64Array, n: number): [Float64Array, Float64Array] {
  const of = (values: Float64Array, best: (...all: number[]) => number): Float64Array => each(values, (_, i) => (i < n - 1 ? Number.NaN : best(...values.subarray(i - n + 1, i + 1))));
  return [of(high, Math.max), of(low, Math.min)];
}

function ichimoku({ high, low, close }: Input, short: number, long: number, longest: number, by: number): Lines {
  const middle = (n: number): Float64Array => {
    const [most, least] = extremes(high, low, n);
    return each(most, (m, i) => (m + at(least, i)) / 2);
  };
  const [turning, base, slow] = [middle(short), middle(long), middle(longest)];
  // The bar itself is counted, as the backend does.
  const off = by - 1;
  const ahead = (values: Float64Array): Float64Array => each(values, (_, i) => at(values, i - off));
  return [['conversion', turning], ['base', base], ['span-a', ahead(each(turning, (t, i) => (t + at(base, i)) / 2))], ['span-b', ahead(slow)], ['lagging', each(close, (_, i) => at(close, i + off))]];
}

function heikinAshi({ open, high, low, close }: Input): Lines {
  const ends = each(close, (c, i) => (at(open, i) + at(high, i) + at(low, i) + c) / 4);
  let last = Number.NaN;
  const begins = each(open, (o, i) => (last = i === 0 ? (o + at(close, 0)) / 2 : (last + at(ends, i - 1)) / 2));
  return [['open', begins], ['high', each(high, (h, i) => Math.max(h, at(begins, i), at(ends, i)))], ['low', each(low, (l, i) => Math.min(l, at(begins, i), at(ends, i)))], ['close', ends]];
}
