import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { Backend, Reply, Request } from '../ipc';
import { MockBackend } from '../ipc/mock/backend';
import { Ticket } from './ticket.svelte';

let now = 0;
let asked: Request[] = [];
let backend: Backend;

beforeEach(() => {
  vi.useFakeTimers();
  now = 1000;
  asked = [];
  const sample = new MockBackend({ play: 'day', mode: 'paper', isRunning: false });
  backend = { isSample: true, columns: async () => new ArrayBuffer(0), subscribe: (update) => sample.subscribe(update), ask: (request: Request): Promise<Reply> => (asked.push(request), sample.ask(request)) };
});
afterEach(() => void vi.useRealTimers());

async function typed(quantity = '8', limit = '662.10'): Promise<Ticket> {
  const ticket = new Ticket(backend, () => now);
  ticket.begin('SPY');
  ticket.quantity = quantity;
  ticket.limit = limit;
  ticket.edited();
  await vi.advanceTimersByTimeAsync(300);
  return ticket;
}
const sent = (): Request[] => asked.filter((request) => request.do === 'place-order');

test('typing asks for the limits once it settles, and sends nothing', async () => {
  const ticket = await typed();
  expect(asked.map((request) => request.do)).toEqual(['preview-order']);
  expect(ticket.preview?.would_pass).toBe(true);
  expect(ticket.phase).toBe('edit');
});

test('only a review can send, and only what it showed', async () => {
  const ticket = await typed();
  await ticket.send();
  expect(sent()).toEqual([]);
  await ticket.review();
  expect(ticket.phase).toBe('review');
  const reviewed = ticket.preview;
  ticket.quantity = '9';
  await ticket.send();
  expect(sent()).toEqual([{ do: 'place-order', ticket: reviewed?.ticket, token: reviewed?.token }]);
  expect(ticket.phase).toBe('sent');
});

test('two quick sends are one order', async () => {
  const ticket = await typed();
  await ticket.review();
  await Promise.all([ticket.send(), ticket.send()]);
  expect(sent()).toHaveLength(1);
});

test('the press that opened the review does not send, a later Enter may', async () => {
  const ticket = await typed();
  await ticket.review();
  expect(ticket.mayEnterSend(now + 50)).toBe(false);
  expect(ticket.mayEnterSend(now + 500)).toBe(true);
});

test('a review that is older than its token cannot send', async () => {
  const ticket = await typed();
  await ticket.review();
  now += 60_000;
  expect(ticket.isReviewOld(now)).toBe(true);
  await ticket.send();
  expect(sent()).toEqual([]);
});

test('what would be refused is reviewed with its reason and cannot be sent', async () => {
  const ticket = await typed('50000');
  await ticket.review();
  expect(ticket.preview?.would_pass).toBe(false);
  await ticket.send();
  expect(sent()).toEqual([]);
});

test('an edit leaves the review', async () => {
  const ticket = await typed();
  await ticket.review();
  ticket.edited();
  expect(ticket.phase).toBe('edit');
});

test.each([['0', 'quantity'], ['-3', 'quantity'], ['', 'quantity'], ['x', 'quantity']] as const)('the quantity %j is told and not asked about', async (quantity, field) => {
  const ticket = await typed(quantity);
  expect(ticket.troubles[field]).toBeTruthy();
  expect(asked).toEqual([]);
  await ticket.review();
  expect(ticket.phase).toBe('edit');
});

test('an answer that never came is no order: it says so and does not send again', async () => {
  const ticket = await typed();
  await ticket.review();
  backend.ask = () => Promise.reject(new Error('gone'));
  await ticket.send();
  expect(ticket.phase).toBe('refused');
  expect(ticket.failure?.why).toContain('gone');
  await ticket.send();
  expect(sent()).toHaveLength(0);
});

test('a change carries the order that it changes and what it is now', async () => {
  const snapshot = await backend.ask({ do: 'snapshot' });
  if (snapshot.reply !== 'snapshot') throw new Error('no snapshot');
  const row = snapshot.status.working.find((one) => one.is_own);
  if (!row) throw new Error('no order of the desk');
  const ticket = new Ticket(backend, () => now);
  ticket.beginChange(row);
  expect([ticket.symbol, ticket.quantity, ticket.limit]).toEqual([row.symbol, row.quantity, row.limit]);
  expect(ticket.ticket?.changes).toBe(row.order_id);
});
