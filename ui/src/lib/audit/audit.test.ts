import { expect, test } from 'vitest';

import type { Backend, EntryPage, EntryRow, Request } from '../ipc';
import { filler } from '../ipc/mock/audit';
import { AuditPages, isGap, lazy } from './pages.svelte';
import { Query, suggestions } from './query.svelte';
import { secondsOf } from './wall';

/** A ledger of `n` entries; answers come when they are let. */
function ledger(n: number): { backend: Backend; asked: (number | null)[] } {
  const asked: (number | null)[] = [];
  const backend: Backend = {
    isSample: true, columns: async () => new ArrayBuffer(0),
    subscribe: async () => () => undefined,
    ask: async (request: Request) => {
      if (request.do !== 'audit') throw new Error('only pages are asked for');
      asked.push(request.before);
      const from = Math.min(n, (request.before ?? n + 1) - 1);
      const rows: EntryRow[] = Array.from({ length: Math.min(request.limit, from) }, (_, i) => filler(from - i));
      const page: EntryPage = { rows, n_matching: n, n_all: n, tokens: [] };
      return { reply: 'audit', ...page };
    },
  };
  return { backend, asked };
}
const soon = (): Promise<void> => new Promise((done) => setTimeout(done));

test('any part of 300,000 entries is shown after one page, not after all before it', async () => {
  const { backend, asked } = ledger(300_000);
  const pages = new AuditPages(backend);
  await pages.use({});
  expect([pages.rows.length, pages.rows[0]?.seq, pages.rows[299_999]?.seq]).toEqual([300_000, 300_000, 1]);
  const far = pages.rows[150_000];
  expect(far && isGap(far)).toBe(true);
  pages.show(150_000, 150_040);
  await soon();
  expect(pages.rows.slice(150_000, 150_040).some(isGap)).toBe(false);
  expect(asked.length).toBeLessThanOrEqual(3);
});

test('a row is asked for once, however often it comes into view', async () => {
  const { backend, asked } = ledger(5000);
  const pages = new AuditPages(backend);
  await pages.use({});
  for (let i = 0; i < 5; i++) pages.show(2000, 2030);
  await soon();
  pages.show(2000, 2030);
  expect(asked.length).toBeLessThanOrEqual(3);
});

test('what was found is read on page by page, without asking twice', async () => {
  const { backend, asked } = ledger(500);
  const pages = new AuditPages(backend);
  await pages.use({ query: 'bot:a' });
  expect([pages.rows.length, pages.hasOlder]).toEqual([200, true]);
  await pages.older();
  await pages.older();
  await pages.older();
  expect([pages.rows.length, pages.rows.at(-1)?.seq, pages.hasOlder]).toEqual([500, 1, false]);
  expect(asked).toEqual([null, 301, 101]);
});

test('a lazy list makes only what is looked at', () => {
  const made: number[] = [];
  const rows = lazy(300_000, (i) => {
    made.push(i);
    return i;
  });
  expect([rows.length, rows[7], rows[300_000], rows.slice(10, 12), rows.slice(299_999)]).toEqual([300_000, 7, undefined, [10, 11], [299_999]]);
  expect(made).toEqual([7, 10, 11, 299_999]);
});

test('words become tokens, free text stays together, the end of a name asks for nothing', () => {
  const query = new Query();
  query.take('bot:momentum-spy');
  query.take(' 20 is above 10 ');
  query.take('bot:momentum-spy');
  query.take('rule:');
  query.typed = 'verdict:';
  expect(query.text).toBe('bot:momentum-spy "20 is above 10"');
  query.typed = 'verdict:refused';
  expect(query.filterInTime).toEqual({ query: 'bot:momentum-spy "20 is above 10" verdict:refused' });
  query.typed = 'sym';
  expect(query.filter).toEqual({ query: 'bot:momentum-spy "20 is above 10"' });
  query.span = { from: 10, to: 20 };
  expect([query.filter, query.filterInTime]).toEqual([{ query: query.text }, { query: query.text, from: 10, to: 20 }]);
  query.clear();
  expect([query.isEmpty, query.filterInTime]).toEqual([true, {}]);
});

test.each([
  ['ve', ['verdict:']],
  ['verdict:re', ['verdict:refused']],
  ['verdict:refused', []],
  ['rule:GH', []],
  ['bot:M', ['bot:momentum-spy']],
])('%s is completed by %j', (typed, wanted) => {
  expect(suggestions(typed, { verdict: ['allowed', 'refused'], bot: ['momentum-spy'] })).toEqual(wanted);
});

test.each([
  ['13:42:06', '2026-11-18T19:26:08Z', '2026-11-18T18:42:06Z'],
  ['9:30', '2026-07-01T23:00:00Z', '2026-07-01T13:30:00Z'],
  ['23:59', '2026-11-19T04:30:00Z', '2026-11-19T04:59:00Z'],
  ['12:00', '2026-03-08T20:00:00Z', '2026-03-08T16:00:00Z'],
])('%s in New York on the day of %s is %s', (typed, day, wanted) => {
  expect(secondsOf(typed, day)).toBe(Date.parse(wanted) / 1000);
});

test.each(['', '25:00', '9.30', 'noon'])('%j is no time', (typed) => {
  expect(secondsOf(typed, '2026-11-18T19:26:08Z')).toBeNull();
});
