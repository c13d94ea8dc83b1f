/** Draws what a chart shows with a pen: the same places that the chart library gives, read through its own interface. */
import { LineStyle, MismatchDirection, PriceScaleMode, type IChartApi, type ISeriesApi, type ISeriesPrimitive, type Logical, type SeriesType, type Time } from 'lightweight-charts';

import type { SvgPen } from './svgpen';
import { priceTicks, timeTicks } from './ticks';

export interface Plotted {
  chart: IChartApi;
  /** The series of prices, and what sits on it. */
  main: ISeriesApi<SeriesType>;
  primitives: readonly ISeriesPrimitive<Time>[];
  /** What its bars are, which says how instants are written. */
  bar: string;
}

export interface PlotColours {
  pane: string;
  grid: string;
  axis: string;
  line: string;
  font: string;
}

type Data = Partial<Record<'open' | 'high' | 'low' | 'close' | 'value', number>> & { time: Time; color?: string };

const BASE = { priceLineVisible: false, lastValueVisible: false, visible: true };
/** The part of a column that a candle covers. */
const BODY = 0.7;

export function plot(pen: SvgPen, { chart, main, primitives, bar }: Plotted, colours: PlotColours): void {
  const scale = chart.timeScale();
  const width = scale.width();
  const range = scale.getVisibleLogicalRange();
  if (!range) return;
  const [from, to] = [Math.floor(range.from) - 1, Math.ceil(range.to) + 1];
  const times = main.data().map(({ time }) => (typeof time === 'number' ? time : 0));
  const ticks = timeTicks(times, (i) => scale.logicalToCoordinate(i as Logical), width, bar);
  let top = 0;
  for (const pane of chart.panes()) {
    const height = pane.getHeight();
    const series = pane.getSeries();
    const ruler = series.includes(main) ? main : series[0];
    const units = ruler ? unitsOf(ruler, range.from) : null;
    pen.within(0, top, width, height, () => {
      const marks = units ? priceTicks(height, units.at, units.yOf) : [];
      grid(pen, ticks.map(({ x }) => x), marks.map(({ y }) => y), width, height, colours);
      if (series.includes(main)) drawPrimitives(pen, primitives, 'bottom', width, height);
      for (const one of series.toSorted((a, b) => a.seriesOrder() - b.seriesOrder())) drawSeries(pen, one, scale, from, to, height);
      if (series.includes(main)) for (const order of ['normal', 'top']) drawPrimitives(pen, primitives, order, width, height);
    });
    if (ruler && units) axis(pen, ruler, units, top, width, height, colours, ruler === main);
    top += height + 1;
  }
  pen.font = `11px ${colours.font}`;
  pen.textBaseline = 'middle';
  pen.textAlign = 'center';
  pen.fillStyle = colours.axis;
  for (const { x, text } of ticks) pen.fillText(text, x, top + scale.height() / 2);
}

/** What an axis says of places: prices, or percent of the first one in sight. */
interface Units {
  at: (y: number) => number | null;
  yOf: (value: number) => number | null;
  ofPrice: (price: number) => number;
  write: (value: number) => string;
}

function unitsOf(ruler: ISeriesApi<SeriesType>, from: number): Units {
  const first = ruler.dataByIndex(Math.max(0, Math.floor(from)), MismatchDirection.NearestRight) as Data | null;
  const base = first?.close ?? first?.value ?? 0;
  const isPercent = ruler.priceScale().options().mode === PriceScaleMode.Percentage && base > 0;
  if (!isPercent) return { at: (y) => ruler.coordinateToPrice(y), yOf: (price) => ruler.priceToCoordinate(price), ofPrice: (price) => price, write: (price) => ruler.priceFormatter().format(price) };
  const ofPrice = (price: number): number => 100 * (price / base - 1);
  return {
    at: (y) => { const price = ruler.coordinateToPrice(y); return price === null ? null : ofPrice(price); },
    yOf: (percent) => ruler.priceToCoordinate(base * (1 + percent / 100)),
    ofPrice,
    write: (percent) => `${percent.toFixed(2).replace(/^-(?=[0.]*$)/, '').replace('-', '−')} %`,
  };
}

/** Strokes and gaps of a line, in its widths, as the library draws them. */
const DASHES: Partial<Record<LineStyle, [number, number]>> = { [LineStyle.Dotted]: [1, 1], [LineStyle.Dashed]: [2, 2], [LineStyle.LargeDashed]: [6, 6], [LineStyle.SparseDotted]: [1, 4] };

function grid(pen: SvgPen, xs: readonly number[], ys: readonly number[], width: number, height: number, colours: PlotColours): void {
  pen.strokeStyle = colours.grid;
  pen.lineWidth = 1;
  pen.setLineDash([]);
  pen.beginPath();
  for (const x of xs) { pen.moveTo(x, 0); pen.lineTo(x, height); }
  for (const y of ys) { pen.moveTo(0, y); pen.lineTo(width, y); }
  pen.stroke();
}

function drawPrimitives(pen: SvgPen, primitives: readonly ISeriesPrimitive<Time>[], order: string, width: number, height: number): void {
  for (const primitive of primitives) {
    for (const view of primitive.paneViews?.() ?? []) {
      if ((view.zOrder?.() ?? 'normal') !== order) continue;
      const target = { useMediaCoordinateSpace: (draw: (scope: unknown) => void) => draw({ context: pen, mediaSize: { width, height } }) };
      view.renderer()?.draw(target as never);
    }
  }
}

function drawSeries(pen: SvgPen, series: ISeriesApi<SeriesType>, scale: ReturnType<IChartApi['timeScale']>, from: number, to: number, height: number): void {
  const options: Record<string, unknown> = { ...BASE, ...series.options() };
  if (options['visible'] === false) return;
  const type = series.seriesType();
  // By their place on the scale: what a series lists leaves out the columns where it has no value.
  const shown = Array.from({ length: to - from }, (_, i) => i + from).flatMap((i) => {
    const one = series.dataByIndex(i) as Data | null;
    const x = scale.logicalToCoordinate(i as Logical);
    return one === null || x === null ? [] : [{ x, one }];
  });
  const y = (price: number | undefined): number => (price === undefined ? Number.NaN : (series.priceToCoordinate(price) ?? Number.NaN));
  const body = Math.max(1, scale.options().barSpacing * BODY);
  const wide = Number(options['lineWidth'] ?? 1);
  pen.setLineDash(type === 'Line' ? (DASHES[options['lineStyle'] as LineStyle] ?? []).map((part) => part * wide) : []);
  if (type === 'Line') drawLine(pen, shown.map(({ x, one }) => ({ x, y: y(one.value), colour: one.color ?? null })), String(options['color']), wide);
  else for (const { x, one } of shown) {
    if (type === 'Histogram') bar(pen, x, y(one.value), Math.min(height, y(0)) || height, body, one.color ?? String(options['color']));
    else if (one.open !== undefined) candle(pen, x, [y(one.open), y(one.high), y(one.low), y(one.close)], body, options, type === 'Bar');
  }
}

function drawLine(pen: SvgPen, points: readonly { x: number; y: number; colour: string | null }[], colour: string, width: number): void {
  pen.lineWidth = width;
  pen.strokeStyle = colour;
  pen.beginPath();
  let isDown = false;
  for (const point of points) {
    if (Number.isNaN(point.y)) {
      isDown = false;
      continue;
    }
    if (isDown) pen.lineTo(point.x, point.y);
    else pen.moveTo(point.x, point.y);
    // From a point whose colour is clear on nothing is seen, up to the next.
    isDown = point.colour !== 'transparent' && !/rgba\(.*,\s*0\)$/.test(point.colour ?? '');
  }
  pen.stroke();
}

function bar(pen: SvgPen, x: number, y: number, zero: number, width: number, colour: string): void {
  if (Number.isNaN(y)) return;
  pen.fillStyle = colour;
  pen.fillRect(x - width / 2, Math.min(y, zero), width, Math.abs(zero - y));
}

function candle(pen: SvgPen, x: number, [open, high, low, close]: [number, number, number, number], width: number, options: Record<string, unknown>, isBar: boolean): void {
  if ([open, high, low, close].some(Number.isNaN)) return;
  const isUp = close <= open;
  const colour = String(options[isBar ? (isUp ? 'upColor' : 'downColor') : isUp ? 'borderUpColor' : 'borderDownColor']);
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(x, high);
  pen.lineTo(x, low);
  if (isBar) { pen.moveTo(x - width / 2, open); pen.lineTo(x, open); pen.moveTo(x, close); pen.lineTo(x + width / 2, close); }
  pen.stroke();
  if (isBar) return;
  pen.fillStyle = String(options[isUp ? 'upColor' : 'downColor']);
  const [top, tall] = [Math.min(open, close), Math.max(1, Math.abs(open - close))];
  pen.fillRect(x - width / 2, top, width, tall);
  pen.strokeRect(x - width / 2, top, width, tall);
}

function axis(pen: SvgPen, ruler: ISeriesApi<SeriesType>, { at, yOf, ofPrice, write }: Units, top: number, width: number, height: number, colours: PlotColours, isMain: boolean): void {
  pen.font = `11px ${colours.font}`;
  pen.textBaseline = 'middle';
  pen.textAlign = 'left';
  pen.fillStyle = colours.axis;
  for (const { y, price } of priceTicks(height, at, yOf)) pen.fillText(write(price), width + 8, top + y);
  if (!isMain) return;
  const label = (price: number, back: string, text: string): void => {
    const y = ruler.priceToCoordinate(price);
    if (y === null || y < 0 || y > height) return;
    pen.fillStyle = back;
    pen.fillRect(width, top + y - 8, 56, 16);
    pen.fillStyle = text;
    pen.fillText(write(ofPrice(price)), width + 8, top + y);
  };
  for (const line of ruler.priceLines()) {
    const { price, axisLabelColor, axisLabelTextColor, color, axisLabelVisible } = line.options();
    if (axisLabelVisible) label(price, axisLabelColor || color, axisLabelTextColor || colours.pane);
  }
  const last = ruler.data().at(-1) as Data | undefined;
  const value = last?.close ?? last?.value;
  if (value !== undefined && ruler.options().lastValueVisible !== false) label(value, String((ruler.options() as Record<string, unknown>)['priceLineColor'] || colours.axis), colours.pane);
}
