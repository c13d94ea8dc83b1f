/** The Gateway that is looked after, as the window sees it: asked for once, then told of changes. */
import { askFor, failureOf, type Backend, type ConnectionTimeline, type Failure, type FoundGateways, type GatewaySettings } from '../ipc';
import { Loaded } from '../loaded.svelte';
import type { Replica } from '../replica.svelte';

export type Range = 24 | 168 | 720;
export const RANGES: [hours: Range, word: string, long: string][] = [[24, '24 h', '24 hours'], [168, '7 d', '7 days'], [720, '30 d', '30 days']];

export class GatewayDesk {
  failure = $state.raw<Failure | null>(null);
  range = $state<Range>(24);
  readonly timeline = new Loaded<ConnectionTimeline>();
  readonly found = new Loaded<FoundGateways>();
  readonly view = $derived.by(() => this.replica.gateway);

  constructor(
    private readonly backend: Backend,
    private readonly replica: Replica,
  ) {}

  /** An answer may be older than what was told while it was on its way; what is newer is told too. */
  async load(): Promise<void> {
    const before = this.replica.gateway;
    try {
      const { reply, ...view } = await askFor(this.backend, { do: 'gateway' }, 'gateway');
      void reply;
      if (this.replica.gateway === before) this.replica.gateway = view;
      this.failure = null;
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  async loadTimeline(): Promise<void> {
    const hours = this.range;
    await this.timeline.load(() => askFor(this.backend, { do: 'connection', hours }, 'connection'));
  }

  /** Looks for Gateways on this machine; takes seconds. */
  async find(): Promise<void> {
    await this.found.load(() => askFor(this.backend, { do: 'find-gateways' }, 'found-gateways'));
  }
}

/** Where the process is none of Gatehouse's, it can neither be restarted nor ended. */
export function isOurs(settings: GatewaySettings): boolean {
  return settings.source !== 'running';
}

/** Returns `3 d 10 h 34 min`, as a person counts towards a login. */
export function until(seconds: number): string {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  const [d, h, m] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  return [d > 0 ? `${d} d` : '', d > 0 || h > 0 ? `${h} h` : '', `${m} min`].filter((part) => part !== '').join(' ');
}
