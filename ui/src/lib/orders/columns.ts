/** The columns of the blotters: titles, widths, and what each is sorted by. */
import { pixels } from '../format';
import type { EntryRow, PositionRow, WorkingRow } from '../ipc';
import type { Column } from '../table/rows.svelte';

const number = (text: string | null | undefined): number | null => pixels(text);

/** `isFull` is the Orders screen, where every column can be chosen. */
export function workingColumns(isFull: boolean): Column<WorkingRow>[] {
  const extra = { isExtra: !isFull };
  const all: Column<WorkingRow>[] = [
    { id: 'time', title: 'Time', width: 105, sortBy: (row) => row.time },
    { id: 'bot', title: 'Bot', width: 102, sortBy: (row) => row.bot },
    ...(isFull ? [{ id: 'client', title: 'Client', width: 56, isNumber: true } satisfies Column<WorkingRow>] : []),
    { id: 'order', title: 'Order', width: 60, isNumber: true, sortBy: (row) => row.order_id, ...extra },
    { id: 'side', title: 'Side', width: 58, sortBy: (row) => row.side },
    { id: 'quantity', title: 'Qty', width: 46, isNumber: true, sortBy: (row) => number(row.quantity) },
    ...(isFull ? [{ id: 'filled', title: 'Filled', width: 52, isNumber: true, sortBy: (row: WorkingRow) => number(row.filled) } satisfies Column<WorkingRow>] : []),
    { id: 'symbol', title: 'Symbol', width: 62, sortBy: (row) => row.symbol },
    { id: 'kind', title: 'Type', width: 72, sortBy: (row) => row.kind },
    ...(isFull
      ? ([
          { id: 'limit', title: 'Limit', width: 68, isNumber: true, sortBy: (row) => number(row.limit) },
          { id: 'trigger', title: 'Trigger', width: 68, isNumber: true, sortBy: (row) => number(row.trigger) },
        ] satisfies Column<WorkingRow>[])
      : ([{ id: 'price', title: 'Price', width: 68, isNumber: true, sortBy: (row) => number(row.price) }] satisfies Column<WorkingRow>[])),
    { id: 'tif', title: 'TIF', width: 44, sortBy: (row) => row.tif },
    { id: 'status', title: 'Order status', width: 138, sortBy: (row) => row.status_title },
    { id: 'verdict', title: 'Verdict', width: 83, sortBy: (row) => row.outcome },
    { id: 'reason', title: 'Reason' },
    ...(isFull ? [{ id: 'age', title: 'Age', width: 66, isNumber: true, sortBy: (row: WorkingRow) => row.age_s } satisfies Column<WorkingRow>] : []),
    { id: 'check', title: 'Check', width: 62, isNumber: true, sortBy: (row) => row.check_us },
    { id: 'act', title: 'Change or cancel', width: isFull ? 126 : 40, isNumber: true, isQuiet: true },
  ];
  return all;
}

export const FILLS: Column<EntryRow>[] = [
  { id: 'time', title: 'Time', width: 104, sortBy: (row) => row.market_time ?? row.time },
  { id: 'bot', title: 'Bot', width: 132, sortBy: (row) => row.fill?.bot ?? null },
  { id: 'side', title: 'Side', width: 62, sortBy: (row) => row.fill?.side ?? null },
  { id: 'quantity', title: 'Qty', width: 62, isNumber: true, sortBy: (row) => number(row.fill?.quantity) },
  { id: 'symbol', title: 'Symbol', width: 76, sortBy: (row) => row.fill?.symbol ?? null },
  { id: 'price', title: 'Price', width: 84, isNumber: true, sortBy: (row) => number(row.fill?.price) },
  { id: 'fee', title: 'Fee', width: 62, isNumber: true, sortBy: (row) => number(row.fill?.commission) },
  { id: 'realised', title: 'Realised', width: 84, isNumber: true, sortBy: (row) => number(row.fill?.realised) },
  { id: 'order', title: 'Order', width: 72, isNumber: true, sortBy: (row) => row.fill?.order_id ?? null },
  { id: 'execution', title: 'Execution' },
  { id: 'audit', title: 'Audit', width: 128, isNumber: true, isQuiet: true },
];

/** The same beside the chart of one symbol, where there is less room. */
export const FILLS_OF_SYMBOL = FILLS.filter((column) => !['symbol', 'execution'].includes(column.id));

/** Requests and refusals of bots and of the person. */
export const REQUESTS: Column<EntryRow>[] = [
  { id: 'time', title: 'Time', width: 104, sortBy: (row) => row.market_time ?? row.time },
  { id: 'bot', title: 'Bot', width: 116, sortBy: (row) => row.decision?.bot ?? row.actor },
  { id: 'order', title: 'Order', width: 66, isNumber: true, isExtra: true, sortBy: (row) => row.decision?.order_id ?? null },
  { id: 'side', title: 'Side', width: 62, sortBy: (row) => row.decision?.side ?? null },
  { id: 'quantity', title: 'Qty', width: 62, isNumber: true, sortBy: (row) => number(row.decision?.quantity) },
  { id: 'symbol', title: 'Symbol', width: 72, sortBy: (row) => row.decision?.symbol ?? row.subject },
  { id: 'terms', title: 'Terms', width: 140, sortBy: (row) => row.decision?.terms ?? null },
  { id: 'verdict', title: 'Verdict', width: 92, sortBy: (row) => row.outcome },
  { id: 'rule', title: 'Rule', width: 60, sortBy: (row) => row.decision?.findings[0]?.rule ?? null },
  { id: 'reason', title: 'Reason' },
  { id: 'check', title: 'Check', width: 72, isNumber: true, sortBy: (row) => row.check_us },
];

export const POSITIONS: Column<PositionRow>[] = [
  { id: 'symbol', title: 'Symbol', width: 84, sortBy: (row) => row.symbol },
  { id: 'held', title: 'Quantity', width: 84, isNumber: true, sortBy: (row) => number(row.held) },
  { id: 'average', title: 'Average price', width: 100, isNumber: true, sortBy: (row) => number(row.average_price) },
  { id: 'last', title: 'Last', width: 84, isNumber: true, sortBy: (row) => number(row.last) },
  { id: 'value', title: 'Market value', width: 112, isNumber: true, sortBy: (row) => number(row.value) },
  { id: 'open', title: 'Open P&L', width: 92, isNumber: true, sortBy: (row) => number(row.open_pnl) },
  { id: 'bots', title: 'Held by' },
  { id: 'stop', title: 'Protective stop', width: 168 },
  { id: 'act', title: 'Flatten', width: 92, isNumber: true, isQuiet: true },
];

/** Returns how long a judgement took, such as `0.4 ms`. */
export function checked(us: number | null): string {
  if (us === null) return '–';
  return us < 95_000 ? `${Math.max(0.1, us / 1000).toFixed(1)} ms` : `${(us / 1_000_000).toFixed(2)} s`;
}
