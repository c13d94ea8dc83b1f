/** What deserves a person's attention, newest first; the same refusal again is counted. */
import type { EntryRow } from '../ipc';
import type { IconName } from '../ui/icons';

export interface Note {
  entry: EntryRow;
  n: number;
  icon: IconName;
  tone: string;
  word: string;
  /** Waits for a person; stays on top until it is answered. */
  isPinned: boolean;
}

const NOTES_MAX = 60;
/** The same refusal again within this time is a repeat; later it is news. */
const REPEAT_MS = 60_000;
const KINDS: Record<string, { icon: IconName; tone: string; word: string }> = {
  'state-changed': { icon: 'warn', tone: 'warn', word: 'State changed' },
  'bot-disconnected': { icon: 'plug', tone: 'refuse', word: 'Disconnected' },
  'door-refused': { icon: 'refused', tone: 'refuse', word: 'Turned away' },
  'gateway-lost': { icon: 'plug', tone: 'warn', word: 'Gateway lost' },
  'alarm-raised': { icon: 'bell', tone: 'warn', word: 'Alarm' },
  'fate-unknown': { icon: 'warn', tone: 'warn', word: 'Fate unknown' },
  'not-judged': { icon: 'refused', tone: 'refuse', word: 'Refused' },
  'refusals-counted': { icon: 'refused', tone: 'refuse', word: 'Refused' },
  'kill-engaged': { icon: 'stop', tone: 'halt', word: 'Killed' },
  'kill-released': { icon: 'info', tone: 'c3', word: 'Released' },
  reconciled: { icon: 'info', tone: 'c3', word: 'Reconciled' },
};

export function notes(newestFirst: readonly EntryRow[]): Note[] {
  const found: Note[] = [];
  for (const entry of newestFirst) {
    const seen = entry.outcome === 'refused' ? KINDS['not-judged'] : entry.outcome === 'waiting' ? { icon: 'clock' as const, tone: 'pend', word: 'Waiting for you' } : KINDS[entry.kind];
    if (!seen) continue;
    const before = found.at(-1);
    if (before && isRepeat(before.entry, entry)) before.n += 1;
    else if (found.length >= NOTES_MAX) break;
    else found.push({ entry, n: 1, isPinned: entry.outcome === 'waiting', ...seen });
  }
  return found;
}

/** What waits for a person comes first; the rest stays newest first. */
export function pinnedFirst(all: readonly Note[]): Note[] {
  return [...all.filter((note) => note.isPinned), ...all.filter((note) => !note.isPinned)];
}

function isRepeat(a: EntryRow, b: EntryRow): boolean {
  const isNear = Math.abs(Date.parse(a.time) - Date.parse(b.time)) < REPEAT_MS;
  return isNear && a.outcome === 'refused' && b.outcome === 'refused' && a.actor === b.actor && a.decision?.findings[0]?.rule === b.decision?.findings[0]?.rule && a.subject === b.subject;
}
