/** The limits of the sample day; a looser value waits for its delay as the real ones do. */
import type { LimitInput, LimitRow } from '../bindings';

type Seed = [id: string, rule: string, group: string, title: string, sentence: string, unit: string, value: string, measured: string | null, percent: number | null, higher?: boolean];

const SEEDS: Seed[] = [
  ['order-qty', 'GH-03', 'Size and value', 'Quantity per order', 'Catches an extra zero.', 'shares', '500', 'largest 8', 2],
  ['order-value', 'GH-04', 'Size and value', 'Value per order', 'Larger orders are refused.', 'USD', '10000', 'largest 5265', 53],
  ['order-value-share', 'GH-04', 'Size and value', 'Value per order, share of account', 'In percent of net liquidation.', '%', '5', 'largest 5.1', 102],
  ['position-share', 'GH-36', 'Size and value', 'Position per symbol', 'Held plus working, share of the account.', '%', '10', 'SPY 3.3', 33],
  ['penny-value', 'GH-10', 'Size and value', 'Value per order, penny stocks', 'Below the penny price.', 'USD', '500', null, null],
  ['price-collar', 'GH-06', 'Price and market data', 'Price collar', 'Distance from the best price.', '%', '3', 'largest 0.8', 27],
  ['price-collar-warn', 'GH-06', 'Price and market data', 'Price collar, warning', 'Warns from this distance.', '%', '1', 'largest 0.8', 80],
  ['min-price', 'GH-10', 'Price and market data', 'Penny price', 'Cheaper counts as a penny stock.', 'USD', '1', null, null, true],
  ['quote-age', 'GH-12', 'Price and market data', 'Age of the quote', 'Too old: exits only.', 's', '5', '0.2 now', 4],
  ['duplicate-window', 'GH-26', 'Pace', 'Same order again', 'How long a repeat is refused.', 's', '10', '6 refused today', 0, true],
  ['orders-per-second', 'GH-28', 'Pace', 'Orders per second', 'Catches a runaway loop.', 'orders', '5', 'peak 2', 40],
  ['orders-per-minute', 'GH-28', 'Pace', 'Orders per minute', 'Bursts are refused.', 'orders', '30', 'peak today 4', 13],
];

interface Own {
  value: string | null;
  scheduled: { input: LimitInput; atMs: number } | null;
}

export class MockLimits {
  readonly #own = new Map<string, Own>([
    ['bot:momentum-spy order-qty', { value: '200', scheduled: null }],
    ['bot:momentum-spy duplicate-window', { value: '20', scheduled: null }],
    ['bot:dca-etf orders-per-minute', { value: '2', scheduled: null }],
  ]);

  rows(scope: string, nowMs: number): LimitRow[] {
    this.#due(nowMs);
    return SEEDS.map((seed) => this.#row(scope, seed, nowMs));
  }

  #row(scope: string, [id, rule, group, title, sentence, unit, standard, measured, percent, higher]: Seed, nowMs: number): LimitRow {
    const own = this.#own.get(`${scope} ${id}`);
    const account = this.#own.get(`account ${id}`);
    const wider = account?.value ?? standard;
    const wait = own?.scheduled ?? null;
    const isOwn = own !== undefined && own.value !== null;
    return {
      id, rule, group, title, sentence, unit, measured, percent,
      value: isOwn ? own.value : wider,
      own: isOwn ? own.value : null,
      is_off_here: false,
      from: isOwn ? 'Set here' : scope !== 'account' && account ? 'Account' : 'Default',
      scheduled: wait && wait.input.to === 'set' ? [wait.input.value, Math.max(0, Math.ceil((wait.atMs - nowMs) / 1000))] : null,
      higher_is_stricter: higher ?? false,
      when_reached: 'Refuse',
    };
  }

  /** Returns the seconds until a looser value takes effect; 0 for a tighter one. */
  set(scope: string, id: string, input: LimitInput, nowMs: number): number {
    const row = this.rows(scope, nowMs).find((r) => r.id === id);
    const value = input.to === 'set' ? input.value : null;
    const isTighter = row?.value != null && value !== null && (row.higher_is_stricter ? Number(value) > Number(row.value) : Number(value) < Number(row.value));
    const key = `${scope} ${id}`;
    if (isTighter) {
      this.#own.set(key, { value, scheduled: null });
      return 0;
    }
    this.#own.set(key, { value: row?.own ?? null, scheduled: { input, atMs: nowMs + 60_000 } });
    return 60;
  }

  discard(scope: string, id: string): void {
    const own = this.#own.get(`${scope} ${id}`);
    if (own) own.scheduled = null;
  }

  #due(nowMs: number): void {
    for (const own of this.#own.values()) {
      if (own.scheduled && own.scheduled.atMs <= nowMs) {
        own.value = own.scheduled.input.to === 'set' ? own.scheduled.input.value : null;
        own.scheduled = null;
      }
    }
  }
}
