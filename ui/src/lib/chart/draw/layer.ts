/** Lays the drawings of a symbol over one chart, and tells the hand where things are on it. */
import type { IChartApi, IPrimitivePaneRenderer, IPrimitivePaneView, ISeriesApi, ISeriesPrimitive, SeriesAttachedParameter, SeriesType, Time } from 'lightweight-charts';

import type { Candles } from '../candles';
import type { Scene } from './hand';
import type { Anchor, Drawing } from './model';
import { paint, type Painted, type Paints } from './paint';
import { pointOf, shapesOf, type Point, type Projection } from './shapes';

/** What of a chart says where instants and prices are. */
export type Places = Pick<Candles, 'xOf' | 'timeAt' | 'instantOf' | 'apart' | 'yOf' | 'priceAt'>;

export interface Shown {
  drawings: readonly Drawing[];
  selected: string | null;
  handle: number | null;
  digits: number;
  barsPerColumn: number;
}

/** What a series of candles, bars or points holds for one column. */
type BarData = Partial<Record<'open' | 'high' | 'low' | 'close' | 'value', number>> & { time?: Time };

type Canvas = Parameters<IPrimitivePaneRenderer['draw']>[0];

/** A snap takes the price of a bar this many pixels away, or nearer. */
const SNAP = 24;

export class DrawingLayer implements ISeriesPrimitive<Time> {
  #chart: IChartApi | null = null;
  #series: ISeriesApi<SeriesType> | null = null;
  #requestUpdate: (() => void) | null = null;
  #shown: Shown = { drawings: [], selected: null, handle: null, digits: 2, barsPerColumn: 1 };
  #size = { width: 0, height: 0 };
  readonly #view: IPrimitivePaneView = { zOrder: () => 'top', renderer: () => ({ draw: (target) => this.#draw(target) }) };

  constructor(
    private readonly places: Places,
    private readonly paints: () => Paints,
    private readonly onplaced: (painted: readonly Painted[]) => void,
  ) {}

  attached(param: SeriesAttachedParameter<Time>): void {
    this.#chart = param.chart as IChartApi;
    this.#series = param.series;
    this.#requestUpdate = param.requestUpdate;
  }

  detached(): void {
    this.#chart = this.#series = this.#requestUpdate = null;
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return [this.#view];
  }

  set(shown: Shown): void {
    this.#shown = shown;
    this.#requestUpdate?.();
  }

  /** Draws anew, when colours changed. */
  repaint(): void {
    this.#requestUpdate?.();
  }

  scene(symbol: string): Scene {
    return { symbol, projection: this.projection(), anchor: (at, isSnapping) => this.#anchor(at, isSnapping), shift: (anchor, dx, dy) => this.#shift(anchor, dx, dy) };
  }

  projection(): Projection {
    const { digits } = this.#shown;
    return {
      ...this.#size,
      x: (time) => this.places.xOf(time),
      y: (price) => this.places.yOf(price),
      bars: (from, to) => this.#bars(from, to),
      apart: (from, to) => this.places.apart(from, to),
      price: (value) => value.toFixed(digits).replace(/^-(?=[0.]*$)/, ''),
    };
  }

  /** Returns an anchor at this share of the picture's width, on the close of the bar there. */
  middle(share: number): Anchor | null {
    const x = this.#size.width * share;
    const bar = this.#barAt(x);
    const y = bar ? this.places.yOf(bar.close) : null;
    return this.#anchor({ x, y: y ?? this.#size.height / 2 }, false);
  }

  #draw(target: Canvas): void {
    target.useMediaCoordinateSpace(({ context, mediaSize }) => {
      this.#size = { width: mediaSize.width, height: mediaSize.height };
      const of = this.projection();
      const painted = this.#shown.drawings.map((drawing): Painted => {
        const isSelected = drawing.id === this.#shown.selected;
        const handles = isSelected ? drawing.anchors.map((anchor) => pointOf(anchor, of)).filter((at) => at !== null) : [];
        return { drawing, shapes: shapesOf(drawing, of), isSelected, handles, handle: isSelected ? this.#shown.handle : null };
      });
      for (const one of painted) paint(context, one, this.paints());
      this.onplaced(painted);
    });
  }

  #anchor({ x, y }: Point, isSnapping: boolean): Anchor | null {
    if (x < 0 || y < 0 || x > this.#size.width || y > this.#size.height) return null;
    const bar = this.#barAt(x);
    const time = bar?.time ?? this.places.timeAt(x);
    const price = (isSnapping && bar ? this.#nearest(bar.prices, y) : null) ?? this.places.priceAt(y);
    if (time === null || price === null) return null;
    return { time: Math.round(time), price: this.#rounded(price) };
  }

  #shift(anchor: Anchor, dx: number, dy: number): Anchor {
    const x = this.places.xOf(anchor.time);
    const y = this.places.yOf(anchor.price);
    if (x === null || y === null) return anchor;
    const time = Math.abs(dx) < 1 ? anchor.time : (this.#barAt(x + dx)?.time ?? this.places.timeAt(x + dx) ?? anchor.time);
    const price = dy === 0 ? anchor.price : (this.places.priceAt(y + dy) ?? anchor.price);
    return { time: Math.round(time), price: dy === 0 ? price : this.#rounded(price) };
  }

  #barAt(x: number): { time: number; close: number; prices: number[] } | null {
    const logical = this.#chart?.timeScale().coordinateToLogical(x) ?? null;
    const data = logical === null ? null : this.#series?.dataByIndex(Math.round(logical));
    const { time, open, high, low, close, value } = (data ?? {}) as BarData;
    if (typeof time !== 'number') return null;
    const at = this.places.instantOf(time);
    if (open !== undefined && high !== undefined && low !== undefined && close !== undefined) return { time: at, close, prices: [open, high, low, close] };
    return value === undefined ? null : { time: at, close: value, prices: [value] };
  }

  #nearest(prices: readonly number[], y: number): number | null {
    const off = (price: number): number => Math.abs((this.places.yOf(price) ?? Infinity) - y);
    const best = prices.reduce((a, b) => (off(b) < off(a) ? b : a), prices[0] ?? Number.NaN);
    return off(best) <= SNAP ? best : null;
  }

  #bars(from: number, to: number): number | null {
    const start = this.places.xOf(from);
    const end = this.places.xOf(to);
    const spacing = this.#chart?.timeScale().options().barSpacing ?? 0;
    return start === null || end === null || spacing <= 0 ? null : Math.round((end - start) / spacing) * this.#shown.barsPerColumn;
  }

  #rounded(price: number): number {
    return Number(price.toFixed(this.#shown.digits));
  }
}
