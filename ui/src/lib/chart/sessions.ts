/** Shades what lies outside the regular session, and names it. */
import type { IChartApi, IPrimitivePaneRenderer, IPrimitivePaneView, ISeriesPrimitive, SeriesAttachedParameter, Time, UTCTimestamp } from 'lightweight-charts';

import type { Bar, SessionSpan } from '../ipc';

export interface Shade {
  from: UTCTimestamp;
  to: UTCTimestamp;
  name: string;
}

const NAMES: Record<string, string> = { 'pre-market': 'Pre-market', 'after-hours': 'After hours' };

/** Returns runs of bars outside the regular session. */
export function shades(bars: readonly Bar[], sessions: readonly SessionSpan[]): Shade[] {
  const found: Shade[] = [];
  for (const span of sessions) {
    const name = NAMES[span.name];
    if (name === undefined) continue;
    const inside = bars.filter((bar) => bar.time >= span.from && bar.time < span.to);
    const first = inside[0];
    const last = inside.at(-1);
    if (first && last) found.push({ from: first.time as UTCTimestamp, to: last.time as UTCTimestamp, name });
  }
  return found;
}

export interface ShadeColours {
  fill: string;
  text: string;
  pane: string;
  font: string;
}

/** A narrower stretch has no room for its name. */
const ROOM = 72;

type Canvas = Parameters<IPrimitivePaneRenderer['draw']>[0];

export class Sessions implements ISeriesPrimitive<Time> {
  #chart: IChartApi | null = null;
  #shades: Shade[] = [];
  #requestUpdate: (() => void) | null = null;
  readonly #views: IPrimitivePaneView[] = [
    { zOrder: () => 'bottom', renderer: () => ({ draw: (target) => this.#draw(target, 'shade') }) },
    // Over the grid, so that no line goes through the words.
    { zOrder: () => 'normal', renderer: () => ({ draw: (target) => this.#draw(target, 'name') }) },
  ];

  constructor(private colours: ShadeColours) {}

  attached(param: SeriesAttachedParameter<Time>): void {
    this.#chart = param.chart as IChartApi;
    this.#requestUpdate = param.requestUpdate;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return this.#views;
  }

  set(wanted: Shade[]): void {
    this.#shades = wanted;
    this.#requestUpdate?.();
  }

  paint(colours: ShadeColours): void {
    this.colours = colours;
    this.#requestUpdate?.();
  }

  #draw(target: Canvas, what: 'shade' | 'name'): void {
    const scale = this.#chart?.timeScale();
    if (!scale) return;
    const half = scale.options().barSpacing / 2;
    target.useMediaCoordinateSpace(({ context, mediaSize }) => {
      for (const shade of this.#shades) {
        const from = scale.timeToCoordinate(shade.from);
        const to = scale.timeToCoordinate(shade.to);
        if (from === null || to === null || to + half < 0 || from - half > mediaSize.width) continue;
        const left = Math.max(0, from - half);
        if (what === 'shade') {
          context.fillStyle = this.colours.fill;
          context.fillRect(left, 0, to + half - left, mediaSize.height);
        } else if (to + half - left > ROOM) {
          context.font = `11px ${this.colours.font}`;
          const { width } = context.measureText(shade.name);
          context.fillStyle = this.colours.pane;
          context.fillRect(left + 4, 34, width + 8, 16);
          context.fillStyle = this.colours.text;
          context.fillText(shade.name, left + 8, 46);
        }
      }
    });
  }
}
