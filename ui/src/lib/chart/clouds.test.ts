import { expect, test } from 'vitest';

import { stretches } from './clouds';

const at = (x: number, one: number, other: number): { x: number; one: number; other: number } => ({ x, one, other });

test('lines that cross are filled in two colours, and meet at one point', () => {
  // Pixels count from the top: what is less is above.
  expect(stretches([at(0, 10, 30), at(10, 10, 20), at(20, 20, 10)])).toEqual([
    { isUp: true, slices: [at(0, 10, 30), at(10, 10, 20), at(15, 15, 15)] },
    { isUp: false, slices: [at(15, 15, 15), at(20, 20, 10)] },
  ]);
});

test('nothing is filled where a line has no value', () => {
  expect(stretches([at(0, Number.NaN, 1), at(1, 5, 9), at(2, Number.NaN, 9), at(3, 9, 5), at(4, 9, 4)])).toEqual([
    { isUp: true, slices: [at(1, 5, 9)] },
    { isUp: false, slices: [at(3, 9, 5), at(4, 9, 4)] },
  ]);
});

test('lines that touch and part again are no crossing', () => {
  expect(stretches([at(0, 10, 30), at(10, 20, 20), at(20, 10, 30)]).map(({ isUp }) => isUp)).toEqual([true]);
});
