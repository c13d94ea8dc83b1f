/** Gives each mark its column. Knows nothing of the page. */
import type { UTCTimestamp } from 'lightweight-charts';

import { pixels } from '../format';
import type { ChartMark } from '../ipc';
import { logicalOf } from './axis';
import { columnAt, type Columns } from './columns';
import type { PlacedMark } from './marks';
import { stampOf } from './written';

/** Marks outside of the columns are left out: they have no place in the picture. */
export function place(columns: Columns, marks: readonly ChartMark[]): PlacedMark[] {
  const { head, time, low, high, nColumns, first, barsPerColumn, nBars } = columns;
  const isNewest = first + nColumns * barsPerColumn >= nBars;
  const ranks = new Map<string, number>();
  return marks.flatMap((mark) => {
    const instant = stampOf(mark.time, head.bar);
    const at = columnAt(time, instant);
    const barTime = time[at];
    if (barTime === undefined || (at === nColumns - 1 && !isNewest && logicalOf(time, instant) >= nColumns)) return [];
    const [least, most] = [low[at] ?? 0, high[at] ?? 0];
    const price = mark.sign === 'refused' ? pixels(mark.price) : null;
    const isFar = price !== null && (price > most * 1.02 || price < least * 0.98);
    const side = `${at} ${mark.sign === 'buy-fill' ? 'under' : 'over'}`;
    const rank = ranks.get(side) ?? 0;
    ranks.set(side, rank + 1);
    return [{ mark, barTime: barTime as UTCTimestamp, low: least, high: most, price: isFar ? null : price, rank }];
  });
}
