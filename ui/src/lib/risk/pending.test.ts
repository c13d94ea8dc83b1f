import { expect, test } from 'vitest';

import type { LimitRow } from '../ipc';
import { MockLimits } from '../ipc/mock/limits';
import { compare, isTighter, PendingLimits } from './pending.svelte';

const rows = new MockLimits().rows('account', 0);
const row = (id: string): LimitRow => rows.find((r) => r.id === id) as LimitRow;

function pending(): PendingLimits {
  const made = new PendingLimits();
  made.see(rows);
  return made;
}

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
])('%s to %s is tighter: %s', (id, value, wanted) => {
  expect(isTighter(row(id), { to: 'set', value })).toBe(wanted);
});

test('off and back to inherited are listed as looser', () => {
  expect(isTighter(row('order-qty'), { to: 'off' })).toBe(false);
  expect(isTighter(row('order-qty'), { to: 'inherit' })).toBe(false);
});

test('tighter and looser edits are listed apart', () => {
  const edits = pending();
  edits.type(row('order-qty'), '100');
  edits.type(row('order-value'), '12 000');
  expect(edits.tighter.map((p) => `${p.from} ${p.to}`)).toEqual(['500 100']);
  expect(edits.looser.map((p) => p.to)).toEqual(['12\u202f000']);
});

test('typing the value in force again is no change', () => {
  const edits = pending();
  edits.type(row('order-qty'), '100');
  edits.type(row('order-qty'), '500.0');
  expect(edits.all).toEqual([]);
});

test('what is no number is invalid and never pending', () => {
  const edits = pending();
  edits.type(row('order-qty'), '100');
  edits.type(row('order-qty'), '-5');
  expect(edits.all).toEqual([]);
  expect(edits.invalid(row('order-qty'))).toBe('Enter a number of 0 or more.');
  expect(edits.hasInvalid).toBe(true);
});

test('discarding forgets every edit', () => {
  const edits = pending();
  edits.type(row('order-qty'), '100');
  edits.discard();
  expect(edits.all).toEqual([]);
});
