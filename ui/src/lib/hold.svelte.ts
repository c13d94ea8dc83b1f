/** A button that acts only when it is held: let go early and nothing happens. */
export class Hold {
  /** 0 to 1. */
  progress = $state(0);
  isHolding = $state(false);

  #since: number | null = null;

  constructor(
    readonly ms: number,
    private readonly onheld: () => void,
  ) {}

  /** A repeated keydown is not a new beginning. */
  press(now: number): void {
    if (this.#since !== null) return;
    this.#since = now;
    this.isHolding = true;
    this.progress = 0;
  }

  release(): void {
    this.#since = null;
    this.isHolding = false;
    this.progress = 0;
  }

  /** Called with the time while it is held; acts exactly once. */
  tick(now: number): void {
    if (this.#since === null) return;
    this.progress = Math.min(1, (now - this.#since) / this.ms);
    if (this.progress >= 1) {
      // The button may vanish with the act, and no pointer ever come up on it.
      this.release();
      this.onheld();
    }
  }
}

/** Drives a `Hold` from a button: pointer, space bar and Enter. */
export function holding(hold: Hold): (node: HTMLElement) => () => void {
  return (node) => {
    let frame = 0;
    const run = (now: number): void => {
      hold.tick(now);
      frame = hold.isHolding ? requestAnimationFrame(run) : 0;
    };
    const press = (): void => {
      hold.press(performance.now());
      if (frame === 0) frame = requestAnimationFrame(run);
    };
    const release = (): void => hold.release();
    const isHoldKey = (event: KeyboardEvent): boolean => event.key === ' ' || event.key === 'Enter';
    const keydown = (event: KeyboardEvent): void => {
      if (!isHoldKey(event)) return;
      event.preventDefault();
      if (!event.repeat) press();
    };
    const keyup = (event: KeyboardEvent): void => {
      if (isHoldKey(event)) release();
    };
    const pointerdown = (event: PointerEvent): void => {
      if (event.button === 0) press();
    };
    node.addEventListener('pointerdown', pointerdown);
    node.addEventListener('keydown', keydown);
    node.addEventListener('keyup', keyup);
    for (const end of ['pointerup', 'pointerleave', 'pointercancel', 'blur']) node.addEventListener(end, release);
    return () => {
      hold.release();
      cancelAnimationFrame(frame);
      node.removeEventListener('pointerdown', pointerdown);
      node.removeEventListener('keydown', keydown);
      node.removeEventListener('keyup', keyup);
      for (const end of ['pointerup', 'pointerleave', 'pointercancel', 'blur']) node.removeEventListener(end, release);
    };
  };
}
