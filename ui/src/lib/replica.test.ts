import { expect, test } from 'vitest';

import { Refusal, type Backend, type EntryRow, type Reply, type Request, type Update } from './ipc';
import { MockBackend } from './ipc/mock/backend';
import { entries } from './ipc/mock/entries';
import { gatewayView } from './ipc/mock/gateway';
import { status } from './ipc/mock/world';
import { Replica } from './replica.svelte';

const template = entries()[0] as EntryRow;
const entry = (seq: number): EntryRow => ({ ...template, seq });
const newest = (seq: number, n: number): EntryRow[] => Array.from({ length: n }, (_, i) => entry(seq - i));

/** Answers snapshots at the numbers given, one after the other, when told to. */
class Ledger implements Backend {
  readonly isSample = true;
  columns = async (): Promise<ArrayBuffer> => new ArrayBuffer(0);
  asked: Request[] = [];
  tell: (update: Update) => void = () => undefined;
  beforeAnswer: () => void = () => undefined;

  constructor(private readonly seqs: number[]) {}

  async ask(request: Request): Promise<Reply> {
    this.asked.push(request);
    const seq = this.seqs.shift();
    if (seq === undefined) throw new Refusal({ code: 'x', kind: 'broken', what: 'Gone.', why: 'It is gone.', next: 'Wait.' });
    this.beforeAnswer();
    return { reply: 'snapshot', seq, status: status('paper'), entries: newest(seq, 3) };
  }

  async subscribe(onUpdate: (update: Update) => void): Promise<() => void> {
    this.tell = onUpdate;
    return () => undefined;
  }
}

const settle = async (): Promise<void> => {
  for (let i = 0; i < 8; i++) await Promise.resolve();
};
const seqs = (replica: Replica): number[] => replica.entries.map((e) => e.seq);

test('entries that follow the snapshot are put in front, newest first', async () => {
  const ledger = new Ledger([10]);
  const replica = new Replica(ledger, () => 0);
  await replica.start();
  ledger.tell({ update: 'entries', value: [entry(11), entry(12)] });
  expect(seqs(replica)).toEqual([12, 11, 10, 9, 8]);
  expect(ledger.asked).toHaveLength(1);
});

test('a gap asks for a new snapshot', async () => {
  const ledger = new Ledger([10, 15]);
  const replica = new Replica(ledger, () => 0);
  await replica.start();
  ledger.tell({ update: 'entries', value: [entry(13)] });
  await settle();
  expect(ledger.asked).toHaveLength(2);
  expect(seqs(replica)).toEqual([15, 14, 13]);
});

test('a gap inside one update asks for a new snapshot too', async () => {
  const ledger = new Ledger([10, 13]);
  const replica = new Replica(ledger, () => 0);
  await replica.start();
  ledger.tell({ update: 'entries', value: [entry(11), entry(13)] });
  await settle();
  expect(replica.seq).toBe(13);
});

test('what arrives while the snapshot is read is not lost and not doubled', async () => {
  const ledger = new Ledger([10]);
  ledger.beforeAnswer = () => ledger.tell({ update: 'entries', value: [entry(10), entry(11)] });
  const replica = new Replica(ledger, () => 0);
  await replica.start();
  expect(seqs(replica)).toEqual([11, 10, 9, 8]);
});

test('a snapshot that cannot be had is a failure with a next step', async () => {
  const replica = new Replica(new Ledger([]), () => 0);
  await replica.start();
  expect(replica.failure?.next).toBe('Wait.');
  expect(replica.status).toBeNull();
});

test('the age of a status starts when it is heard', async () => {
  let now = 100;
  const ledger = new Ledger([10]);
  const replica = new Replica(ledger, () => now);
  await replica.start();
  now = 900;
  ledger.tell({ update: 'status', value: status('paper') });
  expect(replica.heardAt).toBe(900);
});

test('a refusal written by Gatehouse reaches the replica', async () => {
  const backend = new MockBackend({ play: 'day', mode: 'paper', isRunning: false });
  const replica = new Replica(backend, () => 0);
  await replica.start();
  const before = replica.refused.length;
  backend.refuse();
  expect(replica.refused).toHaveLength(before + 1);
  expect(replica.refused[0]?.decision?.findings[0]?.rule).toBe('GH-03');
});

test('without a snapshot nothing is shown, though updates arrive', async () => {
  const ledger = new Ledger([]);
  const replica = new Replica(ledger, () => 0);
  await replica.start();
  ledger.tell({ update: 'status', value: status('paper') });
  ledger.tell({ update: 'entries', value: [entry(1)] });
  expect(replica.status).toBeNull();
  expect(replica.entries).toEqual([]);
});

test('what a newer Gatehouse says beyond this window is ignored, and the Gateway is kept', async () => {
  const ledger = new Ledger([10]);
  const replica = new Replica(ledger, () => 0);
  await replica.start();
  ledger.tell({ update: 'something-new', value: [] } as unknown as Update);
  const view = gatewayView('second-factor');
  ledger.tell({ update: 'gateway', value: view });
  await settle();
  expect([replica.seq, replica.failure, ledger.asked.length]).toEqual([10, null, 1]);
  expect(replica.gateway).toStrictEqual(view);
});
