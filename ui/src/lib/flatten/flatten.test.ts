import { expect, test } from 'vitest';

import { Refusal, type Backend, type Failure, type Reply, type Request } from '../ipc';
import { MockBackend } from '../ipc/mock/backend';
import { Flatten } from './flatten.svelte';

function watched(fails?: Partial<Record<Request['do'], string>>): { backend: Backend; asked: Request[] } {
  const sample = new MockBackend({ play: 'day', mode: 'paper', isRunning: false });
  const asked: Request[] = [];
  const failure = (code: string): Failure => ({ code, kind: 'refused', what: 'Nothing was closed.', why: 'A test.', next: 'Nothing.' });
  const ask = async (request: Request): Promise<Reply> => {
    asked.push(request);
    const code = fails?.[request.do];
    if (code !== undefined) throw new Refusal(failure(code));
    return sample.ask(request);
  };
  return { backend: { isSample: true, columns: async () => new ArrayBuffer(0), ask, subscribe: (update) => sample.subscribe(update) }, asked };
}

test('reading closes nothing; acting repeats the token of what was shown', async () => {
  const { backend, asked } = watched();
  const flatten = new Flatten(backend, 'symbol:SPY');
  await flatten.read();
  expect(flatten.review?.rows.map((row) => [row.symbol, row.side, row.quantity])).toEqual([['SPY', 'SELL', '10']]);
  expect(asked).toHaveLength(1);
  await flatten.act();
  expect(asked[1]).toEqual({ do: 'flatten', scope: 'symbol:SPY', token: flatten.review?.token });
  expect(flatten.phase).toBe('done');
});

test('two quick presses act once', async () => {
  const { backend, asked } = watched();
  const flatten = new Flatten(backend, 'account');
  await flatten.read();
  await Promise.all([flatten.act(), flatten.act()]);
  expect(asked.filter((request) => request.do === 'flatten')).toHaveLength(1);
});

test('a no outside the page keeps the review', async () => {
  const { backend } = watched({ flatten: 'declined' });
  const flatten = new Flatten(backend, 'account');
  await flatten.read();
  await flatten.act();
  expect([flatten.phase, flatten.failure?.code]).toEqual(['review', 'declined']);
});

test('positions that changed are reviewed again before anything is sent', async () => {
  const { backend, asked } = watched({ flatten: 'review-again' });
  const flatten = new Flatten(backend, 'account');
  await flatten.read();
  await flatten.act();
  expect(asked.map((request) => request.do)).toEqual(['flatten-review', 'flatten', 'flatten-review']);
  expect([flatten.phase, flatten.failure?.code]).toEqual(['review', 'review-again']);
});

test('what cannot be read is a failure with its next step', async () => {
  const { backend } = watched({ 'flatten-review': 'not-ready' });
  const flatten = new Flatten(backend, 'account');
  await flatten.read();
  expect([flatten.phase, flatten.failure?.next]).toEqual(['failed', 'Nothing.']);
  await flatten.act();
  expect(flatten.phase).toBe('failed');
});
