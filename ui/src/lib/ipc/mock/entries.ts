/** The ledger of the sample day. */
import type { Decision, EntryDetail, EntryRow, FindingRow, InputRow, Outcome } from '../bindings';
import { at, hashOf } from './clock';
import { codeOf, meaning } from './codes';

interface Seed {
  seq: number;
  time: string;
  actor: string;
  kind: string;
  title: string;
  subject: string;
  summary: string;
  outcome?: Outcome;
  decision?: Decision;
  fill?: EntryRow['fill'];
}

interface Ask {
  bot: string;
  id: number;
  side: 'BUY' | 'SELL';
  quantity: string;
  symbol: string;
  terms: string;
  isExit?: boolean;
}

/** What the record holds beside a verdict, in the words of the backend. */
function inputs(ask: Ask): InputRow[] {
  const price = ask.terms.match(/[\d.]+/)?.[0] ?? '663.84';
  const [kind, touch] = ask.side === 'SELL' ? ['sells', 'bid'] : ['buys', 'ask'];
  const row = (name: string, value: string, age_ms: number | null = null): InputRow => ({ name, value, age_ms });
  return [
    row('Held', '14 shares'), row(`Working ${kind}`, '6 shares'), row('Price used', `${price} ${touch}`, 200), row('Quote', `${touch} ${price}, no last`),
    row('Account value', '104218.46 USD', 61_000), row('Day result', '-212.4 USD'), row("Account's day result", 'not known'), row('Orders today', '12'),
    row('Market', 'in regular hours'), row('Contract', 'id 756733, tick 0.01'),
  ];
}

export function decision(outcome: Outcome, ask: Ask, findings: FindingRow[]): Decision {
  return {
    outcome, bot: ask.bot, order_id: ask.id, side: ask.side, quantity: ask.quantity, symbol: ask.symbol, terms: ask.terms,
    is_change: false, is_exit: ask.isExit ?? false, findings, n_controls: 15, policy_version: 418, check_us: 380,
    inputs: inputs(ask),
  };
}

export function finding(rule: string, title: string, sentence: string, measured: string, limit: string, unit: string, would_pass: string | null, scope = 'Account'): FindingRow {
  return { rule, title, outcome: 'refused', scope, sentence, measured, limit, unit, would_pass, stack: null };
}

const collar = finding('GH-06', 'Price collar', 'Sell 12 IBM at 274.10 is 3.4 % below the bid of 283.75. The price collar is 3 %.', '3.4', '3', '%', 'a limit of 275.24 or more');
const position = finding('GH-36', 'Position per symbol', 'Buy 15 SPY would make the position 23234 USD. The limit is 20000 USD.', '23234', '20000', 'USD', '10 shares or fewer', 'momentum-spy');
position.stack = { held: '9282', working: '3978', order: '9974', limit: '20000', unit: 'USD' };
const repeat = finding('GH-26', 'Same order again', 'Same order sent again within 1.8 s. Duplicates are refused for 10 s.', '1.8', '10', 's', 'the same order after 8.2 s', 'meanrev-qqq');

const refusal = (seq: number, time: string, ask: Ask, reason: FindingRow): Seed => ({
  seq, time, actor: ask.bot, kind: 'judged', title: 'Order request', subject: ask.symbol, outcome: 'refused',
  summary: `${ask.side} ${ask.quantity} ${ask.terms}, ${reason.sentence}`, decision: decision('refused', ask, [reason]),
});
const allowed = (seq: number, time: string, ask: Ask): Seed => ({
  seq, time, actor: ask.bot, kind: 'judged', title: 'Order request', subject: ask.symbol, outcome: 'allowed',
  summary: `${ask.side} ${ask.quantity} ${ask.terms}, 15 controls passed`, decision: decision('allowed', ask, []),
});
const fill = (seq: number, time: string, bot: string, id: number, side: string, quantity: string, symbol: string, price: string): Seed => ({
  seq, time, actor: 'broker', kind: 'filled', title: 'Execution', subject: symbol, summary: `${side === 'BUY' ? 'Bought' : 'Sold'} ${quantity} at ${price}, order ${id}`,
  fill: { bot, order_id: id, exec_id: `0000e0d5.${seq.toString(16)}.01.01`, side, quantity, symbol, price, commission: '1.00', realised: side === 'SELL' ? '3.50' : null },
});
const spy = (id: number, side: 'BUY' | 'SELL', quantity: string, terms: string): Ask => ({ bot: 'momentum-spy', id, side, quantity, symbol: 'SPY', terms });
const qqq: Ask = { bot: 'meanrev-qqq', id: 590, side: 'BUY', quantity: '10', symbol: 'QQQ', terms: 'LMT 597.40, DAY' };
const ibm: Ask = { bot: 'pairs-ibm', id: 409, side: 'SELL', quantity: '12', symbol: 'IBM', terms: 'LMT 274.10, DAY' };

/** Newest first; the seeds keep the numbers of the drawing, the rest fills the chain. */
const SEEDS: Seed[] = [
  { seq: 31, time: '14:26:04.118', actor: 'gatehouse', kind: 'checkpoint', title: 'Checkpoint', subject: 'chain', summary: 'Checkpoint written, 412 entries since the last' },
  allowed(30, '14:25:51.204', spy(1191, 'BUY', '18', 'LMT 662.10, DAY')),
  allowed(29, '14:22:40.118', { ...qqq, id: 603, side: 'SELL', quantity: '20', terms: 'LMT 598.90, DAY', isExit: true }),
  { seq: 28, time: '14:22:05.003', actor: 'you', kind: 'state-changed', title: 'State change', subject: 'meanrev-qqq', summary: 'meanrev-qqq is Reduce only. No new entries; exits still work' },
  { seq: 27, time: '14:20:10.660', actor: 'you', kind: 'limit-changed', title: 'Setting change', subject: 'momentum-spy', summary: 'Value per order, 12000 to 10000 USD, tighter' },
  fill(26, '14:12:44.502', 'momentum-spy', 1190, 'SELL', '6', 'SPY', '662.42'),
  allowed(25, '14:12:44.465', spy(1190, 'SELL', '6', 'LMT 662.40, DAY')),
  refusal(24, '14:10:12.220', { ...ibm, bot: 'meanrev-qqq', id: 602, symbol: 'QQQ', side: 'BUY', quantity: '40', terms: 'LMT 599.10, DAY' }, finding('GH-04', 'Value per order', 'Buy 40 QQQ at 599.10 is 23964 USD. The limit is 10000 USD.', '23964', '10000', 'USD', '16 shares or fewer')),
  refusal(23, '14:00:31.772', ibm, collar),
  { seq: 22, time: '13:58:41.040', actor: 'orb-aapl', kind: 'bot-disconnected', title: 'Session', subject: 'orb-aapl', summary: 'The bot closed its socket. The stop at 226.10 still works' },
  fill(21, '13:58:20.117', 'momentum-spy', 1189, 'SELL', '4', 'SPY', '662.49'),
  fill(20, '13:45:27.401', 'momentum-spy', 1187, 'BUY', '6', 'SPY', '662.97'),
  refusal(19, '13:42:06.318', spy(1186, 'BUY', '15', 'LMT 663.84, DAY'), position),
  fill(18, '13:31:09.830', 'momentum-spy', 1185, 'BUY', '6', 'SPY', '663.53'),
  refusal(17, '13:00:12.004', qqq, repeat),
  refusal(16, '13:00:11.104', qqq, repeat),
  refusal(15, '13:00:10.804', qqq, repeat),
  refusal(14, '13:00:10.504', qqq, repeat),
  refusal(13, '13:00:10.204', qqq, repeat),
  { seq: 12, time: '12:58:33.917', actor: 'broker', kind: 'message', title: 'Message 2104', subject: 'data farm', summary: 'Market data farm connection is OK, usfarm' },
  fill(11, '12:52:31.044', 'momentum-spy', 1184, 'BUY', '4', 'SPY', '660.99'),
  fill(10, '12:20:05.600', 'pairs-ibm', 402, 'BUY', '12', 'IBM', '283.44'),
  { ...allowed(9, '12:08:15.912', spy(1183, 'BUY', '4', 'LMT 659.40, DAY')), outcome: 'warned' },
  refusal(8, '12:01:02.100', { ...ibm, id: 401 }, collar),
  fill(7, '11:40:12.000', 'vol-nvda', 210, 'BUY', '30', 'NVDA', '171.02'),
  refusal(6, '10:58:44.000', { ...ibm, id: 399 }, collar),
  { seq: 5, time: '10:31:00.008', actor: 'gatehouse', kind: 'reconciled', title: 'Session', subject: 'gateway', summary: 'Reconciled after restart, 0 differences' },
  refusal(4, '10:22:09.310', spy(1179, 'BUY', '15', 'LMT 659.10, DAY'), position),
  fill(3, '10:05:11.010', 'orb-aapl', 84, 'BUY', '25', 'AAPL', '227.10'),
  { seq: 2, time: '09:31:02.700', actor: 'you', kind: 'verified', title: 'Verify', subject: 'chain', summary: 'Verified 1279447 entries, no gaps' },
  { seq: 1, time: '09:30:01.114', actor: 'gatehouse', kind: 'started', title: 'Session', subject: 'gatehouse', summary: 'Gatehouse 0.1.0 started' },
];

const FIRST = 1284300;

export function row(seed: Omit<Seed, 'time'>, iso: string): EntryRow {
  const code = codeOf(seed.title);
  return {
    seq: seed.seq, time: iso, market_time: iso, actor: seed.actor, kind: seed.kind, kind_title: seed.title, subject: seed.subject,
    outcome: seed.outcome ?? null, summary: seed.summary, code, code_title: code === null ? null : meaning(code).title, hash: hashOf(seed.seq), decision: seed.decision ?? null, fill: seed.fill ?? null,
    check_us: seed.decision ? 380 : null,
  };
}

export function entries(): EntryRow[] {
  return SEEDS.map((seed) => row({ ...seed, seq: FIRST + seed.seq }, at(seed.time)));
}

const FRAME = '000000d63300313139310030005350590053544b000000534d41525400005553440000000000004255590031380000004c4d54003636322e3130000000444159';

export function detail(entry: EntryRow): EntryDetail {
  return {
    row: entry,
    fields: [
      { name: 'Kind', value: entry.kind_title },
      { name: 'Actor', value: entry.actor === 'you' ? 'you, this desktop' : entry.actor },
      { name: 'Subject', value: entry.subject },
      ...(entry.decision ? [{ name: 'Order id', value: String(entry.decision.order_id) }, { name: 'Settings version', value: String(entry.decision.policy_version) }] : []),
    ],
    before_after: entry.kind === 'limit-changed' ? [{ name: 'Value per order', value: '12000 USD' }, { name: 'Value per order', value: '10000 USD' }] : null,
    frame_hex: entry.kind === 'judged' ? FRAME : null,
    previous_hash: hashOf(entry.seq - 1),
    hash: entry.hash,
    next_hash: hashOf(entry.seq + 1),
    hash_matches: true,
    linked: [],
    can_propose: entry.kind === 'limit-changed',
    meaning: entry.code === null ? null : meaning(entry.code),
  };
}
