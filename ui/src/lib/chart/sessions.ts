/** Shades what lies outside the regular session, and names it. */
import type { IChartApi, IPrimitivePaneRenderer, IPrimitivePaneView, ISeriesPrimitive, SeriesAttachedParameter, Time, UTCTimestamp } from 'lightweight-charts';

import type { SessionSpan } from '../ipc';
import { columnAt } from './columns';

export interface Shade {
  from: UTCTimestamp;
  to: UTCTimestamp;
  name: string;
}

const NAMES: Record<string, string> = { 'pre-market': 'Pre-market', 'after-hours': 'After hours' };

/** Returns runs of columns that begin outside the regular session. */
export function shades(times: Float64Array, sessions: readonly SessionSpan[]): Shade[] {
  return sessions.flatMap((span) => {
    const name = NAMES[span.name];
    const first = times[columnAt(times, span.from - 1) + 1];
    const last = times[columnAt(times, span.to - 1)];
    if (name === undefined || first === undefined || last === undefined || first > last) return [];
    return [{ from: first as UTCTimestamp, to: last as UTCTimestamp, name }];
  });
}

export interface ShadeColours {
  fill: string;
  text: string;
  pane: string;
  font: string;
}

/** Where names are, below a legend of one line. */
const TOP = 34;
/** Pixels between the legend and the names, and above it. */
const OFF = 18;
/** A narrower stretch has no room for its name. */
const ROOM = 72;

type Canvas = Parameters<IPrimitivePaneRenderer['draw']>[0];

export class Sessions implements ISeriesPrimitive<Time> {
  #chart: IChartApi | null = null;
  #shades: readonly Shade[] = [];
  #top = TOP;
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

  set(wanted: readonly Shade[]): void {
    this.#shades = wanted;
    this.#requestUpdate?.();
  }

  /** Leaves so many pixels to a legend. */
  leave(px: number): void {
    this.#top = Math.max(TOP, OFF + px);
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
          context.fillRect(left + 4, this.#top, width + 8, 16);
          context.fillStyle = this.colours.text;
          context.fillText(shade.name, left + 8, this.#top + 12);
        }
      }
    });
  }
}
