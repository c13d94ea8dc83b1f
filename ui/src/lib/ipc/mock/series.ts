/** Made-up series of ten million bars: every bar is reckoned from its number, none is kept. */
import type { ColumnsHead, ColumnsRequest, SessionSpan, StudyLines } from '../bindings';
import { NOW_UTC, OPEN_UTC } from './clock';
import { encode } from '../encode';
import { study } from './studies';

const SECONDS: Record<string, number> = { '1m': 60, '5m': 300, '15m': 900, '1h': 3600, '1d': 86_400 };
export const LAST: Record<string, number> = { SPY: 662.14, QQQ: 598.72, IBM: 283.71, ORCL: 221.4, AAPL: 228.35, NVDA: 184.92 };
/** Names that the sample's broker knows beside those; of these there are bars, and quotes of most. */
const OTHERS = ['AMD', 'BRK B', 'IWM', 'META', 'MSFT', 'TSLA', 'VTI'];
const NOW_S = NOW_UTC / 1000;
const OPEN_S = OPEN_UTC / 1000;
const DAY_S = 86_400;
/** Before the open and after it, in secs. */
const EXTENDED: Hours = { before: 5.5 * 3600, after: 10.5 * 3600 };
const REGULAR: Hours = { before: 0, after: 6.5 * 3600 };
/** So many days that there are ten million minutes in them, nights left out. */
const DAYS = 10_417;
/** A column is looked at in so many places. */
const SAMPLES = 8;
const OCTAVES = 22;

interface Hours {
  before: number;
  after: number;
}

/** The bars of a series: how many, and when each begins. */
class Calendar {
  readonly nBars: number;
  readonly #perDay: number;
  readonly #hours: Hours;

  constructor(
    readonly step: number,
    isRegular: boolean,
    most: number,
  ) {
    this.#hours = isRegular ? REGULAR : EXTENDED;
    this.#perDay = step >= DAY_S ? 1 : Math.ceil((this.#hours.after + this.#hours.before) / step);
    const today = step >= DAY_S ? 1 : Math.max(1, Math.min(this.#perDay, Math.floor((NOW_S - OPEN_S + this.#hours.before) / step) + 1));
    this.nBars = Math.min(most, (DAYS - 1) * this.#perDay + today);
    this.#last = today - 1;
  }
  readonly #last: number;

  /** Secs since 1970 at which a bar begins; a day bears the midnight in UTC of its date, as it does in the store. */
  time(bar: number): number {
    const back = this.nBars - 1 - bar - this.#last;
    const day = -Math.ceil(back / this.#perDay);
    const slot = -back - day * this.#perDay;
    const open = OPEN_S + weekdays(day) * DAY_S;
    return this.step >= DAY_S ? Math.floor(open / DAY_S) * DAY_S : open + slot * this.step - this.#hours.before;
  }

  /** Returns the number of the bar at or last before an instant. */
  at(instant: number): number {
    let low = 0;
    let high = this.nBars;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.time(middle) <= instant) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  /** Trading minutes from a bar to now: the price is a function of them. */
  minutes(bar: number): number {
    return ((bar - this.nBars) * this.step) / 60 / (this.step >= DAY_S ? DAY_S / (REGULAR.after) : 1);
  }

  sessions(from: number, to: number): SessionSpan[] {
    if (this.step >= DAY_S || to - from > 60 * DAY_S) return [];
    const found: SessionSpan[] = [];
    for (let open = OPEN_S - Math.ceil((OPEN_S - from) / DAY_S) * DAY_S; open - EXTENDED.before < to; open += DAY_S) {
      if ([0, 6].includes(new Date(open * 1000).getUTCDay())) continue;
      found.push({ from: open - EXTENDED.before, to: open, name: 'pre-market' }, { from: open, to: open + REGULAR.after, name: 'regular' }, { from: open + REGULAR.after, to: open + EXTENDED.after, name: 'after-hours' });
    }
    return found;
  }
}

/** Returns days from the sample day, a Wednesday, so many weekdays back. */
function weekdays(day: number): number {
  const fromMonday = day + 2;
  const week = Math.floor(fromMonday / 5);
  return week * 7 + (fromMonday - week * 5) - 2;
}

function hash(n: number, seed: number): number {
  let h = Math.imul((n ^ seed) | 0, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** The price so many minutes from now; `finest` leaves out what is too small to be seen. */
function price(symbol: string, minutes: number, finest: number): number {
  const seed = symbol.length * 131 + symbol.charCodeAt(0) * 17;
  let sum = 0;
  for (let k = finest; k <= OCTAVES; k++) {
    const wave = 2 ** k;
    const at = Math.floor(minutes / wave);
    const part = minutes / wave - at;
    const near = hash(at, seed + k * 7919);
    sum += (near + (hash(at + 1, seed + k * 7919) - near) * part * part * (3 - 2 * part) - 0.5) * 0.0006 * Math.sqrt(wave);
  }
  return sum;
}

/** How many bars the sample has at most; a page may ask for fewer. */
export interface Size {
  nBars: number;
  /** What is being fetched of it. */
  note?: string | null;
}

/** Whether the sample's broker has an instrument of that name. */
export function isKnown(symbol: string): boolean {
  return symbol in LAST || OTHERS.includes(symbol);
}

export function columns(request: ColumnsRequest, size: Size): ArrayBuffer {
  const { symbol, bar, what, is_regular, bars_per_column: level } = request;
  const calendar = new Calendar(SECONDS[bar] ?? 300, is_regular, size.nBars);
  const first = firstOf(request, calendar);
  const n = Math.max(0, Math.min(request.n_columns, Math.ceil((calendar.nBars - first) / level)));
  const made = Array.from({ length: 6 }, () => new Float64Array(n));
  const [time, open, high, low, close, volume] = made as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const scale = LAST[symbol] ?? 100;
  const span = calendar.minutes(1) - calendar.minutes(0);
  const finest = Math.max(0, Math.floor(Math.log2(span * level)) - 4);
  const now = price(symbol, 0, 0);
  const at = (place: number): number => scale * Math.exp(price(symbol, calendar.minutes(place), finest) - now);
  let before = at(first);
  for (let i = 0; i < n; i++) {
    const from = first + i * level;
    const to = Math.min(calendar.nBars, from + level);
    time[i] = calendar.time(from);
    const after = at(to);
    let [most, least] = [Math.max(before, after), Math.min(before, after)];
    for (let s = 1; level > 1 && s < SAMPLES; s++) {
      const one = at(from + ((to - from) * s) / SAMPLES);
      most = Math.max(most, one);
      least = Math.min(least, one);
    }
    const wick = scale * 0.0004 * Math.sqrt(span);
    open[i] = cents(before);
    close[i] = cents(after);
    high[i] = cents(most + hash(from, 1) * wick);
    low[i] = cents(least - hash(from, 2) * wick);
    volume[i] = Math.round(shares(calendar, from) * (to - from) * span) * 100;
    before = after;
  }
  const asked = request.studies.map((wanted) => study(wanted, { open, high, low, close, volume, time }));
  const head: ColumnsHead = {
    symbol, bar, what, is_regular, n_bars: calendar.nBars, first, bars_per_column: level, n_columns: n, digits: 2, zone: 'America/New_York',
    studies: asked.map(({ kind, params, lines }): StudyLines => ({ kind, params, lines: lines.map(([name]) => name) })),
    sessions: n === 0 ? [] : calendar.sessions(time[0] ?? 0, (time[n - 1] ?? 0) + calendar.step * level),
    has_older: false, note: size.note ?? null,
  };
  return encode(head, [...made, ...asked.flatMap(({ lines }) => lines.map(([, values]) => values))]);
}

function firstOf({ start, n_columns, bars_per_column: level }: ColumnsRequest, calendar: Calendar): number {
  const wide = n_columns * level;
  const first = start.by === 'index' ? start.first : start.by === 'time' ? calendar.at(start.at) - Math.floor(wide / 2) : calendar.nBars - wide;
  const aligned = start.by === 'newest' ? Math.ceil(first / level) : Math.floor(first / level);
  return Math.max(0, Math.min(aligned, Math.floor((calendar.nBars - 1) / level)) * level);
}

/** Most is traded near the open and the close, little outside of them. */
function shares(calendar: Calendar, bar: number): number {
  const inDay = (((calendar.time(bar) - OPEN_S) % DAY_S) + DAY_S) % DAY_S;
  const part = inDay / REGULAR.after;
  const usual = calendar.step >= DAY_S ? 300 : part < 1 ? 160 + 500 * (2 * part - 1) ** 2 : 40;
  return usual * (0.6 + hash(bar, 3)) * 0.2;
}

function cents(value: number): number {
  return Math.round(value * 100) / 100;
}
