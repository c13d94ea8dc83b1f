import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';

import App from '../../App.svelte';
import { Refusal, type ColumnsRequest, type Request } from '../ipc';
import { MockBackend } from '../ipc/mock/backend';

// jsdom draws nothing: the candles are looked at in a browser.
vi.mock('./candles', () => import('../../test-candles'));

let asked: ColumnsRequest[];
let questions: Request[];
let backend: MockBackend;

beforeAll(() => {
  vi.stubGlobal('ResizeObserver', class { observe(): void {} unobserve(): void {} disconnect(): void {} });
});

beforeEach(async () => {
  asked = [];
  questions = [];
  backend = new MockBackend({ play: 'day', mode: 'paper', isRunning: false });
  const [columns, ask] = [backend.columns.bind(backend), backend.ask.bind(backend)];
  backend.columns = (request) => (asked.push(request), columns(request));
  backend.ask = (request) => (questions.push(request), ask(request));
  render(App, { backend });
  await press('nav-chart');
  await screen.findByTestId('chart-canvas');
});

async function press(testid: string): Promise<void> {
  (await screen.findByTestId(testid)).click();
}
async function type(testid: string, value: string): Promise<void> {
  const input = await screen.findByTestId<HTMLInputElement>(testid);
  input.value = value;
  for (const kind of ['input', 'change']) input.dispatchEvent(new Event(kind, { bubbles: true }));
}
const of = (symbol: string): ColumnsRequest[] => asked.filter((request) => request.symbol === symbol);
const kinds = (): string[] => of('SPY').at(-1)?.studies.map(({ kind, params }) => [kind, ...params].join(' ')) ?? [];

test('a chart opens with the newest bars, extended hours and VWAP', () => {
  expect(asked[0]).toMatchObject({ symbol: 'SPY', bar: '5m', is_regular: false, bars_per_column: 1, start: { by: 'newest' } });
  expect(kinds()).toEqual(['vwap']);
});

test('a study is added with its usual params, changed, named in the legend and taken away', async () => {
  await press('studies');
  await press('add-macd');
  await waitFor(() => expect(kinds()).toEqual(['vwap', 'macd 12 26 9']));
  await type('param-macd-slow', '30');
  await waitFor(() => expect(kinds()).toEqual(['vwap', 'macd 12 30 9']));
  await waitFor(() => expect(screen.getByTestId('chart-legend').textContent).toContain('MACD 12, 30, 9'));
  await press('remove-vwap');
  await waitFor(() => expect(kinds()).toEqual(['macd 12 30 9']));
});

test('a param out of its range says so and changes nothing', async () => {
  await press('studies');
  await press('add-rsi');
  await waitFor(() => expect(kinds()).toEqual(['vwap', 'rsi 14']));
  await type('param-rsi-period', '1');
  await waitFor(() => expect(screen.getByTestId('study-rsi').textContent).toContain('period is from 2 to 5000'));
  await type('param-rsi-period', '2.5');
  await waitFor(() => expect(screen.getByTestId('study-rsi').textContent).toContain('period is a whole number'));
  expect(kinds()).toEqual(['vwap', 'rsi 14']);
});

test('Heikin-Ashi is asked for beside the studies and is none in the menu', async () => {
  await press('chart-options');
  await press('type-heikin-ashi');
  await waitFor(() => expect(kinds()).toEqual(['vwap', 'heikin-ashi']));
  expect(screen.getByTestId('chart-canvas').dataset['type']).toBe('heikin-ashi');
});

test('a chart of days lists each under the date that it bears', async () => {
  await press('bar-1d');
  await press('chart-options');
  await press('chart-table');
  const rows = await screen.findAllByTestId('bar-row');
  expect(rows.slice(0, 2).map((row) => row.textContent?.trim().slice(0, 11))).toEqual(['18 Nov 2026', '17 Nov 2026']);
});

test('bars of the regular session are another series', async () => {
  await press('chart-options');
  await press('hours-extended');
  await waitFor(() => expect(of('SPY').at(-1)?.is_regular).toBe(true));
});

test('up to three others stand beside it, read at its instants and in percent', async () => {
  await press('chart-options');
  for (const symbol of ['qqq', 'NVDA', 'IBM']) {
    await type('compare-symbol', symbol);
    await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>('compare-add').disabled).toBe(false));
    await press('compare-add');
    await waitFor(() => expect(screen.getByTestId(`uncompare-${symbol.toUpperCase()}`)).toBeTruthy());
  }
  expect(screen.queryByTestId('compare-symbol')).toBeNull();
  await waitFor(() => expect(screen.getByTestId('chart-legend').textContent).toContain('QQQ598.72'));
  expect(of('QQQ').at(-1)).toMatchObject({ bars_per_column: 1, start: { by: 'time' }, studies: [] });
  expect(screen.getByTestId<HTMLInputElement>('scale-percent').checked).toBe(true);
  await press('uncompare-QQQ');
  await waitFor(() => expect(screen.getByTestId('chart-legend').textContent).not.toContain('QQQ'));
});

test('both ends are a key away, also on the bar that shows the place in the whole series', async () => {
  const bar = screen.getByTestId('chart-overview');
  const key = (name: string): boolean => bar.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
  key('Home');
  await waitFor(() => expect(of('SPY').at(-1)?.start).toEqual({ by: 'index', first: 0 }));
  expect(Number(bar.dataset['from'])).toBeLessThanOrEqual(0);
  expect(bar.getAttribute('aria-valuenow')).toBe('0');
  key('End');
  await waitFor(() => expect(bar.getAttribute('aria-valuenow')).toBe('100'));
});

test('bars that came are read at once, of this symbol and time frame only', async () => {
  const tell = (symbol: string, bar: string): void => backend.tell({ update: 'history-changed', value: { symbol, bar } });
  await waitFor(() => expect(questions.some((one) => one.do === 'marks')).toBe(true));
  const n = asked.length;
  tell('QQQ', '5m');
  tell('SPY', '1d');
  await new Promise((done) => setTimeout(done));
  expect(asked.length).toBe(n);
  tell('SPY', '5m');
  await waitFor(() => expect(asked.length).toBe(n + 1));
});

test('marks of a stretch are asked for once', async () => {
  await waitFor(() => expect(questions.filter((one) => one.do === 'marks').length).toBe(1));
  await waitFor(() => expect(screen.getByTestId('chart-canvas').dataset['fills']).toBe('5'));
  await press('layer-fills');
  await waitFor(() => expect(screen.getByTestId('chart-canvas').dataset['fills']).toBe('0'));
  backend.tell({ update: 'history-changed', value: { symbol: 'SPY', bar: '5m' } });
  await waitFor(() => expect(asked.length).toBeGreaterThan(1));
  expect(questions.filter((one) => one.do === 'marks').length).toBe(1);
});

test('bars that cannot be read again are said to be old, and a symbol compared with itself says so', async () => {
  const whole = backend.columns;
  backend.columns = async () => { throw new Error('the disk is gone'); };
  backend.tell({ update: 'history-changed', value: { symbol: 'SPY', bar: '5m' } });
  await waitFor(() => expect(screen.getByTestId('chart-failure').textContent).toContain('the disk is gone'));
  expect(screen.getByTestId('chart-failure').textContent).toContain('These bars were read');
  expect(screen.getByTestId('chart-canvas')).toBeTruthy();
  backend.columns = whole;
  backend.tell({ update: 'history-changed', value: { symbol: 'SPY', bar: '5m' } });
  await waitFor(() => expect(screen.queryByTestId('chart-failure')).toBeNull());
  await press('chart-options');
  await type('compare-symbol', 'spy');
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>('compare-add').disabled).toBe(false));
  await press('compare-add');
  expect((await screen.findByTestId('compare-trouble')).textContent).toBe('SPY is the chart’s own.');
  expect(screen.getByTestId<HTMLInputElement>('compare-symbol').value).toBe('spy');
});

test('a pinned mark whose entry is not read yet, or cannot be, says so and is read again', async () => {
  const { ask } = backend;
  const [row] = await ask({ do: 'entry', seq: 1 }).then((reply) => (reply.reply === 'entry' ? [reply] : []));
  if (!row) throw new Error('there is an entry');
  let fail: (why: unknown) => void = () => undefined;
  backend.ask = (request) => (request.do === 'entry' ? new Promise((_, reject) => (fail = reject)) : ask(request));
  const older = { seq: 4_000_000, time: 0, recorded: 0, sign: 'refused' as const, bot: 'alpha', price: '660', text: 'Old' };
  const read = backend.ask;
  backend.ask = async (request) => (request.do === 'marks' ? { reply: 'marks', cut: null, marks: [{ ...older, time: Date.UTC(2026, 10, 18, 15) / 1000 }] } : read(request));
  await press('watch-QQQ');
  (await screen.findByText('alpha: Old')).click();
  expect((await screen.findByTestId('decision-pop')).querySelector('[role=status]')?.getAttribute('aria-label')).toBe('Reading the entry');
  fail(new Refusal({ code: 'no-ledger', kind: 'broken', what: 'The entry was not read.', why: 'The disk is gone.', next: 'Check the disk.' }));
  await waitFor(() => expect(screen.getByTestId('decision-pop').textContent).toContain('The disk is gone. Check the disk.'));
  backend.ask = async (request) => (request.do === 'entry' ? { ...row, row: { ...row.row, seq: older.seq } } : read(request));
  await fireEvent.click(screen.getByText('Try now', { selector: '.pop *' }));
  await screen.findByTestId('decision-card');
  await fireEvent.click(screen.getByLabelText('Close', { selector: '.pop *' }));
  expect(screen.queryByTestId('decision-pop')).toBeNull();
});
