import { render, screen } from '@testing-library/svelte';
import { beforeAll, expect, test, vi } from 'vitest';

import { Desk } from '../desk.svelte';
import { Refusal, type Backend, type ChartMark, type Reply, type Request } from '../ipc';
import { MockBackend } from '../ipc/mock/backend';
import { columns } from '../ipc/mock/series';
import { working } from '../ipc/mock/world';
import ChartTable from './ChartTable.svelte';
import { decode } from './columns';
import { nameOf } from './export/picture';
import { shades } from './sessions';
import { digitsOf } from './studies';
import { ChartView, orderLines, summary, type Past } from './view.svelte';
import { dayAt } from './written';

beforeAll(() => {
  vi.stubGlobal('ResizeObserver', class { observe(): void {} unobserve(): void {} disconnect(): void {} });
});

test('a working order of the symbol is a line at its trigger or limit, with its words', () => {
  const lines = orderLines(working().filter((row) => row.bot === 'momentum-spy'), 'SPY');
  expect(lines.map((line) => [line.orderId, line.price, line.isStop])).toEqual([[1191, '662.10', false], [1188, '656.40', true]]);
  expect(lines[1]?.label).toBe('STP 10 at 656.40, protects momentum-spy');
});

test('an order without a price and one of another symbol have no line', () => {
  const [first] = working();
  if (!first) throw new Error('there are working orders');
  expect(orderLines([{ ...first, price: null, limit: null, trigger: null }], first.symbol)).toEqual([]);
  expect(orderLines(working(), 'TSLA')).toEqual([]);
});

test('the picture is told in one sentence', () => {
  const asked = { symbol: 'SPY', bar: '5m', what: 'TRADES', is_regular: false, start: { by: 'newest' as const }, n_columns: 2, bars_per_column: 1, studies: [] };
  expect(summary('SPY', '5 minute', decode(columns(asked, { nBars: 900 })), 5, 1, 0)).toMatch(/^SPY, 900 5 minute bars, from [\d.]+ to 662\.14 in what is read; 5 fills, 1 refused order, no working orders\.$/);
  expect(summary('SPY', '1 day', decode(columns(asked, { nBars: 0 })), 0, 0, 0)).toBe('SPY, 1 day bars: none yet.');
});

test('what lies outside the regular session is shaded, what lies inside is not', () => {
  const times = Float64Array.of(0, 60, 120, 180, 240, 300);
  const spans = [{ from: 0, to: 100, name: 'pre-market' }, { from: 100, to: 200, name: 'regular' }, { from: 200, to: 300, name: 'after-hours' }, { from: 900, to: 999, name: 'pre-market' }];
  expect(shades(times, spans)).toEqual([{ from: 0, to: 60, name: 'Pre-market' }, { from: 240, to: 240, name: 'After hours' }]);
});

/** A view on columns whose ledger answers with these marks. */
function marked(answer: { marks: ChartMark[]; cut: number | null }): { view: ChartView; asked: Extract<Request, { do: 'marks' }>[]; look: (first: number) => Promise<void> } {
  const asked: Extract<Request, { do: 'marks' }>[] = [];
  const backend = new MockBackend({ play: 'day', mode: 'paper', isRunning: false });
  const usual = backend.ask.bind(backend);
  backend.ask = (request: Request): Promise<Reply> => {
    if (request.do !== 'marks') return usual(request);
    asked.push(request);
    return Promise.resolve({ reply: 'marks', ...answer });
  };
  const desk = new Desk(backend, () => 0);
  desk.select('SPY');
  const view = new ChartView(desk);
  const look = async (first: number): Promise<void> => {
    view.columns = decode(columns({ symbol: 'SPY', bar: '5m', what: 'TRADES', is_regular: false, start: { by: 'index', first }, n_columns: 100, bars_per_column: 1, studies: [] }, { nBars: 900 }));
    view.fetchMarks();
    await new Promise((done) => setTimeout(done));
  };
  return { view, asked, look };
}
const fill = (time: number, recorded: number): ChartMark => ({ seq: time, time, recorded, sign: 'buy-fill', bot: 'alpha', price: '10', text: '' });

test('marks that were cut are said, and asked for again where they were cut', async () => {
  const { view, asked, look } = marked({ marks: [], cut: null });
  await look(600);
  const [first = 0, last = 0] = [view.columns?.time[0], view.columns?.time[99]];
  expect([view.marksCut, asked.length]).toEqual([null, 1]);
  const cut = marked({ marks: [], cut: (first + last) / 2 });
  await cut.look(600);
  expect(cut.view.marksCut).toBe((first + last) / 2);
  await cut.look(600);
  expect(cut.asked).toHaveLength(1);
  await cut.look(590);
  expect(cut.asked).toHaveLength(2);
});

test('marks outside of the columns are neither listed nor counted, those after the newest bar are', async () => {
  const marks: ChartMark[] = [];
  const { view, look } = marked({ marks, cut: null });
  await look(600);
  const [first = 0, last = 0] = [view.columns?.time[0], view.columns?.time[99]];
  marks.push(fill(first - 300, 0), fill(first + 10, 0), fill(last + 299, 0), fill(last + 86_400, 0));
  const of = marked({ marks, cut: null });
  await of.look(600);
  expect(of.view.fills.map(({ time }) => time)).toEqual([first + 10, last + 299]);
  if (!of.view.columns) throw new Error('there are columns');
  render(ChartTable, { columns: of.view.columns, marks, label: 'SPY' });
  expect(screen.getAllByTestId('bar-row')[0]?.lastElementChild?.textContent).toBe('alpha: ');
  await look(800);
  const newest = view.columns?.time[99] ?? 0;
  const after = marked({ marks: [fill(newest + 3600, 0)], cut: null });
  await after.look(800);
  expect(after.view.fills).toHaveLength(1);
});

test('a replay asks for no more than was recorded by its end, and shows a fill once it was recorded', async () => {
  const executed = decode(columns({ symbol: 'SPY', bar: '5m', what: 'TRADES', is_regular: false, start: { by: 'index', first: 800 }, n_columns: 100, bars_per_column: 1, studies: [] }, { nBars: 900 })).time[50] ?? 0;
  const [early, recorded, end] = [executed + 1000, executed + 3000, executed + 4000];
  const { view, asked, look } = marked({ marks: [fill(executed, recorded)], cut: null });
  const past = { at: early, end, columns: () => Promise.reject(new Error('not asked for')), lines: () => [] } satisfies Past;
  view.past = past;
  await look(800);
  expect(asked[0]).toMatchObject({ to: end, recorded_by: end });
  expect(view.marks).toHaveLength(0);
  view.past = { ...past, at: recorded };
  expect(view.marks.map(({ time }) => time)).toEqual([executed]);
});

const settled = (): Promise<void> => new Promise((done) => { setTimeout(done); });
const NO = { code: 'no-store', kind: 'broken' as const, what: 'There are no bars.', why: 'The store cannot be read.', next: 'Look at the data directory.' };

/** A view of a symbol on a backend whose columns can be broken. */
async function looking(symbol: string): Promise<{ view: ChartView; desk: Desk; backend: MockBackend; breaks: (isBroken: boolean) => void }> {
  const backend = new MockBackend({ play: 'day', mode: 'paper', isRunning: false });
  const whole = backend.columns.bind(backend);
  const desk = new Desk(backend, () => 5000);
  desk.select(symbol);
  const view = new ChartView(desk);
  view.look();
  await settled();
  return { view, desk, backend, breaks: (isBroken) => (backend.columns = isBroken ? (async () => { throw new Refusal(NO); }) as Backend['columns'] : whole) };
}

test('bars that cannot be read again stay, with the reason and the instant of their reading', async () => {
  const { view, breaks } = await looking('SPY');
  breaks(true);
  view.refresh();
  await settled();
  expect([view.columns?.head.symbol, view.failure?.why, view.readAt]).toEqual(['SPY', NO.why, 5000]);
  breaks(false);
  view.refresh();
  await settled();
  expect(view.failure).toBeNull();
});

test('what is wrong with a symbol is not said of the next one', async () => {
  const { view, desk } = await looking('FOOO');
  expect(view.failure?.why).toBe('The Gateway did not name an instrument FOOO.');
  desk.select('SPY');
  view.look();
  expect(view.failure).toBeNull();
});

test('marks that cannot be read are told, and asked for with the next bars', async () => {
  const { view, backend } = await looking('SPY');
  const ask = backend.ask.bind(backend);
  backend.ask = async (request) => { if (request.do === 'marks') throw new Refusal(NO); return ask(request); };
  view.fetchMarks();
  await settled();
  expect(view.loadedMarks.failure?.why).toBe(NO.why);
  backend.ask = ask;
  view.fetchMarks();
  await settled();
  expect([view.loadedMarks.failure, view.fills.length > 0]).toEqual([null, true]);
});

test('the legend speaks of the last column in sight, wherever the picture is', async () => {
  const { view } = await looking('SPY');
  const bar = (): number => (view.columns?.first ?? Number.NaN) + view.pointed;
  const nBars = view.columns?.nBars ?? 0;
  expect(bar()).toBe(nBars - 1);
  view.window.pan(-50);
  const to = view.window.range?.to ?? 0;
  expect(bar()).toBe(Math.floor(to) - 1);
  expect(to).toBeLessThan(nBars);
  view.pointedAt = view.columns?.time[3] ?? null;
  expect(view.pointed).toBe(3);
});

test('a replay’s price is the close of the last bar that was over, and none where that bar is not read', async () => {
  const { view, backend } = await looking('SPY');
  view.travel({ at: 2_000, end: 5_000, columns: (request) => backend.columns(request), lines: () => [] });
  expect(view.pastClose).toBeNull();
  view.look();
  await settled();
  expect(view.pastClose).toBe(view.columns?.close.at(-1)?.toFixed(2));
  view.goToOldest();
  await settled();
  expect([view.columns?.first, view.pastClose]).toEqual([0, null]);
  view.goToNewest();
  await settled();
  expect(view.pastClose).not.toBeNull();
  view.travel(null);
  expect(view.pastClose).toBeNull();
});

test('a picture is named after the last day in sight', async () => {
  const { view } = await looking('SPY');
  const newest = nameOf(view);
  view.window.pan(-1000);
  const last = view.columns?.time[view.pointed] ?? 0;
  expect(nameOf(view)).toBe(`SPY-5m-${dayAt(last, '5m')}`);
  expect(nameOf(view) < newest).toBe(true);
});

test('a chart that follows another’s choice of symbol lets go of what was pinned', async () => {
  const { view, desk } = await looking('SPY');
  view.fetchMarks();
  await settled();
  const [mark] = view.fills;
  if (!mark) throw new Error('there are fills');
  view.pin(mark, 10, 10);
  view.pointedAt = mark.time;
  view.look();
  expect(view.point?.mark).toBe(mark);
  desk.select('QQQ');
  view.look();
  expect([view.point, view.pointedAt]).toEqual([null, null]);
});

test.each([['ema', 5], ['atr', 6], ['macd', 6], ['rsi', 2], ['stochastic', 2], ['obv', 0]])('values of %s beside prices with five decimals have %d', (kind, digits) => {
  expect(digitsOf(kind, 5)).toBe(digits);
});
