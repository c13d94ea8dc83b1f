/** The symbols of the watchlist: those of the bots, then those that the person added; and how fresh each is. */
import type { Desk } from '../../desk.svelte';
import { duration } from '../../format';
import { askFor, type ReplyOf } from '../../ipc';
import { Loaded } from '../../loaded.svelte';

/** A quote older than this shows its age in place of the change. */
const OLD_MS = 5000;

export interface Watched {
  symbol: string;
  last: string | null;
  change: string | null;
  /** Such as `4 min`; absent while the quote is fresh. */
  age: string | null;
  hasQuote: boolean;
  /** Why it is not live, in a sentence; absent when it is. */
  delayed: string | null;
  /** Why there is no line at all, in a sentence; absent when there is one. */
  lack: string | null;
  /** Added by the person, who may take it away again. */
  isOwn: boolean;
}

export class WatchView {
  readonly lines = new Loaded<ReplyOf<'lines'>>();
  readonly rows = $derived.by(() => this.#rows());

  constructor(private readonly desk: Desk) {}

  async load(): Promise<void> {
    await this.lines.load(() => askFor(this.desk.backend, { do: 'lines' }, 'lines'));
  }

  /** Adds what was typed; returns why it cannot be, or null. */
  add(typed: string): string | null {
    const symbol = typed.trim().toUpperCase();
    if (!/^[A-Z0-9][A-Z0-9 ./-]{0,31}$/.test(symbol)) return 'A symbol has letters, digits, points and dashes, such as BRK B.';
    if (this.rows.some((row) => row.symbol === symbol)) return `${symbol} is in the list already.`;
    this.desk.book.watch(symbol);
    return this.desk.book.book.watchlist.includes(symbol) ? null : 'The list is full. Take a symbol away first.';
  }

  remove(row: Watched): boolean {
    if (row.isOwn) this.desk.book.unwatch(row.symbol);
    return row.isOwn;
  }

  #rows(): Watched[] {
    const { traded, book } = this.desk;
    const own = book.book.watchlist.filter((symbol) => !traded.includes(symbol));
    return [...traded, ...own].map((symbol) => this.#row(symbol, own.includes(symbol)));
  }

  #row(symbol: string, isOwn: boolean): Watched {
    const quote = this.desk.replica.quotes.get(symbol);
    const ageMs = quote ? quote.age_ms + Math.max(0, this.desk.nowMs - quote.heardAt) : null;
    const line = this.lines.value?.lines.find((one) => one.symbol === symbol);
    const isDelayed = line ? line.state === 'delayed' || line.state === 'frozen' : quote?.is_live === false && ageMs !== null && ageMs <= OLD_MS;
    return {
      symbol, isOwn, hasQuote: quote !== undefined,
      last: quote?.last ?? null,
      change: quote?.change_percent ?? null,
      age: ageMs !== null && ageMs > OLD_MS ? duration(ageMs / 1000).split(' ').slice(0, 2).join(' ') : null,
      lack: line && (line.state === 'unnamed' || line.state === 'left-out') ? line.sentence : null,
      delayed: isDelayed ? (line?.sentence ?? 'Delayed: these prices are older than what is traded now.') : null,
    };
  }
}
