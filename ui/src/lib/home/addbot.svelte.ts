/** Adding a bot: its name and port, the limits it starts with, its first connection, its first refusal. */
import { askFor, failureOf, type Backend, type BotView, type EntryRow, type Failure, type LimitInput, type LimitRow, type ProfileRow } from '../ipc';

/** The limits that say most about a profile, in this order. */
const TELLING = ['order-value', 'order-qty', 'day-loss', 'position-share', 'gross-exposure', 'orders-per-minute', 'orders-per-day'];
const TOLD = 4;

export interface ProfileChoice {
  profile: ProfileRow;
  /** Title, value and unit of its most telling limits. */
  values: { title: string; value: string; unit: string }[];
}

/** Returns each profile with what its telling limits would be for this account. */
export function choices(profiles: readonly ProfileRow[], limits: readonly LimitRow[]): ProfileChoice[] {
  const told = TELLING.flatMap((id) => limits.find((row) => row.id === id && (row.value !== null || profiles.some((profile) => profile.edits.some((edit) => edit.limit === id)))) ?? []).slice(0, TOLD);
  return profiles.map((profile) => ({
    profile,
    values: told.map((row) => ({ title: row.title, value: profile.edits.find((edit) => edit.limit === row.id)?.new ?? row.value ?? 'off', unit: row.unit })),
  }));
}

export class NewBot {
  name = $state('');
  port = $state('');
  clientId = $state('');
  profile = $state<string | null>(null);
  choices = $state.raw<ProfileChoice[]>([]);
  added = $state<string | null>(null);
  isAdding = $state(false);
  failure = $state.raw<Failure | null>(null);
  /** Limits of the profile that wait for their delay. */
  nWaiting = $state(0);

  readonly nameWrong = $derived(this.name !== '' && !/^[a-z0-9][a-z0-9_-]{0,31}$/.test(this.name) ? 'Use small letters, digits, - and _.' : null);
  readonly portWrong = $derived(this.port !== '' && !(whole(this.port) && Number(this.port) >= 1024 && Number(this.port) <= 65535) ? 'Enter 1024 to 65535.' : null);
  readonly idWrong = $derived(this.clientId !== '' && !(whole(this.clientId) && Number(this.clientId) >= 1) ? 'Enter 1 or more.' : null);
  readonly isReady = $derived(this.name !== '' && !this.nameWrong && !this.portWrong && !this.idWrong && !this.isAdding);

  constructor(private readonly backend: Backend) {}

  /** Reads the profiles; without them the bot starts with the account's limits. */
  async readProfiles(): Promise<void> {
    try {
      const [{ profiles }, { rows }] = await Promise.all([askFor(this.backend, { do: 'profiles' }, 'profiles'), askFor(this.backend, { do: 'limits', scope: 'account' }, 'limits')]);
      this.choices = choices(profiles, rows);
      this.profile = profiles.find((profile) => profile.is_current)?.name ?? profiles[0]?.name ?? null;
    } catch {
      this.choices = [];
      this.profile = null;
    }
  }

  async add(): Promise<void> {
    if (!this.isReady) return;
    this.isAdding = true;
    this.failure = null;
    const name = this.name;
    try {
      const reply = await askFor(this.backend, { do: 'add-bot', name, port: this.port === '' ? null : Number(this.port), client_id: this.clientId === '' ? null : Number(this.clientId) }, 'bot-added');
      this.added = reply.name;
      await this.#limit(reply.name);
    } catch (thrown) {
      this.failure = failureOf(thrown);
    }
    this.isAdding = false;
  }

  /** Sets what the chosen profile says otherwise than the account, on the bot alone. */
  async #limit(bot: string): Promise<void> {
    const chosen = this.choices.find((choice) => choice.profile.name === this.profile)?.profile;
    if (!chosen || chosen.is_current || chosen.edits.length === 0) return;
    const value = (text: string): LimitInput => (text === 'off' ? { to: 'off' } : { to: 'set', value: text });
    const edits = chosen.edits.map((edit) => ({ scope: `bot:${bot}`, limit: edit.limit, value: value(edit.new) }));
    const { effects } = await askFor(this.backend, { do: 'apply-limits', edits }, 'edits');
    this.nWaiting = effects.filter((effect) => effect.after_s > 0).length;
  }
}

export interface FirstStep {
  id: 'connect' | 'refusal' | 'kill';
  title: string;
  text: string;
  isDone: boolean;
}

/** Returns what is left to try, with a new bot or without one. Each step is done when the ledger says so. */
export function firstSteps(bot: BotView | null, entries: readonly EntryRow[], limits: readonly LimitRow[]): FirstStep[] {
  const name = bot?.name ?? null;
  const most = limits.find((row) => row.id === 'order-qty')?.value ?? null;
  return [
    ...(bot === null ? [] : [{ id: 'connect' as const, title: 'First connection', text: bot.is_connected ? `Connected${bot.peer ? ` from ${bot.peer}` : ''}${bot.peer_process ? `, ${bot.peer_process}` : ''}.` : `Waiting on port ${bot.port}.`, isDone: bot.is_connected || bot.seen_ms_ago !== null }]),
    { id: 'refusal', title: 'Test refusal', text: `One order of yours that asks for ${most === null ? 'far more than a limit allows' : `more than ${most} shares`}. It must be refused; nothing reaches the broker.`, isDone: entries.some((entry) => entry.outcome === 'refused' && (entry.decision?.bot === name || entry.decision?.bot === 'desk')) },
    { id: 'kill', title: 'Kill drill', text: 'Hold the kill button, watch every order go, and release it.', isDone: entries.some((entry) => entry.kind === 'kill-released') },
  ];
}

function whole(text: string): boolean {
  return /^\d{1,9}$/.test(text);
}
