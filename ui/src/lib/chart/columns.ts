/** Columns as the backend sends them: raw bytes, looked at where they lie. Knows nothing of the page. */
import type { ColumnsHead } from '../ipc';
import type { Held } from './viewport';

export const PLAIN = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;

export interface Columns extends Held {
  head: ColumnsHead;
  /** Secs since 1970 at which each column begins. */
  time: Float64Array;
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  close: Float64Array;
  volume: Float64Array;
  /** For each study of the head its lines; not-a-number where a line has no value. */
  lines: Float64Array[][];
}

/** The length of the head is in front of it. */
const LENGTH = 4;
const FLOAT = 8;

/** Fails on bytes that are no columns. */
export function decode(bytes: ArrayBuffer): Columns {
  const nHead = new DataView(bytes).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, LENGTH, nHead))) as ColumnsHead;
  const start = Math.ceil((LENGTH + nHead) / FLOAT) * FLOAT;
  const n = head.n_columns;
  const nLines = head.studies.reduce((sum, study) => sum + study.lines.length, 0);
  if (bytes.byteLength !== start + (PLAIN.length + nLines) * n * FLOAT) throw new Error(`${bytes.byteLength} bytes are not ${n} columns with ${nLines} lines`);
  let taken = 0;
  const next = (): Float64Array => new Float64Array(bytes, start + taken++ * n * FLOAT, n);
  const [time, open, high, low, close, volume] = [next(), next(), next(), next(), next(), next()];
  const lines = head.studies.map((study) => study.lines.map(next));
  return { head, first: head.first, barsPerColumn: head.bars_per_column, nColumns: n, nBars: head.n_bars, time, open, high, low, close, volume, lines };
}

/** Returns the number of the column that an instant belongs to; −1 before the first. */
export function columnAt(time: Float64Array, instant: number): number {
  let low = 0;
  let high = time.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((time[middle] ?? Infinity) <= instant) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
