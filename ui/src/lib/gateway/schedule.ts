/** Choices of the schedule. Knows no page. */

/** Every half hour, and what is set already. */
export function restartTimes(set: string | null): string[] {
  const all = Array.from({ length: 48 }, (_, i) => `${String(Math.floor(i / 2)).padStart(2, '0')}:${i % 2 ? '30' : '00'}`);
  const usual = [...all, '23:45'];
  return [...new Set(set === null ? usual : [...usual, set])].sort();
}

const REMINDERS: number[][] = [[], [1], [12, 1], [24, 12, 1], [48, 24, 12, 1]];

export interface Reminder {
  key: string;
  word: string;
}

function word(hours: readonly number[]): string {
  if (hours.length === 0) return 'Do not remind me';
  const said = hours.map((h) => `${h} h`);
  return said.length === 1 ? (said[0] ?? '') : `${said.slice(0, -1).join(', ')} and ${said.at(-1) ?? ''}`;
}

export function reminders(set: readonly number[]): Reminder[] {
  const key = set.join(' ');
  const known = REMINDERS.some((hours) => hours.join(' ') === key);
  return (known ? REMINDERS : [...REMINDERS, [...set]]).map((hours) => ({ key: hours.join(' '), word: word(hours) }));
}

export function hoursOf(key: string): number[] {
  return key === '' ? [] : key.split(' ').map(Number);
}

/** Returns minutes when they can be used: whole, at most an hour. */
export function quietOf(typed: string): number | null {
  return /^\d{1,2}$/.test(typed.trim()) && Number(typed) <= 60 ? Number(typed) : null;
}
