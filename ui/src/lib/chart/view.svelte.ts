/** What the chart shows: symbol, timeframe, type, studies, layers, the column and the mark that are looked at. */
import { untrack } from 'svelte';

import type { Desk } from '../desk.svelte';
import { askFor, failureOf, type ChartMark, type ColumnsRequest, type EntryRow, type Failure, type ReplyOf, type WorkingRow } from '../ipc';
import { Loaded } from '../loaded.svelte';
import type { Candles } from './candles';
import { columnAt, type Columns } from './columns';
import { Compare, COMPARES_MAX } from './compare.svelte';
import type { ChartType, Scale } from './kinds';
import type { OrderLine } from './lines';
import type { MarkPoint } from './marks';
import { columnOf } from './place';
import { HEIKIN_ASHI, STUDIES_MAX, usual, type Study } from './studies';
import { atEnd, holdsNewest, lastInSight, oldest } from './viewport';
import { ChartWindow, type Series } from './window';

export const FRAMES = [
  ['1m', '1m', '1 minute'],
  ['5m', '5m', '5 minute'],
  ['15m', '15m', '15 minute'],
  ['1h', '1h', '1 hour'],
  ['1d', '1D', '1 day'],
] as const;
export type Frame = (typeof FRAMES)[number][0];

export const LAYERS = ['fills', 'refused', 'orders', 'sessions'] as const;
export type Layer = (typeof LAYERS)[number];

/** A past instant, as it was known then, in place of the present. */
export interface Past {
  /** Seconds since 1970. */
  readonly at: number;
  /** Where what is played ends, in seconds since 1970; excluded. */
  readonly end: number;
  columns(request: ColumnsRequest): Promise<ArrayBuffer>;
  lines(symbol: string | null): OrderLine[];
}

/** What of a chart is kept in a layout. */
export interface ChartSettings {
  /** Its own symbol; null follows the desk. */
  symbol: string | null;
  frame: Frame;
  type: ChartType;
  scale: Scale;
  isRegular: boolean;
  studies: Study[];
  compares: string[];
  shows: Record<Layer, boolean>;
}

export function usualSettings(): ChartSettings {
  return { symbol: null, frame: '5m', type: 'candles', scale: 'normal', isRegular: false, studies: [usual('vwap', [])], compares: [], shows: { fills: true, refused: true, orders: true, sessions: true } };
}

/** The bars that bots trade on. */
const WHAT = 'TRADES';

export class ChartView {
  frame = $state<Frame>('5m');
  type = $state<ChartType>('candles');
  /** Prices or their logarithms; with others beside them, always percent. */
  isLog = $state(false);
  isPercent = $state(false);
  /** Bars of the regular session only. */
  isRegular = $state(false);
  studies = $state.raw<readonly Study[]>([]);
  shows = $state<Record<Layer, boolean>>({ fills: true, refused: true, orders: true, sessions: true });
  isTable = $state(false);
  /** The symbol of this chart alone; null follows the desk. */
  ownSymbol = $state<string | null>(null);
  /** A past day that is played; null shows the present. */
  past = $state.raw<Past | null>(null);
  /** The picture, while there is one: what sits on it is attached there. */
  chart = $state.raw<Candles | null>(null);
  /** The columns around what is in sight, of exactly this symbol and timeframe. */
  columns = $state.raw<Columns | null>(null);
  /** Why nothing newer was read. */
  failure = $state.raw<Failure | null>(null);
  /** When the columns were read, on the desk's clock. */
  readAt = $state(0);
  hovered = $state.raw<MarkPoint | null>(null);
  pinned = $state.raw<MarkPoint | null>(null);
  /** When the column under the crosshair begins. */
  pointedAt = $state<number | null>(null);
  /** Pixels that the legend takes: with many studies in a small chart, more than a line. */
  legendHeight = $state(0);
  /** Grows when other bars come into sight. */
  nMoves = $state(0);

  readonly window: ChartWindow;
  readonly compare: Compare;
  readonly fetched = new Loaded<EntryRow>();
  readonly loadedMarks = new Loaded<ReplyOf<'marks'>>();

  readonly symbol = $derived.by(() => this.ownSymbol ?? this.desk.symbol);
  readonly quote = $derived.by(() => (this.symbol === null || this.past !== null ? undefined : this.desk.replica.quotes.get(this.symbol)));
  readonly ageMs = $derived.by(() => (this.quote ? this.quote.age_ms + Math.max(0, this.desk.nowMs - this.quote.heardAt) : null));
  /** What the layers show of the columns. */
  readonly marks = $derived.by(() => {
    const { columns } = this;
    if (columns === null) return [];
    return (this.loadedMarks.value?.marks ?? []).filter((mark) => mark.recorded <= (this.past?.at ?? Infinity) && (mark.sign === 'refused' ? this.shows.refused : this.shows.fills) && columnOf(columns, mark) !== null);
  });
  /** Before this instant some marks of the picture are left out, as there are too many. */
  readonly marksCut = $derived.by(() => {
    const cut = this.loadedMarks.value?.cut ?? null;
    return cut !== null && this.columns !== null && cut > (this.columns.time[0] ?? 0) ? cut : null;
  });
  readonly refused = $derived(this.marks.filter((mark) => mark.sign === 'refused'));
  readonly fills = $derived(this.marks.filter((mark) => mark.sign !== 'refused'));
  readonly lines = $derived.by(() => (!this.shows.orders ? [] : this.past !== null ? this.past.lines(this.symbol) : orderLines(this.desk.status?.working ?? [], this.symbol)));
  readonly scale = $derived.by((): Scale => (this.isPercent || this.compare.symbols.length > 0 ? 'percent' : this.isLog ? 'log' : 'normal'));
  readonly point = $derived.by(() => this.pinned ?? this.hovered);
  readonly card = $derived.by(() => this.#card());
  /** The last column in sight; −1 without columns. */
  readonly lastSeen = $derived.by(() => {
    void this.nMoves;
    const { range } = this.window;
    return this.columns === null || range === null ? -1 : lastInSight(range, this.columns);
  });
  /** The column that the legend speaks of: the one under the crosshair, or the last in sight. */
  readonly pointed = $derived.by(() => (this.columns !== null && this.pointedAt !== null ? columnAt(this.columns.time, this.pointedAt) : this.lastSeen));
  /** In a replay, the close of the last bar that was over; null where the columns that are read do not reach there. */
  readonly pastClose = $derived.by((): string | null => {
    if (this.past === null || this.columns === null) return null;
    const { nColumns, close, head } = this.columns;
    return (holdsNewest(this.columns) ? close[nColumns - 1]?.toFixed(head.digits) : undefined) ?? null;
  });
  /** Grows when the symbol's fills and refusals do. */
  readonly newest = $derived.by(() => this.desk.replica.entries.find((e) => this.symbol !== null && (e.fill?.symbol ?? e.decision?.symbol) === this.symbol)?.seq ?? 0);
  readonly #series = $derived.by((): Series | null => (this.symbol === null ? null : { symbol: this.symbol, bar: this.frame, what: WHAT, isRegular: this.isRegular, studies: this.#wanted() }));

  /** The symbol that was looked at last. */
  #lookedAt: string | null = null;
  /** Which entry was asked for last. */
  #fetchedSeq: number | null = null;
  /** The stretch of time whose marks are here, of which symbol, and how new. */
  #marked: { symbol: string; from: number; to: number; newest: number; end: number | null; at: number } | null = null;

  constructor(
    private readonly desk: Desk,
    settings: ChartSettings = usualSettings(),
  ) {
    this.window = new ChartWindow((request) => this.#ask(request), {
      oncolumns: (columns) => {
        this.columns = columns;
        // Not followed: who looks would look again with every tick.
        this.readAt = untrack(() => this.desk.nowMs);
        // It was of what is looked at no more, or it is over.
        this.failure = null;
      },
      onmoved: () => this.nMoves++,
      onfailure: (thrown) => (this.failure = failureOf(thrown)),
    });
    this.compare = new Compare((request) => this.#ask(request));
    this.take(settings);
  }

  get settings(): ChartSettings {
    return { symbol: this.ownSymbol, frame: this.frame, type: this.type, scale: this.isPercent ? 'percent' : this.isLog ? 'log' : 'normal', isRegular: this.isRegular, studies: [...this.studies], compares: [...this.compare.symbols], shows: { ...this.shows } };
  }

  take(settings: ChartSettings): void {
    this.ownSymbol = settings.symbol;
    this.frame = settings.frame;
    this.type = settings.type;
    this.isLog = settings.scale === 'log';
    this.isPercent = settings.scale === 'percent';
    this.isRegular = settings.isRegular;
    this.studies = settings.studies;
    this.shows = { ...settings.shows };
    this.compare.symbols = settings.compares.slice(0, COMPARES_MAX);
  }

  /** Shows the past, or the present again, from its newest bar on. */
  travel(past: Past | null): void {
    this.past = past;
    this.#letGo();
    this.window.show(null);
  }

  /** Looks at what is chosen; to be called when that changes. */
  look(): void {
    void this.past;
    const { symbol } = this;
    if (symbol !== this.#lookedAt) {
      this.#lookedAt = symbol;
      this.#letGo();
    }
    this.window.show(this.#series);
  }

  /** Reads again what is in sight. */
  refresh(): void {
    this.window.refresh();
  }

  /** Fills and refused orders of the columns; a stretch that is known is not asked for again. */
  fetchMarks(): void {
    const { columns, symbol, newest: seq } = this;
    if (columns === null || symbol === null || columns.nColumns === 0) return;
    const [from, last] = [columns.time[0] ?? 0, columns.time[columns.nColumns - 1] ?? 0];
    const end = this.past?.end ?? null;
    const known = this.#marked;
    const isAlike = known !== null && known.symbol === symbol && known.newest === seq && known.end === end;
    if (isAlike && known.from <= from && known.to >= last && ((this.loadedMarks.value?.cut ?? -Infinity) <= from || known.at === from)) return;
    const wide = last - from;
    const to = Math.min(holdsNewest(columns) ? Infinity : Math.ceil(last + 2 * wide), end ?? Infinity);
    const asked = { symbol, from: Math.floor(from - wide), to: to === end ? Infinity : to, newest: seq, end, at: from };
    if (known?.symbol !== symbol || known.end !== end) this.loadedMarks.clear();
    this.#marked = asked;
    const read = this.loadedMarks.load(() => askFor(this.desk.backend, { do: 'marks', symbol, from: asked.from, to: Number.isFinite(to) ? to : null, recorded_by: end }, 'marks'));
    void read.then(() => {
      // Asked again with the next columns.
      if (this.loadedMarks.failure && this.#marked === asked) this.#marked = null;
    });
  }

  /** A mark older than the replica is read from the ledger. */
  fetchCard(): void {
    const seq = this.point?.mark.seq;
    if (seq === undefined || this.card) return;
    // Why another one could not be read is not said of this one.
    if (seq !== this.#fetchedSeq) this.fetched.clear();
    this.#fetchedSeq = seq;
    void this.fetched.load(async () => (await askFor(this.desk.backend, { do: 'entry', seq }, 'entry')).row);
  }

  select(symbol: string): void {
    if (this.ownSymbol === null) this.desk.select(symbol);
    else this.ownSymbol = symbol;
    this.#letGo();
  }

  /** What was pointed at belongs to another picture. */
  #letGo(): void {
    this.pinned = this.hovered = null;
    this.pointedAt = null;
  }

  pin(mark: ChartMark, x: number, y: number): void {
    this.pinned = { mark, all: [mark], x, y };
  }

  toggle(layer: Layer): void {
    this.shows[layer] = !this.shows[layer];
  }

  addStudy(kind: string): void {
    if (this.studies.length < STUDIES_MAX) this.studies = [...this.studies, usual(kind, this.studies)];
  }

  changeStudy(at: number, change: Partial<Study>): void {
    this.studies = this.studies.map((study, i) => (i === at ? { ...study, ...change } : study));
  }

  removeStudy(at: number): void {
    this.studies = this.studies.filter((_, i) => i !== at);
  }

  /** The first bars of the series, with as many in sight as there are. */
  goToOldest(): void {
    if (this.window.range) this.window.go(oldest(this.window.range));
  }

  goToNewest(): void {
    const { range, columns } = this.window;
    if (!range || !columns) return;
    this.window.go(atEnd(range.to - range.from, columns.nBars));
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

  #ask(request: ColumnsRequest): Promise<ArrayBuffer> {
    return (this.past ?? this.desk.backend).columns(request);
  }

  #wanted(): { kind: string; params: number[] }[] {
    const studies = this.studies.map(({ kind, params }) => ({ kind, params }));
    return this.type === 'heikin-ashi' ? [...studies, HEIKIN_ASHI] : studies;
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
export function summary(symbol: string, words: string, columns: Columns, nFills: number, nRefused: number, nOrders: number): string {
  const { nBars, nColumns, close, open, head } = columns;
  if (nColumns === 0) return `${symbol}, ${words} bars: none yet.`;
  const count = (n: number, one: string, many: string): string => `${n === 0 ? 'no' : n} ${n === 1 ? one : many}`;
  const price = (value: number | undefined): string => (value ?? 0).toFixed(head.digits);
  return `${symbol}, ${nBars} ${words} bars, from ${price(open[0])} to ${price(close[nColumns - 1])} in what is read; ${count(nFills, 'fill', 'fills')}, ${count(nRefused, 'refused order', 'refused orders')}, ${count(nOrders, 'working order', 'working orders')}.`;
}
