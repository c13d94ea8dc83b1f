/** A Gatehouse in memory: for `npm run dev`, for tests and for pictures. */
import { Refusal, type Backend, type Unsubscribe } from '../backend';
import type { AuditFilter, ColumnsRequest, EntryPage, EntryRow, Failure, LimitEdit, Mode, OnboardingProgress, OrderTicket, Reply, Request, ScopeNode, State, Status, Update } from '../bindings';
import { MockAlerts } from './alerts';
import { checkpoints, density, filler, isEmpty, linked, matching, tokens } from './audit';
import { marks, orderSpans, quotes } from './quotes';
import { hashOf, NOW_UTC } from './clock';
import { codes, meaning } from './codes';
import { lines } from './lines';
import { day } from './day';
import { flattenReview, preview, terms, what, workingRow } from './desk';
import { decision, detail, entries, finding, row } from './entries';
import { GATEWAY_PLAYS, type GatewayPlay } from './gateway';
import { MockGateway } from './gatewaydesk';
import { HISTORY_PLAYS, MockHistory, type HistoryPlay } from './history';
import { MockLimits, profiles, replay } from './limits';
import { DOCTOR, onboarding } from './onboarding';
import { columns, isKnown } from './series';
import { connectLines, killed, SENTENCES, status } from './world';

export type Play = 'day' | 'empty' | 'loading' | 'error' | 'stale' | 'killed' | 'broken-chain';

export interface Scenario {
  play: Play;
  mode: Mode;
  /** Advances the day by itself; tests call `advance` instead. */
  isRunning: boolean;
  gateway?: GatewayPlay;
  history?: HistoryPlay;
  /** Bars of each series at most. */
  nBars?: number;
  /** Nothing was ever set up. */
  isFirst?: boolean;
}

const PLAYS: Play[] = ['day', 'empty', 'loading', 'error', 'stale', 'killed', 'broken-chain'];
const MODES: Mode[] = ['sim', 'paper', 'live'];

export function scenarioOf(search: string): Scenario {
  const asked = new URLSearchParams(search);
  return {
    play: PLAYS.find((p) => p === asked.get('play')) ?? 'day',
    mode: MODES.find((m) => m === asked.get('mode')) ?? 'paper',
    isRunning: true,
    gateway: GATEWAY_PLAYS.find((p) => p === asked.get('gateway')) ?? 'ready',
    history: HISTORY_PLAYS.find((p) => p === asked.get('history')) ?? 'busy',
    isFirst: asked.has('first-run'),
    nBars: Number(asked.get('bars') ?? Infinity),
  };
}

const NO_ANSWER: Failure = {
  code: 'gateway-lost', kind: 'waiting',
  what: 'The ledger could not be read.',
  why: 'Gateway lost the broker at 14:25:51 (1100). Working orders at the broker are not affected.',
  next: 'Nothing to do; Gatehouse tries again by itself.',
};

export class MockBackend implements Backend {
  readonly isSample = true;

  #status: Status;
  #entries: EntryRow[];
  #limits = new MockLimits();
  #alerts: MockAlerts;
  #listeners = new Set<(update: Update) => void>();
  #elapsedMs = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Counts what was reviewed; a token is good once. */
  #turn = 0;
  #tokens = new Set<string>();
  #gateway: MockGateway;
  #history: MockHistory;
  /** Drawings and layouts, as the window wrote them. */
  #book: string | null = null;
  #progress: OnboardingProgress = { state: 'open', step: 'welcome', place: null, bot: null, is_checklist_away: false };

  constructor(private readonly scenario: Scenario) {
    this.#status = status(scenario.mode);
    this.#entries = entries();
    this.#alerts = new MockAlerts(scenario.play === 'empty');
    this.#gateway = new MockGateway(scenario.gateway ?? 'ready', (value) => this.tell({ update: 'gateway', value }));
    this.#history = new MockHistory(scenario.history ?? 'busy', scenario.play === 'empty' || (scenario.isFirst ?? false), (value) => this.tell({ update: 'history', value }));
    if (scenario.play === 'empty' || scenario.isFirst) {
      this.#entries = [];
      this.#status = { ...this.#status, bots: [], working: [], positions: [], day_pnl: null, day_pnl_percent: null, gross_exposure_percent: null, today: { pnl: null, realised: null, open: null, fees: null } };
    }
    if (scenario.play === 'killed') {
      this.#kill('You pressed it');
      this.advance(19);
    }
  }

  async subscribe(onUpdate: (update: Update) => void): Promise<Unsubscribe> {
    this.#listeners.add(onUpdate);
    if (this.scenario.isRunning && this.scenario.play !== 'stale') this.#timer ??= setInterval(() => this.advance(1), 1000);
    return () => {
      this.#listeners.delete(onUpdate);
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  }

  async ask(request: Request): Promise<Reply> {
    if (this.scenario.play === 'loading') return new Promise(() => undefined);
    if (this.scenario.play === 'error') throw new Refusal(NO_ANSWER);
    return this.#answer(request);
  }

  async columns(request: ColumnsRequest): Promise<ArrayBuffer> {
    if (this.scenario.play === 'loading') return new Promise(() => undefined);
    if (this.scenario.play === 'error') throw new Refusal(NO_ANSWER);
    if (!isKnown(request.symbol)) throw new Refusal({ code: 'no-instrument', kind: 'broken', what: 'There are no bars.', why: `The Gateway did not name an instrument ${request.symbol}.`, next: 'Check the symbol and the connection to the Gateway.' });
    return columns(request, { nBars: this.scenario.nBars ?? Infinity, note: this.#history.note(request.symbol, request.bar) });
  }

  /** Lets seconds pass. */
  advance(seconds: number): void {
    this.#elapsedMs += seconds * 1000;
    const kill = this.#status.kill;
    this.#status = {
      ...this.#status,
      session: { ...this.#status.session, market_time: this.#now() },
      bots: this.#status.bots.map((bot) => ({ ...bot, seen_ms_ago: bot.seen_ms_ago === null ? null : bot.is_connected && bot.seen_ms_ago > 9000 && bot.seen_ms_ago < 60_000 ? 400 : bot.seen_ms_ago + seconds * 1000 })),
      kill: kill && { ...kill, seconds_ago: kill.seconds_ago + seconds, release_in_s: Math.max(0, kill.release_in_s - seconds) },
    };
    this.tell({ update: 'status', value: this.#status });
    const symbols = [...new Set(this.#status.positions.map(({ symbol }) => symbol))];
    this.tell({ update: 'quotes', value: quotes(symbols) });
    this.#history.advance(seconds);
  }

  /** A bot asks for too much; the refusal arrives as an entry. */
  refuse(): void {
    const ask = { bot: 'momentum-spy', id: 1200, side: 'BUY' as const, quantity: '50000', symbol: 'SPY', terms: 'LMT 662.10, DAY' };
    const reason = finding('GH-03', 'Quantity per order', 'Buy 50000 SPY is above 200 shares.', '50000', '200', 'shares', '200 shares or fewer', 'momentum-spy');
    this.#write({ actor: 'momentum-spy', kind: 'judged', title: 'Order request', subject: 'SPY', summary: reason.sentence, outcome: 'refused', decision: decision('refused', ask, [reason]) });
  }

  #now(): string {
    return new Date(NOW_UTC + this.#elapsedMs).toISOString();
  }

  /** Tells the window of something, as a backend does by itself. */
  tell(update: Update): void {
    for (const listener of this.#listeners) listener(update);
  }

  #write(seed: Omit<Parameters<typeof row>[0], 'seq'>): void {
    const seq = (this.#entries[0]?.seq ?? 0) + 1;
    const entry = row({ ...seed, seq }, this.#now());
    this.#entries = [entry, ...this.#entries];
    this.tell({ update: 'entries', value: [entry] });
    this.tell({ update: 'status', value: this.#status });
  }

  #answer(request: Request): Reply {
    switch (request.do) {
      case 'snapshot':
        return { reply: 'snapshot', seq: this.#entries[0]?.seq ?? 0, status: this.#status, entries: this.#entries };
      case 'status':
        return { reply: 'status', ...this.#status };
      case 'limits':
        return { reply: 'limits', rows: this.#limits.rows(request.scope, this.#elapsedMs) };
      case 'audit':
        return { reply: 'audit', ...this.#page(request.filter, request.before, request.limit) };
      case 'entry':
        return { reply: 'entry', ...detail(this.#entry(request.seq)), linked: linked(this.#entries, this.#entry(request.seq)) };
      case 'verify':
        return this.#verify();
      case 'density':
        return { reply: 'density', ...density(this.#entries, request.filter, request.buckets) };
      case 'checkpoints':
        return { reply: 'checkpoints', rows: this.scenario.play === 'empty' ? [] : checkpoints() };
      case 'propose-old': {
        const value = { to: 'set' as const, value: '12000' };
        return { reply: 'proposal', value, edit: this.#limits.check({ scope: 'bot:momentum-spy', limit: 'order-value', value }, this.#elapsedMs) };
      }
      case 'export':
        return { reply: 'exported', path: `/home/you/.local/share/gatehouse/export-${this.#entries[0]?.seq ?? 0}.${request.format}`, n_entries: matching(this.#entries, request.filter).length };
      case 'report':
        return { reply: 'reported', path: `/home/you/.local/share/gatehouse/reports/report-${request.from ?? '2026-01-05'}.html`, days: 1 };
      case 'scopes':
        return { reply: 'scopes', nodes: this.#scopes() };
      case 'check-limits':
        return { reply: 'edits', effects: request.edits.map((edit) => this.#limits.check(edit, this.#elapsedMs)) };
      case 'profiles':
        return { reply: 'profiles', profiles: profiles(this.#limits, this.#elapsedMs) };
      case 'replay-limits':
        return { reply: 'replay', ...replay(request.edits, request.days) };
      case 'marks':
        return { reply: 'marks', cut: null, marks: marks(request.symbol, this.#entries).filter(({ time, recorded }) => time >= (request.from ?? -Infinity) && time < (request.to ?? Infinity) && recorded < (request.recorded_by ?? Infinity)) };
      case 'order-spans':
        return { reply: 'order-spans', orders: orderSpans(request.symbol, this.#entries) };
      case 'save-picture':
        return { reply: 'picture-saved', path: `/home/you/.local/share/gatehouse/pictures/${request.name}.${request.format}` };
      case 'chart-book':
        return { reply: 'chart-book', document: this.#book };
      case 'watch':
        return { reply: 'quotes', quotes: quotes(request.symbols) };
      case 'day':
        return { reply: 'day', ...day(this.#status.bots, this.#entries, this.#now()) };
      case 'lines':
        return lines(this.scenario.play === 'empty');
      case 'codes':
        return codes(this.scenario.play === 'empty');
      case 'meaning':
        return { reply: 'meaning', ...meaning(request.code) };
      case 'alarms':
      case 'acknowledge-alarm':
      case 'alert-settings':
      case 'set-alert-settings':
      case 'test-alert':
        return this.#alerts.answer(request);
      case 'preview-order': {
        const made = preview(request.ticket, this.#status, ++this.#turn);
        this.#tokens.add(made.token);
        return { reply: 'preview', ...made };
      }
      case 'flatten-review': {
        const made = flattenReview(request.scope, this.#status, ++this.#turn);
        this.#tokens.add(made.token);
        return { reply: 'flatten-review', ...made };
      }
      case 'onboarding':
        return { reply: 'onboarding', ...onboarding(this.#progress, (this.scenario.isFirst ?? false) && this.#progress.state === 'open') };
      case 'doctor':
        return { reply: 'doctor', ...DOCTOR };
      default:
        return this.#gateway.answer(request) ?? this.#history.answer(request) ?? this.#act(request);
    }
  }

  #act(request: Request): Reply {
    switch (request.do) {
      case 'set-limit': {
        const after = this.#limits.set(request.scope, request.limit, request.value, this.#elapsedMs);
        const to = request.value.to === 'set' ? request.value.value : request.value.to;
        this.#write({ actor: 'you', kind: 'limit-changed', title: 'Setting change', subject: request.scope, summary: `${request.limit} to ${to}` });
        return { reply: 'done', after_s: after || null, note: null };
      }
      case 'apply-limits':
        return this.#applyLimits(request.edits);
      case 'discard-limit':
        this.#limits.discard(request.scope, request.limit);
        return done();
      case 'set-state':
        return this.#setState(request.scope, request.state);
      case 'kill':
        this.#kill(request.reason);
        return done();
      case 'release':
        return this.#release(request.word);
      case 'cancel-order':
      case 'cancel-all':
      case 'cancel-kept':
        return this.#cancel(request);
      case 'place-order':
        return this.#place(request.ticket, request.token);
      case 'flatten':
        return this.#flatten(request.scope, request.token);
      case 'save-chart-book':
        this.#book = request.document;
        return done();
      case 'add-bot':
        return this.#addBot(request.name, request.port, request.client_id);
      case 'set-onboarding':
        this.#progress = request.progress;
        return done();
      case 'try-refusal':
        return this.#tryRefusal();
      default:
        return done();
    }
  }

  #tryRefusal(): Reply {
    const ticket: OrderTicket = { symbol: 'SPY', side: 'buy', quantity: '501', kind: 'limit', limit: '600', stop: null, tif: 'DAY', outside_rth: false, target: null, protective_stop: null, changes: null };
    const { token } = preview(ticket, this.#status, ++this.#turn);
    this.#tokens.add(token);
    return this.#place(ticket, token);
  }

  #spend(token: string): void {
    if (this.#tokens.delete(token)) return;
    throw new Refusal({ code: 'review-again', kind: 'yours-to-fix', what: 'Nothing was sent.', why: 'The review is not the newest one any more.', next: 'Review it again.' });
  }

  #place(ticket: OrderTicket, token: string): Reply {
    this.#spend(token);
    const ruled = preview(ticket, this.#status, this.#turn);
    const id = ticket.changes ?? 20 + this.#turn;
    const isRefused = !ruled.would_pass;
    const made = { ...ruled.decision, order_id: id };
    this.#write({ actor: 'desk', kind: 'judged', title: 'Order request', subject: ticket.symbol, summary: `${what(ticket)}${isRefused ? `, ${ruled.sentence}` : ''}`, outcome: made.outcome, decision: made });
    const entry = this.#entries[0]?.seq ?? 0;
    if (!isRefused) {
      const working = this.#status.working.filter((order) => order.bot !== 'desk' || order.order_id !== id);
      this.#status = { ...this.#status, working: [workingRow(ticket, id, this.#now(), entry), ...working] };
      this.tell({ update: 'status', value: this.#status });
    }
    return { reply: 'placed', order_id: id, entry, outcome: made.outcome, sentence: isRefused ? `Not sent: ${ruled.sentence}` : `Sent: ${ticket.side.toUpperCase()} ${ticket.quantity} ${ticket.symbol} ${terms(ticket)}`, decision: made };
  }

  #flatten(scope: string, token: string): Reply {
    this.#spend(token);
    const review = flattenReview(scope, this.#status, this.#turn);
    const gone = new Set(review.rows.map((one) => one.symbol));
    this.#status = {
      ...this.#status, positions: this.#status.positions.filter((one) => !gone.has(one.symbol)),
      working: this.#status.working.filter((order) => !review.cancels.some((cancel) => cancel.order_id === order.order_id)),
    };
    this.#write({ actor: 'you', kind: 'flatten', title: 'Flatten', subject: scope, summary: review.sentence });
    return { reply: 'flattened', cancels: review.cancels.length, orders: review.rows.map((one, i) => ({ symbol: one.symbol, order_id: 40 + i, is_sent: true, sentence: `Sent: ${one.side} ${one.quantity} ${one.symbol} ${one.terms}` })) };
  }

  #entry(seq: number): EntryRow {
    const found = this.#entries.find((entry) => entry.seq === seq) ?? (seq >= 1 && seq <= (this.#entries[0]?.seq ?? 0) ? filler(seq) : undefined);
    if (!found) throw new Refusal({ ...NO_ANSWER, code: 'no-entry', kind: 'refused', what: `There is no entry ${seq}.`, why: 'The ledger ends before it.', next: 'Choose another entry.' });
    return found;
  }

  #page(filter: AuditFilter, before: number | null, limit: number): EntryPage {
    const n_all = this.#entries[0]?.seq ?? 0;
    if (isEmpty(filter)) {
      const from = Math.min(before ?? n_all + 1, n_all + 1) - 1;
      const rows = Array.from({ length: Math.max(0, Math.min(limit, from)) }, (_, i) => this.#entries.find((e) => e.seq === from - i) ?? filler(from - i));
      return { rows, n_matching: n_all, n_all, tokens: [] };
    }
    const found = matching(this.#entries, filter);
    const rows = found.filter((e) => before === null || e.seq < before).slice(0, limit);
    return { rows, n_matching: found.length, n_all, tokens: tokens(filter.query) };
  }

  #applyLimits(edits: readonly LimitEdit[]): Reply {
    const effects = edits.map((edit) => this.#limits.check(edit, this.#elapsedMs));
    edits.forEach((edit, i) => {
      const effect = effects[i];
      if (!effect || effect.trouble !== null) return;
      this.#limits.set(edit.scope, edit.limit, edit.value, this.#elapsedMs);
      this.#write({ actor: 'you', kind: 'limit-changed', title: 'Setting change', subject: edit.scope, summary: `${effect.title}, ${effect.old} to ${effect.new} ${effect.unit}, ${effect.is_tighter ? 'tighter' : 'looser after 60 s'}` });
    });
    return { reply: 'edits', effects };
  }

  #scopes(): ScopeNode[] {
    const node = (scope: string, title: string, of: Partial<ScopeNode> = {}): ScopeNode => ({ scope, title, n_own: this.#limits.nOwn(scope), state: null, is_connected: null, symbols: [], ...of });
    return [
      node('account', 'Account'),
      ...this.#status.bots.map((bot) => node(`bot:${bot.name}`, bot.name, { state: bot.state, is_connected: bot.is_connected, symbols: bot.positions.map(([symbol]) => symbol) })),
      node('symbol:NVDA', 'NVDA'),
    ];
  }

  #verify(): Reply {
    const n = this.#entries[0]?.seq ?? 0;
    return { reply: 'verified', n_entries: n, head: hashOf(n), broken_at: this.scenario.play === 'broken-chain' ? 1284318 : null, took_ms: 2100 };
  }

  #setState(scope: string, state: State): Reply {
    const name = scope.replace(/^bot:/, '');
    this.#status = {
      ...this.#status,
      bots: this.#status.bots.map((bot) => (bot.name === name ? { ...bot, state, state_sentence: SENTENCES[state] } : bot)),
    };
    this.#write({ actor: 'you', kind: 'state-changed', title: 'State change', subject: name, summary: `${name}: ${SENTENCES[state]}` });
    return done();
  }

  #kill(reason: string): void {
    const kill = killed(this.#status.working, this.#now(), reason);
    const left = new Set(kill.orders.filter((o) => o.progress !== 'cancelled').map((o) => o.order_id));
    this.#status = {
      ...this.#status, kill, account_state: 'killed',
      bots: this.#status.bots.map((bot) => ({ ...bot, state: 'killed', state_sentence: SENTENCES.killed })),
      working: this.#status.working.filter((row) => left.has(row.order_id)),
      positions: this.#status.positions.map((row) => ({ ...row, is_protected: row.stops.some((stop) => left.has(stop.order_id)), stops: row.stops.filter((stop) => left.has(stop.order_id)) })),
    };
    this.#write({ actor: 'you', kind: 'kill-engaged', title: 'Kill switch', subject: 'account', summary: 'Kill switch is on. No new orders from any bot' });
  }

  #release(word: string): Reply {
    const wait = this.#status.kill?.release_in_s ?? 0;
    if (word !== 'RELEASE' || wait > 0) {
      throw new Refusal({ code: 'not-released', kind: 'refused', what: 'The kill switch was not released.', why: wait > 0 ? `${wait} s of the minute are left.` : 'The word is not RELEASE.', next: 'Wait for the minute, then type RELEASE.' });
    }
    this.#status = {
      ...this.#status, kill: null, account_state: 'active',
      bots: this.#status.bots.map((bot) => ({ ...bot, state: 'halted', state_sentence: 'Released from kill. Refuses all but cancels until you run it.' })),
    };
    this.#write({ actor: 'you', kind: 'kill-released', title: 'Kill switch', subject: 'account', summary: 'Kill switch released; every bot is halted' });
    return done();
  }

  #cancel(request: Extract<Request, { do: 'cancel-order' | 'cancel-all' | 'cancel-kept' }>): Reply {
    const goes = (bot: string | null, id: number): boolean =>
      request.do === 'cancel-order' ? id === request.order_id && bot === request.bot : request.do === 'cancel-kept' || request.bot === null || request.bot === bot;
    const gone = this.#status.working.filter((order) => goes(order.bot, order.order_id));
    this.#status = { ...this.#status, working: this.#status.working.filter((order) => !gone.includes(order)) };
    this.#write({ actor: 'you', kind: 'cancel-sent', title: 'Cancel', subject: 'account', summary: `Cancelled ${gone.length} orders` });
    return { reply: 'cancelling', orders: gone.length };
  }

  #addBot(name: string, port: number | null, clientId: number | null): Reply {
    const bots = this.#status.bots;
    if (bots.some((bot) => bot.name === name)) {
      throw new Refusal({ code: 'taken', kind: 'yours-to-fix', what: 'The bot was not added.', why: `The name ${name} is used by another bot.`, next: 'Choose another name.' });
    }
    const ownPort = port ?? 7601 + bots.length;
    const ownId = clientId ?? 11 + bots.length;
    const bot = { ...status('paper').bots[5], name, port: ownPort, client_id: ownId, is_connected: false, seen_ms_ago: null, connect_lines: connectLines(ownPort, ownId) };
    this.#status = { ...this.#status, bots: [...bots, bot as Status['bots'][number]] };
    this.#write({ actor: 'you', kind: 'bot-registered', title: 'Bot added', subject: name, summary: `${name} may connect to port ${ownPort}` });
    return { reply: 'bot-added', name, port: ownPort, client_id: ownId };
  }
}

function done(): Reply {
  return { reply: 'done', after_s: null, note: null };
}
