/**
 * The chart book: layouts, drawings and the watchlist in one JSON document that the window owns and
 * versions. What cannot be read says where and why, and is kept aside. Knows nothing of the page.
 */
import { isColour, isKind, DRAWINGS_MAX, TEXT_MAX, WORDS, type Anchor, type Drawing } from '../draw/model';

export const VERSION = 1;

/** Charts that share a colour share their symbol. */
export const GROUPS = ['iris', 'teal', 'sand', 'pink'] as const;
export type Group = (typeof GROUPS)[number];

/** One chart of a layout. What it looks like is the chart's own; what this version does not understand of a look stays in it. */
export interface Panel {
  id: string;
  /** Its own symbol, which charts of its group share; null follows the watchlist. */
  symbol: string | null;
  group: Group | null;
  look: Look;
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Look = Record<string, Json>;

export interface Layout {
  id: string;
  name: string;
  /** One to four. */
  panels: Panel[];
  /** How they lie beside each other, in the docking library's own words; null for the usual way. */
  grid: Json;
}

/** A document, or the part of one, that could not be read; kept as it was. */
export interface Aside {
  at: string;
  why: string;
  text: string;
}

export interface Book {
  version: typeof VERSION;
  layouts: Layout[];
  /** The id of the layout that is shown. */
  active: string;
  drawings: Record<string, Drawing[]>;
  /** Symbols that the person added. */
  watchlist: string[];
  /** What charts that follow the watchlist showed last; null before anything was chosen. */
  symbol: string | null;
  aside: Aside[];
}

export const PANELS_MAX = 4;
export const LAYOUTS_MAX = 24;
export const WATCHED_MAX = 100;
/** Documents that are kept aside at most; the oldest goes. */
export const ASIDE_MAX = 3;
export const NAME_MAX = 40;
const SYMBOL_MAX = 32;

/** Why a document cannot be read: where in it, and what is wrong there. */
export class BookTrouble extends Error {
  constructor(
    readonly where: string,
    readonly what: string,
  ) {
    super(where === '' ? what : `${where}: ${what}`);
    this.name = 'BookTrouble';
  }
}

export function blankPanel(id: string): Panel {
  return { id, symbol: null, group: null, look: {} };
}

export function blankBook(): Book {
  return { version: VERSION, layouts: [{ id: 'l1', name: 'One chart', panels: [blankPanel('p1')], grid: null }], active: 'l1', drawings: {}, watchlist: [], symbol: null, aside: [] };
}

/** What of a document can be used. */
export type Parts = Pick<Book, 'layouts' | 'drawings' | 'watchlist'>;

/** What of a document could not be read. */
export interface Left {
  /** The first place that is wrong. */
  why: string;
  /** A document of that alone. */
  text: string;
}

/**
 * Returns the book in a document, and what of it could not be read: one layout or drawing that is
 * wrong leaves the others as they are. Throws a `BookTrouble` when it is no book of this version.
 */
export function parseBook(text: string): { book: Book; left: Left | null } {
  const { value, parts, left } = readParts(text);
  const own = parts.layouts.length > 0 ? parts.layouts : blankBook().layouts;
  const active = own.find(({ id }) => id === value['active'])?.id ?? own[0]?.id ?? '';
  const asides = left.all(value['aside'], 'aside', ASIDE_MAX, aside, () => undefined);
  const book: Book = { ...value, version: VERSION, ...parts, layouts: own, active, symbol: isWord(value['symbol'], SYMBOL_MAX) ? value['symbol'] : null, aside: asides };
  return { book, left: left.told() };
}

/** Returns what of a document can be used, and what cannot. Throws as `parseBook` does. */
export function parseParts(text: string): { parts: Parts; left: Left | null } {
  const { parts, left } = readParts(text);
  return { parts, left: left.told() };
}

function readParts(text: string): { value: Record<string, unknown>; parts: Parts; left: Leftover } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new BookTrouble('', 'it is not JSON');
  }
  const value = record(parsed, '');
  if (value['version'] !== VERSION) throw new BookTrouble('version', `${JSON.stringify(value['version'] ?? null)} is not known, ${VERSION} is`);
  const left = new Leftover();
  const layouts = left.all(value['layouts'], 'layouts', LAYOUTS_MAX, layout, (one) => left.layouts.push(one));
  const watchlist = left.all(value['watchlist'], 'watchlist', WATCHED_MAX, symbol, (one) => left.watchlist.push(one));
  return { value, left, parts: { layouts, drawings: drawings(value['drawings'] ?? {}, left), watchlist } };
}

export function bookText(book: Book): string {
  return JSON.stringify(book);
}

/** Returns a book that also holds what could not be read, as it was. Of several such, the oldest goes. */
export function withAside(book: Book, one: Aside): Book {
  return { ...book, aside: [...book.aside, one].slice(-ASIDE_MAX) };
}

/** Collects what cannot be read, so that nothing else has to go with it. */
class Leftover {
  readonly layouts: unknown[] = [];
  readonly watchlist: unknown[] = [];
  readonly drawings: Record<string, unknown[]> = {};
  #why: string | null = null;

  /** Returns what can be read of a list, each id once; the others are put where `keep` says. */
  all<T>(value: unknown, where: string, most: number, read: (one: unknown, where: string) => T, keep: (one: unknown) => void): T[] {
    const found: T[] = [];
    const ids = new Set<unknown>();
    for (const [i, one] of list(value ?? [], where).entries()) {
      try {
        const made = read(one, `${where}[${i}]`);
        const id = typeof made === 'object' && made !== null && 'id' in made ? made.id : one;
        if (ids.has(id)) throw new BookTrouble(where, `${JSON.stringify(id)} is there twice`);
        if (found.length >= most) throw new BookTrouble(where, `it has more than ${most}`);
        ids.add(id);
        found.push(made);
      } catch (thrown) {
        this.note(thrown);
        keep(one);
      }
    }
    return found;
  }

  note(thrown: unknown): void {
    if (!(thrown instanceof BookTrouble)) throw thrown;
    this.#why ??= thrown.message;
  }

  told(): Left | null {
    const { layouts, drawings, watchlist } = this;
    return this.#why === null ? null : { why: this.#why, text: JSON.stringify({ version: VERSION, layouts, drawings, watchlist }) };
  }
}

function layout(value: unknown, where: string): Layout {
  const it = record(value, where);
  const panels = list(it['panels'], `${where}.panels`).map((one, i) => panel(one, `${where}.panels[${i}]`));
  if (panels.length === 0 || panels.length > PANELS_MAX) throw new BookTrouble(`${where}.panels`, 'a layout has one to four charts');
  const twice = panels.find(({ id }, i) => panels.findIndex((one) => one.id === id) !== i);
  if (twice) throw new BookTrouble(`${where}.panels`, `${twice.id} is there twice`);
  const name = word(it['name'], `${where}.name`, NAME_MAX);
  return { ...it, id: word(it['id'], `${where}.id`), name, panels, grid: (it['grid'] ?? null) as Json };
}

function panel(value: unknown, where: string): Panel {
  const it = record(value, where);
  const group = GROUPS.find((one) => one === it['group']) ?? null;
  if (group === null && it['group'] !== null) throw new BookTrouble(`${where}.group`, 'it is no colour of a group');
  return { ...it, id: word(it['id'], `${where}.id`), symbol: it['symbol'] === null ? null : symbol(it['symbol'], `${where}.symbol`), group, look: record(it['look'], `${where}.look`) as Look };
}

function drawings(value: unknown, left: Leftover): Record<string, Drawing[]> {
  const kept: Record<string, Drawing[]> = {};
  for (const [of, some] of Object.entries(record(value, 'drawings'))) {
    const where = `drawings.${of}`;
    const keep = (one: unknown): unknown => (left.drawings[of] = [...(left.drawings[of] ?? []), one]);
    try {
      const all = left.all(some, `drawings.${symbol(of, 'drawings')}`, DRAWINGS_MAX, drawing, keep);
      if (all.length > 0) kept[of] = all;
    } catch (thrown) {
      left.note(thrown instanceof BookTrouble ? new BookTrouble(where, thrown.what) : thrown);
      keep(some);
    }
  }
  return kept;
}

function drawing(value: unknown, where: string): Drawing {
  const it = record(value, where);
  const { kind, colour, text, isLocked } = it;
  if (!isKind(kind)) throw new BookTrouble(`${where}.kind`, `${JSON.stringify(kind ?? null)} is no kind of drawing`);
  if (!isColour(colour)) throw new BookTrouble(`${where}.colour`, `${JSON.stringify(colour ?? null)} is no colour`);
  if (typeof text !== 'string' || text.length > TEXT_MAX) throw new BookTrouble(`${where}.text`, `it is no text of at most ${TEXT_MAX} characters`);
  if (typeof isLocked !== 'boolean') throw new BookTrouble(`${where}.isLocked`, 'it is neither true nor false');
  const anchors = list(it['anchors'], `${where}.anchors`).map((one, i) => anchor(one, `${where}.anchors[${i}]`));
  if (anchors.length !== WORDS[kind].nAnchors) throw new BookTrouble(`${where}.anchors`, `a ${kind} has ${WORDS[kind].nAnchors}, not ${anchors.length}`);
  return { ...it, id: word(it['id'], `${where}.id`), kind, anchors, colour, text, isLocked };
}

function anchor(value: unknown, where: string): Anchor {
  const { time, price } = record(value, where);
  if (typeof time !== 'number' || !Number.isSafeInteger(time)) throw new BookTrouble(`${where}.time`, 'it is no number of seconds');
  if (typeof price !== 'number' || !Number.isFinite(price)) throw new BookTrouble(`${where}.price`, 'it is no number');
  return { time, price };
}

function aside(value: unknown, where: string): Aside {
  const { at, why, text } = record(value, where);
  if (typeof at !== 'string' || typeof why !== 'string' || typeof text !== 'string') throw new BookTrouble(where, 'at, why and text are words');
  return { at, why, text };
}

function record(value: unknown, where: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BookTrouble(where, 'it is no object');
  return value as Record<string, unknown>;
}

function list(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value)) throw new BookTrouble(where, 'it is no list');
  return value;
}

function isWord(value: unknown, most: number): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= most;
}

function word(value: unknown, where: string, most = NAME_MAX): string {
  if (!isWord(value, most)) throw new BookTrouble(where, `it is no name of 1 to ${most} characters`);
  return value;
}

function symbol(value: unknown, where: string): string {
  return word(value, where, SYMBOL_MAX);
}
