/** Leads presses on a chart to the hand, before the chart takes them for a pan. */
import { isTyping } from '../../keys.svelte';
import type { Hand } from './hand';
import type { Point } from './shapes';

/** Whether the modifier that snaps to open, high, low and close is held. */
const isSnapping = (event: { ctrlKey: boolean; metaKey: boolean }): boolean => event.ctrlKey || event.metaKey;

/** `onover`: the pointer is over a drawing or not. Returns how to let go. */
export function gestures(host: HTMLElement, hand: Hand, onover: (isOver: boolean) => void): () => void {
  /** The chart listens to the mouse, so these are kept from it while the hand has the press. */
  let isTaken = false;
  /** A double click comes after the second press is over. */
  let wasTaken = false;
  const at = (event: MouseEvent): Point => {
    const box = host.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const isOnPicture = (event: Event): boolean => event.target instanceof HTMLCanvasElement;
  const down = (event: PointerEvent): void => {
    if (event.button !== 0 || !isOnPicture(event)) return;
    // The words that are being written are over before anything else is chosen.
    const field = document.activeElement;
    if (field instanceof HTMLElement && host.contains(field) && isTyping(field)) field.blur();
    isTaken = wasTaken = hand.down(at(event), isSnapping(event));
    if (isTaken) host.closest<HTMLElement>('[data-pane]')?.focus({ preventScroll: true });
  };
  const move = (event: PointerEvent): void => {
    if (hand.move(at(event), isSnapping(event)) || hand.isBusy) return;
    if (event.buttons === 0 && isOnPicture(event)) onover(hand.under(at(event)) !== null);
  };
  const up = (event: PointerEvent): void => {
    hand.up(at(event), isSnapping(event));
    isTaken = false;
  };
  const cancel = (): void => {
    if (hand.isBusy) hand.cancel();
    isTaken = false;
  };
  const keep = (event: Event): void => {
    if (!isTaken) return;
    event.stopPropagation();
    if (event.cancelable) event.preventDefault();
  };
  const double = (event: Event): void => {
    if (wasTaken) event.stopPropagation();
  };
  const swallowed = ['mousedown', 'touchstart', 'touchmove'] as const;
  host.addEventListener('pointerdown', down, true);
  for (const name of swallowed) host.addEventListener(name, keep, { capture: true, passive: false });
  host.addEventListener('dblclick', double, true);
  window.addEventListener('pointermove', move);
  window.addEventListener('pointerup', up);
  window.addEventListener('pointercancel', cancel);
  return () => {
    host.removeEventListener('pointerdown', down, true);
    for (const name of swallowed) host.removeEventListener(name, keep, true);
    host.removeEventListener('dblclick', double, true);
    window.removeEventListener('pointermove', move);
    window.removeEventListener('pointerup', up);
    window.removeEventListener('pointercancel', cancel);
  };
}
