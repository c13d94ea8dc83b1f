/** The Gateway of the sample day, in each state that the screen must show. */
import type { ConnectionTimeline, FoundGateways, GatewaySettings, GatewayView, SessionStep, StepState } from '../bindings';
import { NOW_UTC, seeded } from './clock';

export const GATEWAY_PLAYS = ['ready', 'stopped', 'starting', 'login-needed', 'second-factor', 'needs-user', 'failed', 'restarting', 'degraded', 'simulator', 'running', 'no-keychain'] as const;
export type GatewayPlay = (typeof GATEWAY_PLAYS)[number];

const NOW_S = Math.floor(NOW_UTC / 1000);
const DAY_S = 86_400;

export function settings(of: Partial<GatewaySettings> = {}): GatewaySettings {
  return {
    source: 'launched', mode: 'paper', address: null, installation: null, login: 'keychain', helper: null, command: null, other_session: 'ask',
    second_factor_s: 180, restart_at: '23:45', quiet_min: 2, remind_h: [12, 1], keep_awake: false, ...of,
  };
}

const TITLES: [name: string, title: string][] = [['stopped', 'Stopped'], ['starting', 'Starting'], ['login', 'Login'], ['second-factor', '2FA'], ['api', 'API'], ['reconciling', 'Reconciling'], ['ready', 'Ready']];

/** Steps until one, with that one in a state of its own. */
function steps(at: string, state: StepState, text: string, done: Record<string, string> = {}): SessionStep[] {
  const here = TITLES.findIndex(([name]) => name === at);
  const past: Record<string, string> = { stopped: '10:30:41', starting: '4.1 s', login: '2.9 s', 'second-factor': 'not needed', api: '0.8 s', reconciling: '2.2 s', ...done };
  return TITLES.map(([name, title], i): SessionStep => {
    if (i === here) return { name, title, state, text };
    if (i > here) return { name, title, state: 'ahead', text: '' };
    const said = past[name] ?? '';
    return { name, title, state: said === 'not needed' ? 'skipped' : 'done', text: said };
  });
}

function memory(): [number, number][] {
  const next = seeded(42);
  let value = 780;
  return Array.from({ length: 288 }, (_, i): [number, number] => {
    if (i === 110) value = 620;
    if (i === 230) value = 760;
    value += 1.3 + (next() - 0.5) * 22;
    return [NOW_S - (287 - i) * 300, Math.round(value)];
  });
}

const READY: GatewayView = {
  settings: settings(), is_by_command_line: false, phase: 'ready', title: 'Ready', sentence: 'Gateway is logged in and reconciled; orders flow.', next: null,
  steps: steps('ready', 'done', 'since 10:31:00'), may_start: false, may_restart: true, may_stop: true, address: '127.0.0.1:4002', server_version: 226,
  process: {
    pid: 4711, memory_mb: 842, heap_max_mb: 1536, mb_per_hour: 31, memory: memory(), forecast: 'At this pace it reaches 80 % in 12 h. Today’s restart comes first.',
    cpu_percent: 4, uptime_s: 14_100, version: '10.37', java: '17.0.10',
  },
  schedule: {
    login_in_s: 3 * DAY_S + 10 * 3600 + 34 * 60, login_sentence: 'Sunday 22 November, 01:00 New York, 07:00 your time. Have your phone ready.', restart_sentence: 'Next today 23:45, in 9 h 19 min.',
    week: ['Wed 18', 'Thu 19', 'Fri 20', 'Sat 21', 'Sun 22', 'Mon 23', 'Tue 24'].map((day, i) => ({ day, time: i === 4 ? '01:00' : '23:45', is_login: i === 4, is_today: i === 0 })),
    is_quiet: false,
  },
  credentials: { logins: [{ mode: 'paper', ends_in: '42' }, { mode: 'live', ends_in: null }], trouble: null },
  round_trip: { last_ms: 12, p50_ms: 11, p99_ms: 38, n: 120 }, clock_offset_ms: 12, n_lines: 38,
};

const DOWN: Partial<GatewayView> = { may_restart: false, may_stop: true, server_version: null, round_trip: null, n_lines: null };

const VIEWS: Record<GatewayPlay, Partial<GatewayView>> = {
  ready: {},
  stopped: { ...DOWN, may_start: true, may_stop: false, phase: 'stopped', title: 'Stopped', sentence: 'Gateway is stopped, so every order is refused.', next: 'Start it when you want to trade.', steps: steps('stopped', 'now', 'since 10:30:41'), process: null },
  starting: { ...DOWN, phase: 'starting', title: 'Starting', sentence: 'Gateway 10.37 was started and shows no login window yet.', steps: steps('starting', 'now', '3 s'), round_trip: null },
  'login-needed': { ...DOWN, phase: 'login-needed', title: 'Log in', sentence: 'Gateway waits for your user name and password in its own window.', next: 'Log in there; Gatehouse goes on by itself.', steps: steps('login', 'now', 'waiting for you'), settings: settings({ login: 'person' }) },
  'second-factor': { ...DOWN, phase: 'second-factor', title: 'Waiting for your phone', sentence: 'Gateway asked for approval on your phone.', next: 'Approve it in IBKR Mobile.', steps: steps('second-factor', 'now', 'waiting for your phone, 2:41 left', { login: '2.9 s' }) },
  'needs-user': { ...DOWN, phase: 'needs-user', title: 'Needs you', sentence: 'The same user is logged in elsewhere, and you asked to decide.', next: 'Log out there, then start Gateway again.', may_start: true, steps: steps('login', 'failed', 'another session') },
  failed: { ...DOWN, phase: 'failed', title: 'Failed', sentence: 'The password was refused 3 times, so Gatehouse stopped trying.', next: 'Replace the login below, then start Gateway again.', may_start: true, may_stop: false, process: null, steps: steps('login', 'failed', 'refused 3 times') },
  restarting: { ...DOWN, phase: 'restarting', title: 'Restarting', sentence: 'The daily restart; orders wait for its end.', steps: steps('starting', 'now', '7 s') },
  degraded: { phase: 'degraded', title: 'Lost the broker', sentence: 'Gateway lost the broker (1100) 14 s ago. Working orders at the broker are not affected.', next: 'Nothing to do; Gateway tries again by itself.', steps: steps('ready', 'failed', 'broker lost, 14 s') },
  simulator: { settings: settings({ source: 'simulator', restart_at: null }), sentence: 'The built-in simulator runs; prices and fills are made here.', address: '127.0.0.1:41001', steps: steps('ready', 'done', 'since 10:31:00', { starting: '0.2 s', login: 'not needed', api: '0.1 s', reconciling: '0.4 s' }), process: null, schedule: null, credentials: { logins: [], trouble: null } },
  running: { settings: settings({ source: 'running', address: '127.0.0.1:4002' }), sentence: 'Connected to a Gateway that you started.', process: null, steps: steps('ready', 'done', 'since 10:31:00', { starting: 'not needed', login: 'not needed' }) },
  'no-keychain': { credentials: { logins: [], trouble: ['The keychain of this computer is locked.', 'Unlock it, or log in yourself in Gateway’s window.'] } },
};

export function gatewayView(play: GatewayPlay): GatewayView {
  return { ...READY, ...VIEWS[play] };
}

/** Returns the last hours, ending now. */
export function timeline(hours: number, play: GatewayPlay): ConnectionTimeline {
  const from = NOW_S - hours * 3600;
  const ago = (h: number, m = 0): number => NOW_S - h * 3600 - m * 60;
  const lane = (name: string, title: string, spans: [from: number, seconds: number, state: string, note: string | null][]): ConnectionTimeline['lanes'][number] => ({
    name, title, spans: spans.filter(([at]) => at >= from).map(([at, seconds, state, note]) => ({ from: at, to: Math.min(NOW_S, at + seconds), state, note })),
  });
  const restart = ago(14, 35);
  const early: [number, number, string, string | null][] = hours > 24 ? [[from, Math.floor((hours * 3600) / 3), 'unknown', 'Gatehouse was not running']] : [];
  const isDown = play === 'degraded';
  return {
    from, to: NOW_S, up_percent: isDown ? '99.2' : '99.7', n_drops: isDown ? 3 : 2,
    lanes: [
      lane('process', 'Gateway process', [...early, [restart, 60, 'planned', 'daily restart'], [ago(3, 56), 19, 'planned', 'restart by you, 19 s']]),
      lane('broker', 'Broker link', [...early, [restart, 66, 'planned', null], [ago(12, 10), 112, 'lost', '1100 to 1102, 1 min 52 s'], [ago(8, 20), 14, 'lost', '1100 to 1101, 14 s'], ...(isDown ? [[NOW_S - 14, 14, 'lost', '1100, since 14 s'] as [number, number, string, string]] : [])]),
      lane('data', 'Market data', [...early, [restart, 66, 'planned', null], [ago(12, 10), 112, 'lost', null], [ago(8, 20), 30, 'lost', '38 subscriptions renewed'], [ago(1, 28), 3, 'partial', '2103, 3 s']]),
      lane('bots', 'Bot sockets', [...early, [ago(0, 27), 40, 'lost', 'orb-aapl left']]),
    ],
  };
}

export const FOUND: FoundGateways = {
  running: [
    { address: '127.0.0.1:4002', name: 'Gateway, paper', mode: 'paper', server_version: 226, trouble: null },
    { address: '127.0.0.1:7497', name: 'TWS, paper', mode: 'paper', server_version: null, trouble: 'Something answers that is no Gateway.' },
  ],
  installed: [{ version: '10.37', folder: '/home/you/Jts/ibgateway/1037' }, { version: '10.30', folder: '/home/you/Jts/ibgateway/1030' }],
  helpers: ['/home/you/.local/lib/python3/site-packages/ibc2/_ibc/IBC.jar'],
  trouble: null,
};
