/** Wall times of New York. Knows the exchange's calendar only through the platform's. */

const parts = new Intl.DateTimeFormat('en-US', { timeZone: 'America/New_York', hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });

/** Returns how far New York is ahead of UTC at an instant, in milliseconds. */
function offset(ms: number): number {
  const read = Object.fromEntries(parts.formatToParts(ms).map((part) => [part.type, Number(part.value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = read;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
}

/** Returns the second since 1970 of a wall time such as `13:42` on the day of an instant, or null. */
export function secondsOf(typed: string, dayOf: string): number | null {
  const match = /^\s*([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?\s*$/.exec(typed);
  const at = Date.parse(dayOf);
  if (!match || Number.isNaN(at)) return null;
  const local = at + offset(at);
  const midnight = Math.floor(local / 86_400_000) * 86_400_000;
  const wall = midnight + (Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3] ?? 0)) * 1000;
  return Math.floor((wall - offset(wall - offset(at))) / 1000);
}
