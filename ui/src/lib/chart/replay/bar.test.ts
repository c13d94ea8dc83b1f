import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeAll, expect, test, vi } from 'vitest';

import App from '../../../App.svelte';
import { Refusal, type ChartMark } from '../../ipc';
import { MockBackend } from '../../ipc/mock/backend';
import { columns } from '../../ipc/mock/series';

// jsdom draws nothing: the candles are looked at in a browser.
vi.mock('../candles', () => import('../../../test-candles'));

beforeAll(() => {
  vi.stubGlobal('ResizeObserver', class { observe(): void {} unobserve(): void {} disconnect(): void {} });
});

/** The replay of the day before, in the window. */
async function replayed(backend = new MockBackend({ play: 'day', mode: 'paper', isRunning: false })): Promise<MockBackend> {
  render(App, { backend });
  for (const testid of ['nav-chart', 'chart-menu', 'menu-replay']) (await screen.findByTestId(testid)).click();
  await screen.findByTestId('replay-bar');
  return backend;
}

const isOff = (): boolean => screen.getByTestId<HTMLButtonElement>('replay-play').disabled;

test('a day that is being fetched can be played as soon as its bars are told', async () => {
  const backend = new MockBackend({ play: 'day', mode: 'paper', isRunning: false });
  const whole = backend.columns.bind(backend);
  backend.columns = async (request) => columns(request, { nBars: 0 });
  await replayed(backend);
  await screen.findByText('No bars of this day');
  expect(isOff()).toBe(true);
  backend.columns = whole;
  backend.tell({ update: 'history-changed', value: { symbol: 'SPY', bar: '5m' } });
  await waitFor(() => expect(isOff()).toBe(false));
  expect(screen.queryByText('No bars of this day')).toBeNull();
});

test('bars of the day that cannot be read say why, whole when pointed at, and are read again', async () => {
  const backend = new MockBackend({ play: 'day', mode: 'paper', isRunning: false });
  const whole = backend.columns.bind(backend);
  backend.columns = async () => { throw new Refusal({ code: 'no-store', kind: 'broken', what: 'There are no bars.', why: 'The store cannot be read.', next: 'Look at the data directory.' }); };
  await replayed(backend);
  const said = await screen.findByText('There are no bars. The store cannot be read. Look at the data directory.', { selector: '[data-testid=replay-bar] *' });
  expect(said.title).toBe(said.textContent);
  backend.columns = whole;
  await fireEvent.click(screen.getByTestId('replay-retry'));
  await waitFor(() => expect(isOff()).toBe(false));
  expect(screen.queryByTestId('replay-retry')).toBeNull();
});

test('the space bar plays from a pane and the slider, and does nothing else where something is pressed with it', async () => {
  await replayed();
  await waitFor(() => expect(isOff()).toBe(false));
  const isPlaying = (): boolean => screen.getByTestId('replay-play').getAttribute('aria-label') === 'Pause';
  const box = document.body.appendChild(Object.assign(document.createElement('input'), { type: 'checkbox' }));
  for (const node of [screen.getByTestId('watch-QQQ'), screen.getByTestId('replay-end'), box]) {
    node.focus();
    const isFree = await fireEvent.keyDown(node, { key: ' ' });
    expect([isPlaying(), isFree]).toEqual([false, node.tagName !== 'TR']);
  }
  for (const node of [screen.getByTestId('replay-scrub'), screen.getByTestId('replay-bar')]) {
    await fireEvent.keyDown(node, { key: ' ' });
    expect(isPlaying()).toBe(node.tagName === 'INPUT');
  }
  const before = screen.getByTestId('replay-bar').dataset['at'];
  await fireEvent.keyDown(screen.getByTestId('replay-on'), { key: '.' });
  expect(screen.getByTestId('replay-bar').dataset['at']).not.toBe(before);
});

test('the log has what was recorded on the day by the instant, also with the layers off', async () => {
  const backend = new MockBackend({ play: 'day', mode: 'paper', isRunning: false });
  const open = Date.UTC(2026, 10, 17, 14, 30) / 1000;
  const marks = [-86_400, 60, 7200].map((after, i): ChartMark => ({ seq: i + 1, time: open + after, recorded: open + after, sign: i === 1 ? 'refused' : 'buy-fill', bot: 'alpha', price: '660', text: `Mark ${i}` }));
  const ask = backend.ask.bind(backend);
  backend.ask = async (request) => (request.do === 'marks' ? { reply: 'marks', cut: null, marks: marks.filter(({ time }) => time >= (request.from ?? -Infinity) && time < (request.to ?? Infinity)) } : ask(request));
  await replayed(backend);
  await waitFor(() => expect(isOff()).toBe(false));
  const to = async (instant: number): Promise<void> => void (await fireEvent.input(screen.getByTestId('replay-scrub'), { target: { value: String(instant) } }));
  const listed = (): (string | undefined)[] => screen.queryAllByTestId('replay-row').map((row) => /Mark \d/.exec(row.textContent ?? '')?.[0]);
  await to(open + 3600);
  await waitFor(() => expect(listed()).toEqual(['Mark 1']));
  for (const layer of ['fills', 'refused', 'orders']) screen.getByTestId(`layer-${layer}`).click();
  await to(open + 3 * 3600);
  await waitFor(() => expect(listed()).toEqual(['Mark 2', 'Mark 1']));
  expect(screen.getByTestId('replay-count').textContent).toBe('SPY, 2 fills and refused orders, 0 working');
});

test('a log that cannot be read says why, and is read again', async () => {
  const backend = new MockBackend({ play: 'day', mode: 'paper', isRunning: false });
  const ask = backend.ask.bind(backend);
  backend.ask = async (request) => { if (request.do === 'marks') throw new Refusal({ code: 'no-ledger', kind: 'broken', what: 'The day was not read.', why: 'The disk is gone.', next: 'Check the disk.' }); return ask(request); };
  await replayed(backend);
  const [said] = await screen.findAllByText('The day was not read.');
  expect(screen.getByTestId('replay-count').textContent).not.toContain('fills');
  backend.ask = ask;
  await fireEvent.click(screen.getByText('Try now', { selector: '.log *' }));
  await waitFor(() => expect(said?.isConnected).toBe(false));
});
