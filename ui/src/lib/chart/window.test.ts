import { expect, test } from 'vitest';

import type { ColumnsRequest } from '../ipc';
import { encode } from '../ipc/encode';
import type { Columns } from './columns';
import { ChartWindow, type Series } from './window';

const SPY: Series = { symbol: 'SPY', bar: '1m', what: 'TRADES', isRegular: false, studies: [] };

/** A backend of bars at each minute; its answers come when they are let go. */
class Bars {
  asked: ColumnsRequest[] = [];
  #waiting: (() => void)[] = [];

  /** `from` is the minute of the oldest bar. */
  constructor(
    public nBars: number,
    public from = 1_000_000,
  ) {}

  ask = (request: ColumnsRequest): Promise<ArrayBuffer> => {
    this.asked.push(request);
    return new Promise((answer, refuse) => this.#waiting.push(() => (this.isBroken ? refuse(new Error('no disk')) : answer(this.answer(request)))));
  };
  isBroken = false;

  /** Lets the oldest question have its answer. */
  async letGo(): Promise<void> {
    this.#waiting.shift()?.();
    await new Promise((done) => setTimeout(done));
  }

  async settle(): Promise<void> {
    while (this.#waiting.length > 0) await this.letGo();
  }

  get nWaiting(): number {
    return this.#waiting.length;
  }

  answer({ start, n_columns, bars_per_column: level, symbol, bar, what, is_regular }: ColumnsRequest): ArrayBuffer {
    const wanted = start.by === 'index' ? start.first : start.by === 'time' ? Math.floor(start.at / 60 - this.from - (n_columns * level) / 2) : this.nBars - n_columns * level;
    const first = Math.floor(Math.max(0, Math.min(wanted, this.nBars - 1)) / level) * level;
    const n = Math.min(n_columns, Math.ceil((this.nBars - first) / level));
    const time = Float64Array.from({ length: n }, (_, i) => (this.from + first + i * level) * 60);
    const flat = new Float64Array(n).fill(1);
    const head = { symbol, bar, what, is_regular, n_bars: this.nBars, first, bars_per_column: level, n_columns: n, digits: 2, zone: 'America/New_York', studies: [], sessions: [], has_older: false, note: null };
    return encode(head, [time, flat, flat, flat, flat, flat]);
  }
}

interface Watched {
  window: ChartWindow;
  pictures: (Columns | null)[];
  failures: unknown[];
}

function open(bars: Bars): Watched {
  const pictures: (Columns | null)[] = [];
  const failures: unknown[] = [];
  const window = new ChartWindow(bars.ask, { oncolumns: (c) => pictures.push(c), onmoved: () => undefined, onfailure: (f) => failures.push(f) });
  window.resize(800);
  return { window, pictures, failures };
}

async function opened(bars: Bars, series = SPY): Promise<Watched> {
  const watched = open(bars);
  watched.window.show(series);
  await bars.settle();
  return watched;
}

/** The instants at the edges of the picture. */
const instants = ({ range, columns }: ChartWindow, from: number): [number, number] | null => (range && columns ? [range.from + from, range.to + from] : null);

test('a chart opens at the newest bars', async () => {
  const bars = new Bars(10_000_000);
  const { window } = await opened(bars);
  expect(window.range?.to).toBe(10_000_008);
  expect(window.columns?.nBars).toBe(10_000_000);
  expect(bars.asked[0]?.start).toEqual({ by: 'newest' });
});

test('panning asks once at a time, the newest wish next, and keeps the old picture meanwhile', async () => {
  const bars = new Bars(10_000_000);
  const { window, pictures } = await opened(bars);
  const nAsked = bars.asked.length;
  for (let i = 0; i < 50; i++) window.pan(-100_000);
  expect(bars.asked.length).toBe(nAsked + 1);
  expect(window.columns).toBe(pictures.at(-1));
  await bars.settle();
  // The first wish, and the last one; none between them.
  expect(bars.asked.length).toBe(nAsked + 2);
  const { range, columns } = window;
  expect(range?.from).toBeGreaterThanOrEqual(columns?.first ?? Infinity);
  expect(range?.to).toBeLessThanOrEqual((columns?.first ?? 0) + (columns?.nColumns ?? 0));
  expect(pictures.slice(1)).not.toContain(null);
});

test('an answer to another symbol is dropped', async () => {
  const bars = new Bars(1000);
  const { window, pictures } = open(bars);
  window.show(SPY);
  window.show({ ...SPY, symbol: 'QQQ' });
  await bars.settle();
  expect(pictures.filter((c) => c !== null).map((c) => c.head.symbol)).toEqual(['QQQ']);
});

test('both ends of ten million bars are a key away', async () => {
  const bars = new Bars(10_000_000);
  const { window } = await opened(bars);
  const wide = (window.range?.to ?? 0) - (window.range?.from ?? 0);
  window.go({ from: -1e9, to: -1e9 + wide });
  await bars.settle();
  expect(window.columns?.first).toBe(0);
  expect(window.range?.from).toBeLessThanOrEqual(0);
  window.reset();
  await bars.settle();
  expect((window.columns?.first ?? 0) + (window.columns?.nColumns ?? 0)).toBe(10_000_000);
});

test('the whole series is in sight with fewer columns than two for a pixel', async () => {
  const bars = new Bars(10_000_000);
  const { window } = await opened(bars);
  window.go({ from: 0, to: 10_000_000 });
  await bars.settle();
  expect(window.columns?.nColumns).toBeLessThanOrEqual(1600);
  expect(window.columns?.first).toBe(0);
  expect((window.columns?.barsPerColumn ?? 0) * (window.columns?.nColumns ?? 0)).toBeGreaterThanOrEqual(10_000_000);
});

test('older bars that come in front leave the picture where it is', async () => {
  const bars = new Bars(5000);
  const { window } = await opened(bars);
  window.go({ from: 100, to: 500 });
  await bars.settle();
  const before = instants(window, bars.from);
  bars.from -= 30_000;
  bars.nBars += 30_000;
  window.refresh();
  await bars.settle();
  expect(window.range?.from).toBe(30_100);
  expect(instants(window, bars.from)).toEqual(before);
});

test('also when the question was by number', async () => {
  const bars = new Bars(5000);
  const { window } = await opened(bars);
  window.go({ from: 1000, to: 1400 });
  await bars.settle();
  bars.from -= 400;
  bars.nBars += 400;
  window.pan(-600);
  const before = instants(window, bars.from + 400);
  await bars.settle();
  expect(instants(window, bars.from)).toEqual(before);
  expect(window.columns?.first).toBeLessThanOrEqual(window.range?.from ?? -1);
});

test('a picture of the newest bars follows what comes, any other stays', async () => {
  const bars = new Bars(5000);
  const { window } = await opened(bars);
  bars.nBars += 3;
  window.refresh();
  await bars.settle();
  expect(window.range?.to).toBe(5011);
  window.go({ from: 3000, to: 3200 });
  await bars.settle();
  bars.nBars += 3;
  window.refresh();
  await bars.settle();
  expect(window.range).toEqual({ from: 3000, to: 3200 });
});

test('a series that begins with a bar or none comes to the usual picture as it grows, and not once it was moved', async () => {
  const bars = new Bars(1);
  const { window } = await opened(bars);
  bars.nBars = 4000;
  window.refresh();
  await bars.settle();
  expect((window.range?.to ?? 0) - (window.range?.from ?? 0)).toBe(143);
  window.resize(1000);
  expect((window.range?.to ?? 0) - (window.range?.from ?? 0)).toBe(179);
  window.pan(-500);
  await bars.settle();
  window.resize(800);
  expect((window.range?.to ?? 0) - (window.range?.from ?? 0)).toBe(179);
});

test('a failure is told, keeps the picture, and is asked again when time passes', async () => {
  const bars = new Bars(50_000);
  const { window, failures } = await opened(bars);
  bars.isBroken = true;
  window.refresh();
  await bars.settle();
  expect(failures.length).toBe(1);
  expect(window.columns).not.toBeNull();
  expect(bars.nWaiting).toBe(0);
  bars.isBroken = false;
  window.refresh();
  await bars.settle();
  expect(failures.length).toBe(1);
});

test('a backend that gives less than was asked for is not asked without end', async () => {
  const bars = new Bars(50_000);
  const { window } = await opened(bars);
  bars.answer = (request) => new Bars(50_000).answer({ ...request, n_columns: Math.min(50, request.n_columns) });
  window.go({ from: 20_000, to: 20_700 });
  await bars.settle();
  const nAsked = bars.asked.length;
  window.refresh();
  await bars.settle();
  expect(bars.asked.length).toBeLessThan(nAsked + 4);
});

test('an empty series is no failure', async () => {
  const { window, failures } = await opened(new Bars(0));
  expect(failures).toEqual([]);
  expect(window.columns?.nColumns).toBe(0);
});
