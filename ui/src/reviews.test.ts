import { render, screen, waitFor } from '@testing-library/svelte';
import { beforeAll, expect, test, vi } from 'vitest';

import App from './App.svelte';
import { MockBackend, type Play } from './lib/ipc/mock/backend';

// jsdom draws nothing: the candles are looked at in a browser.
vi.mock('./lib/chart/candles', () => import('./test-candles'));

beforeAll(() => {
  vi.stubGlobal('ResizeObserver', class { observe(): void {} unobserve(): void {} disconnect(): void {} });
});

function open(play: Play): void {
  render(App, { backend: new MockBackend({ play, mode: 'paper', isRunning: false }) });
}
async function press(testid: string): Promise<void> {
  const button = await screen.findByTestId<HTMLButtonElement>(testid);
  await waitFor(() => expect(button.disabled).toBeFalsy());
  button.click();
}
async function type(testid: string, value: string): Promise<HTMLInputElement> {
  const input = await screen.findByTestId<HTMLInputElement>(testid);
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  return input;
}
const key = (name: string, on: EventTarget = document, held: KeyboardEventInit = {}): boolean => on.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, ...held }));

test('a name on the restricted list waits as a tighter change and then holds', async () => {
  open('day');
  await press('nav-risk');
  await press('limit-list-restricted-symbols');
  key('Enter', await type('list-input', 'tsla'));
  await screen.findByTestId('list-remove-TSLA');
  await press('list-done');
  expect((await screen.findByTestId('pending-tighter')).parentElement?.textContent).toContain('AMC, GME, TSLA');
  await press('apply');
  await waitFor(() => expect(screen.getByTestId('limit-list-restricted-symbols').textContent).toContain('AMC, GME, TSLA'));
});

test('what Gatehouse would not apply says why and holds everything back', async () => {
  open('day');
  await press('nav-risk');
  await press('limit-list-order-types');
  await type('list-input', 'FOO');
  await press('list-done');
  await waitFor(() => expect(screen.getByTestId('limit-row-order-types').textContent).toContain('is not understood'));
  expect(screen.getByTestId<HTMLButtonElement>('apply').disabled).toBe(true);
});

test('a rule without a number is switched off with its delay', async () => {
  open('day');
  await press('nav-risk');
  await press('switch-live-data-only');
  await screen.findByTestId('pending-looser');
  await press('apply');
  await press('apply-looser');
  expect((await screen.findByTestId('scheduled-live-data-only')).textContent).toContain('off');
});

test('a profile puts its differences among the changes and applies nothing', async () => {
  open('day');
  await press('nav-risk');
  await press('profiles-open');
  await press('profile-choose-standard');
  expect((await screen.findByTestId('pending-bar')).textContent).toContain('4 changes not applied');
  await press('discard');
  await waitFor(() => expect(screen.queryByTestId('pending-bar')).toBeNull());
});

test('recorded orders are judged again after an edit', async () => {
  open('day');
  await press('nav-risk');
  await waitFor(() => expect(screen.getByTestId('replay').dataset['changed']).toBe('0'));
  await type('limit-input-order-value', '8000');
  await waitFor(() => expect(screen.getByTestId('replay').dataset['changed']).toBe('3'));
  expect(screen.getAllByTestId('replay-row')[0]?.textContent).toContain('Refused');
});

test('edits stay while a person looks at another screen', async () => {
  open('day');
  await press('nav-risk');
  await type('limit-input-order-qty', '100');
  await press('nav-home');
  await press('nav-risk');
  expect((await screen.findByTestId('pending-bar')).textContent).toContain('1 change not applied');
});

test('words make tokens, an unknown one says so, and all can be cleared', async () => {
  open('day');
  await press('nav-audit');
  const field = await type('audit-text', 'verdict:refused');
  key('Enter', field);
  await waitFor(() => expect(screen.getByTestId('audit-count').textContent).toMatch(/^11 of/));
  key('Enter', await type('audit-text', 'colour:red'));
  await waitFor(() => expect(screen.getAllByTestId('token')[1]?.title).toContain('There is no colour'));
  await press('audit-clear');
  await waitFor(() => expect(screen.queryByTestId('token')).toBeNull());
});

test('the old value of a setting waits among the changes, history stays', async () => {
  open('day');
  await press('nav-audit');
  key('Enter', await type('audit-text', 'kind:limit-changed'));
  await waitFor(() => expect(screen.getAllByTestId('audit-row')).toHaveLength(1));
  screen.getAllByTestId('audit-row')[0]?.click();
  expect((await screen.findByTestId('before-after')).textContent).toContain('12000');
  await press('propose-old');
  expect((await screen.findByTestId('pending-bar')).textContent).toContain('12\u202f000');
});

test('an export says where the file is', async () => {
  open('day');
  await press('nav-audit');
  await press('export');
  await press('export-write');
  expect((await screen.findByTestId('export-path')).textContent).toContain('.jsonl');
});

test('a day report says where the file is, and of which day', async () => {
  open('day');
  await press('nav-audit');
  await press('report');
  await type('report-from', '2026-01-02');
  await press('report-write');
  expect((await screen.findByTestId('report-path')).textContent).toContain('reports/report-2026-01-02.html');
});

test('the palette finds a screen by its name and goes there with Enter', async () => {
  open('day');
  await screen.findAllByTestId('working-row');
  key('k', document.body, { ctrlKey: true });
  key('Enter', await type('palette-input', 'limits of vol'));
  await screen.findByTestId('screen-risk');
  await waitFor(() => expect(screen.getByTestId('scope-bot:vol-nvda').getAttribute('aria-current')).toBe('true'));
  expect(screen.queryByTestId('palette')).toBeNull();
});

test('keys change the timeframe and open the ticket at its quantity', async () => {
  open('day');
  await press('nav-chart');
  await screen.findByTestId('chart-canvas');
  key('4');
  await waitFor(() => expect(screen.getByTestId('chart-canvas').dataset['bar']).toBe('1h'));
  key('[');
  await waitFor(() => expect(screen.getByTestId('chart-canvas').dataset['bar']).toBe('15m'));
  key('t');
  await waitFor(() => expect(document.activeElement?.getAttribute('data-testid')).toBe('ticket-quantity'));
});

test('the ticket takes focus when it is asked for, not whenever the chart is opened again', async () => {
  open('day');
  await screen.findAllByTestId('working-row');
  key('t');
  await waitFor(() => expect(document.activeElement?.getAttribute('data-testid')).toBe('ticket-quantity'));
  await press('nav-home');
  await screen.findByTestId('screen-home');
  await press('nav-chart');
  await screen.findByTestId('ticket-quantity');
  await new Promise((done) => setTimeout(done, 50));
  expect(document.activeElement?.getAttribute('data-testid')).not.toBe('ticket-quantity');
});

test('the chart is also a table, and one sentence', async () => {
  open('day');
  await press('nav-chart');
  const canvas = await screen.findByTestId('chart-canvas');
  await waitFor(() => expect(canvas.getAttribute('aria-label')).toMatch(/5 minute bars, from .* 5 fills, 2 refused orders/));
  expect(screen.getByTestId('chart-attribution').textContent).toContain('TradingView');
  await press('chart-options');
  await press('chart-table');
  expect((await screen.findAllByTestId('bar-row')).length).toBeGreaterThan(10);
});

test('the states sheet shows each state and the shared words', async () => {
  open('day');
  await screen.findAllByTestId('working-row');
  key('k', document.body, { ctrlKey: true });
  await press('command-states');
  const sheet = await screen.findByTestId('screen-states');
  for (const words of ['Empty', 'Loading', 'Error', 'Stale', 'Killed', 'Waiting for trigger', 'Colour-blind']) expect(sheet.textContent).toContain(words);
});
