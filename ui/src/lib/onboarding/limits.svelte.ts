/** The safety profiles in the money of this account. */
import { drawn, pixels } from '../format';
import { askFor, failureOf, type Backend, type Failure, type LimitRow, type ProfileRow } from '../ipc';

/** What a newcomer asks about first, in this order. */
const ASKED: [limit: string, question: string][] = [
  ['order-value', 'Most that one order may be worth'],
  ['order-qty', 'Most shares in one order'],
  ['account-day-loss', 'Loss of a day that stops new entries'],
  ['position-share', 'Most that one symbol may be worth'],
  ['gross-exposure', 'Most that all positions may be worth'],
  ['orders-per-minute', 'Orders in a minute'],
  ['orders-per-day', 'Orders in a day'],
];

export interface Line {
  limit: string;
  question: string;
  /** By profile: the value with its unit, and what a percentage is in money. */
  values: Record<string, { value: string; unit: string; money: string | null }>;
}

/** Returns what each profile says to each question; custom is what single changes make. */
export function lines(profiles: readonly ProfileRow[], limits: readonly LimitRow[], netLiquidation: string | null): Line[] {
  return ASKED.flatMap(([limit, question]) => {
    const row = limits.find((one) => one.id === limit);
    if (!row) return [];
    const values: Line['values'] = {};
    for (const profile of profiles) {
      const value = profile.edits.find((edit) => edit.limit === limit)?.new ?? row.value ?? 'off';
      values[profile.name] = { value, unit: value === 'off' ? '' : row.unit, money: row.unit.startsWith('%') ? share(value, netLiquidation) : null };
    }
    return [{ limit, question, values }];
  });
}

/** Returns `about 10 422`, for the eye only. */
function share(percent: string, of: string | null): string | null {
  const [part, whole] = [pixels(percent), pixels(of)];
  return part === null || whole === null ? null : `about ${drawn(String(Math.round((part * whole) / 100)), 0)}`;
}

export class Safety {
  profiles = $state.raw<ProfileRow[]>([]);
  limits = $state.raw<LimitRow[]>([]);
  chosen = $state<string | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** Seconds until looser limits are in force. */
  afterS = $state(0);

  readonly isLoaded = $derived(this.profiles.length > 0);

  constructor(private readonly backend: Backend) {}

  async load(): Promise<void> {
    try {
      const [{ profiles }, { rows }] = await Promise.all([askFor(this.backend, { do: 'profiles' }, 'profiles'), askFor(this.backend, { do: 'limits', scope: 'account' }, 'limits')]);
      this.profiles = profiles.filter((profile) => profile.name !== 'custom' || profile.is_current);
      this.limits = rows;
      this.chosen ??= profiles.find((profile) => profile.is_current)?.name ?? profiles[0]?.name ?? null;
      this.failure = null;
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
  }

  /** Applies what was chosen when it is another one; returns whether the step may go on. */
  async apply(): Promise<boolean> {
    const chosen = this.profiles.find((profile) => profile.name === this.chosen);
    if (!chosen || chosen.is_current) return true;
    try {
      const reply = await askFor(this.backend, { do: 'set-profile', scope: 'account', profile: chosen.name, confirm: null }, 'done');
      this.afterS = reply.after_s ?? 0;
      this.failure = null;
      return true;
    } catch (thrown) {
      this.failure = failureOf(thrown);
      return false;
    }
  }
}
