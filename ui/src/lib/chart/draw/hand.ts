/** What presses, drags and clicks do to drawings. Knows pixels and anchors, and nothing of the page. */
import type { Board } from './board.svelte';
import { withAnchor, WORDS, type Anchor, type Drawing } from './model';
import { isNear, pointOf, shapesOf, type Point, type Projection } from './shapes';

/** One chart as the hand sees it. */
export interface Scene {
  symbol: string;
  projection: Projection;
  /** The anchor under a point; null outside of the picture. */
  anchor: (at: Point, isSnapping: boolean) => Anchor | null;
  /** An anchor that was moved by this many pixels. */
  shift: (anchor: Anchor, dx: number, dy: number) => Anchor;
}

interface Grab {
  from: Point;
  drawing: Drawing;
  /** The anchor that was taken; null for the whole. */
  handle: number | null;
}

const REACH = 6;
const HANDLE_REACH = 8;
/** A press that moved farther than this was a drag. */
const DRAG = 5;

export class Hand {
  #pressed: Point | null = null;
  #grab: Grab | null = null;

  constructor(
    private readonly board: Board,
    private readonly scene: () => Scene | null,
  ) {}

  get isBusy(): boolean {
    return this.#pressed !== null || this.#grab !== null;
  }

  /** Returns whether the press belongs to the drawings; otherwise it is the chart's. */
  down(at: Point, isSnapping: boolean): boolean {
    const scene = this.scene();
    if (!scene || !isInside(at, scene.projection)) return false;
    return this.board.tool ? this.#place(scene, at, isSnapping) : this.#take(scene, at);
  }

  move(at: Point, isSnapping: boolean): boolean {
    const scene = this.scene();
    const { held } = this.board;
    if (!scene || !held || held.symbol !== scene.symbol) return false;
    if (!this.#grab) {
      // Another chart of the symbol has it in hand.
      if (!held.isNew) return false;
      const anchor = scene.anchor(at, isSnapping);
      if (anchor) this.board.hold(scene.symbol, withAnchor(held.drawing, held.drawing.anchors.length - 1, anchor));
      return true;
    }
    const { from, drawing, handle } = this.#grab;
    if (handle === null) this.board.hold(scene.symbol, { ...drawing, anchors: drawing.anchors.map((anchor) => scene.shift(anchor, at.x - from.x, at.y - from.y)) });
    else {
      const anchor = scene.anchor(at, isSnapping);
      if (anchor) this.board.hold(scene.symbol, withAnchor(drawing, handle, anchor));
    }
    return true;
  }

  up(at: Point, isSnapping: boolean): boolean {
    const pressed = this.#pressed;
    const wasGrabbed = this.#grab !== null;
    this.#pressed = null;
    if (!wasGrabbed && !pressed) return false;
    const isDrag = pressed !== null && Math.hypot(at.x - pressed.x, at.y - pressed.y) > DRAG;
    if (isDrag || wasGrabbed) {
      if (isDrag) this.move(at, isSnapping);
      else this.board.held = null;
      this.#grab = null;
      this.board.keep();
    }
    return true;
  }

  /** Lets go without a change. */
  cancel(): void {
    this.#pressed = this.#grab = null;
    this.board.held = null;
  }

  /** Returns the drawing under a point, the newest first. */
  under(at: Point): Drawing | null {
    const scene = this.scene();
    if (!scene || !isInside(at, scene.projection)) return null;
    return this.board.shown(scene.symbol).toReversed().find((one) => shapesOf(one, scene.projection).some((shape) => isNear(shape, at, REACH))) ?? null;
  }

  #place(scene: Scene, at: Point, isSnapping: boolean): boolean {
    const { tool, held } = this.board;
    const anchor = scene.anchor(at, isSnapping);
    if (!tool || !anchor) return false;
    if (held?.symbol === scene.symbol) {
      this.board.hold(scene.symbol, withAnchor(held.drawing, held.drawing.anchors.length - 1, anchor));
      this.board.keep();
      return true;
    }
    this.board.begin(scene.symbol, tool, anchor);
    if (WORDS[tool].nAnchors === 1) this.board.keep();
    else this.#pressed = at;
    return true;
  }

  #take(scene: Scene, at: Point): boolean {
    const chosen = this.board.find(scene.symbol);
    const handle = chosen ? chosen.anchors.findIndex((anchor) => isOn(pointOf(anchor, scene.projection), at)) : -1;
    const drawing = handle >= 0 ? chosen : this.under(at);
    if (!drawing) {
      this.board.letGo();
      return false;
    }
    if (chosen?.id !== drawing.id) this.board.select(scene.symbol, drawing.id);
    this.#pressed = at;
    if (drawing.isLocked) return true;
    this.#grab = { from: at, drawing, handle: handle >= 0 ? handle : null };
    this.board.held = { symbol: scene.symbol, drawing, isNew: false };
    return true;
  }
}

/** Axes and panes below are beside the picture: what is drawn goes on there unseen. */
function isInside({ x, y }: Point, { width, height }: Projection): boolean {
  return x >= 0 && y >= 0 && x <= width && y <= height;
}

function isOn(point: Point | null, at: Point): boolean {
  return point !== null && Math.hypot(point.x - at.x, point.y - at.y) <= HANDLE_REACH;
}
