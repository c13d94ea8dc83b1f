import { expect, test } from 'vitest';

import type { EditEffect, LimitRow } from '../ipc';
import { MockLimits } from '../ipc/mock/limits';
import { compare, isTighter, namesOf, PendingLimits } from './pending.svelte';

const rows = new MockLimits().rows('account', 0);
const row = (id: string): LimitRow => rows.find((r) => r.id === id) as LimitRow;
const effect = (limit: string, of: Partial<EditEffect> = {}): EditEffect => ({ scope: 'account', limit, title: limit, old: '500', new: '100', unit: 'shares', is_tighter: true, after_s: 0, trouble: null, ...of });

test.each([
  ['500', '500.0', 0],
  ['0500', '500', 0],
  ['9', '10', -1],
  ['0.5', '0.05', 1],
  ['99999999999999999999.1', '99999999999999999999.2', -1],
])('%s against %s is %i', (a, b, wanted) => {
  expect(Math.sign(compare(a, b))).toBe(wanted);
});

test.each([
  ['order-qty', '100', true],
  ['order-qty', '900', false],
  ['duplicate-window', '20', true],
  ['duplicate-window', '5', false],
  ['order-types', 'LMT', true],
  ['order-types', 'LMT, MKT, STP', false],
  ['restricted-symbols', 'GME, amc, TSLA', true],
  ['restricted-symbols', 'GME', false],
])('%s to %s is tighter: %s', (id, value, wanted) => {
  expect(isTighter(row(id), { to: 'set', value })).toBe(wanted);
});

test('off and back to inherited are listed as looser', () => {
  expect(isTighter(row('order-qty'), { to: 'off' })).toBe(false);
  expect(isTighter(row('order-qty'), { to: 'inherit' })).toBe(false);
});

test('tighter and looser edits are listed apart', () => {
  const edits = new PendingLimits();
  edits.type('account', row('order-qty'), '100');
  edits.type('account', row('order-value'), '12 000');
  expect(edits.tighter.map((p) => `${p.from} ${p.to}`)).toEqual(['500 100']);
  expect(edits.looser.map((p) => p.to)).toEqual(['12\u202f000']);
});

test('what Gatehouse says of an edit outranks what the window thinks', () => {
  const edits = new PendingLimits();
  edits.type('account', row('order-qty'), '100');
  edits.hear([effect('order-qty', { is_tighter: false })]);
  expect(edits.looser.map((p) => p.id)).toEqual(['order-qty']);
  edits.type('account', row('order-qty'), '90');
  expect(edits.tighter.map((p) => p.id)).toEqual(['order-qty']);
});

test('an edit that cannot be applied says why and holds the others back', () => {
  const edits = new PendingLimits();
  edits.list('account', row('order-types'), ['FOO']);
  edits.hear([effect('order-types', { new: 'FOO', trouble: 'FOO is not understood.' })]);
  expect([edits.invalid('account', 'order-types'), edits.hasInvalid]).toEqual(['FOO is not understood.', true]);
});

test('typing the value in force again is no change', () => {
  const edits = new PendingLimits();
  edits.type('account', row('order-qty'), '100');
  edits.type('account', row('order-qty'), '500.0');
  edits.list('account', row('order-types'), ['MKT', 'lmt']);
  expect(edits.all).toEqual([]);
});

test('what is no number is invalid and never pending', () => {
  const edits = new PendingLimits();
  edits.type('account', row('order-qty'), '100');
  edits.type('account', row('order-qty'), '-5');
  expect(edits.all).toEqual([]);
  expect(edits.invalid('account', 'order-qty')).toBe('Enter a number of 0 or more.');
  expect(edits.hasInvalid).toBe(true);
});

test('edits of several scopes wait side by side and go together', () => {
  const edits = new PendingLimits();
  edits.type('account', row('order-qty'), '100');
  edits.type('bot:vol-nvda', row('order-qty'), '50');
  expect(edits.edits).toEqual([
    { scope: 'account', limit: 'order-qty', value: { to: 'set', value: '100' } },
    { scope: 'bot:vol-nvda', limit: 'order-qty', value: { to: 'set', value: '50' } },
  ]);
  edits.discard('account', 'order-qty');
  expect(edits.all.map((p) => p.scope)).toEqual(['bot:vol-nvda']);
});

test('a proposed old value waits like any other edit', () => {
  const edits = new PendingLimits();
  edits.propose([{ effect: effect('order-value', { old: '10000', new: '12000', is_tighter: false }), value: { to: 'set', value: '12000' } }]);
  expect(edits.looser.map((p) => [p.scope, p.id, p.from, p.to])).toEqual([['account', 'order-value', '10\u202f000', '12\u202f000']]);
});

test('an empty list is no list', () => {
  const edits = new PendingLimits();
  edits.list('account', row('restricted-symbols'), []);
  expect(edits.all.map((p) => p.to)).toEqual(['off']);
  expect(namesOf(' spy, AAPL,SPY,')).toEqual(['AAPL', 'SPY']);
});

test('discarding forgets every edit', () => {
  const edits = new PendingLimits();
  edits.type('account', row('order-qty'), '100');
  edits.discard();
  expect(edits.all).toEqual([]);
});
