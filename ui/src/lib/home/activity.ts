/** Places the day's fills and refusals on a time axis, one lane per bot. Pixels only. */
import type { EntryRow } from '../ipc';

export interface Tick {
  key: string;
  /** 0 to 1 along the session. */
  at: number;
  n: number;
  seq: number;
  text: string;
}

export interface Lane {
  bot: string;
  buys: Tick[];
  sells: Tick[];
  refused: Tick[];
  nFills: number;
  nRefused: number;
}

export interface Session {
  fromMs: number;
  toMs: number;
  ticks: { at: number; iso: string }[];
}

const MINUTE = 60_000;
const STEPS = [0.25, 0.5, 1, 5, 10, 15, 30, 60, 120].map((minutes) => minutes * MINUTE);
/** Refusals closer than this share of the width become one sign with a count. */
const NEAR = 0.018;

/** Returns an axis that holds the first entry and now, with at most eight labels. */
export function session(entries: readonly EntryRow[], nowIso: string | null): Session | null {
  const now = nowIso === null ? Number.NaN : Date.parse(nowIso);
  // Where the Gateway's calendar is known, entries from before it was are not on the axis.
  const dated = Number.isNaN(now) ? entries : entries.filter((entry) => entry.market_time !== null);
  const times = dated.map(timeOf).filter((ms) => !Number.isNaN(ms));
  if (!Number.isNaN(now)) times.push(now);
  if (times.length === 0) return null;
  const last = times.reduce((a, b) => Math.max(a, b));
  const first = Math.max(times.reduce((a, b) => Math.min(a, b)), last - 8 * 60 * MINUTE);
  const step = STEPS.find((s) => (last - first) / s <= 7) ?? 120 * MINUTE;
  const fromMs = Math.floor(first / step) * step;
  const toMs = Math.max(fromMs + 4 * step, Math.ceil((last + step / 4) / step) * step);
  const ticks = [];
  for (let ms = fromMs; ms < toMs; ms += step) ticks.push({ at: (ms - fromMs) / (toMs - fromMs), iso: new Date(ms).toISOString() });
  return { fromMs, toMs, ticks };
}

export function lanes(entries: readonly EntryRow[], bots: readonly string[], axis: Session): Lane[] {
  return bots.map((bot) => {
    const fills = entries.filter((e) => e.fill?.bot === bot);
    const refused = entries.filter((e) => e.outcome === 'refused' && (e.decision?.bot ?? e.actor) === bot);
    return {
      bot,
      buys: place(fills.filter((e) => /^b/i.test(e.fill?.side ?? '')), axis, 0),
      sells: place(fills.filter((e) => !/^b/i.test(e.fill?.side ?? '')), axis, 0),
      refused: place(refused, axis, NEAR),
      nFills: fills.length,
      nRefused: refused.length,
    };
  });
}

function place(newestFirst: readonly EntryRow[], axis: Session, near: number): Tick[] {
  const ticks: Tick[] = [];
  for (const entry of newestFirst.toReversed()) {
    const at = (timeOf(entry) - axis.fromMs) / (axis.toMs - axis.fromMs);
    if (!(at >= 0 && at <= 1)) continue;
    const before = ticks.at(-1);
    if (before && near > 0 && at - before.at < near) before.n += 1;
    else ticks.push({ key: String(entry.seq), at, n: 1, seq: entry.seq, text: entry.summary });
  }
  return ticks;
}

function timeOf(entry: EntryRow): number {
  return Date.parse(entry.market_time ?? entry.time);
}
