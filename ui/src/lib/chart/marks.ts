/** Draws fills and refused orders over the candles, and finds the one under the pointer. */
import type { IChartApi, IPrimitivePaneRenderer, IPrimitivePaneView, ISeriesApi, ISeriesPrimitive, SeriesAttachedParameter, SeriesType, Time, UTCTimestamp } from 'lightweight-charts';

import type { ChartMark } from '../ipc';

export interface Colours {
  buy: string;
  sell: string;
  refuse: string;
  glow: string;
  pane: string;
  font: string;
}

/** A mark with the bar that it belongs to. */
export interface PlacedMark {
  mark: ChartMark;
  barTime: UTCTimestamp;
  low: number;
  high: number;
  /** The limit price of a refused order, when there was one. */
  price: number | null;
  /** How many marks on the same side of the same bar come before it. */
  rank: number;
}

/** A sign on the picture. */
export interface MarkPoint {
  /** The newest of what the sign stands for. */
  mark: ChartMark;
  /** All that it stands for: what would lie on top of each other is one sign with a number. */
  all: readonly ChartMark[];
  x: number;
  y: number;
}

const GAP = 10;
const STEP = 12;
/** More marks of a kind on one side of a column than this are one sign with their number. */
const RANKS = 3;
/** Signs closer to each other than this cannot be told apart. */
const APART = 8;
const NEAR = 12;
/** A refused order farther off the picture than this is drawn at its edge. */
const EDGE = 10;

type Canvas = Parameters<IPrimitivePaneRenderer['draw']>[0];

export class Marks implements ISeriesPrimitive<Time> {
  points: MarkPoint[] = [];

  #chart: IChartApi | null = null;
  #series: ISeriesApi<SeriesType> | null = null;
  #placed: PlacedMark[] = [];
  #requestUpdate: (() => void) | null = null;
  #lit: number | null = null;
  readonly #view: IPrimitivePaneView = { zOrder: () => 'top', renderer: () => ({ draw: (target) => this.#draw(target) }) };

  constructor(
    private colours: Colours,
    private readonly onplaced: (points: readonly MarkPoint[]) => void,
  ) {}

  attached(param: SeriesAttachedParameter<Time>): void {
    this.#chart = param.chart as IChartApi;
    this.#series = param.series;
    this.#requestUpdate = param.requestUpdate;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return [this.#view];
  }

  set(placed: PlacedMark[]): void {
    this.#placed = placed;
    this.#requestUpdate?.();
  }

  paint(colours: Colours): void {
    this.colours = colours;
    this.#requestUpdate?.();
  }

  /** Draws a ring of light around the mark under the pointer. */
  light(seq: number | null): void {
    if (this.#lit === seq) return;
    this.#lit = seq;
    this.#requestUpdate?.();
  }

  /** Returns the mark within reach of a point, refused ones first. */
  at(x: number, y: number): MarkPoint | null {
    const near = this.points.filter((p) => Math.hypot(p.x - x, p.y - y) <= NEAR);
    return near.find((p) => p.mark.sign === 'refused') ?? near[0] ?? null;
  }

  #draw(target: Canvas): void {
    target.useMediaCoordinateSpace(({ context, mediaSize }) => {
      this.points = bunched(this.#placed.flatMap((placed) => this.#point(placed, mediaSize.height)));
      for (const point of this.points) drawSign(context, point, this.colours, point.all.some((mark) => mark.seq === this.#lit));
      this.onplaced(this.points);
    });
  }

  #point(placed: PlacedMark, height: number): MarkPoint[] {
    const x = this.#chart?.timeScale().timeToCoordinate(placed.barTime) ?? null;
    const low = this.#series?.priceToCoordinate(placed.low) ?? null;
    const high = this.#series?.priceToCoordinate(placed.high) ?? null;
    if (x === null || low === null || high === null) return [];
    const off = GAP + (placed.rank % RANKS) * STEP;
    const own = placed.price === null ? null : (this.#series?.priceToCoordinate(placed.price) ?? null);
    const y = placed.mark.sign === 'buy-fill' ? low + off : (own ?? high - off);
    return [{ mark: placed.mark, all: [placed.mark], x, y: Math.max(EDGE, Math.min(height - EDGE, y)) }];
  }
}

/** Makes one sign of those that lie on top of each other. */
export function bunched(points: readonly MarkPoint[]): MarkPoint[] {
  const bunches: MarkPoint[] = [];
  // Only the last few can be near: the points come in the order of time.
  const near = (point: MarkPoint): number => bunches.findLastIndex((one, i) => i > bunches.length - 8 && one.mark.sign === point.mark.sign && Math.abs(one.x - point.x) < APART && Math.abs(one.y - point.y) < APART);
  for (const point of points) {
    const at = near(point);
    const bunch = bunches[at];
    if (bunch) bunches[at] = { ...bunch, mark: point.mark, all: [...bunch.all, point.mark] };
    else bunches.push(point);
  }
  return bunches;
}

function drawSign(context: CanvasRenderingContext2D, { mark, all, x, y }: MarkPoint, colours: Colours, isLit: boolean): void {
  context.save();
  context.translate(x, y);
  if (isLit) {
    context.beginPath();
    context.fillStyle = colours.glow;
    context.arc(0, 0, 12, 0, Math.PI * 2);
    context.fill();
  }
  context.beginPath();
  if (mark.sign === 'refused') {
    context.lineWidth = 1.5;
    context.strokeStyle = colours.refuse;
    context.fillStyle = colours.pane;
    context.arc(0, 0, 6, 0, Math.PI * 2);
    context.fill();
    context.moveTo(-2.6, -2.6);
    context.lineTo(2.6, 2.6);
    context.moveTo(2.6, -2.6);
    context.lineTo(-2.6, 2.6);
    context.stroke();
  } else {
    const isBuy = mark.sign === 'buy-fill';
    const tip = isBuy ? -4.5 : 4.5;
    context.fillStyle = isBuy ? colours.buy : colours.sell;
    context.moveTo(0, tip);
    context.lineTo(5, -tip);
    context.lineTo(-5, -tip);
    context.closePath();
    context.fill();
  }
  if (all.length > 1) {
    context.font = `600 11px ${colours.font}`;
    context.fillStyle = mark.sign === 'refused' ? colours.refuse : mark.sign === 'buy-fill' ? colours.buy : colours.sell;
    context.textBaseline = 'middle';
    context.fillText(`×${all.length}`, 9, 0.5);
  }
  context.restore();
}
