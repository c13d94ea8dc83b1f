import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeAll, expect, test, vi } from 'vitest';

import { MockBackend } from '../ipc/mock/backend';
import { ago, summary } from './lines.svelte';
import Mounted from './Lines.test.svelte';

beforeAll(() => {
  vi.stubGlobal('ResizeObserver', class { observe(): void {} unobserve(): void {} disconnect(): void {} });
});

const show = (play: 'day' | 'empty' | 'loading' | 'error', onclose = vi.fn()) =>
  render(Mounted, { backend: new MockBackend({ play, mode: 'paper', isRunning: false }), onclose });

test('the worst line is first, with its code, why, and what to do', async () => {
  const onclose = vi.fn();
  show('day', onclose);
  const rows = await screen.findAllByTestId('line-row');
  expect(rows.map((row) => [row.dataset['symbol'], row.dataset['state']])).toEqual([['QQQ', 'refused'], ['NVDA', 'stale'], ['TSLA', 'empty'], ['AAPL', 'live'], ['SPY', 'live']]);
  expect(rows[0]?.textContent).toContain('(10197)');
  expect(rows[0]?.textContent).toContain('Log the other session out');
  expect(rows[1]?.textContent).toContain('12.4 s ago');
  expect(screen.getByText('5 lines of Gatehouse, 3 not live')).toBeTruthy();
  await fireEvent.click(screen.getByTestId('lines-close'));
  expect(onclose).toHaveBeenCalledOnce();
});

test('nothing, a wait and a failure say so', async () => {
  const empty = show('empty');
  expect((await screen.findByTestId('state-empty')).textContent).toContain('No line is open');
  empty.unmount();
  const waiting = show('loading');
  expect(screen.getByLabelText('Reading the lines')).toBeTruthy();
  waiting.unmount();
  show('error');
  expect(await screen.findByRole('alert')).toBeTruthy();
});

test('the summary counts, and says nothing of none', () => {
  expect([summary(0, 0), summary(1, 0), summary(5, 3)]).toEqual(['', '1 line of Gatehouse, all live', '5 lines of Gatehouse, 3 not live']);
});

test('ages are short', () => {
  expect([ago(null), ago(340), ago(59_900), ago(61_000)]).toEqual(['', '0.3 s ago', '59.9 s ago', '1 min ago']);
});
