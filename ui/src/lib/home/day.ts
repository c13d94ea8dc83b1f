/** Where the day's lines and ticks lie in the picture of Home. Pixels only, no amounts. */
import { pixels } from '../format';
import type { BotDay, DayPoint } from '../ipc';

export interface DayAxis {
  fromMs: number;
  toMs: number;
  ticks: { ms: number; iso: string }[];
  isInSeconds: boolean;
}

const MINUTE = 60_000;
const STEPS = [0.25, 0.5, 1, 5, 10, 15, 30, 60, 120].map((minutes) => minutes * MINUTE);
/** 09:30 and 16:00 in New York, counted from its midnight. */
const OPEN = 9.5 * 60 * MINUTE;
const CLOSE = 16 * 60 * MINUTE;
/** Refused orders closer than this become one tick with a count. */
const NEAR_PX = 12;

const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/New_York', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

/** Returns the milliseconds since midnight in New York. */
function sinceMidnight(ms: number): number {
  const [h = 0, m = 0, s = 0] = clock.format(ms).split(':').map(Number);
  return ((h * 60 + m) * 60 + s) * 1000 + (((ms % 1000) + 1000) % 1000);
}

/** Returns an axis from the first thing that happened to a while after now, at most eight labels. */
export function dayAxis(firstMs: number, nowMs: number): DayAxis {
  const last = Math.max(firstMs, nowMs);
  const first = Math.max(firstMs, last - 12 * 60 * MINUTE);
  const step = STEPS.find((s) => (last - first) / s <= 6) ?? 120 * MINUTE;
  const open = last - sinceMidnight(last) + OPEN;
  const fromMs = open + Math.floor((first - open) / step) * step;
  const close = open - OPEN + CLOSE;
  const isWholeDay = step >= 60 * MINUTE && last < close && fromMs >= open;
  const toMs = isWholeDay ? close : Math.max(fromMs + 4 * step, fromMs + Math.ceil((last + step / 4 - fromMs) / step) * step);
  const ticks = [];
  for (let ms = fromMs; ms < toMs; ms += step) ticks.push({ ms, iso: new Date(ms).toISOString() });
  return { fromMs, toMs, ticks, isInSeconds: step < MINUTE };
}

export interface Scale {
  low: number;
  high: number;
  ticks: number[];
  /** Decimals that tell the ticks apart. */
  decimals: number;
}

/** Returns a scale with round steps that holds every value and zero, about ten lines high. */
export function scaleOf(values: readonly number[]): Scale {
  const least = Math.min(0, ...values);
  const highest = Math.max(0, ...values);
  // A cent up or down is no mountain: the picture is at least one unit of money high.
  const most = Math.max(highest, least + 1);
  const rough = (most - least) / 10;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((n) => n * power >= rough) ?? 10) * power;
  const low = Math.floor(least / step + 1e-9) * step;
  const high = Math.ceil(most / step - 1e-9) * step;
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, i) => low + i * step);
  return { low, high, ticks, decimals: Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)) };
}

export interface Point {
  ms: number;
  value: number;
}

/** Returns the points of a line that can be drawn, oldest first. */
export function points(line: readonly DayPoint[]): Point[] {
  return line.flatMap(({ time, value }) => {
    const at = pixels(value);
    return at === null ? [] : [{ ms: time * 1000, value: at }];
  });
}

export interface Label {
  key: string;
  /** Where the line ends. */
  end: number;
  /** Where its name is written. */
  y: number;
}

/** Returns names moved apart, so that none is written over another. */
export function apart(ends: readonly { key: string; end: number }[], bottom: number, wanted = 30): Label[] {
  const gap = Math.min(wanted, bottom / Math.max(1, ends.length));
  const labels = ends.map(({ key, end }) => ({ key, end, y: end })).sort((a, b) => a.end - b.end);
  let from = gap / 2;
  for (const label of labels) {
    label.y = Math.max(label.y, from);
    from = label.y + gap;
  }
  let to = bottom;
  for (const label of labels.toReversed()) {
    label.y = Math.min(label.y, to);
    to = label.y - gap;
  }
  return labels;
}

export interface RefusedTick {
  seq: number;
  x: number;
  n: number;
}

export interface RefusedLane {
  bot: string;
  n: number;
  ticks: RefusedTick[];
}

/** Returns a lane of ticks for each bot that was refused; what would overlap is one with a count. */
export function refusedLanes(bots: readonly BotDay[], axis: DayAxis, x: (ms: number) => number): RefusedLane[] {
  return bots.flatMap(({ bot, refused }) => {
    const own = refused.filter((mark) => mark.time * 1000 >= axis.fromMs && mark.time * 1000 <= axis.toMs);
    if (own.length === 0) return [];
    const ticks: RefusedTick[] = [];
    for (const mark of own.toSorted((a, b) => a.time - b.time)) {
      const at = x(mark.time * 1000);
      const before = ticks.at(-1);
      if (before && at - before.x < NEAR_PX) [before.n, before.seq] = [before.n + mark.count, mark.seq];
      else ticks.push({ seq: mark.seq, x: at, n: mark.count });
    }
    return [{ bot, n: own.reduce((sum, mark) => sum + mark.count, 0), ticks }];
  });
}

export function path(all: readonly Point[], x: (ms: number) => number, y: (value: number) => number): string {
  return all.map((point, i) => `${i === 0 ? 'M' : 'L'}${x(point.ms).toFixed(1)},${y(point.value).toFixed(1)}`).join('');
}
