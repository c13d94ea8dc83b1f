/** Settings of the Gateway while a person edits them: nothing is in force before they are saved. */
import type { GatewaySettings } from '../ipc';

/** Seconds that a phone may take; the broker usually gives up at 180 by itself. */
export const SECOND_FACTOR_S: [least: number, most: number] = [30, 900];

export class GatewayDraft {
  #base = $state.raw<GatewaySettings | null>(null);
  #edits = $state.raw<Partial<GatewaySettings>>({});

  readonly settings = $derived.by(() => (this.#base === null ? null : { ...this.#base, ...this.#edits }));
  readonly isChanged = $derived.by(() => {
    const base = this.#base;
    return base !== null && Object.entries(this.#edits).some(([name, value]) => JSON.stringify(base[name as keyof GatewaySettings]) !== JSON.stringify(value));
  });
  readonly addressWrong = $derived.by(() => this.#addressWrong());
  readonly factorWrong = $derived.by(() => {
    const seconds = this.settings?.second_factor_s ?? SECOND_FACTOR_S[0];
    return Number.isInteger(seconds) && seconds >= SECOND_FACTOR_S[0] && seconds <= SECOND_FACTOR_S[1] ? null : `Enter ${SECOND_FACTOR_S[0]} to ${SECOND_FACTOR_S[1]} seconds.`;
  });
  readonly isReady = $derived(this.isChanged && this.addressWrong === null && this.factorWrong === null);

  /** Takes what is in force; edits stay. */
  follow(settings: GatewaySettings | null): void {
    this.#base = settings;
  }

  edit(change: Partial<GatewaySettings>): void {
    this.#edits = { ...this.#edits, ...change };
  }

  discard(): void {
    this.#edits = {};
  }

  #addressWrong(): string | null {
    const settings = this.settings;
    if (settings === null || settings.source === 'simulator') return null;
    const address = settings.address ?? '';
    if (address === '') return settings.source === 'running' ? 'Enter an address, such as 127.0.0.1:4002.' : null;
    const [, host, port] = /^(.+):(\d{1,5})$/.exec(address.trim()) ?? [];
    const isGood = host !== undefined && !/\s/.test(host) && Number(port) >= 1 && Number(port) <= 65_535;
    return isGood ? null : 'Enter host and port, such as 127.0.0.1:4002.';
  }
}

/** What a mode means, said wherever it is chosen. */
export const MODE_SENTENCES = {
  paper: 'Your broker’s practice account. Only an account that begins with DU is accepted.',
  live: 'Real money. A live account may be connected and watched; its orders are refused until the judgement and the crash work of a later version have landed.',
} as const;

export const SOURCES = [
  ['simulator', 'Built-in simulator', 'Prices and fills are made here. Needs no account.'],
  ['running', 'A running Gateway or TWS', 'You start it and log in. Gatehouse connects to it.'],
  ['launched', 'Started by Gatehouse', 'It starts, restarts and ends your IB Gateway.'],
] as const;
