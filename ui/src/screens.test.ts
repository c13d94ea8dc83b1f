import { render, screen, waitFor } from '@testing-library/svelte';
import { beforeAll, expect, test, vi } from 'vitest';

import App from './App.svelte';
import { MockBackend, type Play } from './lib/ipc/mock/backend';

// jsdom draws nothing: the candles are looked at in a browser.
vi.mock('./lib/chart/candles', () => import('./test-candles'));

beforeAll(() => {
  vi.stubGlobal('ResizeObserver', class { observe(): void {} unobserve(): void {} disconnect(): void {} });
});

const SCREENS = ['home', 'chart', 'orders', 'risk', 'audit', 'gateway'];

function open(play: Play): MockBackend {
  const backend = new MockBackend({ play, mode: 'paper', isRunning: false });
  render(App, { backend });
  return backend;
}
async function go(name: string): Promise<void> {
  (await screen.findByTestId(`nav-${name}`)).click();
}
async function type(testid: string, value: string): Promise<void> {
  const input = await screen.findByTestId<HTMLInputElement>(testid);
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}
async function press(testid: string): Promise<void> {
  const button = await screen.findByTestId<HTMLButtonElement>(testid);
  await waitFor(() => expect(button.disabled).toBe(false));
  button.click();
}

const ROWS: Record<string, string> = { home: 'working-row', chart: 'fill-row', orders: 'working-row', risk: 'limit-row-order-qty', audit: 'audit-row', gateway: 'gateway-steps' };

test.each(SCREENS)('%s shows its data', async (name) => {
  open('day');
  await go(name);
  expect((await screen.findAllByTestId(ROWS[name] ?? '')).length).toBeGreaterThan(0);
});

test.each(['home', 'chart', 'orders', 'audit'])('%s says why it is empty', async (name) => {
  open('empty');
  await go(name);
  expect((await screen.findAllByTestId('state-empty')).length).toBeGreaterThan(0);
});

test.each(SCREENS)('%s keeps its layout while loading', async (name) => {
  open('loading');
  await go(name);
  expect((await screen.findAllByTestId('state-loading')).length).toBeGreaterThan(0);
});

test.each(SCREENS)('%s says what failed, why and what is next', async (name) => {
  open('error');
  await go(name);
  const trouble = await screen.findByTestId('state-error');
  expect(trouble.textContent).toContain('The ledger could not be read.');
  expect(trouble.textContent).toContain('tries again');
});

test.each(SCREENS)('%s keeps stale data and shows its age', async (name) => {
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  open('stale');
  await go(name);
  await screen.findAllByTestId(ROWS[name] ?? '');
  now = 38_000;
  await waitFor(() => expect(screen.getAllByTestId('state-stale')[0]?.textContent).toContain('38 s old'), { timeout: 2000 });
  expect(screen.getAllByTestId(ROWS[name] ?? '').length).toBeGreaterThan(0);
  clock.mockRestore();
});

test('a refused row opens the decision: rule, both numbers, what would pass', async () => {
  const backend = open('day');
  await press('tab-refused');
  backend.refuse();
  const row = (await screen.findAllByTestId('refused-row'))[0];
  await waitFor(() => expect(screen.getAllByTestId('refused-row')[0]?.textContent).toContain('GH-03'));
  (screen.getAllByTestId('refused-row')[0] ?? row)?.click();
  const card = await screen.findByTestId('decision-card');
  for (const words of ['Quantity per order, GH-03', '50\u202f000 shares', '200 shares', 'Would pass']) expect(card.textContent).toContain(words);
});

test('a tighter limit applies at once', async () => {
  open('day');
  await go('risk');
  await press('scope-bot:vol-nvda');
  await type('limit-input-order-qty', '50');
  await screen.findByTestId('pending-tighter');
  await press('apply');
  await waitFor(() => expect(screen.queryByTestId('pending-bar')).toBeNull());
  await waitFor(() => expect(screen.getByTestId<HTMLInputElement>('limit-input-order-qty').value).toBe('50'));
});

test('a looser limit waits, counts down and can be discarded', async () => {
  open('day');
  await go('risk');
  await type('limit-input-order-qty', '900');
  await press('apply');
  await press('apply-looser');
  expect((await screen.findByTestId('scheduled-order-qty')).textContent).toContain('900');
  expect(screen.getByTestId<HTMLInputElement>('limit-input-order-qty').value).toBe('500');
  await press('discard-order-qty');
  await waitFor(() => expect(screen.queryByTestId('scheduled-order-qty')).toBeNull());
});

test('kill by typing, then release only after the minute and the word', async () => {
  const backend = open('day');
  await press('kill-button');
  await type('kill-word', 'KILL');
  await press('kill-typed');
  await screen.findByTestId('kill-banner');
  expect((await screen.findByTestId('kill-gone')).textContent).toBe('6 of 8');
  expect(screen.getByTestId<HTMLInputElement>('release-word').disabled).toBe(true);
  backend.advance(60);
  await waitFor(() => expect(screen.getByTestId<HTMLInputElement>('release-word').disabled).toBe(false));
  expect(screen.getByTestId<HTMLButtonElement>('release-hold').disabled).toBe(true);
  await type('release-word', 'RELEASE');
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>('release-hold').disabled).toBe(false));
});

test('a bot is paused with its sentence and shown as paused', async () => {
  open('day');
  await press('bot-open-momentum-spy');
  expect((await screen.findByTestId('bot-pause-momentum-spy')).textContent).toContain('No new entries; exits still work');
  await press('bot-pause-momentum-spy');
  await waitFor(() => expect(screen.getByTestId('bot-state-momentum-spy').textContent).toContain('Paused'));
});

test('an added bot gets lines to copy', async () => {
  open('day');
  await press('add-bot');
  await type('add-bot-name', 'my-bot');
  await press('add-bot-submit');
  await waitFor(() => expect(screen.getByTestId('add-bot-dialog').textContent).toContain('Waiting for my-bot'));
  expect(screen.getAllByTestId('connect-line')[0]?.textContent).toContain('ib.connect');
});

test('a broken chain is a banner that names the first bad entry', async () => {
  open('broken-chain');
  await go('audit');
  await press('verify');
  expect((await screen.findByTestId('chain-broken-banner')).textContent).toContain('1284318');
});

test('one order is cancelled from its row', async () => {
  open('day');
  await press('cancel-415');
  await waitFor(() => expect(screen.queryByTestId('cancel-415')).toBeNull());
});

test('the light of the history leads to what is kept and fetched; so do the palette and the note of a chart', async () => {
  open('day');
  expect((await screen.findByTestId('light-History')).textContent).toContain('2 of 60 used');
  await press('light-History');
  await waitFor(() => expect(screen.getByTestId('settings-part').dataset['part']).toBe('history'));
  await screen.findAllByTestId('history-job');
  await go('home');
  await press('open-palette');
  await type('palette-input', 'history of bars');
  (await screen.findByTestId('command-history')).click();
  await screen.findAllByTestId('history-job');
  await go('chart');
  (await screen.findByTestId('watch-NVDA')).click();
  expect((await screen.findByTestId('chart-note')).textContent).toContain('Fetching bars of 5m: 18 of 22 days are there.');
  await press('chart-history');
  await screen.findAllByTestId('history-job');
});

test('before the ledger was read no mode is claimed', async () => {
  open('error');
  await screen.findByTestId('state-error');
  expect(screen.getByTestId('mode-badge').textContent).toContain('NOT READ');
  expect(screen.getByTestId('app').dataset['mode']).toBe('unknown');
});
