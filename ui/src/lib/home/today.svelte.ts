/** The day as Home draws it: asked for while Home is shown, kept while it is asked again. */
import { askFor, type Backend, type BotView, type Day, type DayFigures, type DayPoint } from '../ipc';
import { Loaded } from '../loaded.svelte';
import { amount, isNegative, isZero, signed } from '../format';
import { dayAxis, points, type DayAxis, type Point } from './day';

/** The last points are of this instant; the older ones change with the minute. */
export const DAY_EVERY_MS = 2500;
const MINUTE = 60_000;

export class Today {
  readonly loaded = new Loaded<Day>();
  readonly day = $derived.by(() => this.loaded.value);
  readonly byBot = $derived.by(() => new Map((this.day?.bots ?? []).map((bot) => [bot.bot, this.#line(bot.points)])));
  readonly total = $derived.by(() => this.#line(this.day?.total ?? []));

  constructor(private readonly backend: Backend) {}

  /** What is counted since the open is zero at the open; a line that begins later begins there. */
  #line(drawn: readonly DayPoint[]): Point[] {
    const line = points(drawn);
    const first = line[0]?.ms;
    const opens = (this.day?.opens ?? Number.NaN) * 1000;
    const isYoung = first !== undefined && first - opens >= 0 && first - opens <= MINUTE && (first > opens || line.length === 1);
    return isYoung ? [{ ms: opens, value: 0 }, ...line] : line;
  }

  load(): Promise<void> {
    return this.loaded.load(() => askFor(this.backend, { do: 'day' }, 'day'));
  }

  pointsOf(bot: string): Point[] {
    return this.byBot.get(bot) ?? [];
  }

  /** Returns the axis of the day, or null while nothing is known of it. */
  axis(nowIso: string | null): DayAxis | null {
    const now = nowIso === null ? Number.NaN : Date.parse(nowIso);
    const last = this.total.at(-1)?.ms ?? Number.NaN;
    const end = Number.isNaN(now) ? last : now;
    if (Number.isNaN(end)) return null;
    const marks = (this.day?.bots ?? []).flatMap((bot) => [...bot.fills, ...bot.refused]).map((mark) => mark.time * 1000);
    const opens = (this.day?.opens ?? Number.NaN) * 1000;
    const starts = [this.total[0]?.ms ?? Number.NaN, Math.min(...marks), opens].filter((ms) => Number.isFinite(ms) && ms <= end);
    return dayAxis(starts.length > 0 ? Math.min(...starts) : end, end);
  }
}

/** Returns a line that ends now: its last point carries the minute's beginning, not this instant. */
export function untilNow(line: readonly Point[], nowMs: number): Point[] {
  const last = line.at(-1);
  return last && nowMs > last.ms && nowMs - last.ms <= 2 * MINUTE ? [...line.slice(0, -1), { ms: nowMs, value: last.value }] : [...line];
}

export type Tone = 'up' | 'down' | 'flat';

export function toneOf(value: string | null): Tone {
  if (value === null || isZero(value)) return 'flat';
  return isNegative(value) ? 'down' : 'up';
}

/** Returns a sentence that says what the picture shows. */
export function summaryOf(bots: readonly BotView[], all: DayFigures, currency: string | null): string {
  const unit = currency === null ? '' : ` ${currency}`;
  const each = bots.filter((bot) => bot.today.pnl !== null).map((bot) => `${bot.name} ${signed(bot.today.pnl)}${unit}`);
  const nRefused = bots.reduce((sum, bot) => sum + bot.refused_today, 0);
  const total = all.pnl === null ? 'Profit and loss of the day is not known' : `Profit and loss of the day ${signed(all.pnl)}${unit}`;
  return `${total}${each.length > 0 ? `: ${each.join(', ')}` : ''}. ${amount(String(nRefused))} orders refused.`;
}
