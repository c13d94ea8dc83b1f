/**
 * The columns around what is in sight: asks for more in time, keeps the old ones until the new ones
 * are there. At most one question is on its way; what is wished for last is asked next, and an
 * answer to what nobody wants any more is dropped.
 */
import type { ColumnsRequest, StudyWanted, WindowStart } from '../ipc';
import { columnAt, decode, type Columns } from './columns';
import { clamped, isAtEnd, levelFor, newest, panned, shiftBetween, wanted, wishFor, type Range, type Wish } from './viewport';

/** What is looked at. */
export interface Series {
  symbol: string;
  bar: string;
  what: string;
  isRegular: boolean;
  studies: StudyWanted[];
}

export interface WindowEvents {
  /** Other columns are there, or none. */
  oncolumns: (columns: Columns | null) => void;
  /** Other bars are in sight. */
  onmoved: () => void;
  onfailure: (thrown: unknown) => void;
}

type Ask = (request: ColumnsRequest) => Promise<ArrayBuffer>;

/** Columns of the first question, when nothing is known of the series. */
const FIRST = 800;

const sameBars = (a: Series, b: Series): boolean => a.symbol === b.symbol && a.bar === b.bar && a.what === b.what && a.isRegular === b.isRegular;

export class ChartWindow {
  columns: Columns | null = null;
  /** What a person wants to see; null before the first columns. */
  range: Range | null = null;

  #series: Series | null = null;
  #width = 800;
  #isAsking = false;
  /** Nobody moved the picture: it shows the newest bars, as many as are usual. */
  #isUsual = true;
  /** Counts what makes answers stale. */
  #turn = 0;
  /** What was last asked for by number: an answer that held less is no reason to ask it again. */
  #last: Wish | null = null;
  /** Whether the columns that are held are to be read again. */
  #isOld = false;
  /** An instant to look at, as soon as it can be asked for. */
  #instant: number | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly ask: Ask,
    private readonly events: WindowEvents,
  ) {}

  /** Looks at another series; the same instant stays in sight when only the bars change. */
  show(series: Series | null): void {
    const before = this.#series;
    this.#series = series;
    this.#turn++;
    this.#last = null;
    if (series === null || before === null || !sameBars(before, series)) {
      this.#instant = series !== null && before?.symbol === series.symbol ? this.#middle() : null;
      this.#isUsual = this.#instant === null;
      this.columns = this.range = null;
      this.events.oncolumns(null);
    } else this.#isOld = true;
    this.#pump();
  }

  resize(width: number): void {
    if (width <= 0 || width === this.#width) return;
    this.#width = width;
    if (this.#isUsual && this.columns) {
      this.range = newest(this.columns.nBars, width);
      this.#moved();
    }
    this.#pump();
  }

  /** Shows this stretch, as far as there is a series. */
  go(range: Range): void {
    if (!this.columns) return;
    this.#last = null;
    this.#isUsual = false;
    this.range = clamped(range, this.columns.nBars);
    this.#moved();
    this.#pump();
  }

  pan(bars: number): void {
    if (this.range && this.columns) this.go(panned(this.range, bars, this.columns.nBars));
  }

  /** The newest bars, as at first. */
  reset(): void {
    if (!this.columns) return;
    this.go(newest(this.columns.nBars, this.#width));
    this.#isUsual = true;
  }

  /** Reads again what is in sight: bars came, or time passed. */
  refresh(): void {
    this.#isOld = true;
    this.#pump();
  }

  /** Calls back whenever other bars are in sight. */
  onmoved(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #moved(): void {
    this.events.onmoved();
    for (const listener of this.#listeners) listener();
  }

  /** The instant in the middle of the picture, unless the picture follows the newest bar. */
  #middle(): number | null {
    const { columns, range } = this;
    if (!columns || !range || isAtEnd(range, columns.nBars)) return null;
    const at = Math.round(((range.from + range.to) / 2 - columns.first) / columns.barsPerColumn);
    return columns.time[Math.max(0, Math.min(columns.nColumns - 1, at))] ?? null;
  }

  #next(series: Series): ColumnsRequest | null {
    const { columns, range } = this;
    const { symbol, bar, what, isRegular: is_regular, studies } = series;
    const asked = (wish: Wish, start: WindowStart): ColumnsRequest => ({ symbol, bar, what, is_regular, studies, start, n_columns: wish.nColumns, bars_per_column: wish.barsPerColumn });
    const level = columns && range ? levelFor(this.#width / (range.to - range.from), columns.barsPerColumn) : 1;
    const all: Wish = columns && range ? wishFor(range, level, columns.nBars) : { first: 0, barsPerColumn: 1, nColumns: FIRST };
    if (this.#instant !== null) return asked(all, { by: 'time', at: this.#instant });
    if (!columns || !range) return asked(all, { by: 'newest' });
    const wish = wanted(range, this.#width, columns);
    if (wish && !(this.#last?.first === wish.first && this.#last.barsPerColumn === wish.barsPerColumn && this.#last.nColumns === wish.nColumns)) {
      this.#last = wish;
      return asked(wish, { by: 'index', first: wish.first });
    }
    if (!this.#isOld) return null;
    if (isAtEnd(range, columns.nBars)) return asked(all, { by: 'newest' });
    // By time: older bars may have come in front, and then the numbers are others.
    return asked(all, { by: 'time', at: this.#middle() ?? 0 });
  }

  #pump(): void {
    if (this.#isAsking || this.#series === null) return;
    const request = this.#next(this.#series);
    if (request === null) return;
    this.#isAsking = true;
    // Whatever is asked for comes as it is at that time.
    this.#isOld = false;
    const turn = this.#turn;
    this.ask(request).then(
      (bytes) => this.#settle(turn, () => this.#take(decode(bytes))),
      (thrown: unknown) => this.#settle(turn, () => this.#fail(thrown)),
    );
  }

  /** An answer came, of whatever kind; what is wished for by now is next. */
  #settle(turn: number, take: () => boolean): void {
    this.#isAsking = false;
    let isGood = true;
    if (turn === this.#turn) {
      try {
        isGood = take();
      } catch (thrown) {
        isGood = this.#fail(thrown);
      }
    }
    if (isGood) this.#pump();
  }

  /** It is asked again when time passes or the picture moves, not at once. */
  #fail(thrown: unknown): boolean {
    this.#last = null;
    this.events.onfailure(thrown);
    return false;
  }

  #take(columns: Columns): boolean {
    const { columns: before, range } = this;
    if (!before || !range || this.#instant !== null) {
      this.columns = columns;
      this.range = this.#isUsual ? newest(columns.nBars, this.#width) : clamped(this.#start(columns, range), columns.nBars);
    } else {
      const shift = shiftBetween(before, columns) ?? 0;
      const nNew = columns.nBars - before.nBars - shift;
      const by = isAtEnd(range, before.nBars) ? shift + nNew : shift;
      this.range = this.#isUsual ? newest(columns.nBars, this.#width) : clamped({ from: range.from + by, to: range.to + by }, columns.nBars);
      this.columns = columns;
      if (shift !== 0) this.#last = null;
    }
    this.#instant = null;
    this.events.oncolumns(columns);
    this.#moved();
    return true;
  }

  /** Where a picture begins: around the instant that was asked for, or at the newest bars. */
  #start(columns: Columns, range: Range | null): Range {
    const usual = newest(columns.nBars, this.#width);
    if (this.#instant === null) return usual;
    const wide = range ? range.to - range.from : usual.to - usual.from;
    const middle = columns.first + (Math.max(0, columnAt(columns.time, this.#instant)) + 0.5) * columns.barsPerColumn;
    return { from: middle - wide / 2, to: middle + wide / 2 };
  }
}
