import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { beforeAll, expect, test, vi } from 'vitest';

import type { Backend, CodeSeverity, Reply } from '../ipc';
import { MockBackend } from '../ipc/mock/backend';
import { meaning, view } from '../ipc/mock/codes';
import { Codes, COLUMNS, LOOKS, tip } from './codes.svelte';
import Meaning from './Meaning.svelte';
import Mounted from './Mounted.test.svelte';

beforeAll(() => {
  vi.stubGlobal('ResizeObserver', class { observe(): void {} unobserve(): void {} disconnect(): void {} });
});

const mock = (play: 'day' | 'empty' | 'loading' | 'error' = 'day'): MockBackend => new MockBackend({ play, mode: 'paper', isRunning: false });

test('patterns stand above the codes, each with what would end it', async () => {
  render(Mounted, { backend: mock() });
  const patterns = within(await screen.findByTestId('patterns')).getAllByRole('listitem');
  expect(patterns.map((one) => one.dataset['testid'])).toEqual(['pattern-competing-session', 'pattern-history-pacing']);
  expect(within(patterns[0] as HTMLElement).getByTestId('proposal').textContent).toContain('Log the other session out');
  expect(within(patterns[0] as HTMLElement).getByText('High')).toBeTruthy();
  expect(screen.getAllByTestId('code-row').map((row) => row.dataset['code'])).toEqual(['162', '354', '2104', '10197']);
  expect(screen.getAllByTestId('code-row')[0]?.textContent).toContain('Past data asked for too often');
});

test('a code is explained below the table, and the same code takes it away', async () => {
  render(Mounted, { backend: mock() });
  const [row] = await screen.findAllByTestId('code-row');
  await fireEvent.click(row as HTMLElement);
  expect(screen.getByTestId('meaning').dataset['code']).toBe('162');
  expect(screen.getByTestId('meaning-action').textContent).toContain('Wait 15 seconds');
  expect(screen.queryByTestId('meaning-caution')).toBeNull();
  await fireEvent.click(row as HTMLElement);
  expect(screen.queryByTestId('meaning')).toBeNull();
});

test('nothing, a wait and a failure say so', async () => {
  const empty = render(Mounted, { backend: mock('empty') });
  expect((await screen.findByTestId('state-empty')).textContent).toContain('No code came');
  expect(screen.queryByTestId('patterns')).toBeNull();
  empty.unmount();
  const waiting = render(Mounted, { backend: mock('loading') });
  expect(screen.getByLabelText('Reading the messages')).toBeTruthy();
  waiting.unmount();
  render(Mounted, { backend: mock('error') });
  expect((await screen.findByRole('alert')).textContent).toContain('could not be read');
});

test('messages that were not counted are told', async () => {
  const sample = mock();
  const ask = async (): Promise<Reply> => ({ reply: 'codes', ...view(false), n_missed: 12345 });
  const backend: Backend = { isSample: true, columns: async () => new ArrayBuffer(0), ask, subscribe: (update) => sample.subscribe(update) };
  render(Mounted, { backend });
  await waitFor(() => expect(screen.getByRole('status').textContent).toContain('12\u202f345 more came too fast'));
});

test('what is not in the book says how far it may be trusted', () => {
  render(Meaning, { meaning: meaning(77_777) });
  expect(screen.getByTestId('meaning').textContent).toContain('Not in the error book');
  expect(screen.getByTestId('meaning-caution').textContent).toContain('never takes an order to have ended');
});

test('a sentence about a code has its meaning as a tip, and others have none', () => {
  expect(tip({ code: 354, code_title: 'Market data not subscribed' })).toBe('354: Market data not subscribed');
  expect(tip({ code: null, code_title: null })).toBeUndefined();
});

test('severities sort from nothing to do up to trading is impaired, and none looks like another', () => {
  const column = COLUMNS.find((one) => one.id === 'severity');
  const order = view(false).rows.map((row) => column?.sortBy?.(row));
  expect(order).toEqual([2, 2, 0, 3]);
  const severities: CodeSeverity[] = ['info', 'low', 'medium', 'high', 'critical'];
  expect(new Set(severities.map((one) => LOOKS[one].word)).size).toBe(5);
});

test('an explanation goes when its code is no longer listed', async () => {
  const codes = new Codes(mock());
  await codes.load();
  codes.choose(354);
  expect(codes.explained?.title).toBe('Market data not subscribed');
  codes.loaded.value = view(true);
  expect(codes.explained).toBeNull();
});
