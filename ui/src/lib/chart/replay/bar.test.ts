import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeAll, expect, test, vi } from 'vitest';

import App from '../../../App.svelte';
import { Refusal } from '../../ipc';
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
