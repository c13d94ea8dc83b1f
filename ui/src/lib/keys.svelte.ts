/** The keyboard map: `G` then a letter, `?`, F6. Knows no screen, only names. */
import type { Screen } from './desk.svelte';

const PLACES: Record<string, Screen> = { h: 'home', c: 'chart', o: 'orders', r: 'risk', a: 'audit' };

/** `G` waits this long for its letter. */
const CHORD_MS = 1500;

export interface KeyTarget {
  go(screen: Screen): void;
  showMap(): void;
  pane(step: 1 | -1): void;
  filter(): void;
}

export class Keys {
  #chordAt: number | null = null;

  constructor(private readonly target: KeyTarget) {}

  /** Returns whether the key was taken. */
  press(event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>, isTyping: boolean, now: number): boolean {
    if (event.key === 'F6') {
      this.target.pane(event.shiftKey ? -1 : 1);
      return true;
    }
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return false;
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
    else return false;
    return true;
  }
}

export const MAP: [keys: string, does: string][] = [
  ['G then H C O R A', 'Home, Chart, Orders, Risk, Audit'],
  ['Ctrl Shift K held 1 s', 'Kill: stops everything'],
  ['F6, Shift F6', 'Next, previous pane'],
  ['/', 'Filter the screen'],
  ['↑ ↓ Home End', 'Move in a table; Enter opens, Esc closes'],
  ['1 to 5', 'Timeframe, on the chart'],
  ['?', 'This map'],
];

/** Moves focus to the next pane of the page. */
export function stepPane(root: ParentNode, step: 1 | -1): void {
  const panes = [...root.querySelectorAll<HTMLElement>('[data-pane]')];
  const current = panes.findIndex((pane) => pane.contains(document.activeElement));
  const next = panes[(current + step + panes.length) % panes.length];
  next?.focus();
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && ['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName);
}
