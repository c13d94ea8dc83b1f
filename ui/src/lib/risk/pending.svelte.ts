/** Edits of limits that are not applied yet, of every scope. Nothing takes effect until they are applied. */
import { SvelteMap } from 'svelte/reactivity';

import { amount, typedDecimal } from '../format';
import type { EditEffect, LimitEdit, LimitForm, LimitInput, LimitRow } from '../ipc';

type Titled = Pick<LimitRow, 'id' | 'title' | 'unit' | 'form' | 'value' | 'higher_is_stricter'>;

export interface PendingLimit {
  key: string;
  scope: string;
  id: string;
  title: string;
  unit: string;
  input: LimitInput;
  isTighter: boolean;
  /** Old and new value as words. */
  from: string;
  to: string;
  /** Why Gatehouse would not apply it. */
  trouble: string | null;
}

interface Edit {
  scope: string;
  row: Titled;
  input: LimitInput;
}

const keyOf = (scope: string, id: string): string => `${scope} ${id}`;

export class PendingLimits {
  readonly #edits = new SvelteMap<string, Edit>();
  readonly #invalid = new SvelteMap<string, string>();
  #effects = $state.raw<readonly EditEffect[]>([]);

  readonly all = $derived.by(() => [...this.#edits].map(([key, edit]) => this.#pending(key, edit)));
  readonly edits = $derived.by((): LimitEdit[] => [...this.#edits.values()].map(({ scope, row, input }) => ({ scope, limit: row.id, value: input })));
  readonly tighter = $derived(this.all.filter((p) => p.isTighter));
  readonly looser = $derived(this.all.filter((p) => !p.isTighter));
  readonly hasInvalid = $derived.by(() => this.#invalid.size > 0 || this.all.some((p) => p.trouble !== null));

  type(scope: string, row: Titled, typed: string): void {
    const key = keyOf(scope, row.id);
    const value = typedDecimal(typed);
    if (value === null || value.startsWith('-')) {
      this.#edits.delete(key);
      this.#invalid.set(key, 'Enter a number of 0 or more.');
      return;
    }
    this.#invalid.delete(key);
    if (row.value !== null && compare(value, row.value) === 0) this.#edits.delete(key);
    else this.#edits.set(key, { scope, row, input: { to: 'set', value } });
  }

  /** A list of names; none takes the list away. */
  list(scope: string, row: Titled, names: readonly string[]): void {
    this.choose(scope, row, names.length === 0 ? { to: 'off' } : { to: 'set', value: names.join(', ') });
  }

  choose(scope: string, row: Titled & Partial<Pick<LimitRow, 'own' | 'is_off_here'>>, input: LimitInput): void {
    const key = keyOf(scope, row.id);
    this.#invalid.delete(key);
    const isInherited = row.own === null && !row.is_off_here;
    const isAsItIs = input.to === 'off' ? row.value === null : input.to === 'set' ? row.value !== null && namesOf(row.value).join() === namesOf(input.value).join() : isInherited;
    if (isAsItIs) this.#edits.delete(key);
    else this.#edits.set(key, { scope, row, input });
  }

  of(scope: string, id: string): LimitInput | null {
    return this.#edits.get(keyOf(scope, id))?.input ?? null;
  }

  invalid(scope: string, id: string): string | null {
    const key = keyOf(scope, id);
    return this.#invalid.get(key) ?? this.#effect(key)?.trouble ?? null;
  }

  /** What Gatehouse says of the edits: it alone decides what is tighter. */
  hear(effects: readonly EditEffect[]): void {
    this.#effects = effects;
  }

  /** Takes over edits from elsewhere: an old value, a profile. */
  propose(edits: readonly { effect: EditEffect; value: LimitInput }[]): void {
    for (const { effect, value } of edits) {
      const row: Titled = { id: effect.limit, title: effect.title, unit: effect.unit, form: 'number', value: effect.old === 'off' ? null : effect.old, higher_is_stricter: false };
      this.#invalid.delete(keyOf(effect.scope, effect.limit));
      this.#edits.set(keyOf(effect.scope, effect.limit), { scope: effect.scope, row, input: value });
    }
    this.#effects = [...this.#effects, ...edits.map(({ effect }) => effect)];
  }

  discard(scope?: string, id?: string): void {
    if (scope === undefined || id === undefined) {
      this.#edits.clear();
      this.#invalid.clear();
      this.#effects = [];
    } else {
      this.#edits.delete(keyOf(scope, id));
      this.#invalid.delete(keyOf(scope, id));
    }
  }

  #effect(key: string): EditEffect | undefined {
    return this.#effects.findLast((effect) => keyOf(effect.scope, effect.limit) === key);
  }

  #pending(key: string, { scope, row, input }: Edit): PendingLimit {
    const heard = this.#effect(key);
    const isTold = heard !== undefined && (input.to !== 'set' || namesOf(heard.new).join() === namesOf(input.value).join());
    return {
      key, scope, id: row.id, title: row.title, unit: row.form === 'number' ? row.unit : '', input,
      isTighter: isTold ? heard.is_tighter : isTighter(row, input),
      from: words(row.value), to: inputWords(input), trouble: heard?.trouble ?? null,
    };
  }
}

function words(value: string | null): string {
  return value === null ? 'off' : amount(value);
}

function inputWords(input: LimitInput): string {
  if (input.to === 'set') return amount(input.value);
  return input.to === 'off' ? 'off' : 'inherited';
}

/** Returns the names of a list as they are compared: in capitals, each once, in order. */
export function namesOf(list: string | null): string[] {
  const names = (list ?? '').split(',').map((name) => name.trim().toUpperCase());
  return [...new Set(names.filter((name) => name !== ''))].sort();
}

/**
 * Whether the window lists an edit as tighter before Gatehouse has answered. Only a label. What
 * cannot be told is listed as looser.
 */
export function isTighter(row: Titled, input: LimitInput): boolean {
  if (input.to !== 'set') return false;
  if (row.value === null) return true;
  if (row.form !== 'number') return isTighterList(row.form, namesOf(row.value), namesOf(input.value));
  const order = compare(input.value, row.value);
  return row.higher_is_stricter ? order > 0 : order < 0;
}

function isTighterList(form: LimitForm, before: readonly string[], after: readonly string[]): boolean {
  if (form === 'refuse-list') return before.every((name) => after.includes(name));
  return form === 'allow-list' && after.every((name) => before.includes(name));
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
