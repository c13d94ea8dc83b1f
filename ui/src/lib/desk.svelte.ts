/** What the screens share: the backend, the replica, the place in the window and the clock. */
import { createContext } from 'svelte';

import { Alarms } from './alerts/alarms.svelte';
import { ChartBook } from './chart/book/book.svelte';
import { Board } from './chart/draw/board.svelte';
import { Doctor } from './gateway/doctor.svelte';
import { GatewayDesk } from './gateway/gateway.svelte';
import { HistoryDesk } from './history/history.svelte';
import { askFor, failureOf, type Backend, type Failure, type Reply, type Request, type WorkingRow } from './ipc';
import { FirstRun } from './onboarding/firstrun.svelte';
import { Replica } from './replica.svelte';
import { PendingLimits } from './risk/pending.svelte';

/** The states sheet is no place of work: only the command palette leads there. */
export const SCREENS = ['home', 'chart', 'orders', 'risk', 'audit', 'gateway', 'settings', 'states'] as const;
export type Screen = (typeof SCREENS)[number];
/** A screen that the rail leads to. */
export type Place = Exclude<Screen, 'states'>;

/** The parts of Settings, in their order. */
export const SETTINGS_PARTS = ['gateway', 'login', 'alerts', 'appearance', 'data', 'history', 'first-run'] as const;
export type SettingsPart = (typeof SETTINGS_PARTS)[number];

/** A status older than this is stale: the shell sends one at least every second. */
const STALE_MS = 5000;

export interface Verification {
  nEntries: number;
  head: string;
  brokenAt: number | null;
  tookMs: number;
  at: string | null;
}

export class Desk {
  screen = $state<Screen>('home');
  bot = $state<string | null>(null);
  /** What was chosen since the window was opened. */
  #symbol = $state<string | null>(null);
  scope = $state('account');
  /** The limit to show in Risk, when a link led there. */
  limit = $state<string | null>(null);
  entry = $state<number | null>(null);
  /** What lies over the screen. */
  overlay = $state<'palette' | 'map' | null>(null);
  /** Counts how often the order ticket was asked for; the ticket takes focus when it grows. */
  nTicketsAsked = $state(0);
  /** Of these, how many the ticket has answered. */
  nTicketsTaken = 0;
  /** Counts how often a symbol's chart was asked for from another screen. */
  nChartsAsked = $state(0);
  /** Of these, how many the charts have answered. */
  nChartsTaken = 0;
  /** The scope whose positions are being closed by hand, such as `account`. */
  flattening = $state<string | null>(null);
  /** The working order whose life is shown. */
  life = $state.raw<WorkingRow | null>(null);
  /** The order of the person that is being changed. */
  changing = $state.raw<WorkingRow | null>(null);
  /** Whether the attention feed is open as a drawer. */
  isFeedOpen = $state(false);
  /** Whether the open alarms are shown, under the bell. */
  isAlarmsOpen = $state(false);
  /** The part of Settings that is shown. */
  settingsPart = $state<SettingsPart>('gateway');
  /** The newest entry that the person marked as read in the feed. */
  readTo = $state(0);
  notice = $state<string>('');
  failure = $state.raw<Failure | null>(null);
  verification = $state.raw<Verification | null>(null);
  nowMs = $state(0);

  /** Edits of limits wait here while a person looks at other screens. */
  readonly pending = new PendingLimits();
  readonly replica: Replica;
  readonly alarms: Alarms;
  /** Drawings, layouts and the watchlist. */
  readonly book: ChartBook;
  readonly board: Board;
  readonly gateway: GatewayDesk;
  readonly history: HistoryDesk;
  readonly doctor: Doctor;
  readonly firstRun: FirstRun;
  readonly status = $derived.by(() => this.replica.status);
  readonly ageMs = $derived.by(() => (this.replica.status === null ? null : Math.max(0, this.nowMs - this.replica.heardAt)));
  readonly isStale = $derived(this.ageMs !== null && this.ageMs > STALE_MS);
  /** Seconds since 1970 on the Gateway's calendar, or on this machine's while that is not known. */
  readonly marketTime = $derived.by(() => Date.parse(this.replica.status?.session.market_time ?? new Date().toISOString()) / 1000);
  /** What bots hold, work on or traded. */
  readonly traded = $derived.by(() => this.#traded());
  /** All that there are prices of, too. */
  readonly symbols = $derived.by(() => [...new Set([...this.traded, ...this.replica.quotes.keys()])]);
  /** What charts that follow the watchlist show: what was chosen, also before a restart while it is known, or else the first. */
  readonly symbol = $derived.by(() => this.#symbol ?? this.#kept() ?? this.symbols[0] ?? null);

  constructor(
    readonly backend: Backend,
    private readonly now: () => number,
  ) {
    this.replica = new Replica(backend, now);
    this.alarms = new Alarms(backend);
    this.book = new ChartBook(backend);
    this.board = new Board(this.book, (sentence) => (this.notice = sentence));
    this.book.onopened = () => this.board.forget();
    this.replica.onalert = (alert) => this.alarms.hear(alert);
    this.gateway = new GatewayDesk(backend, this.replica);
    this.history = new HistoryDesk(backend, this.replica);
    this.doctor = new Doctor(backend);
    this.firstRun = new FirstRun(backend);
    this.nowMs = now();
  }

  tick(): void {
    this.nowMs = this.now();
  }

  go(screen: Screen): void {
    this.screen = screen;
  }

  readAll(): void {
    this.readTo = this.replica.entries[0]?.seq ?? 0;
  }

  showEntry(seq: number): void {
    this.entry = seq;
    this.screen = 'audit';
  }

  select(symbol: string): void {
    this.#symbol = symbol;
    this.book.select(symbol);
  }

  showChart(symbol: string): void {
    this.select(symbol);
    this.nChartsAsked += 1;
    this.screen = 'chart';
  }

  /** Opens the order ticket, on the chart of the symbol. */
  askTicket(): void {
    this.screen = 'chart';
    this.nTicketsAsked += 1;
  }

  showLimits(scope: string, rule: string | null = null): void {
    this.scope = scope;
    this.limit = rule;
    this.screen = 'risk';
  }

  showSettings(part: SettingsPart): void {
    this.settingsPart = part;
    this.screen = 'settings';
  }

  /** Carries out what a person asked and says the result; returns null when it failed. */
  async act(request: Request, said: (reply: Reply) => string): Promise<Reply | null> {
    this.failure = null;
    try {
      const reply = await this.backend.ask(request);
      this.notice = said(reply);
      return reply;
    } catch (thrown) {
      this.failure = failureOf(thrown);
      return null;
    }
  }

  async verify(): Promise<void> {
    const reply = await askFor(this.backend, { do: 'verify' }, 'verified');
    this.verification = {
      nEntries: reply.n_entries,
      head: reply.head,
      brokenAt: reply.broken_at,
      tookMs: reply.took_ms,
      at: this.status?.session.market_time ?? null,
    };
  }

  #kept(): string | null {
    const { symbol, watchlist } = this.book.book;
    return symbol !== null && (watchlist.includes(symbol) || this.symbols.includes(symbol)) ? symbol : null;
  }

  #traded(): string[] {
    const found = new Set<string>();
    for (const bot of this.status?.bots ?? []) for (const [symbol] of bot.positions) found.add(symbol);
    for (const row of this.status?.working ?? []) found.add(row.symbol);
    for (const { symbol } of this.status?.positions ?? []) found.add(symbol);
    for (const entry of this.replica.entries) {
      const symbol = entry.fill?.symbol ?? entry.decision?.symbol;
      if (symbol) found.add(symbol);
    }
    for (const quote of this.replica.quotes.values()) if (quote.bots.length > 0) found.add(quote.symbol);
    return [...found];
  }
}

export const [useDesk, provideDesk] = createContext<Desk>();
