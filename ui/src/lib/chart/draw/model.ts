/**
 * A drawing: what it is, where its anchors are in time and price, its colour. Independent of what
 * the chart has loaded and of how many bars one column holds. Knows nothing of the page.
 */

export const KINDS = ['line', 'ray', 'horizontal', 'rectangle', 'fibonacci', 'text', 'measure'] as const;
export type Kind = (typeof KINDS)[number];

export interface KindWords {
  title: string;
  /** With Alt. */
  key: string;
  nAnchors: 1 | 2;
}

export const WORDS: Record<Kind, KindWords> = {
  line: { title: 'Line', key: 'L', nAnchors: 2 },
  ray: { title: 'Ray', key: 'R', nAnchors: 2 },
  horizontal: { title: 'Horizontal line', key: 'H', nAnchors: 1 },
  rectangle: { title: 'Rectangle', key: 'B', nAnchors: 2 },
  fibonacci: { title: 'Fibonacci retracement', key: 'F', nAnchors: 2 },
  text: { title: 'Text', key: 'T', nAnchors: 1 },
  measure: { title: 'Measure', key: 'M', nAnchors: 2 },
};

/** Meanings of the theme, so that a drawing stays readable in every one of them. */
export const COLOURS = ['accent', 'bot-2', 'bot-3', 'bot-4', 'bot-5', 'text-2'] as const;
export type Colour = (typeof COLOURS)[number];
export const COLOUR_WORDS: Record<Colour, string> = { accent: 'Iris', 'bot-2': 'Teal', 'bot-3': 'Sand', 'bot-4': 'Pink', 'bot-5': 'Olive', 'text-2': 'Grey' };

/** Seconds since 1970, and a price that is for drawing only. */
export interface Anchor {
  time: number;
  price: number;
}

export interface Drawing {
  id: string;
  kind: Kind;
  anchors: Anchor[];
  colour: Colour;
  /** The words of a text; empty for the others. */
  text: string;
  isLocked: boolean;
}

/** Characters of a text at most. */
export const TEXT_MAX = 200;
/** Drawings of one symbol at most. */
export const DRAWINGS_MAX = 500;

export function isKind(value: unknown): value is Kind {
  return KINDS.some((kind) => kind === value);
}

export function isColour(value: unknown): value is Colour {
  return COLOURS.some((colour) => colour === value);
}

/** Returns the next free id of a list: `d1`, `d2`, … */
export function nextId(drawings: readonly Drawing[]): string {
  const taken = drawings.map(({ id }) => Number(/^d(\d+)$/.exec(id)?.[1] ?? 0));
  return `d${Math.max(0, ...taken) + 1}`;
}

export function withAnchor(drawing: Drawing, at: number, anchor: Anchor): Drawing {
  return { ...drawing, anchors: drawing.anchors.map((old, i) => (i === at ? anchor : old)) };
}

/** Returns one line for lists and for those who do not see the picture. */
export function told(drawing: Drawing, price: (value: number) => string, when: (time: number) => string): string {
  const [from, to] = drawing.anchors;
  if (!from) return WORDS[drawing.kind].title;
  if (drawing.kind === 'horizontal') return `${WORDS.horizontal.title} at ${price(from.price)}`;
  if (drawing.kind === 'text') return `Text “${drawing.text}” at ${price(from.price)}, ${when(from.time)}`;
  const start = `${price(from.price)}, ${when(from.time)}`;
  return to ? `${WORDS[drawing.kind].title} from ${start} to ${price(to.price)}, ${when(to.time)}` : `${WORDS[drawing.kind].title} at ${start}`;
}
