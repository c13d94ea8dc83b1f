/** What is kept and fetched of past bars, as the window sees it: asked for once, then told of changes. */
import { bytes, count, duration } from '../format';
import { askFor, failureOf, type Backend, type Failure, type HistoryGaps, type HistoryJob, type HistoryView, type HistoryWait, type KeptSeries } from '../ipc';
import { Loaded } from '../loaded.svelte';
import type { Replica } from '../replica.svelte';
import type { Column } from '../table/rows.svelte';

/** What is kept changes with every answer; nobody reads a table faster. */
const KEPT_EVERY_MS = 3000;

/** Why bars are wanted. */
export const URGENCIES: Record<string, string> = { screen: 'On screen', person: 'Asked for', repair: 'Repair' };

export const COLUMNS: Column<KeptSeries>[] = [
  { id: 'symbol', title: 'Symbol', width: 88, sortBy: (row) => row.symbol },
  { id: 'bar', title: 'Bar', width: 52, sortBy: (row) => row.bar },
  { id: 'what', title: 'Prices', width: 116, sortBy: (row) => row.what },
  { id: 'hours', title: 'Hours', width: 70, sortBy: (row) => (row.is_regular ? 1 : 0) },
  { id: 'span', title: 'Span', width: 184, sortBy: (row) => row.first },
  { id: 'bars', title: 'Bars', isNumber: true, width: 92, sortBy: (row) => row.n_bars },
  { id: 'bytes', title: 'Size', isNumber: true, width: 78, sortBy: (row) => row.n_bytes },
  { id: 'act', title: 'Gaps', isNumber: true, width: 64 },
];

/** Returns what tells a series from every other one. */
export function keptKey(row: KeptSeries): string {
  return `${row.con_id} ${row.what} ${row.bar} ${row.is_regular}`;
}

/** Returns what a series is called: `IBM 1m TRADES`, with its hours where these are the regular ones. */
export function keptName(row: KeptSeries): string {
  return `${row.symbol} ${row.bar} ${row.what}${row.is_regular ? ' regular' : ''}`;
}

/** Returns what lists all that is missing of a series on the command line. */
export function gapsCommand(row: KeptSeries): string {
  return `gatehouse history gaps --symbol ${row.symbol} --bar ${row.bar} --what ${row.what}${row.is_regular ? ' --regular' : ''}`;
}

/** Returns a job's days as whole percent; 0 while nobody knows how many there are. */
export function share(job: HistoryJob): number {
  return job.n_days === 0 ? 0 : Math.floor((job.n_days_done * 100) / job.n_days);
}

/** Returns how far a job is: `112 of 250 days`, bars, bytes, rate and time left. */
export function progress(job: HistoryJob): string[] {
  return [
    job.n_days === 0 ? 'Days are being asked for' : `${count(job.n_days_done)} of ${count(job.n_days)} ${job.n_days === 1 ? 'day' : 'days'}`,
    ...(job.n_bars > 0 ? [`${count(job.n_bars)} bars`, bytes(job.n_bytes)] : []),
    ...(job.bars_per_second > 0 ? [`${count(job.bars_per_second)} bars per s`] : []),
    ...(job.left_s === null || job.why_blocked !== null ? [] : [`${duration(job.left_s)} left`]),
  ];
}

/** Returns why no request goes out, and for how long. */
export function waiting(wait: HistoryWait): string {
  return wait.left_s === null ? wait.sentence : `${wait.sentence} It goes on in ${duration(wait.left_s)}.`;
}

/** Returns `2 of 60 requests in 10 minutes, 10 of them left to bots`. */
export function budget(view: HistoryView): string {
  return `${view.n_used} of ${view.n_allowed} requests in 10 minutes, ${view.n_left_to_bots} of them left to bots`;
}

export class HistoryDesk {
  failure = $state.raw<Failure | null>(null);
  readonly kept = new Loaded<KeptSeries[]>();
  /** Of the one series that a person looks into. */
  readonly gaps = new Loaded<HistoryGaps>();
  readonly view = $derived.by(() => this.replica.fetching);

  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly backend: Backend,
    private readonly replica: Replica,
  ) {}

  /** An answer may be older than what was told while it was on its way; what is newer is told too. */
  async load(): Promise<void> {
    const before = this.replica.fetching;
    try {
      const { reply, ...view } = await askFor(this.backend, { do: 'history' }, 'history');
      void reply;
      if (this.replica.fetching === before) this.replica.fetching = view;
      this.failure = null;
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  async loadKept(): Promise<void> {
    await this.kept.load(async () => (await askFor(this.backend, { do: 'kept-history' }, 'kept-history')).series);
  }

  async loadGaps({ con_id, bar, what, is_regular }: KeptSeries): Promise<void> {
    await this.gaps.load(() => askFor(this.backend, { do: 'history-gaps', con_id, bar, what, is_regular }, 'history-gaps'));
  }

  /** Reads what is kept again in a while, once for all that comes meanwhile. */
  keptChanged(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.loadKept();
    }, KEPT_EVERY_MS);
  }

  /** Nobody looks any more. */
  leave(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
