/** The keyboard map: chords, single keys and panes. Knows no screen, only names. */
import type { Screen } from './desk.svelte';

const PLACES: Record<string, Screen> = { h: 'home', c: 'chart', o: 'orders', r: 'risk', a: 'audit', w: 'gateway' };

/** `G` waits this long for its letter. */
const CHORD_MS = 1500;

export interface KeyTarget {
  go(screen: Screen): void;
  showMap(): void;
  showPalette(): void;
  pane(step: 1 | -1): void;
  filter(): void;
  ticket(): void;
  /** One size of text up or down; 0 goes back to 100 %. */
  scale(step: 1 | -1 | 0): void;
}

export type Pressed = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

export class Keys {
  #chordAt: number | null = null;

  constructor(private readonly target: KeyTarget) {}

  /** Returns whether the key was taken. */
  press(event: Pressed, isTyping: boolean, now: number): boolean {
    if (event.key === 'F6') {
      this.target.pane(event.shiftKey ? -1 : 1);
      return true;
    }
    if ((event.ctrlKey || event.metaKey) && !event.altKey) return this.#control(event);
    if (isTyping || event.altKey) return false;
    const isChord = this.#chordAt !== null && now - this.#chordAt < CHORD_MS;
    this.#chordAt = null;
    const place = PLACES[event.key.toLowerCase()];
    if (isChord && place) {
      this.target.go(place);
      return true;
    }
    if (event.key.toLowerCase() === 'g') {
      this.#chordAt = now;
      return true;
    }
    if (event.key === '?') this.target.showMap();
    else if (event.key === '/') this.target.filter();
    else if (event.key.toLowerCase() === 't') this.target.ticket();
    else return false;
    return true;
  }

  #control(event: Pressed): boolean {
    if (event.key.toLowerCase() === 'k' && !event.shiftKey) this.target.showPalette();
    else if (event.key === '+' || event.key === '=') this.target.scale(1);
    else if (event.key === '-') this.target.scale(-1);
    else if (event.key === '0') this.target.scale(0);
    else return false;
    return true;
  }
}

/** The map as a person reads it, by where the keys work. */
export const MAP: [where: string, keys: [keys: string, does: string][]][] = [
  [
    'Everywhere',
    [
      ['Ctrl K', 'Search or command'],
      ['?', 'This map'],
      ['G then H C O R A W', 'Home, Chart, Orders, Risk, Audit, Gateway'],
      ['F6, Shift F6', 'Next, previous pane'],
      ['/', 'Filter the screen'],
      ['T', 'Order ticket for the symbol'],
      ['Ctrl Shift K held 1 s', 'Kill: stops everything'],
      ['Ctrl +, Ctrl −, Ctrl 0', 'Larger, smaller, usual text'],
      ['Esc', 'Closes what was opened; leaves a review'],
    ],
  ],
  [
    'In a table or list',
    [
      ['↑ ↓', 'Next, previous row'],
      ['Home, End, Page', 'First, last row; ten rows'],
      ['Enter', 'Opens the row'],
    ],
  ],
  [
    'On the chart',
    [
      ['1 to 5', '1 min, 5 min, 15 min, 1 hour, 1 day'],
      ['[ ]', 'Shorter, longer timeframe'],
      ['← →, Page', 'Moves the chart, when it has focus'],
      ['↑ ↓, + −', 'Fewer, more bars'],
      ['Home, End', 'The oldest, the newest bars'],
      ['Alt 1 to Alt 9', 'Shows a layout'],
      ['Alt N, Alt W', 'Adds a chart, closes one'],
      ['Space, comma, point', 'In a replay: play or pause, one bar back, one bar on'],
      ['Del on the watchlist', 'Takes a symbol that you added off'],
      ['Esc', 'Lets go of a pinned decision'],
    ],
  ],
  [
    'Drawings',
    [
      ['D', 'Shows the tools, puts them away'],
      ['Alt L R H B F T M', 'Line, ray, horizontal line, rectangle, Fibonacci, text, measure'],
      ['Enter', 'Places the tool in the middle of the chart'],
      ['Ctrl held', 'Snaps to open, high, low or close'],
      ['← → ↑ ↓, with Shift', 'Moves the selected drawing by a bar or pixel, by ten'],
      ['N, L, Del', 'Next handle, lock, delete'],
      ['Ctrl Z, Ctrl Shift Z', 'Undo, redo'],
    ],
  ],
];

/** Moves focus to the next pane of the page that is shown. */
export function stepPane(root: ParentNode, step: 1 | -1): void {
  const panes = [...root.querySelectorAll<HTMLElement>('[data-pane]')];
  const current = panes.findIndex((pane) => pane.contains(document.activeElement));
  const from = current < 0 && step < 0 ? 0 : current;
  const next = panes[(from + step + panes.length) % panes.length];
  next?.focus();
}

/** Whether the space bar presses what has focus. */
export function takesSpace(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a[href], summary, input:not([type=range]), select, textarea, [role^=menuitem]') !== null;
}

/** Whether letters belong to what has focus. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'range'].includes(target.type);
  return ['SELECT', 'TEXTAREA'].includes(target.tagName);
}
