/** Bars that are kept and fetched, as made up as the rest: one job goes on, one does not, a bot is served. */
import { Refusal } from '../backend';
import type { HistoryCost, HistoryGaps, HistoryJob, HistoryView, KeptSeries, Reply, Request } from '../bindings';

const ASKED = ['history', 'fill-history', 'history-cost', 'follow-history', 'retry-history', 'kept-history', 'history-gaps', 'set-history-quota', 'serve-history', 'stop-history'] as const;
type HistoryRequest = Extract<Request, { do: (typeof ASKED)[number] }>;

/** How the history is; `trouble` is a file that cannot be opened, `aside` one that was damaged at the start. */
export const HISTORY_PLAYS = ['busy', 'idle', 'paced', 'trouble', 'aside'] as const;
export type HistoryPlay = (typeof HISTORY_PLAYS)[number];

const BARS_OF_DAY = 390;
const BYTES_OF_BAR = 7.3;
const RATE = 1170;

const job = (id: number, symbol: string, bar: string, urgency: HistoryJob['urgency'], from: string, days: [done: number, of: number], more: Partial<HistoryJob> = {}): HistoryJob => ({
  id, symbol, bar, what: 'TRADES', is_regular: true, from, to: 'now', urgency, n_days: days[1], n_days_done: days[0], n_bars: days[0] * BARS_OF_DAY,
  n_bytes: Math.round(days[0] * BARS_OF_DAY * BYTES_OF_BAR), bars_per_second: 0, n_questions: Math.ceil(days[0] / 19) + 2, left_s: null, why_blocked: null, ...more,
});

const kept = (con_id: number, symbol: string, bar: string, what: string, is_regular: boolean, span: [first: string, last: string], n_bars: number): KeptSeries => ({
  con_id, symbol, sec_type: 'STK', currency: 'USD', bar, what, is_regular, first: span[0], last: span[1], n_bars, n_bytes: Math.round(n_bars * BYTES_OF_BAR),
});

function jobs(): HistoryJob[] {
  return [
    job(-3, 'NVDA', '5m', 'screen', '2026-10-19', [18, 22], { n_bars: 1404, n_bytes: 10_249, bars_per_second: 78, left_s: 6 }),
    job(4, 'SPY', '1m', 'person', '2024-11-18', [212, 502], { bars_per_second: RATE, left_s: 97 }),
    job(5, 'VOD', '1m', 'person', '2025-11-18', [0, 0], { n_questions: 2, why_blocked: 'No market data subscription (162): No market data permissions for LSE STK. Subscribe to LSE in the portal, or fetch delayed data of another exchange.' }),
    job(6, 'QQQ', '1m', 'repair', '2026-09-02', [0, 1]),
  ];
}

const SERIES: KeptSeries[] = [
  kept(265598, 'AAPL', '1m', 'TRADES', true, ['2024-01-02', '2026-11-18'], 282_750),
  kept(265598, 'AAPL', '1d', 'ADJUSTED_LAST', true, ['2006-11-20', '2026-11-18'], 5032),
  kept(8314, 'IBM', '1m', 'TRADES', true, ['2025-11-18', '2026-11-18'], 97_890),
  kept(4815747, 'NVDA', '5m', 'TRADES', true, ['2026-10-23', '2026-11-18'], 1404),
  kept(320227571, 'QQQ', '1m', 'TRADES', true, ['2024-01-02', '2026-11-18'], 282_360),
  kept(756733, 'SPY', '1m', 'TRADES', true, ['2026-01-14', '2026-11-18'], 82_680),
  kept(756733, 'SPY', '5s', 'TRADES', true, ['2026-11-16', '2026-11-18'], 14_040),
  kept(756733, 'SPY', '1m', 'BID', false, ['2026-10-19', '2026-11-18'], 22_080),
  kept(-2, 'EURUSD', '1h', 'MIDPOINT', false, ['2014-05-07', '2025-12-31'], 72_300),
];

/** What is missing, by the symbol and the bar; of others nothing is. */
const GAPS: Record<string, string[]> = {
  'IBM 1m': ['2025-12-24 is empty: the broker was asked and had nothing', '2026-03-11 has no bars from 2026-03-11T15:04:00Z to 2026-03-11T15:31:00Z', '2026-06-22 to 2026-06-26, 5 trading days, were never fetched'],
  'SPY 5s': ['the broker was not asked from 2026-11-18T19:25:00Z to 2026-11-19T05:00:00Z'],
  'QQQ 1m': Array.from({ length: 53 }, (_, n) => `2025-${String(2 + Math.floor(n / 27)).padStart(2, '0')}-${String(1 + (n % 27)).padStart(2, '0')} has bars of files only: the broker was not asked`),
};
/** Lines that an answer holds at most. */
const GAPS_MAX = 50;

const FIRST: HistoryView = {
  jobs: jobs(), n_used: 2, n_allowed: 60, n_left_to_bots: 10, wait: null, n_bars: 84_084, bars_per_second: RATE + 78, n_bytes: 6_815_744, quota: 2e9, n_saved: 38,
  served: ['momentum-spy'], trouble: null, put_aside: null,
};

export class MockHistory {
  #view: HistoryView;
  #kept: KeptSeries[];

  constructor(play: HistoryPlay, isEmpty: boolean, private readonly tell: (view: HistoryView) => void) {
    const idle = { jobs: [], bars_per_second: 0 };
    const calm = isEmpty ? { ...FIRST, ...idle, n_used: 0, n_bars: 0, n_bytes: 49_152, quota: null, n_saved: 0, served: [] } : { ...FIRST, ...(play === 'idle' ? idle : {}) };
    this.#kept = isEmpty ? [] : SERIES;
    this.#view = play === 'paced' ? { ...calm, n_used: 50, bars_per_second: 0, wait: { reason: 'asked-too-often', sentence: 'The broker said that it was asked too often (162), so nothing is asked for a while.', left_s: 38 } }
      : play === 'trouble' ? { ...calm, ...idle, trouble: 'the history history.sqlite cannot be opened: disk I/O error. Charts have no bars until it can be used.' }
      : play === 'aside' ? { ...calm, put_aside: '/home/you/.local/share/gatehouse/history.sqlite.damaged-1' } : calm;
  }

  /** Returns null for what is asked of others. */
  answer(request: Request): Reply | null {
    return isHistory(request) ? this.#answer(request) : null;
  }

  /** What a chart says of it, as the backend does. */
  note(symbol: string, bar: string): string | null {
    if (this.#view.trouble !== null) return this.#view.trouble;
    const found = this.#view.jobs.find((one) => one.symbol === symbol && one.bar === bar);
    return found ? (found.why_blocked ?? `Fetching bars of ${bar}: ${found.n_days_done} of ${found.n_days} days are there.`) : null;
  }

  /** What goes on comes nearer. */
  advance(seconds: number): void {
    if (this.#view.wait !== null || !this.#view.jobs.some(({ left_s }) => left_s !== null)) return;
    const jobs = this.#view.jobs.flatMap((one) => (one.left_s === null ? [one] : one.left_s <= seconds ? [] : [further(one, seconds)]));
    const n = Math.round(this.#view.bars_per_second * seconds);
    this.#say({ jobs, n_bars: this.#view.n_bars + n, n_bytes: this.#view.n_bytes + Math.round(n * BYTES_OF_BAR), bars_per_second: jobs.reduce((sum, one) => sum + one.bars_per_second, 0) });
  }

  #answer(request: HistoryRequest): Reply {
    const done: Reply = { reply: 'done', after_s: null, note: null };
    switch (request.do) {
      case 'history':
        return { reply: 'history', ...this.#view };
      case 'kept-history':
        return { reply: 'kept-history', series: this.#kept };
      case 'history-gaps':
        return { reply: 'history-gaps', ...this.#gaps(request) };
      case 'history-cost':
        return { reply: 'history-cost', ...cost(request.from, request.to, request.bar) };
      case 'fill-history':
        return { reply: 'history-job', job: this.#fill(request) };
      case 'follow-history':
        return { reply: 'history-followed', job: this.#view.jobs.find(({ id }) => id === request.job) ?? null, wait: this.#view.wait, end: null };
      case 'stop-history':
        this.#say({ jobs: this.#view.jobs.filter(({ id }) => id !== request.job) });
        return done;
      case 'retry-history':
        this.#say({ jobs: this.#view.jobs.map((one) => (one.id === request.job ? { ...one, why_blocked: null } : one)) });
        return done;
      case 'serve-history':
        this.#say({ served: request.is_on ? [...this.#view.served, request.bot].sort() : this.#view.served.filter((bot) => bot !== request.bot) });
        return done;
      case 'set-history-quota': {
        const isOver = request.bytes !== null && request.bytes < this.#view.n_bytes;
        this.#say({ quota: request.bytes, n_bytes: isOver ? (request.bytes ?? 0) : this.#view.n_bytes });
        return { ...done, note: isOver ? '72300 bars were taken away.' : null };
      }
    }
  }

  #gaps({ con_id, bar, what, is_regular }: Extract<HistoryRequest, { do: 'history-gaps' }>): HistoryGaps {
    const series = this.#kept.find((one) => one.con_id === con_id && one.bar === bar && one.what === what && one.is_regular === is_regular);
    if (!series) throw new Refusal({ code: 'bad-input', kind: 'yours-to-fix', what: 'The gaps were not read.', why: `Of this instrument no ${what} in bars of ${bar} are kept any more.`, next: 'Close this, and open the series again.' });
    const lines = GAPS[`${series.symbol} ${bar}`] ?? [];
    const [n_days, span] = [Math.max(1, Math.round(series.n_bars / BARS_OF_DAY)), `from ${series.first}T05:00:00Z to ${series.last}T21:00:00Z`];
    return { summary: lines.length === 0 ? `nothing is missing of ${n_days} trading days ${span}` : `${n_days} trading days ${span} were looked at`, lines: lines.slice(-GAPS_MAX), n_more: Math.max(0, lines.length - GAPS_MAX) };
  }

  #fill({ symbol, bar, what, is_regular, from, to }: Extract<HistoryRequest, { do: 'fill-history' }>): number {
    if (symbol === 'NOPE') throw new Refusal({ code: 'no-instrument', kind: 'broken', what: 'There are no bars.', why: `The Gateway did not name an instrument ${symbol}.`, next: 'Check the symbol and the connection to the Gateway.' });
    const id = Math.max(0, ...this.#view.jobs.map((one) => one.id)) + 1;
    this.#say({ jobs: [...this.#view.jobs, job(id, symbol, bar, 'person', from ?? '2025-11-18', [0, 0], { what, is_regular, to: to ?? 'now', n_questions: 0 })] });
    return id;
  }

  #say(change: Partial<HistoryView>): void {
    this.#view = { ...this.#view, ...change };
    this.tell(this.#view);
  }
}

function isHistory(request: Request): request is HistoryRequest {
  return ASKED.some((one) => one === request.do);
}

function further(one: HistoryJob, seconds: number): HistoryJob {
  const n_days_done = Math.min(one.n_days, one.n_days_done + Math.round(seconds * 3));
  const bars = one.bars_per_second * seconds;
  return { ...one, n_days_done, n_bars: one.n_bars + bars, n_bytes: one.n_bytes + Math.round(bars * BYTES_OF_BAR), left_s: Math.max(0, (one.left_s ?? 0) - seconds) };
}

function cost(from: string | null, to: string | null, bar: string): HistoryCost {
  const [first, last] = [Date.parse(from ?? '2025-11-18'), Date.parse(to ?? '2026-11-18')];
  const n_days = Math.max(1, Math.round(((last - first) / 86_400_000) * 0.7));
  const is_paced = bar.endsWith('s');
  const n_requests = Math.ceil(n_days / (is_paced ? 1 : 19)) + 2;
  return { n_days, n_missing: Math.max(0, n_days - 40), n_requests, seconds: n_requests + (is_paced ? Math.floor(n_requests / 50) * 600 : 0), is_paced };
}
