/** Days of the market as instants, and back. */
const ZONE = 'America/New_York';
/** No locale writes the same day in every engine: the parts are put together here. */
const parts = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit' });
const wall = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

export interface Span {
  /** Seconds since 1970. */
  from: number;
  /** Excluded. */
  to: number;
}

/** Returns `2026-11-18` for an instant in seconds. */
export function dayOf(at: number): string {
  const of = Object.fromEntries(parts.formatToParts(at * 1000).map(({ type, value }) => [type, value]));
  return `${of['year']}-${of['month']}-${of['day']}`;
}

/** Returns the day from midnight to midnight in New York: 23 to 25 hours. Null when it is no day. */
export function spanOf(day: string): Span | null {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00Z`) / 1000 : Number.NaN;
  if (Number.isNaN(at)) return null;
  const from = midnight(day, at);
  return { from, to: midnight(new Date((at + 86_400) * 1000).toISOString().slice(0, 10), at + 86_400) };
}

/** Hours from the close to midnight, of the regular session and of extended hours. */
const CLOSES = { regular: 8, extended: 4 };

/**
 * Returns when a day such as `2026-11-18` is over, in seconds since 1970: 16:00 in New York, with
 * extended hours 20:00. An assumption: half days and markets round the clock end at other times.
 */
export function closeOf(day: string, isRegular: boolean): number {
  // From its end: the clocks change in the morning.
  return (spanOf(day)?.to ?? Infinity) - (isRegular ? CLOSES.regular : CLOSES.extended) * 3600;
}

/** New York is four or five hours behind: the one at which the day begins. */
function midnight(day: string, utc: number): number {
  return [4, 5].map((hours) => utc + hours * 3600).find((at) => wall.format(at * 1000) === '00:00' && dayOf(at) === day) ?? utc + 5 * 3600;
}

/** Returns the weekday before an instant. */
export function weekdayBefore(at: number): string {
  let day = at - 86_400;
  while ([0, 6].includes(new Date(`${dayOf(day)}T12:00:00Z`).getUTCDay())) day -= 86_400;
  return dayOf(day);
}
