/**
 * An order of the person, from the first letter to the broker's answer. What is sent is what was
 * reviewed: the review holds a token of exactly that ticket. Knows nothing of the page.
 */
import { typedDecimal, isZero } from '../format';
import { askFor, failureOf, type Backend, type Failure, type OrderPreview, type OrderTicket, type Placed, type TicketKind, type TicketSide, type WorkingRow } from '../ipc';

export type Phase = 'edit' | 'review' | 'sending' | 'sent' | 'refused';

export const KINDS: [TicketKind, string][] = [
  ['limit', 'Limit'],
  ['market', 'Market'],
  ['stop', 'Stop'],
  ['stop-limit', 'Stop limit'],
  ['trail', 'Trailing stop'],
];

export interface Duration {
  id: string;
  word: string;
  tif: string;
  isOutside: boolean;
}

export const DURATIONS: Duration[] = [
  { id: 'DAY', word: 'Day, regular hours', tif: 'DAY', isOutside: false },
  { id: 'DAY+', word: 'Day, all hours', tif: 'DAY', isOutside: true },
  { id: 'GTC', word: 'Until cancelled', tif: 'GTC', isOutside: false },
  { id: 'GTC+', word: 'Until cancelled, all hours', tif: 'GTC', isOutside: true },
  { id: 'IOC', word: 'At once or not at all', tif: 'IOC', isOutside: false },
  { id: 'FOK', word: 'All of it at once or none', tif: 'FOK', isOutside: false },
];

/** Typing ends for this long before the limits are asked about. */
const SETTLE_MS = 250;
/** The token of a review is good for a minute; the rest is for the way. */
export const REVIEW_MS = 55_000;
/** A key that opened the review does not also send. */
const BREATH_MS = 400;

export type FieldName = 'symbol' | 'quantity' | 'limit' | 'stop' | 'target' | 'protectiveStop';

export class Ticket {
  phase = $state<Phase>('edit');
  symbol = $state('');
  side = $state<TicketSide>('buy');
  quantity = $state('');
  kind = $state<TicketKind>('limit');
  limit = $state('');
  stop = $state('');
  duration = $state('DAY');
  target = $state('');
  protectiveStop = $state('');
  /** The working order that this changes. */
  change = $state.raw<WorkingRow | null>(null);

  preview = $state.raw<OrderPreview | null>(null);
  placed = $state.raw<Placed | null>(null);
  failure = $state.raw<Failure | null>(null);
  isChecking = $state(false);
  reviewedAt = $state(0);

  readonly hasLimit = $derived(this.kind === 'limit' || this.kind === 'stop-limit');
  readonly hasStop = $derived(this.kind === 'stop' || this.kind === 'stop-limit' || this.kind === 'trail');
  readonly troubles = $derived.by(() => this.#troubles());
  readonly ticket = $derived.by(() => this.#ticket());

  #turn = 0;
  #settle: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly backend: Backend,
    private readonly now: () => number,
  ) {}

  /** Begins a new order of a symbol; what was typed for another one is dropped. */
  begin(symbol: string): void {
    if (this.change === null && symbol === this.symbol) return;
    this.#clear();
    this.symbol = symbol;
  }

  /** Begins a change of a working order, filled with what it is now. */
  beginChange(row: WorkingRow): void {
    this.#clear();
    this.change = row;
    this.symbol = row.symbol;
    this.side = /^b/i.test(row.side) ? 'buy' : 'sell';
    this.quantity = row.quantity;
    this.kind = KIND_OF[row.kind] ?? 'limit';
    this.limit = row.limit ?? '';
    this.stop = row.trigger ?? '';
    this.duration = DURATIONS.some((one) => one.id === row.tif) ? row.tif : 'DAY';
    this.edited();
  }

  /** Called after anything was typed: the limits are asked about once it settles. */
  edited(): void {
    if (this.phase !== 'edit') this.leave();
    clearTimeout(this.#settle);
    this.#turn++;
    this.isChecking = false;
    if (this.ticket === null) {
      this.preview = null;
      return;
    }
    this.#settle = setTimeout(() => void this.#check(), SETTLE_MS);
  }

  /** Adds to a whole quantity; never below one. */
  step(by: 1 | -1): void {
    if (!/^\d{0,9}$/.test(this.quantity)) return;
    this.quantity = String(Math.max(1, Number(this.quantity || '0') + by));
    this.edited();
  }

  /** Asks once more, and shows what would be sent. Nothing is sent by it. */
  async review(): Promise<void> {
    if (this.ticket === null || this.phase !== 'edit') return;
    clearTimeout(this.#settle);
    await this.#check();
    if (this.preview === null || this.failure !== null) return;
    this.reviewedAt = this.now();
    this.phase = 'review';
  }

  /** Goes back to editing; what was typed stays. */
  leave(): void {
    if (this.phase === 'sending') return;
    if (this.phase === 'sent') this.placed = null;
    this.phase = 'edit';
  }

  isReviewOld(now: number): boolean {
    return this.phase === 'review' && now - this.reviewedAt > REVIEW_MS;
  }

  /** Enter sends from the review only, and not with the press that opened it. */
  mayEnterSend(now: number): boolean {
    return this.phase === 'review' && now - this.reviewedAt > BREATH_MS && this.preview?.would_pass === true && !this.isReviewOld(now);
  }

  /** Sends exactly what was reviewed, once. */
  async send(): Promise<void> {
    const reviewed = this.preview;
    if (this.phase !== 'review' || reviewed === null || !reviewed.would_pass || this.isReviewOld(this.now())) return;
    this.phase = 'sending';
    this.failure = null;
    try {
      this.placed = await askFor(this.backend, { do: 'place-order', ticket: reviewed.ticket, token: reviewed.token }, 'placed');
      this.phase = this.placed.outcome === 'refused' ? 'refused' : 'sent';
    } catch (thrown) {
      // Whether it went out is not known here; the orders say so, and it is not sent again.
      this.failure = failureOf(thrown);
      this.phase = 'refused';
    }
    this.preview = null;
  }

  async #check(): Promise<void> {
    const ticket = this.ticket;
    if (ticket === null) return;
    const turn = ++this.#turn;
    this.isChecking = true;
    try {
      const preview = await askFor(this.backend, { do: 'preview-order', ticket }, 'preview');
      if (turn !== this.#turn) return;
      this.preview = preview;
      this.failure = null;
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.preview = null;
      this.failure = failureOf(thrown);
    }
    this.isChecking = false;
  }

  #clear(): void {
    clearTimeout(this.#settle);
    this.#turn++;
    this.phase = 'edit';
    this.change = null;
    this.preview = null;
    this.placed = null;
    this.failure = null;
    this.isChecking = false;
    this.quantity = this.limit = this.stop = this.target = this.protectiveStop = '';
  }

  #troubles(): Partial<Record<FieldName, string>> {
    const found: Partial<Record<FieldName, string>> = {};
    const price = (name: FieldName, typed: string, isWanted: boolean): void => {
      const value = typedDecimal(typed);
      if (typed === '' ? isWanted : value === null || isZero(value) || value.startsWith('-')) found[name] = typed === '' ? 'Enter a price.' : 'Enter a price above 0.';
    };
    if (this.symbol === '') found.symbol = 'Enter a symbol.';
    const quantity = typedDecimal(this.quantity);
    if (quantity === null || isZero(quantity) || quantity.startsWith('-')) found.quantity = 'Enter a quantity above 0.';
    if (this.hasLimit) price('limit', this.limit, true);
    if (this.hasStop) price('stop', this.stop, true);
    price('target', this.target, false);
    price('protectiveStop', this.protectiveStop, false);
    return found;
  }

  #ticket(): OrderTicket | null {
    if (Object.keys(this.troubles).length > 0) return null;
    const duration = DURATIONS.find((one) => one.id === this.duration);
    return {
      symbol: this.symbol.trim().toUpperCase(),
      side: this.side,
      quantity: typedDecimal(this.quantity) ?? '',
      kind: this.kind,
      limit: this.hasLimit ? typedDecimal(this.limit) : null,
      stop: this.hasStop ? typedDecimal(this.stop) : null,
      tif: duration?.tif ?? 'DAY',
      outside_rth: duration?.isOutside ?? false,
      target: typedDecimal(this.target),
      protective_stop: typedDecimal(this.protectiveStop),
      changes: this.change?.order_id ?? null,
    };
  }
}

const KIND_OF: Record<string, TicketKind> = { LMT: 'limit', MKT: 'market', STP: 'stop', 'STP LMT': 'stop-limit', TRAIL: 'trail' };
