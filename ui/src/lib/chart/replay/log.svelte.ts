/** What the ledger has of the day that is played: fills and refused orders, whatever the charts show. */
import { askFor, type Backend, type ChartMark, type ReplyOf } from '../../ipc';
import { Loaded } from '../../loaded.svelte';
import type { Replay } from './replay.svelte';

export class DayLog {
  readonly read = new Loaded<ReplyOf<'marks'>>();
  /** Those of the day that were recorded by the instant, newest first. */
  readonly seen = $derived.by((): readonly ChartMark[] => (this.read.value?.marks ?? []).filter(({ recorded }) => recorded <= this.replay.at).sort((a, b) => b.time - a.time || b.seq - a.seq));
  /** Before this instant some are left out, as there are too many. */
  readonly cut = $derived.by(() => this.read.value?.cut ?? null);

  #symbol: string | null = null;

  constructor(
    private readonly backend: Backend,
    private readonly replay: Replay,
  ) {}

  /** Reads the day of a symbol; what is known of it stays meanwhile. */
  async follow(symbol: string | null): Promise<void> {
    if (symbol !== this.#symbol) this.read.clear();
    this.#symbol = symbol;
    if (symbol === null) return;
    const { from, to } = this.replay.span;
    await this.read.load(() => askFor(this.backend, { do: 'marks', symbol, from, to, recorded_by: to }, 'marks'));
  }
}
