/** The chart library, and the only file that makes one: candles, volume and layers, in the theme's colours. */
import { CandlestickSeries, createChart, HistogramSeries, LineSeries, TickMarkType, type IChartApi, type IPriceLine, type ISeriesApi, type MouseEventParams, type Time, type UTCTimestamp } from 'lightweight-charts';

import { checkedLocale, pixels, time } from '../format';
import type { Bar, ChartMark, LinePoint } from '../ipc';
import { colourOf, OrderLines, type LineColours } from './lines';
import { Marks, type Colours, type MarkPoint } from './marks';
import { place } from './place';
import { Sessions, type Shade, type ShadeColours } from './sessions';
import type { OrderLine } from './view.svelte';

export interface CandlesEvents {
  onhover: (point: MarkPoint | null) => void;
  onpin: (point: MarkPoint | null) => void;
  onbar: (bar: Bar | null) => void;
}

export interface Picture {
  bars: Bar[];
  marks: ChartMark[];
  vwap: LinePoint[];
  shades: Shade[];
  lines: OrderLine[];
}

/** Space right of the newest bar, in bars: the next order is drawn there. */
const ROOM_RIGHT = 8;
/** Bars in the first picture, the newest ones; the rest is a scroll away. */
const BARS_SHOWN = 140;

const iso = (at: Time): string => new Date((typeof at === 'number' ? at : 0) * 1000).toISOString();
const day = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/New_York', day: 'numeric', month: 'short' });
const isFine = (type: TickMarkType): boolean => type === TickMarkType.Time || type === TickMarkType.TimeWithSeconds;

export class Candles {
  readonly #chart: IChartApi;
  readonly #candles: ISeriesApi<'Candlestick'>;
  readonly #volume: ISeriesApi<'Histogram'>;
  readonly #vwap: ISeriesApi<'Line'>;
  readonly #marks: Marks;
  readonly #sessions: Sessions;
  readonly #lines: OrderLines;
  readonly #themes: MutationObserver;
  #axisLabels: IPriceLine[] = [];
  #picture: Picture = { bars: [], marks: [], vwap: [], shades: [], lines: [] };

  constructor(
    private readonly node: HTMLElement,
    private readonly events: CandlesEvents,
  ) {
    this.#chart = createChart(node, {
      autoSize: true,
      // WebKit may report the locale "C", on which the library throws at every paint.
      localization: { locale: checkedLocale(navigator.language), timeFormatter: (at: Time) => `${day.format(Date.parse(iso(at)))}, ${time(iso(at))}` },
      // The library's own sign brings a style element that the window forbids; Attribution.svelte stands for it.
      layout: { attributionLogo: false, fontSize: 11 },
      rightPriceScale: { scaleMargins: { top: 0.1, bottom: 0.24 }, borderVisible: false },
      timeScale: { timeVisible: true, borderVisible: false, rightOffset: ROOM_RIGHT, tickMarkFormatter: (at: Time, type: TickMarkType) => (isFine(type) ? time(iso(at)).slice(0, 5) : day.format(Date.parse(iso(at)))) },
    });
    this.#candles = this.#chart.addSeries(CandlestickSeries, {});
    this.#volume = this.#chart.addSeries(HistogramSeries, { priceScaleId: 'volume', priceFormat: { type: 'volume' }, priceLineVisible: false, lastValueVisible: false });
    this.#volume.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
    this.#vwap = this.#chart.addSeries(LineSeries, { lineWidth: 2, priceLineVisible: false, lastValueVisible: false, crosshairMarkerVisible: false });
    this.#sessions = new Sessions(this.#shadeColours());
    this.#candles.attachPrimitive(this.#sessions);
    this.#lines = new OrderLines(this.#lineColours(), (places) => {
      node.dataset['orders'] = places.map((p) => `${p.orderId}:${Math.round(p.y)}`).join(' ');
    });
    this.#candles.attachPrimitive(this.#lines);
    // Where each sign is, for those who look without eyes.
    this.#marks = new Marks(this.#markColours(), (points) => {
      node.dataset['marks'] = points.map((p) => `${p.mark.seq}:${Math.round(p.x)},${Math.round(p.y)}`).join(' ');
    });
    this.#candles.attachPrimitive(this.#marks);
    this.#chart.subscribeCrosshairMove((param) => this.#pointed(param));
    this.#chart.subscribeClick((param) => events.onpin(this.#under(param)));
    this.#themes = new MutationObserver(() => this.#paint());
    this.#themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'data-palette'] });
    this.#paint();
  }

  show(picture: Picture, isFresh: boolean): void {
    this.#picture = picture;
    this.#draw();
    this.#marks.set(place(picture.bars, picture.marks));
    this.#sessions.set(picture.shades);
    this.#lines.set(picture.lines);
    const n = picture.bars.length;
    if (isFresh) this.#chart.timeScale().setVisibleLogicalRange({ from: Math.max(0, n - BARS_SHOWN), to: n + ROOM_RIGHT });
  }

  /** Moves the picture by this many bars; a positive number shows newer ones. */
  move(nBars: number): void {
    const scale = this.#chart.timeScale();
    scale.scrollToPosition(scale.scrollPosition() + nBars, false);
  }

  /** The newest bars again, as at first. */
  reset(): void {
    this.#chart.priceScale('right').applyOptions({ autoScale: true });
    const n = this.#picture.bars.length;
    this.#chart.timeScale().setVisibleLogicalRange({ from: Math.max(0, n - BARS_SHOWN), to: n + ROOM_RIGHT });
  }

  remove(): void {
    this.#themes.disconnect();
    this.#chart.remove();
  }

  #draw(): void {
    const { bars, vwap } = this.#picture;
    const up = this.#token('--up-soft');
    const down = this.#token('--down-soft');
    this.#candles.setData(
      bars.flatMap((bar) => {
        const [open, high, low, close] = [pixels(bar.open), pixels(bar.high), pixels(bar.low), pixels(bar.close)];
        if (open === null || high === null || low === null || close === null) return [];
        return [{ time: bar.time as UTCTimestamp, open, high, low, close }];
      }),
    );
    const last = bars.at(-1);
    const isDown = (pixels(last?.close) ?? 0) < (pixels(last?.open) ?? 0);
    this.#candles.applyOptions({ priceLineColor: this.#token(isDown ? '--down' : '--up') });
    this.#volume.setData(bars.map((bar) => ({ time: bar.time as UTCTimestamp, value: pixels(bar.volume) ?? 0, color: (pixels(bar.close) ?? 0) >= (pixels(bar.open) ?? 0) ? up : down })));
    this.#vwap.setData(
      vwap.flatMap((point) => {
        const value = pixels(point.value);
        return value === null ? [] : [{ time: point.time as UTCTimestamp, value }];
      }),
    );
    this.#labelAxis();
  }

  #labelAxis(): void {
    for (const label of this.#axisLabels) this.#candles.removePriceLine(label);
    const colours = this.#lineColours();
    this.#axisLabels = this.#picture.lines.flatMap((line) => {
      const price = pixels(line.price);
      const color = colourOf(line, colours);
      return price === null ? [] : [this.#candles.createPriceLine({ price, color, lineVisible: false, axisLabelVisible: true, axisLabelColor: colours.pane, axisLabelTextColor: color, title: '' })];
    });
  }

  #pointed(param: MouseEventParams): void {
    const under = this.#under(param);
    this.#marks.light(under?.mark.seq ?? null);
    this.events.onhover(under);
    const at = typeof param.time === 'number' ? param.time : null;
    this.events.onbar(at === null ? null : (this.#picture.bars.find((bar) => bar.time === at) ?? null));
  }

  #under(param: MouseEventParams): MarkPoint | null {
    return param.point ? this.#marks.at(param.point.x, param.point.y) : null;
  }

  #paint(): void {
    const [up, down, pane, grid, axis, cross] = ['--up', '--down', '--bg-pane', '--chart-grid', '--chart-axis', '--chart-cross'].map((name) => this.#token(name)) as [string, string, string, string, string, string];
    const label = { color: cross, labelBackgroundColor: this.#token('--bg-control') };
    this.#chart.applyOptions({
      layout: { background: { color: pane }, textColor: axis, fontFamily: this.#font() },
      grid: { vertLines: { color: grid }, horzLines: { color: grid } },
      crosshair: { vertLine: label, horzLine: label },
    });
    // A rising candle is hollow, a falling one solid: not by colour alone.
    this.#candles.applyOptions({ upColor: pane, downColor: down, borderUpColor: up, borderDownColor: down, wickUpColor: up, wickDownColor: down });
    this.#vwap.applyOptions({ color: this.#token('--bot-3') });
    this.#marks.paint(this.#markColours());
    this.#sessions.paint(this.#shadeColours());
    this.#lines.paint(this.#lineColours());
    this.#draw();
  }

  #markColours(): Colours {
    return { buy: this.#token('--buy'), sell: this.#token('--sell'), refuse: this.#token('--refuse'), glow: this.#token('--refuse-soft'), pane: this.#token('--bg-pane') };
  }

  #lineColours(): LineColours {
    return { buy: this.#token('--buy'), sell: this.#token('--sell'), stop: this.#token('--os-dead'), pane: this.#token('--bg-pane'), font: this.#font() };
  }

  #shadeColours(): ShadeColours {
    return { fill: this.#token('--session-ext'), text: this.#token('--text-3'), pane: this.#token('--bg-pane'), font: this.#font() };
  }

  #font(): string {
    return getComputedStyle(this.node).fontFamily;
  }

  #token(name: string): string {
    return getComputedStyle(this.node).getPropertyValue(name).trim() || '#888888';
  }
}
