/**
 * Figures of the chart on sample data, in the browser that runs this page: from a change of the view
 * to the frame that shows it, and the time between frames while panning. Beside it the bare chart
 * library with all bars loaded. No part of the shipped window; `run.js` drives it.
 */
import { CandlestickSeries, createChart, HistogramSeries, type IChartApi, type UTCTimestamp } from 'lightweight-charts';

import '../src/styles/tokens.css';
import { Candles } from '../src/lib/chart/candles';
import { decode, type Columns } from '../src/lib/chart/columns';
import { drawable, wanted, type Range } from '../src/lib/chart/viewport';
import { usual, type Study } from '../src/lib/chart/studies';
import { ChartWindow } from '../src/lib/chart/window';
import type { ColumnsRequest } from '../src/lib/ipc';
import { seeded } from '../src/lib/ipc/mock/clock';
import { columns as sample } from '../src/lib/ipc/mock/series';

export interface Figures {
  nBars: number;
  /** Milliseconds, one for each change of the view. */
  changes: number[];
  /** Of these, spent on making the sample's columns, which the backend does otherwise. */
  making: number[];
  /** Milliseconds in which columns were handed to the library. */
  showing: number[];
  /** Bytes of the answers. */
  bytes: number[];
  /** Milliseconds between frames while panning. */
  frames: number[];
  /** The longest time in which the picture before stayed, because there were no columns for the wish: of changes of the view, and of panning. */
  heldMs: { changing: number; panning: number };
  /** Milliseconds until all bars were loaded. */
  loadMs: number;
}

const WIDTH = 1000;
const HEIGHT = 560;
const N_CHANGES = 60;
/** The library alone takes many seconds for some of them. */
const N_CHANGES_BARE = 12;
const N_FRAMES = 240;
/** Frames of panning between two statuses of the backend, which come twice a second. */
const STATUS_EVERY = 30;
const ORDERS = [653.1, 655.2, 658.4];
/** Pixels that a frame of panning moves by: a fast throw. */
const PX_PER_FRAME = 40;
/** Bars in sight, from near to far. */
const SPANS = [120, 600, 3000, 30_000, 1_000_000, 20_000_000];

const place = document.querySelector<HTMLElement>('#chart') ?? document.body;
place.style.width = `${WIDTH}px`;
place.style.height = `${HEIGHT}px`;
place.style.background = 'var(--bg-pane)';

const frame = (): Promise<number> => new Promise((done) => requestAnimationFrame(done));
/** The frame that is asked for by now is on the screen, as far as a page can tell. */
async function painted(): Promise<number> {
  await frame();
  return new Promise((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(null);
  });
}

/** Views all over the series, the same ones in every run. */
function views(nBars: number, n: number): Range[] {
  const next = seeded(42);
  return Array.from({ length: n }, (_, i) => {
    const wide = Math.min(SPANS[i % SPANS.length] ?? 120, nBars);
    const from = Math.floor(next() * (nBars - wide));
    return { from, to: from + wide };
  });
}

/** Pans to and fro within the series, and returns the time between frames. */
async function pan(by: (px: number) => boolean): Promise<number[]> {
  const frames: number[] = [];
  let side = -1;
  let last = await frame();
  for (let i = 0; i < N_FRAMES; i++) {
    if (!by(side * PX_PER_FRAME)) side = -side;
    const now = await frame();
    frames.push(now - last);
    last = now;
  }
  return frames;
}

/** The chart as it is shipped, on columns around what is in sight. */
async function own(nBars: number): Promise<Figures> {
  place.replaceChildren();
  const figures: Figures = { nBars, changes: [], making: [], showing: [], bytes: [], frames: [], heldMs: { changing: 0, panning: 0 }, loadMs: 0 };
  let making = 0;
  let candles: Candles | null = null;
  let shown: Columns | null = null;
  let told = (): void => undefined;
  const studies: Study[] = [];
  for (const kind of ['vwap', 'bollinger', 'rsi']) studies.push(usual(kind, studies));
  const none = { marks: [], shades: [], compares: [] };
  const show = (columns: Columns): void => candles?.show({ columns, type: 'candles', scale: 'normal', studies, ...none, lines: ORDERS.map((price, orderId) => ({ orderId, price: String(price), side: 'buy', isStop: false, label: `LMT 10 at ${price}` })) });
  const ask = async (request: ColumnsRequest): Promise<ArrayBuffer> => {
    const start = performance.now();
    const bytes = sample(request, { nBars });
    making += performance.now() - start;
    figures.bytes.push(bytes.byteLength);
    // An answer of the backend never comes within the turn that asked.
    return new Promise((done) => setTimeout(() => done(bytes)));
  };
  const window = new ChartWindow(ask, {
    oncolumns: (columns) => {
      shown = columns;
      const start = performance.now();
      if (columns) show(columns);
      figures.showing.push(performance.now() - start);
      told();
    },
    onmoved: () => undefined,
    onfailure: (thrown) => {
      throw thrown;
    },
  });
  const isWhole = (): boolean => {
    const { range, columns } = window;
    return range !== null && columns !== null && shown === columns && drawable(range, columns) === range && wanted(range, WIDTH, columns) === null;
  };
  const whole = async (): Promise<void> => {
    while (!isWhole()) await new Promise<void>((done) => (told = done));
  };
  candles = new Candles(place, window, { onhover: () => undefined, onpin: () => undefined, oncolumn: () => undefined });
  const start = performance.now();
  window.show({ symbol: 'SPY', bar: '1m', what: 'TRADES', isRegular: false, studies: studies.map(({ kind, params }) => ({ kind, params })) });
  await whole();
  figures.loadMs = (await painted()) - start;
  for (const view of views(window.columns?.nBars ?? 0, N_CHANGES)) {
    making = 0;
    const began = performance.now();
    window.go(view);
    await whole();
    figures.heldMs.changing = Math.max(figures.heldMs.changing, performance.now() - began - making);
    figures.changes.push((await painted()) - began);
    figures.making.push(making);
  }
  const n = window.columns?.nBars ?? 0;
  window.go({ from: n / 2 - 90, to: n / 2 + 90 });
  await whole();
  await painted();
  let heldSince: number | null = null;
  let nFrames = 0;
  const settle = (): void => {
    if (heldSince !== null) figures.heldMs.panning = Math.max(figures.heldMs.panning, performance.now() - heldSince);
    heldSince = null;
  };
  figures.frames = await pan((px) => {
    const { range, columns } = window;
    if (!range || !columns) return true;
    if (nFrames++ % STATUS_EVERY === 0) show(columns);
    const before = range.from;
    window.pan((px * (range.to - range.from)) / WIDTH);
    const isHeld = window.range !== null && drawable(window.range, columns) !== window.range;
    if (!isHeld) settle();
    else heldSince ??= performance.now();
    return window.range?.from !== before;
  });
  settle();
  candles.remove();
  return figures;
}

/** The chart library alone, with every bar loaded. */
async function bare(nBars: number): Promise<Figures> {
  place.replaceChildren();
  const figures: Figures = { nBars, changes: [], making: [], showing: [], bytes: [], frames: [], heldMs: { changing: 0, panning: 0 }, loadMs: 0 };
  const rows: { time: UTCTimestamp; open: number; high: number; low: number; close: number }[] = [];
  const volumes: { time: UTCTimestamp; value: number }[] = [];
  const STEP = 5000;
  for (let first = 0; first < nBars; first += STEP) {
    const { time, open, high, low, close, volume } = decode(sample({ symbol: 'SPY', bar: '1m', what: 'TRADES', is_regular: false, start: { by: 'index', first }, n_columns: Math.min(STEP, nBars - first), bars_per_column: 1, studies: [] }, { nBars }));
    time.forEach((at, i) => {
      rows.push({ time: at as UTCTimestamp, open: open[i] ?? 0, high: high[i] ?? 0, low: low[i] ?? 0, close: close[i] ?? 0 });
      volumes.push({ time: at as UTCTimestamp, value: volume[i] ?? 0 });
    });
  }
  const chart: IChartApi = createChart(place, { autoSize: true, layout: { attributionLogo: false }, timeScale: { minBarSpacing: 0.00001 }, localization: { locale: 'en-US' } });
  const candles = chart.addSeries(CandlestickSeries, {});
  const volume = chart.addSeries(HistogramSeries, { priceScaleId: 'volume' });
  const start = performance.now();
  candles.setData(rows);
  volume.setData(volumes);
  const scale = chart.timeScale();
  figures.loadMs = (await painted()) - start;
  for (const { from, to } of views(nBars, N_CHANGES_BARE)) {
    const began = performance.now();
    scale.setVisibleLogicalRange({ from, to });
    figures.changes.push((await painted()) - began);
  }
  let from = nBars / 2 - 90;
  figures.frames = await pan((px) => {
    const next = Math.max(0, Math.min(nBars - 180, from + (px * 180) / WIDTH));
    const isMoved = next !== from;
    from = next;
    scale.setVisibleLogicalRange({ from, to: from + 180 });
    return isMoved;
  });
  chart.remove();
  return figures;
}

declare global {
  interface Window {
    figures: (kind: 'own' | 'bare', nBars: number) => Promise<Figures>;
  }
}
window.figures = (kind, nBars) => (kind === 'own' ? own(nBars) : bare(nBars));
document.body.dataset['ready'] = 'true';
