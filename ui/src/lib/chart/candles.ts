/** The chart library, and the only file that knows it: candles, volume, marks, in the theme's colours. */
import { CandlestickSeries, createChart, HistogramSeries, TickMarkType, type IChartApi, type ISeriesApi, type MouseEventParams, type Time, type UTCTimestamp } from 'lightweight-charts';

import { checkedLocale, pixels, time } from '../format';
import type { Bar, ChartMark } from '../ipc';
import { Marks, type MarkPoint } from './marks';
import { place } from './place';

export interface CandlesEvents {
  onhover: (point: MarkPoint | null) => void;
  onpin: (point: MarkPoint | null) => void;
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
  readonly #marks: Marks;
  readonly #themes: MutationObserver;
  #bars: Bar[] = [];

  constructor(
    private readonly node: HTMLElement,
    events: CandlesEvents,
  ) {
    this.#chart = createChart(node, {
      autoSize: true,
      // WebKit may report the locale "C", on which the library throws at every paint.
      localization: { locale: checkedLocale(navigator.language), timeFormatter: (at: Time) => `${day.format(Date.parse(iso(at)))}, ${time(iso(at))}` },
      layout: { attributionLogo: true, fontSize: 11 },
      rightPriceScale: { scaleMargins: { top: 0.1, bottom: 0.24 }, borderVisible: false },
      timeScale: { timeVisible: true, borderVisible: false, rightOffset: ROOM_RIGHT, tickMarkFormatter: (at: Time, type: TickMarkType) => (isFine(type) ? time(iso(at)).slice(0, 5) : day.format(Date.parse(iso(at)))) },
    });
    this.#candles = this.#chart.addSeries(CandlestickSeries, {});
    this.#volume = this.#chart.addSeries(HistogramSeries, { priceScaleId: 'volume', priceFormat: { type: 'volume' }, priceLineVisible: false, lastValueVisible: false });
    this.#volume.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
    // Where each sign is, for those who look without eyes.
    this.#marks = new Marks(this.#markColours(), (points) => {
      node.dataset['marks'] = points.map((p) => `${p.mark.seq}:${Math.round(p.x)},${Math.round(p.y)}`).join(' ');
    });
    this.#candles.attachPrimitive(this.#marks);
    this.#chart.subscribeCrosshairMove((param) => events.onhover(this.#under(param)));
    this.#chart.subscribeClick((param) => events.onpin(this.#under(param)));
    this.#themes = new MutationObserver(() => this.#paint());
    this.#themes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    this.#paint();
  }

  show(bars: Bar[], marks: ChartMark[], isFresh: boolean): void {
    this.#bars = bars;
    this.#draw();
    this.#marks.set(place(bars, marks));
    if (isFresh) this.#chart.timeScale().setVisibleLogicalRange({ from: Math.max(0, bars.length - BARS_SHOWN), to: bars.length + ROOM_RIGHT });
  }

  remove(): void {
    this.#themes.disconnect();
    this.#chart.remove();
  }

  #draw(): void {
    const up = this.#token('--up-soft');
    const down = this.#token('--down-soft');
    this.#candles.setData(
      this.#bars.flatMap((bar) => {
        const [open, high, low, close] = [pixels(bar.open), pixels(bar.high), pixels(bar.low), pixels(bar.close)];
        if (open === null || high === null || low === null || close === null) return [];
        return [{ time: bar.time as UTCTimestamp, open, high, low, close }];
      }),
    );
    const last = this.#bars.at(-1);
    const isDown = (pixels(last?.close) ?? 0) < (pixels(last?.open) ?? 0);
    this.#candles.applyOptions({ priceLineColor: this.#token(isDown ? '--down' : '--up') });
    this.#volume.setData(this.#bars.map((bar) => ({ time: bar.time as UTCTimestamp, value: pixels(bar.volume) ?? 0, color: (pixels(bar.close) ?? 0) >= (pixels(bar.open) ?? 0) ? up : down })));
  }

  #under(param: MouseEventParams): MarkPoint | null {
    return param.point ? this.#marks.at(param.point.x, param.point.y) : null;
  }

  #paint(): void {
    const [up, down, pane, grid, axis, cross] = ['--up', '--down', '--bg-pane', '--chart-grid', '--chart-axis', '--chart-cross'].map((name) => this.#token(name)) as [string, string, string, string, string, string];
    this.#chart.applyOptions({
      layout: { background: { color: pane }, textColor: axis, fontFamily: getComputedStyle(this.node).fontFamily },
      grid: { vertLines: { color: grid }, horzLines: { color: grid } },
      crosshair: { vertLine: { color: cross, labelBackgroundColor: this.#token('--bg-control') }, horzLine: { color: cross, labelBackgroundColor: this.#token('--bg-control') } },
    });
    // A rising candle is hollow, a falling one solid: not by colour alone.
    this.#candles.applyOptions({ upColor: pane, downColor: down, borderUpColor: up, borderDownColor: down, wickUpColor: up, wickDownColor: down });
    this.#marks.paint(this.#markColours());
    this.#draw();
  }

  #markColours(): { buy: string; sell: string; refuse: string; pane: string } {
    return { buy: this.#token('--buy'), sell: this.#token('--sell'), refuse: this.#token('--refuse'), pane: this.#token('--bg-pane') };
  }

  #token(name: string): string {
    return getComputedStyle(this.node).getPropertyValue(name).trim() || '#888888';
  }
}
