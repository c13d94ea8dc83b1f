import { expect, test, vi } from 'vitest';

import { paced } from './paced';

test('a hundred frames are written twice: the first at once, the last a moment later', () => {
  vi.useFakeTimers();
  const written: number[] = [];
  const write = paced((value: number) => written.push(value), 200);
  for (let frame = 1; frame <= 100; frame++) write(frame);
  expect(written).toEqual([1]);
  vi.advanceTimersByTime(200);
  expect(written).toEqual([1, 100]);
  vi.advanceTimersByTime(1000);
  write(101);
  expect(written).toEqual([1, 100, 101]);
  vi.useRealTimers();
});
