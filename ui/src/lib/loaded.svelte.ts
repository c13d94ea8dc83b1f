/** Something that is asked for: loading, failed, or here; what was here stays while it reloads. */
import { failureOf, type Failure } from './ipc';

export class Loaded<T> {
  value = $state.raw<T | null>(null);
  failure = $state.raw<Failure | null>(null);
  isLoading = $state(false);

  #turn = 0;

  /** Later loads win over earlier ones that answer late. */
  async load(ask: () => Promise<T>): Promise<void> {
    const turn = ++this.#turn;
    this.isLoading = true;
    try {
      const value = await ask();
      if (turn !== this.#turn) return;
      this.value = value;
      this.failure = null;
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.failure = failureOf(thrown);
    }
    this.isLoading = false;
  }

  clear(): void {
    this.#turn++;
    this.value = null;
    this.failure = null;
    this.isLoading = false;
  }
}
