/** The limits of the sample day; a looser value waits for its delay as the real ones do. */
import type { EditEffect, LimitEdit, LimitForm, LimitInput, LimitRow, ProfileRow, Replay } from '../bindings';
import { at } from './clock';

type Seed = [id: string, rule: string, group: string, title: string, sentence: string, unit: string, value: string | null, measured: string | null, percent: number | null, more?: { higher?: boolean; form?: LimitForm; reached?: string }];

const SEEDS: Seed[] = [
  ['order-qty', 'GH-03', 'Size and value', 'Quantity per order', 'Catches an extra zero.', 'shares', '500', 'largest 8', 2],
  ['order-value', 'GH-04', 'Size and value', 'Value per order', 'Larger orders are refused.', 'USD', '10000', 'largest 5265', 53],
  ['order-value-share', 'GH-04', 'Size and value', 'Value per order, share of account', 'In percent of net liquidation.', '%', '5', 'largest 5.1', 102],
  ['position-share', 'GH-36', 'Size and value', 'Position per symbol', 'Held plus working, share of the account.', '% of account', '10', 'SPY 3.3', 33],
  ['penny-value', 'GH-10', 'Size and value', 'Value per order, penny stocks', 'Below the penny price.', 'USD', '500', null, null],
  ['price-collar', 'GH-06', 'Price and market data', 'Price collar', 'Distance from the best price.', '%', '3', 'largest 0.8', 27],
  ['price-collar-warn', 'GH-06', 'Price and market data', 'Price collar, warning', 'Warns from this distance.', '%', '1', 'largest 0.8', 80, { reached: 'Warn only' }],
  ['min-price', 'GH-10', 'Price and market data', 'Penny price', 'Cheaper counts as a penny stock.', 'USD', '1', null, null, { higher: true }],
  ['quote-age', 'GH-12', 'Price and market data', 'Age of the quote', 'Too old: exits only.', 's', '5', '0.2 now', 4],
  ['live-data-only', 'GH-13', 'Price and market data', 'Live prices only', 'Delayed and frozen prices are not believed.', '', 'on', null, null, { form: 'switch', higher: true }],
  ['symbols', 'GH-18', 'What may be traded', 'Symbols', 'The only ones that may be traded.', '', null, null, null, { form: 'allow-list' }],
  ['restricted-symbols', 'GH-19', 'What may be traded', 'Restricted list', 'Nothing may be opened in these.', '', 'AMC, GME', null, null, { form: 'refuse-list', higher: true }],
  ['order-types', 'GH-22', 'What may be traded', 'Order types', 'The only ones that are sent.', '', 'LMT, MKT', null, null, { form: 'allow-list' }],
  ['duplicate-window', 'GH-26', 'Pace', 'Same order again', 'How long a repeat is refused.', 's', '10', '6 refused today', 0, { higher: true }],
  ['orders-per-second', 'GH-28', 'Pace', 'Orders per second', 'Catches a runaway loop.', 'orders', '5', 'peak 2', 40],
  ['orders-per-minute', 'GH-28', 'Pace', 'Orders per minute', 'Bursts are refused.', 'orders', '30', 'peak today 4', 13],
];

/** An own value is text, or `off`. */
interface Own {
  value: string | null;
  scheduled: { input: LimitInput; atMs: number } | null;
}

export class MockLimits {
  readonly #own = new Map<string, Own>([
    ['bot:momentum-spy order-qty', { value: '200', scheduled: null }],
    ['bot:momentum-spy duplicate-window', { value: '20', scheduled: null }],
    ['bot:dca-etf orders-per-minute', { value: '2', scheduled: null }],
    ['symbol:NVDA order-qty', { value: '60', scheduled: null }],
  ]);

  rows(scope: string, nowMs: number): LimitRow[] {
    this.#due(nowMs);
    return SEEDS.map((seed) => this.#row(scope, seed, nowMs));
  }

  nOwn(scope: string): number {
    return [...this.#own].filter(([key, own]) => key.startsWith(`${scope} `) && own.value !== null).length;
  }

  #row(scope: string, [id, rule, group, title, sentence, unit, standard, measured, percent, more]: Seed, nowMs: number): LimitRow {
    const own = this.#own.get(`${scope} ${id}`);
    const account = this.#own.get(`account ${id}`);
    const wider = account?.value ?? standard;
    const wait = own?.scheduled ?? null;
    const isOwn = own !== undefined && own.value !== null;
    const value = isOwn ? own.value : wider;
    return {
      id, rule, group, title, sentence, unit, measured, percent,
      form: more?.form ?? 'number',
      value: value === 'off' ? null : value,
      own: isOwn && own.value !== 'off' ? own.value : null,
      is_off_here: own?.value === 'off',
      from: isOwn ? 'Set here' : scope !== 'account' && account ? 'Account' : 'Default',
      scheduled: wait ? [wait.input.to === 'set' ? wait.input.value : wait.input.to, Math.max(0, Math.ceil((wait.atMs - nowMs) / 1000))] : null,
      higher_is_stricter: more?.higher ?? false,
      when_reached: more?.reached ?? 'Refuse',
    };
  }

  /** What an edit would mean; nothing is applied. */
  check({ scope, limit, value }: LimitEdit, nowMs: number): EditEffect {
    const row = this.rows(scope, nowMs).find((r) => r.id === limit);
    const isTighter = row !== undefined && stricter(row, value);
    const words = value.to === 'set' ? value.value : value.to;
    return {
      scope, limit, title: row?.title ?? limit, old: row?.value ?? 'off', new: words, unit: row?.unit ?? '',
      is_tighter: isTighter, after_s: isTighter ? 0 : 60,
      trouble: row?.id === 'order-types' && /FOO/.test(words) ? '"FOO" is not understood in order-types, which knows: LMT, MKT, STP, STP LMT.' : null,
    };
  }

  /** Returns the seconds until a looser value takes effect; 0 for a tighter one. */
  set(scope: string, id: string, input: LimitInput, nowMs: number): number {
    const { is_tighter, after_s } = this.check({ scope, limit: id, value: input }, nowMs);
    const row = this.rows(scope, nowMs).find((r) => r.id === id);
    const value = input.to === 'set' ? input.value : input.to === 'off' ? 'off' : null;
    this.#own.set(`${scope} ${id}`, is_tighter ? { value, scheduled: null } : { value: row?.own ?? null, scheduled: { input, atMs: nowMs + 60_000 } });
    return after_s;
  }

  discard(scope: string, id: string): void {
    const own = this.#own.get(`${scope} ${id}`);
    if (own) own.scheduled = null;
  }

  #due(nowMs: number): void {
    for (const own of this.#own.values()) {
      if (own.scheduled && own.scheduled.atMs <= nowMs) {
        const { input } = own.scheduled;
        own.value = input.to === 'set' ? input.value : input.to === 'off' ? 'off' : null;
        own.scheduled = null;
      }
    }
  }
}

function stricter(row: LimitRow, input: LimitInput): boolean {
  if (input.to !== 'set') return false;
  if (row.value === null || row.form === 'switch') return true;
  const names = (list: string): string[] => list.split(',').map((name) => name.trim().toUpperCase());
  if (row.form === 'allow-list') return names(input.value).every((name) => names(row.value ?? '').includes(name));
  if (row.form === 'refuse-list') return names(row.value).every((name) => names(input.value).includes(name));
  return row.higher_is_stricter ? Number(input.value) > Number(row.value) : Number(input.value) < Number(row.value);
}

export function profiles(limits: MockLimits, nowMs: number): ProfileRow[] {
  const edit = (limit: string, value: string): EditEffect => limits.check({ scope: 'account', limit, value: { to: 'set', value } }, nowMs);
  return [
    { name: 'careful', title: 'Careful', sentence: 'Small orders, few of them, in regular hours: for a first week.', is_current: true, edits: [] },
    { name: 'standard', title: 'Standard', sentence: 'Room for a bot that has proved itself on paper.', is_current: false, edits: [edit('order-value', '25000'), edit('position-share', '20'), edit('orders-per-minute', '60'), edit('price-collar', '2')] },
    { name: 'custom', title: 'Custom', sentence: 'Your own values, limit by limit.', is_current: false, edits: [] },
  ];
}

/** What the pending edits would have done to the sample week. */
export function replay(edits: readonly LimitEdit[], nDays: number): Replay {
  const value = edits.find((edit) => edit.limit === 'order-value')?.value;
  const limit = value?.to === 'set' ? Number(value.value) : 10_000;
  const asked: [time: string, what: string, bot: string, value: number][] = [['15:12:00.000', 'BUY 14 SPY', 'momentum-spy', 9203], ['11:40:00.000', 'BUY 15 QQQ', 'meanrev-qqq', 8977], ['10:06:00.000', 'BUY 13 SPY', 'momentum-spy', 8556]];
  const rows = asked.filter(([, , , worth]) => worth > limit).map(([time, what, bot, worth], i) => ({ seq: 1284301 + i, time: at(time), bot, what, was: 'allowed' as const, becomes: 'refused' as const, sentence: `${worth} USD, above ${limit}` }));
  const days = ([['2026-11-12', 13], ['2026-11-13', 9], ['2026-11-16', 17], ['2026-11-17', 21], ['2026-11-18', 15]] as const).slice(-nDays).map(([date, n], i, all) => ({ date, n_requests: n, n_changed: i === all.length - 1 ? rows.length : 0 }));
  return { n_requests: days.reduce((n, day) => n + day.n_requests, 0), n_without_inputs: 2, n_changed: rows.length, n_newly_refused: rows.length, n_newly_allowed: 0, days, rows, missing: 'Limits on losses are not replayed: fills are not simulated.' };
}
