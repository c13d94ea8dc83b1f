/**
 * How instants of a chart are written. A bar of a day bears the midnight in UTC of its date, so its
 * date is UTC's; all other instants are New York's. Knows nothing of the page.
 */
import { wallClock } from './wallclock';

const MARKET = 'America/New_York';

interface Formats {
  date: Intl.DateTimeFormat;
  fullDate: Intl.DateTimeFormat;
  month: Intl.DateTimeFormat;
  year: Intl.DateTimeFormat;
  time: Intl.DateTimeFormat;
  iso: Intl.DateTimeFormat;
}

function formats(timeZone: string): Formats {
  const words = (options: Intl.DateTimeFormatOptions, locale = 'en-GB'): Intl.DateTimeFormat => new Intl.DateTimeFormat(locale, { timeZone, ...options });
  return {
    date: words({ day: 'numeric', month: 'short' }),
    fullDate: words({ day: 'numeric', month: 'short', year: 'numeric' }),
    month: words({ month: 'short' }),
    year: words({ year: 'numeric' }),
    time: words({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    iso: words({ year: 'numeric', month: '2-digit', day: '2-digit' }, 'en-CA'),
  };
}

const ofDays = formats('UTC');
const ofInstants = formats(MARKET);
const of = (bar: string): Formats => (isOfDays(bar) ? ofDays : ofInstants);

/** Whether a bar stands for a date in place of an instant. */
export function isOfDays(bar: string): boolean {
  return bar === '1d';
}

/** Returns `18 Nov`. Instants are seconds since 1970. */
export function dateAt(at: number, bar: string): string {
  return of(bar).date.format(at * 1000);
}

/** Returns `18 Nov 2026`. */
export function fullDateAt(at: number, bar: string): string {
  return of(bar).fullDate.format(at * 1000);
}

/** Returns `Nov`. */
export function monthAt(at: number, bar: string): string {
  return of(bar).month.format(at * 1000);
}

/** Returns `2026`. */
export function yearAt(at: number, bar: string): string {
  return of(bar).year.format(at * 1000);
}

/** Returns `14:25`. */
export function clockAt(at: number, bar: string): string {
  return of(bar).time.format(at * 1000);
}

/** Returns `2026-11-18`. */
export function dayAt(at: number, bar: string): string {
  return of(bar).iso.format(at * 1000);
}

/** Returns `18 Nov 2026, 14:25`, and of days `18 Nov 2026`. */
export function writtenAt(at: number, bar: string): string {
  return isOfDays(bar) ? fullDateAt(at, bar) : `${fullDateAt(at, bar)}, ${clockAt(at, bar)}`;
}

const DAY_S = 86_400;
const OPEN_S = 9.5 * 3600;
/** Then it is morning in New York, behind any change of clocks of the date. */
const MORNING_S = 15 * 3600;

/** Returns what the bars of a series bear at an instant of the market: for days the midnight in UTC of its date. */
export function stampOf(at: number, bar: string): number {
  return isOfDays(bar) ? Math.floor(wallClock(at) / DAY_S) * DAY_S : at;
}

/** The reverse: a date stands for the opening of its regular session, so that charts of shorter bars show it on the same day. */
export function instantOf(stamp: number, bar: string): number {
  if (!isOfDays(bar)) return stamp;
  const midnight = Math.round(stamp / DAY_S) * DAY_S;
  const morning = midnight + MORNING_S;
  return midnight + OPEN_S - (wallClock(morning) - morning);
}
