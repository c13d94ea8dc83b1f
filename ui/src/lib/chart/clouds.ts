/** Fills what lies between two lines of a study, in one colour where the first is above and in another where it is below. */
import type { IChartApi, IPrimitivePaneRenderer, IPrimitivePaneView, ISeriesApi, ISeriesPrimitive, Logical, SeriesAttachedParameter, SeriesType, Time } from 'lightweight-charts';

/** Two lines with a value for each column; not-a-number where there is none. */
export interface Pair {
  one: Float64Array;
  other: Float64Array;
}

export interface CloudColours {
  up: string;
  down: string;
}

/** Where both lines are at one column, in pixels from the top left. */
export interface Slice {
  x: number;
  one: number;
  other: number;
}

/** A stretch over which one line stays above the other. */
export interface Stretch {
  isUp: boolean;
  slices: Slice[];
}

type Canvas = Parameters<IPrimitivePaneRenderer['draw']>[0];

/** Cuts at gaps, and where the lines cross. */
export function stretches(slices: readonly Slice[]): Stretch[] {
  const found: Stretch[] = [];
  let before: Slice | null = null;
  for (const slice of slices) {
    const off = slice.one - slice.other;
    if (Number.isNaN(off)) {
      before = null;
      continue;
    }
    const isUp = off <= 0;
    const last = found.at(-1);
    if (before && last && last.isUp === isUp) last.slices.push(slice);
    else if (before && last) {
      const share = (before.one - before.other) / (before.one - before.other - off);
      const y = before.one + share * (slice.one - before.one);
      const crossing = { x: before.x + share * (slice.x - before.x), one: y, other: y };
      last.slices.push(crossing);
      found.push({ isUp, slices: [crossing, slice] });
    } else found.push({ isUp, slices: [slice] });
    before = slice;
  }
  return found;
}

export class Clouds implements ISeriesPrimitive<Time> {
  #chart: IChartApi | null = null;
  #series: ISeriesApi<SeriesType> | null = null;
  #requestUpdate: (() => void) | null = null;
  #pairs: readonly Pair[] = [];
  readonly #views: IPrimitivePaneView[] = [{ zOrder: () => 'bottom', renderer: () => ({ draw: (target) => this.#draw(target) }) }];

  constructor(private colours: CloudColours) {}

  attached(param: SeriesAttachedParameter<Time>): void {
    this.#chart = param.chart as IChartApi;
    this.#series = param.series;
    this.#requestUpdate = param.requestUpdate;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return this.#views;
  }

  set(pairs: readonly Pair[]): void {
    this.#pairs = pairs;
    this.#requestUpdate?.();
  }

  paint(colours: CloudColours): void {
    this.colours = colours;
    this.#requestUpdate?.();
  }

  #draw(target: Canvas): void {
    target.useMediaCoordinateSpace(({ context }) => {
      for (const pair of this.#pairs) {
        for (const { isUp, slices } of stretches(this.#inSight(pair))) {
          context.fillStyle = isUp ? this.colours.up : this.colours.down;
          context.beginPath();
          for (const { x, one } of slices) context.lineTo(x, one);
          for (const { x, other } of slices.toReversed()) context.lineTo(x, other);
          context.closePath();
          context.fill();
        }
      }
    });
  }

  #inSight({ one, other }: Pair): Slice[] {
    const scale = this.#chart?.timeScale();
    const range = scale?.getVisibleLogicalRange();
    if (!scale || !range) return [];
    const y = (value: number | undefined): number => (value === undefined || Number.isNaN(value) ? Number.NaN : (this.#series?.priceToCoordinate(value) ?? Number.NaN));
    const [first, last] = [Math.max(0, Math.floor(range.from) - 1), Math.min(one.length - 1, Math.ceil(range.to) + 1)];
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
      const at = first + i;
      return { x: scale.logicalToCoordinate(at as Logical) ?? Number.NaN, one: y(one[at]), other: y(other[at]) };
    });
  }
}
