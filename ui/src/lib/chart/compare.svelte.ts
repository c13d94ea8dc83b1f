/** Other symbols beside the one of a chart: their closes at its columns. */
import { failureOf, type ColumnsRequest } from '../ipc';
import { aligned } from './axis';
import { decode, type Columns } from './columns';
import { STUDY_COLOURS } from './studies';
import type { Compared } from './studylines';
import { holdsNewest } from './viewport';

/** The bars of another symbol, as they were last read. */
type Read = Pick<Columns, 'time' | 'close'>;

/** More lines than this cannot be told apart. */
export const COMPARES_MAX = 3;
/** The other one may have bars where this one has none. */
const SPARE = 1.25;
const COLUMNS_MAX = 5000;
/** Questions for one stretch of time: each asks for as many columns as the one before fell short of. */
const TRIES = 4;
/** The Gateway has no instrument of that name, and will have none in a moment either. */
const UNKNOWN = 'no-instrument';

export class Compare {
  symbols = $state.raw<readonly string[]>([]);

  #read = $state.raw<ReadonlyMap<string, Read>>(new Map());
  /** What could not be read, and whether that is because nobody knows the name. */
  #failed = $state.raw<ReadonlyMap<string, 'unread' | 'unknown'>>(new Map());
  #columns = $state.raw<Columns | null>(null);
  /** What could not be read. */
  readonly missing = $derived.by((): readonly string[] => this.symbols.filter((symbol) => this.#failed.has(symbol)));
  /** What is here of them, at the columns that are drawn. */
  readonly lines = $derived.by((): readonly Compared[] => {
    const columns = this.#columns;
    if (columns === null) return [];
    return this.symbols.flatMap((symbol, i) => {
      const one = this.#read.get(symbol);
      return one ? [{ symbol, colour: STUDY_COLOURS[(i + 1) % STUDY_COLOURS.length] ?? 'bot-1', close: aligned(columns.time, one) }] : [];
    });
  });

  #isAsking = false;
  #next: Columns | null = null;

  constructor(private readonly ask: (request: ColumnsRequest) => Promise<ArrayBuffer>) {}

  /** Adds what was typed; returns why it cannot be, or null. */
  add(typed: string): string | null {
    const symbol = typed.trim().toUpperCase();
    if (symbol === '') return 'Type a symbol, such as QQQ.';
    if (this.symbols.includes(symbol)) return `${symbol} is compared already.`;
    if (this.symbols.length >= COMPARES_MAX) return `A chart compares with ${COMPARES_MAX} symbols at most.`;
    this.symbols = [...this.symbols, symbol];
    return null;
  }

  remove(symbol: string): void {
    this.symbols = this.symbols.filter((one) => one !== symbol);
    this.#read = without(this.#read, symbol);
    this.#failed = without(this.#failed, symbol);
  }

  /** Whether the Gateway did not know the name: it is asked for again by `retry` only. */
  isUnknown(symbol: string): boolean {
    return this.#failed.get(symbol) === 'unknown';
  }

  retry(symbol: string): void {
    this.#failed = without(this.#failed, symbol);
    this.follow(this.#columns);
  }

  /** Reads what lies at these columns: one question at a time for each symbol, the newest columns next. */
  follow(columns: Columns | null): void {
    this.#columns = this.#next = columns;
    if (!this.#isAsking) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    while (this.#next !== null) {
      const columns = this.#next;
      this.#next = null;
      const asked = this.symbols.filter((symbol) => !this.isUnknown(symbol));
      await Promise.all(asked.map((symbol) => this.#readOne(symbol, columns)));
    }
    this.#isAsking = false;
  }

  /** Each line comes for itself: one that nobody answers keeps no other back. */
  async #readOne(symbol: string, columns: Columns): Promise<void> {
    try {
      const { time, close } = await this.#covering(symbol, columns);
      if (!this.symbols.includes(symbol)) return;
      this.#read = new Map([...this.#read, [symbol, { time, close }]]);
      this.#failed = without(this.#failed, symbol);
    } catch (thrown) {
      if (!this.symbols.includes(symbol)) return;
      this.#read = without(this.#read, symbol);
      this.#failed = new Map([...this.#failed, [symbol, failureOf(thrown).code === UNKNOWN ? 'unknown' : 'unread']]);
    }
  }

  /** Asks by number around the middle, until the answer begins and ends with the columns: another symbol may have many more bars in that time. */
  async #covering(symbol: string, columns: Columns): Promise<Columns> {
    const { head, time, nColumns } = columns;
    const { bar, what, is_regular } = head;
    const [from, at, to] = [time[0] ?? 0, time[nColumns >> 1] ?? 0, time[nColumns - 1] ?? 0];
    let wanted = Math.ceil(nColumns * SPARE);
    let level = columns.barsPerColumn;
    for (let i = 1; ; i++) {
      const answer = decode(await this.ask({ symbol, bar, what, is_regular, start: { by: 'time', at }, n_columns: Math.min(COLUMNS_MAX, wanted), bars_per_column: level, studies: [] }));
      const short = shortBy(answer, from, at, to);
      if (short <= 1 || i === TRIES) return answer;
      wanted = Math.ceil(Math.min(COLUMNS_MAX, wanted) * short * SPARE);
      while (wanted > COLUMNS_MAX) [wanted, level] = [Math.ceil(wanted / 2), level * 2];
    }
  }
}

/** Returns how many times as much has to be asked for, so that a stretch of time is covered; 1 when it is. */
function shortBy(columns: Columns, from: number, at: number, to: number): number {
  const { time, nColumns, first } = columns;
  const [start, end] = [time[0], time[nColumns - 1]];
  if (start === undefined || end === undefined) return 1;
  const before = start <= from || first === 0 ? 1 : (at - from) / Math.max(1, at - start);
  const after = end >= to || holdsNewest(columns) ? 1 : (to - at) / Math.max(1, end - at);
  return Math.max(1, before, after);
}

function without<T>(map: ReadonlyMap<string, T>, symbol: string): ReadonlyMap<string, T> {
  return map.has(symbol) ? new Map([...map].filter(([one]) => one !== symbol)) : map;
}
