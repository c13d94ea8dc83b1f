/** The ledger by pages, newest first: a filter starts over, scrolling reads older ones. */
import { askFor, failureOf, type AuditFilter, type Backend, type EntryRow, type Failure } from '../ipc';

const PAGE = 200;

export class AuditPages {
  rows = $state.raw<EntryRow[]>([]);
  nMatching = $state(0);
  nAll = $state(0);
  failure = $state.raw<Failure | null>(null);
  isLoading = $state(false);
  hasLoaded = $state(false);
  filter = $state.raw<AuditFilter>({});

  readonly hasOlder = $derived(this.rows.length < this.nMatching);
  #turn = 0;

  constructor(private readonly backend: Backend) {}

  async use(filter: AuditFilter): Promise<void> {
    this.filter = filter;
    this.#turn++;
    this.isLoading = false;
    await this.#read(null, (page) => page);
  }

  /** Reads what came since; rows that are here stay where they are. */
  async newer(): Promise<void> {
    const first = this.rows[0]?.seq ?? 0;
    await this.#read(null, (page) => {
      const fresh = page.filter((row) => row.seq > first);
      return fresh.length === page.length ? page : [...fresh, ...this.rows];
    });
  }

  async older(): Promise<void> {
    const last = this.rows.at(-1);
    if (!last || !this.hasOlder) return;
    await this.#read(last.seq, (page) => [...this.rows, ...page]);
  }

  async #read(before: number | null, join: (page: EntryRow[]) => EntryRow[]): Promise<void> {
    if (this.isLoading) return;
    const turn = this.#turn;
    this.isLoading = true;
    try {
      const page = await askFor(this.backend, { do: 'audit', filter: this.filter, before, limit: PAGE }, 'audit');
      if (turn !== this.#turn) return;
      this.rows = join(page.rows);
      this.nMatching = page.n_matching;
      this.nAll = page.n_all;
      this.failure = null;
      this.hasLoaded = true;
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.failure = failureOf(thrown);
    }
    this.isLoading = false;
  }
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
