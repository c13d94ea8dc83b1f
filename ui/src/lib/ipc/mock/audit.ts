/** What the Audit screen asks of the sample ledger. */
import type { AuditFilter, Checkpoint, Density, EntryRow, LinkedEntry, QueryToken } from '../bindings';
import { at, hashOf, NOW_UTC } from './clock';
import { row } from './entries';

const NAMES = ['bot', 'symbol', 'rule', 'verdict', 'kind', 'code', 'actor', 'order', 'seq', 'day'];

/** Cuts a query into words as the real one does; free text may stand in quotation marks. */
export function tokens(query: string | null | undefined): QueryToken[] {
  return [...(query ?? '').matchAll(/(?:(\w+):)?(?:"([^"]*)"|(\S+))/g)].map(([, name, quoted, plain]) => {
    const value = quoted ?? plain ?? '';
    if (name === undefined) return { name: 'text', value, trouble: null };
    return { name, value, trouble: NAMES.includes(name) ? null : `There is no ${name}: to look for.` };
  });
}

function fits(entry: EntryRow, { name, value }: QueryToken): boolean {
  const wanted = value.toLowerCase();
  const words = `${entry.summary} ${entry.subject} ${entry.actor} ${entry.kind_title}`.toLowerCase();
  const tests: Record<string, () => boolean> = {
    bot: () => [entry.actor, entry.subject, entry.fill?.bot].some((bot) => bot === value),
    symbol: () => [entry.subject, entry.decision?.symbol, entry.fill?.symbol].some((symbol) => symbol?.toLowerCase() === wanted),
    rule: () => entry.decision?.findings.some((finding) => finding.rule.toLowerCase() === wanted) ?? false,
    verdict: () => entry.outcome === wanted,
    kind: () => entry.kind === wanted || entry.kind_title.toLowerCase() === wanted,
    actor: () => entry.actor === value,
    seq: () => inRange(entry.seq, value),
    day: () => true,
    text: () => words.includes(wanted),
  };
  return tests[name]?.() ?? false;
}

function inRange(seq: number, words: string): boolean {
  const [from, to] = words.split('..');
  return to === undefined ? seq === Number(from) : seq >= Number(from || 0) && seq <= Number(to || Infinity);
}

const seconds = (entry: EntryRow): number => Math.floor(Date.parse(entry.market_time ?? entry.time) / 1000);

export function matching(entries: readonly EntryRow[], filter: AuditFilter): EntryRow[] {
  const is = (wanted: string | null | undefined, value: string | null): boolean => !wanted || wanted === value;
  const words = tokens(filter.query);
  return entries.filter(
    (e) =>
      is(filter.kind, e.kind) && is(filter.outcome, e.outcome) && (!filter.symbol || e.subject === filter.symbol) &&
      (!filter.bot || e.actor === filter.bot || e.subject === filter.bot || e.fill?.bot === filter.bot) &&
      (!filter.text || fits(e, { name: 'text', value: filter.text, trouble: null })) &&
      (filter.from == null || seconds(e) >= filter.from) && (filter.to == null || seconds(e) < filter.to) &&
      words.every((word) => fits(e, word)),
  );
}

export function density(entries: readonly EntryRow[], filter: AuditFilter, nBuckets: number): Density {
  const found = matching(entries, filter);
  const times = found.map(seconds);
  if (times.length === 0) return { from: 0, to: 0, bucket_s: 60, buckets: [] };
  const from = filter.from ?? Math.min(...times);
  const to = filter.to ?? Math.max(...times) + 1;
  const bucket_s = Math.max(1, Math.ceil((to - from) / nBuckets));
  const buckets = new Map<number, { time: number; n_entries: number; n_refused: number }>();
  for (const entry of found) {
    const time = from + Math.floor((seconds(entry) - from) / bucket_s) * bucket_s;
    const bucket = buckets.get(time) ?? { time, n_entries: 0, n_refused: 0 };
    buckets.set(time, { time, n_entries: bucket.n_entries + 1, n_refused: bucket.n_refused + (entry.outcome === 'refused' ? 1 : 0) });
  }
  return { from, to, bucket_s, buckets: [...buckets.values()].sort((a, b) => a.time - b.time) };
}

export function checkpoints(): Checkpoint[] {
  return [1279448, 1280990, 1282101, 1283188, 1284331].map((n_entries, i) => ({
    seq: n_entries + 1, n_entries, head: hashOf(n_entries), broken_at: null,
    time: at(['09:31:02.700', '10:31:00.000', '12:00:00.000', '13:30:00.000', '14:20:00.000'][i] ?? '14:20:00.000'),
  }));
}

/** The life of the order that an entry is about. */
export function linked(entries: readonly EntryRow[], entry: EntryRow): LinkedEntry[] {
  const order = (e: EntryRow): string | null => {
    const id = e.decision?.order_id ?? e.fill?.order_id;
    return id == null ? null : `${e.decision?.bot ?? e.fill?.bot ?? ''} ${id}`;
  };
  const wanted = order(entry);
  const life = wanted === null ? [] : entries.filter((e) => order(e) === wanted).toReversed();
  return life.map((e, i) => {
    const before = life[i - 1];
    return { seq: e.seq, time: e.time, title: e.kind_title, summary: e.summary, code: e.code, code_title: e.code_title, after_ms: before ? Date.parse(e.time) - Date.parse(before.time) : null, is_this: e.seq === entry.seq };
  });
}

/** Returns whether nothing is asked for: then every entry is listed. */
export function isEmpty(filter: AuditFilter): boolean {
  return Object.values(filter).every((value) => value === null || value === undefined || value === '');
}

/** An entry of an earlier day, of which nobody asks what it is. */
export function filler(seq: number): EntryRow {
  const time = new Date(NOW_UTC - (1284332 - seq) * 1900).toISOString();
  return row({ seq, actor: 'broker', kind: 'order-update', title: 'Order update', subject: 'SPY', summary: `Order ${1000 + (seq % 190)} is working` }, time);
}
