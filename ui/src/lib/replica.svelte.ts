/**
 * The window's copy of the ledger: a snapshot at entry N, then N+1 and on. A gap asks for a new
 * snapshot. Knows nothing of the page.
 */
import { askFor, failureOf, type Alert, type Backend, type EntryRow, type Failure, type GatewayView, type HistoryView, type Quote, type Status, type Unsubscribe, type Update } from './ipc';

/** Newest entries kept in memory; older ones are read from the ledger by page. */
const ENTRIES_MAX = 5000;

export interface HeardQuote extends Quote {
  heardAt: number;
}

export class Replica {
  status = $state.raw<Status | null>(null);
  /** Newest first. */
  entries = $state.raw<EntryRow[]>([]);
  quotes = $state.raw<ReadonlyMap<string, HeardQuote>>(new Map());
  /** The Gateway that is looked after; absent until it was asked for or has changed. */
  gateway = $state.raw<GatewayView | null>(null);
  /** What is kept and fetched of past bars; absent until it was asked for or has changed. */
  fetching = $state.raw<HistoryView | null>(null);
  /** The bars that were last heard to have come. */
  history = $state.raw<{ symbol: string; bar: string } | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** When a status last arrived, on the given clock. */
  heardAt = $state(0);
  /** Hears of alerts as they come. */
  onalert: (alert: Alert) => void = () => undefined;

  readonly refused = $derived(this.entries.filter((e) => e.outcome === 'refused'));
  readonly fills = $derived(this.entries.filter((e) => e.fill !== null));

  #seq = 0;
  #isSyncing = false;
  /** Without a snapshot nothing is shown: half a ledger would look like an empty one. */
  #isSynced = false;
  #held: Update[] = [];
  #unsubscribe: Unsubscribe | null = null;

  constructor(
    private readonly backend: Backend,
    private readonly now: () => number,
  ) {}

  get seq(): number {
    return this.#seq;
  }

  /** Subscribes first and reads the snapshot second, so that nothing falls between. */
  async start(): Promise<void> {
    try {
      this.#isSyncing = true;
      this.#isSynced = false;
      this.#unsubscribe ??= await this.backend.subscribe((update) => this.hear(update));
      await this.#sync();
    } catch (thrown) {
      this.#isSyncing = false;
      this.#held = [];
      this.failure = failureOf(thrown);
    }
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
  }

  hear(update: Update): void {
    // An alert is no part of the state: it is told whether or not the rest is read.
    if (update.update === 'alert') {
      this.onalert(update.value);
      return;
    }
    if (update.update === 'history-changed') {
      this.history = update.value;
      return;
    }
    if (update.update === 'history') {
      this.fetching = update.value;
      return;
    }
    if (this.#isSyncing) {
      this.#held.push(update);
      return;
    }
    if (update.update === 'quotes') this.#takeQuotes(update.value);
    else if (update.update === 'gateway') this.gateway = update.value;
    if (!this.#isSynced) return;
    if (update.update === 'status') this.#take(update.value);
    // A newer Gatehouse may say more than this window knows: only entries are followed.
    if (update.update !== 'entries' || this.#follow(update.value)) return;
    this.#held.push(update);
    void this.start();
  }

  async #sync(): Promise<void> {
    const snapshot = await askFor(this.backend, { do: 'snapshot' }, 'snapshot');
    this.#seq = snapshot.seq;
    this.entries = snapshot.entries;
    this.#take(snapshot.status);
    this.failure = null;
    this.#isSyncing = false;
    this.#isSynced = true;
    const held = this.#held;
    this.#held = [];
    for (const update of held) this.hear(update);
  }

  /** Returns false when entries between are missing. */
  #follow(oldestFirst: EntryRow[]): boolean {
    const fresh = oldestFirst.filter((entry) => entry.seq > this.#seq);
    const isUnbroken = fresh.every((entry, i) => entry.seq === this.#seq + 1 + i);
    if (!isUnbroken) return false;
    if (fresh.length > 0) {
      this.#seq += fresh.length;
      this.entries = [...fresh.reverse(), ...this.entries].slice(0, ENTRIES_MAX);
    }
    return true;
  }

  #take(status: Status): void {
    this.status = status;
    this.heardAt = this.now();
  }

  #takeQuotes(quotes: Quote[]): void {
    if (quotes.length === 0) return;
    const merged = new Map(this.quotes);
    for (const quote of quotes) merged.set(quote.symbol, { ...quote, heardAt: this.now() });
    this.quotes = merged;
  }
}
