/** The chart library, and the only file that makes one: what is in sight as it is drawn, in the theme's colours. */
import { BarSeries, CandlestickSeries, createChartEx, HistogramSeries, LineSeries, PriceScaleMode, TickMarkType, type IChartApi, type IPriceLine, type ISeriesApi, type ISeriesPrimitive, type MouseEventParams, type SeriesType, type Time, type UTCTimestamp } from 'lightweight-charts';

import { checkedLocale, pixels } from '../format';
import type { ChartMark } from '../ipc';
import { logicalOf, timeOf } from './axis';
import { candleColours, font, markColours, shadeColours, token, type CandleColours } from './colours';
import { columnAt, type Columns } from './columns';
import { gestures } from './gestures';
import type { ChartType, Scale } from './kinds';
import { colourOf, OrderLines, type OrderLine } from './lines';
import { Marks, type MarkPoint } from './marks';
import { paced } from './paced';
import { place } from './place';
import { Sessions, type Shade } from './sessions';
import type { Study } from './studies';
import { StudyLines, type Compared } from './studylines';
import { drawable, holdsNewest, isNear, toLogical, zoomed, type Range } from './viewport';
import type { ChartWindow } from './window';
import { clockAt, dateAt, fullDateAt, instantOf, isOfDays, monthAt, stampOf, writtenAt, yearAt } from './written';
import { MarketTime } from './zone';

export interface CandlesEvents {
  onhover: (point: MarkPoint | null) => void;
  onpin: (point: MarkPoint | null) => void;
  /** The instant of the column under the crosshair. */
  oncolumn: (time: number | null) => void;
}

/** What the crosshair points at: an instant in secs since 1970, and a price. */
export interface Pointed {
  time: number;
  price: number | null;
}

export interface Picture {
  columns: Columns;
  type: ChartType;
  scale: Scale;
  marks: readonly ChartMark[];
  shades: readonly Shade[];
  lines: readonly OrderLine[];
  studies: readonly Study[];
  compares: readonly Compared[];
}

const SCALE_MODES: Record<Scale, PriceScaleMode> = { normal: PriceScaleMode.Normal, log: PriceScaleMode.Logarithmic, percent: PriceScaleMode.Percentage };
const QUIET = { priceLineVisible: false, lastValueVisible: false, crosshairMarkerVisible: false };
/** The library draws a column this many pixels left of its place. */
const OFF_PX = 1;

const secs = (at: Time): number => (typeof at === 'number' ? at : 0);
const TICKS: Partial<Record<TickMarkType, (at: number, bar: string) => string>> = { [TickMarkType.Year]: yearAt, [TickMarkType.Month]: monthAt, [TickMarkType.DayOfMonth]: dateAt };

type Main = ISeriesApi<'Candlestick'> | ISeriesApi<'Bar'> | ISeriesApi<'Line'>;

export class Candles {
  readonly #chart: IChartApi;
  readonly #volume: ISeriesApi<'Histogram'>;
  readonly #marks: Marks;
  readonly #sessions: Sessions;
  readonly #lines: OrderLines;
  readonly #studies: StudyLines;
  readonly #themes: MutationObserver;
  readonly #letGo: (() => void)[] = [];
  readonly #primitives = new Set<ISeriesPrimitive<Time>>();
  readonly #pointers = new Set<(at: Pointed | null) => void>();
  #main: Main;
  #type: ChartType = 'candles';
  #axisLabels: IPriceLine[] = [];
  #picture: Picture | null = null;
  /** Colours of the theme: reading one makes the page reckon its styles. */
  #paints: CandleColours;
  /** Another chart points here, until the pointer comes. The library tells of the crosshair with every repaint too. */
  #isLed = false;
  /** What is drawn: the wish, as far as there are columns for it. */
  #drawn: Range = { from: 0, to: 1 };

  constructor(
    private readonly node: HTMLElement,
    private readonly window: ChartWindow,
    private readonly events: CandlesEvents,
  ) {
    this.#chart = createChartEx<Time, MarketTime>(node, new MarketTime(() => isOfDays(this.#bar())), {
      autoSize: true,
      // WebKit may report the locale "C", on which the library throws at every paint.
      localization: { locale: checkedLocale(navigator.language), timeFormatter: (at: Time) => this.#instant(at) },
      // The library's own sign brings a style element that the window forbids; Attribution.svelte stands for it.
      layout: { attributionLogo: false, fontSize: 11 },
      rightPriceScale: { scaleMargins: { top: 0.1, bottom: 0.24 }, borderVisible: false, entireTextOnly: true },
      timeScale: { timeVisible: true, borderVisible: false, minBarSpacing: 0.05, tickMarkFormatter: (at: Time, type: TickMarkType) => (TICKS[type] ?? clockAt)(secs(at), this.#bar()) },
      // What is in sight is a matter of the whole series, of which the library holds a part.
      handleScroll: false,
      handleScale: { mouseWheel: false, pinch: false, axisPressedMouseMove: { time: false, price: true }, axisDoubleClickReset: { time: false, price: true } },
    });
    this.#paints = candleColours(node);
    this.#main = this.#series('candles');
    this.#volume = this.#chart.addSeries(HistogramSeries, { priceScaleId: 'volume', priceFormat: { type: 'volume' }, priceLineVisible: false, lastValueVisible: false });
    this.#volume.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
    this.#studies = new StudyLines(this.#chart, node);
    this.#sessions = new Sessions(shadeColours(node));
    this.#lines = new OrderLines(this.#paints.lines, (places) => {
      node.dataset['orders'] = places.map((p) => `${p.orderId}:${Math.round(p.y)}`).join(' ');
    });
    // Where each sign is, for those who look without eyes.
    this.#marks = new Marks(markColours(node), paced((points) => {
      node.dataset['marks'] = points.flatMap((p) => p.all.map((mark) => `${mark.seq}:${Math.round(p.x)},${Math.round(p.y)}`)).join(' ');
    }));
    for (const own of [this.#sessions, this.#studies.clouds, this.#lines, this.#marks]) this.addPrimitive(own);
    this.#chart.subscribeCrosshairMove((param) => this.#pointed(param));
    this.#chart.subscribeClick((param) => events.onpin(this.#under(param)));
    const sized = (): void => this.#sized();
    this.#chart.timeScale().subscribeSizeChange(sized);
    this.#letGo.push(this.#gestures(), window.onmoved(() => this.#moved()));
    this.#themes = new MutationObserver(() => this.#paint());
    this.#themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'data-palette'] });
    this.#paint();
  }

  show(picture: Picture): void {
    const before = this.#picture;
    this.#picture = picture;
    if (picture.type !== this.#type) this.#remake(picture.type);
    if (picture.scale !== before?.scale) this.#main.priceScale().applyOptions({ mode: SCALE_MODES[picture.scale] });
    // A status comes twice a second: what it leaves as it was is not handed over again.
    const isNew = before?.columns !== picture.columns;
    const isOther = isNew || before.type !== picture.type;
    if (isNew) this.#empty();
    if (isOther) this.#draw(picture.columns);
    if (isNew || before.studies !== picture.studies || before.compares !== picture.compares) this.#studies.show(picture.columns, picture.studies, picture.compares);
    if (isNew || before.marks !== picture.marks) this.#marks.set(place(picture.columns, picture.marks));
    if (before?.shades !== picture.shades) this.#sessions.set(picture.shades);
    if (isOther || JSON.stringify(before.lines) !== JSON.stringify(picture.lines)) {
      this.#lines.set(picture.lines);
      this.#labelAxis();
    }
    this.#moved(isNew);
  }

  /** Leaves this many pixels free at the top, where a legend lies over the picture. */
  leave(px: number): void {
    this.#sessions.leave(px);
  }

  /** Moves the picture by this many columns; a positive number shows newer ones. */
  move(nColumns: number): void {
    this.window.pan(nColumns * (this.#picture?.columns.barsPerColumn ?? 1));
  }

  /** Puts something on the picture that draws itself; returns how to take it off again. */
  addPrimitive(primitive: ISeriesPrimitive<Time>): () => void {
    this.#primitives.add(primitive);
    this.#main.attachPrimitive(primitive);
    return () => {
      if (this.#primitives.delete(primitive)) this.#main.detachPrimitive(primitive);
    };
  }

  /** Calls back with what the pointer points at, and with null when it leaves. */
  onpoint(listener: (at: Pointed | null) => void): () => void {
    this.#pointers.add(listener);
    return () => this.#pointers.delete(listener);
  }

  /** Shows the crosshair at an instant that another chart points at; null takes it away. */
  pointAt(instant: number | null): void {
    const columns = this.#picture?.columns;
    const at = columns && instant !== null ? columnAt(columns.time, stampOf(instant, this.#bar())) : -1;
    const close = columns?.close[at];
    const place = columns ? columns.first + (at + 0.5) * columns.barsPerColumn : Number.NaN;
    this.#isLed = true;
    // The library would show what is out of sight at the edge, as if it were there.
    if (close === undefined || place < this.#drawn.from || place > this.#drawn.to) {
      this.#chart.clearCrosshairPosition();
      // The library does not tell of that one.
      this.events.oncolumn(null);
    } else this.#chart.setCrosshairPosition(close, columns?.time[at] as UTCTimestamp, this.#main);
  }

  /** Returns the x of an instant, also between columns and beyond the first and the last one. */
  xOf(instant: number): number | null {
    const columns = this.#picture?.columns;
    return columns ? this.#xAt(columns.first + (logicalOf(columns.time, stampOf(instant, this.#bar())) + 0.5) * columns.barsPerColumn) : null;
  }

  /** Returns the instant at x, also beyond the first and the last column. */
  timeAt(x: number): number | null {
    const columns = this.#picture?.columns;
    const stamp = columns ? timeOf(columns.time, this.#logicalAt(x, columns)) : null;
    return stamp === null ? null : this.instantOf(stamp);
  }

  /** Returns the instant that a column of this chart stands for. */
  instantOf(stamp: number): number {
    return instantOf(stamp, this.#bar());
  }

  /** Returns the seconds from one instant to another; on a chart of days those between their dates. */
  apart(from: number, to: number): number {
    return stampOf(to, this.#bar()) - stampOf(from, this.#bar());
  }

  yOf(price: number): number | null {
    return this.#main.priceToCoordinate(price);
  }

  priceAt(y: number): number | null {
    return this.#main.coordinateToPrice(y);
  }

  /** The library's chart and what sits on it, for pictures that are drawn anew. */
  parts(): { chart: IChartApi; main: ISeriesApi<SeriesType>; primitives: readonly ISeriesPrimitive<Time>[] } {
    return { chart: this.#chart, main: this.#main, primitives: [...this.#primitives] };
  }

  /** Returns the picture as it is drawn, axes and what sits on it included. */
  screenshot(): HTMLCanvasElement {
    return this.#chart.takeScreenshot(true);
  }

  /** The newest bars at the usual size again. */
  reset(): void {
    this.#main.priceScale().applyOptions({ autoScale: true });
    this.window.reset();
  }

  remove(): void {
    for (const letGo of this.#letGo) letGo();
    this.#themes.disconnect();
    this.#chart.remove();
  }

  #instant(at: Time): string {
    return (this.#picture?.columns.barsPerColumn ?? 1) > 1000 ? fullDateAt(secs(at), this.#bar()) : writtenAt(secs(at), this.#bar());
  }

  #bar(): string {
    return this.#picture?.columns.head.bar ?? '';
  }

  #gestures(): () => void {
    const perPx = (): number => (this.#drawn.to - this.#drawn.from) / Math.max(1, this.#width());
    return gestures(this.node, {
      isInside: (x, y) => x < this.#width() && y < this.node.clientHeight - this.#chart.timeScale().height(),
      ondrag: (dx, dy) => {
        this.window.pan(-dx * perPx());
        this.#lift(dy);
      },
      onscroll: (dx) => this.window.pan(dx * perPx()),
      onzoom: (x, factor) => {
        const { range, columns } = this.window;
        if (range && columns) this.window.go(zoomed(range, x / Math.max(1, this.#width()), factor, columns.nBars));
      },
      onreset: () => this.reset(),
    });
  }

  /** Moves the prices by pixels, when they were scaled by hand. */
  #lift(dy: number): void {
    const scale = this.#main.priceScale();
    const range = scale.getVisibleRange();
    const by = (this.priceAt(0) ?? 0) - (this.priceAt(dy) ?? 0);
    if (scale.options().autoScale || !range || by === 0) return;
    scale.setVisibleRange({ from: range.from + by, to: range.to + by });
  }

  #width(): number {
    return this.#chart.timeScale().width();
  }

  #sized(): void {
    this.window.resize(this.#width());
    this.#moved();
  }

  /** Shows the wish, as far as there are columns for it. */
  #moved(isNew = false): void {
    const columns = this.#picture?.columns;
    const wish = this.window.range;
    if (!columns || !wish || columns !== this.window.columns || columns.nColumns === 0) return;
    const drawn = drawable(wish, columns);
    if (!isNew && !isNear(wish, drawn)) return;
    this.#drawn = drawn;
    this.#chart.timeScale().setVisibleLogicalRange(toLogical(this.#drawn, columns));
  }

  #xAt(at: number): number {
    return ((at - this.#drawn.from) / (this.#drawn.to - this.#drawn.from)) * this.#width() - OFF_PX;
  }

  /** Returns the column at x, counted from 0 and not rounded. */
  #logicalAt(x: number, { first, barsPerColumn }: Columns): number {
    const at = this.#drawn.from + ((x + OFF_PX) / Math.max(1, this.#width())) * (this.#drawn.to - this.#drawn.from);
    return (at - first) / barsPerColumn - 0.5;
  }

  #series(type: ChartType): Main {
    if (type === 'bars') return this.#chart.addSeries(BarSeries, {});
    if (type === 'line') return this.#chart.addSeries(LineSeries, { ...QUIET, lineWidth: 2, priceLineVisible: true, lastValueVisible: true });
    return this.#chart.addSeries(CandlestickSeries, {});
  }

  #remake(type: ChartType): void {
    for (const primitive of this.#primitives) this.#main.detachPrimitive(primitive);
    this.#chart.removeSeries(this.#main);
    this.#axisLabels = [];
    this.#type = type;
    this.#main = this.#series(type);
    this.#main.setSeriesOrder(0);
    for (const primitive of this.#primitives) this.#main.attachPrimitive(primitive);
    if (this.#picture) this.#main.priceScale().applyOptions({ mode: SCALE_MODES[this.#picture.scale] });
    this.#paintMain();
  }

  /** The library sorts the instants of all series anew for each that changes: with one of them only that one's. */
  #empty(): void {
    this.#volume.setData([]);
    this.#studies.empty();
  }

  #draw(columns: Columns): void {
    const heikinAshi = columns.head.studies.findIndex(({ kind }) => kind === 'heikin-ashi');
    const [open, high, low, close] = (this.#type === 'heikin-ashi' && columns.lines[heikinAshi]) || [columns.open, columns.high, columns.low, columns.close];
    const rows = Array.from(columns.time, (at, i) => ({ time: at as UTCTimestamp, open: open?.[i] ?? 0, high: high?.[i] ?? 0, low: low?.[i] ?? 0, close: close?.[i] ?? 0, value: close?.[i] ?? 0 }));
    // Each kind of series reads its own part of a row.
    this.#main.setData(rows);
    const { digits } = columns.head;
    this.#main.applyOptions({ priceFormat: { type: 'price', precision: digits, minMove: 10 ** -digits } });
    const last = columns.nColumns - 1;
    const isDown = (columns.close[last] ?? 0) < (columns.open[last] ?? 0);
    // Of old bars the last one is no last price, and the close of Heikin-Ashi is none at all.
    const hasLast = holdsNewest(columns) && this.#type !== 'heikin-ashi';
    this.#main.applyOptions({ priceLineColor: isDown ? this.#paints.down : this.#paints.up, priceLineVisible: hasLast, lastValueVisible: hasLast });
    const { upSoft, downSoft } = this.#paints;
    this.#volume.setData(rows.map((row, i) => ({ time: row.time, value: columns.volume[i] ?? 0, color: (columns.close[i] ?? 0) >= (columns.open[i] ?? 0) ? upSoft : downSoft })));
  }

  #labelAxis(): void {
    for (const label of this.#axisLabels) this.#main.removePriceLine(label);
    const colours = this.#paints.lines;
    this.#axisLabels = (this.#picture?.lines ?? []).flatMap((line) => {
      const price = pixels(line.price);
      const color = colourOf(line, colours);
      return price === null ? [] : [this.#main.createPriceLine({ price, color, lineVisible: false, axisLabelVisible: true, axisLabelColor: colours.pane, axisLabelTextColor: color, title: '' })];
    });
    const columns = this.#picture?.columns;
    const price = columns?.close.at(-1);
    if (this.#type !== 'heikin-ashi' || !columns || price === undefined || !holdsNewest(columns)) return;
    const { priceLineColor: color, priceLineStyle: lineStyle } = this.#main.options();
    this.#axisLabels.push(this.#main.createPriceLine({ price, color, lineStyle, lineWidth: 1, lineVisible: true, axisLabelVisible: true, title: '' }));
  }

  #pointed(param: MouseEventParams): void {
    // Where another chart points, nothing is under the pointer.
    if (param.sourceEvent) this.#isLed = false;
    const under = this.#isLed ? null : this.#under(param);
    this.#marks.light(under?.mark.seq ?? null);
    this.events.onhover(under);
    this.events.oncolumn(typeof param.time === 'number' ? param.time : null);
    if (this.#isLed || (!param.sourceEvent && param.point)) return;
    // The column that the crosshair sits on, as this chart shows it, and not what lies between two.
    const instant = typeof param.time === 'number' ? this.instantOf(param.time) : param.point ? this.timeAt(param.point.x) : null;
    for (const tell of this.#pointers) tell(instant === null || !param.point ? null : { time: instant, price: param.paneIndex === 0 ? this.priceAt(param.point.y) : null });
  }

  #under(param: MouseEventParams): MarkPoint | null {
    return param.point && (param.paneIndex ?? 0) === 0 ? this.#marks.at(param.point.x, param.point.y) : null;
  }

  #paint(): void {
    this.#paints = candleColours(this.node);
    const of = (name: string): string => token(this.node, name);
    const label = { color: of('--chart-cross'), labelBackgroundColor: of('--bg-control') };
    this.#chart.applyOptions({
      layout: { background: { color: of('--bg-pane') }, textColor: of('--chart-axis'), fontFamily: font(this.node), panes: { separatorColor: of('--line'), separatorHoverColor: of('--bg-hover') } },
      grid: { vertLines: { color: of('--chart-grid') }, horzLines: { color: of('--chart-grid') } },
      crosshair: { vertLine: label, horzLine: label },
    });
    this.#paintMain();
    this.#studies.paint();
    this.#marks.paint(markColours(this.node));
    this.#sessions.paint(shadeColours(this.node));
    this.#lines.paint(this.#paints.lines);
    if (this.#picture) this.#draw(this.#picture.columns);
    this.#labelAxis();
  }

  #paintMain(): void {
    const { up, down } = this.#paints;
    const pane = this.#paints.lines.pane;
    // A rising candle is hollow, a falling one solid: not by colour alone.
    if (this.#type === 'candles' || this.#type === 'heikin-ashi') this.#main.applyOptions({ upColor: pane, downColor: down, borderUpColor: up, borderDownColor: down, wickUpColor: up, wickDownColor: down });
    else if (this.#type === 'bars') this.#main.applyOptions({ upColor: up, downColor: down, thinBars: true });
    else this.#main.applyOptions({ color: token(this.node, '--accent') });
  }
}
