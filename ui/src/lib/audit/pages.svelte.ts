/**
 * The ledger by pages, newest first. Without a filter any part can be shown at once, for entries
 * are numbered without a gap; with one, scrolling reads older ones.
 */
import { askFor, failureOf, type AuditFilter, type Backend, type EntryPage, type EntryRow, type Failure, type QueryToken } from '../ipc';

const PAGE = 200;
/** Pages kept in memory when the whole ledger is shown. */
const PAGES_MAX = 40;

/** A row that is not read yet. */
export interface Gap {
  seq: number;
  isGap: true;
}
export type AuditRow = EntryRow | Gap;

export function isGap(row: AuditRow): row is Gap {
  return 'isGap' in row;
}

export class AuditPages {
  nMatching = $state(0);
  nAll = $state(0);
  /** How the query was understood. */
  tokens = $state.raw<readonly QueryToken[]>([]);
  failure = $state.raw<Failure | null>(null);
  isLoading = $state(false);
  hasLoaded = $state(false);
  filter = $state.raw<AuditFilter>({});
  /** Grows with every new filter: the table begins at the top again. */
  turn = $state(0);
  /** The newest entry that is shown. */
  top = $state(0);

  readonly isWhole = $derived(isEmpty(this.filter));
  readonly rows = $derived.by((): readonly AuditRow[] => (this.isWhole ? lazy(this.top, (i) => this.#at(i)) : this.#found));

  /** Of a filter: what was read so far. */
  #found = $state.raw<readonly EntryRow[]>([]);
  /** Of the whole ledger: by place counted from the oldest entry, so that new ones move nothing. */
  #pages = $state.raw<ReadonlyMap<number, readonly EntryRow[]>>(new Map());
  readonly #asked = new Set<number>();

  constructor(private readonly backend: Backend) {}

  get hasOlder(): boolean {
    return !this.isWhole && this.#found.length < this.nMatching;
  }

  async use(filter: AuditFilter): Promise<void> {
    this.filter = filter;
    this.turn += 1;
    this.isLoading = false;
    this.#asked.clear();
    this.#pages = new Map();
    await this.#read(null, (page) => (this.#found = page.rows));
  }

  /** Reads what came since. */
  async newer(): Promise<void> {
    const first = this.#found[0]?.seq ?? 0;
    await this.#read(null, (page) => {
      const fresh = page.rows.filter((row) => row.seq > first);
      this.#found = this.isWhole || fresh.length === page.rows.length ? page.rows : [...fresh, ...this.#found];
    });
  }

  async older(): Promise<void> {
    const last = this.#found.at(-1);
    if (!last || !this.hasOlder) return;
    await this.#read(last.seq, (page) => (this.#found = [...this.#found, ...page.rows]));
  }

  /** Reads what the table shows and does not have, from the row at `from` to that before `to`. */
  show(from: number, to: number): void {
    if (!this.isWhole || this.top === 0) return;
    const newest = pageOf(this.top - from);
    const oldest = pageOf(Math.max(1, this.top - to + 1));
    for (let page = newest; page >= oldest; page--) {
      if (!this.#pages.has(page) && !this.#asked.has(page)) void this.#fetch(page);
    }
  }

  #at(i: number): AuditRow {
    const seq = this.top - i;
    const newest = this.#found[0]?.seq ?? 0;
    const row = seq <= newest && seq > newest - this.#found.length ? this.#found[newest - seq] : this.#pages.get(pageOf(seq))?.find((entry) => entry.seq === seq);
    return row?.seq === seq ? row : { seq, isGap: true };
  }

  async #fetch(page: number): Promise<void> {
    const turn = this.turn;
    this.#asked.add(page);
    try {
      const before = Math.min((page + 1) * PAGE, this.top) + 1;
      const { rows } = await askFor(this.backend, { do: 'audit', filter: this.filter, before, limit: PAGE }, 'audit');
      if (turn !== this.turn) return;
      const kept = [...this.#pages].slice(-PAGES_MAX + 1);
      this.#pages = new Map([...kept, [page, rows]]);
    } catch (thrown) {
      if (turn === this.turn) this.failure = failureOf(thrown);
    }
    this.#asked.delete(page);
  }

  async #read(before: number | null, take: (page: EntryPage) => void): Promise<void> {
    if (this.isLoading) return;
    const turn = this.turn;
    this.isLoading = true;
    try {
      const page = await askFor(this.backend, { do: 'audit', filter: this.filter, before, limit: PAGE }, 'audit');
      if (turn !== this.turn) return;
      take(page);
      this.nMatching = page.n_matching;
      this.nAll = page.n_all;
      this.tokens = page.tokens;
      if (before === null) this.top = page.rows[0]?.seq ?? 0;
      this.failure = null;
      this.hasLoaded = true;
    } catch (thrown) {
      if (turn !== this.turn) return;
      this.failure = failureOf(thrown);
    }
    this.isLoading = false;
  }
}

const pageOf = (seq: number): number => Math.floor((seq - 1) / PAGE);

function isEmpty(filter: AuditFilter): boolean {
  return Object.values(filter).every((value) => value === null || value === undefined || value === '');
}

/** Returns what looks like an array of `n` rows and makes those that are looked at. */
export function lazy<Row>(n: number, at: (i: number) => Row): readonly Row[] {
  const slice = (from = 0, to = n): Row[] => Array.from({ length: Math.max(0, Math.min(to, n) - from) }, (_, i) => at(from + i));
  return new Proxy<Row[]>([], {
    get: (target, name) => {
      if (name === 'length') return n;
      if (name === 'slice') return slice;
      const i = typeof name === 'string' && /^\d+$/.test(name) ? Number(name) : null;
      return i === null ? Reflect.get(target, name) : i < n ? at(i) : undefined;
    },
  });
}

/** Returns lines of ten bytes: offset, hex and text. */
export function hexLines(hex: string): { at: string; hex: string; text: string }[] {
  const bytes = hex.match(/../g) ?? [];
  const lines = [];
  for (let i = 0; i < bytes.length; i += 10) {
    const part = bytes.slice(i, i + 10);
    const text = part.map((byte) => (/^(2[0-9a-f]|[3-6][0-9a-f]|7[0-9a-e])$/i.test(byte) ? String.fromCharCode(Number.parseInt(byte, 16)) : '·')).join('');
    lines.push({ at: i.toString(16).padStart(4, '0'), hex: part.join(' '), text });
  }
  return lines;
}
