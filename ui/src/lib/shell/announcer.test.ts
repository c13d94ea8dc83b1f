import { expect, test } from 'vitest';

import type { EntryRow } from '../ipc';
import { row } from '../ipc/mock/entries';
import { Announcer, GROUP_MS } from './announcer.svelte';

const entry = (seq: number, of: Partial<EntryRow> = {}): EntryRow => ({ ...row({ seq, actor: 'a', kind: 'judged', title: 'Order request', subject: 'SPY', summary: `order ${seq}` }, '2026-11-18T19:26:08Z'), ...of });
const refused = (seq: number): EntryRow => entry(seq, { outcome: 'refused' });

test('what happened before the window was opened is not told', () => {
  const said = new Announcer();
  said.hear([refused(2), refused(1)], 0);
  said.tick(GROUP_MS * 2);
  expect([said.polite, said.assertive]).toEqual(['', '']);
});

test('refusals of some seconds are told together, and once', () => {
  const said = new Announcer();
  said.hear([entry(1)], 0);
  said.hear([refused(2), entry(1)], 100);
  said.hear([refused(3), refused(2)], 900);
  said.tick(GROUP_MS);
  expect(said.polite).toBe('');
  said.tick(GROUP_MS + 100);
  expect(said.polite).toBe('2 orders refused. The newest, a: order 3');
  said.polite = '';
  said.tick(GROUP_MS * 3);
  expect(said.polite).toBe('');
});

test('what waits for a person and a kill are told at once', () => {
  const said = new Announcer();
  said.hear([entry(1)], 0);
  said.hear([entry(2, { outcome: 'waiting' }), entry(1)], 1);
  expect(said.assertive).toBe('Waits for you: a, order 2');
  said.hear([entry(3, { kind: 'kill-engaged', summary: 'Kill switch is on' })], 2);
  expect(said.assertive).toBe('Kill switch is on');
});

test('one entry is never told twice', () => {
  const said = new Announcer();
  said.hear([entry(1)], 0);
  said.hear([entry(2, { outcome: 'waiting' })], 1);
  said.assertive = '';
  said.hear([entry(2, { outcome: 'waiting' })], 2);
  expect(said.assertive).toBe('');
});
