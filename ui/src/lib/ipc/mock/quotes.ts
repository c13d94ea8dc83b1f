/** Quotes and marks of the sample day. */
import type { ChartMark, EntryRow, OrderSpan, Quote } from '../bindings';
import { isKnown } from './series';

const LAST: Record<string, [last: number, change: string]> = {
  SPY: [662.14, '0.41'], QQQ: [598.72, '-0.22'], IBM: [283.71, '0.08'], ORCL: [221.4, '-0.64'], AAPL: [228.35, '0.19'], NVDA: [184.92, '1.87'],
};

/** Of a name that nobody knows there is no quote, and of Tesla no price at the moment. */
export function quotes(symbols: string[]): Quote[] {
  return symbols.filter((symbol) => isKnown(symbol) && symbol !== 'TSLA').map((symbol) => {
    const [last, change] = LAST[symbol] ?? [100, '0'];
    const isOld = symbol === 'ORCL';
    return {
      symbol, bid: (last - 0.01).toFixed(2), ask: (last + 0.01).toFixed(2), last: last.toFixed(2),
      change_percent: change, age_ms: isOld ? 240_000 : 300, is_live: !isOld, is_stale: isOld, bots: symbol in LAST ? ['momentum-spy'] : [],
    };
  });
}

export function marks(symbol: string, entries: EntryRow[]): ChartMark[] {
  return entries.flatMap((entry): ChartMark[] => {
    const time = Math.floor(Date.parse(entry.time) / 1000);
    if (entry.fill?.symbol === symbol) {
      const { side, quantity, price, bot } = entry.fill;
      return [{ seq: entry.seq, time, recorded: time, sign: side === 'BUY' ? 'buy-fill' : 'sell-fill', bot: bot ?? 'desk', price, text: `${side} ${quantity} at ${price}` }];
    }
    if (entry.outcome === 'refused' && entry.decision?.symbol === symbol) {
      return [{ seq: entry.seq, time, recorded: time, sign: 'refused', bot: entry.decision.bot, price: null, text: entry.summary }];
    }
    return [];
  });
}

/** Allowed orders with a price, each until its fill or for half an hour. */
export function orderSpans(symbol: string, entries: EntryRow[]): OrderSpan[] {
  return entries.toReversed().flatMap((entry): OrderSpan[] => {
    const { decision } = entry;
    const price = /[\d.]+/.exec(decision?.terms ?? '')?.[0];
    if (!decision || decision.symbol !== symbol || entry.outcome === 'refused' || price === undefined) return [];
    const from = Math.floor(Date.parse(entry.time) / 1000);
    const fill = entries.find((one) => one.fill?.order_id === decision.order_id && one.fill.bot === decision.bot);
    return [{ entry: entry.seq, bot: decision.bot, order_id: decision.order_id, side: decision.side, quantity: decision.quantity, price, is_stop: decision.terms.startsWith('STP'), terms: decision.terms.split(',')[0] ?? '', from, to: fill ? Math.floor(Date.parse(fill.time) / 1000) : from + 1800 }];
  });
}
