/** What the chart shows: symbol, timeframe, layers, the bar and the mark that are looked at. */
import type { Desk } from '../desk.svelte';
import { askFor, type Bar, type Bars, type ChartMark, type EntryRow, type WorkingRow } from '../ipc';
import { Loaded } from '../loaded.svelte';
import type { MarkPoint } from './marks';

export const FRAMES = [
  ['1m', '1m', '1 minute'],
  ['5m', '5m', '5 minute'],
  ['15m', '15m', '15 minute'],
  ['1h', '1h', '1 hour'],
  ['1d', '1D', '1 day'],
] as const;
export type Frame = (typeof FRAMES)[number][0];

export const LAYERS = ['fills', 'refused', 'orders', 'vwap', 'sessions'] as const;
export type Layer = (typeof LAYERS)[number];

/** A working order as a line at its price. */
export interface OrderLine {
  orderId: number;
  price: string;
  side: string;
  isStop: boolean;
  label: string;
}

export class ChartView {
  frame = $state<Frame>('5m');
  shows = $state<Record<Layer, boolean>>({ fills: true, refused: true, orders: true, vwap: true, sessions: true });
  isTable = $state(false);
  hovered = $state.raw<MarkPoint | null>(null);
  pinned = $state.raw<MarkPoint | null>(null);
  /** The bar under the crosshair. */
  pointed = $state.raw<Bar | null>(null);

  readonly bars = new Loaded<Bars>();
  readonly fetched = new Loaded<EntryRow>();

  readonly symbol = $derived.by(() => this.desk.symbol ?? this.desk.symbols[0] ?? null);
  readonly quote = $derived.by(() => (this.symbol === null ? undefined : this.desk.replica.quotes.get(this.symbol)));
  readonly ageMs = $derived.by(() => (this.quote ? this.quote.age_ms + Math.max(0, this.desk.nowMs - this.quote.heardAt) : null));
  /** The bars of exactly this symbol and timeframe. */
  readonly drawn = $derived.by(() => (this.bars.value?.symbol === this.symbol && this.bars.value?.bar === this.frame ? this.bars.value : null));
  readonly marks = $derived.by(() => (this.drawn?.marks ?? []).filter((mark) => (mark.sign === 'refused' ? this.shows.refused : this.shows.fills)));
  readonly refused = $derived(this.marks.filter((mark) => mark.sign === 'refused'));
  readonly fills = $derived(this.marks.filter((mark) => mark.sign !== 'refused'));
  readonly lines = $derived.by(() => (this.shows.orders ? orderLines(this.desk.status?.working ?? [], this.symbol) : []));
  readonly point = $derived.by(() => this.pinned ?? this.hovered);
  readonly card = $derived.by(() => this.#card());
  /** Grows when the symbol's fills and refusals do. */
  readonly newest = $derived.by(() => this.desk.replica.entries.find((e) => this.symbol !== null && (e.fill?.symbol ?? e.decision?.symbol) === this.symbol)?.seq ?? 0);

  constructor(private readonly desk: Desk) {}

  load(): void {
    const { symbol, frame } = this;
    if (symbol === null) return;
    void this.bars.load(() => askFor(this.desk.backend, { do: 'bars', symbol, bar: frame }, 'bars'));
  }

  /** A mark older than the replica is read from the ledger. */
  fetchCard(): void {
    const seq = this.point?.mark.seq;
    if (seq === undefined || this.card) return;
    void this.fetched.load(async () => (await askFor(this.desk.backend, { do: 'entry', seq }, 'entry')).row);
  }

  select(symbol: string): void {
    this.desk.symbol = symbol;
    this.pinned = this.hovered = null;
    this.pointed = null;
  }

  pin(mark: ChartMark, x: number, y: number): void {
    this.pinned = { mark, x, y };
  }

  toggle(layer: Layer): void {
    this.shows[layer] = !this.shows[layer];
  }

  /** Returns whether the key belongs to the chart. */
  press(key: string): boolean {
    const at = FRAMES.findIndex(([id]) => id === this.frame);
    const numbered = /^[1-9]$/.test(key) ? FRAMES[Number(key) - 1] : undefined;
    const next = key === '[' ? FRAMES[at - 1] : key === ']' ? FRAMES[at + 1] : numbered;
    if (next) this.frame = next[0];
    else if (key === 'Escape' && this.pinned) this.pinned = null;
    else return false;
    return true;
  }

  #card(): EntryRow | null {
    const seq = this.point?.mark.seq;
    if (seq === undefined) return null;
    return this.desk.replica.entries.find((entry) => entry.seq === seq) ?? (this.fetched.value?.seq === seq ? this.fetched.value : null);
  }
}

/** Returns a line for every working order of the symbol that has a price. */
export function orderLines(working: readonly WorkingRow[], symbol: string | null): OrderLine[] {
  return working.flatMap((row) => {
    const price = row.trigger ?? row.limit ?? row.price;
    if (row.symbol !== symbol || price === null) return [];
    const whose = row.protects ? `protects ${row.bot ?? 'the account'}` : (row.bot ?? 'foreign');
    return [{ orderId: row.order_id, price, side: row.side, isStop: row.trigger !== null, label: `${row.kind} ${row.quantity} at ${price}, ${whose}` }];
  });
}

/** One sentence for those who do not see the picture. */
export function summary(symbol: string, words: string, bars: readonly Bar[], nFills: number, nRefused: number, nOrders: number): string {
  const first = bars[0];
  const last = bars.at(-1);
  if (!first || !last) return `${symbol}, ${words} bars: none yet.`;
  const count = (n: number, one: string, many: string): string => `${n === 0 ? 'no' : n} ${n === 1 ? one : many}`;
  return `${symbol}, ${bars.length} ${words} bars, from ${first.open} to ${last.close}; ${count(nFills, 'fill', 'fills')}, ${count(nRefused, 'refused order', 'refused orders')}, ${count(nOrders, 'working order', 'working orders')}.`;
}
