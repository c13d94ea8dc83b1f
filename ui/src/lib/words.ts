/** Words, shapes and colours that go with the states of the contract. */
import type { BotView, Mode, Outcome, State } from './ipc';

export type ShapeName = 'active' | 'waiting' | 'paused' | 'reduce-only' | 'halted' | 'killed' | 'off' | 'warn';

export interface Seen {
  shape: ShapeName;
  word: string;
  tone: string;
}

const STATES: Record<State, Seen> = {
  active: { shape: 'active', word: 'Active', tone: 'c2' },
  paused: { shape: 'paused', word: 'Paused', tone: 'warn' },
  'reduce-only': { shape: 'reduce-only', word: 'Reduce only', tone: 'warn' },
  halted: { shape: 'halted', word: 'Halted', tone: 'halt' },
  killed: { shape: 'killed', word: 'Killed', tone: 'halt' },
};

/** A stricter state says more than a closed socket. */
export function botSeen(bot: BotView): Seen {
  if (bot.state !== 'active') return STATES[bot.state];
  if (bot.is_connected) return STATES.active;
  return bot.seen_ms_ago === null
    ? { shape: 'waiting', word: 'Waiting', tone: 'c3' }
    : { shape: 'off', word: 'Disconnected', tone: 'refuse' };
}

export interface Control {
  state: Exclude<State, 'killed'>;
  verb: string;
  sentence: string;
}

/** The four controls, in the words of the design. */
export const CONTROLS: Control[] = [
  { state: 'active', verb: 'Run', sentence: 'Limits apply, orders flow' },
  { state: 'paused', verb: 'Pause', sentence: 'No new entries; exits still work' },
  { state: 'reduce-only', verb: 'Reduce only', sentence: 'Also cancels working entries' },
  { state: 'halted', verb: 'Halt', sentence: 'Refuses all but cancels' },
];

export const OUTCOMES: Record<Outcome, { icon: 'check' | 'warn' | 'clock' | 'refused'; word: string; tone: string }> = {
  allowed: { icon: 'check', word: 'Allowed', tone: 'ok' },
  warned: { icon: 'warn', word: 'Warned', tone: 'warn' },
  waiting: { icon: 'clock', word: 'Waiting', tone: 'pend' },
  refused: { icon: 'refused', word: 'Refused', tone: 'refuse' },
};

export const MODES: Record<Mode, string> = { sim: 'SIM', paper: 'PAPER', live: 'LIVE' };

/** Whose order it is: a bot's, the person's, or nobody's that Gatehouse knows. */
export function ownerName(bot: string | null): string {
  if (bot === null) return 'not a bot of yours';
  return bot === 'desk' ? 'you' : bot;
}

/** A bot keeps its colour while it keeps its place; the 7th repeats. */
export function botColour(bots: readonly BotView[], name: string | null): string {
  const place = bots.findIndex((bot) => bot.name === name);
  return place < 0 ? 'var(--text-3)' : `var(--bot-${(place % 6) + 1})`;
}

export type Pip = 'notsent' | 'sent' | 'accepted' | 'trigger' | 'working' | 'filled' | 'cancelreq' | 'cancelack' | 'dead';

const PIPS: Record<string, Pip> = {
  'not-sent': 'notsent', held: 'notsent', recorded: 'notsent', sent: 'sent', 'pending-submit': 'sent', 'api-pending': 'sent',
  accepted: 'accepted', 'pre-submitted': 'trigger', submitted: 'working', working: 'working', filled: 'filled',
  'pending-cancel': 'cancelreq', 'cancel-requested': 'cancelreq', 'cancel-sent': 'cancelreq', 'cancel-accepted': 'cancelack',
  cancelled: 'dead', 'api-cancelled': 'dead', inactive: 'dead', rejected: 'dead', unknown: 'notsent',
};

export function pipOf(status: string): Pip {
  return PIPS[status] ?? 'sent';
}

/** Bots that need a person first: stopped, then near a limit, then the rest as they stand. */
export function attentionFirst(bots: readonly BotView[]): BotView[] {
  const need = (bot: BotView): number => {
    const near = bot.headroom[0]?.percent ?? 0;
    if (bot.state !== 'active') return 3;
    if (near >= 80) return 2;
    return bot.is_connected ? 0 : bot.seen_ms_ago === null ? -1 : 1;
  };
  return bots.map((bot, i) => ({ bot, i })).sort((a, b) => need(b.bot) - need(a.bot) || a.i - b.i).map(({ bot }) => bot);
}
