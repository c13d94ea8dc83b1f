/** Columns as raw bytes, as the backend writes them. */
import type { ColumnsHead } from './bindings';

const FLOAT = 8;

export function encode(head: ColumnsHead, columns: readonly Float64Array[]): ArrayBuffer {
  const text = new TextEncoder().encode(JSON.stringify(head));
  const start = Math.ceil((4 + text.length) / FLOAT) * FLOAT;
  const bytes = new ArrayBuffer(start + columns.length * head.n_columns * FLOAT);
  new DataView(bytes).setUint32(0, text.length, true);
  new Uint8Array(bytes, 4).set(text);
  columns.forEach((column, i) => new Float64Array(bytes, start + i * head.n_columns * FLOAT, head.n_columns).set(column));
  return bytes;
}
