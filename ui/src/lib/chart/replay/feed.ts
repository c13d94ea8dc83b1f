/**
 * A series as it was at a past instant: what the backend answers, cut off at the last bar that was
 * over by then. Asks the backend for no more than the chart does, and once for the bars of the day.
 */
import { encode } from '../../ipc/encode';
import type { ColumnsRequest } from '../../ipc';
import { decode, PLAIN, type Columns } from '../columns';
import { isOfDays } from '../written';
import { closeOf, dayOf } from './days';

export type Ask = (request: ColumnsRequest) => Promise<ArrayBuffer>;

/** Bars of a day at most: a minute each, round the clock. */
const DAY_BARS = 1440;
const DAY_S = 86_400;
const SECONDS: Record<string, number> = { '1m': 60, '5m': 300, '15m': 900, '1h': 3600, '1d': DAY_S };

/** The bars around one day, one by one. */
interface DayBars {
  columns: Columns;
  /** When each is over. */
  ends: number[];
}

export class ReplayFeed {
  readonly #days = new Map<string, Promise<DayBars>>();

  constructor(
    private readonly ask: Ask,
    /** The day, in seconds since 1970; the end is excluded. */
    private readonly day: { from: number; to: number },
    private readonly at: () => number,
  ) {}

  /** Forgets what is known of the bars of a symbol: others came. */
  forget(symbol: string, bar: string): void {
    for (const key of this.#days.keys()) if (key.startsWith(`${symbol} ${bar} `)) this.#days.delete(key);
  }

  /** When each bar of the day is over, of the series that is asked for. */
  async ends(series: ColumnsRequest): Promise<number[]> {
    const { columns, ends } = await this.#read(series);
    return ends.filter((_, i) => isInside(columns, i, this.day));
  }

  /** Answers as the backend does, with nothing that was later than the instant. */
  async columns(request: ColumnsRequest): Promise<ArrayBuffer> {
    let day = await this.#read(request);
    let answered = await this.#bounded(request, day);
    // Other bars came meanwhile, and those in front shift the numbers of all.
    if (answered.nBars !== day.columns.nBars) {
      this.forget(request.symbol, request.bar);
      day = await this.#read(request);
      answered = await this.#bounded(request, day);
    }
    return cut(answered, barsBy(day, this.at()), day.columns, this.at());
  }

  async #bounded(request: ColumnsRequest, day: DayBars): Promise<Columns> {
    return decode(await this.ask(bounded(request, barsBy(day, this.at()))));
  }

  #read(series: ColumnsRequest): Promise<DayBars> {
    const { symbol, bar, what, is_regular } = series;
    const key = `${symbol} ${bar} ${what} ${is_regular}`;
    const known = this.#days.get(key);
    if (known) return known;
    const step = SECONDS[bar] ?? 60;
    const nColumns = Math.min(5000, Math.max(16, Math.ceil((2 * DAY_S) / step), bar === '1m' ? 2 * DAY_BARS : 0));
    const middle = Math.floor((this.day.from + this.day.to) / 2);
    const asked = this.ask({ symbol, bar, what, is_regular, start: { by: 'time', at: middle }, n_columns: nColumns, bars_per_column: 1, studies: [] }).then((bytes) => {
      const columns = decode(bytes);
      return { columns, ends: Array.from(columns.time.keys(), (i) => endOf(columns, i, step)) };
    });
    this.#days.set(key, asked);
    asked.catch(() => {
      if (this.#days.get(key) === asked) this.#days.delete(key);
    });
    return asked;
  }
}

/** A bar is over when the next could begin; the last one of a day when its time is; that of a whole day at its close. */
function endOf({ head, time }: Columns, i: number, step: number): number {
  const at = time[i] ?? 0;
  if (isOfDays(head.bar)) return closeOf(new Date(at * 1000).toISOString().slice(0, 10), head.is_regular);
  return Math.min(at + step, time[i + 1] ?? Infinity);
}

/** A bar of a whole day belongs to the date that it bears. */
function isInside({ head, time }: Columns, i: number, day: { from: number; to: number }): boolean {
  const at = time[i] ?? 0;
  return isOfDays(head.bar) ? new Date(at * 1000).toISOString().slice(0, 10) === dayOf(day.from) : at >= day.from && at < day.to;
}

/** Returns how many bars of the series were over by an instant. */
function barsBy({ columns, ends }: DayBars, at: number): number {
  const n = ends.findIndex((end) => end > at);
  return columns.first + (n < 0 ? columns.nColumns : n);
}

function bounded(request: ColumnsRequest, n: number): ColumnsRequest {
  const { start, bars_per_column: per, n_columns } = request;
  if (start.by === 'time') return request;
  const newest = Math.max(0, Math.ceil(n / per) - n_columns) * per;
  return { ...request, start: { by: 'index', first: start.by === 'newest' ? newest : Math.min(start.first, newest + (n_columns - 1) * per) } };
}

/** Leaves out what is later: whole columns, and of the last one the bars that were not over. */
function cut(answered: Columns, n: number, day: Columns, at: number): ArrayBuffer {
  const { head, first, barsPerColumn: per } = answered;
  const kept = Math.max(0, Math.min(answered.nColumns, Math.ceil((n - first) / per)));
  const plain = PLAIN.map((name) => answered[name].slice(0, kept));
  const isPart = kept > 0 && first + kept * per > n && per > 1;
  if (isPart) mend(plain, kept - 1, first + (kept - 1) * per, n, day);
  const lines = answered.lines.flatMap((some, i) => some.map((line, j) => hidden(line.slice(0, kept), head.studies[i], j, isPart)));
  return encode({ ...head, n_bars: n, n_columns: kept, sessions: head.sessions.filter(({ from }) => from <= at) }, [...plain, ...lines]);
}

/** Puts together the last column of the bars of the day that it may have. */
function mend(plain: Float64Array[], column: number, from: number, to: number, day: Columns): void {
  const [, open, high, low, close, volume] = plain;
  const bars = Array.from({ length: to - from }, (_, i) => from + i - day.first).filter((i) => i >= 0 && i < day.nColumns);
  const last = bars.at(-1);
  if (last === undefined || !open || !high || !low || !close || !volume) return;
  open[column] = day.open[bars[0] ?? 0] ?? Number.NaN;
  high[column] = Math.max(...bars.map((i) => day.high[i] ?? Number.NaN));
  low[column] = Math.min(...bars.map((i) => day.low[i] ?? Number.NaN));
  close[column] = day.close[last] ?? Number.NaN;
  volume[column] = bars.reduce((sum, i) => sum + (day.volume[i] ?? 0), 0);
}

/** A line that is drawn left of the bar it is reckoned of knows the future: that part is left out, and so is a half column. */
function hidden(line: Float64Array, study: { params: number[]; lines: string[] } | undefined, at: number, isPart: boolean): Float64Array {
  const nHidden = study?.lines[at] === 'lagging' ? (study.params[3] ?? 26) : isPart ? 1 : 0;
  return line.fill(Number.NaN, Math.max(0, line.length - nHidden));
}
