/** Candles and quotes of the sample day. */
import type { Bar, Bars, ChartMark, EntryRow, LinePoint, Quote, SessionSpan } from '../bindings';
import { NOW_UTC, OPEN_UTC, seeded } from './clock';

const LAST: Record<string, [last: number, change: string]> = {
  SPY: [662.14, '0.41'], QQQ: [598.72, '-0.22'], IBM: [283.71, '0.08'], ORCL: [221.4, '-0.64'], AAPL: [228.35, '0.19'], NVDA: [184.92, '1.87'],
};
const SECONDS: Record<string, number> = { '1m': 60, '5m': 300, '15m': 900, '1h': 3600, '1d': 86400 };

export function quotes(symbols: string[]): Quote[] {
  return symbols.map((symbol) => {
    const [last, change] = LAST[symbol] ?? [100, '0'];
    const isOld = symbol === 'ORCL';
    return {
      symbol, bid: (last - 0.01).toFixed(2), ask: (last + 0.01).toFixed(2), last: last.toFixed(2),
      change_percent: change, age_ms: isOld ? 240_000 : 300, is_live: !isOld, is_stale: isOld, bots: symbol in LAST ? ['momentum-spy'] : [],
    };
  });
}

export function bars(symbol: string, bar: string, entries: EntryRow[]): Bars {
  const step = SECONDS[bar] ?? 300;
  const first = bar === '1d' ? OPEN_UTC / 1000 - 120 * 86400 : OPEN_UTC / 1000 - (bar === '1h' ? 20 * 3600 : 0);
  const n = Math.floor((NOW_UTC / 1000 - first) / step) + 1;
  const made = walk(symbol, first, step, n);
  return { symbol, bar, bars: made, marks: marks(symbol, entries), vwap: vwap(bar, made), sessions: sessions(bar, made) };
}

function vwap(bar: string, made: Bar[]): LinePoint[] {
  if (bar === '1d') return [];
  let value = 0;
  let volume = 0;
  return made.map(({ time, high, low, close, volume: shares }) => {
    value += ((Number(high) + Number(low) + Number(close)) / 3) * Number(shares);
    volume += Number(shares);
    return { time, value: (value / volume).toFixed(4) };
  });
}

function sessions(bar: string, made: Bar[]): SessionSpan[] {
  const open = OPEN_UTC / 1000;
  return bar === '1d' || made.length === 0 ? [] : [
    { from: open - 5.5 * 3600, to: open, name: 'pre-market' },
    { from: open, to: open + 6.5 * 3600, name: 'regular' },
    { from: open + 6.5 * 3600, to: open + 10.5 * 3600, name: 'after-hours' },
  ];
}

function walk(symbol: string, first: number, step: number, n: number): Bar[] {
  const next = seeded(symbol.length * 131 + symbol.charCodeAt(0) * 17 + step);
  const [end] = LAST[symbol] ?? [100];
  const size = end * 0.0007 * Math.sqrt(step / 300);
  const steps = Array.from({ length: n }, () => (next() - 0.47) * 2 * size);
  let price = end - steps.reduce((sum, s) => sum + s, 0);
  return steps.map((s, i) => {
    const open = price;
    price += s;
    const high = Math.max(open, price) + next() * size * 0.7;
    const low = Math.min(open, price) - next() * size * 0.7;
    const u = Math.abs(i / n - 0.5) * 2;
    return {
      time: first + i * step, open: open.toFixed(2), high: high.toFixed(2), low: low.toFixed(2), close: price.toFixed(2),
      volume: String(Math.floor((80 + 500 * u * u) * (0.6 + next()) * (step / 300)) * 1000),
    };
  });
}

function marks(symbol: string, entries: EntryRow[]): ChartMark[] {
  return entries.flatMap((entry): ChartMark[] => {
    const time = Math.floor(Date.parse(entry.time) / 1000);
    if (entry.fill?.symbol === symbol) {
      const { side, quantity, price, bot } = entry.fill;
      return [{ seq: entry.seq, time, sign: side === 'BUY' ? 'buy-fill' : 'sell-fill', bot: bot ?? 'desk', price, text: `${side} ${quantity} at ${price}` }];
    }
    if (entry.outcome === 'refused' && entry.decision?.symbol === symbol) {
      return [{ seq: entry.seq, time, sign: 'refused', bot: entry.decision.bot, price: null, text: entry.summary }];
    }
    return [];
  });
}
