/** Wheel and drag on a chart: what is in sight is moved by them, not by the chart library. */
export interface Moves {
  /** Pixels that the picture was dragged by. */
  ondrag: (dx: number, dy: number) => void;
  /** Shows `factor` times as many bars around x. */
  onzoom: (x: number, factor: number) => void;
  /** Pixels that the wheel moved sideways. */
  onscroll: (dx: number) => void;
  onreset: () => void;
  /** Whether x and y are in the picture, not on an axis. */
  isInside: (x: number, y: number) => boolean;
}

/** One notch of a wheel, in the pixels that browsers report. */
const NOTCH = 100;
const ZOOM = 1.25;
/** Pixels of a line and of a page, where the wheel counts in those. */
const LINE = 33;
const PAGE = 300;

/** Returns how to let go. */
export function gestures(node: HTMLElement, moves: Moves): () => void {
  let last: { x: number; y: number } | null = null;
  const at = (event: MouseEvent): { x: number; y: number } => {
    const box = node.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const down = (event: MouseEvent): void => {
    const { x, y } = at(event);
    if (event.button === 0 && moves.isInside(x, y)) last = { x, y };
  };
  const move = (event: MouseEvent): void => {
    // Released outside of the window, where nobody hears of it.
    if ((event.buttons & 1) === 0) last = null;
    if (last === null) return;
    const { x, y } = at(event);
    moves.ondrag(x - last.x, y - last.y);
    last = { x, y };
  };
  const up = (): void => {
    last = null;
  };
  const wheel = (event: WheelEvent): void => {
    const { x, y } = at(event);
    if (!moves.isInside(x, y)) return;
    event.preventDefault();
    const unit = event.deltaMode === 1 ? LINE : event.deltaMode === 2 ? PAGE : 1;
    const [dx, dy] = event.shiftKey && event.deltaX === 0 ? [event.deltaY * unit, 0] : [event.deltaX * unit, event.deltaY * unit];
    if (Math.abs(dx) > Math.abs(dy)) moves.onscroll(dx);
    else if (dy !== 0) moves.onzoom(x, ZOOM ** Math.max(-3, Math.min(3, dy / NOTCH)));
  };
  const double = (event: MouseEvent): void => {
    const { x, y } = at(event);
    if (moves.isInside(x, y)) moves.onreset();
  };
  node.addEventListener('mousedown', down);
  node.addEventListener('wheel', wheel, { passive: false });
  node.addEventListener('dblclick', double);
  window.addEventListener('mousemove', move);
  window.addEventListener('mouseup', up);
  return () => {
    node.removeEventListener('mousedown', down);
    node.removeEventListener('wheel', wheel);
    node.removeEventListener('dblclick', double);
    window.removeEventListener('mousemove', move);
    window.removeEventListener('mouseup', up);
  };
}
