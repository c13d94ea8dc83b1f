import { configure, render, screen, waitFor } from '@testing-library/svelte';
import { beforeAll, expect, test, vi } from 'vitest';

import App from './App.svelte';
import { MockBackend } from './lib/ipc/mock/backend';

// jsdom draws nothing: the candles are looked at in a browser.
vi.mock('./lib/chart/candles', () => import('./test-candles'));

// Several parts of the window wait for each other here: more time on a busy machine.
configure({ asyncUtilTimeout: 5000 });
vi.setConfig({ testTimeout: 20_000 });

beforeAll(() => {
  vi.stubGlobal('ResizeObserver', class { observe(): void {} unobserve(): void {} disconnect(): void {} });
});

async function open(): Promise<void> {
  render(App, { backend: new MockBackend({ play: 'day', mode: 'paper', isRunning: false }) });
  (await screen.findByTestId('nav-chart')).click();
  await screen.findByTestId('chart-canvas');
}
async function press(testid: string): Promise<void> {
  const button = await screen.findByTestId<HTMLButtonElement>(testid);
  await waitFor(() => expect(button.disabled).toBeFalsy());
  button.click();
}
async function choose(item: string): Promise<void> {
  await press('chart-menu');
  await press(`menu-${item}`);
}
async function type(testid: string, value: string): Promise<void> {
  const input = await screen.findByTestId<HTMLInputElement>(testid);
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  input.dispatchEvent(new Event('change', { bubbles: true }));
}
const key = (name: string, held: KeyboardEventInit = {}): boolean => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...held }));

test('a replay is marked, switches the ticket off, and leaves nothing behind', async () => {
  await open();
  expect(screen.queryByTestId('ticket-off')).toBeNull();
  await choose('replay');
  await type('replay-day', '2026-11-18');
  await screen.findByTestId('ticket-off');
  expect(screen.queryAllByTestId('fill-row')).toEqual([]);
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>('replay-on').disabled).toBe(false));
  const at = (): number => Number(screen.getByTestId('replay-bar').dataset['at']);
  const before = at();
  key('.');
  await waitFor(() => expect(at()).toBe(before + 300));
  key('t');
  expect(screen.queryByTestId('ticket-off')).toBeTruthy();
  await press('replay-end');
  await waitFor(() => expect(screen.queryByTestId('replay-bar')).toBeNull());
  expect(screen.queryByTestId('ticket-off')).toBeNull();
  expect((await screen.findAllByTestId('fill-row')).length).toBeGreaterThan(0);
});

test('a symbol is added to the watchlist and stays over another screen', async () => {
  await open();
  await press('watch-add');
  await type('watch-symbol', 'amd');
  await press('watch-submit');
  await screen.findByTestId('unwatch-AMD');
  await press('nav-home');
  await press('nav-chart');
  await press('unwatch-AMD');
  await waitFor(() => expect(screen.queryByTestId('watch-AMD')).toBeNull());
  expect((await screen.findByTestId('line-budget')).textContent).toContain('5 of Gatehouse’s 40 lines');
});

test('a layout is kept under a name and shown by its key', async () => {
  await open();
  await choose('layouts');
  await type('layout-name', 'Mornings');
  await press('layout-save');
  await waitFor(() => expect(screen.getAllByTestId('layout-row').length).toBe(2));
  screen.getByTestId('layouts-dialog').querySelector<HTMLElement>('[aria-label=Close]')?.click();
  await waitFor(() => expect(screen.queryByTestId('layouts-dialog')).toBeNull());
  key('1', { code: 'Digit1', altKey: true });
  await press('chart-menu');
  await waitFor(() => expect(screen.getByTestId('menu-layout-l1').getAttribute('aria-checked')).toBe('true'));
});

test('the tools are shown by their key, and Alt takes one in hand', async () => {
  await open();
  key('d');
  await screen.findByTestId('draw-rail');
  key('l', { code: 'KeyL', altKey: true });
  await waitFor(() => expect(screen.getByTestId('draw-line').getAttribute('aria-pressed')).toBe('true'));
  key('Escape');
  await waitFor(() => expect(screen.getByTestId('draw-line').getAttribute('aria-pressed')).toBe('false'));
});
