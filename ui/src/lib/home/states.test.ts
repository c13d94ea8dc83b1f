import { render, screen, waitFor } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeAll, expect, test, vi } from 'vitest';

import App from '../../App.svelte';
import { Refusal, type Reply, type Request } from '../ipc';
import { MockBackend, type Play } from '../ipc/mock/backend';

beforeAll(() => vi.stubGlobal('ResizeObserver', class { observe(): void {} unobserve(): void {} disconnect(): void {} }));

/** A Gatehouse that answers everything but the day. */
class WithoutDay extends MockBackend {
  constructor(play: Play, private readonly says: 'nothing' | 'no') {
    super({ play, mode: 'paper', isRunning: false });
  }
  override ask(request: Request): Promise<Reply> {
    if (request.do !== 'day') return super.ask(request);
    if (this.says === 'nothing') return new Promise(() => undefined);
    return Promise.reject(new Refusal({ code: 'not-built', kind: 'broken', what: 'The day was not read.', why: 'A test.', next: 'Nothing to do.' }));
  }
}
function open(play: Play = 'day', says?: 'nothing' | 'no'): MockBackend {
  const backend = says ? new WithoutDay(play, says) : new MockBackend({ play, mode: 'paper', isRunning: false });
  render(App, { backend });
  return backend;
}

test('the day has a line with its name for each bot that moved, and one for all', async () => {
  open();
  await screen.findByTestId('day-chart');
  expect(screen.getAllByTestId('day-line').map((line) => line.dataset['line'])).toEqual(['vol-nvda', ' all', 'momentum-spy', 'orb-aapl', 'pairs-ibm', 'meanrev-qqq']);
  expect(screen.getByTestId('day-chart').getAttribute('aria-label')).toContain('momentum-spy +34.52 USD');
});

test('five repeats are one tick with its count, and it opens the decision', async () => {
  open();
  const ticks = await screen.findAllByTestId('refused-tick');
  const repeat = ticks.find((tick) => tick.dataset['n'] === '5');
  expect(repeat?.textContent).toContain('×5');
  repeat?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  expect((await screen.findByTestId('decision-card')).textContent).toContain('GH-26');
});

test('a line selects its bot', async () => {
  open();
  const line = (await screen.findAllByTestId('day-line')).find((one) => one.dataset['line'] === 'vol-nvda');
  line?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  await screen.findByTestId('bot-pause-vol-nvda');
});

test('a limit that is off the scale is a note, not a line', async () => {
  open();
  expect((await screen.findByTestId('off-scale')).textContent).toMatch(/day-loss limit −2.084, off scale/);
});

test('while the day is read its layout is kept', async () => {
  open('day', 'nothing');
  const today = await screen.findByTestId('today');
  await waitFor(() => expect(today.querySelector('[data-testid=state-loading]')).not.toBeNull());
  expect(screen.getAllByTestId('working-row').length).toBeGreaterThan(0);
});

test('a day that cannot be read says what, why and what is next; the rest of Home works', async () => {
  open('day', 'no');
  const trouble = await screen.findByTestId('state-error');
  expect(trouble.textContent).toContain('The day was not read.');
  expect(screen.getByTestId('bot-card-momentum-spy')).toBeTruthy();
});

test('a day without anything says why it is empty', async () => {
  open('empty');
  const today = await screen.findByTestId('today');
  await waitFor(() => expect(today.querySelector('[data-testid=state-empty]')?.textContent).toContain('Nothing to draw yet'));
});

test('the bars say what is measured', async () => {
  open();
  await waitFor(() => expect(screen.getByTestId('day-pnl').textContent).toContain('▲ 0.40'));
  expect(screen.getByTestId('gross-exposure').textContent).toContain('of 100');
  expect(screen.getByTestId('rule-check').textContent).toContain('0.41 ms');
  expect(screen.queryByTestId('message-budget')).toBeNull();
});

test('a note is unread until a person says so', async () => {
  open();
  expect((await screen.findByTestId('feed-unread')).textContent).not.toBe('Unread 0');
  screen.getByTestId('feed-read').click();
  await waitFor(() => expect(screen.getByTestId('feed-unread').textContent).toBe('Unread 0'));
  screen.getByTestId('feed-unread').click();
  await waitFor(() => expect(screen.queryAllByTestId('feed-note')).toHaveLength(0));
});

test('a narrow window has the feed in a drawer, which the alerts lead to', async () => {
  window.innerWidth = 1200;
  open();
  await screen.findByTestId('today');
  expect(screen.queryAllByTestId('feed-note')).toHaveLength(0);
  screen.getByTestId('bell').click();
  (await screen.findByTestId('alerts-feed')).click();
  await screen.findByTestId('feed-drawer');
  expect(screen.getAllByTestId('feed-note').length).toBeGreaterThan(0);
  window.innerWidth = 1440;
});

test('a zoomed window shows the bots as state shapes, which open their cards', async () => {
  window.innerWidth = 1000;
  open();
  const shapes = await screen.findByTestId('bot-shapes');
  expect(screen.queryByTestId('bot-card-momentum-spy')).toBeNull();
  shapes.querySelector<HTMLElement>('[aria-label="meanrev-qqq, Reduce only"]')?.click();
  await screen.findByTestId('bot-card-meanrev-qqq');
  window.innerWidth = 1440;
});

test('the kill screen has its steps, what is open, and the way to close it', async () => {
  open('killed');
  const steps = await screen.findByTestId('kill-steps');
  expect(steps.textContent).toContain('Stop saved to disk');
  expect(screen.getByTestId('unprotected').textContent).toContain('Together 43');
  screen.getByTestId('kill-flatten').click();
  await screen.findByTestId('flatten-dialog');
});

test('a status that arrives while the release is held does not end the hold', async () => {
  const backend = open('killed');
  backend.advance(60);
  const word = await screen.findByTestId<HTMLInputElement>('release-word');
  await waitFor(() => expect(word.disabled).toBe(false));
  word.value = 'RELEASE';
  word.dispatchEvent(new Event('input', { bubbles: true }));
  const hold = screen.getByTestId<HTMLButtonElement>('release-hold');
  await waitFor(() => expect(hold.disabled).toBe(false));
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  hold.dispatchEvent(new MouseEvent('pointerdown', { button: 0 }));
  for (let i = 0; i < 7; i++) {
    vi.advanceTimersByTime(500);
    backend.advance(1);
    await tick();
  }
  vi.useRealTimers();
  await waitFor(() => expect(screen.queryByTestId('kill-banner')).toBeNull());
});
