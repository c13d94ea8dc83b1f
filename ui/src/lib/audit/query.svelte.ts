/** The words that a person searches the ledger with, and the stretch of time. */
import type { AuditFilter } from '../ipc';

export const NAMES = ['bot', 'symbol', 'rule', 'verdict', 'kind', 'code', 'actor', 'order', 'seq', 'day'] as const;

export interface Span {
  /** Seconds since 1970; the end is excluded. */
  from: number | null;
  to: number | null;
}

/** What is known for the names that have few values. */
export type Values = Partial<Record<(typeof NAMES)[number], readonly string[]>>;

const SUGGESTED_MAX = 8;

export class Query {
  words = $state.raw<readonly string[]>([]);
  /** What is being typed; it already counts. */
  typed = $state('');
  span = $state.raw<Span>({ from: null, to: null });

  readonly isEmpty = $derived(this.words.length === 0 && this.typed.trim() === '' && this.span.from === null && this.span.to === null);
  readonly text = $derived.by(() => [...this.words, ...(isAsking(this.typed.trim()) ? [this.typed.trim()] : [])].join(' '));
  /** Without the time, for the picture of all of it. */
  readonly filter = $derived.by((): AuditFilter => (this.text === '' ? {} : { query: this.text }));
  readonly filterInTime = $derived.by((): AuditFilter => ({ ...this.filter, ...(this.span.from === null ? {} : { from: this.span.from }), ...(this.span.to === null ? {} : { to: this.span.to }) }));

  /** Makes a word of what is typed; free text of several words stays together. */
  take(typed = this.typed): void {
    const text = typed.trim();
    this.typed = '';
    if (text === '' || !isWhole(text)) return;
    const word = /^\w+:/.test(text) || !/\s/.test(text) ? text : `"${text.replaceAll('"', '')}"`;
    if (!this.words.includes(word)) this.words = [...this.words, word];
  }

  remove(word: string): void {
    this.words = this.words.filter((other) => other !== word);
  }

  clear(): void {
    this.words = [];
    this.typed = '';
    this.span = { from: null, to: null };
  }
}

/** The beginning of a name is not looked for while it is typed; Enter makes a word of it. */
function isAsking(text: string): boolean {
  return isWhole(text) && !NAMES.some((name) => name.startsWith(text.toLowerCase()));
}

/** `bot:` without a value asks for nothing yet. */
function isWhole(text: string): boolean {
  return text !== '' && !/^\w+:$/.test(text);
}

/** Returns what could complete the typed word: names first, then their values. */
export function suggestions(typed: string, values: Values): string[] {
  const text = typed.trim().toLowerCase();
  const [name, value] = text.split(':') as [string, string | undefined];
  if (value === undefined) return NAMES.filter((one) => one.startsWith(text)).map((one) => `${one}:`);
  const known = values[name as keyof Values] ?? [];
  return known.filter((one) => one.toLowerCase().startsWith(value) && one.toLowerCase() !== value).slice(0, SUGGESTED_MAX).map((one) => `${name}:${/\s/.test(one) ? `"${one}"` : one}`);
}
