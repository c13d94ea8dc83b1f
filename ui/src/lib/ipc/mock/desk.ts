/** What the sample Gatehouse says to the person's own orders: previews, and the review of a flatten. */
import type { Decision, FlattenReview, FlattenRow, OrderPreview, OrderTicket, PreviewRow, Status, WorkingRow } from '../bindings';
import { decision, finding } from './entries';

const KINDS: Record<OrderTicket['kind'], string> = { market: 'MKT', limit: 'LMT', stop: 'STP', 'stop-limit': 'STP LMT', trail: 'TRAIL' };
const LAST: Record<string, number> = { SPY: 662.14, QQQ: 598.72, IBM: 283.71, ORCL: 221.4, AAPL: 228.35, NVDA: 184.92 };
const QUANTITY_MAX = 500;
const VALUE_MAX = 10_000;

export function terms(ticket: OrderTicket): string {
  return [KINDS[ticket.kind], ticket.stop, ticket.limit].filter((word) => word !== null).join(' ') + `, ${ticket.tif}`;
}

export function what(ticket: OrderTicket): string {
  return `${ticket.side.toUpperCase()} ${ticket.quantity} ${ticket.symbol} ${terms(ticket)}`;
}

const percent = (value: number, limit: number): number => Math.round((value / limit) * 100);

export function preview(ticket: OrderTicket, status: Status, turn: number): OrderPreview {
  const last = LAST[ticket.symbol] ?? 100;
  const price = Number(ticket.limit ?? ticket.stop ?? last);
  const quantity = Number(ticket.quantity);
  const value = price * quantity;
  const held = Math.abs(Number(status.positions.find((row) => row.symbol === ticket.symbol)?.value ?? '0'));
  const away = (Math.abs(price - last) / last) * 100;
  const row = (rule: string, limit_id: string, title: string, now: number, after: number, limit: number, unit: string, decimals = 0): PreviewRow => ({
    rule, limit_id, title, scope: 'account', now: now.toFixed(decimals), after: after.toFixed(decimals), limit: String(limit), unit,
    now_percent: percent(now, limit), after_percent: percent(after, limit), outcome: after > limit ? 'refused' : 'allowed',
    sentence: after > limit ? `${title} would be ${after.toFixed(decimals)} ${unit}. The limit is ${limit} ${unit}.` : `${title} is ${after.toFixed(decimals)} of ${limit} ${unit}.`,
  });
  const rows = [
    row('GH-03', 'order-qty', 'Quantity per order', 0, quantity, QUANTITY_MAX, 'shares'),
    row('GH-04', 'order-value', 'Value per order', 0, value, VALUE_MAX, 'USD'),
    row('GH-36', 'position-share', `${ticket.symbol} position`, held, held + value, 20_000, 'USD'),
    row('GH-37', 'gross-exposure', 'Gross exposure', 42, 42 + (value / 104_218) * 100, 100, '%'),
    row('GH-06', 'price-collar', 'Price from the market', 0, away, 3, '%', 2),
    row('GH-28', 'orders-per-minute', 'Orders per minute', 1, 2, 30, 'orders'),
    row('GH-29', 'orders-per-day', 'Orders today, manual', 2, 3, 50, 'orders'),
  ].sort((a, b) => Number(b.outcome === 'refused') - Number(a.outcome === 'refused') || (b.after_percent ?? 0) - (a.after_percent ?? 0));
  const broken = rows.filter((one) => one.outcome === 'refused');
  const ask = { bot: 'desk', id: ticket.changes ?? 10 + turn, side: ticket.side === 'buy' ? ('BUY' as const) : ('SELL' as const), quantity: ticket.quantity, symbol: ticket.symbol, terms: terms(ticket) };
  const findings = broken.map((one) => finding(one.rule, one.title, one.sentence, one.after ?? '', one.limit ?? '', one.unit, `${one.limit ?? ''} ${one.unit} or less`));
  const made: Decision = decision(broken.length > 0 ? 'refused' : 'allowed', ask, findings);
  return {
    token: `sample-${turn}`, ticket, what: what(ticket), would_pass: broken.length === 0, outcome: made.outcome,
    sentence: broken.length === 0 ? 'All 24 rules pass' : `Would be refused: ${broken[0]?.sentence ?? ''}`,
    rows, decision: made, n_rules: 24, order_value: value.toFixed(2), currency: 'USD', percent_of_account: ((value / 104_218) * 100).toFixed(1),
    commission: '1.00', margin_change: null, price_used: `${(last + 0.01).toFixed(2)} ask`, price_age_ms: 300, notes: [],
  };
}

export function workingRow(ticket: OrderTicket, order_id: number, time: string, entry: number): WorkingRow {
  return {
    bot: 'desk', order_id, entry, time, side: ticket.side.toUpperCase(), quantity: ticket.quantity, filled: '0', symbol: ticket.symbol, kind: KINDS[ticket.kind],
    price: ticket.limit ?? ticket.stop, tif: ticket.tif, status: 'submitted', status_title: 'Working', outcome: 'allowed', trigger: ticket.stop, limit: ticket.limit,
    age_s: 0, check_us: 380, reason: null, protects: null, is_own: true,
  };
}

export function flattenReview(scope: string, status: Status, turn: number): FlattenReview {
  const name = scope.replace(/^(bot|symbol):/, '');
  const rows = status.positions.flatMap((position): FlattenRow[] => {
    const held = scope.startsWith('bot:') ? (position.bots.find(([bot]) => bot === name)?.[1] ?? null) : scope.startsWith('symbol:') && position.symbol !== name ? null : position.held;
    if (held === null) return [];
    const isLong = !held.startsWith('-');
    const last = Number(position.last ?? '0');
    const limit = (last * (isLong ? 0.99 : 1.01)).toFixed(2);
    return [{
      symbol: position.symbol, held, held_by_account: position.held, side: isLong ? 'SELL' : 'BUY', quantity: held.replace('-', ''), terms: `LMT ${limit}, IOC`, limit,
      reference: `${last.toFixed(2)} ${isLong ? 'bid' : 'ask'}`, value: position.value, can_close: true, sentence: `Closes all ${held.replace('-', '')}.`,
    }];
  });
  const cancels = status.working.filter((order) => order.bot !== null && rows.some((row) => row.symbol === order.symbol)).map((order) => ({ bot: order.bot ?? '', order_id: order.order_id, symbol: order.symbol, what: `${order.side} ${order.quantity} ${order.symbol} ${order.kind} ${order.price ?? ''}` }));
  const total = rows.reduce((sum, row) => sum + Math.abs(Number(row.value ?? '0')), 0);
  return {
    token: `flatten-${turn}`, scope, rows, cancels, currency: 'USD', total_value: total.toFixed(2),
    sentence: `Closes ${rows.length} ${rows.length === 1 ? 'position' : 'positions'} worth about ${total.toFixed(0)} USD, cancels ${cancels.length} ${cancels.length === 1 ? 'order' : 'orders'} first`,
    notes: status.kill ? ['The kill switch stays on.'] : [],
  };
}
