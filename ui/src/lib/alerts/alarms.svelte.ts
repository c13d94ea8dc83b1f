/** The alarms that are not over, and what is said aloud of them. */
import { askFor, type AlarmRow, type Alert, type AlertSeverity, type Backend, type EntryRow } from '../ipc';
import { Loaded } from '../loaded.svelte';
import { Tones } from './tones';

const KINDS = new Set(['alarm-raised', 'alarm-ended', 'alarm-acknowledged', 'started']);

/** The loudest first. */
export const SEVERITIES: readonly AlertSeverity[] = ['critical', 'warning', 'info'];

export const SEVERITY_WORDS: Record<AlertSeverity, string> = { critical: 'Critical', warning: 'Warning', info: 'Info' };

export class Alarms {
  readonly loaded = new Loaded<AlarmRow[]>();
  /** What a screen reader says at once. */
  assertive = $state('');
  /** What it says when it is done with the rest. */
  polite = $state('');
  /** Counts what was said: the same words again are said again. */
  nTold = $state(0);

  readonly rows = $derived(this.loaded.value ?? []);
  readonly worst = $derived(SEVERITIES.find((severity) => this.rows.some((row) => row.severity === severity)) ?? null);

  #heard: number | null = null;

  constructor(
    private readonly backend: Backend,
    readonly tones: Tones = new Tones(),
  ) {}

  async load(): Promise<void> {
    await this.loaded.load(async () => (await askFor(this.backend, { do: 'alarms' }, 'alarms')).rows);
  }

  /** Reads the alarms again when the ledger has something new of them; newest first. */
  follow(entries: readonly EntryRow[]): void {
    const before = this.#heard;
    const newest = entries[0]?.seq ?? 0;
    if (before === newest) return;
    this.#heard = newest;
    const fresh = entries.filter((entry) => entry.seq > (before ?? 0));
    if (before === null || fresh.some((entry) => KINDS.has(entry.kind))) void this.load();
  }

  /** Says what is told now, and sounds when it should. */
  hear(alert: Alert): void {
    const isUrgent = alert.severity === 'critical' && alert.state !== 'ended' && alert.state !== 'test';
    this.nTold += 1;
    this.assertive = isUrgent ? `Critical alarm. ${alert.text}` : '';
    this.polite = isUrgent ? '' : alert.text;
    if (alert.has_sound) this.tones.play();
  }
}
