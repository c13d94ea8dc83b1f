/** How fresh the sample's lines of prices are. */
import type { DataLine, Reply } from '../bindings';

const line = (symbol: string, state: DataLine['state'], age_ms: number | null, why: [code: number | null, sentence: string, next: string] | null = null): DataLine =>
  ({ symbol, state, age_ms, code: why?.[0] ?? null, sentence: why?.[1] ?? null, next: why?.[2] ?? null });

export const LINES: DataLine[] = [
  line('AAPL', 'live', 300),
  line('NVDA', 'stale', 12_400, [null, 'No price came for 12 s, and 5 s are allowed, so entries are refused.', "Look at the market's hours, at alarms about farms, and for other sessions of this user."]),
  line('QQQ', 'refused', 64_000, [10_197, 'The same login is live elsewhere, in the portal, on a phone or in the live account behind this paper account, and gets the data.', 'Log the other session out, or use a second user name for the Gateway.']),
  line('SPY', 'live', 120),
  line('TSLA', 'empty', 900, [null, 'The broker has no price at the moment (−1): the market is closed or halted, or nobody quotes it.', 'Nothing to do: a price that is missing refuses entries, and is never taken for a number.']),
];

export function lines(isEmpty: boolean): Reply {
  const nOpen = LINES.filter(({ state }) => state !== 'unnamed' && state !== 'left-out').length;
  return { reply: 'lines', lines: isEmpty ? [] : LINES, n_open: isEmpty ? 0 : nOpen, n_open_max: 40 };
}
