import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { Backend, Reply, Request } from '../../ipc';
import { Watching } from './watching';

let asked: string[][];
let answer: () => Promise<Reply>;
const backend: Backend = {
  isSample: true,
  ask: (request: Request) => {
    if (request.do === 'watch') asked.push(request.symbols);
    return answer();
  },
  columns: () => Promise.reject(new Error('not asked for')),
  subscribe: () => Promise.resolve(() => undefined),
};
const passed = async (): Promise<void> => void (await vi.advanceTimersByTimeAsync(0));

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  answer = () => Promise.resolve({ reply: 'quotes', quotes: [] });
});
afterEach(() => void vi.useRealTimers());

test('a symbol without a quote is told once, however often the screen is drawn', async () => {
  const watching = new Watching(backend, () => watching.show(['FOOO', 'SPY']));
  for (let i = 0; i < 50; i++) {
    watching.show(['FOOO', 'SPY', 'FOOO']);
    await passed();
  }
  expect(asked).toEqual([['FOOO', 'SPY']]);
});

test('another list is told', async () => {
  const watching = new Watching(backend, () => undefined);
  watching.show(['SPY']);
  watching.show(['SPY', 'QQQ']);
  await passed();
  expect(asked).toEqual([['SPY'], ['SPY', 'QQQ']]);
});

test('what failed is told again after a pause, and not after the screen went', async () => {
  answer = () => Promise.reject(new Error('gone'));
  const watching = new Watching(backend, () => undefined);
  watching.show(['SPY']);
  await vi.advanceTimersByTimeAsync(4900);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(5200);
  expect(asked).toHaveLength(3);
  watching.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(3);
});
