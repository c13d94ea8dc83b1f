import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeAll, expect, test, vi } from 'vitest';

import App from '../../App.svelte';
import type { Reply, Request } from '../ipc';
import { MockBackend, type Play } from '../ipc/mock/backend';
import { checked } from './columns';

vi.mock('../chart/candles', () => import('../../test-candles'));
beforeAll(() => vi.stubGlobal('ResizeObserver', class { observe(): void {} unobserve(): void {} disconnect(): void {} }));

class Watched extends MockBackend {
  asked: Request[] = [];
  override ask(request: Request): Promise<Reply> {
    this.asked.push(request);
    return super.ask(request);
  }
}

async function open(play: Play = 'day'): Promise<Watched> {
  const backend = new Watched({ play, mode: 'paper', isRunning: false });
  render(App, { backend });
  (await screen.findByTestId('nav-orders')).click();
  await screen.findByTestId('screen-orders');
  return backend;
}
const rows = (): string[] => screen.getAllByTestId('working-row').map((row) => row.dataset['orderId'] ?? '');
const did = (backend: Watched, what: Request['do']): Request[] => backend.asked.filter((request) => request.do === what);

test('a head sorts, and says which way', async () => {
  await open();
  (await screen.findByTestId('sort-symbol')).click();
  await waitFor(() => expect(screen.getAllByTestId('working-row')[0]?.textContent).toContain('AAPL'));
  expect(screen.getByTestId('sort-symbol').closest('th')?.getAttribute('aria-sort')).toBe('ascending');
});

test('a filter leaves what has all of its words, and the button cancels exactly those', async () => {
  const backend = await open();
  await fireEvent.input(await screen.findByTestId('blotter-filter'), { target: { value: 'spy momentum' } });
  await waitFor(() => expect(rows()).toEqual(['1191', '1188']));
  expect(screen.getByTestId('cancel-all').textContent).toBe('Cancel 2 orders…');
  screen.getByTestId('cancel-all').click();
  (await screen.findByTestId('cancel-all-confirm')).click();
  await waitFor(() => expect(did(backend, 'cancel-order').map((request) => request.do === 'cancel-order' && request.order_id)).toEqual([1191, 1188]));
});

test('a filter that finds nothing says so', async () => {
  await open();
  await fireEvent.input(await screen.findByTestId('blotter-filter'), { target: { value: 'nothing has this' } });
  expect((await screen.findByTestId('state-empty')).textContent).toContain('No working order matches');
});

test('only the person’s own order can be changed; every order of ours can be cancelled', async () => {
  await open();
  await screen.findByTestId('modify-9');
  expect(screen.queryByTestId('modify-1191')).toBeNull();
  expect(screen.getByTestId('cancel-1191').textContent).toBe('Cancel');
});

test('a row opens the life of its order, without a record it says why there is none', async () => {
  await open();
  (await screen.findAllByTestId('working-row'))[0]?.click();
  const life = await screen.findByTestId('order-life');
  expect(life.textContent).toContain('No record of its request');
  expect(within(life).getByTestId('life-cancel').textContent).toContain('Cancel order');
});

test('the columns that are chosen are shown', async () => {
  await open();
  const heads = (): string => screen.getByTestId('working-row-table').querySelector('thead')?.textContent ?? '';
  await screen.findAllByTestId('working-row');
  expect(heads()).toContain('Check');
  screen.getByTestId('columns').click();
  (await screen.findByTestId('column-check')).click();
  await waitFor(() => expect(heads()).not.toContain('Check'));
  screen.getByTestId('column-check').click();
});

test('arrows move along the rows and Enter opens one', async () => {
  await open();
  const first = (await screen.findAllByTestId('working-row'))[0];
  if (!first) throw new Error('no row');
  first.focus();
  await fireEvent.keyDown(first, { key: 'ArrowDown' });
  await waitFor(() => expect(document.activeElement?.getAttribute('data-order-id')).toBe('212'));
  await fireEvent.keyDown(document.activeElement ?? first, { key: 'Enter' });
  expect((await screen.findByTestId('order-life')).textContent).toContain('30 NVDA');
});

test('closing a position is reviewed, and the act repeats the review', async () => {
  const backend = await open();
  (await screen.findByTestId('tab-positions')).click();
  (await screen.findByTestId('flatten-SPY')).click();
  const dialog = await screen.findByTestId('flatten-dialog');
  await within(dialog).findByTestId('flatten-row');
  expect(dialog.textContent).toContain('Cancelled first');
  expect(document.activeElement).not.toBe(within(dialog).getByTestId('flatten-confirm'));
  within(dialog).getByTestId('flatten-confirm').click();
  await within(dialog).findByTestId('flatten-done');
  expect(did(backend, 'flatten')).toHaveLength(1);
  await waitFor(() => expect(screen.queryAllByTestId('position-row').some((row) => row.dataset['symbol'] === 'SPY')).toBe(false));
});

test('a flat account has nothing to flatten', async () => {
  await open('empty');
  expect((await screen.findByTestId<HTMLButtonElement>('orders-flatten')).disabled).toBe(true);
});

test.each([[null, '–'], [40, '0.1 ms'], [410, '0.4 ms'], [12_345, '12.3 ms'], [1_500_000, '1.50 s']])('a check of %s µs is written %s', (us, words) => {
  expect(checked(us)).toBe(words);
});
