import { render, screen, waitFor } from '@testing-library/svelte';
import { beforeAll, expect, test, vi } from 'vitest';

import App from '../../App.svelte';
import { MockBackend, type Play } from '../ipc/mock/backend';

vi.mock('../chart/candles', () => import('../../test-candles'));
beforeAll(() => vi.stubGlobal('ResizeObserver', class { observe(): void {} unobserve(): void {} disconnect(): void {} }));

/** Opens the ticket that changes the desk's own order of the sample day. */
async function openChange(play: Play = 'day'): Promise<MockBackend> {
  const backend = new MockBackend({ play, mode: 'paper', isRunning: false });
  render(App, { backend });
  (await screen.findByTestId('nav-orders')).click();
  (await screen.findByTestId('modify-9')).click();
  await screen.findByTestId('order-ticket');
  return backend;
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
const phase = (): string | undefined => screen.getByTestId('order-ticket').dataset['phase'];

test('there is no way to send outside the review', async () => {
  await openChange();
  expect(screen.queryByTestId('ticket-send')).toBeNull();
  await press('ticket-review-button');
  await screen.findByTestId('ticket-send');
  expect(document.activeElement).not.toBe(screen.getByTestId('ticket-send'));
});

test('each limit shows now and after the order, as a meter with words', async () => {
  await openChange();
  await type('ticket-quantity', '6');
  const rows = await screen.findAllByTestId('ticket-rule');
  expect(rows[0]?.querySelector('[role=meter]')?.getAttribute('aria-valuetext')).toMatch(/now, .* after this order, limit/);
});

test('what would be refused says the rule and both numbers, and Send stays off', async () => {
  await openChange();
  await type('ticket-quantity', '900');
  await waitFor(() => expect(screen.getAllByTestId('ticket-rule').find((row) => row.dataset['rule'] === 'GH-03')?.textContent).toContain('900 of 500'));
  await press('ticket-review-button');
  expect((await screen.findByTestId('ticket-would-refuse')).textContent).toContain('limit is');
  expect(screen.getByTestId<HTMLButtonElement>('ticket-send').disabled).toBe(true);
});

test('a change that was sent says so, and the order is as it was reviewed', async () => {
  await openChange();
  await type('ticket-quantity', '6');
  await press('ticket-review-button');
  await press('ticket-send');
  expect((await screen.findByTestId('ticket-result')).textContent).toContain('Sent: BUY 6 SPY');
  expect(phase()).toBe('sent');
});

test('Esc leaves the review and keeps what was typed', async () => {
  await openChange();
  await type('ticket-quantity', '7');
  await press('ticket-review-button');
  const review = await screen.findByTestId('ticket-review');
  review.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  await waitFor(() => expect(phase()).toBe('edit'));
  expect(screen.getByTestId<HTMLInputElement>('ticket-quantity').value).toBe('7');
});

test('with the kill switch on nothing new can be reviewed', async () => {
  const backend = await openChange();
  await backend.ask({ do: 'kill', reason: 'You pressed it' });
  await waitFor(() => expect(screen.getByTestId<HTMLButtonElement>('ticket-review-button').disabled).toBe(true));
});
