/** Where a picture's axes are labelled, and with what. Knows nothing of the page. */
import { clockAt, dateAt, isOfDays, yearAt } from '../written';
import { wallClock } from '../wallclock';

export interface PriceTick {
  price: number;
  y: number;
}

export interface TimeTick {
  x: number;
  text: string;
}

/** Pixels between labels at least. */
const APART_Y = 44;
const APART_X = 64;
const STEPS_S = [60, 300, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400, 604_800, 2_592_000, 31_536_000];
const DAY_S = 86_400;

/** Returns round prices of a scale that rises upwards, of whatever kind it is. */
export function priceTicks(height: number, priceAt: (y: number) => number | null, yOf: (price: number) => number | null): PriceTick[] {
  const [low, high] = [priceAt(height), priceAt(0)];
  if (low === null || high === null || !(high > low)) return [];
  const rough = ((high - low) * APART_Y) / Math.max(APART_Y, height);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((by) => by * power).find((by) => by >= rough) ?? rough;
  const first = Math.ceil(low / step);
  const n = Math.floor(high / step) - first + 1;
  return Array.from({ length: Math.max(0, Math.min(200, n)) }, (_, i) => (first + i) * step).flatMap((price) => {
    const y = yOf(price);
    return y === null ? [] : [{ price, y }];
  });
}

/** Returns instants at which columns begin, far enough from each other; a new day says its date, a new year its number. */
export function timeTicks(times: readonly number[], xOf: (column: number) => number | null, width: number, bar: string): TimeTick[] {
  const [left, right] = [xOf(0), xOf(1)];
  if (left === null || right === null || right <= left) return [];
  const first = Math.max(0, Math.ceil(-left / (right - left)));
  const last = Math.min(times.length - 1, Math.floor((width - left) / (right - left)));
  const [from, to] = [times[first], times[last]];
  if (from === undefined || to === undefined || last <= first) return [];
  const perPx = (to - from) / ((last - first) * (right - left));
  const step = STEPS_S.find((one) => one >= perPx * APART_X) ?? STEPS_S.at(-1) ?? DAY_S;
  const clock = (at: number): number => (isOfDays(bar) ? at : wallClock(at));
  const ticks: TimeTick[] = [];
  let before = -Infinity;
  let told = times[Math.max(0, first - 1)] ?? 0;
  for (let i = Math.max(1, first); i <= last; i++) {
    const [now, previous] = [times[i] ?? 0, times[i - 1] ?? 0];
    const x = xOf(i);
    if (x === null || Math.floor(clock(now) / step) === Math.floor(clock(previous) / step) || x - before < APART_X * 0.6) continue;
    ticks.push({ x, text: yearAt(now, bar) === yearAt(told, bar) ? textOf(now, previous, step, bar) : yearAt(now, bar) });
    told = now;
    before = x;
  }
  return ticks;
}

function textOf(now: number, previous: number, step: number, bar: string): string {
  return step >= DAY_S || dateAt(now, bar) !== dateAt(previous, bar) ? dateAt(now, bar) : clockAt(now, bar);
}
