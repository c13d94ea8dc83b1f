/** The broker's codes of this run, what keeps coming back, and how both are shown. */
import { askFor, type Backend, type CodeRow, type CodesView, type CodeSeverity } from '../ipc';
import { Loaded } from '../loaded.svelte';
import type { Column } from '../table/rows.svelte';
import type { IconName } from '../ui/icons';

interface Look {
  icon: IconName;
  word: string;
  tone: string;
}

/** Told apart by sign and word, never by colour alone. */
export const LOOKS: Record<CodeSeverity, Look> = {
  critical: { icon: 'stop', word: 'Critical', tone: 'halt' },
  high: { icon: 'warn', word: 'High', tone: 'warn' },
  medium: { icon: 'info', word: 'Medium', tone: 'c1' },
  low: { icon: 'info', word: 'Low', tone: 'c2' },
  info: { icon: 'minus', word: 'Info', tone: 'c3' },
};

const LEVELS: readonly CodeSeverity[] = ['info', 'low', 'medium', 'high', 'critical'];

export const COLUMNS: Column<CodeRow>[] = [
  { id: 'code', title: 'Code', isNumber: true, width: 64, sortBy: (row) => row.meaning.code },
  { id: 'title', title: 'Meaning', sortBy: (row) => row.meaning.title },
  { id: 'severity', title: 'Severity', width: 84, sortBy: (row) => LEVELS.indexOf(row.meaning.severity) },
  { id: 'seen', title: 'Seen', isNumber: true, width: 58, sortBy: (row) => row.n_seen },
  { id: 'hour', title: 'Last hour', isNumber: true, width: 76, sortBy: (row) => row.per_hour },
  { id: 'last', title: 'Last', width: 76, sortBy: (row) => row.last },
  { id: 'first', title: 'First', width: 76, sortBy: (row) => row.first, isExtra: true },
];

/** Returns what a code means, for whoever points at a sentence that ends in it. */
export function tip(entry: { code: number | null; code_title: string | null }): string | undefined {
  return entry.code === null || entry.code_title === null ? undefined : `${entry.code}: ${entry.code_title}`;
}

export class Codes {
  readonly loaded = new Loaded<CodesView>();
  /** The code that is explained below the table. */
  chosen = $state<number | null>(null);

  readonly rows = $derived(this.loaded.value?.rows ?? []);
  readonly patterns = $derived(this.loaded.value?.patterns ?? []);
  readonly explained = $derived(this.rows.find((row) => row.meaning.code === this.chosen)?.meaning ?? null);

  constructor(private readonly backend: Backend) {}

  async load(): Promise<void> {
    await this.loaded.load(() => askFor(this.backend, { do: 'codes' }, 'codes'));
  }

  /** The same code again takes its explanation away. */
  choose(code: number): void {
    this.chosen = this.chosen === code ? null : code;
  }
}
