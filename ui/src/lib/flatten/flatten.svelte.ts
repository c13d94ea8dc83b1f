/** Closing positions by hand: reviewed, confirmed outside the page, done. Knows nothing of the page. */
import { askFor, failureOf, type Backend, type Failure, type FlattenDone, type FlattenReview } from '../ipc';

export type FlattenPhase = 'reading' | 'review' | 'sending' | 'done' | 'failed';

export class Flatten {
  phase = $state<FlattenPhase>('reading');
  review = $state.raw<FlattenReview | null>(null);
  done = $state.raw<FlattenDone[]>([]);
  nCancels = $state(0);
  failure = $state.raw<Failure | null>(null);

  readonly nClosing = $derived(this.review?.rows.filter((row) => row.can_close).length ?? 0);

  #turn = 0;

  constructor(
    private readonly backend: Backend,
    readonly scope: string,
  ) {}

  /** Asks what would be closed. Nothing is sent by it. */
  async read(): Promise<void> {
    const turn = ++this.#turn;
    this.phase = 'reading';
    this.failure = null;
    try {
      const review = await askFor(this.backend, { do: 'flatten-review', scope: this.scope }, 'flatten-review');
      if (turn !== this.#turn) return;
      this.review = review;
      this.phase = 'review';
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.failure = failureOf(thrown);
      this.phase = 'failed';
    }
  }

  /** Does what was reviewed, once. When a person says no outside the page, the review stays. */
  async act(): Promise<void> {
    if (this.phase !== 'review' || this.review === null || this.nClosing === 0) return;
    this.phase = 'sending';
    this.failure = null;
    try {
      const reply = await askFor(this.backend, { do: 'flatten', scope: this.scope, token: this.review.token }, 'flattened');
      this.done = reply.orders;
      this.nCancels = reply.cancels;
      this.phase = 'done';
    } catch (thrown) {
      const failure = failureOf(thrown);
      // Positions or orders changed since the review: it is read again, and nothing was sent.
      if (failure.code === 'review-again') await this.read();
      else this.phase = failure.code === 'declined' ? 'review' : 'failed';
      this.failure = failure;
    }
  }
}
