/** Gives each mark its column. Knows nothing of the page. */
import type { UTCTimestamp } from 'lightweight-charts';

import { pixels } from '../format';
import type { ChartMark } from '../ipc';
import { logicalOf } from './axis';
import { columnAt, type Columns } from './columns';
import type { PlacedMark } from './marks';
import { holdsNewest } from './viewport';
import { stampOf } from './written';

/** Returns the number of the column that a mark belongs to; null outside of the columns. What is later than the newest bar belongs to that one. */
export function columnOf(columns: Columns, mark: ChartMark): number | null {
  const { head, time, nColumns } = columns;
  const instant = stampOf(mark.time, head.bar);
  const at = columnAt(time, instant);
  return at < 0 || (at === nColumns - 1 && !holdsNewest(columns) && logicalOf(time, instant) >= nColumns) ? null : at;
}

/** Marks outside of the columns are left out: they have no place in the picture. */
export function place(columns: Columns, marks: readonly ChartMark[]): PlacedMark[] {
  const { time, low, high } = columns;
  const ranks = new Map<string, number>();
  return marks.flatMap((mark) => {
    const at = columnOf(columns, mark);
    const barTime = at === null ? undefined : time[at];
    if (at === null || barTime === undefined) return [];
    const [least, most] = [low[at] ?? 0, high[at] ?? 0];
    const price = mark.sign === 'refused' ? pixels(mark.price) : null;
    const isFar = price !== null && (price > most * 1.02 || price < least * 0.98);
    const side = `${at} ${mark.sign === 'buy-fill' ? 'under' : 'over'}`;
    const rank = ranks.get(side) ?? 0;
    ranks.set(side, rank + 1);
    return [{ mark, barTime: barTime as UTCTimestamp, low: least, high: most, price: isFar ? null : price, rank }];
  });
}
