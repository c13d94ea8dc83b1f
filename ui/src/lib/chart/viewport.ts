/**
 * Which bars are in sight, and which columns that takes. Pure: knows no page, no library and no
 * backend. Bars are numbered from 0 at the oldest one of the series; the bar `i` lies between the
 * places `i` and `i + 1`.
 */

/** A stretch of the series, in places. */
export interface Range {
  from: number;
  to: number;
}

/** What a window of columns holds. */
export interface Held {
  first: number;
  barsPerColumn: number;
  nColumns: number;
  nBars: number;
}

/** A window of columns to ask for. */
export interface Wish {
  first: number;
  barsPerColumn: number;
  nColumns: number;
}

/** A column narrower than this has no body to see, only ink: the next level is taken. */
export const PX_MIN = 2;
/** A column wider than this has room for the level below. */
export const PX_MAX = 5;
/** As many screens of columns are held as make panning easy, with what is in sight in the middle. */
const SCREENS = 3;
/** As many as the backend gives at once, and more than a picture needs. */
export const COLUMNS_MAX = 4000;
/** Room right of the newest bar, as a share of the picture: the next order is drawn there. */
const ROOM_RIGHT = 0.056;
/** The usual width of a bar in a first picture. */
const PX_USUAL = 5.6;
/** Nobody looks at fewer bars than this. */
const SPAN_MIN = 10;
/** Fewer columns are no picture. */
const COLUMNS_MIN = 4;
/** A share of the picture that may be empty before the first bar, and after the last. */
const ROOM = 0.1;
const LEVEL_MAX = 2 ** 24;

const span = ({ from, to }: Range): number => to - from;
const end = (held: Held): number => Math.min(held.nBars, held.first + held.nColumns * held.barsPerColumn);

/** The newest bars, as many as a picture of this width has at first. */
export function newest(nBars: number, width: number): Range {
  return atEnd(Math.max(SPAN_MIN, Math.round(width / PX_USUAL)), nBars);
}

/** The newest bars, with room for so many. */
export function atEnd(wide: number, nBars: number): Range {
  const to = nBars + Math.max(1, Math.round(wide * ROOM_RIGHT));
  return { from: to - wide, to };
}

/** The first bars, with as many in sight as before. */
export function oldest(range: Range): Range {
  const room = span(range) * ROOM;
  return { from: -room, to: span(range) - room };
}

/** Whether the newest bar is in sight, so that the picture follows what comes. */
export function isAtEnd(range: Range, nBars: number): boolean {
  return range.to >= nBars;
}

/** Whether what is held reaches to the newest bar. */
export function holdsNewest(held: Held): boolean {
  return end(held) === held.nBars;
}

/** Keeps a stretch near the series: some of it is always in sight. */
export function clamped(range: Range, nBars: number): Range {
  const most = Math.max(SPAN_MIN * 4, nBars * (1 + 2 * ROOM));
  const wide = Math.min(most, Math.max(SPAN_MIN, span(range)));
  const spare = (span(range) - wide) / 2;
  const least = -wide * ROOM;
  const last = nBars + wide * ROOM - wide;
  const from = Math.max(Math.min(range.from + spare, Math.max(least, last)), Math.min(least, last));
  return { from, to: from + wide };
}

export function panned(range: Range, bars: number, nBars: number): Range {
  return clamped({ from: range.from + bars, to: range.to + bars }, nBars);
}

/** Shows `factor` times as many bars; what is at `share` of the width stays where it is. */
export function zoomed(range: Range, share: number, factor: number, nBars: number): Range {
  const wide = Math.min(Math.max(SPAN_MIN, nBars * (1 + 2 * ROOM)), Math.max(SPAN_MIN, span(range) * factor));
  const fixed = range.from + span(range) * share;
  return clamped({ from: fixed - wide * share, to: fixed + wide * (1 - share) }, nBars);
}

/** Returns the bars of a column, a power of two; stays at `current` as long as that can be seen. */
export function levelFor(pxPerBar: number, current: number): number {
  let level = current;
  while (pxPerBar * level < PX_MIN && level < LEVEL_MAX) level *= 2;
  while (level > 1 && pxPerBar * level > PX_MAX) level /= 2;
  return level;
}

/** Returns the columns to hold for a picture of this stretch. */
export function wishFor(range: Range, level: number, nBars: number): Wish {
  const inSight = Math.ceil(span(range) / level) + 1;
  const nColumns = Math.min(COLUMNS_MAX, SCREENS * inSight);
  const middle = (range.from + range.to) / 2;
  const last = Math.floor((nBars - 1) / level) + 1 - nColumns;
  const first = Math.max(0, Math.min(Math.floor(middle / level - nColumns / 2), last));
  return { first: first * level, barsPerColumn: level, nColumns };
}

/** Returns what to ask for, or null while what is held suffices. */
export function wanted(range: Range, width: number, held: Held): Wish | null {
  const level = levelFor(width / span(range), held.barsPerColumn);
  const wish = wishFor(range, level, held.nBars);
  if (level !== held.barsPerColumn) return wish;
  const reserve = Math.min(span(range), ((wish.nColumns * level - span(range)) / 2) * 0.5);
  const isShortLeft = held.first > 0 && range.from - held.first < reserve;
  const isShortRight = end(held) < held.nBars && end(held) - range.to < reserve;
  const isSame = wish.first === held.first && wish.nColumns <= held.nColumns;
  return (isShortLeft || isShortRight) && !isSame ? wish : null;
}

/**
 * Returns the part of a wished stretch that can be drawn: the picture waits for the columns of
 * another place or level rather than be blank, or show fewer columns than make a picture. Beyond
 * the first and the last bar there is room, but not more for what is held than for what is wished.
 */
export function drawable(range: Range, held: Held): Range {
  const room = ROOM * Math.min(span(range), end(held) - held.first);
  const [isFirst, isLast] = [held.first === 0, holdsNewest(held)];
  const least = isFirst && isLast ? -Infinity : held.first - (isFirst ? room : 0);
  const most = isFirst && isLast ? Infinity : end(held) + (isLast ? room : 0);
  const narrow = Math.min(COLUMNS_MIN, held.nColumns) * held.barsPerColumn;
  if (range.from >= least && range.to <= most && span(range) >= narrow) return range;
  const wide = Math.min(Math.max(span(range), narrow), most - least);
  const middle = (range.from + range.to) / 2;
  const from = Math.min(Math.max(middle - wide / 2, least), most - wide);
  return { from, to: from + wide };
}

/**
 * Whether what can be drawn is about what is wished for. A jump waits with the picture that is there:
 * one of another place in between would only take the time of a frame.
 */
export function isNear(range: Range, drawn: Range): boolean {
  const both = Math.min(range.to, drawn.to) - Math.max(range.from, drawn.from);
  return both >= span(range) / 2 && span(drawn) <= 2 * span(range);
}

/** Returns the first and the last column in sight, as the chart library counts them: both whole. */
export function toLogical(range: Range, held: Held): Range {
  const at = (place: number): number => (place - held.first) / held.barsPerColumn;
  return { from: at(range.from), to: at(range.to) - 1 };
}

/** Returns the number of the last column of which a bar is wholly in sight, of those that are held; −1 without any. */
export function lastInSight(range: Range, held: Held): number {
  const { to } = drawable(range, held);
  const at = Math.floor((Math.min(to, end(held)) - 1 - held.first) / held.barsPerColumn);
  return Math.min(held.nColumns - 1, Math.max(0, at));
}

/**
 * Returns by how much the numbers of bars grew between two windows, because older bars came in
 * front; null when the windows have no instant in common.
 */
export function shiftBetween(before: Held & { time: Float64Array }, after: Held & { time: Float64Array }): number | null {
  let i = 0;
  let j = 0;
  let near: number | null = null;
  while (i < before.time.length && j < after.time.length) {
    const [one, other] = [before.time[i] ?? 0, after.time[j] ?? 0];
    const shift = after.first + j * after.barsPerColumn - (before.first + i * before.barsPerColumn);
    if (one === other) return shift;
    // Columns that begin at no common instant still lie within each other.
    if (near === null && i > 0 && j > 0) near = shift;
    if (one < other) i++;
    else j++;
  }
  return near;
}
