/** Gives each mark its bar. Knows nothing of the page. */
import type { UTCTimestamp } from 'lightweight-charts';

import { pixels } from '../format';
import type { Bar, ChartMark } from '../ipc';
import type { PlacedMark } from './marks';

/** Marks before the first bar are left out: they have no place in the picture. */
export function place(bars: readonly Bar[], marks: readonly ChartMark[]): PlacedMark[] {
  const ranks = new Map<string, number>();
  return marks.flatMap((mark) => {
    const bar = barAt(bars, mark.time);
    const low = pixels(bar?.low);
    const high = pixels(bar?.high);
    if (!bar || low === null || high === null) return [];
    const price = mark.sign === 'refused' ? pixels(mark.price) : null;
    const isFar = price !== null && (price > high * 1.02 || price < low * 0.98);
    const side = `${bar.time} ${mark.sign === 'buy-fill' ? 'under' : 'over'}`;
    const rank = ranks.get(side) ?? 0;
    ranks.set(side, rank + 1);
    return [{ mark, barTime: bar.time as UTCTimestamp, low, high, price: isFar ? null : price, rank }];
  });
}

function barAt(bars: readonly Bar[], time: number): Bar | null {
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bars[middle]?.time ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  return bars[low - 1] ?? null;
}
