/** How fresh each line of prices is, and how that is shown. */
import { askFor, type Backend, type DataLine, type LineState } from '../ipc';
import { Loaded } from '../loaded.svelte';
import type { Column } from '../table/rows.svelte';
import type { IconName } from '../ui/icons';

interface Look {
  icon: IconName;
  word: string;
  tone: string;
}

/** Told apart by sign and word, never by colour alone. */
export const LOOKS: Record<LineState, Look> = {
  refused: { icon: 'refused', word: 'Refused', tone: 'refuse' },
  stale: { icon: 'warn', word: 'Stale', tone: 'warn' },
  delayed: { icon: 'warn', word: 'Delayed', tone: 'warn' },
  frozen: { icon: 'warn', word: 'Frozen', tone: 'warn' },
  empty: { icon: 'minus', word: 'No price', tone: 'c2' },
  awaited: { icon: 'clock', word: 'Awaited', tone: 'c2' },
  unnamed: { icon: 'warn', word: 'Unknown', tone: 'warn' },
  'left-out': { icon: 'minus', word: 'No line', tone: 'c2' },
  live: { icon: 'check', word: 'Live', tone: 'ok' },
};

const WORST_FIRST: readonly LineState[] = ['refused', 'unnamed', 'stale', 'delayed', 'frozen', 'empty', 'left-out', 'awaited', 'live'];

export const COLUMNS: Column<DataLine>[] = [
  { id: 'symbol', title: 'Symbol', width: 84, sortBy: (line) => line.symbol },
  { id: 'state', title: 'State', width: 96, sortBy: (line) => WORST_FIRST.indexOf(line.state) },
  { id: 'age', title: 'Last price', isNumber: true, width: 92, sortBy: (line) => line.age_ms },
  { id: 'why', title: 'Why, and what to do' },
];

/** Returns `0.3 s ago`, or nothing where no price came. */
export function ago(ms: number | null): string {
  if (ms === null) return '';
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s ago` : `${Math.floor(ms / 60_000)} min ago`;
}

/** Returns `5 lines of Gatehouse, 3 not live`, or nothing without one. */
export function summary(n: number, nTroubled: number): string {
  if (n === 0) return '';
  return `${n === 1 ? '1 line' : `${n} lines`} of Gatehouse, ${nTroubled === 0 ? 'all live' : `${nTroubled} not live`}`;
}

export class Lines {
  readonly loaded = new Loaded<DataLine[]>();
  readonly rows = $derived((this.loaded.value ?? []).toSorted((a, b) => WORST_FIRST.indexOf(a.state) - WORST_FIRST.indexOf(b.state)));
  readonly nTroubled = $derived(this.rows.filter((line) => line.state !== 'live').length);

  constructor(private readonly backend: Backend) {}

  async load(): Promise<void> {
    await this.loaded.load(async () => (await askFor(this.backend, { do: 'lines' }, 'lines')).lines);
  }
}
