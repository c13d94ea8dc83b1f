/** Where instants are among columns, and which instants places are. Knows nothing of the page. */
import { columnAt } from './columns';

/** Returns the place of an instant among the columns, counted from 0; between and beyond them by the width of a column. */
export function logicalOf(times: Float64Array, instant: number): number {
  const at = columnAt(times, instant);
  const before = times[at];
  const after = times[at + 1];
  if (before !== undefined && after !== undefined) return at + (instant - before) / (after - before);
  const step = widthOf(times);
  if (before !== undefined) return at + (instant - before) / step;
  return after === undefined ? 0 : (instant - after) / step;
}

/** The reverse of `logicalOf`; without columns there is no instant. */
export function timeOf(times: Float64Array, logical: number): number | null {
  const at = Math.max(0, Math.min(times.length - 1, Math.floor(logical)));
  const before = times[at];
  if (before === undefined) return null;
  const after = times[at + 1];
  const width = after !== undefined && logical >= 0 ? after - before : widthOf(times);
  return before + (logical - at) * width;
}

/** Returns the usual width of a column in secs: half of them lie no farther apart. */
function widthOf(times: Float64Array): number {
  const last = times.subarray(-41);
  const apart = last.subarray(1).map((instant, i) => instant - (last[i] ?? 0));
  return apart.sort()[apart.length >> 1] ?? 60;
}

/** Columns after the last one of another series for which its last value still stands: it trades less often. */
const STANDS = 20;

/** Returns the values of another series at the columns of this one: the last that began by then. */
export function aligned(times: Float64Array, other: { time: Float64Array; close: Float64Array }): Float64Array {
  const last = other.time[other.time.length - 1] ?? 0;
  const stands = STANDS * widthOf(times);
  let at = -1;
  return times.map((instant) => {
    while ((other.time[at + 1] ?? Infinity) <= instant) at++;
    return instant - last > stands ? Number.NaN : (other.close[at] ?? Number.NaN);
  });
}
