/** Where the spans of the connection lie in the picture. Knows no page. */
import type { ConnectionSpan, ConnectionTimeline } from '../ipc';

export type SpanState = 'up' | 'planned' | 'lost' | 'partial' | 'unknown';

/** Words of the legend; a state that this window does not know is drawn as not known. */
export const SPAN_WORDS: Record<SpanState, string> = { up: 'Up', planned: 'Planned', lost: 'Lost', partial: 'Partial', unknown: 'Not known' };

export function spanState(state: string): SpanState {
  return state in SPAN_WORDS ? (state as SpanState) : 'unknown';
}

/** A span of 19 s in a day is a hundredth of a pixel; it is drawn this wide at least. */
const WIDTH_MIN = 3;
/** Mean width of a letter at 11 px. */
const LETTER = 5.7;
const GAP = 8;

export interface Drawn {
  x: number;
  width: number;
  state: SpanState;
  span: ConnectionSpan;
}

export interface Label {
  x: number;
  text: string;
  state: SpanState;
}

export interface Frame {
  from: number;
  to: number;
  left: number;
  width: number;
}

const place = ({ from, to, left, width }: Frame, at: number): number => left + ((at - from) / Math.max(1, to - from)) * width;

export function drawnSpans(frame: Frame, spans: readonly ConnectionSpan[]): Drawn[] {
  const end = frame.left + frame.width;
  return spans.map((span) => {
    const x = Math.max(frame.left, place(frame, span.from));
    const width = Math.max(WIDTH_MIN, Math.min(end, place(frame, span.to)) - x);
    return { x: Math.min(x, end - width), width, state: spanState(span.state), span };
  });
}

/** Returns the notes that fit above their spans without touching; the table has them all. */
export function labels(frame: Frame, drawn: readonly Drawn[]): Label[] {
  const end = frame.left + frame.width;
  const taken: [from: number, to: number][] = [];
  const kept: Label[] = [];
  // What was lost is said before what was planned.
  const rank: Record<SpanState, number> = { lost: 0, partial: 1, planned: 2, up: 3, unknown: 4 };
  for (const { x, width, state, span } of drawn.toSorted((a, b) => rank[a.state] - rank[b.state] || b.x - a.x)) {
    if (span.note === null) continue;
    const half = (span.note.length * LETTER) / 2;
    if (state === 'unknown' && width < 2 * half) continue;
    const middle = Math.max(frame.left + half, Math.min(end - half, x + width / 2));
    if (taken.some(([from, to]) => middle - half < to + GAP && middle + half > from - GAP)) continue;
    taken.push([middle - half, middle + half]);
    kept.push({ x: middle, text: span.note, state });
  }
  return kept;
}

export interface Tick {
  x: number;
  text: string;
  isDay: boolean;
}

const parts = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/New_York', weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', hourCycle: 'h23' });

function newYork(seconds: number): { hour: number; weekday: string; day: string; month: string } {
  const said = Object.fromEntries(parts.formatToParts(new Date(seconds * 1000)).map(({ type, value }) => [type, value]));
  return { hour: Number(said['hour']), weekday: said['weekday'] ?? '', day: said['day'] ?? '', month: said['month'] ?? '' };
}

/** Returns the marks of the axis: even hours of a day, days of a week, every fifth day of a month. */
export function ticks(frame: Frame): Tick[] {
  const hours = (frame.to - frame.from) / 3600;
  const found: Tick[] = [];
  let days = 0;
  for (let at = Math.ceil(frame.from / 3600) * 3600; at < frame.to; at += 3600) {
    const { hour, weekday, day, month } = newYork(at);
    const isDay = hour === 0;
    if (isDay) days += 1;
    const isShown = hours <= 24 ? hour % 2 === 0 : isDay && (hours <= 168 || days % 5 === 1);
    const x = place(frame, at);
    // The end says `now`.
    if (!isShown || x > frame.left + frame.width - 36) continue;
    found.push({ x, isDay: isDay && hours <= 24, text: !isDay ? `${String(hour).padStart(2, '0')}:00` : hours > 168 ? `${day} ${month}` : `${weekday} ${day}` });
  }
  return found;
}

/** Returns the picture in one sentence. */
export function summary(timeline: ConnectionTimeline, long: string): string {
  const up = timeline.up_percent === null ? 'How long it was up is not known yet' : `Up ${timeline.up_percent} %`;
  return `Connection over ${long}. ${up}, ${timeline.n_drops === 1 ? '1 unplanned loss' : `${timeline.n_drops} unplanned losses`}.`;
}
