import { expect, test } from 'vitest';

import { Refusal, type Backend, type BotView, type Reply, type Request } from '../ipc';
import { entries, row } from '../ipc/mock/entries';
import { MockBackend } from '../ipc/mock/backend';
import { bots } from '../ipc/mock/world';
import { choices, firstSteps, NewBot } from './addbot.svelte';

function watched(fails?: Request['do']): { backend: Backend; asked: Request[] } {
  const sample = new MockBackend({ play: 'day', mode: 'paper', isRunning: false });
  const asked: Request[] = [];
  const ask = async (request: Request): Promise<Reply> => {
    asked.push(request);
    if (request.do === fails) throw new Refusal({ code: 'not-built', kind: 'broken', what: 'No.', why: 'A test.', next: 'Nothing.' });
    return sample.ask(request);
  };
  return { backend: { isSample: true, columns: async () => new ArrayBuffer(0), ask, subscribe: (update) => sample.subscribe(update) }, asked };
}
async function added(profile: string | null, fails?: Request['do']): Promise<{ made: NewBot; asked: Request[] }> {
  const { backend, asked } = watched(fails);
  const made = new NewBot(backend);
  await made.readProfiles();
  made.name = 'my-bot';
  if (profile !== null) made.profile = profile;
  await made.add();
  return { made, asked };
}

test('the profile in force is chosen and changes nothing', async () => {
  const { made, asked } = await added(null);
  expect(made.profile).toBe('careful');
  expect([made.added, made.failure]).toEqual(['my-bot', null]);
  expect(asked.some((request) => request.do === 'apply-limits')).toBe(false);
});

test('another profile sets its differences on the new bot alone', async () => {
  const { made, asked } = await added('standard');
  const applied = asked.find((request) => request.do === 'apply-limits');
  expect(applied?.do === 'apply-limits' && applied.edits.every((edit) => edit.scope === 'bot:my-bot')).toBe(true);
  expect(made.nWaiting).toBeGreaterThan(0);
});

test('without profiles the bot is added with the account’s limits', async () => {
  const { made } = await added(null, 'profiles');
  expect([made.choices.length, made.added]).toEqual([0, 'my-bot']);
});

test('a bot that was added stays added when its limits could not be set', async () => {
  const { made } = await added('standard', 'apply-limits');
  expect([made.added, made.failure?.code]).toEqual(['my-bot', 'not-built']);
});

test.each([['My Bot', '', ''], ['bot', '80', ''], ['bot', '70000', ''], ['bot', '', '0'], ['', '', '']])('the name %j, port %j, client id %j cannot be added', (name, port, clientId) => {
  const made = new NewBot(watched().backend);
  [made.name, made.port, made.clientId] = [name, port, clientId];
  expect(made.isReady).toBe(false);
});

test('a profile is told in the amounts that it means for this account', async () => {
  const { backend } = watched();
  const [profiles, limits] = [await backend.ask({ do: 'profiles' }), await backend.ask({ do: 'limits', scope: 'account' })];
  if (profiles.reply !== 'profiles' || limits.reply !== 'limits') throw new Error('no profiles');
  const told = choices(profiles.profiles, limits.rows).map(({ profile, values }) => [profile.name, values[0]?.title, values[0]?.value, values[0]?.unit]);
  expect(told.slice(0, 2)).toEqual([['careful', 'Value per order', '10000', 'USD'], ['standard', 'Value per order', '25000', 'USD']]);
});

test('the first steps are done when the ledger says so', () => {
  const bot = { ...bots()[0], name: 'new', is_connected: false, seen_ms_ago: null } as BotView;
  const done = (of: BotView, ledger = entries()): string[] => firstSteps(of, ledger, []).filter((step) => step.isDone).map((step) => step.id);
  expect(done(bot)).toEqual([]);
  expect(done({ ...bot, name: 'momentum-spy', is_connected: true })).toEqual(['connect', 'refusal']);
  const released = row({ seq: 9, actor: 'you', kind: 'kill-released', title: '', subject: 'account', summary: '' }, '2026-11-18T19:00:00.000Z');
  expect(done(bot, [released])).toEqual(['kill']);
});
