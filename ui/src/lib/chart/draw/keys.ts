/** The keys of drawings. Knows no page. */
import type { Board } from './board.svelte';
import type { Scene } from './hand';
import { KINDS, withAnchor, WORDS, type Anchor } from './model';

export interface Pressed {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  /** The key's place, `KeyL`: with Alt some layouts type other letters. */
  code: string;
}

/** Pixels that an arrow moves a drawing by; more with Shift. */
const STEP = 1;
const LEAP = 10;

export interface KeyPlace {
  scene: Scene | null;
  /** Pixels from one bar to the next. */
  barWidth: number;
  /** An anchor at this share of the width of the picture. */
  middle: (share: number) => Anchor | null;
}

/** Returns whether the key belongs to the drawings. `hasFocus`: the chart has the keyboard. */
export function press(board: Board, symbol: string | null, event: Pressed, place: KeyPlace, hasFocus: boolean): boolean {
  const key = event.key.toLowerCase();
  if (event.altKey && !event.ctrlKey && !event.metaKey) return takeTool(board, event);
  if (event.ctrlKey || event.metaKey) return key === 'z' && symbol !== null && (event.shiftKey ? board.redo(symbol) : board.undo(symbol));
  if (key === 'escape') return board.leave();
  if (key === 'd' && !event.shiftKey) {
    board.isOpen = !board.isOpen;
    if (!board.isOpen) board.take(null);
    return true;
  }
  if (symbol === null || !hasFocus) return false;
  if (key === 'enter' && board.tool) return placeInMiddle(board, symbol, place);
  const chosen = board.find(symbol);
  if (!chosen) return false;
  if (key === 'delete' || key === 'backspace') return board.remove(symbol);
  if (key === 'l') board.edit(symbol, chosen.id, { isLocked: !chosen.isLocked });
  else if (key === 'n') board.nextHandle(symbol);
  else return nudge(board, symbol, event, place);
  return true;
}

function takeTool(board: Board, event: Pressed): boolean {
  const kind = KINDS.find((one) => event.code === `Key${WORDS[one].key}`);
  if (!kind) return false;
  board.take(kind);
  return true;
}

function placeInMiddle(board: Board, symbol: string, place: KeyPlace): boolean {
  const kind = board.tool;
  const from = place.middle(0.4);
  const to = place.middle(0.6);
  if (!kind || !from || !to) return false;
  board.begin(symbol, kind, WORDS[kind].nAnchors === 1 ? to : from);
  if (board.held && WORDS[kind].nAnchors === 2) board.hold(symbol, withAnchor(board.held.drawing, 1, to));
  board.keep();
  return true;
}

function nudge(board: Board, symbol: string, event: Pressed, { scene, barWidth }: KeyPlace): boolean {
  const chosen = board.find(symbol);
  const size = event.shiftKey ? LEAP : STEP;
  const by = { ArrowLeft: [-size * barWidth, 0], ArrowRight: [size * barWidth, 0], ArrowUp: [0, -size], ArrowDown: [0, size] }[event.key];
  if (!by || !scene || !chosen) return false;
  const [dx = 0, dy = 0] = by;
  const anchors = chosen.anchors.map((anchor, i) => (board.handle === null || board.handle === i ? scene.shift(anchor, dx, dy) : anchor));
  board.edit(symbol, chosen.id, { anchors });
  return true;
}
