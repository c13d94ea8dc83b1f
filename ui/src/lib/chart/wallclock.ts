/** The wall clock of the market. Knows nothing of the page. */
const ZONE = 'America/New_York';
const parts = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' });

/** Clocks change at most once in so long. */
const STRETCH_S = 28 * 86_400;
const HOUR_S = 3600;

/** The offsets at the ends of each stretch, and when the second one begins to hold. */
const known = new Map<number, { before: number; after: number; since: number }>();

/** Asks the page's own calendar, which takes microseconds. */
function asked(at: number): number {
  const of = Object.fromEntries(parts.formatToParts(at * 1000).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(of['year'] ?? 0, (of['month'] ?? 1) - 1, of['day'] ?? 1, of['hour'] ?? 0, of['minute'] ?? 0, of['second'] ?? 0) / 1000 - at;
}

function stretch(n: number): { before: number; after: number; since: number } {
  const [from, to] = [n * STRETCH_S, (n + 1) * STRETCH_S];
  const [before, after] = [asked(from), asked(to)];
  let [last, since] = [from / HOUR_S, to / HOUR_S];
  // They change on the hour.
  while (before !== after && since - last > 1) {
    const middle = Math.floor((last + since) / 2);
    if (asked(middle * HOUR_S) === before) last = middle;
    else since = middle;
  }
  return { before, after, since: since * HOUR_S };
}

/** Returns what the clock of the market shows at an instant, as seconds since 1970 of that clock. */
export function wallClock(at: number): number {
  const whole = Math.floor(at);
  const n = Math.floor(whole / STRETCH_S);
  let of = known.get(n);
  if (!of) known.set(n, (of = stretch(n)));
  return at + (whole < of.since ? of.before : of.after);
}
