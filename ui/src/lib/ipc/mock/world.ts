/** Bots, orders and positions of the sample day. */
import type { BotView, DayFigures, Headroom, KillOrderView, KillView, Mode, PositionRow, State, Status, WorkingRow } from '../bindings';
import { at } from './clock';

export const SENTENCES: Record<State, string> = {
  active: 'Limits apply, orders flow.',
  paused: 'No new entries; exits still work.',
  'reduce-only': 'No new entries; exits still work. Working entries were cancelled.',
  halted: 'Refuses all but cancels.',
  killed: 'Kill switch is on. Only cancels pass.',
};

interface Seed {
  name: string;
  state: State;
  sentence?: string;
  isConnected?: boolean;
  seen: number | null;
  orders: number;
  refused: number;
  fills: number;
  positions: [string, string][];
  near: [title: string, rule: string, measured: string, limit: string, unit: string, percent: number];
}

const SEEDS: Seed[] = [
  { name: 'momentum-spy', state: 'active', seen: 4000, orders: 15, refused: 2, fills: 11, positions: [['SPY', '10']], near: ['SPY position', 'GH-36', '3.3', '10', '%', 33] },
  { name: 'meanrev-qqq', state: 'reduce-only', sentence: 'You set this at 14:22:05. No new entries; exits still work.', seen: 2000, orders: 31, refused: 6, fills: 22, positions: [['QQQ', '20']], near: ['Orders per minute', 'GH-28', '25', '30', 'orders', 82] },
  { name: 'orb-aapl', state: 'active', isConnected: false, seen: 1647000, orders: 6, refused: 0, fills: 5, positions: [['AAPL', '25']], near: ['AAPL position', 'GH-36', '5.5', '10', '%', 55] },
  { name: 'pairs-ibm', state: 'active', seen: 12000, orders: 22, refused: 3, fills: 14, positions: [['IBM', '40'], ['ORCL', '-34']], near: ['IBM position', 'GH-36', '3', '10', '%', 30] },
  { name: 'vol-nvda', state: 'active', seen: 41000, orders: 9, refused: 0, fills: 6, positions: [['NVDA', '30']], near: ['Orders per minute', 'GH-28', '3', '30', 'orders', 9] },
  { name: 'dca-etf', state: 'active', seen: 17000000, orders: 0, refused: 0, fills: 0, positions: [], near: ['Orders per minute', 'GH-28', '0', '30', 'orders', 0] },
];

function headroom([title, rule, measured, limit, unit, percent]: Seed['near']): Headroom[] {
  return [
    { title, rule, measured, limit, unit, percent },
    { title: 'Quantity per order', rule: 'GH-03', measured: '8', limit: '500', unit: 'shares', percent: 2 },
  ];
}

export function connectLines(port: number, clientId: number): [string, string][] {
  return [
    ['ib_async, ib_insync', `ib.connect('127.0.0.1', ${port}, clientId=${clientId})`],
    ['ibapi (official Python)', `app.connect('127.0.0.1', ${port}, ${clientId})`],
    ['@stoqey/ib', `new IBApi({ host: '127.0.0.1', port: ${port}, clientId: ${clientId} })`],
    ['@stoqey/ib, IBApiNext', `new IBApiNext({ host: '127.0.0.1', port: ${port} }).connect(${clientId})`],
    ['Rust ibapi', `Client::connect("127.0.0.1:${port}", ${clientId}).await?`],
    ['Java, C# (official)', `client.eConnect("127.0.0.1", ${port}, ${clientId});`],
  ];
}

const NOTHING: DayFigures = { pnl: '0', realised: '0', open: '0', fees: '0' };
const TODAY: Record<string, DayFigures> = {
  'momentum-spy': { pnl: '34.52', realised: '45.08', open: '-10.56', fees: '-11.00' },
  'meanrev-qqq': { pnl: '-212.40', realised: '-198.40', open: '-14.00', fees: '-22.00' },
  'orb-aapl': { pnl: '24.10', realised: '-7.15', open: '31.25', fees: '-5.00' },
  'pairs-ibm': { pnl: '-46.15', realised: '-50.35', open: '4.20', fees: '-14.00' },
  'vol-nvda': { pnl: '612.30', realised: '485.72', open: '126.58', fees: '-6.00' },
};

export function bots(): BotView[] {
  return SEEDS.map((seed, i) => ({
    name: seed.name,
    port: 7601 + i,
    client_id: 11 + i,
    state: seed.state,
    state_sentence: seed.sentence ?? (seed.isConnected === false ? 'The bot closed its socket. Its orders keep working.' : SENTENCES[seed.state]),
    is_connected: seed.isConnected ?? true,
    server_version: i % 2 ? 226 : 178,
    seen_ms_ago: seed.seen,
    orders_today: seed.orders,
    refused_today: seed.refused,
    fills_today: seed.fills,
    positions: seed.positions,
    headroom: headroom(seed.near),
    connect_lines: connectLines(7601 + i, 11 + i),
    today: TODAY[seed.name] ?? NOTHING,
    peer: seed.isConnected === false ? null : `127.0.0.1:${50_100 + i}`,
    peer_process: null,
    check_p50_us: 180,
    check_p99_us: 410,
  }));
}

type WorkingSeed = [time: string, bot: string, id: number, side: string, qty: string, filled: string, symbol: string, kind: string, price: string, tif: string, status: string, title: string];

const WORKING: WorkingSeed[] = [
  ['14:25:51.204', 'momentum-spy', 1191, 'BUY', '18', '0', 'SPY', 'LMT', '662.10', 'DAY', 'submitted', 'Working'],
  ['14:25:22.871', 'vol-nvda', 212, 'SELL', '30', '0', 'NVDA', 'STP LMT', '183.40', 'DAY', 'pre-submitted', 'Waiting for trigger'],
  ['14:24:58.016', 'pairs-ibm', 415, 'BUY', '12', '0', 'IBM', 'LMT', '283.60', 'DAY', 'submitted', 'Working'],
  ['14:24:57.990', 'pairs-ibm', 414, 'SELL', '9', '0', 'ORCL', 'LMT', '221.45', 'DAY', 'pending-cancel', 'Cancel requested'],
  ['14:22:40.118', 'meanrev-qqq', 603, 'SELL', '20', '8', 'QQQ', 'LMT', '598.90', 'DAY', 'submitted', 'Working, 8 of 20'],
  ['14:10:12.330', 'desk', 9, 'BUY', '4', '0', 'SPY', 'LMT', '655.00', 'DAY', 'submitted', 'Working'],
  ['13:58:02.440', 'orb-aapl', 88, 'SELL', '25', '0', 'AAPL', 'STP', '226.10', 'GTC', 'pre-submitted', 'Waiting for trigger'],
  ['13:45:28.006', 'momentum-spy', 1188, 'SELL', '10', '0', 'SPY', 'STP', '656.40', 'DAY', 'pre-submitted', 'Waiting for trigger'],
];

export function working(): WorkingRow[] {
  return WORKING.map(([time, bot, order_id, side, quantity, filled, symbol, kind, price, tif, status, status_title]) => ({
    bot, order_id, entry: null, time: at(time), side, quantity, filled, symbol, kind, price, tif, status, status_title,
    outcome: order_id === 212 ? 'warned' : 'allowed',
    trigger: kind.startsWith('STP') ? price : null, limit: kind.endsWith('LMT') ? price : null, age_s: 17, check_us: 400,
    reason: null, protects: order_id === 1188 ? '10 SPY' : null, is_own: bot === 'desk',
  }));
}

const position = (bot: string, symbol: string, held: string, average_price: string, last: string, value: string, open_pnl: string, stop?: [id: number, price: string]): PositionRow => ({
  symbol, held, average_price, last, value, open_pnl, bots: [[bot, held]], unassigned: null,
  stops: stop ? [{ bot, order_id: stop[0], quantity: held.replace('-', ''), price: stop[1] }] : [], is_protected: stop !== undefined,
});

export function status(mode: Mode): Status {
  return {
    mode,
    account: mode === 'sim' ? null : mode === 'live' ? 'U1234567' : 'DU1234567',
    account_state: 'active',
    connection: { is_ready: true, state: 'ready', address: '127.0.0.1:4002' },
    lights: [
      { name: 'Gateway', state: 'good', value: '12 ms' },
      { name: 'Market data', state: 'good', value: 'Live, 0.3 s' },
      { name: 'History', state: 'good', value: '2 of 60 used' },
    ],
    net_liquidation: '104218.46',
    base_currency: 'USD',
    day_pnl: '412.37',
    day_pnl_percent: '0.40',
    gross_exposure_percent: '42',
    gross_exposure_limit_percent: '100',
    today: { pnl: '412.37', realised: '274.90', open: '137.47', fees: '-58.00' },
    bots: bots(),
    working: working(),
    positions: [
      position('momentum-spy', 'SPY', '10', '660.99', '662.14', '6621.40', '11.50', [1188, '656.40']),
      position('pairs-ibm', 'IBM', '40', '284.20', '283.71', '11348.40', '-19.60'),
      position('pairs-ibm', 'ORCL', '-34', '222.10', '221.40', '-7527.60', '23.80'),
      position('meanrev-qqq', 'QQQ', '20', '599.40', '598.72', '11974.40', '-13.60'),
      position('orb-aapl', 'AAPL', '25', '227.10', '228.35', '5708.75', '31.25', [88, '226.10']),
      position('vol-nvda', 'NVDA', '30', '171.02', '184.92', '5547.60', '417.00'),
    ],
    kill: null,
    session: {
      version: '0.1.0',
      market_time: at('14:26:08.118'),
      verified_to: 1284331,
      verified_at: at('14:20:00.000'),
      ledger_writable: true,
      ledger_trouble: null,
      n_checks: 84,
      check_p50_us: 180,
      check_p99_us: 410,
      messages_per_s: null,
      messages_limit: null,
      clock_offset_ms: 12,
      market_phase: { name: 'open', sentence: 'NYSE open, closes in 1 h 33 min' },
    },
    n_unknown: 0,
  };
}

/** Returns what a kill makes of the working orders; the last one answers late. */
export function killed(orders: WorkingRow[], since: string, reason: string): KillView {
  const views = orders.map((row, i): KillOrderView => {
    const price = row.price ? ` ${row.price}` : '';
    const what = `${row.quantity} ${row.symbol}, ${row.kind}${price}`;
    const base = { bot: row.bot ?? 'desk', order_id: row.order_id, side: row.side, what };
    if (row.order_id === 1188) return { ...base, progress: 'kept', sentence: 'Kept, protects 10 SPY', took_ms: null };
    if (i === 4) return { ...base, progress: 'cancel-sent', sentence: 'Cancel requested, asked again', took_ms: null };
    return { ...base, progress: 'cancelled', sentence: 'Cancelled', took_ms: 190 + i * 21 };
  });
  const is = (progress: string): number => views.filter((v) => v.progress === progress).length;
  return {
    since, reason, seconds_ago: 0, release_in_s: 60, orders: views,
    n_gone: is('cancelled'), n_working: is('cancel-sent'), n_kept: is('kept'),
    unprotected: ['IBM 40 has no stop order now.', 'ORCL −34 has no stop order now.', 'QQQ 20 has no stop order now.', 'AAPL 25 has no stop order now.', 'NVDA 30 has no stop order now.'],
    unprotected_value: '43938',
    steps: [
      { name: 'set', title: 'Bots refused', at_ms: 0, is_done: true },
      { name: 'saved', title: 'Stop saved to disk', at_ms: 20, is_done: true },
      { name: 'cancels-sent', title: `${views.length - 1} cancels sent`, at_ms: 110, is_done: true },
      { name: 'read-again', title: 'Orders read again', at_ms: 2000, is_done: true },
      { name: 'working', title: `${is('cancel-sent')} still working`, at_ms: null, is_done: false },
    ],
    n_refused: 23,
  };
}
