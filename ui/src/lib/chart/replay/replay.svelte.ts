/** A past day played again, as the ledger saw it: the instant, what moves it, and what was known by then. */
import { amount } from '../../format';
import { askFor, failureOf, type Backend, type ColumnsRequest, type Failure, type OrderSpan } from '../../ipc';
import type { OrderLine } from '../lines';
import { spanOf, type Span } from './days';
import { ReplayFeed } from './feed';

/** Seconds of the day in one second of playing. */
export const SPEEDS = [1, 10, 60, 300, 1800] as const;
export type Speed = (typeof SPEEDS)[number];
export const SPEED_WORDS: Record<Speed, string> = { 1: 'As it was', 10: '10 s a second', 60: '1 min a second', 300: '5 min a second', 1800: '30 min a second' };

export class Replay {
  /** The instant, in seconds since 1970. */
  at = $state(0);
  speed = $state<Speed>(300);
  isPlaying = $state(false);
  /** Where bars of the day end, of the chart that is stepped by. */
  stops = $state.raw<readonly number[]>([]);
  /** Whether the bars of the day were read once; before that nobody knows whether there are any. */
  isRead = $state(false);
  orders = $state.raw<ReadonlyMap<string, readonly OrderSpan[]>>(new Map());

  /** What is known of the day is known by its end. */
  get end(): number {
    return this.span.to;
  }

  /** One bar alone is over at the end of what is played. */
  readonly from = $derived.by(() => (this.stops.length > 1 ? (this.stops[0] ?? this.span.from) : this.span.from));
  readonly to = $derived.by(() => this.stops.at(-1) ?? this.span.to);
  /** How many bars of the day are over. */
  readonly nOver = $derived(this.stops.filter((stop) => stop <= this.at).length);

  #barsFailure = $state.raw<Failure | null>(null);
  #ordersFailure = $state.raw<Failure | null>(null);
  readonly failure = $derived.by(() => this.#barsFailure ?? this.#ordersFailure);

  readonly #feed: ReplayFeed;
  /** The series that is stepped by. */
  #followed: ColumnsRequest | null = null;
  /** Whether the instant was put at the first bar. */
  #hasBegun = false;
  /** Later questions win over earlier ones that answer late. */
  #turn = 0;

  constructor(
    private readonly backend: Backend,
    readonly day: string,
    readonly span: Span,
  ) {
    this.at = span.from;
    this.#feed = new ReplayFeed((request) => backend.columns(request), span, () => this.at);
  }

  async columns(request: ColumnsRequest): Promise<ArrayBuffer> {
    const answer = await this.#feed.columns(request);
    // It may have found bars that came: those are stepped by, too.
    if (this.#isFollowed(request.symbol, request.bar)) void this.#readStops();
    return answer;
  }

  /** Bars of a series came. */
  async heard(symbol: string, bar: string): Promise<void> {
    this.#feed.forget(symbol, bar);
    if (this.#isFollowed(symbol, bar)) await this.#readStops();
  }

  /** Reads the bars that are stepped by, and the orders of a symbol. Begins at the first bar. */
  async follow(symbol: string, bar: string, what: string, isRegular: boolean): Promise<void> {
    this.#followed = { symbol, bar, what, is_regular: isRegular, start: { by: 'newest' }, n_columns: 1, bars_per_column: 1, studies: [] };
    await this.#readStops();
    await this.readOrders(symbol);
  }

  /** Reads again what could not be read, of the symbols that are shown. */
  async retry(symbols: readonly string[]): Promise<void> {
    this.#ordersFailure = null;
    await Promise.all([this.#readStops(), ...symbols.map((symbol) => this.readOrders(symbol))]);
  }

  async readOrders(symbol: string): Promise<void> {
    if (this.orders.has(symbol)) return;
    try {
      const { orders } = await askFor(this.backend, { do: 'order-spans', symbol, from: this.span.from, to: this.span.to }, 'order-spans');
      this.orders = new Map([...this.orders, [symbol, orders]]);
    } catch (thrown) {
      this.#ordersFailure = failureOf(thrown);
    }
  }

  #isFollowed(symbol: string, bar: string): boolean {
    return this.#followed?.symbol === symbol && this.#followed.bar === bar;
  }

  async #readStops(): Promise<void> {
    if (this.#followed === null) return;
    const turn = ++this.#turn;
    try {
      const stops = await this.#feed.ends(this.#followed);
      if (turn !== this.#turn) return;
      this.stops = stops;
      this.isRead = true;
      this.#barsFailure = null;
      if (this.#hasBegun || stops.length === 0) return;
      this.#hasBegun = true;
      this.at = this.from;
    } catch (thrown) {
      if (turn === this.#turn) this.#barsFailure = failureOf(thrown);
    }
  }

  /** Orders of a symbol that worked at the instant, as lines at their prices. */
  lines(symbol: string | null): OrderLine[] {
    return (this.orders.get(symbol ?? '') ?? [])
      .filter(({ from, to }) => from <= this.at && (to === null || to > this.at))
      .map((one) => ({ orderId: one.order_id, price: one.price, side: one.side, isStop: one.is_stop, label: `${one.terms}, ${amount(one.quantity)}, ${one.bot}` }));
  }

  /** To an instant of the day. */
  seek(at: number): void {
    this.at = Math.max(this.from, Math.min(this.to, at));
    if (this.at >= this.to) this.isPlaying = false;
  }

  /** To the end of the next bar, or of the one before. */
  step(by: 1 | -1): void {
    this.isPlaying = false;
    const next = by === 1 ? this.stops.find((stop) => stop > this.at) : this.stops.findLast((stop) => stop < this.at);
    if (next !== undefined) this.seek(next);
  }

  play(): void {
    if (this.stops.length === 0) return;
    if (!this.isPlaying && this.at >= this.to) this.at = this.from;
    this.isPlaying = !this.isPlaying;
  }

  /** So much time of the person passed. */
  tick(ms: number): void {
    if (this.isPlaying) this.seek(this.at + (ms / 1000) * this.speed);
  }
}

/** Returns the replay of a day, or null when it is none. */
export function replayOf(backend: Backend, day: string): Replay | null {
  const span = spanOf(day);
  return span === null ? null : new Replay(backend, day, span);
}
