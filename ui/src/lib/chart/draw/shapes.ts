/** What a drawing looks like in pixels: lines, boxes and words. Painted, hit and exported from here. */
import { amount, signed } from '../../format';
import type { Anchor, Drawing } from './model';

export interface Point {
  x: number;
  y: number;
}

export type Shape =
  | { is: 'line'; from: Point; to: Point; isDashed: boolean }
  | { is: 'box'; x: number; y: number; width: number; height: number; isEdged: boolean }
  | { is: 'words'; x: number; y: number; text: string; align: 'left' | 'right' | 'center'; hasPlate: boolean };

/** The picture that a drawing lies over. */
export interface Projection {
  x: (time: number) => number | null;
  y: (price: number) => number | null;
  width: number;
  height: number;
  /** Bars from one instant to another, signed. */
  bars: (from: number, to: number) => number | null;
  /** Seconds from one instant to another, signed; between days as many as their dates are apart. */
  apart: (from: number, to: number) => number;
  price: (value: number) => string;
}

/** The levels that are usual, of the way from the second anchor back to the first. */
export const LEVELS = [0, 0.236, 0.382, 0.5, 0.618, 0.786, 1] as const;

export const FONT_SIZE = 11;
/** Words closer to each other than this cannot be read. */
const ROW = 11;
/** A guess of the width of one character at that size, where nothing can be measured. */
const CHARACTER = 6.2;

export function shapesOf(drawing: Drawing, of: Projection): Shape[] {
  const points = drawing.anchors.map((anchor) => pointOf(anchor, of));
  const [from, to] = points;
  if (!from) return drawing.kind === 'horizontal' ? horizontal(drawing, of) : [];
  if (drawing.kind === 'horizontal') return horizontal(drawing, of);
  if (drawing.kind === 'text') return [words(from.x, from.y, drawing.text === '' ? 'Text' : drawing.text, 'left', true)];
  if (!to) return [];
  switch (drawing.kind) {
    case 'line':
      return [line(from, to)];
    case 'ray':
      return [line(from, beyond(from, to, of))];
    case 'rectangle':
      return [box(from, to, true)];
    case 'fibonacci':
      return fibonacci(drawing, from, to, of);
    case 'measure':
      return measure(drawing, from, to, of);
  }
}

/** Returns where an anchor is, or null where the picture has no place for it. */
export function pointOf(anchor: Anchor, of: Projection): Point | null {
  const x = of.x(anchor.time);
  const y = of.y(anchor.price);
  return x === null || y === null ? null : { x, y };
}

function horizontal(drawing: Drawing, of: Projection): Shape[] {
  const price = drawing.anchors[0]?.price;
  const y = price === undefined ? null : of.y(price);
  if (price === undefined || y === null) return [];
  return [line({ x: 0, y }, { x: of.width, y }), words(of.width - 6, y - 9, of.price(price), 'right', true)];
}

function fibonacci(drawing: Drawing, from: Point, to: Point, of: Projection): Shape[] {
  const [start, end] = drawing.anchors;
  if (!start || !end) return [];
  const left = Math.min(from.x, to.x);
  const right = Math.max(from.x, to.x);
  const places = LEVELS.map((level) => ({ level, price: end.price + (start.price - end.price) * level })).flatMap(({ level, price }) => {
    const y = of.y(price);
    return y === null ? [] : [{ level, price, y }];
  });
  const ends = places.filter(({ level }) => level === 0 || level === 1);
  // From far away the words of the levels would lie over each other: the ends are said first.
  const said = places.reduce((taken, place) => (taken.some(({ y }) => Math.abs(y - place.y) < ROW) ? taken : [...taken, place]), ends);
  const levels = places.flatMap((place): Shape[] => {
    const { level, price, y } = place;
    const own = line({ x: left, y }, { x: right, y });
    return said.includes(place) ? [own, words(left - 4, y, `${level} (${of.price(price)})`, 'right', true)] : [own];
  });
  return [{ ...line(from, to), isDashed: true }, ...levels];
}

function measure(drawing: Drawing, from: Point, to: Point, of: Projection): Shape[] {
  const middle = (from.x + to.x) / 2;
  const isUp = to.y <= from.y;
  const [first, second] = measured(drawing, of);
  const y = isUp ? Math.min(from.y, to.y) - 26 : Math.max(from.y, to.y) + 14;
  return [
    box(from, to, true),
    { ...line({ x: middle, y: from.y }, { x: middle, y: to.y }), isDashed: true },
    words(middle, y, first, 'center', true),
    words(middle, y + 14, second, 'center', true),
  ];
}

/** Returns the difference in price and percent, and the distance in bars and time. */
export function measured(drawing: Drawing, of: Pick<Projection, 'bars' | 'apart' | 'price'>): [string, string] {
  const [from, to] = drawing.anchors;
  if (!from || !to) return ['', ''];
  const change = to.price - from.price;
  const share = from.price === 0 ? null : (change / Math.abs(from.price)) * 100;
  const n = of.bars(from.time, to.time);
  const bars = n === null ? '' : `${amount(String(Math.round(n)))} ${Math.abs(Math.round(n)) === 1 ? 'bar' : 'bars'}, `;
  const price = signed(of.price(change));
  return [share === null ? price : `${price} (${signed(share.toFixed(2))} %)`, `${bars}${span(of.apart(from.time, to.time))}`];
}

/** Returns `2 d 3 h`, `1 h 5 min`, `45 s`, with a minus backwards. */
export function span(seconds: number): string {
  const sign = seconds < 0 ? '−' : '';
  const s = Math.abs(Math.round(seconds));
  const pick = (big: number, one: string, rest: number, other: string): string => (rest === 0 ? `${sign}${big} ${one}` : `${sign}${big} ${one} ${rest} ${other}`);
  if (s < 60) return `${sign}${s} s`;
  if (s < 3600) return pick(Math.floor(s / 60), 'min', s % 60, 's');
  if (s < 86_400) return pick(Math.floor(s / 3600), 'h', Math.floor((s % 3600) / 60), 'min');
  return pick(Math.floor(s / 86_400), 'd', Math.floor((s % 86_400) / 3600), 'h');
}

function beyond(from: Point, to: Point, of: Projection): Point {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const reach = of.width + of.height + Math.abs(from.x) + Math.abs(from.y);
  const length = Math.hypot(dx, dy);
  return length === 0 ? to : { x: from.x + (dx / length) * reach, y: from.y + (dy / length) * reach };
}

function line(from: Point, to: Point): Extract<Shape, { is: 'line' }> {
  return { is: 'line', from, to, isDashed: false };
}

function box(from: Point, to: Point, isEdged: boolean): Shape {
  return { is: 'box', x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), width: Math.abs(to.x - from.x), height: Math.abs(to.y - from.y), isEdged };
}

function words(x: number, y: number, text: string, align: 'left' | 'right' | 'center', hasPlate: boolean): Shape {
  return { is: 'words', x, y, text, align, hasPlate };
}

/** Returns whether a point is within reach of a shape; of a box, of its edges. */
export function isNear(shape: Shape, at: Point, reach: number): boolean {
  if (shape.is === 'line') return distance(at, shape.from, shape.to) <= reach;
  if (shape.is === 'words') {
    const width = shape.text.length * CHARACTER;
    const left = shape.align === 'left' ? shape.x : shape.align === 'right' ? shape.x - width : shape.x - width / 2;
    return at.x >= left - 4 && at.x <= left + width + 4 && Math.abs(at.y - shape.y) <= 10;
  }
  const { x, y, width, height } = shape;
  const corners: Point[] = [{ x, y }, { x: x + width, y }, { x: x + width, y: y + height }, { x, y: y + height }];
  return corners.some((corner, i) => distance(at, corner, corners[(i + 1) % 4] ?? corner) <= reach);
}

function distance(at: Point, from: Point, to: Point): number {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.max(0, Math.min(1, ((at.x - from.x) * dx + (at.y - from.y) * dy) / length));
  return Math.hypot(at.x - from.x - t * dx, at.y - from.y - t * dy);
}
