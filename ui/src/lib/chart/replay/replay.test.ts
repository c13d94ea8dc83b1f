import { beforeEach, describe, expect, test } from 'vitest';

import { Refusal, type Backend, type ColumnsHead, type ColumnsRequest, type Failure, type OrderSpan, type Reply, type Request } from '../../ipc';
import { encode } from '../../ipc/encode';
import { decode, type Columns } from '../columns';
import { dayOf, spanOf, weekdayBefore } from './days';
import { replayOf, type Replay } from './replay.svelte';

/** Monday, 16 November 2026, 09:30 in New York. */
const OPEN = Date.UTC(2026, 10, 16, 14, 30) / 1000;
/** Six bars of an hour on each of three days; the close of bar n is n. */
const TIMES = [-86_400, 0, 86_400].flatMap((day) => Array.from({ length: 6 }, (_, i) => OPEN + day + i * 3600));
const ORDER: OrderSpan = { entry: 7, bot: 'alpha', order_id: 3, side: 'BUY', quantity: '10', price: '8.5', is_stop: false, terms: 'LMT 8.5', from: OPEN + 600, to: OPEN + 7300 };

/** Days of two weeks, each stamped as the store stamps them: midnight in UTC of its date. */
const DAYS = Array.from({ length: 14 }, (_, i) => Date.UTC(2026, 10, 9 + i) / 1000).filter((at) => ![0, 6].includes(new Date(at * 1000).getUTCDay()));

class Store implements Backend {
  readonly isSample = true;
  asked: ColumnsRequest[] = [];
  /** Older bars that came in front. */
  nOlder = 0;
  /** Bars from here on are not fetched yet. */
  until = Infinity;
  why: Failure | null = null;
  async ask(request: Request): Promise<Reply> {
    return { reply: 'order-spans', orders: request.do === 'order-spans' && request.symbol === 'SPY' ? [ORDER] : [] };
  }
  async subscribe(): Promise<() => void> {
    return () => undefined;
  }
  async columns(request: ColumnsRequest): Promise<ArrayBuffer> {
    this.asked.push(request);
    if (this.why) throw new Refusal(this.why);
    const times = [...Array.from({ length: this.nOlder }, (_, i) => OPEN - 30 * 86_400 + i * 3600), ...(request.bar === '1d' ? DAYS : TIMES).filter((at) => at < this.until)];
    const per = request.bars_per_column;
    const { start } = request;
    const middle = start.by === 'time' ? Math.max(0, times.findLastIndex((time) => time <= start.at)) : 0;
    const wanted = start.by === 'index' ? start.first : start.by === 'time' ? middle - Math.floor(request.n_columns / 2) * per : times.length - request.n_columns * per;
    const first = Math.floor(Math.max(0, wanted) / per) * per;
    const n = Math.min(request.n_columns, Math.ceil((times.length - first) / per));
    const at = (i: number, bar: number): number => Math.min(times.length - 1, first + i * per + bar) - this.nOlder;
    const of = (pick: (i: number) => number): Float64Array => Float64Array.from({ length: n }, (_, i) => pick(i));
    const head: ColumnsHead = { symbol: request.symbol, bar: request.bar, what: request.what, is_regular: request.is_regular, n_bars: times.length, first, bars_per_column: per, n_columns: n, digits: 2, zone: 'America/New_York', studies: request.studies.map(({ kind, params }) => ({ kind, params, lines: kind === 'ichimoku' ? ['conversion', 'lagging'] : ['value'] })), sessions: [], has_older: false, note: null };
    return encode(head, [of((i) => times[first + i * per] ?? 0), of((i) => at(i, 0)), of((i) => at(i, per - 1) + 0.5), of((i) => at(i, 0) - 0.5), of((i) => at(i, per - 1)), of(() => per), ...head.studies.flatMap(({ lines }) => lines.map(() => of(() => 1)))]);
  }
}

let store: Store;
let replay: Replay;
const asked = (change: Partial<ColumnsRequest> = {}): ColumnsRequest => ({ symbol: 'SPY', bar: '1h', what: 'TRADES', is_regular: true, start: { by: 'newest' }, n_columns: 100, bars_per_column: 1, studies: [], ...change });
const seen = async (change: Partial<ColumnsRequest> = {}): Promise<Columns> => decode(await replay.columns(asked(change)));
beforeEach(async () => {
  store = new Store();
  const made = replayOf(store, '2026-11-16');
  if (!made) throw new Error('it is a day');
  replay = made;
  await replay.follow('SPY', '1h', 'TRADES', true);
});

describe('days', () => {
  test('a day goes from midnight to midnight in New York, also when the clock changes', () => {
    const hours = (day: string): number => { const span = spanOf(day); return span ? (span.to - span.from) / 3600 : 0; };
    expect(['2026-11-16', '2026-11-01', '2026-03-08'].map(hours)).toEqual([24, 25, 23]);
    expect(spanOf('2026-11-16')?.from).toBe(Date.UTC(2026, 10, 16, 5) / 1000);
    expect([spanOf(''), spanOf('2026-13-40')]).toEqual([null, null]);
  });
  test('the weekday before a Monday is the Friday', () => {
    expect([dayOf(OPEN), weekdayBefore(OPEN), weekdayBefore(OPEN + 86_400)]).toEqual(['2026-11-16', '2026-11-13', '2026-11-16']);
  });
});

describe('what is seen', () => {
  test('it begins with the first bar of the day that is over, and ends with the last', async () => {
    expect([replay.from, replay.to, replay.at]).toEqual([OPEN + 3600, OPEN + 6 * 3600, OPEN + 3600]);
    const columns = await seen();
    expect([columns.nBars, [...columns.close].at(-1)]).toEqual([7, 6]);
  });

  test('a bar is there when it is over, not before', async () => {
    replay.seek(OPEN + 2 * 3600 - 1);
    expect([...(await seen()).close].at(-1)).toBe(6);
    replay.seek(OPEN + 2 * 3600);
    expect([...(await seen()).close].at(-1)).toBe(7);
  });

  test('a column of several bars has those that are over alone', async () => {
    replay.seek(OPEN + 3 * 3600);
    const columns = await seen({ bars_per_column: 4, studies: [{ kind: 'sma', params: [2] }] });
    expect([columns.nBars, columns.nColumns]).toEqual([9, 3]);
    expect([columns.open[2], columns.high[2], columns.low[2], columns.close[2], columns.volume[2]]).toEqual([8, 8.5, 7.5, 8, 1]);
    expect([...(columns.lines[0]?.[0] ?? [])]).toEqual([1, 1, Number.NaN]);
  });

  test('a line that is drawn to the left does not tell the future', async () => {
    const columns = await seen({ studies: [{ kind: 'ichimoku', params: [9, 26, 52, 3] }] });
    const [conversion, lagging] = columns.lines[0] ?? [];
    expect([...(lagging ?? [])]).toEqual([1, 1, 1, 1, Number.NaN, Number.NaN, Number.NaN]);
    expect([...(conversion ?? [])].every((value) => value === 1)).toBe(true);
  });

  test('no question leads beyond the instant', async () => {
    for (const change of [{ start: { by: 'index', first: 14 } as const, n_columns: 3 }, { start: { by: 'time', at: OPEN + 86_400 } as const, n_columns: 6 }]) {
      const { time } = await seen(change);
      expect([...time].every((at) => at < replay.at)).toBe(true);
    }
  });

  test('older bars that come in front shift the numbers, and are followed', async () => {
    store.nOlder = 10;
    const columns = await seen();
    expect([columns.nBars, [...columns.close].at(-1)]).toEqual([17, 6]);
  });

  test('orders are there while they worked', () => {
    const at = (instant: number): number => { replay.seek(instant); return replay.lines('SPY').length; };
    expect([at(OPEN + 3600), at(OPEN + 7200), at(OPEN + 7300)]).toEqual([1, 1, 0]);
    replay.seek(OPEN + 3600);
    expect([replay.lines('SPY')[0]?.label, replay.lines('QQQ'), replay.lines(null)]).toEqual(['LMT 8.5, 10, alpha', [], []]);
  });
});

test('of two charts that are followed the later wins, though the other answers last', async () => {
  const answers: (() => void)[] = [];
  const columns = store.columns.bind(store);
  store.columns = (request) => new Promise((done) => { answers.push(() => void columns(request).then(done)); });
  const both = [replay.follow('QQQ', '1h', 'TRADES', true), replay.follow('QQQ', '1d', 'TRADES', true)];
  for (const answer of answers.toReversed()) { answer(); await new Promise((done) => { setTimeout(done); }); }
  await Promise.all(both);
  expect(replay.stops).toEqual([Date.UTC(2026, 10, 16, 21) / 1000]);
});

describe('a day that is still being fetched', () => {
  const fetched = async (until: number): Promise<Replay> => {
    store.until = until;
    const made = replayOf(store, '2026-11-16');
    if (!made) throw new Error('it is a day');
    await made.follow('SPY', '1h', 'TRADES', true);
    return made;
  };

  test('it begins when its bars came, and goes on from where it is when more come', async () => {
    const of = await fetched(OPEN);
    expect([of.stops, of.isRead]).toEqual([[], true]);
    store.until = OPEN + 3 * 3600;
    await of.heard('SPY', '1h');
    expect([of.stops.length, of.at]).toEqual([3, OPEN + 3600]);
    of.step(1);
    store.until = Infinity;
    await of.heard('SPY', '1h');
    expect([of.stops.length, of.at]).toEqual([6, OPEN + 2 * 3600]);
  });

  test('bars that a chart finds are stepped by, without their being told', async () => {
    const of = await fetched(OPEN);
    store.until = Infinity;
    await of.columns(asked());
    await new Promise((done) => { setTimeout(done); });
    expect([of.stops.length, of.at]).toEqual([6, OPEN + 3600]);
  });

  test('bars of another series are not read again', async () => {
    const of = await fetched(OPEN);
    const nAsked = store.asked.length;
    await of.heard('QQQ', '1h');
    await of.heard('SPY', '5m');
    expect(store.asked).toHaveLength(nAsked);
  });

  test('an answer to what was asked before is not kept in the place of what came', async () => {
    store.until = OPEN;
    const made = replayOf(store, '2026-11-16');
    const columns = store.columns.bind(store);
    const late: (() => void)[] = [];
    store.columns = (request) => { const bytes = columns(request); return new Promise((done) => late.push(() => done(bytes))); };
    const followed = made?.follow('SPY', '1h', 'TRADES', true);
    store.until = Infinity;
    const heard = made?.heard('SPY', '1h');
    for (const answer of late.toReversed()) { answer(); await new Promise((done) => { setTimeout(done); }); }
    await Promise.all([followed, heard]);
    expect(made?.stops.length).toBe(6);
  });
});

describe('what cannot be read', () => {
  const NO: Failure = { code: 'no-store', kind: 'broken', what: 'There are no bars.', why: 'The store cannot be read.', next: 'Look at the data directory.' };

  test('bars and orders are read again when a person tries', async () => {
    const ask = store.ask.bind(store);
    store.ask = async () => { throw new Refusal({ ...NO, what: 'There are no orders.' }); };
    store.why = NO;
    const of = replayOf(store, '2026-11-16');
    await of?.follow('SPY', '1h', 'TRADES', true);
    expect(of?.failure?.what).toBe('There are no bars.');
    store.why = null;
    await of?.retry(['SPY']);
    expect([of?.stops.length, of?.failure?.what]).toEqual([6, 'There are no orders.']);
    store.ask = ask;
    await of?.retry(['SPY', 'QQQ']);
    expect([of?.failure, of?.orders.size]).toEqual([null, 2]);
  });
});

describe('moving', () => {
  test('steps go from bar to bar and stop at both ends', () => {
    replay.step(-1);
    expect(replay.at).toBe(OPEN + 3600);
    replay.seek(OPEN + 4000);
    replay.step(1);
    expect([replay.at, replay.nOver]).toEqual([OPEN + 7200, 2]);
    for (let i = 0; i < 9; i++) replay.step(1);
    expect([replay.at, replay.nOver]).toEqual([replay.to, 6]);
  });

  test('it plays at its speed, ends by itself and begins again', () => {
    replay.speed = 60;
    replay.tick(1000);
    expect(replay.at).toBe(replay.from);
    replay.play();
    replay.tick(500);
    expect(replay.at).toBe(replay.from + 30);
    replay.speed = 1800;
    replay.tick(60_000);
    expect([replay.at, replay.isPlaying]).toEqual([replay.to, false]);
    replay.play();
    expect([replay.at, replay.isPlaying]).toEqual([replay.from, true]);
  });

  test('a day without bars plays nothing', async () => {
    const empty = replayOf(store, '2026-11-14');
    await empty?.follow('SPY', '1h', 'TRADES', true);
    empty?.play();
    expect([empty?.stops, empty?.isPlaying]).toEqual([[], false]);
  });
});

describe('a chart of days', () => {
  const daily = async (day: string, isRegular = true): Promise<Replay> => {
    const made = replayOf(store, day);
    if (!made) throw new Error('it is a day');
    await made.follow('SPY', '1d', 'TRADES', isRegular);
    return made;
  };
  const last = async (of: Replay): Promise<string> => new Date(([...decode(await of.columns(asked({ bar: '1d' }))).time].at(-1) ?? 0) * 1000).toISOString().slice(0, 10);

  test.each(['2026-11-16', '2026-11-20'])('%s ends with the bar of that date, at its close, and not before', async (day) => {
    const of = await daily(day);
    const close = Date.parse(`${day}T21:00:00Z`) / 1000;
    expect([of.stops, of.from, of.to, of.at]).toEqual([[close], of.span.from, close, of.span.from]);
    expect(await last(of) < day).toBe(true);
    of.seek(close - 1);
    expect(await last(of) < day).toBe(true);
    of.step(1);
    expect([of.at, await last(of)]).toEqual([close, day]);
  });

  test('with extended hours a day is over when those are', async () => {
    expect((await daily('2026-11-17', false)).stops).toEqual([Date.UTC(2026, 10, 18, 1) / 1000]);
  });

  test('a chart of days that takes the place of one of hours leaves the instant where it is', async () => {
    replay.seek(OPEN + 2 * 3600);
    await replay.follow('SPY', '1d', 'TRADES', true);
    replay.speed = 1;
    replay.play();
    replay.tick(1000);
    expect(replay.at).toBe(OPEN + 2 * 3600 + 1);
  });
});
