/** The lines of the sample day: a walk for each bot that ends at its profit and loss. */
import type { BotView, Day, DayMark, DayPoint, EntryRow } from '../bindings';
import { OPEN_UTC, seeded } from './clock';

const SIZE: Record<string, [seed: number, size: number]> = {
  'momentum-spy': [3, 1.6], 'meanrev-qqq': [21, 8], 'orb-aapl': [8, 3], 'pairs-ibm': [5, 7], 'vol-nvda': [14, 9],
};

function walk(seed: number, n: number, end: number, size: number): number[] {
  const next = seeded(seed * 7919);
  const normal = (): number => next() + next() + next() + next() - 2;
  const raw = [0];
  for (let i = 1; i < n; i++) raw.push((raw[i - 1] ?? 0) + normal() * (next() < 0.06 ? 2.6 : 1.3));
  const last = raw.at(-1) ?? 0;
  return raw.map((value, i) => (end * i) / (n - 1) + size * (value - (last * i) / (n - 1)));
}

function line(values: number[], nowS: number): DayPoint[] {
  const open = OPEN_UTC / 1000;
  return values.map((value, i) => ({ time: i === values.length - 1 ? nowS : open + i * 60, value: value.toFixed(2) }));
}

/** Repeats within a minute are one mark, as the ledger's reader makes them. */
function marks(newestFirst: EntryRow[]): DayMark[] {
  const found: DayMark[] = [];
  for (const entry of newestFirst.toReversed()) {
    const time = Math.floor(Date.parse(entry.time) / 1000);
    const before = found.at(-1);
    if (before && time - before.time < 60) [before.count, before.seq] = [before.count + 1, entry.seq];
    else found.push({ time, seq: entry.seq, count: 1, sentence: entry.summary });
  }
  return found;
}

export function day(bots: BotView[], entries: EntryRow[], nowIso: string): Day {
  const nowS = Math.floor(Date.parse(nowIso) / 1000);
  const open = OPEN_UTC / 1000;
  const n = Math.max(2, Math.floor((nowS - open) / 60) + 1);
  const values = new Map(bots.map((bot) => {
    const [seed, size] = SIZE[bot.name] ?? [1, 0];
    return [bot.name, walk(seed, n, Number(bot.today.pnl ?? '0'), size)];
  }));
  const total = Array.from({ length: n }, (_, i) => [...values.values()].reduce((sum, own) => sum + (own[i] ?? 0), 0));
  const isEmpty = bots.length === 0;
  return {
    date: '2026-11-18', opens: open, closes: open + 6.5 * 3600, currency: 'USD', loss_limit: isEmpty ? null : '-2084',
    total: isEmpty ? [] : line(total, nowS),
    bots: bots.map(({ name }) => ({
      bot: name,
      points: line(values.get(name) ?? [], nowS),
      fills: marks(entries.filter((entry) => entry.fill?.bot === name)),
      refused: marks(entries.filter((entry) => entry.outcome === 'refused' && entry.decision?.bot === name)),
    })),
    notes: [],
  };
}
