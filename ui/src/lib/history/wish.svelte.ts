/** Bars that a person asks for, and what they would cost. */
import { count, duration } from '../format';
import { askFor, failureOf, type Backend, type Failure, type HistoryCost, type Request } from '../ipc';
import { Loaded } from '../loaded.svelte';

export const BARS = ['1s', '5s', '10s', '15s', '30s', '1m', '2m', '3m', '5m', '10m', '15m', '20m', '30m', '1h', '2h', '3h', '4h', '8h', '1d', '1w', '1mo'] as const;

/** As the broker names them, with what they are. */
export const WHATS: [what: string, words: string][] = [
  ['TRADES', 'Trades'],
  ['ADJUSTED_LAST', 'Trades, adjusted for dividends and splits'],
  ['BID', 'Bids'],
  ['ASK', 'Asks'],
  ['MIDPOINT', 'Middle of bid and ask'],
  ['BID_ASK', 'Bids and asks, averages'],
  ['HISTORICAL_VOLATILITY', 'Volatility of the past'],
  ['OPTION_IMPLIED_VOLATILITY', 'Volatility that options imply'],
  ['FEE_RATE', 'Fee to borrow'],
];

type Wanted = Omit<Extract<Request, { do: 'fill-history' }>, 'do'>;

/** Returns what fetching costs, in words that promise nothing. */
export function price(cost: HistoryCost): string {
  if (cost.n_missing === 0) return `All ${count(cost.n_days)} trading days are there: nothing is asked for.`;
  const days = cost.n_missing === cost.n_days ? `${count(cost.n_days)} trading days` : `${count(cost.n_missing)} of ${count(cost.n_days)} trading days are missing`;
  const requests = `about ${count(cost.n_requests)} ${cost.n_requests === 1 ? 'request' : 'requests'}`;
  const paced = cost.is_paced ? ' Bars this small count among the 60 requests of ten minutes, of which 10 are left to bots.' : '';
  return `${days}: ${requests}, ${cost.seconds < 60 ? 'less than a minute' : `about ${duration(Math.ceil(cost.seconds / 60) * 60)}`} while bots ask for nothing.${paced}`;
}

export class Wish {
  symbol = $state('');
  bar = $state<string>('1m');
  what = $state('TRADES');
  isRegular = $state(true);
  from = $state('');
  to = $state('');
  isAsking = $state(false);
  failure = $state.raw<Failure | null>(null);
  readonly cost = new Loaded<HistoryCost>();

  readonly fromWrong = $derived(wrong(this.from));
  readonly toWrong = $derived(wrong(this.to) ?? (this.from !== '' && this.to !== '' && this.to < this.from ? 'It ends before it begins.' : null));
  readonly isReady = $derived(this.symbol.trim() !== '' && this.fromWrong === null && this.toWrong === null && !this.isAsking);
  readonly wanted = $derived<Wanted>({ symbol: this.symbol.trim().toUpperCase(), bar: this.bar, what: this.what, is_regular: this.isRegular, from: this.from.trim() || null, to: this.to.trim() || null });

  constructor(private readonly backend: Backend) {}

  /** Asks what it would cost, once there is something to ask about. */
  async reckon(): Promise<void> {
    if (this.symbol.trim() === '' || this.fromWrong !== null || this.toWrong !== null) {
      this.cost.clear();
      return;
    }
    await this.cost.load(() => askFor(this.backend, { do: 'history-cost', ...this.wanted }, 'history-cost'));
  }

  /** Returns whether it is being fetched. */
  async fetch(): Promise<boolean> {
    if (!this.isReady) return false;
    this.isAsking = true;
    this.failure = null;
    try {
      await askFor(this.backend, { do: 'fill-history', ...this.wanted }, 'history-job');
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
    this.isAsking = false;
    return this.failure === null;
  }
}

function wrong(day: string): string | null {
  if (day === '') return null;
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day)) ? null : 'Write it as 2026-01-05.';
}
