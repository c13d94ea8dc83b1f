import { expect, test } from 'vitest';

import { Refusal, type Backend, type OnboardingProgress, type Request } from '../ipc';
import { MockBackend } from '../ipc/mock/backend';
import { FirstRun } from './firstrun.svelte';
import { lines, Safety } from './limits.svelte';

function kept(isFirst = true, fails = false): { backend: Backend; saved: OnboardingProgress[]; asked: Request[] } {
  const sample = new MockBackend({ play: 'day', mode: 'sim', isRunning: false, isFirst });
  const saved: OnboardingProgress[] = [];
  const asked: Request[] = [];
  const ask: Backend['ask'] = async (request) => {
    asked.push(request);
    if (request.do === 'set-onboarding') {
      if (fails) throw new Refusal({ code: 'read-only', kind: 'broken', what: 'Not kept.', why: 'A test.', next: 'Nothing.' });
      saved.push(request.progress);
    }
    return sample.ask(request);
  };
  return { backend: { isSample: true, columns: async () => new ArrayBuffer(0), ask, subscribe: (update) => sample.subscribe(update) }, saved, asked };
}

async function begun(isFirst = true, fails = false): Promise<{ run: FirstRun; saved: OnboardingProgress[]; backend: Backend }> {
  const { backend, saved } = kept(isFirst, fails);
  const run = new FirstRun(backend);
  await run.load();
  return { run, saved, backend };
}

test.each([[true, true], [false, false]])('it opens by itself on a fresh data directory only: fresh %j', async (isFirst, isOpen) => {
  expect((await begun(isFirst)).run.isOpen).toBe(isOpen);
});

test('each step is kept, and another window goes on there', async () => {
  const { run, saved, backend } = await begun();
  await run.next();
  await run.choose('paper');
  await run.next();
  expect(saved.at(-1)).toMatchObject({ state: 'open', step: 'gateway', place: 'paper' });
  const again = new FirstRun(backend);
  await again.load();
  expect([again.isOpen, again.words.step, again.lookOf('trade'), again.lookOf('login')]).toEqual([true, 'gateway', 'done', 'ahead']);
});

test('the simulator needs no login, forwards and backwards', async () => {
  const { run } = await begun();
  await run.next();
  await run.choose('simulator');
  await run.next();
  await run.next();
  expect([run.words.step, run.lookOf('login')]).toEqual(['limits', 'skipped']);
  await run.back();
  expect(run.words.step).toBe('gateway');
});

test('what was put off does not open by itself, and goes on where it was', async () => {
  const { run, backend } = await begun();
  await run.next();
  await run.later();
  const again = new FirstRun(backend);
  await again.load();
  expect([again.isOpen, again.words.step]).toEqual([false, 'trade']);
  await again.open(false);
  expect([again.isOpen, again.words.step]).toEqual([true, 'trade']);
  await again.open(true);
  expect(again.words.step).toBe('welcome');
});

test('a ledger that cannot be written stops nobody', async () => {
  const { run } = await begun(true, true);
  await run.next();
  expect([run.words.step, run.failure?.why]).toEqual(['trade', 'A test.']);
});

test('the checklist is shown after the end, until it is put away', async () => {
  const { run } = await begun();
  expect(run.hasChecklist).toBe(false);
  await run.finish();
  expect([run.isOpen, run.hasChecklist, run.checklistBot]).toEqual([false, true, null]);
  await run.follow('my-bot');
  await run.putChecklistAway();
  expect(run.hasChecklist).toBe(false);
  await run.follow('my-bot');
  expect([run.hasChecklist, run.checklistBot]).toEqual([true, 'my-bot']);
});

test('what is left is told in minutes, and a step that is not needed takes none', async () => {
  const { run } = await begun();
  expect(run.minutesLeft).toBe(8);
  await run.choose('simulator');
  expect(run.minutesLeft).toBe(6);
});

test('a profile is told in the money of this account', async () => {
  const { backend } = kept();
  const safety = new Safety(backend);
  await safety.load();
  const told = lines(safety.profiles, safety.limits, '104218.46');
  const share = told.find((line) => line.limit === 'position-share');
  expect(share?.values['careful']).toEqual({ value: '10', unit: '% of account', money: 'about 10\u202f422' });
  expect(share?.values['standard']).toEqual({ value: '20', unit: '% of account', money: 'about 20\u202f844' });
  expect(lines(safety.profiles, safety.limits, null).every((line) => Object.values(line.values).every((one) => one.money === null))).toBe(true);
});

test('only another profile is applied', async () => {
  const { backend, asked } = kept();
  const safety = new Safety(backend);
  await safety.load();
  expect(await safety.apply()).toBe(true);
  expect(asked.some((request) => request.do === 'set-profile')).toBe(false);
  safety.chosen = 'standard';
  expect(await safety.apply()).toBe(true);
  expect(asked.find((request) => request.do === 'set-profile')).toMatchObject({ scope: 'account', profile: 'standard' });
});
