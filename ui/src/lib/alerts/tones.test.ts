import { expect, test, vi } from 'vitest';

import { ofWindow, Tones } from './tones';

/** An audio context of which the test hears when tones begin and end. */
function heard(state: AudioContextState): { context: AudioContext; tones: [number, number][]; resume: ReturnType<typeof vi.fn> } {
  const tones: [number, number][] = [];
  const gain = { setValueAtTime: vi.fn(), linearRampToValueAtTime: vi.fn() };
  const node = { connect: (to: unknown) => to };
  const resume = vi.fn(async () => undefined);
  const context = {
    state, currentTime: 10, destination: {}, resume,
    createGain: () => ({ ...node, gain }),
    createOscillator: () => {
      const at: [number, number] = [0, 0];
      tones.push(at);
      return { ...node, frequency: { value: 0 }, start: (begin: number) => (at[0] = begin), stop: (end: number) => (at[1] = end) };
    },
  };
  return { context: context as unknown as AudioContext, tones, resume };
}

test('two short tones follow each other', () => {
  const { context, tones } = heard('running');
  new Tones(() => context).play();
  expect(tones).toHaveLength(2);
  const [[first, end], [second, last]] = tones as [[number, number], [number, number]];
  expect(first).toBe(10);
  expect(second).toBeGreaterThan(end);
  expect(last - first).toBeLessThan(0.5);
});

test('one context is made, and woken when a person touches the window', () => {
  const { context, resume } = heard('suspended');
  const make = vi.fn(() => context);
  const tones = new Tones(make);
  tones.unlock();
  tones.play();
  expect(make).toHaveBeenCalledTimes(1);
  expect(resume).toHaveBeenCalled();
});

test('a web view without sound stays silent', () => {
  expect(ofWindow()).toBeNull();
  expect(() => new Tones().play()).not.toThrow();
});
