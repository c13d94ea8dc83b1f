import { render, screen } from '@testing-library/svelte';
import { expect, test } from 'vitest';

import type { EntryRow } from '../ipc';
import { decision } from '../ipc/mock/entries';
import DecisionCard from './DecisionCard.svelte';

function card(isPinned: boolean, change: Partial<NonNullable<EntryRow['decision']>> = {}): string[] {
  const ask = { bot: 'momentum-spy', id: 1190, side: 'BUY' as const, quantity: '15', symbol: 'SPY', terms: 'LMT 663.84, DAY' };
  const entry: EntryRow = {
    seq: 7, time: '2026-01-05T14:42:06.318Z', market_time: null, actor: 'momentum-spy', kind: 'judged', kind_title: 'Verdict', subject: 'SPY',
    outcome: 'allowed', summary: 'BUY 15 SPY', code: null, code_title: null, hash: '00', fill: null, check_us: 380, decision: { ...decision('allowed', ask, []), ...change },
  };
  render(DecisionCard, { entry, isPinned, onaudit: () => undefined, onlimit: () => undefined });
  return [...screen.getByTestId('decision-card').querySelectorAll('dl > *')].map((cell) => cell.textContent);
}

test('under the pointer the card shows what explains most, with its age', () => {
  const cells = card(false);
  expect(cells.slice(0, 6)).toEqual(['Held', '14 shares', 'Working buys', '6 shares', 'Price used', '663.84 ask, 0.2 s old']);
  expect(cells).not.toContain('Account value');
});

test('pinned, the card shows everything that was looked at, and what was not known', () => {
  const cells = card(true);
  const value = (name: string): string | undefined => cells[cells.indexOf(name) + 1];
  expect(value('Account value')).toBe('104\u202f218.46 USD, 1 min 1 s old');
  expect(value("Account's day result")).toBe('not known');
  expect(value('Contract')).toBe('id 756733, tick 0.01');
});

test('a verdict of an earlier format shows no input', () => {
  expect(card(true, { inputs: [] })[0]).toBe('Rules');
});
