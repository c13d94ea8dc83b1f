/** Bots, orders and positions of the sample day. */
import type { BotView, Headroom, KillOrderView, KillView, Mode, State, Status, WorkingRow } from '../bindings';
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
    ['ib_async', `ib.connect('127.0.0.1', ${port}, clientId=${clientId})`],
    ['Rust ibapi', `Client::connect("127.0.0.1:${port}", ${clientId})?`],
  ];
}

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
  }));
}

type WorkingSeed = [time: string, bot: string, id: number, side: string, qty: string, filled: string, symbol: string, kind: string, price: string, tif: string, status: string, title: string];

const WORKING: WorkingSeed[] = [
  ['14:25:51.204', 'momentum-spy', 1191, 'BUY', '18', '0', 'SPY', 'LMT', '662.10', 'DAY', 'submitted', 'Working'],
  ['14:25:22.871', 'vol-nvda', 212, 'SELL', '30', '0', 'NVDA', 'STP LMT', '183.40', 'DAY', 'pre-submitted', 'Waiting for trigger'],
  ['14:24:58.016', 'pairs-ibm', 415, 'BUY', '12', '0', 'IBM', 'LMT', '283.60', 'DAY', 'submitted', 'Working'],
  ['14:24:57.990', 'pairs-ibm', 414, 'SELL', '9', '0', 'ORCL', 'LMT', '221.45', 'DAY', 'pending-cancel', 'Cancel requested'],
  ['14:22:40.118', 'meanrev-qqq', 603, 'SELL', '20', '8', 'QQQ', 'LMT', '598.90', 'DAY', 'submitted', 'Working, 8 of 20'],
  ['13:58:02.440', 'orb-aapl', 88, 'SELL', '25', '0', 'AAPL', 'STP', '226.10', 'GTC', 'pre-submitted', 'Waiting for trigger'],
  ['13:45:28.006', 'momentum-spy', 1188, 'SELL', '10', '0', 'SPY', 'STP', '656.40', 'DAY', 'pre-submitted', 'Waiting for trigger'],
];

export function working(): WorkingRow[] {
  return WORKING.map(([time, bot, order_id, side, quantity, filled, symbol, kind, price, tif, status, status_title]) => ({
    bot, order_id, entry: null, time: at(time), side, quantity, filled, symbol, kind, price, tif, status, status_title,
    outcome: order_id === 212 ? 'warned' : 'allowed',
  }));
}

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
    gross_exposure_percent: '42',
    bots: bots(),
    working: working(),
    positions: [
      ['SPY', '10', '660.99', '6621.40'],
      ['IBM', '40', '284.20', '11348.40'],
      ['ORCL', '-34', '222.10', '-7527.60'],
      ['QQQ', '20', '599.40', '11974.40'],
      ['AAPL', '25', '227.10', '5708.75'],
      ['NVDA', '30', '171.02', '5547.60'],
    ],
    kill: null,
    session: {
      version: '0.1.0',
      market_time: at('14:26:08.118'),
      verified_to: 1284331,
      ledger_writable: true,
      ledger_trouble: null,
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
  };
}
