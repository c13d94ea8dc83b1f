/** Edits of limits that are not applied yet, for one scope. */
import { SvelteMap } from 'svelte/reactivity';

import { amount, typedDecimal } from '../format';
import type { LimitInput, LimitRow } from '../ipc';

export interface PendingLimit {
  row: LimitRow;
  input: LimitInput;
  isTighter: boolean;
  /** Old and new value as words. */
  from: string;
  to: string;
}

export class PendingLimits {
  readonly #typed = new SvelteMap<string, LimitInput>();
  readonly #invalid = new SvelteMap<string, string>();
  #rows = $state.raw<LimitRow[]>([]);

  readonly all = $derived(this.#rows.flatMap((row) => this.#pending(row)));
  readonly tighter = $derived(this.all.filter((p) => p.isTighter));
  readonly looser = $derived(this.all.filter((p) => !p.isTighter));
  readonly hasInvalid = $derived(this.#invalid.size > 0);

  see(rows: LimitRow[]): void {
    this.#rows = rows;
  }

  type(row: LimitRow, typed: string): void {
    const value = typedDecimal(typed);
    if (value === null || value.startsWith('-')) {
      this.#typed.delete(row.id);
      this.#invalid.set(row.id, 'Enter a number of 0 or more.');
      return;
    }
    this.#invalid.delete(row.id);
    if (sameNumber(value, row.value)) this.#typed.delete(row.id);
    else this.#typed.set(row.id, { to: 'set', value });
  }

  choose(row: LimitRow, input: LimitInput): void {
    this.#invalid.delete(row.id);
    const isAsItIs = input.to === 'off' ? row.value === null : input.to === 'inherit' && row.own === null && !row.is_off_here;
    if (isAsItIs) this.#typed.delete(row.id);
    else this.#typed.set(row.id, input);
  }

  of(row: LimitRow): LimitInput | null {
    return this.#typed.get(row.id) ?? null;
  }

  invalid(row: LimitRow): string | null {
    return this.#invalid.get(row.id) ?? null;
  }

  discard(id?: string): void {
    if (id === undefined) {
      this.#typed.clear();
      this.#invalid.clear();
    } else {
      this.#typed.delete(id);
      this.#invalid.delete(id);
    }
  }

  #pending(row: LimitRow): PendingLimit[] {
    const input = this.#typed.get(row.id);
    if (!input) return [];
    return [{ row, input, isTighter: isTighter(row, input), from: words(row.value), to: inputWords(input) }];
  }
}

function words(value: string | null): string {
  return value === null ? 'off' : amount(value);
}

function inputWords(input: LimitInput): string {
  if (input.to === 'set') return amount(input.value);
  return input.to === 'off' ? 'off' : 'inherited';
}

/**
 * Whether the window lists an edit as tighter. Only a label: Gatehouse itself decides what takes
 * effect at once. What cannot be told is listed as looser.
 */
export function isTighter(row: LimitRow, input: LimitInput): boolean {
  if (input.to !== 'set') return false;
  if (row.value === null) return true;
  const order = compare(input.value, row.value);
  return row.higher_is_stricter ? order > 0 : order < 0;
}

function sameNumber(a: string, b: string | null): boolean {
  return b !== null && compare(a, b) === 0;
}

/** Compares two decimal texts without turning them into numbers; neither is below zero. */
export function compare(a: string, b: string): number {
  const [wholeA, fractionA] = parts(a);
  const [wholeB, fractionB] = parts(b);
  if (wholeA.length !== wholeB.length) return wholeA.length - wholeB.length;
  if (wholeA !== wholeB) return wholeA < wholeB ? -1 : 1;
  if (fractionA === fractionB) return 0;
  return fractionA < fractionB ? -1 : 1;
}

function parts(text: string): [string, string] {
  const [whole = '', fraction = ''] = text.replace(/^\+/, '').split('.');
  return [whole.replace(/^0+/, ''), fraction.replace(/0+$/, '')];
}
