/** The broker's codes of a day, as made up as the rest. */
import type { CodeMeaning, CodesView, Reply } from '../bindings';

const BOOK: CodeMeaning[] = [
  { code: 162, title: 'Past data asked for too often', cause: 'The same bars within 15 seconds, six requests for one contract within 2 seconds, or more than 60 within ten minutes.', action: 'Wait 15 seconds, and spread requests for small bars over ten minutes.', category: 'pacing', severity: 'medium', is_known: true, caution: null },
  { code: 354, title: 'Market data not subscribed', cause: 'The account has no live data for this instrument, and the client did not ask for delayed data.', action: 'Subscribe the data in the broker\'s portal, or ask for delayed data with market-data type 3.', category: 'data-permission', severity: 'medium', is_known: true, caution: null },
  { code: 2104, title: 'Market-data farm is up', cause: 'The Gateway reached one of the broker\'s servers for prices. It says so at every start.', action: 'Nothing to do.', category: 'info', severity: 'info', is_known: true, caution: null },
  { code: 10197, title: 'Data goes to a competing session', cause: 'The same login is live elsewhere, in the portal, on a phone or in the live account behind this paper account, and gets the data.', action: 'Log the other session out, or use a second user name for the Gateway.', category: 'data-permission', severity: 'high', is_known: true, caution: null },
];

/** Returns what a code means; the sample knows four. */
export function meaning(code: number): CodeMeaning {
  const unknown: CodeMeaning = { code, title: 'Not in the error book', cause: 'The book does not have this code, so what it means is not known.', action: 'Read the broker\'s text, and compare what it names with the broker\'s own list before acting.', category: 'request-error', severity: 'medium', is_known: false, caution: 'What the number means is a guess from its range. Gatehouse never takes an order to have ended by it.' };
  return BOOK.find((one) => one.code === code) ?? unknown;
}

/** Returns the code at the end of a message's title, such as `Message 2104`. */
export function codeOf(title: string): number | null {
  const code = /^Message (\d+)$/.exec(title)?.[1];
  return code === undefined ? null : Number(code);
}

const SEEN: Record<number, [number, number, number]> = { 162: [4, 0, 4], 354: [3, 0, 1], 2104: [18, 0, 0], 10197: [2, 1, 2] };

export function view(isEmpty: boolean): CodesView {
  const [first, last, since] = ['2026-11-18T17:58:33.917Z', '2026-11-18T19:12:40.204Z', '2026-11-18T14:30:01.114Z'];
  if (isEmpty) return { rows: [], patterns: [], since, n_missed: 0 };
  return {
    rows: BOOK.map((one) => {
      const [n_seen, per_minute, per_hour] = SEEN[one.code] ?? [1, 0, 0];
      return { meaning: one, n_seen, first, last, per_minute, per_hour };
    }),
    patterns: [
      { pattern: 'competing-session', severity: 'high', bot: null, code: 10197, n_seen: 2, first, last, sentence: 'Market data went to another session 2 times within 40 s for SPY.', proposal: 'Log the other session out, or give the Gateway a user name of its own.' },
      { pattern: 'history-pacing', severity: 'medium', bot: 'pairs-ibm', code: 162, n_seen: 4, first, last, sentence: 'Bot pairs-ibm asked for past data too often 4 times within 12 s.', proposal: 'Space its requests: at most 60 in ten minutes, and the same bars not again within 15 s.' },
    ],
    since,
    n_missed: 0,
  };
}

export function codes(isEmpty: boolean): Reply {
  return { reply: 'codes', ...view(isEmpty) };
}
