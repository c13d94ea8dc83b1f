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

/** Often enough for the fill to look smooth; timers run on where frames are not drawn. */
const EVERY_MS = 30;
/** A press that ends this soon was no try to hold. */
const SHORT_MS = 350;

/** Lets the time of a pressed `Hold` pass until it acts or is released; returns what stops it. */
export function timed(hold: Hold): () => void {
  const timer = setInterval(() => {
    hold.tick(performance.now());
    if (!hold.isHolding) clearInterval(timer);
  }, EVERY_MS);
  return () => clearInterval(timer);
}

/**
 * Drives a `Hold` from a button: pointer, space bar and Enter. A pressed pointer stays the
 * button's until it comes up, also when the page moves the button from under it. `onshort` is
 * told of a press that was too short, and of the click of an aid that cannot hold.
 */
export function holding(hold: Hold, onshort?: () => void): (node: HTMLElement) => () => void {
  return (node) => {
    let stop = (): void => undefined;
    let isKey = false;
    let since = 0;
    const end = (): void => {
      stop();
      hold.release();
    };
    const letGo = (): void => {
      const isShort = hold.isHolding && performance.now() - since < SHORT_MS;
      end();
      if (isShort) onshort?.();
    };
    const press = (byKey: boolean): void => {
      isKey = byKey;
      since = performance.now();
      hold.press(since);
      stop();
      stop = timed(hold);
    };
    const isHoldKey = (event: KeyboardEvent): boolean => event.key === ' ' || event.key === 'Enter';
    const on: { [Kind in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Kind]) => void } = {
      keydown: (event) => {
        if (!isHoldKey(event)) return;
        event.preventDefault();
        if (!event.repeat && !hold.isHolding) press(true);
      },
      keyup: (event) => {
        if (!isHoldKey(event)) return;
        // The space bar clicks when it comes up; this button is held, not clicked.
        event.preventDefault();
        if (isKey) letGo();
        since = 0;
      },
      blur: () => {
        if (isKey) end();
      },
      pointerdown: (event) => {
        if (event.button !== 0 || hold.isHolding) return;
        try {
          node.setPointerCapture(event.pointerId);
        } catch {
          // A pointer that is already up cannot be captured; its pointerup ends the hold.
        }
        press(false);
      },
      pointerup: letGo,
      pointercancel: end,
      contextmenu: (event) => event.preventDefault(),
      click: (event) => {
        const isOfAnAid = event.detail === 0 && !hold.isHolding && since === 0;
        since = 0;
        if (isOfAnAid) onshort?.();
      },
    };
    const all = Object.entries(on) as [string, EventListener][];
    for (const [kind, listener] of all) node.addEventListener(kind, listener);
    return () => {
      end();
      for (const [kind, listener] of all) node.removeEventListener(kind, listener);
    };
  };
}
