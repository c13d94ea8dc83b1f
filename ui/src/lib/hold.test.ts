import { expect, test, vi } from 'vitest';

import { Hold } from './hold.svelte';

function held(): { hold: Hold; acted: ReturnType<typeof vi.fn> } {
  const acted = vi.fn();
  return { hold: new Hold(1000, acted), acted };
}

test('held for its whole time it acts once', () => {
  const { hold, acted } = held();
  hold.press(0);
  for (const now of [400, 1000, 1200, 5000]) hold.tick(now);
  expect(acted).toHaveBeenCalledTimes(1);
});

test('let go early nothing happens and the fill goes back', () => {
  const { hold, acted } = held();
  hold.press(0);
  hold.tick(999);
  expect(hold.progress).toBeCloseTo(0.999);
  hold.release();
  hold.tick(2000);
  expect(acted).not.toHaveBeenCalled();
  expect(hold.progress).toBe(0);
});

test('two short presses do not add up', () => {
  const { hold, acted } = held();
  hold.press(0);
  hold.tick(700);
  hold.release();
  hold.press(800);
  hold.tick(1500);
  expect(acted).not.toHaveBeenCalled();
});

test('a repeated key is not a new beginning', () => {
  const { hold, acted } = held();
  hold.press(0);
  hold.press(900);
  hold.tick(1000);
  expect(acted).toHaveBeenCalledTimes(1);
});

test('after it acted it can be held again', () => {
  const { hold, acted } = held();
  hold.press(0);
  hold.tick(1000);
  expect(hold.progress).toBe(0);
  hold.press(5000);
  hold.tick(6000);
  expect(acted).toHaveBeenCalledTimes(2);
});
