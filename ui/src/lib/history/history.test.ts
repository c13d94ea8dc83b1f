import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { beforeAll, expect, test, vi } from 'vitest';

import { Refusal, type HistoryJob, type Request } from '../ipc';
import { MockBackend, type Play } from '../ipc/mock/backend';
import type { HistoryPlay } from '../ipc/mock/history';
import { budget, progress, share, waiting } from './history.svelte';
import Mounted from './Mounted.test.svelte';
import { price, Wish } from './wish.svelte';

beforeAll(() => {
  vi.stubGlobal('ResizeObserver', class { observe(): void {} unobserve(): void {} disconnect(): void {} });
});

function show(of: { play?: Play; history?: HistoryPlay } = {}): { backend: MockBackend; asked: Request[]; unmount: () => void } {
  const backend = new MockBackend({ play: of.play ?? 'day', mode: 'paper', isRunning: false, history: of.history ?? 'busy' });
  const asked: Request[] = [];
  const answer = backend.ask.bind(backend);
  backend.ask = async (request) => {
    asked.push(request);
    return answer(request);
  };
  const { unmount } = render(Mounted, { backend });
  return { backend, asked, unmount };
}
const acts = (asked: Request[]): Request[] => asked.filter(({ do: what }) => !['history', 'kept-history', 'history-gaps', 'snapshot', 'history-cost'].includes(what));
async function type(testid: string, value: string): Promise<void> {
  await fireEvent.input(await screen.findByTestId(testid), { target: { value } });
}
const job: HistoryJob = { id: 1, symbol: 'SPY', bar: '1m', what: 'TRADES', is_regular: true, from: '2025-01-02', to: 'now', urgency: 'person', n_days: 250, n_days_done: 112, n_bars: 43_680, n_bytes: 318_864, bars_per_second: 1204, n_questions: 8, left_s: 75, why_blocked: null };

test('each job says why it is fetched and how far it is, and the one that does not go on says why and what next', async () => {
  show();
  const jobs = await screen.findAllByTestId('history-job');
  expect(jobs.map((one) => [one.dataset['id'], one.querySelector('.chip.end')?.textContent])).toEqual([['-3', 'On screen'], ['4', 'Asked for'], ['5', 'Asked for'], ['6', 'Repair']]);
  for (const words of ['212 of 502 days', '82\u202f680 bars', '604\u202fkB', '1\u202f170 bars per s', '1 min 37 s left']) expect(jobs[1]?.textContent).toContain(words);
  expect(jobs[1]?.querySelector('[role=progressbar]')?.getAttribute('aria-valuetext')).toBe('SPY 1m: 212 of 502 days');
  expect(screen.getByRole('alert').textContent).toContain('It does not go on. No market data subscription (162)');
  expect(jobs.map((one) => one.dataset['blocked'])).toEqual(['false', 'false', 'true', 'false']);
});

test('progress comes by itself, without a question', async () => {
  const { backend, asked } = show();
  await screen.findAllByTestId('history-job');
  const nAsked = asked.length;
  backend.advance(2);
  await waitFor(() => expect(screen.getAllByTestId('history-progress')[1]?.textContent).toContain('218 of 502 days'));
  backend.advance(10);
  await waitFor(() => expect(screen.getAllByTestId('history-job')).toHaveLength(3));
  expect(asked).toHaveLength(nAsked);
});

test('one is stopped, and one that does not go on is tried again', async () => {
  const { asked } = show();
  await fireEvent.click(await screen.findByTestId('history-retry-5'));
  await waitFor(() => expect(screen.queryByTestId('history-blocked')).toBeNull());
  await fireEvent.click(screen.getByTestId('history-stop-4'));
  await waitFor(() => expect(screen.getAllByTestId('history-job')).toHaveLength(3));
  expect(acts(asked)).toEqual([{ do: 'retry-history', job: 5 }, { do: 'stop-history', job: 4 }]);
  expect(screen.getByTestId('notice').textContent).toBe('SPY 1m is not fetched any more; what came stays.');
});

test('the budget says what is left to bots, and why nothing goes out', async () => {
  show({ history: 'paced' });
  expect((await screen.findByTestId('history-budget')).textContent).toBe('50 of 60 requests in 10 minutes, 10 of them left to bots');
  const wait = screen.getByTestId('history-wait');
  expect(wait.dataset['reason']).toBe('asked-too-often');
  expect(wait.textContent).toContain('asked too often (162), so nothing is asked for a while. It goes on in 38 s.');
});

test('the limit on disk is set; one below what is there says what goes, and nonsense is not set', async () => {
  const { asked } = show();
  const save = await screen.findByTestId<HTMLButtonElement>('history-quota-save');
  expect([screen.getByTestId('history-size').textContent, save.disabled]).toEqual(['6.8\u202fMB of 2\u202fGB on disk', true]);
  await type('history-quota', 'plenty');
  expect([save.disabled, screen.getAllByRole('alert').some((one) => one.textContent?.includes('500 MB or 20 GB'))]).toEqual([true, true]);
  await type('history-quota', '5 MB');
  expect(save.textContent).toBe('Set it and take 1.8\u202fMB away');
  await fireEvent.click(save);
  await waitFor(() => expect(screen.getByTestId('history-size').textContent).toBe('5\u202fMB of 5\u202fMB on disk'));
  expect(screen.getByTestId('notice').textContent).toBe('The history may have 5\u202fMB. 72300 bars were taken away.');
  await type('history-quota', '');
  await fireEvent.click(save);
  await waitFor(() => expect(screen.getByTestId('history-size').textContent).toBe('5\u202fMB on disk, without a limit'));
  expect(acts(asked)).toEqual([{ do: 'set-history-quota', bytes: 5_000_000 }, { do: 'set-history-quota', bytes: null }]);
});

test('what is kept is a table', async () => {
  show();
  const rows = await screen.findAllByTestId('kept-row');
  expect(rows).toHaveLength(9);
  expect([...(rows[2]?.querySelectorAll('td') ?? [])].map((one) => one.textContent)).toEqual(['IBM', '1m', 'TRADES', 'Regular', '2025-11-18 to 2026-11-18', '97\u202f890', '715\u202fkB', 'Show…']);
  expect(rows[8]?.querySelector('[title*="out of a file"]')?.textContent).toBe('EURUSD');
});

async function openGaps(name: string): Promise<void> {
  await fireEvent.click(await screen.findByRole('button', { name: `Show the gaps of ${name}` }));
}
const gapsAsked = (asked: Request[]): Request[] => asked.filter((request) => request.do === 'history-gaps');

test('gaps are asked for when a person opens a series, and listed by trading days as the command lists them', async () => {
  const { asked } = show();
  await openGaps('IBM 1m TRADES regular');
  expect((await screen.findByTestId('gaps-summary')).textContent).toBe('251 trading days from 2025-11-18T05:00:00Z to 2026-11-18T21:00:00Z were looked at');
  expect(screen.getByRole('dialog', { name: 'Gaps of IBM 1m TRADES regular' })).toBeTruthy();
  expect(screen.getAllByTestId('gap').map((one) => one.textContent)).toEqual([
    '2025-12-24 is empty: the broker was asked and had nothing',
    '2026-03-11 has no bars from 2026-03-11T15:04:00Z to 2026-03-11T15:31:00Z',
    '2026-06-22 to 2026-06-26, 5 trading days, were never fetched',
  ]);
  expect(screen.getByRole('list', { name: 'What is missing, by trading days' }).tabIndex).toBe(0);
  expect(gapsAsked(asked)).toEqual([{ do: 'history-gaps', con_id: 8314, bar: '1m', what: 'TRADES', is_regular: true }]);
  await fireEvent.click(screen.getByText('Close'));
  expect(screen.queryByTestId('gaps-dialog')).toBeNull();
  await openGaps('NVDA 5m TRADES regular');
  expect((await screen.findByTestId('gaps-summary')).textContent).toContain('nothing is missing of 4 trading days');
  expect(screen.queryByTestId('gap')).toBeNull();
});

test('of many gaps the newest are shown, and where the others are listed', async () => {
  show();
  await openGaps('QQQ 1m TRADES regular');
  expect(await screen.findAllByTestId('gap')).toHaveLength(50);
  expect(screen.getByTestId('gaps-dialog').textContent).toContain('3 older lines are listed by gatehouse history gaps --symbol QQQ --bar 1m --what TRADES --regular');
});

test('gaps that take a while, or cannot be read, say so, and are asked for again', async () => {
  const { backend, asked } = show();
  await screen.findAllByTestId('kept-row');
  const answer = backend.ask.bind(backend);
  let fail: (why: unknown) => void = () => undefined;
  backend.ask = (request) => {
    void answer(request);
    return new Promise((_, reject) => (fail = reject));
  };
  await openGaps('SPY 5s TRADES regular');
  expect(screen.getByRole('status', { name: 'Looking at every trading day' })).toBeTruthy();
  fail(new Refusal({ code: 'broken', kind: 'broken', what: 'The gaps were not read.', why: 'The disk is gone.', next: 'Check the disk.' }));
  await waitFor(() => expect(screen.getByTestId('gaps-dialog').textContent).toContain('The gaps were not read. The disk is gone. Check the disk.'));
  backend.ask = answer;
  await fireEvent.click(screen.getByText('Try now'));
  expect((await screen.findByTestId('gap')).textContent).toContain('the broker was not asked from 2026-11-18T19:25:00Z');
  expect(gapsAsked(asked)).toHaveLength(2);
});

test('bars that came are in the table a moment later, once for all of them', async () => {
  const { backend, asked } = show();
  await screen.findAllByTestId('kept-row');
  const nRead = (): number => asked.filter((request) => request.do === 'kept-history').length;
  expect(nRead()).toBe(1);
  vi.useFakeTimers();
  for (const bar of ['1m', '5m', '1m']) {
    backend.tell({ update: 'history-changed', value: { symbol: 'SPY', bar } });
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(nRead()).toBe(1);
  await vi.advanceTimersByTimeAsync(3000);
  vi.useRealTimers();
  expect(nRead()).toBe(2);
});

test('a bot is answered out of the store, and no more', async () => {
  const { asked } = show();
  const [on, off] = [await screen.findByTestId('serve-momentum-spy'), screen.getByTestId('serve-pairs-ibm')];
  expect([on, off].map((one) => one.getAttribute('aria-checked'))).toEqual(['true', 'false']);
  expect(screen.getByTestId('history-saved').textContent).toBe('38 requests saved since Gatehouse started.');
  await fireEvent.click(on);
  await fireEvent.click(off);
  await waitFor(() => expect([on, off].map((one) => one.getAttribute('aria-checked'))).toEqual(['false', 'true']));
  expect(acts(asked)).toEqual([{ do: 'serve-history', bot: 'momentum-spy', is_on: false }, { do: 'serve-history', bot: 'pairs-ibm', is_on: true }]);
});

test('fetching says what it costs first, and then is among the jobs', async () => {
  const { asked } = show({ history: 'idle' });
  expect((await screen.findByTestId('history-idle')).textContent).toContain('Nothing is being fetched');
  await fireEvent.click(screen.getByTestId('history-fetch'));
  const submit = await screen.findByTestId<HTMLButtonElement>('fetch-submit');
  expect(submit.disabled).toBe(true);
  await type('fetch-symbol', 'ibm');
  await type('fetch-from', '2026-01-05');
  await type('fetch-to', '2025-01-05');
  expect([submit.disabled, screen.getByText('It ends before it begins.') !== null]).toEqual([true, true]);
  await type('fetch-to', '2026-06-30');
  await waitFor(() => expect(screen.getByTestId('fetch-cost').textContent).toContain('83 of 123 trading days are missing: about 9 requests, less than a minute while bots ask for nothing.'), { timeout: 4000 });
  await fireEvent.click(submit);
  await waitFor(() => expect(screen.queryByTestId('fetch-dialog')).toBeNull());
  expect((await screen.findAllByTestId('history-job')).map((one) => one.textContent?.includes('IBM'))).toEqual([true]);
  expect(acts(asked)).toEqual([{ do: 'fill-history', symbol: 'IBM', bar: '1m', what: 'TRADES', is_regular: true, from: '2026-01-05', to: '2026-06-30' }]);
});

test('what another wish costs is not said of this one', async () => {
  show({ history: 'idle' });
  await fireEvent.click(await screen.findByTestId('history-fetch'));
  await type('fetch-symbol', 'ibm');
  const said = (): string | undefined => screen.getByTestId('fetch-cost').textContent?.trim();
  await waitFor(() => expect(said()).toContain('trading days'), { timeout: 4000 });
  await type('fetch-from', '2026-01-05');
  expect(said()).toBe('Reckoning what it costs.');
  await type('fetch-from', 'soon');
  expect(said()).toBe('Mend the days to see what it costs.');
});

test('what was read before stays when it is not read again, and says so until it is', async () => {
  const { backend } = show();
  await screen.findAllByTestId('kept-row');
  const answer = backend.ask.bind(backend);
  backend.ask = async (request) => {
    if (!['history', 'kept-history'].includes(request.do)) return answer(request);
    throw new Refusal({ code: 'broken', kind: 'broken', what: request.do === 'history' ? 'What is fetched was not read.' : 'What is kept was not read.', why: 'The disk is gone.', next: 'Check the disk.' });
  };
  await fireEvent.click(await screen.findByTestId('history-fetch'));
  await type('fetch-symbol', 'ibm');
  await fireEvent.click(screen.getByTestId('fetch-submit'));
  vi.useFakeTimers();
  backend.tell({ update: 'history-changed', value: { symbol: 'IBM', bar: '1m' } });
  await vi.advanceTimersByTimeAsync(3100);
  vi.useRealTimers();
  await waitFor(() => expect(screen.getAllByTestId('state-unread').map((one) => one.firstElementChild?.textContent)).toEqual([
    'Not read again: What is fetched was not read. The disk is gone. Check the disk.',
    'Not read again: What is kept was not read. The disk is gone. Check the disk.',
  ]));
  expect(screen.getAllByTestId('kept-row')).toHaveLength(9);
  backend.ask = answer;
  for (const retry of screen.getAllByText('Try again', { selector: '[data-testid=state-unread] *' })) await fireEvent.click(retry);
  await waitFor(() => expect(screen.queryByTestId('state-unread')).toBeNull());
});

test('what cannot be fetched says why, and stays to be mended', async () => {
  show();
  await fireEvent.click(await screen.findByTestId('history-fetch'));
  await type('fetch-symbol', 'nope');
  await fireEvent.click(screen.getByTestId('fetch-submit'));
  expect((await screen.findByTestId('fetch-failure')).textContent).toContain('did not name an instrument NOPE');
  expect(screen.getByTestId('fetch-dialog')).toBeTruthy();
});

test('nothing, a wait, a failure and a file that cannot be used say so', async () => {
  const empty = show({ play: 'empty' });
  expect((await screen.findByTestId('state-empty')).textContent).toContain('No bars are kept');
  expect(screen.getByTestId('history-size').textContent).toContain('without a limit');
  empty.unmount();
  const waits = show({ play: 'loading' });
  expect(screen.getByLabelText('Reading what is fetched')).toBeTruthy();
  waits.unmount();
  const fails = show({ play: 'error' });
  expect((await screen.findByRole('alert')).textContent).toContain('tries again');
  fails.unmount();
  const trouble = show({ history: 'trouble' });
  expect((await screen.findByTestId('history-trouble')).textContent).toContain('Orders are not affected.');
  expect(screen.queryByTestId('history-fetch')).toBeNull();
  trouble.unmount();
  show({ history: 'aside' });
  expect((await screen.findByTestId('history-aside')).textContent).toContain('kept as /home/you/.local/share/gatehouse/history.sqlite.damaged-1');
  expect(screen.getByTestId('history-fetch')).toBeTruthy();
});

test('days, bars, bytes, rate and time left are told as far as they are known', () => {
  expect(progress(job)).toEqual(['112 of 250 days', '43\u202f680 bars', '319\u202fkB', '1\u202f204 bars per s', '1 min 15 s left']);
  expect(progress({ ...job, n_days: 0, n_days_done: 0, n_bars: 0, bars_per_second: 0, left_s: null })).toEqual(['Days are being asked for']);
  expect(progress({ ...job, n_days: 1, n_days_done: 1, n_bars: 0, bars_per_second: 0, why_blocked: 'why' })).toEqual(['1 of 1 day']);
  expect([share(job), share({ ...job, n_days: 0 }), share({ ...job, n_days_done: 250 }), share({ ...job, n_days_done: 249 })]).toEqual([44, 0, 100, 99]);
  expect(waiting({ reason: 'not-connected', sentence: 'The Gateway is not connected.', left_s: null })).toBe('The Gateway is not connected.');
  expect(budget({ jobs: [], n_used: 3, n_allowed: 60, n_left_to_bots: 10, wait: null, n_bars: 0, bars_per_second: 0, n_bytes: 0, quota: null, n_saved: 0, served: [], trouble: null, put_aside: null })).toBe('3 of 60 requests in 10 minutes, 10 of them left to bots');
});

test('the cost promises nothing that is not known', () => {
  const cost = { n_days: 250, n_missing: 250, n_requests: 16, seconds: 16, is_paced: false };
  expect(price(cost)).toBe('250 trading days: about 16 requests, less than a minute while bots ask for nothing.');
  expect(price({ ...cost, n_missing: 0, n_requests: 0 })).toBe('All 250 trading days are there: nothing is asked for.');
  expect(price({ ...cost, n_missing: 1, n_requests: 1, seconds: 61, is_paced: true })).toBe('1 of 250 trading days are missing: about 1 request, about 2 min while bots ask for nothing. Bars this small count among the 60 requests of ten minutes, of which 10 are left to bots.');
});

test('a day is a day', () => {
  const wish = new Wish(new MockBackend({ play: 'day', mode: 'paper', isRunning: false }));
  wish.symbol = 'SPY';
  for (const [from, to, isReady] of [['', '', true], ['2025-01-02', '', true], ['2025-13-02', '', false], ['yesterday', '', false], ['2025-01-02', '2025-01-01', false], ['2025-01-02', '2025-01-02', true]] as const) {
    [wish.from, wish.to] = [from, to];
    expect([from, to, wish.isReady]).toEqual([from, to, isReady]);
  }
});
