/** Tells the backend what the window shows prices of: once for each other list, and again after a pause when that failed. */
import { askFor, type Backend, type Quote } from '../../ipc';

const AGAIN_MS = 5000;

export class Watching {
  #told: string | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly backend: Backend,
    private readonly hear: (quotes: Quote[]) => void,
  ) {}

  /** Symbols, the most important first. Their prices come as updates. */
  show(symbols: Iterable<string>): void {
    const list = [...new Set(symbols)];
    const told = list.join('\n');
    if (told === this.#told) return;
    this.stop();
    this.#told = told;
    void this.#tell(list, told);
  }

  /** Does not try again. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #tell(symbols: string[], told: string): Promise<void> {
    try {
      this.hear((await askFor(this.backend, { do: 'watch', symbols }, 'quotes')).quotes);
    } catch {
      // What prices are not told shows by their age.
      if (this.#told === told) this.#timer = setTimeout(() => void this.#tell(symbols, told), AGAIN_MS);
    }
  }
}
