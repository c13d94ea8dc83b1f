import { expect, test } from 'vitest';

import { step, TableView, visible, type Column } from './rows.svelte';

interface Row {
  name: string;
  qty: number | null;
}

const COLUMNS: Column<Row>[] = [
  { id: 'name', title: 'Name', sortBy: (row) => row.name },
  { id: 'qty', title: 'Quantity', isNumber: true, sortBy: (row) => row.qty },
  { id: 'note', title: 'Note', isExtra: true },
];
const ROWS: Row[] = [{ name: 'b', qty: 10 }, { name: 'a', qty: null }, { name: 'c', qty: 9 }];

function memory(): Pick<Storage, 'getItem' | 'setItem'> {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

test('only the rows in the window are drawn', () => {
  expect(visible(28_000, 560, 28, 100_000)).toEqual({ from: 992, to: 1028 });
  expect(visible(0, 560, 28, 3)).toEqual({ from: 0, to: 3 });
  expect(visible(90_000, 560, 28, 10)).toEqual({ from: 10, to: 10 });
});

test('a head sorts rising, falling, and not at all', () => {
  const view = new TableView(COLUMNS);
  const names = (): string => view.sorted(ROWS).map((row) => row.name).join('');
  const seen = [names()];
  for (let i = 0; i < 3; i++) {
    view.sort('name');
    seen.push(names());
  }
  expect(seen).toEqual(['bac', 'abc', 'cba', 'bac']);
});

test('numbers are sorted as numbers, and what is absent comes last', () => {
  const view = new TableView(COLUMNS);
  view.sort('qty');
  expect(view.sorted(ROWS).map((row) => row.qty)).toEqual([9, 10, null]);
  expect([view.ariaSort('qty'), view.ariaSort('name')]).toEqual(['ascending', 'none']);
});

test('a column that was chosen is remembered, and the last one stays', () => {
  const store = memory();
  const view = new TableView(COLUMNS, 'orders', store);
  const shown = (): string[] => new TableView(COLUMNS, 'orders', store).shown.map((column) => column.id);
  expect(shown()).toEqual(['name', 'qty']);
  view.toggleColumn('note');
  view.toggleColumn('name');
  expect(shown()).toEqual(['qty', 'note']);
  view.toggleColumn('note');
  view.toggleColumn('qty');
  expect(shown()).toEqual(['qty']);
});

test.each([['ArrowDown', 4, 5], ['ArrowUp', 0, 0], ['PageDown', 95, 99], ['Home', 50, 0], ['End', 0, 99], ['x', 3, null]] as const)('%s from row %i leads to %s', (key, at, to) => {
  expect(step(key, at, 100)).toBe(to);
});
