/**
 * What a screen reader is told while orders flow: what waits for a person or is critical at once
 * and once, refusals together after a while. Knows no page.
 */
import { sentence } from '../format';
import type { EntryRow } from '../ipc';

/** Refusals within this time are told together. */
export const GROUP_MS = 4000;

/** Kinds of entries that a person must hear of at once; alarms are told as alerts. */
const CRITICAL = new Set(['kill-engaged', 'kill-released', 'gateway-lost', 'fate-unknown']);

export class Announcer {
  assertive = $state('');
  polite = $state('');

  #heard: number | null = null;
  #refused: EntryRow[] = [];
  #since: number | null = null;

  /** Takes the newest entries, newest first; those of before the first call are history. */
  hear(entries: readonly EntryRow[], now: number): void {
    const newest = entries[0]?.seq ?? 0;
    const before = this.#heard;
    this.#heard = Math.max(newest, before ?? 0);
    if (before === null) return;
    const fresh = entries.slice(0, 200).filter((entry) => entry.seq > before).reverse();
    for (const entry of fresh) {
      if (entry.outcome === 'waiting') this.assertive = `Waits for you: ${entry.actor}, ${sentence(entry.summary)}`;
      else if (CRITICAL.has(entry.kind)) this.assertive = sentence(entry.summary);
      else if (entry.outcome === 'refused') this.#refused.push(entry);
    }
    if (this.#refused.length > 0) this.#since ??= now;
  }

  /** Tells the refusals once their time has come. */
  tick(now: number): void {
    const newest = this.#refused.at(-1);
    if (this.#since === null || newest === undefined || now - this.#since < GROUP_MS) return;
    const n = this.#refused.length;
    const said = `${newest.actor}: ${sentence(newest.summary)}`;
    this.polite = n === 1 ? `Refused. ${said}` : `${n} orders refused. The newest, ${said}`;
    this.#refused = [];
    this.#since = null;
  }
}
