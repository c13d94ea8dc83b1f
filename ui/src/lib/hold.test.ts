import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { Hold, holding } from './hold.svelte';

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

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function button(onshort?: () => void): { node: HTMLButtonElement; acted: ReturnType<typeof vi.fn>; detach: () => void } {
  const { hold, acted } = held();
  const node = document.createElement('button');
  return { node, acted, detach: holding(hold, onshort)(node) };
}
const at = (node: HTMLElement, kind: string): boolean => node.dispatchEvent(new MouseEvent(kind, { button: 0 }));
const key = (node: HTMLElement, kind: string): boolean => node.dispatchEvent(new KeyboardEvent(kind, { key: 'Enter' }));

test.each(['pointerleave', 'blur', 'focus', 'lostpointercapture'])('a pointer hold outlives a %s: the page may move the button', (kind) => {
  const { node, acted } = button();
  at(node, 'pointerdown');
  vi.advanceTimersByTime(400);
  at(node, kind);
  vi.advanceTimersByTime(700);
  expect(acted).toHaveBeenCalledTimes(1);
});

test.each([['pointerdown', 'pointerup'], ['pointerdown', 'pointercancel'], ['keydown', 'keyup'], ['keydown', 'blur']])('%s then %s before the time does nothing', (down, up) => {
  const { node, acted } = button();
  (down === 'keydown' ? key : at)(node, down);
  vi.advanceTimersByTime(900);
  (up === 'keyup' ? key : at)(node, up);
  vi.advanceTimersByTime(5000);
  expect(acted).not.toHaveBeenCalled();
});

test('a button that is taken away while it is held does not act', () => {
  const { node, acted, detach } = button();
  at(node, 'pointerdown');
  vi.advanceTimersByTime(500);
  detach();
  vi.advanceTimersByTime(5000);
  expect(acted).not.toHaveBeenCalled();
});

test('a short press and the click of an aid are told, a broken hold is not', () => {
  const short = vi.fn();
  const { node, acted } = button(short);
  at(node, 'pointerdown');
  vi.advanceTimersByTime(100);
  at(node, 'pointerup');
  node.dispatchEvent(new MouseEvent('click', { detail: 1 }));
  expect(short).toHaveBeenCalledTimes(1);
  node.click();
  expect(short).toHaveBeenCalledTimes(2);
  at(node, 'pointerdown');
  vi.advanceTimersByTime(800);
  at(node, 'pointerup');
  expect(short).toHaveBeenCalledTimes(2);
  expect(acted).not.toHaveBeenCalled();
});
